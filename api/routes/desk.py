"""The desk: how it stands, the big red button, and what it told an operator."""

from decimal import Decimal
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.doors import ByCaller, Doors, ToDoors
from api.errors import ApiError
from api.keys import Caller
from domain.command import Halt, HaltReceipt, Reason, Resume, ResumeAnswer, Standing, Trading
from domain.desk_book import DeskBook
from domain.frozen import Frozen
from domain.trouble import Trouble

router = APIRouter(tags=["desk"])


class DeskStatus(Frozen):
    """Whether it trades, and how much of each limit is used. Money in dollars; None: not known yet today."""

    standing: Standing
    open_trades: tuple[str, ...]
    max_open_trades: int
    entries_today: int
    max_entries_a_day: int
    held_back: Decimal
    buying_power: Decimal | None
    lost_today: Decimal | None
    max_loss_today: Decimal | None
    troubles: int


class HaltAsked(Frozen):
    """Why, for the audit and for the others."""

    reason: Reason


class ResumeAsked(Frozen):
    """The code that the first call answered with; None on the first call."""

    code: Annotated[str, Field(max_length=20)] | None = None


class ToldTrouble(Frozen):
    """What an operator was told, and what to do about it."""

    trouble: Trouble
    sentence: str
    advice: str


class Troubles(Frozen):
    """Newest first."""

    troubles: tuple[ToldTrouble, ...]


@router.get("/desk")
async def desk(doors: ToDoors) -> DeskStatus:
    """Whether the desk trades, what is open, and how much of each limit is used."""
    return _status(await doors.desk.book())


@router.post("/desk/halt")
async def halt(asked: HaltAsked, doors: ToDoors, caller: ByCaller) -> HaltReceipt:
    """Stop entries at once, those in the market included; waits up to ten seconds to hear that each is off."""
    return await _halt(asked, doors, caller, Trading.HALTED)


@router.post("/desk/reduce-only")
async def reduce_only(asked: HaltAsked, doors: ToDoors, caller: ByCaller) -> HaltReceipt:
    """Let no entries in any more, as `halt`; resuming lifts it in one step."""
    return await _halt(asked, doors, caller, Trading.REDUCING)


@router.post("/desk/resume")
async def resume(doors: ToDoors, caller: ByCaller, asked: ResumeAsked | None = None) -> ResumeAnswer:
    """Let entries in again. After a halt it takes two calls: the first answers with a code for the second."""
    answer = await doors.desk.resume(Resume(by=caller.person, code=asked and asked.code))
    if answer.refused is not None:
        raise ApiError(HTTPStatus.CONFLICT, "not_resumed", f"Not resumed: {answer.refused}.")
    if answer.resumed:
        doors.mark.lift()
    return answer


@router.get("/troubles")
async def troubles(doors: ToDoors, limit: Annotated[int, Query(ge=1, le=200)] = 20) -> Troubles:
    """What an operator was told of, newest first, and what to do about it."""
    newest = reversed((await doors.desk.book()).troubles[-limit:])
    told = [ToldTrouble(trouble=one, sentence=one.kind.sentence, advice=one.kind.advice) for one in newest]
    return Troubles(troubles=tuple(told))


async def _halt(asked: HaltAsked, doors: Doors, caller: Caller, trading: Trading) -> HaltReceipt:
    return await doors.desk.halt(Halt(by=caller.person, reason=asked.reason, trading=trading))


def _status(book: DeskBook) -> DeskStatus:
    limits = book.policy.limits
    return DeskStatus(
        standing=book.standing,
        open_trades=tuple(book.trades),
        max_open_trades=limits.max_open_trades,
        entries_today=book.entries_today,
        max_entries_a_day=limits.max_entries_a_day,
        held_back=book.spoken_for,
        buying_power=book.account and book.account.buying_power,
        lost_today=None if book.most_loss is None else book.loss,
        max_loss_today=book.most_loss,
        troubles=len(book.troubles),
    )
