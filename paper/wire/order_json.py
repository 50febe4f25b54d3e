"""The broker's JSON for orders and what they cost, and how it writes numbers and moments.

Keys are dasherised, decimals are strings with at least one decimal place, signs are carried by an effect.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from paper.refusals import Refusal
from paper.trading.buying_power import Effect
from paper.trading.complex_orders import ComplexOrder
from paper.trading.fees import Fees
from paper.trading.orders import Fill, Leg, Order

Json = dict[str, Any]


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


def complex_json(found: ComplexOrder, seen: Sequence[Order], account_number: str) -> Json:
    """A complex order with the orders that stand for its parts now, as clients may see them."""
    current = [order for order in seen if order.replaced_by is None or not order.status.is_terminal]
    triggers = {trigger.id for trigger in found.triggers}
    wire: Json = {
        "id": found.id,
        "account-number": account_number,
        "type": found.type.value,
        "orders": [order_json(order, account_number) for order in current if order.id not in triggers],
    }
    for order in current:
        if order.id in triggers:
            wire["trigger-order"] = order_json(order, account_number)
    if found.terminal_at is not None:
        wire["terminal-at"] = iso(found.terminal_at)
    return wire


def _optional_order_fields(order: Order) -> Json:
    waiting = order.status.value == "Contingent"
    fields: Json = {
        "price": None if order.price is None else decimal_text(order.price),
        "price-effect": order.price_effect,
        "stop-trigger": None if order.stop_trigger is None else decimal_text(order.stop_trigger),
        "gtc-date": None if order.gtc_date is None else order.gtc_date.isoformat(),
        "external-identifier": order.identifier,
        "source": order.source,
        "replaces-order-id": order.replaces,
        "replacing-order-id": order.replaced_by,
        "complex-order-id": order.complex_id,
        "complex-order-tag": order.complex_tag,
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
