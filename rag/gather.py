"""Gathering evidence: whole sentences, each scored together with its passage and its document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from istok.index.index import Index
from istok.index.terms import keys, query_terms, terms
from istok.index.types import Document, Hit, Range
from istok.rag.confidence import confidence
from istok.rag.contents import asked_about, beginning
from istok.rag.parts import Part, parts
from istok.rag.question import Question
from istok.rag.rerankers import open_reranker
from istok.rag.rerankers.pooling import Pooled, pooled
from istok.rag.scorer import Candidate, Scorer, kin, leans_back
from istok.rag.types import Evidence, Ranks, Sentence

LIMIT = 20
"""Sentences of evidence at the most, unless a reader wants fewer."""

SOURCES = 3
"""Documents at the most that one and the same sentence is kept of."""

NEARLY = 0.65
"""Of the best probability: what counts as nearly as good, where the newest shall come first."""

RIVAL, SHARED = 0.3, 0.3
"""Of the best probability: what another document's sentence needs to come first by its date where it speaks of the same
thing, which is when the shorter of it and the best one shares that part of its terms with the other."""

LED = 5
"""Of the best sentences: how many bring along what they can't be read without; and that is no more either."""

ASIDE = 4
"""Passages that are searched for a part of a question."""

LONGEST_LIST = 3
"""Members of a list that are kept with the sentence that announces it."""

Search = Callable[[str], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class _Found:
    score: float
    candidate: Candidate
    document: Document
    rank: int
    """Of its passage among the hits, from 1."""

    @property
    def place(self) -> tuple[str, Range]:
        return self.document.id, self.candidate.range

    @property
    def date(self) -> str:
        return self.document.date or ""


def gather(
    question: Question, hits: Sequence[Hit], index: Index, search: Search | None = None, limit: int = LIMIT
) -> Evidence:
    """The sentences of `hits` that speak to the question, best first and no more than `limit`; what several documents
    say alike is kept of each.

    A question about the present gets the newest of the good ones first, one about a day or month those of that time.
    One that asks the same of two names or years, of which no good sentence speaks at once, is asked of each: with
    `search` (such as `Index.search` with the same scope) further passages are found for it. One that asks what a
    document says gets its beginning.
    """
    scorer = Scorer(question, index, hits)
    if document := asked_about(question.text, scorer.documents.values()):
        return beginning(document, index.passages(document.id), limit)
    judged = _judged(question, scorer, index)
    found = _ranked(question, scorer, judged)
    sure = confidence(question, scorer, judged)
    asked = parts(question)
    if not found or not asked or _at_once(asked, found[0], index):
        return _evidence(found, (), sure, limit)
    of_parts = []
    sure_of_parts = []
    for part, rival in (asked, asked[::-1]):
        scorer = Scorer(part.question, index, search(part.question.text)[:ASIDE] if search else hits)
        judged = _judged(part.question, scorer, index)
        of_parts.append(_of_part(part, rival, _ranked(part.question, scorer, judged), index))
        sure_of_parts.append(confidence(part.question, scorer, judged))
    best_of_all = max(one.score for one in found)
    if not all(
        ranked and ranked[0].score >= part.needs * best_of_all for part, ranked in zip(asked, of_parts, strict=True)
    ):
        return _evidence(found, (), sure, limit)
    alternating = [one for row in zip_longest(*of_parts) for one in row if one is not None]
    best: dict[tuple[str, Range], _Found] = {}
    for one in alternating:
        best.setdefault(one.place, one)
    return _evidence([*best.values()], of_parts, max(sure, min(sure_of_parts)), limit)


def _judged(question: Question, scorer: Scorer, index: Index) -> Pooled | None:
    """What a reranker says, where the settings name one."""
    reranker = open_reranker(index.home.config.reranker)
    return pooled(question, scorer, reranker) if reranker and scorer.candidates else None


def _ranked(question: Question, scorer: Scorer, judged: Pooled | None) -> list[_Found]:
    """The candidates, best first, each once: by the scorer, and by a reranker where there is one."""
    unique: dict[tuple[str, Range], _Found] = {}
    passages = dict.fromkeys(candidate.hit.passage.id for candidate in scorer.candidates)
    ranks = {id_: rank for rank, id_ in enumerate(passages, 1)}
    scores = judged.scores if judged else scorer.scores()
    for candidate, score in zip(scorer.candidates, scores, strict=True):
        passage = candidate.hit.passage
        one = _Found(score, candidate, scorer.documents[passage.document_id], ranks[passage.id])
        if one.place not in unique or score > unique[one.place].score:
            unique[one.place] = one
    return _in_time(question, sorted(unique.values(), key=lambda one: (-one.score, one.place)))


# Parts


def _at_once(asked: Sequence[Part], best: _Found, index: Index) -> bool:
    """Whether the best sentence answers all parts: it speaks of all of them, or it may be about something that they do
    together and its document speaks of all of them."""
    if all(_speaks_of(part, best) for part in asked):
        return True
    whole = index.words(best.document.id)
    return all(part.needs for part in asked) and all(part.is_spoken_of(*whole, best.date) for part in asked)


def _of_part(part: Part, rival: Part, ranked: Sequence[_Found], index: Index) -> list[_Found]:
    """Those of `ranked` that speak of the part, or whose document does and that don't speak of the other one."""
    dates_ = {one.document.id: one.date for one in ranked}
    documents = {id_ for id_, date in dates_.items() if part.is_spoken_of(*index.words(id_), date)}
    return [
        one
        for one in ranked
        if _speaks_of(part, one) or (one.document.id in documents and not _speaks_of(rival, one, dated=False))
    ]


def _speaks_of(part: Part, one: _Found, *, dated: bool = True) -> bool:
    text = one.candidate.text
    return part.is_spoken_of(_terms(text), keys(text), one.date if dated else None)


@lru_cache(4096)
def _terms(text: str) -> frozenset[str]:
    return frozenset(terms(text))


# Time


def _in_time(question: Question, ranked: list[_Found]) -> list[_Found]:
    """The good ones by date, where the question asks for the present, or for a month or day of which the best one's
    document isn't; the rest as they are."""
    moment = question.moment or ""
    then = len(moment) > len("2024")  # a year's documents tell of other years
    if not ranked or not (question.now or then) or (then and not question.now and ranked[0].date.startswith(moment)):
        return ranked
    best = ranked[0]

    def is_good(one: _Found) -> bool:
        if one.document.id == best.document.id or one.document.language != best.document.language:
            return one.score >= NEARLY * best.score
        return one.score >= RIVAL * best.score and share_subject(one.candidate.text, best.candidate.text)

    good = [one for one in ranked if is_good(one)]
    rest = [one for one in ranked if not is_good(one)]
    if question.now:
        good.sort(key=lambda one: one.date, reverse=True)
    else:
        good.sort(key=lambda one: not one.date.startswith(moment))
    return good + rest


def share_subject(one: str, other: str) -> bool:
    """Whether two sentences speak of the same thing: SHARED of the shorter one's words are the other's too."""
    fewer, more = sorted((set(query_terms(one)), set(query_terms(other))), key=len)
    common = [word for word in fewer if word in more or any(kin(word, own) for own in more)]
    return bool(fewer) and len(common) >= SHARED * len(fewer)


# From what was found to evidence


def _evidence(ranked: Sequence[_Found], of_parts: Sequence[Sequence[_Found]], sure: float, limit: int) -> Evidence:
    """The best ones, each with the same sentence of other documents, newest first; last of them what the best ones
    can't be read without, if it isn't there already."""
    kept: dict[tuple[str, Range], _Found] = {}
    lists: list[list[_Found]] = []
    beside: dict[tuple[str, Range], _Found] = {}
    for one in ranked:
        if one.place in kept or len(kept) >= limit:
            continue
        alike = _alike(one, ranked)
        if any(other.place in kept for other in alike):
            continue
        kept |= {other.place: other for other in alike}
        if len(kept) > LED:
            continue
        members = _members(one, ranked)
        if members:
            lists.append([one, *members])
        beside |= {other.place: other for other in [*members, *_before(one, ranked)]}
    lacking = [other for place, other in beside.items() if place not in kept][:LED]
    kept = dict([*kept.items()][: max(LED, limit - len(lacking))]) | {other.place: other for other in lacking}
    lists = [listed for listed in lists if all(one.place in kept for one in listed)]
    numbers = {place: number for number, place in enumerate(kept, 1)}
    return Evidence(
        tuple(_sentence(number, one) for number, one in enumerate(kept.values(), 1)),
        sure,
        tuple(tuple(numbers[one.place] for one in part if one.place in numbers) for part in of_parts),
        tuple(tuple(numbers[one.place] for one in listed) for listed in lists),
    )


def _sentence(number: int, one: _Found) -> Sentence:
    (start, end), document, hit = one.candidate.range, one.document, one.candidate.hit
    ranks = Ranks(
        one.rank, hit.dense_rank, hit.lexical_rank,
        round(hit.score, 4), _rounded(hit.dense_score), _rounded(hit.lexical_score),
    )  # fmt: skip
    return Sentence(
        number, document.id, document.title, document.date, hit.passage.language, start, end, one.candidate.text,
        one.score, ranks,
    )  # fmt: skip


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


def _alike(one: _Found, ranked: Sequence[_Found]) -> list[_Found]:
    """The sentence and the same one of other documents, at most SOURCES, newest first."""
    of_documents = {one.document.id: one}
    for other in ranked:
        if len(of_documents) < SOURCES and is_same(one.candidate.text, other.candidate.text):
            of_documents.setdefault(other.document.id, other)
    return sorted(of_documents.values(), key=lambda each: each.date, reverse=True)


def is_same(one: str, other: str) -> bool:
    """Whether two sentences say the same: the same words but for inflection and marks, or one says a few more.

    A word in another's place, another figure or a "not" make another statement of them.
    """
    if one == other:
        return True
    own, others = _terms(one), _terms(other)
    if own == others:
        return True
    smaller, larger = sorted((own, others), key=len)
    if not smaller < larger or len(smaller) < NEAR * len(larger):
        return False
    return not any(word[0].isdigit() or word in _NOT for word in larger - smaller)


NEAR = 0.9
"""Of the words of two sentences that say the same: the share that both have (the Jaccard index of their terms)."""

_NOT = frozenset(terms("не ни нет без not no never without"))


def _members(one: _Found, ranked: Sequence[_Found]) -> list[_Found]:
    """What a sentence that ends in a colon announces: how each of the next paragraphs begins, until one is speech."""
    end, text = one.candidate.range.end, one.document.text
    if not one.candidate.text.endswith(":") or "\n" not in text[end : end + _GAP]:
        return []
    members: list[_Found] = []
    following = sorted(
        (o for o in ranked if o.document.id == one.document.id and o.candidate.range.start >= end),
        key=lambda other: other.candidate.range,
    )
    for other in following:
        start = other.candidate.range.start
        if not text[max(end, start - _GAP) : start].strip(" \t").endswith("\n"):
            continue
        if text[start] in SPEECH or len(members) == LONGEST_LIST:
            break
        members.append(other)
    return members


def _before(one: _Found, ranked: Sequence[_Found]) -> list[_Found]:
    """The sentence that a pronoun points back to."""
    if not leans_back(one.candidate.text):
        return []
    start = one.candidate.range.start
    same = (other for other in ranked if other.document.id == one.document.id)
    return [other for other in same if 0 <= start - other.candidate.range.end <= _GAP]


_GAP = 8  # characters of white space between two sentences that follow each other
SPEECH = '«"“”„—–'
