"""The workflows that always run beside the trades: the account's desk and the watch of its stream."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

from activities.interfaces import TRADES_QUEUE
from domain.admission import DeskBook
from domain.broker import WatchAccount
from domain.identifiers import desk_workflow_id, watch_workflow_id
from domain.settings import DeskPolicy
from workflows.account_watch import AccountWatch
from workflows.desk import Desk

_TASK_TIME = timedelta(seconds=5)


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
