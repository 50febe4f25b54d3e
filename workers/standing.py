"""What always runs beside the trades: the account's desk, the watch of its stream, and the schedule that reconciles."""

import logging
from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetStickyTaskQueueRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from activities.interfaces import TRADES_QUEUE
from activities.kill_mark import KillMark
from activities.trades import RUNNING_TRADES
from domain.broker import WatchAccount
from domain.command import Halt, Person
from domain.desk_book import DeskBook
from domain.identifiers import desk_workflow_id, reconciliation_id, watch_workflow_id
from domain.settings import DeskPolicy
from workflows.account_watch import AccountWatch
from workflows.desk import Desk
from workflows.desk_door import DeskDoor
from workflows.reconciliation import Reconciliation

log = logging.getLogger(__name__)
_TASK_TIME = timedelta(seconds=5)
_TAKES = timedelta(seconds=1)  # a call of `take_over`: longer than that, waiting costs less
_ONE_PASS = timedelta(minutes=15)
# One that is asked for while another runs comes after it: what it is to see may be newer than the other's first look.
_OVERLAP = ScheduleOverlapPolicy.BUFFER_ONE
_CATCH_UP = timedelta(minutes=1)  # the default of a year would make up for every pass of an outage


async def ensure_standing(client: Client, account_number: str, policy: DeskPolicy) -> None:
    """Start the desk and the watch unless they run, and tell a running desk the policy of the settings."""
    desk = await client.start_workflow(
        Desk.run,
        DeskBook(policy=policy),
        id=desk_workflow_id(account_number),
        task_queue=TRADES_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        task_timeout=_TASK_TIME,
        static_summary=f"The desk of account {account_number}",
    )
    await desk.signal(Desk.set_policy, policy)
    await client.start_workflow(
        AccountWatch.run,
        WatchAccount(account_number=account_number),
        id=watch_workflow_id(account_number),
        task_queue=TRADES_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        task_timeout=_TASK_TIME,
        static_summary=f"The stream of account {account_number}",
    )


async def honour(client: Client, account_number: str, mark: KillMark) -> None:
    """Halt the desk for a kill that found nobody running. The mark stays, and shuts the way, until somebody resumes."""
    kill = mark.read()
    if kill is not None:
        by = Person(name=kill.by, via="kill")
        reason = f"killed at {kill.at:%Y-%m-%d %H:%M:%S %Z}, {kill.scope}"
        await DeskDoor(client, account_number).halt(Halt(by=by, reason=reason))


async def take_over(client: Client) -> int:
    """Have the server send the open trades' next tasks to whoever is there; gives how many.

    The tasks of a cached workflow go to its own worker first, and wait for it though it was killed. Nothing is lost by
    asking: a trade that another worker holds is brought back from its history once.
    """
    asked = 0
    try:
        async for trade in client.list_workflows(RUNNING_TRADES, rpc_timeout=_TAKES):
            execution = WorkflowExecution(workflow_id=trade.id, run_id=trade.run_id)
            request = ResetStickyTaskQueueRequest(namespace=client.namespace, execution=execution)
            await client.workflow_service.reset_sticky_task_queue(request, timeout=_TAKES)
            asked += 1
    except RPCError as error:
        log.warning("open trades wait a second longer for their next task: %s", error)
    return asked


async def ensure_reconciliation(client: Client, account_number: str, every: timedelta) -> None:
    """Have the account compared with its trades now, and at that interval from now on."""
    schedule = _schedule(account_number, every)
    try:
        await client.create_schedule(reconciliation_id(account_number), schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        handle = client.get_schedule_handle(reconciliation_id(account_number))
        await handle.update(lambda found: _as_set(found, schedule))
        if (await handle.describe()).schedule.state.paused:
            log.warning("the schedule %s is paused: the account is not compared with its trades", handle.id)
        else:
            await handle.trigger()


def _schedule(account_number: str, every: timedelta) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            Reconciliation.run,
            WatchAccount(account_number=account_number),
            id=reconciliation_id(account_number),
            task_queue=TRADES_QUEUE,
            task_timeout=_TASK_TIME,
            execution_timeout=_ONE_PASS,  # a pass that hangs must not keep the next from coming
            static_summary=f"Account {account_number} beside its trades",
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=_OVERLAP, catchup_window=_CATCH_UP),
    )


def _as_set(found: ScheduleUpdateInput, schedule: Schedule) -> ScheduleUpdate:
    """The settings' interval; a schedule that a person has paused stays paused."""
    schedule.state = found.description.schedule.state
    return ScheduleUpdate(schedule)
