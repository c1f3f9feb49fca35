"""The types of answers."""

from __future__ import annotations

from ._record import Answer, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal


class FunctionCall(Record):
    """The function that a model wants called."""

    __slots__ = ()

    name: str
    arguments: str | dict[str, Any]


class ToolCall(Record):
    """A tool that a model wants called."""

    __slots__ = ()

    id: str
    type: str | None
    function: FunctionCall
    index: int | None


class AssistantMessage(Record):
    """What the model said."""

    __slots__ = ()

    role: Literal["assistant"]
    content: str | list[Record] | None
    tool_calls: list[ToolCall] | None
    prefix: bool | None


class ChatChoice(Record):
    """One of the answers."""

    __slots__ = ()

    index: int
    message: AssistantMessage
    finish_reason: str


class Usage(Record):
    """The tokens of a call."""

    __slots__ = ()

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(Answer):
    """An answer to a chat."""

    __slots__ = ()

    id: str
    object: str
    created: int
    model: str
    choices: list[ChatChoice]
    usage: Usage


class Delta(Record):
    """What an event adds to a choice."""

    __slots__ = ()

    role: str | None
    content: str | list[Record] | None
    tool_calls: list[ToolCall] | None


class ChatChunkChoice(Record):
    """One of the answers, as far as an event goes."""

    __slots__ = ()

    index: int
    delta: Delta
    finish_reason: str | None


class ChatCompletionChunk(Record):
    """One event of a stream."""

    __slots__ = ()

    id: str
    object: str
    created: int
    model: str
    choices: list[ChatChunkChoice]
    usage: Usage | None


class Finding(Record):
    """One thing that is wrong with a request."""

    __slots__ = ()

    rule: str
    severity: Literal["note", "warning", "error"]
    path: str
    message: str
    hint: str | None
    server_code: str | None
    source: str


class Repair(Record):
    """A change that a repair made."""

    __slots__ = ()

    repair: str
    path: str
    message: str


class TokenRange(Record):
    """A number of tokens, as a range."""

    __slots__ = ()

    low: int
    high: int


class AmountRange(Record):
    """An amount of nano-dollars, as a range."""

    __slots__ = ()

    low: int
    high: int


class CostEstimate(Record):
    """What a request may cost."""

    __slots__ = ()

    amount: AmountRange | None
    reason: str | None
    prompt_tokens: TokenRange | None
    completion_tokens: TokenRange | None
    model: str | None


class Estimate(Record):
    """What a request may use and cost."""

    __slots__ = ()

    prompt_tokens: TokenRange
    cost: CostEstimate


class Resolution(Record):
    """What a model name means on a day."""

    __slots__ = ()

    requested: str
    id: str | None
    sent_as: str
    kind: Literal["id", "alias", "floating", "documented", "fine_tuned", "unknown"]
    provider: str
    status: str | None
    replacement: str | None
    deprecated_on: str | None
    retires_on: str | None
    pinned: str | None
    did_you_mean: list[str]
    findings: list[Finding]


class Report(Record):
    """Everything about a request."""

    __slots__ = ()

    ok: bool
    findings: list[Finding]
    estimate: Estimate | None
    resolution: Resolution | None
    repairs: list[Repair]


class AuthPlan(Record):
    """How a key is added to a request, by whoever has it."""

    __slots__ = ()

    header: str
    scheme: str
    env: str


class Prepared(Record):
    """An HTTP request, complete but for the key."""

    __slots__ = ()

    provider: str
    operation: str
    method: str
    url: str
    headers: dict[str, str]
    body: dict[str, Any] | None
    auth: AuthPlan
    resolution: Resolution | None
    warnings: list[Finding]
    repairs: list[Repair]


class Model(Record):
    """One model of the catalogue."""

    __slots__ = ()

    id: str


class Provider(Record):
    """One provider."""

    __slots__ = ()

    id: str


class Recommendation(Record):
    """A recommended model."""

    __slots__ = ()

    id: str


__all__ = [
    "AmountRange",
    "AssistantMessage",
    "AuthPlan",
    "ChatChoice",
    "ChatChunkChoice",
    "ChatCompletion",
    "ChatCompletionChunk",
    "CostEstimate",
    "Delta",
    "Estimate",
    "Finding",
    "FunctionCall",
    "Model",
    "Prepared",
    "Provider",
    "Recommendation",
    "Repair",
    "Report",
    "Resolution",
    "TokenRange",
    "ToolCall",
    "Usage",
]
