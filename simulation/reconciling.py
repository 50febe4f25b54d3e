"""Reconciliation in a simulation: the real comparison of the broker's book with the trades, and what it tells them.

Only what is gone is told here: records reach their trades by the watch. As in `workflows/reconciliation.py` two looks
must agree, and a trade is told a total.
"""

import asyncio
from collections.abc import Callable, Mapping
from decimal import Decimal

from domain.reconciliation import compare
from domain.survey import BrokerBook, Finding, Life, Position, ShortGone, TradeStanding
from simulation.assignments import Assignments
from simulation.surroundings import Surroundings
from workflows.trade_story import TradeStory

_SETTLES = 15.0  # seconds between two looks
_TRIP = 0.5


class Reconciling:
    """Of one seed. `stories` are the trades that run; `told` hears what each is told, just before it is."""

    def __init__(
        self,
        assignments: Assignments,
        around: Surroundings,
        stories: Mapping[str, TradeStory],
        told: Callable[[str, int], None],
    ) -> None:
        self._assignments = assignments
        self._around = around
        self._stories = stories
        self._told = told

    async def run(self) -> None:
        """One pass after the other."""
        await asyncio.sleep(self._assignments.looks_from)
        while True:
            await self._pass()
            await asyncio.sleep(self._assignments.looks_every)

    async def _pass(self) -> None:
        once = {finding.key for finding in await self._look() if finding.gone}
        if not once:
            return
        await asyncio.sleep(_SETTLES)
        for finding in await self._look():
            for gone in finding.gone if finding.key in once else ():
                self._tell(gone)

    async def _look(self) -> tuple[Finding, ...]:
        around = self._around
        await around.until_up()
        if around.is_broker_down() or around.chance("read fails", around.plan.weather.failed_read):
            return ()
        orders = [order for order in around.broker.orders.values() if order.identifier and around.is_visible(order)]
        records = tuple(order.record() for order in orders)
        await asyncio.sleep(around.uniform(0.01, _TRIP))
        held = Position(symbol=around.contract.symbol, quantity=Decimal(around.positions.listed))
        book = BrokerBook(at=around.now(), orders=records, positions=(held,))
        await asyncio.sleep(around.uniform(0.01, _TRIP))
        await around.until_up()
        running = [
            TradeStanding(workflow_id=name, life=Life.RUNNING, view=s.view()) for name, s in self._stories.items()
        ]
        return compare(book, running)

    def _tell(self, gone: ShortGone) -> None:
        around = self._around
        copies = 2 if around.chance("message repeated", around.plan.weather.message_repeated) else 1
        for _ in range(copies):
            asyncio.get_running_loop().call_later(around.uniform(0.01, _TRIP), self._signal, gone)

    def _signal(self, gone: ShortGone) -> None:
        story = self._stories.get(gone.workflow_id)
        if story is None:
            return
        if self._around.is_down():  # a signal waits in the history
            asyncio.get_running_loop().call_later(0.5, self._signal, gone)
            return
        self._around.happened("told that it is gone")
        self._told(gone.workflow_id, gone.quantity)
        story.lose_short(gone.quantity)
        self._around.stir()
