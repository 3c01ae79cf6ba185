"""The messages of the chat as HTML: everything is escaped, only our own tags are markup.

A message is one line of HTML, so that the chat's Markdown leaves it alone. The chat's sanitizer drops `aria-*`: what a
control is called stands in it as text, at times unseen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Final

from istok.rag.types import Answer, Citation, Claim
from istok.rag.wording import say
from istok.ui.conversation import Exchange
from istok.ui.conversations.store import Vote
from istok.ui.readers import short
from istok.ui.texts import Texts, date_text

COMMENT_LENGTH: Final = 1_000  # characters

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


def exchange_html(exchange: Exchange, index: int, texts: Texts, *, last: bool) -> str:
    """The answer's message, as far as there is one; the last of a conversation can be made again."""
    if exchange.answer is not None:
        return answer_html(exchange, exchange.answer, index, texts, last=last)
    if exchange.done or exchange.failure is not None:
        return _nothing(exchange, index, texts, last=last)
    return draft_html(exchange, index, texts)


def outcome(exchange: Exchange, texts: Texts) -> str:
    """What came of a question, as plain text: its answer, or why there is none."""
    if exchange.answer is not None:
        return exchange.answer.text
    return texts.talk.failed(texts.told(exchange.failure)) if exchange.failure else texts.talk.interrupted


def answer_html(exchange: Exchange, answer: Answer, index: int, texts: Texts, *, last: bool) -> str:
    """A finished answer with its marks, and below it who answered, how fast, what to know about it and what can be done
    with it."""
    if answer.status == "abstained":
        lines = (
            f'<p class="label" lang="{texts.language}">{escape(texts.talk.abstained)}</p>'
            f'<div class="text"><p>{prose(_without_places(answer))}</p></div>{_nearest(answer, index, texts)}'
        )
    else:
        lines = f'<div class="text">{_lines(answer, index, texts)}</div>'
    below = _small(answer, texts) + _actions(exchange, answer, texts, last=last)
    return (
        f'<div class="answer {answer.status}" id="answer-{index}" lang="{answer.language}">{lines}'
        f'<div lang="{texts.language}">{below}</div></div>'
    )


def draft_html(exchange: Exchange, index: int, texts: Texts) -> str:
    """An answer in the making: verified claims, then text that nothing has checked yet."""
    lines = "".join(
        f"<p>{_rich(' '.join(claim.text.split()))} "
        + "".join(f'<span class="cite">[{number}]</span>' for number in claim.citations)
        + f"{_doubt(claim, texts)}</p>"
        for claim in exchange.claims
    )
    if rest := prose(exchange.provisional):
        lines += f'<p class="draft">{rest}</p>'
    elif not lines:
        said = texts.talk.ahead(exchange.ahead) if exchange.ahead else texts.talk.thinking
        lines = f'<p class="draft waiting">{escape(said)}</p>'
    return f'<div class="answer" id="answer-{index}" lang="{texts.language}"><div class="text">{lines}</div></div>'


def copied(answer: Answer, texts: Texts) -> str:
    """An answer as plain text with its sources listed below, for another program."""
    sources = [
        f"[{citation.number}] {citation.title}, {date_text(citation.date, texts)}, {citation.document}\n"
        f"    «{' '.join(citation.quote.split())}»"
        for citation in answer.citations
    ]
    text = _STRONG.sub(r"\1", answer.text.strip())
    return "\n\n".join([text, "\n".join([texts.talk.sources, *sources])]) if sources else text


def button(name: str, value: object, label: str, kind: str = "act") -> str:
    """A button of a message; the chat's script hears it by its name."""
    return (
        f'<button type="button" class="{kind}" name="{name}" value="{_attribute(str(value))}">{escape(label)}</button>'
    )


def _attribute(text: str) -> str:
    """Escaped text in which line ends stay, though the message is one line."""
    return escape(text).replace("\n", "&#10;")


def _nothing(exchange: Exchange, index: int, texts: Texts, *, last: bool) -> str:
    """Why there is no answer and what to do."""
    retry = f'<div class="acts">{button("again", exchange.id, texts.talk.retry)}</div>' if last else ""
    return (
        f'<div class="answer failed" id="answer-{index}" lang="{texts.language}">'
        f'<div class="text"><p>{prose(outcome(exchange, texts))}</p></div>{retry}</div>'
    )


def _lines(answer: Answer, index: int, texts: Texts) -> str:
    """The answer's text with links for marks, and a word beside each claim that its sources don't bear out.

    "[2]" inside a quote or a title is the document's own, and stays.
    """
    links = {
        f"[{citation.number}]": f'<a class="cite" href="{target(index, citation.number)}" '
        f'title="{_attribute(citation.title)}">[{citation.number}]</a>'
        for citation in answer.citations
    }
    doubts = {_as_told(claim): claim for claim in answer.claims if claim.verdict != "supported"}
    quoted = {" ".join(claim.text.split()) for claim in answer.claims} | {c.title for c in answer.citations}
    literal = "|".join(re.escape(text) for text in sorted(quoted, key=len, reverse=True) if "[" in text)
    pattern = re.compile(rf"({literal})|(\[\d+\])" if literal else r"()(\[\d+\])")
    lines = []
    for line in answer.text.splitlines():
        told = next((told for told in doubts if line.endswith(told)), None)
        claim = doubts.pop(told) if told else None
        verdict = f' class="{claim.verdict}"' if claim else ""
        lines.append(f"<p{verdict}>{_linked(line, links, pattern)}{_doubt(claim, texts) if claim else ''}</p>")
    # A claim that the text has in other words than its own must not lose its doubt.
    lines += [f"<p>«{_rich(' '.join(claim.text.split()))}»{_doubt(claim, texts)}</p>" for claim in doubts.values()]
    return "".join(lines)


def _linked(line: str, links: Mapping[str, str], pattern: re.Pattern[str]) -> str:
    pieces, end = [], 0
    for found in pattern.finditer(line):
        pieces.append(_rich(line[end : found.start()]))
        pieces.append(links.get(found[0], _rich(found[0])))
        end = found.end()
    return "".join([*pieces, _rich(line[end:])])


def _as_told(claim: Claim) -> str:
    """A claim as the answer's text has it."""
    return " ".join(claim.text.split()) + " " + "".join(f"[{number}]" for number in claim.citations)


def _doubt(claim: Claim, texts: Texts) -> str:
    """A word that shows its reason when it is pointed at or focused; nothing for what is supported."""
    if claim.verdict == "supported":
        return ""
    word = texts.talk.partial if claim.verdict == "partial" else texts.talk.unsupported
    reason = texts.talk.reason("; ".join(claim.issues) or texts.talk.unexplained)
    return (
        f' <span class="doubt {claim.verdict}" tabindex="0" role="note" lang="{texts.language}">{escape(word)}'
        f'<span class="reason"><span class="unseen">. </span>{prose(reason)}</span></span>'
    )


def _without_places(answer: Answer) -> str:
    """An abstention's text up to the nearest passages, which are shown as a list."""
    before, _, _ = say(answer.language, "nearest", places="\0").partition("\0")
    return answer.text.partition(before)[0]


def _nearest(answer: Answer, index: int, texts: Texts) -> str:
    if not answer.citations:
        return ""
    rows = "".join(f"<li>{_passage(citation, index, texts)}</li>" for citation in answer.citations)
    return f'<p class="hint" lang="{texts.language}">{escape(texts.talk.nearest)}</p><ul class="nearest">{rows}</ul>'


def _passage(citation: Citation, index: int, texts: Texts) -> str:
    return (
        f'<a href="{target(index, citation.number)}"><span class="cite">[{citation.number}]</span> '
        f'<span class="title">{prose(citation.title)}</span> '
        f'<span class="facts" lang="{texts.language}">{escape(date_text(citation.date, texts))}</span> '
        f'<span class="quote">{prose(citation.quote)}</span></a>'
    )


def _small(answer: Answer, texts: Texts) -> str:
    """Who answered, how fast and how well, what was looked for, and what the assistant announces."""
    facts = [texts.talk.seconds(answer.timings.total)]
    if answer.status == "answered" or answer.reader != "quote":
        facts.insert(0, texts.talk.verbatim if answer.reader == "quote" else short(answer.reader))
    if answer.claims and answer.reader != "quote":
        supported = sum(claim.verdict == "supported" for claim in answer.claims)
        facts.append(texts.talk.checked(supported, len(answer.claims)))
    small = [" · ".join(facts)]
    if answer.status == "answered" and answer.standalone_question != answer.question:
        small.append(texts.talk.searched(answer.standalone_question))
    return f'<p class="small">{"<br>".join(map(prose, [*small, *answer.notes]))}</p>'


def _actions(exchange: Exchange, answer: Answer, texts: Texts, *, last: bool) -> str:
    again = button("again", exchange.id, texts.talk.again) if last else ""
    return (
        f'<div class="acts">{button("copy", copied(answer, texts), texts.talk.copy)}{again}'
        f'<span class="thumbs">{_thumb("up", exchange, texts)}{_thumb("down", exchange, texts)}</span></div>'
        f"{_comment(exchange, texts)}"
    )


def _thumb(vote: Vote, exchange: Exchange, texts: Texts) -> str:
    label = texts.talk.up if vote == "up" else texts.talk.down
    chosen = exchange.vote == vote
    return (
        f'<button type="button" class="act thumb {vote}{" chosen" if chosen else ""}" name="vote" '
        f'value="{exchange.id}-{vote}" title="{escape(label)}">'
        f'<span class="unseen">{escape(texts.talk.chosen(label) if chosen else label)}</span></button>'
    )


def _comment(exchange: Exchange, texts: Texts) -> str:
    """What a person thinks of an answer, as it is kept; nothing before there is a vote."""
    if exchange.vote is None:
        return ""
    kept = texts.talk.kept_with_comment if exchange.comment else texts.talk.kept
    return (
        f'<form class="comment" name="{exchange.id}"><label><span class="unseen">{escape(texts.talk.comment)}</span>'
        f'<input type="text" name="comment" maxlength="{COMMENT_LENGTH}" value="{_attribute(exchange.comment)}" '
        f'placeholder="{escape(texts.talk.comment_hint)}" autocomplete="off"></label>'
        f'<button class="act" type="submit">{escape(texts.talk.keep)}</button>'
        f'<span class="small">{escape(kept)}</span></form>'
    )


def _rich(text: str) -> str:
    """Escaped text in which what answers, **so marked**, is strong."""
    return _STRONG.sub(_AS_STRONG, escape(text))
