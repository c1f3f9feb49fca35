"""Requests that were built elsewhere, by an edge function or by `build`: checked again, and sent with the client's key."""

from __future__ import annotations

from ._observe import WatchedStream
from ._resource import AsyncResource, Resource, split
from ._resources import STREAMS
from .errors import InvalidRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["send", "send_async"]


def read(prepared: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any], dict[str, Any], str | None]:
    """The request, the options of the call, what is told of it, and the class of its stream, if it is one."""
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
    body = prepared.get("body")
    told_of = {**(body if isinstance(body, dict) else {}), "operation": operation}
    return prepared, {**(settings or {}), "built": True}, told_of, STREAMS.get(operation)


def send(client: Any, prepared: Any, options: dict[str, Any]) -> Any:
    """Sends and waits: the answer, or a stream that is open."""
    request, settings, told_of, streamed = read(prepared, options)
    if streamed is None:
        return Resource(client)._ask(request, settings, told_of)
    from . import stream

    return getattr(stream, streamed)(Resource(client)._begin("open", WatchedStream, request, settings, told_of))


async def send_async(client: Any, prepared: Any, options: dict[str, Any]) -> Any:
    """Sends from an event loop: the answer, or a stream that opens when it is first read."""
    request, settings, told_of, streamed = read(prepared, options)
    if streamed is None:
        return await AsyncResource(client)._ask(request, settings, told_of)
    from . import stream

    return getattr(stream, f"Async{streamed}")(AsyncResource(client)._begin("start_open", WatchedStream, request, settings, told_of))
