"""The left: what was talked about before."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from istok.ui.conversation import Conversation
from istok.ui.conversations.export import file_name, markdown
from istok.ui.conversations.store import TITLE_LENGTH, Summary, UnknownConversationError
from istok.ui.conversations.words import Words
from istok.ui.panes import QUIET
from istok.ui.tab import Tab
from istok.ui.texts import ENGLISH, Texts, date_text

if TYPE_CHECKING:
    from istok.ui.desk import Desk
    from istok.ui.page import Page

SHOWN: Final = 200
"""Conversations in the list; search finds all."""


class ConversationsPane:
    """A box to search in, and the conversations, the newest first.

    The list's script turns what is done in it into events, takes titles, asks before it deletes, saves what was
    exported, and tells the address bar which conversation is open.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        texts = ENGLISH.conversations
        self.new = gr.Button(texts.new, elem_id="new", size="md")
        self.search = gr.Textbox(
            label=texts.search, placeholder=texts.search, show_label=False, container=False, lines=1, max_lines=1,
            elem_id="seek",
        )  # fmt: skip
        self.list = gr.HTML(
            "",
            # What was found stands in place of the list for as long as something is sought.
            html_template="${found || value}",
            found="",
            exported=None,
            elem_id="conversations",
            apply_default_css=False,
            js_on_load=(Path(__file__).parent / "conversations.js").read_text("utf-8"),
        )
        self.components = [self.new, self.search, self.list]

    def show(self, tab: Tab) -> list[Any]:
        """The list, with the present one marked."""
        texts = tab.texts.conversations
        summaries = self._desk.store.summaries(tab.owner)
        return [
            gr.Button(texts.new),
            gr.Textbox(label=texts.search, placeholder=texts.search),
            gr.HTML(list_html(summaries, tab.conversation.id, tab.texts)),
        ]

    def listen(self, page: Page) -> None:
        """Beginning, opening, renaming, deleting, exporting and finding one."""
        desk = self._desk
        whole = page.outputs(self, page.talk, page.sources)

        def begin(tab: Tab) -> list[Any]:
            tab.show(Conversation())
            return page.show(tab, self, page.talk, page.sources)

        def open_(tab: Tab, event: gr.EventData) -> list[Any]:
            if conversation := self._named(tab, event):
                tab.show(conversation)
                return page.show(tab, self, page.talk, page.sources)
            return [*page.show(tab, self), *page.still(page.talk, page.sources)]

        def rename(tab: Tab, event: gr.EventData) -> list[Any]:
            title = " ".join(str(event.title).split())
            if title and (conversation := self._named(tab, event)):
                assert conversation.id is not None  # noqa: S101 - it is stored
                conversation.title = desk.store.rename(conversation.id, tab.owner, title)
            return page.show(tab, self)

        def delete(tab: Tab, event: gr.EventData) -> list[Any]:
            here = False
            if conversation := self._named(tab, event):
                assert conversation.id is not None  # noqa: S101 - it is stored
                here = conversation.id == tab.conversation.id
                conversation.stop()
                desk.store.delete(conversation.id, tab.owner)
                # Another tab may show it still: what is asked there begins a new one.
                conversation.id = None
                conversation.exchanges.clear()
            if here:
                tab.show(Conversation())
                return page.show(tab, self, page.talk, page.sources)
            return [*page.show(tab, self), *page.still(page.talk, page.sources)]

        def export(tab: Tab, event: gr.EventData) -> Any:
            if conversation := self._named(tab, event):
                assert conversation.id is not None  # noqa: S101 - it is stored
                title = desk.store.title(conversation.id, tab.owner)
                text = markdown(title, desk.store.records(conversation.id, tab.owner), tab.texts)
                # The time tells two exports of the same apart.
                return gr.update(exported={"name": file_name(title, tab.texts), "text": text, "at": time.time_ns()})
            return gr.skip()

        def seek(tab: Tab, words: str) -> dict[str, Any]:
            if not words.strip():
                return gr.update(found="")
            summaries = desk.store.summaries(tab.owner, words)
            return gr.update(found=found_html(summaries, words, tab.conversation.id, tab.texts))

        at_once: dict[str, Any] = {"queue": False, **QUIET}
        self.new.click(begin, page.tab, whole, **at_once)
        # A warning reaches the page by the queue alone.
        warning: dict[str, Any] = {"concurrency_limit": None, **QUIET}
        self.list.open(open_, page.tab, whole, **warning)
        self.list.rename(rename, page.tab, page.outputs(self), **warning)
        self.list.delete(delete, page.tab, whole, **warning)
        self.list.export(export, page.tab, self.list, **warning)
        self.list.refresh(lambda tab: page.show(tab, self), page.tab, page.outputs(self), **at_once)
        sought: dict[str, Any] = {"inputs": [page.tab, self.search], "outputs": self.list, **at_once}
        # Its `input` event leaves out what is pasted or rubbed out.
        self.search.change(seek, trigger_mode="always_last", **sought)
        self.list.seek(seek, trigger_mode="always_last", **sought)

    def _named(self, tab: Tab, event: gr.EventData) -> Conversation | None:
        """The conversation that an event of the list is about; a warning when it is no longer there."""
        try:
            return self._desk.open(int(event.conversation), tab.owner)
        except (UnknownConversationError, TypeError, ValueError, OverflowError):
            gr.Warning(tab.texts.conversations.gone)
            return None


def list_html(summaries: Sequence[Summary], current: int | None, texts: Texts, today: date | None = None) -> str:
    """The conversations by day; `today` is that of this machine."""
    today = today or datetime.now().astimezone().date()
    inside = "".join(
        f"<h2>{escape(_day(day, today, texts))}</h2><ul>{''.join(_row(row, current, texts) for row in rows)}</ul>"
        for day, rows in groupby(summaries[:SHOWN], lambda summary: _date(summary.updated))
    )
    if not summaries:
        inside = f'<p class="hint">{escape(texts.conversations.empty)}</p>'
    elif len(summaries) > SHOWN:
        inside += f'<p class="hint">{escape(texts.conversations.older(len(summaries) - SHOWN))}</p>'
    return _nav(inside, current, texts)


def found_html(summaries: Sequence[Summary], query: str, current: int | None, texts: Texts) -> str:
    """The conversations that say the sought words, with where they do."""
    words = Words.of(query)

    def marked(text: str) -> str:
        return "".join(
            f"<mark>{escape(piece)}</mark>" if found else escape(piece) for piece, found in words.split(text)
        )

    if not summaries:
        return _nav(f'<p class="hint" role="status">{escape(texts.conversations.nothing)}</p>', current, texts)
    rows = "".join(_row(summary, current, texts, marked) for summary in summaries[:SHOWN])
    heading = f"{texts.conversations.found}: {len(summaries)}"
    return _nav(f'<h2 role="status">{escape(heading)}</h2><ul>{rows}</ul>', current, texts)


def _nav(inside: str, current: int | None, texts: Texts) -> str:
    own = texts.conversations
    data = {
        "conversation": "" if current is None else current, "sure": own.sure, "yes": own.yes, "no": own.no,
        "longest": TITLE_LENGTH,
    }  # fmt: skip
    attributes = "".join(f' data-{name}="{escape(str(value))}"' for name, value in data.items())
    return f'<nav aria-label="{escape(own.tab)}" lang="{texts.language}"{attributes}>{inside}</nav>'


def _row(summary: Summary, current: int | None, texts: Texts, marked: Callable[[str], str] = escape) -> str:
    own = texts.conversations
    title = summary.title or own.untitled
    present = ' aria-current="true"' if summary.id == current else ""
    busy = f'<span class="small answering">{escape(own.answering)}</span>' if summary.answering else ""
    excerpt = f'<span class="small excerpt">{marked(summary.excerpt)}</span>' if summary.excerpt else ""
    acts = "".join(
        f'<button type="button" class="{name}" title="{escape(label(title))}" aria-label="{escape(label(title))}">'
        "</button>"
        for name, label in (("rename", own.rename), ("export", own.export), ("delete", own.delete))
    )
    return (
        f'<li data-id="{summary.id}"><button type="button" class="open"{present}>'
        f'<span class="title">{marked(title)}</span>{excerpt}{busy}</button><span class="acts">{acts}</span></li>'
    )


def _date(updated: str) -> date:
    return datetime.fromisoformat(updated).astimezone().date()


def _day(day: date, today: date, texts: Texts) -> str:
    if day >= today:
        return texts.conversations.today
    if day == today - timedelta(days=1):
        return texts.conversations.yesterday
    return date_text(day.isoformat(), texts)
