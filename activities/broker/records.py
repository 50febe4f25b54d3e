"""The broker's raw order records, read tolerantly: an unknown word in one field never hides an order."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from domain.orders import BrokerOrder, Fill, LegAction, OrderStatus, OrderType

_MILLISECONDS = 1000


class UnreadableRecord(ValueError):
    """A record that can't be understood as a single-leg order. Says nothing about whether the order exists."""


def broker_order(raw: dict[str, Any]) -> BrokerOrder:
    """Read one order (wire names dasherized). UnreadableRecord for multi-leg orders and for what is no order at all."""
    try:
        (leg,) = raw["legs"]
        return BrokerOrder(
            order_id=int(raw.get("id") or 0),  # a dry run's order has none
            status=_status(raw["status"]),
            symbol=leg["symbol"],
            action=LegAction(leg["action"]),
            order_type=_order_type(raw),
            quantity=_whole(leg["quantity"]),
            identifier=raw.get("external-identifier"),
            price=_price(raw.get("price")),
            fills=tuple(_fill(fill) for fill in leg.get("fills") or ()),
            replaces=_id(raw.get("replaces-order-id")),
            replaced_by=_id(raw.get("replacing-order-id")),
            reject_reason=raw.get("reject-reason"),
            editable=bool(raw.get("editable")),
            updated_at=_moment(raw.get("updated-at")),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise UnreadableRecord(f"order {raw.get('id')}: {error!r}") from error


def is_single_leg(raw: dict[str, Any]) -> bool:
    """Whether the record is of the kind that this program sends."""
    return isinstance(raw.get("legs"), list) and len(raw["legs"]) == 1


def _status(word: str) -> OrderStatus:
    try:
        return OrderStatus(word)
    except ValueError:
        return OrderStatus.UNRECOGNISED  # never terminal: the order stays open until a known word ends it


def _order_type(raw: dict[str, Any]) -> OrderType:
    return OrderType.MARKET if raw.get("order-type") == "Market" else OrderType.LIMIT


def _fill(raw: dict[str, Any]) -> Fill:
    return Fill(
        fill_id=str(raw["fill-id"]),
        quantity=_whole(raw["quantity"]),
        price=abs(Decimal(str(raw["fill-price"]))),
        at=_moment(raw.get("filled-at")),
    )


def _whole(value: Any) -> int:
    number = Decimal(str(value))
    if number != int(number):
        raise ValueError(f"{value} is no whole quantity")
    return int(number)


def _price(value: Any) -> Decimal | None:
    return None if value is None else abs(Decimal(str(value)))


def _id(value: Any) -> int | None:
    return None if value is None else int(value)


def _moment(value: Any) -> datetime | None:
    """ISO text, or milliseconds since 1970; 0 and nonsense mean: not told."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value / _MILLISECONDS, UTC) if value else None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
