"""A tape reader's words and signs, `lng`, `shrt`, `0d`, `s/.65 t/1.20`, `tp half`, and what his trades are made of.

They are spelled out where a trade stands behind them. Elsewhere they may be anything: LNG is a ticker.
"""

import re

BEFORE = r"\A(?P<before>[^\w\n$/>]{0,6})"
PRICE = r"\$?\d+(?:,\d{3})*(?:\.\d+)?"
# What may stand behind the price: a mark, a result with its sign, a sign that is no arrow. A word runs on with it.
END = r"(?=[ \t]*(?:\Z|\n|[,;|!(]|\.(?:\s|\Z)|- |[^\x00-\x7f\u2190-\u21ff\u2794-\u27bf])|[ \t]+(?:for )?[+-]\$?\.?\d)"
LEVELS_BEHIND = r"(?=[ \t]+(?:sl|stop|stops|tp|pt|tgt|target|risk) ?\$?\d)"
KIND_BEHIND = r"(?=[ \t]+(?i:swing|starter|scalp|day ?trade|intraday|(?:half|small|full) size)[ \t]*(?:\Z|\n|[,|(]))"
AVERAGE = rf"(?:,| \|)? \(?(?i:new )?(?i:avg|average):? {PRICE}\)?"
LONG, SHORT = r"(?:longs?|lng)", r"(?:shorts?|shrt|sht)"
PIECE = (
    rf"(?:{LONG}|{SHORT}|my|the|of|half|rest|last|all|both|some|a third|off|runners?|1/[2-4]|2/3"
    r"|\d{1,5} of (?:my )?\d{1,5}|x?\d{1,5}|\d,\d{3}|shares|shs?)"
)

_SPELLED = re.compile(
    rf"{BEFORE}(?P<verb>(?:[Oo]ut|OUT|[Ff]lat|FLAT|[Aa]dd|ADD|[Ss]topped|STOPPED) )?"
    r"(?P<word>[Ll]ng|[Ss]hrt|(?:LNG|SHRT)(?= (?:\d{1,4} )?(?:/[A-Z]|\$?[A-Z]{1,5} \d{1,5}(?:\.5)?[cp]\b))"
    r"|[Cc]ov(?! (?:[^\n]{0,14} )?/)|[Cc]vr|[Ss]ht|[Ss]ld)"
    r"(?= (?:(?:\d{1,4}|half|rest|last|all|\d{1,3} of \d{1,3}) )?"
    r"(?:/[A-Za-z]|\$?[A-Z]{1,5} |\$?[a-z]{1,5} \d{1,5}(?:\.5)?[cp]\b))"
)
_SPELLINGS = {"lng": "long", "shrt": "short", "cov": "cover", "cvr": "cover", "sht": "short", "sld": "sold"}
_NO_DAYS = re.compile(r"(?<=\d[cp]) 0d\b|\b0d(?= \d{1,5}(?:\.5)?[cp]\b)", re.IGNORECASE)
_STOP_SLASH = re.compile(r"(?<= )s/ ?(?=\$?\d|\$?\.\d|be\b)", re.IGNORECASE)
_STOP_LETTERS = re.compile(r"(?<=\d )st (?=\$?\d|\$?\.\d)(?=[^\n]{3,14}$|[^\n]{3,14} t \d)", re.IGNORECASE)
_TARGET_BEHIND = re.compile(r"(?<=\d )t (?=\$?\d[\d.]*(?:/\$?\d[\d.]*)*[ \t]*$)", re.IGNORECASE)
_TARGET_SLASH = re.compile(r"(?<= )t/ ?(?=\$?\d|\$?\.\d)", re.IGNORECASE)
_TARGET_LETTER = re.compile(r"(?<=[|,;] )t (?=\$?\d|\$?\.\d)", re.IGNORECASE)
_PROFIT_TAKEN = re.compile(
    rf"{BEFORE}(?i:tp) (?P<part>(?i:1/[2-4]|2/3|half|a third|third|quarter|some|most|all|rest|\d\d%))"
    r" (?=\$?[A-Za-z]{1,5} \$?\d{1,5}(?:\.5)?[cp] (?:[\w/]{2,10} )?(?:@ ?)?\$?\d*\.\d\d?"
    r"(?:[ \t]*(?:\Z|\n|[,;.!(]|[^\x00-\x7f])|[ \t]+[+-]\d))(?!.*\b(?i:at|if|when|over|above|under|below|tp|rest)\b)"
)
_POINTS_AND_MONEY = re.compile(
    r"\((?P<points>[+-]\d+(?:\.\d+)? ?(?:pts|points|ticks|handles)) ?= ?[+-]\$\d[\d,]*(?:\.\d\d)?\)", re.IGNORECASE
)
_MONEY = re.compile(
    r" ?\((?:(?:that'?s )?\$\d[\d,]* (?:max )?(?:risk|at risk)|\$\d[\d,]* of (?:my )?\$\d[\d,]*)\)", re.IGNORECASE
)
_POINTS = re.compile(
    rf"(?P<cover>{BEFORE}(?:cov|cover(?:ed|ing)?) [^\n]{{0,20}}/[A-Za-z][A-Za-z0-9]{{1,5}} [^\n+]{{0,12}}?{PRICE},? )"
    r"(?P<points>[+-]\d{1,4}(?:\.\d+)?)(?=\s*(?:\Z|\n|[.,;!]))",
    re.IGNORECASE,
)
_WENT_SHORT = re.compile(
    rf"{BEFORE}(?:(?i:went|going|got|getting|opened|opening|entered|entering|filled|initiated|initiating)"
    r" (?P<way>(?i:short))|(?i:filled) (?P<long>(?i:long)))(?= (?:x?\d{1,5} )?(?:/[A-Z]|\$?[A-Z]{1,5} ))"
)
_LOTS = re.compile(r"(?<=\d )(?:lots?|contracts?|cons?) (?:of )?(?=/[A-Z])", re.IGNORECASE)
_TOOK_SHORT = re.compile(
    rf"{BEFORE}(?:took|taking|opened|opening|entered|entering) (?P<count>\d{{1,3}} )?"
    rf"(?P<symbol>/[A-Za-z][A-Za-z0-9]{{1,5}}) short (?=(?:@ ?|at )?{PRICE}(?:{END}|{LEVELS_BEHIND}))",
    re.IGNORECASE,
)
MICROS = ("mes ", "mnq ", "m2k ", "mym ", "mcl ", "mgc ")
_MICRO = re.compile(
    rf"(?P<order>{BEFORE}(?i:{LONG}|{SHORT}|shorted|out|stopped|scaled?(?: out)?|trim(?:med)?|flat|cov|cover(?:ed)?"
    rf"|add(?:ed|ing)?) (?:(?i:{PIECE}) ){{0,5}})(?=(?:MES|MNQ|M2K|MYM|MCL|MGC) (?:(?i:{PIECE}) ){{0,5}}(?:@ ?|at )?\d)"
)
_KIND_OF_TRY = re.compile(
    rf"(?P<order>{BEFORE}(?:{LONG}|{SHORT}) [^\n|]{{0,20}}@ ?{PRICE}), "
    r"(?:breakout|breakdown|reversal|momentum|trend) (?:try|attempt|scalp|trade|play)(?= ?(?:\||,|\Z))",
    re.IGNORECASE,
)
_SHARES_COUNTED_BEHIND = re.compile(r"(?P<symbol>\$?\b[A-Z]{1,5}) shares, all (?P<count>\d{1,5}) (?=@|at )")
_PLATFORM_SALE = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})SOLD -(?P<count>\d{1,5}) (?P<symbol>[A-Z]{1,5}) "
    r"(?=@ ?\d{2,4}\.\d+[ \t]*(?:\Z|\n(?![^\n]*\b(?:initiat\w*|fad\w*|short\w*|lower|first|weak\w*|starter|adding)\b)))"
)


def _spelled(found: re.Match[str]) -> str:
    return f"{found['before']}{found['verb'] or ''}{_SPELLINGS[found['word'].lower()]}"


def _profit_taken(found: re.Match[str]) -> str:
    is_rest = found["part"].lower() in ("all", "rest")
    return f"{found['before']}{'sold' if is_rest else 'trim'} {found['part']} "


REWORDINGS = (
    ((" s/",), _STOP_SLASH, "stop "),
    ((" st ",), _STOP_LETTERS, "stop "),
    ((" t ",), _TARGET_BEHIND, "tgt "),
    ((" t/",), _TARGET_SLASH, "tgt "),
    (("| t ", ", t ", "; t "), _TARGET_LETTER, "tgt "),
    (("0d ",), _NO_DAYS, lambda found: " 0dte" if found[0][0] == " " else "0dte"),
    (("lng", "shrt", "cov", "cvr", "sht", "sld"), _SPELLED, _spelled),
    (("tp ",), _PROFIT_TAKEN, _profit_taken),
    (("= +$", "= -$", "=+$", "=-$"), _POINTS_AND_MONEY, r"(\g<points>)"),
    (("risk)", " of $", " of my $"), _MONEY, ""),
    (("shares, all",), _SHARES_COUNTED_BEHIND, r"all \g<count> shares of \g<symbol> "),
    (("sold -",), _PLATFORM_SALE, r"\g<before>SOLD \g<count> shares of \g<symbol> "),
    (("lot", "con"), _LOTS, ""),
    ((" short", "filled long"), _WENT_SHORT, lambda found: f"{found['before']}{found['way'] or found['long']}"),
    ((" short",), _TOOK_SHORT, lambda found: f"{found['before']}short {found['count'] or ''}{found['symbol']} "),
    (MICROS, _MICRO, r"\g<order>/"),
    (("+", "-"), _POINTS, r"\g<cover>\g<points> pts"),
    (("try", "attempt", "scalp", "trade", "play"), _KIND_OF_TRY, r"\g<order>, scalp"),
)
