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

import pytest
import pytest_asyncio
from temporalio.client import WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.desk import TemporalDesk
from domain.audit import AuditKind
from domain.command import (
    AllowKind,
    ChangeAllowlist,
    Denied,
    Halt,
    OperatorDid,
    Person,
    SetFactor,
    SetLimit,
    Trading,
    TurnedAway,
)
from domain.desk import AdmissionRequest, ReservationRequest, TradeReport
from domain.desk_book import DeskBook
from domain.identifiers import desk_workflow_id
from domain.refusals import RefusalCode
from domain.settings import DeskLimits, LadderSettings
from domain.trade import TradeRequest
from domain.trouble import Trouble, TroubleKind
from tests.fakes.broker import FakeBroker, Gate, fail
from tests.workflows.counter import ACCOUNT, ANN, BUSY, POLICY, Counter, at_the_desk, workers
from workers.temporal_server import DYNAMIC_CONFIG
from workflows.desk import Desk
from workflows.desk_door import DeskDoor, NoDesk


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
    async with asyncio.timeout(10):
        await door.operator_did(OperatorDid(by=alice, what="cancel", detail="changed my mind", workflow_id="alert-1-2"))
        await door.operator_did(OperatorDid(by=alice, what="reconcile"))
        await counter.broker.shows(lambda: len(counter.rows(AuditKind.OPERATOR)) == 2)
    rows = [(row.kind, row.code, row.workflow_id, row.author_name) for row in counter.rows(AuditKind.OPERATOR)]
    assert rows == [
        (AuditKind.OPERATOR, "cancel", "alert-1-2", "alice"),
        (AuditKind.OPERATOR, "reconcile", desk_workflow_id(ACCOUNT), "alice"),
    ]
    assert len({row.event_id for row in counter.rows(AuditKind.OPERATOR)}) == 2
    assert (await door.standing()).admits


async def test_an_alert_that_a_front_door_turns_away_is_written_down_once(counter: Counter) -> None:
    door = DeskDoor(counter.client, ACCOUNT)
    told = TurnedAway(
        channel_id=1, message_id=2, author_id=3, author_name="mallory", text="BTO ...", code="author_not_allowed"
    )
    async with asyncio.timeout(10):
        await door.turned_away(told)
        await door.turned_away(told)
        await door.operator_did(OperatorDid(by=Person(name="alice", via="api"), what="reconcile"))
        await counter.broker.shows(lambda: bool(counter.rows(AuditKind.OPERATOR)))
    rows = counter.rows(AuditKind.REFUSED)
    assert {(row.workflow_id, row.code, row.author_id, row.message_id) for row in rows} == {
        ("alert-1-2", "author_not_allowed", 3, 2)
    }
    assert len({row.event_id for row in rows}) == 1


async def test_what_somebody_may_not_is_written_down_once_a_minute(counter: Counter) -> None:
    door = DeskDoor(counter.client, ACCOUNT)
    mallory = Person(person_id=666, name="mallory", via="discord")
    noon = datetime(2026, 11, 25, 17, 0, 59, tzinfo=UTC)
    denied = Denied(by=mallory, what="close", why="for operators", at=noon, workflow_id="alert-1-2")
    async with asyncio.timeout(10):
        for at in (noon, noon, noon - timedelta(seconds=30), noon + timedelta(seconds=1)):
            await door.denied(denied.model_copy(update={"at": at}))
        await door.operator_did(OperatorDid(by=Person(name="alice", via="api"), what="reconcile"))
        await counter.broker.shows(lambda: any(row.code == "reconcile" for row in counter.rows(AuditKind.OPERATOR)))
    rows = [row for row in counter.rows(AuditKind.OPERATOR) if row.code == "close_denied"]
    assert {(row.workflow_id, row.author_id, row.author_name) for row in rows} == {("alert-1-2", 666, "mallory")}
    assert "for operators" in rows[0].detail
    assert len({row.event_id for row in rows}) == 2


async def test_the_desk_says_what_it_decides_by_and_what_was_told(counter: Counter) -> None:
    door = DeskDoor(counter.client, ACCOUNT)
    trouble = Trouble(kind=TroubleKind.ALERT_MISSED, key="missed:1", detail="BTO", at=datetime.now(UTC))
    await door.tell(trouble)
    await door.tell(trouble)
    assert (await door.policy()) == (await door.book()).policy
    assert [told.key for told in await door.troubles()] == ["missed:1"]


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


async def test_one_failed_trade_after_the_other_halts_the_desk(counter: Counter) -> None:
    for _ in range(5):
        assert (await counter.book()).standing.admits
        asked = counter.alert()
        await counter.admit(asked)
        await counter.report(asked, over=True, failed=True)
    standing = (await counter.book()).standing
    assert standing.trading is Trading.HALTED
    assert standing.reason == "One trade after the other fails. 5 in a row"


async def test_a_settings_file_that_does_not_fit_what_people_set_does_not_stop_the_desk(counter: Counter) -> None:
    await counter.handle.signal(Desk.set_policy, POLICY)
    await counter.handle.execute_update(Desk.set_limit, SetLimit(by=ANN, name="ladder.window", value="PT65S"))
    slower = POLICY.model_copy(update={"ladder": LadderSettings(rung=timedelta(seconds=25))})
    await counter.handle.signal(Desk.set_policy, slower)
    assert (await counter.admit(counter.alert())).terms.ladder == slower.ladder


@asynccontextmanager
async def server(**limits: str) -> AsyncIterator[WorkflowEnvironment]:
    config = DYNAMIC_CONFIG | limits
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(Path(sys.executable).with_name("temporal")),
        data_converter=pydantic_data_converter,
        ip="127.0.0.1",
        dev_server_log_level="never",
        dev_server_extra_args=[word for pair in config.items() for word in ("--dynamic-config-value", "=".join(pair))],
    ) as env:
        yield env
        await asyncio.sleep(0.3)  # the SDK may crash the interpreter when a client's loop closes at once


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def real() -> AsyncIterator[WorkflowEnvironment]:
    """The real server, told to suggest a new run early: the skipping one never does."""
    async with server(**{"limit.historyCount.suggestContinueAsNew": "150"}) as env:
        yield env


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


async def runs_anew(counter: Counter, began: str) -> None:
    """It hands its book on in the next quiet moment."""
    async with asyncio.timeout(20):
        while await run_id(counter) == began:  # noqa: ASYNC110  another process's state
            await asyncio.sleep(0.05)


async def test_its_book_survives_when_it_continues_as_new(long_day: Counter) -> None:
    began = await run_id(long_day)
    asked = [long_day.alert() for _ in range(90)]
    for one in asked:
        await patiently(partial(long_day.admit, one))
    await runs_anew(long_day, began)
    again = await patiently(partial(long_day.admit, asked[0]))
    assert (again.terms is not None, (await long_day.book()).entries_today) == (True, 90)


async def test_its_history_stays_short_enough_to_be_replayed_at_once() -> None:
    async with server() as env:
        broker = FakeBroker(env.client)
        async with workers(env.client, broker):
            first = await at_the_desk(env.client, broker, BUSY)
            desk = Counter(env.client, env.client.get_workflow_handle_for(Desk.run, first.handle.id), broker)
            began = await run_id(desk)
            for _ in range(150):
                await patiently(partial(desk.admit, desk.alert()))
            await runs_anew(desk, began)
            described = await env.client.get_workflow_handle(first.handle.id, run_id=began).describe()
            assert described.history_length < 1000
            assert (await desk.book()).entries_today == 150
            await desk.handle.terminate()


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
    await runs_anew(long_day, began)
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
    for _ in range(90):
        asked = long_day.alert()
        assert (await patiently(partial(long_day.admit, asked))).refusal.code is RefusalCode.HALTED
    await runs_anew(long_day, began)
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
