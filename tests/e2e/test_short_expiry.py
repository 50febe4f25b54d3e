"""Puts that were sold first and end at the exchange, in the money and out of it: trade, book, audit and report."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.audit.remote import RemoteAudit
from activities.broker import BrokerCredentials, BrokerEndpoint, TastytradeBroker
from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE
from domain.alert import Action, OptionType
from domain.audit import AuditEvent, AuditKind
from domain.audit_queries import TradeAuditQuery
from domain.broker import OrderById
from domain.chain import GENESIS
from domain.orders import OrderStatus
from domain.reporting.report import Book, report_of
from domain.reporting.span import Span
from domain.settings import Mode, TradeTerms
from domain.trade import TradeState, TradeView
from paper.control.client import Control
from paper.listings.calendar import new_york_day
from paper.listings.series import Instrument
from paper.server import RunningPaper, serve
from paper.settings import PaperSettings
from tests.e2e.conftest import House, until_async
from tests.e2e.test_outright import held, holds
from tests.e2e.test_short_options import is_told_as_gone, overrides, sold
from tests.fakes.broker import FakeBroker
from tests.fakes.operator import FakeOperator
from tests.workflows.asking import request
from tests.workflows.conftest import clockwork
from tests.workflows.invariants import in_order
from workflows.alert_trade import AlertTrade

__all__ = ["overrides"]
D = Decimal
ENDS = pytest.mark.parametrize(("beside", "shares"), [(-5, 200), (5, 0)], ids=["in the money", "out of the money"])
_SETTLED = timedelta(minutes=1)
pytestmark = pytest.mark.timeout(300)


@ENDS
async def test_an_assignment_before_the_trades_own_clock_ends_it_and_halts_nothing(
    house: House, uber: Instrument, beside: int, shares: int
) -> None:
    """The exchange is days ahead: what expires there is assigned early for the trade, and its buy-back is taken off."""
    assert house.control is not None
    assert house.client is not None
    assert uber.expires_at is not None
    assert uber.strike is not None
    workflow_id = await sold(house, uber, 2)
    await house.view_when(workflow_id, lambda view: bool(view.exits))
    price = uber.strike + beside
    await house.control.quote("UBER", price, price, 1000, 1000)
    await house.control.clock(uber.expires_at + _SETTLED)
    await holds(house, uber.symbol, 0)
    assert await held(house, "UBER") == shares
    view = await house.view_when(workflow_id, lambda view: view.state.is_end, within=120)
    assert (view.state, view.filled, view.exited, view.gone, view.realised) == (TradeState.GONE, 2, 0, 2, 0)
    assert [order["status"] for order in await house.orders(workflow_id)][:2] == ["Filled", "Expired"]
    found = await RemoteAudit(house.client).audit_trade(TradeAuditQuery(workflow_id=workflow_id))
    gone = [row.event for row in found.rows if row.event.kind is AuditKind.GONE]
    assert [(row.quantity, row.detail) for row in gone] == [(2, view.note)]
    await is_told_as_gone(house, workflow_id, "2 of 2 short no more", "the broker holds 0, running trades -2")
    _, out, _ = await house.run("desk")
    assert "halted" not in out
    code, _, err = await house.run("report", "--out", "here")
    assert (code, err) == (0, "")
    page = next(path for path in (house.folder / "here").iterdir() if path.suffix == ".html").read_text()
    assert "1 trade short for $150.00 until the account was not any more" in page


# By one clock


@dataclass
class Stage:
    """A trade on a server whose time flies, at an exchange in this process whose clock is put forward as well."""

    env: WorkflowEnvironment
    paper: RunningPaper
    control: Control
    broker: TastytradeBroker
    desk: FakeBroker  # admits, sizes, and keeps the audit
    option: Instrument

    async def sells(self) -> WorkflowHandle[AlertTrade, TradeView]:
        """Two at 0.75; the buy-back of one stands."""
        assert self.option.expiry is not None
        await self.control.quote(self.option.symbol, "0.75", "0.75", 1000, 1000)
        self.desk.terms, self.desk.quantity = TradeTerms(take_profit=D("0.5")), 2
        named = {"strike": self.option.strike, "expiry": self.option.expiry.day}
        asked = request(await self.env.get_current_time(), action=Action.STO, **named)
        trade = await self.env.client.start_workflow(
            AlertTrade.run, asked, id=asked.trade_id.workflow_id, task_queue=TRADES_QUEUE
        )

        async def has_its_exit() -> bool:
            await self.tells(trade)
            return [order.status for order in (await trade.query(AlertTrade.view)).exits] == [OrderStatus.LIVE]

        await until_async(has_its_exit, 30, lambda: self.paper.exchange.book.orders)
        return trade

    async def tells(self, trade: WorkflowHandle[AlertTrade, TradeView]) -> None:
        """As the account stream does."""
        for order_id in self.paper.exchange.book.orders:
            await trade.signal(AlertTrade.order_update, await self.broker.read_order(OrderById(order_id=order_id)))

    def holds(self) -> dict[str, int]:
        """What the account has, at the exchange."""
        account = self.paper.exchange.book.account
        return {symbol: int(one.quantity) for symbol, one in account.positions.items() if one.quantity}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    paper = await serve(PaperSettings().hurried())
    endpoint = BrokerEndpoint(
        api_url=paper.url, streamer_url=paper.streamer_url, is_test=True, account_number="5WX00042"
    )
    broker = TastytradeBroker(endpoint, BrokerCredentials.for_paper())
    series = paper.exchange.listings.chain("UBER")[1]
    option = series.option(series.strikes[len(series.strikes) // 2], OptionType.PUT)
    async with clockwork() as env, Control(paper.url) as control:
        desk, operator = FakeBroker(env.client), FakeOperator()
        acts = [
            *(broker.find_contract, broker.take_quote, broker.place_order, broker.replace_order, broker.cancel_order),
            *(broker.read_order, broker.find_order, broker.read_position, desk.admit, desk.reserve),
            operator.page_operator,
        ]
        async with (
            Worker(env.client, task_queue=AUDIT_QUEUE, activities=[desk.append_audit]),
            Worker(env.client, task_queue=TRADES_QUEUE, workflows=[AlertTrade], activities=acts),
        ):
            yield Stage(env, paper, control, broker, desk, option)
        assert operator.troubles == []
    await broker.close()
    await paper.close()


@ENDS
async def test_what_is_short_at_its_expiry_is_kept_or_assigned_and_in_no_sum(
    stage: Stage, beside: int, shares: int
) -> None:
    option = stage.option
    assert option.strike is not None
    assert option.expires_at is not None
    trade = await stage.sells()
    cash = stage.paper.exchange.account.cash
    price = option.strike + beside
    await stage.control.quote("UBER", price, price, 1000, 1000)
    await stage.control.clock(option.expires_at)
    await stage.env.sleep(option.expires_at - await stage.env.get_current_time())
    await stage.tells(trade)
    view = await trade.result()

    assert (view.state, view.filled, view.exited, view.gone, view.realised) == (TradeState.EXPIRED, 2, 0, 0, 0)
    assert stage.holds() == ({"UBER": shares} if shares else {})
    paid = shares * option.strike + (5 * 2 if shares else 0)
    assert stage.paper.exchange.account.cash == cash - paid
    orders = [order.status.value for order in stage.paper.exchange.book.orders.values()]
    assert orders == ["Filled", "Expired"]
    rows = in_order(stage.desk.book.audit)
    assert [row.state for row in rows if row.kind is AuditKind.STATE][-2:] == ["holding", "expired"]
    assert [row.quantity for row in rows if row.kind is AuditKind.GONE] == []
    book = reported(rows)
    assert (book.realised, book.held, len(book.expired_short), book.expired_credit) == (0, (), 1, D("150.00"))


def reported(rows: list[AuditEvent]) -> Book:
    """What a report of all these days says."""
    span = Span(first=new_york_day(rows[0].at), last=new_york_day(rows[-1].at))
    return report_of(rows, span, Mode.PAPER, GENESIS, rows[-1].at).books[0]
