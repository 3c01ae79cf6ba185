"""Gathering evidence: whole sentences, each scored together with its passage and its document.

A sentence is worth what it says of the question's words (each weighed by its rarity), a little what its
surroundings say of the rest, and whether it holds the kind of thing that is asked for. Names and years that
the question insists on must be found: what is true of 2023 is no answer about 2019.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from istok.index.index import Index
from istok.index.terms import keys, terms
from istok.index.types import Document, Hit, Range
from istok.rag.question import YEAR, Kind, Question, names
from istok.rag.types import Evidence, Sentence

LIMIT = 40
"""Sentences of evidence at the most."""

# Shares of the score. Chosen by hand on the dev half of the gold set; docs/decisions/0005 gives the figures.
SENTENCE, NEIGHBOURS, DOCUMENT, KIND = 0.55, 0.15, 0.15, 0.15
SIMILARITY = 0.3
"""Share of the encoder's cosine, where it has a say."""
RELATED = 0.8
"""What a word of the same family counts, against the word itself."""
MISSING_NAME, MISSING_YEAR, ELSEWHERE = 0.45, 0.3, 0.8
"""What is left of a score for each name that the question insists on and the document lacks, for a year that
contradicts or is lacking, and for a year that only another sentence of the document speaks of."""
NEARLY = 0.8
"""Of the best score: what counts as nearly as good."""

_KIND_PATTERNS: Mapping[Kind, re.Pattern[str]] = {
    "number": re.compile(
        r"\d|\b(?:треть|половин|четверт|вдвое|втрое|перв|втор|одиннадцат|двенадцат|десят|сот|тысяч|миллион|миллиард)"
        r"|\b(?:half|third|quarter|twice|doubled|tripled|first|second|dozen|hundred|thousand|million|billion)",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"(?<!\d)(?:19|20)\d\d(?!\d)|\b\d{1,2}\.\d{1,2}\b|\b(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр"
        r"|ноябр|декабр)|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b",
        re.IGNORECASE,
    ),
    "person": re.compile(r"\b[А-ЯЁA-Z][а-яёa-z]+(?:\s+[А-ЯЁA-Z][а-яёa-z]+|\s+[А-ЯЁA-Z]\.)"),
    "place": re.compile(r"(?:\b(?:в|во|на|из|под|in|at|from|near)\s+(?:\w+\s+)?)[«\"]?[А-ЯЁA-Z]"),
}


_LAST_YEAR = re.compile(r"\bпрошл(?:ого|ом|ый)\s+год|\blast\s+year", re.IGNORECASE)
_THIS_YEAR = re.compile(r"\b(?:этого|этом|текущего|нынешнего)\s+год|\bсегодня\b|\bthis\s+year|\btoday\b", re.IGNORECASE)
_NEXT_YEAR = re.compile(r"\b(?:следующ(?:ем|его)|будущ(?:ем|его))\s+год|\bnext\s+year", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    position: int  # among the sentences of its passage

    @property
    def range(self) -> Range:
        return self.hit.passage.sentences[self.position]

    @property
    def text(self) -> str:
        return self.hit.passage.sentence(self.range)

    def neighbour(self, step: int) -> str:
        """The sentence `step` further on in the same passage, or ""."""
        position = self.position + step
        sentences = self.hit.passage.sentences
        return self.hit.passage.sentence(sentences[position]) if 0 <= position < len(sentences) else ""


def gather(question: Question, hits: Sequence[Hit], index: Index) -> Evidence:
    """The sentences of `hits` that speak to the question, best first, each text once.

    A question about the present gets the newest of the good ones first.
    """
    candidates = [_Candidate(hit, position) for hit in hits for position in range(len(hit.passage.sentences))]
    documents = {id_: index.document(id_) for id_ in {hit.passage.document_id for hit in hits}}
    scores = _Scorer(question, index, documents.values())
    similar = _similarities(question, candidates, index)
    unique: dict[str, tuple[float, _Candidate]] = {}
    for candidate, alike in zip(candidates, similar, strict=True):
        score = scores(candidate, alike)
        if candidate.text not in unique or score > unique[candidate.text][0]:
            unique[candidate.text] = (score, candidate)
    best = sorted(unique.values(), key=lambda pair: (-pair[0], pair[1].hit.passage.document_id, pair[1].range))
    if question.now:
        best = _newest_first(best, documents)
    return Evidence(
        tuple(
            _sentence(number, score, candidate, documents[candidate.hit.passage.document_id])
            for number, (score, candidate) in enumerate(best[:LIMIT], 1)
        )
    )


def _sentence(number: int, score: float, candidate: _Candidate, document: Document) -> Sentence:
    start, end = candidate.range
    language = candidate.hit.passage.language
    return Sentence(number, document.id, document.title, document.date, language, start, end, candidate.text, score)


def _newest_first(
    best: Sequence[tuple[float, _Candidate]], documents: Mapping[str, Document]
) -> list[tuple[float, _Candidate]]:
    """Among the sentences nearly as good as the best one, the newest document's come first."""
    good = [pair for pair in best if pair[0] >= NEARLY * best[0][0]]
    good.sort(key=lambda pair: documents[pair[1].hit.passage.document_id].date or "", reverse=True)
    return [*good, *best[len(good) :]]


def _similarities(
    question: Question, candidates: Sequence[_Candidate], index: Index
) -> list[float | None]:
    """The encoder's cosine of each sentence to the question, or None where it has no say."""
    found: list[float | None] = [None] * len(candidates)
    judged = [i for i, candidate in enumerate(candidates) if candidate.hit.passage.language in index.languages]
    if judged and (query := index.encode_queries([question.text], question.language)) is not None:
        rows = index.encode_passages([candidates[i].text for i in judged])
        for i, cosine in zip(judged, (rows @ query[0]).tolist(), strict=True):
            found[i] = max(0.0, cosine)
    return found


class _Scorer:
    """Scores one sentence after another for one question."""

    def __init__(self, question: Question, index: Index, documents: Iterable[Document]) -> None:
        self._question = question
        self._rarity = index.rarity(question.terms)
        self._keys = {term: frozenset(keys(word)) for word in _words(question.text) for term in terms(word)}
        self._documents = {document.id: _vocabulary(_main(document)) for document in documents}
        self._years = {document.id: _years(_main(document), document.date) for document in documents}
        self._dates = {document.id: document.date for document in documents}

    def __call__(self, candidate: _Candidate, alike: float | None) -> float:
        """How well the sentence answers, in [0, 1]."""
        question, text, document = self._question, candidate.text, candidate.hit.passage.document_id
        before, after = candidate.neighbour(-1), candidate.neighbour(1)
        own = self._coverage(_vocabulary(text), candidate)
        near = self._coverage(_vocabulary(f"{before} {text} {after}"), candidate)
        if before.endswith(":"):
            # What follows a colon is what the sentence before it announced.
            own = max(own, 0.8 * self._coverage(_vocabulary(before), candidate))
        far = self._coverage(self._documents[document], candidate)
        score = SENTENCE * own + NEIGHBOURS * near + DOCUMENT * far
        if question.kind == "other":
            score /= 1 - KIND
        else:
            score += KIND * self._has_kind(text)
        if alike is not None:
            score = (1 - SIMILARITY) * score + SIMILARITY * alike
        return score * self._insisted(candidate)

    def _coverage(self, vocabulary: _Vocabulary, candidate: _Candidate) -> float:
        """The share of the question's words, weighed by rarity, that the vocabulary has."""
        total = sum(self._rarity[term] for term in self._question.terms)
        if not total:
            return 0.0
        same = candidate.hit.passage.language == self._question.language
        return sum(self._rarity[term] * self._has(term, vocabulary, same) for term in self._question.terms) / total

    def _has(self, term: str, vocabulary: _Vocabulary, same_language: bool) -> float:
        if term in vocabulary.terms:
            return 1.0
        if not same_language:
            return float(bool(self._keys.get(term, frozenset()) & vocabulary.keys))
        return RELATED if any(related(term, other) for other in vocabulary.terms) else 0.0

    def _has_kind(self, text: str) -> bool:
        """Whether the sentence holds the kind of thing that is asked for, other than what the question gave."""
        pattern = _KIND_PATTERNS[self._question.kind]
        if self._question.kind == "person":
            return bool(pattern.search(text)) and bool(names(text) - self._question.names)
        return any(not any(year in found.group() for year in self._question.years) for found in pattern.finditer(text))

    def _insisted(self, candidate: _Candidate) -> float:
        """What is left of the score when the document lacks a name or a year of the question."""
        question, document = self._question, candidate.hit.passage.document_id
        left = 1.0
        if candidate.hit.passage.language == question.language:
            vocabulary = self._documents[document]
            left *= MISSING_NAME ** sum(not self._has(name, vocabulary, True) for name in question.names)
        if question.years:
            stated = _years(candidate.text, self._dates[document], relative_only=True)
            if stated:
                left *= 1.0 if stated & question.years else MISSING_YEAR
            elif (self._dates[document] or "")[:4] not in question.years:
                left *= ELSEWHERE if self._years[document] & question.years else MISSING_YEAR
        return left


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    terms: frozenset[str]
    keys: frozenset[str]


def _vocabulary(text: str) -> _Vocabulary:
    return _Vocabulary(frozenset(terms(text)), frozenset(keys(text)))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def _main(document: Document) -> str:
    return "\n".join([document.title, *(document.text[r.start : r.end] for r in document.main)])


def _years(text: str, date: str | None, *, relative_only: bool = False) -> frozenset[str]:
    """The years that a text speaks of; "last year" is counted from the document's date."""
    found = set(YEAR.findall(text))
    if date:
        year = int(date[:4])
        for pattern, step in ((_LAST_YEAR, -1), (_THIS_YEAR, 0), (_NEXT_YEAR, 1)):
            if pattern.search(text):
                found.add(str(year + step))
        if not relative_only:
            found.add(str(year))
    return frozenset(found)


def related(one: str, other: str) -> bool:
    """Whether two stems look like one word family: a long common beginning (Казахстан, казахстанский)."""
    shorter = min(len(one), len(other))
    return shorter >= 4 and not one[0].isdigit() and one[: max(4, round(0.75 * shorter))] == other[: max(4, round(0.75 * shorter))]
