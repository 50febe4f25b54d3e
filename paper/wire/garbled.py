"""Orders' records that strict clients can't read, in the middle of answers and messages that are right otherwise."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from paper.faults import FaultKind, Faults, On, Shape, Subject
from paper.trading.orders import Order
from paper.wire.order_json import Json, dumps

_UNKNOWN_STATUS = "Remove Pending"  # in the broker's specification, and in no client's list
_USER_ID = 4711
_PARTIAL_RULE = {"route-after": "2026-01-05T14:30:00.000+00:00", "order-conditions": []}


def with_a_garbled_record(text: str, on: On, faults: Faults, orders: Mapping[int, Order]) -> str:
    """An answer's body, with the first order's record in it spoilt that a fault is armed for."""
    if not any(fault.kind is FaultKind.UNPARSEABLE_RECORD for fault in faults.armed):
        return text
    for record in _records(json.loads(text)):
        order = orders.get(record["id"])
        subject = None if order is None else Subject.of(order)
        if subject and (fault := faults.take(FaultKind.UNPARSEABLE_RECORD, on, subject)):
            return garbled(text, record, fault.shape)
    return text


def garbled(text: str, record: Json, shape: Shape) -> str:
    """The JSON `text` with the record in it spoilt; broken JSON ends in the middle of the record."""
    whole = dumps(record)
    spoilt = whole[: len(whole) // 2] if shape is Shape.BROKEN_JSON else dumps(_spoilt(record, shape))
    return text.replace(whole, spoilt, 1)


def _spoilt(record: Json, shape: Shape) -> Json:
    match shape:
        case Shape.UNKNOWN_STATUS:
            return record | {"status": _UNKNOWN_STATUS}
        case Shape.NO_UPDATED_AT:
            return {key: value for key, value in record.items() if key != "updated-at"}
        case Shape.INTEGER_USER_ID:
            return record | {"user-id": _USER_ID}
        case Shape.PARTIAL_ORDER_RULE:
            return record | {"order-rule": _PARTIAL_RULE}
        case Shape.BROKEN_JSON:
            raise AssertionError("it is cut, not changed")


def _records(body: Any) -> Iterator[Json]:
    """The orders of an answer: a list's items, a placed order, or the one that was asked for."""
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        return
    for row in data.get("items") or [data.get("order") or data]:
        if isinstance(row, dict) and isinstance(row.get("id"), int) and "legs" in row:
            yield row
