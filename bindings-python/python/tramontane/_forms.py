"""Python types as JSON Schemas, and JSON read into them: dataclasses, TypedDicts, and what they are made of."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Any: {},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def schema_of(kind: Any) -> dict[str, Any]:
    """The JSON Schema of a type.

    Raises:
        TypeError: for a type that has none.
    """
    definitions: dict[str, Any] = {}
    schema = _schema(kind, definitions)
    return {**schema, "$defs": definitions} if definitions else schema


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        said = [note for note in arguments[1:] if isinstance(note, str)]
        return {**_schema(arguments[0], definitions), **({"description": said[0]} if said else {})}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is Union or origin is types.UnionType:
        return {"anyOf": [_schema(part, definitions) for part in arguments]}
    if origin in (list, Sequence, set, frozenset, tuple) or kind in (list, tuple, set):
        items = [part for part in arguments if part is not Ellipsis]
        if origin is tuple and len(items) > 1:
            raise TypeError(f"`{kind}` has no JSON Schema here; take `list` or a dataclass")
        return {"type": "array", "items": _schema(items[0], definitions) if items else {}}
    if origin in (dict, Mapping) or kind is dict:
        values = _schema(arguments[1], definitions) if len(arguments) == 2 else {}
        return {"type": "object", "additionalProperties": values}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if dataclasses.is_dataclass(kind) or is_typeddict(kind):
        return _object(kind, definitions)
    raise TypeError(f"`{kind!r}` has no JSON Schema here; take a pydantic class, a dataclass, a TypedDict or a JSON Schema")


def _object(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        # Before its fields are looked at: it may stand within itself.
        definitions[name] = {}
        fields, required = _fields(kind)
        properties = {field: _schema(hint, definitions) for field, hint in fields.items()}
        definitions[name] = {
            "type": "object", "title": name, "properties": properties, "required": required, "additionalProperties": False,
        }  # fmt: skip
    return {"$ref": f"#/$defs/{name}"}


def _fields(kind: Any) -> tuple[dict[str, Any], list[str]]:
    """The types of the fields of a dataclass or TypedDict, and the names of those that must be there."""
    hints = get_type_hints(kind, include_extras=True)
    if is_typeddict(kind):
        return {name: _bare(hint) for name, hint in hints.items()}, [name for name in hints if name in kind.__required_keys__]
    fields = [field for field in dataclasses.fields(kind) if field.init]
    missing = dataclasses.MISSING
    required = [field.name for field in fields if field.default is missing and field.default_factory is missing]
    return {field.name: hints[field.name] for field in fields}, required


def _bare(hint: Any) -> Any:
    """A type without ``Required`` and ``NotRequired``."""
    from typing import NotRequired, Required

    return get_args(hint)[0] if get_origin(hint) in (Required, NotRequired) else hint


def read(value: Any, kind: Any, path: str = "") -> Any:
    """JSON as a value of a type.

    Raises:
        ValueError: with the place of what does not fit.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin is Annotated:
        return read(value, arguments[0], path)
    if origin is Literal:
        return _one_of(value, value in arguments, path, kind)
    if origin is Union or origin is types.UnionType:
        return _any_of(value, arguments, path, kind)
    if kind is float and type(value) is int:
        return float(value)
    if kind in (str, int, float, bool, type(None)):
        return _one_of(value, type(value) is kind, path, kind)
    if kind in (date, datetime):
        return kind.fromisoformat(_one_of(value, isinstance(value, str), path, kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        _one_of(value, any(member.value == value for member in kind), path, kind)
        return kind(value)
    if dataclasses.is_dataclass(kind) or is_typeddict(kind):
        return _read_object(value, kind, path)
    if origin in (dict, Mapping) or kind is dict:
        _one_of(value, isinstance(value, dict), path, kind)
        inner = arguments[1] if len(arguments) == 2 else Any
        return {key: read(item, inner, f"{path}.{key}".lstrip(".")) for key, item in value.items()}
    _one_of(value, isinstance(value, list), path, kind)
    inner = arguments[0] if arguments else Any
    items = [read(item, inner, f"{path}[{at}]") for at, item in enumerate(value)]
    made = origin or kind
    return made(items) if made in (tuple, set, frozenset) else items


def _any_of(value: Any, kinds: tuple[Any, ...], path: str, kind: Any) -> Any:
    for one in kinds:
        try:
            return read(value, one, path)
        except ValueError as error:
            failure = error
    # Of a value and nothing, the value's own fault says more.
    if len([one for one in kinds if one is not type(None)]) == 1:
        raise failure
    return _one_of(value, False, path, kind)


def _read_object(value: Any, kind: Any, path: str) -> Any:
    _one_of(value, isinstance(value, dict), path, kind)
    fields, required = _fields(kind)
    for name in required:
        if name not in value:
            raise ValueError(f"`{f'{path}.{name}'.lstrip('.')}` is missing")
    for name in value:
        if name not in fields:
            raise ValueError(f"`{f'{path}.{name}'.lstrip('.')}` is no field of `{kind.__name__}`")
    made = {name: read(item, fields[name], f"{path}.{name}".lstrip(".")) for name, item in value.items()}
    return kind(**made)


def _one_of(value: Any, fits: bool, path: str, kind: Any) -> Any:
    if not fits:
        wanted = kind.__name__ if isinstance(kind, type) else str(kind).replace("typing.", "")
        raise ValueError(f"`{path or 'the answer'}` is {json_kind(value)}, not {wanted}")
    return value


def json_kind(value: Any) -> str:
    """What a value is, in the words of JSON."""
    names = {str: "a string", bool: "a boolean", int: "a number", float: "a number", dict: "an object", list: "an array"}
    return names.get(type(value), "null")
