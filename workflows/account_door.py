"""The way to what stands beside an account's trades: whether its watch sees, and a comparison with the broker."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.interfaces import TRADES_QUEUE
from domain.broker import WatchAccount
from domain.errors import AlertladderError, RetryableError
from domain.frozen import Frozen
from domain.identifiers import reconciliation_id, watch_workflow_id
from workflows.reconciliation import Reconciliation, ReconciliationReport

_ASK_TIME = timedelta(seconds=5)
_ONE_PASS = timedelta(minutes=10)


class UnknownPass(AlertladderError):
    """There is no such reconciliation."""


class PassState(StrEnum):
    """Where a reconciliation stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Pass(Frozen):
    """One reconciliation, with its report when it is done."""

    workflow_id: str
    state: PassState
    report: ReconciliationReport | None = None


class AccountDoor:
    """One account. RetryableError: nobody answers now."""

    def __init__(self, client: Client, account_number: str) -> None:
        self._client = client
        self._account_number = account_number

    async def answers(self) -> None:
        """Return when the Temporal server does."""
        try:
            await self._client.service_client.check_health(timeout=_ASK_TIME)
        except RPCError as error:
            raise _unasked(error) from error

    async def is_watched(self) -> bool:
        """Whether the account's stream is seen now, by the last heartbeat of the activity that owns it."""
        try:
            handle = self._client.get_workflow_handle(watch_workflow_id(self._account_number))
            described = await handle.describe(rpc_timeout=_ASK_TIME)
        except RPCError as error:
            raise _unasked(error) from error
        for activity in described.raw_description.pending_activities:
            told: list[Any] = await self._client.data_converter.decode(activity.heartbeat_details.payloads)
            if told:
                return isinstance(told[0], dict) and told[0].get("blind_since", "") is None
        return False

    async def reconcile(self) -> str:
        """Start comparing the account with the trades; its workflow's id. A second call in one second is the same."""
        workflow_id = f"{self._prefix}{datetime.now(UTC):%Y%m%dT%H%M%S}"
        try:
            await self._client.start_workflow(
                Reconciliation.run,
                WatchAccount(account_number=self._account_number),
                id=workflow_id,
                task_queue=TRADES_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                execution_timeout=_ONE_PASS,
                rpc_timeout=_ASK_TIME,
            )
        except WorkflowAlreadyStartedError:
            return workflow_id
        except RPCError as error:
            raise _unasked(error) from error
        return workflow_id

    async def look(self, workflow_id: str) -> Pass:
        """One comparison that was asked for by hand. UnknownPass when there is none of that id."""
        if not workflow_id.startswith(self._prefix):
            raise UnknownPass(f"no reconciliation {workflow_id}")
        handle: WorkflowHandle[Any, ReconciliationReport]
        handle = self._client.get_workflow_handle(workflow_id, result_type=ReconciliationReport)
        try:
            described = await handle.describe(rpc_timeout=_ASK_TIME)
            return await _looked_at(handle, described.status)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise UnknownPass(f"no reconciliation {workflow_id}") from error
            raise _unasked(error) from error

    @property
    def _prefix(self) -> str:
        return f"{reconciliation_id(self._account_number)}-by-hand-"


async def _looked_at(handle: WorkflowHandle[Any, ReconciliationReport], status: WorkflowExecutionStatus | None) -> Pass:
    if status is WorkflowExecutionStatus.COMPLETED:
        return Pass(workflow_id=handle.id, state=PassState.DONE, report=await handle.result(rpc_timeout=_ASK_TIME))
    is_running = status is WorkflowExecutionStatus.RUNNING
    return Pass(workflow_id=handle.id, state=PassState.RUNNING if is_running else PassState.FAILED)


def _unasked(error: RPCError) -> RetryableError:
    return RetryableError(f"Temporal could not be asked: {error.message}")
