"""Where keys come from, when they take turns, and when they end."""

from __future__ import annotations

import asyncio
import datetime
import pickle
from pathlib import Path
from typing import Any

import pytest
from loopback import ANSWER, CHUNKS, Loopback, Request

import tramontane
from tramontane import Key


def sent(server: Loopback) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in server.requests]


def test_a_file_is_read_again_when_it_changes(server: Loopback, ask: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("key-number-one\n")
    with tramontane.Client(api_key=Key.file(file), base_url=server.url) as client:
        client.chat.complete(**ask)
        file.write_text(" the-key-number-two ")
        client.chat.complete(**ask)
    assert sent(server) == ["key-number-one", "the-key-number-two"]
    with tramontane.Client(api_key=Key.file(tmp_path / "none"), base_url=server.url) as client:
        with pytest.raises(tramontane.ConfigurationError, match="cannot be read"):
            client.chat.complete(**ask)


def test_a_variable_is_read_when_a_call_is_sent(server: Loopback, ask: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with tramontane.Client(api_key=Key.environment("TEAM_KEY_OF_A_TEST"), base_url=server.url) as client:
        with pytest.raises(tramontane.ConfigurationError, match="TEAM_KEY_OF_A_TEST"):
            client.chat.complete(**ask)
        monkeypatch.setenv("TEAM_KEY_OF_A_TEST", "key-of-the-team")
        client.chat.complete(**ask)
    assert sent(server) == ["key-of-the-team"]


def test_a_function_gives_the_key(server: Loopback, ask: dict[str, Any]) -> None:
    asked = []

    def fetch() -> str:
        asked.append(1)
        return f"fetched-key-{len(asked)}"

    with tramontane.Client(api_key=fetch, base_url=server.url) as client:
        client.chat.complete(**ask)
        client.chat.complete(**ask)
    assert sent(server) == ["fetched-key-1"] * 2
    with tramontane.Client(api_key=Key.call(fetch, refresh=1e-9), base_url=server.url) as client:
        client.chat.complete(**ask)
        server.handler = lambda request: request.stream(CHUNKS)
        with client.chat.stream(**ask) as stream:
            stream.final()
    assert sent(server)[2:] == ["fetched-key-2", "fetched-key-3"]
    with tramontane.Client(api_key=lambda: 5, base_url=server.url) as client, pytest.raises(TypeError, match="not int"):
        client.chat.complete(**ask)


def test_an_asynchronous_function_gives_the_key(server: Loopback, ask: dict[str, Any]) -> None:
    async def fetch() -> tuple[str, float]:
        await asyncio.sleep(0)
        return "awaited-key", 60.0

    async def main() -> None:
        async with tramontane.AsyncClient(api_key=fetch, base_url=server.url) as client:
            await client.chat.complete(**ask)
            server.handler = lambda request: request.stream(CHUNKS)
            async with client.chat.stream(**ask) as stream:
                await stream.final()

    asyncio.run(main())
    assert sent(server) == ["awaited-key"] * 2
    with tramontane.Client(api_key=fetch, base_url=server.url) as client, pytest.raises(TypeError, match="AsyncClient"):
        client.chat.complete(**ask)


@pytest.mark.parametrize("status", [401, 429])
def test_a_pool_turns_to_its_next_key(server: Loopback, ask: dict[str, Any], status: int) -> None:
    def handler(request: Request) -> None:
        good = request.headers["authorization"] == "Bearer key-number-b"
        request.answer(ANSWER if good else {"detail": "no"}, 200 if good else status)

    server.handler = handler
    with tramontane.Client(api_key=Key.pool(["key-number-a", Key("key-number-b")]), base_url=server.url, max_retries=0) as client:
        assert client.chat.complete(**ask).attempts == 2
        assert client.chat.complete(**ask).attempts == 1
    assert sent(server) == ["key-number-a", "key-number-b", "key-number-b"]
    with pytest.raises(TypeError):
        Key.pool([lambda: "key"])
    with pytest.raises(tramontane.ConfigurationError):
        tramontane.Client(api_key=Key.pool([]))


def test_a_key_warns_before_its_end_and_is_refused_after(server: Loopback, ask: dict[str, Any]) -> None:
    today = datetime.datetime.now(datetime.timezone.utc).date()
    soon = Key("a-key-with-an-end", expires_on=today + datetime.timedelta(days=3))
    with tramontane.Client(api_key=soon, base_url=server.url) as client:
        with pytest.warns(tramontane.TramontaneWarning, match="the API key expires in 3 days"):
            reply = client.chat.complete(**ask)
        assert [finding.rule for finding in reply.warnings] == ["expiring_key"]
    over = Key("a-key-with-an-end", expires_on="2020-01-31")
    with tramontane.Client(api_key=over, base_url=server.url) as client:
        with pytest.raises(tramontane.ConfigurationError, match="the API key expired on `2020-01-31`"):
            client.chat.complete(**ask)
    assert len(server.requests) == 1


def test_a_key_is_never_shown() -> None:
    for key in (Key("secret-of-a-test"), Key.pool(["secret-of-a-test"]), Key.call(lambda: "secret-of-a-test")):
        assert "secret-of-a-test" not in f"{key!r} {key}"
        with pytest.raises(TypeError):
            pickle.dumps(key)
