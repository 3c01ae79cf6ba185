from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest

from istok.index.types import Language
from istok.rag.readers.quote import QuoteReader
from istok.rag.spans.framing import marked
from istok.rag.types import Claim, Evidence, Reading
from istok.rag.verify import verify

DELEGATION = "Делегацию во главе с Александром Рогожником приняли 5 ноября 2025 года."
EXPORT = "Завод «Луч» вырос: экспорт завода возрос почти на 45%."


def read(question: str, evidence: Evidence, language: Language) -> list[Claim]:
    *claims, reading = QuoteReader().read(question, (), evidence, language=language, stop=Event())
    assert isinstance(reading, Reading)
    assert list(reading.claims) == claims
    return [claim for claim in claims if isinstance(claim, Claim)]


def test_the_shortest_answer_comes_first_and_the_whole_sentence_after_it(evidence_of: Callable[..., Evidence]) -> None:
    [claim] = read("На сколько возрос экспорт?", evidence_of(EXPORT, language="ru"), "ru")
    assert claim == Claim(f"**почти на 45%** — «{EXPORT}»", (1,))


def test_a_name_comes_first_in_the_nominative_and_stays_as_it_is_in_its_quote(
    evidence_of: Callable[..., Evidence],
) -> None:
    evidence = evidence_of(DELEGATION, language="ru")
    [claim] = read("Кто возглавлял делегацию?", evidence, "ru")
    assert claim.text == f"**Александр Рогожник** — «{DELEGATION}»"
    assert verify(claim, evidence).verdict == "supported"


def test_a_sentence_without_a_short_answer_is_quoted_bare(evidence_of: Callable[..., Evidence]) -> None:
    [claim] = read("Почему вырос завод «Луч»?", evidence_of(EXPORT, language="ru"), "ru")
    assert claim.text == EXPORT


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("By how much did exports grow?", EXPORT, "nearly 45%"),
        ("Who headed the delegation?", DELEGATION, "Aleksandr Rogozhnik"),
        ("When was the delegation received?", DELEGATION, "5 November 2025"),
    ],
)
def test_an_english_question_gets_an_english_answer_and_the_quote_in_russian(
    question: str, text: str, answer: str, evidence_of: Callable[..., Evidence]
) -> None:
    [claim] = read(question, evidence_of(text, language="ru"), "en")
    assert claim.text == f"**{answer}** — in Russian: «{text}»"


def test_a_foreign_quote_without_a_short_answer_is_labelled_too(evidence_of: Callable[..., Evidence]) -> None:
    [claim] = read("Why was the delegation received?", evidence_of(DELEGATION, language="ru"), "en")
    assert claim.text == f"In Russian: «{DELEGATION}»"


def test_the_language_of_the_answer_is_the_one_that_the_reader_is_given(evidence_of: Callable[..., Evidence]) -> None:
    [claim] = read(f"In English: «На сколько возрос экспорт?» ({EXPORT})", evidence_of(EXPORT, language="ru"), "en")
    assert "in russian: «" in claim.text.lower()


def test_an_older_document_is_not_quoted_for_the_answer_that_the_newest_has_given(
    evidence_of: Callable[..., Evidence],
) -> None:
    newest = "Визит премьер-министра Беларуси Александра Турчина завершён."
    for name, told in (("Александром Турчиным", 1), ("Романом Головченко", 2)):
        older = f"Он встретился с премьер-министром Беларуси {name}."
        evidence = evidence_of(newest, older, language="ru")
        sentences = zip(evidence.sentences, ("a", "b"), ("2025-11-05", "2025-10-21"), strict=True)
        dated = Evidence(tuple(replace(each, document=document, date=date) for each, document, date in sentences))
        assert len(read("Кто сейчас премьер-министр Беларуси?", dated, "ru")) == told


def test_a_russian_question_gets_a_russian_answer_and_the_quote_in_english(
    evidence_of: Callable[..., Evidence],
) -> None:
    text = "The plant opened on November 5, 2025."
    [claim] = read("Когда открылся завод?", evidence_of(text), "ru")
    assert claim.text == f"**5 ноября 2025** — по-английски: “{text}”"


def test_a_frame_is_told_from_a_claim_that_only_holds_the_quote(evidence_of: Callable[..., Evidence]) -> None:
    [claim] = read("By how much did exports grow?", evidence_of(EXPORT, language="ru"), "en")
    assert marked(claim.text, EXPORT) == "nearly 45%"
    assert marked(EXPORT, EXPORT) == ""
    assert marked(f"In Russian: «{EXPORT}»", EXPORT) == ""
    assert marked(f"Экспорт упал. {EXPORT}", EXPORT) is None
    assert marked(f"**45%** — «{EXPORT}» Экспорт упал.", EXPORT) is None


def test_without_evidence_nothing_is_quoted(evidence_of: Callable[..., Evidence]) -> None:
    assert read("На сколько возрос экспорт?", evidence_of(), "ru") == []
