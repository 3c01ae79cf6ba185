"""Framing: a quoted sentence as an answer, **span** — «whole sentence»."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from istok.index.types import Language
from istok.rag.question import Question
from istok.rag.spans.nominative import nominative
from istok.rag.spans.rendering import rendered
from istok.rag.spans.span import Span
from istok.rag.spans.wanted import ask
from istok.rag.types import Sentence
from istok.rag.wording import say

MARKS: Mapping[Language, str] = {"ru": "«{}»", "en": "“{}”"}
"""Around a quote, by its own language. What is quoted stays as it is, quotation marks and all."""


def framed(question: Question, sentence: Sentence, span: Span | None) -> str:
    """The sentence as an answer: **span** — «whole sentence», and the language of the quote where it is not the
    question's; the bare sentence when there is nothing to say of it. A name is said in the nominative, where it is sure
    what that is: only the quote is word for word."""
    foreign = sentence.language != question.language
    if span is None and not foreign:
        return sentence.text
    quote = MARKS[sentence.language].format(sentence.text)
    if foreign:
        quote = say(question.language, "original", quote=quote)
    if span is None:
        return quote[0].upper() + quote[1:]
    text = sentence.text[span.range.start : span.range.end]
    wanted = ask(question)
    before = sentence.text[: span.range.start]
    if foreign and wanted is not None:
        text = rendered(text, wanted.kind, question.language, before) or text
    elif sentence.language == "ru" and wanted is not None and wanted.kind in ("person", "organisation"):
        text = nominative(text, before) or text
    return f"**{text}** — {quote}"


def marked(text: str, quote: str) -> str | None:
    """What a framed `quote` is said to answer, "" without a span; None when `text` is no frame around `quote`."""
    if text == quote:
        return ""
    for asked in get_args(Language):
        for language, marks in MARKS.items():
            framed = marks.format(quote)
            if asked != language:
                framed = say(asked, "original", quote=framed)
                if text == framed[0].upper() + framed[1:]:
                    return ""
            head, dash, rest = text.partition("** — ")
            if dash and rest == framed and head.startswith("**"):
                return head.removeprefix("**")
    return None
