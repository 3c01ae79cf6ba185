"""Search: two voices, the encoder's cosines and BM25 over terms, judge the same passages; their scores are fused.

Not their ranks: rank fusion lets a side that knows nothing outvote one that does (an English encoder on Russian text
brings XQuAD-R's Russian MRR from BM25's 0.78 to 0.41). So each voice first says which passages it can judge: an
encoder only those in its languages, and only for a question in one of them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from istok.index.embed import Embedder
from istok.index.fusion import WEIGHTS, fuse
from istok.index.language import detect
from istok.index.lexical import Lexical, words
from istok.index.store import Store
from istok.index.types import Hit, Language, Voice
from istok.index.vectors import VectorStore

POOL = 100
"""Passages that each voice proposes, or as many as are wanted if those are more."""

_LANGUAGES: tuple[Language, ...] = ("ru", "en")


def rarity(store: Store, wanted: Collection[str]) -> Mapping[str, float]:
    """How much each term tells, always positive: log(1 + N / (1 + n)) for n of N passages that hold it."""
    _, total, _ = store.counts()
    return {term: math.log(1 + total / (1 + count)) for term, count in store.frequencies(wanted).items()}


def search(
    store: Store,
    vectors: VectorStore | None,
    encoder: Embedder | None,
    query: str,
    k: int,
    *,
    among: Collection[int] | None = None,
    voices: Collection[Voice] = ("dense", "lexical"),
) -> list[Hit]:
    """The `k` best passages, best first; without vectors and encoder where they have no say on the question.

    A voice that is not among `voices` is not heard; its scores and ranks are None.
    """
    pool = max(POOL, k)
    row = encoder.encode_queries([query]) if encoder and vectors and "dense" in voices else None
    cosines = dict(vectors.search(row, pool, among=among)) if vectors and row is not None else {}
    dense_ranks = _ranks(cosines)

    total = store.counts()[1]
    both = store.languages()
    asked = [Lexical(store, words(query, spoken), spoken, total) for spoken in _LANGUAGES if spoken in both]
    proposed = {id_ for side in asked for id_ in side.proposed(pool, among)} if "lexical" in voices else set()

    # Each voice also judges what the other proposed, so that no score is a guess.
    shares: dict[int, float] = {}
    if "lexical" in voices:
        for side in asked:
            shares |= side.scores(proposed | cosines.keys())
    if row is not None:
        ids, rows = store.vectors(row.shape[1], proposed - cosines.keys())
        cosines |= dict(zip(ids, (rows @ row[0]).tolist(), strict=True))
        # A cosine below 0 says no less than one of 0, and rounding may take one above 1.
        cosines = {id_: min(1.0, max(0.0, cosine)) for id_, cosine in cosines.items()}

    spoken = store.spoken(shares.keys() | cosines.keys())
    weights = {id_: WEIGHTS.of(detect(query), language) for id_, language in spoken.items()}
    if "lexical" not in voices:
        weights = dict.fromkeys(weights, 1.0)
    known = encoder.languages if encoder and row is not None else ()
    waiting = {id_ for id_, language in spoken.items() if language in known}
    scores = fuse(cosines, shares, weights, waiting)

    best = sorted(scores, key=lambda id_: (-scores[id_], id_))[:k]
    passages = store.passages_by_id(best)
    lexical_ranks = _ranks({id_: share for id_, share in shares.items() if id_ in proposed})
    return [
        Hit(passages[id_], scores[id_], cosines.get(id_), shares.get(id_), dense_ranks.get(id_), lexical_ranks.get(id_))
        for id_ in best
        if id_ in passages
    ]


def _ranks(scores: Mapping[int, float]) -> dict[int, int]:
    return {id_: rank for rank, id_ in enumerate(sorted(scores, key=lambda id_: (-scores[id_], id_)), 1)}
