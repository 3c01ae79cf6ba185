"""Istok as a model: by the `openai` client, and by requests that no client would send."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from threading import Event
from typing import Any

import httpx2
import openai
import pytest
from serving import NAME, PASSWORD, serve

from istok.index.types import Language
from istok.rag.assistant import Assistant
from istok.rag.errors import ReaderError
from istok.rag.readers import ReaderEvent
from istok.rag.types import Claim, Evidence, Reading, Turn
from istok.ui.desk import Desk
from istok.ui.serving.openai_api import plain
from istok.ui.serving.server import Server

EXPORT = "На сколько вырос экспорт предприятий Минпрома в Узбекистан в 2023 году?"
NOW = "Кто сейчас премьер-министр Беларуси?"
OFF = "Сколько ног у кита?"


class Scripted:
    """A reader that does what the question says, to try what a language model may do."""

    name = "scripted"

    def __init__(self) -> None:
        self.stopped = Event()

    def read(
        self, question: str, turns: Sequence[Turn], evidence: Evidence, *, language: Language, stop: Event
    ) -> Iterator[ReaderEvent]:
        quote = evidence.sentences[0].text
        yield "ПРЕДПОЛОЖЕНИЕ "
        if "сломайся" in question:
            raise RuntimeError("broken inside")
        if "нет сервера" in question:
            raise ReaderError("the server of the model is away: start it")
        if "жди" in question:
            yield Claim(quote, (1,))
            if stop.wait(20):
                self.stopped.set()
        claims = [Claim(quote, (1,))]
        if "выдумай" in question:
            claims += [Claim(f"В {year} году экспорт упал на 99%.", (1,)) for year in (1901, 1902)]
        yield from claims
        yield Reading(tuple(claims), used=len(evidence.sentences), tokens=7, stopped=stop.is_set())


@pytest.fixture(scope="module")
def reader() -> Scripted:
    return Scripted()


@pytest.fixture(scope="module")
def scripted(served_desk: Desk, reader: Scripted) -> Iterator[Server]:
    with serve(Desk(Assistant(served_desk.index, reader))) as server:
        yield server


def client_of(server: Server, key: str = "none") -> openai.OpenAI:
    return openai.OpenAI(base_url=server.address + "v1", api_key=key, max_retries=0, timeout=30)


@pytest.fixture(scope="module")
def api(server: Server) -> openai.OpenAI:
    return client_of(server)


def ask(api: openai.OpenAI, question: str, **options: Any) -> Any:
    return api.chat.completions.create(model="istok", messages=[{"role": "user", "content": question}], **options)


def heard(chunks: Any) -> tuple[str, dict[str, Any], list[str]]:
    """The text of a stream, what its last chunk adds, and its pieces."""
    pieces, extra = [], {}
    for chunk in chunks:
        for choice in chunk.choices:
            pieces += [choice.delta.content] if choice.delta.content else []
            extra |= choice.delta.model_extra or {}
    return "".join(pieces), extra, pieces


def test_the_one_model_is_listed(api: openai.OpenAI):
    assert [model.id for model in api.models.list()] == ["istok"]
    assert api.models.retrieve("istok").owned_by == "istok"
    with pytest.raises(openai.NotFoundError):
        api.models.retrieve("gpt-4")


def test_an_answer_has_its_marks_its_sources_and_all_the_rest_beside_it(api: openai.OpenAI):
    completion = ask(api, EXPORT)
    message = completion.choices[0].message
    assert completion.choices[0].finish_reason == "stop"
    answer = message.istok
    assert answer["status"] == "answered"
    assert message.content.startswith(plain(answer["text"]))
    assert "[1]" in answer["text"]
    below = message.content.split("\n\n---\n")[1]
    assert below.startswith("**Источники**\n- [1] ")
    for citation in answer["citations"]:
        assert f"- [{citation['number']}] {plain(citation['title'])}" in below
    assert completion.usage.total_tokens == 0  # quoting takes no model


@pytest.mark.parametrize("question", [EXPORT, NOW, OFF, "What will Amkodor and Kazakh companies produce?"])
def test_a_stream_brings_the_same_text_as_the_whole(api: openai.OpenAI, question: str):
    text, extra, _ = heard(ask(api, question, stream=True))
    message = ask(api, question).choices[0].message
    assert text == message.content
    for answer in (extra["istok"], message.istok):
        del answer["timings"]
    assert extra["istok"] == message.istok


def test_an_abstention_is_told_with_the_nearest_passages(api: openai.OpenAI):
    message = ask(api, OFF).choices[0].message
    assert message.istok["status"] == "abstained"
    assert message.istok["claims"] == []
    assert "**Источники**" in message.content


def test_usage_ends_a_stream_when_it_is_asked_for(scripted: Server):
    chunks = list(ask(client_of(scripted), EXPORT, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == []
    assert (chunks[-1].usage.completion_tokens, chunks[-1].usage.prompt_tokens) == (7, 0)
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_a_stream_holds_no_word_that_was_not_verified(scripted: Server):
    text, extra, pieces = heard(ask(client_of(scripted), EXPORT, stream=True))
    assert "ПРЕДПОЛОЖЕНИЕ" not in text
    assert len(pieces) > 1
    assert plain(extra["istok"]["claims"][0]["text"]) in pieces[0]


def test_a_stream_says_so_when_the_whole_turns_out_otherwise(scripted: Server):
    question = "выдумай: " + EXPORT
    text, extra, _ = heard(ask(client_of(scripted), question, stream=True))
    assert "99%" not in text
    before, after = text.split("**После проверки целиком ответ таков:**\n\n")
    assert before.strip()
    assert after.startswith(plain(extra["istok"]["text"]))
    assert extra["istok"]["reader"] == "quote"


def test_an_answer_ends_when_its_asker_goes_away(scripted: Server, reader: Scripted):
    for stream in (True, False):
        reader.stopped.clear()
        client = client_of(scripted)
        if stream:
            chunks = ask(client, "жди " + EXPORT, stream=True)
            next(iter(chunks))
            chunks.close()
        else:
            with pytest.raises(openai.APITimeoutError):
                ask(client.with_options(timeout=1), "жди " + EXPORT)
        assert reader.stopped.wait(10)


def test_earlier_messages_are_turns(api: openai.OpenAI):
    first = ask(api, EXPORT).choices[0].message.content
    messages = [
        {"role": "system", "content": "Speak like a pirate."},
        {"role": "user", "content": EXPORT},
        {"role": "assistant", "content": first},
        {"role": "user", "content": [{"type": "text", "text": "А товарооборот?"}]},
    ]
    message = api.chat.completions.create(model="istok", messages=messages).choices[0].message  # type: ignore[call-overload]
    assert message.istok["question"] == "А товарооборот?"
    assert message.istok["standalone_question"] != "А товарооборот?"
    assert "---" not in message.istok["standalone_question"]


def test_a_question_can_be_put_to_some_documents_only(api: openai.OpenAI, served_desk: Desk):
    document = served_desk.index.documents()[-1].id
    message = ask(api, EXPORT, extra_body={"documents": [document]}).choices[0].message
    assert {citation["document"] for citation in message.istok["citations"]} <= {document}
    with pytest.raises(openai.BadRequestError, match="no document 'x'"):
        ask(api, EXPORT, extra_body={"documents": ["x"]})


def test_what_has_no_meaning_here_is_passed_over(api: openai.OpenAI):
    tool = {"type": "function", "function": {"name": "f", "parameters": {}}}
    assert ask(api, EXPORT, temperature=2, max_tokens=1, seed=1, tools=[tool], user="x").choices[0].message.content


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"model": "gpt-4"}, 404, "there is no model 'gpt-4': ask 'istok'"),
        ({"model": None}, 400, "model: Input should be a valid string"),
        ({"messages": []}, 400, "messages: List should have at least 1 item"),
        ({"messages": "x"}, 400, "messages: Input should be a valid list"),
        ({"messages": [{"role": "king", "content": "x"}]}, 400, "messages.0.role: Input should be"),
        ({"messages": [{"role": "user", "content": ""}]}, 400, "the question is empty"),
        ({"messages": [{"role": "user", "content": "я" * 4001}]}, 400, "shorten it to 4000"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, 400, "it must be the user's question"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            400,
            "image_url can't be read: send text",
        ),
        ({"n": 2}, 400, "n: Input should be 1"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_fault_is_told_as_openais_clients_expect(
    client: httpx2.Client, change: dict[str, Any], status: int, message: str, stream: bool
):
    body = {"model": "istok", "messages": [{"role": "user", "content": "Кто?"}], "stream": stream, **change}
    response = client.post("/v1/chat/completions", json=body)
    assert response.status_code == status
    error = response.json()["error"]
    assert message in error["message"]
    assert error["type"] == "invalid_request_error"
    assert error.keys() == {"message", "type", "param", "code"}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"model": "istok"}'])
def test_a_body_that_is_no_request_is_refused(client: httpx2.Client, body: bytes):
    response = client.post("/v1/chat/completions", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_other_paths_and_methods_are_refused_in_the_same_form(client: httpx2.Client):
    for method, path, status in (
        ("GET", "chat/completions", 405),
        ("POST", "embeddings", 404),
        ("POST", "models", 405),
    ):
        response = client.request(method, f"/v1/{path}", json={})
        assert response.status_code == status
        assert response.json()["error"]["type"] == "invalid_request_error"


def test_a_password_is_asked_for_as_an_api_key(guarded: Server):
    with pytest.raises(openai.AuthenticationError, match="the password is wrong"):
        ask(client_of(guarded, "wrong"), EXPORT)
    # A key is a header, and this client writes headers in ASCII only; others send UTF-8.
    with httpx2.Client(base_url=guarded.address, timeout=30, auth=(NAME, PASSWORD)) as client:
        body = {"model": "istok", "messages": [{"role": "user", "content": EXPORT}]}
        assert client.post("/v1/chat/completions", json=body).status_code == 200


@pytest.mark.parametrize("stream", [False, True])
def test_a_reader_that_fails_is_an_error_without_its_inside(scripted: Server, stream: bool):
    client = client_of(scripted)
    with pytest.raises(openai.APIError, match="the server of the model is away: start it"):
        heard(ask(client, "нет сервера " + EXPORT, stream=stream)) if stream else ask(client, "нет сервера " + EXPORT)
    with pytest.raises(openai.APIError, match="the server's terminal says why") as error:
        heard(ask(client, "сломайся " + EXPORT, stream=stream)) if stream else ask(client, "сломайся " + EXPORT)
    assert "broken inside" not in str(error.value)


def test_a_stream_is_what_open_webui_reads(client: httpx2.Client):
    """Its requests, byte for byte: the list of models, then a stream of server-sent events that ends with [DONE]."""
    assert client.get("/v1/models", headers={"authorization": "Bearer 0p3n"}).json()["data"][0]["id"] == "istok"
    body = {
        "stream": True,
        "model": "istok",
        "messages": [{"role": "user", "content": EXPORT}],
        "stream_options": {"include_usage": True},
        "features": {"web_search": False},
        "metadata": {"chat_id": "1"},
    }
    response = client.post("/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert events[-1] == "[DONE]"
    chunks = [json.loads(event) for event in events[:-1]]
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](http://evil/x.png)", "!\\[x]\\(http://evil/x.png)"),
        ("[x][y]\n[y]: http://evil", "[x]\\[y]\n[y]\\: http://evil"),
        ("<img src=http://evil>", "\\<img src=http://evil>"),
        ("Рост на 45% [1][2], a < b", "Рост на 45% [1][2], a < b"),
    ],
)
def test_markup_in_a_documents_words_is_not_markup_elsewhere(text: str, shown: str):
    assert plain(text) == shown


def test_half_of_a_surrogate_pair_is_an_odd_sign_or_an_unknown_name(client: httpx2.Client):
    def post(**fields: object) -> httpx2.Response:
        body = json.dumps({"model": "istok", **fields})
        return client.post("/v1/chat/completions", content=body, headers={"content-type": "application/json"})

    odd = [{"role": "user", "content": EXPORT + "\ud800"}]
    assert post(messages=odd).json()["choices"][0]["message"]["istok"]["question"] == EXPORT + "?"
    assert post(messages=odd, documents=["\ud800"]).status_code == 400
    assert post(messages=odd, model="\ud800").status_code == 404
