"""The desk: one answer to each trade, one balance for a burst, and a book that outlives its run."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from activities.desk import TemporalDesk
from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE
from domain.audit import AuditKind
from domain.command import Halt, OperatorDid, Person
from domain.desk import AdmissionRequest, ReservationRequest, TradeReport
from domain.desk_book import DeskBook
from domain.identifiers import desk_workflow_id, snowflake_at
from domain.refusals import RefusalCode
from domain.settings import Allowlist, DeskLimits, DeskPolicy, LadderSettings
from domain.trade import TradeRequest
from tests.fakes.broker import FakeBroker, fail
from tests.workflows.conftest import request
from workflows.desk import Desk
from workflows.desk_door import DeskDoor, NoDesk

ACCOUNT = "5WX00042"
ALLOWED = Allowlist(users=frozenset({2}), channels=frozenset({1}))
POLICY = DeskPolicy(allowlist=ALLOWED, limits=DeskLimits(max_trades_per_underlying=100))
Handle = WorkflowHandle[Desk, None]


class Counter:
    """The desk of one account as trades see it."""

    def __init__(self, client: Client, handle: Handle, broker: FakeBroker) -> None:
        self.client = client
        self.handle = handle
        self.broker = broker
        self._asked = 0

    def alert(self, **changes: Any) -> TradeRequest:
        """A new message each time; another strike each time unless one is given."""
        self._asked += 1
        changes.setdefault("strike", Decimal(self._asked))
        asked = request(datetime.now(UTC), **changes)
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

    async def book(self) -> DeskBook:
        return await self.handle.query(Desk.book)


async def at_the_desk(client: Client, broker: FakeBroker, policy: DeskPolicy = POLICY) -> Counter:
    handle = await client.start_workflow(
        Desk.run, DeskBook(policy=policy), id=desk_workflow_id(ACCOUNT), task_queue=TRADES_QUEUE
    )
    return Counter(client, handle, broker)


@pytest_asyncio.fixture(loop_scope="module")
async def counter(env: WorkflowEnvironment, broker: FakeBroker) -> AsyncIterator[Counter]:
    async with Worker(env.client, task_queue=TRADES_QUEUE, workflows=[Desk], activities=[broker.read_account]):
        counter = await at_the_desk(env.client, broker)
        yield counter
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


async def test_what_a_person_did_past_the_desk_is_written_down_under_its_trade(counter: Counter) -> None:
    alice = Person(name="alice", via="api")
    door = DeskDoor(counter.client, ACCOUNT)
    audit = Worker(counter.client, task_queue=AUDIT_QUEUE, activities=[counter.broker.append_audit])
    async with audit, asyncio.timeout(10):
        await door.operator_did(OperatorDid(by=alice, what="cancel", detail="changed my mind", workflow_id="alert-1-2"))
        await door.operator_did(OperatorDid(by=alice, what="reconcile"))
        await counter.broker.shows(lambda: len(counter.broker.book.audit) == 2)
    rows = [(row.kind, row.code, row.workflow_id, row.author_name) for row in counter.broker.book.audit]
    assert rows == [
        (AuditKind.OPERATOR, "cancel", "alert-1-2", "alice"),
        (AuditKind.OPERATOR, "reconcile", desk_workflow_id(ACCOUNT), "alice"),
    ]
    assert len({row.event_id for row in counter.broker.book.audit}) == 2
    assert (await door.standing()).admits


async def test_a_desk_that_no_worker_runs_is_nobody_to_whoever_asks(
    env: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.desk_door._PATIENCE", timedelta(seconds=1))
    nobody = await env.client.start_workflow(
        Desk.run, DeskBook(policy=POLICY), id=desk_workflow_id("5WX00000"), task_queue="nobody's"
    )
    with pytest.raises(NoDesk):
        await DeskDoor(env.client, "5WX00000").halt(Halt(by=Person(name="alice", via="api"), reason="news"))
    await nobody.terminate()


async def test_the_activities_put_the_question_and_bring_the_answer(counter: Counter) -> None:
    desk, asked = TemporalDesk(counter.client, ACCOUNT), counter.alert()
    question = AdmissionRequest(workflow_id=asked.trade_id.workflow_id, request=asked)
    assert await desk.admit(question) == await counter.admit(asked)


async def test_its_book_survives_when_it_continues_as_new() -> None:
    """On the real server, told to suggest it early: the skipping one never does."""
    server = Path(sys.executable).with_name("temporal")
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(server),
        data_converter=pydantic_data_converter,
        ip="127.0.0.1",
        dev_server_log_level="never",
        dev_server_extra_args=["--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=30"],
    ) as env:
        broker = FakeBroker(env.client)
        async with Worker(env.client, task_queue=TRADES_QUEUE, workflows=[Desk], activities=[broker.read_account]):
            counter = await at_the_desk(env.client, broker)
            asked = [counter.alert() for _ in range(10)]
            latest = Counter(env.client, env.client.get_workflow_handle_for(Desk.run, counter.handle.id), broker)
            for one in asked:
                await latest.admit(one)
            assert (await latest.handle.describe()).run_id != counter.handle.first_execution_run_id
            assert len((await latest.book()).trades) == 10
            again = await latest.admit(asked[0])
            assert (again.terms is not None, (await latest.book()).entries_today) == (True, 10)
        await asyncio.sleep(0.3)  # the SDK may crash the interpreter when a client's loop closes at once
