"""What is measured, as each library wants it written. Imports happen inside, so that each can be timed alone.

A peer is a function of the server's URL that gives a `Peer`; what a library cannot do is absent.
"""

from __future__ import annotations

import base64
import json
import socket
from dataclasses import dataclass
from typing import Any, Callable

MODEL = "mistral-small-2603"
MESSAGES = [
    {"role": "system", "content": "You are a terse assistant."},
    {"role": "user", "content": "Tell me about the quick brown fox, please."},
]
EMBED = "mistral-embed"
TEXTS = [f"text number {at}, about the quick brown fox" for at in range(128)]
KEY = "bench-key"


def picture(camel: bool = False) -> list[dict[str, Any]]:
    """A message with a picture of 1 MB."""
    data = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3072).decode()
    url: Any = {"url": data} if camel else data
    return [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": url}]}]


@dataclass
class Peer:
    """The calls of one library."""

    chat: Callable[[], str]
    stream: Callable[[], int]
    #: Makes another client.
    client: Callable[[], Any]
    #: A coroutine function for a chat, made inside a running loop.
    asked: Callable[[], Callable[[], Any]] | None = None
    #: Vectors that come as numbers, and as base64: what one gets when it asks for them.
    numbers: Callable[[], Any] | None = None
    packed: Callable[[], Any] | None = None
    image: Callable[[], str] | None = None


def tramontane(url):
    import tramontane

    client = tramontane.Client(api_key=KEY, base_url=url)
    image = picture()

    def chat(messages=MESSAGES):
        return client.chat.complete(model=MODEL, messages=messages).choices[0].message.content

    def stream():
        with client.chat.stream(model=MODEL, messages=MESSAGES) as events:
            return sum(1 for event in events if event.text is not None)

    def asked():
        other = tramontane.AsyncClient(api_key=KEY, base_url=url)

        async def ask():
            return (await other.chat.complete(model=MODEL, messages=MESSAGES)).choices[0].message.content

        return ask

    def embed(**options):
        return client.embeddings.create(model=EMBED, input=TEXTS, **options).data

    return Peer(
        chat, stream, lambda: tramontane.Client(api_key=KEY, base_url=url), asked,
        numbers=embed, packed=lambda: embed(encoding_format="base64"), image=lambda: chat(image),
    )  # fmt: skip


def mistralai(url):
    from mistralai.client import Mistral

    client = Mistral(api_key=KEY, server_url=url)
    image = picture()

    def chat(messages=MESSAGES):
        return client.chat.complete(model=MODEL, messages=messages).choices[0].message.content

    def stream():
        with client.chat.stream(model=MODEL, messages=MESSAGES) as events:
            return sum(1 for event in events if event.data.choices[0].delta.content is not None)

    def asked():
        # Its connections belong to the loop that opened them.
        other = Mistral(api_key=KEY, server_url=url)

        async def ask():
            return (await other.chat.complete_async(model=MODEL, messages=MESSAGES)).choices[0].message.content

        return ask

    return Peer(
        chat, stream, lambda: Mistral(api_key=KEY, server_url=url), asked,
        numbers=lambda: client.embeddings.create(model=EMBED, inputs=TEXTS).data, image=lambda: chat(image),
    )  # fmt: skip


def openai(url):
    from openai import AsyncOpenAI, OpenAI

    client = OpenAI(api_key=KEY, base_url=url + "/v1")
    image = picture(camel=True)

    def chat(messages=MESSAGES):
        return client.chat.completions.create(model=MODEL, messages=messages).choices[0].message.content

    def stream():
        events = client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
        return sum(1 for event in events if event.choices[0].delta.content is not None)

    def asked():
        other = AsyncOpenAI(api_key=KEY, base_url=url + "/v1")

        async def ask():
            return (await other.chat.completions.create(model=MODEL, messages=MESSAGES)).choices[0].message.content

        return ask

    return Peer(
        chat, stream, lambda: OpenAI(api_key=KEY, base_url=url + "/v1"), asked,
        numbers=lambda: client.embeddings.create(model=EMBED, input=TEXTS, encoding_format="float").data,
        packed=lambda: client.embeddings.create(model=EMBED, input=TEXTS).data, image=lambda: chat(image),
    )  # fmt: skip


def httpx(url):
    import httpx

    headers = {"authorization": "Bearer " + KEY}
    client = httpx.Client(base_url=url, headers=headers)
    image = picture()

    def post(path, body):
        return client.post(path, json=body).json()

    def chat(messages=MESSAGES):
        return post("/v1/chat/completions", {"model": MODEL, "messages": messages})["choices"][0]["message"]["content"]

    def stream():
        body = {"model": MODEL, "messages": MESSAGES, "stream": True}
        with client.stream("POST", "/v1/chat/completions", json=body) as answer:
            lines = (line[6:] for line in answer.iter_lines() if line.startswith("data: {"))
            return sum(1 for line in lines if json.loads(line)["choices"][0]["delta"]["content"] is not None)

    def asked():
        other = httpx.AsyncClient(base_url=url, headers=headers)

        async def ask():
            answer = await other.post("/v1/chat/completions", json={"model": MODEL, "messages": MESSAGES})
            return answer.json()["choices"][0]["message"]["content"]

        return ask

    return Peer(
        chat, stream, lambda: httpx.Client(base_url=url, headers=headers), asked,
        numbers=lambda: post("/v1/embeddings", {"model": EMBED, "input": TEXTS})["data"], image=lambda: chat(image),
    )  # fmt: skip


def aiohttp(url):
    """Tuned by hand: uvloop and orjson."""
    import aiohttp
    import orjson
    import uvloop

    loop = uvloop.new_event_loop()
    headers = {"authorization": "Bearer " + KEY, "content-type": "application/json"}
    image = picture()

    async def open_session():
        return aiohttp.ClientSession(headers=headers)

    session = loop.run_until_complete(open_session())
    address = url + "/v1/chat/completions"

    async def ask(messages=MESSAGES, with_session=session):
        async with with_session.post(address, data=orjson.dumps({"model": MODEL, "messages": messages})) as answer:
            return orjson.loads(await answer.read())["choices"][0]["message"]["content"]

    async def listen():
        count = 0
        body = orjson.dumps({"model": MODEL, "messages": MESSAGES, "stream": True})
        async with session.post(address, data=body) as answer:
            async for line in answer.content:
                if line.startswith(b"data: {"):
                    count += orjson.loads(line[6:])["choices"][0]["delta"]["content"] is not None
        return count

    async def embed():
        async with session.post(url + "/v1/embeddings", data=orjson.dumps({"model": EMBED, "input": TEXTS})) as answer:
            return orjson.loads(await answer.read())["data"]

    def asked():
        other = aiohttp.ClientSession(headers=headers)
        return lambda: ask(with_session=other)

    return Peer(
        lambda: loop.run_until_complete(ask()), lambda: loop.run_until_complete(listen()),
        lambda: loop.run_until_complete(open_session()), asked,
        numbers=lambda: loop.run_until_complete(embed()), image=lambda: loop.run_until_complete(ask(image)),
    )  # fmt: skip


def floor(url):
    """A socket and the standard library's JSON: what the language itself costs."""
    host, port = url.removeprefix("http://").split(":")
    image = picture()

    def connect():
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    connection = connect()

    def ask(body, path="/v1/chat/completions"):
        text = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {len(text)}\r\n\r\n"
        connection.sendall(head.encode() + text)
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        headers, _, rest = data.partition(b"\r\n\r\n")
        length = int(headers.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        parts, have = [rest], len(rest)
        while have < length:
            parts.append(connection.recv(262144))
            have += len(parts[-1])
        return b"".join(parts)

    def chat(messages=MESSAGES):
        return json.loads(ask({"model": MODEL, "messages": messages}))["choices"][0]["message"]["content"]

    def stream():
        body = ask({"model": MODEL, "messages": MESSAGES, "stream": True})
        lines = (line[6:] for line in body.split(b"\n") if line.startswith(b"data: {"))
        return sum(1 for line in lines if json.loads(line)["choices"][0]["delta"]["content"] is not None)

    def embed():
        return json.loads(ask({"model": EMBED, "input": TEXTS}, "/v1/embeddings"))["data"]

    return Peer(chat, stream, lambda: connect().close(), numbers=embed, image=lambda: chat(image))


PEERS = {"tramontane": tramontane, "mistralai": mistralai, "openai": openai, "httpx": httpx, "aiohttp": aiohttp, "floor": floor}
IMPORTS = {"mistralai": "from mistralai.client import Mistral", "floor": "import json, socket"}
