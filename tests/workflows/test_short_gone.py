"""What was sold first is short no more in the account: the buy-back comes off, or shrinks, and the trade ends by it."""

import json
from decimal import Decimal

import pytest

from domain.audit import AuditKind
from domain.broker import CancelOrder, PositionAnswer
from domain.closing import CloseOutcome
from domain.orders import OrderAnswer, OrderStatus, OrderType, Outcome
from domain.survey import ShortGone
from domain.trade import TradeState
from domain.trouble import TroubleKind
from tests.fakes.broker import FakeBroker, Gate, Move, fail, proceed, refuse
from tests.workflows.conftest import Floor
from tests.workflows.test_changes import OldCode, old_code
from tests.workflows.test_closing import Seller, holding
from tests.workflows.test_short_trade import buyer, sells, short
from workflows.alert_trade import AlertTrade

__all__ = ["buyer", "holding", "old_code", "short"]


async def gone(floor: Floor, quantity: int) -> None:
    """Reconciliation has found that so many in all are short no more."""
    await floor.trade.signal(AlertTrade.short_gone, ShortGone(workflow_id=floor.trade.id, quantity=quantity))


async def test_what_was_assigned_takes_its_buy_back_off_and_ends_the_trade(short: Floor) -> None:
    await gone(short, 4)
    view = await short.end()
    assert short.book.working() == []
    assert (view.state, view.filled, view.exited, view.gone, view.held) == (TradeState.GONE, 4, 0, 4, 0)
    assert view.note == "4 of 4 short no more in the account: assigned, or bought back by hand"
    assert view.realised == 0
    assert [(row.quantity, row.detail) for row in short.rows(AuditKind.GONE)] == [(4, view.note)]
    assert short.operator.troubles == []  # whoever found it has told


async def test_its_buy_back_is_proven_off_the_market_before_it_ends(short: Floor) -> None:
    gate = Gate()
    short.broker.will("cancel_order", gate)
    await gone(short, 4)
    await short.until(gate)
    await short.after(5)
    assert await short.is_running()
    gate.open()
    assert (await short.end()).state is TradeState.GONE
    assert short.book.exits[0].status is OrderStatus.CANCELLED


async def test_a_buy_back_that_is_still_covered_by_what_is_short_stands(short: Floor) -> None:
    await gone(short, 1)
    await short.watches(10)
    view = await short.view()
    assert (view.state, view.gone, view.held) == (TradeState.HOLDING, 1, 3)
    assert short.book.working_exits() == [(2, Decimal("0.38"))]
    assert len(short.book.exits) == 1


async def test_a_buy_back_larger_than_what_is_left_short_shrinks(short: Floor) -> None:
    await gone(short, 3)
    await short.watches(10)
    assert short.book.working_exits() == [(1, Decimal("0.38"))]
    assert [order.status for order in short.book.exits] == [OrderStatus.CANCELLED, OrderStatus.LIVE]
    short.book.fill(short.book.exits[-1].order_id, 1, Decimal("0.38"))
    await short.watches(3)
    view = await short.end()
    assert (view.state, view.exited, view.gone, view.realised) == (TradeState.GONE, 1, 3, Decimal("37.00"))


async def test_a_total_that_is_told_again_takes_nothing_more(short: Floor) -> None:
    for quantity in (2, 2, 1, 3):
        await gone(short, quantity)
    await short.watches(5)
    assert (await short.view()).gone == 3
    assert [row.quantity for row in short.rows(AuditKind.GONE)] == [2, 3]


async def test_what_is_being_bought_back_shrinks_to_what_is_left_short(short: Floor, buyer: Seller) -> None:
    short.market("0.40", "0.60")
    asked = await buyer.ask(limit=Decimal("0.45"))
    await short.watches(5)
    assert short.book.working_exits() == [(4, Decimal("0.45"))]
    await gone(short, 3)
    await short.watches(5)
    assert short.book.working_exits() == [(1, Decimal("0.45"))]
    short.market("0.40", "0.40")
    short.book.match(short.book.exits[-1].order_id)
    await short.watches(5)
    result = await asked
    assert (result.outcome, result.asked, result.sold, result.held) == (CloseOutcome.SOLD, 4, 1, 0)
    assert result.detail == "the rest is short no more in the account"
    assert (await short.end()).state is TradeState.GONE


async def test_what_is_being_bought_back_comes_off_where_nothing_is_left_short(short: Floor, buyer: Seller) -> None:
    short.market("0.40", "0.60")
    asked = await buyer.ask(limit=Decimal("0.45"))
    await short.watches(5)
    await gone(short, 4)
    result = await asked
    assert (result.outcome, result.sold, result.held) == (CloseOutcome.SOLD, 0, 0)
    view = await short.end()
    assert (view.state, short.book.working(), short.book.held()) == (TradeState.GONE, [], -4)
    assert [order for order in short.book.exits if order.order_type is OrderType.MARKET] == []


async def test_who_asks_to_buy_back_gets_what_is_left_short_and_no_more(short: Floor, buyer: Seller) -> None:
    short.market("0.52", "0.52")
    await gone(short, 3)
    result = await buyer.sell()
    assert (result.asked, result.sold) == (1, 1)
    assert (await short.end()).state is TradeState.GONE
    assert short.book.held() == -3  # the book of the tests knows no assignment


async def test_a_buy_back_that_fills_on_its_way_off_counts_as_bought_back(short: Floor) -> None:
    gate = Gate()
    short.broker.will("cancel_order", gate)
    await gone(short, 4)
    await short.until(gate)
    short.book.fill(short.book.exits[0].order_id, 1, Decimal("0.38"))
    gate.open()
    await short.watches(10)
    view = await short.end()
    assert (view.state, view.exited, view.gone) == (TradeState.GONE, 1, 3)
    assert short.rows(AuditKind.ERROR) == []


async def test_a_buy_back_that_can_not_be_taken_off_goes_to_a_person(short: Floor) -> None:
    def stays(broker: FakeBroker, asked: CancelOrder) -> OrderAnswer:
        return OrderAnswer(outcome=Outcome.ACCEPTED)

    short.broker.always("cancel_order", stays)
    await gone(short, 4)
    view = await short.end()
    assert view.state is TradeState.NEEDS_OPERATOR
    assert [trouble.kind for trouble in short.operator.troubles] == [TroubleKind.ORDER_UNSETTLED]


def holds(quantity: int) -> Move:
    """What the account's list of positions says, whatever the book of the tests knows."""
    return lambda broker, asked: PositionAnswer(quantity=Decimal(quantity))


async def loses_its_buy_back(floor: Floor) -> None:
    """Some brokers take it off with the position; a new one is refused."""
    floor.broker.always("place_order", refuse("not_held"))
    floor.book.end(floor.book.exits[0].order_id)
    await floor.watches(60)


async def test_a_buy_back_refused_because_nothing_is_short_ends_the_trade_and_halts_nothing(short: Floor) -> None:
    short.broker.always("read_position", holds(0))
    await loses_its_buy_back(short)
    view = await short.end()
    assert (view.state, view.gone) == (TradeState.GONE, 4)
    assert [trouble.kind for trouble in short.operator.troubles] == [TroubleKind.SHORT_GONE]
    assert short.broker.calls.count("read_position") == 1


@pytest.mark.parametrize("told", [holds(0), fail], ids=["nothing is short", "nobody can tell"])
async def test_what_a_pass_tells_while_the_account_is_asked_is_no_reason_to_give_up(short: Floor, told: Move) -> None:
    gate = Gate(told)
    short.broker.always("read_position", gate)
    short.broker.always("place_order", refuse("not_held"))
    short.book.end(short.book.exits[0].order_id)
    while not gate.reached.is_set():
        await short.watches(1)
    await gone(short, 4)
    gate.open()
    assert (await short.end()).state is TradeState.GONE
    assert short.operator.troubles == []


async def test_a_buy_back_refused_because_less_is_short_is_sent_for_that(short: Floor) -> None:
    short.broker.always("read_position", holds(-1))
    await loses_its_buy_back(short)
    short.broker.always("place_order", proceed)
    await short.watches(30)
    assert short.book.working_exits() == [(1, Decimal("0.38"))]
    assert (await short.view()).gone == 3


@pytest.mark.parametrize("told", [holds(-4), fail], ids=["all of it is short", "nobody can tell"])
async def test_a_buy_back_refused_for_another_reason_goes_to_a_person(short: Floor, told: Move) -> None:
    short.broker.always("read_position", told)
    await loses_its_buy_back(short)
    view = await short.end()
    assert (view.state, view.gone) == (TradeState.NEEDS_OPERATOR, 0)
    assert [trouble.kind for trouble in short.operator.troubles] == [TroubleKind.EXIT_FAILED]


async def test_refusals_of_a_buy_back_that_was_too_large_do_not_count_for_the_smaller_one(short: Floor) -> None:
    """The broker refused what was short no more: the trade hears why, and its next refusal is the first."""
    short.broker.always("place_order", refuse("not_held"))
    short.broker.always("read_position", fail)
    begun = short.broker.calls.count("place_order")
    short.book.end(short.book.exits[0].order_id)
    while short.broker.calls.count("place_order") < begun + 4:
        await short.watches(1)
    await gone(short, 3)
    await short.watches(20)
    short.broker.always("place_order", proceed)
    await short.watches(60)
    assert short.book.working_exits() == [(1, Decimal("0.38"))]
    assert (await short.view()).state is TradeState.HOLDING


async def test_a_trade_that_bought_first_does_not_hear_of_it(holding: Floor) -> None:
    await gone(holding, 4)
    await holding.watches(3)
    view = await holding.view()
    assert (view.state, view.gone) == (TradeState.HOLDING, 0)
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]


@pytest.mark.parametrize("quantity", [1, 4])
async def test_the_desk_hears_how_much_is_left_short(short: Floor, quantity: int) -> None:
    await gone(short, quantity)
    await short.watches(5)
    asked = [
        event.signal_external_workflow_execution_initiated_event_attributes for event in (await short.history()).events
    ]
    told = [json.loads(each.input.payloads[0].data)["short"] for each in asked if each.signal_name == "trade_report"]
    assert told[1] == 4 - quantity  # after the entry's own


async def test_a_trade_that_was_open_before_anybody_told_of_it_ends_by_it_too(old_code: OldCode, floor: Floor) -> None:
    floor.market("0.75", "0.75")
    await sells(floor)
    await floor.watches(6)
    assert floor.book.working_exits() == [(2, Decimal("0.38"))]
    await old_code.gives_way()
    await gone(floor, 4)
    assert (await floor.end()).state is TradeState.GONE
    assert floor.book.working() == []
