"""The chat page: three panes side by side, made of Gradio's own parts."""

from __future__ import annotations

from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from istok.index.types import Language
from istok.ui.conversations.store import UnknownConversationError
from istok.ui.panes import QUIET, Pane
from istok.ui.panes.conversations import ConversationsPane
from istok.ui.panes.documents import DocumentsPane
from istok.ui.panes.settings import SettingsPane
from istok.ui.panes.sources import SourcesPane
from istok.ui.panes.talk import TalkPane
from istok.ui.tab import Tab
from istok.ui.texts import ENGLISH, Texts, preferred

if TYPE_CHECKING:
    from gradio.blocks import BlockContext
    from gradio.components.base import Component

    from istok.ui.desk import Desk

_HERE: Final = Path(__file__).parent
STYLES: Final = [_HERE / "page.css", *sorted((_HERE / "panes").glob("*.css"))]
_NARROW: Final = 820  # CSS pixels, as in page.css
_SYSTEM_FONTS: Final = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONOSPACE: Final = ("ui-monospace", "SFMono-Regular", "Consolas", "DejaVu Sans Mono", "monospace")


class Page:
    """The page of one desk. Each browser tab that opens it has a `Tab` of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.blocks = gr.Blocks(
            title="Исток · Istok", analytics_enabled=False, fill_width=True, delete_cache=(86_400, 86_400)
        )
        with self.blocks:
            self.tab = gr.State(Tab())
            # Closed at first: on a phone it would cover the page.
            with gr.Sidebar(elem_id="left", width=340, open=False) as sidebar:
                header = gr.HTML(
                    "",
                    elem_id="header",
                    apply_default_css=False,
                    js_on_load=(_HERE / "page.js").read_text("utf-8"),
                )
                with gr.Tabs(selected="conversations", elem_id="drawers"):
                    with gr.Tab(ENGLISH.conversations.tab, id="conversations") as conversations:
                        self.conversations = ConversationsPane(desk)
                    with gr.Tab(ENGLISH.documents.tab(0), id="documents") as documents:
                        self.documents = DocumentsPane(desk)
                    with gr.Tab(ENGLISH.settings.tab, id="settings") as settings:
                        self.settings = SettingsPane(desk)
            with gr.Row(elem_id="middle"):
                with gr.Column(scale=3, min_width=340, elem_id="talk"):
                    self.talk = TalkPane(desk)
                with gr.Column(scale=2, min_width=320, elem_id="side"):
                    self.sources = SourcesPane(desk)
            self.frame = Frame(desk, header, conversations, documents, settings)
            self._panes: tuple[Pane, ...] = (
                self.frame, self.conversations, self.documents, self.settings, self.talk, self.sources
            )  # fmt: skip
            for pane in self._panes:
                pane.listen(self)
            width = gr.Number(visible=False)
            self.blocks.load(
                self._enter,
                [self.tab, self.settings.chosen, width],
                [sidebar, *self.outputs()],
                js="(tab, chosen) => [tab, chosen, window.innerWidth]",
                queue=False,
                **QUIET,
            )

    def outputs(self, *panes: Pane) -> list[Component | BlockContext]:
        """What `show` and `still` change: the components of these panes; of the whole page when none is named."""
        return [component for pane in panes or self._panes for component in pane.components]

    def show(self, tab: Tab, *panes: Pane) -> list[Any]:
        """An update for each of `outputs(*panes)`."""
        return [update for pane in panes or self._panes for update in pane.show(tab)]

    def still(self, *panes: Pane) -> list[Any]:
        """No change of `outputs(*panes)`."""
        return [gr.skip() for _ in self.outputs(*panes)]

    def _enter(self, tab: Tab, chosen: Language | None, width: float, request: gr.Request) -> list[Any]:
        """A tab was opened, or loaded again: then the address says which conversation it showed."""
        tab.language = chosen or preferred(request.headers.get("accept-language", ""))
        tab.owner = request.username or ""
        with suppress(UnknownConversationError, ValueError):
            tab.show(self.desk.open(int(request.query_params.get("conversation", "")), tab.owner))
        return [gr.Sidebar(open=width > _NARROW), *self.show(tab)]


class Frame:
    """What holds the panes: the heading, and the names of the drawers."""

    def __init__(self, desk: Desk, header: gr.HTML, *drawers: gr.Tab) -> None:
        self._desk = desk
        self.components = [header, *drawers]

    def show(self, tab: Tab) -> list[Any]:
        """All of it in the tab's language."""
        texts = tab.texts
        return [
            _header(texts),
            gr.Tab(label=texts.conversations.tab),
            gr.Tab(label=texts.documents.tab(self._desk.index.counts()[0])),
            gr.Tab(label=texts.settings.tab),
        ]

    def listen(self, page: Page) -> None:
        """Nothing happens here."""


def theme() -> gr.Theme:
    """Colours are the style sheets'; fonts are the system's."""
    return gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=_SYSTEM_FONTS, font_mono=_MONOSPACE, radius_size="lg"
    )


def _header(texts: Texts) -> str:
    return (
        f'<header lang="{texts.language}" data-drawers="{escape(texts.page.drawers)}">'
        f"<h1>{escape(texts.page.title)}</h1></header>"
    )
