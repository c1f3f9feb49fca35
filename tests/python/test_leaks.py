"""A session full of failures: whatever can be printed of it, the key is nowhere in it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import logging
import pickle
import sys
import traceback
import urllib.parse
import warnings
from typing import Any, Callable, Iterator

import pytest
from loopback import CHUNKS, Loopback, Request

import tramontane
from tramontane import Key

SECRET = "sk-tr4m+leak/test=KEY-that-nobody-may-see"
OTHER = "sk-other+leak/test=KEY-that-nobody-may-see"


def forms(secret: str) -> Iterator[bytes]:
    plain = secret.encode()
    yield plain
    for text in (plain, b"Bearer " + plain, b":" + plain):
        yield base64.b64encode(text).rstrip(b"=")[:-2]
        yield base64.urlsafe_b64encode(text).rstrip(b"=")[:-2]
    yield urllib.parse.quote(secret, safe="").encode()
    yield plain.hex().encode()
    yield plain[::-1]


FORMS = [form for secret in (SECRET, OTHER) for form in forms(secret)]


class Session:
    """Everything that was said."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self.failures: list[str] = []

    def say(self, *things: Any) -> None:
        for thing in things:
            self.texts.append(thing if isinstance(thing, bytes) else str(thing).encode("utf-8", "backslashreplace"))

    def show(self, thing: Any) -> None:
        """A thing in each form in which it can be printed or stored."""
        self.say(repr(thing), str(thing), ascii(thing), f"{thing}", dir(thing))
        self.say(getattr(thing, "__dict__", ""))
        for make in (pickle.dumps, json.dumps, vars, lambda thing: thing.to_json(), lambda thing: thing.meta):
            with contextlib.suppress(Exception):
                self.say(make(thing))

    def fails(self, what: str, act: Callable[[], Any]) -> None:
        try:
            self.show(act())
        except Exception as error:
            self.failures.append(f"{what}: {type(error).__name__}")
            self.say("".join(traceback.format_exception(error)))
            if sys.version_info >= (3, 11):
                self.say("".join(traceback.TracebackException.from_exception(error, capture_locals=False).format()))
            while error is not None:
                self.show(error)
                self.say(error.args, getattr(error, "__notes__", ""))
                error = error.__cause__ or error.__context__  # type: ignore[assignment]


def answers(status: int, body: Any, **headers: str) -> Callable[[Request], None]:
    return lambda request: request.answer(body, status, **headers)


def hang_up(request: Request) -> None:
    request.connection.close()


def half_a_stream(request: Request) -> None:
    request.start_stream()
    request.event(CHUNKS[0])
    # A server that says back what it was sent.
    request.event({**CHUNKS[1], "choices": [{"index": 0, "delta": {"content": request.headers["authorization"]}}]})
    request.connection.close()


def in_band(request: Request) -> None:
    request.start_stream()
    request.event(CHUNKS[0])
    request.event({"error": {"message": f"no: {request.headers['authorization']}", "code": request.headers["authorization"]}})
    request.end_stream()


def echo(status: int) -> Callable[[Request], None]:
    """A server that repeats the key wherever it can."""

    def handler(request: Request) -> None:
        key = request.headers["authorization"]
        body = {"object": "error", "message": f"bad key {key}", "type": key, "code": key, "param": key, "detail": [key]}
        request.answer(body, status, **{"mistral-correlation-id": key, "x-request-id": key})

    return handler


def stall(request: Request) -> None:
    request.wait_for_hangup(3)


CASES: dict[str, Callable[[Request], None]] = {
    "401": answers(401, {"detail": "Invalid API Key"}),
    "401 empty": answers(401, b""),
    "401 echo": echo(401),
    "400 echo": echo(400),
    "403 echo": echo(403),
    "429 echo": echo(429),
    "500 echo": echo(500),
    "422": answers(422, {"detail": [{"loc": ["body", "x"], "msg": "no", "input": {}}]}),
    "html": answers(502, b"<html><title>Bad gateway</title></html>", **{"content-type": "text/html"}),
    "broken json": answers(200, b'{"choices": [}'),
    "no answer": hang_up,
    "redirect to another host": answers(302, b"", location="http://127.0.0.1:9/elsewhere?token=x"),
    "redirect within the host": answers(307, b"", location="/elsewhere"),
    "stall": stall,
}


def calls(client: tramontane.Client, session: Session, server: Loopback, ask: dict[str, Any]) -> None:
    for name, handler in CASES.items():
        server.handler = handler
        session.fails(name, lambda: client.chat.complete(**ask, timeout=0.5))
        session.fails(f"{name}, streamed", lambda: list(client.chat.stream(**ask, timeout=0.5)))
        session.fails(f"{name}, list", lambda: client.models.list(timeout=0.5))
    for name, handler in {"half a stream": half_a_stream, "in-band error": in_band}.items():
        server.handler = handler
        session.fails(name, lambda: client.chat.stream(**ask).final())
    server.handler = lambda request: request.stream(CHUNKS)
    stream = client.chat.stream(**ask)
    session.show(stream)
    stream.close()
    session.fails("closed stream", stream.final)


def misplaced(session: Session, server: Loopback, ask: dict[str, Any]) -> None:
    """The key, and a client's settings, in wrong places."""
    url = server.url
    wrong: list[dict[str, Any]] = [
        {"api_key": f"{SECRET}\n{SECRET}"}, {"api_key": f"{SECRET} ö"}, {"api_key": SECRET.encode()}, {"api_key": [SECRET]},
        {"api_key": {"key": [SECRET]}}, {"api_key": f"{SECRET}\ud800"}, {"api_key": f"{SECRET}\x00"},
        {"api_key": Key(SECRET, expires_on="2020-01-01")}, {"api_key": Key.pool([f"{SECRET}\x7f"])},
        {"api_key": SECRET, "base_url": "http://127.0.0.1:1"}, {"api_key": SECRET, "base_url": "nonsense"},
        {"api_key": SECRET, "provider": "nobody"}, {"api_key": SECRET, "checks": "some"}, {"api_key": SECRET, "timeout": "x"},
        {"api_key": lambda: [SECRET]}, {"api_key": Key.file("/nonexistent/file")},
        {"api_key": SECRET, "limiter": {"requests_per_second": 0}}, {"api_key": SECRET, "limiter": "redis://:x@127.0.0.1:1"},
    ]  # fmt: skip
    for given in wrong:
        settings = {"base_url": url, **given}
        session.fails(f"settings {sorted(given)}", lambda: tramontane.Client(**settings).chat.complete(**ask, timeout=0.5))
    with tramontane.Client(api_key=SECRET, base_url=url) as client:
        bad: list[dict[str, Any]] = [
            {"extra_headers": {"authorization": f"Bearer {OTHER}"}}, {"extra_headers": {"x-api-key": OTHER}},
            {"extra_query": {"api_key": OTHER}}, {"extra_body": {"api_key": OTHER}},
            {"temperature": object()}, {"timeout": -1}, {"max_retries": -1},
        ]  # fmt: skip
        for options in bad:
            session.fails(f"call {sorted(options)}", lambda: client.chat.complete(**ask, **options))
        session.fails("pickle", lambda: pickle.dumps(client))
        session.fails("no attribute", lambda: client.no_such)  # type: ignore[attr-defined]
        session.show(client)
        session.show(client.chat)
        session.show(client._native)


def rotation(session: Session, server: Loopback, ask: dict[str, Any]) -> None:
    server.handler = echo(401)
    with tramontane.Client(api_key=Key.pool([SECRET, OTHER]), base_url=server.url) as client:
        session.fails("a pool of two bad keys", lambda: client.chat.complete(**ask))

    async def main() -> None:
        async with tramontane.AsyncClient(api_key=SECRET, base_url=server.url, max_retries=0) as client:
            session.show(client)
            for name, handler in CASES.items():
                server.handler = handler
                try:
                    await client.chat.complete(**ask, timeout=0.5)
                except tramontane.TramontaneError as error:
                    session.failures.append(f"{name}, asynchronous")
                    session.show(error)
                    session.say("".join(traceback.format_exception(error)))
            server.handler = server.stall
            task = asyncio.ensure_future(client.chat.complete(**ask))
            await asyncio.sleep(0.05)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            session.say(repr(task))

    asyncio.run(main(), debug=True)


def test_the_key_is_nowhere(server: Loopback, ask: dict[str, Any], capfd: pytest.CaptureFixture[str]) -> None:
    session = Session()
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            with tramontane.Client(api_key=SECRET, base_url=server.url, max_retries=0) as client:
                calls(client, session, server, ask)
            misplaced(session, server, ask)
            rotation(session, server, ask)
        session.say(*(str(warning.message) for warning in warned))
    finally:
        root.removeHandler(handler)
        root.level = level
    session.say(log.getvalue(), *capfd.readouterr())
    assert any(SECRET in request.headers.get("authorization", "") for request in server.requests), "the key was sent at all"
    assert len(session.failures) > 70, session.failures
    found = [(form, text) for text in session.texts for form in FORMS if form in text]
    assert not found, f"{len(found)} texts hold the key, first: {found[0][1][:300]!r}"
    with capfd.disabled():
        size = sum(map(len, session.texts)) // 1024
        print(f"\n{len(session.failures)} failures, {len(session.texts)} texts ({size} KiB), {len(FORMS)} forms of the key: none found")
