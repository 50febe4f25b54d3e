"""The exhaustive part: one trade for each case, on a few stacks side by side, the worker killed where the case says."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from temporalio.client import Client
from temporalio.service import RPCError

from chaos.cases import Case
from chaos.checker import Violation, check_trade
from chaos.contracts import alert_text, contracts
from chaos.death import Docket, Obituary
from chaos.discord import Delivered, Discord
from chaos.evidence import Evidence
from chaos.exchange import Exchange
from chaos.stack import Stack
from chaos.witness import Witness
from domain.alert import AlertMessage
from domain.identifiers import snowflake_at
from paper.control.client import Control
from paper.listings.series import Instrument
from workers.client import connect

_QUANTITY = 6
_CASH = "1000000"
_PATIENCE = 150.0  # seconds for one trade to come to rest
_PAUSE = 0.2
_REACHED_WITHIN = 20.0


@dataclass(frozen=True)
class CaseResult:
    """What came of one case. `seconds` is from the alert to rest."""

    case: Case
    trade: Evidence
    deaths: Sequence[Obituary]
    violations: Sequence[Violation]
    seconds: float

    @property
    def was_reached(self) -> bool:
        """Whether every death of the case happened."""
        return len(self.deaths) == len(self.case.sentence.deaths)

    @property
    def went_on_after(self) -> float | None:
        """Seconds from the last death to the next thing that the trade wrote down; None when it had said all."""
        if not self.deaths:
            return None
        died = self.deaths[-1].at
        later = [(row.at - died).total_seconds() for row in self.trade.rows if row.at > died]
        return min(later, default=None)


class Proving:
    """One stack on which case after case is tried."""

    def __init__(self, stack: Stack, client: Client, exchange: Exchange, witness: Witness) -> None:
        self._stack = stack
        self._client = client
        self._exchange = exchange
        self._witness = witness
        self._options = contracts()
        self._docket = Docket(stack.folder)
        self._discord = Discord(stack.door_url)
        self._numbers = count(1)

    @property
    def delivered(self) -> list[Delivered]:
        """Every alert of this stack."""
        return list(self._discord.delivered.values())

    async def run(self, case: Case) -> CaseResult:
        """One trade, and its worker's death."""
        await self._stack.until_ready()
        await asyncio.sleep(case.scene.quiet_before)
        option = next(self._options)
        await self._exchange.make_market(option, case.scene.market)
        for fault in case.faults:
            await self._exchange.arm(fault, None if fault.get("on") == "read" else option.symbol)
        self._docket.pass_sentence(case.sentence)
        began = asyncio.get_running_loop().time()
        workflow_id = await self._discord.deliver(self._message(option))
        if case.scene.needs_restart:
            await self._restart(workflow_id)
        await self._reached(case)
        await self._exchange.calm()
        one = self._discord.delivered[workflow_id]
        await self._witness.at_rest([one], _PATIENCE)
        seconds = asyncio.get_running_loop().time() - began
        trade = await self._witness.evidence(one, await self._witness.book())
        wrong = check_trade(trade, self._stack.settings.guard.max_alert_age)
        await self._close(workflow_id)
        return CaseResult(case, trade, self._docket.obituaries(), wrong, seconds)

    async def _close(self, workflow_id: str) -> None:
        """Cancel a trade that holds: a worker that starts tells every open one what the broker has of it."""
        with suppress(RPCError):
            await self._client.get_workflow_handle(workflow_id).cancel()

    async def _restart(self, workflow_id: str) -> None:
        """Kill the worker once its entry works, so that another one takes over."""
        await _until(lambda: self._has_order(workflow_id))
        await self._stack.kill("trades")

    async def _has_order(self, workflow_id: str) -> bool:
        return any(order.trade == workflow_id for order in await self._witness.book())

    async def _reached(self, case: Case) -> None:
        async def died() -> bool:
            return len(self._docket.obituaries()) >= len(case.sentence.deaths)

        await _until(died)

    def _message(self, option: Instrument) -> AlertMessage:
        posted_at = datetime.now(UTC)
        return AlertMessage(
            channel_id=1,
            message_id=snowflake_at(posted_at, next(self._numbers)),
            author_id=1,
            author_name="ann",
            text=alert_text(option, _QUANTITY),
            posted_at=posted_at,
        )


async def run_cases(
    stacks: Sequence[Stack], cases: Sequence[Case], on_result: Callable[[CaseResult], None]
) -> list[Violation]:
    """Try the cases, shared between the stacks; gives what is wrong beside the single trades."""
    waiting = list(reversed(cases))
    async with asyncio.TaskGroup() as tasks:
        proofs = [tasks.create_task(_prove(stack, waiting, on_result)) for stack in stacks]
    return [violation for proof in proofs for violation in proof.result()]


async def _prove(stack: Stack, waiting: list[Case], on_result: Callable[[CaseResult], None]) -> list[Violation]:
    async with Control(stack.paper_url) as control:
        client = await connect(stack.settings)
        exchange = Exchange(control)
        witness = Witness(client, exchange, stack.settings.guard.max_alert_age)
        proving = Proving(stack, client, exchange, witness)
        await exchange.deposit(_CASH)
        while waiting:
            on_result(await proving.run(waiting.pop()))
        await witness.at_rest(proving.delivered, _PATIENCE)
        return list((await witness.findings(proving.delivered)).violations)


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Await an asynchronous condition; what never comes is seen later, by the case's result."""
    deadline = asyncio.get_running_loop().time() + _REACHED_WITHIN
    while not await condition() and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110  another process
        await asyncio.sleep(_PAUSE)
