"""Downloads: files on their way here, piece by piece."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AsyncIterator, Awaitable, Callable, Generator, Iterator

__all__ = ["AsyncDownload", "Download"]


class _Download:
    __slots__ = ("__weakref__", "_native")

    def __init__(self, opened: Any = None) -> None:
        self._native = opened

    @property
    def length(self) -> int | None:
        """How many bytes it has, when the server said so."""
        length: int | None = None if self._native is None else self._native.length
        return length

    @property
    def content_type(self) -> str | None:
        """What it is, when the server said so: ``application/pdf``."""
        content_type: str | None = None if self._native is None else self._native.content_type
        return content_type

    @property
    def request_id(self) -> str | None:
        """The id under which the provider knows the request."""
        request_id: str | None = None if self._native is None else self._native.meta.request_id
        return request_id

    def __repr__(self) -> str:
        return f"<{type(self).__name__} length={self.length}>"

    def __reduce__(self) -> Any:
        raise TypeError("a download holds a connection and cannot be pickled")


class Download(_Download):
    """A file on its way here. Iterate over its bytes; leaving the ``with`` block closes the connection.

    >>> with client.files.download(file_id=...) as download:  # doctest: +SKIP
    ...     download.save("copy.pdf")
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk: bytes | None = self._native.chunk()
        if chunk is None:
            raise StopIteration
        return chunk

    def read(self) -> bytes:
        """What is left of it, in one piece."""
        return b"".join(self)

    def save(self, path: str | os.PathLike[str]) -> int:
        """Writes it to a path and gives the number of its bytes. A download that breaks leaves what was there before."""
        written: int = self._native.save(os.fspath(path))
        return written

    def close(self) -> None:
        """Closes the connection. Does nothing to a closed download."""
        self._native.close()

    def __enter__(self) -> Download:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncDownload(_Download):
    """A file on its way here, for ``async with`` and ``async for``; it is opened by the first of them, or by ``await``."""

    __slots__ = ("_opening",)

    def __init__(self, opening: Callable[[], Awaitable[Any]]) -> None:
        super().__init__()
        self._opening: Callable[[], Awaitable[Any]] | None = opening

    async def _open(self) -> AsyncDownload:
        if self._opening is not None:
            opening, self._opening = self._opening, None
            self._native = await opening()
        return self

    async def _ask(self, what: str, *arguments: Any) -> Any:
        from ._loop import run

        await self._open()
        if self._native is None:
            from .errors import RequestCancelledError

            raise RequestCancelledError("the download was closed before it was opened")
        return await run(getattr(self._native, what), *arguments)

    def __await__(self) -> Generator[Any, Any, AsyncDownload]:
        return self._open().__await__()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        chunk: bytes | None = await self._ask("start_chunk")
        if chunk is None:
            raise StopAsyncIteration
        return chunk

    async def read(self) -> bytes:
        """What is left of it, in one piece."""
        return b"".join([chunk async for chunk in self])

    async def save(self, path: str | os.PathLike[str]) -> int:
        """Writes it to a path and gives the number of its bytes. A download that breaks leaves what was there before."""
        written: int = await self._ask("start_save", os.fspath(path))
        return written

    async def close(self) -> None:
        """Closes the connection. Does nothing to a closed download."""
        self._opening = None
        if self._native is not None:
            self._native.close()

    async def __aenter__(self) -> AsyncDownload:
        return await self._open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()
