"""The broker's JSON for the account: positions and balances."""

from datetime import datetime
from decimal import Decimal

from paper.listings.calendar import new_york_day
from paper.trading.account import Account, Position
from paper.trading.buying_power import BuyingPower
from paper.wire.order_json import Json, decimal_text, iso, signed

_ZERO = Decimal(0)
_ZERO_BALANCES = (
    "short-futures-value",
    "long-futures-derivative-value",
    "short-futures-derivative-value",
    "maintenance-call-value",
    "reg-t-call-value",
    "day-trading-call-value",
    "day-equity-call-value",
    "long-cryptocurrency-value",
    "short-cryptocurrency-value",
    "cryptocurrency-margin-requirement",
    "unsettled-cryptocurrency-fiat-amount",
    "closed-loop-available-balance",
    "equity-offering-margin-requirement",
    "long-bond-value",
    "bond-margin-requirement",
    "pending-margin-interest",
    "effective-cryptocurrency-buying-power",
    "pending-cash",
    "day-trading-buying-power",
    "long-equity-value",
    "short-equity-value",
    "long-derivative-value",
    "short-derivative-value",
    "long-futures-value",
)
_VALUE_KEYS = {
    "Equity": "equity-value",
    "Equity Option": "derivative-value",
    "Future": "futures-value",
    "Future Option": "futures-derivative-value",
}


def position_json(position: Position, account_number: str, mark: Decimal | None = None) -> Json:
    """One position; its quantity is positive and the direction says which way. The `mark` is for those who ask for it.

    As at the broker the close price is the day before's (of what was bought since, what it was bought at), not a mark.
    """
    quantity = position.quantity
    direction = "Zero" if not quantity else ("Long" if quantity > 0 else "Short")
    multiplier = position.multiplier
    expires = {} if position.terms is None else {"expires-at": iso(position.terms.settles_at)}
    return {
        "account-number": account_number,
        "symbol": position.symbol,
        "instrument-type": position.instrument_type.value,
        "underlying-symbol": position.underlying,
        "quantity": abs(quantity),
        "quantity-direction": direction,
        "close-price": decimal_text(round(position.day_price, 6)),
        "average-open-price": decimal_text(round(position.average_price, 6)),
        "average-daily-market-close-price": decimal_text(round(position.day_price, 6)),
        "multiplier": int(multiplier) if multiplier == int(multiplier) else str(multiplier),
        "cost-effect": "None" if not quantity else ("Credit" if quantity > 0 else "Debit"),
        "is-suppressed": False,
        "is-frozen": False,
        "restricted-quantity": 0,
        **signed("realized-day-gain", round(position.gained_today, 2)),
        **signed("realized-today", round(position.realised_today, 2)),
        "realized-day-gain-date": position.realised_on.isoformat(),
        "realized-today-date": position.realised_on.isoformat(),
        "created-at": iso(position.opened_at),
        "updated-at": iso(position.updated_at),
        **expires,
        **({} if mark is None else {"mark": decimal_text(mark), "mark-price": decimal_text(mark)}),
    }


def balance_json(account: Account, power: BuyingPower, available: Decimal, at: datetime) -> Json:
    """Every figure of the account's balances; those this exchange has no notion of are zero."""
    values = dict.fromkeys(_ZERO_BALANCES, _ZERO)
    worth = _ZERO
    for position in account.positions.values():
        value = power.value(position)
        side = "long" if position.quantity > 0 else "short"
        values[f"{side}-{_VALUE_KEYS[position.instrument_type]}"] += abs(value)
        worth += value
    liquidation = account.cash + worth
    requirement, futures = power.requirement(), power.futures_requirement()
    values |= {
        "cash-balance": account.cash,
        "equity-buying-power": available,
        "derivative-buying-power": available,
        "used-derivative-buying-power": account.cash - available,
        "margin-equity": liquidation,
        "net-liquidating-value": liquidation,
        "cash-available-to-withdraw": max(available, _ZERO),
        "day-trade-excess": available,
        "maintenance-excess": available,
        "available-trading-funds": available,
        "long-margineable-value": values["long-equity-value"],
        "short-margineable-value": values["short-equity-value"],
        "maintenance-requirement": requirement,
        "reg-t-margin-requirement": requirement - futures,
        "futures-margin-requirement": futures,
        "futures-overnight-margin-requirement": futures,
        "futures-intraday-margin-requirement": futures,
    }
    return {
        "account-number": account.number,
        "currency": "USD",
        **{key: decimal_text(round(value, 4)) for key, value in values.items()},
        "pending-cash-effect": "None",
        "unsettled-cryptocurrency-fiat-effect": "None",
        "snapshot-date": new_york_day(at).isoformat(),
        "updated-at": iso(at),
    }
