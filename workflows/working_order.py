"""A quantity to be bought or sold by one working order at a time, each next one for what is verified unfilled.

Whoever works it decides the prices. At most one of its orders is open at any moment (invariant 5), and the next goes
out only when the last is proven dead or replaced (6).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from domain.errors import InvariantError
from domain.identifiers import OrderRole
from domain.ledger import LedgerOrder
from domain.order_states import OrderState
from domain.orders import LegAction, OrderAnswer, Outcome, TimeInForce
from domain.refusals import Refusal, RefusalCode
from domain.settings import Reprice
from workflows.changes import Change
from workflows.order_truth import OrderTruth

_REPLACED_WITHIN = timedelta(seconds=5)
_ROOM_WITHIN = timedelta(minutes=15)  # longer than a cancel is waited for
_SEND_ATTEMPTS = 3
_SEND_PAUSE = timedelta(seconds=1)
# How an order ends that the broker or the venue would not have.
_REFUSED = (OrderState.NEVER_ACCEPTED, OrderState.REJECTED)
_CANCELLED = (OrderState.CANCELLED, OrderState.REMOVED)


class WorkingOrder:
    """`left` tells how much of `quantity` is verified unfilled; `must_stop` that nothing more may be sent.

    `has_room` tells that another order leaves enough of what is held to this one; it is waited for before each order.
    """

    def __init__(
        self,
        truth: OrderTruth,
        role: OrderRole,
        action: LegAction,
        quantity: int,
        left: Callable[[], int],
        must_stop: Callable[[], bool],
        has_room: Callable[[], bool] | None = None,
    ) -> None:
        self.truth = truth
        self.must_stop = must_stop
        self.price: Decimal | None = None  # the newest limit price, whether or not its order arrived
        self.refusal: Refusal | None = None  # the broker or the venue would not have it
        self.is_absent = False  # the newest order surely never arrived, and nobody refused it
        self.sent_at: datetime | None = None  # the newest order
        self._role = role
        self._action = action
        self._quantity = quantity
        self._left = left
        self._has_room = has_room
        self._before = truth.ledger.count(role)  # orders of that role that are none of this quantity's
        self._shrunk = 0
        self._shrinks = truth.world.knows(Change.SHRINKS_AT_ONCE)
        self._sees_through = truth.world.knows(Change.SEES_SALES_THROUGH)
        # Some venues refuse by a cancel that nobody asked for.
        refuses_by_cancel = truth.world.knows(Change.VENUES_REFUSE_BY_CANCEL)
        self._refusing_ends = (*_REFUSED, *_CANCELLED) if refuses_by_cancel else _REFUSED

    @property
    def rest(self) -> int:
        """What is verified unfilled: the quantity minus what is filled, exactly (invariant 7)."""
        rest = self.left
        if rest < 0:
            raise InvariantError(f"{-rest} more filled than the {self._quantity} sized")  # invariant 12
        return rest

    @property
    def left(self) -> int:
        """As `rest`, but negative where more was filled: a condition must not raise."""
        return self._left()

    @property
    def orders(self) -> list[LedgerOrder]:
        """All that were sent for it, oldest first."""
        return self.truth.ledger.orders(self._role)[self._before :]

    @property
    def working(self) -> LedgerOrder | None:
        """The order that may still execute."""
        opened = self.truth.ledger.open_orders(self._role)
        return opened[-1] if opened else None

    @property
    def is_done(self) -> bool:
        """Nothing more is to be sent."""
        return self.must_stop() or self.left <= 0

    @property
    def has_ended(self) -> bool:
        """Nothing is to be sent, or the market has ended what worked."""
        return self.is_done or (self.working is None and not self.is_absent)

    @property
    def awaits_broker(self) -> bool:
        """The newest order was not sent, for a reason that may soon be gone: no other kind would do better."""
        unreachable = self.refusal is not None and self.refusal.code is RefusalCode.BROKER_UNREACHABLE
        return self._sees_through and unreachable

    async def finds_room(self) -> bool:
        """Wait for it; False when nothing is to be sent any more, or no room is made."""
        if self._has_room is None:
            return True
        has_room, world = self._has_room, self.truth.world
        await world.until(lambda: has_room() or self.is_done, _ROOM_WITHIN, "the exit makes room")
        return has_room() and not self.is_done

    async def send(self, price: Decimal | None, why: str, send_by: datetime | None = None) -> LedgerOrder | None:
        """Send the rest; `price` None at market. What surely never arrived is sent anew, as another order, at times.

        None when there is no room for it, or nothing to be sent by the time there is.
        """
        world = self.truth.world
        if not await self.finds_room():  # a late fill of the exit may have taken it away again
            return None
        self.price = self.price if price is None else price
        for attempt in range(_SEND_ATTEMPTS):
            order, answer = await self.truth.send(
                self._role, self._action, self.rest, price, TimeInForce.DAY, why, send_by
            )
            is_late = send_by is not None and world.now() + _SEND_PAUSE > send_by
            if not answer.is_passing or is_late or attempt + 1 == _SEND_ATTEMPTS:
                break
            if await world.until(lambda: self.is_done, _SEND_PAUSE, f"not sent ({answer.code}): once more"):
                break
            if not await self.finds_room():
                break
        if answer.outcome is Outcome.REFUSED:
            self.refusal = _refusal(answer)
        self.is_absent = order.never_accepted and answer.outcome is Outcome.UNKNOWN
        self.sent_at = world.now()
        return order

    async def reprice(self, working: LedgerOrder, price: Decimal, how: Reprice, why: str) -> None:
        """Work the rest at another price, and never twice."""
        if how is Reprice.REPLACE and working.may_be_replaced:
            answer = await self._replace(working, price, why)
            if answer.is_passing and working.is_open:
                return  # it was not sent: better a step behind than out of the market
        if (now_working := self.working) is not None and now_working.request.price == price:
            return
        # Not replaced (a fill is known, or the broker would not): the old order must be proven dead first.
        await self.take_off(why)
        if self.rest and not self.must_stop():
            await self.send(price, why)

    async def take_off(self, why: str) -> None:
        """Take it off the market, and return when the broker's records prove it."""
        await self.truth.take_off(self._role, why)

    async def ended_before(self, until: datetime, what: str) -> bool:
        """Wait; True when it ended by itself before. An order that a late fill made too large is shrunk."""
        world = self.truth.world
        while True:
            wait = max(timedelta(0), until - world.now())
            working = self.working
            price = working.request.price if working else None
            why = f"{what}: working {self.rest} @ {price}"
            has_news = await world.until(lambda: self.has_ended or self._is_too_large(), wait, why)
            if not has_news or self.has_ended:
                return has_news
            await self._shrink()

    def was_refused(self, order: LedgerOrder | None) -> bool:
        """The broker or the venue would not have this order."""
        return order is not None and order.state in self._refusing_ends and self.refusal is not None

    def account_for_venue(self) -> None:
        """An order that nobody took off is dead: learn why."""
        if self.is_done or self.working is not None or self.is_absent or self.refusal:
            return
        records = [order.record for order in self.orders if order.record is not None]
        if records:
            last = records[-1]
            reason = last.reject_reason or f"order {last.order_id} ended {last.status} at the venue"
            self.refusal = Refusal(code=RefusalCode.BROKER_REFUSED, detail=reason)

    async def _replace(self, working: LedgerOrder, price: Decimal, why: str) -> OrderAnswer:
        """Replace in one request. What a fill of the original does to it is only known when the original is dead."""
        order, answer = await self.truth.replace(working, price, why)
        if answer.outcome is Outcome.REFUSED or order.never_accepted:
            return answer
        what = "original order off the market?"
        if not await self.truth.world.until(lambda: not working.is_open, _REPLACED_WITHIN, what):
            await self.truth.reread(working)
        # How large the broker makes a replacement after a fill is not documented: more than the rest must not work.
        if order.record is not None and order.is_open and order.record.quantity - order.filled > self.rest:
            await self.take_off("the replacement is larger than the rest")
        return answer

    def _is_too_large(self) -> bool:
        """A fill of an order that was over already (11): more could be traded now than is left (7)."""
        opened = self.truth.ledger.open_orders(self._role)
        rest = self.left
        return self._shrinks and any(order.leaves > rest for order in opened)

    async def _shrink(self) -> None:
        """Take the order off and send the verified rest anew, at the same price. It makes no step of the ladder."""
        self._shrunk += 1
        if self._shrunk > self._quantity:  # each needs a fill of one contract at least
            raise InvariantError(f"the broker's orders are larger than the {self.rest} asked for")
        working = self.working
        why = "a late fill: less is left"
        await self.take_off(why)
        if working is not None and self.rest and not self.must_stop():
            await self.send(working.request.price, why)


def _refusal(answer: OrderAnswer) -> Refusal:
    code = RefusalCode.BROKER_UNREACHABLE if answer.is_passing else RefusalCode.BROKER_REFUSED
    code = RefusalCode.TOO_OLD if answer.code == "too_late" else code
    return Refusal(code=code, detail=f"{answer.code}: {answer.message}")
