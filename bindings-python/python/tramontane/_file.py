"""What can be uploaded: a path, bytes, a file object, or one of them with a name."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol, Union

    class Readable(Protocol):
        """A file object that was opened in binary mode."""

        def read(self, size: int = ..., /) -> bytes: ...

    Content = Union[str, os.PathLike[str], bytes, bytearray, memoryview, Readable]
    FileInput = Union[Content, tuple[str, Content], tuple[str, Content, str], dict[str, Any]]

__all__ = ["described"]


def described(file: FileInput) -> dict[str, Any]:
    """A file as the compiled client takes it; nothing is read here."""
    name = content_type = None
    if isinstance(file, tuple):
        if not 2 <= len(file) <= 3:
            raise TypeError("a file is given as (name, content) or (name, content, content_type)")
        name, file, content_type = (*file, None) if len(file) == 2 else file
    if isinstance(file, (str, os.PathLike)):
        source: dict[str, Any] = {"path": os.fspath(file)}
    elif isinstance(file, (bytes, bytearray, memoryview)):
        source = {"bytes": bytes(file)}
    elif hasattr(file, "read"):
        source = {"reader": file}
        own = getattr(file, "name", None)
        if name is None and isinstance(own, str) and own:
            name = os.path.basename(own)
    else:
        raise TypeError(f"a file is a path, bytes, a file object or (name, one of them), not {type(file).__name__}")
    if name is None and "path" not in source:
        raise TypeError("these bytes have no name: give them as (name, content)")
    if name is not None:
        source["name"] = name
    if content_type is not None:
        source["content_type"] = content_type
    return source
