"""What must become true within seconds, unless something hinders: the exit, a shrunk order, the window's end, a sale.

A debt begins when the book shows it, and is owed from then on, or from the end of the last hindrance. One that is not
paid within its seconds is a violation.
"""

from collections.abc import Callable
from dataclasses import dataclass

from simulation.promises import Findings, Promised, Rules, Standing

_SHRINK_WITHIN = 6.0
_EXIT_WITHIN = 10.0
# After a long outage an unknown exit is looked up each half minute, four times, and the next one waits as long again.
_SLOW_RETURN = 150.0
_CLOCKS_MAY_DIFFER = 8.0
_WINDOW = "window"  # the debt that counts from the first order


@dataclass
class _Debt:
    invariant: int
    since: float
    within: float
    what: str


class InTime:
    """The debts of one seed's trades, by trade and invariant."""

    def __init__(self, rules: Rules, found: Findings, is_halted: Callable[[], bool]) -> None:
        self._rules = rules
        self._found = found
        self._is_halted = is_halted
        self._debts: dict[tuple[str, str], _Debt] = {}
        self._began: dict[tuple[str, str], float] = {}  # when the first order of a window was seen
        self._ended: set[str] = set()

    def stands(self, at: float, promised: Promised, standing: Standing, claimed: int = 0) -> None:
        """Where a trade stands now; `claimed`: contracts that are being sold otherwise than by its exit."""
        trade = promised.workflow_id
        if trade in self._ended:
            return
        bought, sold, out, leaves = standing.bought, standing.sold, standing.out, standing.leaves
        sized = promised.sized or 0
        is_too_large = leaves > 0 and bought + leaves > sized
        self.owe(is_too_large, 7, at, trade, _SHRINK_WITHIN, f"{bought} bought and {leaves} still open of {sized}")
        is_short = out > 0 and out > standing.held
        gone = f", {standing.gone} of it gone" if standing.gone else ""
        what = f"{sold} sold and {out} still out of {bought} bought{gone}"
        self.owe(is_short, 15, at, trade, _EXIT_WITHIN, what)
        expected = self._rules.exit_for(bought)
        for_exit, by_exit = standing.out_for_exit, standing.sold_by_exit
        lacks = for_exit < min(expected - by_exit, standing.held - claimed)
        what = f"{for_exit} out and {by_exit} sold for exit, {expected} promised, {standing.held} held"
        self.owe(lacks, 16, at, trade, _EXIT_WITHIN, what)
        window = self._rules.window + self._rules.grace + _CLOCKS_MAY_DIFFER
        self.owe_window(standing.open_entries > 0, at, trade, window, "an entry order outlives its window")

    def forget(self, trade: str) -> None:
        """It is over, and owes nothing any more."""
        self._ended.add(trade)
        for debt in [key for key in self._debts if key[0] == trade]:
            del self._debts[debt]

    def look(self, at: float, *, is_hindered: bool) -> None:
        """Time has passed."""
        for (_, kind), debt in list(self._debts.items()):
            if is_hindered:
                paid = self._rules.window if kind.startswith(_WINDOW) else -_SLOW_RETURN
                debt.since = max(debt.since, at - paid)
            elif at - debt.since > debt.within:
                what = f"for {at - debt.since:.0f} s: {debt.what}"
                self._found.expect(debt.invariant, at, False, what)
                # Limits and halts must not be what keeps a cancel or a reduction back (17).
                self._found.expect(17, at, not self._is_halted(), f"while the desk is halted, {what}")
                debt.since = at

    def owe(
        self, is_owed: bool, invariant: int, at: float, trade: str, within: float, what: str, kind: str = ""
    ) -> None:
        """Note a debt, or that there is none; `kind` tells those of one trade and invariant apart."""
        self._note(is_owed, _Debt(invariant, at, within, what), (trade, f"{kind} {invariant}"))

    def owe_window(self, is_owed: bool, at: float, trade: str, within: float, what: str, of: str = "") -> None:
        """An order may work until its window is over, which counts from the first order there."""
        key = (trade, f"{_WINDOW} {of}")
        since = self._began.setdefault(key, at) if is_owed else at
        self._note(is_owed, _Debt(9, since, within, what), key)

    def _note(self, is_owed: bool, debt: _Debt, key: tuple[str, str]) -> None:
        if key[0] in self._ended or not is_owed:
            self._debts.pop(key, None)
        elif key in self._debts:
            self._debts[key].what = debt.what
        else:
            self._debts[key] = debt
