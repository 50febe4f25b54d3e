"""Trades as Temporal has them: which run, how the others ended, and what each says of itself."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import RetryableError
from domain.identifiers import desk_workflow_id
from domain.survey import Life, TradeStanding
from domain.trade import TradeView

RUNNING_TRADES = "WorkflowType = 'AlertTrade' AND ExecutionStatus = 'Running'"
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
            listed = self._client.list_workflows(RUNNING_TRADES, rpc_timeout=_ANSWER_WITHIN)
            return {execution.id async for execution in listed}
        except RPCError as error:
            raise RetryableError(f"the trades could not be listed: {error}") from error

    async def open_at_desk(self, account_number: str) -> set[str]:
        """Ids of all that the account's desk counts as open; none when it can't be asked now."""
        desk = self._client.get_workflow_handle(desk_workflow_id(account_number))
        try:
            found: list[str] = await desk.query("open_trades", result_type=list[str], rpc_timeout=_ANSWER_WITHIN)
        except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
            return set()
        return set(found)

    async def of(self, workflow_ids: Iterable[str]) -> list[TradeStanding]:
        """How each stands. RetryableError when the server can't be asked."""
        places = asyncio.Semaphore(_AT_ONCE)

        async def look(workflow_id: str) -> TradeStanding:
            async with places:
                return await self._standing(workflow_id)

        return await asyncio.gather(*[look(workflow_id) for workflow_id in workflow_ids])

    async def life(self, workflow_id: str) -> Life:
        """Whether it runs, or how it ended. RetryableError."""
        found = await self._described(workflow_id)
        return Life.UNKNOWN if found is None else _life(found)

    async def _standing(self, workflow_id: str) -> TradeStanding:
        found = await self._described(workflow_id)
        if found is None:
            return TradeStanding(workflow_id=workflow_id, life=Life.UNKNOWN)
        life = _life(found)
        try:
            view = await self._view(workflow_id, found.run_id, life)
        except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError, WorkflowFailureError, ValueError):
            view = None  # nobody serves it now, or it speaks as an older version did
        return TradeStanding(workflow_id=workflow_id, life=life, view=view)

    async def _described(self, workflow_id: str) -> WorkflowExecutionDescription | None:
        try:
            return await self._client.get_workflow_handle(workflow_id).describe(rpc_timeout=_ANSWER_WITHIN)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise RetryableError(f"trade {workflow_id} could not be looked at: {error}") from error

    async def _view(self, workflow_id: str, run_id: str, life: Life) -> TradeView:
        """A closed trade's own last word where it has one: a query would have a worker replay the whole of it."""
        handle: WorkflowHandle[object, TradeView] = self._client.get_workflow_handle(
            workflow_id, run_id=run_id, result_type=TradeView
        )
        if life is Life.COMPLETED:
            return await handle.result(follow_runs=False, rpc_timeout=_ANSWER_WITHIN)
        view: TradeView = await handle.query("view", result_type=TradeView, rpc_timeout=_ANSWER_WITHIN)
        return view


def _life(found: WorkflowExecutionDescription) -> Life:
    """RetryableError when the server does not say: a trade must not be taken for dead by mistake."""
    if found.status is None:
        raise RetryableError(f"trade {found.id}: no word of how it stands")
    return _LIVES.get(found.status, Life.FAILED)
