"""What an edge function built, sent by a client that has the key."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from conftest import KEY
from loopback import ANSWER, Loopback

import tramontane
from tramontane.testing import Sandbox

SECRET = "sk-proj-0123456789abcdefghij"


@pytest.mark.parametrize("form", [lambda built: built, json.dumps, lambda built: json.dumps(built).encode()])
def test_what_was_built_is_sent_with_the_key(client: tramontane.Client, server: Loopback, ask: dict[str, Any], form: Any) -> None:
    server.handler = lambda request: request.answer(ANSWER)
    built = json.loads(json.dumps(tramontane.build(ask)))
    reply = client.send(form(built))
    assert reply.text == "A wind."
    [request] = server.requests
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.json == ask


def test_async(async_client: tramontane.AsyncClient, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.answer(ANSWER)

    async def main() -> Any:
        return await async_client.send(json.dumps(tramontane.build(ask)))

    assert asyncio.run(main()).text == "A wind."


def test_streams_in_both_clients(ask: dict[str, Any]) -> None:
    built = json.dumps(tramontane.build({**ask, "stream": True}))
    with Sandbox() as sandbox:
        with tramontane.Client(api_key=sandbox.key, base_url=sandbox.url) as client:
            whole = "".join(event.text for event in client.send(built))

        async def main() -> str:
            async with tramontane.AsyncClient(api_key=sandbox.key, base_url=sandbox.url) as client:
                return "".join([event.text async for event in await client.send(built)])

        assert whole and asyncio.run(main()) == whole


SPOKEN = {"model": "voxtral-mini-tts-2603", "input": "Hello"}
TALK = {"model": "mistral-small-2603", "inputs": "Hello"}


def test_each_operation_comes_back_as_its_own_method_gives_it() -> None:
    with Sandbox() as sandbox, sandbox.client() as client:
        for operation, fields, kind in [
            ("conversations_start_stream", TALK, "ConversationStream"),
            ("audio_speech_stream", SPOKEN, "SpeechStream"),
            ("fim_stream", {"model": "codestral-2508", "prompt": "a"}, "ChatStream"),
        ]:
            built = json.dumps(tramontane.build({"operation": operation, **fields}))
            with client.send(built) as stream:
                assert type(stream).__name__ == kind
                next(stream)
                assert type(stream.partial) is type(stream.final())

            async def main() -> str:
                async with sandbox.async_client() as waiting, await waiting.send(built) as stream:
                    await anext(stream)
                    assert type(stream.partial) is type(await stream.final())
                    return type(stream).__name__

            assert asyncio.run(main()) == f"Async{kind}"
        spoken = client.send(tramontane.build({"operation": "audio_speech", **SPOKEN}))
        assert spoken.audio == b"ID3Hello"
        assert client.send(tramontane.build({"operation": "conversations_start", **TALK})).text
        with pytest.raises(tramontane.TramontaneError):
            client.send({**json.loads(built), "operation": "wind_stream"})


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"url": "https://evil.example/v1/chat/completions"}, "url"),
        ({"url": f"https://api.mistral.ai/v1/chat/completions?key={SECRET}"}, "url"),
        ({"method": "DELETE"}, "method"),
        ({"headers": {"authorization": f"Bearer {SECRET}"}}, "headers.authorization"),
        ({"operation": None}, "operation"),
    ],
)
def test_what_is_refused(client: tramontane.Client, server: Loopback, ask: dict[str, Any], changes: Any, path: str) -> None:
    built = {**json.loads(json.dumps(tramontane.build(ask))), **changes}
    with pytest.raises(tramontane.InvalidRequest) as caught:
        client.send(json.dumps(built))
    assert caught.value.path == path
    assert SECRET not in str(caught.value)
    assert server.requests == []


def test_a_body_is_checked_again(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    built = json.loads(json.dumps(tramontane.build(ask)))
    built["body"]["seed"] = 7
    with pytest.raises(tramontane.InvalidRequest) as caught:
        client.send(built)
    assert caught.value.report is not None and caught.value.path == "seed"
    assert server.requests == []
