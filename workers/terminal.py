"""What commands print on."""

import sys

from rich.console import Console

_WIDTH_OF_A_FILE = 120


def terminal() -> Console:
    """The terminal, or, when the output goes to a file or a pipe, lines long enough not to be cut."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
