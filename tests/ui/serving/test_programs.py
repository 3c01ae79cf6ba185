"""What programs may call, by the clients that they use: gradio_client and the MCP SDK."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from serving import PASSWORD

from istok.ui.desk import Desk
from istok.ui.serving.server import Server

EXPORT = "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?"
TOOLS = {"ask", "search", "cite", "list_documents"}
REFUSALS = [
    ("ask", {"question": " "}, "the question is empty: ask something"),
    ("ask", {"question": "я" * 4001}, "the question has 4001 characters: shorten it to 4000"),
    ("ask", {"question": "Кто?", "history": [["one"]]}, "history: give [[question, answer], ...]"),
    ("search", {"query": ""}, "the query is empty: give a few words"),
    ("search", {"query": "x", "k": 101}, "k: Input should be less than or equal to 100"),
    ("search", {"query": "x", "documents": ["../secret"]}, "no document '../secret' in the index"),
    ("cite", {"id": "nonsense"}, "'nonsense' is no citation: give document:start-end, as ask returns it"),
    ("cite", {"id": "/etc/passwd:0-10"}, "no document '/etc/passwd' in the index"),
    ("cite", {"id": "000_1bc56f7a989034cf.txt:5-999999"}, "check the id"),
    ("list_documents", {"limit": 0}, "limit: Input should be greater than or equal to 1"),
]


@pytest.fixture(scope="module")
def gradio(server: Server) -> Client:
    return Client(server.address, verbose=False)


def with_mcp(server: Server, use: Callable[[ClientSession], Awaitable[Any]], password: str | None = None) -> Any:
    """What `use` makes of a session with the server."""

    async def meet() -> Any:
        headers = {"authorization": f"Bearer {password}".encode()} if password else None
        async with (
            streamablehttp_client(server.address + "gradio_api/mcp/", headers=headers) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await use(session)

    return anyio.run(meet)


def test_gradios_api_names_the_four_functions_and_nothing_of_the_page(gradio: Client):
    info = gradio.view_api(return_format="dict", print_info=False)
    assert set(info["named_endpoints"]) == {f"/{name}" for name in TOOLS}
    assert info["unnamed_endpoints"] == {}
    assert [p["parameter_name"] for p in info["named_endpoints"]["/search"]["parameters"]] == [
        "query",
        "k",
        "documents",
    ]


def test_a_listener_of_the_page_is_hidden_from_programs(gradio: Client, client: httpx2.Client):
    private = {d["api_name"] for d in client.get("/config").json()["dependencies"]} - TOOLS
    assert len(private) > 5
    assert not any(name in client.get("/gradio_api/openapi.json").text for name in private)
    with pytest.raises(ValueError, match="Cannot find a function"):
        gradio.predict(api_name=f"/{min(private)}")


def test_an_answer_comes_through_gradios_api_in_the_shape_of_the_command_line(gradio: Client):
    answer = gradio.predict(question=EXPORT, api_name="/ask")
    assert answer["status"] == "answered"
    assert "45%" in answer["text"]
    [citation, *_] = answer["citations"]
    assert set(citation) == {"number", "id", "document", "title", "date", "start", "end", "quote", "score"}


def test_a_question_is_understood_by_its_history(gradio: Client):
    history = [[EXPORT, "Почти на 45% [1]"]]
    answer = gradio.predict(question="А в 2022 году?", history=history, api_name="/ask")
    assert answer["standalone_question"] != "А в 2022 году?"


def test_a_question_can_be_put_to_some_documents_only(gradio: Client):
    documents = [d["document"] for d in gradio.predict(api_name="/list_documents")["documents"]]
    for document in documents[:2]:
        found = gradio.predict(query="экспорт", k=50, documents=[document], api_name="/search")
        assert {hit["document"] for hit in found["hits"]} == {document}


def test_a_hit_can_be_cited_in_its_place(gradio: Client, served_desk: Desk):
    hit = gradio.predict(query="экспорт в Узбекистан", k=1, api_name="/search")["hits"][0]
    place = gradio.predict(id=hit["id"], around=20, api_name="/cite")
    text = served_desk.index.document(hit["document"]).text
    assert place["quote"] == hit["text"] == text[hit["start"] : hit["end"]]
    assert place["after"] == text[hit["end"] : hit["end"] + 20]
    assert place["before"] == text[max(0, hit["start"] - 20) : hit["start"]]


def test_documents_are_listed_newest_first_page_by_page(gradio: Client):
    whole = gradio.predict(api_name="/list_documents")
    assert whole["total"] == len(whole["documents"]) == 5
    dates = [document["date"] or "" for document in whole["documents"]]
    assert dates == sorted(dates, reverse=True)
    assert gradio.predict(limit=2, offset=4, api_name="/list_documents")["documents"] == whole["documents"][4:]
    some = gradio.predict(containing="УЗБЕКИСТАН", api_name="/list_documents")
    assert 0 < some["total"] < 5


def test_no_path_of_this_machine_is_given_out(gradio: Client, served_desk: Desk):
    answer = gradio.predict(question=EXPORT, api_name="/ask")
    told = [
        answer,
        gradio.predict(query="экспорт", api_name="/search"),
        gradio.predict(id=answer["citations"][0]["id"], api_name="/cite"),
        gradio.predict(api_name="/list_documents"),
    ]
    text = json.dumps(told, ensure_ascii=False)
    assert str(served_desk.home.root) not in text
    assert str(Path(served_desk.index.documents()[0].path).parent) not in text


@pytest.mark.parametrize(("name", "arguments", "message"), REFUSALS)
def test_a_fault_is_told_in_one_line_by_gradios_api(gradio: Client, name: str, arguments: dict[str, Any], message: str):
    with pytest.raises(AppError) as error:
        gradio.predict(**arguments, api_name=f"/{name}")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_mcp_offers_the_four_tools_and_says_that_they_only_read(server: Server):
    tools = with_mcp(server, lambda session: session.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.annotations is not None
        assert tool.annotations.readOnlyHint
        assert tool.annotations.openWorldHint is False
        assert len(tool.description or "") > 80
        assert all(argument["description"] for argument in tool.inputSchema["properties"].values())
    ask = next(tool for tool in tools if tool.name == "ask")
    assert ask.inputSchema["required"] == ["question"]
    assert ask.inputSchema["properties"].keys() == {"question", "history", "documents"}


def test_mcp_brings_an_answer_as_json_and_as_data(server: Server):
    result = with_mcp(server, lambda session: session.call_tool("ask", {"question": EXPORT}))
    assert not result.isError
    assert result.structuredContent["status"] == "answered"
    assert json.loads(result.content[0].text) == result.structuredContent
    assert "Узбекистан" in result.content[0].text  # not escaped: that would take a model's room


def test_each_mcp_tool_answers(server: Server):
    async def use(session: ClientSession) -> list[Any]:
        found = await session.call_tool("search", {"query": "экспорт", "k": 1})
        place = await session.call_tool("cite", {"id": found.structuredContent["hits"][0]["id"]})
        return [found, place, await session.call_tool("list_documents", {})]

    found, place, listed = with_mcp(server, use)
    assert place.structuredContent["quote"] == found.structuredContent["hits"][0]["text"]
    assert listed.structuredContent["total"] == 5


def test_mcp_tells_a_fault_in_one_line(server: Server):
    async def use(session: ClientSession) -> list[Any]:
        return [await session.call_tool(name, arguments) for name, arguments, _ in REFUSALS]

    for result, (_, _, message) in zip(with_mcp(server, use), REFUSALS, strict=True):
        assert result.isError
        assert message in result.content[0].text
        assert "\n" not in result.content[0].text


def test_mcp_says_which_tools_there_are_when_another_is_asked_for(server: Server):
    result = with_mcp(server, lambda session: session.call_tool("delete", {}))
    assert result.isError
    assert "use one of ask, search, cite, list_documents" in result.content[0].text


def test_mcp_and_gradios_api_work_behind_a_password(guarded: Server):
    tools = with_mcp(guarded, lambda session: session.list_tools(), PASSWORD).tools
    assert {tool.name for tool in tools} == TOOLS
    client = Client(guarded.address, verbose=False, headers={"authorization": f"Bearer {PASSWORD}".encode()})
    assert client.predict(query="экспорт", k=1, api_name="/search")["hits"]
