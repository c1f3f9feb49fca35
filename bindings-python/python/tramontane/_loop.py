"""How results reach an event loop: one mailbox per loop, which wakes it once for everything that is ready."""

from __future__ import annotations

from asyncio import CancelledError, get_running_loop
from sys import modules
from weakref import WeakKeyDictionary

from ._core import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from typing import Any, Callable

_bridges: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


async def run(start: Callable[..., Any], *arguments: Any, late: Callable[[Future[Any]], None] | None = None) -> Any:
    """Runs ``start(bridge, future, *arguments)`` and waits for the future. Cancelling the wait ends the work.

    ``late`` gets the future of a wait that was cancelled when its result had just come.
    """
    try:
        loop = get_running_loop()
    except RuntimeError:
        raise _no_loop() from None
    bridge = _bridges.get(loop)
    if bridge is None or not bridge.is_ours():
        bridge = _open(loop)
    future: Future[Any] = loop.create_future()
    job = start(bridge, future, *arguments)
    try:
        return await future
    except CancelledError:
        job.abort()
        if late is not None and future.done() and not future.cancelled():
            late(future)
        raise
    except BaseException:
        job.abort()
        raise


def _no_loop() -> Exception:
    from .errors import UnsupportedError

    trio = modules.get("trio")
    is_trio = trio is not None and trio.lowlevel.in_trio_run()
    return UnsupportedError(
        "an `AsyncClient` needs a running asyncio event loop" + (", and this is trio" if is_trio else ""),
        hint=(
            "call `tramontane.Client` in `trio.to_thread.run_sync(…)`, or run on asyncio (anyio's own backend)"
            if is_trio
            else "await it in a coroutine that `asyncio.run(…)` runs, or use `tramontane.Client`"
        ),
    )


def _open(loop: AbstractEventLoop) -> Any:
    bridge = native.Bridge()
    if bridge.fileno() >= 0:
        loop.add_reader(bridge.fileno(), bridge.drain)
    else:
        held: list[Any] = []
        bridge = native.Bridge(lambda: loop.call_soon_threadsafe(held[0].drain))
        held.append(bridge)
    _bridges[loop] = bridge
    return bridge
