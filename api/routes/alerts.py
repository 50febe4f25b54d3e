"""Handing an alert in, as a message would come."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import Field

from api.doors import ByCaller, Doors, Now, ToDoors
from api.errors import ApiError
from api.keys import Caller
from api.naming import message_id
from domain.alert import AlertMessage
from domain.command import OperatorDid
from domain.frozen import Frozen
from domain.identifiers import TradeId, snowflake_time
from workflows.front_door import Started

router = APIRouter(tags=["alerts"])
_MOST_TEXT = 4000  # characters: as much as a message at Discord can have
_WRITTEN_TEXT = 300  # characters of it in the audit row; the trade's own rows have the rest
Snowflake = Annotated[int, Field(gt=0, lt=2**63)]


class AlertPosted(Frozen):
    """An alert's text, and the message that it is. Without `channel_id` and `author_id` it is the API's own."""

    text: Annotated[str, Field(min_length=1, max_length=_MOST_TEXT)]
    dry_run: bool = False
    message_id: Snowflake | None = None
    channel_id: Snowflake | None = None
    author_id: Snowflake | None = None


class AlertTaken(Frozen):
    """A trade for each alert in the message. `is_new` is False for one that the same message had already started."""

    trades: tuple[Started, ...]


@router.post("/alerts", status_code=HTTPStatus.ACCEPTED)
async def process_alert(
    asked: AlertPosted,
    doors: ToDoors,
    caller: ByCaller,
    now: Now,
    idempotency_key: Annotated[str | None, Header(max_length=36, description="A UUID of version 7.")] = None,
) -> AlertTaken:
    """Read the text and start a trade for each alert in it; whether it trades, the desk says in the trade itself.

    It needs a name, `message_id` or the header `Idempotency-Key`: with the same name it is the same trade, for ever.
    """
    message = _message(asked, doors, caller, message_id(asked.message_id, idempotency_key, now))
    reading = doors.front.read(message)
    if reading.refused is not None:
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, reading.refused.code.value, reading.refused.detail)
    if not await _is_repeated(doors, message, asked.dry_run):
        await _let_in(doors, message, caller, asked.dry_run)
    submission = await doors.front.submit(message, dry_run=asked.dry_run)
    return AlertTaken(trades=submission.started)


def _message(asked: AlertPosted, doors: Doors, caller: Caller, own_id: int) -> AlertMessage:
    if asked.message_id is None and (asked.channel_id or asked.author_id):
        # The key names an alert in the API's own channel only: in two channels it would be two trades.
        message = "channel_id and author_id say where a message came from: give its message_id too."
        raise ApiError(HTTPStatus.BAD_REQUEST, "name_needed", message)
    posted_at: datetime = snowflake_time(own_id)
    return AlertMessage(
        channel_id=asked.channel_id or doors.channel_id,
        message_id=own_id,
        author_id=asked.author_id or doors.author_id,
        author_name=str(asked.author_id or caller.person),
        text=asked.text,
        posted_at=posted_at,
    )


async def _is_repeated(doors: Doors, message: AlertMessage, dry_run: bool) -> bool:
    """Whether this very alert was handed in before. ApiError when its name is another one's."""
    held = await doors.trades.request(_trade_id(message))
    if held is None:
        return False
    if (held.message.text, held.message.author_id, held.dry_run) != (message.text, message.author_id, dry_run):
        raise ApiError(HTTPStatus.CONFLICT, "name_taken", "That name is another alert's.")
    return True


async def _let_in(doors: Doors, message: AlertMessage, caller: Caller, dry_run: bool) -> None:
    """Ask the desk first, so that a halt is told at once; and have it written down who hands it in."""
    standing = await doors.desk.standing()
    kind = "dry run" if dry_run else "alert"
    said = f"{kind} by {caller.person}: {message.text[:_WRITTEN_TEXT]}"
    did = OperatorDid(by=caller.person, what="alert", detail=said, workflow_id=_trade_id(message))
    if not standing.admits:
        await doors.desk.operator_did(did.model_copy(update={"what": "alert_refused"}))
        raise ApiError(HTTPStatus.CONFLICT, "halted", f"No entries are let in: {standing}.")
    await doors.desk.operator_did(did)


def _trade_id(message: AlertMessage) -> str:
    return TradeId(channel_id=message.channel_id, message_id=message.message_id).workflow_id
