"""Answers that fit a type: the schema that is asked for, and the answer read back. Loaded by the first ``parse``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from . import _forms
from ._generated import ChatCompletion
from ._record import dict_slot
from .errors import ResponseDecodeError

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
        self._is_schema = isinstance(into, Mapping)
        # Only the class says that it is pydantic's: the package is never imported here.
        self._is_model = not self._is_schema and hasattr(into, "model_json_schema") and hasattr(into, "model_validate_json")

    def asked(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options of a chat that ask for this form."""
        if options.get("response_format") is not None:
            raise TypeError("`into` says the form of the answer: leave `response_format` out")
        named = {"name": self._name(), "schema": self.schema(), "strict": True}
        return {**options, "response_format": {"type": "json_schema", "json_schema": named}}

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the form."""
        if self._is_schema:
            return dict(self._into)
        schema = self._into.model_json_schema() if self._is_model else _forms.schema_of(self._into)
        made: dict[str, Any] = _forms.closed(schema)
        return made

    def _name(self) -> str:
        name = self._into.get("title", "") if self._is_schema else getattr(self._into, "__name__", "")
        plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "_-") else "_" for letter in str(name))
        return plain[:64].strip("_") or "answer"

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
            cut = reply.choices[0].finish_reason == "length"
            raise ResponseDecodeError(
                f"the answer does not fit `{self._name()}`: {error}",
                hint="it was cut off: raise `max_tokens`" if cut else "`body` holds its text",
                body=text,
                partial=reply,
                request_id=reply.request_id,
            ) from error
