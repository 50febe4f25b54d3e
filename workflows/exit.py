"""The exit: a standing limit sell for a part of what is filled, placed on the first fill and resized by later ones.

Never more is out for sale than is held (invariant 15): a larger exit is sent only after the smaller one is proven off
the market, and for what is verified unsold then. Of what was sold first it is a standing limit buy, by the same rules:
never more is out to be bought back than is short.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from domain.audit import AuditKind
from domain.exits import ExitTarget, exit_target
from domain.identifiers import OrderRole
from domain.ledger import LedgerOrder
from domain.orders import LegAction, Outcome, TimeInForce
from domain.settings import TradeTerms
from workflows.changes import Change
from workflows.order_truth import OrderTruth

# Six refusals in a row, over half a minute, and a person must look. What never reached the broker is tried for longer:
# an outage may take its time, and what is held should not be without its exit after it (invariant 16).
_REFUSALS = 6
_ATTEMPTS = 120
_LONGEST_PAUSE = timedelta(seconds=30)


class Exit:
    """Keeps one trade's exit order in step with its fills."""

    def __init__(
        self,
        truth: OrderTruth,
        terms: TradeTerms,
        action: LegAction,
        claimed: Callable[[], int],
        is_over: Callable[[], bool],
        is_there_less: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self.failed: str | None = None
        self.is_done = False  # it will place nothing any more
        self._world = truth.world
        self._journal = truth.journal
        self._truth = truth
        self._contract = truth.contract
        self._claimed = claimed  # of what is held, how much is being sold otherwise
        self._settings = terms.exit
        self._take_profit = terms.take_profit  # of the credit of what was sold first
        self._action = action
        self._is_over = is_over
        self._is_there_less = is_there_less  # than the trade knows: asked before an exit is given up
        self._is_resizing = False  # what stands may be on its way off the market
        self._stays = truth.world.knows(Change.STAYS_FOR_ITS_EXIT)
        self._last: LedgerOrder | None = None  # sent last, and not taken off by us
        self._attempts = 0  # in a row that led to no standing exit
        self._refusals = 0  # of these, those that the broker or the venue answered with no
        self._is_passing = False  # the newest never arrived, for a reason that may soon be gone
        self._reason = ""

    @property
    def target(self) -> ExitTarget | None:
        """What should be out for exit in total, sold parts included; None before the first fill."""
        average = self._truth.ledger.average(OrderRole.ENTRY)
        if average is None:
            return None
        filled = self._truth.ledger.filled(OrderRole.ENTRY)
        return exit_target(self._settings, self._contract.ticks, filled, average, self._take_profit)

    @property
    def wanted(self) -> int:
        """How many should be working for exit now: never more than is held and not being sold otherwise."""
        if self.target is None:
            return 0
        ledger = self._truth.ledger
        free = ledger.held - self._claimed()
        return max(0, min(self.target.quantity - ledger.filled(OrderRole.EXIT), free))

    @property
    def is_in_step(self) -> bool:
        """The working exit is for the right quantity at the right price."""
        opened = self._truth.ledger.open_orders(OrderRole.EXIT)
        if not self.wanted or self.target is None:
            return not opened
        return len(opened) == 1 and opened[0].leaves == self.wanted and opened[0].request.price == self.target.price

    @property
    def stands(self) -> bool:
        """In step, and on the broker's record: not merely on its way, and not on its way off the market."""
        opened = self._truth.ledger.open_orders(OrderRole.EXIT)
        has_arrived = self.is_in_step and all(order.record is not None for order in opened)
        return has_arrived and not (self._stays and self._is_resizing)

    def begin_anew(self) -> None:
        """What was to be sold otherwise is given back: refusals of long ago must not hold its exit up (16)."""
        self._last, self._attempts, self._refusals = None, 0, 0

    def forget_refusals(self) -> None:
        """They were of more than there is: what is asked for from now on is another thing."""
        self._attempts, self._refusals = 0, 0

    async def run(self) -> None:
        """Follow the fills until the trade says it is over; an exit that stands is left standing."""
        try:
            while self.failed is None:
                await self._world.until(self._has_work, None, "exit follows the fills")
                if self._is_over():
                    return
                self._is_resizing = True
                await self._adjust()
                self._is_resizing = False
        finally:
            self.is_done = True

    def _has_work(self) -> bool:
        return self._is_over() or not self.is_in_step

    async def _adjust(self) -> None:
        self._count_attempt()
        if self._refusals >= _REFUSALS or self._attempts >= _ATTEMPTS:
            await self._give_up()
            return
        await self._pause()
        if self._is_over():
            return
        self._last = None
        await self._truth.take_off(OrderRole.EXIT, "resize the exit")
        quantity, target = self.wanted, self.target
        if not quantity or target is None:
            return
        self._last, answer = await self._truth.send(
            OrderRole.EXIT, self._action, quantity, target.price, TimeInForce.GTC, f"{quantity} at {self._promise}"
        )
        self._is_passing = answer.is_passing or (self._last.never_accepted and answer.outcome is Outcome.UNKNOWN)
        self._reason = f"{answer.code}: {answer.message}"

    @property
    def _promise(self) -> str:
        average = self._truth.ledger.average(OrderRole.ENTRY)
        if self._take_profit is None:
            return f"{self._settings.profit_percent:f} % over {average:.4f}"
        return f"{self._take_profit * 100:f} % of the credit of {average:.4f} kept"

    def _count_attempt(self) -> None:
        """An exit found dead at this point was refused, or died at the venue: nobody here took it off."""
        last = self._last
        if last is None:
            return
        died = not last.is_open and last.filled < last.request.quantity
        self._attempts = self._attempts + 1 if died else 1
        self._refusals = self._refusals + (not self._is_passing) if died else 0

    async def _give_up(self) -> None:
        """Unless what it was refused for is that there is less to be bought back: then it is tried for the rest."""
        if self._is_there_less is not None and await self._is_there_less():
            self.begin_anew()
            return
        last = self._last
        if last is not None:
            reason = last.record.reject_reason or last.record.status if last.record else self._reason
            self.failed = f"the exit failed {self._attempts} times, last: {reason}"
            self._journal.note(AuditKind.ERROR, self.failed, "exit_failed")

    async def _pause(self) -> None:
        """Later fills come in bursts: resize at most so often, and back off from a broker that refuses."""
        if self._attempts:
            pause: timedelta = self._settings.resize_pause * 2 ** min(self._attempts - 1, 10)
            await self._world.until(self._is_over, min(pause, _LONGEST_PAUSE), "more fills before the exit is resized")
