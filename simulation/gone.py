"""What must be true when what was sold first goes from the account and no order of a trade's did it.

Nobody can say whose it was: how many went is counted over all trades, and whose they are, as the trades were told.
"""

from collections.abc import Callable, Iterable

from simulation.in_time import InTime
from simulation.positions import Positions
from simulation.promises import Book, Findings

# Seconds beside the pause between two passes until a loss is found and told: the list settles, and two looks find the
# same. A fill begins that anew.
_FOUND_WITHIN = 75.0
_ALL = "all trades"


class Gone:
    """Of one seed."""

    def __init__(
        self,
        book: Book,
        positions: Positions,
        found: Findings,
        in_time: InTime,
        at: Callable[[], float],
        looks_every: float,
    ) -> None:
        self._within = looks_every + _FOUND_WITHIN
        self._book = book
        self._positions = positions
        self._found = found
        self._in_time = in_time
        self._at = at
        self._since: float | None = None  # more is counted on than is short
        self._before = 0  # what the account held when that was looked at last

    def told(self, workflow_id: str, quantity: int) -> None:
        """So many in all of a trade's are short no more, it hears or finds."""
        told = self._book.told_gone
        told[workflow_id] = max(told.get(workflow_id, 0), quantity)
        self.step()

    def unfound(self, running: Iterable[str]) -> int:
        """Contracts that running trades count on and that are short no more."""
        counted = sum(max(0, self._book.standing(workflow_id).held) for workflow_id in running)
        return max(0, counted - self._positions.short)

    def step(self) -> None:
        """What is short still is some trade's: no more is taken for gone than went (19)."""
        counted = sum(max(0, self._book.standing(workflow_id).held) for workflow_id in self._book.trades())
        what = f"the account is short of {self._positions.short}, and trades of {counted} in all"
        if counted < self._positions.short:
            self._found.expect(19, self._at(), False, what)

    def stands(self, running: Iterable[str]) -> None:
        """What went is found in time, and trusted no more (15); not while anybody still sells."""
        trades = list(running)
        unfound = self.unfound(trades)
        is_settled = not any(self._book.standing(workflow_id).open_entries for workflow_id in trades)
        is_owed = bool(unfound) and is_settled
        if not is_owed or self._positions.now != self._before:
            self._since, self._before = None, self._positions.now
            self._in_time.owe(False, 15, self._at(), _ALL, self._within, "")
        if is_owed:
            self._since = self._at() if self._since is None else self._since
            what = f"trades count on {unfound} that are short no more"
            self._in_time.owe(True, 15, self._at(), _ALL, self._within, what)

    def at_rest(self) -> None:
        """All of it is found."""
        is_found = self._since is None or self._at() - self._since < self._within
        self._found.expect(15, self._at(), is_found, f"since {self._since} trades count on what is short no more")
