"""The trades: which there are, how one stands, cancelling one, and closing what it holds, or is short of."""

import binascii
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Path, Query
from pydantic import Field, model_validator

from api.doors import ByCaller, Doors, ToDoors
from api.keys import Caller
from domain.closing import Urgency
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


class CloseAsked(Frozen):
    """How much to close, and how: to sell, or to buy back of a trade that sold first. Nothing said: all of it, now.

    `fraction` is of what is held, `quantity` a number of contracts or shares. With `ladder` it is worked as a
    closing alert is, from `limit` if one is given; else it is closed at the market at once. The same `request_id`
    closes once, however often it is sent.
    """

    fraction: Annotated[Decimal, Field(gt=0, le=1, max_digits=28)] | None = None
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    ladder: bool = False
    limit: Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=6)] | None = None
    request_id: Annotated[str, Field(pattern="^[0-9A-Za-z-]{8,64}$")] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.fraction is not None and self.quantity is not None:
            raise ValueError("either a fraction or a quantity")
        if self.limit is not None and not self.ladder:
            raise ValueError("a limit is worked by the ladder")
        return self


class CloseTicket(Frozen):
    """It was asked for; what becomes of it shows in the trade's `closings` under that `request_id`."""

    workflow_id: str
    request_id: str


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
    """Take its working entry off the market and end it; what is filled keeps its exit. A fill may win the race."""
    reason = (asked or CancelAsked()).reason
    await doors.trades.cancel(workflow_id, f"{reason}, by {caller.person}")
    await _write(doors, caller, workflow_id, "cancel", f"cancel by {caller.person}: {reason}")
    return Asked(workflow_id=workflow_id)


@router.post("/{workflow_id}/close", status_code=HTTPStatus.ACCEPTED)
async def close(
    workflow_id: WorkflowId, doors: ToDoors, caller: ByCaller, asked: CloseAsked | None = None
) -> CloseTicket:
    """Sell what it holds, or buy back what it is short of, or a part. A working entry comes off first.

    The standing exit makes room. Shares that cover calls sold first are kept.
    """
    wanted = asked or CloseAsked()
    request_id = await doors.trades.close(
        workflow_id,
        caller.person,
        wanted.fraction,
        quantity=wanted.quantity,
        limit=wanted.limit,
        urgency=Urgency.LADDER if wanted.ladder else Urgency.NOW,
        request_id=wanted.request_id,
    )
    await _write(doors, caller, workflow_id, "close", f"close by {caller.person}: {request_id}")
    return CloseTicket(workflow_id=workflow_id, request_id=request_id)


async def _write(doors: Doors, caller: Caller, workflow_id: str, what: str, said: str) -> None:
    did = OperatorDid(by=caller.person, what=what, detail=said, workflow_id=workflow_id)
    try:
        await doors.desk.operator_did(did)
    except NoDesk:  # nothing stands in a reduction's way (invariant 17), and it is in the trade's own history
        log.exception("%s could not be written down: %s", workflow_id, said)


def _token(cursor: str) -> bytes:
    try:
        return urlsafe_b64decode(cursor.encode())
    except (binascii.Error, ValueError):
        raise BadCursor("no page of the list ended so") from None
