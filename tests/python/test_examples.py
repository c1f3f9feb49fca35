"""The examples, and what README.md shows: run as a reader would run them, against a sandbox."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

import tramontane
from tramontane.testing import Sandbox

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = sorted((ROOT / "examples/python").glob("*.py"))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def run(sandbox: Sandbox, *command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "TRAMONTANE_BASE_URL": sandbox.url, "MISTRAL_API_KEY": sandbox.key, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=60
    )


def snippets(text: str, language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert found, f"there is no `{language}` to run"
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_runs(sandbox: Sandbox, example: Path) -> None:
    done = run(sandbox, sys.executable, str(example))
    assert done.returncode == 0, done.stdout
    assert "mistral-small-2603" in done.stdout if example.name == "check.py" else "tramontane sandbox" in done.stdout


@pytest.mark.parametrize("page", ["README.md", "bindings-python/README.md", "docs/structured.md"])
def test_python_in_a_readme_runs(sandbox: Sandbox, page: str) -> None:
    for program in snippets((ROOT / page).read_text(encoding="utf-8"), "python"):
        assert "Client()" in program
        done = run(sandbox, sys.executable, "-c", program.replace("Client()", f"Client(base_url={sandbox.url!r})"))
        assert done.returncode == 0, done.stdout
        # Asked for an answer of a form, the sandbox has one word to give.
        assert ("sandbox" if ".parse(" in program else "tramontane sandbox") in done.stdout


def test_the_guide_runs_from_its_first_block_to_its_last(sandbox: Sandbox) -> None:
    blocks = snippets((ROOT / "docs/guide.md").read_text(encoding="utf-8"), "python")
    program = "\n".join(blocks).replace("Client(", f"Client(base_url={sandbox.url!r}, ")
    done = run(sandbox, sys.executable, "-c", program)
    assert done.returncode == 0, done.stdout
    assert "`seed`" in done.stdout and "SUCCESS" in done.stdout


def test_the_command_line_prints_what_the_readme_shows(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text(snippets(README, "json")[0], encoding="utf-8")
    shown = re.findall(r"^\$ tramontane (.*)\n((?:[^$].*\n)*)", snippets(README, "console")[0], re.MULTILINE)
    printed = [(line, output) for line, output in shown if output]
    assert len(printed) >= 3
    for line, output in printed:
        words = shlex.split(line, comments=True)
        # The page was written on the day of the catalogue.
        day = ["--on", tramontane.models.as_of()] if words[0] in ("check", "models") else []
        done = run(sandbox, sys.executable, "-m", "tramontane", *words, *day, cwd=tmp_path)
        assert done.stdout == output, line
