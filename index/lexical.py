"""The lexical voice: BM25 of a structured query, as a share of the most that the question could reach.

Each word of the question is looked for under several spellings. In passages of its own language that is its term. In
those of the other it is its translations, each counting as much as it is likely (probabilistic structured queries,
Darwish & Oard 2003), its keys, in which names and loan words are the same in both, and figures as they are. What one
word gives is saturated once, however many of its spellings stand there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from istok.index.language import detect
from istok.index.lexicon import translations
from istok.index.store import Store
from istok.index.terms import keys, query_terms, term, terms, tokens
from istok.index.types import Language

K1 = 1.2
B = 0.75
"""The constants of BM25 as FTS5 has them."""

TITLE = 0.5
"""What a word of the title counts, where one of the text counts 1."""

LIKELY = 0.1
"""Least probability with which a translation proposes passages; less likely ones only add to what is found."""

BUDGET = 3000
"""Occurrences of the question's words, rarest first, that passages are proposed by."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question as it may stand in a passage: spellings with their weights in (0, 1], and keys."""

    terms: Mapping[str, float]
    keys: frozenset[str] = frozenset()


def words(query: str, spoken: Language) -> list[Word]:
    """The question's words as passages in the language `spoken` would have them."""
    wanted = query_terms(query) or list(dict.fromkeys(terms(query)))
    if detect(query) == spoken:
        return [Word({term_: 1.0}) for term_ in wanted]
    found: dict[str, Word] = {}
    for token, _ in tokens(query):
        own = term(token)
        if own in wanted and own not in found:
            stays = own[0].isdigit() or detect(token) == spoken
            found[own] = Word({own: 1.0} if stays else translations(own), frozenset(keys(token)))
    return list(found.values())


class Lexical:
    """A question put to the passages in one language; `passages` is how many there are in all, if it is known."""

    def __init__(self, store: Store, query: Sequence[Word], spoken: Language, passages: int | None = None) -> None:
        self._store = store
        self._spoken = spoken
        self._spellings = {spelling for word in query for spelling in (*word.terms, *word.keys)}
        self._frequencies = store.frequencies(self._spellings)
        self._total = passages or max(1, store.counts()[1])
        self._weighed = [(word, *self._rarities(word)) for word in query]
        unknown = self._rarity(0)
        # Of a word that no passage has under any spelling, the most is what a single passage with it would get.
        self._most = (K1 + 1) * sum(max(by_terms, by_keys) or unknown for _, by_terms, by_keys in self._weighed)

    def _rarity(self, count: float) -> float:
        return math.log(1 + max(0.0, self._total - count + 0.5) / (count + 0.5))

    def _rarities(self, word: Word) -> tuple[float, float]:
        """The inverse document frequency of a word by its terms, mixed as they are weighed, and by its rarest key."""
        spread = sum(weight * self._frequencies[term_] for term_, weight in word.terms.items())
        known = [self._frequencies[key_] for key_ in word.keys if self._frequencies[key_]]
        return self._rarity(spread) if spread else 0.0, self._rarity(min(known)) if known else 0.0

    def proposed(self, limit: int, among: Collection[int] | None) -> list[int]:
        """The passages that hold most of the question's words by FTS5's own BM25, best first.

        Words that stand in many passages propose none where rarer ones do: looking at all of these takes most of
        the time, and changes little.
        """
        asked: list[tuple[int, str]] = []
        for word, _, _ in self._weighed:
            likely = [t for t, weight in word.terms.items() if weight >= LIKELY and self._frequencies[t]]
            known = [key_ for key_ in word.keys if self._frequencies[key_]]
            parts = [
                f"{columns} : (" + " OR ".join(f'"{spelling}"' for spelling in chosen) + ")"
                for columns, chosen in (("{context body}", likely), ("{keys}", known))
                if chosen
            ]
            if parts:
                asked.append((sum(self._frequencies[spelling] for spelling in (*likely, *known)), " OR ".join(parts)))
        expressions: list[str] = []
        spent = 0
        for count, expression in sorted(asked):
            if not expressions or spent + count <= BUDGET:
                expressions.append(expression)
                spent += count
        if not expressions:
            return []
        found = self._store.matches(" OR ".join(expressions), limit, languages=(self._spoken,), among=among)
        return [id_ for id_, _ in found]

    def scores(self, ids: Collection[int]) -> dict[int, float]:
        """The share of the reachable, in [0, 1], of those passages among `ids` that hold any of the words."""
        rows = self._store.stored_terms(ids, self._spoken)
        usual = self._store.usual_length() or 1.0
        found: dict[int, float] = {}
        for id_, context, body, keys_ in rows:
            counts = Counter(spelling for spelling in body if spelling in self._spellings)
            titled = self._spellings.intersection(context)
            norm = K1 * (1 - B + B * len(body) / usual)
            score = 0.0
            for word, by_terms, by_keys in self._weighed:
                count = sum(weight * (counts[t] + TITLE * (t in titled)) for t, weight in word.terms.items())
                by_term = by_terms * count / (count + norm)
                by_key = by_keys / (1 + norm) if by_keys and not word.keys.isdisjoint(keys_) else 0.0
                score += max(by_term, by_key)
            if score:
                found[id_] = min(1.0, score * (K1 + 1) / self._most)
        return found
