"""The panels beside the chat as HTML: an article with its quote marked, the sources of an answer, the documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import PurePath
from typing import Literal

from istok.index.types import Document, Range
from istok.rag.types import Answer, Citation
from istok.ui.marks import target
from istok.ui.texts import Texts, date_text

WINDOW = 100_000
"""Characters shown on each side of a quote: a browser lays out an article at once, a library not."""


@dataclass(frozen=True, slots=True)
class Upload:
    """How far one uploaded file is, also in words."""

    name: str
    state: Literal["waiting", "working", "done", "refused"]
    message: str


def article_html(document: Document, quote: Range) -> str:
    """The text around `quote` with the quote in a `<mark>`; what is not the article itself is set apart."""
    text, start, end = document.text, max(0, quote.start - WINDOW), min(len(document.text), quote.end + WINDOW)
    cuts = {start, quote.start, quote.end, end}
    cuts.update(edge for main in document.main for edge in main if start < edge < end)
    edges = sorted(cuts)
    pieces = []
    for left, right in pairwise(edges):
        piece = escape(text[left:right].replace("\r\n", "\n"))
        if quote.start <= left < quote.end:
            piece = f"<mark>{piece}</mark>"
        elif not any(main.start <= left < main.end for main in document.main):
            piece = f'<span class="aside">{piece}</span>'
        pieces.append(piece)
    return "".join(pieces)


def source_html(answer: Answer, index: int, number: int, document: Document | None, texts: Texts) -> str:
    """Citation `number` of the exchange `index` inside its article, and the other sources below.

    `document` is None when it is no longer indexed.
    """
    citation = answer.citations[number - 1]
    quote = Range(citation.start, citation.end)
    warning = ""
    if document is None:
        warning, article = texts.gone, f"<mark>{escape(citation.quote)}</mark>"
    elif document.text[quote.start : quote.end] != citation.quote:
        warning, article = texts.changed, f"<mark>{escape(citation.quote)}</mark>"
    else:
        article = article_html(document, quote)
        if quote.start > WINDOW or len(document.text) - quote.end > WINDOW:
            warning = texts.cut
    page = document.page(quote.start) if document else None
    facts = [date_text(citation.date, texts), citation.document, *([texts.page(page)] if page else [])]
    language = document.language if document else answer.language
    steps = "".join(
        f'<a class="step" href="{target(index, other)}" title="{escape(label)}">{arrow}</a>'
        if 1 <= other <= len(answer.citations)
        else f'<span class="step" aria-hidden="true">{arrow}</span>'
        for other, label, arrow in ((number - 1, texts.previous, "←"), (number + 1, texts.next, "→"))
    )
    return (
        f'<section class="source" lang="{texts.language}">'
        f"<nav><span>{escape(texts.source(number, len(answer.citations)))}</span>{steps}</nav>"
        f'<h2 tabindex="-1" lang="{language}">{escape(citation.title)}</h2>'
        f'<p class="facts">{" · ".join(map(escape, facts))}</p>'
        + (f'<p class="warning">{escape(warning)}</p>' if warning else "")
        + f'<div class="article" tabindex="0" lang="{language}">{article}</div>'
        f"{_list(answer, index, number, texts)}</section>"
    )


def sources_html(answer: Answer | None, index: int, texts: Texts) -> str:
    """The sources of an answer before one of them is opened; without an answer, how the panel is used."""
    inside = _list(answer, index, 0, texts) if answer and answer.citations else _hint(texts)
    return f'<section class="source" lang="{texts.language}">{inside}</section>'


def documents_html(documents: Sequence[Document], uploads: Iterable[Upload], texts: Texts) -> str:
    """What is indexed, and above it how the present uploads are getting on."""
    progress = "".join(_upload(upload) for upload in uploads)
    rows = "".join(
        f'<li><span class="title" lang="{document.language}">{escape(document.title)}</span>'
        f'<span class="facts">{escape(date_text(document.date, texts))} · {texts.languages[document.language]} · '
        f"{escape(PurePath(document.id).name)}</span></li>"
        for document in documents
    )
    listed = f'<ol class="documents">{rows}</ol>' if rows else f'<p class="hint">{escape(texts.no_documents)}</p>'
    return (
        f'<section lang="{texts.language}"><p class="hint">{escape(texts.upload_hint)}</p>'
        f'<ul class="uploads" aria-live="polite">{progress}</ul>{listed}</section>'
    )


def _hint(texts: Texts) -> str:
    return f'<p class="hint">{escape(texts.sources_hint)}</p>'


def _list(answer: Answer, index: int, current: int, texts: Texts) -> str:
    heading = texts.abstained_sources if answer.status == "abstained" else texts.sources_of_answer
    rows = "".join(_row(citation, index, citation.number == current, texts) for citation in answer.citations)
    return f'<h3>{escape(heading)}</h3><ol class="sources">{rows}</ol>'


def _row(citation: Citation, index: int, current: bool, texts: Texts) -> str:
    return (
        f'<li><a href="{target(index, citation.number)}"{" aria-current=true" if current else ""}>'
        f'<span class="number">[{citation.number}]</span><span class="title">{escape(citation.title)}</span>'
        f'<span class="facts">{escape(date_text(citation.date, texts))}</span>'
        f'<span class="quote">{escape(citation.quote)}</span></a></li>'
    )


def _upload(upload: Upload) -> str:
    bar = f'<progress aria-label="{escape(upload.name)}"></progress>' if upload.state == "working" else ""
    return (
        f'<li class="{upload.state}"><span class="name">{escape(upload.name)}</span> '
        f"<span>{escape(upload.message)}</span>{bar}</li>"
    )
