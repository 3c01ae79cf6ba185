from __future__ import annotations

from collections.abc import Callable

import pytest

from istok.rag.types import Claim, Evidence
from istok.rag.verify import verify

EXPORTS = "Экспорт предприятий Минпрома возрос почти на 45%."
TRADE = "Trade turnover reached 18.5 million dollars in nine months."


@pytest.mark.parametrize("claim", [EXPORTS, f"**почти на 45%** — «{EXPORTS}»", f"**45%** — “{EXPORTS}”"])
def test_a_quote_is_supported_by_its_own_sentence(evidence_of: Callable[..., Evidence], claim: str) -> None:
    assert verify(Claim(claim, (1,)), evidence_of(EXPORTS)).verdict == "supported"


def test_a_quote_of_another_sentence_is_checked_as_any_claim(evidence_of: Callable[..., Evidence]) -> None:
    claim = f"**45%** — «{EXPORTS}»"
    assert verify(Claim(claim, (1,)), evidence_of(TRADE)).verdict == "unsupported"


def test_what_stands_before_a_quote_must_be_in_it(evidence_of: Callable[..., Evidence]) -> None:
    claim = f"**на 54%** — «{EXPORTS}»"
    assert verify(Claim(claim, (1,)), evidence_of(EXPORTS)).verdict == "unsupported"


def test_a_figure_that_the_cited_text_lacks_is_named(evidence_of: Callable[..., Evidence]) -> None:
    claim = verify(Claim("Экспорт предприятий Минпрома возрос на 54%.", (1,)), evidence_of(EXPORTS))
    assert claim.verdict == "unsupported"
    assert claim.issues == ("в источнике «45%», а в утверждении «54%»",)


def test_an_english_claim_over_a_russian_quote_is_checked(evidence_of: Callable[..., Evidence]) -> None:
    evidence = evidence_of(EXPORTS, language="ru")
    assert verify(Claim("Exports of Minprom enterprises rose by nearly 45%.", (1,)), evidence).verdict == "supported"
    claim = verify(Claim("Exports of Minprom enterprises fell by 54%.", (1,)), evidence)
    assert claim.verdict == "unsupported"
    assert claim.issues == (
        "cited text says “45%”, claim says “54%”",
        "the cited text says the opposite: “возрос”, not “fell”",
    )


def test_a_decimal_comma_is_a_decimal_point(evidence_of: Callable[..., Evidence]) -> None:
    claim = verify(Claim("Trade turnover reached 18.5 million dollars.", (1,)), evidence_of(TRADE))
    assert claim.verdict == "supported"
    claim = verify(Claim("Товарооборот достиг 18,5 млн долларов.", (1,)), evidence_of(TRADE))
    assert claim.verdict == "supported"


@pytest.mark.parametrize("written", [str.upper, str.lower])
def test_a_claim_in_one_case_is_checked_too(
    evidence_of: Callable[..., Evidence], written: Callable[[str], str]
) -> None:
    evidence = evidence_of("Договор подписан 18 ноября 2012 года в Москве.", language="ru")
    assert verify(Claim(written("The treaty was signed on 18 November 2012."), (1,)), evidence).verdict != "unsupported"
    assert verify(Claim(written("The treaty was signed on 19 November 2012."), (1,)), evidence).verdict == "unsupported"


def test_words_from_elsewhere_are_not_supported(evidence_of: Callable[..., Evidence]) -> None:
    assert verify(Claim("The moon is made of green cheese.", (1,)), evidence_of(TRADE)).verdict == "unsupported"


def test_some_of_the_words_support_in_part(evidence_of: Callable[..., Evidence]) -> None:
    claim = verify(Claim("Trade turnover, pleasing happy ministers greatly, continued.", (1,)), evidence_of(TRADE))
    assert claim.verdict == "partial"
    assert claim.issues == ("the cited text holds 29% of the claim's words",)


def test_a_name_that_cannot_be_checked_supports_in_part(evidence_of: Callable[..., Evidence]) -> None:
    claim = verify(Claim("Smirnov said that trade turnover reached 18.5 million dollars.", (1,)), evidence_of(TRADE))
    assert claim.verdict == "partial"


def test_only_the_cited_sentences_count(evidence_of: Callable[..., Evidence]) -> None:
    evidence = evidence_of(TRADE, EXPORTS)
    assert verify(Claim("Trade turnover reached 18.5 million dollars.", (2,)), evidence).verdict == "unsupported"


def test_a_name_is_looked_for_in_the_whole_document(evidence_of: Callable[..., Evidence]) -> None:
    evidence = evidence_of("В 2007 году она основала фонд «Справедливая помощь».", language="ru")
    documents = {evidence[1].document: "Елизавета Глинка — врач. В 2007 году она основала фонд «Справедливая помощь»."}
    false = Claim("Елизавета Бергман основала фонд «Справедливая помощь».", (1,))
    assert verify(false, evidence).verdict == "partial"
    assert verify(false, evidence, documents.get).verdict == "unsupported"
    true = Claim("Елизавета Глинка основала фонд «Справедливая помощь».", (1,))
    assert verify(true, evidence, documents.get).verdict == "partial"


def test_a_figure_counts_among_the_words_that_both_have(evidence_of: Callable[..., Evidence]) -> None:
    evidence = evidence_of("Эти операции позволили ему получить 50 млн долларов.", language="ru")
    assert verify(Claim("The schemes brought him $50 million.", (1,)), evidence).verdict != "unsupported"


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Who is the head of the Ministry of Industry of Belarus?", "unsupported"),
        ("Who is the head of the Ministry of Industry of Russia?", "supported"),
        ("Who is the head of the Ministry of Industry?", "supported"),
    ],
)
def test_a_claim_takes_the_country_that_it_leaves_out_from_its_question(
    evidence_of: Callable[..., Evidence], question: str, verdict: str
) -> None:
    evidence = evidence_of("Глава Минпромторга России Антон Алиханов сообщил о росте.", language="ru")
    assert verify(Claim("Anton Alikhanov.", (1,)), evidence, question=question).verdict == verdict


def test_a_claim_that_names_another_country_than_its_question_is_told_as_it_is(
    evidence_of: Callable[..., Evidence],
) -> None:
    evidence = evidence_of("Exports to Russia rose by 5%.")
    question = "How did exports to Kazakhstan change?"
    assert (
        verify(Claim("Exports to Russia rose by 5%, it says.", (1,)), evidence, question=question).verdict
        == "supported"
    )
    assert verify(Claim("They rose by 5%.", (1,)), evidence, question=question).verdict == "unsupported"
