"""Turns of a room's talk for an order: `outta`, `half my TXN 182.5p gone at 4.60`, `the 220 AMD calls`."""

import re

_NAMED = r"\$?[A-Za-z]{1,5}"
_SPELLED = {"copped": "bought", "coppin": "buying", "copping": "buying", "binned": "sold", "binning": "selling"}
_SLANG = re.compile(r"\b(?:copped|copping|coppin|binned|binning)\b", re.IGNORECASE)
_OUTTA = re.compile(
    r"\boutta (?=(?:my |the |of )?\$?[A-Za-z]{1,5} )|(?<=\d )outta (?=(?:my |the"
    r" )?\d)",
    re.IGNORECASE,
)
_LOADING = re.compile(
    r"\bloading (?=(?:the |some )?\$?[A-Za-z]{1,5} \$?\d{1,5}(?:\.5)? ?(?:[cp]|calls?|puts?)\b)", re.IGNORECASE
)
_CLIPPED = re.compile(
    r"\b(?P<verb>sellin|buyin|trimmin|addin|closin|grabbin|takin|scoopin|dumpin)'?(?= )", re.IGNORECASE
)
_WHATS_LEFT = re.compile(
    r"\b(?P<verb>sold|selling|sell|closed|closing|dumped|dumping|exited|exiting|out of|cut|cutting) "
    rf"what(?:'?s|ever'?s|ever is| is| was) left (?:of|in) (?:my |the )*(?={_NAMED} )",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\A(?P<before>[^\w\n$]{0,8})(?P<part>all|half|the rest|rest|remainder|a third|a quarter|last half|the last"
    r" half|(?:the |my )?last) "
    rf"(?:of )?(?:my |the )*(?P<contract>{_NAMED} [^\n,;!@]{{2,30}}?) (?:is |now |all )?(?:off|gone)"
    r"(?= (?:at |for |@ ?)?\$?\d*\.\d)",
    re.IGNORECASE,
)
_THE_STRIKE = re.compile(
    r"\b(?P<verb>bought|grabbed|took|buying|grabbing|sold|selling|closed|trimmed|added|out of|long|bto|stc) "
    r"(?:the|those|these|my) (?!(?:100|200|300|400|500|1000) )"
    r"(?P<strike>\d{3,5}(?:\.50?)?|\d\d\.50?) (?P<symbol>\$?[A-Z]{1,5})"
    r" (?P<right>calls?|puts?)\b"
    r"(?! \$?\d{1,5}(?:\.5)?(?:[cp]\b| strike))",
)
_STRIKE_WORD = re.compile(r"(?<=\d)-strike (?=calls?\b|puts?\b)", re.IGNORECASE)
_AT_STRIKE = re.compile(r"\b(?:at|of|with) the (?P<strike>\d{1,5}(?:\.5)?) strike\b", re.IGNORECASE)
_EACH = re.compile(r"(?<=\d) ?(?:ea(?! \d)|apiece|a ?piece|a pop)\b\.?", re.IGNORECASE)
_RECEIVED = re.compile(
    r"(?P<sold>\b(?:(?:sold|selling)(?! to open)\b[^\n@]{6,60}?,? got"
    r"|(?:sold to open|selling to open|sto)\b[^\n@]{6,60}?,? (?:got|received|collected))) "
    r"(?=\$?\d*\.\d+(?: each)?\s*(?:$|[.,;!(]))",
    re.IGNORECASE,
)
_OUT_OF_LONG = re.compile(r"\bout (?:of )?(?:my )?(?P<future>/[A-Z0-9]{2,6}) long (?=\d|at\b|@)", re.IGNORECASE)
_SOLD_OUT = re.compile(r"\bsold out (?:of )?(?=(?:my|the|all|both|\d{1,4})\b|/[A-Z])", re.IGNORECASE)
_BOTH = re.compile(
    rf"\b(?P<verb>sold|out of|closed|exited) both (?:of )?(?:my |the )?(?=/?{_NAMED}\d?\d? )", re.IGNORECASE
)
_COVERED = re.compile(
    r"\bcovered (?=(?:(?:my|the|half|rest|last|\d{1,3}(?: of (?:my )?\d{1,3})?|one|two|three) )*/[A-Z])|"
    r"(?P<future>\A[^\w\n$/]{0,6}/[A-Z0-9]{2,6}) (?:(?P<rest>the rest|rest|all) )?covered "
    r"(?=(?:at |@ ?)?\d[\d.,]{2,9}(?: [+-]\d| for\b)?[ \t]*(?:$|[,;!(\n]|\.(?!\d)))",
    re.IGNORECASE,
)
_LEAVES_ME = re.compile(
    r"\b(?:that )?leaves (?:me |us )?with (?=(?:\d{1,3}|one|two|three|four|five|half|a|some|the)\b)", re.IGNORECASE
)
_I_KEEP = re.compile(
    r"(?<=[,;.-] )(?P<part>half|a third|the rest|rest|some|one|two|\d{1,3}) (?:i|we)"
    r" (?:keep|kept|hold)(?=\s*(?:$|[.,;!]))",
    re.IGNORECASE,
)
_ALL_OFF = re.compile(r"\ball off (?=(?:at |for |@ ?)?\$?\d*\.\d)", re.IGNORECASE)
_STARTER = re.compile(r"\A(?P<before>[^\w\n$]{0,8})starter (?=\$?[A-Za-z]{1,5} \d{1,5}(?:\.5)?[cp]\b)", re.IGNORECASE)
_OF_EM = re.compile(r"(?<=[,-] )(?P<count>\d{1,3}) of '?em\b", re.IGNORECASE)
_OUTRIGHT = re.compile(r" outright\b", re.IGNORECASE)
_LAST_PART = re.compile(
    r"\b(?:the |my )?(?:last|final|remaining) (?:third|quarter|fourth|1/3|1/4)(?: of)? (?:my |the"
    r" )?(?=\$?[A-Za-z]{1,5} \$?\d)",
    re.IGNORECASE,
)
_POINTS_MADE = re.compile(
    r"(?P<future>/[A-Z0-9]{2,6}) [+-]\d{1,4}(?:\.\d+)? ?(?:pts|points|ticks|handles),? (?=out\b|closed\b|sold\b"
    r"|flat\b|covered\b)",
    re.IGNORECASE,
)
_SHARES_OF = re.compile(
    r"\A(?P<symbol>\$?[A-Z]{1,5}) (?:shares|stock|common): ?(?P<verb>bought|sold|added|trimmed|long)"
    r" (?P<count>\d{1,5}) (?=at\b|@|for\b)",
    re.IGNORECASE,
)
_THESIS = re.compile(r"\bthesis (?:is |was |now )?(?:void|late|invalid|dead|busted)\b", re.IGNORECASE)
_INTO_A_MOVE = re.compile(  # between the contract and its price it says nothing to either
    r"(?<=[\w)]) (?:right here|right now|on (?:that|this) (?:flush|dip|pullback|bounce|wick|spike|pop)|into"
    r" (?:this |the |some )?(?:push|pop|strength|rip|spike|squeeze|move|bounce"
    r"|flush|weakness|ramp|volume|bid|wall|highs?))(?=,? (?:at |for |@ ?)?\$?\d*\.\d\d?\s*(?:$|[,;!(\n]|\.(?!\d)))",
    re.IGNORECASE,
)


def _spelled(found: re.Match[str]) -> str:
    return _SPELLED[found[0].lower()]


def _gone(found: re.Match[str]) -> str:
    part = found["part"].lower()
    part = "rest" if "last" in part or "rest" in part else part
    return (
        f"{found['before']}sold {part} {found['contract']}"
        if part == "all"
        else (f"{found['before']}sold {part} of {found['contract']}")
    )


def _covered(found: re.Match[str]) -> str:
    if found["future"] is None:
        return "bought back "
    return f"bought back {found['rest'] or ''} {found['future']} "


def _received(found: re.Match[str]) -> str:
    return f"{found['sold'].rsplit(maxsplit=1)[0].rstrip(' ,')} @ "


REWORDINGS = (
    (("loading ",), _LOADING, "buying "),
    (("all off",), _ALL_OFF, "all out "),
    (("starter ",), _STARTER, r"\g<before>starter in "),
    ((" em", "'em"), _OF_EM, r"\g<count> contracts"),
    (("outright",), _OUTRIGHT, ""),
    (("thesis",), _THESIS, "thesis done"),
    (("copp", "binn"), _SLANG, _spelled),
    (("outta",), _OUTTA, "out of "),
    (("in ", "in'"), _CLIPPED, lambda found: f"{found['verb']}g"),
    (("what",), _WHATS_LEFT, r"\g<verb> the rest of "),
    ((" off", " gone"), _GONE, _gone),
    (("call", "put"), _THE_STRIKE, r"\g<verb> \g<symbol> \g<strike> \g<right>"),
    (("-strike",), _STRIKE_WORD, " strike "),
    ((" strike",), _AT_STRIKE, r"\g<strike> strike"),
    (("ea", "piece", " pop"), _EACH, " each"),
    (("got ", "received ", "collected "), _RECEIVED, _received),
    ((" long ",), _OUT_OF_LONG, r"out of \g<future> "),
    (("sold out",), _SOLD_OUT, "out of "),
    ((" both ",), _BOTH, r"\g<verb> 2 "),
    (("covered",), _COVERED, _covered),
    (("leaves ",), _LEAVES_ME, "leaving "),
    ((" i ", " we "), _I_KEEP, r"keeping \g<part>"),
    (("right ", " into ", " on th"), _INTO_A_MOVE, ""),
    (("third", "quarter", "1/3", "1/4"), _LAST_PART, "the rest of "),
    (("/",), _POINTS_MADE, r"\g<future> "),
    (("shares:", "stock:", "common:"), _SHARES_OF, r"\g<verb> \g<count> shares of \g<symbol> "),
)
