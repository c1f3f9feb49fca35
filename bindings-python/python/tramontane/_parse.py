"""Answers that fit a type: the schema that is asked for, and the answer read back. Loaded by the first ``parse``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from . import _forms
from ._core import native
from ._failure import TramontaneError, from_data
from ._generated import ChatCompletion
from ._record import dict_slot

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


class Form:
    """What an answer is read into."""

    def __init__(self, into: Any) -> None:
        self._into = into
        self._name = ""
        self._is_schema = isinstance(into, Mapping)
        # Only the class says that it is pydantic's: the package is never imported here.
        self._is_model = not self._is_schema and hasattr(into, "model_json_schema") and hasattr(into, "model_validate_json")

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
        schema = self._into.model_json_schema() if self._is_model else _forms.schema_of(self._into)
        return {"schema": schema, "name": getattr(self._into, "__name__", ""), "made": True}

    def read(self, reply: ChatCompletion) -> ParsedCompletion[Any]:
        """The answer with what its text says."""
        parsed: ParsedCompletion[Any] = ParsedCompletion(reply)
        dict_slot(parsed, "_meta", object.__getattribute__(reply, "_meta"))
        text = reply.text
        dict_slot(parsed, "_parsed", None if not text and reply.tool_calls else self._value(text, reply))
        return parsed

    def _value(self, text: str, reply: ChatCompletion) -> Any:
        try:
            if self._is_model:
                return self._into.model_validate_json(text)
            value = json.loads(text)
            return value if self._is_schema else _forms.read(value, self._into)
        except ValueError as error:
            # What is no JSON is said in the core's words, the same in every language.
            fault = None if isinstance(error, json.JSONDecodeError) else str(error)
            raise self._misfit(fault, text, reply) from error

    def _misfit(self, fault: str | None, text: str, reply: ChatCompletion) -> TramontaneError:
        choice = reply.choices[0] if reply.choices else {}
        ended = choice.get("native_finish_reason") or choice.get("finish_reason")
        query = {"name": self._name, "text": text, "fault": fault, "finish_reason": ended, "request_id": reply.request_id}
        error = from_data("ResponseDecodeError", native.call("misfit", query))
        error.partial = reply
        return error
