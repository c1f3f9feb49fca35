"""The provider's own list of its models, laid over the catalogue."""

from __future__ import annotations

from ..resources import models as generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from .._generated import ModelSync
    from ..types import CallOptions

__all__ = ["AsyncModels", "Models"]


def _compared(listed: Any, base: Any) -> ModelSync:
    from ..models import sync

    return sync(listed, overlay=base)


class Models(generated.Models):
    """The models that the provider offers to this key."""

    __slots__ = ()

    def sync(self, *, base: Any = None, **options: Unpack[CallOptions]) -> ModelSync:
        """Lays the provider's own list over the catalogue and says what was different.

        ``overlay`` of what it gives is a client's setting of that name (``client.with_options(overlay=…)``): plain data, to
        be saved and loaded as JSON. ``base`` is an overlay of the caller's own, over which the list is laid.

        Raises:
            APIError: when the provider refuses or cannot be reached.
        """
        return _compared(self.list(**options), base)


class AsyncModels(generated.AsyncModels):
    """The models that the provider offers to this key."""

    __slots__ = ()

    async def sync(self, *, base: Any = None, **options: Unpack[CallOptions]) -> ModelSync:
        """Lays the provider's own list over the catalogue and says what was different.

        ``overlay`` of what it gives is a client's setting of that name (``client.with_options(overlay=…)``): plain data, to
        be saved and loaded as JSON. ``base`` is an overlay of the caller's own, over which the list is laid.

        Raises:
            APIError: when the provider refuses or cannot be reached.
        """
        return _compared(await self.list(**options), base)
