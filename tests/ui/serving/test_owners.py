"""What a person who has logged in can reach by requests of their own making, past the page's script."""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from serving import serve

from istok.rag.assistant import Assistant
from istok.ui.conversations.store import ConversationsError
from istok.ui.desk import Desk
from istok.ui.errors import PageKind
from istok.ui.serving.people import People
from istok.ui.serving.server import Server

SECRET = "Кто такой Антон Алиханов, если не секрет?"


class Tab:
    """A tab without a browser."""

    def __init__(self, server: Server, name: str, *, entered: bool = True, language: str = "en") -> None:
        self._client = httpx2.Client(
            base_url=f"{server.address}gradio_api/", timeout=30, trust_env=False, auth=(name, "x"),
            headers={"accept-language": language},
        )  # fmt: skip
        self._hash = secrets.token_hex(8)
        config = self._client.get(f"{server.address}config").json()
        ids = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
        self._listeners = {
            (ids.get(part), event): listener["id"]
            for listener in config["dependencies"]
            for part, event in listener["targets"]
        }
        if entered:
            [load] = [id_ for (_, event), id_ in self._listeners.items() if event == "load"]
            self._join(load, [None, None, 1366], None)

    def event(self, part: str, name: str, *typed: Any, **data: Any) -> str:
        """What the page answers to an event of a part of it, the tab's state among what was `typed`."""
        return self._join(self._listeners[part, name], [*typed, None], data)

    def _join(self, listener: int, inputs: list[Any], event: dict[str, Any] | None) -> str:
        body = {"data": inputs, "fn_index": listener, "session_hash": self._hash, "event_data": event}
        event_id = self._client.post("queue/join", json=body).json()["event_id"]
        told = []
        with self._client.stream("GET", f"queue/data?session_hash={self._hash}") as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data:") or "{}")
                told.append(line)
                if (message.get("msg"), message.get("event_id")) == ("process_completed", event_id):
                    break
        return "\n".join(told)


@pytest.fixture(scope="module")
def desk(served_desk: Desk) -> Desk:
    """With a conversation of Anna's, and one from before anybody had to say who they are."""
    desk = Desk(Assistant(served_desk.index, served_desk.assistant.reader))
    for owner in ("anna", ""):
        desk.store.ask(desk.store.begin(owner, SECRET), SECRET, owner)
    return desk


@pytest.fixture(scope="module")
def shared(desk: Desk) -> Iterator[Server]:
    """Anna's server, to which Boris may come."""
    with serve(desk, People({"anna": "x", "boris": "x"})) as server:
        yield server


@pytest.mark.parametrize("entered", [True, False])
@pytest.mark.parametrize("owner", ["anna", ""])
def test_nobody_reads_or_changes_a_conversation_that_is_not_theirs(
    shared: Server, desk: Desk, owner: str, entered: bool
):
    [summary] = desk.store.summaries(owner)
    boris = Tab(shared, "boris", entered=entered)
    told = [boris.event("conversations", name, conversation=summary.id) for name in ("open", "export", "delete")]
    told.append(boris.event("conversations", "rename", conversation=summary.id, title="stolen"))
    told.append(boris.event("conversations", "seek", "секрет"))
    assert SECRET not in "".join(told)
    assert desk.store.summaries(owner) == [summary]


def test_its_owner_does_read_it(shared: Server, desk: Desk):
    [summary] = desk.store.summaries("anna")
    assert SECRET in Tab(shared, "anna").event("conversations", "open", conversation=summary.id)


@pytest.mark.parametrize("entered", [True, False])
def test_only_the_first_of_the_people_changes_what_is_everybodys(shared: Server, desk: Desk, entered: bool):
    before = desk.index.home.config.sources
    with socket.create_server(("127.0.0.1", 0)) as inside:
        inside.settimeout(0.3)
        address = f"http://127.0.0.1:{inside.getsockname()[1]}/v1"
        boris = Tab(shared, "boris", entered=entered)
        boris.event("server", "connect", model="m", address=address, agreed="127.0.0.1")
        boris.event("sources", "count", sources=before + 1)
        boris.event("reader", "choose", key="quote")
        with pytest.raises(TimeoutError):
            inside.accept()
    assert desk.index.home.config.sources == before
    Tab(shared, "anna").event("sources", "count", sources=before + 1)
    assert desk.index.home.config.sources == before + 1


def test_the_others_are_told_whose_it_is(shared: Server):
    assert "for anna to choose" in Tab(shared, "boris").event("reader", "remove", key="x")
    assert "for anna to choose" not in Tab(shared, "anna").event("reader", "remove", key="x")


def test_without_people_everybody_on_the_machine_may(served_desk: Desk):
    before = served_desk.index.home.config.sources
    with serve(Desk(Assistant(served_desk.index, served_desk.assistant.reader))) as server:
        Tab(server, "").event("sources", "count", sources=before + 1)
    assert served_desk.index.home.config.sources == before + 1


def test_a_fault_that_a_person_can_mend_is_told_on_the_page(served_desk: Desk):
    desk = Desk(Assistant(served_desk.index, served_desk.assistant.reader))
    with serve(desk) as server:
        desk.store.rename = _full  # type: ignore[method-assign]
        conversation = desk.store.begin("", "Станки")
        told = [
            Tab(server, "", language=language).event(
                "conversations", "rename", conversation=conversation, title="Заводы"
            )
            for language in ("en", "ru")
        ]
    assert "&lt;disk&gt; can&#x27;t be used (full): close other programs" in told[0]
    assert "файлом &lt;disk&gt; нельзя воспользоваться (full); закройте другие программы" in told[1]


def _full(*_: object) -> str:
    raise ConversationsError(PageKind.CONVERSATIONS_UNUSABLE, path="<disk>", problem="full")
