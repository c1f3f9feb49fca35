"""Settings that take the place of others: on a client made of another one, and keys from functions wherever a call begins."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import KEY
from loopback import ANSWER, CHUNKS, Loopback, Request

import tramontane
from tramontane import Budget, BudgetExceededError, Key, Limiter, RateLimitError

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40


def play(request: Request) -> None:
    """A chat, its stream, and a file."""
    if request.path.endswith("/content"):
        request.answer(CONTENT, **{"content-type": "application/pdf", "mistral-correlation-id": "r-9"})
    elif request.json.get("stream"):
        request.stream(CHUNKS)
    else:
        request.answer(ANSWER)


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback(play)
    yield loopback
    loopback.close()


def keys(server: Loopback) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in server.requests]


def test_a_budget_takes_the_place_of_none(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    budget = Budget(tokens=5)
    poor = client.with_options(budget=budget)
    with pytest.raises(BudgetExceededError):
        poor.chat.complete(**ask, max_tokens=90)
    with pytest.raises(BudgetExceededError):
        poor.with_options(timeout=5).chat.complete(**ask, max_tokens=90)
    richer = Budget(tokens=1000)
    poor.with_options(budget=richer).chat.complete(**ask, max_tokens=90)
    client.chat.complete(**ask, max_tokens=90)
    assert (budget.spent_tokens, richer.spent_tokens, len(server.requests)) == (0, 8, 2)


@pytest.mark.parametrize("form", [lambda limits: limits, lambda limits: Limiter(**limits)])
def test_a_limiter_takes_the_place_of_none(client: tramontane.Client, ask: dict[str, Any], form: Any) -> None:
    limited = client.with_options(limiter=form({"requests_per_minute": 1, "on_limit": "fail"}))
    limited.chat.complete(**ask)
    for one in (limited, limited.with_options(max_retries=0)):
        with pytest.raises(RateLimitError):
            one.chat.complete(**ask)
    client.chat.complete(**ask)
    with pytest.raises(tramontane.ConfigurationError, match="redis"):
        client.with_options(limiter="http://127.0.0.1")


def test_a_key_takes_the_place_of_another(server: Loopback, ask: dict[str, Any]) -> None:
    with tramontane.Client(api_key="the-first-key-of-all", base_url=server.url) as client:
        fetched = client.with_options(api_key=lambda: "a-key-from-a-function")
        kept = fetched.with_options(timeout=5)
        dated = fetched.with_options(api_key=Key("a-key-of-its-own"))
        for one in (client, fetched, kept, dated, dated.with_options(api_key=Key.call(lambda: "the-last-key-of-all"))):
            one.chat.complete(**ask)
    function = "a-key-from-a-function"
    assert keys(server) == ["the-first-key-of-all", function, function, "a-key-of-its-own", "the-last-key-of-all"]


def test_another_way_to_the_server(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    """A region and a base URL exclude each other where both are given; the later one takes the place of the other."""
    refusing = Loopback(lambda request: request.answer(b"", 403))
    try:
        regional = client.with_options(region="eu", proxy=refusing.url, max_retries=0)
        for one in (regional, regional.with_options(region="us"), client.with_options(region="eu").with_options(base_url="https://a.test")):
            with pytest.raises(tramontane.APIConnectionError):
                one.with_options(proxy=refusing.url, max_retries=0).chat.complete(**ask)
        places = [request.path for request in refusing.requests]
    finally:
        refusing.close()
    assert places == ["api.eu.mistral.ai:443", "api.us.mistral.ai:443", "a.test:443"]
    regional.with_options(base_url=server.url, proxy=server.url, user_agent="my-app/2").chat.complete(**ask)
    assert server.requests[-1].headers["user-agent"].endswith(" my-app/2")
    with pytest.raises(tramontane.ConfigurationError, match="exclude each other"):
        client.with_options(region="eu", base_url=server.url)


def test_a_function_is_asked_wherever_a_call_begins(server: Loopback, ask: dict[str, Any]) -> None:
    asked: list[int] = []

    def fetch() -> tuple[str, float]:
        asked.append(1)
        return f"a-fetched-key-{len(asked)}", 1e-9

    with tramontane.Client(api_key=fetch, base_url=server.url) as client:
        assert client.send(tramontane.build(ask)).text == "A wind."
        with client.send(tramontane.build({**ask, "stream": True})) as stream:
            assert stream.final().text == "A wind."
        assert client.files.download(file_id="f").read() == CONTENT
        for _ in client.batch.results(tramontane.parse("mistral", "batch_get", 200, {}, json.dumps(JOB))):
            pass
        client.request("GET", "/v1/content")
    assert keys(server) == [f"a-fetched-key-{at}" for at in range(1, 6)]


JOB = {"id": "j", "object": "batch", "status": "SUCCESS", "endpoint": "/v1/chat/completions", "output_file": "f", "input_files": []}


def test_a_function_is_awaited_wherever_a_call_begins(server: Loopback, ask: dict[str, Any]) -> None:
    asked: list[int] = []

    async def fetch() -> tuple[str, float]:
        asked.append(1)
        await asyncio.sleep(0)
        return f"an-awaited-key-{len(asked)}", 1e-9

    async def main() -> None:
        async with tramontane.AsyncClient(api_key=fetch, base_url=server.url) as client:
            assert (await client.send(tramontane.build(ask))).text == "A wind."
            async with await client.send(tramontane.build({**ask, "stream": True})) as stream:
                assert (await stream.final()).text == "A wind."
            assert await client.files.download(file_id="f").read() == CONTENT
            await client.with_options(timeout=5).chat.complete(**ask)

    asyncio.run(main())
    assert keys(server) == [f"an-awaited-key-{at}" for at in range(1, 5)]


def test_whoever_listens_hears_of_files_and_of_what_was_built_elsewhere(
    server: Loopback, ask: dict[str, Any], caplog: pytest.LogCaptureFixture, tmp_path: Any
) -> None:
    async def save() -> None:
        async with tramontane.AsyncClient(api_key=KEY, base_url=server.url, log_bodies=True) as client:
            await client.files.download(file_id="f").save(tmp_path / "copy")
        # A future tells of its end in the loop's next round.
        await asyncio.sleep(0)

    with caplog.at_level(logging.DEBUG, "tramontane"):
        with tramontane.Client(api_key=KEY, base_url=server.url, log_bodies=True) as client:
            client.send(tramontane.build(ask))
            relayed = [message for message in caplog.messages if message.startswith("chat mistral-small-2603: 200 in ")]
            caplog.clear()
            download = client.files.download(file_id="f")
            assert (download.read(), download.content_type, download.length) == (CONTENT, "application/pdf", len(CONTENT))
            heard = caplog.messages
            caplog.clear()
            asyncio.run(save())
            assert [line for line in caplog.messages if "answer" in line] == [line for line in heard if "answer" in line]
            with client.files.download(file_id="f") as left:
                next(left)
    assert len(relayed) == 1
    assert heard[0].startswith("files_download: request ") and '"file_id": "f"' in heard[0]
    assert heard[1].startswith("files_download: 200 in ") and heard[1].endswith(", request r-9")
    assert heard[2] == f'files_download: answer {{"bytes": {len(CONTENT)}, "content_type": "application/pdf"}}'
    assert "closed by its reader" in caplog.messages[-1]
    assert (tmp_path / "copy").read_bytes() == CONTENT
