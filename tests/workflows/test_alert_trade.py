"""A trade from its alert to its end, on a real Temporal server whose clock skips, and a broker in memory."""

from datetime import timedelta
from decimal import Decimal

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import CancelledError
from temporalio.testing import WorkflowEnvironment

from domain.trade import TradeState
from tests.fakes.broker import FakeBroker
from tests.workflows.conftest import request, start
from workflows.alert_trade import AlertTrade


async def test_climbs_three_ticks_and_gives_up_away_from_the_market(
    env: WorkflowEnvironment, broker: FakeBroker
) -> None:
    broker.book.ask = Decimal("0.90")
    handle = await start(env, request(await env.get_current_time()))
    view = await handle.result()
    assert view.state is TradeState.NO_FILL
    assert [order.price for order in broker.book.placed] == [Decimal(p) for p in ("0.75", "0.76", "0.77", "0.78")]
    assert broker.book.working() == []
    assert broker.book.bought() == 0


async def test_fills_on_the_second_rung_and_exits_half_at_double(env: WorkflowEnvironment, broker: FakeBroker) -> None:
    broker.book.bid, broker.book.ask = Decimal("0.74"), Decimal("0.77")
    handle = await start(env, request(await env.get_current_time()))
    await env.sleep(timedelta(seconds=60))
    view = await handle.query(AlertTrade.view)
    assert view.state is TradeState.HOLDING
    assert view.rung == 2
    working = broker.book.working()
    assert broker.book.bought() == 4
    assert [(o.quantity, o.price, o.action.value) for o in working] == [(2, Decimal("1.54"), "Sell to Close")]


async def test_a_partial_fill_gets_its_exit_at_once_and_the_rest_goes_to_the_market(
    env: WorkflowEnvironment, broker: FakeBroker
) -> None:
    broker.book.bid, broker.book.ask, broker.book.ask_size = Decimal("0.75"), Decimal("0.75"), 2
    handle = await start(env, request(await env.get_current_time()))
    await env.sleep(timedelta(seconds=5))
    assert broker.book.bought() == 2
    assert [(o.quantity, o.price) for o in broker.book.working() if not o.action.is_buy] == [(1, Decimal("1.50"))]
    broker.book.bid, broker.book.ask, broker.book.ask_size = Decimal("0.74"), Decimal("0.79"), 100
    await env.sleep(timedelta(seconds=100))
    view = await handle.query(AlertTrade.view)
    assert view.filled == 4
    assert [o.quantity for o in broker.book.working()] == [2]
    assert broker.book.placed[-2].order_type.value == "Market" or view.average_price == Decimal("0.77")


async def test_cancelling_takes_the_entry_off_and_ends_as_cancelled(
    env: WorkflowEnvironment, broker: FakeBroker
) -> None:
    handle = await start(env, request(await env.get_current_time()))
    await env.sleep(timedelta(seconds=5))
    assert len(broker.book.working()) == 1
    await handle.cancel()
    with pytest.raises(WorkflowFailureError) as failure:
        await handle.result()
    assert isinstance(failure.value.cause, CancelledError)
    assert broker.book.working() == []
