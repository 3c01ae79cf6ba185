"""Direction and negation: rose is not fell, an export is no import, and what is denied is not said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from istok.index.language import detect
from istok.rag.checks.contrasts import CONTRASTS
from istok.rag.checks.finding import Finding
from istok.rag.checks.names import same
from istok.rag.checks.words import Word, akin, alike, words
from istok.rag.wording import say

_CONVERSE = frozenset(("won.", "купил.", "перед."))
"""Contrasts of which either pole may be said of the other party: A beat B, B lost to A."""

_RELATIONS = re.compile(r"(?:до|перед|прежде|после|before|after|prior|following)$|перв|последн|first|last")
"""Words that are contrary only when they are said of the same thing."""

_MEASURES = frozenset("up down больше более свыше more over above меньше менее less fewer below under".split())
_MEASURED = re.compile(
    r"\s*(?:чем|than|на|by|the\s+age\s+of)?\s*[$€£]?\s*(?:\d|[а-яё]+(?:ти|ста|двух|трех|сот)\b|half|пол|(?:года|месяца|недели|суток|часа|дня|a\s+(?:year|month|week|day|hour))\b|\w+\s+(?:hundred|thousand|million))|\s*(?:чем|than)\b"
)
"""More or less count only before a figure or "than"."""

_NEGATORS = frozenset(
    "не ни нет без никогда никто никого ничего ничто нельзя никак никакой никаких нигде not no never without nobody "
    "none neither nor "
    "cannot nothing t".split()
)
_IMPLICIT = re.compile(
    r"отказ|отверг|отриц|опроверг|отсутств|лиш[еи][лнв]|запре|недост|невозм|неизв|неуда|незамет|невер|неспособ|нехват|несоглас|"
    r"прекра|отмен|отклон|провал|против|избеж|воздерж|бойкот|исключ|освобо|потеря|утра[тч]|утер|хвата|вопреки|сорв|прерв|воспре|"
    r"приостан|едва|уклон|опозда|дисквал|аннул|маловероят|сомнев|"
    r"refus|reject|den[iy]|fail|lack|absen|unabl|unknow|unlike|unsucc|prohibit|bans?$|banned|forbid|stop|los[et]|miss|avoid|abstain|"
    r"impossib|cancel|against|hardly|barely|oppos|prevent|declin|exempt|suspen|short|withdr|too$|doubt"
)
_AUXILIARIES = frozenset("был была было были будет может".split())
_EXEMPT = frozenset(
    "стало хвата требу только лишь менее более меньше больше раз один одна одно просто позднее позже ранее считая "
    "говоря исключено исключает "
    "исключил исключила мало only just least more less fewer later earlier than longer doubt sooner including "
    "mention".split()
)
_CLAUSE = re.compile(
    r"[,;:—–()]|\b(?:а|но|однако|хотя|который|которая|которые|but|while|whereas|although|though|and|и)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Pole:
    contrast: int
    side: int
    raw: int
    """The side before a negation turned it."""

    word: str
    place: int


_Sides = frozenset[tuple[int, int]]
"""Contrasts by their numbers, with a side of each."""


@lru_cache(maxsize=1)
def _beginnings() -> tuple[dict[str, _Sides], dict[str, _Sides], frozenset[int]]:
    """Whole words and beginnings of words with their contrasts and sides; contrasts that have a converse."""
    whole: dict[str, _Sides] = {}
    starts: dict[str, _Sides] = {}
    converse = set()
    for number, line in enumerate(CONTRASTS.replace("\n  ", " ").strip().split("\n")):
        for side, forms in enumerate(line.split("|")):
            for form in forms.split():
                if form in _CONVERSE:
                    converse.add(number)
                table = whole if form.endswith(".") else starts
                bare = form.removesuffix(".")
                table[bare] = table.get(bare, frozenset()) | {(number, side)}
    return whole, starts, frozenset(converse)


@lru_cache(maxsize=1 << 15)
def _sides(word: str) -> tuple[tuple[int, int], ...]:
    """The contrasts that a word is a pole of, with its side."""
    whole, starts, _ = _beginnings()
    found = whole.get(word, frozenset()).union(
        *(starts.get(word[:length], frozenset()) for length in range(3, len(word) + 1))
    )
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as it is compared: its words, which of them are denied, its poles, and the clause of each word."""

    words: tuple[Word, ...]
    denied: frozenset[int]
    """Places of words that a negation stands before."""

    poles: tuple[_Pole, ...]
    clauses: tuple[int, ...]


@lru_cache(maxsize=1024)
def _read(text: str) -> _Read:
    found = words(text)
    denied = frozenset(_denied(found, text))
    cuts = [match.start() for match in _CLAUSE.finditer(text)]
    clauses = tuple(sum(cut <= word.start for cut in cuts) for word in found)
    poles = []
    for place, word in enumerate(found):
        low = word.text.lower().replace("ё", "е")
        for contrast, side in _sides(low):
            if low in _MEASURES and not _MEASURED.match(text, word.end):
                continue
            turned = place in denied and _two_sided(contrast)
            poles.append(_Pole(contrast, 1 - side if turned else side, side, word.text, place))
    return _Read(found, denied, tuple(poles), clauses)


@lru_cache(maxsize=64)
def _two_sided(contrast: int) -> bool:
    whole, starts, _ = _beginnings()
    every = frozenset[tuple[int, int]]().union(*whole.values(), *starts.values())
    return max(side for number, side in every if number == contrast) == 1


def _denied(found: Sequence[Word], text: str) -> Iterator[int]:
    for place, word in enumerate(found):
        low = word.text.lower()
        if low not in _NEGATORS or (
            len(low) < 2 and (low != "t" or text[word.start - 1 : word.start] not in ("'", "’"))
        ):
            continue
        if low in ("нет", "no") and text[word.end : word.end + 1] in (",", "."):
            continue
        ahead = 0
        for at in range(place + 1, min(place + 7, len(found))):
            other = found[at].text.lower()
            if other in _EXEMPT and at == place + 1:
                break
            if other in _NEGATORS or (
                found[at].is_function and other not in ("был", "была", "было", "были", "будет", "может")
            ):
                continue
            if other.endswith("ly") and at < place + 3:
                continue
            yield at
            ahead += 1
            # "Not" governs its verb; in English an auxiliary may stand between.
            if ahead == 1:
                break


def against(claim: str, quotes: Sequence[str]) -> list[Finding]:
    """What the quotes have against the directions of a claim and against what it denies."""
    return [*opposites(claim, quotes), *_denials(claim, _read(claim), [_read(quote) for quote in quotes])]


def opposites(claim: str, quotes: Sequence[str], only: frozenset[str] | None = None) -> list[Finding]:
    """The words of a claim whose opposites the quotes have in their place; `only` the contrasts of those words."""
    chosen = None if only is None else {number for word in only for number, _ in _sides(word)}
    mine = _read(claim)
    if chosen is not None:
        mine = replace(mine, poles=tuple(pole for pole in mine.poles if pole.contrast in chosen))
    return list(_opposites(claim, mine, [_read(quote) for quote in quotes]))


def _opposites(claim: str, mine: _Read, theirs: Sequence[_Read]) -> Iterator[Finding]:
    *_, converse = _beginnings()
    seen = set()
    for pole in mine.poles:
        if pole.contrast in seen:
            continue
        seen.add(pole.contrast)
        sides = {other.side for other in mine.poles if other.contrast == pole.contrast}
        said = [(read, other) for read in theirs for other in read.poles if other.contrast == pole.contrast]
        if not said:
            continue
        if len(sides) > 1:
            heard = {other.side for _, other in said}
            if not _two_sided(pole.contrast) and heard - sides and sides - heard:
                cited = next(other for _, other in said if other.side not in sides)
                yield _opposite(claim, pole, cited)
            continue
        # The same word denied in one of them is for `_denials`.
        opposite = [(read, other) for read, other in said if other.side != pole.side and other.raw != pole.raw]
        same = [(read, other) for read, other in said if other.side == pole.side]
        if not opposite:
            continue
        if same:
            # Both are said: which of them of what the claim is about?
            for_it = max(_bearing(mine, pole, read, other) for read, other in same)
            nearest = max(opposite, key=lambda pair: _bearing(mine, pole, *pair))
            if pole.contrast in converse or _bearing(mine, pole, *nearest) <= for_it:
                continue
            opposite = [nearest]
        relation = bool(_RELATIONS.match(pole.word.lower()))
        if relation and not any(_argument(mine, pole, read, other) for read, other in opposite):
            continue
        if pole.contrast in converse and not relation and not _one_party(mine, opposite[0][0]):
            continue
        yield _opposite(claim, pole, opposite[0][1])


def _opposite(claim: str, pole: _Pole, other: _Pole) -> Finding:
    reason = say(detect(claim), "opposite", claim=pole.word, cited=other.word)
    return Finding(reason, claimed=pole.word, cited=other.word)


def _bearing(mine: _Read, pole: _Pole, read: _Read, other: _Pole) -> int:
    """How many words of the claim stand in the clause of a pole of the quote."""
    clause = [
        word
        for at, word in enumerate(read.words)
        if read.clauses[at] == read.clauses[other.place] and at != other.place and not word.is_function
    ]
    own = [word for at, word in enumerate(mine.words) if at != pole.place and not word.is_function]
    return sum(any(alike(word, said) for said in clause) for word in own)


def _one_party(mine: _Read, read: _Read) -> bool:
    """Whether both begin with the same name, or the claim has but one."""
    if sum(_is_capital(word) for word in mine.words) < 2:
        return True
    return any(same(word.text, other.text) for word in _first_name(mine) for other in _first_name(read))


def _first_name(read: _Read) -> list[Word]:
    """The first words with capitals that stand together."""
    start = next((place for place, word in enumerate(read.words) if _is_capital(word)), len(read.words))
    return list(takewhile(_is_capital, read.words[start:]))


def _is_capital(word: Word) -> bool:
    return word.text[0].isupper() and not word.is_function


def _argument(mine: _Read, pole: _Pole, read: _Read, other: _Pole) -> bool:
    """Whether the same word follows both poles: after the war, before the war."""
    following = [word for word in mine.words[pole.place + 1 : pole.place + 7] if not word.is_function][:3]
    said = [word for word in read.words[other.place + 1 : other.place + 7] if not word.is_function][:4]
    return any(akin(word, another) for word in following for another in said)


def _denials(claim: str, mine: _Read, theirs: Sequence[_Read]) -> Iterator[Finding]:
    language = detect(claim)
    abroad = any(word.language != language for read in theirs for word in read.words[:1])
    negative = bool(mine.denied) or any(_is_negative(word) for word in mine.words)
    for at in sorted(mine.denied):
        head = mine.words[at]
        found = [(read, place) for read in theirs for place, word in enumerate(read.words) if akin(head, word)]
        if any(place in read.denied or _near_negative(read, place) for read, place in found):
            continue
        # What is denied across the languages may be in words that the lexicon doesn't match.
        if abroad and any(read.denied for read in theirs):
            continue
        if found or not any(_is_negative(word) for read in theirs for word in read.words):
            yield Finding(say(language, "not_denied", claim=head.text))
            return
    if negative:
        return
    for read in theirs:
        for place in sorted(read.denied):
            head = read.words[place]
            own = [word for word in mine.words if akin(word, head) and not word.is_function]
            affirmed = any(
                at not in other.denied and akin(word, head) and not _near_negative(other, at)
                for other in theirs
                for at, word in enumerate(other.words)
            )
            if own and not affirmed:
                yield Finding(say(language, "denied", claim=own[0].text))
                return


def _is_negative(word: Word) -> bool:
    low = word.text.lower()
    return (low in _NEGATORS and len(low) > 1) or bool(_IMPLICIT.match(low))


def _near_negative(read: _Read, place: int) -> bool:
    """Whether a clause with the word has another word that denies."""
    return any(
        _is_negative(word)
        for at, word in enumerate(read.words)
        if read.clauses[at] == read.clauses[place] and abs(at - place) < 8
    )
