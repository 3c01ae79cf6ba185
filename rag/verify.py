"""Verification: does the cited text say what the claim says?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from istok.index.language import detect
from istok.index.terms import keys, query_terms, terms
from istok.rag.types import Claim, Evidence, Sentence, Verdict

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")

SUPPORTED, PARTIAL = 0.6, 0.35
"""Shares of a claim's words that its cited sentences must hold to be supported, and to be so in part."""


def verify(claim: Claim, evidence: Evidence) -> Claim:
    """The claim with its verdict, and with the reasons in words when it is not supported."""
    cited = [evidence[number] for number in claim.citations]
    if any(claim.text == sentence.text for sentence in cited):
        return Claim(claim.text, claim.citations)
    issues = _foreign_figures(claim, cited)
    share = _shared(claim, cited)
    if issues or share < PARTIAL:
        verdict: Verdict = "unsupported"
        if share < PARTIAL:
            issues.append(f"the cited text holds {share:.0%} of the claim's words")
    elif share < SUPPORTED:
        verdict = "partial"
        issues.append(f"the cited text holds {share:.0%} of the claim's words")
    else:
        verdict = "supported"
    return Claim(claim.text, claim.citations, verdict, tuple(issues))


def _foreign_figures(claim: Claim, cited: Sequence[Sentence]) -> list[str]:
    said = {
        _plain(figure) for sentence in cited for figure in _FIGURE.findall(f"{sentence.text} {sentence.date or ''}")
    }
    return [
        f"the claim says {figure}, the cited text does not"
        for figure in _FIGURE.findall(claim.text)
        if _plain(figure) not in said
    ]


def _plain(figure: str) -> str:
    return figure.replace(",", ".").rstrip(".")


def _shared(claim: Claim, cited: Sequence[Sentence]) -> float:
    """The share of the claim's words that the cited sentences hold, by stem in one language and by key across."""
    wanted = query_terms(claim.text)
    if not wanted:
        return 0.0
    language = detect(claim.text)
    said = {term for sentence in cited for term in terms(f"{sentence.text} {sentence.title}")}
    crossing = {key for sentence in cited if detect(sentence.text) != language for key in keys(sentence.text)}
    return sum(term in said or bool(crossing.intersection(keys(term))) for term in wanted) / len(wanted)
