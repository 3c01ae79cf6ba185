"""Messages of the chat: what is said of an answer, and that nothing but our own tags is markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from istok.index.errors import IstokError
from istok.index.types import Language
from istok.rag.types import Answer, Citation, Claim, Status, Timings, Verdict
from istok.rag.wording import say
from istok.ui.conversation import Exchange
from istok.ui.html.marks import copied, exchange_html, outcome, question_html
from istok.ui.texts import ENGLISH, RUSSIAN, Texts

HOSTILE = "<img src=x onerror=alert(1)> \"x\" 'y' **no** `code` ${1} </div>\n\n# heading"
BOTH = pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])


class Seen(HTMLParser):
    """The text that a person sees, the tags, and the attributes of each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.opened = "", list[tuple[str, dict[str, str | None]]](), list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("br", "input"):
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.tags if attributes.get("name") == name]


def citation(number: int, quote: str = "Экспорт вырос.", title: str = "Отчёт") -> Citation:
    return Citation(number, f"{title}.txt", title, "2024-02-07", 0, len(quote), quote, 0.9)


def answer(
    *claims: Claim,
    citations: tuple[Citation, ...] = (citation(1),),
    text: str | None = None,
    status: Status = "answered",
    reader: str = "llama.cpp:/models/small.gguf",
    language: Language = "ru",
    standalone: str = "Что выросло?",
    notes: tuple[str, ...] = (),
) -> Answer:
    told = "\n".join(f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}" for claim in claims)
    return Answer(
        "Что выросло?", standalone, language, status, reader, told if text is None else text, claims, citations,
        0.9, Timings(0.1, 1.0, 0.1, 1.234), notes,
    )  # fmt: skip


def seen(given: Answer, texts: Texts = RUSSIAN, *, last: bool = True) -> Seen:
    return Seen(exchange_html(Exchange("Что выросло?", 7, answer=given, done=True), 3, texts, last=last))


def test_a_mark_leads_to_its_source_and_brackets_inside_a_quote_stay():
    page = seen(answer(Claim("Экспорт [1] вырос.", (1,)), citations=(citation(1, "Экспорт [1] вырос."),)))
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links == ["#source-3-1"]
    assert "Экспорт [1] вырос. [1]" in page.text


@BOTH
@pytest.mark.parametrize("verdict", ["partial", "unsupported"])
def test_what_is_not_borne_out_says_so_and_why_and_the_rest_is_quiet(texts: Texts, verdict: Verdict):
    page = seen(
        answer(
            Claim("Экспорт вырос.", (1,)), Claim("Импорт упал.", (1,), verdict, ("имени «Импорт» в источнике нет",))
        ),
        texts,
    )
    word = texts.talk.partial if verdict == "partial" else texts.talk.unsupported
    assert page.text.count(word) == 1
    assert page.text.index("Импорт упал.") < page.text.index(word) < page.text.index("имени «Импорт» в источнике нет")
    assert [attributes["tabindex"] for tag, attributes in page.tags if tag == "span" and "tabindex" in attributes] == [
        "0"
    ]
    assert texts.talk.checked(1, 2) in page.text


def test_a_doubt_is_told_even_when_the_text_has_the_claim_in_other_words():
    page = seen(answer(Claim("Импорт упал.", (1,), "partial", ("числа нет",)), text="Что-то другое [1]"))
    assert "числа нет" in page.text


@BOTH
def test_below_an_answer_stand_its_reader_its_seconds_what_was_searched_and_the_notes(texts: Texts):
    page = seen(
        answer(Claim("Экспорт вырос.", (1,)), standalone="Что выросло в 2023?", notes=("Одно отброшено.",)), texts
    )
    assert page.text.count("small.gguf") == 1
    assert "llama.cpp" not in page.text
    assert "/models" not in page.text
    assert texts.talk.seconds(1.234) in page.text
    assert texts.talk.searched("Что выросло в 2023?") in page.text
    assert "Одно отброшено." in page.text
    quotes = seen(answer(Claim("Экспорт вырос.", (1,)), reader="quote"), texts)
    assert texts.talk.verbatim in quotes.text
    assert texts.talk.searched("Что выросло?") not in quotes.text


@BOTH
def test_an_abstention_says_so_and_offers_the_nearest_passages_as_no_answer(texts: Texts):
    language = texts.language
    text = f"{say(language, 'abstained')} {say(language, 'searched', query='Что?')} "
    text += say(language, "nearest", places="Отчёт [1], Сводка [2]")
    given = answer(
        citations=(citation(1), citation(2, "Импорт.", "Сводка")), text=text, status="abstained", language=language
    )
    html = exchange_html(Exchange("Что?", 7, answer=given, done=True), 3, texts, last=True)
    page = Seen(html)
    assert 'class="answer abstained"' in html
    assert page.text.startswith(texts.talk.abstained)
    assert texts.talk.nearest in page.text
    assert [attributes["href"] for tag, attributes in page.tags if tag == "a"] == ["#source-3-1", "#source-3-2"]
    assert page.text.count("Сводка") == 1
    assert texts.talk.failed("") not in page.text


@BOTH
def test_a_failure_and_a_question_cut_short_say_what_to_do(texts: Texts):
    failed = Exchange("Что?", 7, failure=IstokError("модель не найдена: выберите другую"), done=True)
    cut = Exchange("Что?", 8, done=True)
    for exchange, said in (
        (failed, texts.talk.failed("модель не найдена: выберите другую")),
        (cut, texts.talk.interrupted),
    ):
        page = Seen(exchange_html(exchange, 0, texts, last=True))
        assert page.text == said + texts.talk.retry
        assert [attributes["value"] for attributes in page.named("again")] == [str(exchange.id)]
        assert Seen(exchange_html(exchange, 0, texts, last=False)).named("again") == []
        assert outcome(exchange, texts) == said


@BOTH
def test_an_answer_in_the_making_shows_the_queue_then_what_there_is(texts: Texts):
    exchange = Exchange("Что?", 7, ahead=2)
    assert Seen(exchange_html(exchange, 0, texts, last=True)).text == texts.talk.ahead(2)
    exchange.ahead = 0
    assert Seen(exchange_html(exchange, 0, texts, last=True)).text == texts.talk.thinking
    exchange.claims.append(Claim("Экспорт вырос.", (1,)))
    exchange.provisional = "а импорт"
    assert Seen(exchange_html(exchange, 0, texts, last=True)).text == "Экспорт вырос. [1]а импорт"


@BOTH
def test_what_is_copied_names_every_source(texts: Texts):
    given = answer(
        Claim("**рост** — «Экспорт вырос.»", (1,)), citations=(citation(1), citation(2, "Импорт\nупал.", "Сводка"))
    )
    text = copied(given, texts)
    assert text.startswith("рост — «Экспорт вырос.» [1]\n\n" + texts.talk.sources)
    assert re.search(r"\[2\] Сводка, .*2024.*, Сводка\.txt\n    «Импорт упал\.»$", text)
    assert seen(given, texts).named("copy")[0]["value"] == text


@BOTH
def test_a_vote_shows_what_is_kept_and_how_to_take_it_back(texts: Texts):
    exchange = Exchange(
        "Что?", 7, answer=answer(Claim("Экспорт вырос.", (1,))), vote="down", comment='мимо "темы"', done=True
    )
    page = Seen(exchange_html(exchange, 0, texts, last=True))
    assert [attributes["value"] for attributes in page.named("vote")] == ["7-up", "7-down"]
    assert texts.talk.chosen(texts.talk.down) in page.text
    assert texts.talk.chosen(texts.talk.up) not in page.text
    assert page.named("comment")[0]["value"] == 'мимо "темы"'
    assert texts.talk.kept_with_comment in page.text
    exchange.vote = None
    assert Seen(exchange_html(exchange, 0, texts, last=True)).named("comment") == []


def test_every_message_is_one_line_of_our_own_tags_whatever_it_says():
    hostile = answer(
        Claim(HOSTILE, (1,), "partial", (HOSTILE,)), citations=(citation(1, HOSTILE, HOSTILE),), reader=HOSTILE,
        standalone=HOSTILE, notes=(HOSTILE,),
    )  # fmt: skip
    abstained = answer(citations=(citation(1, HOSTILE, HOSTILE),), text=HOSTILE, status="abstained")
    exchanges = [
        Exchange(HOSTILE, 1, answer=hostile, vote="up", comment=HOSTILE, done=True),
        Exchange(HOSTILE, 2, answer=abstained, done=True),
        Exchange(HOSTILE, 3, failure=IstokError(HOSTILE), done=True),
        Exchange(HOSTILE, 4, claims=[Claim(HOSTILE, (1,), "unsupported", (HOSTILE,))], provisional=HOSTILE),
    ]
    for html in [question_html(HOSTILE), *(exchange_html(exchange, 0, RUSSIAN, last=True) for exchange in exchanges)]:
        page = Seen(html)
        assert "\n" not in html
        assert page.opened == []
        tags = {tag for tag, _ in page.tags}
        assert tags <= {"div", "p", "span", "a", "br", "ul", "li", "button", "form", "label", "input"}
        attributes = {name for _, attributes in page.tags for name in attributes}
        assert attributes <= set(
            "class id lang href title tabindex role type name value maxlength placeholder autocomplete".split()
        )
        assert "<img src=x onerror=alert(1)>" in page.text
