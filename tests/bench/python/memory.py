"""The memory of this process, as the kernel counts it, in bytes."""

from __future__ import annotations

import gc
from pathlib import Path


def resident() -> int | None:
    """What is in memory now; `None` where the kernel does not say."""
    return _read("VmRSS:")


def peak_of(function) -> int | None:
    """How much more was in memory, at the most, while a function ran."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return None
    before = resident()
    function()
    highest = _read("VmHWM:")
    return None if before is None or highest is None else max(highest - before, 0)


def kept_by(function, count: int) -> float | None:
    """How much memory a result holds, by holding some."""
    gc.collect()
    before = resident()
    held = [function() for _ in range(count)]
    after = resident()
    del held
    return None if before is None or after is None else max(after - before, 0) / count


def _read(name: str) -> int | None:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), None)
