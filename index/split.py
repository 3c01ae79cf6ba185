"""Cutting a document into passages: whole consecutive sentences, up to a number of tokens."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from istok.index.sentences import sentences_in, split_paragraphs
from istok.index.types import Document, Range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# A text of this many characters a token is cut, not kept whole, when it is over three times the limit: Russian and
# English prose has 3 to 5 characters a token, so a piece of `limit` tokens is 3 times as many characters.
_CHARACTERS_PER_TOKEN = 3
_TOO_LONG = 3

# What a passage costs beyond itself (1): empty room, as a square; an end inside a paragraph; an end that leaves a
# heading or a lead line («включают:») without what it announces.
_EMPTY = 0.5
_MID_PARAGRAPH = 0.4
_ANNOUNCEMENT = 1.0
_CLAUSE = re.compile(r"[;:,](?=\s)|\s(?=[–—]\s)")
_SPACE = re.compile(r"\s")
_CLOSED = re.compile(r"[.!?…][»”“\"'’›)\]}*_\s]*\Z")


class _Sentence(NamedTuple):
    range: Range
    cost_after: float
    """What it costs to end a passage here."""


def split(
    document: Document, count_tokens: Callable[[Sequence[str]], Sequence[int]], limit: int
) -> list[tuple[Range, tuple[Range, ...]]]:
    """The passages of `document.main`, each a range and the ranges of its sentences, in order.

    `count_tokens` gives the tokens of each text, special ones left out; it is called once. A passage has at most
    `limit` tokens, unless one sentence alone has more; a text of more than about three times the limit without a
    sentence end is cut at a clause or a space. No passage crosses from one range of `main` into another.
    """
    mains = [list(_sentences(document.text, main, limit)) for main in document.main]
    texts = [document.text[slice(*sentence.range)] for sentences in mains for sentence in sentences]
    counts = iter(count_tokens(texts) if texts else ())
    passages = []
    for sentences in mains:
        tokens = [max(1, next(counts)) for _ in sentences]
        for first, end in _group(tokens, [sentence.cost_after for sentence in sentences], limit):
            ranges = tuple(sentence.range for sentence in sentences[first:end])
            passages.append((Range(ranges[0].start, ranges[-1].end), ranges))
    return passages


def _sentences(text: str, main: Range, limit: int) -> Iterator[_Sentence]:
    longest = _TOO_LONG * limit * _CHARACTERS_PER_TOKEN
    for paragraph in split_paragraphs(text, main):
        for sentence in sentences_in(text, paragraph):
            if sentence.end - sentence.start > longest:
                pieces = list(_pieces(text, sentence, limit * _CHARACTERS_PER_TOKEN))
            else:
                pieces = [sentence]
            for piece in pieces:
                if piece.end < paragraph.end:
                    yield _Sentence(piece, _MID_PARAGRAPH)
                elif _CLOSED.search(text, max(piece.start, piece.end - 12), piece.end):
                    yield _Sentence(piece, 0.0)
                else:
                    yield _Sentence(piece, _ANNOUNCEMENT)


def _pieces(text: str, sentence: Range, size: int) -> Iterator[Range]:
    """Pieces of up to `size` characters, cut after a clause in their second half, else at a space, else anywhere."""
    start, end = sentence
    while end - start > size:
        window = text[start : start + size + 1]
        cut = max((match.end() for match in _CLAUSE.finditer(window, size // 2)), default=0)
        cut = cut or max((match.start() for match in _SPACE.finditer(window, 1)), default=size)
        piece = window[:cut].rstrip()
        yield Range(start, start + len(piece))
        start += cut
        while text[start].isspace():
            start += 1
    yield Range(start, end)


def _group(tokens: Sequence[int], cost_after: Sequence[float], limit: int) -> Iterator[tuple[int, int]]:
    """The cheapest way to cut the sentences into passages, as half-open index pairs; the end is free to cut at."""
    best = [0.0]
    begins = [0]
    for end in range(1, len(tokens) + 1):
        after = cost_after[end - 1] if end < len(tokens) else 0.0
        cheapest, begin, total = float("inf"), end - 1, 0
        for first in range(end - 1, -1, -1):
            total += tokens[first]
            if total > limit and first < end - 1:
                break
            empty = max(0, limit - total) / limit
            cost = best[first] + 1 + _EMPTY * empty * empty + after
            if cost < cheapest:
                cheapest, begin = cost, first
        best.append(cheapest)
        begins.append(begin)
    cuts = [len(tokens)]
    while cuts[-1] > 0:
        cuts.append(begins[cuts[-1]])
    cuts.reverse()
    yield from itertools.pairwise(cuts)
