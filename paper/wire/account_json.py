"""The broker's JSON for the account: positions, balances and past trades."""

from datetime import datetime
from decimal import Decimal

from paper.listings.calendar import new_york_day
from paper.trading.account import Account, Position
from paper.trading.buying_power import BuyingPower
from paper.trading.fees import Fees
from paper.trading.orders import Execution
from paper.wire.order_json import Json, decimal_text, fees_json, iso, signed

_ZERO = Decimal(0)
_ZERO_BALANCES = (
    "short-futures-value",
    "long-futures-derivative-value",
    "short-futures-derivative-value",
    "long-margineable-value",
    "short-margineable-value",
    "available-trading-funds",
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
    "reg-t-margin-requirement",
    "futures-overnight-margin-requirement",
    "futures-intraday-margin-requirement",
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


def position_json(position: Position, mark: Decimal, account_number: str) -> Json:
    """One position; its quantity is positive and the direction says which way."""
    quantity = position.quantity
    direction = "Zero" if not quantity else ("Long" if quantity > 0 else "Short")
    multiplier = position.multiplier
    return {
        "account-number": account_number,
        "symbol": position.symbol,
        "instrument-type": position.instrument_type.value,
        "underlying-symbol": position.underlying,
        "quantity": abs(quantity),
        "quantity-direction": direction,
        "close-price": decimal_text(mark),
        "average-open-price": decimal_text(round(position.average_price, 6)),
        "mark-price": decimal_text(mark),
        "multiplier": int(multiplier) if multiplier == int(multiplier) else str(multiplier),
        "cost-effect": "None" if not quantity else ("Credit" if quantity > 0 else "Debit"),
        "is-suppressed": False,
        "is-frozen": False,
        "restricted-quantity": 0,
        **signed("realized-day-gain", round(position.realised_today, 2)),
        **signed("realized-today", round(position.realised_today, 2)),
        "realized-day-gain-date": position.realised_on.isoformat(),
        "realized-today-date": position.realised_on.isoformat(),
        "created-at": iso(position.opened_at),
        "updated-at": iso(position.updated_at),
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
    requirement = power.requirement()
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
        "maintenance-requirement": requirement,
        "futures-margin-requirement": _ZERO,
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


def transaction_json(number: int, execution: Execution, account_number: str) -> Json:
    """One trade as the account's history lists it."""
    fees = Fees(execution.commission, execution.clearing_fees, execution.regulatory_fees, execution.proprietary_fees)
    words = {key: value for key, value in fees_json(fees).items() if not key.startswith("total-fees")}
    return {
        "id": number,
        "account-number": account_number,
        "transaction-type": "Trade",
        "transaction-sub-type": execution.action.value,
        "description": f"{_verb(execution)} {execution.quantity} {execution.symbol} @ {execution.price}",
        "executed-at": iso(execution.at),
        "transaction-date": new_york_day(execution.at).isoformat(),
        "symbol": execution.symbol,
        "instrument-type": execution.instrument_type.value,
        "underlying-symbol": execution.underlying,
        "action": execution.action.value,
        "quantity": decimal_text(execution.quantity),
        "price": decimal_text(execution.price),
        **signed("value", execution.value),
        **signed("net-value", execution.value - execution.fees),
        **words,
        "is-estimated-fee": True,
        "order-id": execution.order_id,
        "exec-id": execution.fill_id,
        "ext-exec-id": "0",
        "ext-group-fill-id": "0",
        "destination-venue": "PAPER",
        "leg-count": 1,
    }


def _verb(execution: Execution) -> str:
    return "Bought" if execution.action.is_buy else "Sold"
