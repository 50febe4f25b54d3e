"""What assignment may still cost a trade that sold first, and what is short no more because it happened.

The desk goes by it when it sizes others.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from domain.desk import TradeReport
from domain.identifiers import OrderRole
from workflows.changes import Change
from workflows.order_truth import OrderTruth

_LOOKS = 3
_SETTLES_WITHIN = timedelta(minutes=12)  # a closing order's window, and a look-up of what became of it


class Exposure:
    """One trade's. `short` is what the desk was told last: contracts sold first and not bought back."""

    def __init__(
        self, truth: OrderTruth, account_number: str, entry_is_over: Callable[[], bool], is_over: Callable[[], bool]
    ) -> None:
        self._truth = truth
        self._world = truth.world
        self._account_number = account_number
        self._entry_is_over = entry_is_over
        self._is_over = is_over
        self._told: int | None = None

    def take_short(self) -> int:
        """How many it is short, to be told now."""
        self._told = self._short
        return self._told

    async def lost(self) -> int:
        """How many in all are short no more, by the broker's list; what is known already where nobody can tell."""
        ledger = self._truth.ledger
        if not self._world.knows(Change.HEARS_OF_ASSIGNMENT):
            return ledger.gone
        # What a closing order has bought back may be in the list before it is heard of here: its end is waited for.
        for _ in range(_LOOKS):
            await self._world.until(self._is_settled, _SETTLES_WITHIN, "what is being bought back")
            listed = await self._world.position(self._truth.contract)
            if listed is None:
                break
            if not ledger.open_orders(OrderRole.CLOSE):
                return ledger.gone + max(0, ledger.held - max(0, int(-listed)))
        return ledger.gone

    def _is_settled(self) -> bool:
        return self._is_over() or not self._truth.ledger.open_orders(OrderRole.CLOSE)

    def lose(self, quantity: int) -> str:
        """So many in all are short no more in the account: what to say of it, or nothing where that is not new.

        The exit and what is being bought back follow what is left: never more is bought back than is short (15).
        """
        ledger = self._truth.ledger
        before = ledger.gone
        if not self._world.knows(Change.HEARS_OF_ASSIGNMENT):
            return ""
        ledger.lose(quantity)
        if ledger.gone == before:
            return ""
        sold = ledger.filled(OrderRole.ENTRY)
        said = f"{ledger.gone} of {sold} short no more in the account: assigned, or bought back by hand"
        self._truth.journal.gone(ledger.gone, said)
        return said

    async def run(self) -> None:
        """Tell the desk of each change, from the end of the entry to the end of the trade.

        Until then the desk counts all that the trade may sell.
        """
        while True:
            await self._world.until(self._has_news, None, "what is short changes")
            if self._is_over():
                return
            report = TradeReport(
                workflow_id=self._truth.workflow_id,
                reserved=Decimal(0),
                over=False,
                at=self._world.now(),
                order_calls=self._truth.take_calls(),
                short=self.take_short(),
            )
            await self._world.tell_desk(self._account_number, report)

    def _has_news(self) -> bool:
        return self._is_over() or (self._entry_is_over() and self._short != self._told)

    @property
    def _short(self) -> int:
        return max(0, self._truth.ledger.held)
