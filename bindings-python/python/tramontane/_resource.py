"""What the methods of all resources do: a request goes out, an answer or a stream comes back."""

from __future__ import annotations

from ._doors import on_a_day
from ._observe import Watched, WatchedStream, observed
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
        if file is None:
            return self._ask(fields, options, fields)
        from ._file import Blame

        with Blame(file):
            return self._ask(fields, options, fields)

    def _ask(self, request: Any, options: dict[str, Any] | None, told_of: dict[str, Any]) -> Any:
        """Sends what `split` gave; ``told_of`` is what whoever listens hears of it."""
        if self._client._fetched is not None:
            options = keyed(options, self._client._fetched.now())
        core = self._client._core()
        call = observed(self._client, told_of)
        if call is None:
            kind, data, meta = core.execute(request, options)
        else:
            with call:
                kind, data, meta = core.execute(request, options)
                call.answered(data, meta)
        return answer(kind, data, told(meta))

    def _open(self, stream: Callable[[Any], S], request: dict[str, Any], file: Any = None) -> S:
        fields, options = split(request, file)
        if file is None:
            return stream(self._begin("open", WatchedStream, fields, options, fields))
        from ._file import Blame

        with Blame(file):
            return stream(self._begin("open", WatchedStream, fields, options, fields))

    def _begin(
        self, what: str, watched: type[Watched], request: Any, options: dict[str, Any] | None, told_of: dict[str, Any]
    ) -> Any:
        """Opens what comes piece by piece."""
        if self._client._fetched is not None:
            options = keyed(options, self._client._fetched.now())
        begin = getattr(self._client._core(), what)
        call = observed(self._client, told_of)
        if call is None:
            opened = begin(request, options)
        else:
            with call:
                opened = watched(begin(request, options), call)
        told(opened.meta)
        return opened


class AsyncResource:
    """A part of an `AsyncClient`."""

    __slots__ = ("_client",)

    def __init__(self, client: Any) -> None:
        self._client = client

    async def _send(self, request: dict[str, Any], file: Any = None) -> Any:
        fields, options = split(request, file)
        if file is None:
            return await self._ask(fields, options, fields)
        from ._file import Blame

        with Blame(file):
            return await self._ask(fields, options, fields)

    async def _ask(self, request: Any, options: dict[str, Any] | None, told_of: dict[str, Any]) -> Any:
        """Sends what `split` gave; ``told_of`` is what whoever listens hears of it."""
        from ._loop import run

        if self._client._fetched is not None:
            options = keyed(options, await self._client._fetched.soon())
        core = self._client._core()
        call = observed(self._client, told_of)
        if call is None:
            kind, data, meta = await run(core.start_execute, request, options)
        else:
            with call:
                kind, data, meta = await run(core.start_execute, request, options)
                call.answered(data, meta)
        return answer(kind, data, told(meta))

    def _open(self, stream: Callable[[Callable[[], Awaitable[Any]]], S], request: dict[str, Any], file: Any = None) -> S:
        fields, options = split(request, file)
        opening = self._begin("start_open", WatchedStream, fields, options, fields)
        if file is None:
            return stream(opening)
        from ._file import Blame

        async def blaming() -> Any:
            with Blame(file):
                return await opening()

        return stream(blaming)

    def _begin(
        self, what: str, watched: type[Watched], request: Any, options: dict[str, Any] | None, told_of: dict[str, Any]
    ) -> Callable[[], Awaitable[Any]]:
        """What opens, when it is first wanted, what comes piece by piece."""
        from ._loop import run

        client = self._client
        begin = getattr(client._core(), what)

        async def opening() -> Any:
            key = None if client._fetched is None else await client._fetched.soon()
            given = options if key is None else keyed(options, key)
            call = observed(client, told_of)
            if call is None:
                opened = await run(begin, request, given)
            else:
                with call:
                    opened = watched(await run(begin, request, given), call)
            told(opened.meta)
            return opened

        return opening
