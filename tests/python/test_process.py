"""Processes: Ctrl-C, fork, multiprocessing, and ends that come early. Each in a Python of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

import pytest
from conftest import KEY, Python
from loopback import CHUNKS, Loopback, Request

SETUP = f"""
import asyncio, multiprocessing, os, signal, sys, threading, time
import tramontane
signal.signal(signal.SIGINT, signal.default_int_handler)   # who is started in the background is told to ignore it
url = sys.argv[1]
ask = dict(model="mistral-small-2603", messages=[dict(role="user", content="Which wind?")])
client = tramontane.Client(api_key={KEY!r}, base_url=url)
"""


@pytest.fixture
def interrupted(server: Loopback) -> Iterator[object]:
    """Starts a program, sends it Ctrl-C as soon as the server was asked, and gives its output and how long that took."""
    running: list[subprocess.Popen[str]] = []

    def run(program: str) -> tuple[str, float]:
        process = subprocess.Popen(
            [sys.executable, "-c", SETUP + program, server.url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        running.append(process)
        assert server.asked.wait(30)
        time.sleep(0.2)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
        return said, time.monotonic() - start

    yield run
    for process in running:
        process.kill()
        process.wait()


PATIENT = """
try:
    %s
except KeyboardInterrupt:
    print("interrupted")
    time.sleep(0.5)   # the socket must be closed now, not when the process ends
    print("still here")
"""


COMPLETE = "client.chat.complete(**ask)"
ITERATE = "list(client.chat.stream(**ask))"
FINAL = "client.chat.stream(**ask).final()"
AWAIT = "asyncio.run(tramontane.AsyncClient(api_key='k' * 20, base_url=url).chat.complete(**ask))"


@pytest.mark.parametrize(
    ("call", "when"),
    [
        (COMPLETE, "before the answer"),
        (ITERATE, "before the answer"),
        (ITERATE, "inside the stream"),
        (FINAL, "inside the stream"),
        (AWAIT, "before the answer"),
    ],
)
def test_ctrl_c(interrupted: object, server: Loopback, call: str, when: str) -> None:
    server.handler = server.stall if when == "before the answer" else server.stream_then_stall
    said, took = interrupted(PATIENT % call)  # type: ignore[operator]
    assert said == "interrupted\nstill here\n"
    assert took < 3
    assert server.hung_up.is_set()


def test_ctrl_c_ends_a_process_that_does_not_catch_it(interrupted: object, server: Loopback) -> None:
    server.handler = server.stall
    said, took = interrupted("client.chat.complete(**ask)")  # type: ignore[operator]
    assert "KeyboardInterrupt" in said and KEY not in said
    assert took < 3


def test_a_signal_handler_that_does_not_raise_is_run_and_the_call_goes_on(server: Loopback, python: Python) -> None:
    def slow(request: Request) -> None:
        time.sleep(0.5)
        request.answer(b'{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[]}')

    server.handler = slow
    program = """
signal.signal(signal.SIGALRM, lambda *_: print("tick"))
signal.setitimer(signal.ITIMER_REAL, 0.1)
print(client.chat.complete(**ask).id)
"""
    assert python(SETUP + program, server.url).stdout == "tick\nx\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize(
    ("busy", "key"),
    [
        (False, repr(KEY)),
        (True, repr(KEY)),
        (True, "tramontane.Key.file(sys.argv[2])"),
        (True, "tramontane.Key.pool([tramontane.Key.file(sys.argv[2]), 'k' * 20])"),
        (True, "tramontane.Key.call(lambda: 'k' * 20, refresh=1e-9)"),
    ],
)
def test_fork(server: Loopback, python: Python, busy: bool, key: str, tmp_path: Path) -> None:
    """A client that has connections and a running thread is used on both sides of a fork, also while others call."""
    (tmp_path / "key").write_text(KEY)
    program = f"""
client = tramontane.Client(api_key={key}, base_url=url, budget=tramontane.Budget(tokens=10**9), limiter=dict(requests_per_minute=10**6))
client.chat.complete(**ask)
stop = []
def hammer():
    while not stop:
        client.chat.complete(**ask)
threads = [threading.Thread(target=hammer) for _ in range(4 if {busy} else 0)]
for thread in threads: thread.start()
for n in range(8):
    child = os.fork()
    if child == 0:
        try:
            assert client.chat.complete(**ask).text == "A wind."
            assert tramontane.Client(api_key="k" * 20, base_url=url).chat.complete(**ask).text == "A wind."
            other = tramontane.AsyncClient(api_key="k" * 20, base_url=url)
            assert asyncio.run(other.chat.complete(**ask)).text == "A wind."
            os._exit(7)
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
    assert client.chat.complete(**ask).text == "A wind."
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7, n
stop.append(True)
for thread in threads: thread.join()
print("done")
"""
    assert python(SETUP + program, server.url, str(tmp_path / "key")).stdout == "done\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_while_another_thread_asks_for_the_key(server: Loopback, python: Python) -> None:
    program = """
parent = os.getpid()
def fetch():
    if os.getpid() == parent:
        time.sleep(1)
    return "key-of-%d" % os.getpid()
client = tramontane.Client(api_key=fetch, base_url=url)
client.chat   # nothing is imported when it forks
asking = threading.Thread(target=lambda: print(client.chat.complete(**ask).text, flush=True))
asking.start()
time.sleep(0.3)
child = os.fork()
if child == 0:
    signal.alarm(10)
    client.chat.complete(**ask)
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
asking.join()
"""
    assert python(SETUP + program, server.url).stdout == "A wind.\n"
    assert len({request.headers["authorization"] for request in server.requests}) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_may_end_in_the_ordinary_way_and_leaves_the_parents_stream_alone(
    server: Loopback, python: Python
) -> None:
    def handler(request: Request) -> None:
        request.start_stream()
        request.event(CHUNKS[1])
        time.sleep(1)
        request.event(CHUNKS[3])
        request.end_stream()

    server.handler = handler
    program = """
stream = client.chat.stream(**ask)
assert next(stream).text == "A "
child = os.fork()
if child == 0:
    try:
        next(stream)
    except tramontane.UnsupportedError as error:
        print(error, flush=True)
    del stream
    sys.exit(7)
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 7
print(stream.final().text)
"""
    said = python(SETUP + program, server.url).stdout
    assert "forked" in said and said.endswith("A .\n")


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(server: Loopback, python: Python, method: str, tmp_path: object) -> None:
    program = tmp_path / "program.py"  # type: ignore[operator]
    program.write_text(
        SETUP
        + f"""
def work(n):
    return tramontane.Client(api_key="k" * 20, base_url=url).chat.complete(**ask)

if __name__ == "__main__":
    client.chat.complete(**ask)
    with multiprocessing.get_context({method!r}).Pool(2) as pool:
        replies = pool.map(work, range(6))
    print([reply.text for reply in replies] == ["A wind."] * 6, type(replies[0]).__name__)
"""
    )
    done = subprocess.run([sys.executable, str(program), server.url], capture_output=True, text=True, timeout=60)
    assert done.stdout == "True ChatCompletion\n", done.stderr


@pytest.mark.parametrize(
    "ending",
    [
        "stream = client.chat.stream(**ask); next(stream)",
        "stream = client.chat.stream(**ask); next(stream); sys.exit(0)",
        "threading.Thread(target=lambda: client.chat.complete(**ask), daemon=True).start(); time.sleep(0.3)",
        "threading.Thread(target=lambda: list(client.chat.stream(**ask)), daemon=True).start(); time.sleep(0.3)",
        """
async def main():
    asyncio.create_task(tramontane.AsyncClient(api_key="k" * 20, base_url=url).chat.complete(**ask))
    await asyncio.sleep(0.3)
asyncio.run(main())
""",
        """
async def main():
    stream = tramontane.AsyncClient(api_key="k" * 20, base_url=url).chat.stream(**ask)
    await anext(stream)
asyncio.run(main())
""",
        """
loop = asyncio.new_event_loop()
task = loop.create_task(tramontane.AsyncClient(api_key="k" * 20, base_url=url).chat.complete(**ask))
loop.run_until_complete(asyncio.sleep(0.3))
task._log_destroy_pending = False
loop.close()
""",
    ],
)
def test_an_interpreter_may_end_at_any_time(server: Loopback, python: Python, ending: str) -> None:
    server.handler = server.stream_then_stall
    start = time.monotonic()
    done = python(SETUP + ending, server.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - start < 10
