"""``python -m tramontane``."""

from ._cli import main

main()
