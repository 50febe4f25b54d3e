"""Turns of phrase that say an order in another order of words: `paid 1.85 for 20 XLU 84c`, `sold ... to close`."""

import re
from collections.abc import Callable

from domain.reading import (
    around_fields,
    asides,
    broker_lines,
    forms,
    preambles,
    running_totals,
    said_amounts,
    said_levels,
    said_orders,
    shorthand,
    slang,
    tape,
    tape_shares,
)

_NUMBER = r"\$?(?:\d+(?:\.\d+)?|\.\d+)"
_RANGE = rf"{_NUMBER} ?(?:-|to|and) ?{_NUMBER}"
_TO_CLOSE = re.compile(
    r"\b(?P<verb>sold|sell|bought|buy)\b(?P<contract>[^\n!;:,@]{4,60}?) to (?P<way>open|close)\b"
    r"(?=[ \t]*(?:[,@$)\]]|\.?\d|at\b|for\b|avg\b|filled\b|[^\w\n]{0,4}$))",
    re.IGNORECASE | re.MULTILINE,
)
_PAID_FOR = re.compile(
    rf"\A(?P<before>[^\w\n]{{0,8}})paid (?P<price>{_NUMBER}) for "
    rf"(?P<order>(?:\d{{1,4}} )?\$?[A-Z]{{1,5}} [^\n,.;!@]{{2,40}}?(?:\.\d[^\n,.;!@]{{0,20}})?)"
    r"(?=\s*(?:$|[,.;!]))",
    re.IGNORECASE,
)
_COVERED_SHORT = re.compile(
    r"\A(?P<before>[^\w\n]{0,8})(?i:cover(?:ed|ing)) (?P<count>\d{1,4} )?short (?=\$?[A-Z]{1,5} )"
)
_BACK = re.compile(
    r"\b(?P<verb>(?i:bought|buying)) (?P<contract>(?:the |my |\d{1,4} )?\$?[A-Z]{1,5} [^\n,;!@]{2,30}?)"
    r" back(?= (?:at|for|@) )"
)
_OF_MANY = re.compile(
    r"\b(?P<part>one|two|three|four) of (?:my |the |our )?(?P<whole>two|three|four|five)\b", re.IGNORECASE
)
_WORDS = {"both": "2", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_BRACKETED = re.compile(rf"@ ?\[ ?(?P<range>{_RANGE}) ?\]")
_NAMED_RANGE = re.compile(
    r"(?<=[\dcps] )(?:in (?:the |a )?)?(?:range:?|fill(?:ed)? (?:zone|range|area):?|anywhere (?:from|between))(?: of)? "
    rf"(?P<range>{_RANGE})(?![\d%])",
    re.IGNORECASE,
)
_YOURS = re.compile(r"\b(?P<verb>sell to close|sell|close|exit|trim) your (?=\$?[A-Z]{1,5} )", re.IGNORECASE)
_FILL_TIME = re.compile(
    r"[ \t]filled (?:at )?\d{1,2}:\d\d:\d\d(?: ?[AP]M)?(?: E[SD]?T)?[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_RATED = "(?:conviction|confidence|rating|grade|score)"
_RATING = re.compile(rf"\b{_RATED}:? \d{{1,2}}/\d{{1,2}}\b|(?<![\d/])\d{{1,2}}/(?:5|10) {_RATED}\b", re.IGNORECASE)
_POINTED = re.compile(
    r"\b(?P<verb>BTO|STC|STO|BTC|bought|sold|[Ee]ntered|[Ee]xited|[Cc]losed|[Tt]rimmed)"
    r" ?(?:->|=>|[\u2192\u27a1\u279c]) ?(?=\$?[A-Z])"
)
_DOTTED_DAY = re.compile(r"(?<![\d.$])(?P<one>\d{1,2})\.(?P<two>\d{1,2})\.(?P<year>(?:20)?\d\d)(?![\d.])")
_FILL_IS = re.compile(r"\bfill is (?=\$?\.?\d)", re.IGNORECASE)
_GO_LONG = re.compile(r"\bI go long (?=\$?[A-Z]{1,5}\b)", re.IGNORECASE)
_NTH_TRIM = re.compile(
    r"\A(?P<before>[^\w\n]{0,8})(?:(?P<first>1st|first)|[2-4](?:nd|rd|th)|second|third|fourth) trim\b", re.IGNORECASE
)
_PARTIAL = re.compile(r"\A(?P<before>[^\w\n]{0,8})partial(?: exit| close)?[ \t]*(?=\n)", re.IGNORECASE)
_MONTHS, _DAYS = 12, 31
_LEFT_LONG = re.compile(r"\b(?P<verb>exit(?:ed|ing)|clos(?:ed|ing)|sold) long (?=\$?[A-Z]{1,5}\b)", re.IGNORECASE)
_BACK_TO_CLOSE = re.compile(
    r"\b(?P<verb>bought|buying|buy) back (?P<contract>[^\n!;:,@]{4,60}?) to close\b"
    r"(?=[ \t]*(?:[,@$]|\.?\d|at\b|for\b))",
    re.IGNORECASE,
)
_PART_OUT = re.compile(  # under a title that sells: elsewhere it is planned
    r"\A(?P<title>[^\w\n$]{0,8}(?:trim|scale|partial|take profit|exit|sold|stc)[^\n]*\n(?:[^\n]*\n)?[^\w\n]{0,4})"
    r"(?P<part>\d{1,2} ?%|half|a third|a quarter|1/2|1/3|1/4|2/3|some) out (?:at |@ ?)(?=\$?\d*\.?\d)",
    re.IGNORECASE,
)
_PARTIAL_PROFIT = re.compile(r"\A(?P<before>[^\w\n]{0,8})partial profits?(?:: | on )", re.IGNORECASE)


_OFF = re.compile(
    r"\b(?P<part>all|half|rest|remainder|a third|a quarter) (?:of )?(?P<contract>\$?[A-Z]{1,5} [^\n,;!@]{2,30}?) "
    r"(?:is |now )?(?:off|gone)"
    r"(?= (?:at|for|@) )",
    re.IGNORECASE,
)
_TAKEN_OFF = re.compile(  # what is taken off is sold
    r"\b(?:(?:took|taking|take|got|getting|get) )?"
    r"(?P<contract>(?:my |the |some |half |\d/\d |\d{1,3} )*\$?[A-Z]{1,5} [^\n;!@]{2,30}?) "
    r"off(?: the table| here| now)?(?=[, ]+(?:(?:at|for|@) |\$?\d{0,4}\.\d))",
    re.IGNORECASE,
)
_PUT_ON = re.compile(
    r"\A(?P<before>[^\w\n$]{0,8})(?:i |just |we )*put on (?:a (?:small |starter |tiny )?)?(?=\$?[A-Z]{1,5} \d)",
    re.IGNORECASE,
)
_HALF_OFF = re.compile(
    r"\A(?P<before>[^\w\n$]{0,8})(?P<contract>\$?[A-Za-z]{1,5} [^\n,;!@.]{0,3}\d[^\n,;!@]{1,26}?),? "
    r"(?P<part>half|third|quarter|some) off"
    r"(?= (?:at |for |@ ?)?\$?\d*\.\d)(?! \$?\d*\.\d+ (?:high|highs|peak|top|low|lows)\b)"
    r"(?![^\n]*\b(?:bargain|in for|cheap|sale|steal|deal|discount|bought|buying|loading|short)\b)",
    re.IGNORECASE,
)
_HALF_OFF_IT = re.compile(
    r"\A(?P<before>[^\w\n$]{0,8})(?P<part>half|a third|a quarter) off (?:on |of |my )?(?=\$?[A-Za-z]{1,5} \$?\d)",
    re.IGNORECASE,
)
_REMAINING = re.compile(
    r"^[ \t]*(?:(?:position|contracts?|qty|quantity|open|shares) )?"
    r"(?:remaining|left|holding|runners?) ?[:=-] ?(?P<count>\d{1,6})\b",
    re.IGNORECASE | re.MULTILINE,
)
_IN_AT = re.compile(r"\bin @ ?(?=\$?\.?\d)", re.IGNORECASE)
_FIELDS = re.compile(r"^[^\n>|]{1,30}(?: > [^\n>]{1,30}){3,8}$", re.MULTILINE)
_TIMES = re.compile(
    r"(?:(?<=\b\d)|(?<=\d\d)|(?<=\d%)|(?<=\b[Aa]ll)|(?<=\b[Hh]alf)) ?x (?=\$?[A-Z]{1,5}(?: |$))", re.MULTILINE
)
_SPLIT_STRIKE = re.compile(r"(?<=\d) ?[|,;] ?(?=(?:calls?|puts?|[cp])\b)", re.IGNORECASE)
_INTO = re.compile(r"(?<=\w)[ \t]*>>+[ \t]*(?=\$?[A-Z])")
_BROKERS = (
    *("webull", "robinhood", "rh", "ibkr", "fidelity", "schwab", "trade", "tasty", "tos", "thinkorswim", "moomoo"),
    "public",
)
_BROKER = re.compile(
    r"\A[^\w\n$]{0,8}(?:webull|robinhood|rh|ibkr|fidelity|schwab|e\*?trade|tastytrade|tasty|tos|thinkorswim"
    r"|moomoo|public)"
    r"[ \t]*[:|-][ \t]*(?:filled:? )?(?:your order to (?=buy|sell))?(?P<order>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_WAS_FILLED = re.compile(
    r"\A(?P<order>[^\n;!]{4,90}?) (?:was |has been |were )?(?:filled|executed)(?= (?:at|@|for) )", re.IGNORECASE
)
_ABOUT = re.compile(r"(?<=\d)-?ish\b|(?<=@) ?(?:about|around|roughly|approx\.?|like)(?= ?\$?\.?\d)", re.IGNORECASE)
_EACH = re.compile(r"(?P<price>\.\d{1,2}) (?:a|per) (?:contract|con)\b", re.IGNORECASE)
_ALL_OF_THEM = re.compile(
    r"[,-] ?(?P<many>both|all (?:\d{1,3}|two|three|four|five))(?=, (?:(?:at|for|@) |\$?\d*\.\d))", re.IGNORECASE
)
_OF_THEM = re.compile(
    r"(?<=[,-] )(?P<count>\d{1,3}|two|three|four|five|six|ten) of (?:them|these|those)\b", re.IGNORECASE
)
_AMOUNT = (
    r"(?:(?:another|about|only|just|the|my|first|a) )*"
    r"(?:\d{1,3}/\d{1,3}|\d{1,3} ?%|\d{1,3}|half|thirds?|quarter|one|two|three|four|five|some|most|all|couple|few)"
    r"(?: (?:thirds?|quarters?|halves))?(?: (?:out )?of (?:my |the |our )?(?:\d{1,3}|two|three|four|five|six"
    r"|them|it|these))?"
    r"(?: (?:contracts?|cons?|lots?|more))?"
)
_TOOK_OFF = re.compile(  # an amount that is taken off is sold, wherever its contract stands
    rf"\b(?P<verb>took|taking|pulled|pulling|got|getting) (?:(?P<amount>{_AMOUNT}) off\b"
    rf"|off (?P<behind>{_AMOUNT})(?= (?:at|for|@|\$?[A-Z]|here|now)))",
    re.IGNORECASE,
)
_REST_NAMED = re.compile(  # "rest: SL 1.60"
    r"\b(?P<rest>rest|remaining|remainder|runners?|other half) ?[:=] ?"
    r"(?=(?:sl|stop|pt|tp|target|be|b/e|trail\w*|hold\w*|let|run\w*|free|risk|swing\w*|to|for|at|into)\b)"
    r"|(?<=[,.;-] )(?P<size>rest|remaining|rem|position|pos|left|runners?|size) ?: ?(?=\d)",
    re.IGNORECASE,
)
_HYPHENED = re.compile(
    r"\b(?P<part>one|two|three|half|quarter|third|partial)-"
    r"(?P<of>thirds?|half|quarters?|fourths?|fifths?|position|size|off|out|way)\b",
    re.IGNORECASE,
)
_NTHS = re.compile(r"(?<![\d/])(?P<part>[1-7]/[2-8]) ?(?:nds?|rds?|ths?)\b", re.IGNORECASE)
_OUT_OF = re.compile(
    r"\b(?P<part>\d{1,3}|one|two|three|four) out of (?:my |the |our )?(?P<whole>\d{1,3}|two|three|four|five|six)\b",
    re.IGNORECASE,
)
_HALVED = re.compile(r"\bhalv(?P<end>ed|ing) (?=(?:it|them|this|that|my|the)\b)", re.IGNORECASE)
_LAST_HALF = re.compile(
    r"\b(?i:(?:the |my )?(?:other|second|2nd|last|final|remaining)) (?:50 ?%|1/2|(?i:half)(?! of the (?:day"
    r"|session|week|year))\b)"
    r"(?=(?: of)?(?: my| the)? \$?[A-Z]| out\b| off\b| sold\b| gone\b| closed\b|[^\w]*$)",
    re.MULTILINE,
)
_PERCENT = re.compile(r"(?<![\w.])(?P<number>\d{1,3}(?:\.\d)?) ?-?(?:percent|per cent|pct)\b\.?", re.IGNORECASE)


def reworded(text: str) -> str:
    """The text with these phrases as the grammar knows them."""
    lower = text.lower()
    for place in sorted({place for piece, places in _NEEDING.items() if piece in lower for place in places}):
        _, phrase, instead = _REWORDINGS[place]
        text = phrase.sub(instead, text)
    return text


def _nth_trim(found: re.Match[str]) -> str:
    return f"{found['before']}{'trim' if found['first'] else 'second trim'}"


def _slashed(found: re.Match[str]) -> str:
    """`12.18.26` and `18.12.26` are one day; `11.12.26` may be two, and stays as it is."""
    one, two = int(found["one"]), int(found["two"])
    month, day = (one, two) if two > _MONTHS else (two, one)
    is_clear = 0 < month <= _MONTHS < day <= _DAYS
    return f"{month}/{day}/{found['year']}" if is_clear else found[0]


def _from_broker(found: re.Match[str]) -> str:
    """`Robinhood: Your order to buy 3 ZS ... was filled at 2.10`: the order, without what the broker's app says."""
    return _WAS_FILLED.sub(r"\g<order>", found["order"])


def _counted(found: re.Match[str]) -> str:
    """`, both`, `, all 10`: how many, and that it is all of them."""
    many = found["many"].lower().removeprefix("all ")
    return f" x{_WORDS.get(many, many)}"


def _covered(found: re.Match[str]) -> str:
    return f"{found['before']}bought to close {found['count'] or ''}"


def _of_many(found: re.Match[str]) -> str:
    return f"{_WORDS[found['part'].lower()]} of {_WORDS[found['whole'].lower()]}"


def _taken_off(found: re.Match[str]) -> str:
    is_said = found[0].lower().startswith(("took", "taking", "take", "got", "getting", "get"))
    is_table = "off the table" in found[0].lower()
    return f"sold {found['contract']}" if is_said or is_table else found[0]


def _took_off(found: re.Match[str]) -> str:
    return f"{'selling' if found['verb'].lower().endswith('ing') else 'sold'} {found['amount'] or found['behind']}"


def _halved(found: re.Match[str]) -> str:
    return "sold half of " if found["end"].lower() == "ed" else "selling half of "


def _remaining(found: re.Match[str]) -> str:
    """`Position remaining: 1`."""
    return f"leaving {found['count']}" if int(found["count"]) else "all out"


def _as_fields(found: re.Match[str]) -> str:
    return found[0].replace(" > ", " | ")


# Each with the words that a text must have one of: most texts have none, and looking for them costs little.
_REWORDINGS: tuple[tuple[tuple[str, ...], re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    *preambles.REWORDINGS,
    *running_totals.REWORDINGS,
    *said_orders.REWORDINGS,
    *shorthand.REWORDINGS,
    *tape.REWORDINGS,
    *tape_shares.REWORDINGS,
    *broker_lines.REWORDINGS,
    *forms.REWORDINGS,
    *slang.REWORDINGS,
    *said_levels.REWORDINGS,
    *said_amounts.REWORDINGS,
    *around_fields.REWORDINGS,
    *asides.REWORDINGS,
    ((",", "|", ";"), _SPLIT_STRIKE, " "),
    ((" off",), _TOOK_OFF, _took_off),
    (("x ",), _TIMES, " "),
    ((">>",), _INTO, ": "),
    (_BROKERS, _BROKER, _from_broker),
    ((" to close",), _BACK_TO_CLOSE, r"\g<verb> back \g<contract>"),
    ((" to ",), _TO_CLOSE, r"\g<verb> to \g<way>\g<contract>"),
    (("paid",), _PAID_FOR, r"\g<before>bought \g<order> @ \g<price>"),
    (("cover",), _COVERED_SHORT, _covered),
    ((" back ",), _BACK, r"\g<verb> back \g<contract>"),
    ((" of ",), _OF_MANY, _of_many),
    (("[",), _BRACKETED, r"@ \g<range>"),
    (("range", "zone", "area", "anywhere"), _NAMED_RANGE, r"@ \g<range>"),
    (("filled",), _FILL_TIME, ""),
    (("conviction", "confidence", "rating", "grade", "score"), _RATING, " "),
    ((" long ",), _LEFT_LONG, r"\g<verb> "),
    ((" long ",), _GO_LONG, "going long "),
    (("->", "=>", "\u2192", "\u27a1", "\u279c"), _POINTED, r"\g<verb> "),
    ((".2",), _DOTTED_DAY, _slashed),
    (("fill is",), _FILL_IS, "fill "),
    (("trim",), _NTH_TRIM, _nth_trim),
    (("partial",), _PARTIAL, r"\g<before>TRIM"),
    ((" your ",), _YOURS, r"\g<verb> "),
    ((" off ", " gone "), _OFF, r"\g<part> of \g<contract> sold"),
    ((" off ", " off,"), _TAKEN_OFF, _taken_off),
    (("put on",), _PUT_ON, r"\g<before>bought "),
    ((" off ",), _HALF_OFF, r"\g<before>sold \g<part> \g<contract>"),
    (("off ",), _HALF_OFF_IT, r"\g<before>took \g<part> off "),
    (("remaining", "left", "holding", "runner"), _REMAINING, _remaining),
    (("in @",), _IN_AT, "in at "),
    ((" > ",), _FIELDS, _as_fields),
    (("ish", "about", "around", "roughly", "approx", "like"), _ABOUT, ""),
    ((" a con", " per con"), _EACH, r"\g<price>"),
    ((" of th",), _OF_THEM, r"\g<count> contracts"),
    (("both", "all "), _ALL_OF_THEM, _counted),
    (("percent", "per cent", "pct"), _PERCENT, r"\g<number>%"),
    (
        ("rest", "rem", "runner", "half", "pos", "left", "size"),
        _REST_NAMED,
        lambda found: f"{found['rest'] or found['size']} ",
    ),
    (("-",), _HYPHENED, r"\g<part> \g<of>"),
    (("/",), _NTHS, r"\g<part>"),
    ((" out of ",), _OUT_OF, r"\g<part> of \g<whole>"),
    (("halv",), _HALVED, _halved),
    (("50%", "50 %", "1/2", "half"), _LAST_HALF, "the other half"),
    ((" out ",), _PART_OUT, r"\g<title>sold \g<part> @ "),
    (("partial profit",), _PARTIAL_PROFIT, r"\g<before>partial profits on "),
)
# The places of those that a text must have this piece for: most texts have few of the pieces.
_NEEDING = {
    piece: tuple(place for place, (needed, _, _) in enumerate(_REWORDINGS) if piece in needed)
    for piece in sorted({piece for needed, _, _ in _REWORDINGS for piece in needed})
}
