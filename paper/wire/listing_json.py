"""The broker's JSON for what is listed: shares, options, chains and futures."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.alert import OptionType
from domain.ticks import TickSchedule
from paper.listings.catalogue import SHARE_TICKS, UNDERLYINGS, OptionRoot, Underlying
from paper.listings.series import Instrument, Series
from paper.wire.order_json import decimal_text, iso

Json = dict[str, Any]
_IDS = {symbol: number for number, symbol in enumerate(UNDERLYINGS, start=1)}


def ticks_json(ticks: TickSchedule) -> list[Json]:
    """A schedule; the entry without threshold rules what the others leave."""
    return [
        {"value": decimal_text(tick.value)}
        if tick.threshold is None
        else {"threshold": decimal_text(tick.threshold), "value": decimal_text(tick.value)}
        for tick in ticks.ticks
    ]


def equity_json(underlying: Underlying) -> Json:
    """A share, fund or index."""
    wire: Json = {
        "id": _IDS[underlying.symbol],
        "symbol": underlying.symbol,
        "streamer-symbol": underlying.symbol,
        "instrument-type": "Equity",
        "description": underlying.description,
        "short-description": underlying.description,
        "active": True,
        "is-index": underlying.is_index,
        "is-etf": underlying.is_etf,
        "is-illiquid": False,
        "is-closing-only": False,
        "is-options-closing-only": False,
        "lendability": "Easy To Borrow",
        "listed-market": "XNAS",
        "market-time-instrument-collection": "Equity",
        "tick-sizes": ticks_json(SHARE_TICKS),
    }
    if underlying.roots:
        wire["option-tick-sizes"] = ticks_json(underlying.roots[0].ticks)
    return wire


def option_json(option: Instrument, today: date) -> Json:
    """One option. Its tick sizes are on the chain's root and on the underlying, not here."""
    if option.expiry is None or option.strike is None or option.expires_at is None:
        raise ValueError(f"{option.symbol} is not an option")
    underlying = UNDERLYINGS[option.underlying]
    root = next(root for root in underlying.roots if root.symbol == option.root)
    return {
        "symbol": option.symbol,
        "streamer-symbol": option.streamer_symbol,
        "instrument-type": "Equity Option",
        "underlying-symbol": option.underlying,
        "root-symbol": option.root,
        "option-type": _right(option.option_type),
        "strike-price": decimal_text(option.strike),
        "expiration-date": option.expiry.day.isoformat(),
        "expiration-type": option.expiry.kind,
        "days-to-expiration": (option.expiry.day - today).days,
        "expires-at": iso(option.expires_at),
        "stops-trading-at": iso(option.expires_at),
        "exercise-style": "European" if underlying.is_index else "American",
        "settlement-type": root.settlement.value,
        "option-chain-type": "Standard",
        "shares-per-contract": 100,
        "active": True,
        "is-closing-only": False,
        "market-time-instrument-collection": "Cash Settled Equity Option" if underlying.is_index else "Equity Option",
    }


def nested_json(chain: list[Series], today: date) -> list[Json]:
    """A chain, one item a root, expiry by expiry and strike by strike."""
    roots = {series.root.symbol: series.root for series in chain}
    return [
        _root_json(root, [series for series in chain if series.root.symbol == symbol], today)
        for symbol, root in roots.items()
    ]


def _root_json(root: OptionRoot, chain: list[Series], today: date) -> Json:
    underlying = chain[0].underlying
    return {
        "underlying-symbol": underlying.symbol,
        "root-symbol": root.symbol,
        "option-chain-type": "Standard",
        "shares-per-contract": 100,
        "tick-sizes": ticks_json(root.ticks),
        "deliverables": [] if underlying.is_index else [_deliverable(underlying, root)],
        "expirations": [_expiration_json(series, today) for series in chain],
    }


def _deliverable(underlying: Underlying, root: OptionRoot) -> Json:
    return {
        "id": _IDS[underlying.symbol],
        "amount": "100.0",
        "deliverable-type": "Shares",
        "description": f"100 shares of {underlying.symbol}",
        "instrument-type": "Equity",
        "percent": "100",
        "root-symbol": root.symbol,
        "symbol": underlying.symbol,
    }


def _expiration_json(series: Series, today: date) -> Json:
    return {
        "expiration-type": series.expiry.kind,
        "expiration-date": series.expiry.day.isoformat(),
        "days-to-expiration": (series.expiry.day - today).days,
        "settlement-type": series.root.settlement.value,
        "strikes": [_strike_json(series, strike) for strike in series.strikes],
    }


def _strike_json(series: Series, strike: Decimal) -> Json:
    call, put = series.option(strike, OptionType.CALL), series.option(strike, OptionType.PUT)
    return {
        "strike-price": decimal_text(strike),
        "call": call.symbol,
        "put": put.symbol,
        "call-streamer-symbol": call.streamer_symbol,
        "put-streamer-symbol": put.streamer_symbol,
    }


def _right(option_type: OptionType | None) -> str:
    return "C" if option_type is OptionType.CALL else "P"
