"""Selling before the exit does: one request after the other, by the entry's ladder in a mirror, and never oversold.

What is being sold is claimed first: the standing exit makes room for it, and only then does a closing order go out.
What was not sold goes back to the exit. Of a trade that sold first all of this is buying back, by the entry's ladder.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from domain.alert import Alert
from domain.audit import AuditKind
from domain.closing import CloseOutcome, CloseRequest, CloseResult, Urgency, close_quantity
from domain.contract import Quote
from domain.direction import Direction
from domain.errors import AlertladderError, InvariantError
from domain.identifiers import OrderRole
from domain.ladder import Ladder
from domain.ledger import LedgerOrder, average_price
from domain.orders import LegAction
from domain.settings import AtWindowEnd, LadderSettings, Reprice, TradeTerms
from workflows.changes import Change
from workflows.climb import Climb
from workflows.close_queue import CloseQueue
from workflows.cover import Cover
from workflows.order_truth import OrderTruth, UnsettledError
from workflows.working_order import WorkingOrder

_QUOTE_ATTEMPTS = 15
_QUOTE_PAUSE = timedelta(seconds=2)
_CROSSINGS = 3
_OUTAGE_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 4, 8, 16, *[30] * 9))  # five minutes in all
_LAST_READS = 60
_LAST_PAUSE = timedelta(seconds=5)

_SUPERSEDED = (CloseOutcome.SUPERSEDED, "a later request asks for more")


class Closer:
    """Serves one trade's requests to sell. `must_stop` tells that the trade comes to its end.

    `on_change` is called when one begins to be sold, and with its result.
    """

    def __init__(
        self,
        queue: CloseQueue,
        truth: OrderTruth,
        alert: Alert,
        terms: TradeTerms,
        action: LegAction,
        may_begin: Callable[[], bool],
        must_stop: Callable[[], bool],
        is_over: Callable[[], bool],
        on_quote: Callable[[Quote | None], None],
        on_change: Callable[[CloseResult | None], None],
        on_fault: Callable[[AlertladderError], None],
        cover: Cover | None = None,
    ) -> None:
        self.climb: Climb | None = None  # of the request that is served
        self._queue = queue
        self._truth = truth
        self._world = truth.world
        self._alert = alert
        self._direction = Direction.of(alert.action)
        self._terms = terms
        self._action = action
        self._may_begin = may_begin
        self._must_stop = must_stop
        self._is_over = is_over
        self._on_quote = on_quote
        self._on_change = on_change
        self._on_fault = on_fault
        self._cover = cover  # of shares
        self._order: WorkingOrder | None = None
        self._sees_through = truth.world.knows(Change.SEES_SALES_THROUGH)
        self._settings = _never_replacing(terms.ladder) if self._sees_through else terms.ladder

    @property
    def is_busy(self) -> bool:
        """A request is being served."""
        return self._queue.serving is not None

    @property
    def claimed(self) -> int:
        """Of what is held, how much is being sold here: the exit leaves it alone."""
        ours = 0 if self._order is None else max(0, self._order.left)
        return max(ours, self._truth.ledger.for_sale(OrderRole.CLOSE))

    async def run(self) -> None:
        """Serve until the trade is over."""
        while True:
            await self._world.until(lambda: self._is_over() or self._queue.has_next, None, "asked to sell")
            if self._is_over():
                return
            await self._serve(self._queue.take())

    async def _serve(self, request: CloseRequest) -> None:
        self._truth.journal.note(
            AuditKind.CLOSING, f"{request.by} asks to {self._direction.words.leave} {request.portion}", "asked"
        )
        await self._world.until(self._may_decide, None, "the entry comes off the market first")
        result = await self._sell(request) if self._may_begin() else self._superseded(request)
        self._truth.journal.note(AuditKind.CLOSING, str(result), str(result.outcome))
        self._queue.answer(result)
        self._on_change(result)

    def _may_decide(self) -> bool:
        return self._may_begin() or self._queue.is_superseded

    async def _sell(self, request: CloseRequest) -> CloseResult:
        if self._cover is not None:
            await self._cover.look()
        ledger = self._truth.ledger
        held, filled = ledger.held, ledger.filled(OrderRole.ENTRY)
        quantity = close_quantity(self._terms.closing, request, self._alert, filled, held)
        if not quantity:
            nothing = CloseOutcome.NOT_SOLD if held else CloseOutcome.NOTHING_HELD
            return self._result(request, nothing, detail="that is less than one contract" if held else "")
        free = min(quantity, self._free)
        if free < quantity:
            return _kept(await self._sell_free(request, free), quantity)
        return await self._sell_free(request, quantity)

    async def _sell_free(self, request: CloseRequest, quantity: int) -> CloseResult:
        """So many as nothing else needs."""
        if not quantity:
            return self._result(request, CloseOutcome.SOLD)
        before = len(self._truth.ledger.fills(OrderRole.CLOSE))
        order = self._order = self._claim(quantity)
        fault = ""
        try:
            self._on_change(None)
            if await order.finds_room():
                await self._work(order, request)
            await self._wait_for_late_fills(order)
        except (InvariantError, UnsettledError) as error:
            self._on_fault(error)
            fault = str(error)
        finally:
            self._order = self.climb = None
        return self._told(request, quantity, before, order, fault)

    def _claim(self, quantity: int) -> WorkingOrder:
        ledger = self._truth.ledger
        sold_before = ledger.filled(OrderRole.CLOSE)

        def left() -> int:
            """The exit may sell beside it: there is never more left than is held, and no call needs."""
            return min(quantity - (ledger.filled(OrderRole.CLOSE) - sold_before), self._free)

        def has_room() -> bool:
            """Nothing else is for sale: neither by the exit, nor by an order here that isn't known to be dead."""
            mine = ledger.for_sale(OrderRole.CLOSE) if self._sees_through else 0
            return ledger.for_sale(OrderRole.EXIT) + mine + left() <= ledger.held - self._kept

        return WorkingOrder(self._truth, OrderRole.CLOSE, self._action, quantity, left, self._must_yield, has_room)

    @property
    def _kept(self) -> int:
        return 0 if self._cover is None else self._cover.kept

    @property
    def _free(self) -> int:
        """Of what is held, what no call needs; negative where more was sold than bought."""
        held = self._truth.ledger.held
        return held if held <= 0 else max(0, held - self._kept)

    def _must_yield(self) -> bool:
        return self._must_stop() or self._queue.is_superseded or self._queue.is_dropped

    async def _work(self, order: WorkingOrder, request: CloseRequest) -> None:
        terms = self._terms
        if request.urgency is Urgency.LADDER:
            quote = await self._usable_quote(order)
            if quote is None or quote.mid is None:
                return
            ticks = self._truth.contract.ticks
            side = self._direction.leaves_by
            ladder = Ladder.plan(side, ticks, self._settings, terms.guard, request.limit, quote.mid)
            self.climb = Climb(order, ladder, terms.guard, "closing ladder", self._on_quote)
            await self.climb.run()
        if request.urgency is Urgency.NOW or terms.closing.at_window_end is AtWindowEnd.MARKET:
            await self._cross(order)

    async def _cross(self, order: WorkingOrder) -> None:
        """To the market, and again where the market moved away from the limit that stood in for a refused order.

        A broker that can't be reached is waited for: whoever wants out wants out after an outage, too.
        """
        crossings, pauses = 0, iter(_OUTAGE_PAUSES)
        while crossings < _CROSSINGS and not order.is_done:
            quote = await self._usable_quote(order)
            if quote is None or quote.mid is None:
                return
            await self._cross_once(order, quote, quote.mid)
            if not order.awaits_broker:
                crossings += 1
                continue
            pause = next(pauses, None)
            if pause is None or await self._world.until(lambda: order.is_done, pause, "the broker can be reached"):
                return

    async def _cross_once(self, order: WorkingOrder, quote: Quote, mid: Decimal) -> None:
        terms = self._terms
        side, ticks = self._direction.leaves_by, self._truth.contract.ticks
        ladder = Ladder.plan(side, ticks, self._settings, terms.guard, None, mid)
        self.climb = Climb(order, ladder, terms.guard, "sale", self._on_quote)
        order.refusal = None
        await self.climb.cross(quote)

    async def _usable_quote(self, order: WorkingOrder) -> Quote | None:
        """A market with both sides, waited for a while: nothing else prices what is held."""
        for _ in range(_QUOTE_ATTEMPTS):
            quote = await self._world.quote(self._truth.contract)
            self._truth.journal.quote(quote, f"to {self._direction.words.leave}")
            self._on_quote(quote)
            if order.is_done:
                return None
            if quote is not None and quote.is_two_sided and not quote.is_crossed:
                return quote
            if await self._world.until(
                lambda: order.is_done, _QUOTE_PAUSE, f"a market to {self._direction.words.leave} in"
            ):
                return None
        return None

    async def _wait_for_late_fills(self, order: WorkingOrder) -> None:
        """A fill may be booked after its cancel is confirmed (11): the exit must not sell the same contracts then."""
        dead = [one for one in order.orders if one.record is not None and one.filled < one.request.quantity]
        if not dead or not order.left:
            return
        await self._world.until(lambda: not order.left, self._terms.ladder.late_fill_wait, "late fills?")
        for one in dead:
            await self._truth.reread(one)
            await self._hear_the_rest(one)

    async def _hear_the_rest(self, order: LedgerOrder) -> None:
        """An order may be called filled before its fills are told: what it sold must not be offered again."""
        for _ in range(_LAST_READS):
            if not order.is_open:
                return
            await self._world.until(lambda: not order.is_open, _LAST_PAUSE, f"the fills of {order.identifier}")
            await self._truth.reread(order)
        raise UnsettledError(f"nobody can say what order {order.identifier} has {self._direction.words.left}")

    def _told(self, request: CloseRequest, quantity: int, before: int, order: WorkingOrder, fault: str) -> CloseResult:
        fills = self._truth.ledger.fills(OrderRole.CLOSE)[before:]
        sold = sum(fill.quantity for fill in fills)
        refusal = order.refusal
        if sold >= quantity or self._free <= 0:
            outcome, detail = CloseOutcome.SOLD, "" if sold >= quantity else self._why_nothing_is_left
        elif self._queue.is_superseded:
            outcome, detail = _SUPERSEDED
        elif self._must_stop() or self._queue.is_dropped:
            outcome, detail = CloseOutcome.STOPPED, fault or ("not wanted any more" if self._queue.is_dropped else "")
        else:
            outcome = CloseOutcome.SOLD_PART if sold else CloseOutcome.NOT_SOLD
            detail = str(refusal) if refusal is not None else "the market did not come to its prices"
        return self._result(request, outcome, quantity, sold, average_price(fills), detail)

    @property
    def _why_nothing_is_left(self) -> str:
        if self._truth.ledger.gone:
            return "the rest is short no more in the account"
        return f"the exit {self._direction.words.left} the rest"

    def _superseded(self, request: CloseRequest) -> CloseResult:
        outcome, detail = _SUPERSEDED
        return self._result(request, outcome, detail=detail)

    def _result(
        self,
        request: CloseRequest,
        outcome: CloseOutcome,
        asked: int = 0,
        sold: int = 0,
        average: Decimal | None = None,
        detail: str = "",
    ) -> CloseResult:
        return CloseResult(
            request_id=request.request_id,
            workflow_id=self._truth.workflow_id,
            by=request.by,
            outcome=outcome,
            asked=asked,
            sold=sold,
            average=average,
            held=max(0, self._truth.ledger.held),
            detail=detail,
            direction=self._direction,
        )


def _kept(result: CloseResult, asked: int) -> CloseResult:
    """What came of the free part of a request for so many."""
    outcome = CloseOutcome.KEPT if result.outcome is CloseOutcome.SOLD else result.outcome
    why = f"{asked - result.asked} of them cover calls that were sold first"
    detail = f"{why}; {result.detail}" if result.detail else why
    changed: CloseResult = result.model_copy(update={"asked": asked, "outcome": outcome, "detail": detail})
    return changed


def _never_replacing(settings: LadderSettings) -> LadderSettings:
    """A broker may make a replacement as large as its original was: after an unheard fill that sells short (15)."""
    changed: LadderSettings = settings.model_copy(update={"reprice": Reprice.CANCEL_AND_PLACE})
    return changed
