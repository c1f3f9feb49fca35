"""What a host hears of calls: its log, and its OpenTelemetry."""

from __future__ import annotations

import asyncio
import logging
import subprocess
from typing import Any, Callable, Iterator

import pytest
from conftest import KEY
from loopback import ANSWER, CHUNKS, Loopback

import tramontane

trace = pytest.importorskip("opentelemetry.trace")
metrics = pytest.importorskip("opentelemetry.metrics")
from opentelemetry.sdk.metrics import MeterProvider  # noqa: E402
from opentelemetry.sdk.metrics.export import InMemoryMetricReader  # noqa: E402
from opentelemetry.sdk.trace import TracerProvider  # noqa: E402
from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: E402

_exporter = InMemorySpanExporter()
_reader = InMemoryMetricReader()
_tracing = TracerProvider()
_tracing.add_span_processor(SimpleSpanProcessor(_exporter))
trace.set_tracer_provider(_tracing)
metrics.set_meter_provider(MeterProvider([_reader]))


@pytest.fixture
def spans() -> Iterator[Callable[[], Any]]:
    _exporter.clear()
    yield _exporter.get_finished_spans
    _exporter.clear()


def test_a_call_is_a_span(client: tramontane.Client, server: Loopback, ask: dict[str, Any], spans: Callable[[], Any]) -> None:
    server.handler = lambda request: request.answer(ANSWER)
    with trace.get_tracer("host").start_as_current_span("outside") as outside:
        client.chat.complete(**ask, temperature=0.5, max_tokens=9, stop=["x"])
    span = spans()[0]
    assert span.name == "chat mistral-small-2603"
    assert span.kind is trace.SpanKind.CLIENT
    assert span.parent.span_id == outside.get_span_context().span_id
    address, port = server.url.removeprefix("http://").split(":")
    assert dict(span.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "mistral_ai",
        "gen_ai.request.model": "mistral-small-2603",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.max_tokens": 9,
        "gen_ai.request.stop_sequences": ("x",),
        "server.address": address,
        "server.port": int(port),
        "gen_ai.response.id": "cmpl-1",
        "gen_ai.response.model": "mistral-small-2603",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 3,
        "http.response.status_code": 200,
    }


def test_a_region_is_where_a_call_goes(ask: dict[str, Any], spans: Callable[[], Any]) -> None:
    client = tramontane.Client(api_key=KEY, region="eu", proxy="http://127.0.0.1:9", max_retries=0)
    for one in (client, client.with_options(timeout=5), client.with_options(region="us"), client.with_options(base_url="http://a.test:81")):
        with pytest.raises(tramontane.APIConnectionError):
            one.chat.complete(**ask)
    places = [(span.attributes["server.address"], span.attributes["server.port"]) for span in spans()]
    assert places == [("api.eu.mistral.ai", 443)] * 2 + [("api.us.mistral.ai", 443), ("a.test", 81)]


def test_a_failure_is_a_span_too(client: tramontane.Client, server: Loopback, ask: dict[str, Any], spans: Callable[[], Any]) -> None:
    server.handler = lambda request: request.answer({"message": "no"}, 401)
    with pytest.raises(tramontane.AuthenticationError):
        client.chat.complete(**ask)
    with pytest.raises(tramontane.InvalidRequest):
        client.chat.complete(**ask, top_q=1)  # type: ignore[call-arg]
    refused, unsent = spans()
    assert refused.attributes["error.type"] == "authentication"
    assert refused.attributes["http.response.status_code"] == 401
    assert refused.status.status_code is trace.StatusCode.ERROR
    assert unsent.attributes["error.type"] == "invalid_request"


def test_a_stream_is_one_span(client: tramontane.Client, server: Loopback, ask: dict[str, Any], spans: Callable[[], Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS)
    with client.chat.stream(**ask) as stream:
        assert [event.text for event in stream][1] == "A "
        assert len(spans()) == 1, "it ends with its last event"
        stream.final()
    (span,) = spans()
    assert span.attributes["gen_ai.operation.name"] == "chat"
    assert span.attributes["gen_ai.usage.output_tokens"] == 3
    assert span.attributes["gen_ai.response.finish_reasons"] == ("stop",)


def test_a_stream_that_is_left_or_cut(client: tramontane.Client, server: Loopback, ask: dict[str, Any], spans: Callable[[], Any]) -> None:
    server.handler = server.stream_then_stall
    with client.chat.stream(**ask) as stream:
        next(stream)
    (left,) = spans()
    assert left.status.status_code is trace.StatusCode.UNSET
    server.handler = lambda request: request.stream(CHUNKS[:2])
    with pytest.raises(tramontane.StreamTruncatedError), client.chat.stream(**ask) as stream:
        stream.final()
    assert spans()[1].attributes["error.type"] == "stream_truncated"


def test_async_calls(server: Loopback, ask: dict[str, Any], spans: Callable[[], Any]) -> None:
    async def main() -> None:
        async with tramontane.AsyncClient(api_key=KEY, base_url=server.url) as client:
            server.handler = lambda request: request.answer(ANSWER)
            await client.chat.complete(**ask)
            server.handler = lambda request: request.stream(CHUNKS)
            async with client.chat.stream(**ask) as stream:
                assert [event.text async for event in stream] == ["", "A ", "wind", "."]
            server.handler = server.stall
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.chat.complete(**ask), 0.2)
        # A future tells of its end in the loop's next round.
        await asyncio.sleep(0)

    asyncio.run(main())
    whole, stream, cancelled = spans()
    assert whole.attributes["gen_ai.usage.input_tokens"] == stream.attributes["gen_ai.usage.input_tokens"] == 5
    assert cancelled.attributes["error.type"] == "CancelledError"


def test_metrics(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = lambda request: request.stream(CHUNKS)
    _reader.get_metrics_data()
    with client.chat.stream(**ask) as stream:
        stream.final()
    data = _reader.get_metrics_data()
    assert data is not None
    found = {metric.name: metric for resource in data.resource_metrics for scope in resource.scope_metrics for metric in scope.metrics}
    assert found["gen_ai.client.operation.duration"].unit == "s"
    assert found["gen_ai.client.operation.time_to_first_chunk"].unit == "s"
    tokens = found["gen_ai.client.token.usage"]
    assert tokens.unit == "{token}"
    port = int(server.url.rpartition(":")[2])
    points: list[Any] = list(tokens.data.data_points)
    mine = {point.attributes["gen_ai.token.type"]: point for point in points if point.attributes["server.port"] == port}
    assert (mine["input"].sum, mine["output"].sum) == (5, 3)
    assert mine["input"].explicit_bounds[:3] == (1, 4, 16)


def test_the_log_has_a_line_for_each_call(
    client: tramontane.Client, server: Loopback, ask: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    server.handler = lambda request: request.answer(ANSWER, **{"mistral-correlation-id": "r-9"})
    with caplog.at_level(logging.DEBUG, "tramontane"):
        client.chat.complete(**ask)
        server.handler = lambda request: request.answer({"message": "not you"}, 401)
        with pytest.raises(tramontane.AuthenticationError):
            client.chat.complete(**ask)
    good, bad = caplog.messages
    assert good.startswith("chat mistral-small-2603: 200 in ") and good.endswith(", request r-9")
    assert "failed after" in bad and "authentication" in bad and "not you" in bad
    assert "Which wind?" not in caplog.text and KEY not in caplog.text


def test_bodies_are_logged_where_they_were_asked_for(server: Loopback, ask: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    server.handler = lambda request: request.answer(ANSWER)
    with tramontane.Client(api_key=KEY, base_url=server.url, log_bodies=True) as client:
        with caplog.at_level(logging.INFO, "tramontane"):
            client.chat.complete(**ask)
        assert "Which wind?" not in caplog.text
        with caplog.at_level(logging.DEBUG, "tramontane"):
            client.chat.complete(**ask)
    assert "Which wind?" in caplog.text and "A wind." in caplog.text and KEY not in caplog.text


def test_the_environment_shows_the_log(server: Loopback, python: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    server.handler = lambda request: request.answer(ANSWER)
    program = """if True:
        import os, sys
        os.environ["TRAMONTANE_LOG"] = "info"
        import tramontane
        client = tramontane.Client(base_url=sys.argv[1])
        client.chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}])
    """
    assert "tramontane INFO chat mistral-small-2603: 200 in " in python(program, server.url).stderr


def test_nothing_is_imported_for_those_who_do_not_listen(
    server: Loopback, python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    server.handler = lambda request: request.answer(ANSWER)
    program = """if True:
        import sys
        import tramontane
        client = tramontane.Client(base_url=sys.argv[1])
        client.chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}])
        print([name for name in sys.modules if name == "logging" or name.startswith("opentelemetry")])
    """
    assert python(program, server.url).stdout.strip() == "[]"
