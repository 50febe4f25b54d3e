"""The text as a person sees it: Discord's markup, mentions and links taken away, spaces and dashes made plain.

Letters and digits are never folded: a Cyrillic look-alike stays what it is, for the reader to refuse.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from domain.reading.signs import ALERT_CODE, in_words

LONGEST_MESSAGE = 4000  # characters: the most that Discord lets anybody post
HIDDEN = "\ufffd"  # stands for an invisible character between two digits: what is seen may not be what was meant

_QUOTED_REST = re.compile(r"^[ \t]*>>>.*\Z", re.MULTILINE | re.DOTALL)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_WITHDRAWN = re.compile(r"~~[^~]{1,2000}~~")
_KEYCAP = re.compile("[0-9#*]\\ufe0f?\\u20e3")
_LINK = re.compile(r"\[([^\[\]\n]{0,200})\]\(\s?<?(?:https?|discord)://[^\s)]{1,500}\)?", re.IGNORECASE)
_ADDRESS = re.compile(r"<?\b(?:https?|ftp)://[^\s>]{1,2000}>?", re.IGNORECASE)
_DISCORD_MARK = re.compile(r"<(?:a?:\w{1,40}:\d{1,25}|[@#][!&]?\d{1,25}|t:-?\d{1,15}(?::\w)?|/[^>\n]{1,60}:\d{1,25})>")
_ALERT_MARK = re.compile(r"<a?:\w{0,30}alert\w{0,10}:\d{1,25}>", re.IGNORECASE)
_SHORT_CODE = re.compile(r"(?<![A-Za-z0-9:]):[A-Za-z_][\w+-]{1,40}:(?![\d])")
_PING = re.compile(
    r"(?<![\w.])@(?!(?:m|mkt|market|cmp)\b)(?:(?-i:[A-Z][a-z]+ (?:[A-Z][a-z]+ )?"
    r"(?:Trades?|Alerts?|Traders?|Members?|Crew|Gang|Team|Room|Plays?|Ideas?)\b)|[A-Za-z_][\w.-]{0,40})",
    re.IGNORECASE,
)
_LINE_MARK = re.compile(r"^[ \t]*(?:-#|#{1,3}|[-*+•·▪‣])[ \t]+", re.MULTILINE)
_LIST_NUMBER = re.compile(r"^[^\w\n$@.]{0,8}\d{1,2}[.)][ \t]+", re.MULTILINE)
# "*AMD", "*185", "*puts": a star before the right word, or behind it, takes back the wrong one.
_RIGHT_WORD = (
    r"\$?(?:[A-Z]{2,5}\b|\.?\d[\d.,/]{0,12}\w{0,6}"
    r"|(?i:calls?|puts?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b)"
)
_CORRECTED = re.compile(
    r"(?<=\s)\*(?![*\s])(?!(?:NFA|DYOR|YOLO|LOTTO|SMALL|SWING|RISKY|HIGH|DAY|NOT?|ER)\b)"
    rf"(?={_RIGHT_WORD}[^*\n]*$)|(?<=\n)(?={_RIGHT_WORD}\*[ \t]*$)",
    re.MULTILINE,
)
# In a diff the line with a minus is what was there before.
_CHANGED = re.compile(
    r"^-[^\n]{1,120}?\d[cp]\b[^\n]*\n(?=(?:[^\n]*\n){0,3}\+[^\n]{1,120}?\d[cp]\b)", re.MULTILINE | re.IGNORECASE
)
_EMPHASIS = re.compile(r"\*+|\|\||`+|(?<![^\W_])_+|_+(?![^\W_])")
_EMPHASES = ("*", "||", "`", "_")
_BOLD_NAME = re.compile(
    r"\A(?P<before>[^A-Za-z0-9<$]{0,12}?)"
    r"(?:[*_]{1,3}(?P<name>@?[A-Z][\w.]{1,20}(?: [A-Z][\w.]{1,20})?):?[*_]{1,3}(?=[ \t]+[A-Za-z])"
    r"|<(?P<speaker>[A-Za-z][\w.]{1,20})>)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LETTERS = 2048  # whose kind is kept
_GAP = re.compile(r"[ \t]{2,}")
_QUOTED_WORD = re.compile(r'"(\w{1,20})"')
_PLACEHOLDER = re.compile(r"\$?\{{1,2}[^{}\n]{0,80}\}{1,2}")  # a program's, that nothing was filled in for
_FENCE = re.compile(r"```[a-z]{0,10}\n|```", re.IGNORECASE)
_FRACTIONS = {"½": " 1/2 ", "⅓": " 1/3 ", "⅔": " 2/3 ", "¼": " 1/4 ", "¾": " 3/4 ", "⅕": " 1/5 "}
_MIXED = re.compile("(?<=\\d)[½¼¾](?![\\d.])")  # `77½c`
_DECIMALS = {"½": ".5", "¼": ".25", "¾": ".75"}
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―", "-"),
        "−": "-",  # the minus sign
        **dict.fromkeys("‘’ʼ′", "'"),
        **dict.fromkeys("“”„«″", '"'),
        "…": "...",
        "»": " : ",
        **dict.fromkeys("⟩›❯❭〉⟫❱", "|"),
        "×": "x",
        "⁄": "/",
        **dict(zip("／＠：，＄％（）－", "/@:,$%()-", strict=True)),
        **dict.fromkeys("？❓❔⁉¿⁇⁈؟", "?"),
        "¢": " cents ",
        "\r": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
        **_FRACTIONS,
    }
)
_DASH_WORD = re.compile(r"(?<=\s)[‒–—―](?=\s?[@$.\d])")
# Each with the piece that a text must have for it: most have none.
_MARKUP = (
    ("](", _LINK, r"\1"),
    ("```", _FENCE, " "),
    ("{", _PLACEHOLDER, " "),
    ("://", _ADDRESS, " "),
    ("<", _DISCORD_MARK, " "),
    (":", _SHORT_CODE, " "),
    ('"', _QUOTED_WORD, r"\1"),
)


def visible(text: str) -> str:
    """What is left of a message when its quotes, struck-out words, markup and pings are gone. Linear in its length."""
    text = _ALERT_MARK.sub(" alert: ", text) if "<" in text else text
    text = _BOLD_NAME.sub(_named, _without_quoted(text))
    text = ALERT_CODE.sub(" alert: ", text) if ":" in text else text
    text = _MIXED.sub(_as_decimal, text) if not text.isascii() else text
    text = _DASH_WORD.sub(" - ", _KEYCAP.sub(" ", text)) if not text.isascii() else text
    text = _without_invisible(text).translate(_PLAIN)
    text = _CORRECTED.sub(" correction ", text) if "*" in text else text
    text = _CHANGED.sub("", text) if "```diff" in text else text
    for needed, mark, instead in _MARKUP:
        if needed in text:
            text = mark.sub(instead, text)
    text = _LINE_MARK.sub("", text)
    text = _EMPHASIS.sub("", text) if any(sign in text for sign in _EMPHASES) else text
    text = _LIST_NUMBER.sub("", text)
    text = _PING.sub(" ", text) if "@" in text else text
    text = _GAP.sub(" ", text) if "  " in text or "\t" in text else text
    return in_words(text).strip("\n")


def _as_decimal(found: re.Match[str]) -> str:
    return _DECIMALS[found[0]]


def _named(found: re.Match[str]) -> str:
    """`**Omar** BTO ...`, `<Omar> BTO ...`: who speaks."""
    name = found["name"] or found["speaker"]
    return found[0] if name.upper() == name else f"{found['before']}{name}:"


def _without_quoted(text: str) -> str:
    """Quoted lines are somebody else's words; struck-out words are withdrawn."""
    text = _QUOTED_LINE.sub("", _QUOTED_REST.sub("", text)) if ">" in text else text
    return _WITHDRAWN.sub(" ", text) if "~~" in text else text


def _without_invisible(text: str) -> str:
    if text.isascii() and not _CONTROL.search(text):
        return text
    letters = set(text)
    text = text.translate({ord(letter): " " for letter in letters if _is_blank(letter)})
    invisible = {ord(letter): "\0" for letter in letters if _is_invisible(letter)}
    if not invisible:
        return text
    pieces = [piece for piece in text.translate(invisible).split("\0") if piece]
    hidden = [HIDDEN if one[-1].isdigit() and other[0].isdigit() else "" for one, other in pairwise(pieces)]
    return "".join(each for both in zip(pieces, [*hidden, ""], strict=True) for each in both) if pieces else ""


@lru_cache(maxsize=_LETTERS)
def _is_blank(letter: str) -> bool:
    return letter not in "\n\r\t\u2028\u2029" and unicodedata.category(letter) in {"Zs", "Cc"}


@lru_cache(maxsize=_LETTERS)
def _is_invisible(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cf", "Cn"} or "\ufe00" <= letter <= "\ufe0f"
