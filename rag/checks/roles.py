"""Who did what: two names of the claim whose roles the cited text has the other way round.

Only what is clear is read: in Russian a nominative beside an oblique case (with a passive: an instrumental beside a
nominative), in English the order around one verb, with "by" or without; and in both what is "from" and what is "to".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile
from typing import Literal

from istok.index import territories
from istok.index.language import detect
from istok.rag.checks.countries import countries, country
from istok.rag.checks.finding import Finding
from istok.rag.checks.names import Name, names, same
from istok.rag.checks.words import Word, akin, words
from istok.rag.morphology import cases, kind, verb
from istok.rag.wording import say

Role = Literal["agent", "other", "from", "to"]

_PREPOSITIONS: dict[str, Role] = {
    "из": "from", "от": "from", "с": "from", "со": "from", "from": "from", "в": "to", "во": "to", "на": "to", "к": "to",
    "to": "to", "into": "to",
}  # fmt: skip
_CONTRARY = (("agent", "other"), ("from", "to"), ("agent", "to"), ("agent", "from"))
_OTHERWISE = frozenset(
    "о об про при для у за без по под над между через из-за после до перед против of in at for with about on and or "
    "и или а "
    "near under between during against over than чем как as".split()
)
_RIVALRY = frozenset("против against over у".split())
"""After these stands whom the other one is set against."""
_TITLED = 3
"""Words, such as a title, that may stand between a preposition and its name."""
_SENTENCE = re.compile(r"[.!?;]\s|[:;]")
_LIKELY = 0.15
_BY = re.compile(r"\bby\s+(?:the\s+)?(?:\w+\s+){0,3}$")
_BE = frozenset("is are was were been being be be got get".split())


@dataclass(frozen=True, slots=True)
class _Part:
    """A name with its role in its clause, and the words of that clause that may be the predicate."""

    name: str
    role: Role
    clause: int


@dataclass(frozen=True, slots=True)
class _Scene:
    parts: tuple[_Part, ...]
    predicates: tuple[tuple[Word, ...], ...]
    """Of each clause."""


def against(claim: str, quotes: Sequence[str]) -> list[Finding]:
    """The pairs of names whose roles, or whose titles, in the claim are swapped against the quotes."""
    found = _swapped_roles(claim, quotes) or _swapped(claim, quotes, _titled) or _swapped(claim, quotes, _owned)
    return [Finding(say(detect(claim), "swapped", one=found[0], other=found[1]))] if found else []


def _swapped_roles(claim: str, quotes: Sequence[str]) -> tuple[str, str] | None:
    mine = _scene(claim)
    scenes = [_scene(quote) for quote in quotes]
    for one, other in _pairs(mine):
        turned = straight = False
        for scene in scenes:
            for first, second in _pairs(scene):
                abroad = detect(first.name) != detect(one.name)
                if not abroad and not _akin(mine.predicates[one.clause], scene.predicates[first.clause]):
                    continue
                if (one.role, other.role) != (first.role, second.role):
                    continue
                straight |= _same(one.name, first.name) and _same(other.name, second.name)
                turned |= _same(one.name, second.name) and _same(other.name, first.name)
        if turned and not straight:
            return one.name, other.name
    return None


_AND = r"\s*(?:,|и|and)\s+"
"""What stands between names to which the same belongs."""
_Tied = Callable[[str], tuple[tuple[str, Word], ...]]
"""Names with a word that is tied to each."""


def _swapped(claim: str, quotes: Sequence[str], tied: _Tied) -> tuple[str, str] | None:
    """Whose title (судья Солдатов), or what is whose (Bondarev's seminar), in the claim is of another of its names in
    the quotes."""
    mine = tied(claim)
    said = [pair for quote in quotes for pair in tied(quote)]
    near = [pair for quote in quotes for pair in _beside(quote)] if mine and said else []
    for name, title in mine:
        bearers = [other for other, its in said if _alike(title, its)]
        # What stands near a name may belong to it in ways that aren't read here.
        beside = [other for other, its in near if _alike(title, its)]
        if not bearers or any(_same(name, other) for other in [*bearers, *beside]):
            continue
        for other in names(claim):
            if _are_joined(claim, name, other.text):
                continue
            own = any(_same(whose, other.text) and _alike(title, its) for whose, its in mine)
            if not own and any(_same(other.text, bearer) for bearer in bearers):
                return name, other.text
    return None


def _are_joined(claim: str, one: str, other: str) -> bool:
    first, second = re.escape(one), re.escape(other)
    return bool(re.search(rf"{first}{_AND}{second}|{second}{_AND}{first}", claim))


def _agree(title: Word, name: Name) -> bool:
    """Whether they may be of one case: адвоката Петра, not the lawyer of Peter's, адвокат Петра."""
    if title.language != "ru":
        return True
    possible = _cases(name)
    return not possible or any(cases(title.text).get(case, 0) >= _LIKELY for case in possible)


@lru_cache(maxsize=1024)
def _titled(text: str) -> tuple[tuple[str, Word], ...]:
    """Names with the words of the title that stands right before each (премьер-министр Беларуси Роман Головченко), in
    English also right after it (Roman Golovchenko, Prime Minister of Belarus)."""
    found = []
    for name in names(text):
        bare = _without_country(name)
        if bare is None or _is_place(bare) or _APPOSED.match(text, bare.end):
            continue
        title = _title_ru(text, bare) if detect(text) == "ru" else _title_en(text, bare)
        earlier = words(text[: min((word.start for word in title), default=0)])[-2:]
        if not any(_FORMER.match(word.text) for word in (*earlier, *title)):
            found += [(bare.text, word) for word in title if not word.is_function and len(word.text) > 1]
    return tuple(found)


@lru_cache(maxsize=1024)
def _beside(text: str) -> tuple[tuple[str, Word], ...]:
    """Names with each word that stands near, in one clause."""
    own = [word for word in words(text) if not word.is_function]
    cuts = [match.start() for match in _CLAUSE.finditer(text)]
    found = []
    every = _participants(text)
    for name in every:
        # Not beyond another person.
        people = [one for one in every if one != name and not _is_place(one) and not _REGIONAL.search(one.text)]
        low = max(
            [cut for cut in cuts if cut < name.start] + [one.end for one in people if one.end <= name.start] + [0]
        )
        high = min(
            [cut for cut in cuts if cut >= name.end]
            + [one.start for one in people if one.start >= name.end]
            + [len(text)]
        )
        before = [word for word in own if low <= word.start and word.end <= name.start][-_NEAR:]
        after = [word for word in own if name.end <= word.start and word.end <= high][:_NEAR]
        found += [(name.text, word) for word in (*before, *after)]
    return tuple(found)


_NEAR = 5
_REGIONAL = re.compile(r"ск(?:ий|ого|ому|им|ом|ая|ой|ую)$")
_CLAUSE = re.compile(r"[,;:—()]")
_FORMER = re.compile(
    r"(?:вице|экс|бывш|прежн|предыдущ|заместител|врио|зам|former|deputy|acting|vice|ex|previous|then)", re.IGNORECASE
)
"""A title that is another one after such a word."""


def _is_place(name: Name) -> bool:
    own = words(name.text)
    if len(own) > 1 and kind(own[0].text) == "person":
        return False
    return any(kind(word.text) == "place" for word in own) or bool(countries(name.text))


def _without_country(name: Name) -> Name | None:
    """A name without the country that stands before it, None where nothing else is left."""
    own = list(dropwhile(lambda word: bool(country(word.text)), words(name.text)))
    if not own:
        return None
    return Name(name.text[own[0].start :], name.start + own[0].start, name.end)


def _title_ru(text: str, name: Name) -> list[Word]:
    """The noun that a name agrees with and what stands between the two, which it governs."""
    walked: list[Word] = []
    end = name.start
    for word in reversed(words(text[: name.start])[-_LONGEST_TITLE:]):
        if not text[word.end : end].isspace() or word.is_function or verb(word.text):
            break
        walked.append(word)
        end = word.start
        plain = word.text.islower() or (word.start == 0 and not country(word.text))
        if plain and cases(word.text) and _agree(word, name):
            return walked
    return []


def _title_en(text: str, name: Name) -> list[Word]:
    walked: list[Word] = []
    end = name.start
    others = [other for other in names(text) if other.start != name.start and not _is_place(other)]
    for word in reversed(words(text[: name.start])[-_LONGEST_TITLE:]):
        if any(other.start <= word.start < other.end < name.end for other in others):
            break
        # A common word right before the name, what has a capital before that.
        near = not walked or word.text[0].isupper() or word.text in ("of", "the")
        if not near or (word.is_function and not walked) or text[word.end : end].strip(" \u00a0"):
            break
        walked.append(word)
        end = word.start
    after = _AFTER_NAME.match(text, name.end)
    own = [word for word in words(text) if after and after.start(1) <= word.start < after.end(1)]
    return [*walked, *own]


_LONGEST_TITLE = 4
_AFTER_NAME = re.compile(r", ((?:the )?[^,.;:]{3,60})(?=[,.;]|$)")
_APPOSED = re.compile(r", [A-ZА-ЯЁ]")
"""«Подруга Анны, Жаклин»: Jacqueline is the friend."""
_S = re.compile(r"['’]s?\s+$")
_OF = re.compile(r"\bof\s+(?:the\s+)?$", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _owned(text: str) -> tuple[tuple[str, Word], ...]:
    """Names with what is theirs: Bondarev's seminar, the death of Bondarev, семинар Бондарева."""
    russian = detect(text) == "ru"
    inside = names(text)
    found = []
    for name in _participants(text):
        if russian:
            before = words(text[: name.start])[-1:]
            possible = _cases(name)
            whose = "gent" in possible and ("nomn" not in possible or bool(country(name.text)))
            if whose and before and text[before[0].end : name.start].isspace():
                word = before[0]
                if cases(word.text) and not word.is_function and word.text.islower():
                    found.append((name.text, word))
            continue
        after = [word for word in words(text) if word.start >= name.end and not any(
            other.start <= word.start < other.end for other in inside)]  # fmt: skip
        if after and _S.fullmatch(text[name.end : after[0].start]):
            found += [(name.text, word) for word in after[:1]]
        elif match := _OF.search(text[: name.start]):
            found += [(name.text, word) for word in words(text[: match.start()])[-1:] if not word.is_function]
    return tuple(found)


def _pairs(scene: _Scene) -> list[tuple[_Part, _Part]]:
    """Agent before another, where from before where to."""
    return [
        (one, other)
        for one in scene.parts
        for other in scene.parts
        if one.clause == other.clause and (one.role, other.role) in _CONTRARY
    ]


def _alike(one: Word, other: Word) -> bool:
    here, there = country(one.text), country(other.text)
    return here == there if here or there else akin(one, other)


def _same(one: str, other: str) -> bool:
    """Whether two names are of one bearer: by the surname where both have more than one word."""
    mine, theirs = words(one), words(other)
    if min(len(mine), len(theirs)) > 1:
        return same(mine[-1].text, theirs[-1].text)
    return any(same(word.text, another.text) for word in mine for another in theirs)


def _akin(mine: Sequence[Word], theirs: Sequence[Word]) -> bool:
    return any(akin(word, other) for word in mine for other in theirs)


@lru_cache(maxsize=1024)
def _scene(text: str) -> _Scene:
    found = _participants(text)
    cuts = [match.start() for match in _SENTENCE.finditer(text)]
    parts, predicates = [], []
    for clause, (low, high) in enumerate(zip([0, *cuts], [*cuts, len(text)], strict=True)):
        inside = [name for name in found if low <= name.start < high]
        others = tuple(
            word
            for word in words(text)
            if low <= word.start < high
            and not word.is_function
            and not any(name.start <= word.start < name.end for name in inside)
        )
        predicates.append(others)
        read = _russian if detect(text) == "ru" else _english
        parts += [_Part(name.text, role, clause) for name, role in read(text, inside, others)]
    return _Scene(tuple(parts), tuple(predicates))


def _participants(text: str) -> list[Name]:
    """Names, and countries that open a sentence."""
    found = [name for name in names(text) if not _is_whose(name)]
    for word in words(text):
        inside = any(name.start <= word.start < name.end for name in found)
        noun = word.text.lower() in territories.names("en") or bool(cases(word.text))
        if not inside and word.text[0].isupper() and country(word.text) and noun:
            found.append(Name(word.text, word.start, word.end))
    return sorted(found, key=lambda name: name.start)


def _is_whose(name: Name) -> bool:
    """Whether it is a country's adjective, such as Belarusian, which names nobody."""
    return all(
        bool(country(word.text)) and word.language == "en" and word.text.lower() not in territories.names("en")
        for word in words(name.text)
    )


def _preposition(text: str, name: Name) -> str:
    """The preposition that a name hangs on, a title at most between them; "" for none."""
    low = max(0, name.start - 60)
    # «В.» before a surname is no preposition.
    before = [
        word.text.lower() for word in words(text[low : name.start]) if text[low + word.end : low + word.end + 1] != "."
    ][-_TITLED:]
    for back, word in enumerate(reversed(before)):
        if word in _PREPOSITIONS or word in _OTHERWISE:
            return word
        if back == 0 and detect(text) == "ru" and verb(word):
            break
    return ""


def _russian(text: str, found: Sequence[Name], others: Sequence[Word]) -> list[tuple[Name, Role]]:
    passive = next((verb(word.text) for word in others if verb(word.text)), "") == "passive"
    read: list[tuple[Name, frozenset[str], str]] = []
    for name in found:
        possible = _cases(name)
        read.append((name, possible, _preposition(text, name)))
    bare = [name for name, _, preposition in read if not preposition]
    first_verb = next((word.start for word in others if verb(word.text)), 0)
    oblique = [name for name, possible, preposition in read if not preposition and "nomn" not in possible]
    roles: list[tuple[Name, Role]] = []
    for name, possible, preposition in read:
        if preposition in _PREPOSITIONS:
            if possible <= {"gent"} and not text[: name.start].rstrip().lower().endswith(f" {preposition}"):
                continue  # of what the preposition governs
            roles.append((name, _PREPOSITIONS[preposition]))
            if preposition in ("у", "на", "к"):
                roles.append((name, "other"))
        elif preposition in _RIVALRY:
            roles.append((name, "other"))
            if preposition == "у":
                roles.append((name, "from"))
        elif preposition:
            continue
        elif passive:
            if possible == {"ablt"}:
                roles.append((name, "agent"))
            elif "nomn" in possible and "ablt" not in possible:
                roles.append((name, "other"))
        elif possible == {"nomn"} or ("nomn" in possible and (oblique or (bare == [name] and name.start < first_verb))):
            roles.append((name, "agent"))
        elif "nomn" not in possible and (possible != {"gent"} or (name.start > first_verb > 0 and _is_person(name))):
            roles.append((name, "other"))
    return roles


def _cases(name: Name) -> frozenset[str]:
    """The cases that a Russian name may stand in."""
    possible = frozenset(("nomn", "gent", "datv", "accs", "ablt", "loct"))
    for word in words(name.text):
        if len(word.text) == 1:
            continue  # an initial
        its = frozenset(case for case, share in cases(word.text).items() if share >= _LIKELY)
        possible = possible & its or possible
    return possible


def _is_person(name: Name) -> bool:
    """Whether it names a person, whose accusative is like the genitive."""
    return any(kind(word.text) == "person" for word in words(name.text))


def _english(text: str, found: Sequence[Name], others: Sequence[Word]) -> list[tuple[Name, Role]]:
    roles: list[tuple[Name, Role]] = []
    by = next((name for name in found if _BY.search(text[: name.start])), None)
    for place, name in enumerate(found):
        if text[name.end : name.end + 2] in ("'s", "’s"):
            continue  # whose something is
        preposition = _preposition(text, name)
        before = any(word.end <= name.start for word in others)
        after = any(word.start >= name.end for word in others)
        if name is by:
            roles.append((name, "agent"))
        elif preposition in _PREPOSITIONS:
            roles.append((name, _PREPOSITIONS[preposition]))
            if preposition == "to":
                roles.append((name, "other"))
        elif preposition in _RIVALRY:
            roles.append((name, "other"))
        elif preposition:
            continue
        elif by is not None:
            if place < found.index(by):
                roles.append((name, "other"))
        elif place == 0 and after:
            roles.append((name, "agent"))
        elif before:
            roles.append((name, "other"))
    return roles
