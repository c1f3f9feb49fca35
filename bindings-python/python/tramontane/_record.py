"""Records: answers that are dicts with attributes.

A record's class lists its fields as annotations and nothing else (``_generated.py``). A child becomes a record when it is
first touched, by attribute or by key, and stays one; what nobody looks at is never built.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable

    from ._generated import Cost, Finding, FunctionCallEntry, Resolution, ToolCall

_LONGEST = 80
_MOST = 6


class Record(dict[str, "Any"]):
    """A dict whose keys are attributes too.

    A known field that is absent is ``None``; an unknown name is an ``AttributeError`` that suggests the nearest one.
    Fields that this version does not know are kept.
    """

    __slots__ = ("_meta",)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name, name=name, obj=self)
            try:
                return self[name]
            except KeyError:
                pass
            if name in _shape(type(self)):
                return None
            raise AttributeError(_no_such(self, name), name=name, obj=self) from None

        def __setattr__(self, name, value):
            if name.startswith("_"):
                dict_slot(self, name, value)
            else:
                self[name] = value

        def __delattr__(self, name):
            try:
                del self[name]
            except KeyError:
                raise AttributeError(_no_such(self, name), name=name, obj=self) from None

    def __getitem__(self, key: str) -> Any:
        value = dict.__getitem__(self, key)
        kind = type(value)
        if kind is dict:
            value = _child(self, key, value)
            dict.__setitem__(self, key, value)
        elif kind is list and value and type(value[0]) is dict:
            # In place: whoever holds the list keeps holding the same one.
            value[:] = [_child(self, key, item) if type(item) is dict else item for item in value]
        return value

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, as a record where it is an object."""
        return self[key] if key in self else default

    def model_dump(self, *, mode: str = "python", exclude_none: bool = False) -> dict[str, Any]:
        """The record as plain dicts and lists, a copy all the way down."""
        dumped: dict[str, Any] = plain(self, exclude_none)
        return dumped

    def model_dump_json(self, *, indent: int | None = None, exclude_none: bool = False) -> str:
        """The record as JSON text."""
        import json

        separators = (",", ":") if indent is None else None
        return json.dumps(plain(self, exclude_none), ensure_ascii=False, indent=indent, separators=separators)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain dicts and lists."""
        return self.model_dump()

    def to_json(self, *, indent: int | None = 2) -> str:
        """The record as JSON text for reading."""
        return self.model_dump_json(indent=indent)

    def copy(self) -> Any:
        """A record of the same type with the same children."""
        return _restore(type(self), dict(self), getattr(self, "_meta", None))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), dict(self), _portable(self))

    def __repr__(self) -> str:
        return _shown(self, type(self).__name__)

    def __dir__(self) -> Iterable[str]:
        return sorted({*super().__dir__(), *_shape(type(self)), *self})


dict_slot = object.__setattr__


class Raw:
    """What came over the network."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes | None) -> None:
        self.status = status
        """The HTTP status."""
        self.headers = headers
        """The headers, their names in lower case."""
        self.body = body
        """The body as it came, decompressed; ``None`` for one of more than a megabyte, which is not kept."""

    def __repr__(self) -> str:
        length = None if self.body is None else len(self.body)
        return f"<Raw status={self.status} length={length}>"


class Answer(Record):
    """A provider's answer, with what stood around it."""

    __slots__ = ()

    usage: Any
    """What the call used, where the provider says it."""

    @property
    def request_id(self) -> str | None:
        """The id under which the provider knows the request."""
        request_id: str | None = _around(self, "request_id", None)
        return request_id

    @property
    def rate_limit(self) -> dict[str, int]:
        """What the rate-limit headers said: ``remaining-req-minute``, ``tokens-query-cost``, …"""
        rate_limit: dict[str, int] = _around(self, "rate_limit", {})
        return rate_limit

    @property
    def cost(self) -> Cost:
        """What it cost, in whole nano-dollars (10⁻⁹ USD), line by line; ``amount`` is ``None``, with a ``reason``, when that
        cannot be said. Computed when it is asked for."""
        meta: Any = getattr(self, "_meta", None)
        if meta is not None and not isinstance(meta, dict):
            found = meta.cost(self)
        else:
            unknown: dict[str, Any] = {"amount": None, "reason": "what an answer cost is known where a client got it", "lines": []}
            found = (meta or {}).get("cost") or unknown
        cost: Cost = wrap("Cost", found)
        return cost

    @property
    def warnings(self) -> list[Finding]:
        """Findings that did not stop the request."""
        return [wrap("Finding", finding) for finding in _around(self, "warnings", [])]

    @property
    def repairs(self) -> list[Record]:
        """What repairs changed in the request."""
        return [wrap("Repair", repair) for repair in _around(self, "repairs", [])]

    @property
    def resolution(self) -> Resolution | None:
        """What the model's name meant, and what was sent for it."""
        resolution = _around(self, "resolution", None)
        return None if resolution is None else wrap("Resolution", resolution)

    @property
    def raw(self) -> Raw | None:
        """What came over the network; ``None`` for the end of a stream, and for an answer that came from no client."""
        return _raw(self)

    @property
    def attempts(self) -> int:
        """How often the request was sent; 0 when this answer came from no client."""
        attempts: int = _around(self, "attempts", 0)
        return attempts


class ChatAnswer(Answer):
    """A chat's answer."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """The first choice's text, without its thinking; empty when it has none."""
        message = _first_message(self)
        return "" if message is None else _text_of(message.get("content"))

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The tools that the first choice wants called; empty when it wants none."""
        message = _first_message(self)
        return [] if message is None else message.get("tool_calls") or []


class ConversationAnswer(Answer):
    """What came of new entries in a conversation."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """The text of the model's messages, without its thinking; empty when it said nothing."""
        return "".join(_text_of(entry.get("content")) for entry in _entries(self, "message.output"))

    @property
    def function_calls(self) -> list[FunctionCallEntry]:
        """The functions that the model wants called; their results go into the next request."""
        return _entries(self, "function.call")


class OcrAnswer(Answer):
    """A document that was read."""

    __slots__ = ()

    @property
    def usage(self) -> Any:
        """What the call used, where the provider says it: ``usage_info``, under the name that all other answers have for it."""
        return self.get("usage_info")

    @property
    def markdown(self) -> str:
        """The Markdown of all pages, a blank line between them."""
        return "\n\n".join(page.get("markdown") or "" for page in self.get("pages") or [])


class SpeechAnswer(Answer):
    """Spoken text."""

    __slots__ = ()

    @property
    def audio(self) -> bytes:
        """The sound itself: ``audio_data`` decoded."""
        from base64 import b64decode

        return b64decode(self.get("audio_data") or "")


def wrap(name: str, data: dict[str, Any]) -> Any:
    """The record of the type ``name`` around ``data``; a plain `Record` for a type that this version does not know."""
    from . import _generated

    meant = getattr(_generated, name, Record)
    # One of several types: the data say which.
    for one in getattr(meant, "__args__", ()):
        if _fits(one, data):
            return one(data)
    return Record(data) if hasattr(meant, "__args__") else meant(data)


def answer(name: str, data: dict[str, Any], meta: Any) -> Any:
    """A provider's answer, with what stands around it."""
    # An answer without a body.
    if data is None:
        return None
    from . import _generated

    record = getattr(_generated, name, Answer)(data)
    dict_slot(record, "_meta", meta)
    return record


def plain(value: Any, exclude_none: bool = False) -> Any:
    """Records as the dicts and lists that they are, copied."""
    if isinstance(value, dict):
        return {key: plain(item, exclude_none) for key, item in value.items() if not (exclude_none and item is None)}
    if isinstance(value, list):
        return [plain(item, exclude_none) for item in value]
    # A vector.
    tolist = getattr(value, "tolist", None)
    return value if tolist is None else tolist()


def _restore(cls: type[Record], data: dict[str, Any], meta: dict[str, Any] | None) -> Record:
    record = cls(data)
    if meta is not None:
        dict_slot(record, "_meta", meta)
    return record


def _meta_of(record: Record) -> dict[str, Any] | None:
    """What stands around an answer, as a dict: the compiled form is read once."""
    meta: Any = getattr(record, "_meta", None)
    around: dict[str, Any] | None = meta if meta is None or isinstance(meta, dict) else meta.to_dict()
    return around


def _portable(record: Record) -> dict[str, Any] | None:
    """What stands around an answer, in a form that leaves the process."""
    meta: Any = getattr(record, "_meta", None)
    if meta is None or isinstance(meta, dict):
        return meta
    return {**meta.to_dict(), "cost": meta.cost(record)}


def _raw(record: Record) -> Raw | None:
    compiled = getattr(record, "_meta", None)
    came = None if compiled is None or isinstance(compiled, dict) else compiled.raw()
    return None if came is None else Raw(*came)


def _around(record: Record, name: str, default: Any) -> Any:
    meta = _meta_of(record)
    value = None if meta is None else meta.get(name)
    return default if value is None else value


def _entries(record: Record, kind: str) -> list[Any]:
    return [entry for entry in record.get("outputs") or [] if entry.get("type") == kind]


def _first_message(record: Record) -> Any:
    choices = record.get("choices")
    if not choices:
        return None
    return choices[0].get("message") or choices[0].get("delta")


def _text_of(content: Any) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "".join(chunk.get("text") or "" for chunk in content if isinstance(chunk, dict) and chunk.get("type") == "text")


# What a class's annotations say, read when one of its fields is first needed: field -> the records it may hold.
_shapes: dict[type, dict[str, tuple[type[Record], ...]]] = {}


def _shape(cls: type[Record]) -> dict[str, tuple[type[Record], ...]]:
    shape = _shapes.get(cls)
    if shape is None:
        shape = {}
        for base in reversed(cls.__mro__):
            if base is not Record and issubclass(base, Record):
                names = vars(sys.modules[base.__module__])
                for field, annotation in base.__dict__.get("__annotations__", {}).items():
                    shape[field] = _records_in(str(annotation), names)
        _shapes[cls] = shape
    return shape


def _records_in(annotation: str, names: dict[str, Any]) -> tuple[type[Record], ...]:
    found: list[type[Record]] = []
    word = ""
    for letter in annotation + " ":
        if letter.isalnum() or letter == "_":
            word += letter
            continue
        meant = names.get(word)
        for one in getattr(meant, "__args__", (meant,)):
            if isinstance(one, type) and issubclass(one, Record) and one not in found:
                found.append(one)
        word = ""
    return tuple(found)


def _child(parent: Record, field: str, data: dict[str, Any]) -> Record:
    candidates = _shape(type(parent)).get(field, ())
    if len(candidates) == 1:
        return candidates[0](data)
    for candidate in candidates:
        if _fits(candidate, data):
            return candidate(data)
    return Record(data)


def _fits(candidate: type[Record], data: dict[str, Any]) -> bool:
    """Whether the field that tells the variants apart (``type: Literal["text"]``) says that it is this one."""
    for tag in ("type", "role", "object"):
        for base in candidate.__mro__:
            annotation = str(base.__dict__.get("__annotations__", {}).get(tag, ""))
            if "Literal[" in annotation:
                return data.get(tag) in annotation.replace("'", '"').split('"')[1::2]
    return False


def _no_such(record: Record, name: str) -> str:
    from difflib import get_close_matches

    known = {*_shape(type(record)), *record}
    nearest = get_close_matches(name, [str(field) for field in known], 1)
    meant = f"; did you mean `{nearest[0]}`?" if nearest else ""
    return f"{type(record).__name__} has no field `{name}`{meant}"


def _shown(value: Any, name: str | None = None) -> str:
    if isinstance(value, dict):
        if name is None:
            name = type(value).__name__ if isinstance(value, Record) else ""
        # By key: a child shows its type whether it was touched before or not.
        pairs = [f"{key}={_shown(value[key])}" for key, item in value.items() if item is not None]
        return f"{name}({', '.join(_fewer(pairs, 12))})" if name else "{" + ", ".join(_fewer(pairs, _MOST)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_fewer([_shown(item) for item in value[: _MOST + 1]], _MOST, len(value))) + "]"
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]!r}… ({len(value)} characters)"
    return repr(value)


def _fewer(shown: list[str], most: int, of: int | None = None) -> list[str]:
    of = len(shown) if of is None else of
    return shown if of <= most else [*shown[:most], f"… {of - most} more"]
