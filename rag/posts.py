"""Questions for who holds a post, or which post somebody holds.

Texts mostly answer them in passing ("as the governor, Ivan Petrov, said …"), which a network that was trained on what
sentences are about takes for no answer.
"""

from __future__ import annotations

import re
from functools import lru_cache

from istok.index.terms import STOPWORDS, term, tokens
from istok.rag.checks.countries import country
from istok.rag.question import Question

_POSTS = frozenset(
    map(
        term,
        """
        премьер вице-премьер министр замминистра губернатор президент вице-президент мэр градоначальник директор
        гендиректор посол посла послом председатель глава главы главой главе главу руководитель начальник секретарь
        ректор владелец спикер редактор инженер
        premier prime minister governor president mayor director ceo ambassador chairman chairwoman chair head chief
        leader secretary rector owner speaker editor engineer
        """.split(),
    )
)
_BESIDE = frozenset(
    map(
        term,
        """
        заместитель зам вице первый помощник советник нынешний сейчас
        deputy vice aide adviser current present now the
        """.split(),
    )
)
_WHO = re.compile(
    r"^\W*(?:кто(?:\s+(?:такой|сейчас|является|был|была|возглавляет))*|как\s+зовут|назовите"
    r"|who(?:\s+(?:is|was)|['’]s)(?:\s+now)?|who\s+heads|what(?:\s+(?:is|was)|['’]s)\s+the\s+name\s+of)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"^\W*(?:как(?:ую|ой|ая)\s+(?:должност\w+|пост)\s+(?:сейчас\s+)?(?:занима\w+|у)|кем\s+(?:работает|является)"
    r"|what\s+(?:post|position|job|office)\s+(?:does|did|has)"
    r"|what(?:\s+is|['’]s)\s+the\s+(?:post|position|job|office)\s+of)\s",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def asks_for_post(question: Question) -> bool:
    """Whether the question is for the holder of a post ("Who is the governor of …?", not "Who met the governor?"), or
    for the post of a person."""
    if _WHICH.match(question.text):
        return True
    if not (found := _WHO.match(question.text)):
        return False
    words = [word for word, _ in tokens(re.sub(r"['’]s\b", "", found["rest"]))]
    place = next((i for i, word in enumerate(words) if term(word) in _POSTS), None)
    return place is not None and all(
        country(word) or term(word) in _BESIDE or word.lower() in STOPWORDS for word in words[:place]
    )
