"""The pure operations: nothing here sends, and nothing here needs a key."""

from __future__ import annotations

from ._core import native
from ._record import answer, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any, Iterable, Mapping, Unpack

    from ._generated import CostEstimate, LintFinding, Prepared, Report, Resolution
    from .types import ChatRequest, ModelName, Policy


def check(request: ChatRequest | Any, /, **policy: Unpack[Policy]) -> Report:
    """Everything that is wrong with a request, without sending it.

    ``request`` is a dict (or a pydantic model, a dataclass, JSON text); its key ``operation`` says what it is, ``chat``
    when absent. ``policy``: ``checks``, ``severities``, ``strict``, ``pin``, ``repair``, ``on``, ``extra_body``, ….
    """
    report: Report = wrap("Report", native.call("check", {"policy": on_a_day(policy)}, request))
    return report


def build(request: ChatRequest | Any, /, provider: str | None = None, **policy: Unpack[Policy]) -> Prepared:
    """The HTTP request for a call, complete but for the key.

    Raises:
        InvalidRequest: with the report, when the check finds an error.
    """
    parameter = {"provider": provider, "policy": on_a_day(policy)}
    prepared: Prepared = wrap("Prepared", native.call("build", parameter, request))
    return prepared


def parse(
    provider: str,
    operation: str,
    status: int,
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
    body: str | bytes,
) -> Any:
    """What a provider's answer means: the typed answer.

    Raises:
        APIError: the typed error that the answer is.
    """
    parameter: dict[str, Any] = {"provider": provider, "operation": operation, "status": status, "headers": dict(headers)}
    if isinstance(body, str):
        parsed = native.call("parse", {**parameter, "body": body})
    else:
        parsed = native.call("parse", parameter, None, bytes(body))
    return answer(parsed["type"], parsed["data"], parsed["meta"])


def resolve(
    name: ModelName,
    *,
    provider: str | None = None,
    on: date | str | None = None,
    pin: bool | None = None,
    strict: bool | None = None,
    severities: Mapping[str, str] | None = None,
    overlay: Any = None,
) -> Resolution:
    """Follows a model name to the id that is sent, and says what is wrong with the name.

    ``on`` is the day to judge by, today when absent; ``pin`` sends the dated id for floating names too; ``strict`` makes
    an unknown name an error; ``severities`` changes single findings; ``overlay`` lies over the catalogue.
    """
    options = {"pin": pin, "strict": strict, "severities": severities, "overlay": overlay}
    query = on_a_day({"name": name, "provider": provider, "on": on, **options})
    resolution: Resolution = wrap("Resolution", native.call("resolve", query))
    return resolution


def estimate_cost(request: ChatRequest | Any, /, **policy: Unpack[Policy]) -> CostEstimate:
    """What a request may cost, as a range of nano-dollars; ``amount`` is ``None``, with a reason, when it is unknown."""
    estimate: CostEstimate = wrap("CostEstimate", native.call("estimate_cost", {"policy": on_a_day(policy)}, request))
    return estimate


def lint_text(
    text: str,
    *,
    language: str | None = None,
    on: date | str | None = None,
    within_days: int | None = None,
    comments: bool | None = None,
    strict: bool | None = None,
    severities: Mapping[str, str] | None = None,
    ignore: Iterable[str] | None = None,
    overlay: Any = None,
) -> list[LintFinding]:
    """Everything that is wrong with the model names in source code, configuration or a notebook.

    ``language`` is a language or the ending of a file (``python``, ``ts``, ``yaml``, ``notebook``, …), plain text when
    absent; ``on`` is the day to judge by, today when absent; ``within_days`` makes errors of models that are retired so
    soon; ``comments`` counts names in comments too; ``ignore`` are names that are meant, ``*`` at their end for any ending.
    """
    options = {"within_days": within_days, "comments": comments, "strict": strict, "severities": severities}
    query = on_a_day({"text": text, "language": language, "on": on, **options, "overlay": overlay})
    if ignore is not None:
        query["ignore"] = [ignore] if isinstance(ignore, str) else list(ignore)
    return [wrap("LintFinding", row) for row in native.call("lint_text", query)]


def on_a_day(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given, with the day to judge by: today (UTC) when it was not said."""
    given = {name: value for name, value in options.items() if value is not None}
    on = given.get("on")
    if on is None:
        from time import gmtime, strftime

        given["on"] = strftime("%Y-%m-%d", gmtime())
    elif not isinstance(on, str):
        # A `datetime` is a `date` too, and its own `isoformat` goes on to the time.
        given["on"] = on.isoformat()[:10]
    return given
