"""Trades as Temporal has them: which run, how the others ended, and what each says of itself."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import RetryableError
from domain.reconciliation import Life, TradeStanding
from domain.trade import TradeView

_RUNNING = "WorkflowType = 'AlertTrade' AND ExecutionStatus = 'Running'"
_AT_ONCE = 8  # of the server's workers, which trade meanwhile
_ANSWER_WITHIN = timedelta(seconds=5)
_LIVES = {
    WorkflowExecutionStatus.RUNNING: Life.RUNNING,
    WorkflowExecutionStatus.COMPLETED: Life.COMPLETED,
    WorkflowExecutionStatus.CANCELED: Life.CANCELLED,
    WorkflowExecutionStatus.TERMINATED: Life.TERMINATED,
}


class TradeStandings:
    """Reads trades' workflows; changes none."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def running(self) -> set[str]:
        """Ids of all that run, by the server's list, which may lag by a second. RetryableError."""
        try:
            return {execution.id async for execution in self._client.list_workflows(_RUNNING)}
        except RPCError as error:
            raise RetryableError(f"the trades could not be listed: {error}") from error

    async def of(self, workflow_ids: Iterable[str]) -> list[TradeStanding]:
        """How each stands. RetryableError when the server can't be asked."""
        places = asyncio.Semaphore(_AT_ONCE)

        async def look(workflow_id: str) -> TradeStanding:
            async with places:
                return await self._standing(workflow_id)

        return await asyncio.gather(*[look(workflow_id) for workflow_id in workflow_ids])

    async def life(self, workflow_id: str) -> Life:
        """Whether it runs, or how it ended. RetryableError."""
        try:
            found = await self._client.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return Life.UNKNOWN
            raise RetryableError(f"trade {workflow_id} could not be looked at: {error}") from error
        return _LIVES.get(found.status, Life.FAILED) if found.status else Life.UNKNOWN

    async def _standing(self, workflow_id: str) -> TradeStanding:
        life = await self.life(workflow_id)
        view = None if life is Life.UNKNOWN else await self._view(workflow_id)
        return TradeStanding(workflow_id=workflow_id, life=life, view=view)

    async def _view(self, workflow_id: str) -> TradeView | None:
        handle: WorkflowHandle[object, object] = self._client.get_workflow_handle(workflow_id)
        try:
            view: TradeView = await handle.query("view", result_type=TradeView, rpc_timeout=_ANSWER_WITHIN)
        except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
            return None
        return view
