"""What the methods of all resources do: a request goes out, an answer or a stream comes back."""

from __future__ import annotations

from ._doors import on_a_day
from ._observe import WatchedStream, observed
from ._record import answer
from ._resources import CALL_OPTIONS
from ._warn import warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, TypeVar

    S = TypeVar("S")

__all__ = ["AsyncResource", "Resource"]


def split(request: dict[str, Any], file: Any = None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A method's arguments as the fields of the request and the options of the call, with the file that it sends."""
    if CALL_OPTIONS.isdisjoint(request):
        return request, None if file is None else {"file": file}
    fields = {name: value for name, value in request.items() if name not in CALL_OPTIONS}
    given = {name: value for name, value in request.items() if name in CALL_OPTIONS and value is not None}
    options = {name: given.pop(name, None) for name in ("timeout", "max_retries")}
    if file is not None:
        options["file"] = file
    if given:
        options["policy"] = on_a_day(given) if "on" in given else given
    return fields, options


def keyed(options: dict[str, Any] | None, key: Any) -> dict[str, Any]:
    """The options of a call, with a key of its own."""
    return {**(options or {}), "api_key": key}


def told(meta: Any) -> Any:
    """What stands around an answer, its warnings said."""
    if meta.has_warnings:
        warn(meta.to_dict()["warnings"])
    return meta


class Resource:
    """A part of a `Client`."""

    __slots__ = ("_client",)

    def __init__(self, client: Any) -> None:
        self._client = client

    def _send(self, request: dict[str, Any], file: Any = None) -> Any:
        fields, options = split(request, file)
        if self._client._fetched is not None:
            options = keyed(options, self._client._fetched.now())
        core = self._client._core()
        call = observed(self._client, fields)
        if call is None:
            kind, data, meta = core.execute(fields, options)
        else:
            with call:
                kind, data, meta = core.execute(fields, options)
                call.answered(data, meta)
        return answer(kind, data, told(meta))

    def _open(self, stream: Callable[[Any], S], request: dict[str, Any], file: Any = None) -> S:
        fields, options = split(request, file)
        if self._client._fetched is not None:
            options = keyed(options, self._client._fetched.now())
        core = self._client._core()
        call = observed(self._client, fields)
        if call is None:
            opened = core.open(fields, options)
        else:
            with call:
                opened = WatchedStream(core.open(fields, options), call)
        told(opened.meta)
        return stream(opened)


class AsyncResource:
    """A part of an `AsyncClient`."""

    __slots__ = ("_client",)

    def __init__(self, client: Any) -> None:
        self._client = client

    async def _send(self, request: dict[str, Any], file: Any = None) -> Any:
        from ._loop import run

        fields, options = split(request, file)
        if self._client._fetched is not None:
            options = keyed(options, await self._client._fetched.soon())
        core = self._client._core()
        call = observed(self._client, fields)
        if call is None:
            kind, data, meta = await run(core.start_execute, fields, options)
        else:
            with call:
                kind, data, meta = await run(core.start_execute, fields, options)
                call.answered(data, meta)
        return answer(kind, data, told(meta))

    def _open(self, stream: Callable[[Callable[[], Awaitable[Any]]], S], request: dict[str, Any], file: Any = None) -> S:
        from ._loop import run

        fields, options = split(request, file)
        client = self._client
        core = client._core()

        async def opening() -> Any:
            key = None if client._fetched is None else await client._fetched.soon()
            given = options if key is None else keyed(options, key)
            call = observed(client, fields)
            if call is None:
                opened = await run(core.start_open, fields, given)
            else:
                with call:
                    opened = WatchedStream(await run(core.start_open, fields, given), call)
            told(opened.meta)
            return opened

        return stream(opening)
