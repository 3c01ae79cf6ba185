"""Selecting what is said: which sentences of the evidence a reader quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from istok.index.terms import query_terms
from istok.rag.gather import SPEECH, is_same, share_subject
from istok.rag.question import NOW, Question
from istok.rag.scorer import kin, leans_back
from istok.rag.spans.span import find
from istok.rag.types import Evidence, Sentence

MOST, MOST_OF_SEVERAL = 3, 4
"""Sentences quoted at the most, and where the question asks for several things."""

ALONGSIDE = 0.3
"""Of the best probability: what a sentence needs that goes on from the best one."""

CLOSE, CLOSE_ACROSS = 0.6, 0.9
"""Of the best odds: from there on which of two is the answer can't be told, so that both are quoted; and where the
question is in another language."""

MEMBER = 0.6
"""Of the best probability: what a further sentence needs where several things are asked for."""

EARLIER = 0.3
"""Of the best probability: what an older document's sentence needs to be told as what was said before."""

PART = 0.15
"""Of the best part's probability: what the best sentence of each part of a question needs."""

_SEVERAL = re.compile(
    r"\bкак(?:ие|их|ими|им)\b(?!\s+(?:образом|год|дат|дни|дня|числ))|\b(?:перечисл|назов)\w*|\bсписок\b"
    r"|\b(?:which|what)\s+(?!is\b|was\b|does\b|has\b|years\b|days\b|dates\b)(?:\w+[^s\W]s\b"
    r"|(?:\w+\s+){1,2}\w+[^s\W]s\s+(?:are|were|do|does|did|have|has|can|could|will|may|should|of)\b|(?:are|were)\s+the\b)"
    r"|\b(?:list|name)\s+(?:the|all|some)\b",
    re.IGNORECASE,
)


def select(question: Question, evidence: Evidence) -> list[Sentence]:
    """What answers the question: the best sentence of each of its parts, what these can't be read without, further ones
    where several things are asked for or two are as good. In document order, the best one's document first; of the
    present, newest first."""
    if not evidence.sentences:
        return []
    best = evidence[1]
    parts = _of_parts(evidence)
    if parts:
        return _with_companions(parts, question, evidence, len(parts) + 1)
    several = bool(_SEVERAL.search(question.text))
    most = MOST_OF_SEVERAL if several else MOST
    chosen = _with_companions([best], question, evidence, most)
    runner_up = next((other for other in evidence.sentences if not is_same(other.text, best.text)), None)
    told = False  # what was said before, once
    for sentence in evidence.sentences[1:]:
        if len(chosen) >= most:
            break
        if any(is_same(sentence.text, other.text) for other in chosen):
            continue
        ratio = sentence.score / best.score
        if question.now:
            older = (sentence.date or "") < (best.date or "") and ratio >= EARLIER
            said = older and share_subject(sentence.text, best.text) and not told
            told |= said
        else:
            said = (sentence == runner_up and _is_close(sentence, best, question)) or (several and ratio >= MEMBER)
        if said:
            chosen.append(sentence)
    return chosen if question.now else _in_order(chosen)


def _is_close(sentence: Sentence, best: Sentence, question: Question) -> bool:
    """Whether it can't be told which of two answers; of one document, not where the best one shows the very thing that
    is asked for."""
    same = best.language == question.language
    if same and sentence.document == best.document and find(question, best):
        return False
    close = CLOSE if same else CLOSE_ACROSS
    return _odds(sentence.score) >= close * _odds(best.score)


def _odds(probability: float) -> float:
    return probability / max(1e-9, 1 - probability)


def sources(sentence: Sentence, evidence: Evidence) -> tuple[int, ...]:
    """The numbers to cite for a sentence: its own, and those of others that say the same, newest first."""
    alike = [
        other
        for other in evidence.sentences
        if other == sentence or (other.document != sentence.document and is_same(sentence.text, other.text))
    ]
    return tuple(other.number for other in sorted(alike, key=lambda each: each.date or "", reverse=True))


def _of_parts(evidence: Evidence) -> list[Sentence]:
    """The best sentence of each part of the question, each once; none when one has no good one."""
    if not all(evidence.parts):
        return []
    firsts = [evidence[numbers[0]] for numbers in evidence.parts]
    if any(first.score < PART * max(other.score for other in firsts) for first in firsts):
        return []
    return list(dict.fromkeys(firsts))


def _with_companions(
    sentences: Sequence[Sentence], question: Question, evidence: Evidence, most: int
) -> list[Sentence]:
    """The sentences, each among its companions in document order, as far as there is room."""
    taken = set(sentences)
    chosen: list[Sentence] = []
    for sentence in sentences:
        others = [other for other in _companions(sentence, question, evidence) if other not in taken]
        others = others[: max(0, most - len(taken))]
        taken.update(others)
        chosen += sorted([sentence, *others], key=lambda each: each.start)
    return chosen


def _companions(best: Sentence, question: Question, evidence: Evidence) -> list[Sentence]:
    """The sentences that belong to the best one: the list that it announces, the one that its pronoun points back to
    unless it speaks itself of all that is asked, the one whose pronoun points to it."""
    listed = next((numbers for numbers in evidence.lists if best.number in numbers), ())
    found = [evidence[number] for number in listed if number != best.number]
    for other in evidence.sentences:
        if other.document != best.document or other in found:
            continue
        led = 0 <= best.start - other.end <= _GAP and leans_back(best.text) and not _says_all(question, best)
        follows = 0 <= other.start - best.end <= _GAP
        goes_on = follows and (leans_back(other.text) or (best.text.endswith(":") and other.text[0] not in SPEECH))
        if led or (goes_on and other.score >= ALONGSIDE * best.score):
            found.append(other)
    return found


def _says_all(question: Question, sentence: Sentence) -> bool:
    """Whether the sentence holds every word of the question, so that what its pronoun points to isn't asked about."""
    said = set(query_terms(sentence.text))
    asked = query_terms(NOW.sub(" ", question.text))
    return bool(asked) and all(word in said or any(kin(word, own) for own in said) for word in asked)


_GAP = 8  # characters of white space between two sentences that follow each other


def _in_order(chosen: Sequence[Sentence]) -> list[Sentence]:
    """In document order, the best one's document first."""
    best = chosen[0]
    return sorted(chosen, key=lambda s: (s.document != best.document, s.document, s.start))
