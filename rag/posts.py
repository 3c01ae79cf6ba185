"""Posts: whether a sentence names who holds the post that a question asks about, or the post of whom it asks about.

A text that names one prime minister is full of a question's words about another; the post, what it is a post of and the
name must stand together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from istok.index.language import detect
from istok.index.lexicon import translations
from istok.index.terms import STOPWORDS, keys, term, terms, tokens
from istok.index.types import Range
from istok.rag.checks.countries import country
from istok.rag.checks.names import same
from istok.rag.kin import kin
from istok.rag.question import TIME, Question
from istok.rag.spans.wanted import may_be

Says = Literal["holds", "otherwise", "nothing"]
"""Of a sentence: it names the holder, or the holder of another's post of that kind, or neither."""

_POSTS = """
prime: премьер вице-премьер | premier prime
minister: министр замминистра | minister
governor: губернатор | governor
president: президент вице-президент | president
mayor: мэр градоначальник | mayor
director: директор гендиректор | director ceo
ambassador: посол посла послом послу | ambassador
chairman: председатель | chairman chairwoman chair
head: глава главы главой главе главу руководитель начальник | head chief leader
secretary: секретарь | secretary
rector: ректор | rector
owner: владелец | owner
speaker: спикер | speaker
editor: редактор | editor
engineer: инженер | engineer
"""
_DEPUTIES = frozenset(map(term, "заместитель зам вице первый помощник советник deputy vice aide adviser".split()))
_OFFICES = frozenset(
    map(term, "администрация пресс служба аппарат канцелярия резиденция office administration".split())
)
_ASKS = re.compile(
    r"^\W*(?:кто(?:\s+(?:такой|сейчас|является|был|была))*|как\s+зовут|назовите|who(?:\s+(?:is|was)|['’]s)(?:\s+now)?"
    r"|what(?:\s+(?:is|was)|['’]s)\s+the\s+name\s+of)\s+(?P<post>.+)",
    re.IGNORECASE,
)
_ASKS_POST = re.compile(
    r"^\W*(?:как(?:ую|ой|ая)\s+(?:должност\w+|пост)\s+(?:сейчас\s+)?(?:занима\w+|у)|кем\s+(?:работает|является)|кто\s+так(?:ой|ая)"
    r"|what\s+(?:post|position|job|office)\s+(?:does|did|has)|what(?:\s+is|['’]s)\s+the\s+(?:post|position|job|office)\s+of"
    r"|what(?:\s+is|['’]s)(?=.+['’]s?\s+(?:post|position|job|office))|who\s+is)\s+(?P<name>.+)",
    re.IGNORECASE,
)
_ABOUT = frozenset(
    map(
        term,
        "нынешний сейчас сегодня республика current now today republic the hold post position job office s"
        " область край район город region district city".split(),
    )
)
_STOP = re.compile(r"[.!?;:]\s")
_REACH = 8
"""Words that may stand between a post and the name of its holder."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is asked: the holder of `post`, a post of the `countries` and of the terms `of`; or the post of the person
    of the terms `name`."""

    post: str
    deputy: bool
    countries: frozenset[str]
    of: tuple[str, ...]
    name: tuple[str, ...]


@lru_cache(maxsize=1)
def _stems() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _POSTS.split("\n"):
        name, _, words = line.partition(":")
        found |= {term(word): name for word in words.replace("|", " ").split() if "-" not in word}
    return found


@lru_cache(maxsize=256)
def sought(question: Question) -> Sought | None:
    """The holder or the post that `question` asks for, None when it asks for something else."""
    untimed = TIME.sub(" ", question.text)
    if found := _ASKS.match(untimed):
        row = [word for word, _ in tokens(found["post"])]
        places = [i for i, word in enumerate(row) if term(word) in _stems()]
        if places and places[0] <= 4 and not _tells(row[: places[0]]):
            post = _stems()[term(row[places[0]])]
            rest = [word for i, word in enumerate(row) if i not in places and word.lower() not in STOPWORDS]
            left = [word for word in rest if term(word) not in _ABOUT | _DEPUTIES]
            where = frozenset(name for word in left if (name := country(word)))
            of = tuple(term(word) for word in left if not country(word))
            deputy = any(term(word) in _DEPUTIES for word in rest)
            return Sought(post, deputy, where, of, ()) if where or of else None
    if found := _ASKS_POST.match(untimed):
        row = [word for word, _ in tokens(found["name"]) if term(word) not in _ABOUT]
        if 1 <= len(row) <= 3 and all(word[0].isupper() and not country(word) for word in row):
            return Sought("", False, frozenset(), (), tuple(row))
    return None


def _tells(words: Sequence[str]) -> bool:
    """Whether there is a verb's or another's word before the post: "who met the president" asks for no president."""
    return any(not country(w) and term(w) not in _ABOUT | _DEPUTIES and w.lower() not in STOPWORDS for w in words)


def says(asked: Sought, question: Question, text: str, around: frozenset[str]) -> Says:
    """What a sentence says of it; `around` are the terms of its document."""
    if asked.name:
        return "holds" if any(_is_of(asked.name, name) for _, _, name in _held(text)) else "nothing"
    answer: Says = "nothing"
    whole = frozenset(terms(text))
    is_foreign = detect(text) != question.language
    for post, words, _ in _held(text):
        if post != asked.post:
            continue
        if asked.deputy != any(term(word) in _DEPUTIES for word in words):
            continue
        where = {found for word in words if (found := country(word))}
        said = frozenset(terms(" ".join(words)))
        if asked.countries and where and asked.countries.isdisjoint(where):
            answer = "otherwise"
            continue
        if asked.countries and not where and not any(country(word) in asked.countries for word in around):
            continue
        named = [one for one in asked.of if one in question.names]
        field = [one for one in asked.of if one not in question.names]
        # What a committee or ministry is called across languages, the words don't tell.
        of_all = [_has(one, said | around, question) for one in named]
        if named and not (any(of_all) if is_foreign else all(of_all)):
            continue
        if not field or (named and is_foreign) or any(_has(one, whole, question) for one in field):
            return "holds"
    return answer


def _held(text: str) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Each post in a text that somebody holds: its kind, the words that it stands among, its holder's name."""
    row = [(word, range_) for word, range_ in tokens(text)]
    for place, (word, _) in enumerate(row):
        post = _stems().get(term(word))
        if post is None or (post == "minister" and place and _stems().get(term(row[place - 1][0])) == "prime"):
            continue
        before = [w for w, _ in row[max(0, place - 3) : place]]
        if before and (term(before[-1]) in _OFFICES or before[-1].lower() == "во"):
            continue
        after = _clause(text, row[place : place + 1 + _REACH])[1:]
        start, end = _name(after)
        name = after[start:end] or _last_name(_clause(text, row[max(0, place - _REACH) : place][::-1])[::-1])
        near = [w for w in before if term(w) in _DEPUTIES]
        if not any(map(country, after[:start])):
            near += [w for w, _ in row[:place] if country(w)][-1:]  # of what the sentence has spoken last
        if name:
            yield post, (*near, *after[:start]), tuple(name)


def _clause(text: str, row: Sequence[tuple[str, Range]]) -> list[str]:
    """The words of a row up to the first mark that ends a sentence."""
    found = [row[0][0]] if row else []
    for (_, one), (word, other) in pairwise(row):
        if _STOP.search(text[min(one.end, other.end) : max(one.start, other.start)]):
            break
        found.append(word)
    return found


def _name(words: Sequence[str]) -> tuple[int, int]:
    """Where the first name of a person stands: two capitals or more, else a word that may be a surname."""
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and _is_capital(words[end]):
            end += 1
        if end - start >= 2:
            return start, end
        start = max(end, start + 1)
    start = next((i for i, word in enumerate(words) if _is_capital(word) and may_be(word, "Surn")), len(words))
    return start, min(start + 1, len(words))


def _last_name(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    rest = list(words)
    while rest:
        start, end = _name(rest)
        found, rest = rest[start:end] or found, rest[end:]
    return found if len(found) >= 2 else []


def _is_capital(word: str) -> bool:
    if not word[0].isupper() or not word[1:].islower() or country(word):
        return False
    return term(word) not in _stems() and term(word) not in _ABOUT


def _is_of(asked: Sequence[str], name: Sequence[str]) -> bool:
    """Whether a name is that of the person who is asked about, by the last word."""
    return any(same(asked[-1], word) for word in name)


def _has(one: str, said: frozenset[str], question: Question) -> bool:
    if one in said or any(kin(one, other) for other in said):
        return True
    found = {word: key for word, _ in tokens(question.text) if term(word) == one for key in [frozenset(keys(word))]}
    crossing = frozenset().union(*found.values()) if found else frozenset()
    return any(not crossing.isdisjoint(keys(other)) for other in said) or any(
        other in said for other in translations(one)
    )
