"""The compiled part of the package, behind one import that explains itself when it fails."""

from __future__ import annotations

try:
    from . import _native as native
except ImportError as error:
    if "subinterpreter" in str(error):
        raise ImportError(
            "tramontane cannot run in a subinterpreter: its compiled part belongs to one interpreter per process; "
            "use threads or processes instead"
        ) from None
    raise

Vector = native.Vector

__all__ = ["Vector", "native"]
