"""A pass over an account in memory: what it heals, what it tells, and that a second one changes nothing."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from decimal import Decimal

import pytest_asyncio
from temporalio import activity, workflow
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE, SurveyActivities
from domain.audit import AuditKind
from domain.broker import CancelOrder, WatchAccount
from domain.desk import AdmissionRequest
from domain.desk_book import DeskBook
from domain.identifiers import OrderRole, desk_workflow_id
from domain.orders import BrokerOrder, LegAction, OrderRequest, OrderStatus, OrderType
from domain.reconciliation import compare
from domain.settings import Allowlist, DeskPolicy
from domain.survey import BrokerBook, Finding, Life, ShortGone, Survey, TradeStanding
from domain.trade import TradeState, TradeView
from domain.trouble import TroubleKind
from tests.fakes.broker import CONTRACT, FakeBroker, fail
from tests.fakes.operator import FakeOperator
from tests.workflows.conftest import request
from workflows.desk import Desk
from workflows.reconciliation import Reconciliation, ReconciliationReport

ACCOUNT = "5WX00042"
TRADE = request()
Look = Callable[[], Survey]


class Account(SurveyActivities):
    """The broker's book beside trades that are scripted. `looks` are answered before the book is asked."""

    def __init__(self, broker: FakeBroker) -> None:
        self.broker = broker
        self.trades: dict[str, TradeStanding] = {}
        self.looks: list[Look] = []
        self.told: list[BrokerOrder] = []
        self.surveys = 0

    @activity.defn(name="survey_account")
    async def survey_account(self, request: WatchAccount) -> Survey:
        assert request.account_number == ACCOUNT
        self.surveys += 1
        if self.looks:
            return self.looks.pop(0)()
        now = activity.info().started_time
        return self.seen(BrokerBook(at=now, orders=tuple(self.broker.book.orders.values())))

    @activity.defn(name="tell_trade")
    async def tell_trade(self, record: BrokerOrder) -> None:
        self.told.append(record)
        trade = self.trades[TRADE.trade_id.workflow_id]
        assert trade.view is not None
        view = trade.view.model_copy(update={"entries": (record,), "filled": record.filled})
        self.stands(trade.life, view)

    def seen(self, book: BrokerBook) -> Survey:
        return Survey(findings=compare(book, self.trades.values()), orders=len(book.orders))

    def stands(self, life: Life, view: TradeView | None = None) -> None:
        """The trade, from now on."""
        workflow_id = TRADE.trade_id.workflow_id
        self.trades[workflow_id] = TradeStanding(workflow_id=workflow_id, life=life, view=view)

    def has(self, role: OrderRole, sequence: int = 0, quantity: int = 4) -> BrokerOrder:
        """An order of the trade at the broker."""
        price = Decimal("0.60") if role is OrderRole.ENTRY else Decimal("1.50")
        return self.broker.book.accept(
            OrderRequest(
                identifier=TRADE.trade_id.order_identifier(role, sequence),
                symbol=CONTRACT.symbol,
                instrument_type=CONTRACT.instrument_type,
                action=LegAction.BUY_TO_OPEN if role is OrderRole.ENTRY else LegAction.SELL_TO_CLOSE,
                quantity=quantity,
                order_type=OrderType.LIMIT,
                price=price,
            )
        )


def view(*entries: BrokerOrder, state: TradeState = TradeState.WORKING) -> TradeView:
    return TradeView(
        workflow_id=TRADE.trade_id.workflow_id,
        state=state,
        alert=TRADE.alert,
        mode=TRADE.mode,
        dry_run=False,
        entries=entries,
        filled=sum(order.filled for order in entries),
    )


@workflow.defn(sandboxed=False)
class Listener:
    """Hears what trades hear of what is gone."""

    def __init__(self) -> None:
        self._heard: list[dict[str, object]] = []

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.signal
    def short_gone(self, gone: dict[str, object]) -> None:
        self._heard.append(gone)

    @workflow.query
    def heard(self) -> list[dict[str, object]]:
        return self._heard


class Office:
    """Where passes are made: the account, the desk that hears of troubles, and the operator."""

    def __init__(self, env: WorkflowEnvironment, broker: FakeBroker) -> None:
        self.env = env
        self.broker = broker
        self.account = Account(broker)
        self.operator = FakeOperator()
        self.desk: WorkflowHandle[Desk, None] | None = None
        self._trade: WorkflowHandle[Listener, None] | None = None
        self._passes: list[WorkflowHandle[Reconciliation, ReconciliationReport]] = []

    async def opens_a_desk(self, policy: DeskPolicy = DeskPolicy()) -> None:  # noqa: B008  frozen
        self.desk = await self.env.client.start_workflow(
            Desk.run, DeskBook(policy=policy), id=desk_workflow_id(ACCOUNT), task_queue=TRADES_QUEUE
        )

    async def hears_of_what_is_gone(self) -> WorkflowHandle[Listener, None]:
        """A running trade, as far as it is asked here."""
        self._trade = await self.env.client.start_workflow(
            Listener.run, id=f"alert-1-{id(self)}", task_queue=TRADES_QUEUE
        )
        return self._trade

    async def reconcile(self) -> ReconciliationReport:
        handle = await self.env.client.start_workflow(
            Reconciliation.run,
            WatchAccount(account_number=ACCOUNT),
            id=f"reconcile-{len(self._passes)}-{id(self)}",
            task_queue=TRADES_QUEUE,
        )
        self._passes.append(handle)
        # Not by waiting for the result: the clock would then run on to the end of the desk, ten years from now.
        while (await handle.describe()).status is WorkflowExecutionStatus.RUNNING:
            await self.env.sleep(timedelta(seconds=1))
        with self.env.auto_time_skipping_disabled():
            return await handle.result()

    async def took(self) -> timedelta:
        """The time of the last pass."""
        last = await self._passes[-1].describe()
        assert last.close_time is not None
        return last.close_time - last.start_time

    @property
    def changes(self) -> int:
        """Requests that changed something at the broker."""
        return sum(name in ("place_order", "replace_order", "cancel_order") for name in self.broker.calls)

    def rows(self, kind: AuditKind) -> list[tuple[str, int | None, str]]:
        return [(row.workflow_id, row.order_id, row.detail) for row in self.broker.book.audit if row.kind is kind]

    async def close(self) -> None:
        replayer = Replayer(workflows=[Reconciliation], data_converter=pydantic_data_converter)
        for handle in self._passes:
            await replayer.replay_workflow(await handle.fetch_history())
        for beside in (self.desk, self._trade):
            if beside is not None:
                await beside.terminate()


@pytest_asyncio.fixture(loop_scope="module")
async def office(env: WorkflowEnvironment, broker: FakeBroker) -> AsyncIterator[Office]:
    office = Office(env, broker)
    account, operator = office.account, office.operator
    acts = [account.survey_account, account.tell_trade, operator.page_operator, broker.cancel_order, broker.read_order]
    audit = Worker(env.client, task_queue=AUDIT_QUEUE, activities=[broker.append_audit])
    async with (
        audit,
        Worker(env.client, task_queue=TRADES_QUEUE, workflows=[Reconciliation, Desk, Listener], activities=[*acts]),
    ):
        yield office
        await office.close()


async def test_where_all_agrees_there_is_one_look_and_no_word(office: Office) -> None:
    order = office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.RUNNING, view(order))

    report = await office.reconcile()

    assert report == ReconciliationReport(orders=1, running=0, foreign=0)
    assert (office.account.surveys, office.changes, office.operator.pages) == (1, 0, [])


async def test_a_running_trade_is_told_what_it_missed(office: Office) -> None:
    order = office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.RUNNING, view(order))
    filled = office.broker.book.fill(order.order_id, 2)

    report = await office.reconcile()

    assert office.account.told == [filled]
    assert (report.told, report.cancelled, report.troubles) == (1, (), ())
    assert office.operator.pages == []


async def test_the_entry_of_a_dead_trade_is_cancelled_written_down_and_told(office: Office) -> None:
    order = office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.TERMINATED, view(order))

    report = await office.reconcile()

    assert office.broker.book.orders[order.order_id].status is OrderStatus.CANCELLED
    assert report.cancelled == (order.order_id,)
    assert [(trouble.kind, trouble.detail) for trouble in office.operator.troubles] == [
        (
            TroubleKind.ORPHAN,
            "its workflow is terminated: 0 held, 0 out for sale, entry orders 1000 working; "
            "cancelled by reconciliation: 1000",
        )
    ]
    assert office.rows(AuditKind.CANCEL) == [
        (TRADE.trade_id.workflow_id, 1000, "cancel 1000: its trade no longer runs"),
        (TRADE.trade_id.workflow_id, 1000, "order 1000 is Cancelled, filled 0"),
    ]


async def test_the_exit_of_a_dead_trade_stands(office: Office) -> None:
    entry = office.account.has(OrderRole.ENTRY)
    office.broker.book.fill(entry.order_id, 4)
    exit_ = office.account.has(OrderRole.EXIT, quantity=2)
    office.account.stands(Life.TERMINATED)

    report = await office.reconcile()

    assert office.broker.book.orders[exit_.order_id].status is OrderStatus.LIVE
    assert (report.cancelled, len(report.troubles), office.changes) == ((), 1, 0)


async def test_a_second_pass_changes_nothing_and_tells_nothing_new(office: Office) -> None:
    await office.opens_a_desk()
    office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.TERMINATED)
    await office.reconcile()
    before, told, asked = dict(office.broker.book.orders), list(office.operator.keys), office.changes

    again = await office.reconcile()

    assert (again.cancelled, again.told, again.troubles) == ((), 0, ())
    assert (office.broker.book.orders, office.operator.keys, office.changes) == (before, told, asked)


async def test_what_stays_is_found_by_every_pass_and_told_once(office: Office) -> None:
    await office.opens_a_desk()
    entry = office.account.has(OrderRole.ENTRY)
    office.broker.book.fill(entry.order_id, 4)
    office.account.stands(Life.TERMINATED)

    reports = [await office.reconcile() for _ in range(3)]
    await office.operator.was_tried(1)

    assert reports[0].troubles == reports[1].troubles == reports[2].troubles != ()
    assert office.operator.keys == list(reports[0].troubles)
    assert len(office.rows(AuditKind.TROUBLE)) == 1


async def test_a_cancel_that_loses_the_race_to_a_fill_is_reported_with_what_is_held_now(office: Office) -> None:
    order = office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.TERMINATED, view(order))

    def filled_first(broker: FakeBroker, asked: CancelOrder) -> None:
        broker.book.fill(asked.order_id, 4)

    office.broker.will("cancel_order", filled_first)

    await office.reconcile()

    assert office.broker.book.held() == 4
    assert [trouble.detail for trouble in office.operator.troubles] == [
        "its workflow is terminated: 4 held, 0 out for sale; cancelled by reconciliation: 1000"
    ]
    assert office.rows(AuditKind.CANCEL)[-1][2] == "order 1000 is Filled, filled 4"


async def test_an_order_that_ended_by_itself_meanwhile_is_not_cancelled_and_nobody_is_told(office: Office) -> None:
    order = office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.TERMINATED)
    stale = BrokerBook(at=office.broker.now(), orders=(order,))
    office.account.looks = [lambda: office.account.seen(stale)]
    office.broker.book.end(order.order_id, OrderStatus.EXPIRED)

    report = await office.reconcile()

    assert (report.cancelled, report.troubles, office.changes) == ((), (), 0)
    assert office.rows(AuditKind.CANCEL) == []


async def test_a_cancel_that_is_lost_is_asked_for_again(office: Office) -> None:
    order = office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.TERMINATED)
    office.broker.will("cancel_order", fail, fail)

    await office.reconcile()

    assert office.broker.book.orders[order.order_id].status is OrderStatus.CANCELLED


async def test_an_order_that_can_not_be_taken_off_is_told_as_working_and_the_pass_ends(office: Office) -> None:
    office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.TERMINATED)
    office.broker.always("cancel_order", fail)

    report = await office.reconcile()

    assert "entry orders 1000 working" in office.operator.troubles[-1].detail
    assert report.cancelled == (1000,)
    assert await office.took() < timedelta(minutes=10)


async def test_an_entry_that_comes_up_between_the_looks_is_cancelled_in_the_same_pass(office: Office) -> None:
    """It was on its way when its trade was terminated."""
    first = office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.TERMINATED)

    def and_one_more(broker: FakeBroker, asked: CancelOrder) -> None:
        office.account.has(OrderRole.ENTRY, sequence=1)

    office.broker.will("cancel_order", and_one_more)

    report = await office.reconcile()

    assert report.cancelled == (first.order_id, first.order_id + 1)
    assert office.broker.book.working() == []


async def test_many_orphans_are_taken_off_in_one_pass(office: Office) -> None:
    for sequence in range(60):
        office.account.has(OrderRole.ENTRY, sequence=sequence)
    office.account.stands(Life.TERMINATED)

    report = await office.reconcile()

    assert len(report.cancelled) == 60
    assert office.broker.book.working() == []


async def test_a_dead_trades_place_and_money_at_the_desk_are_free_again(office: Office) -> None:
    await office.opens_a_desk(DeskPolicy(allowlist=Allowlist(users=frozenset({2}), channels=frozenset({1}))))
    assert office.desk is not None
    now = await office.env.get_current_time()
    asked = AdmissionRequest(workflow_id=TRADE.trade_id.workflow_id, request=request(now))
    assert (await office.desk.execute_update(Desk.admit, asked)).terms is not None
    assert await office.desk.query(Desk.open_trades) == [TRADE.trade_id.workflow_id]
    office.account.looks = [lambda: Survey(ended=(TRADE.trade_id.workflow_id,))]

    report = await office.reconcile()

    assert report.freed == (TRADE.trade_id.workflow_id,)
    assert await office.desk.query(Desk.open_trades) == []


def passing(kind: TroubleKind, key: str = "k") -> Look:
    return lambda: Survey(findings=(Finding(kind=kind, key=key, detail="for now"),))


async def test_a_difference_of_one_moment_is_not_told(office: Office) -> None:
    for kind in (TroubleKind.POSITION_SHORT, TroubleKind.ORDER_MISSING, TroubleKind.TRADE_SILENT):
        office.account.looks = [passing(kind)]
        assert (await office.reconcile()).troubles == ()
        office.account.looks = [passing(kind, "one"), passing(kind, "another")]
        assert (await office.reconcile()).troubles == ()
    assert office.operator.pages == []


async def test_a_difference_that_two_looks_find_is_told(office: Office) -> None:
    office.account.looks = [passing(TroubleKind.POSITION_SHORT)] * 2
    assert (await office.reconcile()).troubles == ("k",)
    assert office.operator.keys == ["k"]


def lost(key: str, *gone: ShortGone) -> Look:
    return lambda: Survey(findings=(Finding(kind=TroubleKind.SHORT_GONE, key=key, detail="", gone=gone),))


async def test_a_trade_is_told_what_two_looks_find_gone_and_an_operator_too(office: Office) -> None:
    trade = await office.hears_of_what_is_gone()
    told = ShortGone(workflow_id=trade.id, quantity=2)
    office.account.looks = [lost("k", told)] * 2
    report = await office.reconcile()
    assert (report.gone, report.troubles) == ((trade.id,), ("k",))
    assert await trade.query("heard") == [told.model_dump()]


async def test_a_trade_is_not_told_what_one_look_alone_finds_gone(office: Office) -> None:
    trade = await office.hears_of_what_is_gone()
    told = ShortGone(workflow_id=trade.id, quantity=2)
    for looks in ([lost("k", told)], [lost("one", told), lost("another", told)], [lost("k", told), *[_breaks] * 50]):
        office.account.looks = looks
        assert (await office.reconcile()).gone == ()
    assert await trade.query("heard") == []


async def test_a_trade_that_is_over_by_then_needs_not_be_told(office: Office) -> None:
    office.account.looks = [lost("k", ShortGone(workflow_id="alert-1-99", quantity=2))] * 2
    report = await office.reconcile()
    assert (report.gone, report.troubles) == ((), ("k",))


async def test_when_the_second_look_fails_only_what_one_look_proves_is_told(office: Office) -> None:
    office.account.looks = [passing(TroubleKind.POSITION_SHORT), *[_breaks] * 50]
    assert (await office.reconcile()).troubles == ()
    office.account.looks = [passing(TroubleKind.RECORD_UNREADABLE), *[_breaks] * 50]
    assert (await office.reconcile()).troubles == ("k",)


def _breaks() -> Survey:
    raise ConnectionError("the broker is away")


async def test_an_account_that_can_not_be_read_is_told_with_the_reason(office: Office) -> None:
    office.account.looks = [_breaks] * 50
    report = await office.reconcile()
    assert [trouble.kind for trouble in office.operator.troubles] == [TroubleKind.ACCOUNT_UNREAD]
    assert "the broker is away" in office.operator.troubles[0].detail
    assert report.troubles == tuple(office.operator.keys)
    assert office.changes == 0


async def test_a_look_that_fails_for_a_moment_is_made_again(office: Office) -> None:
    office.account.looks = [_breaks, _breaks]
    assert (await office.reconcile()).troubles == ()


async def test_another_accounts_worker_is_not_asked_again(office: Office) -> None:
    def refused() -> Survey:
        raise ApplicationError("another account", type="Refused", non_retryable=True)

    office.account.looks = [refused]
    await office.reconcile()
    assert office.account.surveys == 1
    assert "another account" in office.operator.troubles[0].detail


async def test_without_a_desk_the_operator_is_told_of_all_in_one_message(office: Office) -> None:
    kinds = (TroubleKind.RECORD_UNREADABLE, TroubleKind.ORPHAN)
    both = Survey(findings=tuple(Finding(kind=kind, key=kind, detail="") for kind in kinds))
    office.account.looks = [lambda: both] * 2
    await office.reconcile()
    assert [page.account_number for page in office.operator.pages] == [ACCOUNT]
    assert office.operator.keys == list(kinds)


async def test_with_a_desk_it_is_the_desk_that_tells(office: Office) -> None:
    await office.opens_a_desk()
    assert office.desk is not None
    office.account.looks = [passing(TroubleKind.RECORD_UNREADABLE)] * 2

    await office.reconcile()
    await office.operator.was_tried(1)

    book = await office.desk.query(Desk.book)
    assert [trouble.key for trouble in book.troubles] == office.operator.keys == ["k"]


async def test_the_pass_ends_only_when_the_audit_has_its_rows(office: Office) -> None:
    office.account.has(OrderRole.ENTRY)
    office.account.stands(Life.TERMINATED)
    office.broker.will("append_audit", *[fail] * 5)
    await office.reconcile()
    assert len(office.rows(AuditKind.CANCEL)) == 2


async def test_a_pass_that_is_cancelled_is_no_trouble(office: Office) -> None:
    office.account.looks = [_breaks] * 50
    handle = await office.env.client.start_workflow(
        Reconciliation.run, WatchAccount(account_number=ACCOUNT), id=f"cancelled-{id(office)}", task_queue=TRADES_QUEUE
    )
    await handle.cancel()
    async for _ in handle.fetch_history_events(wait_new_event=True):
        pass
    assert (await handle.describe()).status is WorkflowExecutionStatus.CANCELED
    assert office.operator.pages == []
