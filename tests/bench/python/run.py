"""Measures one library in a process of its own: `run.py PEER URL`, or `run.py --import PEER`. Prints JSON, microseconds of CPU."""

from __future__ import annotations

import json
import os
import sys
from time import process_time

EVENTS = 500
ROUNDS = 4


def least(function, count):
    """The least CPU time of a call over some rounds, in microseconds, threads and kernel included."""
    best = float("inf")
    for _ in range(ROUNDS):
        begin = process_time()
        for _ in range(count):
            function()
        best = min(best, (process_time() - begin) / count)
    return best * 1e6


def main():
    if sys.argv[1] == "--import":
        from peers import IMPORTS

        statement = IMPORTS.get(sys.argv[2], f"import {sys.argv[2]}")
        begin = process_time()
        exec(statement)
        print(json.dumps({"import": (process_time() - begin) * 1e6}))
        return
    from peers import PEERS

    peer, url = sys.argv[1:3]
    begin = process_time()
    chat, stream = PEERS[peer](url)
    built = (process_time() - begin) * 1e6
    assert chat().startswith("The quick brown fox")
    assert stream() >= EVENTS, stream()
    slow = peer == "mistralai"
    for _ in range(10 if slow else 200):
        chat()
    result = {
        "client": built,
        "chat": least(chat, 30 if slow else 1000),
        "event": least(stream, 2 if slow else 20) / EVENTS,
    }
    print(json.dumps(result), flush=True)
    # Sessions that the peers leave open would complain on the way out.
    os._exit(0)


main()
