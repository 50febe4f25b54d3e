"""The ladder: when it steps, how it moves its order, what it never does, and how it ends."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from domain.audit import AuditKind
from domain.broker import PlaceOrder, ReplaceOrder
from domain.orders import OrderAnswer, OrderStatus, OrderType, Outcome
from domain.refusals import RefusalCode
from domain.settings import GuardSettings, LadderSettings, Reprice, TradeTerms
from domain.trade import TradeState
from tests.fakes.broker import FakeBroker, Gate, lose, refuse, reject, show, take_and_not_answer
from tests.workflows.conftest import Floor, cents
from tests.workflows.invariants import Promise

FOUR_RUNGS = cents("0.75", "0.76", "0.77", "0.78")
BY_CANCEL = TradeTerms(ladder=LadderSettings(reprice=Reprice.CANCEL_AND_PLACE))


def seconds_since_first(floor: Floor, *kinds: AuditKind) -> list[int]:
    """When such rows were written, in whole seconds of workflow time after the first order."""
    first = floor.rows(AuditKind.INTENT)[0].at
    return [round((row.at - first) / timedelta(seconds=1)) for row in floor.rows(*kinds)]


def entry_prices(floor: Floor) -> list[Decimal | None]:
    """What was sent to buy, in order; None is a market order."""
    return [order.price for order in floor.book.placed if order.action.is_buy]


def quantities(floor: Floor) -> list[int]:
    return [order.quantity for order in floor.book.placed if order.action.is_buy]


def replacement_aborted_by_a_fill(filled: int, original_ends: OrderStatus | None) -> Any:
    """A fill of the original overtakes the replacement, which the broker then aborts."""

    def move(broker: FakeBroker, request: ReplaceOrder) -> OrderAnswer:
        new = broker.book.accept(request.order, replaces=request.order_id, status=OrderStatus.CONTINGENT)
        broker.book.end(new.order_id)
        broker.book.fill(request.order_id, filled)
        if original_ends is not None:
            broker.book.end(request.order_id, original_ends)
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=new)

    return move


@pytest.fixture
def far_market(floor: Floor) -> Floor:
    """A market that the ladder can't reach."""
    floor.market("0.70", "0.90")
    return floor


async def test_steps_at_20_40_and_60_seconds_and_gives_up_at_90(far_market: Floor) -> None:
    await far_market.alert()
    view = await far_market.end()
    assert view.state is TradeState.NO_FILL
    assert seconds_since_first(far_market, AuditKind.RUNG) == [20, 40, 60]
    assert seconds_since_first(far_market, AuditKind.CONVERT) == [90]
    assert entry_prices(far_market) == FOUR_RUNGS
    assert far_market.book.working() == []


async def test_moves_its_order_by_replacing_it(far_market: Floor) -> None:
    await far_market.alert()
    await far_market.end()
    assert far_market.broker.calls.count("replace_order") == 3
    assert far_market.broker.calls.count("place_order") == 1


async def test_moves_its_order_by_cancel_and_place_when_set_so(far_market: Floor) -> None:
    far_market.broker.terms = BY_CANCEL
    await far_market.alert()
    await far_market.end()
    assert entry_prices(far_market) == FOUR_RUNGS
    assert far_market.broker.calls.count("replace_order") == 0


async def test_a_refused_replacement_is_cancelled_and_placed_instead(far_market: Floor) -> None:
    far_market.broker.will("replace_order", refuse("cannot_update_order"))
    await far_market.alert()
    await far_market.after(25)
    assert entry_prices(far_market) == cents("0.75", "0.76", "0.76")
    assert [(o.price, o.status) for o in far_market.book.buys] == [
        (Decimal("0.75"), OrderStatus.CANCELLED),
        (Decimal("0.76"), OrderStatus.LIVE),
    ]


async def test_a_replacement_larger_than_the_rest_is_taken_off_and_the_rest_placed(far_market: Floor) -> None:
    def fills_one_first(broker: FakeBroker, request: ReplaceOrder) -> OrderAnswer:
        broker.book.fill(request.order_id, 1)
        broker.book.end(request.order_id)
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=broker.book.accept(request.order, replaces=request.order_id))

    far_market.may_break = {Promise.NEVER_MORE_THAN_SIZED}  # for the moment until it is taken off: the broker's doing
    far_market.broker.will("replace_order", fills_one_first)
    await far_market.alert()
    await far_market.after(30)
    assert [(o.quantity, o.status) for o in far_market.book.buys] == [
        (4, OrderStatus.CANCELLED),
        (4, OrderStatus.CANCELLED),
        (3, OrderStatus.LIVE),
    ]


async def test_an_original_that_fills_while_it_is_replaced_ends_the_ladder(far_market: Floor) -> None:
    far_market.broker.will("replace_order", replacement_aborted_by_a_fill(4, None))
    await far_market.alert()
    await far_market.after(100)
    assert far_market.book.held() == 4
    assert quantities(far_market) == [4, 4]


async def test_the_rest_is_placed_once_when_a_part_fill_aborts_the_replacement(far_market: Floor) -> None:
    far_market.broker.will("replace_order", replacement_aborted_by_a_fill(1, OrderStatus.CANCELLED))
    await far_market.alert()
    await far_market.after(35)
    assert quantities(far_market) == [4, 4, 3]
    assert [(o.quantity, o.price) for o in far_market.book.working() if o.action.is_buy] == [(3, Decimal("0.76"))]


async def test_an_original_that_works_on_after_an_aborted_replacement_is_taken_off_first(far_market: Floor) -> None:
    far_market.broker.will("replace_order", replacement_aborted_by_a_fill(1, None))
    await far_market.alert()
    await far_market.after(35)
    assert [(o.quantity, o.status) for o in far_market.book.buys] == [
        (4, OrderStatus.CANCELLED),
        (4, OrderStatus.CANCELLED),
        (3, OrderStatus.LIVE),
    ]


async def test_a_replacement_of_unknown_outcome_that_was_taken_goes_on_working(far_market: Floor) -> None:
    def takes_it_and_says_nothing(broker: FakeBroker, request: ReplaceOrder) -> OrderAnswer:
        broker.book.end(request.order_id)
        broker.book.accept(request.order, replaces=request.order_id)
        return lose(broker, request)

    far_market.broker.will("replace_order", takes_it_and_says_nothing)
    await far_market.alert()
    await far_market.end()
    assert entry_prices(far_market) == FOUR_RUNGS


async def test_a_replacement_that_never_arrived_is_cancelled_and_placed(far_market: Floor) -> None:
    far_market.broker.will("replace_order", lose)
    await far_market.alert()
    await far_market.after(58)
    assert entry_prices(far_market) == cents("0.75", "0.76", "0.76")
    assert [o.price for o in far_market.book.working()] == cents("0.76")


async def test_after_a_partial_fill_the_rungs_are_for_the_rest_only(far_market: Floor) -> None:
    await far_market.alert()
    await far_market.after(5)
    far_market.book.fill(1000, 1)
    await far_market.tells()
    await far_market.after(60)
    assert quantities(far_market) == [4, 3, 3, 3]
    assert far_market.book.held() == 1


async def test_a_late_fill_of_an_earlier_order_shrinks_the_working_one_at_once(far_market: Floor) -> None:
    """Filled and open together stay within what was sized (invariant 7), long before the next rung."""
    far_market.may_break = {Promise.NEVER_MORE_THAN_SIZED}  # for the moment until it is shrunk: nobody can foresee it
    await far_market.alert()
    await far_market.after(25)
    far_market.book.fill(1000, 3)
    await far_market.tells()
    await far_market.after(5)
    assert [(o.quantity, o.price, o.status) for o in far_market.book.buys] == [
        (4, Decimal("0.75"), OrderStatus.CANCELLED),
        (4, Decimal("0.76"), OrderStatus.CANCELLED),
        (1, Decimal("0.76"), OrderStatus.LIVE),
    ]


async def test_a_shrunk_order_climbs_on_with_the_ladder(far_market: Floor) -> None:
    far_market.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    await far_market.alert()
    await far_market.after(25)
    far_market.book.fill(1000, 1)
    await far_market.tells()
    await far_market.after(80)
    assert entry_prices(far_market) == cents("0.75", "0.76", "0.76", "0.77", "0.78")
    assert seconds_since_first(far_market, AuditKind.RUNG) == [20, 40, 60]


async def test_a_late_fill_of_all_that_was_sized_takes_the_working_order_off(far_market: Floor) -> None:
    far_market.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    await far_market.alert()
    await far_market.after(25)
    far_market.book.fill(1000, 4)
    await far_market.tells()
    await far_market.after(5)
    assert quantities(far_market) == [4, 4]
    assert [order for order in far_market.book.working() if order.action.is_buy] == []
    assert far_market.book.held() == 4


async def test_a_fill_that_meets_the_cancel_of_a_shrink_counts(far_market: Floor) -> None:
    """The order that is too large fills in part while it is taken off: what is sent anew is the rest after that."""

    def fills_one_first(broker: FakeBroker, request: Any) -> OrderAnswer | None:
        broker.book.fill(request.order_id, 1)
        return None

    far_market.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    await far_market.alert()
    await far_market.after(25)
    far_market.broker.will("cancel_order", fills_one_first)
    far_market.book.fill(1000, 1)
    await far_market.tells()
    await far_market.after(5)
    assert quantities(far_market) == [4, 4, 2]
    assert far_market.book.held() == 2


async def test_a_conversion_is_shrunk_as_well(floor: Floor) -> None:
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    floor.market("0.74", "0.79", size=0)
    await floor.alert()
    await floor.after(93)
    floor.book.fill(1000, 3)
    await floor.tells()
    await floor.after(5)
    assert [(o.price, o.quantity) for o in floor.book.placed if o.action.is_buy][4:] == [(None, 4), (None, 1)]


async def test_a_fill_heard_between_rungs_ends_the_ladder(far_market: Floor) -> None:
    await far_market.alert()
    await far_market.after(25)
    far_market.book.fill(1001, 4)
    await far_market.tells()
    await far_market.after(70)
    assert quantities(far_market) == [4, 4]
    assert (await far_market.view()).state is TradeState.HOLDING


async def test_a_fill_that_wins_against_the_cancel_at_the_windows_end_is_kept(far_market: Floor) -> None:
    def fills_first(broker: FakeBroker, request: Any) -> OrderAnswer:
        broker.book.fill(request.order_id, 4)
        return OrderAnswer(outcome=Outcome.REFUSED, code="cannot_update_order")

    far_market.broker.will("cancel_order", fills_first)
    await far_market.alert()
    await far_market.after(110)
    view = await far_market.view()
    assert (view.state, view.filled) == (TradeState.HOLDING, 4)
    assert far_market.book.working_sells() == [(2, Decimal("1.56"))]


async def test_a_fill_told_only_after_its_cancel_was_confirmed_is_kept(far_market: Floor) -> None:
    """A late fill is legal, also when nothing at all was filled before (invariants 11 and 18)."""
    await far_market.alert()
    await far_market.after(89)
    late = Gate()
    far_market.broker.always("read_order", late)
    await far_market.until(late)
    far_market.book.fill(far_market.book.newest().order_id, 2)
    late.open()
    await far_market.tells()
    await far_market.after(10)
    view = await far_market.view()
    assert (view.state, view.filled) == (TradeState.HOLDING, 2)
    assert far_market.book.working_sells() == [(1, Decimal("1.56"))]


async def test_what_misses_the_market_by_one_tick_is_converted_to_a_market_order(floor: Floor) -> None:
    floor.market("0.74", "0.79")
    await floor.alert()
    await floor.after(95)
    assert [(o.price, o.quantity) for o in floor.book.placed][4] == (None, 4)
    assert floor.book.held() == 4
    assert seconds_since_first(floor, AuditKind.CONVERT) == [90]


async def test_what_misses_the_market_by_two_ticks_is_given_up(floor: Floor) -> None:
    floor.book.ask = Decimal("0.80")
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NO_FILL
    assert entry_prices(floor) == FOUR_RUNGS


async def test_a_market_order_that_is_refused_becomes_a_limit_at_the_far_quote(floor: Floor) -> None:
    def no_market_orders(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer | None:
        market = request.order.order_type is OrderType.MARKET
        return OrderAnswer(outcome=Outcome.REFUSED, code="market_closed") if market else None

    floor.market("0.74", "0.79")
    floor.broker.always("place_order", no_market_orders)
    await floor.alert()
    await floor.after(95)
    assert entry_prices(floor)[4:] == [None, Decimal("0.79")]
    assert (await floor.view()).state is TradeState.HOLDING


async def test_a_market_order_that_the_venue_rejects_becomes_a_limit_at_the_far_quote(floor: Floor) -> None:
    def not_at_the_venue(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer | None:
        market = request.order.order_type is OrderType.MARKET
        answer: OrderAnswer = reject("no market orders now")(broker, request) if market else None
        return answer

    floor.market("0.74", "0.79")
    floor.broker.always("place_order", not_at_the_venue)
    await floor.alert()
    await floor.after(95)
    assert entry_prices(floor)[4:] == [None, Decimal("0.79")]
    assert (await floor.view()).state is TradeState.HOLDING


async def test_a_market_order_that_the_venue_cancels_unasked_becomes_a_limit_at_the_far_quote(floor: Floor) -> None:
    """Some venues refuse in this way."""

    def cancelled_by_the_venue(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer | None:
        if request.order.order_type is not OrderType.MARKET:
            return None
        order = broker.book.accept(request.order, status=OrderStatus.RECEIVED)
        broker.book.end(order.order_id)
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=order)

    floor.market("0.74", "0.79")
    floor.broker.always("place_order", cancelled_by_the_venue)
    await floor.alert()
    await floor.after(95)
    assert entry_prices(floor)[4:] == [None, Decimal("0.79")]
    assert (await floor.view()).state is TradeState.HOLDING


async def test_a_market_order_that_the_venue_rejects_seconds_later_becomes_a_limit_too(floor: Floor) -> None:
    def waits(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer | None:
        if request.order.order_type is not OrderType.MARKET:
            return None
        return OrderAnswer(
            outcome=Outcome.ACCEPTED, order=broker.book.accept(request.order, status=OrderStatus.RECEIVED)
        )

    floor.market("0.74", "0.79")
    floor.broker.always("place_order", waits)
    await floor.alert()
    await floor.after(93)
    floor.book.end(floor.book.newest().order_id, OrderStatus.REJECTED, "no market orders now")
    await floor.tells()
    await floor.after(3)
    assert entry_prices(floor)[4:] == [None, Decimal("0.79")]
    assert floor.book.held() == 4


async def test_nothing_follows_a_market_order_in_doubt_and_by_the_time_it_is_settled_the_window_is_over(
    floor: Floor,
) -> None:
    def lost_at_market(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer | None:
        return lose(broker, request) if request.order.order_type is OrderType.MARKET else None

    floor.market("0.74", "0.79")
    floor.broker.always("place_order", lost_at_market)
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NO_FILL
    assert entry_prices(floor)[4:] == [None]


async def test_a_market_order_in_doubt_that_was_taken_is_found_and_not_sent_again(floor: Floor) -> None:
    def taken_at_market(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer | None:
        return take_and_not_answer(broker, request) if request.order.order_type is OrderType.MARKET else None

    floor.broker.stream_is_up = False
    floor.market("0.74", "0.79")
    floor.broker.always("place_order", taken_at_market)
    await floor.alert()
    await floor.after(95)
    assert entry_prices(floor)[4:] == [None]
    assert (await floor.view()).filled == 4


async def test_a_market_order_that_fills_in_part_is_taken_off_after_its_wait(floor: Floor) -> None:
    floor.market("0.74", "0.79", size=1)
    await floor.alert()
    await floor.after(95)
    assert [o.order_type for o in floor.book.working() if o.action.is_buy] == [OrderType.MARKET]
    await floor.after(10)
    assert [o for o in floor.book.working() if o.action.is_buy] == []
    assert (await floor.view()).filled == 1


async def test_no_order_outlives_the_window_by_more_than_its_grace(floor: Floor) -> None:
    floor.market("0.74", "0.79", size=0)
    await floor.alert()
    await floor.end()
    first = floor.book.history[0].at
    assert floor.book.history[-1].at - first <= timedelta(seconds=90 + 15)


@pytest.mark.parametrize(("bid", "ask"), [(None, None), (None, "0.80"), ("0.90", "0.80"), ("0.10", "2.00")], ids=str)
async def test_stays_where_it_is_at_a_rung_without_a_market(
    far_market: Floor, bid: str | None, ask: str | None
) -> None:
    far_market.broker.will("take_quote", show("0.70", "0.90"), show(bid, ask))
    await far_market.alert()
    await far_market.after(45)
    assert entry_prices(far_market) == cents("0.75", "0.76")
    assert "stays" in far_market.rows(AuditKind.RUNG)[0].detail


async def test_stays_where_it_is_when_the_quote_is_stale(far_market: Floor) -> None:
    await far_market.alert()
    await far_market.after(1)
    far_market.broker.will("take_quote", show("0.70", "0.90", at=far_market.broker.now()))
    await far_market.after(25)
    assert entry_prices(far_market) == cents("0.75")


async def test_stays_where_it_is_when_nobody_can_be_asked_for_a_quote(far_market: Floor) -> None:
    far_market.broker.will("take_quote", show("0.70", "0.90"), *[broken_quote] * 3)
    await far_market.alert()
    await far_market.after(45)
    assert entry_prices(far_market) == cents("0.75", "0.76")


def broken_quote(broker: FakeBroker, request: Any) -> None:
    raise ConnectionError("no quotes")


async def test_stays_where_it_is_when_its_price_already_meets_the_market(floor: Floor) -> None:
    floor.book.size = 0
    await floor.alert()
    await floor.after(1)
    floor.book.ask = Decimal("0.75")
    await floor.after(60)
    assert entry_prices(floor) == cents("0.75")


async def test_is_given_up_at_the_windows_end_without_a_market(far_market: Floor) -> None:
    await far_market.alert()
    await far_market.after(65)
    far_market.broker.always("take_quote", show("0.70", None))
    view = await far_market.end()
    assert view.state is TradeState.NO_FILL
    assert entry_prices(far_market) == FOUR_RUNGS


async def test_never_climbs_past_its_ceiling(far_market: Floor) -> None:
    guard = GuardSettings(ceiling_percent=Decimal(0), ceiling_min_ticks=2)
    far_market.broker.terms = TradeTerms(guard=guard)
    await far_market.alert()
    await far_market.end()
    assert entry_prices(far_market) == cents("0.75", "0.76", "0.77")


async def test_never_converts_past_its_ceiling(floor: Floor) -> None:
    floor.book.ask = Decimal("0.78")
    guard = GuardSettings(ceiling_percent=Decimal(0), ceiling_min_ticks=2)
    floor.broker.terms = TradeTerms(guard=guard)
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.NO_FILL
    assert None not in entry_prices(floor)


async def test_starts_at_the_mid_when_that_is_below_the_alert(far_market: Floor) -> None:
    far_market.market("0.60", "0.71")
    await far_market.alert()
    await far_market.after(1)
    assert entry_prices(far_market) == cents("0.65")


async def test_a_definite_refusal_is_the_end(floor: Floor) -> None:
    floor.broker.will("place_order", refuse("margin_check_failed", "not enough"))
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.REFUSED
    assert view.refusal is not None
    assert view.refusal.code is RefusalCode.BROKER_REFUSED
    assert "margin_check_failed" in view.refusal.detail
    assert floor.book.orders == {}


async def test_a_rejection_by_the_venue_is_the_end_and_gives_its_reason(floor: Floor) -> None:
    floor.broker.will("place_order", reject("Halted"))
    await floor.alert()
    view = await floor.end()
    assert view.state is TradeState.REFUSED
    assert view.refusal is not None
    assert (view.refusal.code, view.refusal.detail) == (RefusalCode.BROKER_REFUSED, "Halted")
    assert len(floor.book.placed) == 1


async def test_a_rejection_that_comes_later_is_the_end_too(floor: Floor) -> None:
    await floor.alert()
    await floor.after(3)
    floor.book.end(1000, OrderStatus.REJECTED, "Halted")
    await floor.tells()
    view = await floor.end()
    assert view.state is TradeState.REFUSED
    assert view.refusal is not None
    assert view.refusal.detail == "Halted"


async def test_a_cancel_that_nobody_here_asked_for_is_the_end(floor: Floor) -> None:
    await floor.alert()
    await floor.after(3)
    floor.book.end(1000)
    await floor.tells()
    view = await floor.end()
    assert view.state is TradeState.REFUSED
    assert view.refusal is not None
    assert "Cancelled at the venue" in view.refusal.detail
    assert len(floor.book.placed) == 1


async def test_what_was_filled_before_a_refusal_is_held(far_market: Floor) -> None:
    far_market.broker.terms = BY_CANCEL
    await far_market.alert()
    await far_market.after(5)
    far_market.book.fill(1000, 2)
    await far_market.tells()
    await far_market.after(5)
    far_market.broker.will("place_order", refuse("closing_only"))
    await far_market.after(30)
    assert (await far_market.view()).state is TradeState.HOLDING
    assert far_market.book.working_sells() == [(1, Decimal("1.50"))]


async def test_a_replacement_that_could_not_be_sent_leaves_the_order_working(far_market: Floor) -> None:
    far_market.broker.will("replace_order", refuse("throttled"))
    await far_market.alert()
    await far_market.after(45)
    assert [(o.price, o.status) for o in far_market.book.buys] == [
        (Decimal("0.75"), OrderStatus.CANCELLED),
        (Decimal("0.76"), OrderStatus.LIVE),
    ]
    assert far_market.broker.calls.count("cancel_order") == 0


async def test_an_order_that_could_not_be_sent_is_sent_anew_under_another_name(far_market: Floor) -> None:
    far_market.broker.will("place_order", refuse("unreachable"))
    await far_market.alert()
    await far_market.after(5)
    assert entry_prices(far_market) == cents("0.75", "0.75")
    assert len({order.identifier for order in far_market.book.placed}) == 2
    assert len(far_market.book.working()) == 1


async def test_a_broker_that_can_not_be_reached_at_all_is_said_so(floor: Floor) -> None:
    floor.broker.always("place_order", refuse("unreachable"))
    await floor.alert()
    view = await floor.end()
    assert view.refusal is not None
    assert view.refusal.code is RefusalCode.BROKER_UNREACHABLE


async def test_the_first_order_must_be_sent_before_its_alert_is_too_old(floor: Floor) -> None:
    sent_by: list[timedelta] = []

    def note(broker: FakeBroker, request: PlaceOrder) -> None:
        sent_by.append(request.not_after - broker.now())

    floor.broker.will("place_order", note)
    await floor.alert(age=8)
    await floor.after(2)
    assert sent_by[0] <= timedelta(seconds=2)


async def test_an_order_that_came_too_late_for_its_alert_is_refused_as_too_old(floor: Floor) -> None:
    floor.broker.will("place_order", refuse("too_late"))
    await floor.alert()
    view = await floor.end()
    assert view.refusal is not None
    assert view.refusal.code is RefusalCode.TOO_OLD


async def test_rungs_that_were_missed_are_not_made_up_for_in_a_rush(far_market: Floor) -> None:
    """The first order's fate took 50 s to learn: each later step still gets half a rung."""
    far_market.broker.will("place_order", slow_to_show)
    await far_market.alert()
    await far_market.after(50)
    far_market.broker.hidden.clear()
    far_market.broker.always("find_order", lambda broker, request: None)
    await far_market.end()
    steps = seconds_since_first(far_market, AuditKind.RUNG)
    assert all(later - earlier >= 9 for earlier, later in pairwise(steps))


def slow_to_show(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer:
    """Taken, unanswered, and look-ups fail until the test lets them."""
    broker.book.accept(request.order)
    broker.book.unheard.clear()

    def down(broker: FakeBroker, request: Any) -> None:
        raise ConnectionError("look-ups are down")

    broker.always("find_order", down)
    return lose(broker, request)
