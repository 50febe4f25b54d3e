"""What brokers' apps write of a fill, as the order that it is: `YOU BOUGHT OPENING TRANSACTION CALL ...`."""

import re

_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
_ACTIONS = {
    "bought opening": "BTO",
    "sold closing": "STC",
    "sold opening": "STO",
    "bought closing": "BTC",
    "bopen": "BTO",
    "bclose": "BTC",
    "sopen": "STO",
    "sclose": "STC",
}
_TRANSACTION = re.compile(
    r"\A\W{0,6}YOU (?P<side>BOUGHT|SOLD) (?P<way>OPENING|CLOSING) TRANSACTION (?P<right>CALL|PUT) "
    rf"\((?P<symbol>[A-Z]{{1,5}})\) [A-Z&. -]{{2,40}} (?P<month>{_MONTHS.replace(' ', '|')}) (?P<day>\d\d?) "
    r"(?P<year>\d\d) \$(?P<strike>\d{1,5}(?:\.\d{1,2})?) \(100 SHS\) (?P<count>\d{1,4}) @ (?=\$?\d)"
)
_NOTICE = re.compile(
    r"\A\W{0,6}(?:order (?:filled|executed)[:.!] ?)?your (?:(?:market|limit) )?order to "
    r"(?P<order>(?:buy|sell) [^\n;!]{4,90}?) (?:was |has been )?(?:filled|executed) (?:at|for|@) "
    r"(?:an? )?(?:average |avg\.? )?(?:price of )?(?=\$?\.?\d)",
    re.IGNORECASE,
)
_FILLED = re.compile(
    r"\A\W{0,6}(?:your )?order (?:(?:was|has been|is) )?(?:filled|executed)[:.!] ?"
    r"(?=(?:bought|sold|buy|sell) to (?:open|close)\b)",
    re.IGNORECASE,
)
_JUST_FILLED = re.compile(r"\A\W{0,6}filled:? (?=(?:buy|bought|bot|sold|sell|sld) )", re.IGNORECASE)
_END = re.compile(  # thinkorswim's line without its brackets
    r"\b(?P<verb>BUY|BOT|BOUGHT|SELL|SOLD) [+-]?(?P<rest>\d[^\n\[]{8,120}?@ ?\.?\d[\d.]*)"
    r" TO (?P<end>OPEN|CLOSE)[ \t]*$",
    re.MULTILINE,
)
_END_SAID = re.compile(  # `SOLD -1 NVDA ... @3.15 to close, 2 left`
    r"\b(?P<verb>BOT|BOUGHT|SOLD) [+-](?P<rest>\d[^\n\[]{5,120}?@ ?\.?\d[\d.]*) to (?P<end>open|close)(?=[ \t]*(?:$"
    r"|[,;.]))",
    re.MULTILINE,
)
_EXCHANGE = re.compile(
    r"(?<=\d) (?:CBOE|C2|NASDAQ|NYSE|ARCA|ISE|PHLX|AMEX|BOX|MIAX|BATS|CME|COMEX|NYMEX)(?=[ \t]*$)"
    r"|(?<=[A-Z]) (?:NASDAQ\.NMS|NYSE)(?= @)",
    re.MULTILINE,
)
_FEES = re.compile(
    r"[.,;] (?:total )?(?:fees?|commissions?):? \$\d{1,3}\.\d\d\.?(?=\s*$)", re.IGNORECASE | re.MULTILINE
)
_PER_SHARE = re.compile(r"(?<=\.\d\d) per share\b", re.IGNORECASE)
_MASKED = re.compile(r" ?\((?:U|acct|account|a/c)?[ .:#]*[*x\u2022]{2,8}\d{2,5}\)", re.IGNORECASE)
_NOTIFIES = re.compile(
    r"\A\W{0,6}(?:IBKR|Schwab|Fidelity|Webull|Robinhood|E\*?TRADE|tastytrade) "
    r"(?:notify|notification|alerts?|app|mobile|trade alert)[ \t]?[:|-] ?(?=(?:bought|sold|bot|sld)\b)",
    re.IGNORECASE,
)


def _transaction(found: re.Match[str]) -> str:
    action = _ACTIONS[f"{found['side']} {found['way']}".lower()]
    month = _MONTHS.split().index(found["month"]) + 1
    day = f"{month}/{found['day']}/{found['year']}"
    return f"{action} {found['count']} {found['symbol']} {found['strike']}{found['right'][0].lower()} {day} @ "


def _ended(found: re.Match[str]) -> str:
    return f"{_ACTIONS[found['verb'][0].lower() + found['end'].lower()]} {found['rest']}"


REWORDINGS = (
    (("transaction",), _TRANSACTION, _transaction),
    (("order to",), _NOTICE, r"\g<order> @ "),
    (("order",), _FILLED, ""),
    (("filled",), _JUST_FILLED, ""),
    ((" to open", " to close"), _END, _ended),
    ((" to open", " to close"), _END_SAID, _ended),
    (
        ("cboe", "nasdaq", "nyse", "arca", "phlx", "amex", "miax", "bats", " ise", " box", " c2", "mex", " cme"),
        _EXCHANGE,
        "",
    ),
    (("fee", "commission"), _FEES, ""),
    ((" per share",), _PER_SHARE, ""),
    (("*", "xx", "\u2022"), _MASKED, ""),
    (("notif", "alert", " app", " mobile"), _NOTIFIES, ""),
)
