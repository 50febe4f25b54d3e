"""Tokens: the pieces of a message by their shape alone. What they mean is decided later."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
FUTURE_ROOT = "[a-z]{1,3}|m2k|6[a-z]"
_LETTERS = 2048  # whose base is kept
MONTH_CODE = "[fghjkmnquvxz]"
_RIGHT_NEXT = r"\ *(?:c|p|calls?|puts?)\b"
_DAY_YEAR = rf"(?:[ -]?'?(?:20\d\d|\d\d)(?!\w|[.,/%:]\d|{_RIGHT_NEXT}))?"


class Kind(StrEnum):
    """What a piece of text looks like."""

    CODE = "code"  # an OCC or thinkorswim option symbol
    FUTURE = "future"  # /ES, /MESZ6
    CASHTAG = "cashtag"  # $UBER
    DATE = "date"  # a date with a month word, or with its year first
    SLASHED = "slashed"  # 12/04, 12/04/26, 1/2, .80/.85, 430/420
    DASHED = "dashed"  # 12-04, 1.20-1.25
    STRIKE = "strike"  # 88p, $148c, 362.5calls
    GLUED = "glued"  # PYPL64c
    COUNT = "count"  # x2, 2x
    DTE = "dte"  # 0dte
    PERCENT = "percent"
    MEASURE = "measure"  # a number that belongs to its unit: 9:31, 2pm, 20ema, 15th
    NUMBER = "number"
    WORD = "word"
    JUNK = "junk"  # letters and a decimal glued together: O.75
    STRANGE = "strange"  # letters, digits or marks that only look like the ones we use
    ARROW = "arrow"
    NEWLINE = "newline"
    MARK = "mark"  # one punctuation character


class Token(NamedTuple):
    """One piece of the visible text."""

    kind: Kind
    text: str


# What begins with a letter. Tried apart from the rest, in this order; the last one matches any.
_LETTERED: dict[Kind, str] = {
    Kind.CODE: r"(?<![\w.$])[a-z]{1,6}\ {0,5}\d{6}[cp]\d{8}(?!\w)|(?<![\w.$])[a-z]{1,6}\d{6}[cp]\d{1,5}(?:\.\d)?(?!\w)"
    r"|(?<![\w.$])[a-z]{1,6}_\d{6}[cp]\d{1,5}(?:\.\d{1,3})?(?!\w)",
    Kind.DATE: rf"\b(?:{MONTH})\.?[ -]?\d{{1,2}}(?:st|nd|rd|th)?"
    rf"(?:,?\ 20\d\d(?!{_RIGHT_NEXT})|-20\d\d|[ ]?'\d\d)?s?(?!\w|[.:/-]\d|,\d|%)"
    rf"|\b(?:{MONTH})\ ?'?20\d\d(?!\w|\.\d|{_RIGHT_NEXT})",
    Kind.GLUED: r"\b(?!st0p)[a-z]{1,5}\d{1,6}(?:\.\d{1,3})?(?:calls?|puts?|c|p)(?![a-z\d])",
    Kind.COUNT: r"\bx\d{1,6}(?!\w|\.\d)",
    Kind.JUNK: r"\b[a-z]{1,6}\.\d[\w.]*",
    Kind.WORD: r"\b[a-z]{1,4}\.[a-z](?![\w.])|[^\W\d_]\w*(?:['-][^\W\d_]+)*",
}
_SHAPES: dict[Kind, str] = {
    Kind.CODE: r"\.[a-z]{1,6}\d{6}[cp]\d{1,5}(?:\.\d{1,3})?(?!\w)",
    Kind.FUTURE: rf"(?<![\w/.])/(?:{FUTURE_ROOT})(?:{MONTH_CODE}\d{{1,2}})?(?!\w)",
    Kind.DATE: r"\b20\d\d[-/]\d{1,2}[-/]\d{1,2}(?![\d-])"
    rf"|(?<![\w.$/,-])\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:{MONTH})(?![a-z]){_DAY_YEAR}",
    Kind.SLASHED: r"(?:(?<![\w.])|(?<=\d[cp]))\$?(?:\d{1,6}(?:\.\d{1,4})?|\.\d{1,4})"
    r"(?:/\$?(?:\d{1,6}(?:\.\d{1,4})?|\.\d{1,4})){1,8}s?(?![\w/]|\.\d|:\d)",
    Kind.DASHED: r"(?<![\w.])\$?(?:\d{1,6}(?:\.\d{1,4})?|\.\d{1,4})"
    r"(?:-\$?(?:\d{1,6}(?:\.\d{1,4})?|\.\d{1,4})){1,4}(?![\w/%-]|\.\d)",
    Kind.STRIKE: r"(?<![\w.])-?\$?(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d{1,3})?(?:calls?|puts?|[cp]s?|cc|pp)(?![a-z])"
    r"|(?<![\w.])\$?\.\d{1,3}(?:calls?|puts?|c|p)(?![a-z])",
    Kind.COUNT: r"(?<![\w.])\d{1,6}x(?!\w)",
    Kind.DTE: r"(?<![\w.])\d{1,3}[ -]?dtes?(?!\w)",
    Kind.PERCENT: r"(?<![\w.])[+-]?(?:\d{1,6}(?:\.\d{1,4})?|\.\d{1,4})\ ?%",
    Kind.MEASURE: r"(?<![\w.])\d{1,2}:\d\d(?::\d\d)?(?:\ ?[ap]m)?(?!\w)|(?<![\w.])[+-]?\$?(?:\d|\.\d)[\d.,]*[a-z_]\w*",
    Kind.NUMBER: r"(?:(?<![\w).])[+-])?\$?(?:(?<=\$)[+-])?(?:\d+(?:[.,]\d+)*|(?<!\d)\.\d+(?:\.\d+)*)",
    Kind.CASHTAG: r"\$[a-z]{1,6}(?:\.[a-z])?(?!\w)",
    Kind.ARROW: r"-{1,3}>|={1,2}>|[→➡➜⟶⇒►▸▶➤]",
    Kind.STRANGE: "[\\w\ufffd\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u20d0-\u20ff]",
    Kind.NEWLINE: r"\n",
    Kind.MARK: r"[-@?!,;:.()\[\]{}\"'/|+=~&<>#$%\\]",
}
# Tried before all shapes, as most of a message is these: words, and signs that nothing else can begin with.
_PLAIN = r"(?P<PLAIN>[a-z]{2,}(?=\.?\ [^\d' ]|[,;:!?)|]|\.?\n|\.?$))"
_SIGN = r"(?P<SIGN>[@?!,;:()\[\]{}\"'|~&<>#%\\])"
_LEXER = re.compile(
    rf"[ \t]*+(?:{_PLAIN}|{_SIGN}"
    rf"|(?=[^\W\d_])(?:{'|'.join(f'(?P<{kind.name}_>{shape})' for kind, shape in _LETTERED.items())})"
    rf"|{'|'.join(f'(?P<{kind.name}>{shape})' for kind, shape in _SHAPES.items())})",
    re.IGNORECASE,
)
_KINDS = {
    **{kind.name: kind for kind in Kind},
    **{f"{kind.name}_": kind for kind in _LETTERED},
    "PLAIN": Kind.WORD,
    "SIGN": Kind.MARK,
}


def tokenize(text: str) -> list[Token]:
    """The tokens of a visible text, in order. Spaces, emoji and other symbols are left out."""
    tokens = [Token(_KINDS[name := each.lastgroup or "MARK"], each[name]) for each in _LEXER.finditer(text)]
    return tokens if text.isascii() else [Token(_in_our_letters(*token), token.text) for token in tokens]


def _in_our_letters(kind: Kind, text: str) -> Kind:
    is_ours = text.isascii() or kind is Kind.ARROW or _is_accented_latin(text)
    return kind if is_ours else Kind.STRANGE


def _is_accented_latin(word: str) -> bool:
    """Whether a word is written in Latin letters, accents allowed (résumé), and no other script."""
    return all(letter.isascii() or _base_is_ascii(letter) for letter in word)


@lru_cache(maxsize=_LETTERS)
def _base_is_ascii(letter: str) -> bool:
    decomposed = unicodedata.decomposition(letter)
    return letter.isalpha() and decomposed[:1].isdigit() and int(decomposed.split()[0], 16) < 128
