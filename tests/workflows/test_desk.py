"""The desk: one answer to each trade, one balance for a burst, and a book that outlives its run."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest_asyncio
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from activities.desk import TemporalDesk
from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE
from domain.admission import DeskBook
from domain.audit import AuditKind
from domain.desk import AdmissionRequest, ReservationRequest, TradeReport
from domain.identifiers import desk_workflow_id, snowflake_at
from domain.refusals import RefusalCode
from domain.settings import Allowlist, DeskLimits, DeskPolicy, LadderSettings
from domain.trade import TradeRequest
from domain.trouble import Trouble, TroubleKind
from tests.fakes.broker import FakeBroker, Gate, fail
from tests.fakes.operator import FakeOperator
from tests.workflows.conftest import request
from workflows.desk import Desk

ACCOUNT = "5WX00042"
ALLOWED = Allowlist(users=frozenset({2}), channels=frozenset({1}))
POLICY = DeskPolicy(allowlist=ALLOWED)
Handle = WorkflowHandle[Desk, None]


class Counter:
    """The desk of one account as trades see it."""

    def __init__(self, client: Client, handle: Handle, broker: FakeBroker, operator: FakeOperator) -> None:
        self.client = client
        self.handle = handle
        self.broker = broker
        self.operator = operator
        self.first_run = ""
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

    async def trouble(self, key: str) -> Trouble:
        """Tell the desk of one."""
        trouble = Trouble(kind=TroubleKind.ORPHAN, key=key, detail="2 held", at=datetime.now(UTC))
        await self.handle.signal(Desk.trouble, trouble)
        return trouble

    @property
    def written(self) -> list[str]:
        """The troubles in the audit."""
        return [event.event_id for event in self.broker.book.audit if event.kind is AuditKind.TROUBLE]

    async def all_written(self, count: int) -> None:
        async with asyncio.timeout(30):
            await self.broker.shows(lambda: len(self.written) >= count)


async def at_the_desk(client: Client, broker: FakeBroker, policy: DeskPolicy = POLICY) -> Counter:
    handle = await client.start_workflow(
        Desk.run, DeskBook(policy=policy), id=desk_workflow_id(ACCOUNT), task_queue=TRADES_QUEUE
    )
    return Counter(client, handle, broker, FakeOperator())


@asynccontextmanager
async def working(counter: Counter) -> AsyncIterator[Counter]:
    """With the workers that a desk needs."""
    trades = Worker(
        counter.client,
        task_queue=TRADES_QUEUE,
        workflows=[Desk],
        activities=[counter.broker.read_account, counter.operator.page_operator],
    )
    audit = Worker(counter.client, task_queue=AUDIT_QUEUE, activities=[counter.broker.append_audit])
    async with audit, trades:
        yield counter


@pytest_asyncio.fixture(loop_scope="module")
async def counter(env: WorkflowEnvironment, broker: FakeBroker) -> AsyncIterator[Counter]:
    async with working(await at_the_desk(env.client, broker)) as counter:
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
            "limits": DeskLimits(max_open_trades=100),
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


@pytest_asyncio.fixture(loop_scope="module")
async def short_lived() -> AsyncIterator[Counter]:
    """On the real server, told to suggest early that the desk continues as new: the skipping one never does."""
    server = Path(sys.executable).with_name("temporal")
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(server),
        data_converter=pydantic_data_converter,
        ip="127.0.0.1",
        dev_server_log_level="never",
        dev_server_extra_args=["--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=30"],
    ) as env:
        counter = await at_the_desk(env.client, FakeBroker(env.client))
        counter.first_run = (await counter.handle.describe()).run_id
        counter.handle = env.client.get_workflow_handle_for(Desk.run, counter.handle.id)
        async with working(counter):
            yield counter
        await asyncio.sleep(0.3)  # the SDK may crash the interpreter when a client's loop closes at once


async def continues_as_new(counter: Counter) -> None:
    """Ask until the desk has."""
    before = (await counter.handle.describe()).run_id
    for _ in range(40):
        await counter.admit(counter.alert())
        if (await counter.handle.describe()).run_id != before:
            return
    raise AssertionError("it did not continue as new")


async def test_its_book_survives_when_it_continues_as_new(short_lived: Counter) -> None:
    asked = [short_lived.alert() for _ in range(10)]
    for one in asked:
        await short_lived.admit(one)
    assert (await short_lived.handle.describe()).run_id != short_lived.first_run
    assert len((await short_lived.book()).trades) == 10
    again = await short_lived.admit(asked[0])
    assert (again.terms is not None, (await short_lived.book()).entries_today) == (True, 10)


# Troubles


async def test_a_trouble_is_told_once_and_written_once(counter: Counter) -> None:
    for _ in range(3):
        trouble = await counter.trouble("orphan:1")
    await counter.operator.was_tried(1)
    await counter.all_written(1)
    await counter.admit(counter.alert())

    assert counter.operator.keys == ["orphan:1"]
    assert counter.operator.pages[0].account_number == ACCOUNT
    assert counter.written == [f"desk-{ACCOUNT}:trouble:orphan:1"]
    book = await counter.book()
    assert [known.key for known in book.troubles] == [trouble.key]


async def test_what_comes_up_while_the_operator_is_away_is_told_in_one_message(counter: Counter) -> None:
    counter.operator.is_away = True
    await counter.trouble("0")
    await counter.operator.was_tried(1)
    for number in range(1, 5):
        await counter.trouble(str(number))
    await counter.all_written(5)
    counter.operator.is_away = False
    await counter.operator.was_tried(3)

    assert [len(page.troubles) for page in counter.operator.pages] == [1, 4]
    assert sorted(counter.operator.keys) == ["0", "1", "2", "3", "4"]


async def test_an_operator_who_can_not_be_reached_keeps_nobody_waiting(counter: Counter) -> None:
    counter.operator.is_away = True
    await counter.trouble("orphan:1")
    await counter.operator.was_tried(1)
    asked = counter.alert()
    assert (await counter.admit(asked)).terms is not None
    assert (await counter.reserve(asked)).refusal is None


async def test_a_trouble_is_not_told_again_after_the_desk_continued_as_new(short_lived: Counter) -> None:
    await short_lived.trouble("orphan:1")
    await short_lived.operator.was_tried(1)
    await continues_as_new(short_lived)
    await short_lived.trouble("orphan:1")
    await short_lived.trouble("orphan:2")
    await short_lived.operator.was_tried(2)
    await short_lived.all_written(2)

    assert short_lived.operator.keys == ["orphan:1", "orphan:2"]
    assert short_lived.written == [f"desk-{ACCOUNT}:trouble:orphan:{number}" for number in (1, 2)]


async def test_what_could_not_be_told_before_the_desk_continued_as_new_is_told_after_it(short_lived: Counter) -> None:
    short_lived.operator.is_away = True
    await short_lived.trouble("orphan:1")
    await short_lived.operator.was_tried(1)
    await continues_as_new(short_lived)
    short_lived.operator.is_away = False
    await short_lived.operator.was_tried(short_lived.operator.tries + 1)

    assert short_lived.operator.keys == ["orphan:1"]
    assert len(short_lived.written) == 1


async def test_a_row_that_waits_for_its_audit_keeps_the_desk_from_continuing_as_new(short_lived: Counter) -> None:
    audit = Gate()
    short_lived.broker.will("append_audit", audit)
    await short_lived.trouble("orphan:1")
    await audit.reached.wait()
    for _ in range(20):
        await short_lived.admit(short_lived.alert())
    assert (await short_lived.handle.describe()).run_id == short_lived.first_run
    audit.open()
    await continues_as_new(short_lived)
    assert len(short_lived.written) == 1
