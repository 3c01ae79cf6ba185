"""The panel of sources is a pure function of what is stored: what is data stays data."""

from __future__ import annotations

import re
from html import unescape

import pytest
from pydantic import TypeAdapter

from istok.index.types import Document, Range
from istok.rag.types import Answer, Citation, Evidence, Ranks, Sentence, Timings
from istok.ui.html import source
from istok.ui.html.source import reading_html, source_html, sources, sources_html
from istok.ui.texts import ENGLISH, RUSSIAN, Texts

TEXT = (
    "Новости одной строкой\r\nЭкспорт возрос почти на 45%. Товарооборот вырос на треть.\r\n"
    "Цех построен.\r\nЧитайте также"
)
QUOTE = "Экспорт возрос почти на 45%."
TURNOVER = "Товарооборот вырос на треть."
HALL = "Цех построен."
HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(2)</script>\"'&</mark></div>javascript:alert(5)${alert(3)}{{alert(4)}}"
)
TURNED = "Отчёт\u202egpj.\u2066exe"  # what follows U+202E is shown from right to left


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


def evidence(*quotes: str) -> Evidence:
    return Evidence(
        tuple(
            Sentence(n, "a.txt", "Экспорт", "2024-02", "ru", TEXT.index(q), TEXT.index(q) + len(q), q, 0.5)
            for n, q in enumerate(quotes, 1)
        )
    )


def answer(*citations: Citation, **changes: object) -> Answer:
    fields = {
        "question": "Как вырос экспорт?", "standalone_question": "Как вырос экспорт?", "language": "ru",
        "status": "answered", "reader": "quote", "text": "Вырос [1]", "claims": (), "citations": citations,
        "confidence": 0.9, "timings": Timings(0.1, 0.02, 0.0, 0.12), "notes": (),
    }  # fmt: skip
    return Answer(**{**fields, **changes})


def shown(
    number: int, given: Answer, stored: Document | None, texts: Texts = RUSSIAN, part: Range | None = None
) -> str:
    return source_html(given, 4, number, stored, texts, part)


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def article(html: str) -> str:
    return re.search(r"<article [^>]*>(.*)</article>", html, re.DOTALL)[1]


def marked(html: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<mark [^>]*>(.*?)</mark>", html, re.DOTALL)]


def also(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="also" href="([^"]+)"[^>]*>(.*?)</a>', html, re.DOTALL)


def test_an_article_is_shown_whole_with_exactly_its_quote_marked():
    html = shown(1, answer(citation()), document())
    assert marked(html) == [QUOTE]
    assert plain(article(html)) == TEXT.replace("\r\n", "\n")


def test_a_quote_is_one_mark_though_the_article_begins_in_its_middle():
    html = shown(1, answer(citation()), document(main=(Range(TEXT.index("почти"), len(TEXT)),)))
    assert marked(html) == [QUOTE]
    assert plain(article(html)) == TEXT.replace("\r\n", "\n")


def test_what_is_not_the_article_itself_is_set_apart():
    html = shown(1, answer(citation()), document())
    assert re.findall(r'<span class="aside">(.*?)</span>', html, re.DOTALL) == [
        "Новости одной строкой\n",
        "\nЧитайте также",
    ]


def test_other_citations_of_the_answer_in_the_article_are_marked_more_quietly_and_lead_there():
    both = answer(citation(), citation(2, TURNOVER), citation(3, document="b.txt"))
    assert marked(shown(2, both, document())) == [TURNOVER]
    assert also(shown(2, both, document())) == [("#source-4-1", QUOTE)]
    assert also(shown(1, both, document())) == [("#source-4-2", TURNOVER)]


def test_citations_that_overlap_are_told_once_and_lose_nothing_of_the_text():
    long = f"{QUOTE} {TURNOVER}"
    given = answer(citation(), citation(2, long), citation(3, TURNOVER))
    for number, quote in ((1, QUOTE), (2, long), (3, TURNOVER)):
        html = shown(number, given, document())
        assert marked(html) == [quote]
        assert plain(article(html)) == TEXT.replace("\r\n", "\n")


def test_a_book_is_cut_around_its_quote_and_more_of_it_can_be_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(source, "WINDOW", 30)
    page = "Строка, которой двадцать.\n" * 40
    book = document(page + QUOTE + "\n" + page, main=())
    given = answer(citation(text=book.text))
    html = shown(1, given, book)
    assert plain(article(html)) == f"{RUSSIAN.sources.earlier}{page[:26]}{QUOTE}\n{page[:26]}{RUSSIAN.sources.later}"
    parts = re.findall(r'data-more="(\w+)" data-start="(\d+)" data-end="(\d+)"', html)
    assert [name for name, *_ in parts] == ["earlier", "later"]
    for name, start, end in parts:
        more = plain(article(shown(1, given, book, part=Range(int(start), int(end)))))
        assert len(more) > len(plain(article(html))) + 20, name
    whole = shown(1, given, book, part=Range(-1, 10**9))
    assert plain(article(whole)) == book.text
    # Whatever part a browser asks for, the quote is in it.
    assert marked(shown(1, given, book, part=Range(10**9, -5))) == [QUOTE]


def test_a_source_names_its_title_date_file_and_page():
    paged = document(pages=(Range(0, 5), Range(5, len(TEXT))))
    html = plain(shown(1, answer(citation()), paged, ENGLISH))
    assert "as of February 2024 · a.txt · p. 2" in html
    assert "Source 1 of 1" in html
    assert "по состоянию на февраль 2024 г. · a.txt" in plain(shown(1, answer(citation()), document()))
    assert "без даты · a.txt" in plain(shown(1, answer(citation(date=None)), document(date=None)))


def test_previous_and_next_lead_to_the_neighbours_and_stop_at_the_ends():
    both = answer(citation(), citation(2, TURNOVER), evidence=evidence(HALL, QUOTE))
    steps = [re.findall(r'class="step" rel="(\w+)" href="([^"]+)"', shown(n, both, document())) for n in (1, 2, 3)]
    assert steps == [[("next", "#source-4-2")], [("prev", "#source-4-1")], []]


def test_the_open_source_is_the_current_one():
    both = answer(citation(), citation(2, TURNOVER))
    assert re.findall(r'href="([^"]+)"[^>]* aria-current="true"', shown(2, both, document())) == ["#source-4-2"]


def test_a_changed_document_shows_the_quote_as_it_was_and_says_so():
    html = shown(1, answer(citation()), document("Совсем другой текст"))
    assert RUSSIAN.sources.changed in html
    assert marked(html) == [QUOTE]
    assert "другой" not in html


def test_a_sentence_that_has_moved_is_shown_where_it_stands_now():
    html = shown(1, answer(citation(), citation(2, TURNOVER)), document("Новая строка.\n" + TEXT))
    assert RUSSIAN.sources.moved in html
    assert marked(html) == [QUOTE]
    assert "Новая строка." in html
    assert also(html) == [("#source-4-2", TURNOVER)]


def test_a_removed_document_shows_the_quote_as_it_was_and_says_so():
    html = shown(1, answer(citation()), None)
    assert RUSSIAN.sources.gone in html
    assert marked(html) == [QUOTE]


def test_a_document_by_itself_is_shown_without_a_mark_and_what_the_answer_cites_of_it_quietly():
    html = reading_html("a.txt", document(), answer(citation(2, TURNOVER)), 4, RUSSIAN)
    assert marked(html) == []
    assert plain(article(html)) == TEXT.replace("\r\n", "\n")
    assert also(html) == [("#source-4-2", TURNOVER)]
    assert plain(article(reading_html("a.txt", document(), None, -1, RUSSIAN))) == TEXT.replace("\r\n", "\n")


def test_a_document_by_itself_that_is_gone_is_said_to_be():
    assert RUSSIAN.sources.removed in reading_html("a.txt", None, None, -1, RUSSIAN)


def test_the_panel_before_an_answer_says_how_it_is_used():
    assert "[1]" in plain(sources_html(None, 0, ENGLISH))


def test_the_sources_of_an_abstention_are_called_the_nearest():
    html = sources_html(answer(citation(), status="abstained"), 0, RUSSIAN)
    assert RUSSIAN.sources.nearest in html
    assert RUSSIAN.sources.of_answer not in html


def test_what_was_read_but_not_cited_comes_folded_after_the_cited():
    given = answer(citation(1, TURNOVER), evidence=evidence(QUOTE, TURNOVER, HALL))
    assert [(one.number, one.quote) for one in sources(given)] == [(1, TURNOVER), (2, QUOTE), (3, HALL)]
    cited, rest = sources_html(given, 4, RUSSIAN).split('<details class="further">')
    assert re.findall(r'href="([^"]+)"', cited) == ["#source-4-1"]
    assert re.findall(r'href="([^"]+)"', rest) == ["#source-4-2", "#source-4-3"]
    assert "[1]" in cited
    assert "[2]" not in rest  # no number that the answer doesn't have
    assert RUSSIAN.sources.further(2) in rest
    opened = shown(3, given, document())
    assert marked(opened) == [HALL]
    assert RUSSIAN.sources.uncited in opened
    assert re.findall(r'class="step" rel="(\w+)" href="([^"]+)"', opened) == [("prev", "#source-4-2")]


RANKS = Ranks(fused=2, dense=1, lexical=3, fused_score=0.8, dense_score=0.7, lexical_score=0.95)


@pytest.mark.parametrize(
    ("ranks", "texts", "expected"),
    [
        (RANKS, RUSSIAN, "Место в поиске: 2-е по смыслу: 1-е место (0,70) по словам: 3-е место (0,95) вместе: 2-е"),
        (RANKS, ENGLISH, "Place in the search: 2nd by meaning: 1st place (0.70) by words: 3rd place (0.95)"),
        (
            Ranks(1, None, 1, 0.6, None, 0.6), RUSSIAN,
            "по смыслу: не оценивалось по словам: 1-е место (0,60) вместе: 1-е место (0,60)",
        ),
        (Ranks(1, 11, None, 0.6, 0.6, 0.0), ENGLISH, "by meaning: 11th place (0.60) by words: no words in common"),
        (Ranks(1, 22, None, 0.6, 0.6, 0.1), ENGLISH, "by meaning: 22nd place (0.60) by words: beyond the first"),
    ],
)  # fmt: skip
def test_the_place_in_the_search_is_told_on_demand_in_words(ranks: Ranks, texts: Texts, expected: str):
    given = answer(citation(ranks=ranks))
    for html in (sources_html(given, 0, texts), source_html(given, 0, 1, document(), texts)):
        folded = re.search(r'<details class="relevance">(.*?)</details>', html)[1]
        assert expected in re.sub(" +", " ", plain(folded.replace("</summary>", " ").replace("</div>", " ")))


def test_an_answer_that_was_kept_before_there_were_ranks_is_shown_without_them():
    adapter = TypeAdapter(Answer)
    kept = adapter.dump_python(answer(citation(ranks=RANKS), evidence=evidence(QUOTE)), mode="json")
    assert adapter.validate_python(kept).citations[0].ranks == RANKS
    for cited in (*kept["citations"], *kept["evidence"]["sentences"]):
        del cited["ranks"]
    html = sources_html(adapter.validate_python(kept), 0, RUSSIAN)
    assert QUOTE in html
    assert "relevance" not in html


def hostile(**changes: object) -> Citation:
    return citation(1, HOSTILE, HOSTILE, title=HOSTILE, document=HOSTILE, date="2024", **changes)


HOSTILE_DOCUMENT = document(HOSTILE + "\n" + HOSTILE, title=HOSTILE, id=HOSTILE, path=HOSTILE, main=(Range(3, 9),))


@pytest.mark.parametrize(
    "html",
    [
        shown(1, answer(hostile()), HOSTILE_DOCUMENT),
        shown(1, answer(hostile()), None),
        shown(1, answer(hostile(), hostile()), document(HOSTILE, title=HOSTILE)),
        sources_html(answer(hostile(), question=HOSTILE), 0, RUSSIAN),
        reading_html(HOSTILE, HOSTILE_DOCUMENT, answer(hostile()), 0, RUSSIAN),
        reading_html(HOSTILE, None, None, 0, RUSSIAN),
    ],
)
def test_nothing_hostile_becomes_markup(html: str):
    assert "alert" in html
    assert not re.search(r"<(img|script)", html)
    # In an attribute it can't end the attribute either.
    assert all("alert" not in re.sub(r'"[^"]*"', "", tag) for tag in re.findall(r"<[^>]*>", html))
    assert all(link.startswith("#source-") for link in re.findall(r'href="([^"]*)"', html))


def test_no_character_turns_the_order_of_others_around():
    text = f"Новости\n{TURNED}. Экспорт вырос."
    quoted = citation(1, f"{TURNED}.", text, title=TURNED, document=TURNED)
    stored = document(text, title=TURNED, id=TURNED)
    for html in (
        shown(1, answer(quoted), stored),
        sources_html(answer(quoted), 0, RUSSIAN),
        reading_html(TURNED, stored, None, 0, RUSSIAN),
    ):
        visible = re.sub(r'data-reading="[^"]*"', "", html)
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", visible)
        assert "Отчётgpj.exe" in html


def test_a_title_that_cannot_be_seen_gives_way_to_the_file_name():
    given = answer(citation(title="\u200b\u2060\ufeff", document="папка/отчёт\u200b.txt"))
    assert '<span class="number">[1]</span>отчёт.txt</bdi>' in sources_html(given, 0, RUSSIAN)
    assert '<h2 lang="ru"><bdi>отчёт.txt</bdi></h2>' in shown(1, given, None)
