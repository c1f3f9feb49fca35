"""Answers that fit a type: the schema that is asked for, and the answer read back. Loaded by the first ``parse``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from . import _forms
from ._core import native
from ._failure import TramontaneError, from_data
from ._generated import ChatCompletion
from ._record import _portable, _restore, dict_slot

__all__ = ["Form", "ParsedCompletion"]

T = TypeVar("T")


class ParsedCompletion(ChatCompletion, Generic[T]):
    """An answer to a chat, read into a type."""

    __slots__ = ("_parsed",)

    @property
    def parsed(self) -> T | None:
        """What the text says; ``None`` when the model called tools instead of answering."""
        parsed: T | None = object.__getattribute__(self, "_parsed")
        return parsed

    def copy(self) -> Any:
        """The same answer, with the same reading of it."""
        return _with_parsed(super().copy(), self.parsed)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), dict(self), _portable(self), self.parsed)


def _restored(cls: Any, data: dict[str, Any], meta: dict[str, Any] | None, parsed: Any) -> Any:
    return _with_parsed(_restore(cls, data, meta), parsed)


def _with_parsed(answer: Any, parsed: Any) -> Any:
    dict_slot(answer, "_parsed", parsed)
    return answer


class Form:
    """What an answer is read into."""

    def __init__(self, into: Any) -> None:
        self._into = into
        self._name = ""
        self._is_schema = isinstance(into, Mapping)

    def asked(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options of a chat that ask for this form."""
        if options.get("response_format") is not None:
            raise TypeError("`into` says the form of the answer: leave `response_format` out")
        asked = native.call("form", self._schema())
        self._name = asked["json_schema"]["name"]
        return {**options, "response_format": asked}

    def _schema(self) -> dict[str, Any]:
        """The JSON Schema of the form, its name, and whether it was made here."""
        if self._is_schema:
            return {"schema": dict(self._into)}
        return {"schema": _forms.schema_of(self._into), "name": getattr(self._into, "__name__", ""), "made": True}

    def read(self, reply: ChatCompletion) -> ParsedCompletion[Any]:
        """The answer with what its text says."""
        text = reply.text
        parsed: ParsedCompletion[Any] = ParsedCompletion(reply)
        dict_slot(parsed, "_meta", object.__getattribute__(reply, "_meta"))
        dict_slot(parsed, "_parsed", None if not text and reply.tool_calls else self._value(text, reply))
        return parsed

    def _value(self, text: str, reply: ChatCompletion) -> Any:
        try:
            return json.loads(text) if self._is_schema else _forms.read_text(text, self._into)
        except Exception as error:
            # Also what the caller's own validators raise: the answer was paid for and is not lost.
            raise self._misfit(_fault(error), text, reply) from error

    def _misfit(self, fault: str | None, text: str, reply: ChatCompletion) -> TramontaneError:
        choice = reply.choices[0] if reply.choices else {}
        ended = choice.get("native_finish_reason") or choice.get("finish_reason")
        query = {"name": self._name, "text": text, "fault": fault, "finish_reason": ended, "request_id": reply.request_id}
        error = from_data("ResponseDecodeError", native.call("misfit", query))
        error.partial = reply
        return error


# So many faults are told; the exception's cause has them all.
_MOST_FAULTS = 5


def _fault(error: Exception) -> str | None:
    """What is wrong with an answer, on one line; ``None`` for what is no JSON, which the core says in its own words."""
    if isinstance(error, json.JSONDecodeError):
        return None
    faults = _forms.faults(error)
    if not faults:
        return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
    if any(fault["type"] == "json_invalid" and not fault["loc"] for fault in faults):
        return None
    said = [_said(_forms.place(fault["loc"]), fault["msg"]) for fault in faults[:_MOST_FAULTS]]
    more = len(faults) - len(said)
    return "; ".join(said) + (f"; and {more} more" if more else "")


def _said(place: str, message: str) -> str:
    return f"`{place}`: {message}" if place else message
