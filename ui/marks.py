"""The messages of the chat as HTML: everything is escaped, only our own tags are markup.

A message is one line of HTML, so that the chat's Markdown leaves it alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from istok.rag.types import Answer, Claim
from istok.ui.texts import Texts

_STRONG = re.compile(r"(?:^|(?<=\): ))\*\*([^*]+)\*\*(?= — )", re.MULTILINE)
"""What answers, before its quote; elsewhere two stars are the document's own."""

_AS_STRONG = r"<strong>\1</strong>"


def target(answer: int, number: int) -> str:
    """Where a mark leads: citation `number` (1-based) of the conversation's exchange `answer` (0-based)."""
    return f"#source-{answer}-{number}"


def prose(text: str) -> str:
    """Escaped text; line ends become breaks."""
    return "<br>".join(escape(line) for line in text.strip().splitlines())


def question_html(question: str) -> str:
    """What the person asked."""
    return f'<div class="question">{prose(question)}</div>'


def answer_html(answer: Answer, index: int, texts: Texts) -> str:
    """A finished answer with its marks, and below it who answered, how fast, and what to know about it."""
    reader = texts.verbatim if answer.reader == "quote" else answer.reader
    small = [f"{reader} · {texts.seconds(answer.timings.total)}"]
    if answer.status == "answered" and answer.standalone_question != answer.question:
        small.append(texts.searched(answer.standalone_question))
    small += [
        texts.doubt(claim.text, "; ".join(claim.issues) or claim.verdict)
        for claim in answer.claims
        if claim.verdict != "supported"
    ]
    small += answer.notes
    return (
        f'<div class="answer {answer.status}" lang="{answer.language}"><p class="text">{_marked(answer, index)}</p>'
        f'<p class="small" lang="{texts.language}">{"<br>".join(map(prose, small))}</p></div>'
    )


def _marked(answer: Answer, index: int) -> str:
    """The answer's text with links for marks. "[2]" inside a quote or a title is the document's own, and stays."""
    links = {
        f"[{citation.number}]": f'<a class="cite" href="{target(index, citation.number)}" '
        f'title="{escape(citation.title)}">[{citation.number}]</a>'
        for citation in answer.citations
    }
    quoted = {" ".join(claim.text.split()) for claim in answer.claims} | {c.title for c in answer.citations}
    literal = "|".join(re.escape(text) for text in sorted(quoted, key=len, reverse=True) if "[" in text)
    pattern = re.compile(rf"({literal})|(\[\d+\])" if literal else r"()(\[\d+\])")
    pieces, end = [], 0
    for found in pattern.finditer(answer.text):
        pieces.append(_rich(answer.text[end : found.start()]))
        pieces.append(links.get(found[0], _rich(found[0])))
        end = found.end()
    pieces.append(_rich(answer.text[end:]))
    return "<br>".join("".join(pieces).splitlines())


def _rich(text: str) -> str:
    """Escaped text in which what answers, **so marked**, is strong."""
    return _STRONG.sub(_AS_STRONG, escape(text))


def draft_html(claims: Sequence[Claim], provisional: str, texts: Texts) -> str:
    """An answer in the making: verified claims, then text that nothing has checked yet."""
    text = "<br>".join(
        _rich(" ".join(claim.text.split()))
        + " "
        + "".join(f'<span class="cite">[{number}]</span>' for number in claim.citations)
        for claim in claims
    )
    rest = prose(provisional) or ("" if text else escape(texts.thinking))
    return f'<div class="answer"><p class="text">{text} <span class="draft">{rest}</span></p></div>'


def failure_html(message: str, texts: Texts) -> str:
    """One line that says why there is no answer and what to do."""
    return f'<div class="answer failed"><p class="text">{prose(texts.failed(message))}</p></div>'
