"""Streams: iterate over events, then ask for the whole answer."""

from __future__ import annotations

from ._core import native
from ._record import answer, wrap

Decoder = native.Decoder
Event = native.Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import Future
    from typing import Any, AsyncIterator, Awaitable, Callable, Generator, Iterator, Self

    from ._generated import ChatCompletion, ConversationResponse, Finding, Speech, Transcription

__all__ = [
    "AsyncChatStream", "AsyncConversationStream", "AsyncSpeechStream", "AsyncTranscriptionStream", "ChatStream",
    "ConversationStream", "Decoder", "Event", "SpeechStream", "TranscriptionStream",
]  # fmt: skip


class _Stream:
    """What all streams know."""

    __slots__ = ("__weakref__", "_batch", "_final", "_last", "_native", "_pieces")

    #: The type of the whole answer.
    _KIND = "ChatCompletion"

    def __init__(self) -> None:
        self._native: Any = None
        self._batch: list[Event] = []
        self._final: Any = None
        self._last: Any = None
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """The text in the events handed out so far: of a chat, that of its first choice."""
        return "".join(self._pieces)

    @property
    def partial(self) -> Any:
        """The answer so far, as far as it has been read."""
        if self._final is not None:
            return self._final
        data = self._native.partial() if self._native is not None else None
        if data is not None:
            self._last = data
        return answer(self._KIND, self._last or {}, self._meta())

    @property
    def request_id(self) -> str | None:
        """The id under which the provider knows the request."""
        request_id: str | None = self._around().get("request_id")
        return request_id

    @property
    def warnings(self) -> list[Finding]:
        """Findings that did not stop the request."""
        return [wrap("Finding", finding) for finding in self._around().get("warnings", [])]

    def _meta(self) -> Any:
        return None if self._native is None else self._native.meta

    def _around(self) -> dict[str, Any]:
        meta = self._meta()
        return {} if meta is None else meta.to_dict()

    def _shut(self) -> None:
        if self._native is not None:
            data = self._native.partial() if self._final is None else None
            if data is not None:
                self._last = data
            self._native.close()

    def _ended(self, reply: tuple[str, dict[str, Any], Any]) -> None:
        self._final = answer(*reply)
        self._native.close()

    def _hand_out(self) -> Event:
        event = self._batch.pop()
        self._pieces.append(event.text)
        return event

    def __repr__(self) -> str:
        return f"<{type(self).__name__} text={self.text[:80]!r}>"

    def __reduce__(self) -> Any:
        raise TypeError("a stream holds a connection and cannot be pickled; pickle its `final()` instead")


class EventStream(_Stream):
    """A running answer. Iterate over its events; leaving the ``with`` block closes the connection."""

    __slots__ = ()

    def __init__(self, opened: Any) -> None:
        super().__init__()
        self._native = opened

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        while not self._batch:
            batch = self._native.next_batch()
            if batch is None:
                raise StopIteration
            batch.reverse()
            self._batch = batch
        return self._hand_out()

    @property
    def text_stream(self) -> Iterator[str]:
        """The pieces of text, without the events that add none."""
        return (event.text for event in self if event.text)

    def final(self) -> Any:
        """The whole answer: reads what is left of the stream.

        Raises:
            StreamTruncatedError: when the stream ended before the answer was whole; ``partial`` holds what had arrived.
        """
        if self._final is None:
            for _ in self:
                pass
            self._ended(self._native.finish())
        return self._final

    def close(self) -> None:
        """Closes the connection. Does nothing to a closed stream."""
        self._batch = []
        self._shut()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncEventStream(_Stream):
    """A running answer for ``async with`` and ``async for``; it is opened by the first of them, or by ``await``."""

    __slots__ = ("_late", "_opening")

    def __init__(self, opening: Callable[[], Awaitable[Any]]) -> None:
        super().__init__()
        self._opening: Callable[[], Awaitable[Any]] | None = opening
        self._late: Future[Any] | None = None

    async def _open(self) -> Self:
        if self._opening is not None:
            opening, self._opening = self._opening, None
            self._native = await opening()
        return self

    def __await__(self) -> Generator[Any, Any, Self]:
        return self._open().__await__()

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        while not self._batch:
            batch = await self._next_batch()
            if batch is None:
                raise StopAsyncIteration
            batch.reverse()
            self._batch = batch
        return self._hand_out()

    async def _next_batch(self) -> list[Event] | None:
        if self._late is not None:
            late, self._late = self._late, None
            batch: list[Event] | None = late.result()
        else:
            batch = await self._ask("start_next_batch", self._keep)
        return batch

    def _keep(self, late: Future[Any]) -> None:
        """Keeps what came in the very moment in which its wait was cancelled."""
        self._late = late

    async def _ask(self, what: str, late: Callable[[Future[Any]], None] | None = None) -> Any:
        from ._loop import run

        if self._opening is not None:
            await self._open()
        if self._native is None:
            return None
        return await run(getattr(self._native, what), late=late)

    @property
    async def text_stream(self) -> AsyncIterator[str]:
        """The pieces of text, without the events that add none."""
        async for event in self:
            if event.text:
                yield event.text

    async def final(self) -> Any:
        """The whole answer: reads what is left of the stream.

        Raises:
            StreamTruncatedError: when the stream ended before the answer was whole; ``partial`` holds what had arrived.
        """
        if self._final is None:
            async for _ in self:
                pass
            self._ended(await self._ask("start_finish"))
        return self._final

    async def close(self) -> None:
        """Closes the connection. Does nothing to a closed stream."""
        self._batch, self._opening, self._late = [], None, None
        self._shut()

    async def __aenter__(self) -> Self:
        return await self._open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class ChatStream(EventStream):
    """A running chat. Iterate over its events; leaving the ``with`` block closes the connection.

    >>> with client.chat.stream(model=..., messages=...) as stream:  # doctest: +SKIP
    ...     for event in stream:
    ...         print(event.text, end="")
    ...     answer = stream.final()
    """

    __slots__ = ()
    if TYPE_CHECKING:

        @property
        def partial(self) -> ChatCompletion: ...
        def final(self) -> ChatCompletion: ...


class AsyncChatStream(AsyncEventStream):
    """A running chat for ``async with`` and ``async for``; it is opened by the first of them, or by ``await``."""

    __slots__ = ()
    if TYPE_CHECKING:

        @property
        def partial(self) -> ChatCompletion: ...
        async def final(self) -> ChatCompletion: ...


class ConversationStream(EventStream):
    """A running answer of a conversation. Its events have a ``type``: ``message.output.delta``, ``tool.execution.started``, …

    >>> with client.conversations.start_stream(model=..., inputs="Hi") as stream:  # doctest: +SKIP
    ...     for event in stream:
    ...         print(event.text, end="")
    ...     answer = stream.final()
    """

    __slots__ = ()
    _KIND = "ConversationResponse"
    if TYPE_CHECKING:

        @property
        def partial(self) -> ConversationResponse: ...
        def final(self) -> ConversationResponse: ...


class AsyncConversationStream(AsyncEventStream):
    """A running answer of a conversation for ``async with`` and ``async for``."""

    __slots__ = ()
    _KIND = "ConversationResponse"
    if TYPE_CHECKING:

        @property
        def partial(self) -> ConversationResponse: ...
        async def final(self) -> ConversationResponse: ...


class TranscriptionStream(EventStream):
    """A running transcription. Its events have a ``type``: ``transcription.text.delta``, ``transcription.segment``, …."""

    __slots__ = ()
    _KIND = "Transcription"
    if TYPE_CHECKING:

        @property
        def partial(self) -> Transcription: ...
        def final(self) -> Transcription: ...


class AsyncTranscriptionStream(AsyncEventStream):
    """A running transcription for ``async with`` and ``async for``."""

    __slots__ = ()
    _KIND = "Transcription"
    if TYPE_CHECKING:

        @property
        def partial(self) -> Transcription: ...
        async def final(self) -> Transcription: ...


class SpeechStream(EventStream):
    """A running speech. Its events have a ``type``, and sound as ``audio_data``, in base64."""

    __slots__ = ()
    _KIND = "Speech"
    if TYPE_CHECKING:

        @property
        def partial(self) -> Speech: ...
        def final(self) -> Speech: ...


class AsyncSpeechStream(AsyncEventStream):
    """A running speech for ``async with`` and ``async for``."""

    __slots__ = ()
    _KIND = "Speech"
    if TYPE_CHECKING:

        @property
        def partial(self) -> Speech: ...
        async def final(self) -> Speech: ...
