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

__all__ = ["Blame", "described"]


class Reader:
    """A file object that is read beside the caller, and what its ``read`` or ``seek`` failed with."""

    __slots__ = ("_file", "failure")

    def __init__(self, file: Any) -> None:
        self._file = file
        self.failure: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int) -> Any:
        return self._tried(self._file.read, size)

    def seek(self, offset: int, whence: int) -> Any:
        return self._tried(self._file.seek, offset, whence)

    def _tried(self, act: Any, *arguments: Any) -> Any:
        try:
            return act(*arguments)
        except Exception as failure:
            self.failure = failure
            raise


class Blame:
    """A block that sends a file. What the file failed with is the cause of the error that the block is left by."""

    __slots__ = ("_reader",)

    def __init__(self, file: dict[str, Any]) -> None:
        self._reader: Reader | None = file.get("reader")

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is not None and self._reader is not None and self._reader.failure is not None:
            error.__cause__ = self._reader.failure


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
        source = {"reader": Reader(file)}
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
