"""Follow-ups: a question that leans on the one before it becomes one that stands alone, by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from istok.index.terms import query_terms, term, tokens
from istok.rag.question import NOW, YEAR, analyse
from istok.rag.types import Turn

_LEADS = re.compile(r"^(?:а|и|но|ну а|and|but|what about|how about|so)\b[\s,]*", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"\b(?:он|она|оно|они|его|её|ее|их|ему|ей|им|ней|нём|нем|ним|них|там|туда|тогда|этот|эта|это|эти|этого|этой|этом|этому"
    r"|he|she|it|they|his|her|its|their|him|them|there|then|that|this|those|these)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(в|во|на|с|со|из|для|от|in|at|to|with|from|for|of)\s+((?:[А-ЯЁA-Z][\w-]+\s*)+)", re.UNICODE)


def standalone(question: str, turns: Sequence[Turn]) -> str:
    """The question with what it leaves unsaid taken from the turns before it; itself when it leans on none."""
    whole = ""
    for asked in [*(turn.question for turn in turns), question]:
        whole = _joined(asked, whole) if whole and _leans(asked) else asked
    return whole


def _leans(question: str) -> bool:
    """Whether a question is too short, or points back, or goes on ("And in 2022?")."""
    return bool(_LEADS.match(question.strip()) or _POINTS_BACK.search(question) or len(_content(question)) < 2)


def _joined(question: str, before: str) -> str:
    """The earlier question with the later one's year or name in the place of its own, or both in a row."""
    rest = _LEADS.sub("", question.strip())
    years = YEAR.findall(rest)
    if len(years) == 1 and len(YEAR.findall(before)) == 1:
        before = YEAR.sub(years[0], before)
        if set(query_terms(rest)) <= {years[0], *query_terms(before)}:
            return before
    named = _NAMED.search(rest)
    if named and (slot := next((m for m in _NAMED.finditer(before) if m[1].lower() == named[1].lower()), None)):
        before = before[: slot.start(2)] + named[2].strip() + before[slot.start(2) + len(slot[2].rstrip()) :]
        if set(query_terms(rest)) <= set(query_terms(before)):
            return before
    asked = analyse(rest)
    if asked.years:
        before = NOW.sub("", before)
    if asked.kind != "other" and len(_content(rest)) > 1 and not _POINTS_BACK.search(rest):
        # It says itself what it is about: only the names and years of the earlier question still hold.
        before = " ".join(token for token, _ in tokens(before) if term(token) in _anchors(before)) or before
    elif asked.kind != "other":
        # It asks something else about the same thing: how that was asked for goes, the thing stays.
        before = _topic(before)
    return f"{rest.rstrip('?').strip()} — {before}"


# Words that say in what the answer is counted.
_MEASURES = frozenset(
    map(term, "год число день месяц дата сумма общий total year date day month amount sum number".split())
)


def _content(question: str) -> list[str]:
    return [term_ for term_ in query_terms(question) if term_ not in _MEASURES]


def _anchors(question: str) -> frozenset[str]:
    asked = analyse(question)
    return asked.names | asked.years


def _topic(question: str) -> str:
    """The words of a question from its first one that says what it is about."""
    wanted = set(query_terms(question))
    start = next((range_.start for token, range_ in tokens(question) if term(token) in wanted), 0)
    return question[start:]
