"""Synchronous calls drive their own connections: nobody looks after those between two calls, and threads come and go."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any, Callable

import pytest
from conftest import KEY, Python
from loopback import ANSWER, CHUNKS, Loopback, Request

import tramontane

Ask = dict[str, Any]


def hang_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


def in_a_thread(work: Callable[[], object]) -> None:
    """Runs it in a thread that is gone afterwards, and raises what it raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


def test_calls_one_after_the_other_use_one_connection_whatever_their_threads(
    client: tramontane.Client, server: Loopback, ask: Ask
) -> None:
    client.chat.complete(**ask)
    for _ in range(5):
        in_a_thread(lambda: client.chat.complete(**ask))
    client.chat.complete(**ask)
    assert len(server.requests) == 7
    assert server.connections == 1


@pytest.mark.parametrize("end", [hang_up, reset])
def test_a_connection_that_the_server_closed_between_two_calls_is_noticed(
    client: tramontane.Client, server: Loopback, ask: Ask, end: Callable[[socket.socket], None]
) -> None:
    ended = threading.Event()

    def answer_once(request: Request) -> None:
        request.answer(ANSWER)
        time.sleep(0.02)
        end(request.connection)
        ended.set()

    server.handler = answer_once
    for n in range(10):
        reply = client.chat.complete(**ask, max_retries=0)
        assert (reply.text, server.connections) == ("A wind.", n + 1)
        assert ended.wait(5)
        ended.clear()


def test_a_connection_that_the_server_wants_closed_is_closed(client: tramontane.Client, server: Loopback, ask: Ask) -> None:
    def once(request: Request) -> None:
        request.answer(ANSWER, connection="close")
        server.stall(request)

    server.handler = once
    assert client.chat.complete(**ask).text == "A wind."
    assert server.hung_up.wait(5)


def test_a_timeout_closes_the_connection(client: tramontane.Client, server: Loopback, ask: Ask) -> None:
    server.handler = server.stall
    with pytest.raises(tramontane.APITimeoutError):
        in_a_thread(lambda: client.chat.complete(**ask, timeout=0.2, max_retries=0))
    assert server.hung_up.wait(5)


@pytest.mark.parametrize("threads", [3, 40])
def test_more_threads_than_lanes(client: tramontane.Client, server: Loopback, ask: Ask, threads: int) -> None:
    """All of them are at the server at the same time."""
    together = threading.Barrier(threads, timeout=20)

    def all_at_once(request: Request) -> None:
        together.wait()
        request.answer(ANSWER)

    server.handler = all_at_once
    texts: list[str] = []
    running = [threading.Thread(target=lambda: texts.append(client.chat.complete(**ask).text)) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(30)
    assert texts == ["A wind."] * threads


def test_a_thousand_threads_leave_nothing_behind(server: Loopback, python: Python) -> None:
    program = f"""
import os, resource, sys, threading, time
import tramontane
client = tramontane.Client(api_key={KEY!r}, base_url=sys.argv[1])
ask = dict(model="mistral-small-2603", messages=[dict(role="user", content="Which wind?")])
def burst(threads):
    running = [threading.Thread(target=lambda: client.chat.complete(**ask)) for _ in range(threads)]
    for thread in running: thread.start()
    for thread in running: thread.join()
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() >> 20
for _ in range(20): burst(20)
before = resident()
for _ in range(50): burst(20)
time.sleep(0.2)   # a thread that was joined may need a moment to be gone
print(resident() - before, len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task")))
"""
    if not os.path.exists("/proc/self/statm"):
        pytest.skip("no /proc here")
    grown, descriptors, tasks = map(int, python(program, server.url).stdout.split())
    assert len(server.requests) == 1400
    assert grown < 10
    assert descriptors < 100
    assert tasks <= 2


def opened_in_a_thread(client: tramontane.Client, ask: Ask) -> Any:
    streams: list[Any] = []

    def work() -> None:
        streams.append(client.chat.stream(**ask))
        assert next(streams[0]).text == ""

    in_a_thread(work)
    return streams.pop()


def test_a_stream_is_read_on_after_its_thread_ended(client: tramontane.Client, server: Loopback, ask: Ask) -> None:
    server.handler = lambda request: request.stream(CHUNKS)
    stream = opened_in_a_thread(client, ask)
    in_a_thread(lambda: next(stream))
    assert stream.final().text == "A wind."


@pytest.mark.parametrize("way", ["close", "forget", "close in a thread", "forget in a cycle"])
def test_a_stream_of_another_thread_closes_its_connection(
    client: tramontane.Client, server: Loopback, ask: Ask, way: str
) -> None:
    server.handler = server.stream_then_stall
    stream = opened_in_a_thread(client, ask)
    if way == "close":
        stream.close()
    elif way == "close in a thread":
        in_a_thread(stream.close)
    elif way == "forget in a cycle":
        cycle: list[Any] = [stream]
        cycle.append(cycle)
        del cycle
    del stream
    gc.collect()
    assert server.hung_up.wait(5)


def test_a_call_inside_a_stream(client: tramontane.Client, server: Loopback, ask: Ask) -> None:
    def handler(request: Request) -> None:
        if request.json.get("stream"):
            request.stream(CHUNKS)
        else:
            request.answer(ANSWER)

    server.handler = handler
    texts = [client.chat.complete(**ask).text for _ in client.chat.stream(**ask)]
    assert len(texts) > 2 and set(texts) == {"A wind."}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer signals here")
def test_a_signal_handler_may_call_as_well(client: tramontane.Client, server: Loopback, ask: Ask) -> None:
    inner: list[str] = []

    def handler(request: Request) -> None:
        if request.number == 0:
            time.sleep(0.5)
        request.answer(ANSWER)

    server.handler = handler
    before = signal.signal(signal.SIGALRM, lambda *_: inner.append(client.chat.complete(**ask).text))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        assert client.chat.complete(**ask).text == "A wind."
    finally:
        signal.signal(signal.SIGALRM, before)
    assert inner == ["A wind."]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_signal_handler_may_fork(server: Loopback) -> None:
    def handler(request: Request) -> None:
        if request.number == 0:
            time.sleep(1)
        request.answer(ANSWER)

    server.handler = handler
    program = f"""
import os, signal, sys
import tramontane
client = tramontane.Client(api_key={KEY!r}, base_url=sys.argv[1])
ask = dict(model="mistral-small-2603", messages=[dict(role="user", content="Which wind?")])
parent, child = os.getpid(), []
signal.signal(signal.SIGALRM, lambda *_: child.append(os.fork()))
signal.setitimer(signal.ITIMER_REAL, 0.1)
try:
    print(client.chat.complete(**ask).text, flush=True)
except tramontane.UnsupportedError:
    os._exit(7 if os.getpid() != parent and client.chat.complete(**ask).text == "A wind." else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child[0], 0)[1]))
"""
    done = subprocess.run([sys.executable, "-c", program, server.url], capture_output=True, text=True, timeout=30)
    assert done.stdout == "A wind.\n7\n", done.stderr


def test_ctrl_c_comes_soon(server: Loopback) -> None:
    server.handler = server.stall
    program = f"""
import signal, sys, time
import tramontane
signal.signal(signal.SIGINT, signal.default_int_handler)   # who is started in the background is told to ignore it
client = tramontane.Client(api_key={KEY!r}, base_url=sys.argv[1])
try:
    client.chat.complete(model="mistral-small-2603", messages=[dict(role="user", content="Which wind?")])
except KeyboardInterrupt:
    print(time.monotonic(), flush=True)
    time.sleep(2)   # the socket must be closed now, not when the process ends
"""
    with subprocess.Popen([sys.executable, "-c", program, server.url], stdout=subprocess.PIPE, text=True) as process:
        assert server.asked.wait(30)
        time.sleep(0.2)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert server.hung_up.wait(10)
        closed = time.monotonic() - start
        assert process.stdout is not None
        raised = float(process.stdout.readline()) - start
        # About 50 ms on a machine with nothing else to do.
        assert raised < 1 and closed < 1.5
