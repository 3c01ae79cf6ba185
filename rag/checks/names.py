"""Names: a name of the claim that the cited text has not is against it where the text has another in its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii

from istok.index.language import detect
from istok.rag.checks.countries import Country, countries, country, whose_capital
from istok.rag.checks.finding import Finding, otherwise
from istok.rag.checks.numerals import number_word
from istok.rag.checks.organisations import organisations
from istok.rag.checks.words import Word, akin, alike, words
from istok.rag.morphology import is_known_common, is_proper, is_rarely_common, kind, may_be_proper, parses
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
_COMPANIES = frozenset(
    "ооо оао зао пао ао ип по руп гуп муп llc ltd inc jsc ojsc cjsc pjsc plc corp gmbh jr sr mr mrs ms dr".split()
)
"""How companies are constituted and people are addressed, which stands beside their names."""
# Consonants that a name may change for another as it crosses the languages, each group one letter.
_GROUPS = (
    ("shch", "s"), ("sch", "s"), ("tch", "s"), ("dzh", "g"), ("dz", "s"), ("dj", "g"), ("dg", "g"), ("zh", "g"),
    ("sh", "s"),
    ("ch", "s"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("ts", "s"), ("tz", "s"), ("cz", "s"), ("ck",
    "k"), ("qu", "kv"),
    ("x", "ks"), ("q", "k"), ("w", "v"), ("j", "g"), ("z", "s"), ("f", "v"), ("ng", "n"),
)  # fmt: skip
_ONSETS = {"d": "t", "g": "k", "h": "k", "b": "p", "f": "v", "u": "v", "z": "s", "e": "i", "o": "a"}
"""Letters that a name may change for one another at its beginning: Тэгу, Daegu."""
ALIKE, MAY_BE = 0.8, 0.62
"""Likeness from which two spellings are one name's, and from which they may be."""
_SILENT = re.compile(r"(?:(?<=[a-z])(e?aux?|e?aul?[td]s?)|(?<=[aeiou])[tdsx]|(?<=ar)d)$")
"""What French names end in but don't sound: Arnault is Арно."""
_SHORTEST = 4
"""Letters of a name that is told by its likeness."""
_ALIKE = (
    ("shch", "s"), ("sch", "s"), ("tch", "ch"), ("zh", "j"), ("dj", "j"), ("kh", "h"), ("ph", "f"), ("th", "t"),
    ("ck", "k"), ("ch", "c"), ("sh", "s"), ("ts", "c"), ("tz", "c"), ("cz", "c"), ("x", "ks"), ("q", "k"), ("w", "v"),
    ("y", "i"), ("j", "i"),
)  # fmt: skip
_HARD_C = re.compile(r"c(?![eiyh])")
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
_ADJECTIVE_RU = re.compile(r"ск(?:ий|ого|ому|им|ом|ая|ой|ую|ое|ие|их|ими)$")
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
    place = _ADJECTIVE_RU.sub("", low)
    return frozenset((low, _CASES.sub("", low), bare if len(bare) > 2 else low, place if len(place) > 2 else low))


@lru_cache(maxsize=1 << 14)
def _skeletons(word: str) -> frozenset[str]:
    spelt = set(_spellings(word))
    if detect(word) != "ru":
        spelt |= {_SILENT.sub(lambda match: "o" if match[1] else "", spelling) for spelling in spelt}
    # Chris and Munch; Уилсон.
    spelt |= {spelling.replace("ch", "k") for spelling in spelt}
    spelt |= {f"в{spelling[1:]}" for spelling in spelt if re.match("у[аеиоэ]", spelling)}
    return frozenset(filter(None, map(_skeleton, spelt)))


def _skeleton(word: str) -> str:
    """The consonants of a name, those that transliteration changes for one another alike."""
    if detect(word) == "ru":
        # In Chinese names «чж» is zh.
        folded = "".join(_LETTERS.get(letter, letter) for letter in word.replace("чж", "ж"))
    else:
        folded = _SOFT_C.sub("s", anyascii(word).lower().replace("ch", "\0"))
        folded = folded.replace("c", "k").replace("\0", "ch")
    for group, letter in _GROUPS:
        folded = folded.replace(group, letter)
    folded = _DOUBLED.sub(r"\1", folded)
    first = {"h": "g", "y": ""}.get(folded[:1], folded[:1])
    return ("a" if first in "aeiou" else first) + _VOWELS.sub("", folded[1:])


@lru_cache(maxsize=1 << 14)
def _letters(word: str) -> str:
    """A name in Latin letters, those that the languages don't tell apart written alike."""
    low = word.lower().replace("ё", "е")
    latin = transliterated(low) if detect(word) == "ru" else _HARD_C.sub("k", anyascii(low).lower())
    for group, letter in _ALIKE:
        latin = latin.replace(group, letter)
    return _DOUBLED.sub(r"\1", latin)


@lru_cache(maxsize=1 << 16)
def _likeness(one: str, other: str) -> float:
    """How alike two names are written, whatever their scripts, in [0, 1], 0 where they surely are not; of a Russian
    one with and without its case."""
    best = 0.0
    for mine in _spellings(one):
        for theirs in _spellings(other):
            matcher = SequenceMatcher(None, _letters(mine), _letters(theirs), autojunk=False)
            if matcher.real_quick_ratio() >= MAY_BE and matcher.quick_ratio() >= MAY_BE:
                best = max(best, matcher.ratio())
    return best


@lru_cache(maxsize=1 << 15)
def same(one: str, other: str) -> bool:
    """Whether two words are one name, whatever its case and script: Рогожником, Rogozhnik, Rohozhnik."""
    if _spellings(one) & _spellings(other):
        return True
    here, there = country(one), country(other)
    # Georgia is a state of America, too.
    if (here and there) or ((here or there) and detect(one) == detect(other)):
        return here == there
    if words(one) and words(other) and _renders(words(one)[0], words(other)[0]):
        return True
    if detect(one) == detect(other):
        return _related(one.lower().replace("ё", "е"), other.lower().replace("ё", "е"))
    return _sounds_like(one, other)


def _sounds_like(one: str, other: str) -> bool:
    """Whether two words of different scripts are spelt as one name may be."""
    if _skeletons(one) & _skeletons(other):
        return True
    if min(len(one), len(other)) < _SHORTEST or not (one[0].isupper() or other[0].isupper()):
        return False
    return _likeness(one, other) >= ALIKE


def _renders(one: Word, other: Word) -> bool:
    """Whether the lexicon has two words for one another. Names stand beside other names in the texts that it is learnt
    from: of a name that has a translation that sounds like it, only such ones count."""
    if not alike(one, other) or one.language == other.language or one.keys & other.keys:
        return alike(one, other)
    if not (one.text[0].isupper() and other.text[0].isupper()):
        return True
    for word, another in ((one, other), (other, one)):
        sounding = {stem for stem in word.abroad if _sounds_like(word.text, stem)}
        if sounding and not any(another.term.startswith(stem[:-1]) for stem in sounding):
            return False
    return True


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
    if _COMPOUNDED.match(text, word.end) or word.text.lower() in _COMPANIES:
        return False
    if len(word.text) == 1:
        return text[word.end : word.end + 1] == "."
    opens = _opens(text, word.start)
    if word.language == "ru":
        if not opens:
            return may_be_proper(word.text)
        return len(word.text) > 3 and (is_rarely_common(word.text) or _is_subject(word, text))
    if _SLAVIC.search(word.text):
        return True
    if word.abroad:
        # A word of the lexicon is a name when it sounds alike in both languages and is no common word in the other
        # one (Territory, территория), or names a place.
        if any(_sounds(word.text, other) for other in word.abroad):
            common = any(_is_common(other) and _skeletons(word.text) & _skeletons(other) for other in word.abroad)
            return not common or _is_proper(word)
        return 2 * sum(len(other) > 3 and is_proper(other.capitalize()) for other in word.abroad) >= len(word.abroad)
    return not opens or not word.text.lower().endswith(("ing", "ed", "ly"))


def _is_subject(word: Word, text: str) -> bool:
    """Whether a word that opens a sentence is a surname, though also a common word: Волков счёл; Зайцев и Обама."""
    if not any("Surn" in parse.tag and "nomn" in parse.tag and "sing" in parse.tag for parse in parses(word.text)):
        return False
    following = words(text[word.end :])[:2]
    if not following or not text[word.end : word.end + 1].isspace():
        return False
    if following[0].text == "и" and len(following) > 1 and following[1].text[0].isupper():
        return True
    tag = parses(following[0].text)[0].tag
    own = {parse.tag.number for parse in parses(word.text) if "nomn" in parse.tag and "Surn" not in parse.tag}
    return bool(tag.POS == "VERB" and tag.number == "sing" and "sing" not in own)


def _is_proper(word: Word) -> bool:
    """Whether a translation of a word is a name that the dictionary has."""
    return any(is_proper(f"{other}{ending}".capitalize()) for other in word.abroad for ending in _ENDINGS)


@lru_cache(maxsize=1 << 14)
def _is_common(stem: str) -> bool:
    """Whether a Russian stem is a common noun's or verb's."""
    return not stem.endswith("ск") and any(is_known_common(f"{stem}{ending}") for ending in (*_ENDINGS, "ть"))


_ENDINGS = ("", "а", "я", "ия", "о", "ие", "ь")
"""How names end of which a stem is known."""


def _sounds(word: str, stem: str) -> bool:
    """Whether a word sounds like a Russian stem that is no common word's, nor an adjective's (офисн, not казанск)."""
    if any(is_proper(f"{stem}{ending}".capitalize()) for ending in _ENDINGS):
        return any(_close(mine, theirs) for mine in _skeletons(word) for theirs in _skeletons(stem))
    if is_known_common(stem) or (not stem.endswith("ск") and is_known_common(f"{stem}ый")):
        return False
    return any(_close(mine, theirs) for mine in _skeletons(word) for theirs in _skeletons(stem))


def _opens(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t«\"“'(—–-")
    return not before or before[-1] in ".!?…\n:"


def against(
    claim: str, quotes: Sequence[str], titles: Sequence[str] = (), documents: Sequence[str] = ()
) -> list[Finding]:
    """What the quotes have against the names and countries of a claim; `titles` are of their documents, `documents`
    the whole texts of these where they are known: a name that is nowhere in them is against the claim."""
    return [
        *countries_against(claim, quotes, titles, documents),
        *_names_against(claim, quotes, titles, documents),
        *_titles_against(claim, quotes, titles, documents),
    ]


def _titles_against(
    claim: str, quotes: Sequence[str], titles: Sequence[str], documents: Sequence[str]
) -> list[Finding]:
    """What is in «quotation marks» is a name too: an organisation, a ship; but titles are translated."""
    language = detect(claim)
    texts = [quote for quote in quotes if language == "en" or detect(quote) == language]
    said = [match[1] for quote in texts for match in _MARKED.finditer(quote)]
    known = [word for text in [*texts, *titles] for word in words(text)]
    claimed = [match[1] for match in _MARKED.finditer(claim)]
    free = [title for title in said if not any(_akin(title, mine) for mine in claimed)]
    found = []
    for title in claimed:
        own = [word for word in words(title) if not word.is_function]
        if title[-1] in ".!?…":
            continue  # speech
        if not texts or not own or any(_stands_for(other, word) for word in own for other in known):
            continue
        # Whether a title in the other language is another one is known only from words that the lexicon has.
        told = detect(title) == "ru" or all(word.abroad for word in own)
        nowhere = title[0].isupper() and _no_word_is_in(own, documents)
        if (free and told) or (nowhere and said):
            found.append(otherwise(language, title, (free or said)[0]))
        elif title[0].isupper():
            found.append(Finding(say(language, "name_lacking", claim=title), against=nowhere))
    return found


def _stands_for(other: Word, word: Word) -> bool:
    return same(word.text, other.text) or akin(word, other)


def _no_word_is_in(own: Sequence[Word], documents: Sequence[str]) -> bool:
    """Whether documents in the language of a title have none of its words. Titles are translated freely, so in the
    other language only a name that the lexicon doesn't have, and sounds like nothing there, is missing."""
    if not documents:
        return False
    if any(detect(document) != word.language and word.abroad for document in documents for word in own):
        return False
    return not any(
        _stands_for(other, word) or _may_be(other, word)
        for document in documents
        for other in _vocabulary(document)
        for word in own
    )


def _akin(one: str, other: str) -> bool:
    return any(same(mine.text, theirs.text) for mine in words(one) for theirs in words(other))


def countries_against(
    claim: str, quotes: Sequence[str], titles: Sequence[str] = (), documents: Sequence[str] = ()
) -> list[Finding]:
    """The same of countries alone."""
    language = detect(claim)
    claimed = countries(claim)
    said = [(place, quote) for quote in quotes for place in countries(quote)]
    heard = {place.name for place, _ in said}
    known = heard | {place.name for title in titles for place in countries(title)}
    mine = Counter(place.name for place in claimed)
    theirs = Counter(place.name for place, _ in said)
    found = []
    for place in claimed:
        written = claim[place.start : place.end]
        instead = _country_in_its_place(claim, place, said)
        if instead:
            found.append(otherwise(language, written, instead))
            continue
        if place.name in known or _is_no_country(written, quotes):
            continue
        # One that the quotes name more often than the claim may be meant there, too.
        rival = next(((other, quote) for other, quote in said if theirs[other.name] > mine[other.name]), None)
        if rival:
            other, quote = rival
            found.append(otherwise(language, written, quote[other.start : other.end]))
        else:
            word = next(iter(words(written)), None)
            nowhere = bool(documents) and not any(
                any(other.name == place.name for other in _countries_of(text))
                or any(word and _may_be(word, other) for other in _vocabulary(text))
                for text in documents
            )
            found.append(Finding(say(language, "name_lacking", claim=written), against=nowhere))
    return found


def _is_no_country(written: str, quotes: Sequence[str]) -> bool:
    """Whether the quotes have a name that sounds like a country's and isn't: Джорджия, Georgia."""
    return any(
        word.text[0].isupper() and detect(written) != word.language and not country(word.text)
        and _sounds_like(written, word.text)
        for quote in quotes
        for word in words(quote)
    )  # fmt: skip


@lru_cache(maxsize=64)
def _countries_of(text: str) -> tuple[Country, ...]:
    return tuple(countries(text))


def _country_in_its_place(claim: str, place: Country, said: Sequence[tuple[Country, str]]) -> str:
    """Which country the quotes have before the word that the claim has after its own, when they have its own there
    nowhere: белорусская компания, узбекская компания; "" for none."""
    mine = _noun_after(claim, place)
    if mine is None:
        return ""
    there = [(other, quote) for other, quote in said if (noun := _noun_after(quote, other)) and akin(mine, noun)]
    if not there or any(other.name == place.name for other, _ in there):
        return ""
    other, quote = there[0]
    return quote[other.start : other.end]


def _noun_after(text: str, place: Country) -> Word | None:
    """The common noun right after a country's adjective."""
    following = words(text[place.end : place.end + 40])[:1]
    gap = text[place.end : place.end + following[0].start] if following else ""
    if not following or gap not in (" ", "\u00a0") or following[0].text[0].isupper() or following[0].is_function:
        return None
    return following[0]


def _names_against(claim: str, quotes: Sequence[str], titles: Sequence[str], documents: Sequence[str]) -> list[Finding]:
    language = detect(claim)
    # A title can't be in a person's place.
    marked = bool(_MARKED.search(claim))
    abroad = all(detect(quote) != language for quote in quotes)
    said = _Said.of(quotes)
    everything = _Said.of([*quotes, *titles])
    groups = [
        [word for word in group if word.language == detect(quote)]
        for quote in quotes
        for group in _groups(quote)
        if marked or not is_in_title(quote, group[0].start)
    ]
    titled = [list(group) for title in titles for group in _groups(title) if len(group) > 1]
    own = [word for word in words(claim) if len(word.text) > 1 and word.text[0].isupper()]
    found = []
    # Who has an abbreviation in the one language and a name in the other is for that check: МГУ, Moscow State
    # University.
    known = {one.name for text in [*quotes, *titles] for one in organisations(text)}
    named = {place.name for text in [*quotes, *titles] for place in countries(text)}
    spelt = [one for one in organisations(claim) if one.name in known]
    for group in _groups(claim):
        if any(one.start <= group[0].start < one.end for one in spelt):
            continue
        unsaid = [word for word in group if not country(word.text) and not said.has(word, group)]
        # A middle initial is often left out.
        unsaid = [word for word in unsaid if len(word.text) > 1 or word in (group[0], group[-1])]
        lacking = [word for word in unsaid if not everything.has(word, group)]
        cited = next((other.text for word in unsaid for other in _in_its_place(word, claim, quotes)), "")
        if not cited and (not lacking or all(_abbreviates(word, everything.words) for word in lacking)):
            continue
        written = " ".join(word.text for word in lacking or unsaid)
        if not cited:
            beside = [word for word in own if word not in group and _beside(word, group, claim)]
            where = _where(claim, group[0].start)
            rival = (
                _rival(group, lacking, groups, own, where)
                or _rival([*group, *beside], lacking, groups, own, where)
                or (_rival(group, lacking, titled, own, where) if len(lacking) < len(group) else None)
            )
            # A given name has many forms (Recep, Реджеп); the surname tells.
            given = abroad and group[-1] not in lacking and everything.has(group[-1], group)
            if rival and not given:
                # Whom only the rest of the document names may be the "he" of the sentence beside another one's name.
                told = any(_kind(word) == ("place" if where else "person") for word in rival)
                if told or not _are_in(lacking, documents):
                    cited = " ".join(word.text for word in rival)
        if cited and not (abroad and _translated(claim, group[0].start)):
            found.append(otherwise(language, written, cited))
        else:
            nowhere = any(
                _is_nowhere(word, claim, documents) for word in lacking if whose_capital(word.text) not in named
            )
            found.append(Finding(say(language, "name_lacking", claim=written), against=nowhere))
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of some texts, their initials, and names that may be written as one word."""

    words: tuple[Word, ...]
    initials: tuple[Word, ...]
    joined: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Said:
        return cls(
            tuple(word for text in texts for word in words(text) if len(word.text) > 1),
            tuple(word for text in texts for group in _groups(text) for word in group if len(word.text) == 1),
            tuple(one + other for text in texts for one, other in _NEIGHBOURS.findall(text)),
        )

    def has(self, word: Word, group: Sequence[Word]) -> bool:
        """Whether a word of a name stands here, or the initial of it or for it; a surname has no initial."""
        if any(_bears(other, word) for other in self.words):
            return True
        if len(word.text) > 4 and any(same(word.text, both) for both in self.joined):
            return True
        if len(word.text) == 1:
            return any(_initial(word, other) for other in (*self.initials, *self.words))
        given = word != max(group, key=lambda one: one.start) or _is_given(word)
        return given and any(_initial(word, other) for other in self.initials)


def _is_given(word: Word) -> bool:
    """Whether a word is a given name and no surname, in Russian."""
    if word.language != "ru" or kind(word.text) != "person":
        return False
    tags = [parse.tag for parse in parses(word.text)]
    return any("Name" in tag for tag in tags) and not any("Surn" in tag for tag in tags)


def _in_its_place(word: Word, claim: str, quotes: Sequence[str]) -> list[Word]:
    """What the quotes have after the name that stands right before `word`, when they nowhere have the same there: of
    "Michael Hoffman" the Douglas of "Michael Douglas"."""
    before = next((one for one in reversed(words(claim[: word.start]))), None)
    if before is None or not before.text[0].isupper() or before.is_function or country(before.text):
        return []
    if not _APART.fullmatch(claim[before.end : word.start]):
        return []
    others = []
    for quote in quotes:
        there = words(quote)
        for place, one in enumerate(there[:-1]):
            if not one.text[0].isupper() or not (same(before.text, one.text) or _initial(before, one)):
                continue
            other = there[place + 1]
            if not other.text[0].isupper() or not _APART.fullmatch(quote[one.end : other.start]):
                continue
            if _may_be(word, other):
                return []
            if any(
                same(one.text, mine.text) and same(other.text, next_.text) for mine, next_ in pairwise(words(claim))
            ):
                continue  # the claim has that one, too
            if len(other.text) > 2 and not _PATRONYMIC.fullmatch(other.text) and other.language == one.language:
                others.append(other)
    return others


def _may_be(one: Word, other: Word) -> bool:
    """Whether two words may be one name that the languages spell too differently for a judgement."""
    if same(one.text, other.text):
        return True
    if one.language == other.language or not (one.text[0].isupper() and other.text[0].isupper()):
        return False
    first, second = (_ONSETS.get(letters[:1], letters[:1]) for letters in map(_letters, (one.text, other.text)))
    return first == second and _likeness(one.text, other.text) >= MAY_BE


def _where(text: str, start: int) -> bool | None:
    """Whether what stands there is said to be a place; None where a person may stand as well."""
    if _IN.search(text[:start]):
        return True
    return None if _FROM.search(text[:start]) else False


_IN = re.compile(r"\b(?:in|at|near|into|outside|around|в|во|близ|под)\s+(?:the\s+)?$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|to|of|through|из|на|к|до|от|с|у|for|для|,)\s+(?:the\s+)?$", re.IGNORECASE)


def _kind(word: Word) -> str:
    """ "person", "place" or "" where it isn't known; of an English name by its translation."""
    if word.language == "ru":
        return kind(word.text)
    kinds = {
        kind(f"{stem}{ending}".capitalize())
        for stem in word.abroad
        if _sounds_like(word.text, stem)
        for ending in _ENDINGS
    } - {""}
    return kinds.pop() if len(kinds) == 1 else ""


def _are_in(lacking: Sequence[Word], documents: Sequence[str]) -> bool:
    return all(any(_bears(other, word) for text in documents for other in _vocabulary(text)) for word in lacking)


_DERIVED = re.compile(r"(?:ing|ed|ly|tion|ness|ment|ous|ship|hood|ity|ism)$")


def _is_nowhere(word: Word, claim: str, documents: Sequence[str]) -> bool:
    """Whether none of the documents, as far as they are known, has a name: one that can be told from a common word,
    and that the other language would spell alike."""
    if not documents or len(word.text) < _SHORTEST:
        return False
    if word.language == "ru":
        if _opens(claim, word.start) and not kind(word.text) and not _is_subject(word, claim):
            return False
    elif _DERIVED.search(word.text) or number_word(word.text.lower()):
        return False
    if any(word.language != detect(document) for document in documents):
        translated = word.abroad and not any(_sounds_like(word.text, stem) for stem in word.abroad)
        if translated or word.text.removesuffix("s").isupper():
            return False
    return not any(
        _bears(other, word) or _may_be(other, word) or _is_of(other, word)
        for text in documents
        for other in _vocabulary(text)
    )


def _is_of(other: Word, word: Word) -> bool:
    """Whether a Russian adjective may be a foreign name's: уругвайский, Uruguayan."""
    if other.language == word.language or len(word.text) < 6 or not _ADJECTIVE_RU.search(other.text):
        return False
    return _likeness(word.text, other.text) >= MAY_BE


@lru_cache(maxsize=64)
def _vocabulary(text: str) -> tuple[Word, ...]:
    """The words of a text, each form once."""
    return tuple({word.text: word for word in words(text)}.values())


def is_in_title(text: str, place: int) -> bool:
    """Whether a place of a text lies between quotation marks."""
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
    group: Sequence[Word],
    lacking: Sequence[Word],
    groups: Sequence[Sequence[Word]],
    own: Sequence[Word],
    where: bool | None,
) -> Sequence[Word] | None:
    """The name of the quotes in whose place `lacking` stands: the rest of a name that both have, or a name that
    the claim has not at all."""
    kept = [word for word in group if word not in lacking]
    for other in groups:
        free = [
            word for word in other if not country(word.text) and not any(same(word.text, mine.text) for mine in own)
        ]
        shared = any(same(mine.text, word.text) for mine in kept for word in other)
        full = free if shared else [word for word in free if _may_replace(word, lacking[0], where)]
        if not [word for word in full if len(word.text) > 1 and not _PATRONYMIC.fullmatch(word.text)]:
            continue
        # A given name alone may be whose surname the claim has; spellings may be too far apart.
        if (len(other) == 1 and _is_given(other[0])) or any(_may_be(mine, word) for mine in lacking for word in full):
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


def _may_replace(word: Word, lacking: Word, where: bool | None) -> bool:
    """Whether a name of the quote is such that the claim's could stand in its place: not a patronymic, an abbreviation
    or a foreign title in place of a person, a place in place of a person."""
    if len(word.text) < 3 or _PATRONYMIC.fullmatch(word.text):
        return False
    if word.text.isupper() != lacking.text.isupper():
        return False
    one, other = _kind(word), _kind(lacking)
    if one and not other and where is not None:
        other = "place" if where else "person"
    return not (one and other) or one == other


def _abbreviates(word: Word, others: Sequence[Word]) -> bool:
    """Whether it is an abbreviation (МВД) of words of the text, or one across the languages, which can't be told."""
    if not word.text.isupper() or len(word.text) > 6:
        return False
    initials = "".join(
        other.text[0].upper() for other in others if other.language == word.language and not other.is_function
    )
    return word.text in initials or any(other.language != word.language for other in others)
