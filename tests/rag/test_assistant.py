from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from istok.index.errors import IndexStateError, IstokError
from istok.index.home import Home
from istok.index.index import Index
from istok.index.types import Hit, Language
from istok.rag.assistant import Assistant
from istok.rag.confidence import THRESHOLD
from istok.rag.errors import InputError
from istok.rag.period import in_words
from istok.rag.readers import ReaderEvent, Waiting, open_reader
from istok.rag.types import Answer, Claim, Evidence, Reading, Turn

EXPORT = "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?"


class _Says:
    """A reader that claims what it is told to, of the best evidence; it hears the turns."""

    name = "says"

    def __init__(self, *claims: Claim, dropped: int = 0) -> None:
        self._claims, self._dropped = claims, dropped
        self.turns: Sequence[Turn] = ()

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        self.turns = turns
        yield from self._claims
        yield Reading(self._claims, used=len(evidence.sentences), dropped=self._dropped)


def test_the_answer_quotes_the_original(assistant: Assistant, seeds: Path) -> None:
    answer = assistant.ask(EXPORT)
    assert answer.status == "answered"
    assert "почти на 45%" in answer.text
    assert "[1]" in answer.text
    for citation in answer.citations:
        original = (seeds / citation.document).read_bytes().decode("utf-8")
        assert original[citation.start : citation.end] == citation.quote


def test_an_abstention_names_what_was_searched_and_the_nearest_passages(assistant: Assistant) -> None:
    answer = assistant.ask("Какая столица Австралии?")
    assert answer.status == "abstained"
    assert answer.claims == ()
    assert "столица Австралии" in answer.text
    assert all(f"[{citation.number}]" in answer.text for citation in answer.citations)


@pytest.mark.parametrize(("said", "answered"), [("Спасибо!", "Пожалуйста"), ("Thanks", "welcome"), ("hello", "Hello")])
def test_a_courtesy_gets_a_courteous_line_and_no_sources(assistant: Assistant, said: str, answered: str) -> None:
    answer = assistant.ask(said)
    assert (answer.status, answer.claims, answer.citations) == ("abstained", (), ())
    assert answered in answer.text
    assert "\n" not in answer.text


def test_a_courtesy_is_in_the_language_of_the_talk_and_no_turn_of_it(assistant: Assistant) -> None:
    turns = [Turn(EXPORT, "**почти на 45%** — «…» [1]")]
    thanked = assistant.ask("ok", turns)
    assert thanked.language == "ru"
    turns.append(Turn(thanked.question, thanked.text))
    assert "Узбекистан" in assistant.ask("А товарооборот?", turns).standalone_question


def test_an_abstention_names_each_nearest_document_once(assistant: Assistant) -> None:
    answer = assistant.ask("Какая столица Австралии?")
    titles = {citation.title for citation in answer.citations}
    assert len(titles) < len(answer.citations)
    assert [answer.text.count(title) for title in titles] == [1] * len(titles)


def test_an_answer_that_is_stopped_before_it_begins_does_not_say_that_the_documents_lack_it(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Says, "read", lambda *_, **__: iter((Reading((), used=1, stopped=True),)))
    answer = Assistant(assistant.index, _Says()).ask(EXPORT)
    assert answer.status == "abstained"
    assert answer.text.startswith("Ответ остановлен. Искали: ")
    assert "Ответ остановлен." not in answer.notes


def test_nothing_is_quoted_from_outside_the_article(assistant: Assistant) -> None:
    answer = assistant.ask("Кто победил в конкурсе «Голос МАЗа»?")
    assert answer.status == "abstained"
    assert "ГОЛОС МАЗА" not in "".join(citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("Кто премьер-министр Узбекистана?", "abstained"),
        ("Who is the prime minister of Uzbekistan?", "abstained"),
        ("Кто президент Казахстана?", "abstained"),
        ("Who is the president of Kazakhstan?", "abstained"),
        ("Кто премьер-министр Казахстана?", "answered"),
        ("Who is the prime minister of Kazakhstan?", "answered"),
    ],
)
def test_the_holder_of_another_office_or_country_is_not_put_forward(
    assistant: Assistant, question: str, status: str
) -> None:
    assert assistant.ask(question).status == status


def test_the_present_is_told_by_the_newest_document_with_its_date(assistant: Assistant) -> None:
    answer = assistant.ask("Кто сейчас премьер-министр Беларуси?")
    assert answer.status == "answered"
    first = answer.text.splitlines()[0]
    assert "Турчин" in first
    newest = answer.citations[0]
    assert newest.date is not None
    assert first.startswith(f"По состоянию на {in_words(newest.date, 'ru')} ({newest.title}): ")


def test_what_was_said_before_comes_after_it_with_its_own_date(assistant: Assistant) -> None:
    question, new, old = "Кто сейчас премьер-министр Беларуси?", "001_f4c1c9e1d824052d.txt", "004_67d64e1b7d5e0c28.txt"
    evidence = assistant.ask(question, scope=[new, old]).evidence
    first = {name: next(s for s in evidence.sentences if s.document == name) for name in (old, new)}
    reader = _Says(*(Claim(sentence.text, (sentence.number,)) for sentence in first.values()))
    lines = Assistant(assistant.index, reader).ask(question, scope=[new, old]).text.splitlines()
    assert lines[0].startswith(f"По состоянию на 5 ноября 2025 года ({first[new].title}): {first[new].text}")
    assert lines[1].startswith(f"Ранее, 14 ноября 2024 года ({first[old].title}): {first[old].text}")


def test_a_year_that_a_quote_counts_from_its_own_is_told_apart_from_it(assistant: Assistant) -> None:
    document = "002_c1c8781a4c865100.txt"
    question = "На каком форуме рассчитывают представить дорожную карту?"
    evidence = assistant.ask(question, scope=[document]).evidence
    quote = next(sentence for sentence in evidence.sentences if "в следующем году" in sentence.text)
    answer = Assistant(assistant.index, _Says(Claim(quote.text, (quote.number,)))).ask(question, scope=[document])
    said, note = answer.text.splitlines()
    assert said == f"{quote.text} [1]"
    assert note.startswith("Пояснение: «в следующем году» [1] — это 2026 год")
    assert "26 ноября 2025 года" in note


def test_the_answer_is_in_the_language_of_the_question(assistant: Assistant) -> None:
    answer = assistant.ask("How do you cook borscht for four?")
    assert answer.language == "en"
    assert answer.text.startswith("Your documents don't say.")


def test_a_follow_up_is_asked_in_full(assistant: Assistant) -> None:
    answer = assistant.ask("А товарооборот?", [Turn(EXPORT, "почти на 45%")])
    assert "на треть" in answer.text
    assert "Узбекистан" in answer.standalone_question
    assert answer.question == "А товарооборот?"


def test_the_reader_hears_the_history(assistant: Assistant) -> None:
    reader = _Says()
    turns = [Turn(EXPORT, "почти на 45%")]
    Assistant(assistant.index, reader).ask("А товарооборот?", turns)
    assert reader.turns == turns


def test_a_model_that_invents_everything_is_replaced_by_quotes_and_it_is_said(assistant: Assistant) -> None:
    reader = _Says(Claim("Экспорт упал на 99% из-за драконов.", (1,)))
    answer = Assistant(assistant.index, reader).ask(EXPORT)
    assert "99" not in answer.text
    assert "почти на 45%" in answer.text
    assert answer.notes == (
        "Утверждений модели, которых нет в источниках, отброшено: 1.",
        "Модель не ответила по источникам: вместо её текста приведены цитаты.",
    )


def test_an_unsupported_claim_among_others_is_dropped_and_counted(assistant: Assistant) -> None:
    quote = Assistant(assistant.index, _Says()).ask(EXPORT).citations[0].quote
    answer = Assistant(assistant.index, _Says(Claim(quote, (1,)), Claim("Драконов стало 99.", (1,)))).ask(EXPORT)
    assert [claim.text for claim in answer.claims] == [quote]
    assert len(answer.notes) == 1


def test_dropped_sentences_are_counted_in_the_answer(assistant: Assistant) -> None:
    answer = Assistant(assistant.index, _Says(dropped=2)).ask(EXPORT)
    assert "почти на 45%" in answer.text
    assert "отброшено: 2" in " ".join(answer.notes)


def test_citations_are_numbered_as_they_appear(assistant: Assistant) -> None:
    best = Assistant(assistant.index, _Says()).ask(EXPORT).citations
    reader = _Says(Claim(best[2].quote, (3,)), Claim(f"{best[0].quote} {best[2].quote}", (1, 3)))
    answer = Assistant(assistant.index, reader).ask(EXPORT)
    assert [claim.citations for claim in answer.claims] == [(1,), (2, 1)]
    assert [citation.quote for citation in answer.citations] == [best[2].quote, best[0].quote]


def test_claims_are_streamed_before_the_answer(assistant: Assistant) -> None:
    *before, last = assistant.stream(EXPORT)
    assert isinstance(last, Answer)
    assert list(last.claims) == before


def test_a_scope_keeps_other_documents_out(assistant: Assistant) -> None:
    answer = assistant.ask(EXPORT, scope=["004_67d64e1b7d5e0c28.txt"])
    assert {citation.document for citation in answer.citations} <= {"004_67d64e1b7d5e0c28.txt"}


@pytest.mark.parametrize("question", ["", "   \n", "а" * 4001])
def test_an_unusable_question_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(InputError):
        assistant.ask(question)


@pytest.mark.parametrize("question", ['" OR 1', "???", "🙂", "NEAR(", "и", "SELECT * FROM documents;"])
def test_an_odd_question_gets_an_answer_all_the_same(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status in {"answered", "abstained"}


@pytest.mark.parametrize(
    "question", [EXPORT, "Кто сейчас премьер-министр Беларуси?", "Как сварить борщ на четверых?", "Who won the cup?"]
)
def test_an_answer_is_given_where_the_confidence_reaches_the_threshold(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert 0 < answer.confidence < 1
    assert (answer.status == "answered") == (answer.confidence >= THRESHOLD)
    assert answer.confidence == answer.evidence.confidence


def test_without_evidence_there_is_no_confidence(assistant: Assistant) -> None:
    answer = assistant.ask(EXPORT, scope=[])
    assert (answer.status, answer.confidence) == ("abstained", 0)


class _Busy(_Says):
    """A reader that has a queue, and holds memory until it is closed."""

    name = "busy"
    closed = False

    def read(self, *arguments: Any, **named: Any) -> Iterator[ReaderEvent]:
        yield Waiting(2)
        yield Waiting(0)
        assert not self.closed
        yield from super().read(*arguments, **named)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def own(home: Home, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant of one's own over the seeds, with a reader that is busy."""
    with Index.open(Home.open(shutil.copytree(home.root, tmp_path / "home"))) as index:
        yield Assistant(index, _Busy(Claim("Экспорт вырос почти на 45%.", (1,))))


def test_a_document_that_goes_while_evidence_is_gathered_is_done_without(
    own: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = own.index.search
    gone: list[str] = []

    def searched(*arguments: Any, **named: Any) -> list[Hit]:
        hits = search(*arguments, **named)
        if not gone:
            gone.append(hits[0].passage.document_id)
            own.index.remove(gone[0])
        return hits

    monkeypatch.setattr(own.index, "search", searched)
    answer = own.ask(EXPORT)
    assert gone
    assert answer.citations
    assert gone[0] not in {citation.document for citation in answer.citations}


def test_the_queue_of_the_reader_is_told(own: Assistant) -> None:
    events = list(own.stream(EXPORT))
    assert events[:2] == [Waiting(2), Waiting(0)]
    assert isinstance(events[-1], Answer)


def test_another_reader_answers_from_the_next_question_on_and_is_kept(own: Assistant) -> None:
    before = own.reader
    assert isinstance(before, _Busy)
    answering = own.stream(EXPORT)
    assert next(answering) == Waiting(2)
    own.use("quote")
    assert own.ask(EXPORT).reader == "quote"
    assert not before.closed, "it is still reading"
    *_, answer = answering
    assert isinstance(answer, Answer)
    assert answer.reader in {"busy", "quote"}
    assert before.closed
    assert Home.open(own.index.home.root).config.reader == "quote"


def test_an_answer_that_nobody_hears_out_does_not_keep_a_reader(own: Assistant) -> None:
    before = own.reader
    assert isinstance(before, _Busy)
    answering = own.stream(EXPORT)
    next(answering)
    own.use("quote")
    answering.close()  # type: ignore[attr-defined]
    assert before.closed


@pytest.mark.parametrize("spec", ["oracle", "openai:bear@http://127.0.0.1:9/v1"])
def test_a_reader_that_cannot_be_used_leaves_the_one_before(own: Assistant, spec: str) -> None:
    before = own.reader
    with pytest.raises(IstokError):
        own.use(spec)
    assert own.reader is before
    assert Home.open(own.index.home.root).config.reader == "quote"


def test_settings_are_kept_beside_what_another_program_has_changed(own: Assistant) -> None:
    home = own.index.home
    home.save(home.config.model_copy(update={"answer_seconds": 7.0}))
    own.set(sources=3)
    kept = Home.open(home.root).config
    assert (kept.sources, kept.answer_seconds) == (3, 7.0)
    assert (own.index.home.config.sources, own.index.home.config.answer_seconds) == (3, 180.0)


def test_settings_that_cannot_be_kept_say_so_and_the_reader_stays(
    own: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = own.reader
    monkeypatch.setattr(Home, "save", full)
    with pytest.raises(IndexStateError, match="No space left on device"):
        own.use("quote")
    assert own.reader is before


def test_warming_up_loads_what_a_question_needs_and_keeps_what_is_wrong_for_the_question(home: Home) -> None:
    wrong = Home(home.root, home.config.model_copy(update={"reranker": "onnx:nowhere"}))
    with Index.open(wrong) as index:
        assistant = Assistant(index, open_reader("quote"))
        assistant.warm()
        with pytest.raises(IndexStateError, match="the reranker 'nowhere' is not on this machine"):
            assistant.ask("Сколько стоил мост?")
