"""A dry run at the running desk, and a desk that let dry runs count before today's code was deployed over it."""

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.interfaces import AUDIT_QUEUE, TRADES_QUEUE
from domain.refusals import RefusalCode
from domain.trade import TradeRequest
from tests.fakes.broker import FakeBroker
from tests.replay.kept import changes_known
from tests.workflows.counter import Counter, at_the_desk
from workflows.changes import Change
from workflows.desk import Desk


def rehearsal(asked: TradeRequest) -> TradeRequest:
    return asked.model_copy(update={"dry_run": True})


async def test_an_alert_is_traded_though_it_was_rehearsed_a_moment_ago(counter: Counter) -> None:
    asked = rehearsal(counter.alert(strike=1))
    assert (await counter.admit(asked)).terms is not None
    assert (await counter.reserve(asked)).quantity > 0
    real = counter.alert(strike=1)
    assert (await counter.admit(real)).terms is not None
    book = await counter.book()
    assert (list(book.trades), book.entries_today) == ([real.trade_id.workflow_id], 1)
    assert book.spoken_for == 0


async def test_dry_runs_that_fail_do_not_stop_the_desk(counter: Counter) -> None:
    for _ in range(10):
        asked = rehearsal(counter.alert())
        await counter.admit(asked)
        await counter.report(asked, over=True, failed=True, order_calls=9)
    book = await counter.book()
    assert book.standing.admits
    assert (book.failures, book.calls, book.rehearsals) == (0, [], {})


def worker(env: WorkflowEnvironment, broker: FakeBroker) -> Worker:
    """A deployment: it remembers no workflow, and replays each from its first event on."""
    activities = [broker.read_account, broker.page_operator]
    return Worker(
        env.client,
        task_queue=TRADES_QUEUE,
        workflows=[Desk],
        activities=activities,
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=0,
    )


async def test_a_desk_that_runs_while_its_code_is_changed_goes_on_as_it_began(
    env: WorkflowEnvironment, broker: FakeBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the old code refused the new code may not let in when it replays: it would ask the broker for a balance."""
    async with Worker(env.client, task_queue=AUDIT_QUEUE, activities=[broker.append_audit]):
        monkeypatch.setattr("temporalio.workflow.patched", lambda _: False)
        counter = await at_the_desk(env.client, broker)
        await counter.synchronise(env)
        async with worker(env, broker):
            assert (await counter.admit(rehearsal(counter.alert(strike=1)))).terms is not None
            assert (await counter.admit(counter.alert(strike=1))).refusal.code is RefusalCode.DUPLICATE
        monkeypatch.undo()
        async with worker(env, broker):
            assert (await counter.book()).entries_today == 1
            assert (await counter.admit(rehearsal(counter.alert(strike=2)))).terms is not None
            assert (await counter.admit(counter.alert(strike=2))).refusal.code is RefusalCode.DUPLICATE
            assert (await counter.book()).entries_today == 2
            await counter.is_quiet()
        history = (await counter.handle.fetch_history()).to_json()
        assert Change.DESK_LETS_DRY_RUNS_BE not in changes_known(history)
        await counter.handle.terminate()


async def test_a_desk_that_saw_no_dry_run_before_takes_the_new_way_at_the_first(
    env: WorkflowEnvironment, broker: FakeBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Worker(env.client, task_queue=AUDIT_QUEUE, activities=[broker.append_audit]):
        monkeypatch.setattr("temporalio.workflow.patched", lambda _: False)
        counter = await at_the_desk(env.client, broker)
        await counter.synchronise(env)
        async with worker(env, broker):
            await counter.admit(counter.alert(strike=1))
        monkeypatch.undo()
        async with worker(env, broker):
            await counter.admit(rehearsal(counter.alert(strike=2)))
            assert (await counter.admit(counter.alert(strike=2))).terms is not None
            assert (await counter.book()).entries_today == 2
            await counter.is_quiet()
        assert Change.DESK_LETS_DRY_RUNS_BE in changes_known((await counter.handle.fetch_history()).to_json())
        await counter.handle.terminate()
