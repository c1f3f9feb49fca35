"""Filling in the middle, against the sandbox: whole and streamed, with and without ``await``."""

from __future__ import annotations

import asyncio
from typing import Any, Iterator

import pytest

import tramontane
from tramontane.testing import Sandbox

CODE: dict[str, Any] = {"model": "codestral-2508", "prompt": "def add(", "suffix": "return a + b"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def test_whole_and_streamed(sandbox: Sandbox) -> None:
    with tramontane.Client(api_key=sandbox.key, base_url=sandbox.url) as client:
        reply = client.fim.complete(**CODE, max_tokens=200)
        assert '"def add("' in reply.text and '"return a + b"' in reply.text
        assert reply.resolution and reply.resolution.sent_as == "codestral-2508"
        assert client.fim is client.fim
        with client.fim.stream(**CODE) as stream:
            assert "".join(stream.text_stream) == reply.text
            assert stream.final().usage == reply.usage
        assert client.fim.complete(**CODE, max_tokens=3).choices[0].finish_reason == "length"


def test_with_await(sandbox: Sandbox) -> None:
    async def work() -> tuple[str, str]:
        async with tramontane.AsyncClient(api_key=sandbox.key, base_url=sandbox.url) as client:
            whole = await client.fim.complete(**CODE)
            async with client.fim.stream(**CODE) as stream:
                pieces = [event.text async for event in stream]
            return whole.text, "".join(pieces)

    whole, streamed = asyncio.run(work())
    assert whole == streamed and "sandbox" in whole


def test_a_model_that_cannot_is_refused_here_and_there(sandbox: Sandbox) -> None:
    chat_model = {**CODE, "model": "mistral-small-2603"}
    with tramontane.Client(api_key=sandbox.key, base_url=sandbox.url) as client:
        with pytest.raises(tramontane.InvalidRequest) as refused:
            client.fim.complete(**chat_model)
        report = refused.value.report
        assert report and [finding.rule for finding in report.findings] == ["not_a_fim_model"]
        with pytest.raises(tramontane.BadRequestError, match="Invalid model"):
            client.fim.complete(**chat_model, checks="off")
        with pytest.raises(tramontane.InvalidRequest, match="unknown|no field"):
            client.fim.complete(**CODE, tools=[])  # type: ignore[call-arg]
