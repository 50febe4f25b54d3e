"""A closing alert: it finds the trades that it may close, asks each, and says what became of it."""

from datetime import timedelta
from decimal import Decimal

import pytest_asyncio
from temporalio.client import WorkflowHandle

from activities.interfaces import TRADES_QUEUE
from domain.alert import Action
from domain.closing import CloseOutcome
from domain.desk import Admission
from domain.refusals import RefusalCode
from domain.settings import TradeTerms
from domain.trade import TradeState, TradeView
from domain.trouble import TroubleKind
from tests.fakes.broker import decline
from tests.workflows.asking import request
from tests.workflows.conftest import Floor
from workflows.alert_trade import AlertTrade

Closing = WorkflowHandle[AlertTrade, TradeView]


@pytest_asyncio.fixture(loop_scope="module")
async def holding(floor: Floor) -> Floor:
    """Four were bought at 0.75; the market is 1.02."""
    floor.market("0.75", "0.75")
    await floor.alert()
    await floor.after(3)
    await floor.tells()
    await floor.after(3)
    floor.market("1.02", "1.02")
    return floor


async def says(floor: Floor, *, dry_run: bool = False, age: float = 0, **alert: object) -> Closing:
    """A closing alert's workflow, for the floor's trade as the desk would have found it."""
    posted_at = await floor.env.get_current_time() - timedelta(seconds=age)
    asked = request(posted_at, dry_run=dry_run, action=Action.STC, **alert)
    if not floor.broker._next["admit"]:
        floor.broker.will("admit", lambda *_: Admission(terms=TradeTerms(), closes=(floor.trade.id,)))
    floor.keeps = await floor.env.client.start_workflow(
        AlertTrade.run, asked, id=asked.trade_id.workflow_id, task_queue=TRADES_QUEUE
    )
    return floor.keeps


async def passes(floor: Floor, seconds: int) -> None:
    for _ in range(seconds):
        await floor.after(1)
        await floor.tells()


async def test_sells_what_it_names_and_says_so(holding: Floor) -> None:
    closing = await says(holding, fraction=Decimal("0.5"), price=None)
    await passes(holding, 5)
    view = await closing.result()
    (result,) = view.closings
    assert (view.state, view.exited) == (TradeState.CLOSED, 2)
    assert (result.workflow_id, result.outcome, result.sold, result.held) == (
        holding.trade.id,
        CloseOutcome.SOLD,
        2,
        2,
    )
    assert holding.book.held() == 2
    assert (await holding.view()).closings == view.closings


async def test_sends_no_order_in_a_dry_run(holding: Floor) -> None:
    view = await (await says(holding, dry_run=True)).result()
    assert (view.state, holding.book.held()) == (TradeState.CLOSED, 4)
    assert view.note == f"would ask to sell all of {holding.trade.id}"


async def test_of_a_trade_that_is_over_is_refused_with_that_reason(holding: Floor) -> None:
    await holding.trade.cancel()
    await holding.cancelled()
    view = await (await says(holding)).result()
    assert view.refusal is not None
    assert (view.state, view.refusal.code) == (TradeState.REFUSED, RefusalCode.NO_OPEN_TRADE)
    assert "the trade is over" in view.refusal.detail


async def test_that_finds_no_trade_is_refused(holding: Floor) -> None:
    holding.broker.will("admit", decline(RefusalCode.NO_OPEN_TRADE))
    view = await (await says(holding)).result()
    assert (view.state, holding.book.held()) == (TradeState.REFUSED, 4)
    assert holding.operator.troubles == []


async def test_that_came_too_late_sells_nothing_and_an_operator_is_told(holding: Floor) -> None:
    view = await (await says(holding, age=30)).result()
    assert view.refusal is not None
    assert (view.state, view.refusal.code, holding.book.held()) == (TradeState.REFUSED, RefusalCode.TOO_OLD, 4)
    assert [trouble.kind for trouble in holding.operator.troubles] == [TroubleKind.CLOSE_MISSED]


async def test_that_is_cancelled_takes_its_request_back(holding: Floor) -> None:
    holding.market("1.00", "1.04")
    closing = await says(holding, price=Decimal("1.20"))
    await passes(holding, 5)
    await closing.cancel()
    await passes(holding, 10)
    view = await closing.query(AlertTrade.view)
    assert (view.state, [result.outcome for result in view.closings]) == (TradeState.CANCELLED, [CloseOutcome.STOPPED])
    assert holding.book.working_sells() == [(2, Decimal("1.50"))]
