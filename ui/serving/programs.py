"""What programs may call, by Gradio's API and as MCP tools: ask, search, cite, list_documents."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from inspect import signature
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any, Final

import gradio as gr
from anyio.to_thread import run_sync
from gradio.events import api
from mcp import types
from pydantic import Field, ValidationError, validate_call

from istok.index.errors import IstokError
from istok.rag.errors import InputError
from istok.rag.types import Answer, Turn
from istok.ui.contract import answer_json, cite_json, dump, search_json

if TYPE_CHECKING:
    from istok.index.index import Index
    from istok.ui.desk import Desk

_INSTRUCTIONS: Final = (
    "Istok answers from documents that lie on this computer, in Russian and English, and cites the exact place of "
    "every sentence. Ask it whole questions; keep its [n] marks, and name their sources, when you pass its answers on."
)
_READS: Final = types.ToolAnnotations(
    readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
)


class Programs:
    """The four functions, for one desk. `stop` ends what they are doing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._index = desk.index
        self.stop = Event()
        self._tools = {tool.__name__: _told(tool) for tool in (self.ask, self.search, self.cite, self.list_documents)}

    def ask(
        self,
        question: str,
        history: Annotated[list[list[str]] | None, Field(max_length=100)] = None,
        documents: list[str] | None = None,
    ) -> dict[str, Any]:
        """Ask the documents of this computer a question, in Russian or English. The answer is in the language of the
        question; each of its sentences was checked against the sentence of a document that it cites as [n]. When the
        documents don't answer, "status" is "abstained" and "citations" are merely the nearest passages: then say that
        they don't know, rather than guess.

        Parameters:
            question: a whole question in plain words, at most 4000 characters
            history: earlier turns of the same conversation as [question, answer] pairs, oldest first
            documents: look only in these, named as list_documents names them; in all when left out
        Returns:
            "status", "text" with [n] marks, "claims" with their verdicts, and "citations": the exact quotes with \
document, title, date and an "id" for cite.
        """
        turns = []
        for pair in history or ():
            if len(pair) != 2:
                raise InputError("history: give [[question, answer], ...]")
            turns.append(Turn(*pair))
        *_, answer = self._desk.assistant.stream(question, turns, scope=self._scope(documents), stop=self.stop)
        if not isinstance(answer, Answer):
            raise InputError("the server is stopping: ask again later")
        return answer_json(answer)

    def search(
        self, query: str, k: Annotated[int, Field(ge=1, le=100)] = 10, documents: list[str] | None = None
    ) -> dict[str, Any]:
        """Find the passages of this computer's documents that are nearest in meaning and words to a query, in Russian
        and English alike. They are raw text; to have a question answered, use ask.

        Parameters:
            query: a few words, a name or a question
            k: how many passages, 1 to 100
            documents: look only in these, named as list_documents names them; in all when left out
        Returns:
            "hits", best first: "text", "document", "start", "end", "score", and an "id" for cite.
        """
        if not query.strip():
            raise InputError("the query is empty: give a few words")
        began = time.perf_counter()
        hits = self._index.search(query, k, scope=self._scope(documents))
        return search_json(query, hits, time.perf_counter() - began)

    def cite(self, id: str, around: Annotated[int, Field(ge=0, le=10_000)] = 300) -> dict[str, Any]:  # noqa: A002
        """Show a quote in its place: the exact words that a citation of ask or a hit of search names, with the text
        before and after them.

        Parameters:
            id: the "id" of a citation or a hit, of the form document:start-end
            around: characters of the original to show on each side, 0 to 10000
        Returns:
            "before", "quote", "after", and the document's "title", "date", "place" and "page".
        """
        # Where the original lies on this machine is nobody's business.
        return {name: value for name, value in cite_json(self._index, id, around).items() if name != "path"}

    def list_documents(
        self,
        containing: str = "",
        limit: Annotated[int, Field(ge=1, le=1000)] = 100,
        offset: Annotated[int, Field(ge=0)] = 0,
    ) -> dict[str, Any]:
        """List the documents that can be asked, newest first, those without a date last.

        Parameters:
            containing: only those whose name or title contains this, in any case
            limit: how many, 1 to 1000
            offset: how many to pass over
        Returns:
            "documents" with "document" (its name), "title", "date", "language" and "characters", and "total".
        """
        sought = containing.casefold()
        found = [
            document
            for document in self._index.documents()
            if sought in document.id.casefold() or sought in document.title.casefold()
        ]
        found.sort(key=lambda document: document.date or "", reverse=True)
        return {
            "total": len(found),
            "documents": [
                {
                    "document": document.id,
                    "title": document.title,
                    "date": document.date,
                    "language": document.language,
                    "characters": len(document.text),
                }
                for document in found[offset : offset + limit]
            ],
        }

    def offer(self, blocks: gr.Blocks) -> None:
        """Make them endpoints of Gradio's API, and so of its MCP server; the page's own listeners are neither."""
        # Those are named after their functions, and one of them asks too.
        for number, listener in blocks.fns.items():
            listener.api_name = f"page_{number}"
        with blocks:
            for name, tool in self._tools.items():
                api(tool, api_name=name, queue=False)

    def speak(self, blocks: gr.Blocks) -> None:
        """Mend what Gradio's MCP server does with them: it sends Python's text of a result where JSON is expected, and
        does not say that they only read."""
        assert blocks.mcp_server_obj, blocks.mcp_error  # noqa: S101 - it was asked for
        server = blocks.mcp_server_obj.mcp_server
        server.instructions = _INSTRUCTIONS
        listing = server.request_handlers[types.ListToolsRequest]

        async def annotated(request: types.ListToolsRequest) -> types.ServerResult:
            listed: types.ServerResult = await listing(request)
            assert isinstance(listed.root, types.ListToolsResult)  # noqa: S101 - what the handler is for
            for tool in listed.root.tools:
                tool.annotations = _READS
            return listed

        async def call(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
            try:
                if name not in self._tools:
                    raise gr.Error(f"there is no tool {name!r}: use one of {', '.join(self._tools)}")
                result = await run_sync(lambda: self._tools[name](**arguments))
            except gr.Error as error:
                return types.CallToolResult(content=[types.TextContent(type="text", text=error.message)], isError=True)
            return types.CallToolResult(
                content=[types.TextContent(type="text", text=dump(result))], structuredContent=result
            )

        server.request_handlers[types.ListToolsRequest] = annotated
        server.call_tool()(call)

    def _scope(self, documents: list[str] | None) -> list[str] | None:
        return scope(self._index, documents)


def scope(index: Index, documents: list[str] | None) -> list[str] | None:
    """The documents to look in; None, for all, when none is named. Raises IstokError for one that isn't there."""
    for document in documents or ():
        index.document(document)
    return documents or None


def _told(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`tool` with its arguments checked; what is wrong is told in one line, as Gradio tells it."""
    checked = validate_call(tool)
    names = list(signature(tool).parameters)

    @wraps(tool)
    def call(*arguments: Any, **named: Any) -> dict[str, Any]:
        try:
            # By name, as the faults are told.
            return checked(**dict(zip(names, arguments, strict=False)), **named)
        except ValidationError as error:
            fault = error.errors()[0]
            raise gr.Error(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}", print_exception=False) from error
        except IstokError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return call
