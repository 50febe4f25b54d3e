"""A storm over one stack: alerts, faults, cancels and kills as planned; then quiet, and what is true afterwards."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from chaos.discord import Discord
from chaos.evidence import Evidence
from chaos.exchange import Exchange
from chaos.plan import Paced, Plan, Planned, PlannedAlert
from chaos.stack import Stack
from chaos.witness import Findings, Witness
from domain.alert import AlertMessage
from domain.identifiers import snowflake_at
from paper.control.client import Control
from workers.client import connect

QUIET = 200.0  # seconds for every trade to come to rest: look-ups over 30 s, a sweep a minute, and more of both
_TELL_EVERY = 10  # kills
_CASH = "1000000"
_RPC_PAUSE = 0.2  # seconds
_RPC_TIME = timedelta(seconds=3)


@dataclass(frozen=True)
class Outcome:
    """What a storm did, and what was found after it. Times are in seconds."""

    plan: Plan
    findings: Findings
    kills: Counter[str]
    restarts: Counter[str]
    fired: Counter[str]
    told: Counter[str]
    cancels: int
    stormed: float
    quiet: float


class Storm:
    """One storm. `run` once, while the stack runs."""

    def __init__(self, stack: Stack, plan: Plan, client: Client, control: Control, tell: Callable[[str], None]) -> None:
        self._stack = stack
        self._tell = tell
        self._plan = plan
        self._client = client
        self._exchange = Exchange(control)
        self._discord = Discord(stack.door_url)
        self._kills: Counter[str] = Counter()
        self._numbers = count()
        self._is_over = asyncio.Event()
        self._cancels = 0
        self._began = asyncio.get_running_loop().time()

    async def run(self, quiet: float = QUIET) -> Outcome:
        """Let it rage, let it calm down, and look."""
        await self._exchange.deposit(_CASH)
        self._began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._kill())
            tasks.create_task(self._paced(self._plan.alerts, lambda alert: _started(tasks, self._post(alert))))
            tasks.create_task(self._paced(self._plan.disturbances, self._exchange.arm))
            tasks.create_task(self._paced(self._plan.by_hand, self._exchange.order_by_hand))
        stormed = self._elapsed()
        self._tell(f"{stormed:5.0f} s  quiet")
        await self._exchange.calm()
        await self._stack.until_ready()
        witness = Witness(self._client, self._exchange, self._stack.settings.guard.max_alert_age)
        delivered = list(self._discord.delivered.values())
        await witness.at_rest(delivered, quiet)
        findings = await witness.findings(delivered)
        return Outcome(
            plan=self._plan,
            findings=findings,
            kills=self._kills,
            restarts=self._stack.restarts,
            fired=self._exchange.fired,
            told=self._discord.told,
            cancels=self._cancels,
            stormed=stormed,
            quiet=self._elapsed() - stormed,
        )

    async def _kill(self) -> None:
        try:
            for pause, kill in self._plan.kills:
                if kill.is_patient:
                    await self._stack.until_ready()
                await asyncio.sleep(pause)
                await self._kill_one(kill.victim)
        finally:
            self._is_over.set()

    async def _kill_one(self, name: str) -> None:
        if name == "paper":
            await self._exchange.count_faults()
        await self._stack.kill(name)
        if name == "paper":
            self._exchange.forgets_faults()
        self._kills[name] += 1
        if self._kills.total() % _TELL_EVERY == 0:
            self._tell(f"{self._elapsed():5.0f} s  {self._kills.total()} kills, {len(self._discord.delivered)} alerts")

    async def _paced(self, planned: Paced[Planned], act: Callable[[Planned], Awaitable[None]]) -> None:
        """Do one after the other until the last kill is done."""
        for pause, one in planned:
            if await self._ends_within(pause):
                return
            await act(one)

    async def _ends_within(self, seconds: float) -> bool:
        """Wait so long; True as soon as the last kill is done."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_over.wait()
        return self._is_over.is_set()

    async def _post(self, alert: PlannedAlert) -> None:
        await self._exchange.make_market(alert.option, alert.market)
        for fault in alert.faults:
            await self._exchange.arm(fault, alert.option.symbol)
        message = _message(alert, next(self._numbers))
        workflow_id = await self._discord.deliver(message)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._cancel(workflow_id, alert.cancelled_after))
            if alert.repeated_after is not None:
                tasks.create_task(self._repeat(message, alert.repeated_after))

    async def _repeat(self, message: AlertMessage, after: float) -> None:
        await asyncio.sleep(after)
        await self._discord.deliver(message)

    async def _cancel(self, workflow_id: str, after: float) -> None:
        if await self._ends_within(after):
            return
        handle = self._client.get_workflow_handle(workflow_id)
        if await _asked_until_answered(lambda: handle.cancel(rpc_timeout=_RPC_TIME)):
            self._cancels += 1

    def _elapsed(self) -> float:
        return asyncio.get_running_loop().time() - self._began


async def storm(
    stack: Stack, plan: Plan, tell: Callable[[str], None] = lambda _: None, quiet: float = QUIET
) -> Outcome:
    """Start the stack, let the storm over it, and stop it. `tell` hears how it goes, a line at a time."""
    async with stack.running():
        client = await connect(stack.settings)
        async with Control(stack.paper_url) as control:
            outcome = await Storm(stack, plan, client, control, tell).run(quiet)
    return outcome


def broken(outcome: Outcome) -> Sequence[Evidence]:
    """The trades of which something did not hold."""
    names = {violation.trade for violation in outcome.findings.violations}
    return [trade for trade in outcome.findings.trades if trade.workflow_id in names]


async def _started(tasks: asyncio.TaskGroup, work: Coroutine[Any, Any, None]) -> None:
    """Begin, and let it go on beside the rest."""
    tasks.create_task(work)


async def _asked_until_answered(ask: Callable[[], Awaitable[None]]) -> bool:
    """Whether Temporal did it; False when the workflow has ended before."""
    while True:
        try:
            await ask()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            await asyncio.sleep(_RPC_PAUSE)
        else:
            return True


def _message(alert: PlannedAlert, number: int) -> AlertMessage:
    posted_at = datetime.now(UTC) - timedelta(seconds=alert.age)
    return AlertMessage(
        channel_id=1,
        message_id=snowflake_at(posted_at, number),
        author_id=1,
        author_name="ann",
        text=alert.text,
        posted_at=posted_at,
    )
