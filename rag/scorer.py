"""The evidence scorer: how probably a sentence, in its passage and its document, answers a question.

A logistic model over a few features that can be read: what share of the question's words (each weighed by its
rarity) the sentence, its neighbours and its document hold; how near the encoder finds the question's words to the
sentence's, read in their passage; whether it holds the kind of thing asked for; whether a name or a year that the
question insists on is lacking. Its weights are fitted by `models/evidence/fit.py`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from istok.index.index import Index
from istok.index.lexicon import translations
from istok.index.terms import STOPWORDS, is_country, keys, query_terms, same_country, terms, tokens
from istok.index.types import Document, Hit, Range
from istok.rag.question import HOLDER, YEAR, Kind, Question

READ = (
    "closest", "closest_titled", "closest_passage", "ahead", "ahead_evenly", "ahead_near", "alike", "alike_beyond",
    "passage_alike",
)  # fmt: skip
"""Names of the features that the encoder gives; 0 where it has no say."""

FEATURES = (
    "own", "before", "after", "near", "far", "around", "names_lost", "names_far", "pairs", "kind", "kind_lacking",
    "passage", "headline", "year_lost", "elsewhere", "news", "announced", "pronoun", *READ,
)  # fmt: skip
"""Names of the features, in the order of the weights."""

BY_HAND: Mapping[str, float] = {"year_lost": -3.5, "elsewhere": -4.0}
"""Weights that few questions of a news set try: what is true of another year or another place is no answer."""

RELATED = 0.8
"""What a word of the same family counts, against the word itself."""

COMMON = 0.15
"""What a function word counts, against a usual word of the question, where the encoder compares words."""

Row = NDArray[np.float64]

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
_PIECE = re.compile(r"\d+(?:[.,]\d+)*|\w[\w\u0300-\u036f\u00ad]*|[^\w\s]")  # a word, or a mark
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


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Weights]:
    """The fitted weights, by the `situation` of a sentence."""
    stored = json.loads(files("istok.models").joinpath("evidence", "weights.json").read_text("utf-8"))
    return {
        name: Weights(numbers["intercept"], tuple(numbers[feature] for feature in FEATURES))
        for name, numbers in stored.items()
    }


def situation(same: bool, is_read: bool) -> str:
    """Sentences in the question's language and in the other are judged apart, with the encoder and without."""
    return ("within" if same else "across") + ("" if is_read else ", words alone")


class Scorer:
    """Judges the sentences of a question's hits."""

    def __init__(self, question: Question, index: Index, hits: Sequence[Hit]) -> None:
        self.candidates = [Candidate(hit, position) for hit in hits for position in range(len(hit.passage.sentences))]
        self.documents = {id_: index.document(id_) for id_ in {hit.passage.document_id for hit in hits}}
        self._question = question
        self._index = index
        self._asked = [*question.terms, *sorted(question.names.difference(question.terms))]
        self._keys = {term: frozenset(keys(word)) for word, _ in tokens(question.text) for term in terms(word)}
        self._rarity = {same: self._rarities(same) for same in set(map(self._is_same, self.candidates))}
        self._far = {id_: _families(*index.words(id_)) for id_ in self.documents}
        self._pairs = list(pairwise(question.terms))
        self._placed = list(_placed(_words(question.text)))
        self._offices = _offices(question.text) if HOLDER.search(question.text) else frozenset()
        spoken = {hit.passage.language for hit in hits} | {question.language}
        self._is_read = bool(hits) and spoken <= index.languages
        self._features: list[tuple[float, ...]] | None = None

    def situation(self, place: int) -> str:
        """The `situation` of the candidate at that place."""
        return situation(self._is_same(self.candidates[place]), self._is_read)

    def scores(self) -> list[float]:
        """How probably each candidate answers, in (0, 1)."""
        return [weights()[self.situation(place)](features) for place, features in enumerate(self.features())]

    def features(self) -> list[tuple[float, ...]]:
        """The features of each candidate, as FEATURES names them."""
        if self._features is None:
            self._features = self._computed()
        return self._features

    def _computed(self) -> list[tuple[float, ...]]:
        passages = [list(group) for _, group in groupby(self.candidates, lambda candidate: candidate.hit.passage.id)]
        plain = [features for passage in passages for features in self._of_words(passage)]
        return [(*one, *other) for one, other in zip(plain, self._of_reading(passages), strict=True)]

    def _is_same(self, candidate: Candidate) -> bool:
        return candidate.hit.passage.language == self._question.language

    def _rarities(self, same: bool) -> dict[str, float]:
        """How much each of the question's words tells, by its own rarity or by that of its translations."""
        words = {term: {} if same else translations(term) for term in self._asked}
        rarity = self._index.rarity({*words, *(other for found in words.values() for other in found)})
        return {
            term: sum(rarity[other] * share for other, share in found.items()) / sum(found.values())
            if found
            else rarity[term]
            for term, found in words.items()
        }

    # What the encoder reads

    def _of_reading(self, passages: Sequence[Sequence[Candidate]]) -> list[tuple[float, ...]]:
        """READ of each candidate. Every passage is read as a whole, so that a sentence is known by its context.

        Late interaction (Khattab & Zaharia 2020), that is for each of the question's tokens the best cosine among those
        of the sentence, of it and its title, of its whole passage; how far the sentence is ahead of others of its
        document in that; and the cosine of the question to the sentence, as it is and beyond what all of these share.
        """
        words = _PIECE.findall(self._question.text)
        if not self._is_read or not any(map(self._tells, words)):
            return [(0.0,) * len(READ) for _ in self.candidates]
        titles = [self.documents[passage[0].hit.passage.document_id].title for passage in passages]
        texts = [[title, *(one.text for one in passage)] for title, passage in zip(titles, passages, strict=True)]
        asked, *read = self._index.encode_parts([words, *texts])
        question = np.concatenate(asked)
        counts = np.repeat([self._tells(word) for word in words], [len(rows) for rows in asked])
        counts /= max(1e-9, counts.sum())
        own, titled, near, whole = [], [], [], []
        for title, *sentences in read:
            top, *tops = (np.max(question @ rows.T, axis=1, initial=0.0) for rows in (title, *sentences))
            for i, each in enumerate(tops):
                own.append(each)
                titled.append(np.maximum(each, top))
                near.append(np.max(tops[max(0, i - 1) : i + 2], axis=0))
                whole.append(np.max([top, *tops], axis=0))
        vectors = np.array(
            [_unit(rows.mean(0)) if len(rows) else 0 * question[0] for _, *rest in read for rows in rest]
        )
        mean = _unit(question.mean(0))
        columns = {
            "closest": np.array(own) @ counts,
            "closest_titled": np.array(titled) @ counts,
            "closest_passage": np.array(whole) @ counts,
            "alike": vectors @ mean,
            "passage_alike": np.array([candidate.hit.dense_score or 0.0 for candidate in self.candidates]),
        }
        columns |= {name: np.zeros(len(vectors)) for name in READ if name not in columns}
        documents = np.array([candidate.hit.passage.document_id for candidate in self.candidates])
        for document in self.documents:
            places = documents == document
            columns["ahead"][places], columns["ahead_evenly"][places] = _ahead(np.array(own)[places], counts)
            _, columns["ahead_near"][places] = _ahead(np.array(near)[places], counts)
            topic = _unit(vectors[places].mean(0))
            columns["alike_beyond"][places] = vectors[places] @ (mean - (mean @ topic) * topic)
        return list(zip(*(columns[name].tolist() for name in READ), strict=True))

    def _tells(self, word: str) -> float:
        """What a word of the question counts where the encoder compares words: nothing for a mark."""
        rarity = self._rarity[all(self._is_same(candidate) for candidate in self.candidates)]
        if not word[0].isalnum():
            return 0.0
        known = [rarity[term] for term in terms(word) if term in rarity]
        return max(known) if known else COMMON * sum(rarity.values()) / max(1, len(rarity))

    # What the words say

    def _of_words(self, passage: Sequence[Candidate]) -> Iterator[tuple[float, ...]]:
        """The features of a passage's sentences, but for READ."""
        question, same = self._question, self._is_same(passage[0])
        document = self.documents[passage[0].hit.passage.document_id]
        held = [self._held(_vocabulary(candidate.text, not same), same) for candidate in passage]
        own = np.array(held).reshape(len(passage), len(self._asked))
        nothing = np.zeros_like(own[:1])
        before, after = np.vstack([nothing, own[:-1]]), np.vstack([own[1:], nothing])
        near = np.maximum(own, np.maximum(before, after))
        there = self._held(self._far[document.id], same)
        names = np.array([term in question.names for term in self._asked], np.bool_)
        far, around = self._covered(np.array([there, own.max(0)]), same)
        columns = zip(
            passage,
            *(self._covered(m, same) for m in (own, np.maximum(own, before), np.maximum(own, after), near, before)),
            (1 - near[:, names]).sum(1).tolist(),
            strict=True,
        )
        names_far = self._names_far(document, there)
        lacks_country = not same and any(
            is_country(term) and share < 0.5 for term, share in zip(self._asked, there, strict=True)
        )
        for candidate, own_, before_, after_, near_, prior, names_lost in columns:
            text, hit = candidate.text, candidate.hit
            has_kind = question.kind != "other" and self._has_kind(text)
            yield (
                own_, before_, after_, near_, far, around, names_lost, names_far,
                self._together(text, same),
                float(has_kind),
                float(question.kind != "other" and not has_kind),
                hit.lexical_score or 0.0,
                float(_is_headline(candidate, document)),
                self._year_lost(candidate),
                float(self._is_of_another_office(text) or (self._is_rival(text) if same else lacks_country)),
                math.log1p(len(_vocabulary(text, not same).terms.difference(question.terms))) / 4,
                prior if candidate.neighbour(-1).endswith(":") else 0.0,
                float(leans_back(text)),
            )  # fmt: skip

    def _covered(self, held: Row, same: bool) -> list[float]:
        """The share of the question's words, weighed by rarity, that each row holds."""
        rarity = np.array([self._rarity[same][term] for term in self._question.terms])
        return [float(share) for share in held[:, : len(rarity)] @ rarity / max(1e-9, rarity.sum())]

    def _held(self, vocabulary: Vocabulary, same: bool) -> list[float]:
        """How surely the vocabulary holds each of the question's words."""
        return [self._has(term, vocabulary, same) for term in self._asked]

    def _has(self, term: str, vocabulary: Vocabulary, same: bool) -> float:
        if term in vocabulary.terms:
            return 1.0
        if same:
            return RELATED if vocabulary.has_kin(term) else 0.0
        if not vocabulary.keys.isdisjoint(self._keys.get(term, ())):
            return 1.0
        return min(1.0, sum(share for other, share in translations(term).items() if other in vocabulary.terms))

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

    def _names_far(self, document: Document, there: Sequence[float]) -> float:
        """How many of the question's names the document lacks, written out too."""
        lost = [(n, 1 - s) for n, s in zip(self._asked, there, strict=True) if n in self._question.names and s < 1]
        short = _initialisms(_whole(document)) if any(len(name) <= _LONGEST_INITIALISM for name, _ in lost) else ()
        return sum(share for name, share in lost if name not in short)

    def _is_rival(self, text: str) -> bool:
        """Whether the sentence says of one place what is asked about another: "узбекским капиталом" is asked, and
        "белорусским капиталом" is what it says."""
        if not self._placed:
            return False
        row = _words(text)
        said = {(side, word) for side, word, _ in _placed(row)}
        return any(
            (side, word) in said and not any(kin(place, term) or same_country(place, term) for term in row)
            for side, word, place in self._placed
        )

    def _is_of_another_office(self, text: str) -> bool:
        """Whether the sentence names other offices only than the one whose holder is asked for: the president is asked
        for, and the prime minister is whom it names."""
        return bool(self._offices) and bool(said := _offices(text)) and self._offices.isdisjoint(said)

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


def _unit(row: Row) -> Row:
    length = np.linalg.norm(row)
    return row / length if length else row


def _ahead(best: Row, counts: Row) -> tuple[Row, Row]:
    """How far each sentence of a document (rows) is ahead of their mean in its best cosine to each of the question's
    tokens (columns): by the tokens in which one of them is far ahead, since what the whole document is about tells its
    sentences nothing apart; and by all tokens, in standard deviations."""
    ahead = best - best.mean(0)
    telling = counts * ahead.max(0)
    return ahead @ telling / max(1e-6, telling.sum()), ahead / (best.std(0) + _FLAT) @ counts


_FLAT = 0.05  # a deviation of no meaning


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
def _vocabulary(text: str, foreign: bool) -> Vocabulary:
    """`foreign` when it is asked about in the other language."""
    return _families(frozenset(terms(text)) | _initialisms(text), frozenset(keys(text) if foreign else ()))


def _families(found: frozenset[str], crossing: frozenset[str]) -> Vocabulary:
    families: dict[str, list[str]] = {}
    for term in sorted(found):
        families.setdefault(term[:4], []).append(term)
    return Vocabulary(found, {first: tuple(group) for first, group in families.items()}, crossing)


def _words(text: str) -> list[str]:
    """The terms of a text without what tells nothing, so that a place stands next to what it belongs to; with
    repetitions."""
    return [term for word, _ in tokens(text) for term in query_terms(word) if term not in _FILLERS]


_FILLERS = frozenset(("республик", "republ"))


_OFFICES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{pattern})", re.IGNORECASE)
    for name, pattern in {
        "president": r"(?<!вице-)президент|(?<!vice )(?<!vice-)president|глав\w+ (?:государств|республик)"
        r"|heads? of state",
        "premier": r"премьер|prime minister|premiers?\b|глав\w+ правительств|heads? of (?:the )?government",
        "governor": r"губернатор|governor|глав\w+ (?:област|региона|края)",
        "mayor": r"мэр(?:а|у|ом|е|ы|ов)?\b|градоначальник|mayors?\b|глав\w+ города",
        "minister": r"(?<!премьер-)министр(?:а|у|ом|е|ы|ов|ам|ами|ах)?\b|(?<!prime )ministers?\b|глав\w+ мин(?!ск)\w+",
    }.items()
}
"""Offices that are easily taken for one another, in both languages; who heads a company is told by many words."""


@lru_cache(maxsize=4096)
def _offices(text: str) -> frozenset[str]:
    """Which of _OFFICES a text names."""
    return frozenset(name for name, pattern in _OFFICES.items() if pattern.search(text))


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
