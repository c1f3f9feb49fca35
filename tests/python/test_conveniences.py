"""What a client can do beyond plain calls: changed options, requests for anything, pages, answers read into types."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
import pickle
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, NotRequired, TypedDict

import pytest

import tramontane
from loopback import Loopback, Request


class Script(Loopback):
    """A server that gives these answers, one after the other."""

    def client(self, kind: Any = tramontane.Client, **options: Any) -> Any:
        return kind(api_key="k", base_url=self.url, **options)


def reply(body: bytes, status: int = 200) -> tuple[bytes, int]:
    return body, status


@contextmanager
def script(replies: list[tuple[bytes, int]]) -> Iterator[Script]:
    left = iter(replies)

    def answer(request: Request) -> None:
        body, status = next(left)
        request.answer(body, status)

    server = Script(answer)
    try:
        yield server
    finally:
        server.close()


class Wind(TypedDict):
    name: str
    speed: NotRequired[float]


class Side(Enum):
    NORTH = "north"
    SOUTH = "south"


@dataclass
class Harbour:
    name: str
    berths: int
    side: Side
    winds: list[Wind]
    kind: Literal["old", "new"] = "old"
    keeper: str | None = None


HARBOUR = {"name": "Cassis", "berths": 400, "side": "south", "winds": [{"name": "Mistral", "speed": 60}]}


def completion(text: str, finish: str = "stop") -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps(
        {
            "id": "1", "object": "chat.completion", "created": 1, "model": "mistral-small-2603",
            "choices": [{"index": 0, "finish_reason": finish, "message": message}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    ).encode()  # fmt: skip


def parse(client: Any, into: Any) -> Any:
    messages = [{"role": "user", "content": "Which harbour?"}]
    return client.chat.parse(model="mistral-small-2603", messages=messages, into=into)


def test_a_dataclass_is_asked_for_and_read() -> None:
    with script([reply(completion(json.dumps(HARBOUR)))]) as server:
        answer = parse(server.client(), Harbour)
    assert answer.parsed == Harbour("Cassis", 400, Side.SOUTH, [{"name": "Mistral", "speed": 60.0}])
    assert answer.text == json.dumps(HARBOUR) and answer.request_id is None
    asked = server.requests[0].json["response_format"]["json_schema"]
    assert (asked["name"], asked["strict"]) == ("Harbour", True)
    schema = asked["schema"]
    assert schema["$defs"]["Wind"]["required"] == ["name"]
    assert schema["required"] == ["name", "berths", "side", "winds"] and schema["additionalProperties"] is False
    assert schema["properties"]["side"] == {"enum": ["north", "south"]}


def test_what_does_not_fit_keeps_its_text() -> None:
    texts = ['{"name": "Cassis"}', "no JSON", json.dumps({**HARBOUR, "berths": "many"}), json.dumps({**HARBOUR, "mood": 1})]
    with script([reply(completion(text)) for text in texts]) as server:
        for text, said in zip(texts, ["`berths` is missing", "it is not valid JSON", "`berths` is a string, not int", "`mood` is no field"]):
            with pytest.raises(tramontane.ResponseDecodeError, match=said) as caught:
                parse(server.client(), Harbour)
            partial = caught.value.partial
            assert caught.value.body == text and partial is not None and partial.text == text


def test_a_schema_gives_plain_data_and_a_cut_answer_says_so() -> None:
    schema = {"title": "a wind", "type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    with script([reply(completion('{"name": "Mistral"}')), reply(completion('{"na', "length"))]) as server:
        assert parse(server.client(), schema).parsed == {"name": "Mistral"}
        assert server.requests[0].json["response_format"]["json_schema"]["name"] == "a_wind"
        with pytest.raises(tramontane.ResponseDecodeError, match="raise `max_tokens`"):
            parse(server.client(), schema)
    with pytest.raises(TypeError, match="leave `response_format` out"):
        tramontane.Client(api_key="k").chat.parse(model="m", messages=[], into=schema, response_format={"type": "text"})
    with pytest.raises(TypeError, match="has no JSON Schema here"):
        parse(tramontane.Client(api_key="k"), object)


def test_anything_is_reached() -> None:
    with script([reply(b'{"jobs": [1]}'), reply(b"[1]"), reply(b"", 204)]) as server:
        client = server.client()
        jobs = client.request("GET", "/v1/jobs", query={"page": 2, "tag": ["a", "b"]}, headers={"x-a": "1"})
        assert jobs == {"jobs": [1]} and jobs.raw.status == 200 and jobs.raw.body == b'{"jobs": [1]}'
        assert jobs.raw.headers["content-type"] == "application/json" and "b'" not in repr(jobs.raw)
        assert pickle.loads(pickle.dumps(jobs)).raw is None
        assert client.request("POST", "/v1/jobs", body={"a": None}) == {"data": [1]}
        assert client.request("DELETE", "/v1/jobs/1") == {}
    first, second, third = server.requests
    assert first.path == "/v1/jobs?page=2&tag=a&tag=b" and first.headers["x-a"] == "1"
    assert (second.method, second.json, third.method) == ("POST", {"a": None}, "DELETE")


def test_options_are_changed_and_connections_shared() -> None:
    with script([reply(completion("a")), reply(completion("b"))]) as server:
        client = server.client(extra_headers={"x-a": "1"})
        changed = client.with_options(max_retries=0, checks="off", extra_headers={"x-b": "2"})
        messages = [{"role": "user", "content": "Hi"}]
        changed.chat.complete(model="mistral-small-2603", messages=messages, seed=7)
        client.chat.complete(model="mistral-small-2603", messages=messages)
        with pytest.raises(tramontane.InvalidRequest):
            client.chat.complete(model="mistral-small-2603", messages=messages, seed=7)
    assert [request.headers.get("x-b") for request in server.requests] == ["2", None]
    assert server.connections == 1


FILES = [{"id": str(number), "object": "file"} for number in range(5)]


def page(start: int, end: int, total: int | None = 5) -> bytes:
    return json.dumps({"object": "list", "data": FILES[start:end], "total": total}).encode()


def test_pages_follow_one_another() -> None:
    with script([reply(page(0, 2)), reply(page(2, 4)), reply(page(4, 5))]) as server:
        files = server.client().files.list(page_size=2)
        assert files.total == 5 and [file.id for file in files.data] == ["0", "1"]
        assert [file.id for file in files] == ["0", "1", "2", "3", "4"]
    assert [request.path for request in server.requests] == [
        "/v1/files?page_size=2", "/v1/files?page=1&page_size=2", "/v1/files?page=2&page_size=2",
    ]  # fmt: skip


def test_pages_without_a_total_end_with_a_short_one() -> None:
    with script([reply(page(0, 2, None)), reply(page(2, 3, None))]) as server:
        assert len(list(server.client().files.list(page_size=2))) == 3


def test_a_server_that_gives_the_same_page_again_is_asked_no_more() -> None:
    async def all_of_them(server: Script) -> None:
        async for _ in server.client(tramontane.AsyncClient).files.list():
            pass

    same = "page 1 of the list is the same as the one before it"
    with script([reply(page(0, 2, None))] * 9) as server:
        with pytest.raises(tramontane.ResponseDecodeError, match=same):
            list(server.client().files.list())
        with pytest.raises(tramontane.ResponseDecodeError, match=same):
            asyncio.run(all_of_them(server))
        assert len(server.requests) == 4


def test_pages_are_awaited_and_iterated() -> None:
    async def both(server: Script) -> tuple[int, list[str]]:
        client = server.client(tramontane.AsyncClient)
        first = await client.files.list(page_size=4)
        return len(first.data), [file.id async for file in first]

    with script([reply(page(0, 4)), reply(page(4, 5))]) as server:
        assert asyncio.run(both(server)) == (4, ["0", "1", "2", "3", "4"])


def test_the_list_of_models_lies_over_the_catalogue() -> None:
    from tramontane.testing import Sandbox

    with Sandbox() as served:
        client = served.client()
        found = client.models.sync()
        assert not [one for one in found.differences if one.field in ("new", "status")]
        assert client.models.retrieve(model="mistral-small-2603").id == "mistral-small-2603"
    card = {"id": "wind-1", "name": "wind-1", "object": "model", "max_context_length": 9, "capabilities": {"vision": True}}
    with script([reply(json.dumps({"object": "list", "data": [card]}).encode())]) as server:
        found = server.client().models.sync()
    kinds = {one.field for one in found.differences if one.model == "wind-1"}
    assert kinds == {"new"} and "missing" in {one.field for one in found.differences}
    overlay = json.loads(json.dumps(found.overlay))
    assert tramontane.models.get("wind-1", overlay=overlay).context == 9


def test_an_answer_goes_back_in_as_it_came() -> None:
    answer = json.loads(completion("Cassis."))
    answer["choices"][0]["message"] |= {"reasoning_content": None, "prefix": False, "refusal": None}
    with script([reply(json.dumps(answer).encode()), reply(completion("Yes."))]) as server:
        client = server.client(repair=["strip_response_fields"])
        question = {"role": "user", "content": "Which harbour?"}
        first = client.chat.complete(model="mistral-small-2603", messages=[question])
        messages = [question, first.choices[0].message, {"role": "user", "content": "Sure?"}]
        second = client.chat.complete(model="mistral-small-2603", messages=messages)
    sent = server.requests[1].json["messages"][1]
    assert sent["content"] == "Cassis." and "refusal" not in sent
    assert second.repairs and second.text == "Yes."
