"""What a language model may write: a GBNF grammar of cited sentences, and the parser that reads them back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from istok.index.sentences import sentences_in
from istok.index.types import Range
from istok.rag.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from istok.index.types import Language

NO_ANSWER: dict[Language, str] = {"ru": "Ответа нет.", "en": "No answer."}
"""The one thing that may be said without a citation, by the language of the question."""

MAX_SENTENCES = 6
MAX_WORDS = 60

# A full stop inside a sentence belongs to a figure, an address, or a short abbreviation ("18.5", "г. Минск",
# "U.S."); after a longer word it ends the sentence, and only a citation may follow. Brackets are kept for
# citations; "<" and ">" keep the markup of chat templates and of thinking out.
_RULES = r"""
root ::= " "? ({no_answer} | sentence (" " sentence){{0,{more}}})
sentence ::= body (" " cites stop | stop closer? " " cites)
body ::= word (" " word){{0,{words}}}
word ::= plain ("." plain)* | opener? short ("." short)* "." [,;:)»"]?
plain ::= [^ \t\r\n.!?…\[\]<>*`|]+
short ::= letter letter? letter?
letter ::= [A-Za-zÀ-ÖØ-öø-ÿЀ-ӿ]
opener ::= [(«"]
closer ::= [)»”"]
stop ::= "." | "!" | "?" | "…"
cites ::= cite (" "? cite){{0,3}}
cite ::= "[" number "]"
number ::= {numbers}
"""


def gbnf(count: int, language: Language) -> str:
    """The grammar of an answer to a question in `language` over `count` sentences of evidence, in llama.cpp's GBNF."""
    numbers = " | ".join(f'"{number}"' for number in range(1, count + 1))
    return _RULES.format(
        no_answer=f'"{NO_ANSWER[language]}"', more=MAX_SENTENCES - 1, words=MAX_WORDS - 1, numbers=numbers
    ).strip()


LONGEST_QUESTION = 300
"""Characters of a question that a model has put anew."""

_QUESTION_RULES = r"""
root ::= " "? word (" " word){0,40} "?"
word ::= [^ \t\r\n?!\[\]<>*`|]+
"""


def question_gbnf() -> str:
    """The grammar of one question in one line."""
    return _QUESTION_RULES.strip()


def one_question(text: str) -> str | None:
    """The question that is all of `text`; None when it is anything else."""
    question = text.strip()
    whole = question.endswith("?") and len(question.splitlines()) == 1 and len(question) <= LONGEST_QUESTION
    return question if whole and any(character.isalpha() for character in question) else None


_MARK = r"\[\s*[0-9]{1,4}(?:\s*[,;]\s*[0-9]{1,4})*\s*\]"
_MARKS = re.compile(_MARK)
# "the U.S. [2]." has one full stop too many once the mark is gone.
_REMOVABLE = re.compile(rf"(?<=[.!?…])(?:\s*{_MARK})+\.|\s*{_MARK}")
_CLOSERS = "\"'»”’)"
_BOUNDARY = re.compile(
    rf"(?P<stop>[.!?…]+[{_CLOSERS}]*)?(?P<marks>(?:\s*{_MARK})*)(?P<late>[.!?…]+)?(?=\s)(?!\s*{_MARK})"
)
_ABBREVIATION = re.compile(r"(?:^|[^\w])[^\W\d_]{1,3}\.$")
_ENDS_CITED = re.compile(rf"{_MARK}[.!?…]?\s*$")
_UNFINISHED_MARK = re.compile(r"\s*(?:\[[0-9,;\s]*)?$")
_NO_ANSWERS = frozenset(text.rstrip(".").casefold() for text in NO_ANSWER.values())


@dataclass(slots=True)
class ClaimParser:
    """Turns generated text, in pieces of any size, into claims as soon as each sentence is finished.

    Of any text whatever: the citations of a claim exist (1 to `count`), its text has no marks. `dropped`
    counts sentences without a valid citation and repeated ones; `repeated` says that there were such.
    """

    count: int
    dropped: int = 0
    repeated: bool = False
    _text: str = ""
    _seen: set[str] = field(default_factory=set)

    def feed(self, piece: str) -> Iterator[Claim]:
        """Claims that `piece` completes."""
        self._text += piece
        start = 0
        for end in _ends(self._text):
            yield from self._claim(self._text[start:end])
            start = end
        self._text = self._text[start:]

    def close(self, *, cut: bool = False) -> Iterator[Claim]:
        """Claims of what is left. Of a text that was `cut` off anywhere, only a sentence that its marks have ended."""
        text, self._text = self._text, ""
        if not cut or _ENDS_CITED.search(text):
            yield from self._claim(text)

    def _claim(self, cited: str) -> Iterator[Claim]:
        mark = _MARKS.search(cited)
        head = cited[: mark.start()].rstrip() if mark else ""
        # "It opened in May. It is big [1]." may come as one; only its last sentence is cited.
        if len(sentences := sentences_in(head, Range(0, len(head)))) > 1:
            self.dropped += len(sentences) - 1
            cited = cited[sentences[-1].start :]
        text = re.sub(r"[\[\]]", "", without_marks(cited)).strip("-–—•* ")
        key = text.rstrip(".!?…").casefold()
        if not any(character.isalnum() for character in text) or key in _NO_ANSWERS:
            return
        numbers = (int(digits) for mark in _MARKS.findall(cited) for digits in re.findall(r"[0-9]+", mark))
        citations = tuple(dict.fromkeys(number for number in numbers if 1 <= number <= self.count))
        if key in self._seen:
            self.repeated = True
        if not citations or key in self._seen:
            self.dropped += 1
            return
        self._seen.add(key)
        yield Claim(text, citations)


def _ends(text: str) -> Iterator[int]:
    """Where sentences end for certain: more text follows, and it can't be a mark of the same sentence."""
    for match in _BOUNDARY.finditer(text):
        rest = text[match.end() :]
        following = rest.lstrip()
        if not following or re.fullmatch(r"\[[0-9,;\s]*", following):
            return
        space = rest[: len(rest) - len(following)]
        stop, marks, late = match["stop"], match["marks"], match["late"]
        abbreviated = stop == "." and _ABBREVIATION.search(text, 0, match.end())
        if "\n" in space or late or (stop and (marks or not abbreviated)):
            yield match.end()


def without_marks(text: str) -> str:
    """`text` without citations, its white space evened out."""
    return " ".join(_REMOVABLE.sub("", text).split())


def provisional(text: str) -> str:
    """What of an unfinished answer may be shown: no marks, not even half of one, and nothing that may yet turn
    out to be "no answer". Of a longer text it is a continuation."""
    shown = _UNFINISHED_MARK.sub("", _REMOVABLE.sub("", text.lstrip()))
    if any(phrase.startswith(shown.rstrip(".").casefold()) for phrase in _NO_ANSWERS):
        return ""
    return shown
