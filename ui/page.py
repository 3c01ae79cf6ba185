"""The chat page, made of Gradio's own parts."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any, Final

import gradio as gr

from istok.index.errors import IndexStateError, IstokError
from istok.index.home import Home
from istok.index.index import Index
from istok.index.types import Document, Language
from istok.rag.assistant import Assistant
from istok.ui.conversation import Conversation
from istok.ui.source import Upload, documents_html, source_html, sources_html
from istok.ui.texts import ENGLISH, EXAMPLES, Texts, preferred
from istok.ui.upload import add

_LOG: Final = logging.getLogger(__name__)
_HERE: Final = Path(__file__).parent
_QUESTION_LENGTH: Final = 4_000  # characters
_UPLOAD_SIZE: Final = "100mb"
_GLANCE: Final = 1.0  # seconds between two looks at how far the encoder is
_SYSTEM_FONTS: Final = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONOSPACE: Final = ("ui-monospace", "SFMono-Regular", "Consolas", "DejaVu Sans Mono", "monospace")


def build(assistant: Assistant, home: Home) -> gr.Blocks:
    """The page of one assistant. Each tab that opens it has a conversation of its own."""
    index = assistant.index

    def document(document_id: str) -> Document | None:
        try:
            return index.document(document_id)
        except IndexStateError:
            return None

    def panel_of(conversation: Conversation) -> str:
        texts, last = conversation.texts, len(conversation.exchanges) - 1
        if conversation.opened and (answer := conversation.answer(conversation.opened[0])):
            at, number = conversation.opened
            return source_html(answer, at, number, document(answer.citations[number - 1].document), texts)
        return sources_html(conversation.answer(last), last, texts)

    def speak(conversation: Conversation) -> list[Any]:
        """Everything on the page that is in a language, in `localised`'s order."""
        texts, documents = conversation.texts, index.documents()
        return [
            _header(texts, assistant.reader.name),
            gr.Chatbot(value=conversation.messages(), placeholder=_invitation(texts, bool(documents))),
            gr.Textbox(placeholder=texts.ask, label=texts.question, **_buttons(conversation)),
            texts.new,
            gr.Tab(label=texts.sources),
            gr.Tab(label=texts.documents(len(documents))),
            panel_of(conversation),
            gr.UploadButton(label=texts.upload),
            documents_html(documents, (), texts),
        ]

    def enter(conversation: Conversation, chosen: Language | None, request: gr.Request) -> list[Any]:
        conversation.language = chosen or preferred(request.headers.get("accept-language", ""))
        return [conversation.language, *speak(conversation)]

    def switch(language: Language, conversation: Conversation) -> list[Any]:
        conversation.language = language
        return [language, *speak(conversation)]

    def respond(question: str, conversation: Conversation) -> Iterator[tuple[Any, ...]]:
        question = question.strip()[:_QUESTION_LENGTH]
        if not question:
            return
        turns = conversation.turns
        exchange = conversation.ask(question)
        still = gr.skip()
        yield conversation.messages(), gr.Textbox(value="", **_buttons(conversation)), still, still
        try:
            for event in assistant.stream(question, turns, stop=exchange.stop):
                exchange.take(event)
                yield conversation.messages(), still, still, still
        except IstokError as error:
            exchange.failure = str(error)
        except Exception:
            # Whatever it was, the page must come back to the person, and its traceback go to the terminal.
            _LOG.exception("no answer to %r", question)
            exchange.failure = conversation.texts.crashed
        finally:
            exchange.stop.set()
        box, tab = gr.Textbox(**_buttons(conversation)), gr.Tabs(selected="sources")
        yield conversation.messages(), box, panel_of(conversation), tab

    def cite(conversation: Conversation, event: gr.EventData) -> tuple[Any, Any]:
        at, number = int(event.answer), int(event.number)
        answer = conversation.answer(at)
        if answer is None or not 1 <= number <= len(answer.citations):
            return gr.skip(), gr.skip()
        conversation.opened = at, number
        return panel_of(conversation), gr.Tabs(selected="sources")

    def renew(conversation: Conversation) -> tuple[Any, ...]:
        conversation.clear()
        return [], gr.Textbox(value="", **_buttons(conversation)), panel_of(conversation)

    def upload(paths: list[str], conversation: Conversation) -> Iterator[tuple[str, Any, Any]]:
        texts = conversation.texts
        uploads = {path: Upload(Path(path).name, "waiting", texts.waiting) for path in paths}

        def shown() -> tuple[str, Any, Any]:
            documents = index.documents()
            label = gr.Tab(label=texts.documents(len(documents)))
            invitation = gr.Chatbot(placeholder=_invitation(texts, bool(documents)))
            return documents_html(documents, uploads.values(), texts), label, invitation

        for path, waiting in uploads.items():
            uploads[path] = Upload(waiting.name, "working", texts.indexing)
            yield shown()
            uploads[path] = _added(Path(path), index, home, texts)
        yield shown()
        if not index.waiting:
            return
        outcomes, encoding = dict(uploads), index.encode_behind()
        while encoding.is_alive():
            message = texts.encoding(index.waiting)
            for path, outcome in outcomes.items():
                if outcome.state == "done":
                    uploads[path] = replace(outcome, state="working", message=message)
            yield shown()
            encoding.join(_GLANCE)
        uploads.update(outcomes)
        yield shown()

    page = gr.Blocks(title="Исток · Istok", analytics_enabled=False, fill_width=True, delete_cache=(86_400, 86_400))
    with page:
        conversation = gr.State(Conversation())
        chosen = gr.BrowserState(None, storage_key="istok-language", secret="istok")  # noqa: S106 (hides nothing)
        with gr.Row(elem_id="top"):
            header = gr.HTML(_header(ENGLISH, assistant.reader.name), elem_id="header", apply_default_css=False)
            language = gr.Radio(
                [("Русский", "ru"), ("English", "en")],
                label="Язык · Language",
                show_label=False,
                container=False,
                elem_id="language",
                scale=0,
                min_width=190,
            )
        with gr.Row(elem_id="middle"):
            with gr.Column(scale=3, min_width=340, elem_id="talk"):
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    container=False,
                    layout="panel",
                    height=None,
                    buttons=[],
                    feedback_options=None,
                    latex_delimiters=[],
                    allow_tags=False,
                    placeholder=_invitation(ENGLISH, has_documents=True),
                    examples=[{"text": example} for example in EXAMPLES],
                )
                with gr.Row(elem_id="ask"):
                    question = gr.Textbox(
                        placeholder=ENGLISH.ask,
                        label=ENGLISH.question,
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=6,
                        max_length=_QUESTION_LENGTH,
                        submit_btn=ENGLISH.send,
                        elem_id="question",
                        scale=1,
                    )
                    new = gr.Button(ENGLISH.new, elem_id="new", size="md", scale=0, min_width=150)
            with gr.Column(scale=2, min_width=320, elem_id="side"), gr.Tabs(selected="sources") as tabs:
                with gr.Tab(ENGLISH.sources, id="sources") as sources_tab:
                    panel = gr.HTML(
                        sources_html(None, 0, ENGLISH),
                        elem_id="panel",
                        apply_default_css=False,
                        js_on_load=(_HERE / "page.js").read_text("utf-8"),
                    )
                with gr.Tab(ENGLISH.documents(0), id="documents") as documents_tab:
                    picker = gr.UploadButton(ENGLISH.upload, file_count="multiple", elem_id="upload", size="md")
                    documents_list = gr.HTML("", elem_id="documents", apply_default_css=False)

        localised = [header, chat, question, new, sources_tab, documents_tab, panel, picker, documents_list]
        # Private: the handlers are of this page alone, and no program should come to rely on them.
        quiet: Any = {"show_progress": "hidden", "api_visibility": "private"}
        page.load(enter, [conversation, chosen], [language, *localised], queue=False, **quiet)
        language.input(switch, [language, conversation], [chosen, *localised], queue=False, **quiet)
        answering: Any = {"inputs": [question, conversation], "outputs": [chat, question, panel, tabs], **quiet}
        question.submit(respond, **answering)
        chat.example_select(_example, None, question, **quiet).then(respond, **answering)
        question.stop(Conversation.stop, conversation, None, queue=False, **quiet)
        new.click(renew, conversation, [chat, question, panel], queue=False, **quiet)
        panel.cite(cite, conversation, [panel, tabs], trigger_mode="always_last", concurrency_limit=None, **quiet)
        documents_shown = [documents_list, documents_tab, chat]
        picker.upload(upload, [picker, conversation], documents_shown, concurrency_limit=None, **quiet)
    return page


def launch(page: gr.Blocks, *, host: str, port: int) -> str:
    """Serve `page` in the background and return its address; `page.block_thread()` waits for Ctrl+C.

    Raises OSError when the port is taken.
    """
    # Gradio asks its own address whether it answers: a proxy of the environment must not stand between.
    direct = filter(None, [os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), "127.0.0.1", "localhost", host])
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(direct)
    _, address, _ = page.launch(
        server_name=host,
        server_port=port,
        share=False,
        quiet=True,
        prevent_thread_lock=True,
        ssr_mode=False,
        pwa=False,
        run_history=False,
        footer_links=[],
        enable_monitoring=False,
        max_file_size=_UPLOAD_SIZE,
        theme=_theme(),
        css_paths=_HERE / "page.css",
    )
    return str(address)


def _theme() -> gr.Theme:
    return gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=_SYSTEM_FONTS, font_mono=_MONOSPACE, radius_size="lg"
    )


def _header(texts: Texts, reader: str) -> str:
    notice = f'<p class="notice">{texts.quote_reader}</p>' if reader == "quote" else ""
    return (
        f'<header lang="{texts.language}"><h1>{escape(texts.title)}</h1>'
        f'<p class="tagline">{escape(texts.tagline)}</p>{notice}</header>'
    )


def _invitation(texts: Texts, has_documents: bool) -> str:
    empty = "" if has_documents else f"<p>{texts.empty_index}</p>"
    return f'<div class="invitation"><h2>{escape(texts.invitation)}</h2>{empty}</div>'


def _buttons(conversation: Conversation) -> dict[str, Any]:
    """The question's buttons: ask, or stop while an answer is in the making."""
    texts, busy = conversation.texts, conversation.busy
    return {"submit_btn": False if busy else texts.send, "stop_btn": texts.stop if busy else False}


def _example(event: gr.SelectData) -> str:
    return str(event.value["text"])


def _added(path: Path, index: Index, home: Home, texts: Texts) -> Upload:
    """Index one uploaded file and say how that ended."""
    try:
        report = add(index, home, path)
    except IstokError as error:
        return Upload(path.name, "refused", texts.refused(str(error)))
    if report.refusals:
        refusal = report.refusals[0]
        return Upload(path.name, "refused", texts.refused(refusal.reason.removeprefix(f"{refusal.path}: ")))
    return Upload(path.name, "done", texts.indexed if report.added or report.changed else texts.unchanged)
