"""The command ``tramontane``: the same program that cargo and npm install."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line and exits with its code."""
    from ._core import native

    sys.exit(native.run_cli(["tramontane", *sys.argv[1:]]))
