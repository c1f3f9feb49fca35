"""The programs that Python's services run in: gunicorn that loads before it forks, Celery with forked workers, trio."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from conftest import KEY, Python
from loopback import Loopback

import tramontane

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")

#: A module that makes a client, and uses it, before anybody forks.
MODULE = f"""
import os
import tramontane
client = tramontane.Client(api_key={KEY!r}, base_url=os.environ["TEST_URL"])
ask = dict(model="mistral-small-2603", messages=[dict(role="user", content="Which wind?")])
assert client.chat.complete(**ask).text == "A wind."
PARENT = os.getpid()
"""

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(server: Loopback, tmp_path: Path) -> Iterator[Start]:
    """Starts a program of the environment in a folder of its own; ends it when the test does."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*command: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / "log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            env={**os.environ, "TEST_URL": server.url},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def get(url: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=20) as answer:
        return json.load(answer)


def eventually(attempt: Callable[[], Any], process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> Any:
    """What ``attempt`` gives as soon as it does not fail."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except (OSError, AssertionError):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(log.read_text())
            time.sleep(0.2)


def test_gunicorn_that_loads_before_it_forks(start: Start, server: Loopback, tmp_path: Path) -> None:
    pytest.importorskip("gunicorn")
    (tmp_path / "web.py").write_text(
        MODULE
        + """
import json
def app(environ, respond):
    text = client.chat.complete(**ask).text
    respond("200 OK", [("content-type", "application/json"), ("connection", "close")])
    return [json.dumps([PARENT, os.getpid(), text]).encode()]
"""
    )
    port = free_port()
    process = start("gunicorn", "--preload", "--workers", "2", "--bind", f"127.0.0.1:{port}", "--no-control-socket", "web:app")
    url = f"http://127.0.0.1:{port}/"
    eventually(lambda: get(url), process, tmp_path / "log")
    answers = [get(url) for _ in range(30)]
    assert {text for _, _, text in answers} == {"A wind."}
    parents, workers = {parent for parent, _, _ in answers}, {worker for _, worker, _ in answers}
    assert parents == {process.pid}
    assert process.pid not in workers
    # A worker that ends is forked again, from the same parent.
    os.kill(next(iter(workers)), signal.SIGTERM)
    eventually(lambda: get(url), process, tmp_path / "log")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0, (tmp_path / "log").read_text()
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_celery_with_forked_workers(
    start: Start, server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    celery = pytest.importorskip("celery")
    for folder in ("queue", "control", "results"):
        (tmp_path / folder).mkdir()
    settings = f"""
import celery
app = celery.Celery("jobs", broker="filesystem://", backend="file://{tmp_path}/results")
app.conf.broker_transport_options = dict(
    data_folder_in="{tmp_path}/queue", data_folder_out="{tmp_path}/queue", control_folder="{tmp_path}/control"
)
app.conf.broker_connection_retry_on_startup = True
"""
    (tmp_path / "jobs.py").write_text(
        MODULE
        + settings
        + """
@app.task(name="ask")
def work(n):
    import asyncio
    stream = client.chat.complete(**ask).text
    other = tramontane.AsyncClient(api_key="k" * 20, base_url=os.environ["TEST_URL"])
    return [PARENT, os.getpid(), stream, asyncio.run(other.chat.complete(**ask)).text]
"""
    )
    process = start(
        "celery", "-A", "jobs", "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    )  # fmt: skip
    space: dict[str, Any] = {"celery": celery}
    exec(settings, space)
    waiting = [space["app"].send_task("ask", args=[n]) for n in range(8)]

    def done() -> list[Any]:
        assert all(result.ready() for result in waiting)
        return [result.get(timeout=5) for result in waiting]

    answers = eventually(done, process, tmp_path / "log", 90)
    assert {(one, two) for _, _, one, two in answers} == {("A wind.", "A wind.")}
    assert all(parent != worker for parent, worker, _, _ in answers)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0, (tmp_path / "log").read_text()


def test_trio_is_refused_with_a_clear_text(server: Loopback, python: Python) -> None:
    pytest.importorskip("trio")
    program = f"""
import sys, trio, tramontane
ask = dict(model="mistral-small-2603", messages=[dict(role="user", content="Which wind?")])
async def main():
    client = tramontane.AsyncClient(api_key={KEY!r}, base_url=sys.argv[1])
    for go in (lambda: client.chat.complete(**ask), lambda: anext(client.chat.stream(**ask))):
        try:
            await go()
        except tramontane.UnsupportedError as error:
            print(error)
    blocking = tramontane.Client(api_key={KEY!r}, base_url=sys.argv[1])
    print((await trio.to_thread.run_sync(lambda: blocking.chat.complete(**ask))).text)
trio.run(main)
"""
    done = python(program, server.url)
    said = done.stdout.splitlines()
    assert said[0].startswith("an `AsyncClient` needs a running asyncio event loop, and this is trio; call `tramontane.Client`")
    assert said[1] == said[0] and said[2] == "A wind."
    assert done.stderr == ""
    assert len(server.requests) == 1


def test_without_a_loop_the_text_says_what_is_missing(server: Loopback, ask: dict[str, Any]) -> None:
    waiting = tramontane.AsyncClient(api_key=KEY, base_url=server.url).chat.complete(**ask)
    with pytest.raises(tramontane.UnsupportedError, match="needs a running asyncio event loop; await it in a coroutine"):
        waiting.send(None)
    assert server.requests == []
