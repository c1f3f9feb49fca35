"""What a type checker must know, and what it must refuse: every `type: ignore` here is an error that has to be found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, assert_type

import tramontane
from pydantic import BaseModel
from tramontane.types import ChatRequest, FimRequest, FunctionToolParam, MessageParam


class Wind(BaseModel):
    name: str


@dataclass
class Gust:
    knots: int


class Place(TypedDict):
    name: str


def complete(client: tramontane.Client) -> None:
    reply = client.chat.complete(
        model="mistral-small-2603",
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": "https://x/y.png"}]},
        ],
        temperature=0.5,
        response_format={"type": "json_object"},
        timeout=5.0,
        checks="warn",
        extra_body={"new": True},
    )
    assert_type(reply, tramontane.ChatCompletion)
    assert_type(reply.text, str)
    assert_type(reply.choices, list[tramontane.Choice])
    assert_type(reply.choices[0].message, tramontane.AssistantMessage)
    assert_type(reply.usage.total_tokens, int)
    assert_type(reply.tool_calls, list[tramontane.ToolCall])
    assert_type(reply.request_id, str | None)
    assert_type(reply.rate_limit, dict[str, int])
    assert_type(reply.warnings, list[tramontane.Finding])
    assert_type(reply.resolution, tramontane.Resolution | None)
    # An answer goes back in as it came.
    client.chat.complete(model="any-other-name", messages=[reply.choices[0].message, {"role": "user", "content": "And?"}])


def mistakes(client: tramontane.Client) -> None:
    client.chat.complete(messages=[])  # type: ignore[call-arg]
    client.chat.complete("mistral-small-2603", [])  # type: ignore[call-arg]
    client.chat.complete(model=5, messages=[])  # type: ignore[arg-type]
    client.chat.complete(model="m", messages=[], temperature="hot")  # type: ignore[arg-type]
    client.chat.complete(model="m", messages=[], temprature=1.0)  # type: ignore[call-arg]
    client.chat.complete(model="m", messages=[], checks="maybe")  # type: ignore[arg-type]
    client.chat.complete(model="m", messages=[{"role": "narrator", "content": "x"}])  # type: ignore[list-item]
    client.chat.complete(model="m", messages=[]).choicez  # type: ignore[attr-defined]
    tramontane.check({}, strcit=True)  # type: ignore[call-arg]
    tramontane.resolve()  # type: ignore[call-arg]
    tramontane.Client("a-key")  # type: ignore[call-arg]


def stream(client: tramontane.Client) -> None:
    with client.chat.stream(model="mistral-small-2603", messages=[]) as running:
        assert_type(running, tramontane.ChatStream)
        for event in running:
            assert_type(event, tramontane.Event)
            assert_type(event.text, str)
            assert_type(event.choices[0].finish_reason, str | None)
            assert_type(event.usage, tramontane.Usage | None)
        assert_type(running.final(), tramontane.ChatCompletion)
        for text in running.text_stream:
            assert_type(text, str)


def fill(client: tramontane.Client) -> None:
    reply = client.fim.complete(model="codestral-2508", prompt="def f(", suffix="return a", max_tokens=10)
    assert_type(reply, tramontane.ChatCompletion)
    with client.fim.stream(model="codestral-2508", prompt="def f(") as running:
        assert_type(running, tramontane.ChatStream)
    request: FimRequest = {"operation": "fim", "model": "codestral-2508", "prompt": "def f("}
    tramontane.check(request)
    client.fim.complete(model="codestral-2508")  # type: ignore[call-arg]
    client.fim.complete(model="codestral-2508", prompt="", messages=[])  # type: ignore[call-arg]


async def asynchronous(client: tramontane.AsyncClient) -> None:
    async with client:
        assert_type(await client.chat.complete(model="mistral-small-2603", messages=[]), tramontane.ChatCompletion)
        async with client.chat.stream(model="mistral-small-2603", messages=[]) as running:
            async for event in running:
                assert_type(event, tramontane.Event)
            async for text in running.text_stream:
                assert_type(text, str)
            assert_type(await running.final(), tramontane.ChatCompletion)
        assert_type(await client.chat.stream(model="m", messages=[]), tramontane.AsyncChatStream)
        assert_type(await client.fim.complete(model="codestral-2508", prompt="def f("), tramontane.ChatCompletion)
        assert_type(await client.fim.stream(model="codestral-2508", prompt="def f("), tramontane.AsyncChatStream)


def doors() -> None:
    messages: list[MessageParam] = [{"role": "user", "content": "Hi"}]
    tool: FunctionToolParam = {"type": "function", "function": {"name": "f", "parameters": {}}}
    request: ChatRequest = {"model": "mistral-small-2603", "messages": messages, "tools": [tool]}
    report = tramontane.check(request, on=date(2026, 11, 21), strict=True)
    assert_type(report, tramontane.Report)
    assert_type(report.ok, bool)
    assert_type(report.findings[0].path, str)
    prepared = tramontane.build(request, provider="mistral", pin=True)
    assert_type(prepared.url, str)
    assert_type(prepared.auth.header, str)
    assert_type(tramontane.resolve("mistral-large-latest").sent_as, str)
    assert_type(tramontane.models.list(capability="vision"), list[tramontane.Model])
    assert_type(tramontane.models.get("mistral-small-2603"), tramontane.Model)
    assert_type(tramontane.models.recommend("code"), tramontane.Recommendation)
    assert_type(tramontane.models.as_of(), str)
    assert_type(tramontane.providers.list(), list[tramontane.Provider])
    assert_type(tramontane.estimate_cost(request), tramontane.CostEstimate)
    assert_type(tramontane.Decoder("mistral").push(b""), list[tramontane.Event])
    assert_type(tramontane.Decoder("mistral").finish(), tramontane.ChatCompletion)


def failures(client: tramontane.Client) -> None:
    try:
        client.chat.complete(model="m", messages=[])
    except tramontane.InvalidRequest as error:
        assert_type(error.report, tramontane.Report | None)
        assert_type(error.path, str | None)
    except tramontane.RateLimitError as error:
        assert_type(error.retry_after, float | None)
        assert_type(error.status, int | None)


def parsed(client: tramontane.Client) -> None:
    reply = client.chat.parse(model="mistral-small-2603", messages=[], into=Wind)
    assert_type(reply.parsed, Wind | None)
    assert_type(reply.usage.total_tokens, int)
    assert_type(client.chat.parse(model="m", messages=[], into=list[Gust]).parsed, list[Gust] | None)
    assert_type(client.chat.parse(model="m", messages=[], into=Place).parsed, Place | None)
    assert_type(client.chat.parse(model="m", messages=[], into={"type": "object"}).parsed, Any | None)
    client.chat.parse(model="m", messages=[], into=5)  # type: ignore[call-overload]
    client.chat.parse(model="m", messages=[])  # type: ignore[call-overload]


def changed(client: tramontane.Client, asynchronous: tramontane.AsyncClient) -> None:
    assert_type(client.with_options(budget=tramontane.Budget(usd=1), limiter={"requests_per_second": 2}, region="eu"), tramontane.Client)
    assert_type(asynchronous.with_options(ca_file="a.pem", pool_size=3), tramontane.AsyncClient)
    client.with_options(buget=None)  # type: ignore[call-arg]
    client.with_options(region=5)  # type: ignore[arg-type]
