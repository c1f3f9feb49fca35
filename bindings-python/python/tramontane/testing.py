"""A local server that speaks the Mistral API, for tests: no network, no key, no cost.

>>> from tramontane.testing import Sandbox
>>> with Sandbox() as sandbox, sandbox.client() as client:
...     reply = client.chat.complete(model="mistral-small-2603", messages=[{"role": "user", "content": "Hi"}])
>>> reply.choices[0].finish_reason
'stop'
"""

from __future__ import annotations

from ._core import native
from .client import AsyncClient, Client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any

__all__ = ["Sandbox"]


class Sandbox:
    """A running sandbox. It refuses what the provider refuses, answers deterministically, and says that it is no model.

    ``port`` is any free one when 0. ``key`` is the one key that it accepts, any when ``None``. ``on`` is the day by which
    it judges model names. ``pace`` is how many seconds it waits before each event of a stream.
    """

    __slots__ = ("__weakref__", "_native")

    def __init__(
        self, *, port: int = 0, key: str | None = None, on: date | str | None = None, pace: float = 0.0
    ) -> None:
        day = on if on is None or isinstance(on, str) else on.isoformat()[:10]
        self._native = native.Sandbox(port, key, day, pace)

    @property
    def url(self) -> str:
        """Where it listens, to be given as ``base_url``."""
        return self._native.url

    @property
    def key(self) -> str:
        """A key that it accepts."""
        return self._native.key

    def client(self, **options: Any) -> Client:
        """A client of this sandbox."""
        settings: dict[str, Any] = {"api_key": self.key, "base_url": self.url, **options}
        return Client(**settings)

    def async_client(self, **options: Any) -> AsyncClient:
        """An asynchronous client of this sandbox."""
        settings: dict[str, Any] = {"api_key": self.key, "base_url": self.url, **options}
        return AsyncClient(**settings)

    def stop(self) -> None:
        """Stops it and waits until its port is free. Does nothing to a stopped one."""
        self._native.stop()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"Sandbox({self.url})"
