"""Before a trade ends: fills that are booked late, and orders that turn up after they were thought absent.

A closed workflow would hear of neither (invariant 11), and nobody else would ask.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from domain.errors import AlertladderError
from domain.identifiers import OrderRole
from domain.ledger import LedgerOrder
from domain.order_states import DEAD, OrderState
from workflows.order_truth import OrderTruth, UnsettledError

_ATTEMPTS = 60
_PAUSE = timedelta(seconds=5)


class LastLooks:
    """One trade's. `on_fault` hears when the broker can't be asked to the end."""

    def __init__(
        self, truth: OrderTruth, late_fill_wait: timedelta, on_fault: Callable[[AlertladderError], None]
    ) -> None:
        self._truth = truth
        self._world = truth.world
        self._wait = late_fill_wait
        self._on_fault = on_fault

    async def for_entries(self) -> None:
        """Wait for a late fill of the entry, and read every order of it once more when none came."""
        ledger = self._truth.ledger
        accepted = [order for order in ledger.orders(OrderRole.ENTRY) if order.record is not None]
        known = ledger.filled(OrderRole.ENTRY)
        if not accepted:
            return
        if await self._world.until(lambda: ledger.filled(OrderRole.ENTRY) > known, self._wait, "late fills?"):
            return
        for order in accepted:  # each of them: whichever was taken off may have been met on its way out
            await self.reread_for_sure(order)

    async def bring_fills(self) -> bool:
        """Read every order once more that died before it was filled; True when one has filled late (11)."""
        roles, ledger = tuple(OrderRole), self._truth.ledger
        known = len(ledger.fills(*roles))
        orders = [order for role in roles for order in ledger.orders(role)]
        dead = [o for o in orders if o.record is not None and (o.state in DEAD or o.state is OrderState.FILLS_TO_COME)]
        await self._world.until(_never, self._until_no_fill_is_late(dead), "late fills?")
        for order in dead:
            await self.reread_for_sure(order)
        return len(ledger.fills(*roles)) > known

    async def at_exit(self) -> None:
        """Read what is out for sale once more: it may be dead, and nobody has heard of it (16)."""
        for order in self._truth.ledger.open_orders(OrderRole.EXIT):
            await self.reread_for_sure(order, may_be_open=True)

    async def reread_for_sure(self, order: LedgerOrder, *, may_be_open: bool = False) -> None:
        """Ask until the broker has told the whole of it: nobody else will ask, once this trade is over."""
        for _ in range(_ATTEMPTS):
            if await self._truth.reread(order) and (may_be_open or not order.is_open):
                return
            await self._world.until(_never, _PAUSE, f"no answer about {order.identifier} yet")
        self._on_fault(UnsettledError(f"nobody can say whether order {order.identifier} was filled late"))

    def _until_no_fill_is_late(self, dead: Sequence[LedgerOrder]) -> timedelta:
        """The time in which a fill may still be booked for one that died lately: whole, for clocks differ."""
        died = [order.record.updated_at for order in dead if order.record and order.record.updated_at]
        died_lately = died and self._world.now() - max(died) < self._wait
        return self._wait if died_lately else timedelta(0)


def _never() -> bool:
    return False
