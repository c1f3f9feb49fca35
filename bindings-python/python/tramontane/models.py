"""The catalogue of models: names, dates, limits, prices."""

from __future__ import annotations

from ._core import native
from ._doors import on_a_day, resolve
from ._record import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    import builtins
    from datetime import date
    from typing import Any

    from ._generated import Model, ModelSync, Recommendation

__all__ = ["as_of", "get", "list", "recommend", "resolve"]


def list(
    *,
    provider: str | None = None,
    capability: str | None = None,
    status: str | None = None,
    on: date | str | None = None,
    overlay: Any = None,
) -> builtins.list[Model]:
    """The models that match, in the catalogue's order; ``on`` is the day to judge by, today when absent."""
    query = {"provider": provider, "capability": capability, "status": status, "on": on, "overlay": overlay}
    return [wrap("Model", row) for row in native.call("models_list", on_a_day(query))]


def get(name: str, *, provider: str | None = None, on: date | str | None = None, overlay: Any = None) -> Model:
    """One model, by any of its names.

    Raises:
        TramontaneError: when no model has this name; the message names the nearest ones.
    """
    query = on_a_day({"name": name, "provider": provider, "on": on, "overlay": overlay})
    model: Model = wrap("Model", native.call("models_get", query))
    return model


def recommend(use: str = "default", *, on: date | str | None = None) -> Recommendation:
    """The model to take for ``default``, ``agentic``, ``multimodal``, ``cheapest``, ``code`` or ``embedding``."""
    recommended: Recommendation = wrap("Recommendation", native.call("models_recommend", on_a_day({"use": use, "on": on})))
    return recommended


def sync(list: Any, *, on: date | str | None = None, overlay: Any = None) -> ModelSync:
    """What the provider's own list of its models (``client.models.list()``) says beyond the catalogue.

    ``overlay`` of what it gives lies over the catalogue wherever a setting of that name is; the parameter ``overlay`` is
    one of the caller's own, over which the list is laid.
    """
    query = on_a_day({"list": list, "on": on, "overlay": overlay})
    found: ModelSync = wrap("ModelSync", native.call("models_sync", query))
    return found


def as_of() -> str:
    """The day of the catalogue's snapshot, for example ``2026-11-20``."""
    day: str = native.call("models_as_of")
    return day
