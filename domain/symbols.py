"""Symbology: the broker's order symbols and the streamer's symbols, and the way between them.

Equity option (OCC, 21 characters): root padded to 6, yymmdd, C or P, strike x 1000 in 8 digits.
Streamer: `.` root yymmdd C/P strike without trailing zeros.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from domain.alert import OptionType
from domain.frozen import Frozen

_OCC = re.compile(r"^(?P<root>[A-Z0-9]{1,6}) *(?P<expiry>\d{6})(?P<right>[CP])(?P<strike>\d{8})$")
_OCC_LENGTH = 21
_STRIKE_SCALE = 1000
# Indexes whose options trade: they are settled in cash, and nobody delivers what they are on.
INDEXES = frozenset({"SPX", "XSP", "VIX", "NDX", "XND", "RUT", "MRUT", "DJX", "OEX", "XEO"})
INDEX_ROOTS = {"SPXW": "SPX", "NDXP": "NDX", "RUTW": "RUT", "VIXW": "VIX"}
# Traders drop the dot of a share class; the broker writes a slash.
_CLASS_SHARES = {"BRKA": "BRK/A", "BRKB": "BRK/B", "BFA": "BF/A", "BFB": "BF/B"}
_FUTURE = re.compile(r"(?P<product>/[A-Z0-9]{1,4}?)(?:(?P<month>[FGHJKMNQUVXZ])(?P<year>\d{1,2}))?")


class OptionSymbol(Frozen):
    """The facts in an equity option's symbol."""

    root: str
    expiry: date
    option_type: OptionType
    strike: Decimal

    @property
    def occ(self) -> str:
        """The order symbol, e.g. `SPY   261218C00600000`."""
        right = "C" if self.option_type is OptionType.CALL else "P"
        return f"{self.root:<6}{self.expiry:%y%m%d}{right}{int(self.strike * _STRIKE_SCALE):08d}"

    @property
    def streamer(self) -> str:
        """The quote symbol, e.g. `.SPY261218C600`."""
        right = "C" if self.option_type is OptionType.CALL else "P"
        return f".{self.root}{self.expiry:%y%m%d}{right}{plain(self.strike)}"

    @property
    def underlying(self) -> str:
        """The underlying by the root, as far as the root tells it (SPXW -> SPX)."""
        return INDEX_ROOTS.get(self.root, self.root)


def parse_occ(symbol: str) -> OptionSymbol | None:
    """Read an order symbol of 21 characters; None when it is not an equity option's."""
    found = _OCC.match(symbol)
    expiry = _calendar_day(found["expiry"]) if found else None
    if not found or expiry is None or len(symbol) != _OCC_LENGTH:
        return None
    return OptionSymbol(
        root=found["root"],
        expiry=expiry,
        option_type=OptionType.CALL if found["right"] == "C" else OptionType.PUT,
        strike=Decimal(found["strike"]) / _STRIKE_SCALE,
    )


def broker_symbol(symbol: str) -> str:
    """A symbol in one spelling, mostly the broker's: `BRK.B` is `BRK/B`, `SPXW` is `SPX`, `/ESZ26` is `/ESZ6`."""
    symbol = INDEX_ROOTS.get(symbol, symbol)
    if month := _FUTURE.fullmatch(symbol):
        return month["product"] + (month["month"] or "") + (month["year"] or "")[-1:]
    return _CLASS_SHARES.get(symbol, symbol if symbol.startswith("/") else symbol.replace(".", "/"))


def underlying_of(symbol: str) -> str:
    """What an alert's symbol is a bet on, in one spelling: `SPXW` is `SPX`, `brk.b` is `BRK/B`, `/ESZ6` is `/ES`."""
    symbol = symbol.strip().upper()
    future = _FUTURE.fullmatch(symbol)
    return future["product"] if future else broker_symbol(symbol)


def _calendar_day(yymmdd: str) -> date | None:
    try:
        return datetime.strptime(yymmdd, "%y%m%d").date()  # noqa: DTZ007  a plain calendar day
    except ValueError:
        return None


def plain(number: Decimal) -> str:
    """A decimal without exponent and trailing zeros: 600, 17.5."""
    return format(number.normalize(), "f")
