"""The right: the sources of an answer, and the article that one of them stands in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from istok.index.types import Range
from istok.ui.html.source import position, reading_html, source_html, sources, sources_html, status_html
from istok.ui.panes import QUIET
from istok.ui.tab import Tab

if TYPE_CHECKING:
    from istok.ui.desk import Desk
    from istok.ui.page import Page


class SourcesPane:
    """One piece of HTML and what is said of it; its script hears every click on a mark, wherever it stands."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.panel = gr.HTML(
            "",
            elem_id="panel",
            apply_default_css=False,
            js_on_load=(Path(__file__).parent / "sources.js").read_text("utf-8"),
        )
        self.status = gr.HTML("", elem_id="status", apply_default_css=False)
        # Two of them, for Gradio takes a list of updates for the value itself where there is one output.
        self.components = [self.panel, self.status]

    def show(self, tab: Tab) -> list[Any]:
        """The opened document or source, else the sources of the answer."""
        return self._updates(tab)

    def _updates(self, tab: Tab, part: Range | None = None) -> list[Any]:
        """As above, and what a screen reader says of it; of a long document `part`, if it is given."""
        texts = tab.texts
        index, answer = tab.shown
        if tab.reading is not None:
            document = self._desk.document(tab.reading)
            title = document.title if document else texts.sources.removed
            return [reading_html(tab.reading, document, answer, index, texts, part), status_html(title, texts)]
        if tab.opened:
            at, number = tab.opened
            cited = tab.conversation.answer(at)
            found = sources(cited) if cited else ()
            if cited and 1 <= number <= len(found):
                document = self._desk.document(found[number - 1].document)
                status = status_html(position(cited, number, texts), texts)
                return [source_html(cited, at, number, document, texts, part), status]
        return [sources_html(answer, index, texts), status_html("", texts)]

    def listen(self, page: Page) -> None:
        """Opening a source, showing more of its article, going back to the list."""

        def cite(tab: Tab, event: gr.EventData) -> list[Any]:
            at, number = _whole(event, "answer"), _whole(event, "number")
            answer = tab.conversation.answer(at)
            if answer is None or not 1 <= number <= len(sources(answer)):
                return page.still(self)
            tab.opened, tab.selected, tab.reading = (at, number), at, None
            return page.show(tab, self)

        def more(tab: Tab, event: gr.EventData) -> list[Any]:
            return self._updates(tab, Range(_whole(event, "start"), _whole(event, "end")))

        def close(tab: Tab) -> list[Any]:
            tab.opened = tab.reading = None
            return page.show(tab, self)

        # All of them one after another, as they came: "always_last" would say the last one with the first one's data.
        in_turn: Any = {"trigger_mode": "multiple", "concurrency_limit": 1, "concurrency_id": "sources", **QUIET}
        for happens, listener in ((self.panel.cite, cite), (self.panel.more, more), (self.panel.close, close)):
            happens(listener, page.tab, page.outputs(self), **in_turn)


def _whole(event: gr.EventData, name: str) -> int:
    """A number that the browser sent with an event; -1 when it is none."""
    value = getattr(event, name, None)
    return value if isinstance(value, int) else -1
