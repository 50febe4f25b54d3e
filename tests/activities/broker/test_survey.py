"""The survey on a real Temporal server and the paper exchange: what one look finds, and that it changes nothing."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.broker import BrokerCredentials, TastytradeBroker
from activities.broker.survey import _MOST_BYTES, _that_fit
from domain.alert import Action, Alert
from domain.broker import OrderById, WatchAccount
from domain.contract import Contract
from domain.frozen import Frozen
from domain.identifiers import OrderRole, TradeId
from domain.orders import BrokerOrder, LegAction, OrderRequest, TimeInForce
from domain.settings import Mode
from domain.survey import Finding, Survey
from domain.trade import TradeState, TradeView
from domain.trouble import TroubleKind
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import ACCOUNT, TRADE, cancelling, endpoint, eventually, order, placing

QUEUE = "stand-ins"
ORDERS = f"/accounts/{ACCOUNT}/orders"
OTHER = TradeId(channel_id=111, message_id=333)
Start = Callable[..., Awaitable[str]]
Trade = WorkflowHandle["StandIn", TradeView]


class Role(Frozen):
    """What a stand-in says when it is asked; None: it fails."""

    view: TradeView | None


@workflow.defn(name="AlertTrade")
class StandIn:
    """A trade that says what it is told to say."""

    @workflow.init
    def __init__(self, role: Role) -> None:
        self._role = role
        self._is_over = False
        self.heard: list[BrokerOrder] = []

    @workflow.run
    async def run(self, role: Role) -> TradeView:
        await workflow.wait_condition(lambda: self._is_over)
        return self.view()

    @workflow.signal
    def order_update(self, record: BrokerOrder) -> None:
        self.heard.append(record)

    @workflow.signal
    def end(self) -> None:
        self._is_over = True

    @workflow.query
    def view(self) -> TradeView:
        if self._role.view is None:
            raise RuntimeError("no answer")
        return self._role.view

    @workflow.query
    def records(self) -> list[BrokerOrder]:
        return self.heard


@workflow.defn(name="Desk")
class StandInDesk:
    """A desk that counts these trades as open."""

    @workflow.init
    def __init__(self, counted: list[str]) -> None:
        self._counted = counted

    @workflow.run
    async def run(self, counted: list[str]) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.query
    def open_trades(self) -> list[str]:
        return self._counted


class Scene:
    """One account at the paper exchange, and its trades."""

    def __init__(self, client: Client, broker: TastytradeBroker, paper: RunningPaper, option: Contract) -> None:
        self.client = client
        self.broker = broker
        self.option = option
        self._paper = paper
        self.survey = broker.survey(client)

    async def look(self) -> Survey:
        """As an activity."""
        return await ActivityEnvironment().run(self.survey.survey_account, WatchAccount(account_number=ACCOUNT))

    async def findings(self) -> list[tuple[TroubleKind | None, tuple[int, ...]]]:
        return [(finding.kind, finding.cancel) for finding in (await self.look()).findings]

    async def has(self, request: OrderRequest) -> BrokerOrder:
        """The order, and the broker's record of it once it is at rest."""
        answer = await self.broker.place_order(placing(request))
        assert answer.order is not None, answer
        order_id = answer.order.order_id
        book = self._paper.exchange.book
        await eventually(lambda: book.orders[order_id].status.value in ("Live", "Filled", "Cancelled"))
        return await self.broker.read_order(OrderById(order_id=order_id))

    async def ends(self, asked: BrokerOrder) -> None:
        """A cancel is asked for, and happens later."""
        book = self._paper.exchange.book
        await eventually(lambda: book.orders[asked.order_id].status.value == "Cancelled")

    async def entry(self, trade: TradeId = TRADE, price: str | None = "0.50") -> BrokerOrder:
        """An entry order of that trade for two; without a price it is filled."""
        identifier = trade.order_identifier(OrderRole.ENTRY, 0)
        return await self.has(order(self.option, price=price).model_copy(update={"identifier": identifier}))

    async def exit(self) -> BrokerOrder:
        return await self.has(
            order(self.option, 0, LegAction.SELL_TO_CLOSE, 1, "3.00", OrderRole.EXIT, TimeInForce.GTC)
        )

    async def trade(self, view: TradeView | None, trade: TradeId = TRADE) -> Trade:
        return await self.client.start_workflow(
            StandIn.run, Role(view=view), id=trade.workflow_id, task_queue=QUEUE, result_type=TradeView
        )

    def view(self, *orders: BrokerOrder, state: TradeState = TradeState.WORKING, trade: TradeId = TRADE) -> TradeView:
        entries = tuple(one for one in orders if one.action.is_buy)
        exits = tuple(one for one in orders if not one.action.is_buy)
        return TradeView(
            workflow_id=trade.workflow_id,
            state=state,
            alert=Alert(action=Action.BTO, symbol="UBER", price=Decimal(1)),
            mode=Mode.PAPER,
            dry_run=False,
            contract=self.option,
            entries=entries,
            exits=exits,
            filled=sum(one.filled for one in entries),
            exited=sum(one.filled for one in exits),
        )


@pytest.fixture
async def scene(broker: TastytradeBroker, paper: RunningPaper, option: Contract) -> AsyncIterator[Scene]:
    server = Path(sys.executable).with_name("temporal")
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(server), data_converter=pydantic_data_converter, dev_server_log_level="error"
    ) as environment:
        worker = Worker(
            environment.client,
            task_queue=QUEUE,
            workflows=[StandIn, StandInDesk],
            workflow_runner=UnsandboxedWorkflowRunner(),
        )
        async with worker:
            yield Scene(environment.client, broker, paper, option)
        await asyncio.sleep(0.05)  # the SDK may crash the interpreter when a client's loop closes at once


async def test_a_trade_that_knows_its_orders_and_holds_what_the_broker_holds_is_no_finding(
    scene: Scene, control: Control
) -> None:
    bought, exit_ = await scene.entry(price=None), await scene.exit()
    await scene.trade(scene.view(bought, exit_, state=TradeState.HOLDING))
    before = await control.book()

    survey = await scene.look()

    assert (survey.findings, survey.orders, survey.running, survey.unasked) == ((), 2, 1, 0)
    assert (await control.book())["orders"] == before["orders"]


async def test_a_running_trade_is_told_what_it_has_not_heard(scene: Scene) -> None:
    entry = await scene.entry()
    trade = await scene.trade(scene.view())

    (finding,) = (await scene.look()).findings
    assert finding.news == entry
    await scene.survey.tell_trade(entry)

    assert await trade.query(StandIn.records) == [entry]


async def test_telling_a_trade_that_is_over_is_no_error_and_an_order_of_others_is(scene: Scene) -> None:
    entry = await scene.entry()
    await scene.survey.tell_trade(entry)
    with pytest.raises(ApplicationError) as refused:
        await scene.survey.tell_trade(entry.model_copy(update={"identifier": "somebody"}))
    assert refused.value.non_retryable


async def test_the_entry_of_a_terminated_trade_is_to_be_cancelled_and_its_exit_is_not(scene: Scene) -> None:
    entry = await scene.entry()
    trade = await scene.trade(scene.view(entry))
    other = await scene.trade(scene.view(trade=OTHER), OTHER)
    await trade.terminate()

    assert await scene.findings() == [(TroubleKind.ORPHAN, (entry.order_id,))]
    await scene.broker.cancel_order(cancelling(entry))
    await scene.has(order(scene.option, 1, price=None))
    await scene.exit()

    (finding,) = (await scene.look()).findings
    assert (finding.kind, finding.cancel) == (TroubleKind.ORPHAN, ())
    assert finding.detail == "its workflow is terminated: 2 held, 1 out for sale"
    await other.terminate()


async def test_a_trade_that_ended_is_asked_for_its_last_word_without_a_worker(
    scene: Scene, broker: TastytradeBroker
) -> None:
    bought, exit_ = await scene.entry(price=None), await scene.exit()
    trade = await scene.trade(scene.view(bought, exit_, state=TradeState.CANCELLED))
    await trade.signal(StandIn.end)
    await trade.result()

    assert await scene.findings() == []


async def test_an_order_of_a_trade_that_temporal_never_heard_of_is_an_orphan(scene: Scene) -> None:
    """The trade's message is years old, so that no ladder works it."""
    entry = await scene.entry()
    assert await scene.findings() == [(TroubleKind.ORPHAN, (entry.order_id,))]


async def test_a_trade_that_does_not_answer_is_found_and_its_order_left_alone(scene: Scene) -> None:
    await scene.entry()
    await scene.trade(None)

    survey = await scene.look()

    assert [(finding.kind, finding.cancel) for finding in survey.findings] == [(TroubleKind.TRADE_SILENT, ())]
    assert (survey.running, survey.unasked) == (1, 1)


async def test_orders_of_others_are_counted_while_they_work_and_no_more(scene: Scene) -> None:
    for identifier in ("somebody-else", "al-nonsense"):
        foreign = await scene.has(order(scene.option, price="0.50").model_copy(update={"identifier": identifier}))
    survey = await scene.look()
    assert (survey.findings, survey.foreign, survey.orders) == ((), 2, 0)

    await scene.broker.cancel_order(cancelling(foreign))
    await scene.ends(foreign)
    assert (await scene.look()).foreign == 1


async def test_less_at_the_broker_than_a_trade_bought_is_found(scene: Scene) -> None:
    bought = await scene.entry(price=None)
    await scene.trade(scene.view(bought, state=TradeState.HOLDING))
    assert await scene.findings() == []

    by_hand = order(scene.option, 0, LegAction.SELL_TO_CLOSE, 1, None).model_copy(update={"identifier": "by-hand"})
    await scene.has(by_hand)

    (finding,) = (await scene.look()).findings
    assert finding.kind is TroubleKind.POSITION_SHORT
    assert finding.detail.endswith("the broker holds 1, running trades 2")


async def test_an_order_that_a_trade_counts_on_and_the_broker_does_not_know_is_missing(scene: Scene) -> None:
    entry = await scene.entry()
    ghost = entry.model_copy(update={"order_id": 999_999, "identifier": TRADE.order_identifier(OrderRole.ENTRY, 1)})
    await scene.trade(scene.view(entry, ghost))

    (finding,) = (await scene.look()).findings
    assert (finding.kind, finding.key) == (TroubleKind.ORDER_MISSING, "missing:999999")


async def test_another_accounts_survey_is_refused_for_good(scene: Scene) -> None:
    with pytest.raises(ApplicationError) as refused:
        await ActivityEnvironment().run(scene.survey.survey_account, WatchAccount(account_number="5WX99999"))
    assert refused.value.non_retryable


async def test_a_look_that_the_broker_fails_may_be_made_again(scene: Scene, control: Control) -> None:
    await control.fault("html_next", on="read", status=502)
    with pytest.raises(ApplicationError) as failed:
        await scene.look()
    assert (failed.value.type, failed.value.non_retryable) == ("Retryable", False)
    assert (await scene.look()).findings == ()


async def test_a_trade_that_the_desk_counts_as_open_and_that_is_over_is_listed(scene: Scene) -> None:
    over, runs = await scene.trade(scene.view()), await scene.trade(scene.view(trade=OTHER), OTHER)
    await scene.client.start_workflow(StandInDesk.run, [over.id, runs.id], id=f"desk-{ACCOUNT}", task_queue=QUEUE)
    await over.terminate()
    assert (await scene.look()).ended == (over.id,)


# What no good broker answers


def rows(*records: dict[str, Any]) -> Any:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"data": {"items": list(records)}})

    return handler


def wire(number: int, status: str, filled: int = 0, **changes: Any) -> dict[str, Any]:
    """An entry order of the trade's for two, as the broker lists it."""
    fills = [{"fill-id": str(n), "quantity": 1, "fill-price": "1.0", "filled-at": "2026-12-01T15:00:00Z"}
             for n in range(filled)]  # fmt: skip
    leg = {"symbol": "UBER  261204P00078000", "action": "Buy to Open", "quantity": 2, "fills": fills,
           "instrument-type": "Equity Option", "remaining-quantity": 2 - filled}  # fmt: skip
    facts = {"id": number, "account-number": ACCOUNT, "order-type": "Limit", "price": "1.0", "status": status,
             "price-effect": "Debit", "size": 2, "time-in-force": "Day", "underlying-symbol": "UBER", "legs": [leg],
             "external-identifier": TRADE.order_identifier(OrderRole.ENTRY, number)}  # fmt: skip
    return facts | changes


async def surveyed(scene: Scene, url: str) -> Survey:
    broker = TastytradeBroker(endpoint(url), BrokerCredentials.for_paper())
    try:
        request = WatchAccount(account_number=ACCOUNT)
        return await ActivityEnvironment().run(broker.survey(scene.client).survey_account, request)
    finally:
        await broker.close()


async def test_a_record_of_ours_that_can_not_be_read_is_told_and_one_of_others_is_not(
    scene: Scene, hostile: Start
) -> None:
    strange = {"legs": "none"}
    url = await hostile(
        **{
            f"GET {ORDERS}/live": rows(wire(1, "Live", **strange), {"id": 2, "status": "Live", **strange}),
            f"GET {ORDERS}": rows(),
            f"GET /accounts/{ACCOUNT}/positions": rows({"symbol": "X", "quantity": "?"}),
        }
    )
    survey = await surveyed(scene, url)
    assert [(finding.kind, finding.key) for finding in survey.findings] == [
        (TroubleKind.RECORD_UNREADABLE, f"unreadable:1 ({TRADE.order_identifier(OrderRole.ENTRY, 1)})")
    ]


async def test_of_two_lists_that_differ_the_newer_record_counts(scene: Scene, hostile: Start) -> None:
    """The history was read after the order ended: what no longer works is not to be cancelled."""
    early, late = {"updated-at": 1764600000000}, {"updated-at": 1764600001000}
    url = await hostile(
        **{
            f"GET {ORDERS}/live": rows(wire(1, "Live", **early), wire(2, "Live", **early)),
            f"GET {ORDERS}": rows(wire(1, "Cancelled", **late), wire(2, "Cancelled", 1, **late)),
            f"GET /accounts/{ACCOUNT}/positions": rows(),
        }
    )
    survey = await surveyed(scene, url)
    assert [(finding.cancel, finding.detail) for finding in survey.findings] == [
        ((), "its workflow is unknown: 1 held, 0 out for sale")
    ]


async def test_five_hundred_orders_of_running_trades_are_read_in_one_look(scene: Scene, hostile: Start) -> None:
    orders = [wire(number, "Live") for number in range(1, 501)]

    async def live(request: web.Request) -> web.Response:
        page = int(request.query["page-offset"])
        items = orders[page * 200 : page * 200 + 200]
        return web.json_response({"data": {"items": items}, "pagination": {"total-pages": 3, "total-items": 500}})

    url = await hostile(
        **{
            f"GET {ORDERS}/live": live,
            f"GET {ORDERS}": rows(),
            f"GET /accounts/{ACCOUNT}/positions": rows(),
        }
    )
    await scene.trade(scene.view())
    survey = await surveyed(scene, url)
    assert survey.orders == 500
    assert len(survey.findings) + survey.unlisted == 500
    assert len(survey.model_dump_json()) < 512 * 1024


def test_when_not_all_fit_what_takes_risk_off_the_market_comes_first() -> None:
    many = [Finding(kind=TroubleKind.RECORD_UNREADABLE, key=str(n), detail="x" * 1000) for n in range(1000)]
    orphan = Finding(kind=TroubleKind.ORPHAN, key="orphan", detail="", cancel=(1,))

    listed = _that_fit([*many, orphan])

    assert listed[0] is orphan
    assert 300 < len(listed) < 500
    assert sum(len(finding.model_dump_json()) for finding in listed) <= _MOST_BYTES
