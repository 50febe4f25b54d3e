"""The way to the trades for people: which there are, how one stands, taking its entry off the market, and selling."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.closing import CloseRequest, CloseResult, Urgency
from domain.command import Person
from domain.errors import AlertladderError, RetryableError
from domain.frozen import Frozen
from domain.identifiers import TradeId
from domain.trade import TradeRequest, TradeView
from workflows.alert_trade import AlertTrade
from workflows.search_attributes import AUTHOR, CHANNEL, MODE, PNL, SIDE, SYMBOL, TRADE_STATE

_ASK_TIME = timedelta(seconds=5)
_A_PAGE, _MOST_LISTED = 1000, 5000
_PASSING = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.RESOURCE_EXHAUSTED)


class UnknownTrade(AlertladderError):
    """There is no such trade."""


class TradeOver(AlertladderError):
    """The trade's workflow has ended: there is nothing left to cancel or to sell."""


class BadCursor(AlertladderError):
    """No page of the list ended so."""


class ListedTrade(Frozen):
    """One line of the list. `pnl` is realised, in dollars before fees; a float, as the server's index keeps it."""

    workflow_id: str
    started_at: datetime
    ended_at: datetime | None
    is_running: bool
    state: str
    side: str
    symbol: str
    author: str
    channel: str
    mode: str
    pnl: float | None


class TradePage(Frozen):
    """Some trades, newest first; `next_token` is None on the last page."""

    trades: tuple[ListedTrade, ...]
    next_token: bytes | None


class TradeDoor:
    """All trades of one namespace. RetryableError: nobody answers now."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def page(self, limit: int, *, only_running: bool = False, token: bytes | None = None) -> TradePage:
        """The newest trades, as the server's index has them (a second late at times). BadCursor for a wrong token."""
        query = "WorkflowType = 'AlertTrade'" + (" AND ExecutionStatus = 'Running'" if only_running else "")
        found = self._client.list_workflows(query, page_size=limit, next_page_token=token, rpc_timeout=_ASK_TIME)
        try:
            await found.fetch_next_page()
        except RPCError as error:
            # What a server says of a token that it can't read depends on its database.
            if token is not None and error.status not in _PASSING:
                raise BadCursor("no page of the list ended so") from error
            raise _unasked(error) from error
        listed = tuple(_listed(execution) for execution in found.current_page or ())
        return TradePage(trades=listed, next_token=found.next_page_token or None)

    async def look(self, workflow_id: str) -> TradeView:
        """One trade as it stands, running or closed. UnknownTrade when there is none of that id."""
        with _our_errors(_unknown(workflow_id)):
            _read_id(workflow_id)
            return await self._client.get_workflow_handle(workflow_id).query(AlertTrade.view, rpc_timeout=_ASK_TIME)

    async def request(self, workflow_id: str) -> TradeRequest | None:
        """What a trade was started with, from its history's first event: no worker is needed. None: no such trade."""
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            with _our_errors(_unknown(workflow_id)):
                first = await anext(handle.fetch_history_events(page_size=1, rpc_timeout=_ASK_TIME))
        except UnknownTrade:
            return None
        held = first.workflow_execution_started_event_attributes.input.payloads
        request: TradeRequest = (await self._client.data_converter.decode(held, [TradeRequest]))[0]
        return request

    async def withdraw(self, workflow_id: str, why: str) -> bool:
        """Tell a trade that its alert is no longer what it was; False when there is none, or it is over."""
        handle: WorkflowHandle[AlertTrade, TradeView] = self._client.get_workflow_handle(workflow_id)
        try:
            with _our_errors(_unknown(workflow_id)):
                await handle.signal(AlertTrade.withdraw, why, rpc_timeout=_ASK_TIME)
        except UnknownTrade:
            return False
        return True

    async def started_since(self, since: datetime) -> frozenset[str]:
        """The newest trades that were started since, as the server's index has them: a second late, some thousands."""
        query = f"WorkflowType = 'AlertTrade' AND StartTime > '{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
        found = self._client.list_workflows(query, page_size=_A_PAGE, limit=_MOST_LISTED, rpc_timeout=_ASK_TIME)
        try:
            return frozenset([execution.id async for execution in found])
        except RPCError as error:
            raise _unasked(error) from error

    async def exists(self, workflow_id: str) -> bool:
        """Whether there is, or was, such a trade."""
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            with _our_errors(_unknown(workflow_id)):
                await handle.describe(rpc_timeout=_ASK_TIME)
        except UnknownTrade:
            return False
        return True

    async def cancel(self, workflow_id: str, reason: str) -> None:
        """Ask it to take its entry off the market and end; what is filled keeps its exit. Asked, not yet done."""
        handle = await self._running(workflow_id)
        # It may end between the two calls: the server then says NOT_FOUND of it.
        with _our_errors(TradeOver(f"trade {workflow_id} is over")):
            await handle.cancel(reason=reason, rpc_timeout=_ASK_TIME)

    async def close(
        self,
        workflow_id: str,
        by: Person,
        fraction: Decimal | None = None,
        *,
        quantity: int | None = None,
        limit: Decimal | None = None,
        urgency: Urgency = Urgency.NOW,
        request_id: str | None = None,
    ) -> str:
        """Ask it to sell what it holds, or a part; its entry comes off the market first. Asked, not yet done.

        Gives the request's id: asking again with it asks once. UnknownTrade, TradeOver. `closed` tells what it came to.
        """
        request = CloseRequest(
            request_id=request_id or f"close-{uuid4()}",
            by=str(by),
            fraction=fraction,
            quantity=quantity,
            limit=limit,
            urgency=urgency,
            asked_at=datetime.now(UTC),
        )
        handle = await self._running(workflow_id)
        with _our_errors(TradeOver(f"trade {workflow_id} is over")):
            await handle.start_update(
                AlertTrade.close,
                request,
                id=request.request_id,
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                rpc_timeout=_ASK_TIME,
            )
        return request.request_id

    async def closed(self, workflow_id: str, request_id: str, within: timedelta) -> CloseResult:
        """Wait for what a request came to. RetryableError when it is not over by then."""
        handle = self._client.get_workflow_handle(workflow_id)
        update = handle.get_update_handle(request_id, result_type=CloseResult)
        try:
            with _our_errors(_unknown(workflow_id)):
                async with asyncio.timeout(within.total_seconds()):
                    result: CloseResult = await update.result()
                    return result
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            raise RetryableError(f"trade {workflow_id} is still closing; see `alertladder trade`") from None

    async def _running(self, workflow_id: str) -> WorkflowHandle[AlertTrade, TradeView]:
        """The trade, if it runs. UnknownTrade, TradeOver."""
        handle: WorkflowHandle[AlertTrade, TradeView] = self._client.get_workflow_handle(workflow_id)
        with _our_errors(_unknown(workflow_id)):
            _read_id(workflow_id)
            described = await handle.describe(rpc_timeout=_ASK_TIME)
        if described.status is not WorkflowExecutionStatus.RUNNING:
            raise TradeOver(f"trade {workflow_id} is over")
        return handle


def _read_id(workflow_id: str) -> None:
    """The desk and the watch are workflows too, and nobody's trades."""
    try:
        TradeId.of_workflow(workflow_id)
    except ValueError:
        raise _unknown(workflow_id) from None


def _unknown(workflow_id: str) -> UnknownTrade:
    return UnknownTrade(f"no trade {workflow_id}")


@contextmanager
def _our_errors(not_found: AlertladderError) -> Iterator[None]:
    try:
        yield
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise RetryableError("the trade does not answer now") from error
    except WorkflowQueryFailedError as error:
        raise RetryableError("the trade does not answer now") from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise not_found from error
        raise _unasked(error) from error


def _unasked(error: RPCError) -> RetryableError:
    return RetryableError(f"Temporal could not be asked: {error.message}")


def _listed(execution: WorkflowExecution) -> ListedTrade:
    attributes = execution.typed_search_attributes
    return ListedTrade(
        workflow_id=execution.id,
        started_at=execution.start_time,
        ended_at=execution.close_time,
        is_running=execution.status is WorkflowExecutionStatus.RUNNING,
        state=attributes.get(TRADE_STATE, ""),
        side=attributes.get(SIDE, ""),
        symbol=attributes.get(SYMBOL, ""),
        author=attributes.get(AUTHOR, ""),
        channel=attributes.get(CHANNEL, ""),
        mode=attributes.get(MODE, ""),
        pnl=attributes.get(PNL),
    )
