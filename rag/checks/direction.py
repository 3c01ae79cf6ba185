"""Direction and negation: rose is not fell, an export is no import, and what is denied is not said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from istok.index.language import detect
from istok.index.types import Language
from istok.rag.checks.contrasts import CONTRASTS
from istok.rag.checks.figures import figures
from istok.rag.checks.finding import Finding
from istok.rag.checks.names import is_in_title, same
from istok.rag.checks.units import DURATIONS
from istok.rag.checks.words import Word, akin, alike, words
from istok.rag.wording import say

_CONVERSE = frozenset(("won.", "купил.", "перед.", "older.", "overtook."))
"""Contrasts of which either pole may be said of the other party: A beat B, B lost to A; A is older, B younger."""

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
    r"impossib|cancel|against|hardly|barely|oppos|prevent|declin|exempt|suspen|short|withdr|too$|doubt|beyond|yet$|"
    r"вряд$|немног|редк|rarely|seldom|hesitat|non$|non-|un(?!i|der|til|less|cle)[a-z]{4}"
)
_AUXILIARIES = frozenset("был была было были будет может".split())
_EXEMPT = frozenset(
    "стало хвата требу только лишь менее более меньше больше раз один одна одно просто позднее позже ранее считая "
    "говоря исключено исключает "
    "исключил исключила мало only just least more less fewer later earlier than longer doubt sooner including "
    "mention".split()
)
_PHRASES = tuple(
    (re.compile(rf"\b(?:{one})", re.IGNORECASE), re.compile(rf"\b(?:{other})", re.IGNORECASE))
    for one, other in (
        (
            r"at least\b|no (?:less|fewer) than\b|по (?:крайней|меньшей) мере\b|не (?:менее|меньше)\b|минимум\b"
            r"|хотя бы\b",
            r"at most\b|no more than\b|не (?:более|больше)\b|максимум\b|самое большее\b",
        ),
        (
            r"biggest\b|largest\b|highest\b|greatest\b|best\b|сам\w\w?\w? (?:больш|крупн|высок)"
            r"|(?:больше|сильнее|выше|чаще|лучше) (?:всего|всех|остальных)\b|наибольш|крупнейш|лучш(?!е)",
            r"smallest\b|lowest\b|(?<!at )least\b|worst\b|сам\w\w?\w? (?:мал|мелк|низк)"
            r"|(?:меньше|слабее|ниже|реже|хуже) (?:всего|всех|остальных)\b|наименьш|худш(?!е)",
        ),
    )
)
"""Contrasts that are told by several words: at least and at most, the largest and the smallest."""
_UP_TO = re.compile(r"\s+to\s+[$€£]?\d")
_BOUNDS = frozenset("менее меньше более больше less fewer more".split())
_WHETHER = re.compile(r"\s+\w+\s+ли\b")
"""«Спросил, не хочет ли он» denies nothing."""
_UNTIL = re.compile(r",\s+пока(?:\s+\w+)?\s+$", re.IGNORECASE)
_CONTRACTED = re.compile(r"n['’]t\b")
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
    loose: bool = False
    """Whether it is contrary only to what is said of the same thing: more people, fewer people."""


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
    negative: bool
    """Whether anything is denied in it."""


@lru_cache(maxsize=1024)
def _read(text: str) -> _Read:
    found = words(text)
    denied = frozenset(_denied(found, text))
    cuts = [match.start() for match in _CLAUSE.finditer(text)]
    clauses = tuple(sum(cut <= word.start for cut in cuts) for word in found)
    poles = []
    for place, word in enumerate(found):
        low = word.text.lower().replace("ё", "е")
        if low == "up" and _UP_TO.match(text, word.end):
            continue
        bounded = low in _BOUNDS and place > 0 and found[place - 1].text.lower() in ("не", "no", "not")
        for contrast, side in _sides(low):
            loose = low in _MEASURES and not _MEASURED.match(text, word.end)
            # No less than is more.
            turned = (place in denied or bounded) and _two_sided(contrast)
            poles.append(_Pole(contrast, 1 - side if turned else side, side, word.text, place, loose))
    for number, phrases in enumerate(_PHRASES, 1):
        for side, phrase in enumerate(phrases):
            for match in phrase.finditer(text):
                place = next(at for at, word in enumerate(found) if word.end > match.start())
                poles.append(_Pole(-number, side, side, match[0], place))
    negative = bool(denied) or any(_is_negative(word) for word in found) or bool(_CONTRACTED.search(text))
    return _Read(found, denied, tuple(poles), clauses, negative)


@lru_cache(maxsize=64)
def _two_sided(contrast: int) -> bool:
    whole, starts, _ = _beginnings()
    every = frozenset[tuple[int, int]]().union(*whole.values(), *starts.values())
    return max((side for number, side in every if number == contrast), default=1) == 1


def _denied(found: Sequence[Word], text: str) -> Iterator[int]:
    for place, word in enumerate(found):
        low = word.text.lower()
        if low not in _NEGATORS or (
            len(low) < 2 and (low != "t" or text[word.start - 1 : word.start] not in ("'", "’"))
        ):
            continue
        if low in ("нет", "no") and text[word.end : word.end + 1] in (",", "."):
            continue
        # "Until" is «, пока не» («пока не» is "not yet"); a title denies nothing.
        until = low == "не" and bool(_UNTIL.search(text[: word.start]))
        whether = low == "не" and bool(_WHETHER.match(text, word.end))
        if until or whether or is_in_title(text, word.start):
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
            if (other.endswith("ly") and at < place + 3) or len(other) < 2:
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
        said = [
            (read, other)
            for read in theirs
            for other in read.poles
            if other.contrast == pole.contrast and (not other.loose or _argument(mine, pole, read, other))
        ]
        if not said:
            if pole.contrast == _RISE and not pole.loose and len(sides) == 1 and _is_measured(claim, mine, pole):
                yield Finding(_UNSAID[detect(claim)].format(claim=pole.word), claimed=pole.word)
            continue
        if len(sides) > 1:
            heard = {other.side for _, other in said}
            if not _two_sided(pole.contrast) and heard - sides and sides - heard:
                cited = next(other for _, other in said if other.side not in sides)
                yield _opposite(claim, pole, cited)
            elif pole.contrast == _RISE and len(heard) == 1:
                # A fall among the rises of the quote, said of the same thing.
                for odd in (other for other in mine.poles if other.contrast == _RISE and other.side not in heard):
                    rise = next((one for read, one in said if _argument(mine, odd, read, one)), None)
                    if rise and not odd.loose:
                        yield _opposite(claim, odd, rise)
                        break
            continue
        # The same word denied in one of them is for `_denials`.
        denies = pole.side != pole.raw
        opposite = [
            (read, other)
            for read, other in said
            if (other.side != pole.side and other.raw != pole.raw)
            # «Не требуется увеличения» is "no increase", though the negation stands farther off.
            or (denies and other.side == other.raw == pole.side and _near_negative(read, other.place))
        ]
        same = [pair for pair in said if pair[1].side == pole.side and pair not in opposite]
        if not opposite:
            continue
        if same:
            # Both are said: which of them of what the claim is about?
            for_it = max(_bearing(mine, pole, read, other) for read, other in same)
            nearest = max(opposite, key=lambda pair: _bearing(mine, pole, *pair))
            if pole.contrast in converse or _bearing(mine, pole, *nearest) <= for_it:
                continue
            opposite = [nearest]
        if pole.loose:
            opposite = [(read, other) for read, other in opposite if _argument(mine, pole, read, other)]
        if not opposite:
            continue
        relation = bool(_RELATIONS.match(pole.word.lower()))
        if relation and not any(_argument(mine, pole, read, other) for read, other in opposite):
            continue
        of_one = relation or _is_attribute(claim, mine, pole) or _one_party(mine, opposite[0][0])
        if pole.contrast in converse and not of_one:
            continue
        yield _opposite(claim, pole, opposite[0][1])


_AGE = re.compile(r"(?:старш|младш)(?!е$)|elde|(?:old|young)e", re.IGNORECASE)


def _is_attribute(claim: str, mine: _Read, pole: _Pole) -> bool:
    """Whether a word says of what age its own noun is (her younger brother), and not than whom."""
    after = re.match(r"\s+(?!than\b)\w", claim[mine.words[pole.place].end :])
    return bool(_AGE.match(pole.word) and after)


_UNSAID: Mapping[Language, str] = {
    "ru": "источник не говорит ни о росте, ни о падении: «{claim}»",
    "en": "the cited text speaks of no rise or fall: “{claim}”",
}
_NEAR = 5
"""Words between what rises and by how much."""
_AMOUNT = re.compile(
    r"(?:^\s|\b(?:by|to|from|at|than|about|almost|nearly|over|around|some|below|above|under"
    r"|ниже|выше|на|до|с|от|почти|более|менее|чем|около|примерно|свыше)\s)\s*[$€£]?$",
    re.IGNORECASE,
)
"""What stands before the amount of a change."""
_RISE = 0
"""The contrast of what rises and what falls."""


def _is_measured(claim: str, mine: _Read, pole: _Pole) -> bool:
    """Whether a claim says by or to how much something rises: its quote must say that it rises."""
    end = mine.words[pole.place].end
    return any(
        figure.start >= end
        and figure.unit not in DURATIONS
        and len(claim[end : figure.start].split()) < _NEAR
        and _AMOUNT.search(claim[end : figure.start])
        for figure in figures(claim)
    )


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
    beside = mine.words[pole.place + 1 : pole.place + 2], read.words[other.place + 1 : other.place + 2]
    if pole.loose and all(beside) and beside[0][0].text.lower() == beside[1][0].text.lower():
        return True  # больше нет, меньше нет
    following = [word for word in mine.words[pole.place + 1 : pole.place + 7] if not word.is_function][:3]
    said = [word for word in read.words[other.place + 1 : other.place + 7] if not word.is_function][:4]
    return any(akin(word, another) for word in following for another in said)


def _denials(claim: str, mine: _Read, theirs: Sequence[_Read]) -> Iterator[Finding]:
    language = detect(claim)
    abroad = any(word.language != language for read in theirs for word in read.words[:1])
    for at in sorted(mine.denied):
        head = mine.words[at]
        found = [(read, place) for read in theirs for place, word in enumerate(read.words) if akin(head, word)]
        # "Not by 60% but by 45%" and "did not fall", where it rose, say no less than the quote does.
        if _is_contrasted(claim, mine, at, said=bool(found)) or _is_turned(mine, at, theirs):
            continue
        if any(place in read.denied or _near_negative(read, place, anywhere=abroad) for read, place in found):
            continue
        # What is denied across the languages may be in words that the lexicon doesn't match.
        if abroad and any(read.denied for read in theirs):
            continue
        if any(_negates(word, head) for read in theirs for word in read.words):
            continue
        if found or not any(_denies_of(mine, read) for read in theirs):
            yield Finding(say(language, "not_denied", claim=head.text))
            return
    if mine.negative:
        return
    for read in theirs:
        # Two denials may cancel each other: «не осталось сфер, которые не охвачены».
        for place in sorted(read.denied) if len(read.denied) < 2 else ():
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


_BUT_NOT = re.compile(r"(?:\bа|\bи|\band|\bbut|\brather)\s+$", re.IGNORECASE)
_INSTEAD_BEFORE = re.compile(
    r"(?:[,—–]|[;:]\s+(?:it|they|he|she|this|он[аио]?|это)(?:\s+(?:did|was|is|were|are|has|had|have))?)\s+$",
    re.IGNORECASE,
)
_INSTEAD_AFTER = re.compile(
    r"[^.!?;:]*?(?:[,—–]\s*а\s|\b(?:but|rather|instead)\b|[;:,—–]\s+(?:it|they|he|she|this|он[аио]?|это)\s|[—–]\s+\d)",
    re.IGNORECASE,
)


def _is_contrasted(claim: str, mine: _Read, at: int, *, said: bool) -> bool:
    """Whether what is denied is set against what the claim says instead: 45%, а не 60%; not 60% but 45%. A word that
    the quotes have, too (`said`), is so only after "and not", or where a figure stands before it."""
    negator = [word for word in mine.words[:at] if word.text.lower() in _NEGATORS][-1:]
    if not negator:
        return bool(_INSTEAD_AFTER.match(claim, mine.words[at].end)) and not said
    if _BUT_NOT.search(claim[: negator[0].start]):
        return True
    if said and not re.search(r"\d", claim[negator[0].end : mine.words[at].start]):
        return False
    before = _INSTEAD_BEFORE.search(claim[: negator[0].start])
    return bool(before or _INSTEAD_AFTER.match(claim, mine.words[at].end))


def _is_turned(mine: _Read, at: int, theirs: Sequence[_Read]) -> bool:
    """Whether the quotes have the opposite of what is denied."""
    turned = {(pole.contrast, pole.side) for pole in mine.poles if pole.place == at and pole.side != pole.raw}
    return any((pole.contrast, pole.side) in turned for read in theirs for pole in read.poles)


def _is_negative(word: Word) -> bool:
    low = word.text.lower()
    return (low in _NEGATORS and len(low) > 1) or bool(_IMPLICIT.match(low))


def _negates(word: Word, head: Word) -> bool:
    """Whether a Russian word is `head` with «не» before it: небезопасно, not safe."""
    low = word.text.lower()
    return len(low) > 5 and low.startswith("не") and any(akin(rest, head) for rest in words(low[2:]))


def _denies_of(mine: _Read, read: _Read) -> bool:
    """Whether a text denies something in a clause that has a word of the claim."""
    own = [word for word in mine.words if not word.is_function]
    clauses = {read.clauses[at] for at, word in enumerate(read.words) if _is_negative(word)}
    return any(
        read.clauses[at] in clauses and not word.is_function and any(akin(word, other) for other in own)
        for at, word in enumerate(read.words)
    )


def _near_negative(read: _Read, place: int, *, anywhere: bool = False) -> bool:
    """Whether there is a word that denies near the word: in its clause, or `anywhere`."""
    return any(
        _is_negative(word)
        for at, word in enumerate(read.words)
        if at != place and (anywhere or read.clauses[at] == read.clauses[place]) and abs(at - place) < 8
    )
