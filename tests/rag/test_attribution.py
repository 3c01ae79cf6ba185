"""What a claim ends up citing, whatever its reader cites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from istok.rag.attribution import attributed
from istok.rag.types import Claim, Evidence, Sentence

OPENED = "The steel plant in Riverton opened on 5 May 2021."
EMPLOYS = "It employs 340 people from the whole valley."
MAYOR = "Mayor Ann Parker cut the ribbon before 200 guests."
RIVAL = "The paper mill in Lakeside closed in 2019."


@pytest.fixture
def evidence(evidence_of: Callable[..., Evidence]) -> Evidence:
    return evidence_of(OPENED, EMPLOYS, MAYOR, RIVAL)


def _attributed(text: str, cited: tuple[int, ...], evidence: Evidence, question: str = "") -> Claim:
    return attributed(Claim(text, cited), evidence, lambda _: None, question)


@pytest.mark.parametrize("cited", [(1,), (1, 2), (3, 1), (1, 2, 3, 4)])
def test_only_what_bears_a_claim_stays_cited(evidence: Evidence, cited: tuple[int, ...]) -> None:
    claim = _attributed("The plant in Riverton was opened on 5 May 2021.", cited, evidence)
    assert (claim.verdict, claim.citations) == ("supported", (1,))


def test_what_only_two_bear_together_cites_both(evidence: Evidence) -> None:
    text = "The steel plant opened on 5 May 2021, mayor Ann Parker cut the ribbon before 200 guests."
    claim = _attributed(text, (4, 3, 1, 2), evidence)
    assert (claim.verdict, claim.citations) == ("supported", (3, 1))


def test_a_sentence_that_has_half_of_a_claim_does_not_do_for_all_of_it(evidence: Evidence) -> None:
    text = "The plant in Riverton was opened, the paper mill in Lakeside was closed."
    assert _attributed(text, (1, 4, 2), evidence).citations == (1, 4)


def test_what_two_documents_say_alike_cites_both(evidence_of: Callable[..., Evidence]) -> None:
    one, other = (evidence_of(OPENED, MAYOR, document=name) for name in ("a.txt", "b.txt"))
    both = Evidence((*one.sentences, *(_numbered(n, s) for n, s in enumerate(other.sentences, 3))))
    claim = _attributed("The plant in Riverton was opened on 5 May 2021.", (1, 2, 3), both)
    assert claim.citations == (1, 3)


def test_a_claim_beside_its_source_cites_the_source(evidence: Evidence) -> None:
    claim = _attributed("It employs 340 people from the valley.", (1,), evidence)
    assert (claim.verdict, claim.citations) == ("supported", (2,))


@pytest.mark.parametrize(
    "text",
    [
        "It employs 430 people from the valley.",  # nobody says so
        "Ann Parker.",  # a bare name may be said anywhere
    ],
)
def test_no_other_source_is_found_for_what_is_false_or_says_too_little(evidence: Evidence, text: str) -> None:
    claim = _attributed(text, (4,), evidence)
    assert (claim.verdict, claim.citations) == ("unsupported", (4,))


def test_a_claim_that_is_false_by_what_it_cites_stays_so(evidence: Evidence) -> None:
    assert _attributed("The plant in Riverton was opened on 6 May 2021.", (1, 2), evidence).verdict == "unsupported"


def _numbered(number: int, sentence: Sentence) -> Sentence:
    return replace(sentence, number=number)
