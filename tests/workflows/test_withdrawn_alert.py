"""A trade whose alert was edited or deleted: nothing more is bought, and what is held keeps its exit."""

from decimal import Decimal

from domain.audit import AuditKind
from domain.refusals import RefusalCode
from domain.trade import TradeState
from tests.fakes.broker import Gate
from tests.workflows.conftest import Floor
from workflows.alert_trade import AlertTrade

WHY = "the alert was edited"


async def withdraw(floor: Floor) -> None:
    """As the bot tells it."""
    await floor.trade.signal(AlertTrade.withdraw, WHY)


async def test_withdrawn_before_its_first_order_sends_none(floor: Floor) -> None:
    gate = Gate()
    floor.broker.will("take_quote", gate)
    await floor.alert()
    await gate.reached.wait()
    await withdraw(floor)
    gate.open()
    view = await floor.end()
    assert view.refusal is not None
    assert (view.refusal.code, view.refusal.detail) == (RefusalCode.ALERT_WITHDRAWN, WHY)
    assert floor.book.placed == []


async def test_withdrawn_between_rungs_takes_the_order_off_and_says_why(floor: Floor) -> None:
    await floor.alert()
    await floor.after(30)
    await withdraw(floor)
    view = await floor.end()
    assert view.state is TradeState.REFUSED
    assert [row.code for row in floor.rows(AuditKind.REFUSED)] == [RefusalCode.ALERT_WITHDRAWN]
    assert floor.book.working() == []


async def test_withdrawn_after_a_part_was_bought_keeps_its_exit_and_goes_on(floor: Floor) -> None:
    await floor.alert()
    await floor.after(5)
    floor.book.fill(1000, 2)
    await floor.tells()
    await floor.after(2)
    await withdraw(floor)
    await floor.after(30)
    view = await floor.view()
    assert (view.state, view.filled) == (TradeState.HOLDING, 2)
    assert floor.book.working_sells() == [(1, Decimal("1.50"))]
    assert [order for order in floor.book.buys if not order.status.is_terminal] == []
    assert await floor.is_running()


async def test_withdrawn_while_it_holds_changes_nothing(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    await floor.alert(quantity=4)
    await floor.after(8)
    before = floor.book.working_sells()
    assert before == [(2, Decimal("1.50"))]
    await withdraw(floor)
    await floor.after(30)
    assert floor.book.working_sells() == before
    assert await floor.is_running()
