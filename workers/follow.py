"""Following trades from outside: their views, read again and again until they come to rest."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from domain.trade import TradeState, TradeView
from workflows.alert_trade import AlertTrade
from workflows.trade_door import UnknownTrade

LOOK_EVERY = timedelta(milliseconds=250)
_PASSING = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.FAILED_PRECONDITION)


async def look(client: Client, workflow_id: str) -> TradeView:
    """One trade as it stands, running or closed. UnknownTrade when there is none of that id."""
    try:
        return await client.get_workflow_handle(workflow_id).query(AlertTrade.view)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise UnknownTrade(f"no trade {workflow_id}") from error
        raise


async def follow(client: Client, workflow_ids: Sequence[str]) -> AsyncIterator[list[TradeView]]:
    """The views of these trades, four times a second, until each has ended or only holds its position."""
    views: dict[str, TradeView] = {}
    while True:
        for workflow_id in workflow_ids:
            try:
                views[workflow_id] = await look(client, workflow_id)
            except WorkflowQueryFailedError:
                continue  # its worker is just starting again
            except RPCError as error:
                if error.status not in _PASSING:
                    raise
        yield [views[workflow_id] for workflow_id in workflow_ids if workflow_id in views]
        if len(views) == len(workflow_ids) and all(at_rest(view) for view in views.values()):
            return
        await asyncio.sleep(LOOK_EVERY.total_seconds())


def at_rest(view: TradeView) -> bool:
    """Nothing will happen soon: the trade has ended, or holds its position with the exit standing."""
    if view.state.is_end:
        return True
    standing = sum(order.quantity - order.filled for order in view.exits if not order.status.is_terminal)
    return view.state is TradeState.HOLDING and standing + view.exited == view.exit_quantity
