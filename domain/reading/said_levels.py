"""Levels that are said in words, as the stops and targets that they are: `invalid below 228`, `36.90 is my line`.

They stand behind an order, and say where it is given up; none of them makes it depend on anything.
"""

import re

_PRICE = r"\$?(?:\d+(?:\.\d+)?|\.\d+)(?![\d%]|[.,]\d|[rRkK]\b)"
_MONEY = r"\$?\d*\.\d+(?![\d%]|[.,]\d|[rRkK]\b)"
_CROSSES = r"(?:below|under|above|over)"
_BEHIND = r"(?<=[.,;!)-] )"
_INVALID = re.compile(
    r"(?<!now )(?<!already )(?<!went )(?<!is )(?<!was )(?<!'s )(?<!been )\b(?:invalid|invalidation|wrong)(?: is)?"
    rf"(?: on a close)? (?P<way>{_CROSSES}) (?P<level>{_PRICE})(?! (?:already|now|earlier|today)\b)",
    re.IGNORECASE,
)
_I_AM_WRONG = re.compile(
    rf"\b(?:i'?m|i am|we'?re|(?:i|we)(?:'d| would) be) wrong (?P<way>{_CROSSES}) (?P<level>{_PRICE})"
    rf"|{_BEHIND}(?P<before>{_CROSSES}) (?P<beyond>{_PRICE}) (?:i'?m|i am|we'?re) wrong\b",
    re.IGNORECASE,
)
_LINE = re.compile(
    rf"{_BEHIND}(?P<level>{_PRICE}) is (?:my|the) (?:line in the sand|line|stop|out)\b(?! (?:for|to|in)\b)",
    re.IGNORECASE,
)
_RISK = re.compile(rf"{_BEHIND}risk (?:is )?(?P<level>{_MONEY})(?! (?:to|for|on|per)\b)", re.IGNORECASE)
_WANT = re.compile(rf"{_BEHIND}(?:i )?want (?P<level>{_MONEY}) then (?=\$?\d*\.?\d)", re.IGNORECASE)
_SIGN = re.compile(
    rf"(?P<word>\b(?:stop|sl|stop loss|invalidation) (?:is |on )?(?:a |an )?"
    r"(?:(?:daily|hourly|weekly|4h|1h|15m|5m|candle) )?"
    rf"(?:close|candle|print)s?) ?(?P<sign>[<>])=? ?(?={_PRICE})",
    re.IGNORECASE,
)
_AND_LEAVE = re.compile(
    rf"{_BEHIND}(?:a )?(?:daily )?close (?P<way>below|under|above|over) (?P<level>{_PRICE}) and (?:i'?m|i am|i) "
    r"(?:out|leave|gone|exit|close|done)\b",
    re.IGNORECASE,
)
_OUT_IF = re.compile(rf"{_BEHIND}out if (?P<level>{_PRICE}) (?:breaks|goes|cracks|fails|gives)\b", re.IGNORECASE)


def _wrong(found: re.Match[str]) -> str:
    return f"SL {found['way'] or found['before']} {found['level'] or found['beyond']}"


def _closes(found: re.Match[str]) -> str:
    return f"{found['word']} {'below' if found['sign'] == '<' else 'above'} "


_PART = re.compile(r"\b(?:\d{1,3} of \d{1,3}|half|[1-3]/[2-4]|partial|trim\w*|third|quarter|\d{2} ?%)", re.IGNORECASE)
_ON_THE_REST = re.compile(
    rf"\b(?:stop|sl) (?:on|for) (?:the |my )?(?:rest|remainder|remaining|runners?|other half|last one)"
    rf"(?: is| at|:| now| to)* (?P<level>{_PRICE})",
    re.IGNORECASE,
)


def _on_the_rest(found: re.Match[str]) -> str:
    """A stop, where a part is said to be sold; elsewhere these words alone say that it is one."""
    return f"SL {found['level']}" if _PART.search(found.string[: found.start()]) else found[0]


REWORDINGS = (
    (("stop on", "stop for", "sl on", "sl for"), _ON_THE_REST, _on_the_rest),
    ((" wrong",), _I_AM_WRONG, _wrong),
    (("invalid", "wrong "), _INVALID, r"SL \g<way> \g<level>"),
    ((" is my ", " is the "), _LINE, r"SL \g<level>"),
    ((" risk ",), _RISK, r"SL \g<level>"),
    (("want ",), _WANT, r"PT \g<level> / "),
    (("<", ">"), _SIGN, _closes),
    ((" and i",), _AND_LEAVE, r"SL \g<way> \g<level>"),
    (("out if ",), _OUT_IF, r"SL \g<level>"),
)
