"""Answers read into the types of real libraries: pydantic's classes, dataclasses, typed dicts, and JSON Schemas."""

from __future__ import annotations

import asyncio
import copy
import datetime
import json
import pickle
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Generic, Literal, NewType, Optional, TypedDict, TypeVar

import pydantic
import pydantic.dataclasses
import pytest
import typing_extensions
from loopback import Loopback
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

import tramontane
from test_conveniences import completion

T = TypeVar("T")


class Side(str, Enum):
    NORTH = "north"
    SOUTH = "south"


class Wind(BaseModel):
    name: str
    speed: Optional[float] = Field(None, ge=0, description="kilometres an hour")


class Harbour(BaseModel):
    """A harbour."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, alias="harbourName")
    berths: int = Field(ge=1)
    side: Side
    opened: datetime.date | None = None
    winds: list[Wind] = []
    by_month: dict[str, Wind] = {}
    kind: Literal["old", "new"] = "old"

    @field_validator("name")
    @classmethod
    def is_a_name(cls, name: str) -> str:
        if name == "Atlantis":
            raise KeyError("no such place")
        if name[0].islower():
            raise ValueError("begins with a small letter")
        return name

    @model_validator(mode="after")
    def has_room(self) -> Harbour:
        if len(self.winds) > self.berths:
            raise ValueError("more winds than berths")
        return self


class Node(BaseModel):
    """Stands within itself."""

    name: str
    below: list[Node] = []


class Box(BaseModel, Generic[T]):
    item: T


@pydantic.dataclasses.dataclass
class Checked:
    number: int = Field(ge=1)


@dataclass
class Coast:
    """A plain dataclass around pydantic's."""

    harbour: Harbour
    checked: Checked
    days: list[datetime.date] = field(default_factory=list)


class Extended(typing_extensions.TypedDict):
    one: typing_extensions.Required[int]
    two: typing_extensions.NotRequired[str]


class Point(TypedDict):
    at: Annotated[tuple[float, ...], "latitude and longitude"]


UserId = NewType("UserId", int)


@dataclass
class Plain:
    user: UserId
    points: dict[str, Point]
    moment: datetime.datetime | None = None


@dataclass
class Shut:
    """Refuses by itself."""

    number: int

    def __post_init__(self) -> None:
        raise RuntimeError("shut")


GOOD = {"harbourName": "Cassis", "berths": 3, "side": "south", "opened": "1905-05-01", "winds": [{"name": "Mistral"}]}
HARBOUR = Harbour(harbourName="Cassis", berths=3, side=Side.SOUTH, opened=datetime.date(1905, 5, 1), winds=[Wind(name="Mistral", speed=None)])


def served(text: str, finish: str = "stop") -> Loopback:
    return Loopback(lambda request: request.answer(completion(text, finish)))


def asked(server: Loopback) -> Any:
    return server.requests[-1].json["response_format"]["json_schema"]


def parse(into: Any, text: str, finish: str = "stop") -> tuple[Any, Any]:
    """What comes of an answer, in both clients, and the form that was asked for."""
    server = served(text, finish)
    request: Any = {"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Which harbour?"}], "into": into}

    async def soon() -> Any:
        async with tramontane.AsyncClient(api_key="k", base_url=server.url) as client:
            return await client.chat.parse(**request)

    try:
        with tramontane.Client(api_key="k", base_url=server.url) as client:
            reply = client.chat.parse(**request)
        first = asked(server)
        again = asyncio.run(soon())
        assert (again.parsed, asked(server)) == (reply.parsed, first)
        assert reply.text == again.text == text
        return reply, first
    finally:
        server.close()


def refused(into: Any, text: str, finish: str = "stop") -> tramontane.ResponseDecodeError:
    server = served(text, finish)
    try:
        with tramontane.Client(api_key="k", base_url=server.url) as client, pytest.raises(tramontane.ResponseDecodeError) as caught:
            client.chat.parse(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}], into=into)
    finally:
        server.close()
    error = caught.value
    assert error.body == text and error.partial is not None and error.partial.text == text
    assert "\n" not in str(error) and "http" not in error.message and error.__cause__ is not None
    return error


def test_a_class_of_pydantic() -> None:
    reply, form = parse(Harbour, json.dumps(GOOD))
    assert reply.parsed == HARBOUR and type(reply.parsed.side) is Side
    assert (form["name"], form["strict"]) == ("Harbour", True)
    schema = form["schema"]
    assert schema["required"] == ["harbourName", "berths", "side"] and schema["additionalProperties"] is False
    assert schema["properties"]["berths"]["minimum"] == 1 and schema["$defs"]["Wind"]["additionalProperties"] is False
    assert schema["properties"]["by_month"]["additionalProperties"] == {"$ref": "#/$defs/Wind"}
    assert schema["$defs"]["Side"]["enum"] == ["north", "south"]


def test_what_pydantic_refuses_is_told_on_one_line() -> None:
    bad = {**GOOD, "harbourName": "cassis", "berths": 0, "winds": [{"name": "Mistral", "speed": -1}], "mood": "gay"}
    error = refused(Harbour, json.dumps(bad))
    assert error.message == (
        "the answer does not fit `Harbour`: `harbourName`: Value error, begins with a small letter; "
        "`berths`: Input should be greater than or equal to 1; `winds[0].speed`: Input should be greater than or equal to 0; "
        "`mood`: Extra inputs are not permitted"
    )
    assert isinstance(error.__cause__, pydantic.ValidationError) and error.hint == "`body` holds its text"
    many = refused(Node, json.dumps({"below": [{} for _ in range(9)]}))
    assert many.message.endswith("; and 5 more") and "`below[0].name`: Field required" in many.message
    winds = json.dumps({**GOOD, "berths": 1, "winds": [{"name": "a"}, {"name": "b"}]})
    assert refused(Harbour, winds).message.endswith("Value error, more winds than berths")


def test_what_a_validator_breaks_with_loses_no_text() -> None:
    error = refused(Harbour, json.dumps({**GOOD, "harbourName": "Atlantis"}))
    assert error.message == "the answer does not fit `Harbour`: KeyError: 'no such place'"
    assert refused(Shut, '{"number": 1}').message == "the answer does not fit `Shut`: RuntimeError: shut"


def test_no_json_and_no_text() -> None:
    # In the same words, whoever reads it.
    for into, name in [(Harbour, "Harbour"), (Checked, "Checked"), (Plain, "Plain"), ({"type": "object"}, "answer")]:
        said = refused(into, "Cassis, I think.").message
        assert said == f"the answer does not fit `{name}`: it is not valid JSON: expected value at line 1 column 1"
    assert refused(Harbour, "").message == "the answer does not fit `Harbour`: it has no text"
    assert refused(Harbour, '{"harb', "length").hint == "it was cut off: raise `max_tokens`"


@pytest.mark.parametrize(
    ("into", "text", "value"),
    [
        (Box[int], '{"item": 1}', Box[int](item=1)),
        (RootModel[list[int]], "[1]", RootModel[list[int]]([1])),
        (list[Wind], '[{"name": "Mistral"}]', [Wind(name="Mistral", speed=None)]),
        (Optional[Wind], "null", None),
        (Checked, '{"number": 1}', Checked(number=1)),
        (Coast, json.dumps({"harbour": GOOD, "checked": {"number": 2}, "days": ["2026-01-31"]}),
         Coast(HARBOUR, Checked(number=2), [datetime.date(2026, 1, 31)])),
        (Extended, '{"one": 1}', {"one": 1}),
        (list[Extended], '[{"one": 1, "two": "b"}]', [{"one": 1, "two": "b"}]),
        (Plain, '{"user": 3.0, "points": {"a": {"at": [1, 2]}}, "moment": "2026-01-31T12:00:00"}',
         Plain(UserId(3), {"a": {"at": (1.0, 2.0)}}, datetime.datetime(2026, 1, 31, 12))),
        (Literal["a", "b"], '"a"', "a"),
        (Side, '"north"', Side.NORTH),
    ],
)  # fmt: skip
def test_every_kind_of_type(into: Any, text: str, value: Any) -> None:
    reply, form = parse(into, text)
    assert reply.parsed == value and type(reply.parsed) is type(value)
    # What a schema begins with stands there itself: not every server takes a reference there.
    assert "$ref" not in form["schema"]


def test_types_within_themselves_and_of_one_name() -> None:
    tree = {"name": "a", "below": [{"name": "b", "below": []}]}
    reply, form = parse(Node, json.dumps(tree))
    assert reply.parsed.below[0].name == "b"
    schema = form["schema"]
    assert schema["title"] == "Node" and schema["properties"]["below"]["items"] == {"$ref": "#/$defs/Node"}
    assert schema["$defs"]["Node"]["required"] == ["name"]

    @dataclass
    class Plain:  # another one than that of the module
        words: list[str]

    both: Any = TypedDict("both", {"a": Plain, "b": globals()["Plain"]})  # type: ignore
    _, form = parse(both, json.dumps({"a": {"words": ["x"]}, "b": {"user": 1, "points": {}}}))
    properties = form["schema"]["properties"]
    assert [properties[name]["$ref"] for name in "ab"] == ["#/$defs/Plain", "#/$defs/Plain_2"]
    assert list(form["schema"]["$defs"]["Plain_2"]["properties"]) == ["user", "points", "moment"]


@pytest.mark.parametrize(
    ("into", "text", "said"),
    [
        (Checked, '{"number": 0}', "`number`: Input should be greater than or equal to 1"),
        (Coast, json.dumps({"harbour": {**GOOD, "berths": 0}, "checked": {"number": 1}}), "`harbour.berths`: Input should be"),
        (list[Wind], '[{"name": "a"}, {"speed": 1}]', "`[1].name`: Field required"),
        (Extended, '{"two": "b"}', "`one` is missing"),
        (Plain, '{"user": 1.5, "points": {}}', "`user` is a number, not int"),
        (Plain, '{"user": 1, "points": {}, "moment": "soon"}', "`moment` is no datetime"),
        (Literal[1, 2], "true", "`the answer` is a boolean"),
    ],
)
def test_what_does_not_fit_is_named_at_its_place(into: Any, text: str, said: str) -> None:
    assert said in refused(into, text).message


def test_a_schema_is_closed_but_for_what_is_named_like_its_words() -> None:
    names = {"type": "object", "properties": {"enum": {"type": "object", "properties": {"default": {"type": "object", "properties": {}}}}}}
    server = served("{}")
    try:

        class Words(BaseModel):
            model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(names))

        with tramontane.Client(api_key="k", base_url=server.url) as client:
            client.chat.parse(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}], into=Words)
        inner = asked(server)["schema"]["properties"]["enum"]
    finally:
        server.close()
    assert inner["additionalProperties"] is False and inner["properties"]["default"]["additionalProperties"] is False


def test_an_answer_that_was_read_is_copied_and_pickled() -> None:
    reply, _ = parse(Harbour, json.dumps(GOOD))
    for again in (pickle.loads(pickle.dumps(reply)), copy.deepcopy(reply), copy.copy(reply), reply.copy()):
        assert type(again) is type(reply) and again == reply
        assert again.parsed == HARBOUR and again.cost.amount == reply.cost.amount
    assert "parsed" not in reply and copy.deepcopy(reply).parsed is not reply.parsed


def test_a_type_that_cannot_be_asked_for_says_so_before_anything_is_sent() -> None:
    def local() -> Any:
        class Inner(TypedDict):
            one: int

        @dataclass
        class Outer:
            inner: Inner

        return Outer

    with tramontane.Client(api_key="k", base_url="http://127.0.0.1:9") as client:
        for into, said in [(local(), "define its types at the top of a module"), (set[object], "has no JSON Schema here")]:
            with pytest.raises(TypeError, match=said):
                client.chat.parse(model="m", messages=[], into=into)


def test_tool_calls_are_no_answer_and_an_answer_without_choices_is_an_error() -> None:
    call = {"id": "abcdefghi", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    bodies = [json.loads(completion("", "tool_calls")), {**json.loads(completion("")), "choices": []}]
    bodies[0]["choices"][0]["message"]["tool_calls"] = [call]
    left = iter(bodies)
    server = Loopback(lambda request: request.answer(next(left)))
    try:
        with tramontane.Client(api_key="k", base_url=server.url) as client:
            asked_: Any = {"model": "mistral-small-2603", "messages": [{"role": "user", "content": "Hi"}], "into": Harbour}
            reply = client.chat.parse(**asked_)
            assert reply.parsed is None and reply.tool_calls[0].function.name == "look"
            with pytest.raises(tramontane.ResponseDecodeError, match="it has no text") as caught:
                client.chat.parse(**asked_)
    finally:
        server.close()
    assert caught.value.partial is not None and caught.value.partial.choices == []
