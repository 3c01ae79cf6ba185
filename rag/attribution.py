"""Attribution: which sentences a claim rests on, whatever its reader cites.

A small language model cites all that it was given, or the sentence beside the right one. What is left of its citations
are those that bear the claim; a claim that they don't bear is looked for in the other evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from istok.rag.checks.figures import figures
from istok.rag.checks.words import words
from istok.rag.selection import sources
from istok.rag.types import Claim, Evidence
from istok.rag.verify import TextOf, share_held, verify

Bears = Callable[[Sequence[int], float], bool]
"""Whether the sentences of these numbers support a claim, and hold that share of its words."""

NEARLY = 0.9
"""Of the share of a claim's words that all its citations hold: what fewer of them must hold to do without the rest."""

SAYS_ENOUGH = 4
"""Words and figures from which on a claim can be told from others: a bare name is said in many places."""

SAYS_SAME = 0.8
"""Share of a claim's words that a sentence must hold which it doesn't cite: more than where it does, since any of
twenty may have half of them."""


def attributed(claim: Claim, evidence: Evidence, text_of: TextOf, question: str = "") -> Claim:
    """The claim as `verify` judges it, with those of its citations that bear it: each of them alone, or else no more
    than they need one another. One that they don't bear, if it says enough by itself, cites what bears it instead."""

    def judged(numbers: Sequence[int]) -> Claim:
        return verify(Claim(claim.text, tuple(numbers)), evidence, text_of, question)

    def held(numbers: Sequence[int]) -> float:
        return share_held(claim.text, [evidence[number] for number in numbers])

    def bear(numbers: Sequence[int], share: float) -> bool:
        return held(numbers) >= share and judged(numbers).verdict == "supported"

    cited = claim.citations
    whole = judged(cited)
    if whole.verdict != "supported":
        return next(map(judged, _instead(claim, evidence, bear)), whole)
    if len(cited) == 1:
        return whole
    share = NEARLY * held(cited)
    alone = {same for number in cited if bear([number], share) for same in sources(evidence[number], evidence)}
    return judged([number for number in cited if number in alone] or _fewest(cited, bear, share))


def _fewest(cited: Sequence[int], bear: Bears, share: float) -> list[int]:
    """What is left when each that the others can do without is left out, the last ones first."""
    kept = list(cited)
    for number in reversed(cited):
        others = [other for other in kept if other != number]
        if others and bear(others, share):
            kept = others
    return kept


def _instead(claim: Claim, evidence: Evidence, bear: Bears) -> Iterator[tuple[int, ...]]:
    """The best sentence of the evidence that bears the claim, with those that say the same."""
    if sum(not word.is_function for word in words(claim.text)) + len(figures(claim.text)) < SAYS_ENOUGH:
        return
    for sentence in evidence.sentences:
        if sentence.number not in claim.citations and bear([sentence.number], SAYS_SAME):
            yield sources(sentence, evidence)
