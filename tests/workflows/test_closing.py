"""Selling before the exit does: what is named, once, by the ladder downwards, and never more than is held."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
import pytest_asyncio
from temporalio.client import WorkflowUpdateStage

from domain.audit import AuditKind
from domain.broker import PlaceOrder
from domain.closing import CloseOutcome, CloseRequest, CloseResult, Urgency
from domain.orders import OrderAnswer, OrderStatus, OrderType, Outcome
from domain.refusals import RefusalCode
from domain.settings import AtWindowEnd, ClosingSettings, TradeTerms
from domain.trade import TradeState
from domain.trouble import TroubleKind
from tests.fakes.broker import FakeBroker, Gate, lose, proceed, refuse
from tests.workflows.conftest import Floor, cents
from tests.workflows.invariants import Promise
from workflows.alert_trade import AlertTrade

HALF = Decimal("0.5")


@pytest_asyncio.fixture(loop_scope="module")
async def holding(floor: Floor) -> Floor:
    """Four were bought at 0.75, an exit for two stands at 1.50, and the market is 1.00 to 1.04."""
    floor.market("0.75", "0.75")
    await floor.alert()
    await floor.after(3)
    await floor.tells()
    await floor.after(3)
    assert floor.book.working_sells() == [(2, Decimal("1.50"))]
    floor.market("1.00", "1.04")
    return floor


class Seller:
    """Somebody who asks the floor's trade to sell, and may wait for the result."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.asked = 0

    async def ask(self, request_id: str = "", **fields: object) -> "asyncio.Task[CloseResult]":
        self.asked += 1
        request = CloseRequest.model_validate(
            {
                "request_id": request_id or f"close-{self.asked}",
                "by": "operator (tests)",
                "asked_at": await self.floor.env.get_current_time(),
            }
            | fields
        )
        handle = await self.floor.trade.start_update(
            AlertTrade.close, request, wait_for_stage=WorkflowUpdateStage.ACCEPTED
        )
        return asyncio.create_task(handle.result())

    async def sell(self, seconds: float = 5, request_id: str = "", **fields: object) -> CloseResult:
        """Ask, have the stream tell what happens within `seconds`, and take the result."""
        result = await self.ask(request_id, **fields)
        for _ in range(int(seconds)):
            await self.floor.after(1)
            await self.floor.tells()
            if result.done():
                break
        return await result


@pytest.fixture
def seller(holding: Floor) -> Seller:
    return Seller(holding)


async def test_all_of_it_is_sold_after_the_exit_is_off_the_market(holding: Floor, seller: Seller) -> None:
    holding.market("1.02", "1.02")
    result = await seller.sell()
    assert (result.outcome, result.asked, result.sold, result.held) == (CloseOutcome.SOLD, 4, 4, 0)
    exit_, close = holding.book.sells
    assert (exit_.status, close.quantity, close.price) == (OrderStatus.CANCELLED, 4, Decimal("1.02"))
    view = await holding.end()
    assert (view.state, view.exited, view.realised) == (TradeState.CLOSED, 4, Decimal("108.00"))


async def test_a_half_leaves_the_exit_alone_that_the_rest_still_covers(holding: Floor, seller: Seller) -> None:
    holding.market("1.02", "1.02")
    result = await seller.sell(fraction=HALF)
    assert (result.outcome, result.sold, result.held) == (CloseOutcome.SOLD, 2, 2)
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]
    assert len(holding.book.sells) == 2
    assert (await holding.view()).state is TradeState.HOLDING


async def test_half_and_half_of_the_rest_and_all_out(holding: Floor, seller: Seller) -> None:
    holding.market("1.02", "1.02")
    assert (await seller.sell(fraction=HALF)).sold == 2
    assert (await seller.sell(10, fraction=HALF)).sold == 1
    await holding.after(3)
    assert holding.book.working_sells() == [(1, Decimal("1.50"))]
    assert (await seller.sell(10)).sold == 1
    assert (await holding.end()).state is TradeState.CLOSED
    assert holding.book.held() == 0


async def test_a_part_without_a_number_is_the_settings_half(holding: Floor, seller: Seller) -> None:
    holding.market("1.02", "1.02")
    assert (await seller.sell(partial=True)).sold == 2


async def test_asking_twice_with_one_id_sells_once(holding: Floor, seller: Seller) -> None:
    holding.market("1.02", "1.02")
    first = await seller.sell(request_id="one", fraction=HALF)
    assert await seller.sell(request_id="one", fraction=HALF) == first
    assert holding.book.held() == 2


async def test_the_ladder_goes_down_a_tick_at_a_time_and_keeps_what_nobody_buys(holding: Floor, seller: Seller) -> None:
    result = await seller.sell(110, limit=Decimal("1.20"))
    closes = [order.price for order in holding.book.sells if order.price and order.price < Decimal("1.40")]
    assert closes == cents("1.20", "1.19", "1.18", "1.17")
    assert (result.outcome, result.sold, result.held) == (CloseOutcome.NOT_SOLD, 0, 4)
    await holding.after(5)
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]

    assert TroubleKind.CLOSE_MISSED in [trouble.kind for trouble in holding.operator.troubles]


async def test_an_exit_that_the_rest_covers_stands_through_every_rung(holding: Floor, seller: Seller) -> None:
    gate = Gate()
    holding.broker.will("cancel_order", gate)
    slow = await seller.ask(fraction=HALF, limit=Decimal("1.20"))
    await holding.until(gate)
    await holding.after(3)
    gate.open()
    await holding.after(100)
    await holding.tells()
    await holding.after(10)
    assert (await slow).outcome is CloseOutcome.NOT_SOLD
    exits = [order for order in holding.book.sells if order.price == Decimal("1.50")]
    assert [order.status for order in exits] == [OrderStatus.LIVE]


async def test_the_rest_goes_to_the_market_at_the_windows_end_when_it_is_a_tick_away(
    holding: Floor, seller: Seller
) -> None:
    result = await seller.sell(110, limit=Decimal("1.04"))
    assert (result.outcome, result.average) == (CloseOutcome.SOLD, Decimal("1.00"))
    assert holding.book.sells[-1].order_type is OrderType.MARKET


async def test_the_rest_goes_to_the_market_wherever_it_is_if_the_settings_say_so(floor: Floor) -> None:
    floor.broker.terms = TradeTerms(closing=ClosingSettings(at_window_end=AtWindowEnd.MARKET))
    floor.market("0.75", "0.75")
    await floor.alert()
    await floor.after(3)
    await floor.tells()
    floor.market("1.00", "1.04")
    result = await Seller(floor).sell(120, limit=Decimal("1.20"))
    assert (result.outcome, result.average, result.held) == (CloseOutcome.SOLD, Decimal("1.00"), 0)


async def test_now_is_at_the_market_at_once(holding: Floor, seller: Seller) -> None:
    result = await seller.sell(10, urgency=Urgency.NOW)
    assert (result.outcome, result.average, result.held) == (CloseOutcome.SOLD, Decimal("1.00"), 0)
    assert holding.book.sells[-1].order_type is OrderType.MARKET


async def test_a_refused_market_order_becomes_a_limit_at_the_bid(holding: Floor, seller: Seller) -> None:
    holding.broker.will("place_order", refuse("market_order_not_allowed"))
    result = await seller.sell(15, urgency=Urgency.NOW)
    assert (result.outcome, result.average) == (CloseOutcome.SOLD, Decimal("1.00"))
    assert holding.book.sells[-1].price == Decimal("1.00")


async def test_now_outlasts_an_outage_of_the_broker(holding: Floor, seller: Seller) -> None:
    sent = len(holding.book.history)
    holding.broker.will("place_order", *[refuse("unreachable")] * 12)
    result = await seller.sell(120, urgency=Urgency.NOW)
    assert (result.outcome, result.sold, result.average) == (CloseOutcome.SOLD, 4, Decimal("1.00"))
    assert holding.book.sells[-1].order_type is OrderType.MARKET
    assert len(holding.book.history) > sent
    assert {row.price for row in holding.rows(AuditKind.INTENT) if "-0c" in (row.identifier or "")} == {None}


async def test_now_is_not_tried_for_ever(holding: Floor, seller: Seller) -> None:
    holding.broker.will("place_order", *[refuse("unreachable")] * 42)
    result = await seller.sell(400, urgency=Urgency.NOW)
    assert (result.outcome, result.sold) == (CloseOutcome.NOT_SOLD, 0)
    await holding.after(5)
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]


async def test_what_is_taken_back_in_an_outage_is_not_sold_after_it(holding: Floor, seller: Seller) -> None:
    holding.broker.always("place_order", refuse("unreachable"))
    slow = await seller.ask("mine", urgency=Urgency.NOW)
    await holding.after(60)
    await holding.trade.signal(AlertTrade.close_taken_back, "mine")
    holding.broker.always("place_order", proceed)
    await holding.after(31)
    assert (await slow).outcome is CloseOutcome.STOPPED
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]


async def test_more_urgent_takes_the_place_of_a_ladder(holding: Floor, seller: Seller) -> None:
    slow = await seller.ask(limit=Decimal("1.20"))
    await holding.after(5)
    await holding.tells()
    result = await seller.sell(15, urgency=Urgency.NOW)
    assert (await slow).outcome is CloseOutcome.SUPERSEDED
    assert (result.outcome, result.sold) == (CloseOutcome.SOLD, 4)


async def test_what_is_called_filled_before_its_fill_is_told_is_not_offered_again(
    holding: Floor, seller: Seller
) -> None:
    holding.broker.will("cancel_order", proceed, refuse("cannot_update_order"))  # the exit's, and then the close's
    slow = await seller.ask(limit=Decimal("1.20"))
    await holding.after(5)
    await holding.tells()
    close = holding.book.newest()
    holding.book.change(close.order_id, status=OrderStatus.FILLED)  # by its record; which fill it was is not told yet
    urgent = await seller.ask(urgency=Urgency.NOW)
    await holding.after(20)
    await holding.tells()
    assert [order.quantity for order in holding.book.sells] == [2, 4]
    holding.book.fill(close.order_id, 4, Decimal("1.20"))
    await holding.tells()
    await holding.after(10)
    assert (await slow).sold == 4
    assert (await urgent).outcome is CloseOutcome.NOTHING_HELD
    assert (await holding.end()).state is TradeState.CLOSED


async def test_what_is_taken_back_is_kept_with_its_exit(holding: Floor, seller: Seller) -> None:
    slow = await seller.ask("mine", limit=Decimal("1.20"))
    await holding.after(5)
    await holding.tells()
    await holding.trade.signal(AlertTrade.close_taken_back, "mine")
    await holding.after(10)
    assert (await slow).outcome is CloseOutcome.STOPPED
    await holding.after(5)
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]


async def test_what_is_taken_back_while_its_market_is_looked_up_is_not_offered(holding: Floor, seller: Seller) -> None:
    gate = Gate()
    holding.broker.will("take_quote", gate)
    slow = await seller.ask("mine")
    await holding.until(gate)
    await holding.trade.signal(AlertTrade.close_taken_back, "mine")
    gate.open()
    result = await slow
    assert (result.outcome, result.sold) == (CloseOutcome.STOPPED, 0)
    await holding.after(5)
    assert [order.price for order in holding.book.sells] == cents("1.50", "1.50")


async def test_the_exit_that_sells_meanwhile_is_not_sold_again(holding: Floor, seller: Seller) -> None:
    gate = Gate()
    holding.broker.will("cancel_order", gate)
    slow = await seller.ask()
    await holding.until(gate)
    exit_ = next(order for order in holding.book.working() if not order.action.is_buy)
    holding.book.fill(exit_.order_id, 2, Decimal("1.50"))
    holding.market("1.02", "1.02")
    gate.open()
    await holding.watches(8)
    result = await slow
    assert (result.outcome, result.sold, result.held) == (CloseOutcome.SOLD, 2, 0)
    assert (await holding.end()).exited == 4


async def test_a_late_fill_of_the_exit_makes_the_sale_smaller_once_the_exit_has_made_room(
    holding: Floor, seller: Seller
) -> None:
    holding.may_break = {Promise.NEVER_SHORT}  # for the moment of the late fill
    slow = await seller.ask(fraction=Decimal("0.75"), limit=Decimal("1.20"))
    await holding.after(4)
    await holding.tells()
    assert holding.book.working_sells() == [(1, Decimal("1.50")), (3, Decimal("1.20"))]
    holding.book.fill(holding.book.sells[0].order_id, 2, Decimal("1.50"))
    await holding.watches(5)
    assert holding.book.working_sells() == [(2, Decimal("1.20"))]
    holding.market("1.20", "1.20")
    await holding.watches(3)
    result = await slow
    assert (result.outcome, result.sold, result.held) == (CloseOutcome.SOLD, 2, 0)
    assert (await holding.end()).state is TradeState.CLOSED


async def test_refusals_of_before_do_not_hold_up_the_exit_of_what_was_not_sold(holding: Floor, seller: Seller) -> None:
    holding.broker.will("place_order", *[refuse("unreachable")] * 6)
    holding.book.end(holding.book.newest().order_id)
    await holding.tells()
    await holding.after(40)  # it waits for longer each time
    slow = await seller.ask("mine", limit=Decimal("1.20"))
    await holding.after(45)
    await holding.tells()
    await holding.trade.signal(AlertTrade.close_taken_back, "mine")
    await holding.watches(8)
    assert (await slow).outcome is CloseOutcome.STOPPED
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]


async def test_a_lost_answer_is_looked_up_and_nothing_is_sold_twice(holding: Floor, seller: Seller) -> None:
    holding.market("1.02", "1.02")
    holding.broker.will("place_order", lose)
    result = await seller.sell(20)
    assert (result.outcome, result.sold) == (CloseOutcome.SOLD, 4)
    assert holding.book.held() == 0


async def test_a_sale_is_not_repriced_while_a_late_fill_of_the_exit_leaves_it_no_room(
    holding: Floor, seller: Seller
) -> None:
    holding.may_break = {Promise.NEVER_SHORT}  # until the exit has made room again
    slow = await seller.ask(fraction=Decimal("0.75"), limit=Decimal("1.20"))
    await holding.after(4)
    await holding.tells()
    assert holding.book.working_sells() == [(1, Decimal("1.50")), (3, Decimal("1.20"))]
    holding.broker.always("cancel_order", refuse("unreachable"))
    holding.book.fill(holding.book.sells[0].order_id, 1, Decimal("1.50"))
    await holding.tells()
    await holding.after(31)
    assert (await holding.view()).state is TradeState.CLOSING
    assert holding.book.working_sells() == [(1, Decimal("1.50")), (3, Decimal("1.20"))]
    holding.broker.always("cancel_order", proceed)
    await holding.watches(35)
    assert [quantity for quantity, _ in holding.book.working_sells()] == [3]
    holding.market("1.20", "1.20")
    await holding.watches(5)
    result = await slow
    assert (result.outcome, result.sold, result.held) == (CloseOutcome.SOLD, 3, 0)


async def test_an_order_sent_anew_finds_its_room_anew(holding: Floor, seller: Seller) -> None:
    holding.may_break = {Promise.NEVER_SHORT}  # until the exit has made room again
    gate = Gate()

    def late_fill(broker: FakeBroker, request: PlaceOrder) -> OrderAnswer:
        broker.book.fill(broker.book.sells[0].order_id, 1, Decimal("1.50"))
        broker.will("cancel_order", gate)
        return OrderAnswer(outcome=Outcome.REFUSED, code="throttled")

    holding.broker.will("place_order", proceed, late_fill)
    slow = await seller.ask(fraction=Decimal("0.75"), limit=Decimal("1.20"))
    await holding.after(2)
    await holding.tells()
    await holding.until(gate)
    await holding.after(5)
    assert (await holding.view()).state is TradeState.CLOSING
    gate.open()
    holding.market("1.20", "1.20")
    await holding.watches(8)
    assert ((await slow).outcome, (await slow).sold) == (CloseOutcome.SOLD, 3)


async def test_an_entry_that_still_works_comes_off_first(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.after(3)
    floor.book.fill(floor.book.newest().order_id, 3, Decimal("0.75"))
    await floor.tells()
    floor.market("0.80", "0.80")
    result = await Seller(floor).sell(20)
    assert (result.outcome, result.asked, result.sold) == (CloseOutcome.SOLD, 3, 3)
    entry, *_ = floor.book.buys
    assert entry.status is OrderStatus.CANCELLED
    assert (await floor.end()).state is TradeState.CLOSED


async def test_who_asked_for_less_hears_at_once_that_more_is_asked_while_the_entry_comes_off(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.after(3)
    floor.book.fill(floor.book.newest().order_id, 3, Decimal("0.75"))
    await floor.tells()
    gate = Gate()
    floor.broker.will("cancel_order", gate)
    seller = Seller(floor)
    less = await seller.ask(fraction=HALF)
    await floor.until(gate)
    more = await seller.ask()
    assert (await less).outcome is CloseOutcome.SUPERSEDED
    floor.market("0.80", "0.80")
    gate.open()
    await floor.watches(20)
    assert ((await more).outcome, (await more).sold) == (CloseOutcome.SOLD, 3)


async def test_what_was_to_be_sold_before_it_was_bought_is_not_bought(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.after(3)
    result = await Seller(floor).sell(90)
    assert result.outcome is CloseOutcome.NOTHING_HELD
    view = await floor.end()
    assert view.refusal is not None
    assert (view.state, view.refusal.code) == (TradeState.REFUSED, RefusalCode.CLOSED_FIRST)


async def test_a_cancelled_trade_stops_selling_and_restores_its_exit(holding: Floor, seller: Seller) -> None:
    slow = await seller.ask(limit=Decimal("1.20"))
    await holding.after(5)
    await holding.tells()
    await holding.trade.cancel()
    view = await holding.cancelled()
    assert (await slow).outcome is CloseOutcome.STOPPED
    assert view.state is TradeState.CANCELLED
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]


async def test_a_trade_cancelled_while_its_exit_is_taken_off_stays_until_that_is_back(
    holding: Floor, seller: Seller
) -> None:
    gate = Gate()
    holding.broker.will("cancel_order", gate)
    slow = await seller.ask("mine")
    await holding.until(gate)
    await holding.trade.signal(AlertTrade.close_taken_back, "mine")
    assert (await slow).outcome is CloseOutcome.STOPPED
    await holding.trade.cancel()
    gate.open()
    assert (await holding.cancelled()).state is TradeState.CANCELLED
    states = holding.rows(AuditKind.STATE, AuditKind.INTENT)[-2:]
    assert [row.kind for row in states] == [AuditKind.INTENT, AuditKind.STATE]
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]


async def test_who_asked_what_and_what_it_came_to_is_written_down(holding: Floor, seller: Seller) -> None:
    holding.market("1.02", "1.02")
    await seller.sell(fraction=HALF)
    asked, told = holding.rows(AuditKind.CLOSING)
    assert asked.detail == "operator (tests) asks to sell 50 %"
    assert (told.code, told.detail) == ("sold", "sold: 2 of 2 at 1.02, 2 still held")
    assert told.at - asked.at < timedelta(seconds=6)
