"""The ladder climbed: a limit order worked towards the market, rung by rung, till filled, converted or given up."""

from collections.abc import Callable
from datetime import datetime, timedelta

from domain.audit import AuditKind
from domain.contract import Quote
from domain.errors import InvariantError
from domain.ladder import Closing, Ladder, quote_refusal
from domain.settings import GuardSettings
from workflows.working_order import WorkingOrder


class Climb:
    """One climb of the ladder. Its public attributes are what people watch."""

    def __init__(
        self,
        order: WorkingOrder,
        ladder: Ladder,
        guard: GuardSettings,
        what: str,
        on_quote: Callable[[Quote | None], None],
    ) -> None:
        self.order = order
        self.rung = 0
        self.started_at: datetime | None = None
        self.next_rung_at: datetime | None = None
        self._not_before = timedelta(0)  # since the first order: when the next step is allowed at the earliest
        self._truth = order.truth
        self._world = order.truth.world
        self._journal = order.truth.journal
        self._contract = order.truth.contract
        self._ladder = ladder
        self._guard = guard
        self._what = what
        self._on_quote = on_quote

    @property
    def window_ends_at(self) -> datetime | None:
        """When the ladder is over."""
        return None if self.started_at is None else self.started_at + self._ladder.settings.window

    async def run(self, send_by: datetime | None = None) -> None:
        """Climb. Returns when no order is open and none will be sent.

        The first order is not sent after `send_by`, when its alert is too old (invariant 3).
        """
        try:
            self.started_at = self._world.now()
            await self.order.send(self._ladder.first, "first price", send_by)
            self._pace()
            await self._climb()
            await self._close()
        finally:
            self.next_rung_at = None
        await self.order.take_off(f"the {self._what} is over")

    async def cross(self, quote: Quote) -> None:
        """Go to the market at once; where that is refused, as a limit at the far quote. Returns as `run` does."""
        self.started_at = self._world.now()
        await self._convert(quote)
        await self.order.take_off(f"the {self._what} is over")

    async def _climb(self) -> None:
        settings = self._ladder.settings
        while (due := self._next_due()) is not None:
            if await self._ended_before(due, f"rung {self.rung + 1} of {settings.max_steps}"):
                return
            self.rung += 1
            await self._step()
        await self._ended_before(settings.window, "end of the window")

    def _next_due(self) -> timedelta | None:
        """When the next step is due. One that is late, after an outage, still leaves the last one half a rung."""
        due = self._ladder.step_due(self.rung)
        if due is None:
            return None
        due = max(due, self._not_before)
        return due if due < self._ladder.settings.window else None

    async def _ended_before(self, due: timedelta, what: str) -> bool:
        """Wait until `due` after the first order; True when it ended by itself before."""
        if self.started_at is None:
            raise InvariantError("the ladder has not started")
        self.next_rung_at = self.started_at + due
        sent_at = self.order.sent_at
        ended = await self.order.ended_before(self.next_rung_at, what)
        if self.order.sent_at != sent_at:  # it was shrunk
            self._pace()
        return ended

    async def _step(self) -> None:
        """One tick towards the market, if the market can be trusted and is still away."""
        quote = await self._take_quote(f"rung {self.rung}")
        order, working = self.order, self.order.working
        if order.has_ended:
            return
        held = order.price if working is None or working.request.price is None else working.request.price
        if held is None:
            raise InvariantError("no limit price is worked")
        if refusal := quote_refusal(quote, self._contract.ticks, self._guard, self._world.now()):
            self._journal.rung(self.rung, held, f"stays, {refusal.code}")
            return
        near = quote is not None and self._ladder.reaches(held, quote)
        price = held if near else self._ladder.step(held)
        if working is None:
            self._journal.rung(self.rung, price, f"nothing works, sent at {price}, market {quote}")
            await order.send(price, f"rung {self.rung}")
            self._pace()
        elif price == held:
            self._journal.rung(self.rung, held, f"stays at {held}, market {quote}")
        else:
            self._journal.rung(self.rung, price, f"{held} -> {price}, market {quote}")
            await order.reprice(working, price, self._ladder.settings.reprice, f"rung {self.rung}")
            self._pace()

    def _pace(self) -> None:
        """What was sent just now gets its time, unless it never arrived."""
        if self.started_at is not None:
            since = self._world.now() - self.started_at
            self._not_before = since if self.order.is_absent else since + self._ladder.settings.rung / 2

    async def _close(self) -> None:
        """The end of the window: convert what is near the market, else give up."""
        order, working = self.order, self.order.working
        if order.has_ended or working is None or working.request.price is None:
            order.account_for_venue()
            return
        quote = await self._take_quote("end of the window")
        decision = Closing.GIVE_UP
        if quote is not None and not quote_refusal(quote, self._contract.ticks, self._guard, self._world.now()):
            decision = self._ladder.closing(working.request.price, quote)
        held = working.request.price
        self._journal.note(AuditKind.CONVERT, f"{decision} at {held}, market {quote}", str(decision))
        await order.take_off("end of the window")
        if decision is Closing.CONVERT and quote is not None and order.rest and not order.must_stop():
            await self._convert(quote)

    async def _convert(self, quote: Quote) -> None:
        """Send the rest to the market; where that is refused, as a limit at the far quote."""
        order = self.order
        sent = await order.send(None, "convert to market")
        await self._wait_for_fill()
        if order.was_refused(sent) and not order.awaits_broker and order.rest and not order.must_stop():
            order.refusal = None
            await order.send(self._ladder.far(quote), "market order refused: limit at the far quote")
            await self._wait_for_fill()

    async def _wait_for_fill(self) -> None:
        until = self._world.now() + self._ladder.settings.market_fill_wait
        await self.order.ended_before(until, "the conversion fills")
        self.order.account_for_venue()

    async def _take_quote(self, why: str) -> Quote | None:
        quote = await self._world.quote(self._contract)
        self._journal.quote(quote, why)
        self._on_quote(quote)
        return quote
