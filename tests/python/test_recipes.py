"""The recipes of docs/keys.md, as they stand there, against stores of secrets on 127.0.0.1."""

from __future__ import annotations

import base64
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from loopback import Loopback, Request

import tramontane
from tramontane import Key

PAGE = Path(__file__).parents[2] / "docs" / "keys.md"
RECIPES = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def recipe(name: str) -> Callable[[], str]:
    """Runs a recipe whole, and gives its function."""
    [text] = [text for text in RECIPES if f"def {name}()" in text]
    names: dict[str, Any] = {}
    exec(compile(text, str(PAGE), "exec"), names)
    assert isinstance(names["client"], tramontane.Client)
    fetch: Callable[[], str] = names[name]
    return fetch


def test_every_recipe_is_run_here() -> None:
    assert [re.findall(r"def (\w+)\(\)", text) for text in RECIPES] == [["from_aws"], ["from_google"], ["from_vault"]]


def sends(fetch: Callable[[], str], server: Loopback, ask: dict[str, Any]) -> str:
    """The key with which a call is sent."""
    with tramontane.Client(api_key=Key.call(fetch, refresh=3600), base_url=server.url) as client:
        client.chat.complete(**ask)
    return server.requests[-1].headers["authorization"].removeprefix("Bearer ")


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    pytest.importorskip("moto.server")
    pytest.importorskip("boto3")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < deadline and process.poll() is None, "moto's server does not listen"
                time.sleep(0.1)
        url = f"http://127.0.0.1:{port}"
        settings = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-west-3"}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def test_aws_secrets_manager(moto: str, server: Loopback, ask: dict[str, Any]) -> None:
    import boto3  # type: ignore[import-untyped]

    boto3.client("secretsmanager").create_secret(Name="mistral-api-key", SecretString="key-from-aws\n")
    assert sends(recipe("from_aws"), server, ask) == "key-from-aws"


def test_google_secret_manager(server: Loopback, ask: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    secretmanager = pytest.importorskip("google.cloud.secretmanager")
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports import SecretManagerServiceRestTransport

    store = Loopback()
    path = "/v1/projects/my-project/secrets/mistral-api-key/versions/latest:access"

    def handler(request: Request) -> None:
        assert request.path.split("?")[0] == path
        data = base64.b64encode(b"key-from-google\n").decode()
        request.answer({"name": path.split(":")[0][4:], "payload": {"data": data}})

    store.handler = handler
    official = secretmanager.SecretManagerServiceClient

    def local() -> Any:
        host = store.url.removeprefix("http://")
        nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]
        return official(transport=SecretManagerServiceRestTransport(host=host, credentials=nobody, url_scheme="http"))

    monkeypatch.setattr(secretmanager, "SecretManagerServiceClient", local)
    try:
        assert sends(recipe("from_google"), server, ask) == "key-from-google"
        assert len(store.requests) == 1
    finally:
        store.close()


def test_vault(server: Loopback, ask: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("hvac")
    store = Loopback()

    def handler(request: Request) -> None:
        assert (request.path, request.headers["x-vault-token"]) == ("/v1/secret/data/mistral", "a-token")
        request.answer({"data": {"data": {"api_key": "key-from-vault"}, "metadata": {"version": 1, "deletion_time": ""}}})

    store.handler = handler
    monkeypatch.setenv("VAULT_ADDR", store.url)
    monkeypatch.setenv("VAULT_TOKEN", "a-token")
    try:
        assert sends(recipe("from_vault"), server, ask) == "key-from-vault"
        assert len(store.requests) == 1
    finally:
        store.close()
