"""Draws the pictures of docs/lint.md from what the command prints on a terminal: `make pictures`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = {
    "app.py": (
        "from mistralai import Mistral\n\nclient = Mistral()\n\n\ndef ask(question):\n    return client.chat.complete(\n"
        '        model="mistral-small-2409",\n        messages=[{"role": "user", "content": question}],\n    )\n'
    ),
    "config.yaml": "chat:\n  model: mistral-large-latest\n",
    ".env": "MISTRAL_MODEL=mistral-smal-latest\n",
}
PICTURES = {"lint": ["lint"], "lint-diff": ["lint", "--diff", "app.py", "config.yaml"]}
# The colours of a terminal, on a dark ground.
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "91": "#ff7b72", "92": "#7ee787", "93": "#e3b341"}
WIDTH, HEIGHT, MARGIN = 8.4, 19, 16


def spans(line: str) -> list[tuple[str, str]]:
    """The pieces of a line, each with its style."""
    pieces, style = [], {}
    for code, text in re.findall(r"(?:\x1b\[([0-9;]*)m)|([^\x1b]+)", line):
        if text:
            pieces.append((text, ";".join(f"{key}:{value}" for key, value in style.items())))
            continue
        for number in (code or "0").split(";"):
            if number == "0":
                style = {}
            elif number == "1":
                style["font-weight"] = "bold"
            elif number == "2":
                style["opacity"] = "0.6"
            elif number in COLOURS:
                style["fill"] = COLOURS[number]
    return pieces


def draw(command: str, output: str) -> str:
    lines = [f"\x1b[32m$\x1b[0m \x1b[1m{command}\x1b[0m", *output.rstrip("\n").split("\n")]
    longest = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
    width, height = int(longest * WIDTH + 2 * MARGIN), len(lines) * HEIGHT + 2 * MARGIN
    rows = []
    for number, line in enumerate(lines):
        pieces = "".join(f'<tspan style="{style}">{escape(text)}</tspan>' if style else f"<tspan>{escape(text)}</tspan>" for text, style in spans(line))
        rows.append(f'<text x="{MARGIN}" y="{MARGIN + (number + 0.75) * HEIGHT:g}">{pieces}</text>')
    title = escape(f"What {command} prints")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">\n'
        f"<title>{title}</title>\n"
        f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n'
        f'<g fill="#e6edf3" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">\n<style>text{{white-space:pre}}</style>\n'
        + "\n".join(rows)
        + "\n</g>\n</svg>\n"
    )


def main() -> None:
    program = Path(sys.argv[1]).resolve()
    environment = {**os.environ, "CLICOLOR_FORCE": "1", "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            (Path(folder) / name).write_text(text)
        for name, words in PICTURES.items():
            command = [program, *words, "--on", "2026-11-21", "--no-config"]
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
            assert done.returncode == 1, done.stderr
            picture = ROOT / "docs" / "images" / f"{name}.svg"
            picture.parent.mkdir(exist_ok=True)
            picture.write_text(draw(f"tramontane {' '.join(words)}", done.stdout))
            print(f"drew {picture.relative_to(ROOT)}")


main()
