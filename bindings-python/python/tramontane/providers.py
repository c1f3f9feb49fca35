"""The providers: endpoints, key variables, what each can do."""

from __future__ import annotations

from ._core import native
from ._record import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    import builtins

    from ._generated import Provider

__all__ = ["list"]


def list() -> builtins.list[Provider]:
    """The providers, as a table."""
    return [wrap("Provider", row) for row in native.call("providers")]
