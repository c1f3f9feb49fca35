"""Findings that did not stop a request, as Python warnings at the caller's own line."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class TramontaneWarning(UserWarning):
    """The request works, but not as it looks, or not for long."""


class TramontaneDeprecationWarning(TramontaneWarning, DeprecationWarning):
    """A model or a name is on its way out. As with every `DeprecationWarning`, Python shows it for code in ``__main__`` and
    in tests; ``-W default::tramontane.TramontaneDeprecationWarning`` shows it everywhere."""


def warn(findings: list[dict[str, Any]], stacklevel: int) -> None:
    """Warns about findings; ``stacklevel`` counts from the caller of this function."""
    import warnings

    for finding in findings:
        if finding.get("severity") == "note":
            continue
        rule = str(finding.get("rule") or "")
        said = str(finding.get("message") or rule)
        if finding.get("hint"):
            said += f"; {finding['hint']}"
        category = TramontaneDeprecationWarning if rule.startswith("deprecated") else TramontaneWarning
        warnings.warn(said, category, stacklevel=stacklevel + 1)
