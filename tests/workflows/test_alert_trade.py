"""A trade from its alert to its end: what refuses it, what ends it, and what a cancel does at every stage."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import pytest_asyncio
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.interfaces import TRADES_QUEUE
from domain.audit import AuditKind
from domain.broker import ContractListing, PlaceOrder
from domain.market_hours import MarketHours
from domain.orders import OrderStatus
from domain.refusals import RefusalCode
from domain.settings import ExitSettings, GuardSettings, LadderSettings, Reprice, SingleContract, TradeTerms
from domain.trade import TradeState
from domain.trouble import TroubleKind
from tests.fakes.broker import CONTRACT, FakeBroker, Gate, decline, fail, lose, refuse, show
from tests.workflows.conftest import Floor, request
from tests.workflows.invariants import Promise
from workflows.alert_trade import AlertTrade

SELLS_THE_ONE = TradeTerms(exit=ExitSettings(single_contract=SingleContract.EXIT_ALL))


@pytest_asyncio.fixture(loop_scope="module")
async def filled(floor: Floor) -> Floor:
    """A trade that bought its four contracts and holds them, its exit for two being in the market."""
    floor.market("0.75", "0.75")
    await floor.alert()
    await floor.after(8)
    assert floor.book.working_sells() == [(2, Decimal("1.50"))]
    return floor


async def test_fills_and_exits_half_at_double(filled: Floor) -> None:
    view = await filled.view()
    assert (view.state, view.filled, view.exit_quantity) == (TradeState.HOLDING, 4, 2)


async def test_one_message_is_one_trade_for_ever(filled: Floor) -> None:
    await filled.trade.cancel()
    await filled.cancelled()
    with pytest.raises(WorkflowAlreadyStartedError):
        await filled.env.client.start_workflow(
            AlertTrade.run,
            request(),
            id=filled.trade.id,
            task_queue=TRADES_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )


# What is refused


async def refused_as(floor: Floor, code: RefusalCode) -> bool:
    """Ended as refused with that code, written down so, and nothing was sent."""
    view = await floor.end()
    rows = [row.code for row in floor.rows(AuditKind.REFUSED)]
    told = (view.state, view.refusal and view.refusal.code, rows, floor.book.placed)
    return told == (TradeState.REFUSED, code, [str(code)], [])


@pytest.mark.parametrize(
    ("activity", "code"),
    [
        ("admit", RefusalCode.HALTED),
        ("admit", RefusalCode.DUPLICATE),
        ("find_contract", RefusalCode.STRIKE_NOT_LISTED),
        ("reserve", RefusalCode.ZERO_QUANTITY),
        ("reserve", RefusalCode.NO_BUYING_POWER),
    ],
)
async def test_a_no_on_the_way_refuses_the_trade(floor: Floor, activity: str, code: RefusalCode) -> None:
    floor.broker.will(activity, decline(code))
    await floor.alert()
    assert await refused_as(floor, code)


@pytest.mark.parametrize("activity", ["admit", "find_contract", "reserve"])
async def test_one_who_can_not_be_asked_refuses_the_trade(floor: Floor, activity: str) -> None:
    floor.broker.always(activity, fail)
    await floor.alert()
    assert await refused_as(floor, RefusalCode.BROKER_UNREACHABLE)


@pytest.mark.parametrize(
    ("bid", "ask", "code"),
    [
        (None, None, RefusalCode.NO_QUOTE),
        ("0.70", None, RefusalCode.ONE_SIDED_QUOTE),
        ("0.80", "0.70", RefusalCode.CROSSED_QUOTE),
        ("0.20", "1.30", RefusalCode.SPREAD_TOO_WIDE),
    ],
)
async def test_a_market_that_is_none_refuses_the_trade(
    floor: Floor, bid: str | None, ask: str | None, code: RefusalCode
) -> None:
    floor.broker.always("take_quote", show(bid, ask))
    await floor.alert()
    assert await refused_as(floor, code)


async def test_a_closed_market_refuses_the_trade(floor: Floor) -> None:
    closed = ContractListing(contract=CONTRACT, hours=MarketHours(is_open=False))
    floor.broker.always("find_contract", lambda broker, query: closed)
    await floor.alert()
    assert await refused_as(floor, RefusalCode.MARKET_CLOSED)


async def test_a_bid_that_is_too_small_refuses_the_trade(floor: Floor) -> None:
    floor.broker.terms = TradeTerms(guard=GuardSettings(min_bid=Decimal("0.80")))
    floor.market("0.74", "0.78")
    await floor.alert()
    assert await refused_as(floor, RefusalCode.BID_TOO_SMALL)


async def test_an_alert_far_from_the_market_refuses_the_trade(floor: Floor) -> None:
    floor.market("0.74", "0.78")
    await floor.alert(price=Decimal(78))
    assert await refused_as(floor, RefusalCode.PRICE_OFF_MARKET)


async def test_a_stale_quote_refuses_the_trade(floor: Floor) -> None:
    floor.broker.always("take_quote", show("0.70", "0.80", at=datetime(2020, 1, 1, tzinfo=UTC)))
    await floor.alert()
    assert await refused_as(floor, RefusalCode.STALE_QUOTE)


async def test_an_alert_that_is_too_old_when_its_order_would_go_is_refused(floor: Floor) -> None:
    await floor.alert(age=11)
    assert await refused_as(floor, RefusalCode.TOO_OLD)


async def test_an_order_that_no_worker_takes_was_not_sent(floor: Floor) -> None:
    reserved = Gate()
    floor.broker.will("reserve", reserved)
    await floor.alert(age=6)  # too old for a second try
    await reserved.reached.wait()
    reserved.open()
    await floor.no_more_order_takers()
    view = await floor.end()
    assert view.refusal is not None
    assert (view.refusal.code, view.refusal.detail[:11]) == (RefusalCode.BROKER_UNREACHABLE, "not_started")
    assert floor.book.placed == []


# How a trade ends


async def test_is_closed_with_its_profit_when_all_is_sold(floor: Floor) -> None:
    floor.broker.quantity, floor.broker.terms = 1, SELLS_THE_ONE
    floor.market("0.75", "0.75")
    await floor.alert()
    await floor.after(8)
    floor.book.bid = Decimal("1.50")
    floor.book.match(floor.book.sells[0].order_id)
    await floor.tells()
    view = await floor.end()
    assert (view.state, view.realised) == (TradeState.CLOSED, Decimal(75))


async def test_what_is_not_sold_runs_until_it_expires(floor: Floor) -> None:
    now = await floor.env.get_current_time()
    floor.broker.contract = CONTRACT.model_copy(update={"expires_at": now + timedelta(hours=5)})
    floor.market("0.75", "0.75")
    await floor.alert()
    await floor.after(4 * 3600)
    assert (await floor.view()).state is TradeState.HOLDING
    assert (await floor.end()).state is TradeState.EXPIRED


async def test_an_exit_that_expires_with_its_contract_is_not_placed_again(floor: Floor) -> None:
    now = await floor.env.get_current_time()
    floor.broker.contract = CONTRACT.model_copy(update={"expires_at": now + timedelta(seconds=60)})
    floor.market("0.75", "0.75")
    await floor.alert()
    await floor.after(59.5)
    floor.book.end(floor.book.sells[0].order_id, OrderStatus.EXPIRED)
    await floor.tells()
    assert (await floor.end()).state is TradeState.EXPIRED
    assert len(floor.book.sells) == 1


async def test_more_filled_than_sized_goes_to_a_person_with_an_exit_for_what_is_held(filled: Floor) -> None:
    filled.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    filled.book.fill(1000, 2)
    await filled.tells()
    view = await filled.end()
    assert (view.state, view.filled) == (TradeState.NEEDS_OPERATOR, 6)
    assert filled.book.working_sells() == [(3, Decimal("1.50"))]


async def test_too_many_filled_while_the_ladder_climbs_stops_it(floor: Floor) -> None:
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    await floor.alert()
    await floor.after(25)
    floor.book.fill(1000, 2)
    floor.book.fill(1001, 4)
    await floor.tells()
    view = await floor.end()
    assert (view.state, view.filled) == (TradeState.NEEDS_OPERATOR, 6)
    assert floor.book.working_sells() == [(3, Decimal("1.52"))]
    assert len(floor.rows(AuditKind.ERROR)) == 1


async def test_a_record_of_an_order_that_was_never_meant_goes_to_a_person(floor: Floor) -> None:
    await floor.alert()
    await floor.after(5)
    known = floor.book.newest()
    identifier = f"{(known.identifier or '')[:-2]}zz"
    await floor.broker.tell_of(known.model_copy(update={"order_id": 77, "identifier": identifier}))
    view = await floor.end()
    assert view.state is TradeState.NEEDS_OPERATOR
    assert floor.book.working() == []


async def test_the_trade_waits_for_its_audit_before_it_closes(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    floor.broker.always("append_audit", fail)
    await floor.alert()
    await floor.after(600)
    assert (await floor.view()).state is TradeState.NO_FILL
    assert await floor.is_running()
    floor.broker.always("append_audit", lambda broker, batch: None)
    assert (await floor.end()).state is TradeState.NO_FILL


# Who is called


async def test_a_trade_that_contradicts_the_broker_calls_an_operator_once(filled: Floor) -> None:
    filled.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    for _ in range(2):
        filled.book.fill(1000, 2)
        await filled.tells()
    await filled.end()
    (trouble,) = filled.operator.troubles
    assert (trouble.kind, trouble.workflow_id) == (TroubleKind.TRADE_CONTRADICTED, filled.trade.id)
    assert trouble.detail == "6 bought of 4 sized"


async def test_a_trade_whose_order_nobody_can_settle_calls_an_operator_once(floor: Floor) -> None:
    floor.may_break = {Promise.FILLS_TOLD}
    floor.broker.will("place_order", lose)
    floor.broker.always("find_order", fail)
    await floor.alert()
    assert (await floor.end()).state is TradeState.NEEDS_OPERATOR
    assert [trouble.kind for trouble in floor.operator.troubles] == [TroubleKind.ORDER_UNSETTLED]


async def test_a_trade_whose_exit_is_refused_for_good_calls_an_operator_once(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.will("place_order", lambda broker, request: None)
    floor.broker.always("place_order", refuse("margin_check_failed"))
    await floor.alert()
    assert (await floor.end()).state is TradeState.NEEDS_OPERATOR
    assert [trouble.kind for trouble in floor.operator.troubles] == [TroubleKind.EXIT_FAILED]


async def test_a_trade_that_ends_well_calls_nobody(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.end()
    assert floor.operator.tries == 0


async def test_an_operator_who_can_not_be_reached_does_not_keep_the_exit_waiting(floor: Floor) -> None:
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    floor.operator.is_away = True
    await floor.alert()
    await floor.after(25)
    floor.book.fill(1001, 6)
    await floor.tells()
    await floor.after(8)
    assert [quantity for quantity, _ in floor.book.working_sells()] == [3]
    assert await floor.is_running()
    floor.operator.is_away = False
    assert (await floor.end()).state is TradeState.NEEDS_OPERATOR
    assert len(floor.operator.troubles) == 1


# Cancelled, at every stage


@pytest.mark.parametrize("stage", ["admit", "find_contract", "take_quote", "reserve"])
async def test_cancelled_before_its_first_order_sends_none(floor: Floor, stage: str) -> None:
    gate = Gate()
    floor.broker.will(stage, gate)
    await floor.alert()
    await gate.reached.wait()
    await floor.trade.cancel()
    gate.open()
    view = await floor.cancelled()
    assert view.state is TradeState.CANCELLED
    assert view.refusal is not None
    assert view.refusal.code is RefusalCode.CANCELLED
    assert floor.book.placed == []


@pytest.mark.parametrize("stage", ["admit", "find_contract", "take_quote"])
async def test_cancelled_before_its_size_reserves_nothing(floor: Floor, stage: str) -> None:
    gate = Gate()
    floor.broker.will(stage, gate)
    await floor.alert()
    await gate.reached.wait()
    await floor.trade.cancel()
    gate.open()
    await floor.cancelled()
    assert "reserve" not in floor.broker.calls


async def test_cancelled_while_its_order_is_on_the_way_takes_it_off(floor: Floor) -> None:
    gate = Gate()
    floor.broker.will("place_order", gate)
    await floor.alert()
    await gate.reached.wait()
    await floor.trade.cancel()
    gate.open()
    view = await floor.cancelled()
    assert view.state is TradeState.CANCELLED
    assert [order.status for order in floor.book.buys] == [OrderStatus.CANCELLED]


async def test_cancelled_while_its_order_is_on_the_way_and_fills_keeps_the_fill_and_its_exit(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    gate = Gate()
    floor.broker.will("place_order", gate)
    await floor.alert()
    await gate.reached.wait()
    await floor.trade.cancel()
    gate.open()
    view = await floor.cancelled()
    assert (view.state, view.filled) == (TradeState.CANCELLED, 4)
    assert [quantity for quantity, _ in floor.book.working_sells()] == [2]


async def test_cancelled_while_its_orders_fate_is_unknown_settles_it_first(floor: Floor) -> None:
    def takes_and_loses(broker: FakeBroker, request: PlaceOrder) -> object:
        broker.book.accept(request.order)
        broker.hidden.add(request.order.identifier)
        broker.book.unheard.clear()
        return lose(broker, request)

    floor.broker.will("place_order", takes_and_loses)
    await floor.alert()
    await floor.after(3)
    await floor.trade.cancel()
    await floor.after(3)
    floor.broker.hidden.clear()
    view = await floor.cancelled()
    assert view.state is TradeState.CANCELLED
    assert floor.book.working() == []


async def test_cancelled_between_rungs_takes_the_order_off(floor: Floor) -> None:
    await floor.alert()
    await floor.after(30)
    await floor.trade.cancel()
    view = await floor.cancelled()
    assert view.state is TradeState.CANCELLED
    assert floor.book.working() == []


@pytest.mark.parametrize(
    ("reprice", "activity"),
    [
        (Reprice.REPLACE, "take_quote"),
        (Reprice.REPLACE, "replace_order"),
        (Reprice.CANCEL_AND_PLACE, "cancel_order"),
        (Reprice.CANCEL_AND_PLACE, "place_order"),
    ],
)
async def test_cancelled_in_the_middle_of_a_rung_leaves_no_order(floor: Floor, reprice: Reprice, activity: str) -> None:
    floor.market("0.70", "0.90")
    floor.broker.terms = TradeTerms(ladder=LadderSettings(reprice=reprice))
    await floor.alert()
    await floor.after(10)
    gate = Gate()
    floor.broker.will(activity, gate)
    await floor.until(gate)
    await floor.trade.cancel()
    gate.open()
    view = await floor.cancelled()
    assert view.state is TradeState.CANCELLED
    assert floor.book.working() == []


async def test_cancelled_during_the_wait_for_a_market_order_takes_it_off(floor: Floor) -> None:
    floor.market("0.74", "0.79", size=1)
    await floor.alert()
    await floor.after(95)
    await floor.trade.cancel()
    view = await floor.cancelled()
    assert (view.state, view.filled) == (TradeState.CANCELLED, 1)
    assert floor.book.working() == []


async def test_cancelled_while_holding_keeps_the_exit(filled: Floor) -> None:
    await filled.trade.cancel()
    view = await filled.cancelled()
    assert view.state is TradeState.CANCELLED
    assert filled.book.working_sells() == [(2, Decimal("1.50"))]


async def test_cancelled_before_its_exit_is_placed_places_it(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.will("place_order", lambda broker, request: None, refuse("margin_check_failed"))
    await floor.alert()
    await floor.sees(lambda: len(floor.book.placed) == 2)
    await floor.trade.cancel()
    view = await floor.cancelled()
    assert view.state is TradeState.CANCELLED
    assert floor.book.working_sells() == [(2, Decimal("1.50"))]


async def test_cancelled_while_its_exits_fate_is_unknown_does_not_end_without_one(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.will("place_order", lambda broker, request: None, lose)
    await floor.alert()
    await floor.after(8)
    await floor.trade.cancel()
    view = await floor.cancelled()
    assert view.state is TradeState.CANCELLED
    assert floor.book.working_sells() == [(2, Decimal("1.50"))]


async def test_a_partial_fill_is_kept_when_the_rest_is_cancelled(floor: Floor) -> None:
    await floor.alert()
    await floor.after(5)
    floor.book.fill(1000, 2)
    await floor.tells()
    await floor.after(2)
    await floor.trade.cancel()
    view = await floor.cancelled()
    assert (view.state, view.filled) == (TradeState.CANCELLED, 2)
    assert floor.book.working_sells() == [(1, Decimal("1.50"))]


async def test_a_fill_that_comes_after_the_cancel_is_heard_before_the_end(floor: Floor) -> None:
    await floor.alert()
    await floor.after(5)
    late = Gate()
    floor.broker.always("read_order", late)
    await floor.trade.cancel()
    await floor.until(late)
    floor.book.fill(1000, 2)
    late.open()
    view = await floor.cancelled()
    assert (view.state, view.filled) == (TradeState.CANCELLED, 2)
    assert floor.book.working_sells() == [(1, Decimal("1.50"))]


async def test_a_late_fill_that_nobody_told_is_found_before_a_cancelled_trade_ends(floor: Floor) -> None:
    """The stream lost it, and nobody asks any more once the trade is over (invariants 11 and 19)."""
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.after(25)
    floor.book.fill(1001, 2)
    await floor.tells()
    await floor.after(80)
    floor.book.fill(1000, 2)
    await floor.trade.cancel()
    view = await floor.cancelled()
    assert view.filled == 4
    assert floor.book.working_sells() == [(2, Decimal("1.51"))]


async def test_one_contract_too_many_that_nobody_told_of_calls_a_person_at_the_end(floor: Floor) -> None:
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.after(25)
    floor.book.fill(1001, 4)
    await floor.tells()
    await floor.after(5)
    floor.book.fill(1000, 1)
    await floor.trade.cancel()
    await floor.after(30)
    assert (await floor.view()).state is TradeState.NEEDS_OPERATOR


async def test_a_trade_that_sold_all_is_not_closed_over_a_late_fill(floor: Floor) -> None:
    """Two more were bought than the closing trade had heard of: they are held, and for sale."""
    floor.broker.terms = TradeTerms(exit=ExitSettings(percent=Decimal(100)))
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.after(25)
    floor.book.fill(1001, 2)
    await floor.tells()
    await floor.after(80)
    floor.book.fill(1000, 2)
    sale = next(order for order in floor.book.working() if not order.action.is_buy)
    floor.book.fill(sale.order_id, 2)
    floor.book.unheard = [order for order in floor.book.unheard if order.order_id == sale.order_id]
    await floor.tells()
    await floor.after(30)
    assert (await floor.view()).state is TradeState.HOLDING
    assert floor.book.working_sells() == [(2, Decimal("1.51"))]


async def test_cancelling_twice_is_cancelling_once(filled: Floor) -> None:
    await filled.trade.cancel()
    await filled.trade.cancel()
    view = await filled.cancelled()
    assert view.state is TradeState.CANCELLED


async def test_a_cancel_that_comes_when_only_the_audit_is_missing_loses_none_of_it(floor: Floor) -> None:
    floor.broker.always("append_audit", fail)
    floor.broker.will("admit", decline(RefusalCode.HALTED))
    await floor.alert()
    await floor.after(60)
    await floor.trade.cancel()
    floor.broker.always("append_audit", lambda broker, batch: None)
    view = await floor.cancelled()
    assert view.state is TradeState.REFUSED
    assert [row.state for row in floor.rows(AuditKind.STATE)] == [TradeState.REFUSED]
