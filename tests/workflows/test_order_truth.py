"""Orders whose fate is not told at once: found, never sent twice, and every execution counted once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.audit import AuditKind
from domain.broker import PlaceOrder
from domain.orders import Fill, OrderAnswer, OrderStatus, Outcome
from domain.trade import TradeState
from tests.fakes.broker import FakeBroker, fail, lose, take_and_hide, take_and_not_answer
from tests.workflows.conftest import Floor, cents
from tests.workflows.invariants import Promise

FOUR_FILLED = (Fill(fill_id="not ours", quantity=4, price=Decimal("0.75")),)


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


async def test_an_order_that_turns_up_while_its_trade_holds_is_taken_off_and_the_exit_stays(floor: Floor) -> None:
    floor.may_break = {Promise.ONE_ENTRY_AT_A_TIME, Promise.NEVER_MORE_THAN_SIZED}
    floor.broker.will("place_order", lose)
    await floor.alert()
    await floor.after(35)
    floor.book.fill(1000, 4)
    await floor.tells()
    await floor.after(10)
    assert (await floor.view()).state is TradeState.HOLDING
    late = floor.book.accept(floor.book.placed[0])
    await floor.tells()
    view = await floor.end()
    assert view.state is TradeState.NEEDS_OPERATOR
    assert floor.book.orders[late.order_id].status is OrderStatus.CANCELLED
    assert floor.book.working_sells() == [(2, cents("1.52")[0])]


async def test_an_order_that_turns_up_after_the_last_look_up_is_found_before_its_trade_ends(floor: Floor) -> None:
    """A request that a load balancer held: nobody would be there to hear of it, once the trade is over."""
    floor.may_break = {Promise.ONE_ENTRY_AT_A_TIME}
    floor.broker.always("place_order", lose)
    await floor.alert()
    await floor.after(125)
    assert floor.book.orders == {}
    floor.book.accept(floor.book.placed[-1])
    floor.book.unheard.clear()  # the stream does not tell
    view = await floor.end()
    assert view.state is TradeState.NEEDS_OPERATOR
    assert floor.book.working() == []


async def test_a_cancel_that_is_not_confirmed_keeps_no_other_order_in_the_market(floor: Floor) -> None:
    def ignores_the_first(broker: FakeBroker, request: Any) -> OrderAnswer | None:
        return OrderAnswer(outcome=Outcome.ACCEPTED) if request.order_id == 1000 else None

    floor.may_break = {Promise.ONE_ENTRY_AT_A_TIME, Promise.NEVER_MORE_THAN_SIZED}
    floor.broker.will("place_order", lose)
    floor.broker.always("cancel_order", ignores_the_first)
    await floor.alert()
    await floor.after(35)
    late = floor.book.accept(floor.book.placed[0])
    await floor.tells()
    await floor.after(5)
    assert [order.order_id for order in floor.book.working()] == [1000]
    assert floor.book.orders[late.order_id].status is OrderStatus.CANCELLED
    assert (await floor.end()).state is TradeState.NEEDS_OPERATOR


async def test_two_orders_under_one_identifier_are_both_taken_off_and_their_fills_get_an_exit(floor: Floor) -> None:
    floor.may_break = {Promise.ONE_ENTRY_AT_A_TIME, Promise.NEVER_MORE_THAN_SIZED}
    await floor.alert()
    await floor.after(5)
    twin = floor.book.accept(floor.book.placed[0])
    floor.book.fill(twin.order_id, 2)
    await floor.tells()
    view = await floor.end()
    assert (view.state, view.filled) == (TradeState.NEEDS_OPERATOR, 2)
    assert [order for order in floor.book.working() if order.action.is_buy] == []
    assert floor.book.working_sells() == [(1, cents("1.50")[0])]


async def test_an_order_that_was_refused_and_taken_all_the_same_is_not_sent_again(floor: Floor) -> None:
    """The request was doubled on its way: one was taken, the answer is the other's."""

    def takes_one_and_refuses_the_other(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer:
        broker.book.accept(request.order)
        return OrderAnswer(outcome=Outcome.REFUSED, code="throttled", message="one was enough")

    floor.broker.will("place_order", takes_one_and_refuses_the_other)
    await floor.alert()
    await floor.after(15)
    assert len(floor.book.placed) == 1
    assert [order.order_id for order in (await floor.view()).entries] == [1000]


async def test_a_fill_of_a_rejected_order_counts_and_goes_to_a_person_with_its_exit(floor: Floor) -> None:
    await floor.alert()
    await floor.after(5)
    floor.book.end(1000, OrderStatus.REJECTED, "Halted")
    await floor.tells()
    floor.book.change(1000, fills=floor.book.fill(1000, 2).fills, status=OrderStatus.REJECTED)
    await floor.tells()
    view = await floor.end()
    assert (view.state, view.filled) == (TradeState.NEEDS_OPERATOR, 2)
    assert floor.book.working_sells() == [(1, cents("1.50")[0])]


async def test_a_record_of_another_instrument_under_our_identifier_is_not_counted(floor: Floor) -> None:
    await floor.alert()
    await floor.after(5)
    filled = floor.book.orders[1000].model_copy(update={"symbol": "UBER  261204C00078000", "fills": FOUR_FILLED})
    await floor.broker.tell_of(filled)
    view = await floor.end()
    assert (view.state, view.filled) == (TradeState.NEEDS_OPERATOR, 0)
    assert floor.book.working() == []


async def test_the_exit_follows_the_fills_even_when_its_own_record_contradicts_what_was_sent(floor: Floor) -> None:
    def at_another_price(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer | None:
        if request.order.action.is_buy:
            return None
        order = broker.book.accept(request.order)
        return OrderAnswer(
            outcome=Outcome.ACCEPTED, order=order.model_copy(update={"price": order.price and 2 * order.price})
        )

    def fills_first(broker: FakeBroker, request: Any) -> None:
        if broker.book.orders[request.order_id].action.is_buy:
            broker.book.fill(request.order_id, 1)

    floor.broker.always("place_order", at_another_price)
    floor.broker.will("cancel_order", fills_first)
    await floor.alert()
    await floor.after(5)
    floor.book.fill(1000, 3)
    await floor.tells()
    view = await floor.end()
    assert (view.state, view.filled) == (TradeState.NEEDS_OPERATOR, 4)
    assert floor.book.working_sells() == [(2, cents("1.50")[0])]


async def test_more_filled_than_sized_is_noticed_when_it_is_read_and_not_told(floor: Floor) -> None:
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    floor.broker.stream_is_up = False
    await floor.alert()
    await floor.after(3)
    floor.book.fill(1000, 6)
    view = await floor.end()
    assert (view.state, view.filled) == (TradeState.NEEDS_OPERATOR, 6)
    assert floor.book.working_sells() == [(3, cents("1.50")[0])]
    assert len(floor.book.buys) == 1
