"""A trade whose desk lets no entries in any more, at every stage: it buys nothing more, and keeps what it holds."""

from decimal import Decimal

import pytest

from domain.audit import AuditKind
from domain.orders import OrderStatus
from domain.refusals import RefusalCode
from domain.settings import LadderSettings, Reprice, TradeTerms
from domain.trade import TradeState
from tests.fakes.broker import Gate, take_and_hide
from tests.workflows.conftest import Floor
from workflows.alert_trade import AlertTrade

WHY = "halted by ann (api): FOMC"


async def halt(floor: Floor) -> None:
    """As the desk tells it."""
    await floor.trade.signal(AlertTrade.stop_entry, WHY)


async def ends_halted(floor: Floor) -> None:
    """Refused as halted, written down so, with nothing bought and nothing left in the market."""
    view = await floor.end()
    assert view.state is TradeState.REFUSED
    assert view.refusal is not None
    assert (view.refusal.code, view.refusal.detail) == (RefusalCode.HALTED, WHY)
    assert [row.code for row in floor.rows(AuditKind.REFUSED)] == [RefusalCode.HALTED]
    assert floor.book.working() == []


async def holds(floor: Floor, quantity: int, exit_quantity: int) -> None:
    """It stays with what it bought, its exit in the market, and closes when that and the rest are sold."""
    await floor.after(30)
    view = await floor.view()
    assert (view.state, view.filled) == (TradeState.HOLDING, quantity)
    assert await floor.is_running()
    assert floor.book.working_sells() == [(exit_quantity, Decimal("1.50"))]
    assert [order for order in floor.book.buys if not order.status.is_terminal] == []


@pytest.mark.parametrize("stage", ["admit", "find_contract", "take_quote", "reserve"])
async def test_halted_before_its_first_order_sends_none(floor: Floor, stage: str) -> None:
    gate = Gate()
    floor.broker.will(stage, gate)
    await floor.alert()
    await gate.reached.wait()
    await halt(floor)
    gate.open()
    await ends_halted(floor)
    assert floor.book.placed == []


async def test_halted_while_its_order_is_on_the_way_takes_it_off(floor: Floor) -> None:
    gate = Gate()
    floor.broker.will("place_order", gate)
    await floor.alert()
    await gate.reached.wait()
    await halt(floor)
    gate.open()
    await ends_halted(floor)
    assert [order.status for order in floor.book.buys] == [OrderStatus.CANCELLED]


async def test_halted_while_its_orders_fate_is_unknown_settles_it_first(floor: Floor) -> None:
    floor.broker.will("place_order", take_and_hide)
    await floor.alert()
    await floor.after(3)
    await halt(floor)
    await floor.after(3)
    floor.broker.hidden.clear()
    await ends_halted(floor)


async def test_halted_between_rungs_takes_the_order_off_at_once(floor: Floor) -> None:
    await floor.alert()
    await floor.after(30)
    await halt(floor)
    await floor.sees(lambda: floor.book.working() == [])
    await ends_halted(floor)


@pytest.mark.parametrize(
    ("reprice", "activity"),
    [
        (Reprice.REPLACE, "take_quote"),
        (Reprice.REPLACE, "replace_order"),
        (Reprice.CANCEL_AND_PLACE, "cancel_order"),
        (Reprice.CANCEL_AND_PLACE, "place_order"),
    ],
)
async def test_halted_in_the_middle_of_a_rung_leaves_no_order(floor: Floor, reprice: Reprice, activity: str) -> None:
    floor.market("0.70", "0.90")
    floor.broker.terms = TradeTerms(ladder=LadderSettings(reprice=reprice))
    await floor.alert()
    await floor.after(10)
    gate = Gate()
    floor.broker.will(activity, gate)
    await floor.until(gate)
    await halt(floor)
    gate.open()
    await ends_halted(floor)


async def test_halted_with_a_part_bought_holds_it_with_its_exit(floor: Floor) -> None:
    await floor.alert()
    await floor.after(5)
    floor.book.fill(1000, 2)
    await floor.tells()
    await floor.after(2)
    await halt(floor)
    await holds(floor, 2, 1)


async def test_a_fill_that_comes_with_the_halt_is_held_with_its_exit(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    gate = Gate()
    floor.broker.will("place_order", gate)
    await floor.alert()
    await gate.reached.wait()
    await halt(floor)
    gate.open()
    await holds(floor, 4, 2)


async def test_halted_while_a_market_order_fills_buys_no_more_and_holds(floor: Floor) -> None:
    floor.market("0.74", "0.79", size=1)
    await floor.alert()
    await floor.after(95)
    await halt(floor)
    await floor.after(30)
    view = await floor.view()
    assert (view.state, view.filled) == (TradeState.HOLDING, 1)
    assert floor.book.working() == []


async def test_a_halt_leaves_a_trade_that_holds_alone_until_its_exit_has_sold(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    await floor.alert(quantity=4)
    await floor.after(8)
    placed = len(floor.book.placed)
    await halt(floor)
    await holds(floor, 4, 2)
    assert len(floor.book.placed) == placed
    assert OrderStatus.CANCELLED not in [order.status for order in floor.book.orders.values()]
    sell = next(order.order_id for order in floor.book.orders.values() if not order.action.is_buy)
    floor.book.fill(sell, 2)
    await floor.tells()
    await floor.after(5)
    view = await floor.view()
    assert (view.exited, view.realised) == (2, Decimal(150))


async def test_a_halted_trade_can_still_be_cancelled(floor: Floor) -> None:
    await floor.alert()
    await floor.after(5)
    floor.book.fill(1000, 2)
    await floor.tells()
    await halt(floor)
    await floor.after(10)
    await floor.trade.cancel()
    view = await floor.cancelled()
    assert (view.state, view.filled) == (TradeState.CANCELLED, 2)
    assert floor.book.working_sells() == [(1, Decimal("1.50"))]
