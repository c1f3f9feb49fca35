"""Files on their way when something else happens: Ctrl-C, a fork, an end that comes early, a cancelled task, a reader that goes."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from conftest import KEY, Python
from loopback import Loopback, Request

import tramontane

SETUP = f"""
import asyncio, gc, io, os, signal, sys, threading, time
import tramontane
signal.signal(signal.SIGINT, signal.default_int_handler)   # who is started in the background is told to ignore it
url = sys.argv[1]
client = tramontane.Client(api_key={KEY!r}, base_url=url, max_retries=0)

class Endless:
    "A file without an end, and slow."
    name = "endless.bin"
    def read(self, size=-1):
        time.sleep(0.01)
        return b"x" * 1000
"""
PIECE = b"x" * 100_000


def half(server: Loopback) -> None:
    """From now on the server sends the half of a file and then nothing, and takes an upload as long as it comes."""

    def handler(request: Request) -> None:
        if request.method == "GET":
            request.answer(b"", **{"content-type": "application/octet-stream", "content-length": str(2 * len(PIECE))})
            request.connection.sendall(PIECE)
        server.stall(request)

    server.handler = handler


def asked(server: Loopback) -> bool:
    """Whether somebody asked: of an endless upload, the beginning is enough."""
    return bool(server.connections)


DOWNLOADS = ["list(client.files.download(file_id='f'))", "client.files.download(file_id='f').save(sys.argv[2])"]
AWAITED = """
async def main():
    async with tramontane.AsyncClient(api_key='k' * 20, base_url=url, max_retries=0) as client:
        await client.files.download(file_id='f').save(sys.argv[2])
asyncio.run(main())
"""
UPLOAD = "client.files.upload(Endless(), purpose='ocr')"


@pytest.mark.parametrize("work", [*DOWNLOADS, AWAITED, UPLOAD])
def test_ctrl_c(server: Loopback, tmp_path: Any, work: str) -> None:
    half(server)
    program = (
        f"{SETUP}\nsys.stdout.reconfigure(line_buffering=True)\ntry:\n    exec({work!r})\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n    time.sleep(2)\n    print('still here')\n"
    )
    command = [sys.executable, "-c", program, server.url, str(tmp_path / "copy")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        deadline = time.monotonic() + 30
        while not asked(server) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.5)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None and process.stdout.readline() == "interrupted\n"
        assert time.monotonic() - start < 3
        said, _ = process.communicate(timeout=20)
    assert said == "still here\n"
    # No half a file stays, under whatever name.
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_leaves_the_parents_download_alone(server: Loopback, python: Python) -> None:
    go = threading.Event()

    def handler(request: Request) -> None:
        request.answer(b"", **{"content-type": "application/octet-stream", "content-length": str(2 * len(PIECE))})
        request.connection.sendall(PIECE)
        time.sleep(1)
        request.connection.sendall(PIECE)
        go.set()

    server.handler = handler
    program = """
download = client.files.download(file_id="f")
read = len(next(download))
child = os.fork()
if child == 0:
    for attempt in (lambda: next(download), lambda: download.save("nowhere")):
        try:
            attempt()
        except tramontane.UnsupportedError as error:
            print(error, flush=True)
    download.close()
    del download
    gc.collect()
    sys.exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
print(read + len(download.read()))
"""
    *said, length = python(SETUP + program, server.url).stdout.splitlines()
    assert len(said) == 2 and all("forked" in line for line in said)
    assert int(length) == 2 * len(PIECE)


@pytest.mark.parametrize(
    "ending",
    [
        "download = client.files.download(file_id='f'); next(download)",
        "download = client.files.download(file_id='f'); next(download); sys.exit(0)",
        "threading.Thread(target=lambda: client.files.download(file_id='f').read(), daemon=True).start(); time.sleep(0.3)",
        "threading.Thread(target=lambda: client.files.upload(Endless(), purpose='ocr'), daemon=True).start(); time.sleep(0.3)",
        """
async def main():
    client = tramontane.AsyncClient(api_key='k' * 20, base_url=url)
    asyncio.create_task(client.files.upload(Endless(), purpose='ocr'))
    await anext(client.files.download(file_id='f'))
    await asyncio.sleep(0.3)
asyncio.run(main())
""",
    ],
)
def test_an_interpreter_may_end_at_any_time(server: Loopback, python: Python, ending: str) -> None:
    half(server)
    start = time.monotonic()
    done = python(SETUP + ending, server.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - start < 15


def test_a_forgotten_download_closes_the_connection(client: tramontane.Client, server: Loopback) -> None:
    half(server)
    download = client.files.download(file_id="f")
    next(download)
    del download
    gc.collect()
    assert server.hung_up.wait(5)


@pytest.mark.parametrize("what", ["download", "stream"])
def test_what_is_forgotten_in_a_loop_closes_the_connection(server: Loopback, ask: dict[str, Any], what: str) -> None:
    if what == "download":
        half(server)
    else:
        server.handler = server.stream_then_stall

    async def main() -> None:
        client = tramontane.AsyncClient(api_key=KEY, base_url=server.url)
        opened: Any = client.files.download(file_id="f") if what == "download" else client.chat.stream(**ask)
        await anext(opened)
        del opened
        gc.collect()
        assert await asyncio.to_thread(server.hung_up.wait, 5)

    asyncio.run(main())


@pytest.mark.parametrize("what", ["read", "save", "upload"])
def test_cancelling_a_task_closes_the_connection(server: Loopback, tmp_path: Any, what: str) -> None:
    half(server)

    class Slow:
        name = "slow.bin"

        def read(self, size: int = -1) -> bytes:
            time.sleep(0.01)
            return b"x" * 1000

    async def main() -> None:
        async with tramontane.AsyncClient(api_key=KEY, base_url=server.url, max_retries=0) as client:
            work: Any
            if what == "upload":
                work = client.files.upload(Slow(), purpose="ocr")
            else:
                download = client.files.download(file_id="f")
                work = download.read() if what == "read" else download.save(tmp_path / "copy")
            task = asyncio.ensure_future(work)
            while not asked(server):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.3)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    if what != "upload":
        assert server.hung_up.wait(5)
    deadline = time.monotonic() + 5
    while os.listdir(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert os.listdir(tmp_path) == []


def test_trio_is_refused_with_a_clear_text(server: Loopback, python: Python) -> None:
    pytest.importorskip("trio")
    program = """
import trio
async def main():
    client = tramontane.AsyncClient(api_key='k' * 20, base_url=url)
    for go in (lambda: client.files.download(file_id='f').read(), lambda: client.files.upload(('a', b'b'), purpose='ocr'),
               lambda: client.files.list(), lambda: client.send(tramontane.build({'model': 'm', 'messages': [{'role': 'user', 'content': 'x'}]}))):
        try:
            await go()
        except tramontane.UnsupportedError as error:
            print(error.message)
trio.run(main)
"""
    said = python(SETUP + program, server.url).stdout.splitlines()
    assert said == ["an `AsyncClient` needs a running asyncio event loop, and this is trio"] * 4
    assert server.requests == []
