"""Requests that were built elsewhere, by an edge function or by `build`: checked again, and sent with the client's key."""

from __future__ import annotations

from ._record import answer
from ._resource import split, told
from .errors import InvalidRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["send", "send_async"]


def read(prepared: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any], bool]:
    """The request, the options of the call, and whether its answer is a stream: its operation alone decides that."""
    if isinstance(prepared, (str, bytes, bytearray, memoryview)):
        import json

        try:
            prepared = json.loads(bytes(prepared) if isinstance(prepared, memoryview) else prepared)
        except ValueError as error:
            raise InvalidRequest(f"the request is not JSON: {error}") from None
    operation = prepared.get("operation") if hasattr(prepared, "get") else None
    if not isinstance(operation, str):
        raise InvalidRequest("`operation` is missing: give what `build` gave", path="operation")
    _, settings = split(options)
    return prepared, {**(settings or {}), "built": True}, operation.endswith("_stream")


def send(client: Any, prepared: Any, options: dict[str, Any]) -> Any:
    """Sends and waits: the answer, or a stream that is open."""
    request, settings, streams = read(prepared, options)
    if not streams:
        kind, data, meta = client._core().execute(request, settings)
        return answer(kind, data, told(meta))
    from .stream import ChatStream

    opened = client._core().open(request, settings)
    told(opened.meta)
    return ChatStream(opened)


async def send_async(client: Any, prepared: Any, options: dict[str, Any]) -> Any:
    """Sends from an event loop: the answer, or a stream that opens when it is first read."""
    from ._loop import run

    request, settings, streams = read(prepared, options)
    core = client._core()
    if not streams:
        kind, data, meta = await run(core.start_execute, request, settings)
        return answer(kind, data, told(meta))
    from .stream import AsyncChatStream

    async def opening() -> Any:
        opened = await run(core.start_open, request, settings)
        told(opened.meta)
        return opened

    return AsyncChatStream(opening)
