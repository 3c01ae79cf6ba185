"""Asking: the product's own answer, judged against short answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from istok.eval.matching import says
from istok.eval.spans import exact_match, marked, token_f1
from istok.index.types import Language
from istok.rag.types import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer to a question of a benchmark."""

    answer: Answer

    @property
    def answered(self) -> bool:
        """Whether it didn't abstain."""
        return self.answer.status == "answered"

    @property
    def said(self) -> str:
        """What the claims say; nothing for an abstention."""
        return " ".join(claim.text for claim in self.answer.claims)

    def quotes(self, expected: str) -> bool:
        """Whether a sentence that the answer cites says `expected`."""
        return self.answered and any(says(citation.quote, expected) for citation in self.answer.citations)

    def similarities(self, gold: Sequence[str], language: Language) -> dict[str, float]:
        """F1 and EM of all that is said, and of the span in it that is marked as the shortest answer, if one is."""
        spans = {"": self.said, " of the span": marked(self.said)}
        return {
            name + of: score(text, gold, language)
            for of, text in spans.items()
            for name, score in (("F1", token_f1), ("EM", exact_match))
            if text or not of
        }
