"""Filling in the middle: code between a prompt and a suffix, with and without ``await``."""

from __future__ import annotations

from ._record import answer
from ._warn import warn
from .client import _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any, Mapping, Sequence, Unpack

    from ._generated import ChatCompletion
    from .client import Repairs, Severity, _Client
    from .stream import AsyncChatStream, ChatStream
    from .types import Checks, FimOptions, ModelName

__all__ = ["AsyncFim", "Fim"]


class _Fim:
    __slots__ = ("_client",)

    def __init__(self, client: _Client) -> None:
        self._client = client


class Fim(_Fim):
    """Code between a prompt and a suffix, of a `Client`. Answers have the form of a chat's."""

    __slots__ = ()

    def complete(
        self,
        *,
        model: ModelName,
        prompt: str,
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
        **fields: Unpack[FimOptions],
    ) -> ChatCompletion:
        """Fills in the code behind ``prompt``, before ``suffix``, and waits for it.

        Raises:
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        request, options = _call(
            "fim", {"model": model, "prompt": prompt, **fields}, timeout, max_retries,
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
        prompt: str,
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
        **fields: Unpack[FimOptions],
    ) -> ChatStream:
        """Fills in the code behind ``prompt``, before ``suffix``, in pieces. Use it in a ``with`` statement: leaving it closes the connection.

        Raises:
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        from .stream import ChatStream

        request, options = _call(
            "fim_stream", {"model": model, "prompt": prompt, **fields}, timeout, max_retries,
            {"checks": checks, "severities": severities, "strict": strict, "pin": pin, "repair": repair, "on": on,
             "extra_body": extra_body, "extra_headers": extra_headers, "extra_query": extra_query},
        )  # fmt: skip
        opened = self._client._core().open(request, options)
        meta = opened.meta
        if meta.has_warnings:
            warn(meta.to_dict()["warnings"])
        return ChatStream(opened)


class AsyncFim(_Fim):
    """Code between a prompt and a suffix, of an `AsyncClient`. Answers have the form of a chat's."""

    __slots__ = ()

    async def complete(
        self,
        *,
        model: ModelName,
        prompt: str,
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
        **fields: Unpack[FimOptions],
    ) -> ChatCompletion:
        """Fills in the code behind ``prompt``, before ``suffix``, and waits for it. Cancelling the task closes the connection.

        Raises:
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        from ._loop import run

        request, options = _call(
            "fim", {"model": model, "prompt": prompt, **fields}, timeout, max_retries,
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
        prompt: str,
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
        **fields: Unpack[FimOptions],
    ) -> AsyncChatStream:
        """Fills in the code behind ``prompt``, before ``suffix``, in pieces: ``async with client.fim.stream(…) as stream`` opens and closes it.

        Raises:
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        from ._loop import run
        from .stream import AsyncChatStream

        request, options = _call(
            "fim_stream", {"model": model, "prompt": prompt, **fields}, timeout, max_retries,
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
