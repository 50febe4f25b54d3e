"""The entry: a limit order worked towards the market, rung by rung, until it is filled, converted or given up.

At most one entry order is open at any moment, and each next order is for what the broker's record proves unfilled.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from domain.audit import AuditKind
from domain.contract import Contract, Quote
from domain.errors import InvariantError
from domain.identifiers import OrderRole
from domain.ladder import Closing, Ladder, quote_refusal
from domain.ledger import LedgerOrder
from domain.order_states import OrderState
from domain.orders import LegAction, OrderAnswer, Outcome, TimeInForce
from domain.refusals import Refusal, RefusalCode
from domain.settings import GuardSettings, Reprice
from workflows.changes import Change
from workflows.journal import Journal
from workflows.order_truth import OrderTruth
from workflows.world import World

_REPLACED_WITHIN = timedelta(seconds=5)
_SEND_ATTEMPTS = 3
_SEND_PAUSE = timedelta(seconds=1)
# How a market order ends that the broker or the venue would not have.
_REFUSED = (OrderState.NEVER_ACCEPTED, OrderState.REJECTED)
_CANCELLED = (OrderState.CANCELLED, OrderState.REMOVED)


class Entry:
    """One climb of the ladder. Its public attributes are what people watch."""

    def __init__(
        self,
        world: World,
        journal: Journal,
        truth: OrderTruth,
        contract: Contract,
        action: LegAction,
        ladder: Ladder,
        guard: GuardSettings,
        sized: int,
        must_stop: Callable[[], bool],
        on_quote: Callable[[Quote | None], None],
    ) -> None:
        self.rung = 0
        self.started_at: datetime | None = None
        self.next_rung_at: datetime | None = None
        self.converting = False
        self.is_over = False
        self.refusal: Refusal | None = None  # the broker or the venue would not have it
        self._asked: Decimal = ladder.first  # the newest limit price, whether or not its order arrived
        self._is_absent = False  # the newest order surely never arrived, and nobody refused it
        self._shrunk = 0
        self._shrinks = world.knows(Change.SHRINKS_AT_ONCE)
        # Some venues refuse by a cancel that nobody asked for.
        refuses_by_cancel = world.knows(Change.VENUES_REFUSE_BY_CANCEL)
        self._refusing_ends = (*_REFUSED, *_CANCELLED) if refuses_by_cancel else _REFUSED
        self._not_before = timedelta(0)  # since the first order: when the next step is allowed at the earliest
        self._world = world
        self._journal = journal
        self._truth = truth
        self._contract = contract
        self._action = action
        self._ladder = ladder
        self._guard = guard
        self._sized = sized
        self._must_stop = must_stop
        self._on_quote = on_quote

    @property
    def window_ends_at(self) -> datetime | None:
        """When the ladder is over."""
        return None if self.started_at is None else self.started_at + self._ladder.settings.window

    @property
    def rest(self) -> int:
        """What is verified unfilled: sized minus filled, exactly (invariant 7)."""
        rest = self._sized - self._truth.ledger.filled(OrderRole.ENTRY)
        if rest < 0:
            raise InvariantError(f"{-rest} more filled than the {self._sized} sized")  # invariant 12
        return rest

    async def run(self, send_by: datetime) -> None:
        """Climb. Returns when no entry order is open and none will be sent.

        The first order is not sent after `send_by`, when its alert is too old (invariant 3).
        """
        try:
            self.started_at = self._world.now()
            await self._send(self._ladder.first, "first price", send_by)
            await self._climb()
            await self._close()
        finally:
            self.next_rung_at = None
        await self._truth.take_off(OrderRole.ENTRY, "the entry is over")
        self.is_over = True

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
        """Wait until `due` after the first order; True when the entry ended by itself before."""
        if self.started_at is None:
            raise InvariantError("the ladder has not started")
        self.next_rung_at = self.started_at + due
        return await self._kept_to_the_rest(self.next_rung_at, what)

    async def _kept_to_the_rest(self, until: datetime, what: str) -> bool:
        """Wait; True when the entry ended by itself before. An order that a late fill made too large is shrunk."""
        while True:
            wait = max(timedelta(0), until - self._world.now())
            working = self._working
            price = working.request.price if working else None
            why = f"{what}: working {self.rest} @ {price}"
            has_news = await self._world.until(lambda: self._has_ended() or self._is_too_large(), wait, why)
            if not has_news or self._has_ended():
                return has_news
            await self._shrink()

    def _is_too_large(self) -> bool:
        """A fill of an order that was over already (11): more could be bought now than was sized (7)."""
        opened = self._truth.ledger.open_orders(OrderRole.ENTRY)
        rest = self._sized - self._truth.ledger.filled(OrderRole.ENTRY)
        return self._shrinks and any(order.leaves > rest for order in opened)

    async def _shrink(self) -> None:
        """Take the order off and send the verified rest anew, at the same price. It makes no step of the ladder."""
        self._shrunk += 1
        if self._shrunk > self._sized:  # each needs a late fill of one contract at least
            raise InvariantError(f"the broker's orders are larger than the {self.rest} asked for")
        working = self._working
        why = "a late fill: less is to be bought"
        await self._truth.take_off(OrderRole.ENTRY, why)
        if working is not None and self.rest and not self._must_stop():
            await self._send(working.request.price, why)

    def _has_ended(self) -> bool:
        return self._is_done() or (self._working is None and not self._is_absent)

    def _is_done(self) -> bool:
        filled = self._truth.ledger.filled(OrderRole.ENTRY)  # not `rest`: a condition must not raise
        return self._must_stop() or filled >= self._sized

    @property
    def _working(self) -> LedgerOrder | None:
        opened = self._truth.ledger.open_orders(OrderRole.ENTRY)
        return opened[-1] if opened else None

    async def _step(self) -> None:
        """One tick towards the market, if the market can be trusted and is still away."""
        quote = await self._take_quote(f"rung {self.rung}")
        working = self._working
        if self._has_ended():
            return
        held = self._asked if working is None or working.request.price is None else working.request.price
        if refusal := quote_refusal(quote, self._contract.ticks, self._guard, self._world.now()):
            self._journal.rung(self.rung, held, f"stays, {refusal.code}")
            return
        near = quote is not None and self._ladder.reaches(held, quote)
        price = held if near else self._ladder.step(held)
        if working is None:
            self._journal.rung(self.rung, price, f"nothing works, sent at {price}, market {quote}")
            await self._send(price, f"rung {self.rung}")
        elif price == held:
            self._journal.rung(self.rung, held, f"stays at {held}, market {quote}")
        else:
            self._journal.rung(self.rung, price, f"{held} -> {price}, market {quote}")
            await self._reprice(working, price)
            self._pace()

    def _pace(self) -> None:
        """What was sent just now gets its time, unless it never arrived."""
        if self.started_at is not None:
            since = self._world.now() - self.started_at
            self._not_before = since if self._is_absent else since + self._ladder.settings.rung / 2

    async def _reprice(self, working: LedgerOrder, price: Decimal) -> None:
        why = f"rung {self.rung}"
        if self._ladder.settings.reprice is Reprice.REPLACE and working.may_be_replaced:
            answer = await self._replace(working, price, why)
            if answer.is_passing and working.is_open:
                return  # it was not sent: better a step behind than out of the market
        if (now_working := self._working) is not None and now_working.request.price == price:
            return
        # Not replaced (a fill is known, or the broker would not): the old order must be proven dead first.
        await self._truth.take_off(OrderRole.ENTRY, why)
        if self.rest and not self._must_stop():
            await self._send(price, why)

    async def _replace(self, working: LedgerOrder, price: Decimal, why: str) -> OrderAnswer:
        """Replace in one request. What a fill of the original does to it is only known when the original is dead."""
        order, answer = await self._truth.replace(working, price, why)
        if answer.outcome is Outcome.REFUSED or order.never_accepted:
            return answer
        if not await self._world.until(lambda: not working.is_open, _REPLACED_WITHIN, "original order off the market?"):
            await self._truth.reread(working)
        # How large the broker makes a replacement after a fill is not documented: more than the rest must not work.
        if order.record is not None and order.is_open and order.record.quantity - order.filled > self.rest:
            await self._truth.take_off(OrderRole.ENTRY, "the replacement is larger than the rest")
        return answer

    async def _close(self) -> None:
        """The end of the window: convert what is near the market, else give up."""
        working = self._working
        if self._has_ended() or working is None or working.request.price is None:
            await self._account_for_venue()
            return
        quote = await self._take_quote("end of the window")
        decision = Closing.GIVE_UP
        if quote is not None and not quote_refusal(quote, self._contract.ticks, self._guard, self._world.now()):
            decision = self._ladder.closing(working.request.price, quote)
        held = working.request.price
        self._journal.note(AuditKind.CONVERT, f"{decision} at {held}, market {quote}", str(decision))
        await self._truth.take_off(OrderRole.ENTRY, "end of the window")
        if decision is Closing.CONVERT and quote is not None and self.rest and not self._must_stop():
            await self._convert(quote)

    async def _convert(self, quote: Quote) -> None:
        """Send the rest to the market; where that is refused, as a limit at the far quote."""
        self.converting = True
        order = await self._send(None, "convert to market")
        await self._wait_for_fill()
        if order.state in self._refusing_ends and self.refusal is not None and self.rest and not self._must_stop():
            self.refusal = None
            await self._send(self._ladder.far(quote), "market order refused: limit at the far quote")
            await self._wait_for_fill()

    async def _wait_for_fill(self) -> None:
        until = self._world.now() + self._ladder.settings.market_fill_wait
        await self._kept_to_the_rest(until, "the conversion fills")
        await self._account_for_venue()

    async def _send(self, price: Decimal | None, why: str, send_by: datetime | None = None) -> LedgerOrder:
        """Send the rest. What surely never reached the broker is sent anew, as another order, a few times."""
        self._asked = self._asked if price is None else price
        for attempt in range(_SEND_ATTEMPTS):
            order, answer = await self._truth.send(
                OrderRole.ENTRY, self._action, self.rest, price, TimeInForce.DAY, why, send_by
            )
            is_late = send_by is not None and self._world.now() + _SEND_PAUSE > send_by
            if not answer.is_passing or is_late or attempt + 1 == _SEND_ATTEMPTS:
                break
            if await self._world.until(self._is_done, _SEND_PAUSE, f"not sent ({answer.code}): once more"):
                break
        if answer.outcome is Outcome.REFUSED:
            self.refusal = _refusal(answer)
        self._is_absent = order.never_accepted and answer.outcome is Outcome.UNKNOWN
        self._pace()
        return order

    async def _account_for_venue(self) -> None:
        """An order that nobody took off is dead: learn why, and whether fills are still to come."""
        if self._must_stop() or not self.rest or self._working is not None or self._is_absent:
            return
        records = self._truth.ledger.records(OrderRole.ENTRY)
        if records and not self.refusal:
            last = records[-1]
            reason = last.reject_reason or f"order {last.order_id} ended {last.status} at the venue"
            self.refusal = Refusal(code=RefusalCode.BROKER_REFUSED, detail=reason)

    async def _take_quote(self, why: str) -> Quote | None:
        quote = await self._world.quote(self._contract)
        self._journal.quote(quote, why)
        self._on_quote(quote)
        return quote


def _refusal(answer: OrderAnswer) -> Refusal:
    code = RefusalCode.BROKER_UNREACHABLE if answer.is_passing else RefusalCode.BROKER_REFUSED
    code = RefusalCode.TOO_OLD if answer.code == "too_late" else code
    return Refusal(code=code, detail=f"{answer.code}: {answer.message}")
