"""The exit: placed on the first fill, kept in step with later ones, never for more than is held, and never given up
lightly.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest_asyncio

from domain.audit import AuditKind
from domain.broker import PlaceOrder
from domain.orders import OrderAnswer, OrderStatus, Outcome
from domain.settings import ExitSettings, SingleContract, TradeTerms
from domain.trade import TradeState
from tests.fakes.broker import FakeBroker, Gate, lose, proceed, reject
from tests.workflows.conftest import Floor


def exits_refused(code: str) -> Any:
    """Entries are taken, exits are not."""

    def move(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer | None:
        return None if request.order.action.is_buy else OrderAnswer(outcome=Outcome.REFUSED, code=code)

    return move


def exit_intents(floor: Floor) -> list[timedelta]:
    """The pauses between the exits that were sent."""
    sent = [row.at for row in floor.rows(AuditKind.INTENT) if row.side == "Sell to Close"]
    return [later - earlier for earlier, later in pairwise(sent)]


@pytest_asyncio.fixture(loop_scope="module")
async def working(floor: Floor) -> Floor:
    """Four contracts are asked for at 0.75, and none is filled."""
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.after(3)
    return floor


async def fills(floor: Floor, quantity: int, price: str = "0.75") -> None:
    """The working entry fills in part, and the stream tells."""
    entry = next(order for order in floor.book.working() if order.action.is_buy)
    floor.book.fill(entry.order_id, quantity, Decimal(price))
    await floor.tells()


async def test_is_placed_on_the_first_partial_fill_while_the_ladder_climbs(working: Floor) -> None:
    await fills(working, 2)
    await working.after(1)
    assert working.book.working_sells() == [(1, Decimal("1.50"))]
    assert (await working.view()).state is TradeState.WORKING


async def test_stays_in_the_market_until_it_is_cancelled(working: Floor) -> None:
    await fills(working, 4)
    await working.after(1)
    assert [order.time_in_force for order in working.book.placed if not order.action.is_buy] == ["GTC"]


async def test_is_resized_by_later_fills(working: Floor) -> None:
    await fills(working, 2)
    await working.after(1)
    await fills(working, 2)
    await working.after(5)
    assert [(o.quantity, o.status) for o in working.book.sells] == [
        (1, OrderStatus.CANCELLED),
        (2, OrderStatus.LIVE),
    ]


async def test_is_priced_at_double_the_true_average(working: Floor) -> None:
    await fills(working, 2, "0.75")
    await working.after(1)
    await fills(working, 2, "0.70")
    await working.after(5)
    assert working.book.working_sells() == [(2, Decimal("1.45"))]


async def test_what_it_sold_before_a_resize_counts(working: Floor) -> None:
    await fills(working, 2)
    await working.after(1)
    working.book.fill(working.book.sells[0].order_id, 1)
    await working.tells()
    await fills(working, 2)
    await working.after(5)
    assert working.book.working_sells() == [(1, Decimal("1.50"))]
    assert (await working.view()).exited == 1


async def test_a_sale_that_wins_against_the_cancel_of_a_resize_is_not_sold_twice(working: Floor) -> None:
    def sells_first(broker: FakeBroker, request: Any) -> OrderAnswer:
        broker.book.fill(request.order_id, 1)
        return OrderAnswer(outcome=Outcome.REFUSED, code="cannot_update_order")

    await fills(working, 2)
    await working.after(1)
    working.broker.will("cancel_order", sells_first)
    await fills(working, 2)
    await working.after(5)
    assert working.book.working_sells() == [(1, Decimal("1.50"))]
    assert working.book.held() == 3


async def test_fills_that_come_in_a_burst_resize_it_once(working: Floor) -> None:
    await fills(working, 2)
    await working.after(1)
    await fills(working, 1)
    await fills(working, 1)
    await working.after(5)
    assert [order.quantity for order in working.book.sells] == [1, 2]


async def test_is_resized_by_a_fill_that_comes_after_the_entry_was_cancelled(working: Floor) -> None:
    await fills(working, 2)
    await working.after(110)
    dead = working.book.buys[-1]
    assert dead.status is OrderStatus.CANCELLED
    working.book.fill(dead.order_id, 2)
    await working.tells()
    await working.after(5)
    assert [quantity for quantity, _ in working.book.working_sells()] == [2]
    assert (await working.view()).state is TradeState.HOLDING


async def test_one_contract_is_held_without_an_exit(working: Floor) -> None:
    await fills(working, 1)
    await working.after(120)
    assert working.book.sells == []
    assert (await working.view()).state is TradeState.HOLDING


async def test_one_contract_is_sold_when_set_so(floor: Floor) -> None:
    floor.market("0.75", "0.75", size=1)
    floor.broker.terms = TradeTerms(exit=ExitSettings(single_contract=SingleContract.EXIT_ALL))
    await floor.alert()
    await floor.after(5)
    assert floor.book.working_sells() == [(1, Decimal("1.50"))]


async def test_a_refused_exit_is_tried_again_with_longer_and_longer_pauses(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.always("place_order", exits_refused("margin_check_failed"))
    await floor.alert()
    await floor.end()
    pauses = exit_intents(floor)
    assert pauses[0] >= timedelta(seconds=1)
    assert all(later > earlier * 1.5 for earlier, later in pairwise(pauses))


async def test_an_exit_that_is_refused_again_and_again_goes_to_a_person(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.always("place_order", exits_refused("margin_check_failed"))
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NEEDS_OPERATOR
    assert "margin_check_failed" in view.note
    assert len(floor.book.placed) == 1 + 6


async def test_nothing_more_is_bought_once_the_exit_has_failed(working: Floor) -> None:
    working.broker.always("place_order", exits_refused("margin_check_failed"))
    await fills(working, 2)
    view = await working.end()
    assert view.state is TradeState.NEEDS_OPERATOR
    assert [order for order in working.book.working() if order.action.is_buy] == []
    assert working.book.history[-1].at - working.book.history[0].at < timedelta(seconds=60)


async def test_an_exit_that_the_venue_rejects_later_is_placed_again(working: Floor) -> None:
    await fills(working, 4)
    await working.after(1)
    working.book.end(working.book.sells[0].order_id, OrderStatus.REJECTED, "try again")
    await working.tells()
    await working.after(5)
    assert [order.status for order in working.book.sells] == [OrderStatus.REJECTED, OrderStatus.LIVE]


async def test_an_exit_that_the_venue_rejects_at_once_every_time_goes_to_a_person(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.will("place_order", proceed, *[reject("closing only")] * 6)
    await floor.alert()
    view = await floor.end()
    assert (view.state, "closing only" in view.note) == (TradeState.NEEDS_OPERATOR, True)


async def test_an_exit_that_can_not_be_sent_is_placed_once_the_outage_is_over(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.always("place_order", exits_refused("unreachable"))
    await floor.alert()
    await floor.after(600)
    assert (await floor.view()).state is TradeState.HOLDING
    floor.broker.always("place_order", proceed)
    await floor.after(31)
    assert floor.book.working_sells() == [(2, Decimal("1.50"))]


async def test_an_exit_that_never_arrived_is_sent_anew_and_only_then(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.will("place_order", proceed, lose)
    await floor.alert()
    await floor.after(25)
    assert len(floor.book.placed) == 2
    await floor.after(15)
    assert floor.book.working_sells() == [(2, Decimal("1.50"))]


async def test_an_exit_of_unknown_fate_that_was_taken_is_not_sent_twice(floor: Floor) -> None:
    def takes_it_and_says_nothing(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer:
        broker.book.accept(request.order)
        broker.book.unheard.clear()
        return lose(broker, request)

    floor.market("0.75", "0.75")
    floor.broker.will("place_order", proceed, takes_it_and_says_nothing)
    await floor.alert()
    await floor.after(60)
    assert [order.quantity for order in floor.book.sells] == [2]


async def test_fills_that_come_while_the_exit_is_on_the_way_are_not_forgotten(working: Floor) -> None:
    gate = Gate()
    working.broker.will("place_order", gate)
    await fills(working, 2)
    await gate.reached.wait()
    await fills(working, 2)
    gate.open()
    await working.after(5)
    assert [quantity for quantity, _ in working.book.working_sells()] == [2]


async def test_an_exit_that_somebody_cancels_by_hand_is_placed_again(working: Floor) -> None:
    await fills(working, 4)
    await working.after(10)
    working.book.end(working.book.sells[0].order_id)
    await working.tells()
    await working.after(5)
    assert working.book.working_sells() == [(2, Decimal("1.50"))]
