"""The vectors that every host runs: one operation, its parameter, and what must come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import tramontane
from tramontane import _native, errors

FOLDER = Path(__file__).parents[1] / "vectors"
PATHS = sorted(FOLDER.rglob("*.json"))
CLASSES = {
    found.kind: found
    for found in vars(errors).values()
    if isinstance(found, type) and issubclass(found, tramontane.TramontaneError) and "kind" in vars(found)
}


def judged(options: dict[str, Any] | None) -> dict[str, Any]:
    """A vector that names no day means the snapshot's."""
    return {"on": tramontane.models.as_of(), **(options or {})}


def resolve(input: dict[str, Any]) -> Any:
    return tramontane.resolve(**judged(input))


def models_list(input: dict[str, Any]) -> Any:
    return tramontane.models.list(**judged(input))


def models_get(input: dict[str, Any]) -> Any:
    return tramontane.models.get(**judged(input))


def models_recommend(input: dict[str, Any]) -> Any:
    return tramontane.models.recommend(**judged(input))


def models_sync(input: dict[str, Any]) -> Any:
    return tramontane.models.sync(**judged(input))


def form(input: dict[str, Any]) -> Any:
    return _native.call("form", input)


def misfit(input: dict[str, Any]) -> Any:
    return _native.call("misfit", input)


def models_as_of(input: dict[str, Any]) -> Any:
    return tramontane.models.as_of()


def providers(input: dict[str, Any]) -> Any:
    return tramontane.providers.list()


def check(input: dict[str, Any]) -> Any:
    return tramontane.check(input.get("request"), **judged(input.get("policy")))


def build(input: dict[str, Any]) -> Any:
    return tramontane.build(input.get("request"), provider=input.get("provider"), **judged(input.get("policy")))


def lint_text(input: dict[str, Any]) -> Any:
    return tramontane.lint_text(**judged(input))


def estimate_cost(input: dict[str, Any]) -> Any:
    return tramontane.estimate_cost(input.get("request"), **judged(input.get("policy")))


def parse(input: dict[str, Any]) -> Any:
    reply: Any = tramontane.parse(**input)
    told = _native.call("parse", input)
    if reply is None:
        # An answer without a body is nothing, and has nothing to hang its headers on.
        assert told["data"] is None
        return told
    kind = told["type"]
    assert type(reply) is getattr(tramontane, kind, tramontane.Answer)
    return {"type": kind, "data": reply, "meta": getattr(reply, "_meta")}


def decode(input: dict[str, Any]) -> Any:
    decoder = tramontane.Decoder(input["provider"], input["operation"])
    events: list[Any] = []
    data = input["chunks"].encode()
    try:
        # Cut where it hurts: in the middle of lines, of escapes and of characters.
        for at in range(0, len(data), 7):
            events += [event.data for event in decoder.push(data[at : at + 7])]
        return {"events": events, "answer": decoder.finish()}
    except tramontane.TramontaneError as error:
        return {"events": events, "error": error.to_dict()}


def matches(actual: Any, expected: Any, path: str = "") -> None:
    """What an expectation names must be so; arrays have the same length, objects may have more fields."""
    if isinstance(expected, list):
        # Numbers that came as a vector are one.
        assert isinstance(actual, (list, tramontane.Vector)), path
        assert len(actual) == len(expected), f"{path}: {actual}"
        for index, item in enumerate(expected):
            matches(actual[index], item, f"{path}[{index}]")
    elif isinstance(expected, dict):
        assert isinstance(actual, dict), f"{path}: {actual!r}"
        for key, value in expected.items():
            matches(actual.get(key), value, f"{path}.{key}")
    else:
        assert actual == expected and isinstance(actual, bool) == isinstance(expected, bool), path


def test_there_are_vectors(record_property: Any) -> None:
    if not PATHS:
        pytest.skip("tests/vectors is missing")
    record_property("vectors", len(PATHS))
    print(f"{len(PATHS)} vectors in Python")


NAMES = {"provider", "on", "overlay"}
# The arguments of each door: those that must be there, and those that may.
SAID: dict[str, tuple[set[str], set[str]]] = {
    "resolve": ({"name"}, {"pin", "strict", "severities", *NAMES}),
    "models_list": (set(), {"capability", "status", *NAMES}),
    "models_get": ({"name"}, NAMES),
    "models_recommend": (set(), {"use", "on"}),
    "models_sync": ({"list"}, {"on", "overlay"}),
    "form": ({"schema"}, {"name", "made"}),
    "misfit": ({"name"}, {"text", "fault", "finish_reason", "request_id"}),
    "models_as_of": (set(), set()),
    "providers": (set(), set()),
    "check": (set(), {"request", "policy"}),
    "build": (set(), {"request", "provider", "policy"}),
    "estimate_cost": (set(), {"request", "policy"}),
    "lint_text": (
        {"text"},
        {"language", "on", "within_days", "comments", "strict", "severities", "ignore", "overlay"},
    ),
    "parse": ({"provider", "operation", "status", "headers", "body"}, set()),
    "decode": ({"provider", "operation", "chunks"}, set()),
}


def speakable(op: str, input: Any) -> bool:
    """Whether a Python call can say it; other parameters come only as data from elsewhere."""
    must, may = SAID[op]
    if not isinstance(input, dict) or not must <= input.keys() <= must | may:
        return False
    if isinstance(input.get("request"), str):
        return False  # in a Python call, a `str` is JSON text
    return op != "parse" or isinstance(input["body"], str) and isinstance(input["headers"], dict)


def fails(run: Any, expected: dict[str, Any]) -> None:
    with pytest.raises(tramontane.TramontaneError) as caught:
        run()
    assert type(caught.value) is CLASSES[expected["kind"]]
    matches(caught.value.to_dict(), expected)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_vector(path: Path) -> None:
    vector = json.loads(path.read_text("utf-8"))
    door = globals()[vector["op"]]
    if not speakable(vector["op"], vector["input"]):

        def door(input: Any) -> Any:  # noqa: F811
            return _native.call(vector["op"], input)

    if "error" in vector:
        fails(lambda: door(vector["input"]), vector["error"])
    else:
        matches(door(vector["input"]), vector["output"])
