"""Of the shares that one trade bought, those that calls sold first need: they are kept while that is so.

Selling them would leave a call naked, which is the larger risk. What is kept is neither sold nor out for exit.
"""

from collections.abc import Callable
from datetime import timedelta

from domain.desk import CallCover
from domain.short_options import kept_for_calls
from workflows.order_truth import OrderTruth

_ATTEMPTS, _PAUSE = 3, timedelta(seconds=2)  # a minute at most with what each takes
_AGAIN = timedelta(minutes=30)
_MOST_LOOKS = 2000  # six weeks of them: each is some events in the trade's history


class Cover:
    """One trade's. `on_kept` hears how many are kept, whenever those become more."""

    def __init__(self, truth: OrderTruth, on_kept: Callable[[int], None], is_over: Callable[[], bool]) -> None:
        self.kept = 0
        self._truth = truth
        self._world = truth.world
        self._on_kept = on_kept
        self._is_over = is_over

    async def look(self) -> None:
        """Ask the account anew, before anything is sold.

        Where nobody can tell, all stays as it was: no sale waits for long for an account that can't be read (17), and
        the broker checks each order by itself.
        """
        cover = await self._account()
        if cover is None:
            return
        before, self.kept = self.kept, kept_for_calls(cover, max(0, self._truth.ledger.held))
        if self.kept > before:
            self._on_kept(self.kept)

    async def _account(self) -> CallCover | None:
        for _ in range(_ATTEMPTS):
            cover = await self._world.call_cover(self._truth.contract, self._truth.workflow_id)
            if cover is not None or await self._world.until(self._is_over, _PAUSE, "which shares do calls need?"):
                return cover
        return None

    async def run(self) -> None:
        """Until the trade is over: what calls need no more gets its exit back (16)."""
        for _ in range(_MOST_LOOKS):
            await self._world.until(lambda: self._is_over() or self.kept > 0, None, "calls need some of the shares")
            if await self._world.until(self._is_over, _AGAIN, "do calls still need the shares?"):
                return
            await self.look()
