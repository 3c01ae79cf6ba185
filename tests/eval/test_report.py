import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from istok.eval.gates import check, load_gates
from istok.eval.metrics import Estimate
from istok.eval.questions import GoldItem
from istok.eval.report import SECTIONS, interval, lines, marked, render, value
from istok.eval.results import CALIBRATION, METRICS, Cost, ItemResult, Machine, Results, calibrate, summarise
from istok.eval.run import judge
from istok.rag.types import Claim

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Where everything must be tested (CI=true), a missing browser is a failure.
in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on the PATH: install one"),
]
FLAGS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update".split()

Make = Callable[..., Any]
HOSTILE = "</script><script>hacked=1</script><img src=x onerror=hacked=2>\"'&<b>"
UZBEKISTAN = "000_1bc56f7a989034cf.txt"
SEEN = Estimate(value=44.25, low=40.0, high=48.5, n=5)
UNSEEN = Estimate(value=None, low=None, high=None, n=0)


def run_of(items: Sequence[ItemResult], **changed: Any) -> Results:
    fields = {
        "version": "0.1.0",
        "encoder": "kind:name",
        "encoder_fingerprint": "abc123",
        "index_generation": 7,
        "reader": "quote",
        "gold": "mine.jsonl",
        "limit": None,
        "finished": "2026-01-02T03:04:05+00:00",
        "seconds": 61.5,
        "machine": Machine.here(),
        "cost": Cost(peak_memory=3 * 2**30, passages=SEEN, tokens=UNSEEN),
        "items": tuple(items),
        "summary": summarise(items),
        "calibration": calibrate(items),
    }
    return Results(**(fields | changed))


def page_of(results: Results) -> str:
    return render(results, check(load_gates(), results.summary))


@pytest.fixture(scope="module")
def results(gold: dict[str, GoldItem], answer: Make, cite: Make, perfect: Make, texts: dict[str, str]) -> Results:
    """One right, one with a wrong citation, one refused, one that should have been, one rightly silent, one in full."""
    right = cite(UZBEKISTAN, "экспорт возрос почти на 45%")
    wrong = cite(UZBEKISTAN, "Большой потенциал для дальнейшего развития", 2)
    unanswerable = [item for item in gold.values() if item.type == "unanswerable_near"]
    followup = next(item for item in gold.values() if item.type == "followup" and item.answers)
    said = f"{right.quote} [1]\n{wrong.quote} [2]"
    claims = (Claim(right.quote, (1,)), Claim(wrong.quote, (2,), "partial", ("name",)))
    judged = [
        judge(gold["ru-001"], perfect(gold["ru-001"]), texts, {}, (1, 4), direction="ru→ru"),
        judge(gold["en-001"], answer(gold["en-001"], said, right, wrong, claims=claims), texts, {}, direction="en→ru"),
        judge(gold["en-002"], answer(gold["en-002"], None), texts, {"recall@20": 0.0}, direction="en→ru"),
        judge(unanswerable[0], answer(unanswerable[0], "Да. [1]", right, confidence=0.9), texts, {}),
        judge(unanswerable[1], answer(unanswerable[1], None, seconds=0.3), texts, {}),
        judge(followup, answer(followup, None), texts, {}, direction="ru→ru", full=perfect(followup)),
    ]
    splits = ("test", "test", "test", "test", "dev", "dev")
    return run_of(
        [
            result.model_copy(update={"item": result.item.model_copy(update={"split": split})})
            for result, split in zip(judged, splits, strict=True)
        ]
    )


@pytest.fixture(scope="module")
def page(results: Results) -> str:
    return page_of(results)


@pytest.fixture(scope="module")
def hostile(gold: dict[str, GoldItem], answer: Make, cite: Make, texts: dict[str, str]) -> str:
    right = cite(UZBEKISTAN, "экспорт возрос почти на 45%")
    wrong = replace(right, number=2, title=HOSTILE, quote=HOSTILE + "!", document=HOSTILE, date=HOSTILE)
    changed = {"id": HOSTILE, "question": HOSTILE, "history": ((HOSTILE, HOSTILE),), "why": HOSTILE}
    item = gold["ru-001"].model_copy(update=changed | {"reference": HOSTILE, "answers": ((HOSTILE,),), "twin": HOSTILE})
    said = answer(item, f"{HOSTILE} [1]", right, wrong, notes=(HOSTILE,), standalone_question="?" + HOSTILE)
    result = judge(item, said, texts, {}, direction=HOSTILE).model_copy(update={"reader": HOSTILE})
    machine = Machine(system=HOSTILE, processor=HOSTILE, cores=1, memory=1, python=HOSTILE)
    names = ("version", "encoder", "encoder_fingerprint", "reader", "gold", "finished")
    return page_of(run_of([result], machine=machine, **dict.fromkeys(names, HOSTILE)))


class Texts(HTMLParser):
    """The text of each row of each table, and what every element names outside of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.scripts = 0
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()


def test_hostile_text_is_escaped_everywhere(hostile: str) -> None:
    seen = Texts(hostile)
    assert (seen.scripts, seen.handlers) == (1, [])
    assert "<img" not in hostile
    assert hostile.count("&lt;img src=x onerror=hacked=2&gt;") >= 18


def test_the_page_names_nothing_outside_of_itself(page: str, hostile: str) -> None:
    for text in (page, hostile):
        assert [link for link in Texts(text).links if not link.startswith("#")] == []
        shown = re.sub(r'xmlns(:\w+)?="[^"]*"|<metadata>.*?</metadata>', "", text, flags=re.DOTALL)
        assert not re.search(r"url\((?!#)|@import|fetch\(|https?://", shown)


def test_every_metric_has_a_place_in_the_tables() -> None:
    placed = [name for metrics in SECTIONS.values() for name in metrics]
    assert sorted(placed) == sorted((*METRICS, *CALIBRATION))


def test_the_figures_are_those_of_the_results_the_test_split_first(page: str, results: Results) -> None:
    order = [page.index(f">{name}</summary>") for name in ("The test split", "The dev split", "All questions")]
    assert order == sorted(order)
    tables = [rows.split("</table>")[0] for rows in page.split('<summary class="split">')[1:4]]
    for table, groups in zip(
        tables,
        (("test", "ru.test", "en.test", "ru→ru.test", "en→ru.test"), ("dev", "ru.dev"), ("all", "ru", "en", "ru→ru")),
        strict=True,
    ):
        rows = {row[0]: row[1:] for row in Texts(table).rows}
        for metric in ("success", "citation_precision", "total_p95", "chrf"):
            expected = [results.summary[group][metric] for group in groups]
            assert any(estimate.n for estimate in expected) == (metric.replace("_", " ") in rows)
            for cell, estimate in zip(rows.get(metric.replace("_", " "), []), expected, strict=False):
                said = f"{value(estimate)} {interval(estimate)} {estimate.n}" if estimate.n else "–"
                assert cell.split() == said.split()
    assert f"ece {value(results.calibration['test']['ece'])}" in " ".join(
        " ".join(row) for row in Texts(tables[0]).rows
    )


def test_of_a_direction_nothing_is_said_about_silence(page: str) -> None:
    row = next(row for row in Texts(page).rows if row and row[0] == "abstention precision")
    assert row[-2:] == ["–", "–"]
    assert row[1] != "–"


def test_gates_machine_and_cost_are_told(page: str, results: Results) -> None:
    assert any(row[0] == "all citation exactness" and row[1] == "✓ passed" for row in Texts(page).rows if row)
    for told in ("fingerprint abc123", "generation 7", "61.5 s", "3.00 GiB", "44.2 passages/s (40.0–48.5, n=5)",
                 "nothing was generated", "2026-01-02 03:04:05 UTC", results.machine.python):  # fmt: skip
        assert told in page


def article(page: str, id_: str) -> str:
    """The text of a question's part of the page, tags left out."""
    part = page[page.index(f'<article id="{id_}"') :]
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", part[: part.index("</article>")])).strip()


def test_citations_and_claims_are_marked_by_sign_and_word(page: str) -> None:
    text = article(page, "en-001")
    assert "[1] ✓ ✓ supported" in text
    assert "[2] ✗ ◐ partial" in text
    assert re.search(r"\[1\] ✓ right — title", text)
    assert re.search(r"\[2\] ✗ wrong — title", text)
    assert 'class="right">[1] ✓</b>' in page
    assert 'class="wrong">[2] ✗</b>' in page


def test_what_was_missed_is_quoted_and_what_was_cited_is_not_quoted_twice(page: str, results: Results) -> None:
    missed = results.items[2].item.gold[0]
    assert f"✗ missed {missed.quote} — {missed.document}:{missed.start}–{missed.end}" in article(page, "en-002")
    proof = results.items[0].item.gold[0]
    assert article(page, "ru-001").count(proof.quote) == 1
    assert f"✓ part 1 — {proof.document}:{proof.start}–{proof.end}" in article(page, "ru-001")
    assert "gold passages found at 1, 4, gold sentences among the evidence at no rank" in article(page, "ru-001")


def test_a_follow_up_says_how_it_went_in_full(page: str, results: Results) -> None:
    followup = results.items[-1].item
    text = article(page, followup.id)
    assert "asked in full: ✓ right" in text
    assert f"{followup.history[0][0]} — {followup.history[0][1]}" in text
    assert page.count("asked in full") == 1


def test_an_abstention_marks_neither_right_nor_wrong(results: Results, cite: Make) -> None:
    silent = results.items[2]
    assert marked("nearest [1] <b>", silent) == "nearest [1] &lt;b&gt;"


def test_each_claim_stands_on_its_line_and_none_is_lost(results: Results) -> None:
    two = results.items[1]
    assert [claim and claim.verdict for _, claim in lines(two)] == ["supported", "partial"]
    in_one = two.model_copy(update={"text": "Коротко: да."})
    assert [(text, claim and claim.text) for text, claim in lines(in_one)] == [
        ("Коротко: да.", None),
        *((claim.text, claim.text) for claim in two.claims),
    ]


def test_the_plots_are_inline_and_take_the_ink_of_the_page(page: str, results: Results) -> None:
    for plot in ("success by type", "risk over coverage", "right over confidence", "distribution of the seconds"):
        assert len(re.findall(f'<svg role="img" aria-label="[^"]*{plot}', page)) == 1
    assert "currentColor" in page
    assert "#010203" not in page
    for split in ("test", "dev") if results.calibration["dev"]["ece"].n else ("test",):
        assert f"{split}, AURC {value(results.calibration[split]['aurc'])}" in page
        assert f"{split}, ECE {value(results.calibration[split]['ece'])}" in page


def test_a_page_without_an_answer_and_one_of_a_single_question_are_drawn(results: Results) -> None:
    silent = page_of(run_of([results.items[4], results.items[2]]))
    assert "No question was answered" in silent
    assert silent.count("<svg") == 2
    single = page_of(run_of(results.items[:1]))
    assert single.count("<article") == 1
    assert single.count("<svg") == 4
    assert "The test split" in single
    assert "All questions" not in single


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "no Chromium on the PATH: install one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page from its file; afterwards nothing else was asked for and no script failed."""
    file = tmp_path / "report.html"
    requests: list[str] = []
    complaints: list[str] = []
    contexts = []

    def visit(page: str, *, anchor: str = "", **options: Any) -> Page:
        file.write_text(page, "utf-8")
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: requests.append(request.url.partition("#")[0]))
        opened = context.new_page()
        opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(file.as_uri() + anchor)
        return opened

    yield visit
    for context in contexts:
        context.close()
    assert set(requests) == {file.as_uri()}
    assert complaints == []


def shown(page: Page) -> set[str]:
    ids: list[str] = page.eval_on_selector_all("article", "rows => rows.filter(row => !row.hidden).map(row => row.id)")
    return set(ids)


def in_browser(test: Callable[..., None]) -> Callable[..., None]:
    for mark in in_a_browser:
        test = mark(test)
    return test


@in_browser
def test_each_fault_shows_its_questions_and_the_counts_follow(
    visit: Callable[..., Page], page: str, results: Results
) -> None:
    opened = visit(page)
    everything = {result.item.id for result in results.items}
    faults = {fault for result in results.items for fault in result.faults}
    assert {"refused", "should have abstained", "wrong citation", "not retrieved"} <= faults
    for fault in faults:
        opened.select_option("[name=fault]", fault)
        expected = {result.item.id for result in results.items if fault in result.faults}
        assert shown(opened) == expected != everything
        expect(opened.locator("output")).to_have_text(f"{len(expected)} of {len(everything)} shown")
        expect(opened.locator("[name=fault] option:checked")).to_have_text(f"{fault} ({len(expected)})")
        for language in ("ru", "en"):
            count = sum(result.item.language == language for result in results.items if fault in result.faults)
            expect(opened.locator(f"[name=language] option[value={language}]")).to_have_text(f"{language} ({count})")
    opened.select_option("[name=fault]", "*")
    assert shown(opened) == {result.item.id for result in results.items if result.faults}
    opened.select_option("[name=fault]", "-")
    assert shown(opened) == {result.item.id for result in results.items if not result.faults}
    opened.get_by_role("button", name="Reset").click()
    expect(opened.locator("output")).to_have_text(f"{len(everything)} of {len(everything)} shown")


@in_browser
def test_language_type_split_and_words_narrow_together(visit: Callable[..., Page], page: str, results: Results) -> None:
    opened = visit(page)

    def expected(**wanted: str) -> set[str]:
        return {r.item.id for r in results.items if all(getattr(r.item, k) == v for k, v in wanted.items())}

    opened.select_option("[name=split]", "test")
    assert shown(opened) == expected(split="test")
    opened.select_option("[name=language]", "ru")
    assert shown(opened) == expected(split="test", language="ru")
    opened.select_option("[name=type]", "fact")
    assert shown(opened) == expected(split="test", language="ru", type="fact") == {"ru-001"}
    opened.get_by_role("button", name="Reset").click()
    opened.fill("[name=words]", "  ПОТЕНЦИАЛ   дальнейшего ")
    assert shown(opened) == {"en-001"}
    opened.fill("[name=words]", "нигде не сказано такого")
    assert shown(opened) == set()


@in_browser
def test_a_link_to_a_question_opens_it_even_when_it_is_filtered_out(visit: Callable[..., Page], page: str) -> None:
    opened = visit(page, anchor="#en-002")
    expect(opened.locator("#en-002")).to_be_in_viewport()
    assert opened.locator("#en-002 details").get_attribute("open") is not None
    opened.select_option("[name=fault]", "-")
    assert "en-001" not in shown(opened)
    opened.evaluate("location.hash = '#en-001'")
    expect(opened.locator("#en-001")).to_be_in_viewport()
    assert opened.locator("[name=fault]").input_value() == ""


@in_browser
def test_nothing_that_a_document_says_ever_runs(visit: Callable[..., Page], hostile: str) -> None:
    opened = visit(hostile)
    opened.locator("article .head a").click()
    expect(opened.locator("article h3")).to_have_text(HOSTILE)
    assert opened.evaluate("typeof hacked") == "undefined"
    assert opened.locator("article img, article script, header img").count() == 0


@in_browser
def test_without_scripts_everything_is_shown(visit: Callable[..., Page], page: str, results: Results) -> None:
    opened = visit(page, java_script_enabled=False)
    expect(opened.locator("form")).to_be_hidden()
    for result in results.items:
        expect(opened.locator(f"[id='{result.item.id}'] h3")).to_be_visible()


@in_browser
@pytest.mark.parametrize("width", [1366, 400])
def test_the_page_is_no_wider_than_the_screen(visit: Callable[..., Page], page: str, width: int) -> None:
    opened = visit(page, viewport={"width": width, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
