"""Runs every library against one canned server, each in a process of its own, and prints a table: `make bench`."""

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


def run(*command, cwd=None):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=300)
    if done.returncode:
        print(f"  failed: {' '.join(map(str, command))}\n{done.stderr.strip()[-2000:]}", file=sys.stderr)
        return {}
    return json.loads(done.stdout)


def measure(name, command, cwd, url):
    print(f"measuring {name} …", file=sys.stderr, flush=True)
    figures = run(*command, name.split()[-1], url, cwd=cwd)
    imports = [run(*command, "--import", name.split()[-1], cwd=cwd).get("import") for _ in range(IMPORT_ROUNDS)]
    figures["import"] = min((value for value in imports if value is not None), default=None)
    return name, figures


def show(rows):
    heads = ["", "chat µs", "event µs", "client µs", "import ms"]
    lines = [heads]
    for name, figures in rows:
        cells = [figures.get("chat"), figures.get("event"), figures.get("client")]
        imported = figures.get("import")
        lines.append([name, *(f"{cell:,.1f}" if cell is not None else "–" for cell in cells),
                      f"{imported / 1000:,.1f}" if imported is not None else "–"])
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    for line in lines:
        print("  ".join(cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(zip(line, widths))))


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
        rows = [measure(f"python {peer}", python, HERE / "python", url) for peer in PYTHON]
        rows += [measure(f"node {peer}", node, HERE / "node", url) for peer in NODE]
    finally:
        server.stdin.close()
        server.wait(timeout=10)
    print("\nCPU of the client's process, kernel and threads included; least of some rounds; one loopback server for all.\n")
    show(rows)
    print()
    sizes()


main()
