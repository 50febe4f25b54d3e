"""Text for a chat: what strangers wrote becomes words in which nothing acts, and nothing is long."""

import re
import unicodedata

from domain.redaction import redact

_MARKUP = frozenset("\\*_~|`>#[]()<{}-+=!:")
_BREAK = "\u200b"  # of no width: what stands before and after it is no mention and no link any more
_MENTION = re.compile(r"@(?=\S)")
_LONGEST = 200  # characters, before they are escaped


def escaped(text: str, longest: int = _LONGEST) -> str:
    """One line of plain text for Discord: no markup, no mention, no link, no secret, nothing unseen in it."""
    inert = "".join(map(_inert, _line(text, longest))).replace("//", f"/{_BREAK}/")
    return _MENTION.sub(f"@{_BREAK}", inert)


def pinging_nobody(text: str, longest: int = _LONGEST) -> str:
    """One line for the audit, which may be shown anywhere: no mention, no secret, nothing unseen; the rest as it is."""
    return _MENTION.sub(f"@{_BREAK}", _line(text, longest))


def _line(text: str, longest: int) -> str:
    line = " ".join("".join(map(_seen, redact(text))).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _seen(letter: str) -> str:
    """Controls, marks of direction and the like are dropped: they could make a sentence read as another."""
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter).startswith("C") else letter


def _inert(letter: str) -> str:
    return f"\\{letter}" if letter in _MARKUP else letter
