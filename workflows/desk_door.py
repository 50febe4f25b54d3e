"""The way to the desk for the people who answer for it: the command line, the HTTP API and the bot all come in here.

Who may do what is theirs to check; the desk writes down who did.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.command import (
    ChangeAllowlist,
    Denied,
    Halt,
    HaltReceipt,
    OperatorDid,
    PolicyChanged,
    Resume,
    ResumeAnswer,
    SetFactor,
    SetLimit,
    Standing,
    TurnedAway,
)
from domain.desk_book import DeskBook
from domain.errors import AlertladderError
from domain.frozen import Frozen
from domain.identifiers import desk_workflow_id
from domain.settings import DeskPolicy
from domain.trouble import Trouble
from workflows.desk import Desk

_PATIENCE = timedelta(seconds=20)  # a halt waits up to ten to hear that every entry order is off the market
_QUERY_TIME = timedelta(seconds=5)
_PAUSE = 0.1  # seconds
# Nothing was begun: the desk was handing its book on (the first and the last), or too much was asked at once.
_DROPPED = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.RESOURCE_EXHAUSTED, RPCStatusCode.FAILED_PRECONDITION)

_UNANSWERED = (
    RPCError,
    WorkflowUpdateFailedError,
    WorkflowQueryFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,  # how an update ends that no worker takes; it is no RPCError
)

Answer = TypeVar("Answer")


class NoDesk(AlertladderError):
    """The account's desk doesn't run, or does not answer."""


class _Dropped(NoDesk):
    """The server has not passed it on, or says so."""


class DeskDoor:
    """One account's desk."""

    def __init__(self, client: Client, account_number: str) -> None:
        self._account_number = account_number
        self._desk: WorkflowHandle[Desk, None] = client.get_workflow_handle(desk_workflow_id(account_number))

    async def book(self) -> DeskBook:
        """What is open, reserved, limited and halted. NoDesk when nobody answers."""
        return await self._ask(self._desk.query(Desk.book, rpc_timeout=_QUERY_TIME))

    async def standing(self) -> Standing:
        """Whether it lets entries in. NoDesk when nobody answers."""
        return await self._ask(self._desk.query(Desk.standing, rpc_timeout=_QUERY_TIME))

    async def policy(self) -> DeskPolicy:
        """What it decides by. NoDesk when nobody answers."""
        return await self._ask(self._desk.query(Desk.policy, rpc_timeout=_QUERY_TIME))

    async def troubles(self) -> list[Trouble]:
        """What an operator was told of, the newest last. NoDesk when nobody answers."""
        return await self._ask(self._desk.query(Desk.troubles, rpc_timeout=_QUERY_TIME))

    async def tell(self, trouble: Trouble) -> None:
        """Have an operator told, once for its key. Durable when this returns; NoDesk when there is none to tell."""
        await self._ask(self._desk.signal(Desk.trouble, trouble, rpc_timeout=_QUERY_TIME))

    async def turned_away(self, told: TurnedAway) -> None:
        """Have it written down that an alert was not taken. Durable when this returns; NoDesk: none to tell."""
        await self._ask(self._desk.signal(Desk.turned_away, told, rpc_timeout=_QUERY_TIME))

    async def denied(self, denied: Denied) -> None:
        """Have it written down what somebody may not. Durable when this returns; NoDesk when there is none to tell."""
        await self._ask(self._desk.signal(Desk.denied, denied, rpc_timeout=_QUERY_TIME))

    async def operator_did(self, did: OperatorDid) -> None:
        """Have it written down who did what. Durable when this returns; NoDesk when there is none to tell."""
        await self._ask(self._desk.signal(Desk.operator_did, did, rpc_timeout=_QUERY_TIME))

    async def halt(self, asked: Halt) -> HaltReceipt:
        """Stop entries; in force when this returns."""
        return await self._update("halt", asked, HaltReceipt)

    async def resume(self, asked: Resume) -> ResumeAnswer:
        """Let entries in again: the first step, or the second with its code."""
        return await self._update("resume", asked, ResumeAnswer)

    async def change_allowlist(self, asked: ChangeAllowlist) -> PolicyChanged:
        """Add or take off."""
        return await self._update("change_allowlist", asked, PolicyChanged)

    async def set_limit(self, asked: SetLimit) -> PolicyChanged:
        """Set one number."""
        return await self._update("set_limit", asked, PolicyChanged)

    async def set_factor(self, asked: SetFactor) -> PolicyChanged:
        """Set one channel's factor."""
        return await self._update("set_factor", asked, PolicyChanged)

    async def _update(self, name: str, asked: Frozen, answer: type[Answer]) -> Answer:
        """Ask, and ask again when the desk continued as new at that moment: the server drops what was not begun then.

        All that may be asked here is the same when it is said twice.
        """
        deadline = asyncio.get_running_loop().time() + _PATIENCE.total_seconds()
        own_id = str(uuid4())  # what one run has answered it does not do again
        while True:
            update: Awaitable[Answer] = self._desk.execute_update(
                name, asked, id=own_id, result_type=answer, rpc_timeout=_PATIENCE
            )
            try:
                return await self._ask(update)
            except _Dropped:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(_PAUSE)

    async def _ask(self, call: Awaitable[Answer]) -> Answer:
        try:
            return await call
        except _UNANSWERED as error:
            raise self._nobody(error) from error

    def _nobody(self, error: Exception) -> NoDesk:
        if isinstance(error, RPCError) and error.status in _DROPPED:
            return _Dropped(f"the desk of account {self._account_number} can't be reached: {error}")
        is_absent = isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND
        why = "is `alertladder up` running?" if is_absent else str(error)
        return NoDesk(f"no desk of account {self._account_number} answers: {why}")
