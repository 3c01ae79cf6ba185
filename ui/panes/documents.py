"""The left: the documents that questions are put to."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr
from gradio.utils import get_upload_folder

from istok.index.errors import IstokError
from istok.index.load import MAX_BYTES, SUFFIXES
from istok.ui.html.library import View, found, library_html, remove
from istok.ui.panes import QUIET
from istok.ui.tab import Tab
from istok.ui.texts import TEXTS, Texts
from istok.ui.upload import Intake, Upload, UploadError

if TYPE_CHECKING:
    from istok.ui.desk import Desk
    from istok.ui.page import Page

_HERE: Final = Path(__file__).parent


class DocumentsPane:
    """What is indexed, and how more is added. Which part of the list is looked at is the browser's to remember: it says
    so with each event."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._intake = Intake(desk.index, desk.home, Path(get_upload_folder()))
        self.uploads = gr.HTML(
            "",
            elem_id="uploads",
            apply_default_css=False,
            js_on_load=(_HERE / "uploads.js").read_text("utf-8"),
            server_functions=self._server_functions(),
        )
        self.list = gr.HTML(
            "",
            elem_id="documents",
            apply_default_css=False,
            js_on_load=(_HERE / "documents.js").read_text("utf-8"),
        )
        self.components = [self.uploads, self.list]

    def show(self, tab: Tab) -> list[Any]:
        """The documents as they are now."""
        return [_uploads_html(tab.texts), self._html(tab, View())]

    def _html(self, tab: Tab, view: View) -> str:
        return library_html(self._desk.index.entries(), view, tab.scope, self._desk.home.documents, tab.texts)

    def listen(self, page: Page) -> None:
        """Looking, choosing, opening, removing; and that something was added."""
        index = self._desk.index

        def look(tab: Tab, event: gr.EventData) -> str:
            return self._html(tab, _view(event))

        def choose(tab: Tab, event: gr.EventData) -> list[Any]:
            """`what` is "all", "none", "found", or one document, to be searched or not."""
            entries = index.entries()
            ids = frozenset(entry.id for entry in entries)
            before = ids if tab.scope is None else tab.scope & ids
            match getattr(event, "what", None):
                case "all":
                    after = ids
                case "none":
                    after = frozenset()
                case "found":
                    after = frozenset(entry.id for entry in found(entries, _view(event), tab.texts))
                case _:
                    one = ids & {str(getattr(event, "id", ""))}
                    after = before | one if getattr(event, "inside", None) is True else before - one
            tab.scope = None if after == ids else after
            return [self._html(tab, _view(event)), *page.show(tab, page.talk)]

        def open_(tab: Tab, event: gr.EventData) -> list[Any]:
            id_ = str(getattr(event, "id", ""))
            if self._desk.document(id_) is None:
                gr.Info(tab.texts.documents.gone)
                return page.still(page.sources)
            tab.reading, tab.opened = id_, None
            return page.show(tab, page.sources)

        def forget(tab: Tab, event: gr.EventData) -> list[Any]:
            id_ = str(getattr(event, "id", ""))
            try:
                remove(index, self._desk.home, id_)
            except IstokError:
                gr.Info(tab.texts.documents.gone)
            except OSError:
                gr.Warning(tab.texts.documents.not_deleted)
            if tab.scope is not None:
                tab.scope -= {id_}
            if tab.reading == id_:
                tab.reading = None
            return [self._html(tab, _view(event)), *page.show(tab, page.frame, page.sources, page.talk)]

        def added(tab: Tab, event: gr.EventData) -> list[Any]:
            """What a tab adds, it wants to ask about."""
            ids = getattr(event, "ids", None)
            if tab.scope is not None and isinstance(ids, list):
                tab.scope |= {entry.id for entry in index.entries([str(id_) for id_ in ids])}
            return [self._html(tab, _view(event)), *page.show(tab, page.frame, page.talk)]

        asking: Any = {"queue": False, **QUIET}
        talk, rest = page.outputs(page.talk), page.outputs(page.frame, page.sources, page.talk)
        self.list.look(look, page.tab, self.list, trigger_mode="always_last", **asking)
        self.list.choose(choose, page.tab, [self.list, *talk], trigger_mode="multiple", **asking)
        self.list.open(open_, page.tab, page.outputs(page.sources), trigger_mode="multiple", **asking)
        self.list.remove(forget, page.tab, [self.list, *rest], trigger_mode="multiple", **asking)
        self.list.added(
            added, page.tab, [self.list, *page.outputs(page.frame, page.talk)], trigger_mode="multiple", **asking
        )

    def _server_functions(self) -> list[Any]:
        """What the script of the uploads asks by itself; all that it says comes from a browser."""

        def take(data: object) -> dict[str, Any]:
            """Add a file that the server has received."""
            if not isinstance(data, dict):
                return {}
            try:
                return {"ticket": self._intake.take(str(data.get("path")), str(data.get("name")))}
            except UploadError as error:
                return {"reason": error.kind}

        def progress(data: object) -> dict[str, Any]:
            """How far uploads are, by their tickets."""
            if not isinstance(data, dict):
                return {}
            texts = TEXTS["ru" if data.get("language") == "ru" else "en"]
            tickets = data.get("tickets")
            known = self._intake.look([str(ticket) for ticket in tickets] if isinstance(tickets, list) else ())
            return {ticket: _told(upload, texts) for ticket, upload in known.items()}

        return [take, progress]


def _view(event: gr.EventData) -> View:
    return View.of(*(getattr(event, name, None) for name in ("order", "wanted", "page")))


def _told(upload: Upload, texts: Texts) -> dict[str, Any]:
    """An upload in words, and how much of it is done."""
    own = texts.documents
    share: float | None = None
    match upload.state:
        case "waiting":
            message = own.waiting
        case "reading":
            message = own.indexing
        case "stored":
            message, share = own.encoding(upload.done, upload.passages), upload.done / max(1, upload.passages)
        case "done":
            message = own.outcomes[upload.outcome]
        case "refused":
            message = f"{own.refused} {own.refusals[upload.reason or 'unreadable']}"
    return {"state": upload.state, "message": message, "share": share, "document": upload.document}


def _uploads_html(texts: Texts) -> str:
    """The buttons, and what the script must know to show the uploads."""
    own = texts.documents
    known = {
        "receiving": own.receiving,
        "refused": own.refused,
        "refusals": own.refusals,
        "skipped": own.skipped,
        "progress": own.progress,
        "drop": own.drop,
        "largest": MAX_BYTES,
        "suffixes": sorted(SUFFIXES),
    }
    return (
        f'<section lang="{texts.language}" data-told="{escape(json.dumps(known, ensure_ascii=False))}" '
        f'aria-label="{escape(own.uploads)}">'
        f'<p class="buttons"><button type="button" name="files" id="upload">{escape(own.add_files)}</button>'
        f'<button type="button" name="folder">{escape(own.add_folder)}</button></p>'
        f'<p class="small">{escape(own.hint)}</p>'
        f'<div class="progress" hidden><p role="status"></p>'
        f'<button type="button" name="clear">{escape(own.clear)}</button></div></section>'
    )
