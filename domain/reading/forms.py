"""Forms of posts that say an order beside what it came from: `Entry 8.25 -> Exit 10.40`, `Balance $1,393`."""

import re

_MONEY = re.compile(  # what it comes to, or what is left
    r"[,.;(-]? \(?(?:using|balance|account|acct|bankroll|cash|buying power|bp)(?: is| now| at|:| left:?)*"
    r" \$\d[\d,]*(?:\.\d\d)?\)?"
    r"(?=\s*(?:$|[.,;!]\s|[.!]$))",
    re.IGNORECASE,
)
_ENTRY_TO_EXIT = re.compile(
    r"(?P<title>\A[^\w\n]{0,6}(?:trim(?:med)?|exit(?:ed)?|sold|closed|scaled? out|position closed)\b"
    r"[^\n]{0,12}\n[^\n]{4,40}\n)"
    r"^[ \t]*entry:? \$?\d*\.?\d+ ?(?:\u2192|->|\u27a1\ufe0f?|>) ?exit:? (?=\$?\d)",
    re.IGNORECASE | re.MULTILINE,
)
_STOP_HIT = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})(?:stop(?: ?loss)?|sl) (?:was |got )?(?:hit|triggered)\b[^\w\n]{0,6}"
    r"(?=\n[^\n]{0,4}(?:contract|option|symbol|ticker)[\s\S]{0,80}\n[^\n]{0,4}(?:exit|sold|price|fill))",
    re.IGNORECASE,
)
_ORDER_FILLED = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})order: (?P<order>(?:BTO|STC|STO|BTC)\b[^\n|]{6,60}?)"
    r" ?\| ?status: ?(?:filled|executed)\W*\Z",
    re.IGNORECASE,
)
_LIMIT_FILLED = re.compile(r"\b(?:LMT|limit) (?=\$?\d*\.\d+ (?:filled|executed)\b)", re.IGNORECASE)
_SL_HIT = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})(?:sl|stop(?: ?loss)?) (?:is |was |got )?(?:hit|triggered|tagged|taken out)"
    r" (?:on|for|in) (?:my |the |our )?(?=(?:\d{1,3} )?\$?[A-Za-z]{1,5} )",
    re.IGNORECASE,
)
_PART = r"(?:half|a third|1/2|1/3|1/4|2/3|some|\d{2}%)"
_TP_HIT = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})(?:tp|pt|t|target) ?\d? (?:was |is )?hit:? (?:on |for |in )?(?:my |the )?"
    r"(?P<contract>\$?[A-Z]{1,5} [^\n,;!@]{3,24}?) (?:at |for |@ ?)?(?P<price>\$?\d*\.\d+),? "
    rf"(?:i |we )?(?:just )?(?:sold|trimmed|closed|selling|took off|scaled out) (?P<part>{_PART})\b",
    re.IGNORECASE,
)
_DASHED_FIELDS = re.compile(
    r"^(?P<key>ticker|symbol|strike|exp|expiry|expiration|price|entry|exit|type|side|action|stop|sl|target|tp"
    r"|qty|contracts"
    r"|size|option|contract|premium|call/put) - (?=\S)",
    re.IGNORECASE | re.MULTILINE,
)
_OF_SHARES = re.compile(r"(?<=[A-Z]) \((?:stock|shares|equity|common(?: stock)?)\)(?=[ \t]*(?:\n|$))", re.IGNORECASE)

_WRITES = re.compile(r"(?<=\| )WRITE (?=\d{1,3} \|)")
_ENTRY_SIGNS = re.compile(  # a siren, a contract, its price and a stop or a target
    r"\A(?P<sign>[^\w\n$]{0,4}\U0001f6a8[^\w\n$]{0,4})(?=\$?[A-Z]{1,5} \$?\d[\d.]*[CPcp] [^\n]{3,12}\n *@ [^\n]+"
    r"\n *(?:SL|PT) )"
)

_SHARES_LINE = re.compile(r"(?<=\n)(?P<symbol>[A-Z]{1,5}) [|\u00b7] (?i:shares|stock)[ \t]*(?=\n)")
_HALF_OFF_SHARES = re.compile(
    r"\A(?P<before>[^\w\n$]{0,6})(?P<part>half|a third|1/3|1/2|1/4|a quarter|some) off (?:my |the |of )*"
    r"(?P<symbol>\$?[A-Z]{1,5}) shares"
    r"(?= (?:at |@ ?)?\$?\d)",
    re.IGNORECASE,
)

_FILLED_ENTRY = re.compile(  # what has a stop or a target is an entry
    r"\A(?P<before>[^\w\n$]{0,8}(?:alert:[^\w\n$]{0,4})?)FILLED(?= ?[|:\n]? ?\$?[A-Z]{1,5} [^\n]{4,60}?(?:\||,"
    r"|\n)[^\n]{0,20}?\b(?:SL|TP|PT|stop)\b)"
)

REWORDINGS = (
    (("filled",), _FILLED_ENTRY, r"\g<before>ENTRY"),
    (("| shares", "\u00b7 shares", "| stock", "\u00b7 stock"), _SHARES_LINE, r"\g<symbol> shares"),
    ((" off ",), _HALF_OFF_SHARES, r"\g<before>sold \g<part> of my \g<symbol> shares @"),
    (("write ",), _WRITES, "STO "),
    (("\U0001f6a8",), _ENTRY_SIGNS, "ENTRY: "),
    (("(stock)", "(shares)", "(equity)", "(common"), _OF_SHARES, " shares"),
    (("$",), _MONEY, ""),
    (("exit",), _ENTRY_TO_EXIT, r"\g<title>Exit @ "),
    (("filled", "executed"), _LIMIT_FILLED, "@ "),
    (("sl ", "stop"), _SL_HIT, r"\g<before>stopped out of "),
    ((" hit",), _TP_HIT, r"\g<before>sold \g<part> \g<contract> @ \g<price>"),
    (("strike - ", "entry - ", "price - ", "exp - "), _DASHED_FIELDS, r"\g<key>: "),
    (("stop", "sl "), _STOP_HIT, r"\g<before>STOPPED OUT"),
    (("filled", "executed"), _ORDER_FILLED, r"\g<before>\g<order>"),
)
