"""Systems: the search by each of its voices alone, by both, and with its first hits in the order of their evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from istok.index.index import Index
from istok.index.types import Hit, Voice
from istok.rag.question import analyse
from istok.rag.scorer import Scorer

VOICES: Mapping[str, tuple[Voice, ...]] = {
    "dense": ("dense",),
    "lexical": ("lexical",),
    "fused": ("dense", "lexical"),
}
"""The search as a whole, and each of its sides alone."""

RERANKED = "reranked"
"""As many of the first hits as evidence is gathered from, by the score of their best sentence; then the others."""


class System(Protocol):
    """One way to search."""

    def __call__(self, query: str, k: int) -> Sequence[Hit]:
        """The `k` best passages, best first. Raises IndexStateError as Index.search does."""


def voices(index: Index) -> dict[str, System]:
    """The systems without reranking that can be measured on `index`: without vectors there is only one."""
    known = VOICES if index.counts()[2] else {"lexical": VOICES["lexical"]}

    def system(chosen: tuple[Voice, ...]) -> System:
        return lambda query, k: index.search(query, k, voices=chosen)

    return {name: system(chosen) for name, chosen in known.items()}


def systems(index: Index) -> dict[str, System]:
    """All systems of `index`, the reranked one last."""
    sources = index.home.config.sources

    def reranked(query: str, k: int) -> list[Hit]:
        hits = index.search(query, max(k, sources))
        return [*rerank(query, hits[:sources], index), *hits[sources:]][:k]

    return {**voices(index), RERANKED: reranked}


def rerank(query: str, hits: Sequence[Hit], index: Index) -> list[Hit]:
    """Passages in the order of their best sentences as evidence for `query`."""
    scorer = Scorer(analyse(query), index, hits)
    best = dict.fromkeys((hit.passage.id for hit in hits), 0.0)
    for candidate, score in zip(scorer.candidates, scorer.scores(), strict=True):
        id_ = candidate.hit.passage.id
        best[id_] = max(best[id_], score)
    return sorted(hits, key=lambda hit: -best[hit.passage.id])
