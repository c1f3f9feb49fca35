from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, Callable, Iterator

import pytest
from loopback import Loopback

import tramontane

KEY = "a-key-for-tests-0123456789"


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def client(server: Loopback) -> Iterator[tramontane.Client]:
    with tramontane.Client(api_key=KEY, base_url=server.url) as made:
        yield made


@pytest.fixture
def async_client(server: Loopback) -> tramontane.AsyncClient:
    return tramontane.AsyncClient(api_key=KEY, base_url=server.url)


@pytest.fixture
def ask() -> dict[str, Any]:
    """A good request."""
    return {"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Which wind?"}]}


Python = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def python() -> Python:
    """Runs a program in a Python of its own."""

    def run(program: str, *arguments: str, check: bool = True, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            env={**os.environ, "MISTRAL_API_KEY": KEY},
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    return run
