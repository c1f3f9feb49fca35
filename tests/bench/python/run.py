"""Measures one library in a process of its own: `run.py PEER URL`, or `run.py --import PEER`, or `run.py --long URL`.

Prints JSON: microseconds of CPU, bytes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, process_time

EVENTS = 500
#: The bytes of 128 vectors of 1024 floats.
VECTORS = 128 * 1024 * 4
AT_ONCE = 64
THREADS = 8


def least(function, count, rounds=4):
    """The least CPU time of a call over some rounds, in microseconds, threads and kernel included."""
    best = float("inf")
    for _ in range(rounds):
        begin = process_time()
        for _ in range(count):
            function()
        best = min(best, (process_time() - begin) / count)
    return best * 1e6


def at_once(loop, asked, batches):
    """CPU of a chat while 64 are under way, in one event loop."""

    async def run():
        ask = asked()
        best = float("inf")
        for _ in range(4):
            begin = process_time()
            for _ in range(batches):
                await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
            best = min(best, (process_time() - begin) / batches / AT_ONCE)
        return best * 1e6

    try:
        return loop.run_until_complete(run())
    finally:
        loop.close()


def in_threads(chat, count):
    """CPU of a chat, and chats a second, with 8 threads."""
    best, most = float("inf"), 0.0
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(3):
            begin, clock = process_time(), perf_counter()
            for done in [pool.submit(lambda: [chat() for _ in range(count)]) for _ in range(THREADS)]:
                done.result()
            best = min(best, (process_time() - begin) / count / THREADS)
            most = max(most, count * THREADS / (perf_counter() - clock))
    return best * 1e6, most


def vectors(peer, result, slow):
    import memory

    for name, embed in [("numbers", peer.numbers), ("base64", peer.packed)]:
        if embed is None:
            continue
        assert len(embed()) == 128
        result[f"embed_{name}"] = least(embed, 1 if slow else 8)
        kept = memory.kept_by(embed, 2 if slow else 24)
        peak = memory.peak_of(embed)
        result[f"embed_{name}_kept"] = None if kept is None else kept / VECTORS
        result[f"embed_{name}_peak"] = None if peak is None else peak / VECTORS


def pure(url, result):
    """What needs no network: parsing, checking, building."""
    import urllib.request

    import orjson
    import tramontane

    def fetch(body):
        request = urllib.request.Request(url + "/v1/embeddings", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    for name, body in [("numbers", b"{}"), ("base64", b'{"encoding_format":"base64"}')]:
        text = fetch(body)
        result[f"parse_{name}"] = least(lambda text=text: tramontane.parse("mistral", "embeddings", 200, {}, text), 8, 8)
        result[f"orjson_{name}"] = least(lambda text=text: orjson.loads(text), 8, 8)
    turns = [{"role": ("user", "assistant")[at % 2], "content": f"message {at}: " + "the quick brown fox " * 5} for at in range(49)]
    request = {"model": "mistral-small-2603", "messages": [{"role": "system", "content": "Be terse."}, *turns]}
    text = json.dumps(request).encode()
    for name, given in [("dict", request), ("bytes", text)]:
        assert tramontane.check(given).ok
        result[f"build_{name}"] = least(lambda given=given: tramontane.build(given), 200)


def long(url):
    """Memory before and after 100 000 calls."""
    import memory
    from peers import PEERS

    chat = PEERS["tramontane"](url).chat
    for _ in range(5_000):
        chat()
    before = memory.resident()
    for _ in range(100_000):
        chat()
    after = memory.resident()
    print(json.dumps({"rss_growth": None if not before else (after - before) / before * 100}))


def measure(name, url):
    from peers import PEERS

    begin = process_time()
    peer = PEERS[name](url)
    result = {"client": (process_time() - begin) * 1e6}
    assert peer.chat().startswith("The quick brown fox")
    assert peer.stream() >= EVENTS, peer.stream()
    # Ten milliseconds a call, and more.
    slow = name == "mistralai"
    result["second"] = least(peer.client, 1 if slow or name == "openai" else 20)
    for _ in range(10 if slow else 200):
        peer.chat()
    result["chat"] = least(peer.chat, 30 if slow else 1000)
    result["event"] = least(peer.stream, 1 if slow else 20, 2 if slow else 4) / EVENTS
    # Before any thread has been started.
    if peer.image:
        import memory

        peer.image()
        result["image"] = least(peer.image, 2 if slow else 10)
        peak = memory.peak_of(peer.image)
        result["image_peak"] = None if peak is None else peak / (1 << 20)
    vectors(peer, result, slow)
    if peer.asked:
        batches = 1 if slow else 10
        result["at_once"] = at_once(asyncio.new_event_loop(), peer.asked, batches)
        try:
            import uvloop
        except ImportError:
            pass
        else:
            result["at_once_uvloop"] = at_once(uvloop.new_event_loop(), peer.asked, batches)
    # One loop of aiohttp's serves one thread.
    if name not in ("aiohttp", "floor"):
        result["threads"], result["threads_a_second"] = in_threads(peer.chat, 4 if slow else 250)
    if name == "tramontane":
        pure(url, result)
    return result


def main():
    if sys.argv[1] == "--import":
        from peers import IMPORTS

        statement = IMPORTS.get(sys.argv[2], f"import {sys.argv[2]}")
        begin = process_time()
        exec(statement)
        print(json.dumps({"import": (process_time() - begin) * 1e6}))
        return
    if sys.argv[1] == "--long":
        long(sys.argv[2])
    else:
        print(json.dumps(measure(*sys.argv[1:3])))
    sys.stdout.flush()
    # Sessions that the peers leave open would complain on the way out.
    os._exit(0)


main()
