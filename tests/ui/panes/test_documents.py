"""The documents in a real browser: found, chosen, opened, removed, added."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import HOSTILE_NAME, ask, drawer
from playwright.sync_api import Page, expect

from istok.ui.desk import Desk
from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN, Texts

LANGUAGES = pytest.mark.parametrize(("locale", "texts"), [("ru-RU", RUSSIAN), ("en-US", ENGLISH)])
TASHKENT = "Форуме регионов Беларуси и Узбекистана"
DROP = """(target, files) => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([text], name));
    const at = document.querySelector(target);
    for (const type of ["dragover", "drop"]) {
        at.dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
    }
}"""


@pytest.fixture
def documents(visit: Callable[..., Page], desk: Desk) -> Callable[..., Page]:
    """A tab with the drawer of the documents open; what a test adds is removed after it by the test itself."""

    def documents(locale: str = "ru-RU", texts: Texts = RUSSIAN, **options: object) -> Page:
        page = visit(locale, **options)
        drawer(page, texts.documents.tab(desk.index.counts()[0]))
        expect(page.locator("#documents li").first).to_be_visible()
        return page

    return documents


def upload(page: Page, *files: Path, button: str = "files") -> None:
    """Choose files by the button, as a person does."""
    with page.expect_file_chooser() as chooser:
        page.locator(f'#uploads button[name="{button}"]').click()
    chooser.value.set_files(files)


def row(page: Page, words: str):
    return page.locator("#documents li", has_text=words)


def told(page: Page, name: str):
    """The line of an upload."""
    return page.locator("#uploads .rows li", has_text=name)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@LANGUAGES
def test_each_document_says_what_it_is_the_newest_first(documents: Callable[..., Page], locale: str, texts: Texts):
    page = documents(locale, texts)
    first = page.locator("#documents li").first
    expect(first).to_contain_text("На ульяновских предприятиях")
    expect(first).to_contain_text("26 ноября 2025 г." if texts is RUSSIAN else "November 26, 2025")
    expect(first).to_contain_text(texts.documents.passages(3))
    expect(first).to_contain_text("002_c1c8781a4c865100.txt")
    expect(page.locator("#documents [role=status]")).to_have_text(texts.documents.searched(6, 6))


def test_the_list_is_filtered_as_one_types_sorted_by_choice_and_what_is_found_can_be_searched_alone(
    documents: Callable[..., Page],
):
    page = documents()
    page.locator("#documents [name=wanted]").press_sequentially("ноября 2025")
    expect(page.locator("#documents li")).to_have_count(2)
    page.locator("#documents [name=wanted]").fill("кракозябра")
    expect(page.locator("#documents .hint")).to_have_text(RUSSIAN.documents.nothing)
    page.locator("#documents [name=wanted]").fill("")
    expect(page.locator("#documents li")).to_have_count(6)
    expect(row(page, "onerror=window.hacked=10")).to_contain_text(HOSTILE_NAME)
    page.locator("#documents [name=order]").select_option("title")
    expect(page.locator("#documents li").nth(1)).to_contain_text("Головченко")
    expect(page.locator("#documents li").last).to_contain_text("«Российская газета»")
    page.locator("#documents [name=wanted]").fill("казахстан")
    page.get_by_role("button", name=RUSSIAN.documents.choose_found(2)).click()
    expect(page.locator("#documents [role=status]")).to_have_text(RUSSIAN.documents.searched(2, 6))


def test_what_is_looked_at_outlives_a_change_of_language(documents: Callable[..., Page]):
    page = documents()
    page.locator("#documents [name=wanted]").fill("ульяновских")
    expect(page.locator("#documents li")).to_have_count(1)
    drawer(page, RUSSIAN.settings.tab)
    page.locator("#language").get_by_text("English", exact=True).click()
    drawer(page, ENGLISH.documents.tab(6))
    expect(page.locator("#upload")).to_have_text(ENGLISH.documents.add_files)
    expect(page.locator("#documents li")).to_have_count(1)
    expect(page.locator("#documents [name=wanted]")).to_have_value("ульяновских")


@LANGUAGES
def test_an_answer_comes_from_the_chosen_documents_alone(documents: Callable[..., Page], locale: str, texts: Texts):
    page = documents(locale, texts)
    page.get_by_role("button", name=texts.documents.choose_none, exact=True).click()
    expect(page.locator("#documents .warning")).to_have_text(texts.documents.searched_none)
    expect(page.locator("#documents [name=inside]:checked")).to_have_count(0)
    expect(page.locator("#talk").get_by_text(texts.documents.searched_none)).to_be_visible()
    row(page, TASHKENT).get_by_role("checkbox").check()
    expect(page.locator("#documents [role=status]")).to_have_text(texts.documents.searched(1, 6))
    ask(page, "Что известно о Казахстане и премьер-министре?")
    expect(page.locator("#panel .sources .title").first).to_contain_text("Узбекистана")
    titles = page.locator("#panel .sources .title").all_text_contents()
    assert {TASHKENT in title for title in titles} == {True}
    page.get_by_role("button", name=texts.documents.choose_all, exact=True).click()
    expect(page.locator("#documents [name=inside]:checked")).to_have_count(6)
    expect(page.locator("#documents [role=status]")).to_have_text(texts.documents.searched(6, 6))


@LANGUAGES
def test_files_are_added_refused_ones_say_why_and_answers_come_from_them(
    documents: Callable[..., Page], desk: Desk, tmp_path: Path, locale: str, texts: Texts
):
    page = documents(locale, texts)
    own = texts.documents
    good = written(tmp_path, "Лесной отчёт.txt", "Отчёт лесничества\n\nВ 2023 году лесничество посадило 812 кедров.\n")
    hostile = written(tmp_path, "<img src=x onerror=window.hacked=20>.txt", "Квазилось бодался с дубом.\n")
    (tmp_path / "photo.xyz").write_bytes(b"\0\1\2")
    upload(page, good, hostile, tmp_path / "photo.xyz", written(tmp_path, "пусто.txt", " "))
    expect(told(page, good.name)).to_contain_text(own.outcomes["added"])
    expect(told(page, hostile.name)).to_contain_text(own.outcomes["added"])
    expect(told(page, "photo.xyz")).to_contain_text(own.refusals["type"])
    expect(told(page, "пусто.txt")).to_contain_text(own.refusals["empty"])
    expect(page.get_by_role("tab", name=own.tab(8))).to_be_visible()
    expect(row(page, "onerror=window.hacked=20")).to_have_count(1)
    assert page.locator("#documents img, #uploads img").count() == 0
    assert {path.name for path in desk.home.documents.iterdir()} == {good.name, hostile.name}
    ask(page, "Сколько кедров посадило лесничество?")
    expect(page.locator("#panel .sources .title").first).to_contain_text("лесничества")
    upload(page, good)
    expect(page.locator("#uploads .rows")).to_contain_text(own.outcomes["unchanged"])
    # Removing: asked for in place, and kept when one thinks better of it
    for name in (good.name, hostile.name):
        found = row(page, name)
        found.locator("[name=ask]").click()
        expect(found.locator(".sure")).to_contain_text(own.remove_upload)
        found.locator("[name=keep]").press("Escape")
        expect(found.locator(".sure")).to_be_hidden()
        found.locator("[name=ask]").click()
        found.locator("[name=remove]").click()
        expect(found).to_have_count(0)
    expect(page.get_by_role("tab", name=own.tab(6))).to_be_visible()
    assert list(desk.home.documents.iterdir()) == []
    # What was cited can still be read
    page.locator("#chat .answer a.cite, #chat .answer .cite").first.click()
    expect(page.locator("#panel")).to_contain_text("812 кедров")


def test_a_folder_is_added_with_its_paths_and_by_drop_too(documents: Callable[..., Page], desk: Desk, tmp_path: Path):
    page = documents()
    folder = tmp_path / "Архив"
    written(folder, "2023/сад.txt", "Сад заложили весной на трёх гектарах.\n")
    written(folder, "2024/сад.txt", "Сад вырос до пяти гектаров.\n")
    written(folder, "2024/обложка.jpg", "x")
    upload(page, folder, button="folder")
    expect(told(page, "Архив/2024/сад.txt")).to_contain_text(RUSSIAN.documents.outcomes["added"])
    expect(told(page, "Архив/2023/сад.txt")).to_contain_text(RUSSIAN.documents.outcomes["added"])
    expect(page.locator("#uploads .progress")).to_contain_text(RUSSIAN.documents.skipped.replace("{count}", "1"))
    expect(row(page, "Архив/2023/сад.txt")).to_have_count(1)
    page.evaluate(f"([target, files]) => ({DROP})(target, files)", ["#documents", [["пруд.txt", "Пруд вычистили."]]])
    expect(told(page, "пруд.txt")).to_contain_text(RUSSIAN.documents.outcomes["added"])
    page.evaluate(f"([target, files]) => ({DROP})(target, files)", ["#chat", [["чужой.txt", "Не сюда."]]])
    expect(page.locator("#uploads .rows li")).to_have_count(3)
    expect(page.locator("#documents li")).to_have_count(9)
    assert (desk.home.documents / "Архив" / "2024" / "сад.txt").exists()
    for id_ in ("Архив/2023/сад.txt", "Архив/2024/сад.txt", "пруд.txt"):
        row(page, id_).locator("[name=ask]").click()
        row(page, id_).locator("[name=remove]").click()
        expect(row(page, id_)).to_have_count(0)
    assert list(desk.home.documents.iterdir()) == []


def test_a_hostile_name_from_the_wire_stays_in_the_home(documents: Callable[..., Page], desk: Desk):
    page = documents()
    names = ["..\\..\\x.txt", "я" * 120 + ".txt", "\u202etxt.exe.txt", "a\nb.txt", "....txt"]
    files = [[name, f"Документ номер {number} о квазилосе."] for number, name in enumerate(names)]
    page.evaluate(f"([target, files]) => ({DROP})(target, files)", ["#documents", files])
    expect(page.locator("#uploads .rows li.done")).to_have_count(len(names))
    kept = list(desk.home.root.rglob("*.txt"))
    assert len(kept) == len(names)
    assert {path.parent for path in kept} == {desk.home.documents}
    for entry in desk.index.entries():
        if Path(entry.path) in kept:
            desk.index.remove(entry.id)
            Path(entry.path).unlink()


def test_answers_are_given_while_files_are_added_and_what_was_received_is_added_without_the_tab(
    documents: Callable[..., Page], desk: Desk, tmp_path: Path
):
    sentence = "Лесничество номер {0} посадило {1} кедров и {2} сосен у реки Тестовой. "
    files = [
        written(tmp_path, f"отчёт {number:02}.txt", "".join(sentence.format(number, i, i * 3) for i in range(120)))
        for number in range(12)
    ]
    page, other = documents(), documents()
    upload(page, *files)
    ask(page, EXAMPLES[0])
    ask(other, EXAMPLES[0])
    expect(told(page, "отчёт")).to_have_count(12)
    expect(page.locator("#uploads .rows li:is(.waiting, .reading, .stored, .done)")).to_have_count(12)
    page.close()
    drawer(other, RUSSIAN.conversations.tab)
    expect(other.get_by_role("tab", name=re.compile("Документы"))).to_be_visible()
    for _ in range(400):
        if desk.index.counts()[0] == 18:
            break
        other.wait_for_timeout(50)
    assert desk.index.counts()[0] == 18
