"""The clients: the same names with and without ``await``."""

from __future__ import annotations

from ._core import native
from ._doors import on_a_day
from ._record import answer
from ._warn import warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any, Literal, Mapping, Sequence, Unpack

    from ._generated import ChatCompletion
    from .fim import AsyncFim, Fim
    from .stream import AsyncChatStream, ChatStream
    from .types import ChatOptions, Checks, MessageParam, ModelName

    Severity = Literal["error", "warning", "note", "off"]
    Repairs = Literal["tool_call_ids", "message_order", "retired_model", "strip_response_fields"]

__all__ = ["AsyncClient", "Client"]


class _Client:
    """What both clients are: settings, and the compiled client that holds the connections."""

    __slots__ = ("__weakref__", "_chat", "_fim", "_native", "_settings")

    def __init__(
        self,
        *,
        api_key: Any = None,
        provider: str | None = None,
        base_url: str | None = None,
        timeout: float | Mapping[str, float | None] | None = None,
        max_retries: int | None = None,
        checks: Checks | None = None,
        severities: Mapping[str, Severity] | None = None,
        strict: bool | None = None,
        pin: bool | None = None,
        repair: Sequence[Repairs] | None = None,
        on: date | str | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        overlay: Any = None,
    ) -> None:
        policy = _policy(
            checks=checks, severities=severities, strict=strict, pin=pin, repair=repair, on=on,
            extra_headers=extra_headers, extra_query=extra_query, overlay=overlay,
        )  # fmt: skip
        timeouts = None
        if timeout is not None:
            timeouts = dict(timeout) if hasattr(timeout, "keys") else {"total": timeout}  # type: ignore[arg-type]
        # pydantic's SecretStr and its like.
        reveal = getattr(api_key, "get_secret_value", None)
        self._settings = {"provider": provider, "base_url": base_url}
        self._chat: Any = None
        self._fim: Any = None
        self._native: Any = native.Client(
            {
                "api_key": api_key if reveal is None else reveal(),
                "provider": provider,
                "base_url": base_url,
                "timeouts": timeouts,
                "max_retries": max_retries,
                "policy": policy or None,
            }
        )

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


def _policy(**given: Any) -> dict[str, Any]:
    policy = {name: value for name, value in given.items() if value is not None}
    return on_a_day(policy) if "on" in policy else policy


def _call(
    operation: str, fields: dict[str, Any], timeout: float | None, max_retries: int | None, policy: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The request and the options of a call."""
    fields = {"operation": operation, **fields}
    policy = _policy(**policy)
    if not policy and timeout is None and max_retries is None:
        return fields, None
    return fields, {"timeout": timeout, "max_retries": max_retries, "policy": policy or None}


class _Chat:
    __slots__ = ("_client",)

    def __init__(self, client: _Client) -> None:
        self._client = client


class Chat(_Chat):
    """Chats of a `Client`."""

    __slots__ = ()

    def complete(
        self,
        *,
        model: ModelName,
        messages: Sequence[MessageParam],
        timeout: float | None = None,
        max_retries: int | None = None,
        checks: Checks | None = None,
        severities: Mapping[str, Severity] | None = None,
        strict: bool | None = None,
        pin: bool | None = None,
        repair: Sequence[Repairs] | None = None,
        on: date | str | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        **fields: Unpack[ChatOptions],
    ) -> ChatCompletion:
        """Asks for one answer and waits for it.

        Raises:
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        request, options = _call(
            "chat", {"model": model, "messages": messages, **fields}, timeout, max_retries,
            {"checks": checks, "severities": severities, "strict": strict, "pin": pin, "repair": repair, "on": on,
             "extra_body": extra_body, "extra_headers": extra_headers, "extra_query": extra_query},
        )  # fmt: skip
        kind, data, meta = self._client._core().execute(request, options)
        if meta.has_warnings:
            warn(meta.to_dict()["warnings"])
        reply: ChatCompletion = answer(kind, data, meta)
        return reply

    def stream(
        self,
        *,
        model: ModelName,
        messages: Sequence[MessageParam],
        timeout: float | None = None,
        max_retries: int | None = None,
        checks: Checks | None = None,
        severities: Mapping[str, Severity] | None = None,
        strict: bool | None = None,
        pin: bool | None = None,
        repair: Sequence[Repairs] | None = None,
        on: date | str | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        **fields: Unpack[ChatOptions],
    ) -> ChatStream:
        """Asks for one answer in pieces. Use it in a ``with`` statement: leaving it closes the connection.

        Raises:
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        from .stream import ChatStream

        request, options = _call(
            "chat_stream", {"model": model, "messages": messages, **fields}, timeout, max_retries,
            {"checks": checks, "severities": severities, "strict": strict, "pin": pin, "repair": repair, "on": on,
             "extra_body": extra_body, "extra_headers": extra_headers, "extra_query": extra_query},
        )  # fmt: skip
        opened = self._client._core().open(request, options)
        meta = opened.meta
        if meta.has_warnings:
            warn(meta.to_dict()["warnings"])
        return ChatStream(opened)


class AsyncChat(_Chat):
    """Chats of an `AsyncClient`."""

    __slots__ = ()

    async def complete(
        self,
        *,
        model: ModelName,
        messages: Sequence[MessageParam],
        timeout: float | None = None,
        max_retries: int | None = None,
        checks: Checks | None = None,
        severities: Mapping[str, Severity] | None = None,
        strict: bool | None = None,
        pin: bool | None = None,
        repair: Sequence[Repairs] | None = None,
        on: date | str | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        **fields: Unpack[ChatOptions],
    ) -> ChatCompletion:
        """Asks for one answer and waits for it. Cancelling the task closes the connection.

        Raises:
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        from ._loop import run

        request, options = _call(
            "chat", {"model": model, "messages": messages, **fields}, timeout, max_retries,
            {"checks": checks, "severities": severities, "strict": strict, "pin": pin, "repair": repair, "on": on,
             "extra_body": extra_body, "extra_headers": extra_headers, "extra_query": extra_query},
        )  # fmt: skip
        kind, data, meta = await run(self._client._core().start_execute, request, options)
        if meta.has_warnings:
            warn(meta.to_dict()["warnings"])
        reply: ChatCompletion = answer(kind, data, meta)
        return reply

    def stream(
        self,
        *,
        model: ModelName,
        messages: Sequence[MessageParam],
        timeout: float | None = None,
        max_retries: int | None = None,
        checks: Checks | None = None,
        severities: Mapping[str, Severity] | None = None,
        strict: bool | None = None,
        pin: bool | None = None,
        repair: Sequence[Repairs] | None = None,
        on: date | str | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        **fields: Unpack[ChatOptions],
    ) -> AsyncChatStream:
        """Asks for one answer in pieces: ``async with client.chat.stream(…) as stream`` opens and closes it.

        Raises:
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        from ._loop import run
        from .stream import AsyncChatStream

        request, options = _call(
            "chat_stream", {"model": model, "messages": messages, **fields}, timeout, max_retries,
            {"checks": checks, "severities": severities, "strict": strict, "pin": pin, "repair": repair, "on": on,
             "extra_body": extra_body, "extra_headers": extra_headers, "extra_query": extra_query},
        )  # fmt: skip
        core = self._client._core()

        async def opening() -> Any:
            opened = await run(core.start_open, request, options)
            meta = opened.meta
            if meta.has_warnings:
                warn(meta.to_dict()["warnings"])
            return opened

        return AsyncChatStream(opening)


class Client(_Client):
    """Sends requests and waits for the answers; other threads run meanwhile.

    The key is ``api_key``, or the provider's environment variable (``MISTRAL_API_KEY``). ``timeout`` is a number of
    seconds for a whole call, or ``{"connect", "first_event", "idle", "total"}``. A client is safe to share between
    threads, survives a fork, and closes its connections when it is closed or goes.

    >>> with Client() as client:  # doctest: +SKIP
    ...     reply = client.chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}])
    ...     print(reply.text)
    """

    __slots__ = ()

    @property
    def chat(self) -> Chat:
        """Chats: ``complete`` and ``stream``."""
        if self._chat is None:
            self._chat = Chat(self)
        chat: Chat = self._chat
        return chat

    @property
    def fim(self) -> Fim:
        """Code between a prompt and a suffix: ``complete`` and ``stream``."""
        if self._fim is None:
            from .fim import Fim

            self._fim = Fim(self)
        fim: Fim = self._fim
        return fim

    def close(self) -> None:
        """Closes the connections that nothing uses. Does nothing to a closed client."""
        self._close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(_Client):
    """Sends requests from an event loop: asyncio's own or uvloop, any number of loops one after the other or at once.

    The settings are those of `Client`.

    >>> async with AsyncClient() as client:  # doctest: +SKIP
    ...     reply = await client.chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}])
    """

    __slots__ = ()

    @property
    def chat(self) -> AsyncChat:
        """Chats: ``complete`` and ``stream``."""
        if self._chat is None:
            self._chat = AsyncChat(self)
        chat: AsyncChat = self._chat
        return chat

    @property
    def fim(self) -> AsyncFim:
        """Code between a prompt and a suffix: ``complete`` and ``stream``."""
        if self._fim is None:
            from .fim import AsyncFim

            self._fim = AsyncFim(self)
        fim: AsyncFim = self._fim
        return fim

    async def close(self) -> None:
        """Closes the connections that nothing uses. Does nothing to a closed client."""
        self._close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
