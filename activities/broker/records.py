"""The broker's order records: raw JSON in, `BrokerOrder` out, tolerant of everything that doesn't matter to a trade.

https://developer.tastytrade.com/docs/concepts/orders-and-order-types. Unknown states are kept as UNRECOGNISED, missing
times are None. What can't be read without guessing is an UnreadableRecordError, never a half-right record.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from activities.broker.replies import Json
from domain.orders import BrokerOrder, Fill, LegAction, OrderStatus, OrderType

Value = TypeVar("Value")


class UnreadableRecordError(ValueError):
    """The record is not a single-leg order that this program could have sent, or it is damaged."""


def broker_order(raw: Any) -> BrokerOrder:
    """One order object of a REST answer or a stream message. A dry run's, which has no id, gets order_id 0."""
    if not isinstance(raw, dict):
        raise UnreadableRecordError("not an object")
    leg = _only_leg(raw)
    return BrokerOrder(
        order_id=_required(raw, "id", int) if raw.get("id") is not None else 0,
        status=_status(raw),
        symbol=_required(leg, "symbol", str),
        action=_required(leg, "action", LegAction),
        order_type=_required(raw, "order-type", OrderType),
        quantity=_required(leg, "quantity", whole),
        identifier=_optional(raw, "external-identifier", str),
        price=_optional(raw, "price", _unsigned),
        fills=tuple(_fill(entry) for entry in leg.get("fills") or ()),
        replaces=_optional(raw, "replaces-order-id", int),
        replaced_by=_optional(raw, "replacing-order-id", int),
        reject_reason=_optional(raw, "reject-reason", str),
        editable=raw.get("editable") is True,
        updated_at=_moment(raw.get("updated-at")),
    )


def identifier_of(raw: Any) -> str | None:
    """The external identifier of a record that may be unreadable otherwise."""
    found = raw.get("external-identifier") if isinstance(raw, dict) else None
    return found if isinstance(found, str) else None


def number(value: Any) -> Decimal:
    """A finite number from the broker's strings, ints or floats; ValueError otherwise."""
    try:
        read = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number") from error
    if not read.is_finite():
        raise ValueError(f"{value!r} is not a finite number")
    return read


def whole(value: Any) -> int:
    """A whole number of contracts; shares in fractions are not this program's."""
    read = number(value)
    if read != read.to_integral_value():
        raise ValueError(f"{value!r} is not a whole quantity")
    return int(read)


def price_or_none(value: Any) -> Decimal | None:
    """A price above zero; None for what is no price: nothing, NaN, zero."""
    try:
        read = number(value)
    except ValueError:
        return None
    return read if read > 0 else None


def size_or_zero(value: Any) -> Decimal:
    """A quoted size; zero for what is none."""
    return price_or_none(value) or Decimal(0)


def _only_leg(raw: Json) -> Json:
    legs = raw.get("legs")
    if not isinstance(legs, list) or len(legs) != 1 or not isinstance(legs[0], dict):
        raise UnreadableRecordError(f"{len(legs) if isinstance(legs, list) else 'no'} legs")
    return legs[0]


def _status(raw: Json) -> OrderStatus:
    try:
        return OrderStatus(str(raw.get("status")))
    except ValueError:
        return OrderStatus.UNRECOGNISED


def _fill(raw: Any) -> Fill:
    """A fill without its id could not be counted once, so it makes the record unreadable."""
    if not isinstance(raw, dict):
        raise UnreadableRecordError("a fill is not an object")
    return Fill(
        fill_id=_required(raw, "fill-id", _name),
        quantity=_required(raw, "quantity", whole),
        price=_required(raw, "fill-price", _unsigned),
        at=_moment(raw.get("filled-at")),
    )


def _required(raw: Json, key: str, read: Callable[[Any], Value]) -> Value:
    value = _optional(raw, key, read)
    if value is None:
        raise UnreadableRecordError(f"{key} is missing")
    return value


def _optional(raw: Json, key: str, read: Callable[[Any], Value]) -> Value | None:
    if raw.get(key) is None:
        return None
    try:
        return read(raw[key])
    except (ValueError, TypeError) as error:
        raise UnreadableRecordError(f"{key} is {raw[key]!r}") from error


def _name(value: Any) -> str:
    if not value:
        raise ValueError("empty")
    return str(value)


def _unsigned(value: Any) -> Decimal:
    """Prices come unsigned with an effect beside them; some endpoints sign them."""
    return abs(number(value))


def _moment(value: Any) -> datetime | None:
    """Epoch milliseconds or ISO; 0 (a dry run) and anything unreadable is None: no decision hangs on it alone."""
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value)
            return read if read.tzinfo else read.replace(tzinfo=UTC)
        return datetime.fromtimestamp(value / 1000, UTC) if value else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None
