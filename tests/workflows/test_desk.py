"""The desk: one answer to each trade, one balance for a burst, and a book that outlives its run."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest_asyncio
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, Worker

from activities.desk import TemporalDesk
from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE
from domain.audit import AuditEvent, AuditKind
from domain.broker import AccountState
from domain.command import (
    AllowKind,
    ChangeAllowlist,
    Halt,
    HaltReceipt,
    Person,
    Resume,
    ResumeAnswer,
    SetFactor,
    SetLimit,
    Trading,
)
from domain.desk import AdmissionRequest, ReservationRequest, TradeReport
from domain.desk_book import DeskBook
from domain.identifiers import desk_workflow_id, snowflake_at
from domain.refusals import RefusalCode
from domain.settings import Allowlist, DeskLimits, DeskPolicy, LadderSettings
from domain.trade import TradeRequest
from domain.trouble import Trouble, TroubleKind
from tests.fakes.broker import FakeBroker, Gate, fail
from tests.workflows.conftest import request
from workers.temporal_server import DYNAMIC_CONFIG
from workflows.desk import Desk
from workflows.desk_door import DeskDoor

ACCOUNT = "5WX00042"
ALLOWED = Allowlist(users=frozenset({2}), channels=frozenset({1}))
POLICY = DeskPolicy(allowlist=ALLOWED, limits=DeskLimits(max_trades_per_underlying=100))
BUSY = POLICY.model_copy(
    update={
        "limits": DeskLimits(
            max_open_trades=200,
            max_entries_a_day=1000,
            max_trades_per_underlying=1000,
            max_order_calls_a_minute=100_000,
        )
    }
)
ANN = Person(person_id=5, name="ann", via="api")
CLIMBERS = "climbers"
Handle = WorkflowHandle[Desk, None]


@workflow.defn
class Climber:
    """A trade with an entry order in the market, as the desk sees it."""

    def __init__(self) -> None:
        self._why = ""

    @workflow.run
    async def run(self, obeys: bool) -> None:
        await workflow.wait_condition(lambda: obeys and bool(self._why))
        own_id = workflow.info().workflow_id
        report = TradeReport(workflow_id=own_id, reserved=Decimal(0), over=False, at=workflow.now())
        await workflow.get_external_workflow_handle(desk_workflow_id(ACCOUNT)).signal("trade_report", report)
        await workflow.wait_condition(lambda: False)

    @workflow.signal
    def stop_entry(self, why: str) -> None:
        self._why = why

    @workflow.query
    def why(self) -> str:
        return self._why


class Counter:
    """The desk of one account as trades see it."""

    def __init__(self, client: Client, handle: Handle, broker: FakeBroker) -> None:
        self.client = client
        self.handle = handle
        self.broker = broker
        self._asked = 0
        self._ahead = timedelta(0)  # the server's time, beside ours

    async def synchronise(self, env: WorkflowEnvironment) -> None:
        self._ahead = await env.get_current_time() - datetime.now(UTC)

    async def after(self, env: WorkflowEnvironment, seconds: float) -> None:
        """Let the server's time pass."""
        await env.sleep(timedelta(seconds=seconds))
        await self.synchronise(env)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def alert(self, **changes: Any) -> TradeRequest:
        """A new message each time; another strike each time unless one is given."""
        self._asked += 1
        changes.setdefault("strike", Decimal(self._asked))
        asked = request(self.now(), **changes)
        own_id = snowflake_at(asked.message.posted_at, self._asked)
        return asked.model_copy(update={"message": asked.message.model_copy(update={"message_id": own_id})})

    async def admit(self, asked: TradeRequest) -> Any:
        workflow_id = asked.trade_id.workflow_id
        return await self.handle.execute_update(
            Desk.admit, AdmissionRequest(workflow_id=workflow_id, request=asked), id=f"{workflow_id}/admit"
        )

    async def reserve(self, asked: TradeRequest, dollars: str = "76.12") -> Any:
        workflow_id = asked.trade_id.workflow_id
        cost = ReservationRequest(
            workflow_id=workflow_id, contract_symbol="X", unit_cost=Decimal(dollars), worst_unit_cost=Decimal(dollars)
        )
        return await self.handle.execute_update(Desk.reserve, cost, id=f"{workflow_id}/reserve")

    async def report(self, asked: TradeRequest, **changes: Any) -> None:
        """What a trade tells: unless said otherwise, that its entry is over."""
        told = TradeReport(
            workflow_id=asked.trade_id.workflow_id, reserved=Decimal(0), over=False, at=datetime.now(UTC)
        )
        await self.handle.signal(Desk.trade_report, told.model_copy(update=changes))

    async def climbs(self, obeys: bool = True) -> TradeRequest:
        """A trade that is admitted, and runs with its entry order in the market."""
        asked = self.alert()
        assert (await self.admit(asked)).terms is not None
        await self.client.start_workflow(Climber.run, obeys, id=asked.trade_id.workflow_id, task_queue=CLIMBERS)
        return asked

    async def why_stopped(self, asked: TradeRequest) -> str:
        """What the trade was told, once it was."""
        climber = self.client.get_workflow_handle_for(Climber.run, asked.trade_id.workflow_id)
        async with asyncio.timeout(20):
            while not (why := await climber.query(Climber.why)):  # noqa: ASYNC110  another workflow's state
                await asyncio.sleep(0.02)
        return why

    async def halt(self, reason: str = "FOMC", trading: Trading = Trading.HALTED) -> HaltReceipt:
        return await DeskDoor(self.client, ACCOUNT).halt(Halt(by=ANN, reason=reason, trading=trading))

    async def resume(self, code: str | None = None) -> ResumeAnswer:
        return await DeskDoor(self.client, ACCOUNT).resume(Resume(by=ANN, code=code))

    async def trouble(self, kind: TroubleKind, key: str = "one") -> None:
        told = Trouble(kind=kind, key=key, detail="as told", at=self.now())
        await self.handle.signal(Desk.trouble, told)

    async def is_quiet(self) -> None:
        """Wait for its activities: this server's clock waits for ever for those of a workflow that is terminated."""
        async with asyncio.timeout(20):
            while (await self.handle.describe()).raw_description.pending_activities:  # noqa: ASYNC110  a server's state
                await asyncio.sleep(0.02)

    async def book(self) -> DeskBook:
        return await self.handle.query(Desk.book)

    def rows(self, kind: AuditKind) -> list[AuditEvent]:
        return [event for event in self.broker.book.audit if event.kind is kind]


async def at_the_desk(client: Client, broker: FakeBroker, policy: DeskPolicy = POLICY) -> Counter:
    handle = await client.start_workflow(
        Desk.run, DeskBook(policy=policy), id=desk_workflow_id(ACCOUNT), task_queue=TRADES_QUEUE
    )
    return Counter(client, handle, broker)


@asynccontextmanager
async def workers(client: Client, broker: FakeBroker) -> AsyncIterator[None]:
    async with (
        Worker(client, task_queue=AUDIT_QUEUE, activities=[broker.append_audit]),
        Worker(
            client, task_queue=TRADES_QUEUE, workflows=[Desk], activities=[broker.read_account, broker.page_operator]
        ),
    ):
        yield


@pytest_asyncio.fixture(loop_scope="module")
async def climbers(env: WorkflowEnvironment) -> AsyncIterator[None]:
    """Somebody runs the trades that stand in the market."""
    async with Worker(
        env.client, task_queue=CLIMBERS, workflows=[Climber], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        yield


@pytest_asyncio.fixture(loop_scope="module")
async def counter(env: WorkflowEnvironment, broker: FakeBroker) -> AsyncIterator[Counter]:
    async with workers(env.client, broker):
        counter = await at_the_desk(env.client, broker)
        await counter.synchronise(env)
        yield counter
        await counter.is_quiet()
        replayer = Replayer(workflows=[Desk], data_converter=pydantic_data_converter)
        await replayer.replay_workflow(await counter.handle.fetch_history())
        await counter.handle.terminate()


async def test_asking_twice_for_admission_gives_one_answer(counter: Counter) -> None:
    asked = counter.alert()
    first, second = await counter.admit(asked), await counter.admit(asked)
    assert first == second
    assert (await counter.book()).entries_today == 1


async def test_the_same_contract_again_is_a_duplicate(counter: Counter) -> None:
    await counter.admit(counter.alert(strike=Decimal(78)))
    again = await counter.admit(counter.alert(strike=Decimal(78)))
    assert again.refusal.code is RefusalCode.DUPLICATE


async def test_asking_twice_for_a_size_holds_the_money_back_once(counter: Counter) -> None:
    asked = counter.alert()
    await counter.admit(asked)
    first, second = await counter.reserve(asked), await counter.reserve(asked)
    assert first == second
    assert (await counter.book()).trades[asked.trade_id.workflow_id].reserved == first.reserved


async def test_a_burst_of_alerts_reads_the_balance_once(counter: Counter) -> None:
    asked = [counter.alert() for _ in range(8)]
    await asyncio.gather(*[counter.admit(one) for one in asked])
    await asyncio.gather(*[counter.reserve(one) for one in asked])
    assert counter.broker.calls.count("read_account") == 1


async def test_without_a_balance_nothing_is_sized(counter: Counter) -> None:
    counter.broker.always("read_account", fail)
    asked = counter.alert()
    await counter.admit(asked)
    assert (await counter.reserve(asked)).refusal.code is RefusalCode.BROKER_UNREACHABLE


async def test_a_limit_holds_over_alerts_that_come_together(counter: Counter) -> None:
    await counter.handle.signal(Desk.set_policy, POLICY.model_copy(update={"limits": DeskLimits(max_open_trades=3)}))
    answers = await asyncio.gather(*[counter.admit(counter.alert()) for _ in range(8)])
    assert sum(answer.terms is not None for answer in answers) == 3


async def test_money_held_back_for_one_trade_is_not_given_to_another(counter: Counter) -> None:
    asked = [counter.alert() for _ in range(25)]
    generous = POLICY.model_copy(
        update={
            "limits": DeskLimits(max_open_trades=100, max_trades_per_underlying=100),
            "sizing": POLICY.sizing.model_copy(update={"max_debit": Decimal(100_000)}),
        }
    )
    await counter.handle.signal(Desk.set_policy, generous)
    for one in asked:
        await counter.admit(one)
    sizes = await asyncio.gather(*[counter.reserve(one, "4900") for one in asked])
    assert sum(size.reserved for size in sizes) <= 100_000
    refused = [size.refusal.code for size in sizes if size.refusal is not None]
    assert refused == [RefusalCode.NO_BUYING_POWER] * 5  # twenty of the twenty-five fit, whichever came first


async def test_a_trade_that_is_over_leaves_the_book(counter: Counter) -> None:
    asked = counter.alert()
    await counter.admit(asked)
    report = TradeReport(
        workflow_id=asked.trade_id.workflow_id, reserved=Decimal(0), over=True, at=asked.message.posted_at
    )
    await counter.handle.signal(Desk.trade_report, report)
    assert (await counter.book()).trades == {}


async def test_a_new_policy_is_for_the_next_alert(counter: Counter) -> None:
    first = counter.alert()
    before = await counter.admit(first)
    slower = POLICY.model_copy(update={"ladder": LadderSettings(rung=timedelta(seconds=25))})
    await counter.handle.signal(Desk.set_policy, slower)
    after = await counter.admit(counter.alert())
    assert (before.terms.ladder.rung, after.terms.ladder.rung) == (timedelta(seconds=20), timedelta(seconds=25))


async def test_the_activities_put_the_question_and_bring_the_answer(counter: Counter) -> None:
    desk, asked = TemporalDesk(counter.client, ACCOUNT), counter.alert()
    question = AdmissionRequest(workflow_id=asked.trade_id.workflow_id, request=asked)
    assert await desk.admit(question) == await counter.admit(asked)


async def test_the_activities_put_the_question_and_bring_the_answer_of_a_refusal(counter: Counter) -> None:
    await counter.halt()
    desk, asked = TemporalDesk(counter.client, ACCOUNT), counter.alert()
    answer = await desk.admit(AdmissionRequest(workflow_id=asked.trade_id.workflow_id, request=asked))
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.detail) == (RefusalCode.HALTED, "halted by ann (api): FOMC")


async def test_a_halt_takes_entries_off_and_says_whose(counter: Counter, climbers: None) -> None:
    climbing = [await counter.climbs() for _ in range(3)]
    holding = await counter.climbs(obeys=False)
    await counter.report(holding)
    receipt = await counter.halt()
    assert set(receipt.stopped) == {asked.trade_id.workflow_id for asked in climbing}
    assert receipt.pending == ()
    assert [await counter.why_stopped(asked) for asked in climbing] == ["halted by ann (api): FOMC"] * 3
    assert len((await counter.book()).trades) == 4


async def test_a_halt_says_who_has_not_answered_in_time_and_is_in_force_before(
    env: WorkflowEnvironment, counter: Counter, climbers: None
) -> None:
    slow = await counter.climbs(obeys=False)
    halting = asyncio.ensure_future(counter.halt())
    await counter.why_stopped(slow)
    assert (await counter.admit(counter.alert())).refusal.code is RefusalCode.HALTED
    await counter.after(env, 11)
    receipt = await halting
    assert (receipt.stopped, receipt.pending) == ((), (slow.trade_id.workflow_id,))


async def test_a_trade_that_was_terminated_is_not_waited_for_and_blocks_nothing_any_more(
    counter: Counter, climbers: None
) -> None:
    gone = await counter.climbs()
    await counter.client.get_workflow_handle(gone.trade_id.workflow_id).terminate()
    receipt = await counter.halt()
    assert receipt.pending == (gone.trade_id.workflow_id,)
    assert (await counter.book()).trades == {}


async def test_a_halt_is_lifted_by_the_second_step(counter: Counter) -> None:
    await counter.halt()
    first = await counter.resume()
    assert (first.resumed, first.code is not None) == (False, True)
    assert not (await counter.resume("no code")).resumed
    second = await counter.resume((await counter.resume()).code)
    assert second.resumed
    assert (await counter.admit(counter.alert())).terms is not None


async def test_what_people_do_is_written_down_with_who_before_and_after(counter: Counter) -> None:
    await counter.halt()
    await counter.resume((await counter.resume()).code)
    for name, value in (("limits.max_open_trades", 7), ("limits.max_open_trades", -7), ("no.such", 1)):
        await counter.handle.execute_update(Desk.set_limit, SetLimit(by=ANN, name=name, value=value))
    added = ChangeAllowlist(by=ANN, kind=AllowKind.ROLES, discord_id=77, add=True)
    await counter.handle.execute_update(Desk.change_allowlist, added)
    await counter.handle.execute_update(Desk.set_factor, SetFactor(by=ANN, channel_id=1, factor=Decimal("0.5")))
    await counter.broker.shows(lambda: len(counter.rows(AuditKind.OPERATOR)) == 5)
    told = [(row.code, row.payload["before"], row.payload["after"]) for row in counter.rows(AuditKind.OPERATOR)]
    assert told == [
        ("halted", "active", "halted by ann (api): FOMC"),
        ("resume", "halted by ann (api): FOMC", "active"),
        ("limits.max_open_trades", "20", "7"),
        ("allowlist.roles", "nobody", "77"),
        ("sizing.channel_factor.1", "1", "0.5"),
    ]
    assert {(row.author_id, row.author_name) for row in counter.rows(AuditKind.OPERATOR)} == {(5, "ann")}
    policy = (await counter.book()).policy
    assert (policy.limits.max_open_trades, policy.allowlist.roles) == (7, {77})


async def test_what_a_person_set_stays_when_the_same_settings_are_read_again(counter: Counter) -> None:
    await counter.handle.signal(Desk.set_policy, POLICY)
    await counter.handle.execute_update(Desk.set_limit, SetLimit(by=ANN, name="limits.max_open_trades", value=7))
    await counter.handle.signal(Desk.set_policy, POLICY)
    assert (await counter.book()).policy.limits.max_open_trades == 7


async def test_a_trouble_that_trips_stops_entries_tells_an_operator_and_is_written_down(
    counter: Counter, climbers: None
) -> None:
    climbing = await counter.climbs()
    for _ in range(2):
        await counter.trouble(TroubleKind.EXIT_FAILED)
    assert "keeps refusing an exit" in await counter.why_stopped(climbing)
    standing = (await counter.book()).standing
    assert (standing.trading, str(standing.by)) == (Trading.HALTED, "the desk (desk)")
    await counter.broker.shows(lambda: bool(counter.broker.pages) and bool(counter.rows(AuditKind.OPERATOR)))
    assert [each.kind for page in counter.broker.pages for each in page.troubles] == [TroubleKind.EXIT_FAILED]
    assert counter.broker.pages[0].troubles[0].halted
    await counter.broker.shows(lambda: len(counter.rows(AuditKind.TROUBLE)) == 1)


async def test_a_trouble_that_trips_nothing_is_only_told(counter: Counter) -> None:
    await counter.trouble(TroubleKind.WATCH_SEES)
    await counter.broker.shows(lambda: bool(counter.broker.pages))
    assert (await counter.book()).standing.admits


async def test_an_operator_who_can_not_be_reached_is_called_again(env: WorkflowEnvironment, counter: Counter) -> None:
    counter.broker.will("page_operator", fail)
    await counter.trouble(TroubleKind.WATCH_SEES)
    await counter.after(env, 5)
    await counter.broker.shows(lambda: bool(counter.broker.pages))


async def test_one_failed_trade_after_the_other_halts_the_desk(counter: Counter) -> None:
    for _ in range(5):
        assert (await counter.book()).standing.admits
        asked = counter.alert()
        await counter.admit(asked)
        await counter.report(asked, over=True, failed=True)
    standing = (await counter.book()).standing
    assert standing.trading is Trading.HALTED
    assert standing.reason == "One trade after the other fails. 5 in a row"


async def test_a_days_loss_halts_the_desk_while_a_trade_asks_for_its_size(
    env: WorkflowEnvironment, counter: Counter
) -> None:
    first, second = counter.alert(), counter.alert()
    await counter.admit(first)
    await counter.reserve(first)
    await counter.admit(second)
    await counter.after(env, 31)
    counter.broker.always("read_account", lambda broker, _: _balances(broker, 89_000))
    assert (await counter.reserve(second)).refusal.code is RefusalCode.HALTED
    assert (await counter.book()).standing.reason.startswith("The account has lost more today than is allowed.")


async def test_when_the_audit_takes_no_rows_the_desk_stops_letting_trades_in(
    env: WorkflowEnvironment, counter: Counter
) -> None:
    gate = Gate()
    counter.broker.always("append_audit", gate)
    assert (await counter.admit(counter.alert())).terms is not None
    await counter.after(env, 61)
    refused = await counter.admit(counter.alert())
    gate.open()
    assert refused.refusal.code is RefusalCode.HALTED
    assert (await counter.book()).troubles[-1].kind is TroubleKind.AUDIT_UNWRITABLE


async def test_how_it_stands_is_written_once_a_minute_while_alerts_come(
    env: WorkflowEnvironment, counter: Counter
) -> None:
    for pause in (0, 0, 61, 0):
        await counter.after(env, pause)
        await counter.admit(counter.alert())
    await counter.broker.shows(lambda: len(counter.rows(AuditKind.DESK)) == 2)
    assert counter.rows(AuditKind.DESK)[1].detail.startswith("active; 2 open, 2 entries today")


async def test_a_settings_file_that_does_not_fit_what_people_set_does_not_stop_the_desk(counter: Counter) -> None:
    await counter.handle.signal(Desk.set_policy, POLICY)
    await counter.handle.execute_update(Desk.set_limit, SetLimit(by=ANN, name="ladder.window", value="PT65S"))
    slower = POLICY.model_copy(update={"ladder": LadderSettings(rung=timedelta(seconds=25))})
    await counter.handle.signal(Desk.set_policy, slower)
    assert (await counter.admit(counter.alert())).terms.ladder == slower.ladder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def real() -> AsyncIterator[WorkflowEnvironment]:
    """The real server, told to suggest a new run early: the skipping one never does."""
    server = Path(sys.executable).with_name("temporal")
    config = {**DYNAMIC_CONFIG, "limit.historyCount.suggestContinueAsNew": "150"}
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(server),
        data_converter=pydantic_data_converter,
        ip="127.0.0.1",
        dev_server_log_level="never",
        dev_server_extra_args=[word for pair in config.items() for word in ("--dynamic-config-value", "=".join(pair))],
    ) as env:
        yield env
        await asyncio.sleep(0.3)  # the SDK may crash the interpreter when a client's loop closes at once


@pytest_asyncio.fixture(loop_scope="module")
async def long_day(real: WorkflowEnvironment) -> AsyncIterator[Counter]:
    """A desk that hands its book on again and again; the handle follows it."""
    broker = FakeBroker(real.client)
    async with workers(real.client, broker):
        first = await at_the_desk(real.client, broker, BUSY)
        yield Counter(real.client, real.client.get_workflow_handle_for(Desk.run, first.handle.id), broker)
        await first.client.get_workflow_handle(first.handle.id).terminate()


async def run_id(counter: Counter) -> str:
    return (await counter.handle.describe()).run_id


async def test_its_book_survives_when_it_continues_as_new(long_day: Counter) -> None:
    began = await run_id(long_day)
    asked = [long_day.alert() for _ in range(40)]
    for one in asked:
        await patiently(partial(long_day.admit, one))
    assert await run_id(long_day) != began
    again = await patiently(partial(long_day.admit, asked[0]))
    assert (again.terms is not None, (await long_day.book()).entries_today) == (True, 40)


async def test_no_answer_is_lost_under_load_while_it_continues_as_new(long_day: Counter) -> None:
    """Trades ask through their activity, which asks again; a person's change is asked once, and is in force once."""
    began, desk = await run_id(long_day), TemporalDesk(long_day.client, ACCOUNT)
    door = DeskDoor(long_day.client, ACCOUNT)
    asked = [long_day.alert() for _ in range(150)]

    async def trade(request: TradeRequest) -> Any:
        own_id = request.trade_id.workflow_id
        answer = await patiently(lambda: desk.admit(AdmissionRequest(workflow_id=own_id, request=request)))
        cost = ReservationRequest(
            workflow_id=own_id, contract_symbol="X", unit_cost=Decimal(1), worst_unit_cost=Decimal(1)
        )
        size = await patiently(lambda: desk.reserve(cost))
        return answer.terms is not None and size.quantity

    async def change(number: int) -> Any:
        added = ChangeAllowlist(by=ANN, kind=AllowKind.ROLES, discord_id=number, add=True)
        return (await door.change_allowlist(added)).refused is None

    answers = await asyncio.gather(*[trade(one) for one in asked], *[change(number) for number in range(1, 31)])
    assert all(answers)
    book = await long_day.book()
    assert await run_id(long_day) != began
    assert (len(book.trades), book.entries_today) == (150, 150)
    assert book.policy.allowlist.roles == frozenset(range(1, 31))
    await long_day.broker.shows(lambda: len(long_day.rows(AuditKind.OPERATOR)) >= 30)
    ids = [row.event_id for row in long_day.rows(AuditKind.OPERATOR)]
    assert len(set(ids)) == 30


async def test_a_halt_and_what_is_not_yet_written_survive_when_it_continues_as_new(long_day: Counter) -> None:
    gate = Gate()
    long_day.broker.always("append_audit", gate)
    await long_day.halt()
    began = await run_id(long_day)
    for _ in range(40):
        asked = long_day.alert()
        assert (await patiently(partial(long_day.admit, asked))).refusal.code is RefusalCode.HALTED
    assert await run_id(long_day) != began
    gate.open()
    await long_day.broker.shows(lambda: bool(long_day.rows(AuditKind.OPERATOR)))
    assert long_day.rows(AuditKind.OPERATOR)[0].code == "halted"


async def patiently(ask: Callable[[], Awaitable[Any]]) -> Any:
    """As Temporal does with a trade's activity: what failed is asked again."""
    for _ in range(20):
        try:
            return await ask()
        except (RPCError, WorkflowUpdateFailedError):
            await asyncio.sleep(0.1)
    raise AssertionError("no answer")


def _balances(broker: FakeBroker, dollars: int) -> AccountState:
    money = Decimal(dollars)
    return AccountState(
        account_number=ACCOUNT, net_liquidating_value=money, cash=money, buying_power=money, at=broker.now()
    )
