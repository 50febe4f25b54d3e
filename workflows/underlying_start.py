"""Where the underlying stood when a trade began to hold: from there it is seen which levels on it lie ahead.

Those that it has come to already would sell at once. So none of them counts before that price is known, and the levels
on the trade's own price do not wait for it.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from domain.alert import Alert, Levels
from domain.identifiers import OrderRole
from domain.protection import levels_ahead
from domain.settings import ProtectionSettings
from domain.symbols import plain
from workflows.changes import Change
from workflows.order_truth import OrderTruth

# An operator is told after a minute without a quote; for an hour it is looked for all the same.
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 4, 8, 16, 30, *[60] * 60))
_TOLD_AFTER = 5


class UnderlyingStart:
    """One trade's. `price` is None until it is known, and for ever where nothing is to be followed."""

    def __init__(
        self,
        truth: OrderTruth,
        settings: ProtectionSettings,
        alert: Alert,
        is_over: Callable[[], bool],
        on_unwatched: Callable[[str], None],
    ) -> None:
        self.price: Decimal | None = None
        self._truth = truth
        self._world = truth.world
        self._alert = alert
        self._is_over = is_over
        self._on_unwatched = on_unwatched
        is_asked = settings.follow_alerts and alert.on_underlying != Levels()
        self._is_followed = is_asked and truth.world.knows(Change.FOLLOWS_UNDERLYING)

    async def find(self) -> None:
        """From the first fill on, until it is known."""
        if not self._is_followed:
            return
        await self._world.until(self._may_look, None, "the first fill")
        for failures, pause in enumerate(_PAUSES):
            if self._is_over() or await self._look():
                return
            if failures == _TOLD_AFTER:
                self._tell()
            await self._world.until(self._is_over, pause, f"a quote of {self._truth.contract.underlying}")

    def _may_look(self) -> bool:
        return self._is_over() or self._truth.ledger.average(OrderRole.ENTRY) is not None

    async def _look(self) -> bool:
        quote = await self._world.underlying_quote(self._truth.contract)
        if quote is None or quote.mid is None or not quote.is_two_sided or quote.is_crossed:
            return False
        self.price = quote.mid
        self._truth.journal.quote(quote, self._told(levels_ahead(self._alert, quote.mid)))
        return True

    def _tell(self) -> None:
        levels = ", ".join(self._alert.on_underlying.in_words)
        self._truth.journal.quote(None, f"{self._truth.contract.underlying}, for its {levels}")
        self._on_unwatched(levels)

    def _told(self, ahead: Levels) -> str:
        """What counts, and what does not because the underlying is there already."""
        written = self._alert.on_underlying
        behind = [written.stop] if written.stop is not None and ahead.stop is None else []
        behind += [target for target in written.targets if target not in ahead.targets]
        left_out = f", left out: {', '.join(map(plain, behind))}" if behind else ""
        count = f"from where count its {', '.join(ahead.in_words)}" if ahead.in_words else "from where none counts"
        return f"{self._truth.contract.underlying}, {count}{left_out}"
