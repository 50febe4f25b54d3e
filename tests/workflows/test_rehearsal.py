"""A dry run: everything happens but the orders."""

from decimal import Decimal

import pytest

from domain.audit import AuditKind
from domain.refusals import RefusalCode
from domain.trade import TradeState
from tests.fakes.broker import Gate, fail, refuse
from tests.workflows.conftest import Floor, cents


async def test_checks_every_order_of_the_ladder_and_places_none(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert(dry_run=True)
    view = await floor.end()
    assert view.state is TradeState.NO_FILL
    assert [order.price for order in floor.book.dry_runs] == cents("0.75", "0.76", "0.77", "0.78")
    assert floor.book.placed == []
    assert floor.book.orders == {}


async def test_nothing_that_changes_orders_is_ever_asked_for(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert(dry_run=True)
    await floor.end()
    assert not {"replace_order", "cancel_order"} & set(floor.broker.calls)


async def test_says_what_would_have_been_bought_and_put_out_for_sale(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert(dry_run=True)
    await floor.after(5)
    floor.market("0.70", "0.75")
    view = await floor.end()
    assert (view.state, view.filled, view.average_price) == (TradeState.CLOSED, 4, Decimal("0.75"))
    assert (view.exit_quantity, view.exit_price) == (2, Decimal("1.50"))
    assert [order.action for order in floor.book.dry_runs] == ["Buy to Open", "Sell to Close"]


async def test_fills_at_the_real_quote_not_at_its_own_price(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert(dry_run=True)
    await floor.after(5)
    floor.market("0.70", "0.73")
    assert (await floor.end()).average_price == Decimal("0.73")


async def test_an_order_that_the_broker_would_not_take_is_refused(floor: Floor) -> None:
    floor.broker.will("place_order", refuse("margin_check_failed"))
    await floor.alert(dry_run=True)
    view = await floor.end()
    assert view.refusal is not None
    assert (view.state, view.refusal.code) == (TradeState.REFUSED, RefusalCode.BROKER_REFUSED)


async def test_a_check_that_fails_leaves_nothing_unknown_behind(floor: Floor) -> None:
    floor.broker.always("place_order", fail)
    await floor.alert(dry_run=True)
    assert (await floor.end()).state is TradeState.REFUSED
    assert "find_order" not in floor.broker.calls


async def test_an_order_that_the_market_reaches_while_its_replacement_is_checked_is_bought_once(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert(dry_run=True)
    await floor.after(10)
    gate = Gate()
    floor.broker.will("place_order", gate)
    await floor.until(gate)
    floor.market("0.70", "0.75")
    await floor.after(1.5)
    gate.open()
    view = await floor.end()
    assert (view.state, view.filled) == (TradeState.CLOSED, 4)


@pytest.mark.parametrize("seconds", [5, 30])
async def test_is_cancelled_like_any_trade(floor: Floor, seconds: int) -> None:
    floor.market("0.70", "0.90")
    await floor.alert(dry_run=True)
    await floor.after(seconds)
    await floor.trade.cancel()
    assert (await floor.cancelled()).state is TradeState.CANCELLED


async def test_every_row_says_that_it_was_a_dry_run(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert(dry_run=True)
    await floor.end()
    assert {row.mode for row in floor.rows(*AuditKind)} == {"paper dry run"}
