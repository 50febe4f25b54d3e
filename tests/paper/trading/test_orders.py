"""The life of an order."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.contract import InstrumentType
from paper.trading.orders import Fill, Leg, Order
from paper.trading.words import TERMINAL, Action, OrderType, Status, TimeInForce

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def new_order(status: Status = Status.RECEIVED, quantities: tuple[int, ...] = (5,)) -> Order:
    legs = [
        Leg(symbol=f"X{n}", instrument_type=InstrumentType.EQUITY_OPTION, action=Action.BUY_TO_OPEN, quantity=quantity)
        for n, quantity in enumerate(quantities)
    ]
    return Order(
        status=status,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.DAY,
        legs=legs,
        underlying="UBER",
        underlying_type=InstrumentType.EQUITY,
        price=Decimal("1.10"),
        price_effect="Debit",
    )


def test_the_usual_life_stamps_its_moments() -> None:
    order = new_order()
    for status in (Status.ROUTED, Status.IN_FLIGHT, Status.LIVE, Status.FILLED):
        order.move(status, NOW)
    assert (order.in_flight_at, order.live_at, order.terminal_at, order.cancelled_at) == (NOW, NOW, NOW, None)


@pytest.mark.parametrize("status", sorted(TERMINAL - {Status.CANCELLED}))
def test_nothing_follows_an_end(status: Status) -> None:
    for after in Status:
        with pytest.raises(AssertionError, match="can't go from"):
            new_order(status).move(after, NOW)


def test_only_a_late_fill_follows_a_cancel() -> None:
    possible = []
    for after in Status:
        order = new_order(Status.CANCELLED)
        try:
            order.move(after, NOW)
        except AssertionError:
            continue
        possible.append(after)
    assert possible == [Status.FILLED]


def test_a_replace_that_is_given_up_leaves_the_order_live() -> None:
    order = new_order(Status.REPLACE_REQUESTED)
    order.move(Status.LIVE, NOW)
    assert order.is_changeable


def test_units_of_a_spread_are_its_smallest_combination() -> None:
    order = new_order(quantities=(4, 2))
    assert order.units == 2
    order.legs[0].fills.append(Fill(fill_id="SIM-1", quantity=2, price=Decimal(1), at=NOW))
    order.legs[1].fills.append(Fill(fill_id="SIM-2", quantity=1, price=Decimal(1), at=NOW))
    assert (order.leaves, order.filled) == (1, 1)


def test_a_debit_is_negative() -> None:
    assert new_order().signed_price == Decimal("-1.10")


def test_a_record_survives_its_own_json() -> None:
    order = new_order(Status.LIVE)
    order.legs[0].fills.append(Fill(fill_id="SIM-1", quantity=2, price=Decimal("1.005"), at=NOW))
    assert Order.model_validate_json(order.model_dump_json()) == order


@pytest.mark.parametrize("status", list(Status))
def test_only_what_the_venue_has_confirmed_may_be_changed(status: Status) -> None:
    assert new_order(status).is_changeable == (status is Status.LIVE)


def test_an_order_waits_here_or_is_on_its_way_or_neither() -> None:
    assert {status for status in Status if new_order(status).waits_here} == {Status.RECEIVED, Status.CONTINGENT}
    assert {status for status in Status if new_order(status).is_on_its_way} == {Status.ROUTED, Status.IN_FLIGHT}
