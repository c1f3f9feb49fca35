"""Runs every library against one canned server, each in a process of its own, and prints tables: `make bench`."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PYTHON = ["tramontane", "mistralai", "openai", "httpx", "aiohttp", "floor"]
NODE = ["tramontane", "mistralai", "openai", "undici"]
IMPORT_ROUNDS = 5

#: What a row shows: its name, the key of the figure, how many of its units make one, the mark that it should not pass.
PYTHON_ROWS = [
    ("chat, one after another, µs", "chat", 1, 100),
    ("chat, 64 at once, asyncio, µs", "at_once", 1, 120),
    ("chat, 64 at once, uvloop, µs", "at_once_uvloop", 1, 120),
    ("chat, 8 threads, µs", "threads", 1, 120),
    ("chat, 8 threads, calls a second", "threads_a_second", 1, None),
    ("streamed event, µs", "event", 1, 5),
    ("embeddings 128 × 1024 as numbers, ms", "embed_numbers", 1000, None),
    ("  memory that the answer keeps, × vectors", "embed_numbers_kept", 1, 2),
    ("  memory at the most, × vectors", "embed_numbers_peak", 1, None),
    ("embeddings 128 × 1024 in base64, ms", "embed_base64", 1000, None),
    ("  memory that the answer keeps, × vectors", "embed_base64_kept", 1, 2),
    ("  memory at the most, × vectors", "embed_base64_peak", 1, None),
    ("message with a picture of 1 MB, ms", "image", 1000, None),
    ("  memory at the most, MB", "image_peak", 1, 2),
    ("first client, µs", "client", 1, None),
    ("second client, µs", "second", 1, 100),
    ("import, ms", "import", 1000, None),
]
NODE_ROWS = [
    ("chat, one after another, µs", "chat", 1, 200),
    ("chat, 64 at once, µs", "at_once", 1, None),
    ("streamed event, µs", "event", 1, 5),
    ("embeddings 128 × 1024 as numbers, ms", "embed_numbers", 1000, None),
    ("embeddings 128 × 1024 in base64, ms", "embed_base64", 1000, None),
    ("50 messages checked and built, µs", "build_dict", 1, None),
    ("first client, µs", "client", 1, None),
    ("second client, µs", "second", 1, None),
    ("import, ms", "import", 1000, None),
]


def run(*command, cwd=None):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=300)
    if done.returncode:
        print(f"  failed: {' '.join(map(str, command))}\n{done.stderr.strip()[-2000:]}", file=sys.stderr)
        return {}
    return json.loads(done.stdout)


def measure(host, peer, command, url):
    print(f"measuring {host} {peer} …", file=sys.stderr, flush=True)
    figures = run(*command, peer, url, cwd=HERE / host)
    imports = [run(*command, "--import", peer, cwd=HERE / host).get("import") for _ in range(IMPORT_ROUNDS)]
    figures["import"] = min((value for value in imports if value is not None), default=None)
    return figures


def shown(figure, unit=1):
    if figure is None:
        return "–"
    figure /= unit
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:,.1f}" if figure >= 10 else f"{figure:,.2f}"


def show(title, rows, peers):
    """A line for each measure, a column for each library; `!` where our figure passes its mark."""
    lines = [[title, "mark", *peers]]
    for name, key, unit, mark in rows:
        ours = peers["tramontane"].get(key)
        missed = "!" if mark is not None and (ours is None or ours / unit > mark) else ""
        cells = [shown(figures.get(key), unit) for figures in peers.values()]
        lines.append([name, "" if mark is None else f"≤ {mark}", f"{missed}{cells[0]}", *cells[1:]])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(zip(line, widths))))
    print()


def show_alone(figures, growth):
    """What needs no network, and what takes long."""
    for name, ours, theirs in [("numbers", "parse_numbers", "orjson_numbers"), ("base64", "parse_base64", "orjson_base64")]:
        if ours in figures:
            faster = figures[theirs] / figures[ours]
            print(f"128 × 1024 {name}, read: {shown(figures[ours], 1000)} ms into vectors, orjson {shown(figures[theirs], 1000)} ms "
                  f"into {'lists' if name == 'numbers' else 'text'}: {faster:.1f} times")  # fmt: skip
    if "build_dict" in figures:
        print(f"50 messages checked and built: {shown(figures['build_dict'])} µs from a dict, {shown(figures['build_bytes'])} µs from bytes")
    if growth is not None:
        print(f"memory after 100 000 chats: {growth:+.1f} % (mark: 5 %)")
    print()


def sizes():
    for label, pattern in [("wheel", "target/wheels/tramontane-*.whl"), ("node", "bindings-node/npm/*/tramontane.node"), ("wasm", "bindings-wasm/pkg/*.wasm")]:
        for path in sorted(ROOT.glob(pattern))[-1:]:
            data = path.read_bytes()
            print(f"{label:6} {len(data) / 1e6:8.3f} MB  {len(gzip.compress(data, 9)) / 1e3:9.1f} kB gzipped  {path.name}")


def main():
    server = subprocess.Popen([ROOT / "target/release/bench-server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        python = [sys.executable, HERE / "python" / "run.py"]
        node = ["node", HERE / "node" / "run.mjs"]
        in_python = {peer: measure("python", peer, python, url) for peer in PYTHON}
        print("measuring 100 000 chats …", file=sys.stderr, flush=True)
        growth = run(*python, "--long", url, cwd=HERE / "python").get("rss_growth")
        in_node = {peer: measure("node", peer, node, url) for peer in NODE}
    finally:
        server.stdin.close()
        server.wait(timeout=10)
    print("\nCPU of the client's process, kernel and threads included; least of some rounds; one loopback server for all.\n")
    show("Python", PYTHON_ROWS, in_python)
    show_alone(in_python["tramontane"], growth)
    show("Node", NODE_ROWS, in_node)
    sizes()


main()
