"""The closing alerts of a seed: each a workflow of its own, let in by the real desk, and what must be true of it."""

import asyncio
from collections.abc import Callable

from domain.audit import AuditKind
from domain.closing import CloseOutcome, CloseResult
from domain.refusals import RefusalCode
from domain.trade import TradeState
from simulation import stage
from simulation.plan import Plan
from simulation.promises import Findings
from simulation.sales import Sales
from simulation.sellers import ClosingAlertPlan
from simulation.surroundings import Surroundings
from simulation.world import SimulatedWorld
from workflows.close_story import CloseStory


class ClosingAlerts:
    """Of one seed. `stories` by workflow id, while they run; `world_of` makes a closing alert's world."""

    def __init__(
        self,
        plan: Plan,
        around: Surroundings,
        sales: Sales,
        found: Findings,
        stories: dict[str, CloseStory],
        world_of: Callable[[str, Callable[[TradeState], None]], SimulatedWorld],
    ) -> None:
        self._plan = plan
        self._around = around
        self._sales = sales
        self._found = found
        self._stories = stories
        self._world_of = world_of

    async def run(self, number: int, alert: ClosingAlertPlan) -> None:
        """One, from its message to its end."""
        around = self._around
        await asyncio.sleep(alert.posted_at)
        limit = None if alert.away is None else around.near(alert.away)
        request = stage.closing_request(number, alert, limit, around.true_time(), self._plan)
        workflow_id = request.trade_id.workflow_id
        await asyncio.sleep(alert.delay)
        around.happened("a closing alert")
        self._sales.posted(workflow_id, request.message, is_first=not alert.is_reply)
        states: list[TradeState] = []
        world = self._world_of(workflow_id, states.append)
        story = self._stories[workflow_id] = CloseStory(request, world)
        if alert.cancelled_at is not None:
            wait = max(0.0, alert.cancelled_at - around.at)
            asyncio.get_running_loop().call_later(wait, self._cancel, workflow_id)
        await story.run()
        del self._stories[workflow_id]
        self._has_ended(story, world, states)

    def _cancel(self, workflow_id: str) -> None:
        if (story := self._stories.get(workflow_id)) is not None:
            self._around.happened("a closing alert is cancelled")
            story.wind_down("cancelled by an operator")
            self._around.stir()

    def _has_ended(self, story: CloseStory, world: SimulatedWorld, states: list[TradeState]) -> None:
        """It says what its trades told it, and has written down what it did."""
        at, view = self._around.at, story.view()
        if view.refusal is not None and view.refusal.code is RefusalCode.NO_OPEN_TRADE:
            self._around.happened("a closing alert finds nothing")
        self._found.expect(17, at, view.refusal is None or view.refusal.code is not RefusalCode.HALTED, "halted")
        for result in view.closings:
            self._found.expect(19, at, self._is_told(result), f"it heard {result}, which no trade answered")
        numbers = [int(row.event_id.rpartition(":")[2]) for row in world.history]
        self._found.expect(23, at, numbers == list(range(1, len(numbers) + 1)), f"{numbers[-3:]} last of its rows")
        told = [row.state for row in world.history if row.kind is AuditKind.STATE]
        self._found.expect(23, at, told == states, f"written {told}, shown {states}")
        self._found.expect(11, at, bool(states) and states[-1].is_end, f"over, {states}")
        self._sales.alert_is_over(view.workflow_id, view.closings)

    def _is_told(self, result: CloseResult) -> bool:
        is_over = result.outcome is CloseOutcome.NOTHING_HELD and not result.sold
        return is_over or self._sales.result(result.workflow_id, result.request_id) == result
