from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from istok.rag.grammar import MAX_SENTENCES, NO_ANSWER, ClaimParser, one_question, provisional, without_marks
from istok.rag.types import Claim

SENTENCES = [
    "Export grew [1].",
    "It was 18.5 mln. dollars in the U.S. [2][3].",
    "«Рост — 45%», — сказал он. [1]",
    "No source.",
]
# Written text, so that marks, full stops and line ends meet in every way.
written = st.lists(
    st.sampled_from(
        [
            "[1]",
            "[2]",
            "[9]",
            "[1, 2]",
            "[",
            "]",
            "[[1]1]",
            "1",
            ". ",
            "! ",
            "…",
            "\n",
            " ",
            "г. ",
            "Рост",
            "no answer",
            "»",
        ]
    )
    | st.text(max_size=8)
).map("".join)


def parse(text: str, count: int = 3) -> tuple[list[Claim], int]:
    parser = ClaimParser(count)
    claims = [*parser.feed(text), *parser.close()]
    return claims, parser.dropped


def test_each_sentence_becomes_a_claim_with_its_citations() -> None:
    claims, dropped = parse(" ".join(SENTENCES[:3]))
    assert [(claim.text, claim.citations) for claim in claims] == [
        ("Export grew.", (1,)),
        ("It was 18.5 mln. dollars in the U.S.", (2, 3)),
        ("«Рост — 45%», — сказал он.", (1,)),
    ]
    assert dropped == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grew 45%. [1] Fell. [2]", [("Grew 45%.", (1,)), ("Fell.", (2,))]),
        ("Grew [1, 2], then fell [3].", [("Grew, then fell.", (1, 2, 3))]),
        ("Встреча прошла в г. Минске [1].", [("Встреча прошла в г. Минске.", (1,))]),
        ("Приехал А. И. Иванов [2].", [("Приехал А. И. Иванов.", (2,))]),
        ("- Grew [1]\n- Fell [2]", [("Grew", (1,)), ("Fell", (2,))]),
        ("Grew [1][1][7].", [("Grew.", (1,))]),
    ],
)
def test_sentences_and_marks_are_told_apart(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(claim.text, claim.citations) for claim in parse(text)[0]] == expected


@pytest.mark.parametrize(
    "text", ["Nothing is cited.", "Cites what is not there [4].", "Cites zero [0].", "Cut short [1"]
)
def test_a_sentence_without_a_valid_citation_is_dropped_and_counted(text: str) -> None:
    assert parse(text) == ([], 1)


@pytest.mark.parametrize("text", ["Aliens landed. Export grew [1].", "Aliens landed in May. Export grew. [1]"])
def test_an_uncited_sentence_does_not_borrow_the_citation_of_the_next(text: str) -> None:
    claims, dropped = parse(text)
    assert [claim.text for claim in claims] == ["Export grew."]
    assert dropped == 1


def test_a_repeated_claim_is_dropped_and_counted() -> None:
    parser = ClaimParser(3)
    claims = [*parser.feed("Export grew [1]. Export grew [2]. "), *parser.close()]
    assert [claim.citations for claim in claims] == [(1,)]
    assert (parser.dropped, parser.repeated) == (1, True)


@pytest.mark.parametrize(
    ("text", "whole"), [("Grew [1]", True), ("Grew [1][2].", True), ("Grew [1] by 4", False), ("Grew [1", False)]
)
def test_of_a_text_cut_off_anywhere_only_a_sentence_that_has_ended_is_a_claim(text: str, whole: bool) -> None:
    parser = ClaimParser(3)
    assert [*parser.feed("It rains [3]. " + text), *parser.close(cut=True)] == [
        Claim("It rains.", (3,)),
        *parse(text)[0][: int(whole)],
    ]


@pytest.mark.parametrize(("text", "question"), [(" Кто мэр Речного?\n", "Кто мэр Речного?"), ("Who? ", "Who?")])
def test_one_question_is_taken_from_what_a_model_says(text: str, question: str) -> None:
    assert one_question(text) == question


@pytest.mark.parametrize("text", ["", "?", "Anna.", "Who?\nAnna?", "Who is", "why " * 100 + "?"])
def test_what_is_not_one_question_is_none(text: str) -> None:
    assert one_question(text) is None


@pytest.mark.parametrize("text", [*NO_ANSWER.values(), "no answer [1]."])
def test_no_answer_is_no_claim_and_nothing_dropped(text: str) -> None:
    assert parse(text) == ([], 0)
    assert provisional(text) == "" or "[" in text


@given(written, st.integers(1, 40))
def test_of_any_text_citations_exist_and_claims_have_no_marks(text: str, count: int) -> None:
    claims, dropped = parse(text, count)
    assert dropped >= 0
    for claim in claims:
        assert claim.citations
        assert all(1 <= number <= count for number in claim.citations)
        assert len(set(claim.citations)) == len(claim.citations)
        assert not re.search(r"[\[\]]", claim.text)
        assert any(character.isalnum() for character in claim.text)
    assert len({claim.text for claim in claims}) == len(claims)


@given(written, st.data())
def test_the_pieces_that_text_comes_in_do_not_matter(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    parser = ClaimParser(3)
    claims = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        claims += parser.feed(text[start:end])
    claims += parser.close()
    assert (claims, parser.dropped) == parse(text)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=MAX_SENTENCES).map(" ".join))
def test_provisional_text_only_grows_and_never_shows_a_mark(text: str) -> None:
    shown = ""
    for end in range(len(text) + 1):
        later = provisional(text[:end])
        assert later.startswith(shown)
        assert "[" not in later
        shown = later
    assert shown.split() == without_marks(text).split()
