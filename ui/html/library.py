"""The list of documents: what of it is looked at, as HTML in which everything is escaped; and removing one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final, Literal, get_args

from istok.index.home import Home
from istok.index.index import Index
from istok.index.types import Entry
from istok.ui.texts import Texts, date_text
from istok.ui.upload import leave_no_empty_folder

PAGE: Final = 100
"""Documents shown at once: a browser lays out a page at once, a library not."""

_LEADING: Final = re.compile(r"^\W+")

Order = Literal["date", "title", "added"]


@dataclass(frozen=True, slots=True)
class View:
    """What a person looks at: documents that hold all of the words of `wanted`, in this order, from this page on."""

    order: Order = "date"
    wanted: str = ""
    page: int = 0

    @classmethod
    def of(cls, order: Any, wanted: Any, page: Any) -> View:
        """One that came from a browser; what makes no sense there is as in the first view."""
        return cls(
            order if order in get_args(Order) else "date",
            wanted[:200] if isinstance(wanted, str) else "",
            page if isinstance(page, int) and 0 <= page < 1_000_000 else 0,
        )


def found(entries: Sequence[Entry], view: View, texts: Texts) -> list[Entry]:
    """All documents of the view, on whatever page."""
    words = _plain(view.wanted).split()
    among = [entry for entry in entries if all(word in _plain(_described(entry, texts)) for word in words)]
    by_title = sorted(among, key=lambda entry: _LEADING.sub("", _plain(entry.title)))
    match view.order:
        case "date":
            return sorted(by_title, key=lambda entry: entry.date or "", reverse=True)
        case "title":
            return by_title
        case "added":
            return sorted(by_title, key=lambda entry: entry.added, reverse=True)


def library_html(
    entries: Sequence[Entry], view: View, scope: Collection[str] | None, uploads: Path, texts: Texts
) -> str:
    """The list with its controls. `scope` are the documents that questions are put to, None for all; `uploads` is the
    folder of those that were added by the page."""
    own = texts.documents
    if not entries:
        return f'<section lang="{texts.language}"><p class="hint">{escape(own.empty)}</p></section>'
    chosen = found(entries, view, texts)
    last = max(0, len(chosen) - 1) // PAGE
    first = min(view.page, last) * PAGE
    rows = "".join(_row(entry, scope, uploads, texts) for entry in chosen[first : first + PAGE])
    nothing = "" if chosen else f'<p class="hint">{escape(own.nothing)}</p>'
    waiting = sum(entry.waiting for entry in entries)
    return (
        f'<section lang="{texts.language}" data-waiting="{waiting}" data-view="{_key(view)}" '
        f'aria-label="{escape(own.list)}">'
        f'<div class="tools">{_tools(view, texts)}</div>'
        f'<div class="scope">{_scope(entries, chosen, view, scope, texts)}</div>'
        f'<p class="small reading">{escape(own.reading(waiting)) if waiting else ""}</p>'
        f'<div class="listed">{nothing}<ul class="documents">{rows}</ul></div>'
        f'<nav aria-label="{escape(own.pages)}">{_pages(first, len(chosen), texts)}</nav></section>'
    )


def remove(index: Index, home: Home, id_: str) -> None:
    """Forget a document; its original goes too when the page added it, and stays where it is when not. Raises
    IndexStateError for an unknown id."""
    path = Path(index.document(id_).path)
    index.remove(id_)
    if uploaded(path, home.documents):
        with suppress(FileNotFoundError):
            path.unlink()
        leave_no_empty_folder(path.parent, home.documents)


def uploaded(path: Path, uploads: Path) -> bool:
    """Whether this original lies among the uploads."""
    return path.resolve().is_relative_to(uploads.resolve())


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")


def _described(entry: Entry, texts: Texts) -> str:
    """What the filter looks into: all that a row shows, and the date as it is written in a file name."""
    return (
        f"{entry.title} {entry.id} {entry.date or ''} {date_text(entry.date, texts)} {texts.languages[entry.language]}"
    )


def _key(view: View) -> str:
    return escape(f"{view.order} {view.page} {view.wanted}")


def _tools(view: View, texts: Texts) -> str:
    own = texts.documents
    options = "".join(
        f'<option value="{order}"{" selected" if order == view.order else ""}>{escape(name)}</option>'
        for order, name in own.orders.items()
    )
    return (
        f'<input type="search" name="wanted" maxlength="200" autocomplete="off" placeholder="{escape(own.filter)}" '
        f'aria-label="{escape(own.filter)}">'
        f'<select name="order" aria-label="{escape(own.order)}">{options}</select>'
    )


def _scope(
    entries: Sequence[Entry], chosen: Sequence[Entry], view: View, scope: Collection[str] | None, texts: Texts
) -> str:
    own = texts.documents
    count = len(entries) if scope is None else sum(entry.id in scope for entry in entries)
    told = own.searched(count, len(entries)) if count else own.searched_none
    some = (
        f'<button type="button" name="found">{escape(own.choose_found(len(chosen)))}</button>'
        if view.wanted.strip() and chosen
        else ""
    )
    return (
        f'<p role="status" class="{"small" if count else "warning"}">{escape(told)}</p>'
        f'<p class="choices"><button type="button" name="all">{escape(own.choose_all)}</button>'
        f'<button type="button" name="none">{escape(own.choose_none)}</button>{some}</p>'
    )


def _row(entry: Entry, scope: Collection[str] | None, uploads: Path, texts: Texts) -> str:
    own = texts.documents
    title = escape(entry.title)
    inside = " checked" if scope is None or entry.id in scope else ""
    ask = own.remove_upload if uploaded(Path(entry.path), uploads) else own.remove_original
    told = (date_text(entry.date, texts), texts.languages[entry.language], own.passages(entry.passages))
    facts = (*(f"<span>{escape(fact)}</span>" for fact in told), f"<bdi>{escape(entry.id)}</bdi>")
    return (
        f'<li data-id="{escape(entry.id)}">'
        f'<input type="checkbox" name="inside" aria-label="{escape(own.search_in(entry.title))}"{inside}>'
        f'<div><button type="button" name="open" class="title" lang="{entry.language}"><bdi>{title}</bdi></button>'
        f'<span class="facts">{" · ".join(facts)}</span></div>'
        f'<button type="button" name="ask" class="icon" title="{escape(own.remove)}" '
        f'aria-label="{escape(own.remove_this(entry.title))}">×</button>'
        f'<p class="sure" role="group" hidden><span>{escape(ask)}</span>'
        f'<button type="button" name="remove">{escape(own.remove)}</button>'
        f'<button type="button" name="keep">{escape(own.keep)}</button></p></li>'
    )


def _pages(first: int, count: int, texts: Texts) -> str:
    own = texts.documents
    if count <= PAGE:
        return ""
    last = min(first + PAGE, count)
    before, after = " disabled" if first == 0 else "", " disabled" if last == count else ""
    return (
        f'<button type="button" name="before" aria-label="{escape(own.before)}"{before}>←</button>'
        f"<span>{escape(own.shown(first + 1, last, count))}</span>"
        f'<button type="button" name="after" aria-label="{escape(own.after)}"{after}>→</button>'
    )
