"""Pages: one request gives the first, the rest are fetched while they are walked through."""

from __future__ import annotations

from typing import Generic, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AsyncIterator, Generator, Iterator

    from ._resource import AsyncResource, Resource

__all__ = ["AsyncPage", "Page"]

T = TypeVar("T")
A = TypeVar("A")


class _Pages(Generic[T, A]):
    """What both kinds know: the request, and whether a page can follow another."""

    __slots__ = ("_first", "_request", "_resource")

    def __init__(self, resource: Any, request: dict[str, Any]) -> None:
        self._resource = resource
        self._request = request
        self._first: Any = None

    @property
    def first(self) -> A:
        """The first page as it came, with what stands around it."""
        first: A = self._first
        return first

    @property
    def data(self) -> list[T]:
        """What is on the first page."""
        data: list[T] = self._first.data or []
        return data

    @property
    def total(self) -> int | None:
        """How many there are on all pages, where the provider says it."""
        total: int | None = self._first.get("total")
        return total

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            # What the first page has, the list has: its request's id, its warnings.
            if name.startswith("_") or self._first is None:
                raise AttributeError(name, name=name, obj=self)
            return getattr(self._first, name)

        def __getitem__(self, key):
            return self._first[key]

    def _after(self, request: dict[str, Any], answer: Any, seen: int) -> dict[str, Any] | None:
        """The request for the page behind this one; ``None`` when there is none."""
        found = len(answer.data or [])
        total, size = answer.get("total"), request.get("page_size")
        if not found or (total is not None and seen >= total) or (total is None and size is not None and found < size):
            return None
        return {**request, "page": (request.get("page") or 0) + 1}

    def _new(self, request: dict[str, Any], before: Any, answer: Any) -> Any:
        """A page that is not the one before it: who gives that again would give it for ever."""
        if answer.data and answer.data == before.data:
            from .errors import ResponseDecodeError

            raise ResponseDecodeError(
                f"page {request['page']} of the list is the same as the one before it",
                hint="the server seems to ignore `page`: `first` is all that it gives",
                request_id=answer.request_id,
            )
        return answer

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._first!r}>"


class Page(_Pages[T, A]):
    """The first page of a list, which goes on to the others when it is iterated.

    >>> for file in client.files.list(purpose="batch"):  # doctest: +SKIP
    ...     print(file.id)
    """

    __slots__ = ()

    def __init__(self, resource: Resource, request: dict[str, Any]) -> None:
        super().__init__(resource, request)
        self._first = resource._send(request)

    def pages(self) -> Iterator[A]:
        """Every page, one request each; the first is there already."""
        request: dict[str, Any] | None = self._request
        answer, seen = self._first, 0
        while request is not None:
            yield answer
            seen += len(answer.data or [])
            request = self._after(request, answer, seen)
            if request is not None:
                answer = self._new(request, answer, self._resource._send(request))

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.data or []  # type: ignore[attr-defined]


class AsyncPage(_Pages[T, A]):
    """A list that is fetched when it is awaited (its first page) or iterated (all of them).

    >>> async for file in client.files.list(purpose="batch"):  # doctest: +SKIP
    ...     print(file.id)
    """

    __slots__ = ()

    def __init__(self, resource: AsyncResource, request: dict[str, Any]) -> None:
        super().__init__(resource, request)

    async def _fetch(self) -> AsyncPage[T, A]:
        if self._first is None:
            self._first = await self._resource._send(self._request)
        return self

    def __await__(self) -> Generator[Any, None, AsyncPage[T, A]]:
        return self._fetch().__await__()

    async def pages(self) -> AsyncIterator[A]:
        """Every page, one request each."""
        await self._fetch()
        request: dict[str, Any] | None = self._request
        answer, seen = self._first, 0
        while request is not None:
            yield answer
            seen += len(answer.data or [])
            request = self._after(request, answer, seen)
            if request is not None:
                answer = self._new(request, answer, await self._resource._send(request))

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.data or []:  # type: ignore[attr-defined]
                yield item
