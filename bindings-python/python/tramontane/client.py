"""The clients: the same names with and without ``await``."""

from __future__ import annotations

from os import environ

from ._core import native
from ._doors import on_a_day
from ._observe import show_log
from ._resources import AsyncResources, Resources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from os import PathLike
    from typing import Any, Literal, Mapping, Self, Sequence, Unpack

    from ._generated import RawAnswer
    from ._native import Budget, Limiter
    from .types import CallOptions, Checks, ClientOptions

    Severity = Literal["error", "warning", "note", "off"]
    Repairs = Literal["tool_call_ids", "message_order", "retired_model", "strip_response_fields"]

__all__ = ["AsyncClient", "Client"]


class _Client:
    """What both clients are: settings, and the compiled client that holds the connections."""

    __slots__ = ("__weakref__", "_fetched", "_made", "_native", "_settings")

    def __init__(
        self,
        *,
        api_key: Any = None,
        provider: str | None = None,
        base_url: str | None = None,
        timeout: float | Mapping[str, float | None] | None = None,
        max_retries: int | None = None,
        region: str | None = None,
        proxy: str | None = None,
        ca_file: str | PathLike[str] | None = None,
        user_agent: str | None = None,
        pool_size: int | None = None,
        keep_alive: float | None = None,
        max_response_bytes: int | None = None,
        checks: Checks | None = None,
        severities: Mapping[str, Severity] | None = None,
        strict: bool | None = None,
        pin: bool | None = None,
        repair: Sequence[Repairs] | None = None,
        on: date | str | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        overlay: Any = None,
        log_bodies: bool | None = None,
        budget: Budget | None = None,
        limiter: Limiter | Mapping[str, Any] | str | None = None,
    ) -> None:
        if "TRAMONTANE_LOG" in environ:
            show_log(environ["TRAMONTANE_LOG"])
        given = dict(
            api_key=api_key, provider=provider, base_url=base_url, timeout=timeout, max_retries=max_retries, region=region,
            proxy=proxy, ca_file=ca_file, user_agent=user_agent, pool_size=pool_size, keep_alive=keep_alive,
            max_response_bytes=max_response_bytes, checks=checks, severities=severities, strict=strict, pin=pin,
            repair=repair, on=on, extra_headers=extra_headers, extra_query=extra_query, overlay=overlay,
        )  # fmt: skip
        source, self._fetched = _keys(api_key)
        given["api_key"], given["budget"], given["limiter"] = source, budget, _limits(limiter)
        self._settings = {"provider": provider, "base_url": base_url, "log_bodies": log_bodies}
        self._made: dict[str, Any] = {}
        self._native: Any = native.Client(_settings(given))

    def _with(self, given: dict[str, Any]) -> Self:
        given["limiter"] = _limits(given.get("limiter"))
        changed = type(self).__new__(type(self))
        changed._settings = {**self._settings, **{name: given[name] for name in self._settings if given.get(name) is not None}}
        changed._made, changed._fetched = {}, self._fetched
        if given.get("api_key") is not None:
            given["api_key"], changed._fetched = _keys(given["api_key"])
        changed._native = self._core().with_options(_settings({**given, "log_bodies": None}))
        return changed

    def _core(self) -> Any:
        if self._native is None:
            raise RuntimeError("the client is closed")
        return self._native

    def _close(self) -> None:
        self._native = None

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._settings.items() if value is not None)
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> Any:
        raise TypeError(f"a {type(self).__name__} holds a key and connections and cannot be pickled; make one in each process")


def _keys(api_key: Any) -> tuple[Any, Any]:
    """A key as the compiled client takes it, or what is asked for it before each call."""
    if api_key is None or type(api_key) is str:
        return api_key, None
    from .keys import Fetched, Key, key_source

    if callable(api_key):
        api_key = Key.call(api_key)
    source = key_source(api_key)
    if not isinstance(source, Key):
        return source, None
    assert source._fetch is not None
    return None, Fetched(source._fetch, source._refresh, source._source)


def _limits(limiter: Any) -> Any:
    if limiter is None or isinstance(limiter, native.Limiter):
        return limiter
    return native.Limiter(limiter) if isinstance(limiter, str) else native.Limiter(**limiter)


# The settings that are none of the policy's.
_OWN = (
    "api_key", "provider", "base_url", "max_retries", "region", "proxy", "ca_file", "user_agent", "pool_size", "keep_alive",
    "max_response_bytes", "budget", "limiter",
)  # fmt: skip


def _settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """A client's settings as the compiled part takes them: its own, and those of its policy below ``policy``."""
    policy = {name: value for name, value in given.items() if value is not None}
    settings: dict[str, Any] = {name: policy.pop(name, None) for name in _OWN}
    timeout = policy.pop("timeout", None)
    if timeout is not None:
        settings["timeouts"] = dict(timeout) if hasattr(timeout, "keys") else {"total": timeout}
    settings["policy"] = (on_a_day(policy) if "on" in policy else policy) or None
    return settings


def _anything(
    method: str, path: str, query: Any, body: Any, headers: Mapping[str, str] | None, options: CallOptions
) -> dict[str, Any]:
    request: dict[str, Any] = {"operation": "request", "method": method, "path": path, "query": query, "body": body, **options}
    if headers:
        request["extra_headers"] = {**(options.get("extra_headers") or {}), **headers}
    return request


class Client(_Client, Resources):
    """Sends requests and waits for the answers; other threads run meanwhile.

    The key is ``api_key``, or the provider's environment variable (``MISTRAL_API_KEY``). ``timeout`` is a number of
    seconds for a whole call, or ``{"connect", "first_event", "idle", "total"}``. ``budget`` is what its calls may spend,
    ``limiter`` what holds them back (a `Limiter`, its settings, or ``redis://…``). Calls are told to the logger
    ``tramontane`` (``TRAMONTANE_LOG=debug`` shows it; ``log_bodies=True`` adds what was sent and answered) and to
    OpenTelemetry, where the program uses it. A client is safe to share between
    threads, survives a fork, and closes its connections when it is closed or goes.

    On the way to the server: ``region`` (``"eu"``, ``"us"``) asks a regional host; ``proxy`` is one for everything but
    what ``NO_PROXY`` names, where the environment's does not do; ``ca_file`` holds certificates that are trusted beside
    the system's; ``user_agent`` stands behind tramontane's own; ``pool_size`` unused connections are kept for
    ``keep_alive`` seconds; an answer of more than ``max_response_bytes`` (128 MiB) is refused with
    `ResponseTooLargeError`.

    >>> with Client() as client:  # doctest: +SKIP
    ...     reply = client.chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}])
    ...     print(reply.text)
    """

    __slots__ = ()

    def send(self, prepared: Any, **options: Any) -> Any:
        """Sends what `build` gave somewhere else, for example in an edge function: checked again, with this client's key.

        ``prepared`` is a mapping, or JSON as ``str`` or ``bytes``; ``options`` are those of a call. Gives the answer, or a
        stream when its operation is one.

        Raises:
            InvalidRequest: with the path, for another host, method or path, for a credential that was added, and for a
                request that the check refuses.
            APIError: when the provider refuses or cannot be reached.
        """
        from ._relay import send

        return send(self, prepared, options)

    def with_options(self, **options: Unpack[ClientOptions]) -> Client:
        """A client with these settings in the place of this one's; both share their connections."""
        return self._with(dict(options))

    def request(
        self,
        method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"],
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **options: Unpack[CallOptions],
    ) -> RawAnswer:
        """Asks anything of the provider that no other method asks, with the same key, repetitions and errors.

        ``path`` begins with the version, ``/v1/…``. What comes back as anything but a JSON object stands under ``data``.

        Raises:
            APIError: when the provider refuses or cannot be reached.
        """
        from ._resource import Resource

        reply: RawAnswer = Resource(self)._send(_anything(method, path, query, body, headers, options))
        return reply

    def close(self) -> None:
        """Closes the connections that nothing uses. Does nothing to a closed client."""
        self._close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(_Client, AsyncResources):
    """Sends requests from an event loop: asyncio's own or uvloop, any number of loops one after the other or at once.

    The settings are those of `Client`.

    >>> async with AsyncClient() as client:  # doctest: +SKIP
    ...     reply = await client.chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}])
    """

    __slots__ = ()

    async def send(self, prepared: Any, **options: Any) -> Any:
        """Sends what `build` gave somewhere else; as `Client.send`."""
        from ._relay import send_async

        return await send_async(self, prepared, options)

    def with_options(self, **options: Unpack[ClientOptions]) -> AsyncClient:
        """A client with these settings in the place of this one's; both share their connections."""
        return self._with(dict(options))

    async def request(
        self,
        method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"],
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **options: Unpack[CallOptions],
    ) -> RawAnswer:
        """Asks anything of the provider that no other method asks, with the same key, repetitions and errors.

        ``path`` begins with the version, ``/v1/…``. What comes back as anything but a JSON object stands under ``data``.

        Raises:
            APIError: when the provider refuses or cannot be reached.
        """
        from ._resource import AsyncResource

        reply: RawAnswer = await AsyncResource(self)._send(_anything(method, path, query, body, headers, options))
        return reply

    async def close(self) -> None:
        """Closes the connections that nothing uses. Does nothing to a closed client."""
        self._close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
