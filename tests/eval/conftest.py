"""Hand-made answers over the real seed articles."""

from collections.abc import Callable

import pytest

from istok.eval.questions import SEEDS, GoldItem, load_gold
from istok.rag.types import Answer, Citation, Claim, Timings

ARTICLES = SEEDS.parents[2] / "seeds"


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    return {path.name: path.read_bytes().decode("utf-8") for path in ARTICLES.glob("*.txt")}


@pytest.fixture(scope="session")
def gold(texts: dict[str, str]) -> dict[str, GoldItem]:
    return {item.id: item for item in load_gold(SEEDS, texts)}


@pytest.fixture(scope="session")
def cite(texts: dict[str, str]) -> Callable[..., Citation]:
    """A citation of the words `quote` of a document, wherever they are."""

    def make(document: str, quote: str, number: int = 1) -> Citation:
        start = texts[document].index(quote)
        return Citation(number, document, "title", None, start, start + len(quote), quote, 1.0)

    return make


@pytest.fixture(scope="session")
def answer() -> Callable[..., Answer]:
    """An answer to an item, one claim with all citations; an abstention without a text."""

    def make(item: GoldItem, text: str | None, *citations: Citation, seconds: float = 0.1, **changed: object) -> Answer:
        fields = {
            "question": item.question,
            "standalone_question": item.standalone or item.question,
            "language": item.language,
            "status": "abstained" if text is None else "answered",
            "reader": "hand",
            "text": text or "—",
            "claims": (Claim(text, tuple(citation.number for citation in citations)),) if text else (),
            "citations": citations,
            "confidence": 0.5,
            "timings": Timings(seconds, seconds, seconds, 3 * seconds),
        }
        return Answer(**(fields | changed))

    return make


@pytest.fixture(scope="session")
def perfect(answer: Callable[..., Answer]) -> Callable[[GoldItem], Answer]:
    """The answer that quotes every gold range, or abstains where there is none."""

    def make(item: GoldItem) -> Answer:
        citations = [
            Citation(number, range_.document, "title", None, range_.start, range_.end, range_.quote, 1.0)
            for number, range_ in enumerate(item.proof, 1)
        ]
        text = " ".join(f"{citation.quote} [{citation.number}]" for citation in citations)
        claims = tuple(Claim(citation.quote, (citation.number,)) for citation in citations)
        return answer(item, text or None, *citations, claims=claims)

    return make
