"""What sells a trade by itself: a stop, a trail, targets, and the clock. It asks for a sale as a person would."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from domain.alert import Alert
from domain.closing import CloseRequest, Urgency
from domain.direction import Direction
from domain.identifiers import OrderRole
from domain.protection import PriceReached, PriceWatch, Protection, closes_at, protection
from domain.settings import ProtectionSettings
from domain.symbols import plain
from workflows.close_queue import CloseQueue
from workflows.order_truth import OrderTruth
from workflows.underlying_start import UnderlyingStart

_HUNDRED = Decimal(100)
_AGAIN = timedelta(seconds=30)  # until what could not be sold is tried again
_MOST_TRIES = 100


class Guardian:
    """One trade's, from its first fill to its end."""

    def __init__(
        self,
        queue: CloseQueue,
        truth: OrderTruth,
        settings: ProtectionSettings,
        alert: Alert,
        is_over: Callable[[], bool],
        on_unwatched: Callable[[str], None],
    ) -> None:
        self._queue = queue
        self._truth = truth
        self._world = truth.world
        self._settings = settings
        self._alert = alert
        self._direction = Direction.of(alert.action)
        self._is_over = is_over
        self._began = truth.world.now()
        self._underlying = UnderlyingStart(truth, settings, alert, is_over, on_unwatched)
        self._hit = 0  # targets that were reached
        self._underlying_hit = 0  # those on the underlying
        self._best: Decimal | None = None
        self._asked = 0

    @property
    def plan(self) -> Protection:
        """The levels that are still ahead; none before the first fill."""
        average = self._truth.ledger.average(OrderRole.ENTRY)
        if average is None:
            return Protection()
        whole = protection(self._settings, self._alert, average, self._underlying.price)
        return whole.behind(self._hit, self._underlying_hit)

    async def run(self) -> None:
        """Until the trade is over."""
        await asyncio.gather(self._keep_to_the_clock(), self._follow_the_price(), self._underlying.find())

    async def _keep_to_the_clock(self) -> None:
        due = closes_at(self._settings, self._truth.contract, self._began)
        if due is None:
            return
        await self._world.until(
            self._is_over,
            max(timedelta(0), due - self._world.now()),
            f"{self._direction.words.left} at {due:%H:%M} UTC",
        )
        while not self._is_over() and self._asked < _MOST_TRIES:
            await self._sell("the clock", Decimal(1))

    async def _follow_the_price(self) -> None:
        if not self._settings_ask_for_it():
            return
        await self._world.until(lambda: self._is_over() or self.plan.watches_price, None, "the first fill")
        while not self._is_over() and self.plan.watches_price and self._asked < _MOST_TRIES:
            plan = self.plan
            reached = await self._world.watch_price(self._watch(plan), until=self._changed_from(plan))
            if reached is not None:
                self._best = reached.best
                await self._act_on(reached, plan)

    def _watch(self, plan: Protection) -> PriceWatch:
        others = plan.on_underlying
        return PriceWatch(
            contract=self._truth.contract,
            stop=plan.stop,
            target=plan.targets[0] if plan.targets else None,
            trail=plan.trail,
            best=self._best or self._truth.ledger.average(OrderRole.ENTRY),
            confirm=self._settings.confirm,
            underlying_stop=others.stop,
            underlying_target=others.targets[0] if others.targets else None,
            direction=self._direction,
        )

    def _settings_ask_for_it(self) -> bool:
        asked = self._settings
        return asked.follow_alerts or asked.stop_percent is not None or asked.trail_percent is not None

    def _changed_from(self, plan: Protection) -> Callable[[], bool]:
        """A later fill moves the average, and the levels with it; the underlying's count once its price is known."""
        return lambda: self._is_over() or self.plan != plan

    async def _act_on(self, reached: PriceReached, plan: Protection) -> None:
        level = reached.level
        if not level.is_target:
            await self._sell(f"the {level} at {reached.price}", Decimal(1))
            return
        target = plain(plan.on_underlying.targets[0]) if level.is_on_underlying else f"{plan.targets[0]:.4g}"
        part = Decimal(1) if plan.targets_left == 1 else self._settings.target_part_percent / _HUNDRED
        self._hit += not level.is_on_underlying
        self._underlying_hit += level.is_on_underlying
        await self._sell(f"the {level} {target}", part)

    async def _sell(self, by: str, part: Decimal) -> None:
        """Ask, and wait for the answer; what could not be sold is tried again after a while."""
        self._asked += 1
        request = CloseRequest(
            request_id=f"{self._truth.workflow_id}:guard-{self._asked}",
            by=by,
            fraction=part,
            urgency=Urgency.NOW,
            asked_at=self._world.now(),
        )
        self._queue.ask(request)
        await self._world.until(
            lambda: request.request_id in self._queue.results or self._is_over(),
            None,
            f"{by} {self._direction.words.leaves}",
        )
        result = self._queue.results.get(request.request_id)
        if part == 1 or (result is not None and result.leaves_risk):
            await self._world.until(self._is_over, _AGAIN, f"{by} {self._direction.words.leaves} again")
