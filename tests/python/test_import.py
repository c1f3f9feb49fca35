"""What importing costs, and what it must not pull in."""

from __future__ import annotations

import json

from conftest import Python

HEAVY = ["asyncio", "typing", "enum", "dataclasses", "re", "inspect", "json", "datetime", "logging", "pydantic", "http", "ssl"]


def test_import_takes_no_heavy_module_and_little_time(python: Python) -> None:
    program = f"""
import sys, time
before, start = set(sys.modules), time.process_time()
import tramontane
took = time.process_time() - start
print(took, [name for name in {HEAVY} if name in set(sys.modules) - before])
"""
    runs = [python(program).stdout.split(" ", 1) for _ in range(3)]
    assert {loaded.strip() for _, loaded in runs} == {"[]"}
    assert min(float(took) for took, _ in runs) < 0.040


def test_the_first_check_takes_little_either(python: Python) -> None:
    program = """
import sys, time
before, start = set(sys.modules), time.process_time()
import tramontane
tramontane.check({"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Hi"}]})
tramontane.Client(api_key="k" * 32)
took = time.process_time() - start
print(took, [name for name in %r if name in set(sys.modules) - before])
""" % HEAVY
    took, loaded = min((python(program).stdout.split(" ", 1) for _ in range(3)), key=lambda run: float(run[0]))
    assert loaded.strip() == "[]"
    assert float(took) < 0.200, "a debug build may be slow, but not that slow"


def test_every_public_name_is_there(python: Python) -> None:
    program = """
import json, tramontane
print(json.dumps([name for name in dir(tramontane) if getattr(tramontane, name, None) is None]))
"""
    assert json.loads(python(program).stdout) == []


def test_the_version_is_the_cores() -> None:
    import tramontane
    from tramontane import _native

    assert tramontane.__version__ == _native.VERSION


def test_an_unknown_name_is_an_attribute_error() -> None:
    import pytest

    import tramontane

    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        tramontane.chekc  # type: ignore[attr-defined]


def test_a_subinterpreter_is_refused_with_a_clear_text(python: Python) -> None:
    program = """
import _xxsubinterpreters as interpreters
import tramontane
tramontane.models.as_of
tramontane.check({"model": "m", "messages": []})
one = interpreters.create()
try:
    interpreters.run_string(one, "import sys; sys.path = %r; import tramontane; tramontane.check({})" % (__import__("sys").path,))
except interpreters.RunFailedError as error:
    print(error)
"""
    said = python(program).stdout
    assert "tramontane cannot run in a subinterpreter" in said
    assert "threads or processes" in said
