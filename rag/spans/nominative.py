"""The nominative: a Russian name as it is said on its own, «Александром Турчиным» as «Александр Турчин»."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, product, zip_longest
from typing import TYPE_CHECKING

from istok.index.language import detect
from istok.rag.conversation.mentions import GOVERNS, is_predicate
from istok.rag.morphology import parses

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

_PERSONAL = frozenset(("Name", "Surn", "Patr"))
_CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
_SECOND = {"gen1": "gent", "gen2": "gent", "loc1": "loct", "loc2": "loct", "acc1": "accs", "acc2": "accs"}
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*\.?")
_AND = re.compile(r"(?:,\s+и\s+|,\s+|\s+и\s+)")
_PARTICLES = frozenset("де да ди ван фон бен ибн аль эль ла ле дер дю".split())
_QUOTES = "«»“”„\"'"
_ADJACENT = 8
"""Words before a name among which what it is an apposition to is looked for."""

RARE = 12
"""Times less probable than the best: such a reading is of a name that nobody bears («Анастасия» of Анастасий)."""

_Form = tuple[str, str, str]
"""A case, a gender ("" in the plural), and what the word is in the nominative."""


def nominative(text: str, before: str = "") -> str | None:
    """A name of a person, an organisation or a place, or an enumeration of them, in the nominative, as far as its own
    forms and the words `before` it in its sentence leave one way to say it; None where they don't."""
    pieces = _AND.split(text)
    people = [_names(piece) for piece in pieces]
    options = [names or _phrases(piece) for names, piece in zip(people, pieces, strict=True)]
    # What is enumerated stands in one case; what stands before tells it where the forms don't.
    shared = [case for case in _CASES if all(any(case == one for one, _ in each) for each in options)]
    told = _told(before, apposed=all(people))
    if told.isdisjoint(shared) and not (told <= {"ablt"} or shared == ["nomn"]):
        return None  # its forms are misread, unless somebody is appointed («министром обороны Сергея Шойгу»)
    for cases in ([case for case in shared if case in told], shared):
        made = [{form for case, form in each if case in cases} for each in options]
        if all(len(forms) == 1 for forms in made):
            joints = [*_AND.findall(text), ""]
            return "".join(form + joint for (form,), joint in zip(made, joints, strict=True))
    return None


def _names(text: str) -> set[tuple[str, str]]:
    """The cases that a person's name may stand in, with its nominative; a word that can't be read stays as it is, in
    what can only be the nominative."""
    words = list(_WORD.finditer(text))
    if not words or not text[0].isalpha() or not any(_personal(word[0]) for word in words):
        return set()
    return _agreeing(text, words, lambda word: set(_name_forms(word)) or {("nomn", "", word)})


def _phrases(text: str) -> set[tuple[str, str]]:
    """The same of a thing's: its noun with the adjectives before it, in quotes or not; the rest stays."""
    head: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        head.append(word)
        if any(parse.tag.POS == "NOUN" and parse.tag.animacy == "inan" and parse.is_known for parse in parses(word[0])):
            break
        if not any(parse.tag.POS in ("ADJF", "PRTF") for parse in parses(word[0])):
            return set()
    if not head or text[: head[0].start()].strip(_QUOTES) or _apart(text, head):
        return set()
    follows = _WORD.match(text[head[-1].end() :].strip())
    if follows and not any(parse.tag.case == "gent" and parse.is_known for parse in parses(follows[0])):
        return set()
    return _agreeing(text, head, _noun_forms)


def _apart(text: str, words: Sequence[re.Match[str]]) -> bool:
    return any(text[one.end() : other.start()].strip() for one, other in pairwise(words))


def _agreeing(
    text: str, words: Sequence[re.Match[str]], forms: Callable[[str], Iterable[_Form]]
) -> set[tuple[str, str]]:
    """The text with all of `words` in the nominative, for each case and gender that they may have in common."""
    found = set()
    for chosen in product(*(set(forms(word[0])) for word in words)):
        cases = {case for case, _, _ in chosen if case}
        genders = {gender for _, gender, _ in chosen if gender}
        if len(cases) > 1 or len(genders) > 1:
            continue
        made, end = "", 0
        for word, (_, _, form) in zip(words, chosen, strict=True):
            made, end = made + text[end : word.start()] + form, word.end()
        found |= {(case, made + text[end:]) for case in cases or _CASES}
    return found


def _personal(word: str) -> bool:
    """Whether a word is somebody's name for sure, not also an adjective («Минской»)."""
    read = [parse for parse in parses(word) if parse.is_known]
    personal = [parse for parse in read if not _PERSONAL.isdisjoint(parse.tag.grammemes)]
    return bool(personal) and not any(parse.tag.POS == "ADJF" for parse in read if parse not in personal)


def _is_fixed(word: str) -> bool:
    """Whether nothing of a word tells its case: an initial, a particle, an abbreviation, a word in Latin letters."""
    return word.isupper() or word.endswith(".") or word.lower() in _PARTICLES or detect(word) == "en"


def _name_forms(word: str) -> Iterator[_Form]:
    """How a word may stand in a person's name: one that the dictionary hasn't as any noun, one that it has as no name
    only as an adjective, or as somebody («Медведь»)."""
    if _is_fixed(word) or _FIXED.search(word):
        yield "", "", word
        return
    for case, ending in (_FEMININE if _SURNAME.search(word) else {}).items():
        if word.endswith(ending):
            yield case, "femn", word.removesuffix(ending) + "а"
    read = parses(word)
    personal = [parse for parse in read if not _PERSONAL.isdisjoint(parse.tag.grammemes)]
    least = max(parse.score for parse in personal or read) / RARE
    for parse in personal or read:
        tag = parse.tag
        if tag.number != "sing" or tag.gender == "neut" or (tag.POS != "NOUN" and (tag.POS != "ADJF" or "Fixd" in tag)):
            continue
        if (tag.animacy == "inan" and (read[0].is_known or "Geox" in tag)) or parse.score < least:
            continue
        genders = ("masc", "femn") if "ms-f" in tag else (str(tag.gender),)
        yield from ((case, gender, form) for case, _, form in _form(word, parse) for gender in genders)


_FIXED = re.compile(r"(?:ко|[иы]х|аго|дзе|швили)$")
"""Endings of surnames that have one form (Головченко, Русских), whether the dictionary has them or not."""

_SURNAME = re.compile(r"(?:[оеё]в|[иы]н)(?:а|ой|у)$")
_FEMININE = {"nomn": "а", "gent": "ой", "datv": "ой", "ablt": "ой", "loct": "ой", "accs": "у"}
"""Endings of a woman's surname: the dictionary has many for men alone."""


def _noun_forms(word: str) -> Iterator[_Form]:
    if _is_fixed(word):
        yield "", "", word
        return
    for parse in parses(word):
        if parse.tag.POS in ("ADJF", "PRTF") or (parse.tag.POS == "NOUN" and parse.is_known):
            yield from _form(word, parse)


def _form(word: str, parse: Parse) -> Iterator[_Form]:
    case = _SECOND.get(str(parse.tag.case), str(parse.tag.case))
    made = parse.inflect({"nomn"})
    if case not in _CASES or made is None:
        return
    gender = "" if parse.tag.number == "plur" else str(parse.tag.gender)
    # A plural agrees with no singular, and "" would with any.
    yield case, gender or "plur", _cased(made.word, word)


def _cased(form: str, like: str) -> str:
    """With the capitals of the word that stood in the text, and its ё."""
    if "ё" not in like.lower():
        form = form.replace("ё", "е")
    return "".join(
        f.upper() if other.isupper() else f for f, other in zip_longest(form, like[: len(form)], fillvalue="")
    )


def _told(before: str, *, apposed: bool) -> frozenset[str]:
    """The cases that the words before a name leave it: those of its preposition, or, where it may be `apposed` to it,
    of the person it is."""
    ending = re.search(r"[\s\w«“\"„-]*$", before)
    words = _WORD.findall(ending[0]) if ending else []
    if words and words[-1].lower() in GOVERNS:
        return GOVERNS[words[-1].lower()]
    for word in reversed(words[-_ADJACENT:] if apposed else ()):
        if word.lower() in GOVERNS or is_predicate(word):
            break
        nouns = [parse for parse in parses(word) if parse.tag.POS == "NOUN"]
        if nouns and word[0].islower() and all(parse.tag.animacy == "anim" for parse in nouns):
            return frozenset(_SECOND.get(str(parse.tag.case), str(parse.tag.case)) for parse in nouns)
    return frozenset()
