"""What a message says once its dress is off: markup, mentions, emoji and quotes of others are not its words.

Letters that only look like others are never folded into them: a message with such letters is not read at all.
"""

import re
import unicodedata

from domain.alert import Unread, UnreadCode

MAX_LENGTH = 4000
_QUOTE_BLOCK = re.compile(r"^>>> .*", re.DOTALL | re.MULTILINE)
_QUOTE_LINE = re.compile(r"^> ?.*$", re.MULTILINE)
_STRUCK = re.compile(r"~~.+?~~", re.DOTALL)
_EMOJI_CODE = re.compile(r"<a?:\w{1,40}:\d{1,25}>|(?<![\w:]):[a-z_]{2,40}:(?![\w:])")
_MENTION = re.compile(r"<[@#][!&]?\d{1,25}>|@(?!(?:m|mkt|market|cmp)\b)[A-Za-z]\w{0,40}")
_URL = re.compile(r"https?://\S{1,500}")
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
_MARKUP = str.maketrans(dict.fromkeys("*`_“”\"'{}[]|", " ") | {"’": " "})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_INVISIBLE = frozenset({"Cf", "Cc", "Cn", "Co"})
_PICTURES = frozenset({"So", "Sk", "Cs"})
_VARIATION = "\ufe0f\ufe0e\u20e3"


def clean(text: str) -> str | Unread:
    """The words of a message, on lines as they were; or why it can't be read."""
    if len(text) > MAX_LENGTH:
        return Unread(code=UnreadCode.TOO_LONG, detail=f"{len(text)} characters")
    if struck := _STRUCK.search(text):
        return Unread(code=UnreadCode.NOT_AN_ALERT, detail=f"struck through: {struck[0][:40]}")
    text = _QUOTE_LINE.sub("", _QUOTE_BLOCK.sub("", text))
    for pattern in (_URL, _EMOJI_CODE, _MENTION, _HEADING):
        text = pattern.sub(" ", text)
    text = text.translate(_DASHES).translate(_MARKUP)
    hidden = _hidden_inside_a_word(text)
    if hidden:
        return Unread(code=UnreadCode.SUSPICIOUS, detail=f"an invisible character inside a word: {hidden}")
    plain = "".join(_plain(letter) for letter in text)
    strange = next((letter for letter in plain if not letter.isascii()), None)
    if strange is not None:
        name = unicodedata.name(strange, "unnamed").lower()
        return Unread(code=UnreadCode.SUSPICIOUS, detail=f"{strange!r} ({name}) is no letter of ours")
    return plain


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter == "\n":
        return letter
    if letter in _VARIATION or category in _INVISIBLE:
        return "" if letter in _VARIATION else " "
    if (category in _PICTURES and not letter.isascii()) or category.startswith("Z"):
        return " "
    return letter


def _hidden_inside_a_word(text: str) -> str | None:
    for position, letter in enumerate(text[1:-1], start=1):
        if unicodedata.category(letter) in _INVISIBLE and letter not in "\n\t\r":
            before, after = text[position - 1], text[position + 1]
            if before.isalnum() and after.isalnum():
                return repr(text[position - 1 : position + 2])
    return None
