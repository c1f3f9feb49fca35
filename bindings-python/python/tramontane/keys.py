"""Where a client's key comes from."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from os import PathLike
    from typing import Any, Awaitable, Callable, Iterable

__all__ = ["Key"]


class Key:
    """A source of keys, for ``Client(api_key=…)``. Never shows a key.

    >>> Key.file("/run/secrets/mistral", expires_on="2027-03-31")
    Key(file)
    """

    __slots__ = ("_fetch", "_kind", "_refresh", "_source")

    def __init__(self, key: Any, *, expires_on: date | str | None = None) -> None:
        """This key: a ``str``, or anything with ``get_secret_value()``."""
        self._fetch: Callable[[], Any] | None = None
        self._refresh: float | None = None
        self._kind = "given"
        self._source = _dated({"key": revealed(key)}, expires_on)

    @classmethod
    def environment(cls, variable: str, *, expires_on: date | str | None = None) -> Key:
        """What an environment variable holds when a call is sent."""
        return cls._of("environment", {"environment": variable}, expires_on)

    @classmethod
    def file(cls, path: str | PathLike[str], *, expires_on: date | str | None = None) -> Key:
        """What a file holds; read again when it changes."""
        from os import fspath

        return cls._of("file", {"file": fspath(path)}, expires_on)

    @classmethod
    def call(
        cls,
        fetch: Callable[[], Any] | Callable[[], Awaitable[Any]],
        *,
        refresh: float | None = None,
        expires_on: date | str | None = None,
    ) -> Key:
        """What a function returns, called when the first call is sent, and again when ``refresh`` seconds have passed.

        It returns a key, or a pair of a key and the seconds after which it is to be called again. An `AsyncClient` awaits
        what it returns. When it fails later, the old key is used on, and the server has the last word.
        """
        key = cls._of("call", {}, expires_on)
        key._fetch, key._refresh = fetch, refresh
        return key

    @classmethod
    def pool(cls, keys: Iterable[Any], *, expires_on: date | str | None = None) -> Key:
        """Several keys, of which the next one is used after a 401 or 429."""
        sources = [key_source(key) for key in keys]
        if any(callable(source) or isinstance(source, Key) for source in sources):
            raise TypeError("a pool holds keys, variables and files, no functions")
        return cls._of("pool", {"pool": sources}, expires_on)

    @classmethod
    def _of(cls, kind: str, source: dict[str, Any], expires_on: date | str | None) -> Key:
        key = cls.__new__(cls)
        key._fetch, key._refresh, key._kind = None, None, kind
        key._source = _dated(source, expires_on)
        return key

    def __repr__(self) -> str:
        return f"Key({self._kind})"

    def __reduce__(self) -> Any:
        raise TypeError("a Key cannot be pickled; make one in each process")


def _dated(source: dict[str, Any], expires_on: date | str | None) -> dict[str, Any]:
    if expires_on is not None:
        source["expires_on"] = expires_on if isinstance(expires_on, str) else expires_on.isoformat()[:10]
    return source


def revealed(key: Any) -> Any:
    """The text of pydantic's ``SecretStr`` and its like."""
    reveal = getattr(key, "get_secret_value", None)
    return key if reveal is None else reveal()


def key_source(key: Any) -> Any:
    """A key as the compiled client takes it; a `Key` that is a function stays one."""
    if isinstance(key, Key):
        return key if key._fetch is not None else key._source
    return revealed(key)


class Fetched:
    """A function that gives keys, and what it gave last."""

    __slots__ = ("_expires", "_fetch", "_key", "_locks", "_refresh", "_until")

    def __init__(self, fetch: Callable[[], Any], refresh: float | None, source: dict[str, Any]) -> None:
        self._fetch, self._refresh = fetch, refresh
        self._expires = source.get("expires_on")
        self._key: Any = None
        self._until: float | None = None
        self._locks: dict[int, Any] = {}

    def _held(self) -> Any:
        if self._key is None or self._until is None:
            return self._key
        from time import monotonic

        return self._key if monotonic() < self._until else None

    def _hold(self, given: Any) -> Any:
        refresh = self._refresh
        if isinstance(given, tuple):
            given, refresh = given
        key: dict[str, Any] = {"key": revealed(given)}
        if not isinstance(key["key"], str):
            raise TypeError(f"the function that gives the key must return a str, not {type(given).__name__}")
        if self._expires is not None:
            key["expires_on"] = self._expires
        if refresh is not None:
            from time import monotonic

            self._until = monotonic() + refresh
        self._key = key
        return key

    def _turn(self) -> Any:
        """The lock of this process: that of the parent may be held for ever in a forked child."""
        from os import getpid
        from threading import Lock

        return self._locks.setdefault(getpid(), Lock())

    def now(self) -> Any:
        """The key for a call."""
        key = self._held()
        if key is not None:
            return key
        # Many threads that find it too old ask once.
        with self._turn():
            key = self._held()
            if key is not None:
                return key
            try:
                given = self._fetch()
                if hasattr(given, "__await__"):
                    if hasattr(given, "close"):
                        given.close()
                    raise TypeError("the function that gives the key is asynchronous: use an AsyncClient")
                return self._hold(given)
            except Exception:
                if self._key is None:
                    raise
                return self._key

    async def soon(self) -> Any:
        """The key for a call from an event loop."""
        key = self._held()
        if key is not None:
            return key
        try:
            given = self._fetch()
            if hasattr(given, "__await__"):
                given = await given
            return self._hold(given)
        except Exception:
            if self._key is None:
                raise
            return self._key
