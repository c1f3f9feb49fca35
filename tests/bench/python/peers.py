"""One chat and one stream, as each library wants them written. Imports happen inside, so that each can be timed alone."""

from __future__ import annotations

import json
import socket

MODEL = "mistral-small-2603"
MESSAGES = [
    {"role": "system", "content": "You are a terse assistant."},
    {"role": "user", "content": "Tell me about the quick brown fox, please."},
]
KEY = "bench-key"


def tramontane(url):
    import tramontane

    client = tramontane.Client(api_key=KEY, base_url=url)

    def chat():
        return client.chat.complete(model=MODEL, messages=MESSAGES).choices[0].message.content

    def stream():
        with client.chat.stream(model=MODEL, messages=MESSAGES) as events:
            return sum(1 for event in events if event.text is not None)

    return chat, stream


def mistralai(url):
    from mistralai.client import Mistral

    client = Mistral(api_key=KEY, server_url=url)

    def chat():
        return client.chat.complete(model=MODEL, messages=MESSAGES).choices[0].message.content

    def stream():
        with client.chat.stream(model=MODEL, messages=MESSAGES) as events:
            return sum(1 for event in events if event.data.choices[0].delta.content is not None)

    return chat, stream


def openai(url):
    from openai import OpenAI

    client = OpenAI(api_key=KEY, base_url=url + "/v1")

    def chat():
        return client.chat.completions.create(model=MODEL, messages=MESSAGES).choices[0].message.content

    def stream():
        events = client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
        return sum(1 for event in events if event.choices[0].delta.content is not None)

    return chat, stream


def httpx(url):
    import httpx

    client = httpx.Client(base_url=url, headers={"authorization": "Bearer " + KEY})

    def chat():
        answer = client.post("/v1/chat/completions", json={"model": MODEL, "messages": MESSAGES})
        return answer.json()["choices"][0]["message"]["content"]

    def stream():
        body = {"model": MODEL, "messages": MESSAGES, "stream": True}
        with client.stream("POST", "/v1/chat/completions", json=body) as answer:
            lines = (line[6:] for line in answer.iter_lines() if line.startswith("data: {"))
            return sum(1 for line in lines if json.loads(line)["choices"][0]["delta"]["content"] is not None)

    return chat, stream


def aiohttp(url):
    """Tuned by hand: uvloop and orjson."""
    import aiohttp
    import orjson
    import uvloop

    loop = uvloop.new_event_loop()
    headers = {"authorization": "Bearer " + KEY, "content-type": "application/json"}

    async def open_session():
        return aiohttp.ClientSession(headers=headers)

    session = loop.run_until_complete(open_session())
    address = url + "/v1/chat/completions"

    async def ask():
        async with session.post(address, data=orjson.dumps({"model": MODEL, "messages": MESSAGES})) as answer:
            return orjson.loads(await answer.read())["choices"][0]["message"]["content"]

    async def listen():
        count = 0
        body = orjson.dumps({"model": MODEL, "messages": MESSAGES, "stream": True})
        async with session.post(address, data=body) as answer:
            async for line in answer.content:
                if line.startswith(b"data: {"):
                    count += orjson.loads(line[6:])["choices"][0]["delta"]["content"] is not None
        return count

    return (lambda: loop.run_until_complete(ask())), (lambda: loop.run_until_complete(listen()))


def floor(url):
    """A socket and the standard library's JSON: what the language itself costs."""
    host, port = url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(body):
        text = json.dumps(body).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: {host}\r\ncontent-length: {len(text)}\r\n\r\n"
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

    def chat():
        return json.loads(ask({"model": MODEL, "messages": MESSAGES}))["choices"][0]["message"]["content"]

    def stream():
        body = ask({"model": MODEL, "messages": MESSAGES, "stream": True})
        lines = (line[6:] for line in body.split(b"\n") if line.startswith(b"data: {"))
        return sum(1 for line in lines if json.loads(line)["choices"][0]["delta"]["content"] is not None)

    return chat, stream


PEERS = {"tramontane": tramontane, "mistralai": mistralai, "openai": openai, "httpx": httpx, "aiohttp": aiohttp, "floor": floor}
IMPORTS = {"mistralai": "from mistralai.client import Mistral", "floor": "import json, socket"}
