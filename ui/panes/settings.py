"""The left: who reads, what can be fetched, and in which language the page speaks."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import gradio as gr

from istok.index.errors import IstokError
from istok.index.machine import free_memory
from istok.index.types import Language
from istok.rag.models import Model, recommended
from istok.rag.pull import endpoint
from istok.rag.readers import Remote, open_reader
from istok.rag.readers.openai import KEY
from istok.ui.conversations.candidates import candidates
from istok.ui.downloads import DownloadError
from istok.ui.html.choices import Machine, Offer, Wish, models_html, rated_html, readers_html, server_html, sources_html
from istok.ui.panes import QUIET
from istok.ui.readers import Readers
from istok.ui.tab import Tab

if TYPE_CHECKING:
    from istok.ui.desk import Desk
    from istok.ui.page import Page
    from istok.ui.texts import Texts

MOST_SOURCES: Final = 50
_STEP: Final = 10**8  # bytes: memory that comes and goes by less is no news
_ADDRESS: Final = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


class SettingsPane:
    """What a person may choose. Readers and downloads are the same in all tabs; the language is each tab's own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._readers = Readers(desk.assistant)
        script = (Path(__file__).parent / "settings.js").read_text("utf-8")
        self.chosen = gr.BrowserState(
            None, storage_key="istok-language", secret="istok", render=False  # noqa: S106 (hides nothing)
        )  # fmt: skip
        self.language = gr.Radio(
            [("Русский", "ru"), ("English", "en")], label="Язык · Language", elem_id="language", container=False
        )
        self.reader, self.server, self.sources, self.models = (
            gr.HTML("", elem_id=name, elem_classes="settings", apply_default_css=False, js_on_load=script)
            for name in ("reader", "server", "sources", "models")
        )
        self.rated = gr.HTML(
            "", elem_id="rated", elem_classes="settings", apply_default_css=False, js_on_load=script, exported=None
        )
        self.components = [self.language, self.reader, self.server, self.sources, self.models, self.rated]

    def show(self, tab: Tab) -> list[Any]:
        """The present choices; of what is everybody's, only whose it is to choose, if that is somebody else."""
        language = gr.Radio(value=tab.language, label=tab.texts.settings.language)
        if not self._may(tab):
            told = f'<p class="hint">{escape(tab.texts.settings.keeper(self._desk.keeper))}</p>'
            return [language, told, "", "", "", rated_html(None, tab.texts)]
        readers, models, _ = self._shared(tab.texts)
        return [
            language,
            readers,
            server_html(self._wish(), tab.texts),
            sources_html(self._desk.index.home.config.sources, MOST_SOURCES, tab.texts),
            models,
            rated_html(None, tab.texts),
        ]

    def _may(self, tab: Tab) -> bool:
        """Whether the tab's owner may change what is everybody's. Who chooses the server that is asked has this machine
        send requests to wherever it can reach, so events are held to it too, whatever was shown."""
        return tab.owner == self._desk.keeper

    def listen(self, page: Page) -> None:
        """Switching the language, choosing a reader, fetching models."""
        # Inside its drawer it would be read only when that is opened.
        self.chosen.render()  # type: ignore[no-untyped-call]

        def switch(language: Language, tab: Tab) -> list[Any]:
            tab.language = language
            return [language, *page.show(tab)]

        def count(tab: Tab, event: gr.EventData) -> list[Any]:
            if self._may(tab) and (sources := int(event.sources)) in range(1, MOST_SOURCES + 1):
                try:
                    self._desk.assistant.set(sources=sources)
                except IstokError as error:
                    self._readers.fail(error)
                    return page.show(tab, self)
            return page.still(self)

        def choose(tab: Tab, event: gr.EventData) -> Iterator[list[Any]]:
            if not self._may(tab):
                return
            try:
                choice = self._readers.find(str(event.key))
            except IstokError as error:
                self._readers.fail(error)
                yield page.show(tab, self)
                return
            yield from self._use(page, tab, choice.spec, choice.name)

        def connect(tab: Tab, event: gr.EventData) -> Iterator[Any]:
            if not self._may(tab):
                return
            model, address = str(event.model).strip(), str(event.address).strip()
            wish = self._judged(model, address, str(getattr(event, "agreed", "")), tab.texts)
            if wish.problem or wish.host:
                yield {self.server: server_html(wish, tab.texts)}
            else:
                yield from self._use(page, tab, _spec(wish), _spec(wish))

        def remove(tab: Tab, event: gr.EventData) -> list[Any]:
            try:
                if self._may(tab):
                    self._readers.remove(str(event.key))
            except IstokError as error:
                self._readers.fail(error)
            return page.show(tab, self)

        def fetch(tab: Tab, event: gr.EventData) -> list[Any]:
            for model in _offered():
                if model.name == event.name and self._may(tab):
                    with suppress(DownloadError):  # another tab was first, and its download is shown
                        self._desk.downloads.start(model)
            return page.show(tab, self)

        def cancel(tab: Tab) -> list[Any]:
            if self._may(tab):
                self._desk.downloads.cancel()
            return page.show(tab, self)

        def discard(tab: Tab, event: gr.EventData) -> list[Any]:
            for model in _offered():
                if model.name == event.name and self._may(tab):
                    with suppress(DownloadError):
                        self._desk.downloads.discard(model)
            return page.show(tab, self)

        def glance(tab: Tab, event: gr.EventData) -> Any:
            readers, models, version = self._shared(tab.texts)
            if event.seen == version or not self._may(tab):
                return page.still(self)
            return {self.reader: readers, self.models: models}

        def export(tab: Tab) -> Any:
            items = [candidate.item for candidate in candidates(self._desk.store, tab.owner)]
            shown = rated_html(len(items), tab.texts)
            if not items:
                return gr.update(value=shown)
            text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
            # The time tells two exports of the same apart.
            return gr.update(value=shown, exported={"name": "rated.jsonl", "text": text, "at": time.time_ns()})

        own: Any = {"outputs": page.outputs(self), "concurrency_limit": None, **QUIET}
        using: Any = {"outputs": page.outputs(self, page.talk), "concurrency_limit": None, **QUIET}
        self.language.input(switch, [self.language, page.tab], [self.chosen, *page.outputs()], queue=False, **QUIET)
        self.sources.count(count, page.tab, trigger_mode="multiple", **own)
        self.server.connect(connect, page.tab, **using)
        self.reader.remove(remove, page.tab, **own)
        self.models.fetch(fetch, page.tab, **own)
        self.models.cancel(cancel, page.tab, **own)
        self.models.discard(discard, page.tab, **own)
        self.models.glance(glance, page.tab, queue=False, **own)
        self.rated.export(export, page.tab, self.rated, concurrency_limit=None, **QUIET)
        for panel in (self.reader, self.models):
            panel.choose(choose, page.tab, **using)

    def _use(self, page: Page, tab: Tab, spec: str, name: str) -> Iterator[list[Any]]:
        """Change the reader, and say that it is loading meanwhile."""
        loading = self._readers.use(spec, name)
        yield page.show(tab, self, page.talk)
        loading.join()
        yield page.show(tab, self, page.talk)

    def _shared(self, texts: Texts) -> tuple[str, str, str]:
        """The readers and the models as HTML, and a digest of both by which a tab knows whether it shows them."""
        machine = Machine(free_memory() // _STEP * _STEP, find_spec("llama_cpp") is not None)
        choices, present = self._readers.choices(), self._readers.present
        readers = readers_html(
            choices,
            present,
            loading=self._readers.loading,
            failure=self._readers.failure,
            machine=machine,
            texts=texts,
        )
        downloads, folder = self._desk.downloads, self._desk.home.models
        here = {choice.model.path: choice for choice in choices if choice.model}
        models = models_html(
            [Offer(model, here.get(model.place(folder)), downloads.kept(model)) for model in _offered()],
            present,
            downloads.latest,
            source=endpoint().partition("://")[2],
            machine=machine,
            texts=texts,
        )
        version = sha256((readers + models).encode()).hexdigest()[:16]
        return readers, f'<div data-version="{version}">{models}</div>', version

    def _wish(self) -> Wish:
        """The server that was last asked."""
        model, _, address = self._readers.server.removeprefix("openai:").rpartition("@")
        return Wish(model, address, key=KEY in os.environ)

    def _judged(self, model: str, address: str, agreed: str, texts: Texts) -> Wish:
        """The wish with what speaks against it: it names no server, or one elsewhere that nobody has agreed to."""
        wish, said = Wish(model, address, key=KEY in os.environ), texts.settings
        if not model or len(model.split()) > 1:
            return replace(wish, problem=said.bad_model)
        if not _ADDRESS.fullmatch(address):
            return replace(wish, problem=said.bad_address)
        try:
            reader = open_reader(_spec(wish))
        except IstokError as error:
            return replace(wish, problem=said.failed(texts.told(error)))
        if isinstance(reader, Remote) and reader.host != agreed:
            return replace(wish, host=reader.host)
        return wish


def _offered() -> list[Model]:
    return [model for model in recommended() if model.kind == "reader"]


def _spec(wish: Wish) -> str:
    return f"openai:{wish.model}@{wish.address}"
