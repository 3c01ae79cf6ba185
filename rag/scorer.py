"""The evidence scorer: how probably a sentence, in its passage and its document, answers a question.

A logistic model over a few features that can be read: what share of the question's words (each weighed by its
rarity) the sentence, its neighbours and its document hold; whether it holds the kind of thing asked for; whether
a name or a year that the question insists on is lacking. Its weights are fitted by `models/evidence/fit.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, zip_longest

from istok.index.embed import titled
from istok.index.index import Index
from istok.index.terms import STOPWORDS, is_country, keys, query_terms, terms, tokens
from istok.index.types import Document, Hit, Range
from istok.rag.question import YEAR, Kind, Question

FEATURES = (
    "own", "before", "after", "far", "pairs", "kind", "kind_lacking", "passage", "headline", "names_lost", "names_far",
    "year_lost", "elsewhere", "news", "announced", "pronoun", "passage_alike", "alike",
)  # fmt: skip
"""Names of the features, in the order of the weights."""

ENCODED = 24
"""Sentences that are encoded for a question: what two cores do in a fraction of a second."""

RELATED = 0.8
"""What a word of the same family counts, against the word itself."""

_KINDS: Mapping[Kind, re.Pattern[str]] = {
    "number": re.compile(
        r"\d|\b(?:одн|дв[ау]|двое|тр[ие]|треть|четыр|четверт|пят|шест|сем[ьи]|восем|девят|десят|половин|вдвое|втрое|перв|втор"
        r"|сот|сто|тысяч|миллион|миллиард)|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|third|quarter|twice"
        r"|first|second|dozen|hundred|thousand|million|billion)",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"(?<!\d)(?:19|20)\d\d(?!\d)|\b\d{1,2}\.\d{1,2}\b|\b\d{1,2}:\d\d\b|\b(?:январ|феврал|март|апрел|ма[йя]\b|июн|июл"
        r"|август|сентябр|октябр|ноябр|декабр|понедельник|вторник|сред[уа]\b|четверг|пятниц|суббот|воскресен)"
        r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|\w+day)\b",
        re.IGNORECASE,
    ),
    "person": re.compile(r"\b[А-ЯЁA-Z][а-яёa-z]+(?:\s+[А-ЯЁA-Z][а-яёa-z]+|\s+[А-ЯЁA-Z]\.)|\b[А-ЯЁA-Z]\.\s*[А-ЯЁA-Z]"),
    "place": re.compile(r"(?:\b(?:[Вв]|[Вв]о|[Нн]а|[Ии]з|под|[Ии]n|[Aa]t|from|near)\s+(?:\w+\s+)?)[«\"]?[А-ЯЁA-Z]"),
}
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_LAST_YEAR = re.compile(r"\bпрошл(?:ого|ом|ый)\s+год|\blast\s+year", re.IGNORECASE)
_THIS_YEAR = re.compile(r"\b(?:этого|этом|текущего|нынешнего)\s+год|\bсегодня\b|\bthis\s+year|\btoday\b", re.IGNORECASE)
_NEXT_YEAR = re.compile(r"\b(?:следующ(?:ем|его)|будущ(?:ем|его))\s+год|\bnext\s+year", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit; `position` counts the sentences of its passage from 0."""

    hit: Hit
    position: int

    @property
    def range(self) -> Range:
        """Its range in the original."""
        return self.hit.passage.sentences[self.position]

    @property
    def text(self) -> str:
        """The sentence."""
        return self.hit.passage.sentence(self.range)

    def neighbour(self, step: int) -> str:
        """The sentence `step` further on in the same passage, or ""."""
        position, sentences = self.position + step, self.hit.passage.sentences
        return self.hit.passage.sentence(sentences[position]) if 0 <= position < len(sentences) else ""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: probability = 1 / (1 + exp(-(intercept + values · features)))."""

    intercept: float
    values: tuple[float, ...]

    def __call__(self, features: Sequence[float]) -> float:
        """The probability, in (0, 1)."""
        logit = self.intercept + sum(v * x for v, x in zip(self.values, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


# WITHIN is the mean of a fit without the encoder and of one with it: the encoder has been trained on the same
# questions, and its cosine looks better on them than it is. ACROSS is the fit without it, moved as WITHIN was; a fit
# of its own is still to be made. The years and the places are set by hand: few questions try them.
WITHIN = Weights(
    -5.75,
    (1.46, 2.28, 0.7, 0.0, -0.9, 0.3, -1.0, -0.5, -2.7, 0.13, -1.95, -2.5, -2.0, -0.2, -0.2, 0.58, -0.2, 4.8),
)
"""For a sentence in the question's language."""

ACROSS = Weights(
    -5.9,
    (1.3, 2.4, 0.6, 0.2, 0.0, 0.25, -1.0, -0.3, -2.5, 0.2, -0.5, -2.5, -3.0, 0.2, -0.1, 0.6, 0.0, 5.5),
)
"""For a sentence in the other language."""


class Scorer:
    """Judges the sentences of a question's hits."""

    def __init__(self, question: Question, index: Index, hits: Sequence[Hit]) -> None:
        self.candidates = [Candidate(hit, position) for hit in hits for position in range(len(hit.passage.sentences))]
        self.documents = {id_: index.document(id_) for id_ in {hit.passage.document_id for hit in hits}}
        self._question = question
        self._index = index
        self._rarity = index.rarity(question.terms)
        self._keys = {term: frozenset(keys(word)) for word, _ in tokens(question.text) for term in terms(word)}
        self._far = {id_: _families(*index.words(id_)) for id_ in self.documents}
        self._pairs = list(pairwise(question.terms))
        self._row = _words(question.text)

    def scores(self) -> list[float]:
        """How probably each candidate answers, in (0, 1)."""
        return [
            self._weights(candidate)(features)
            for candidate, features in zip(self.candidates, self.features(), strict=True)
        ]

    def features(self) -> list[tuple[float, ...]]:
        """The features of each candidate, as FEATURES names them."""
        plain = [self._features(candidate) for candidate in self.candidates]
        return [(*features, alike) for features, alike in zip(plain, self._similarities(plain), strict=True)]

    def _weights(self, candidate: Candidate) -> Weights:
        return WITHIN if candidate.hit.passage.language == self._question.language else ACROSS

    def _similarities(self, plain: Sequence[tuple[float, ...]]) -> list[float]:
        """The encoder's cosine of each candidate to the question; 0 where it has no say.

        Only the candidates that look best without it are encoded; the rest get the lowest cosine of these.
        """
        found = [0.0] * len(self.candidates)
        known = self._index.languages
        judged = [i for i, candidate in enumerate(self.candidates) if candidate.hit.passage.language in known]
        if not judged or (query := self._index.encode_queries([self._question.text], self._question.language)) is None:
            return found
        judged.sort(key=lambda i: -self._weights(self.candidates[i])((*plain[i], 0.0)))
        rows = self._index.encode_passages([self._in_its_article(i) for i in judged[:ENCODED]])
        cosines = (rows @ query[0]).tolist()
        for i, cosine in zip_longest(judged, cosines, fillvalue=min(cosines)):
            found[int(i)] = cosine
        return found

    def _in_its_article(self, i: int) -> str:
        """A candidate under the title that says what it is about, as the passages were encoded."""
        candidate = self.candidates[i]
        return titled(self.documents[candidate.hit.passage.document_id].title, candidate.text)

    def _features(self, candidate: Candidate) -> tuple[float, ...]:
        question, text, passage = self._question, candidate.text, candidate.hit.passage
        same = passage.language == question.language
        before, after = candidate.neighbour(-1), candidate.neighbour(1)
        own, near = _vocabulary(text), _vocabulary(f"{before} {text} {after}")
        far = self._far[passage.document_id]
        has_kind = question.kind != "other" and self._has_kind(text)
        return (
            self._coverage(own, same),
            self._coverage(_vocabulary(f"{before} {text}"), same),
            self._coverage(_vocabulary(f"{text} {after}"), same),
            self._coverage(far, same),
            self._together(text, same),
            float(has_kind),
            float(question.kind != "other" and not has_kind),
            candidate.hit.lexical_score or 0.0,
            float(_is_headline(candidate, self.documents[passage.document_id])),
            self._lost(near, same),
            self._lost_far(candidate, same),
            self._year_lost(candidate),
            float(self._is_rival(text) if same else self._lacks_country(far)),
            math.log1p(len(own.terms - set(question.terms))) / 4,
            self._coverage(_vocabulary(before), same) if before.endswith(":") else 0.0,
            float(leans_back(text)),
            candidate.hit.dense_score or 0.0,
        )

    def _coverage(self, vocabulary: Vocabulary, same: bool) -> float:
        """The share of the question's words, weighed by rarity, that the vocabulary has."""
        total = sum(self._rarity[term] for term in self._question.terms)
        return (
            sum(self._rarity[t] * self._has(t, vocabulary, same) for t in self._question.terms) / total
            if total
            else 0.0
        )

    def _has(self, term: str, vocabulary: Vocabulary, same: bool) -> float:
        if term in vocabulary.terms:
            return 1.0
        if not same:
            return float(not vocabulary.keys.isdisjoint(self._keys.get(term, ())))
        return RELATED if vocabulary.has_kin(term) else 0.0

    def _together(self, text: str, same: bool) -> float:
        """The share of the question's neighbouring words that stand near each other in the sentence."""
        if not self._pairs or not same:
            return 0.0
        places: dict[str, list[int]] = {}
        for i, term in enumerate(terms(text)):
            places.setdefault(term, []).append(i)
        met = sum(
            any(abs(i - j) <= 3 for i in places.get(one, ()) for j in places.get(other, ()))
            for one, other in self._pairs
        )
        return met / len(self._pairs)

    def _has_kind(self, text: str) -> bool:
        """Whether the sentence holds the kind of thing that is asked for, other than what the question gave."""
        question, pattern = self._question, _KINDS[self._question.kind]
        if question.kind == "person":
            return any(question.names.isdisjoint(terms(found.group())) for found in pattern.finditer(text))
        given = question.years | question.figures
        text = _FIGURE.sub(lambda found: "" if found.group().replace(",", ".") in given else found.group(), text)
        if question.kind == "number":
            text = YEAR.sub("", text)
        return bool(pattern.search(text))

    def _lost(self, vocabulary: Vocabulary, same: bool) -> float:
        """How many of the question's names the vocabulary lacks."""
        return float(sum(not self._has(name, vocabulary, same) for name in self._question.names))

    def _lost_far(self, candidate: Candidate, same: bool) -> float:
        """How many of the question's names the document lacks, written out too."""
        document = self.documents[candidate.hit.passage.document_id]
        lost = [name for name in self._question.names if not self._has(name, self._far[document.id], same)]
        return float(
            sum(len(name) > _LONGEST_INITIALISM or name not in _initialisms(_whole(document)) for name in lost)
        )

    def _is_rival(self, text: str) -> bool:
        """Whether the sentence says of one place what is asked about another: "узбекским капиталом" is asked, and
        "белорусским капиталом" is what it says."""
        row = _words(text)
        said = {(side, word) for side, word, _ in _placed(row)}
        return any(
            (side, word) in said and not any(kin(place, term) for term in row)
            for side, word, place in _placed(self._row)
        )

    def _lacks_country(self, vocabulary: Vocabulary) -> bool:
        """Whether the question names a country of which a document in the other language doesn't speak."""
        return any(is_country(term) and not self._has(term, vocabulary, False) for term in self._question.terms)

    def _year_lost(self, candidate: Candidate) -> float:
        """1 when the sentence speaks of another year or nothing near it of the asked one; 0.5 when only another
        sentence of the document does."""
        asked = self._question.years
        if not asked:
            return 0.0
        document = self.documents[candidate.hit.passage.document_id]
        stated = _years(candidate.text, document.date)
        if stated:
            return float(stated.isdisjoint(asked))
        if (document.date or "")[:4] in asked:
            return 0.0
        return 1.0 if _years(_whole(document), document.date).isdisjoint(asked) else 0.5


# "По его словам" leans on the speaker, whom the reader can do without; "это" mostly on a whole train of thought.
_PRONOUN = re.compile(
    r"^[\s«\"“—–-]*(?!по (?:его|её|ее|их) словам)(?:\w+\s+)?(?:он|она|оно|они|его|её|ее|их|ему|ей|им|первые"
    r"|he|she|it|they|his|her|their)\b",
    re.IGNORECASE,
)


def leans_back(sentence: str) -> bool:
    """Whether a sentence opens with a pronoun, so that the one before it says of whom or what it speaks."""
    return bool(_PRONOUN.match(sentence))


def _is_headline(candidate: Candidate, document: Document) -> bool:
    return candidate.range.start == document.main[0].start and not candidate.text.endswith((".", "!", "…", "»"))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of a text, also by their first letters (for word families), and its cross-language keys."""

    terms: frozenset[str]
    families: Mapping[str, tuple[str, ...]]
    keys: frozenset[str]

    def has_kin(self, term: str) -> bool:
        """Whether one of the terms looks like another word of the same family."""
        return any(kin(term, other) for other in self.families.get(term[:4], ()))


def kin(one: str, other: str) -> bool:
    """Whether two stems begin alike for most of the shorter one's length (Казахстан, казахстанский)."""
    shorter = min(len(one), len(other))
    shared = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    return shared >= 4 and shared >= 0.7 * shorter and not one[0].isdigit()


@lru_cache(maxsize=4096)
def _vocabulary(text: str) -> Vocabulary:
    return _families(frozenset(terms(text)) | _initialisms(text), frozenset(keys(text)))


def _families(found: frozenset[str], crossing: frozenset[str]) -> Vocabulary:
    families: dict[str, list[str]] = {}
    for term in sorted(found):
        families.setdefault(term[:4], []).append(term)
    return Vocabulary(found, {first: tuple(group) for first, group in families.items()}, crossing)


def _words(text: str) -> list[str]:
    """The terms of a text without what tells nothing, so that a place stands next to what it belongs to."""
    return [term for term in query_terms(text) if term not in _FILLERS]


_FILLERS = frozenset(("республик", "republ"))


def _is_place(term: str) -> bool:
    """Whether a term is a country or a Russian adjective made of a name (узбекский, but not экономический)."""
    return is_country(term) or (len(term) > 4 and term.endswith("ск") and not term.endswith("еск"))


def _placed(row: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Each word that stands beside a place: on which side the place is, the word, the place."""
    for one, other in pairwise(row):
        if _is_place(one) != _is_place(other):
            yield (-1, other, one) if _is_place(one) else (1, one, other)


_LONGEST_INITIALISM = 5


@lru_cache(maxsize=4096)
def _initialisms(text: str) -> frozenset[str]:
    """What the names in a text may be shortened to: Минский автомобильный завод, маз."""
    words = [token for token, _ in tokens(text) if token.lower() not in STOPWORDS]
    return frozenset(
        "".join(word[0] for word in words[i : i + length]).lower()
        for i, word in enumerate(words)
        if word[0].isupper()
        for length in range(2, _LONGEST_INITIALISM + 1)
    )


def _whole(document: Document) -> str:
    return "\n".join([document.title, *(document.text[r.start : r.end] for r in document.main)])


def _years(text: str, date: str | None) -> frozenset[str]:
    """The years that a text speaks of; "last year" is counted from the document's date."""
    found = set(YEAR.findall(text))
    if date:
        for pattern, step in ((_LAST_YEAR, -1), (_THIS_YEAR, 0), (_NEXT_YEAR, 1)):
            if pattern.search(text):
                found.add(str(int(date[:4]) + step))
    return frozenset(found)
