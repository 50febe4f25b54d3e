"""Orders whose fate is not told at once: found, never sent twice, and every execution counted once."""

from datetime import timedelta
from typing import Any

import pytest

from domain.audit import AuditKind
from domain.broker import PlaceOrder
from domain.orders import OrderAnswer, OrderStatus, Outcome
from domain.trade import TradeState
from tests.fakes.broker import FakeBroker, fail, lose, take_and_hide, take_and_not_answer
from tests.workflows.conftest import Floor, cents
from tests.workflows.invariants import Promise


@pytest.fixture(autouse=True)
def far_market(floor: Floor) -> None:
    """A market that the ladder can't reach."""
    floor.market("0.70", "0.90")


def entry_prices(floor: Floor) -> list[object]:
    return [order.price for order in floor.book.placed if order.action.is_buy]


async def test_an_order_without_an_answer_is_found_by_its_identifier(floor: Floor) -> None:
    floor.broker.stream_is_up = False
    floor.broker.will("place_order", take_and_not_answer)
    await floor.alert()
    await floor.after(10)
    assert [order.order_id for order in (await floor.view()).entries] == [1000]
    assert len(floor.book.placed) == 1


async def test_an_order_without_an_answer_is_heard_of_from_the_stream(floor: Floor) -> None:
    floor.broker.always("find_order", fail)
    floor.broker.will("place_order", take_and_not_answer)
    await floor.alert()
    await floor.after(10)
    assert [order.order_id for order in (await floor.view()).entries] == [1000]


async def test_an_order_that_look_ups_show_late_is_found_and_not_sent_again(floor: Floor) -> None:
    floor.broker.will("place_order", take_and_hide)
    await floor.alert()
    await floor.after(15)
    floor.broker.hidden.clear()
    await floor.after(10)
    assert [order.order_id for order in (await floor.view()).entries] == [1000]
    assert len(floor.book.placed) <= 2  # the second is the rung's replacement


async def test_nothing_is_sent_while_an_orders_fate_is_unknown(floor: Floor) -> None:
    floor.broker.will("place_order", lose)
    await floor.alert()
    await floor.after(29)
    assert len(floor.book.placed) == 1


async def test_absence_is_believed_after_thirty_seconds_and_several_look_ups(floor: Floor) -> None:
    floor.broker.will("place_order", lose)
    await floor.alert()
    await floor.end()
    first, verdict = floor.rows(AuditKind.ANSWER)[:2]
    assert verdict.code == "never_accepted"
    assert verdict.at - first.at >= timedelta(seconds=30)
    assert floor.broker.calls.count("find_order") >= 4


async def test_the_ladder_goes_on_after_an_order_that_never_arrived(floor: Floor) -> None:
    floor.broker.will("place_order", lose)
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NO_FILL
    assert entry_prices(floor) == cents("0.75", "0.76", "0.77", "0.78")


async def test_failed_look_ups_say_nothing_about_absence(floor: Floor) -> None:
    floor.broker.will("place_order", lose)
    floor.broker.always("find_order", fail)
    await floor.alert()
    await floor.after(300)
    assert len(floor.book.placed) == 1
    assert (await floor.view()).state is TradeState.WORKING


async def test_an_order_nobody_can_tell_of_goes_to_a_person_and_is_not_sent_again(floor: Floor) -> None:
    floor.broker.will("place_order", lose)
    floor.broker.always("find_order", fail)
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NEEDS_OPERATOR
    assert len(floor.book.placed) == 1


async def test_what_is_known_to_work_is_taken_off_when_a_replacement_stays_unknown(floor: Floor) -> None:
    floor.broker.will("replace_order", lose)
    floor.broker.always("find_order", fail)
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NEEDS_OPERATOR
    assert floor.book.working() == []


async def test_a_placement_that_blows_up_is_looked_up_and_not_repeated(floor: Floor) -> None:
    def taken_before_the_crash(broker: FakeBroker, request: PlaceOrder) -> None:
        broker.book.accept(request.order)
        raise ConnectionResetError("as told")

    floor.broker.will("place_order", taken_before_the_crash)
    await floor.alert()
    await floor.after(10)
    assert [order.order_id for order in (await floor.view()).entries] == [1000]
    assert len(floor.book.placed) == 1


async def test_an_order_that_turns_up_after_it_was_thought_absent_stops_the_trade(floor: Floor) -> None:
    floor.may_break = {Promise.ONE_ENTRY_AT_A_TIME, Promise.NEVER_MORE_THAN_SIZED}
    floor.broker.will("place_order", take_and_hide)
    await floor.alert()
    await floor.after(35)
    assert len(floor.book.working()) == 2
    floor.broker.hidden.clear()
    await floor.broker.tell_of(floor.book.orders[1000])
    view = await floor.end()
    assert view.state is TradeState.NEEDS_OPERATOR
    assert floor.book.working() == []


async def test_records_that_are_repeated_and_reordered_change_nothing(floor: Floor) -> None:
    await floor.alert()
    await floor.after(3)
    floor.book.fill(1000, 1)
    floor.book.fill(1000, 1)
    heard = [event.order for event in floor.book.history if event.order.order_id == 1000]
    for record in (*reversed(heard), *heard, *reversed(heard)):
        await floor.broker.tell_of(record)
    await floor.after(3)
    assert (await floor.view()).filled == 2
    assert len(floor.rows(AuditKind.FILL)) == 2


async def test_an_old_record_does_not_bring_a_dead_order_back(floor: Floor) -> None:
    await floor.alert()
    await floor.after(3)
    alive = floor.book.orders[1000]
    floor.book.end(1000)
    await floor.tells()
    await floor.broker.tell_of(alive)
    view = await floor.end()
    assert view.entries[0].status is OrderStatus.CANCELLED


async def test_filled_before_its_fills_are_attached_waits_for_them(floor: Floor) -> None:
    await floor.alert()
    await floor.after(3)
    floor.book.change(1000, status=OrderStatus.FILLED)
    await floor.tells()
    await floor.after(5)
    assert (await floor.view()).filled == 0
    floor.book.fill(1000, 4)
    await floor.tells()
    await floor.after(30)
    assert (await floor.view()).state is TradeState.HOLDING
    assert entry_prices(floor) == cents("0.75")


async def test_fills_that_the_stream_never_told_are_read_when_the_order_is_taken_off(floor: Floor) -> None:
    floor.broker.stream_is_up = False
    await floor.alert()
    await floor.after(3)
    floor.book.fill(1000, 4)
    await floor.after(120)
    assert (await floor.view()).filled == 4


async def test_a_cancel_that_the_stream_does_not_confirm_is_read(floor: Floor) -> None:
    floor.broker.stream_is_up = False
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NO_FILL
    assert floor.book.working() == []


async def test_a_cancel_without_an_answer_is_asked_again(floor: Floor) -> None:
    floor.broker.will("cancel_order", lose)
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NO_FILL
    assert floor.book.working() == []


async def test_a_cancel_that_takes_its_time_is_waited_for_and_not_asked_again(floor: Floor) -> None:
    def begins(broker: FakeBroker, request: Any) -> OrderAnswer:
        order = broker.book.change(request.order_id, status=OrderStatus.CANCEL_REQUESTED)
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=order)

    floor.broker.always("cancel_order", begins)
    await floor.alert()
    await floor.after(120)
    assert floor.broker.calls.count("cancel_order") == 1
    floor.book.end(floor.book.newest().order_id)
    await floor.tells()
    assert (await floor.end()).state is TradeState.NO_FILL


async def test_an_order_that_can_not_be_taken_off_goes_to_a_person(floor: Floor) -> None:
    def ignores(broker: FakeBroker, request: Any) -> OrderAnswer:
        return OrderAnswer(outcome=Outcome.ACCEPTED)

    floor.broker.always("cancel_order", ignores)
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NEEDS_OPERATOR


async def test_a_replacement_that_carries_its_originals_name_is_known_all_the_same(floor: Floor) -> None:
    """Whether the broker copies the identifier is not documented."""

    def copies_the_name(broker: FakeBroker, request: Any) -> OrderAnswer:
        original = broker.book.end(request.order_id)
        order = request.order.model_copy(update={"identifier": original.identifier})
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=broker.book.accept(order, replaces=request.order_id))

    floor.broker.always("replace_order", copies_the_name)
    await floor.alert()
    await floor.end()
    assert entry_prices(floor) == cents("0.75", "0.76", "0.77", "0.78")
    assert floor.book.working() == []
