"""The scripts of `tests/scripts`, with real sockets and real time: every case by both clients, many at once."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

import pytest
from conftest import KEY, Python

import tramontane

ROOT = Path(__file__).parent.parent.parent
SERVER = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/script-server"
#: What a machine with other things to do may add to a wait, in milliseconds.
PATIENCE = 5000

Case = dict[str, Any]


class Scripts:
    """The server, its scripts, and what it saw."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cases: list[Case] = self._get("/cases")

    def log(self) -> dict[str, Any]:
        log: dict[str, Any] = self._get("/log")
        return log

    def _get(self, path: str) -> Any:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + path, timeout=20) as answer:
            return json.load(answer)


@contextmanager
def served() -> Iterator[Scripts]:
    with subprocess.Popen([SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        yield Scripts(process.stdout.readline().strip())
        process.stdin.close()


@pytest.fixture
def scripts() -> Iterator[Scripts]:
    if not SERVER.exists():
        pytest.skip(f"no {SERVER.name} was built")
    with served() as running:
        yield running


def settings(case: Case) -> dict[str, Any]:
    options = dict(case["options"] or {})
    timeout = {name: options.pop(name) for name in ("total", "first_event", "idle") if name in options}
    return {"api_key": KEY, "base_url": case["base_url"], "timeout": timeout or None, **options}


ASK: dict[str, Any] = {"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Which cheese?"}]}


def call(case: Case) -> str | None:
    with tramontane.Client(**settings(case)) as client:
        if case["call"] == "chat":
            return client.chat.complete(**ASK).text
        with client.chat.stream(**ASK) as stream:
            return stream.final().text


async def call_async(case: Case) -> str | None:
    async with tramontane.AsyncClient(**settings(case)) as client:
        if case["call"] == "chat":
            return (await client.chat.complete(**ASK)).text
        async with client.chat.stream(**ASK) as stream:
            return (await stream.final()).text


def outcome(error: tramontane.TramontaneError) -> dict[str, Any]:
    assert KEY not in f"{error} {error!r}"
    partial = error.partial
    return {
        "kind": error.kind,
        "status": error.status,
        "retryable": error.retryable,
        "code": error.code,
        "retry_after": error.retry_after,
        "request_id": error.request_id,
        "message": str(error),
        "partial": None if partial is None else partial["choices"][0]["message"].get("content"),
    }


def differs(expect: dict[str, Any], text: str | None, error: dict[str, Any] | None) -> str | None:
    """Where a result is not what the script expects."""
    if "text" in expect:
        return None if error is None and text == expect["text"] else f"expected {expect['text']!r}, got {error or text!r}"
    if error is None:
        return f"expected {expect['error']}, got {text!r}"
    for name, wanted in expect["error"].items():
        got = error["partial" if name == "partial_of" else name]
        if name == "message":
            fits = wanted in got
        elif name == "partial_of":
            fits = wanted.startswith(got or "")
        elif isinstance(wanted, list):
            fits = got in wanted
        else:
            fits = got == wanted
        if not fits:
            return f"expected {name} {wanted!r}, got {error}"
    return None


def waited_wrongly(case: Case, seen: dict[str, Any], took: float) -> str | None:
    """Where the attempts and the waits between them, as the server saw them, are not the script's."""
    expect = case["expect"]
    if took * 1000 < sum(shortest for shortest, _ in expect["waits"]):
        return f"was over after {took:.2f} s"
    if not case["logged"]:
        return None
    arrived, answered = seen["arrived"], seen["answered"]
    if len(arrived) != expect["attempts"]:
        return f"expected {expect['attempts']} attempts, the server saw {len(arrived)}"
    if any(body != seen["bodies"][0] for body in seen["bodies"]) or set(seen["authorization"]) != {f"Bearer {KEY}"}:
        return "an attempt was not sent as the one before it"
    for (shortest, longest), start, end in zip(expect["waits"], answered, arrived[1:]):
        # An attempt that was given up has no answer, or one that nobody waited for.
        if start is not None and start <= end and not shortest - 2 <= end - start <= longest + PATIENCE:
            return f"waited {end - start} ms, not {shortest} to {longest}"
    return None


Result = tuple[str | None, dict[str, Any] | None, float]


def run_sync(cases: list[Case]) -> list[Result]:
    def one(case: Case) -> Result:
        start = time.monotonic()
        try:
            return call(case), None, time.monotonic() - start
        except tramontane.TramontaneError as error:
            return None, outcome(error), time.monotonic() - start

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(one, cases))


def run_async(cases: list[Case]) -> list[Result]:
    async def one(case: Case, turn: asyncio.Semaphore) -> Result:
        async with turn:
            start = time.monotonic()
            try:
                return await call_async(case), None, time.monotonic() - start
            except tramontane.TramontaneError as error:
                return None, outcome(error), time.monotonic() - start

    async def all_of_them() -> list[Result]:
        turn = asyncio.Semaphore(32)
        return await asyncio.gather(*(one(case, turn) for case in cases))

    return asyncio.run(all_of_them())


def fault_of(case: Case, seen: dict[str, Any], result: Result) -> str | None:
    text, error, took = result
    return differs(case["expect"], text, error) or waited_wrongly(case, seen, took)


def fault_alone(at: int, run: Any) -> str | None:
    """What is still wrong with a case that has the machine to itself: a busy one is late, and a limit of 0.3 s is then short."""
    for _ in range(3):
        with served() as scripts:
            result = run([scripts.cases[at]])[0]
            fault = fault_of(scripts.cases[at], scripts.log()["cases"][at], result)
        if fault is None:
            return None
    return fault


@pytest.mark.parametrize("run", [run_sync, run_async])
def test_every_script_comes_out_as_it_says(scripts: Scripts, run: Any) -> None:
    results = run(scripts.cases)
    log = scripts.log()
    table: dict[str, list[int]] = {}
    wrong = []
    for at, (case, seen, result) in enumerate(zip(scripts.cases, log["cases"], results, strict=True)):
        if fault_of(case, seen, result) and (fault := fault_alone(at, run)):
            wrong.append(f"{case['family']}: {case['name']}: {fault}")
        row = table.setdefault(case["family"], [0, 0, 0])
        row[0] += 1
        row[1] += len(seen["arrived"])
        row[2] += result[1] is not None
    for family, (number, attempts, errors) in table.items():
        print(f"{family:<14}{number:>6} scripts{attempts:>6} attempts{errors:>6} errors")
    assert not wrong, "\n".join(wrong)
    assert log["other_saw"] == []
    assert len(results) > 1000


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured by /proc here")
@pytest.mark.parametrize("name", ["200 MB, as announced", "200 MB, in chunks", "20 MB in a few kilobytes of gzip"])
def test_no_more_than_the_limit_is_held_in_memory(scripts: Scripts, python: Python, name: str) -> None:
    case = next(case for case in scripts.cases if case["name"] == name)
    program = """
import sys, tramontane
client = tramontane.Client(api_key="k" * 20, base_url=sys.argv[1], max_response_bytes=int(sys.argv[2]))
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) >> 10
before = peak()
try:
    client.chat.complete(model="mistral-small-2603", messages=[dict(role="user", content="Hi")])
except tramontane.ResponseTooLargeError as error:
    print(peak() - before, error.kind)
"""
    limit = 16 << 20
    grown, kind = python(program, case["base_url"], str(limit)).stdout.split()
    assert kind == "response_too_large"
    # The limit itself, once more while a buffer grows, and what a first call costs.
    assert int(grown) < 2 * (limit >> 20) + 12
