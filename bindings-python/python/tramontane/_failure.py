"""The base of all errors, and how the core's errors become exceptions."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping

    from ._generated import ChatCompletion, Finding, Report

_FIELDS = (
    "path", "provider", "status", "code", "request_id", "retry_after", "retryable", "hint", "body", "report", "partial",
)  # fmt: skip


class TramontaneError(Exception):
    """Anything that goes wrong here. Every subclass has the same fields; ``str(error)`` says what to do."""

    #: Which row of the table of errors this is; the same word in every language.
    kind: str = "internal"
    #: What happened: the server's own text where there is one.
    message: str
    #: Where in the request, for example ``messages[3].tool_calls[0].id``.
    path: str | None
    #: The provider's id, for example ``mistral``.
    provider: str | None
    #: The HTTP status.
    status: int | None
    #: The provider's own code, for example ``3230``.
    code: str | None
    #: The id under which the provider knows the request.
    request_id: str | None
    #: How many seconds the server asks to wait.
    retry_after: float | None
    #: Whether the same request may succeed later.
    retryable: bool
    #: What to do.
    hint: str | None
    #: The server's answer, as it came.
    body: str | None
    #: All findings, when a check refused the request.
    report: Report | None
    #: What had arrived when a stream failed.
    partial: ChatCompletion | None

    def __init__(self, message: str = "", **fields: Any) -> None:
        super().__init__(message)
        self.message = message
        for name in _FIELDS:
            setattr(self, name, fields.pop(name, None))
        self.retryable = bool(self.retryable)
        if fields:
            raise TypeError(f"{type(self).__name__} has no field {next(iter(fields))!r}")

    def __str__(self) -> str:
        said = self.message
        if self.path:
            said += f" (at `{self.path}`)"
        if self.hint:
            said += f"; {self.hint}"
        facts = [
            self.provider,
            str(self.status) if self.status is not None else None,
            f"code {self.code}" if self.code is not None else None,
            f"request {self.request_id}" if self.request_id is not None else None,
        ]
        shown = ", ".join(fact for fact in facts if fact)
        return f"{said} [{shown}]" if shown else said

    @property
    def status_code(self) -> int | None:
        """The HTTP status, under the name that other SDKs give it."""
        return self.status

    @property
    def findings(self) -> list[Finding]:
        """Everything wrong with the request, when a check refused it."""
        return [] if self.report is None else self.report.findings

    def to_dict(self) -> dict[str, Any]:
        """The error as plain data."""
        from ._record import plain

        return {"kind": self.kind, "message": self.message, **{name: plain(getattr(self, name)) for name in _FIELDS}}

    def __reduce__(self) -> tuple[Any, ...]:
        data = self.to_dict()
        data["class"] = type(self)
        return _restore, (data,)


def _restore(data: dict[str, Any]) -> TramontaneError:
    return _filled(data.pop("class"), data)


def from_data(name: str, data: Mapping[str, Any]) -> TramontaneError:
    """The exception of the class ``name`` for an error of the core."""
    from . import errors

    return _filled(getattr(errors, name, TramontaneError), data)


def _filled(cls: type[TramontaneError], data: Mapping[str, Any]) -> TramontaneError:
    from ._record import wrap

    fields = {name: data.get(name) for name in _FIELDS}
    for name, kind in (("report", "Report"), ("partial", "ChatCompletion")):
        found = fields[name]
        if isinstance(found, dict):
            fields[name] = wrap(kind, found)
    error = cls(str(data.get("message") or ""), **fields)
    error.kind = data.get("kind") or error.kind
    return error
