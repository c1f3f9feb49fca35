"""The sandbox and the command line, as the wheel carries them."""

from __future__ import annotations

import asyncio
import doctest
import json
import subprocess
import sys
from typing import Any

import pytest
from conftest import Python

import tramontane
from tramontane.testing import Sandbox


def test_a_sandbox_answers(ask: dict[str, Any]) -> None:
    with Sandbox(key="only-this-key") as sandbox:
        with sandbox.client() as client:
            reply = client.chat.complete(**ask)
            assert reply.choices[0].finish_reason == "stop"
            assert "sandbox" in reply.text.lower()
            with client.chat.stream(**ask) as stream:
                assert stream.final().text == "".join(stream.text)
        with pytest.raises(tramontane.AuthenticationError):
            tramontane.Client(api_key="another", base_url=sandbox.url).chat.complete(**ask)
    sandbox.stop()
    with pytest.raises(tramontane.APIConnectionError):
        sandbox.client(max_retries=0).chat.complete(**ask)


def test_a_sandbox_answers_asynchronously(ask: dict[str, Any]) -> None:
    async def work(sandbox: Sandbox) -> str:
        async with sandbox.async_client() as client, client.chat.stream(**ask) as stream:
            return "".join([text async for text in stream.text_stream])

    with Sandbox(pace=0.001) as sandbox:
        assert asyncio.run(work(sandbox))


def test_the_port_may_be_taken() -> None:
    with Sandbox() as sandbox:
        port = int(sandbox.url.rpartition(":")[2])
        with pytest.raises(OSError, match=str(port)):
            Sandbox(port=port)
    with pytest.raises(ValueError):
        Sandbox(pace=-1)
    with pytest.raises(tramontane.TramontaneError, match="date"):
        Sandbox(on="tomorrow")


def test_a_forked_process_does_not_wait_for_the_parents_sandbox(python: Python) -> None:
    program = """
import os
from tramontane.testing import Sandbox
sandbox = Sandbox()
child = os.fork()
if child == 0:
    sandbox.stop()
    raise SystemExit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
sandbox.client().chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}])
print("done")
"""
    assert python(program).stdout == "done\n"


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "tramontane", *arguments], capture_output=True, text=True, timeout=60, **options)


def test_the_command_line() -> None:
    done = run("models", "resolve", "mistral-small-2603", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sent_as"] == "mistral-small-2603"
    assert run("--version").stdout.split()[-1] == tramontane.__version__
    wrong = run("check", "-", input='{"model": "mistral-small-2603"}')
    assert wrong.returncode == 1
    assert "messages" in wrong.stdout + wrong.stderr
    assert run("no-such-command").returncode == 2


def test_the_examples_in_the_documentation() -> None:
    import tramontane.testing

    for module in (tramontane, tramontane.testing):
        assert doctest.testmod(module).failed == 0
