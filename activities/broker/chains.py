"""An underlying's options as the broker lists them, and the choice of the one that an alert means.

https://developer.tastytrade.com/docs/concepts/instruments-and-symbology. One underlying may have several roots on one
day: SPX is settled on the morning of the third Friday, SPXW in the afternoon of any day. Adjusted series (a split, a
merger) deliver something else than 100 shares and are left out.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from activities.broker.records import number
from activities.broker.replies import Json
from activities.broker.trading_days import last_trade
from domain.alert import OptionType
from domain.broker import ContractListing
from domain.contract import Contract, ContractQuery, InstrumentType
from domain.refusals import Refusal, RefusalCode
from domain.symbols import parse_occ, plain
from domain.ticks import Tick, TickSchedule

log = logging.getLogger(__name__)
_STANDARD_SHARES = 100
_NEAREST = 4


@dataclass(frozen=True, slots=True)
class Series:
    """The options of one root on one expiry. `settlement` is "AM" or "PM".

    The strikes stay as the broker wrote them until somebody wants this expiry: a large chain has ten thousand.
    """

    root: str
    expiry: date
    settlement: str
    ticks: TickSchedule
    rows: list[Json]

    def strikes(self) -> dict[Decimal, Json]:
        """What is listed at each strike: `call`, `put`, and their `-streamer-symbol`s where the broker tells them."""
        whole = [row for row in self.rows if {"strike-price", "call", "put"} <= row.keys()]
        return {number(row["strike-price"]): row for row in whole}


@dataclass(frozen=True)
class Chain:
    """All standard series of one underlying."""

    underlying: str
    series: tuple[Series, ...]

    def pick(self, query: ContractQuery, now: datetime) -> ContractListing:
        """The option of the query's expiry, strike and side; or what is listed nearest to it."""
        if query.expiry is None or query.strike is None or query.option_type is None:
            raise ValueError("an option has an expiry, a strike and a side")
        series = self._series_of(query.symbol, query.expiry)
        if series is None:
            return _refused(RefusalCode.EXPIRY_NOT_LISTED, f"{query.expiry}; {self._nearest_days(query.expiry)}")
        strikes = series.strikes()
        row = strikes.get(query.strike)
        if row is None:
            nearest = _nearest(strikes, query.strike)
            detail = f"{plain(query.strike)} on {series.expiry}; nearest: {', '.join(map(plain, nearest))}"
            return _refused(RefusalCode.STRIKE_NOT_LISTED, detail)
        contract = _contract(self.underlying, series, query.strike, query.option_type, row)
        if contract.expires_at is not None and now >= contract.expires_at:
            detail = f"{contract} stopped trading at {contract.expires_at:%Y-%m-%d %H:%M} UTC"
            return _refused(RefusalCode.NOT_TRADEABLE, detail)
        return ContractListing(contract=contract)

    def _series_of(self, symbol: str, expiry: date) -> Series | None:
        """A named root decides; else the afternoon-settled one, which trades to the end of the day alerts name."""
        listed = [series for series in self.series if series.expiry == expiry]
        named = [series for series in listed if series.root == symbol and symbol != self.underlying]
        return min(named or listed, key=lambda series: series.settlement != "PM", default=None)

    def _nearest_days(self, expiry: date) -> str:
        days = {series.expiry for series in self.series}
        nearest = sorted(sorted(days, key=lambda day: abs(day - expiry))[:_NEAREST])
        return f"nearest: {', '.join(map(str, nearest))}"


def read_chain(underlying: str, items: Iterable[Any], fallback_ticks: TickSchedule | None) -> Chain:
    """A nested chain's roots. A root or expiry that can't be read is left out and logged."""
    found: list[Series] = []
    for root in items:
        try:
            if _is_standard(root):
                ticks = tick_schedule(root.get("tick-sizes")) or fallback_ticks
                found += _read_root(root, ticks) if ticks is not None else ()
        except (KeyError, ValueError, TypeError) as error:
            log.warning("a root of the chain of %s is unreadable: %r", underlying, error)
    return Chain(underlying, tuple(found))


def tick_schedule(raw: Any) -> TickSchedule | None:
    """The broker's tick sizes, in any order; None when there are none. ValueError when they make no schedule."""
    if not raw:
        return None
    ticks = [
        Tick(value=number(entry["value"]), threshold=number(entry["threshold"]) if entry.get("threshold") else None)
        for entry in raw
    ]
    return TickSchedule(ticks=tuple(sorted(ticks, key=lambda tick: tick.threshold or Decimal("Infinity"))))


def _is_standard(root: Json) -> bool:
    """Whether a contract of it is 100 of the underlying. TypeError for what is no root at all."""
    if not isinstance(root, dict):
        raise TypeError(f"{root!r} is no root")
    return root.get("option-chain-type") == "Standard" and root.get("shares-per-contract") == _STANDARD_SHARES


def _read_root(root: Json, ticks: TickSchedule) -> Iterator[Series]:
    for expiration in root["expirations"]:
        yield Series(
            root=root["root-symbol"],
            expiry=date.fromisoformat(expiration["expiration-date"]),
            settlement=expiration.get("settlement-type") or "PM",
            ticks=ticks,
            rows=expiration["strikes"],
        )


def _contract(underlying: str, series: Series, strike: Decimal, side: OptionType, row: Json) -> Contract:
    symbol: str = row[side.value]
    return Contract(
        symbol=symbol,
        streamer_symbol=row.get(f"{side.value}-streamer-symbol") or _streamer_of(symbol),
        instrument_type=InstrumentType.EQUITY_OPTION,
        underlying=underlying,
        multiplier=Decimal(_STANDARD_SHARES),
        ticks=series.ticks,
        expiry=series.expiry,
        expires_at=last_trade(series.expiry, series.settlement),
        strike=strike,
        option_type=side,
    )


def _streamer_of(symbol: str) -> str:
    option = parse_occ(symbol)
    if option is None:
        raise ValueError(f"{symbol} is no option symbol")
    return option.streamer


def _nearest(strikes: Iterable[Decimal], wanted: Decimal) -> list[Decimal]:
    return sorted(sorted(strikes, key=lambda strike: abs(strike - wanted))[:_NEAREST])


def _refused(code: RefusalCode, detail: str) -> ContractListing:
    return ContractListing(refusal=Refusal(code=code, detail=detail))
