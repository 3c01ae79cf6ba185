"""Search: dense and lexical scores of the same passages, fused by their values, not by their ranks.

Rank fusion lets a side that knows nothing outvote one that does (an English encoder on Russian text brings
XQuAD-R's Russian MRR from BM25's 0.78 to 0.41). So each side first says which passages it can judge: an
encoder only those in its languages, and only for a question in one of them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from istok.index.embed import Embedder
from istok.index.language import detect
from istok.index.store import Store
from istok.index.terms import keys, query_terms, terms, tokens
from istok.index.types import Hit, Language
from istok.index.vectors import VectorStore

POOL = 100
"""Passages that each side proposes, or as many as are wanted if those are more."""

DENSE_WEIGHT = 0.3
"""Share of the cosine in the fused score where both sides have a say."""

_SATURATION = 2.2  # k1 + 1 of FTS5's BM25: what one term can give at most, in units of its rarity


def _frequencies(store: Store, wanted: Collection[str]) -> Mapping[str, float]:
    """The inverse document frequency of each term, as FTS5's BM25 weighs it."""
    _, total, _ = store.counts()
    return {
        term: max(1e-6, math.log((total - count + 0.5) / (count + 0.5)))
        for term, count in store.frequencies(wanted).items()
    }


_COMMON = math.log(3)  # the weight of what a quarter of the passages holds


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
) -> list[Hit]:
    """The `k` best passages, best first; without vectors and encoder where they have no say on the question."""
    pool = max(POOL, k)
    lexical = _lexical(store, query, pool, among)
    dense: dict[int, float] = {}
    if encoder is not None and vectors is not None:
        row = encoder.encode_queries([query])
        dense = dict(vectors.search(row, pool, among=among))
        # Each side also judges what the other proposed, so that no score is a guess.
        ids, rows = store.vectors(encoder.dimensions, [id_ for id_ in lexical if id_ not in dense])
        dense_ranks = _ranks(dense)
        dense |= dict(zip(ids, (rows @ row[0]).tolist(), strict=True))
        lexical_ranks = _ranks(lexical)
        lexical |= _lexical(store, query, pool, [id_ for id_ in dense if id_ not in lexical])
        # A cosine below 0 says no less than one of 0, and rounding may take one above 1.
        dense = {id_: min(1.0, max(0.0, cosine)) for id_, cosine in dense.items()}
    else:
        dense_ranks, lexical_ranks = {}, _ranks(lexical)

    def fused(id_: int) -> float:
        words = lexical.get(id_, 0.0)
        if id_ not in dense:
            return words
        return DENSE_WEIGHT * dense[id_] + (1 - DENSE_WEIGHT) * words

    best = sorted(lexical.keys() | dense.keys(), key=lambda id_: (-fused(id_), id_))[:k]
    passages = store.passages_by_id(best)
    return [
        Hit(passages[id_], fused(id_), dense.get(id_), lexical.get(id_), dense_ranks.get(id_), lexical_ranks.get(id_))
        for id_ in best
        if id_ in passages
    ]


def _ranks(scores: Mapping[int, float]) -> dict[int, int]:
    return {id_: rank for rank, id_ in enumerate(sorted(scores, key=lambda id_: (-scores[id_], id_)), 1)}


def _lexical(store: Store, query: str, limit: int, among: Collection[int] | None) -> dict[int, float]:
    """BM25 as a share of the most that the question could reach, by passage id.

    Passages in the question's language are matched by their terms; those in the other by what survives a
    change of language: figures, names and loan words.
    """
    language = detect(query)
    foreign: Language = "en" if language == "ru" else "ru"
    own = [[term] for term in query_terms(query) or terms(query)]
    crossing = [[term] for [term] in own if term[0].isdigit()] + [keys(token) for token, _ in tokens(query)]
    scores: dict[int, float] = {}
    for spoken, columns, words in ((language, "{context body}", own), (foreign, "{body keys}", crossing)):
        spellings = [spelling for word in words for spelling in word]
        if not spellings or spoken not in store.languages():
            continue
        weights = _frequencies(store, spellings)
        most = _SATURATION * sum(max(weights[spelling] for spelling in word) for word in words if word)
        # What stands in every fourth passage tells little, and looking at all of these takes most of the time.
        telling = [spelling for spelling in spellings if weights[spelling] > _COMMON]
        found: list[tuple[int, float]] = []
        for chosen in (telling, spellings):
            if chosen and not found:
                expression = columns + " : (" + " OR ".join(f'"{spelling}"' for spelling in chosen) + ")"
                found = store.matches(expression, limit, languages=(spoken,), among=among)
        scores |= {id_: min(1.0, score / most) for id_, score in found}
    return scores
