"""The right pane as HTML: the sources of an answer, and the article that one of them stands in.

Whatever comes from documents is escaped, also against characters that turn the order of others around.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import PurePath

from istok.index.types import Document, Language, Range
from istok.rag.types import Answer, Citation
from istok.ui.html.marks import target
from istok.ui.texts import Texts, date_text

WINDOW = 20_000
"""Characters shown on each side of a quote: a browser lays out an article at once, a library not."""

_LINE = 500  # characters within which a cut is put at a line's end

_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def sources(answer: Answer) -> tuple[Citation, ...]:
    """What an answer cites and, behind it, what was read for it but not cited; `sources(answer)[n - 1].number == n`."""
    cited = {(one.document, one.start, one.end) for one in answer.citations}
    read = (one for one in answer.evidence.sentences if (one.document, one.start, one.end) not in cited)
    rest = (
        Citation(number, one.document, one.title, one.date, one.start, one.end, one.text, one.score, one.ranks)
        for number, one in enumerate(read, len(answer.citations) + 1)
    )
    return (*answer.citations, *rest)


def sources_html(answer: Answer | None, index: int, texts: Texts) -> str:
    """The list of the sources of the exchange `index`; without an answer, how the panel is used."""
    found = sources(answer) if answer else ()
    if not answer or not found:
        return _section(texts, f'<p class="hint">{escape(texts.sources.hint)}</p>')
    heading = texts.sources.nearest if answer.status == "abstained" else texts.sources.of_answer
    count = len(answer.citations)
    listed = f"<h2>{escape(heading)}</h2>{_list(found[:count], index, texts, cited=True)}" if count else ""
    if rest := found[count:]:
        listed += (
            f'<details class="further"><summary>{escape(texts.sources.further(len(rest)))}</summary>'
            f"{_list(rest, index, texts, cited=False)}</details>"
        )
    return _section(texts, listed)


def source_html(
    answer: Answer, index: int, number: int, document: Document | None, texts: Texts, part: Range | None = None
) -> str:
    """Source `number` of the exchange `index` inside its article, of which `part` is to be shown.

    `document` is None when it is no longer indexed.
    """
    found = sources(answer)
    source = found[number - 1]
    quote = _place(source, document) if document else None
    if document and quote:
        article = _article(document, quote, part, _links(answer, index, document, quote), texts)
    else:
        article = _mark(source.quote, texts)
    page = document.page(quote.start) if document and quote else None
    return _section(
        texts,
        _navigation(answer, index, number, len(found), texts)
        + _head(source.title, source.date, source.document, page, document, answer.language, texts)
        + _relevance(source, texts)
        + _warning(_notice(source, document, quote, texts))
        + _framed(article, source.title, document.language if document else answer.language),
        opened=target(index, number),
    )


def reading_html(
    id_: str, document: Document | None, answer: Answer | None, index: int, texts: Texts, part: Range | None = None
) -> str:
    """A document by itself, with what the answer of the exchange `index` cites of it marked.

    `document` is None when it is no longer indexed.
    """
    top = f'<nav aria-label="{escape(texts.sources.region)}">{_back(texts)}</nav>'
    if document is None:
        inside = _head(PurePath(id_).name, None, id_, None, None, texts.language, texts)
        return _section(texts, top + inside + _warning(texts.sources.removed), reading=id_)
    links = _links(answer, index, document) if answer else {}
    article = _article(document, None, part, links, texts)
    head = _head(document.title, document.date, document.id, None, document, document.language, texts)
    return _section(texts, top + head + _framed(article, document.title, document.language), reading=id_)


def position(answer: Answer, number: int, texts: Texts) -> str:
    """Which of the sources the source `number` is."""
    count = len(answer.citations)
    return texts.sources.source(number, count) if number <= count else texts.sources.uncited


def status_html(words: str, texts: Texts) -> str:
    """What has just been opened, for screen readers."""
    return f'<p role="status" lang="{texts.language}">{_label(words)}</p>'


# The article


def article_html(document: Document, window: Range, marks: Mapping[Range, str]) -> str:
    """The text of the window, in which `marks` replace their ranges; what is not the article itself is set apart."""
    pieces, at = [], window.start
    for range_, mark in sorted(marks.items()):
        # What overlaps with a mark that stands there already would only repeat it.
        if at <= range_.start and range_.end <= window.end:
            pieces += [*_unmarked(document, Range(at, range_.start)), mark]
            at = range_.end
    return "".join([*pieces, *_unmarked(document, Range(at, window.end))])


def _unmarked(document: Document, range_: Range) -> Iterator[str]:
    at, end = range_
    for main in document.main:
        if main.end <= at or main.start >= end:
            continue
        yield _aside(document.text[at : main.start])
        at, until = max(at, main.start), min(end, main.end)
        yield _text(document.text[at:until])
        at = until
    yield _aside(document.text[at:end])


def _aside(text: str) -> str:
    return f'<span class="aside">{_text(text)}</span>' if text else ""


def _article(
    document: Document, quote: Range | None, part: Range | None, links: Mapping[Range, str], texts: Texts
) -> str:
    """The asked part, else what is around the quote or the beginning, between buttons that show more of it."""
    text = document.text
    kept = quote or Range(0, 0)
    start, end = part or (kept.start - WINDOW, kept.end + WINDOW if quote else 2 * WINDOW)
    start, end = max(0, min(start, kept.start)), min(len(text), max(end, kept.end))
    if start:
        start = text.find("\n", start, min(start + _LINE, kept.start)) + 1 or start
    if end < len(text):
        end = text.rfind("\n", max(end - _LINE, kept.end), end) + 1 or end
    own = {quote: _mark(text[quote.start : quote.end], texts)} if quote else {}
    shown = article_html(document, Range(start, end), {**links, **own})
    earlier = _more(start - 2 * WINDOW, end, "earlier", texts.sources.earlier) if start else ""
    later = _more(start, end + 2 * WINDOW, "later", texts.sources.later) if end < len(text) else ""
    return f"{earlier}{shown}{later}"


def _more(start: int, end: int, name: str, label: str) -> str:
    return (
        f'<button type="button" class="more" data-more="{name}" data-start="{max(0, start)}" data-end="{end}">'
        f"{escape(label)}</button>"
    )


def _mark(text: str, texts: Texts) -> str:
    names = f'data-begins="{escape(texts.sources.quote_begins)}" data-ends="{escape(texts.sources.quote_ends)}"'
    return f'<mark tabindex="-1" {names}>{_text(text)}</mark>'


def _links(answer: Answer, index: int, document: Document, quote: Range | None = None) -> dict[Range, str]:
    """What the answer cites of the document besides the quote."""
    links = {}
    for one in answer.citations:
        place = _place(one, document) if one.document == document.id else None
        if place and not (quote and _overlap(place, quote)):
            names = f'class="also" href="{target(index, one.number)}" data-number="[{one.number}]"'
            links[place] = f"<a {names}>{_text(one.quote)}</a>"
    return links


def _overlap(one: Range, other: Range) -> bool:
    return one.start < other.end and other.start < one.end


def _place(source: Citation, document: Document) -> Range | None:
    """Where the quote stands now, None if it can't be told."""
    if document.text[source.start : source.end] == source.quote:
        return Range(source.start, source.end)
    if document.text.count(source.quote) != 1:
        return None
    start = document.text.index(source.quote)
    return Range(start, start + len(source.quote))


def _notice(source: Citation, document: Document | None, place: Range | None, texts: Texts) -> str:
    """What has become of the document since it was cited."""
    if document is None:
        return texts.sources.gone
    if place is None:
        return texts.sources.changed
    return "" if place.start == source.start else texts.sources.moved


# Around the article


def _section(texts: Texts, inside: str, **data: str) -> str:
    """The panel; `data` tells its script what is shown."""
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    name = escape(texts.sources.region)
    return f'<section class="source" lang="{texts.language}" aria-label="{name}"{attributes}>{inside}</section>'


def _navigation(answer: Answer, index: int, number: int, last: int, texts: Texts) -> str:
    """The way back, and the ways to the other sources: of the cited ones, or of those that weren't cited."""
    strings, count = texts.sources, len(answer.citations)
    first, last = (1, count) if number <= count else (count + 1, last)
    label = position(answer, number, texts)
    chips = "".join(
        f'<a class="chip" href="{target(index, one.number)}" aria-label="{escape(strings.source(one.number, count))}"'
        f'{_current(one.number == number)} title="{_label(one.title)}">{one.number}</a>'
        for one in answer.citations
    )
    steps = "".join(
        f'<a class="step" rel="{rel}" href="{target(index, other)}" title="{escape(name)}"'
        f' aria-label="{escape(name)}">{arrow}</a>'
        if first <= other <= last
        else f'<span class="step" aria-hidden="true">{arrow}</span>'
        for other, rel, name, arrow in (
            (number - 1, "prev", strings.previous, "←"),
            (number + 1, "next", strings.next, "→"),
        )
    )
    return (
        f'<nav aria-label="{escape(strings.region)}">{_back(texts)}'
        f'<button type="button" class="quiet" data-do="answer">{escape(strings.to_answer)}</button>'
        f'<span class="others"><span class="count">{escape(label)}</span><span class="chips">{chips}</span>'
        f'<span class="steps">{steps}</span></span></nav>'
    )


def _back(texts: Texts) -> str:
    return f'<button type="button" class="quiet" data-do="close">‹ {escape(texts.sources.back)}</button>'


def _head(
    title: str, date: str | None, id_: str, page: int | None, document: Document | None, spoken: Language, texts: Texts
) -> str:
    said = date_text(date, texts)
    facts = [
        texts.sources.as_of(said) if date else said,
        f"<bdi>{_label(id_)}</bdi>",
        *([texts.sources.page(page)] if page else []),
    ]
    language = document.language if document else spoken
    return f'<h2 lang="{language}"><bdi>{_title(title, id_)}</bdi></h2><p class="facts">{" · ".join(facts)}</p>'


def _warning(warning: str) -> str:
    return f'<p class="warning" role="status">{escape(warning)}</p>' if warning else ""


def _framed(article: str, title: str, language: Language) -> str:
    return f'<article class="article" tabindex="0" lang="{language}" aria-label="{_label(title)}">{article}</article>'


# The list


def _list(found: Iterable[Citation], index: int, texts: Texts, *, cited: bool) -> str:
    return f'<ol class="sources">{"".join(_row(one, index, texts, cited=cited) for one in found)}</ol>'


def _row(source: Citation, index: int, texts: Texts, *, cited: bool) -> str:
    number = f'<span class="number">[{source.number}]</span>' if cited else ""
    return (
        f'<li><a href="{target(index, source.number)}">'
        f'<bdi class="title">{number}{_title(source.title, source.document)}</bdi>'
        f'<span class="facts">{escape(date_text(source.date, texts))}</span>'
        f'<bdi class="quote">{_text(source.quote)}</bdi></a>{_relevance(source, texts)}</li>'
    )


def _relevance(source: Citation, texts: Texts) -> str:
    """How the search came to it, for those who ask."""
    ranks, strings = source.ranks, texts.sources
    if ranks is None:
        return ""
    rows = (
        (strings.by_meaning, _rank(ranks.dense, ranks.dense_score, texts)),
        (strings.by_words, _rank(ranks.lexical, ranks.lexical_score, texts)),
        (strings.together, _rank(ranks.fused, ranks.fused_score, texts)),
        (strings.answers, strings.score(source.score)),
    )
    listed = "".join(f"<div><dt>{escape(name)}:</dt> <dd>{escape(value)}</dd></div>" for name, value in rows)
    summary = escape(strings.place(ranks.fused))
    return f'<details class="relevance"><summary>{summary}</summary><dl>{listed}</dl></details>'


def _rank(rank: int | None, score: float | None, texts: Texts) -> str:
    strings = texts.sources
    if score is None:
        return strings.unjudged
    if rank is None:
        return strings.beyond if score else strings.no_words
    return f"{strings.rank(rank)} ({strings.score(score)})"


def _current(is_current: bool) -> str:
    return ' aria-current="true"' if is_current else ""


# Text of documents


def _text(text: str) -> str:
    """As it stands there, but for what would show it in another order."""
    return escape(text.replace("\r\n", "\n").replace("\r", "\n").translate(_TURNING))


def _title(title: str, id_: str) -> str:
    return _label(title).strip() or _label(PurePath(id_).name)


def _label(text: str) -> str:
    """A title or a name, without characters that can't be seen."""
    return escape("".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cc")))
