"""A conversation as a Markdown document, with one list of sources for all of its answers.

Whatever others wrote (questions, answers, titles, quotes) is text: none of it is read as Markdown or HTML.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from istok.rag.types import Answer, Citation
from istok.ui.conversations.store import Record
from istok.ui.readers import short
from istok.ui.texts import Texts, date_text

_HEADING: Final = 160  # characters; a longer question is begun in the heading and told below it
_NAME: Final = 80  # characters of a file name: at most 240 bytes

_MARKUP: Final = re.compile(r"[\\`*_\[\]<>|~$#]|&(?=#?\w+;)")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")

_STRONG: Final = re.compile(r"(?:^|(?<=\): ))\*\*([^*]+)\*\*(?= — )")
"""What answers, before its quote; elsewhere two stars are the document's own."""

_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices."""


def markdown(title: str, records: Sequence[Record], texts: Texts) -> str:
    """The whole document, ending with a line end."""
    sources: dict[tuple[str, int, int, str], int] = {}
    cited: list[Citation] = []
    parts = [f"# {_line(title) or texts.conversations.untitled}"]
    if records:
        parts.append(_inline(texts.conversations.held(_moment(records[0].asked, texts))))
    for place, record in enumerate(records, 1):
        numbers = {}
        for citation in record.answer.citations if record.answer else ():
            key = (citation.document, citation.start, citation.end, citation.quote)
            if key not in sources:
                sources[key] = len(sources) + 1
                cited.append(citation)
            numbers[citation.number] = sources[key]
        parts += [*_question(place, record.question), *_outcome(record, numbers, texts)]
    if cited:
        parts.append(f"## {_inline(texts.page.sources)}")
        parts += [_source(number, citation, texts) for number, citation in enumerate(cited, 1)]
    return "\n\n".join(parts) + "\n"


def file_name(title: str, texts: Texts) -> str:
    """A name for the document on any system: no path, no device, no hidden file."""
    for name in (title, texts.conversations.untitled):
        plain = re.sub(r"[^\w .,()«»–—-]+", " ", unicodedata.normalize("NFC", name))
        plain = " ".join(plain.split())[:_NAME].strip(" .")
        if plain:
            break
    return f"{'_' if _RESERVED.match(plain) else ''}{plain}.md"


def _question(place: int, question: str) -> Iterator[str]:
    line = _line(question)
    if len(question) <= _HEADING and len(question.strip().splitlines()) == 1:
        yield f"## {place}. {line}"
    else:
        yield f"## {place}. {_line(question[:_HEADING].rsplit(maxsplit=1)[0])}…"
        yield _quote(question)


def _outcome(record: Record, numbers: Mapping[int, int], texts: Texts) -> Iterator[str]:
    """The answer in paragraphs, then what is to be known about it; or why there is none."""
    answer = record.answer
    if answer is None:
        if record.failure is not None:
            yield _start(_line(texts.talk.failed(texts.told(record.failure))))
        else:
            yield _start(_line(texts.talk.thinking if record.answering else texts.talk.interrupted))
        return
    if answer.status == "abstained":
        yield f"**{_line(texts.talk.abstained)}**"
    for line in answer.text.splitlines():
        if line.strip():
            yield _start(_marked(line.strip(), answer, numbers))
    if notes := list(_notes(answer, texts)):
        yield "\n".join(f"- {_start(_line(note))}" for note in notes)
    reader = texts.talk.verbatim if answer.reader == "quote" else short(answer.reader)
    yield f"*{_line(f'{reader} · {_moment(record.asked, texts)}')}*"


def _notes(answer: Answer, texts: Texts) -> Iterator[str]:
    verdicts = {"partial": texts.talk.partial, "unsupported": texts.talk.unsupported}
    for claim in answer.claims:
        if claim.verdict != "supported":
            issues = f" ({'; '.join(claim.issues)})" if claim.issues else ""
            yield f"{verdicts[claim.verdict]}: «{claim.text}»{issues}"
    if answer.status == "answered" and answer.standalone_question != answer.question:
        yield texts.talk.searched(answer.standalone_question)
    yield from answer.notes


def _marked(line: str, answer: Answer, numbers: Mapping[int, int]) -> str:
    """A line of the answer with the document's numbers for the answer's own marks. "[2]" inside a quote or a title is
    the source's own, and stays."""
    own = {" ".join(claim.text.split()) for claim in answer.claims} | {source.title for source in answer.citations}
    literal = "|".join(re.escape(text) for text in sorted(own, key=len, reverse=True) if "[" in text)
    pieces, end = [], 0
    for found in re.finditer(rf"({literal})|\[(\d+)\]" if literal else r"()\[(\d+)\]", line):
        number = numbers.get(int(found[2])) if found[2] else None
        pieces += [_rich(line[end : found.start()]), f"[{number}]" if number else _rich(found[0])]
        end = found.end()
    # A mark with a bracket or a colon after it would be a link.
    return re.sub(r"(?<=\d\])(?=[(:])", r"\\", "".join([*pieces, _rich(line[end:])]))


def _rich(text: str) -> str:
    """Escaped text in which what answers, **so marked**, is strong."""
    pieces, end = [], 0
    for found in _STRONG.finditer(text):
        pieces += [_inline(text[end : found.start()]), f"**{_inline(found[1].strip())}**"]
        end = found.end()
    return "".join([*pieces, _inline(text[end:])])


def _source(number: int, citation: Citation, texts: Texts) -> str:
    """An item of the list: what was cited, where it stands, and its words."""
    head = f"{number}. **{_line(citation.title) or texts.conversations.untitled}**, {date_text(citation.date, texts)}"
    indent = " " * len(f"{number}. ")
    place = f"{_code(citation.document)} · {_code(citation.id)}"
    quote = _quote(citation.quote).replace("\n", f"\n{indent}")
    return f"{head}\\\n{indent}{place}\n\n{indent}{quote}"


def _quote(text: str) -> str:
    """A block quote that keeps the text's lines."""
    lines = [_start(_inline(line.strip())) for line in text.strip().splitlines()]
    return "\n".join(_joined(f"> {line}".rstrip() for line in lines))


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Lines with a hard break where one of the same paragraph follows."""
    before = ""
    for line in lines:
        if before:
            yield before if ">" in (before, line) else f"{before}\\"
        before = line
    yield before


def _line(text: str) -> str:
    return _inline(" ".join(text.split()))


def _inline(text: str) -> str:
    """Text that Markdown shows as it is, except at the head of a line."""
    return _MARKUP.sub(r"\\\g<0>", _CONTROL.sub("\ufffd", text))


def _start(line: str) -> str:
    """An escaped line that may stand at the head of a block."""
    if line[:1] in "-+=:":
        return f"\\{line}" if line else line
    return re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", line)


def _code(text: str) -> str:
    """A code span that holds any text."""
    text = _CONTROL.sub("\ufffd", " ".join(text.split()))
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def _moment(asked: str, texts: Texts) -> str:
    """A UTC time in words, where this machine is."""
    moment = datetime.fromisoformat(asked).astimezone()
    return f"{date_text(moment.date().isoformat(), texts)}, {moment:%H:%M}"
