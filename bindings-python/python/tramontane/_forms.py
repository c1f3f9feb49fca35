"""Python types as JSON Schemas, and JSON read into them: dataclasses, TypedDicts, and what they are made of."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from json import dumps, loads
from sys import modules
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

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
    definitions = _Definitions()
    return definitions.around(_schema(kind, definitions))


class _Definitions:
    """The named parts of a schema."""

    def __init__(self) -> None:
        self._names: dict[Any, str] = {}
        self._schemas: dict[str, Any] = {}

    def name(self, kind: Any) -> tuple[str, bool]:
        """The name of a type, and whether it is new here: two types may have the same one of their own."""
        if kind in self._names:
            return self._names[kind], False
        own: str = kind.__name__
        name, at = own, 2
        while name in self._schemas:
            name, at = f"{own}_{at}", at + 1
        self._names[kind] = name
        # Before its fields are looked at: it may stand within itself.
        self._schemas[name] = {}
        return name, True

    def define(self, name: str, schema: Any) -> dict[str, Any]:
        """A reference to what is called so from now on."""
        self._schemas[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def lift(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A whole schema as a part of this one."""
        self._schemas.update(schema.pop("$defs", {}))
        return schema

    def around(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The whole schema. What it begins with stands there itself, and not behind a reference, which not every server takes."""
        root = str(schema.get("$ref", "")).removeprefix("#/$defs/")
        if root not in self._schemas:
            return {**schema, "$defs": self._schemas} if self._schemas else schema
        begins = self._schemas[root]
        if f'"#/$defs/{root}"' not in dumps([*self._schemas.values()], default=str):
            del self._schemas[root]
        return {**begins, "$defs": self._schemas} if self._schemas else dict(begins)


def _schema(kind: Any, definitions: _Definitions) -> dict[str, Any]:
    kind = _meant(kind)
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
    pydantic = _of_pydantic(kind)
    if pydantic is not None:
        return definitions.lift(pydantic.json_schema())
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if dataclasses.is_dataclass(kind) or _is_typed_dict(kind):
        return _object(kind, definitions)
    raise TypeError(f"`{kind!r}` has no JSON Schema here; take a pydantic class, a dataclass, a TypedDict or a JSON Schema")


def _object(kind: Any, definitions: _Definitions) -> dict[str, Any]:
    name, new = definitions.name(kind)
    if not new:
        return {"$ref": f"#/$defs/{name}"}
    fields, required = _fields(kind)
    properties = {field: _schema(hint, definitions) for field, hint in fields.items()}
    return definitions.define(
        name,
        {"type": "object", "title": name, "properties": properties, "required": required, "additionalProperties": False},
    )


def _meant(kind: Any) -> Any:
    """The type behind a `NewType` or an alias."""
    while True:
        behind = getattr(kind, "__supertype__", None) or (getattr(kind, "__value__", None) if not isinstance(kind, type) else None)
        if behind is None:
            return kind
        kind = behind


def _is_typed_dict(kind: Any) -> bool:
    # Also those of `typing_extensions`, which pydantic wants before Python 3.12.
    return isinstance(kind, type) and issubclass(kind, dict) and hasattr(kind, "__required_keys__")


class _Pydantic:
    """A class of pydantic's. Only the class says so: the package is never imported here."""

    def __init__(self, kind: Any) -> None:
        self._model = kind if hasattr(kind, "model_json_schema") else None
        self._adapter = None if self._model else modules["pydantic"].TypeAdapter(kind)

    def json_schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = self._model.model_json_schema() if self._model else self._adapter.json_schema()  # type: ignore[union-attr]
        return schema

    def read_text(self, text: str) -> Any:
        return self._model.model_validate_json(text) if self._model else self._adapter.validate_json(text)  # type: ignore[union-attr]


def _of_pydantic(kind: Any) -> _Pydantic | None:
    is_model = hasattr(kind, "model_json_schema") and hasattr(kind, "model_validate_json")
    is_dataclass = dataclasses.is_dataclass(kind) and hasattr(kind, "__pydantic_fields__") and "pydantic" in modules
    return _Pydantic(kind) if is_model or is_dataclass else None


def _fields(kind: Any) -> tuple[dict[str, Any], list[str]]:
    """The types of the fields of a dataclass or TypedDict, and the names of those that must be there."""
    try:
        hints = get_type_hints(kind, include_extras=True)
    except NameError as error:
        raise TypeError(f"the fields of `{kind.__name__}` cannot be read: {error}; define its types at the top of a module") from error
    if _is_typed_dict(kind):
        bare = {name: _bare(hint, name in kind.__required_keys__) for name, hint in hints.items()}
        return {name: hint for name, (hint, _) in bare.items()}, [name for name, (_, needed) in bare.items() if needed]
    fields = [field for field in dataclasses.fields(kind) if field.init]
    missing = dataclasses.MISSING
    required = [field.name for field in fields if field.default is missing and field.default_factory is missing]
    return {field.name: hints[field.name] for field in fields}, required


def _bare(hint: Any, needed: bool) -> tuple[Any, bool]:
    """A type without ``Required``, ``NotRequired`` and ``ReadOnly``, and whether its field must be there.

    Where annotations are texts, the class itself has not seen these words.
    """
    while (word := getattr(get_origin(hint), "_name", None)) in ("Required", "NotRequired", "ReadOnly"):
        hint, needed = get_args(hint)[0], needed if word == "ReadOnly" else word == "Required"
    return hint, needed


def read_text(text: str, kind: Any) -> Any:
    """JSON text as a value of a type.

    Raises:
        ValueError: with the place of what does not fit; what the caller's own class raises goes through.
    """
    pydantic = _of_pydantic(kind)
    return read(loads(text), kind) if pydantic is None else pydantic.read_text(text)


def read(value: Any, kind: Any, path: str = "") -> Any:
    """JSON as a value of a type.

    Raises:
        ValueError: with the place of what does not fit.
    """
    kind = _meant(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin is Annotated:
        return read(value, arguments[0], path)
    if origin is Literal:
        return _one_of(value, any(type(one) is type(value) and one == value for one in arguments), path, kind)
    if origin is Union or origin is types.UnionType:
        return _any_of(value, arguments, path, kind)
    if (kind is float and type(value) is int) or (kind is int and type(value) is float and value.is_integer()):
        return kind(value)
    if kind in (str, int, float, bool, type(None)):
        return _one_of(value, type(value) is kind, path, kind)
    if kind in (date, datetime):
        return _moment(_one_of(value, isinstance(value, str), path, kind), kind, path)
    pydantic = _of_pydantic(kind)
    if pydantic is not None:
        return _read_pydantic(value, pydantic, path)
    if isinstance(kind, type) and issubclass(kind, Enum):
        _one_of(value, any(member.value == value for member in kind), path, kind)
        return kind(value)
    if dataclasses.is_dataclass(kind) or _is_typed_dict(kind):
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


def _moment(text: str, kind: Any, path: str) -> Any:
    try:
        return kind.fromisoformat(text)
    except ValueError:
        raise ValueError(f"`{path or 'the answer'}` is no {kind.__name__}") from None


def _read_pydantic(value: Any, pydantic: _Pydantic, path: str) -> Any:
    try:
        return pydantic.read_text(dumps(value))
    except ValueError as error:
        found = faults(error)
        if not found:
            raise
        first = found[0]
        raise ValueError(f"`{place((path, *first['loc'])) or 'the answer'}`: {first['msg']}") from error


def faults(error: Exception) -> list[Any]:
    """What pydantic says of a value, fault by fault: its own text has several lines for each, and addresses of its pages."""
    found: list[Any] = error.errors() if type(error).__module__.startswith("pydantic") else []  # type: ignore[attr-defined]
    return found


def place(steps: Sequence[Any]) -> str:
    """Where something stands, in the words of all errors: ``winds[0].name``."""
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps if step != "")
    return said.lstrip(".")


def _any_of(value: Any, kinds: tuple[Any, ...], path: str, kind: Any) -> Any:
    failures: list[ValueError] = []
    for one in kinds:
        try:
            return read(value, one, path)
        except ValueError as error:
            if one is not type(None):
                failures.append(error)
    # Of a value and nothing, the value's own fault says more.
    if len(failures) == 1:
        raise failures[0]
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
