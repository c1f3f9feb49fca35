"""The classes of errors are those of the table that all languages share, with its fields."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path
from typing import Any

import pytest

import tramontane
from tramontane import errors
from tramontane._failure import from_data

TABLE = tomllib.loads((Path(__file__).parents[2] / "core/data/errors.toml").read_text(encoding="utf-8"))
FIELDS = [row["name"] for row in TABLE["field"]]
DATA: dict[str, Any] = {
    "kind": "rate_limit", "message": "slow down", "path": "messages[0]", "provider": "mistral", "status": 429, "code": "1300",
    "request_id": "r-1", "retry_after": 1.5, "retryable": True, "hint": "wait", "body": "{}",
    "report": {"ok": False, "findings": [{"rule": "empty", "message": "there is nothing"}]}, "partial": {"choices": []},
}  # fmt: skip


def test_every_kind_has_its_class_its_base_and_its_name() -> None:
    rows = [*TABLE["base"], *TABLE["kind"]]
    assert len(rows) > 20
    for row in rows:
        made = getattr(errors, row["class"])
        assert getattr(tramontane, row["class"]) is made and made.__name__ == row["class"]
        assert [base.__name__ for base in made.__bases__] == [row["base"]]
        if "name" in row:
            assert made.kind == made("what happened").kind == row["name"]
    assert sorted(errors.__all__) == sorted([*(row["class"] for row in rows), "TramontaneError"])


def test_an_error_has_the_fields_of_the_table_and_no_others() -> None:
    assert list(DATA) == FIELDS
    error = from_data("RateLimitError", DATA)
    assert type(error) is tramontane.RateLimitError
    for one in (error, pickle.loads(pickle.dumps(error))):
        assert {name: getattr(one, name) for name in FIELDS} == DATA
        assert one.to_dict() == DATA and list(one.to_dict()) == ["kind", "message", *FIELDS[2:]]
        assert set(vars(one)) <= set(FIELDS)
    assert str(error) == "slow down (at `messages[0]`); wait [mistral, 429, code 1300, request r-1]"
    public = {name for name in vars(tramontane.TramontaneError) if not name.startswith("_")}
    # The name that other SDKs have for the status, a part of the report, and all of it as data.
    assert public - set(FIELDS) == {"status_code", "findings", "to_dict"}
    assert error.status_code == 429 and error.findings[0].rule == "empty"
    bare = tramontane.InternalError("x")
    assert bare.retryable is False and bare.findings == []
    assert (bare.partial, bare.report, bare.retry_after) == (None, None, None)
    with pytest.raises(TypeError, match="no field 'wind'"):
        tramontane.InternalError("x", wind=1)


def test_a_kind_of_tomorrow_is_an_error_all_the_same() -> None:
    error = from_data("WindError", {"kind": "wind", "message": "x"})
    assert type(error) is tramontane.TramontaneError and error.kind == "wind"
