"""The broker's JSON for futures and for options on them: products, months, single options and chains."""

from datetime import date
from decimal import Decimal

from domain.alert import OptionType
from domain.ticks import TickSchedule
from paper.listings.catalogue import FuturesProduct
from paper.listings.future_options import ROOTS, FutureSeries
from paper.listings.futures import FuturesMonth
from paper.listings.series import Instrument
from paper.wire.listing_json import ticks_json
from paper.wire.order_json import Json, decimal_text, iso

EXCHANGE = "CME"  # what the broker writes for every product here, whichever house of the group lists it
_DISPLAY_FACTOR = Decimal("0.01")
_MONTH_END_ROOT = "EW"
_PLAIN_OPTION: Json = {
    "future-price-ratio": "1.0",
    "multiplier": "1.0",
    "underlying-count": "1.0",
    "is-vanilla": True,
    "is-primary-deliverable": True,
    "is-confirmed": True,
    "is-exercisable-weekly": True,
    "is-closing-only": False,
    "active": True,
    "last-trade-time": "0",
    "security-exchange": "2",
    "sx-id": "0",
}


def future_product_json(product: FuturesProduct) -> Json:
    """One futures product with the roots of its options."""
    return {
        **_bare_product_json(product),
        "option-products": [option_product_json(product, root) for root in ROOTS.get(product.code, ())],
    }


def option_product_json(product: FuturesProduct, root: str) -> Json:
    """One root of options on a product."""
    return {
        "root-symbol": root,
        "code": root,
        "legacy-code": root,
        "clearport-code": root,
        "clearing-code": root,
        "clearing-exchange-code": "16",
        "clearing-price-multiplier": "1.0",
        "cash-settled": False,
        "display-factor": decimal_text(_DISPLAY_FACTOR),
        "exchange": EXCHANGE,
        "expiration-type": _root_kind(product, root),
        "is-rollover": False,
        "market-sector": product.sector,
        "product-type": "Physical",
        "settlement-delay-days": 0,
    }


def future_json(month: FuturesMonth) -> Json:
    """One month of a future."""
    product, last_day = month.product, month.last_day.isoformat()
    wire: Json = {
        "symbol": month.symbol,
        "streamer-symbol": month.streamer_symbol,
        "instrument-type": "Future",
        "product-code": product.code,
        "product-group": f"CME_{product.code}",
        **_price_json(month),
        "exchange": EXCHANGE,
        "exchange-symbol": month.symbol.removeprefix("/"),
        "streamer-exchange-code": product.venue,
        "back-month-first-calendar-symbol": True,
        "active": True,
        "active-month": month.is_active,
        "next-active-month": month.is_next,
        "is-closing-only": False,
        "is-tradeable": True,
        "roll-target-symbol": month.next_symbol,
        "last-trade-date": last_day,
        "expiration-date": last_day,
        "closing-only-date": (month.first_notice or month.last_day).isoformat(),
        "expires-at": iso(month.expires_at),
        "stops-trading-at": iso(month.expires_at),
        "future-product": _bare_product_json(product),
    }
    return wire if month.first_notice is None else wire | {"first-notice-date": month.first_notice.isoformat()}


def _price_json(month: FuturesMonth) -> Json:
    """How a month is priced, and what a point is worth."""
    product = month.product
    spread_tick = decimal_text(min(product.tick, Decimal("0.05")))
    return {
        "contract-size": decimal_text(product.multiplier),
        "notional-multiplier": decimal_text(product.multiplier),
        "tick-size": decimal_text(product.tick),
        "tick-sizes": ticks_json(TickSchedule.flat(str(product.tick))),
        "option-tick-sizes": ticks_json(product.option_ticks),
        "spread-tick-sizes": [{"value": spread_tick, "symbol": month.next_symbol}],
        "display-factor": decimal_text(_DISPLAY_FACTOR),
        "main-fraction": "0.0",
        "sub-fraction": "0.0",
    }


def future_option_json(option: Instrument, series: FutureSeries, today: date) -> Json:
    """One option on a future, with its streamer symbol, which the broker sometimes leaves out."""
    if option.strike is None:
        raise ValueError(f"{option.symbol} is not an option")
    product, day, right = series.future.product, series.expiry.day.isoformat(), _right(option.option_type)
    return {
        **_expiry_json(series, today),
        "symbol": option.symbol,
        "streamer-symbol": option.streamer_symbol,
        "instrument-type": option.instrument_type.value,
        "product-code": product.code,
        "exchange": EXCHANGE,
        "exchange-symbol": f"{series.contract} {right}{option.strike.normalize():f}",
        "strike-price": decimal_text(option.strike),
        "option-type": right,
        "exercise-style": "American",
        "settlement-type": "Future",
        "maturity-date": day,
        **_PLAIN_OPTION,
        "future-option-product": option_product_json(product, series.root),
    }


def nested_future_chain_json(months: list[FuturesMonth], chain: list[FutureSeries], today: date) -> Json:
    """The months of a product, and its chain expiry by expiry and strike by strike."""
    code = f"/{months[0].product.code}"
    expirations = [_expiration_json(series, today) for series in chain]
    subchain = {"underlying-symbol": code, "root-symbol": code, "exercise-style": "American"}
    return {
        "futures": [_month_json(month, today) for month in months],
        "option-chains": [{**subchain, "expirations": expirations}],
    }


def _bare_product_json(product: FuturesProduct) -> Json:
    return {
        "root-symbol": f"/{product.code}",
        "code": product.code,
        "legacy-code": product.code,
        "clearport-code": product.code,
        "clearing-code": product.code,
        "clearing-exchange-code": "16",
        "legacy-exchange-code": EXCHANGE,
        "security-group": product.code,
        "description": product.description,
        "exchange": EXCHANGE,
        "streamer-exchange-code": product.venue,
        "product-type": "Financial" if product.is_cash_settled else "Physical",
        "listed-months": list(product.months),
        "active-months": list(product.months),
        "notional-multiplier": decimal_text(product.multiplier),
        "tick-size": decimal_text(product.tick),
        "display-factor": decimal_text(_DISPLAY_FACTOR),
        "small-notional": product.is_small,
        "back-month-first-calendar-symbol": True,
        "first-notice": product.has_first_notice,
        "cash-settled": product.is_cash_settled,
        "market-sector": product.sector,
        "roll": _roll_json(product),
    }


def _roll_json(product: FuturesProduct) -> Json:
    return {
        "name": f"expanded_offering_{product.sector.lower().replace(' ', '_')}",
        "active-count": 6,
        "business-days-offset": product.roll,
        "cash-settled": product.is_cash_settled,
        "first-notice": product.has_first_notice,
    }


def _month_json(month: FuturesMonth, today: date) -> Json:
    return {
        "symbol": month.symbol,
        "root-symbol": f"/{month.product.code}",
        "streamer-symbol": month.streamer_symbol,
        "expiration-date": month.last_day.isoformat(),
        "days-to-expiration": (month.last_day - today).days,
        "active-month": month.is_active,
        "next-active-month": month.is_next,
        "stops-trading-at": iso(month.expires_at),
        "expires-at": iso(month.expires_at),
    }


def _expiration_json(series: FutureSeries, today: date) -> Json:
    return {
        **_expiry_json(series, today),
        "option-contract-symbol": series.contract,
        "asset": series.root,
        "expiration-type": series.expiry.kind,
        "settlement-type": series.settlement.value,
        "tick-sizes": ticks_json(series.future.product.option_ticks),
        "strikes": [_strike_json(series, strike) for strike in series.strikes],
    }


def _expiry_json(series: FutureSeries, today: date) -> Json:
    """What a single option and its expiration in the nested chain both say."""
    return {
        "underlying-symbol": series.future.symbol,
        "root-symbol": f"/{series.future.product.code}",
        "option-root-symbol": series.root,
        "expiration-date": series.expiry.day.isoformat(),
        "days-to-expiration": (series.expiry.day - today).days,
        "notional-value": decimal_text(series.future.product.multiplier * _DISPLAY_FACTOR),
        "display-factor": decimal_text(_DISPLAY_FACTOR),
        "strike-factor": "1.0",
        "stops-trading-at": iso(series.expires_at),
        "expires-at": iso(series.expires_at),
    }


def _strike_json(series: FutureSeries, strike: Decimal) -> Json:
    return {
        "strike-price": decimal_text(strike),
        "call": series.symbol(strike, OptionType.CALL),
        "put": series.symbol(strike, OptionType.PUT),
        "call-streamer-symbol": series.streamer_symbol(strike, OptionType.CALL),
        "put-streamer-symbol": series.streamer_symbol(strike, OptionType.PUT),
    }


def _root_kind(product: FuturesProduct, root: str) -> str:
    if root == _MONTH_END_ROOT:
        return "End-Of-Month"
    return "Regular" if root in (product.code, "LO") else "Weekly"


def _right(option_type: OptionType | None) -> str:
    return "C" if option_type is OptionType.CALL else "P"
