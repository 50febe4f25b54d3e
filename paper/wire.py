"""The broker's JSON for orders, positions, balances and trades.

Keys are dasherised, decimals are strings with at least one decimal place, signs are carried by an effect.
"""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from paper.account import Account, Position
from paper.buying_power import BuyingPower, Effect
from paper.calendar import new_york_day
from paper.fees import Fees
from paper.orders import Execution, Fill, Leg, Order
from paper.refusals import Refusal

Json = dict[str, Any]
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
_VALUE_KEYS = {"Equity": "equity-value", "Equity Option": "derivative-value", "Future": "futures-value"}


def decimal_text(number: Decimal | float) -> str:
    """`300` is written 300.0, as the broker writes it."""
    text = format(Decimal(str(number)).normalize(), "f")
    return text if "." in text else f"{text}.0"


def iso(at: datetime) -> str:
    """A moment to the millisecond, with its offset."""
    return at.isoformat(timespec="milliseconds")


def epoch_ms(at: datetime) -> int:
    """A moment as the broker gives it on orders and streams."""
    return int(at.timestamp() * 1000)


def dumps(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"))


def signed(key: str, amount: Decimal) -> Json:
    """An amount without its sign, and the effect that carries it."""
    return {key: decimal_text(abs(amount)), f"{key}-effect": effect_word(amount)}


def effect_word(amount: Decimal) -> str:
    """Credit, Debit or None."""
    if not amount:
        return "None"
    return "Credit" if amount > 0 else "Debit"


def order_json(order: Order, account_number: str) -> Json:
    """The full order object, never a diff."""
    wire: Json = {
        "id": order.id,
        "account-number": account_number,
        "cancellable": order.is_changeable,
        "editable": order.is_changeable,
        "edited": order.edited,
        "order-type": order.order_type.value,
        "size": order.units,
        "status": order.status.value,
        "time-in-force": order.time_in_force.value,
        "underlying-symbol": order.underlying,
        "underlying-instrument-type": order.underlying_type.value,
        "global-request-id": order.global_request_id,
        "ext-client-order-id": order.client_order_id,
        "updated-at": 0 if order.updated_at is None else epoch_ms(order.updated_at),
        "legs": [_leg_json(leg) for leg in order.legs],
    }
    if not order.id:
        del wire["id"]
    return wire | _optional_order_fields(order)


def _optional_order_fields(order: Order) -> Json:
    waiting = order.status.value == "Contingent"
    fields: Json = {
        "price": None if order.price is None else decimal_text(order.price),
        "price-effect": order.price_effect,
        "gtc-date": None if order.gtc_date is None else order.gtc_date.isoformat(),
        "external-identifier": order.identifier,
        "source": order.source,
        "replaces-order-id": order.replaces,
        "replacing-order-id": order.replaced_by,
        "reject-reason": order.reject_reason,
        "contingent-status": "Pending Order" if waiting else None,
        "cancelled-size": decimal_text(order.leaves) if order.cancelled_at is not None else None,
    }
    moments = {
        "received-at": order.received_at,
        "in-flight-at": order.in_flight_at,
        "live-at": order.live_at,
        "cancelled-at": order.cancelled_at,
        "terminal-at": order.terminal_at,
    }
    fields |= {key: None if at is None else iso(at) for key, at in moments.items()}
    return {key: value for key, value in fields.items() if value is not None}


def _leg_json(leg: Leg) -> Json:
    return {
        "instrument-type": leg.instrument_type.value,
        "symbol": leg.symbol,
        "action": leg.action.value,
        "quantity": leg.quantity,
        "remaining-quantity": leg.leaves,
        "fills": [_fill_json(fill) for fill in leg.fills],
    }


def _fill_json(fill: Fill) -> Json:
    return {
        "fill-id": fill.fill_id,
        "quantity": fill.quantity,
        "fill-price": decimal_text(fill.price),
        "filled-at": iso(fill.at),
        "destination-venue": "PAPER",
        "ext-exec-id": "0",
        "ext-group-fill-id": "0",
    }


def effect_json(effect: Effect, *, is_spread: bool) -> Json:
    """What an order does to buying power."""
    return {
        **signed("change-in-margin-requirement", -effect.margin),
        **signed("change-in-buying-power", effect.change),
        **signed("current-buying-power", effect.current),
        **signed("new-buying-power", effect.after),
        **signed("isolated-order-margin-requirement", -effect.margin),
        "is-spread": is_spread,
        "impact": decimal_text(abs(effect.change)),
        "effect": effect_word(effect.change),
    }


def fees_json(fees: Fees) -> Json:
    """What trading costs."""
    return {
        **signed("regulatory-fees", -fees.regulatory),
        **signed("clearing-fees", -fees.clearing),
        **signed("commission", -fees.commission),
        **signed("proprietary-index-option-fees", -fees.proprietary),
        **signed("total-fees", -fees.total),
    }


def messages_json(refusals: list[Refusal]) -> list[Json]:
    """Warnings or errors."""
    return [refusal._asdict() for refusal in refusals]


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
