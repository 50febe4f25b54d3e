"""Reading order records: what matters exactly, what doesn't matter not at all."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from activities.broker.records import UnreadableRecordError, broker_order, price_or_none, size_or_zero
from domain.orders import Fill, LegAction, OrderStatus, OrderType

FILL = {
    "fill-id": "2_TW::20260603",
    "quantity": "1",
    "fill-price": "0.75",
    "filled-at": "2026-06-03T14:00:00.500+00:00",
    "destination-venue": "MARKET_SIMULATOR_A",
    "ext-exec-id": "0",
}
LEG = {
    "action": "Buy to Open",
    "instrument-type": "Equity Option",
    "quantity": 2,
    "remaining-quantity": 1,
    "symbol": "SMCI  260619C00045000",
    "fills": [FILL],
}
RECORD = {
    "id": 466830,
    "account-number": "5WX00042",
    "cancellable": True,
    "editable": True,
    "edited": False,
    "order-type": "Limit",
    "price": "0.75",
    "price-effect": "Debit",
    "size": 2,
    "status": "Live",
    "time-in-force": "Day",
    "underlying-symbol": "SMCI",
    "underlying-instrument-type": "Equity",
    "updated-at": 1780495200500,
    "external-identifier": "al-1-2-0e00",
    "legs": [LEG],
}


def record(**changes: Any) -> dict[str, Any]:
    return RECORD | {key.replace("_", "-"): value for key, value in changes.items()}


def legged(**changes: Any) -> dict[str, Any]:
    return record(legs=[LEG | {key.replace("_", "-"): value for key, value in changes.items()}])


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in RECORD.items() if name != key}


def test_reads_what_a_trade_needs() -> None:
    order = broker_order(RECORD)

    assert (order.order_id, order.status, order.quantity, order.filled) == (466830, OrderStatus.LIVE, 2, 1)
    assert (order.symbol, order.action) == ("SMCI  260619C00045000", LegAction.BUY_TO_OPEN)
    assert (order.order_type, order.price) == (OrderType.LIMIT, Decimal("0.75"))
    assert (order.identifier, order.editable) == ("al-1-2-0e00", True)
    assert order.updated_at == datetime(2026, 6, 3, 14, 0, 0, 500_000, tzinfo=UTC)
    assert order.fills == (
        Fill(
            fill_id="2_TW::20260603",
            quantity=1,
            price=Decimal("0.75"),
            at=datetime(2026, 6, 3, 14, 0, 0, 500_000, tzinfo=UTC),
        ),
    )


def test_links_a_replacement_with_its_original() -> None:
    order = broker_order(record(replaces_order_id=5, replacing_order_id="9"))

    assert (order.replaces, order.replaced_by) == (5, 9)


@pytest.mark.parametrize("status", ["Dead", "Remove Pending", "", None, 7])
def test_an_unknown_state_is_unrecognised_and_never_terminal(status: Any) -> None:
    order = broker_order(record(status=status))

    assert order.status is OrderStatus.UNRECOGNISED
    assert not order.status.is_terminal


@pytest.mark.parametrize("moment", [None, 0, "soon", [], 1e300])
def test_a_time_that_is_missing_or_odd_is_not_told(moment: Any) -> None:
    assert broker_order(record(updated_at=moment)).updated_at is None


@pytest.mark.parametrize(
    "odd",
    [
        record(user_id=17),
        record(order_rule={"route-after": "2026-06-03T14:00:00Z"}),
        record(something_new={"nested": [1, 2]}),
        record(size=None),
        without("updated-at"),
        without("underlying-instrument-type"),
        legged(fills=None),
    ],
    ids=["user-id", "half-a-rule", "new-field", "no-size", "no-time", "no-underlying-type", "null-fills"],
)
def test_what_breaks_strict_models_does_not_matter_here(odd: dict[str, Any]) -> None:
    assert broker_order(odd).order_id == 466830


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        "an order",
        [],
        {},
        record(legs=[]),
        record(legs=[LEG, LEG]),
        record(legs=None),
        record(order_type="Stop"),
        record(id="x"),
        record(price="NaN"),
        legged(action="Hold"),
        legged(quantity="1.5"),
        legged(quantity=None),
        legged(symbol=None),
        legged(fills=[{**FILL, "fill-id": None}]),
        legged(fills=[{**FILL, "fill-id": ""}]),
        legged(fills=[{**FILL, "quantity": "half"}]),
        legged(fills=["a fill"]),
    ],
)
def test_what_would_have_to_be_guessed_is_unreadable(damaged: Any) -> None:
    with pytest.raises(UnreadableRecordError):
        broker_order(damaged)


def test_an_order_without_id_is_a_checked_one() -> None:
    assert broker_order(without("id")).order_id == 0


@pytest.mark.parametrize("value", [None, "NaN", "", "0.0", 0, -1, float("inf"), "x"])
def test_what_is_no_price_is_none_and_no_size_is_zero(value: Any) -> None:
    assert price_or_none(value) is None
    assert size_or_zero(value) == 0


def test_a_price_keeps_its_digits() -> None:
    assert price_or_none("1.05") == Decimal("1.05")
    assert price_or_none(0.1) == Decimal("0.1")
