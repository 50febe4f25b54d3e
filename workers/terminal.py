"""What commands print on."""

import sys

from rich.console import Console
from rich.text import Text

_WIDTH_OF_A_FILE = 120


def terminal() -> Console:
    """The terminal, or, when the output goes to a file or a pipe, lines long enough not to be cut."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)


def shown(text: str, style: str = "") -> Text:
    """A trader's text can hold anything: no markup is read in it, and nothing reaches the terminal as a command."""
    return Text("".join(letter if letter.isprintable() else "�" for letter in text), style=style)
