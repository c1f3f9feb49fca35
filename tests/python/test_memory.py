"""What calls need beyond their answers: the time of one call for eight threads, little memory for a large file, none for many."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import Python
from loopback import ANSWER, CHUNKS, Loopback, Request

import tramontane

MIB = 1 << 20
FILE = 256 * MIB


@pytest.fixture
def large() -> Iterator[Loopback]:
    """A server whose every file has 256 MiB."""
    piece = bytes(MIB)

    def answer(request: Request) -> None:
        request.answer(b"", **{"content-type": "application/octet-stream", "content-length": str(FILE)})
        for _ in range(FILE // MIB):
            request.connection.sendall(piece)

    server = Loopback(answer)
    yield server
    server.close()


# How a file is taken; each prints how many bytes it had.
WAYS = {
    "saved": "print(client.files.download(file_id='f').save(sys.argv[2]))",
    "iterated": "print(sum(len(piece) for piece in client.files.download(file_id='f')))",
    "awaited": """
async def main():
    async with tramontane.AsyncClient(base_url=sys.argv[1]) as client:
        print(sum([len(piece) async for piece in client.files.download(file_id='f')]))
        print(await client.files.download(file_id='f').save(sys.argv[2]))
asyncio.run(main())
""",
}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured by /proc here")
@pytest.mark.parametrize("way", WAYS)
def test_a_large_file_needs_little_memory(large: Loopback, python: Python, tmp_path: Any, way: str) -> None:
    program = f"""
import asyncio, sys, tramontane
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) >> 10
client = tramontane.Client(base_url=sys.argv[1])
with client.files.download(file_id="f") as download:
    next(download)
before = peak()
{WAYS[way]}
print(peak() - before)
"""
    *lengths, grown = map(int, python(program, large.url, str(tmp_path / "copy")).stdout.split())
    assert set(lengths) == {FILE}
    assert grown < 24, f"{grown} MiB more memory for {FILE // MIB} MiB of file"


def test_a_file_that_nobody_reads_waits_at_the_server(large: Loopback) -> None:
    sent = 0
    handler = large.handler

    class Counting:
        def __init__(self, connection: Any) -> None:
            self._connection = connection

        def sendall(self, data: bytes) -> None:
            nonlocal sent
            self._connection.sendall(data)
            sent += len(data)

    def counted(request: Request) -> None:
        request.connection = Counting(request.connection)  # type: ignore[assignment]
        handler(request)

    large.handler = counted
    with tramontane.Client(api_key="k", base_url=large.url) as client, client.files.download(file_id="f") as download:
        next(download)
        before = -1
        while before != sent:
            before = sent
            time.sleep(0.2)
        assert sent < 40 * MIB, f"{sent // MIB} MiB went out while nobody read"


@pytest.mark.parametrize("kind", ["complete", "stream"])
def test_eight_threads_need_the_time_of_one(client: tramontane.Client, server: Loopback, ask: dict[str, Any], kind: str) -> None:
    pause = 0.5

    def slow(request: Request) -> None:
        time.sleep(pause)
        request.answer(ANSWER) if kind == "complete" else request.stream(CHUNKS)

    server.handler = slow

    def call(_: int) -> str:
        if kind == "complete":
            return client.chat.complete(**ask).text
        with client.chat.stream(**ask) as stream:
            return stream.final().text

    call(0)
    with ThreadPoolExecutor(8) as threads:
        start = time.monotonic()
        texts = list(threads.map(call, range(16)))
        elapsed = time.monotonic() - start
    assert texts == ["A wind."] * 16
    # One after another they would need sixteen times the pause.
    assert 2 * pause <= elapsed < 8 * pause


def test_an_answer_is_parsed_while_other_threads_run(client: tramontane.Client, server: Loopback, ask: dict[str, Any]) -> None:
    """The interpreter is let go for the whole of a large answer: it is read, decompressed and parsed without it."""
    vector = b'{"object": "embedding", "index": 0, "embedding": [' + b",".join([b"0.123456"] * 1024) + b"]}"
    body = b'{"id": "e", "object": "list", "model": "mistral-embed-2312", "data": [' + b",".join([vector] * 4000) + b"]}"
    server.handler = lambda request: request.answer(body)
    for _ in range(3):
        longest, took = _silence_during(client)
        # What a loaded machine takes from everybody, it takes seldom three times.
        if longest < max(took / 2, 0.25):
            return
    pytest.fail(f"no other thread ran for {longest:.3f} s of a call of {took:.3f} s")


def _silence_during(client: tramontane.Client) -> tuple[float, float]:
    """The longest that another thread did not run while a large answer was had, and how long that took."""
    longest, over = 0.0, threading.Event()

    def watch() -> None:
        nonlocal longest
        last = time.monotonic()
        while not over.is_set():
            time.sleep(0.001)
            now = time.monotonic()
            longest, last = max(longest, now - last), now

    watching = threading.Thread(target=watch)
    watching.start()
    started = time.monotonic()
    reply = client.embeddings.create(model="mistral-embed-2312", input=["a"])
    took = time.monotonic() - started
    over.set()
    watching.join()
    assert len(reply.data) == 4000 and len(reply.data[3999].embedding) == 1024
    return longest, took


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured by /proc here")
def test_many_calls_keep_nothing(server: Loopback, python: Python) -> None:
    program = """
import gc, resource, sys, tramontane
client = tramontane.Client(base_url=sys.argv[1])
messages = [{"role": "user", "content": "x" * 2000}]
def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()
def calls(number):
    for at in range(number):
        client.chat.complete(model="mistral-small-2603", messages=messages)
        with client.with_options(timeout=30).chat.stream(model="mistral-small-2603", messages=messages) as stream:
            next(stream)
        try:
            client.chat.complete(model="mistral-small-2603", messages=[])
        except tramontane.InvalidRequest:
            pass
    gc.collect()
calls(150)
before = rss()
calls(600)
print((rss() - before) * 100 // before)
"""
    def answer(request: Request) -> None:
        request.stream(CHUNKS) if request.json.get("stream") else request.answer(ANSWER)

    server.handler = answer
    assert int(python(program, server.url).stdout) < 5
