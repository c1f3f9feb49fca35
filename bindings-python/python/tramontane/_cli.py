"""The command ``tramontane``: the same program that cargo and npm install."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line and exits with its code."""
    import signal

    from ._core import native

    # The program runs outside the interpreter, where Python's own handler would not be heard.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.stdout.flush()
    sys.exit(native.run_cli(["tramontane", *sys.argv[1:]]))
