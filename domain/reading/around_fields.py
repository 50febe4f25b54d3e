"""What stands around the fields of an order: arrows between them, tags, a ticket's number, the time, a greeting."""

import re

_ARROWS = re.compile(  # `BTO ➜ TSLA ➜ 437.5C ➜ 12/04 ➜ 7.15`: between fields they are marks
    r"^(?P<fields>[^\w\n]{0,8}[A-Za-z][A-Za-z ]{1,14}+(?:(?:[➜➡→⇒►▸⟶]|->) ?+[^\n➜➡→⇒►▸⟶>]{1,16}+){3,7}+)$", re.MULTILINE
)
_ARROW = re.compile(r" ?(?:[➜➡→⇒►▸⟶]|->) ?")
_SYMBOL_FIRST = re.compile(  # `[SPX] BTO x1 | 0dte 6855C | 4.30`
    r"\A[^\w\n\[]{0,8}\[(?P<symbol>[A-Z]{1,5})\] (?P<verb>BTO|STC|STO|BTC)(?P<count> x?\d{1,3})?[ \t]*\|?[ \t]*"
)
_NEW = re.compile(r"\A(?P<before>[^\w\n$]{0,8})NEW: (?=\$?[A-Z]{1,5} )")
_CONTRACT = re.compile(  # `CRDO ▸ 155 CALL ▸ 12/11` on a line of its own
    r"^(?P<fields>[^\w\n$]{0,8}\$?[A-Z]{1,5} ?(?:[➜➡→⇒►▸⟶]|->) ?\d[\d.]*"
    r"(?: ?(?:[CPcp]\b|CALLS?|PUTS?|[Cc]alls?|[Pp]uts?))"
    r" ?(?:[➜➡→⇒►▸⟶]|->) ?[\w/ ]{3,12})[ \t]*$",
    re.MULTILINE,
)
_TAGGED = re.compile(
    r"\A[^\w\n#]{0,8}(?:#(?:swings?|calls?|puts?|options?|day ?trade|scalps?|trades?|alerts?|stocks?|shares|momentum"
    r"|earnings)"
    r"[ \t]+)+(?=(?:bto|stc|sto|btc|bought|sold|buy|sell)\b)",
    re.IGNORECASE,
)
_NUMBERED_CLOSE = re.compile(
    r"\b(?P<verb>stc|btc|sold|closed?|trim(?:med)?) #\d{2,6} (?=\$?[A-Z]{1,5}\b)", re.IGNORECASE
)
_CLOCKED = re.compile(
    r"\A(?P<title>[^\d\n]{3,30}?)[ \t]*[|@•·-][ \t]*\d{1,2}:\d\d(?: ?[AP]M)?(?: E[SD]?T)?[ \t]*(?=\n)", re.IGNORECASE
)
_TO_ALL = re.compile(
    r"\A(?P<before>[^\w\n]{0,8})(?:everyone|everybody|team|all|guys|folks|members|traders|gang|fam), "
    r"(?=(?:i|we|i'm|we're) (?:\w+ ){1,3}\$?[A-Z])",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(
    r"(?<![\d,.])(?P<one>\d{1,3}),(?P<two>\d{3}(?:\.\d+)?)-(?P<three>\d{1,3}),(?P<four>\d{3}(?:\.\d+)?)(?![\d,])"
)
_GLUED_DAY = re.compile(r"(?<=\d )(?P<right>calls?|puts?)(?=\d{1,2}/\d{1,2}\b)", re.IGNORECASE)
_GLUED_LETTER = re.compile(r"(?<=\d) (?P<right>[cp])(?=\d{1,2}/\d{1,2}\b)", re.IGNORECASE)
_SPACED_DOLLAR = re.compile(r"(?<=@ )\$ (?=\d*\.?\d)")
_ARROW_TO_PRICE = re.compile(  # `BTO HON 200c 12/18 ➡ 3.70`: with no other price on its line
    r"\A(?P<order>[^\w\n$]{0,8}(?:bto|stc|sto|btc)\b[^\n@.>➜➡→⇒►▸⟶]{4,30}(?:\.5)?[^\n@.>➜➡→⇒►▸⟶]{0,14}"
    r"\d{1,2}/\d{1,2}) ?"
    r"(?:[➜➡→⇒►▸⟶]\ufe0f?|->) ?(?=\$?\d*\.\d\d?[ \t]*(?:\n|\Z))",
    re.IGNORECASE,
)
_LEAPS = re.compile(
    r"(?<=[A-Z]) LEAPS?(?= (?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|\d{1,2}/\d"
    r"|\$?\d{1,5}(?:\.5)?[CPcp]\b))"
)
_FOR_A_BOOK = re.compile(
    r"\A(?P<what>[^\w\n]{0,8}new (?:trade|entry|position|swing|buy)) for (?:the|my|our) "
    r"(?:(?:swing|day|main|small|big|large|options?|income|growth|long[ -]term|core|trading|lotto|momentum) )?"
    r"(?:book|account|acct|portfolio|port|sleeve|ira|roth|challenge)(?=:| -)",
    re.IGNORECASE,
)


def _with_symbol_behind(found: re.Match[str]) -> str:
    return f"{found['verb']}{found['count'] or ''} {found['symbol']} | "


def _arrows_as_spaces(found: re.Match[str]) -> str:
    return _ARROW.sub(" ", found["fields"])


def _arrows_as_marks(found: re.Match[str]) -> str:
    return _ARROW.sub(" | ", found["fields"])


_PX = re.compile(r"(?<=\w) px (?=\$?\d*\.?\d)", re.IGNORECASE)
_NTH = re.compile(r"\A(?P<verb>[^\w\n$]{0,8}(?:trim|scale out|exit|add|entry)) #\d (?=\$?[A-Z])", re.IGNORECASE)

_OF_CALL = re.compile(r"(?<=\d )(?P<right>call|put)'s\b", re.IGNORECASE)

REWORDINGS = (
    (("'s ",), _OF_CALL, r"\g<right>s"),
    ((" px ",), _PX, " @ "),
    ((" #",), _NTH, r"\g<verb> "),
    ((" leap",), _LEAPS, ""),
    ((" c", " p"), _GLUED_LETTER, r"\g<right> "),
    (("@ $ ",), _SPACED_DOLLAR, "$"),
    (("➜", "➡", "→", "⇒", "►", "▸", "⟶", "->"), _ARROW_TO_PRICE, r"\g<order> @ "),
    (("➜", "➡", "→", "⇒", "►", "▸", "⟶", "->"), _CONTRACT, _arrows_as_spaces),
    (("[",), _SYMBOL_FIRST, _with_symbol_behind),
    (("new: ",), _NEW, r"\g<before>NEW TRADE: "),
    (("➜", "➡", "→", "⇒", "►", "▸", "⟶", "->"), _ARROWS, _arrows_as_marks),
    (("#",), _TAGGED, ""),
    ((" #",), _NUMBERED_CLOSE, r"\g<verb> "),
    ((":",), _CLOCKED, r"\g<title>"),
    ((", i", ", we"), _TO_ALL, r"\g<before>"),
    ((",",), _THOUSANDS, r"\g<one>\g<two>-\g<three>\g<four>"),
    (("call", "put"), _GLUED_DAY, r"\g<right> "),
    ((" for ",), _FOR_A_BOOK, r"\g<what>"),
)
