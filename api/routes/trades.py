"""The trades: which there are, how one stands, and cancelling one."""

import binascii
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.doors import ByCaller, ToDoors
from domain.command import OperatorDid, Reason
from domain.frozen import Frozen
from domain.trade import TradeView
from workflows.desk_door import NoDesk
from workflows.trade_door import BadCursor, ListedTrade

log = logging.getLogger(__name__)
router = APIRouter(prefix="/trades", tags=["trades"])
WorkflowId = Annotated[str, Path(max_length=100, pattern="^[!-~]+$")]


class Trades(Frozen):
    """A page of trades, newest first. `next_cursor` is the next page's `cursor`; None on the last."""

    trades: tuple[ListedTrade, ...]
    next_cursor: str | None


class CancelAsked(Frozen):
    """Why, for the audit and for the others."""

    reason: Reason = "cancelled"


class Asked(Frozen):
    """It was asked for; what becomes of it shows under that id."""

    workflow_id: str


@router.get("")
async def trades(
    doors: ToDoors,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    open_only: Annotated[bool, Query(description="Only those that still run.")] = False,
    cursor: Annotated[str | None, Query(max_length=4000)] = None,
) -> Trades:
    """List trades, newest first, as the server's index has them: a second late at times."""
    page = await doors.trades.page(limit, only_running=open_only, token=None if cursor is None else _token(cursor))
    after = None if page.next_token is None else urlsafe_b64encode(page.next_token).decode()
    return Trades(trades=page.trades, next_cursor=after)


@router.get("/{workflow_id}")
async def trade(workflow_id: WorkflowId, doors: ToDoors) -> TradeView:
    """One trade as it stands, running or closed: its orders and fills, its exit, and why it was refused if it was."""
    return await doors.trades.look(workflow_id)


@router.post("/{workflow_id}/cancel", status_code=HTTPStatus.ACCEPTED)
async def cancel(workflow_id: WorkflowId, doors: ToDoors, caller: ByCaller, asked: CancelAsked | None = None) -> Asked:
    """Take its working entry off the market and end it; what was bought keeps its exit. A fill may win the race."""
    reason = (asked or CancelAsked()).reason
    await doors.trades.cancel(workflow_id, f"{reason}, by {caller.person}")
    said = f"cancel by {caller.person}: {reason}"
    try:
        await doors.desk.operator_did(
            OperatorDid(by=caller.person, what="cancel", detail=said, workflow_id=workflow_id)
        )
    except NoDesk:  # nothing stands in a cancel's way (invariant 17), and its reason is in the trade's own history
        log.exception("%s could not be written down: %s", workflow_id, said)
    return Asked(workflow_id=workflow_id)


def _token(cursor: str) -> bytes:
    try:
        return urlsafe_b64decode(cursor.encode())
    except (binascii.Error, ValueError):
        raise BadCursor("no page of the list ended so") from None
