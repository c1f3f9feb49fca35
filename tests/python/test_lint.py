"""Model names in a text, from Python; what is found in detail is held by the vectors and the core's own tests."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

import tramontane

RETIRED = 'client.chat.complete(model="mistral-small-2402")'


def test_findings_are_records_with_their_place() -> None:
    (found,) = tramontane.lint_text(RETIRED, language="python")
    assert isinstance(found, tramontane.LintFinding)
    assert (found.rule, found.line, found.fix) == ("retired_model", 1, "mistral-small-2603")
    assert RETIRED.encode()[found.start : found.end] == b"mistral-small-2402"


def test_options_may_be_said_in_pythons_own_types() -> None:
    assert tramontane.lint_text(RETIRED, language="py", on=datetime.date(2024, 3, 1)) == []
    assert tramontane.lint_text(RETIRED, language="py", ignore=["mistral-small-*"]) == []
    assert tramontane.lint_text(RETIRED, language="py", ignore="mistral-small-*") == []
    assert tramontane.lint_text(RETIRED, language="py", severities={"retired_model": "off"}) == []
    assert tramontane.lint_text("# " + RETIRED, language="py") == []
    assert len(tramontane.lint_text("# " + RETIRED, language="py", comments=True)) == 1


def test_wrong_options_are_refused() -> None:
    with pytest.raises(tramontane.TramontaneError, match="did you mean `python`"):
        tramontane.lint_text("", language="pyton")
    with pytest.raises(tramontane.TramontaneError):
        tramontane.lint_text("", severities={"no_such_rule": "off"})


def test_the_command_lints_a_folder(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(RETIRED)
    command = [sys.executable, "-m", "tramontane", "lint", "--fix", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "app.py").read_text() == RETIRED.replace("2402", "2603")
