"""Names: a name of the claim that the cited text has not is against it where the text has another in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from istok.index.language import detect
from istok.rag.checks.countries import countries, country
from istok.rag.checks.finding import Finding, otherwise
from istok.rag.checks.words import Word, akin, alike, words
from istok.rag.morphology import is_known_common, is_proper, is_rarely_common, kind, may_be_proper
from istok.rag.wording import say


@dataclass(frozen=True, slots=True)
class Name:
    """A name of one or more words as it is written, and where."""

    text: str
    start: int
    end: int


_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday "
    "friday saturday sunday jan feb mar apr jun jul aug sept oct nov dec i".split()
)
# Consonants that a name may change for another as it crosses the languages, each group one letter.
_GROUPS = (
    ("shch", "s"), ("sch", "s"), ("tch", "s"), ("dzh", "g"), ("dz", "s"), ("dj", "g"), ("dg", "g"), ("zh", "g"),
    ("sh", "s"),
    ("ch", "s"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("ts", "s"), ("tz", "s"), ("cz", "s"), ("ck",
    "k"), ("qu", "kv"),
    ("x", "ks"), ("q", "k"), ("w", "v"), ("j", "g"), ("z", "s"), ("f", "v"), ("ng", "n"),
)  # fmt: skip
_SOFT_C = re.compile(r"c(?=[eiy])")
_VOWELS = re.compile(r"[aeiouyh]")
_DOUBLED = re.compile(r"(.)\1+")
_SLAVIC = re.compile(
    r"(?:[a-z](?:ova|eva|ovich|evich|ovna|evna|sky|skiy|skaya|shvili|enko|chuk)|[bdghklmnprstvz]ov|[yi]ev)$"
)
"""How surnames end in English that are made as Russian ones are."""

_CASES = re.compile(
    r"(?<=.{2})(?:ами|ями|ого|его|ому|ему|ыми|ими|ом|ем|ём|ым|им"
    r"|ой|ей|ою|ах|ях|ам|ям|ов|ых|их|ую|юю|ая|яя|ый|ий|а|я|у|ю|е|ы|и|й|ь|о)$"
)
_ADJECTIVE = re.compile(r"s?k[mg]?|n")
"""What an adjective adds to the skeleton of a place: Москва, московский."""
_COMPOUNDED = re.compile(r"-[а-яё]{3,}")
"""What follows the first half of a common word: Торгово-промышленная."""
_APART = re.compile(
    r"[\s\u00a0]*[-–]?[\s\u00a0]*|[\s\u00a0]*\.[\s\u00a0]*"
    r"|[\s-]+(?:el|al|de|der|von|van|bin|la|le|эль|аль|фон|ван|бин|де|ла|ле)[\s-]+"
)


def transliterated(text: str) -> str:
    """A Russian text in Latin letters as English newsrooms write it: Сергей Хрулёв is Sergei Khrulyov."""
    return "".join(_latin(text, place) for place in range(len(text)))


def _latin(text: str, place: int) -> str:
    letter = text[place]
    low = letter.lower()
    if low not in _LETTERS:
        return letter
    before = text[place - 1].lower() if place else ""
    after = text[place + 1].lower() if place + 1 < len(text) else ""
    latin = _LETTERS[low]
    if low == "е" and (not before.isalpha() or before in "аеёиоуыэюяьъ"):
        latin = "ye"
    elif low == "ё" and before in "жшчщ":
        latin = "o"
    elif low in "иы" and after == "й" and not text[place + 2 : place + 3].isalpha():
        latin = ""  # -ий, -ый are -y
    elif low == "й" and before == "е" and not after.isalpha():
        latin = "i"
    elif low in "иоё" and before == "ь":
        latin = "y" + latin.removeprefix("y")
    if not letter.isupper():
        return latin
    return latin.upper() if after.isupper() and len(latin) == 1 else latin.capitalize()


@lru_cache(maxsize=1 << 14)
def _spellings(word: str) -> frozenset[str]:
    low = word.lower().replace("ё", "е")
    if detect(word) != "ru":
        return frozenset((low,))
    bare = low.rstrip("аеиоуыэюяйь")
    return frozenset((low, _CASES.sub("", low), bare if len(bare) > 2 else low))


@lru_cache(maxsize=1 << 14)
def _skeletons(word: str) -> frozenset[str]:
    spelt = set(_spellings(word))
    # Chris and Munch; Уилсон.
    spelt |= {spelling.replace("ch", "k") for spelling in spelt}
    spelt |= {f"в{spelling[1:]}" for spelling in spelt if re.match("у[аеиоэ]", spelling)}
    return frozenset(filter(None, map(_skeleton, spelt)))


def _skeleton(word: str) -> str:
    """The consonants of a name, those that transliteration changes for one another alike."""
    if detect(word) == "ru":
        folded = "".join(_LETTERS.get(letter, letter) for letter in word)
    else:
        folded = _SOFT_C.sub("s", anyascii(word).lower().replace("ch", "\0"))
        folded = folded.replace("c", "k").replace("\0", "ch")
    for group, letter in _GROUPS:
        folded = folded.replace(group, letter)
    first = {"h": "g", "y": ""}.get(folded[:1], folded[:1])
    return _DOUBLED.sub(r"\1", ("a" if first in "aeiou" else first) + _VOWELS.sub("", folded[1:]))


@lru_cache(maxsize=1 << 15)
def same(one: str, other: str) -> bool:
    """Whether two words are one name, whatever its case and script: Рогожником, Rogozhnik, Rohozhnik."""
    if _spellings(one) & _spellings(other):
        return True
    here, there = country(one), country(other)
    if here or there:
        return here == there
    if alike(words(one)[0], words(other)[0]) if words(one) and words(other) else False:
        return True
    if detect(one) == detect(other):
        return _related(one.lower().replace("ё", "е"), other.lower().replace("ё", "е"))
    return any(_close(mine, theirs) for mine in _skeletons(one) for theirs in _skeletons(other))


def _related(one: str, other: str) -> bool:
    """Whether two words of one language are one name in other cases, its adjective, or misspelt."""
    if one[:2] != other[:2] or min(len(one), len(other)) < 4:
        return False
    for mine in _skeletons(one):
        for theirs in _skeletons(other):
            if (
                min(len(mine), len(theirs)) >= 3
                and (mine.startswith(theirs) or theirs.startswith(mine))
                and one[:3] == other[:3]
            ):
                return True
            if mine == theirs or _is_adjective(mine, theirs) or _is_adjective(theirs, mine):
                return True
            if min(len(one), len(other)) >= 7 and min(len(mine), len(theirs)) >= 4 and _close(mine, theirs):
                return True
    return False


def _is_adjective(one: str, place: str) -> bool:
    return len(place) > 1 and one.startswith(place) and bool(_ADJECTIVE.fullmatch(one[len(place) :]))


def _close(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)):
        # Chris, Кристофер; a case ending.
        return True
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    return start > 0 and one[start + (len(one) >= len(other)) :] == other[start + (len(other) >= len(one)) :]


def names(text: str) -> list[Name]:
    """The names of a text in order, words that stand together as one; capitals that only begin a sentence left out."""
    return [Name(text[group[0].start : group[-1].end], group[0].start, group[-1].end) for group in _groups(text)]


@lru_cache(maxsize=1024)
def _groups(text: str) -> tuple[tuple[Word, ...], ...]:
    groups: list[list[Word]] = []
    for word in words(text):
        after = bool(groups) and bool(_APART.fullmatch(text[groups[-1][-1].end : word.start]))
        if not _is_name(word, text):
            if after and word.language == "ru" and word.text[0].isupper() and kind(groups[-1][-1].text) == "person":
                groups[-1].append(word)  # a surname that is also a common word
            continue
        if after and _of_one(groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return tuple(map(tuple, groups))


def _of_one(one: Word, other: Word) -> bool:
    """Whether two neighbouring words may be one name: not a place and a person («Крым Сергей»)."""
    first, second = (kind(word.text) if word.language == "ru" else "" for word in (one, other))
    return (first, second) != ("place", "person")


def _is_name(word: Word, text: str) -> bool:
    if not word.text[0].isupper() or word.text.lower() in _CALENDAR or word.is_function:
        return False
    if _COMPOUNDED.match(text, word.end):
        return False
    if len(word.text) == 1:
        return text[word.end : word.end + 1] == "."
    opens = _opens(text, word.start)
    if word.language == "ru":
        return is_rarely_common(word.text) and len(word.text) > 3 if opens else may_be_proper(word.text)
    if _SLAVIC.search(word.text):
        return True
    if word.abroad:
        # A word of the lexicon is a name when it sounds alike in both languages, or names a place.
        if any(_sounds(word.text, other) for other in word.abroad):
            return True
        return 2 * sum(len(other) > 3 and is_proper(other.capitalize()) for other in word.abroad) >= len(word.abroad)
    return not opens or not word.text.lower().endswith(("ing", "ed", "ly"))


def _sounds(word: str, stem: str) -> bool:
    """Whether a word sounds like a Russian stem that is no common word's, nor an adjective's (офисн, not казанск)."""
    if is_known_common(stem) or (not stem.endswith("ск") and is_known_common(f"{stem}ый")):
        return False
    return any(_close(mine, theirs) for mine in _skeletons(word) for theirs in _skeletons(stem))


def _opens(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t«\"“'(—–-")
    return not before or before[-1] in ".!?…\n:"


def against(claim: str, quotes: Sequence[str], titles: Sequence[str] = ()) -> list[Finding]:
    """What the quotes have against the names and countries of a claim; `titles` are of their documents."""
    return [
        *countries_against(claim, quotes, titles),
        *_names_against(claim, quotes, titles),
        *_titles_against(claim, quotes, titles),
    ]


def _titles_against(claim: str, quotes: Sequence[str], titles: Sequence[str]) -> list[Finding]:
    """What is in «quotation marks» is a name too: an organisation, a ship; but titles are translated."""
    language = detect(claim)
    texts = [quote for quote in quotes if language == "en" or detect(quote) == language]
    said = [match[1] for quote in texts for match in _MARKED.finditer(quote)]
    known = [word for text in [*texts, *titles] for word in words(text)]
    claimed = [match[1] for match in _MARKED.finditer(claim)]
    free = [title for title in said if not any(_akin(title, mine) for mine in claimed)]
    found = []
    for title in claimed:
        own = words(title)
        # Whether a title in the other language is another one is known only from words that the lexicon has.
        told = own and (detect(title) == "ru" or all(word.abroad for word in own if not word.is_function))
        if (
            free
            and told
            and not any(same(word.text, other.text) or akin(word, other) for word in own for other in known)
        ):
            found.append(otherwise(language, title, free[0]))
    return found


def _akin(one: str, other: str) -> bool:
    return any(same(mine.text, theirs.text) for mine in words(one) for theirs in words(other))


def countries_against(claim: str, quotes: Sequence[str], titles: Sequence[str] = ()) -> list[Finding]:
    """The same of countries alone."""
    language = detect(claim)
    claimed = countries(claim)
    said = [(place, quote) for quote in quotes for place in countries(quote)]
    known = {place.name for place, _ in said} | {place.name for title in titles for place in countries(title)}
    mine = {place.name for place in claimed}
    found = []
    for place in claimed:
        if place.name in known:
            continue
        written = claim[place.start : place.end]
        rival = next(((other, quote) for other, quote in said if other.name not in mine), None)
        if rival:
            other, quote = rival
            cited = quote[other.start : other.end]
            found.append(otherwise(language, written, cited))
        else:
            found.append(Finding(say(language, "name_lacking", claim=written), against=False))
    return found


def _names_against(claim: str, quotes: Sequence[str], titles: Sequence[str]) -> list[Finding]:
    language = detect(claim)
    # A title can't be in a person's place.
    marked = bool(_MARKED.search(claim))
    abroad = all(detect(quote) != language for quote in quotes)
    everything = [word for text in [*quotes, *titles] for word in words(text) if len(word.text) > 1]
    initials = [word for text in [*quotes, *titles] for group in _groups(text) for word in group if len(word.text) == 1]
    groups = [
        [word for word in group if word.language == detect(quote)]
        for quote in quotes
        for group in _groups(quote)
        if marked or not _in_title(quote, group[0].start)
    ]
    titled = [list(group) for title in titles for group in _groups(title) if len(group) > 1]
    own = [word for word in words(claim) if len(word.text) > 1 and word.text[0].isupper()]
    joined = [one + other for text in [*quotes, *titles] for one, other in _NEIGHBOURS.findall(text)]
    found = []
    for group in _groups(claim):
        lacking = [
            word
            for word in group
            if not country(word.text)
            and not any(_bears(other, word) for other in everything if len(word.text) > 1)
            and not any(same(word.text, both) for both in joined if len(word.text) > 4)
            and not any(_initial(word, other) for other in [*initials, *(everything if len(word.text) == 1 else [])])
        ]
        if not lacking or all(_abbreviates(word, everything) for word in lacking):
            continue
        written = " ".join(word.text for word in lacking)
        beside = [word for word in own if word not in group and _beside(word, group, claim)]
        rival = (
            _rival(group, lacking, groups, own)
            or _rival([*group, *beside], lacking, groups, own)
            or (_rival(group, lacking, titled, own) if len(lacking) < len(group) else None)
        )
        # A given name has many forms (Recep, Реджеп); the surname tells.
        given = abroad and group[-1] not in lacking and any(_bears(other, group[-1]) for other in everything)
        if rival and not given and not (abroad and _translated(claim, group[0].start)):
            cited = " ".join(word.text for word in rival)
            found.append(otherwise(language, written, cited))
        else:
            found.append(Finding(say(language, "name_lacking", claim=written), against=False))
    return found


def _in_title(text: str, place: int) -> bool:
    return any(match.start() < place < match.end() for match in _MARKED.finditer(text))


def _translated(text: str, place: int) -> bool:
    """Whether a place lies in a title with a word of the lexicon: it may have another one in the other language."""
    return any(
        match.start() < place < match.end() and any(word.abroad for word in words(match[1]) if not word.is_function)
        for match in _MARKED.finditer(text)
    )


def _bears(other: Word, word: Word) -> bool:
    """Whether a word of the quotes stands for a name of the claim; one without a capital only if it is an adjective
    (московский) or means the same."""
    if other.text[0].isupper() or "ск" in other.text:
        return same(word.text, other.text)
    if word.language != other.language and min(len(word.text), len(other.text)) > 5:
        return alike(word, other) or bool(_skeletons(word.text) & _skeletons(other.text))
    return alike(word, other)


def _beside(word: Word, group: Sequence[Word], text: str) -> bool:
    """Whether a word with a capital stands right before or after a name: it may be a part of it."""
    gap = text[word.end : group[0].start] if word.start < group[0].start else text[group[-1].end : word.start]
    return bool(_APART.fullmatch(gap)) and not _opens(text, word.start)


def _initial(word: Word, other: Word) -> bool:
    """Whether one is the other's initial."""
    one, another = _skeleton(word.text.lower())[:1], _skeleton(other.text.lower())[:1]
    return 1 in (len(word.text), len(other.text)) and other.text[0].isupper() and one == another


def _rival(
    group: Sequence[Word], lacking: Sequence[Word], groups: Sequence[Sequence[Word]], own: Sequence[Word]
) -> Sequence[Word] | None:
    """The name of the quotes in whose place `lacking` stands: the rest of a name that both have, or a name that
    the claim has not at all."""
    kept = [word for word in group if word not in lacking]
    for other in groups:
        free = [
            word for word in other if not country(word.text) and not any(same(word.text, mine.text) for mine in own)
        ]
        shared = any(same(mine.text, word.text) for mine in kept for word in other)
        full = free if shared else [word for word in free if _may_replace(word, lacking[0])]
        if not [word for word in full if len(word.text) > 1 and not _PATRONYMIC.fullmatch(word.text)]:
            continue
        surname = other[-1] in free and max(group, key=lambda word: word.start) in lacking
        if len(free) == len(other):
            if not kept or surname:
                return full
        elif any(same(mine.text, word.text) for mine in kept for word in other) or (
            not kept and surname and len(other) > 1
        ):
            return full
    return None


_NEIGHBOURS = re.compile(r"\b([А-ЯЁA-Z][а-яёa-z]+)[ -](?=([А-ЯЁA-Z][а-яёa-z]+))")
"""Two parts of a name that may be written as one: Де Вито, DeVito."""

_MARKED = re.compile(r"[«\"“]([^«»\"“”]{2,60})[»\"”]")
_PATRONYMIC = re.compile(r"[а-яё]+(?:вич|вна|ьич|инична)(?:[аеу]|ем|ой|ы)?", re.IGNORECASE)


def _may_replace(word: Word, lacking: Word) -> bool:
    """Whether a name of the quote is such that the claim's could stand in its place: not a patronymic, an abbreviation
    or a foreign title in place of a person, a place in place of a person."""
    if len(word.text) < 3 or _PATRONYMIC.fullmatch(word.text):
        return False
    if word.text.isupper() != lacking.text.isupper():
        return False
    one, other = (kind(each.text) if each.language == "ru" else "" for each in (word, lacking))
    return not (one and other) or one == other


def _abbreviates(word: Word, others: Sequence[Word]) -> bool:
    """Whether it is an abbreviation (МВД) of words of the text, or one across the languages, which can't be told."""
    if not word.text.isupper() or len(word.text) > 6:
        return False
    initials = "".join(
        other.text[0].upper() for other in others if other.language == word.language and not other.is_function
    )
    return word.text in initials or not any(other.language == word.language for other in others)
