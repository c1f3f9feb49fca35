"""Chats whose answers are read into types of the caller's own."""

from __future__ import annotations

from ..resources import chat as generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping, Sequence, TypeVar, Unpack, overload

    from .._parse import ParsedCompletion
    from ..types import ChatOptions, MessageParam, ModelName

    T = TypeVar("T")

__all__ = ["AsyncChat", "Chat"]


class Chat(generated.Chat):
    """Chats."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def parse(
            self, *, model: ModelName, messages: Sequence[MessageParam], into: type[T], **options: Unpack[ChatOptions]
        ) -> ParsedCompletion[T]: ...
        @overload
        def parse(
            self, *, model: ModelName, messages: Sequence[MessageParam], into: Mapping[str, Any], **options: Unpack[ChatOptions]
        ) -> ParsedCompletion[Any]: ...

    def parse(
        self, *, model: ModelName, messages: Sequence[MessageParam], into: Any, **options: Unpack[ChatOptions]
    ) -> ParsedCompletion[Any]:
        """Asks for an answer that fits ``into`` and reads it: a pydantic class, a dataclass, a TypedDict, or a JSON Schema.

        The answer is a chat's, and has ``parsed`` besides: ``None`` when the model called tools instead of answering.

        Raises:
            ResponseDecodeError: when the answer does not fit; ``body`` is its text, ``partial`` all of it.
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        from .._parse import Form

        form = Form(into)
        reply = self._send({"operation": "chat", "model": model, "messages": messages, **form.asked(options)})
        return form.read(reply)


class AsyncChat(generated.AsyncChat):
    """Chats."""

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        async def parse(
            self, *, model: ModelName, messages: Sequence[MessageParam], into: type[T], **options: Unpack[ChatOptions]
        ) -> ParsedCompletion[T]: ...
        @overload
        async def parse(
            self, *, model: ModelName, messages: Sequence[MessageParam], into: Mapping[str, Any], **options: Unpack[ChatOptions]
        ) -> ParsedCompletion[Any]: ...

    async def parse(
        self, *, model: ModelName, messages: Sequence[MessageParam], into: Any, **options: Unpack[ChatOptions]
    ) -> ParsedCompletion[Any]:
        """Asks for an answer that fits ``into`` and reads it: a pydantic class, a dataclass, a TypedDict, or a JSON Schema.

        The answer is a chat's, and has ``parsed`` besides: ``None`` when the model called tools instead of answering.

        Raises:
            ResponseDecodeError: when the answer does not fit; ``body`` is its text, ``partial`` all of it.
            InvalidRequest: before anything is sent, when the check finds an error; ``error.report`` lists everything.
            APIError: when the provider refuses or cannot be reached.
        """
        from .._parse import Form

        form = Form(into)
        reply = await self._send({"operation": "chat", "model": model, "messages": messages, **form.asked(options)})
        return form.read(reply)
