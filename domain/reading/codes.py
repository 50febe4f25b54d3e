"""Option symbols written out: OCC's `WMT   261204C00108000`, thinkorswim's `.WMT261204C108`, `WMT_120426C108`."""

import re
from datetime import date
from decimal import Decimal

from domain.alert import OptionType, UnreadCode
from domain.reading.draft import Draft
from domain.reading.expiry import written_day
from domain.reading.refusal import NotRead
from domain.symbols import INDEX_ROOTS

_CODE = re.compile(
    r"\.?(?P<root>[A-Z]{1,6})(?P<is_month_first>_)? *(?P<expiry>\d{6})(?P<right>[CP])(?P<strike>[\d.]+)", re.IGNORECASE
)
_OCC_STRIKE_DIGITS = 8


def read_code(written: str, draft: Draft) -> None:
    """Take the whole contract from its symbol."""
    found = _CODE.fullmatch(written)
    if found is None:
        raise NotRead(UnreadCode.SUSPICIOUS, written)
    root = found["root"].upper()
    strike = Decimal(found["strike"])
    draft.say_symbol(INDEX_ROOTS.get(root, root))
    digits = found["expiry"]
    yymmdd = f"{digits[4:]}{digits[:4]}" if found["is_month_first"] else digits
    draft.expiries[_day(yymmdd, draft.today)] = written
    is_occ = len(found["strike"]) == _OCC_STRIKE_DIGITS
    right = OptionType.CALL if found["right"] in "cC" else OptionType.PUT
    draft.say_strike(strike / 1000 if is_occ else strike, right, written)


def _day(yymmdd: str, today: date) -> date:
    return written_day(f"20{yymmdd[:2]}-{yymmdd[2:4]}-{yymmdd[4:]}", today)
