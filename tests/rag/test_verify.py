from __future__ import annotations

from collections.abc import Callable

from istok.rag.types import Claim, Evidence
from istok.rag.verify import verify

EXPORTS = "Экспорт предприятий Минпрома возрос почти на 45%."
TRADE = "Trade turnover reached 18.5 million dollars in nine months."


def test_a_quote_is_supported_by_its_own_sentence(evidence_of: Callable[..., Evidence]) -> None:
    assert verify(Claim(EXPORTS, (1,)), evidence_of(EXPORTS)).verdict == "supported"


def test_a_figure_that_the_cited_text_lacks_is_named(evidence_of: Callable[..., Evidence]) -> None:
    claim = verify(Claim("Экспорт предприятий Минпрома возрос на 54%.", (1,)), evidence_of(EXPORTS))
    assert claim.verdict == "unsupported"
    assert claim.issues == ("the claim says 54, the cited text does not",)


def test_a_decimal_comma_is_a_decimal_point(evidence_of: Callable[..., Evidence]) -> None:
    claim = verify(Claim("Trade turnover reached 18,5 million dollars.", (1,)), evidence_of(TRADE))
    assert claim.verdict == "supported"


def test_words_from_elsewhere_are_not_supported(evidence_of: Callable[..., Evidence]) -> None:
    assert verify(Claim("The moon is made of green cheese.", (1,)), evidence_of(TRADE)).verdict == "unsupported"


def test_half_of_the_words_support_in_part(evidence_of: Callable[..., Evidence]) -> None:
    claim = verify(Claim("Trade turnover reached dollars, pleasing happy ministers greatly.", (1,)), evidence_of(TRADE))
    assert claim.verdict == "partial"


def test_only_the_cited_sentences_count(evidence_of: Callable[..., Evidence]) -> None:
    evidence = evidence_of(TRADE, EXPORTS)
    assert verify(Claim("Trade turnover reached 18.5 million dollars.", (2,)), evidence).verdict == "unsupported"
