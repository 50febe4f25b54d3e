"""The fields of the quote stream's events: Quote, Trade, Greeks, Summary and Profile."""

from datetime import date
from decimal import Decimal
from typing import Any

from paper.faults import Display
from paper.listings.calendar import new_york_day
from paper.listings.series import Instrument
from paper.market.market import Market
from paper.market.quote import Quote
from paper.wire.order_json import epoch_ms

NOT_A_NUMBER = "NaN"
_FIRST_DAY = date(1970, 1, 1)  # days are numbered from here


def event_values(market: Market, display: Display, event: str, instrument: Instrument) -> dict[str, Any]:
    """Every field this exchange knows of an event, by the stream's own name; the caller picks what was asked for."""
    quote = display.quote(instrument)
    values = _common(event, instrument, quote)
    if event == "Greeks":
        values |= _greeks(market, instrument, quote)
    if event == "Profile":
        values |= _trading_state(display.halted_since(instrument))
    return values


def _trading_state(halted_since: int) -> dict[str, Any]:
    status = "ACTIVE" if halted_since < 0 else "HALTED"
    return {"tradingStatus": status, "haltStartTime": halted_since, "haltEndTime": -1}


def _greeks(market: Market, instrument: Instrument, quote: Quote) -> dict[str, Any]:
    worth = market.worth(instrument)
    if worth is None:
        return {}
    return {
        **{name: round(value, 6) for name, value in worth._asdict().items()},
        "price": _number(quote.mid),
        "volatility": market.volatility(instrument),
        "index": epoch_ms(quote.at),
        "eventFlags": 0,
    }


def _common(event: str, instrument: Instrument, quote: Quote) -> dict[str, Any]:
    """The fields of a Quote, and those that a Trade, Summary or Profile has beside them."""
    at = epoch_ms(quote.at)
    return {
        "eventSymbol": instrument.streamer_symbol,
        "eventType": event,
        "eventTime": 0,
        "sequence": 0,
        "timeNanoPart": 0,
        "bidTime": at,
        "bidExchangeCode": "Q",
        "bidPrice": _number(quote.bid),
        "bidSize": float(quote.bid_size),
        "askTime": at,
        "askExchangeCode": "Q",
        "askPrice": _number(quote.ask),
        "askSize": float(quote.ask_size),
        "time": at,
        "exchangeCode": "Q",
        "price": _number(quote.mid),
        "size": 1,
        **(_of_the_day(instrument, quote) if event != "Quote" else {}),
    }


def _of_the_day(instrument: Instrument, quote: Quote) -> dict[str, Any]:
    day_id = (new_york_day(quote.at) - _FIRST_DAY).days
    return {
        "dayId": day_id,
        "prevDayId": day_id - 1,
        "prevDayClosePrice": _number(instrument.start_price),
        "tickDirection": "ZERO",
        "extendedTradingHours": False,
        "openInterest": 0,
        "dayClosePriceType": "REGULAR",
        "prevDayClosePriceType": "FINAL",
        "description": instrument.symbol,
        "shortSaleRestriction": "INACTIVE",
        "exDividendDayId": 0,
    }


def _number(price: Decimal | None) -> float | str:
    return NOT_A_NUMBER if price is None else float(price)
