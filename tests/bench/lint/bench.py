"""Reads a million lines with `tramontane lint`, and with `rg -F -f names` as the floor: `make bench-lint`.

The corpus is made here, the same each time: files of many languages, few of which hold a name. Both programs use all cores, the
folder is in the cache of the file system, and the least of some rounds counts.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINES = 1_000_000
PER_FILE = 250
ROUNDS = 7
WORDS = "data model request client value return result config import number string index handler response message".split()
FORMS = {
    "py": ("    {a} = {b}({c}, '{d}')\n", "    # {a} of the {b}\n", "def {a}_{b}({c}):\n", '    {a}["{b}"] = {c} + 1\n'),
    "ts": ("  const {a} = {b}({c}, '{d}');\n", "  // {a} of the {b}\n", "export function {a}({b}: {c}) {{\n", "  {a}.{b} = `${{{c}}}`;\n"),
    "go": ('\t{a} := {b}({c}, "{d}")\n', "\t// {a} of the {b}\n", "func {a}({b} {c}) error {{\n", "\t{a}.{b} = {c}\n"),
    "yaml": ("{a}: {b}\n", "# {a} of the {b}\n", "  - {a}\n", '  {a}: "{b} {c}"\n'),
    "json": ('  "{a}": "{b}",\n', '  "{a}": [1, 2, "{b}"],\n', '  "{a}": {{"{b}": 7}},\n', '  "{a}": null,\n'),
}
NAMES = ["mistral-small-2402", "mistral-large-latest", "mistral-small-latest", "open-mistral-7b", "codestral-2405", "mistral-small-2603"]


def corpus(folder: Path) -> None:
    dice = random.Random(7)
    kinds = list(FORMS)
    for number in range(LINES // PER_FILE):
        kind = kinds[number % len(kinds)]
        lines = []
        for _ in range(PER_FILE):
            words = dict(zip("abcd", (f"{dice.choice(WORDS)}{dice.randrange(100)}" for _ in range(4))))
            lines.append(dice.choice(FORMS[kind]).format(**words))
        # A name in one file out of twenty.
        if number % 20 == 0:
            name = dice.choice(NAMES)
            line = {"yaml": f"model: {name}\n", "json": f'  "model": "{name}",\n'}.get(kind, f'model("{name}")\n')
            lines[dice.randrange(PER_FILE)] = line
        below = folder / f"package{number // 100}"
        below.mkdir(exist_ok=True)
        (below / f"file{number}.{kind}").write_text("".join(lines))


def names(program: Path, file: Path) -> int:
    """Every name that the catalogue has, a line each: what a search without knowledge would be given."""
    rows = subprocess.run([program, "models", "list", "--all", "--json"], capture_output=True, text=True, check=True).stdout
    import json

    found = set()
    for row in json.loads(rows):
        found |= {row["id"], *row["aliases"], *row["floating"], *row["documented"]}
    file.write_text("".join(f"{name}\n" for name in sorted(found)))
    return len(found)


def best(command: list[str | Path], folder: Path) -> float:
    """The least wall time in seconds; both programs exit with 1 or 0, never with 2."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120)
        times.append(time.perf_counter() - begun)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{command[0]} failed: {done.stderr.decode()[-500:]}")
    return min(times)


def main() -> None:
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "corpus"
        folder.mkdir()
        corpus(folder)
        count = names(program, Path(place) / "names")
        ours = best([program, "lint", "--no-config", "--on", "2026-11-21", "."], folder)
        line = f"lint    {LINES:,} lines in {ours * 1000:,.0f} ms on {os.cpu_count()} cores"
        if shutil.which("rg") is None:
            print(f"{line}; rg absent")
            return
        floor = best(["rg", "-F", "-f", Path(place) / "names", "."], folder)
        print(f"{line}; rg -F -f with {count} names {floor * 1000:,.0f} ms; {ours / floor:.1f} times the floor (at most 3)")
        if ours > 3 * floor:
            raise SystemExit("slower than three times the floor")


main()
