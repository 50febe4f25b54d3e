"""Order states, what settles a record, and which requests can be made at all."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from domain.orders import BrokerOrder, Fill, LegAction, OrderRequest, OrderStatus, OrderType

D = Decimal
ENDS = {
    OrderStatus.FILLED,
    OrderStatus.CANCELLED,
    OrderStatus.EXPIRED,
    OrderStatus.REJECTED,
    OrderStatus.REMOVED,
    OrderStatus.PARTIALLY_REMOVED,
}


def record(status: OrderStatus, *filled: int) -> BrokerOrder:
    """A record of an order for 3, with one fill for each quantity."""
    fills = tuple(Fill(fill_id=f"f{n}", quantity=quantity, price=D("0.75")) for n, quantity in enumerate(filled))
    return BrokerOrder(
        order_id=1,
        status=status,
        symbol="UBER  261204P00078000",
        action=LegAction.BUY_TO_OPEN,
        order_type=OrderType.LIMIT,
        quantity=3,
        fills=fills,
    )


@pytest.mark.parametrize("status", OrderStatus)
def test_six_states_are_ends_and_no_other(status: OrderStatus) -> None:
    assert status.is_terminal is (status in ENDS)


def test_a_state_the_broker_adds_later_still_works_for_us() -> None:
    assert not OrderStatus.UNRECOGNISED.is_terminal
    assert OrderStatus.UNRECOGNISED.awaits_cancel


@pytest.mark.parametrize("status", [*sorted(ENDS), OrderStatus.CANCEL_REQUESTED])
def test_no_cancel_is_asked_of_what_has_ended_or_is_being_cancelled(status: OrderStatus) -> None:
    assert not status.awaits_cancel


@pytest.mark.parametrize("status", sorted(ENDS - {OrderStatus.FILLED}))
def test_an_end_short_of_filled_settles_an_order_whatever_was_filled(status: OrderStatus) -> None:
    assert record(status).is_settled
    assert record(status, 1).is_settled


def test_filled_settles_an_order_only_with_every_fill_attached() -> None:
    assert not record(OrderStatus.FILLED).is_settled
    assert not record(OrderStatus.FILLED, 2).is_settled
    assert record(OrderStatus.FILLED, 2, 1).is_settled


def test_a_live_order_is_not_settled_by_its_fills() -> None:
    assert not record(OrderStatus.LIVE, 3).is_settled


@pytest.mark.parametrize("action", LegAction)
def test_buying_is_told_from_selling_by_the_first_word(action: LegAction) -> None:
    assert action.is_buy is (action in (LegAction.BUY, LegAction.BUY_TO_OPEN, LegAction.BUY_TO_CLOSE))


@pytest.mark.parametrize(
    ("order_type", "price", "quantity"),
    [
        (OrderType.LIMIT, None, 1),
        (OrderType.MARKET, D("0.75"), 1),
        (OrderType.LIMIT, D("0.75"), 0),
        (OrderType.LIMIT, D("0.75"), -1),
        (OrderType.LIMIT, D(0), 1),
        (OrderType.LIMIT, D("-0.05"), 1),
    ],
)
def test_a_request_that_makes_no_sense_cannot_be_made(
    order_type: OrderType, price: Decimal | None, quantity: int
) -> None:
    with pytest.raises(ValidationError):
        OrderRequest(
            identifier="al-1-2-0e00",
            symbol="UBER  261204P00078000",
            instrument_type="Equity Option",
            action=LegAction.BUY_TO_OPEN,
            quantity=quantity,
            order_type=order_type,
            price=price,
        )
