"""The panels and the messages are pure functions: what is data stays data."""

from __future__ import annotations

import re
from html import unescape

import pytest

from istok.index.types import Document, Range
from istok.rag.types import Answer, Citation, Claim, Timings
from istok.ui import source
from istok.ui.marks import answer_html, draft_html, failure_html, question_html
from istok.ui.source import Upload, article_html, documents_html, source_html, sources_html
from istok.ui.texts import ENGLISH, EXAMPLES, RUSSIAN, date_text, preferred

TEXT = "Новости одной строкой\r\nЭкспорт возрос почти на 45%. Товарооборот вырос на треть.\r\nЧитайте также"
QUOTE = "Экспорт возрос почти на 45%."
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'&${alert(3)}{{alert(4)}}"


def document(text: str = TEXT, **changes: object) -> Document:
    start = text.find("Экспорт")
    fields = {
        "id": "a.txt", "path": "/x/a.txt", "title": "Экспорт", "date": "2024-02", "language": "ru", "text": text,
        "main": (Range(start, text.find("\r\nЧитайте")),),
    }  # fmt: skip
    return Document(**{**fields, **changes})


def citation(number: int = 1, quote: str = QUOTE, text: str = TEXT, **changes: object) -> Citation:
    start = text.index(quote)
    fields = {
        "number": number, "document": "a.txt", "title": "Экспорт", "date": "2024-02", "start": start,
        "end": start + len(quote), "quote": quote, "score": 0.9,
    }  # fmt: skip
    return Citation(**{**fields, **changes})


def answer(text: str, *citations: Citation, claims: tuple[Claim, ...] = (), **changes: object) -> Answer:
    fields = {
        "question": "Как вырос экспорт?", "standalone_question": "Как вырос экспорт?", "language": "ru",
        "status": "answered", "reader": "quote", "text": text, "claims": claims, "citations": citations,
        "confidence": 0.9, "timings": Timings(0.1, 0.02, 0.0, 0.12), "notes": (),
    }  # fmt: skip
    return Answer(**{**fields, **changes})


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_an_article_is_shown_whole_with_exactly_its_quote_marked():
    html = article_html(document(), Range(citation().start, citation().end))
    assert re.findall(r"<mark>(.*?)</mark>", html) == [QUOTE]
    assert plain(html) == TEXT.replace("\r\n", "\n")


def test_what_is_not_the_article_itself_is_set_apart():
    html = article_html(document(), Range(citation().start, citation().end))
    assert re.findall(r'<span class="aside">(.*?)</span>', html, re.DOTALL) == [
        "Новости одной строкой\n",
        "\nЧитайте также",
    ]


def test_a_book_is_cut_around_its_quote_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(source, "WINDOW", 10)
    html = source_html(answer("x [1]", citation()), 0, 1, document(), RUSSIAN)
    article = re.search(r'<div class="article"[^>]*>(.*?)</div>', html, re.DOTALL)
    assert plain(article[1]).strip() == "строкой\n" + QUOTE + " Товарообо"
    assert RUSSIAN.cut in html


def test_a_source_names_its_title_date_file_and_page():
    paged = document(pages=(Range(0, 5), Range(5, len(TEXT))))
    html = plain(source_html(answer("x [1]", citation()), 0, 1, paged, ENGLISH))
    assert "February 2024 · a.txt · p. 2" in html
    assert "Source 1 of 1" in html


def test_previous_and_next_lead_to_the_neighbours_and_stop_at_the_ends():
    both = answer("x [1][2]", citation(), citation(2, "Товарооборот вырос на треть."))
    steps = [re.findall(r'class="step" href="([^"]+)"', source_html(both, 4, n, document(), RUSSIAN)) for n in (1, 2)]
    assert steps == [["#source-4-2"], ["#source-4-1"]]


def test_a_changed_document_shows_the_quote_as_it_was_and_says_so():
    html = source_html(answer("x [1]", citation()), 0, 1, document("Совсем другой текст"), RUSSIAN)
    assert RUSSIAN.changed in html
    assert f"<mark>{QUOTE}</mark>" in html
    assert "другой" not in html


def test_a_removed_document_shows_the_quote_as_it_was_and_says_so():
    html = source_html(answer("x [1]", citation()), 0, 1, None, RUSSIAN)
    assert RUSSIAN.gone in html
    assert f"<mark>{QUOTE}</mark>" in html


def test_the_panel_before_an_answer_says_how_it_is_used():
    assert "[1]" in plain(sources_html(None, 0, ENGLISH))


def test_the_sources_of_an_abstention_are_called_the_nearest():
    html = sources_html(answer("Ответа нет. [1]", citation(), status="abstained"), 0, RUSSIAN)
    assert RUSSIAN.abstained_sources in html
    assert RUSSIAN.sources_of_answer not in html


def test_a_mark_is_a_link_to_its_citation_and_other_brackets_are_text():
    html = answer_html(answer("Вырос [1], но не [7].", citation()), 3, RUSSIAN)
    assert re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', html) == [("#source-3-1", "[1]")]
    assert "[7]" in html


def test_a_bracketed_number_inside_a_quote_is_the_documents_own():
    claim = Claim("Экспорт возрос [1] почти на 45%.", (1,))
    html = answer_html(answer("Экспорт возрос [1] почти на 45%. [1]", citation(), claims=(claim,)), 0, RUSSIAN)
    assert html.count("<a ") == 1
    assert plain(html).startswith("Экспорт возрос [1] почти на 45%. [1]")


def test_small_print_names_the_reader_the_seconds_the_rewritten_question_doubts_and_notes():
    doubtful = Claim("Экспорт упал.", (1,), "partial", ("в источнике «возрос»",))
    given = answer(
        "x [1]",
        citation(),
        claims=(doubtful,),
        reader="llama.cpp:m.gguf",
        standalone_question="Полный?",
        notes=("Обрезано.",),
    )
    html = answer_html(given, 0, RUSSIAN)
    small = re.search(r'<p class="small".*', html)[0]
    for expected in (
        "llama.cpp:m.gguf · 0,12 с",
        "Искали: Полный?",
        "«Экспорт упал.» (в источнике «возрос»)",
        "Обрезано.",
    ):
        assert expected in small


SPAN = "**почти на 45%** — «Экспорт возрос почти на 45%: **не** — больше.»"


def test_what_answers_is_strong_and_the_stars_of_a_document_are_its_own():
    html = answer_html(answer(f"{SPAN} [1]", citation(), claims=(Claim(SPAN, (1,)),)), 0, RUSSIAN)
    assert re.findall("<strong>(.*?)</strong>", html) == ["почти на 45%"]
    assert "**не** — больше" in html


def test_what_answers_is_strong_behind_its_date_and_under_another_line():
    html = answer_html(answer(f"Вырос. [1]\nПо состоянию на 5 мая («Завод»): {SPAN} [1]", citation()), 0, RUSSIAN)
    assert re.findall("<strong>(.*?)</strong>", html) == ["почти на 45%"]


def test_a_hostile_span_is_strong_and_no_markup():
    claim = Claim("**<script>alert(1)</script>** — «x»", (1,))
    for html in (
        answer_html(answer(f"{claim.text} [1]", citation(), claims=(claim,)), 0, RUSSIAN),
        draft_html([claim], "", RUSSIAN),
    ):
        assert "<strong>&lt;script&gt;alert(1)&lt;/script&gt;</strong>" in html
        assert "<script" not in html


def test_a_draft_reads_like_the_answer_that_it_becomes():
    claims = (Claim(SPAN, (1,)), Claim("Завод\nрастёт.", (1, 2)))
    text = f"{SPAN} [1]\nЗавод растёт. [1][2]"
    answered = answer_html(answer(text, citation(), citation(2), claims=claims), 0, RUSSIAN)
    shown = re.search(r'<p class="text">(.*?)</p>', answered)[1]
    drafted = re.search(r'<p class="text">(.*?) <span class="draft">', draft_html(claims, "", RUSSIAN))[1]
    assert re.sub("<a .*?>", '<span class="cite">', shown).replace("</a>", "</span>") == drafted


def test_a_draft_shows_verified_claims_apart_from_unchecked_text():
    html = draft_html([Claim("Вырос.", (1,))], "и ещё", RUSSIAN)
    assert plain(html) == "Вырос. [1] и ещё"
    assert '<span class="draft">и ещё</span>' in html


@pytest.mark.parametrize(
    "html",
    [
        question_html(HOSTILE),
        answer_html(
            answer(
                HOSTILE + " [1]",
                citation(title=HOSTILE),
                reader=HOSTILE,
                notes=(HOSTILE,),
                claims=(Claim(HOSTILE, (1,), "partial"),),
            ),
            0,
            RUSSIAN,
        ),
        draft_html([Claim(HOSTILE, (1,))], HOSTILE, RUSSIAN),
        failure_html(HOSTILE, RUSSIAN),
        source_html(
            answer("x", citation(1, HOSTILE, HOSTILE, title=HOSTILE, document=HOSTILE)), 0, 1,
            document(HOSTILE, title=HOSTILE, main=(Range(3, 9),)), RUSSIAN,
        ),
        source_html(answer("x", citation(1, HOSTILE, HOSTILE, title=HOSTILE, document=HOSTILE)), 0, 1, None, RUSSIAN),
        documents_html([document(title=HOSTILE, id=HOSTILE)], [Upload(HOSTILE, "working", HOSTILE)], RUSSIAN),
    ],
)  # fmt: skip
def test_nothing_hostile_becomes_markup(html: str):
    assert "alert" in html
    assert not re.search(r"<(img|script)", html)
    # In an attribute it can't end the attribute either.
    assert all("alert" not in re.sub(r'"[^"]*"', "", tag) for tag in re.findall(r"<[^>]*>", html))


@pytest.mark.parametrize("html", [question_html("a\n\nb"), answer_html(answer("a\n\nb [1]", citation()), 0, RUSSIAN)])
def test_a_message_is_one_line_so_that_markdown_leaves_it_alone(html: str):
    assert "\n" not in html
    assert "a<br><br>b" in html


@pytest.mark.parametrize(
    ("date", "russian", "english"),
    [
        ("2024-02-07", "7 февраля 2024 г.", "February 7, 2024"),
        ("2024-02", "февраль 2024 г.", "February 2024"),
        ("2024", "2024 г.", "2024"),
        (None, "без даты", "no date"),
    ],
)
def test_a_date_is_written_at_the_precision_that_is_known(date: str | None, russian: str, english: str):
    assert (date_text(date, RUSSIAN), date_text(date, ENGLISH)) == (russian, english)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB", "en"),
        ("be,ru;q=0.9,en;q=0.8", "ru"),
        ("de-DE,de", "en"),
        ("", "en"),
    ],
)
def test_the_page_follows_the_browsers_language(header: str, language: str):
    assert preferred(header) == language


def test_there_are_three_examples_in_each_language():
    assert [bool(re.search("[а-я]", example)) for example in EXAMPLES] == [True] * 3 + [False] * 3
