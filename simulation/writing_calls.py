"""Calls in a simulation of shares: sold while free shares cover them, and bought back; and what must be true then."""

import asyncio

from domain.desk import CallCover
from domain.identifiers import OrderRole, TradeId, role_of
from simulation.broker import Order
from simulation.covered import SHARES, Covered
from simulation.in_time import InTime
from simulation.plan import ENDS
from simulation.promises import Book, Findings
from simulation.surroundings import Surroundings

_AGAIN = 3.0  # seconds: no free shares yet, or somebody sells
_SHRINKS_WITHIN = 10.0
_CALL = "UBER  261204C00090000"


class WritingCalls:
    """Of one seed. They are this program's own, whose trade is none of the seed's."""

    def __init__(self, covered: Covered, around: Surroundings, book: Book, found: Findings, in_time: InTime) -> None:
        self._covered = covered
        self._around = around
        self._book = book
        self._found = found
        self._in_time = in_time
        self._calls = 0
        self._looks: dict[str, int] = {}  # by trade: what it was told that it may sell, less what it held then

    async def run(self) -> None:
        """Sell them, and buy them back."""
        await asyncio.sleep(self._covered.sold_at)
        for _ in range(int((ENDS - self._covered.sold_at) / _AGAIN)):
            if not any(self._book.standing(trade).is_selling for trade in self._book.trades()) and self._free >= SHARES:
                break
            await asyncio.sleep(_AGAIN)
        self._calls = min(self._covered.calls, max(0, self._free) // SHARES)
        if not self._calls:
            return
        self._around.happened("calls are sold")
        self._around.log(f"   {self._calls} calls, {self._shares} shares")
        self._book.spare = SHARES * self._calls
        await asyncio.sleep(max(0.0, self._covered.bought_back_at - self._around.at))
        self._around.happened("calls are bought back")
        self._calls = 0

    def seen_by(self, workflow_id: str | None) -> CallCover:
        """What the account tells a trade that would sell: shares that no other order sells, and the calls."""
        others = [order for order in self._selling if _trade_of(order) != workflow_id]
        shares = self._shares - sum(order.leaves for order in others)
        if workflow_id is not None:
            self._looks.pop(workflow_id, None)
            if self._calls:
                self._around.happened("shares cover calls")
                standing = self._book.standing(workflow_id)
                self._looks[workflow_id] = max(0, shares - SHARES * self._calls) + standing.sold - standing.bought
        return CallCover(shares=shares, short_calls={_CALL: self._calls}, own_calls=self._calls)

    def step(self, workflow_id: str, order: Order, *, is_new: bool) -> None:
        """What a trade sells, and has out, is what it was told that no call needs: its exit in time, all else at once.

        Between two trades that look in the same moment nobody decides; each goes by what it was told.
        """
        at, standing = self._around.at, self._book.standing(workflow_id)
        beyond = standing.out - standing.out_in_excess - standing.sold_unforeseen - self._may_sell(workflow_id)
        is_naked = workflow_id in self._looks and standing.out > 0 and beyond > 0
        what = f"{standing.out} out for sale, {beyond} more than calls leave"
        self._in_time.owe(is_naked, 15, at, workflow_id, _SHRINKS_WITHIN, what, "cover")
        is_sale = is_new and role_of(order.identifier) is OrderRole.CLOSE
        self._found.expect(15, at, not (is_sale and is_naked), what)

    def kept_of(self, workflow_id: str, held: int) -> int:
        """How many of its shares a trade may keep, by what it was told."""
        return max(0, held - max(0, self._may_sell(workflow_id))) if workflow_id in self._looks else 0

    def _may_sell(self, workflow_id: str) -> int:
        """Still, of all that it may since it looked."""
        standing = self._book.standing(workflow_id)
        return self._looks.get(workflow_id, 0) + standing.bought - standing.sold

    @property
    def _selling(self) -> list[Order]:
        return [order for order in self._around.broker.working() if not order.is_buy and self._book.may_execute(order)]

    @property
    def _shares(self) -> int:
        return self._around.positions.now + self._covered.others

    @property
    def _free(self) -> int:
        out = sum(order.leaves - order.in_excess for order in self._selling)
        return self._shares - out - SHARES * self._calls


def _trade_of(order: Order) -> str | None:
    trade = TradeId.of_order(order.identifier)
    return None if trade is None else trade.workflow_id
