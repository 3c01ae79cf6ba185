"""Lexical terms: the words of a text as the index keeps and a query asks for them.

Russian and English words are stemmed by their own Snowball stemmer, told by script; ё counts as е; stress
marks and soft hyphens don't count; figures stay whole, with a decimal point ("18,5" and "18.5" are one term).
Keys are a second, coarser spelling in Latin letters in which a name or a loan word is the same in both
languages (Рогожником, Rogozhnik).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from unicodedata import normalize

import Stemmer
from anyascii import anyascii

from istok.index import territories
from istok.index.language import detect
from istok.index.types import Language, Range

# Combining marks and soft hyphens stand inside a word; a decomposed й is й, and a stress is nothing.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u00ad])*")
_MARKS = re.compile(r"[\u0300-\u036f\u00ad]")
_STEMMERS = {"ru": Stemmer.Stemmer("russian"), "en": Stemmer.Stemmer("english")}

# Function and question words: they say what kind of answer is wanted, not what it is about.
STOPWORDS = frozenset(
    """
    а без более бы был была были было быть в вам вас ведь весь во вот все всего всех вы где да для до его ее если есть
    еще же за здесь и из из-за или им именно их к ка как какая какие каким каких какого какое какой каком какому какую
    кем ко когда ком кому которая которого которое которой котором которую которые который которых кто куда ли либо
    между меня мне много может можно мой мы на над надо нам нас насколько не него нее нет ни них но ну о об однако он
    она они оно от откуда перед по под после почему при про раз с сам само самое свои своей своем своего свой себя со
    сколько скольки сколькими так также такая такие такое такой там те тем теперь то тогда того тоже той только том
    тот ту тут ты у уж уже чего чей чем через что чтобы чье чья эта эти это этим этих этого этой этом этот эту я
    зачем нужно стоит скажи скажите расскажи расскажите назови назовите перечисли подскажите пожалуйста известно
    говорится сообщается документах документе статье статьях согласно является являются
    a about after all also am an and any are as at be been before being between both but by can could did do does doing
    done during each every for from had has have having he her here hers him his how i if in into is it its just
    many may me might more most much must my no nor not of off on once only or other our out over own please say said
    same she should so some such tell than that the their them then there these they this those through to too under
    until up very was we were what when where which while who whom whose why will with would you your list name
    according document documents article articles
    """.split()
)


_VOCABULARY = 1 << 18
"""Word forms whose terms and keys are remembered: those of some thousand pages, in about 100 MB."""


def _fold(word: str) -> str:
    composed = normalize("NFC", word) if _MARKS.search(word) else word
    return _MARKS.sub("", composed.lower()).replace("ё", "е")


@lru_cache(_VOCABULARY)
def stem(word: str) -> str:
    """The stem of one word. Snowball takes -ов off a surname in the nominative but leaves it in the other cases, and
    so with -н of some names: what it leaves is put to it once more (Бектеновым → бектенов → бектен, as Бектенов)."""
    folded = _fold(word)
    stemmer = _STEMMERS[detect(folded)]
    once: str = stemmer.stemWord(folded)
    twice: str = stemmer.stemWord(once)
    return twice if len(twice) >= 5 and once.removeprefix(twice) in _LEFT else once


_LEFT = frozenset(("ов", "ев", "ин", "н"))


def tokens(text: str) -> Iterator[tuple[str, Range]]:
    """Each word and figure of `text` as it is written, with its range."""
    for match in _TOKEN.finditer(text):
        yield match.group(), Range(*match.span())


def term(token: str) -> str:
    """The term of one token: a figure with a decimal point, or a stem."""
    return token.replace(",", ".") if token[0].isdigit() else stem(token)


def terms(text: str) -> list[str]:
    """The terms of a text, in order, with repetitions; a full date also yields its year."""
    found = []
    for token in _TOKEN.findall(text):
        found.append(term(token))
        if token.count(".") == 2 and token[-5] == ".":
            found.append(token[-4:])
    return found


def query_terms(text: str) -> list[str]:
    """The distinct terms of a question that say what it is about, in order."""
    words = (token for token, _ in tokens(text) if _fold(token) not in STOPWORDS)
    return list(dict.fromkeys(term(word) for word in words if len(word) > 1 or word.isdigit()))


# Spellings that differ between transliteration systems and in loan words, folded into one. The order matters:
# longer groups first.
_FOLDS = (
    ("shch", "s"), ("sch", "s"), ("tch", "c"), ("sh", "s"), ("ch", "c"), ("zh", "z"), ("kh", "h"), ("ph", "f"),
    ("th", "t"), ("ts", "c"), ("tz", "c"), ("ck", "k"), ("qu", "kv"), ("x", "ks"), ("q", "k"), ("w", "v"),
    ("yu", "u"), ("iu", "u"), ("ya", "a"), ("ia", "a"), ("yo", "o"), ("ye", "e"), ("ie", "e"), ("ee", "i"),
    ("y", "i"), ("j", "i"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiou]")
_SOFT_C = re.compile(r"c(?=[eiy])")
_HARD_C = re.compile(r"c(?![eiyh])")


@lru_cache(maxsize=65536)
def key(word: str) -> str:
    """The cross-language spelling of a word or stem; "" when it is too short to mean anything."""
    folded = _fold(word)
    if detect(folded) == "ru":
        folded = anyascii(folded).lower().replace("'", "")
    else:
        folded = _HARD_C.sub("k", _SOFT_C.sub("s", folded.replace("ch", "\0"))).replace("\0", "ch")
    for group, letter in _FOLDS:
        folded = folded.replace(group, letter)
    folded = _DOUBLED.sub(r"\1", folded).rstrip("aeiou")
    # Vowels are what transliterations and loans differ in most (minister, министр): a long word does without them.
    skeleton = folded[:1] + _VOWELS.sub("", folded[1:])
    return skeleton if len(skeleton) > 3 else folded if len(folded) > 2 else ""


def keys(text: str) -> list[str]:
    """The keys of a text's words, of their stems and of their whole spelling, each once."""
    return list(dict.fromkeys(key_ for token in dict.fromkeys(_TOKEN.findall(text)) for key_ in _keys(token)))


@lru_cache(_VOCABULARY)
def _keys(token: str) -> tuple[str, ...]:
    folded = _fold(token)
    if token[0].isdigit() or folded in STOPWORDS:
        return ()
    once = _STEMMERS[detect(token)].stemWord(folded)
    abroad = _countries().get(stem(token), "")
    return tuple(dict.fromkeys(filter(None, (key(once), key(stem(token)), key(token), key(stem(abroad))))))


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    """The stem of a country's name in one language, and its name in the other."""
    both: tuple[Language, Language] = ("ru", "en")
    return {stem(own): other for language in both for own, other in territories.names(language).items()}


@lru_cache(maxsize=1)
def _countries_in_all_cases() -> Mapping[str, str]:
    """As `_countries`, with what is left of the Russian names' other cases: Беларуси, Вьетнама."""
    other_cases = {stem(form): other for own, other in territories.names("ru").items() for form in _cases(own)}
    return {**{form: other for form, other in other_cases.items() if len(form) > 3}, **_countries()}


# By the last letter of the nominative; other names don't change, or are plural.
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "ь": ("и", "ью", "я", "ю", "ем"), "й": ("я", "ю", "ем", "е"), "а": ("ы", "е", "у", "ой"), "я": ("и", "ю", "ей"),
}  # fmt: skip
_CONSONANTS = frozenset("бвгджзклмнпрстфхцчшщ")


def _cases(name: str) -> list[str]:
    if name[-1] in _CONSONANTS:
        return [name + ending for ending in ("а", "у", "ом", "е")]
    return [name[:-1] + ending for ending in _ENDINGS.get(name[-1], ())]


def is_country(term: str) -> bool:
    """Whether a term is the stem of a country's name."""
    return term in _countries_in_all_cases()


def same_country(one: str, other: str) -> bool:
    """Whether two terms are stems of one country's name (Беларусь, Беларуси, Белоруссия)."""
    named = _countries_in_all_cases().get(one)
    return named is not None and named == _countries_in_all_cases().get(other)
