"""The list of documents: what is found in it, what is shown of it, and how one is removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from istok.index.errors import IndexStateError
from istok.index.home import Home
from istok.index.index import Index
from istok.index.types import Entry
from istok.ui.html.library import PAGE, View, found, library_html, remove
from istok.ui.texts import ENGLISH, RUSSIAN, Texts
from istok.ui.upload import add

HOSTILE = '"><img src=x onerror=alert(1)> ${1} \u202egpj.txt'
UPLOADS = Path("/home/documents")


def entry(id_: str, title: str = "", date: str | None = None, added: int = 0, waiting: int = 0) -> Entry:
    return Entry(id_, f"/articles/{id_}", title or id_, date, "ru", 3, waiting, added)


GARDEN = entry("сад.txt", "Весёлый сад", "2024-05-01", 1)
HARBOUR = entry("порт.txt", "Порт открыт", "2025", 2)
BRIDGE = entry("мост.txt", "Мост закрыт", None, 3)
ALL = [GARDEN, HARBOUR, BRIDGE]


def html(entries: list[Entry], view: View | None = None, scope: frozenset[str] | None = None, texts: Texts = RUSSIAN):
    return library_html(entries, view or View(), scope, UPLOADS, texts)


@pytest.fixture
def index(fresh_home: Home) -> Iterator[Index]:
    with Index.open(fresh_home) as index:
        yield index


def test_the_newest_come_first_and_the_undated_last():
    assert found(ALL, View(), RUSSIAN) == [HARBOUR, GARDEN, BRIDGE]


def test_the_order_can_be_by_title_or_by_when_they_were_added():
    assert found(ALL, View("title"), RUSSIAN) == [GARDEN, BRIDGE, HARBOUR]
    assert found(ALL, View("added"), RUSSIAN) == [BRIDGE, HARBOUR, GARDEN]


@pytest.mark.parametrize("wanted", ["ВЕСЕЛЫЙ", "сад весёлый", "2024-05", "1 мая 2024", "сад.txt"])
def test_a_document_is_found_by_title_date_or_file_name_with_words_in_any_order(wanted: str):
    assert found(ALL, View(wanted=wanted), RUSSIAN) == [GARDEN]


def test_dates_are_found_as_the_page_writes_them_in_either_language():
    assert found(ALL, View(wanted="May 1, 2024"), ENGLISH) == [GARDEN]


def test_a_row_says_title_date_language_passages_and_file_name():
    shown = html([GARDEN])
    for said in ("Весёлый сад", "1 мая 2024 г.", "русский", "3 фрагмента", "сад.txt"):
        assert said in shown
    assert "3 passages" in html([GARDEN], texts=ENGLISH)


def test_of_many_documents_one_page_is_shown_and_the_last_holds_the_rest():
    many = [entry(f"{number:04}.txt") for number in range(5_001)]
    assert html(many).count("<li ") == PAGE
    last = html(many, View(page=10**5))
    assert last.count("<li ") == 1
    assert RUSSIAN.documents.shown(5_001, 5_001, 5_001) in last


def test_a_filter_that_finds_nothing_says_so():
    assert RUSSIAN.documents.nothing in html(ALL, View(wanted="гавань"))


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH])
def test_an_empty_index_says_what_to_do(texts: Texts):
    assert texts.documents.empty in html([], texts=texts)
    assert "istok index" in texts.documents.empty


def test_the_scope_is_told_in_words():
    assert RUSSIAN.documents.searched(3, 3) in html(ALL)
    assert RUSSIAN.documents.searched(1, 3) in html(ALL, scope=frozenset({GARDEN.id, "удалён.txt"}))
    assert RUSSIAN.documents.searched_none in html(ALL, scope=frozenset())
    assert html(ALL, scope=frozenset({GARDEN.id})).count(" checked") == 1


def test_while_the_encoder_reads_it_is_said_that_words_find_already():
    assert RUSSIAN.documents.reading(7) in html([GARDEN, entry("новый.txt", waiting=7)])
    assert "осталось прочесть" not in html(ALL)


def test_nothing_of_a_document_becomes_markup():
    shown = html([entry(HOSTILE, HOSTILE, None)], View(wanted="onerror"))
    assert "<img" not in shown
    assert 'x onerror=alert(1)"' not in shown


def test_what_a_browser_says_of_its_view_is_checked():
    assert View.of("title", "сад", 2) == View("title", "сад", 2)
    assert View.of("id; DROP TABLE", {"a": 1}, -1) == View()
    assert View.of(None, "x" * 9_999, "7") == View(wanted="x" * 200)


def test_removing_an_upload_deletes_its_file_and_folder(index: Index, fresh_home: Home, tmp_path: Path):
    upload = tmp_path / "upload"
    upload.write_text("Сад заложат весной на площади три гектара.", "utf-8")
    add(index, fresh_home, upload, "планы/2024/сад.txt")
    remove(index, fresh_home, "планы/2024/сад.txt")
    assert index.entries() == []
    assert list(fresh_home.documents.iterdir()) == []


def test_removing_what_was_indexed_elsewhere_leaves_its_file(index: Index, fresh_home: Home, tmp_path: Path):
    original = tmp_path / "articles" / "сад.txt"
    original.parent.mkdir()
    original.write_text("Сад заложат весной на площади три гектара.", "utf-8")
    index.store([original])
    assert RUSSIAN.documents.remove_original in html(index.entries())
    remove(index, fresh_home, "сад.txt")
    assert index.entries() == []
    assert original.exists()


def test_an_unknown_document_is_not_removed(index: Index, fresh_home: Home):
    with pytest.raises(IndexStateError):
        remove(index, fresh_home, "../../etc/passwd")
