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


def warn(findings: list[dict[str, Any]]) -> None:
    """Warns about findings at the nearest line outside this package."""
    import sys
    import warnings

    home = __file__.rpartition("_warn")[0]
    stacklevel, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(home):
        stacklevel, frame = stacklevel + 1, frame.f_back
    for finding in findings:
        if finding.get("severity") == "note":
            continue
        rule = str(finding.get("rule") or "")
        said = str(finding.get("message") or rule)
        if finding.get("hint"):
            said += f"; {finding['hint']}"
        category = TramontaneDeprecationWarning if rule.startswith("deprecated") else TramontaneWarning
        warnings.warn(said, category, stacklevel=stacklevel)
