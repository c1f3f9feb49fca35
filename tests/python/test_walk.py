"""What goes in: Python's own objects, other libraries' objects, and everything that is no JSON."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import math
import types
from collections import OrderedDict, UserDict, UserList, namedtuple
from random import Random
from typing import Any, NamedTuple

import pydantic
import pytest

import tramontane
from tramontane import _native


def sent(value: Any) -> Any:
    """What becomes of a value on its way to the wire."""
    request = {"model": "mistral-small-2603", "messages": [{"role": "user", "content": "x"}], "metadata": value}
    return _native.call("build", {"policy": {"checks": "off"}}, request)["body"]["metadata"]


class Colour(enum.Enum):
    RED = "red"


class Word(str, enum.Enum):
    BLUE = "blue"


class Number(enum.IntEnum):
    TWO = 2


@dataclasses.dataclass
class Message:
    role: str
    content: str
    prefix: bool | None = None


class Model(pydantic.BaseModel):
    content: str
    role: str = "user"
    sent_at: datetime.date | None = None
    parts: list[Message] = []


class Point(NamedTuple):
    x: int
    y: int


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        (None, None),
        (True, True),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
        (2**64 - 1, 2**64 - 1),
        (0.1, 0.1),
        (1e300, 1e300),
        ("häß🎐\u0000", "häß🎐\u0000"),
        ([], []),
        ((1, (2,)), [1, [2]]),
        ({"a": {"b": [1]}}, {"a": {"b": [1]}}),
        (OrderedDict(z=1, a=2), {"z": 1, "a": 2}),
        (types.MappingProxyType({"a": 1}), {"a": 1}),
        (UserDict(a=1), {"a": 1}),
        (UserList([1, 2]), [1, 2]),
        (range(3), [0, 1, 2]),
        (Point(1, 2), [1, 2]),
        (Colour.RED, "red"),
        (Word.BLUE, "blue"),
        (Number.TWO, 2),
        (Message("user", "Hi"), {"role": "user", "content": "Hi"}),
        (Message("user", "Hi", False), {"role": "user", "content": "Hi", "prefix": False}),
        (Model(content="Hi"), {"content": "Hi", "role": "user", "parts": []}),
        (
            Model(content="Hi", sent_at=datetime.date(2026, 11, 21), parts=[Message("a", "b")]),
            {"content": "Hi", "role": "user", "sent_at": "2026-11-21", "parts": [{"role": "a", "content": "b"}]},
        ),
        (tramontane.Record(a=tramontane.Record(b=1)), {"a": {"b": 1}}),
    ],
    ids=repr,
)
def test_objects_that_have_a_form_in_json(given: Any, wire: Any) -> None:
    assert sent(given) == wire


def cycle() -> Any:
    one: list[Any] = []
    one.append({"again": [one]})
    return one


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


class Liar:
    """Claims to be a model and is none."""

    def model_dump(self, **_: Any) -> Any:
        raise RuntimeError("secret words")


class Vanishing(dict[str, Any]):
    pass


class Grower:
    """Changes the container that it stands in while that is walked."""

    def __init__(self, home: dict[str, Any]) -> None:
        self.home = home

    def model_dump(self) -> Any:
        for n in range(1000):
            self.home[f"new{n}"] = "x" * n
        return {"grown": True}


@pytest.mark.parametrize(
    ("given", "where", "what"),
    [
        ({1, 2}, "", "a set"),
        (b"bytes", "", "bytes"),
        (bytearray(b"x"), "", "a bytearray"),
        (datetime.datetime(2026, 1, 1), "", "a datetime"),
        (decimal.Decimal("1.5"), "", "a Decimal"),
        (object(), "", "an object"),
        (dict, "", "a type"),
        (len, "", "a builtin_function_or_method"),
        ((n for n in [1]), "", "a generator"),
        (1j, "", "a complex"),
        (2**64, "", "an integer beyond 64 bits"),
        (-(2**63) - 1, "", "an integer beyond 64 bits"),
        ("\ud800", "", "lone surrogate"),
        ({"a": ["ok", "\udfff"]}, ".a[1]", "lone surrogate"),
        ({1: "x"}, "", "a key that is an int"),
        ({("a",): "x"}, "", "a key that is a tuple"),
        (math.nan, "", ""),
        ({"a": -math.inf}, ".a", ""),
        (Liar(), "", "a Liar that could not be read (RuntimeError)"),
        (cycle(), "[0].again[0]", "contains itself"),
        (deep(100_000), "[0][0]", "nested deeper than"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_what_is_no_json_is_a_finding_at_its_path(given: Any, where: str, what: str) -> None:
    request = {"model": "mistral-small-2603", "messages": [{"role": "user", "content": "x"}], "metadata": {"value": given}}
    report = tramontane.check(request)
    assert not report.ok
    finding = next(finding for finding in report.findings if finding.severity == "error")
    assert finding.path.startswith("metadata.value" + where)
    assert what in finding.message
    assert "secret words" not in repr(report)
    with pytest.raises(tramontane.InvalidRequest):
        tramontane.build(request)


def test_an_object_that_changes_its_container_does_no_harm() -> None:
    home: dict[str, Any] = {}
    home["first"] = Grower(home)
    home["last"] = "text that must survive " + str(len(home))
    assert sent(home) == {"first": {"grown": True}, "last": "text that must survive 1"}


def test_strings_survive_their_container() -> None:
    """A string is borrowed while the request is built, even when nothing else holds it any more."""

    class Emptying:
        def model_dump(self) -> Any:
            home.clear()
            return [bytes(1000) for _ in range(100)] and "done"

    home: dict[str, Any] = {"".join(["ke", "y"]): "".join(["val", "ue", str(id(object()))])}
    value = home["key"]
    home["then"] = Emptying()
    assert sent(home) == {"key": value, "then": "done"}


def test_many_references_to_one_object_end() -> None:
    bomb: Any = []
    for _ in range(60):
        bomb = [bomb, bomb]
    report = tramontane.check({"model": "mistral-small-2603", "messages": bomb})
    assert not report.ok


def test_one_hundred_megabytes_pass_through() -> None:
    text = "x" * 100_000_000
    request = {"model": "mistral-small-2603", "messages": [{"role": "user", "content": text}]}
    report = tramontane.check(request)
    assert [finding.path for finding in report.findings if len(finding.message) > 500] == []
    assert len(repr(report)) < 20_000


def test_ten_thousand_messages_pass_through() -> None:
    pair = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    request = {"model": "mistral-small-2603", "messages": [*(pair * 5_000), pair[0]]}
    assert tramontane.check(request).ok
    assert len(tramontane.build(request).body["messages"]) == 10_001


@pytest.mark.parametrize("text", ['{"model":"mistral-small-2603","messages":[{"role":"user","content":"Hi"}]}'])
def test_a_request_may_be_text(text: str) -> None:
    for form in (text, text.encode(), bytearray(text.encode()), memoryview(text.encode())):
        assert tramontane.check(form).ok
    whole = namedtuple("whole", ["model"])  # any sequence is an array, never an object
    assert not tramontane.check(whole("m")).ok


@pytest.mark.parametrize("text", [b"\xff\xfe", b'{"model": "m", "messages": [', "", '{"a": 1} x', "[" * 200, '{"a": NaN}'])
def test_text_that_is_no_json_says_where(text: Any) -> None:
    with pytest.raises(tramontane.InvalidRequest, match="not valid JSON|not UTF-8"):
        tramontane.check(text)


@pytest.mark.parametrize("request_", [None, 1, True, "\ud800", [], object(), {1, 2}, {}, {"model": 5, "messages": "x"}])
def test_any_object_gives_a_report(request_: Any) -> None:
    report = tramontane.check(request_)
    assert not report.ok
    assert report.findings


LEAVES: list[Any] = [
    None, True, 0, -1, 2**70, 1.5, math.inf, "", "x", "\udc80", "é" * 300, b"x", {1}, object(), Colour.RED, datetime.date.min,
    "mistral-small-2603", "user", "assistant", "tool", "system", "text", "image_url", "function", "auto", "aB3dE5gH7",
]  # fmt: skip
KEYS: list[Any] = [
    "model", "messages", "role", "content", "tool_calls", "function", "name", "arguments", "type", "text", "id", "tools",
    "tool_choice", "response_format", "json_schema", "schema", "temperature", "n", "stop", "operation", "metadata", 1, "\ud800",
]  # fmt: skip


def anything(random: Random, depth: int = 0) -> Any:
    kind = random.random()
    if depth > 5 or kind < 0.35:
        return random.choice(LEAVES)
    if kind < 0.6:
        return [anything(random, depth + 1) for _ in range(random.randrange(4))]
    return {random.choice(KEYS): anything(random, depth + 1) for _ in range(random.randrange(6))}


@pytest.mark.parametrize("seed", range(20))
def test_anything_gives_a_report_and_never_more_than_an_error(seed: int) -> None:
    random = Random(seed)
    for _ in range(100):
        request = anything(random)
        if random.random() < 0.7:
            request = {"model": "mistral-small-2603", "messages": request}
        if isinstance(request, (str, bytes)):
            continue
        report = tramontane.check(request)
        assert isinstance(report, tramontane.Report), request
        try:
            tramontane.build(request)
            assert report.ok, request
        except (tramontane.InvalidRequest, tramontane.UnsupportedError) as error:
            assert not report.ok, request
            assert error.report is not None or error.path == "operation", request
