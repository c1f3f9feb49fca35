"""The way to the server: regions, proxies, certificates, pools, limits, and what is said about options that do not fit."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Iterator

import pytest
from conftest import KEY
from loopback import ANSWER, Loopback, Request

import tramontane

ROOT = Path(__file__).parent.parent.parent
AUTHORITY = ROOT / "core/tests/client/tls/authority.pem"
SERVER = ROOT / "core/tests/client/tls/server.der"
BODY = json.dumps(ANSWER).encode()
SERVER_KEY = ROOT / "core/tests/client/tls/server.key.der"


def ask_of(ask: dict[str, Any], **settings: Any) -> str | None:
    with tramontane.Client(**{"api_key": KEY, **settings}) as client:
        return client.chat.complete(**ask).text


@pytest.fixture
def tinyproxy(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A proxy that wants a password, and its log."""
    program = shutil.which("tinyproxy")
    if program is None:
        pytest.skip("tinyproxy is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log, settings = tmp_path / "log", tmp_path / "settings"
    settings.write_text(
        f'Port {port}\nListen 127.0.0.1\nTimeout 30\nLogFile "{log}"\nLogLevel Connect\nMaxClients 10\nAllow 127.0.0.1\n'
        "BasicAuth me hidden\nDisableViaHeader Yes\n"
    )
    process = subprocess.Popen([program, "-d", "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def pem(folder: Path, kind: str, der: bytes) -> str:
    file = folder / kind.replace(" ", "-")
    body = base64.encodebytes(der).decode()
    file.write_text(f"-----BEGIN {kind}-----\n{body}-----END {kind}-----\n")
    return str(file)


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A TLS server with a certificate of an authority of the tests' own: its URL, and the heads of its requests."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(
        pem(tmp_path, "CERTIFICATE", SERVER.read_bytes()), pem(tmp_path, "PRIVATE KEY", SERVER_KEY.read_bytes())
    )
    listener = socket.create_server(("127.0.0.1", 0))
    heads: list[str] = []

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    heads.append(connection.recv(65536).decode())
                    head = f"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {len(BODY)}\r\n"
                    connection.sendall(f"{head}content-type: application/json\r\n\r\n".encode() + BODY)
            except (OSError, ssl.SSLError):
                continue

    threading.Thread(target=serve, daemon=True).start()
    yield f"https://localhost:{listener.getsockname()[1]}", heads
    listener.close()


def test_a_proxy_of_ones_own_carries_plain_requests(
    tinyproxy: tuple[str, Path], server: Loopback, ask: dict[str, Any], behind_a_proxy: pytest.MonkeyPatch
) -> None:
    url, log = tinyproxy
    assert ask_of(ask, base_url=server.url, proxy=url.replace("//", "//me:hidden@")) == "A wind."
    assert "Request (file descriptor" in log.read_text() and len(server.requests) == 1
    # This proxy says 401 where 407 is meant; its page says that it was not the API.
    with pytest.raises(tramontane.APIError, match="a page and not the API answered: check the base URL, and the proxy") as refused:
        ask_of(ask, base_url=server.url, proxy=url.replace("//", "//me:wrong@"), max_retries=0)
    assert refused.value.status in (401, 407) and "wrong" not in str(refused.value)
    assert len(server.requests) == 1


def test_a_proxy_carries_tls_and_never_sees_the_key(
    tinyproxy: tuple[str, Path], tls: tuple[str, list[str]], ask: dict[str, Any], behind_a_proxy: pytest.MonkeyPatch
) -> None:
    (url, log), (target, heads) = tinyproxy, tls
    assert ask_of(ask, base_url=target, proxy=url.replace("//", "//me:hidden@"), ca_file=AUTHORITY) == "A wind."
    assert f"authorization: Bearer {KEY}" in heads[0]
    assert "CONNECT localhost:" in log.read_text() and KEY not in log.read_text()


def test_a_proxy_of_the_environment(
    tinyproxy: tuple[str, Path], server: Loopback, ask: dict[str, Any], behind_a_proxy: pytest.MonkeyPatch
) -> None:
    url, log = tinyproxy
    behind_a_proxy.setenv("HTTP_PROXY", url.replace("//", "//me:hidden@"))
    assert ask_of(ask, base_url=server.url) == "A wind."
    seen = log.read_text()
    assert "POST http://127.0.0.1" in seen or "Request" in seen
    behind_a_proxy.setenv("NO_PROXY", "127.0.0.1")
    assert ask_of(ask, base_url=server.url) == "A wind."
    assert log.read_text() == seen and len(server.requests) == 2


def test_certificates_of_ones_own_are_trusted(tls: tuple[str, list[str]], ask: dict[str, Any]) -> None:
    url, heads = tls
    with pytest.raises(tramontane.APIConnectionError, match="certificate"):
        ask_of(ask, base_url=url, max_retries=0)
    assert heads == []
    assert ask_of(ask, base_url=url, ca_file=str(AUTHORITY)) == "A wind."
    assert ask_of(ask, base_url=url, ca_file=AUTHORITY) == "A wind."
    with pytest.raises(tramontane.ConfigurationError, match="nowhere.pem"):
        ask_of(ask, base_url=url, ca_file="/nowhere.pem")


@pytest.fixture
def h2() -> Iterator[tuple[str, Any]]:
    """A TLS server that speaks HTTP/2, which answers when eight requests are there, and what it heard."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    command = [node, str(ROOT / "tests/node/h2.mjs"), "8"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdin is not None and process.stdout is not None
    try:
        yield process.stdout.readline().strip(), process.stdout
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def test_http2_is_spoken_where_it_is_offered(h2: tuple[str, Any], ask: dict[str, Any]) -> None:
    url, heard = h2
    settings: dict[str, Any] = {"api_key": KEY, "base_url": url, "ca_file": AUTHORITY, "max_retries": 0, "timeout": 20}

    async def at_once() -> list[str]:
        async with tramontane.AsyncClient(**settings) as client:
            # Calls that find no connection open one each: nobody knows yet that it will carry them all.
            await client.chat.complete(**ask)
            replies = await asyncio.gather(*(client.chat.complete(**ask) for _ in range(8)))

            async def streamed() -> str:
                async with client.chat.stream(**ask) as stream:
                    return "".join([event.text async for event in stream])

            return [reply.text for reply in replies] + await asyncio.gather(*(streamed() for _ in range(8)))

    assert asyncio.run(at_once()) == ["Emmental."] * 16
    said = [json.loads(heard.readline()) for _ in range(17)]
    assert {one["version"] for one in said} == {"2.0"} and said[-1]["sessions"] == 1
    assert all(one["connection"] is None for one in said)
    with tramontane.Client(**settings) as client, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: client.chat.complete(**ask).text, range(8))) == ["Emmental."] * 8
    assert {json.loads(heard.readline())["version"] for _ in range(8)} == {"2.0"}


def test_the_user_agent_ends_with_ones_own(server: Loopback, ask: dict[str, Any]) -> None:
    ask_of(ask, base_url=server.url, user_agent="my-app/2.1")
    assert server.requests[0].headers["user-agent"] == f"tramontane/{tramontane.__version__} (python) my-app/2.1"


def test_as_many_connections_are_kept_as_wanted(server: Loopback, ask: dict[str, Any]) -> None:
    wanted: list[tuple[dict[str, Any], int]] = [({"pool_size": 1}, 1), ({"pool_size": 0}, 3), ({"keep_alive": 0}, 3)]
    for settings, opened in wanted:
        before = server.connections
        with tramontane.Client(api_key=KEY, base_url=server.url, **settings) as client:
            for _ in range(3):
                client.chat.complete(**ask)
        assert server.connections - before == opened, settings


def test_a_connection_is_kept_as_long_as_wanted(server: Loopback, ask: dict[str, Any]) -> None:
    with tramontane.Client(api_key=KEY, base_url=server.url, keep_alive=0.2) as client:
        client.chat.complete(**ask)
        time.sleep(0.6)
        client.chat.complete(**ask)
    assert server.connections == 2


def test_an_answer_may_be_larger_than_wanted(server: Loopback, ask: dict[str, Any]) -> None:
    def large(request: Request) -> None:
        request.answer(b'{"id":"' + b"x" * 5000 + b'"}')

    server.handler = large
    with pytest.raises(tramontane.ResponseTooLargeError, match="larger than 5000 bytes") as refused:
        ask_of(ask, base_url=server.url, max_response_bytes=5000)
    assert not refused.value.retryable and len(server.requests) == 1


def test_a_region_is_a_host_of_the_provider(
    server: Loopback, ask: dict[str, Any], behind_a_proxy: pytest.MonkeyPatch
) -> None:
    with pytest.raises(tramontane.APIConnectionError, match="https://api.eu.mistral.ai"):
        ask_of(ask, region="eu", proxy="http://127.0.0.1:1", max_retries=0)
    hosts = next(row for row in tramontane.providers.list() if row.id == "mistral").regional
    assert hosts == {"eu": "https://api.eu.mistral.ai", "us": "https://api.us.mistral.ai"}


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"region": "mars"}, tramontane.ConfigurationError, "no host in `mars`.*there are `eu` and `us`"),
        ({"region": "eu", "base_url": "http://127.0.0.1:1"}, tramontane.ConfigurationError, "exclude each other"),
        ({"region": 1}, TypeError, "`region` must be a str, not int"),
        ({"proxy": "ftp://me:hidden@proxy"}, tramontane.ConfigurationError, "has to begin with `http`"),
        ({"proxy": 1}, TypeError, "`proxy` must be a str, not int"),
        ({"ca_file": 1}, TypeError, "`ca_file` must be a path"),
        ({"user_agent": "a\nb"}, tramontane.ConfigurationError, "printable ASCII"),
        ({"pool_size": -1}, ValueError, "`pool_size` must be a whole number"),
        ({"pool_size": True}, ValueError, "`pool_size` must be a whole number"),
        ({"keep_alive": -1}, ValueError, "`keep_alive` must be a number of seconds from 0 up"),
        ({"keep_alive": "long"}, ValueError, "`keep_alive` must be a number of seconds from 0 up"),
        ({"max_response_bytes": 1.5}, ValueError, "`max_response_bytes` must be a whole number"),
        ({"checks": "perhaps"}, tramontane.InvalidRequest, "`checks` is `perhaps`.*it can be `error`, `warn` or `off`"),
        ({"checks": "erorr"}, tramontane.InvalidRequest, "did you mean `error`"),
        ({"strict": 1}, tramontane.InvalidRequest, "`strict` is an integer, not a boolean"),
        ({"severities": {"no_such": "off"}}, tramontane.InvalidRequest, "no rule `no_such`"),
        ({"repair": ["all"]}, tramontane.InvalidRequest, "no repair `all`"),
        ({"on": "soon"}, tramontane.InvalidRequest, "`soon` is not a date"),
    ],
)
def test_an_option_that_does_not_fit_is_named(settings: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as refused:
        tramontane.Client(api_key=KEY, **settings)
    assert "hidden" not in str(refused.value) and "serde" not in str(refused.value)


def test_a_key_over_plain_http_is_warned_about(server: Loopback, ask: dict[str, Any], behind_a_proxy: pytest.MonkeyPatch) -> None:
    """Behind a path of its own, as gateways have it."""
    settings: dict[str, Any] = {"api_key": KEY, "base_url": "http://gateway.example.invalid/llm/mistral", "proxy": server.url}
    with tramontane.Client(**settings) as client:
        with pytest.warns(tramontane.TramontaneWarning, match="over plain http"):
            reply = client.chat.complete(**ask)
        assert [finding.rule for finding in reply.warnings] == ["unencrypted"]
        assert client.with_options(severities={"unencrypted": "off"}).chat.complete(**ask).warnings == []
        with pytest.raises(tramontane.InvalidRequest, match="over plain http"):
            client.with_options(severities={"unencrypted": "error"}).chat.complete(**ask)
    assert {request.path for request in server.requests} == {"http://gateway.example.invalid/llm/mistral/v1/chat/completions"}
    foreign = tramontane.Client(api_key="sk-ant-api03-0123456789abcdefghijklmnop", severities={"foreign_key": "error"}, max_retries=0)
    with pytest.raises(tramontane.InvalidRequest, match="looks like one of `anthropic`") as refused:
        foreign.chat.complete(**ask)
    assert "0123456789" not in repr(refused.value)
