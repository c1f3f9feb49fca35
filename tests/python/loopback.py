"""A small scripted HTTP server on 127.0.0.1, for what a well-behaved sandbox does not do: stall, cut off, close late."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from typing import Any, Callable

ANSWER = {
    "id": "cmpl-1",
    "object": "chat.completion",
    "created": 1795219200,
    "model": "mistral-small-2603",
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "A wind.", "tool_calls": None}, "finish_reason": "stop"}
    ],
    "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8},
    "a_field_of_tomorrow": {"kept": True},
}


def chunk(content: str | None = None, finish: str | None = None, **fields: Any) -> dict[str, Any]:
    delta = {"role": "assistant"} if content is None else {"content": content}
    return {
        "id": "cmpl-2",
        "object": "chat.completion.chunk",
        "created": 1795219200,
        "model": "mistral-small-2603",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        **fields,
    }


USAGE = {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}
CHUNKS = [chunk(""), chunk("A "), chunk("wind"), chunk(".", "stop", usage=USAGE)]


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: socket.socket
    number: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def answer(self, body: bytes | Any, status: Any = 200, **headers: str) -> None:
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        headers = {"content-type": "application/json", "content-length": str(len(body)), **headers}
        self.connection.sendall(_head(status, headers) + body)

    def start_stream(self, **headers: str) -> None:
        headers = {"content-type": "text/event-stream", "transfer-encoding": "chunked", **headers}
        self.connection.sendall(_head(200, headers))

    def event(self, data: Any) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.piece(f"data: {text}\n\n".encode())

    def piece(self, data: bytes) -> None:
        self.connection.sendall(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def end_stream(self) -> None:
        self.connection.sendall(b"0\r\n\r\n")

    def stream(self, chunks: list[Any], **headers: str) -> None:
        self.start_stream(**headers)
        for one in chunks:
            self.event(one)
        self.event("[DONE]")
        self.end_stream()

    def wait_for_hangup(self, seconds: float = 10.0) -> bool:
        """Whether the client closes the connection within that time."""
        self.connection.settimeout(seconds)
        try:
            while self.connection.recv(4096):
                pass
        except TimeoutError:
            return False
        except OSError:
            pass
        return True


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Something", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass
class Loopback:
    """Answers every request with ``handler``; what came is in ``requests``."""

    handler: Callable[[Request], None] = lambda request: request.answer(ANSWER)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    hung_up: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = "http://127.0.0.1:%d" % self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self, request: Request) -> None:
        """A handler that never answers, and notes when the client gives up."""
        if request.wait_for_hangup():
            self.hung_up.set()

    def stream_then_stall(self, request: Request) -> None:
        """A handler that sends two events and then nothing, and notes when the client gives up."""
        request.start_stream()
        for one in CHUNKS[:2]:
            request.event(one)
        self.stall(request)

    def close(self) -> None:
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        buffer = b""
        with connection:
            while True:
                try:
                    request, buffer = self._read(connection, buffer)
                    if request is None:
                        return
                    self.asked.set()
                    self.handler(request)
                except OSError:
                    return

    def _whole(self, connection: socket.socket, end: bytes) -> bool:
        """Reads a body of unknown length, which no test looks at. Notes when the client gives up before its end."""
        self.asked.set()
        while not end.endswith(b"\r\n0\r\n\r\n"):
            data = connection.recv(1 << 16)
            if not data:
                self.hung_up.set()
                return False
            end = end[-7:] + data
        return True

    def _read(self, connection: socket.socket, buffer: bytes) -> tuple[Request | None, bytes]:
        while b"\r\n\r\n" not in buffer:
            data = connection.recv(65536)
            if not data:
                return None, b""
            buffer += data
        head, _, buffer = buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("transfer-encoding") == "chunked" and not self._whole(connection, buffer):
            return None, b""
        length = int(headers.get("content-length", 0))
        parts = [buffer]
        have = len(buffer)
        while have < length:
            data = connection.recv(1 << 20)
            if not data:
                return None, b""
            parts.append(data)
            have += len(data)
        whole = b"".join(parts) if "transfer-encoding" not in headers else b""
        request = Request(method, path, headers, whole[:length], connection, len(self.requests))
        self.requests.append(request)
        return request, whole[length:]
