"""Many seeds, on all cores: what went wrong on purpose in them, and which promises did not hold."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from domain.trade import TradeState
from simulation.promises import Violation
from simulation.run import Verdict, run_seed

_CHUNK = 25  # seeds handed to a process at once
_KEPT = 100  # failing seeds, with their traces


@dataclass
class Tally:
    """What came of a campaign."""

    seeds: int = 0
    fired: Counter[str] = field(default_factory=Counter)  # seeds in which it happened
    states: Counter[TradeState] = field(default_factory=Counter)
    broken: Counter[int] = field(default_factory=Counter)  # seeds that broke an invariant, by its number
    failed: list[Verdict] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Count one seed."""
        self.seeds += 1
        self.fired.update(verdict.fired.keys())
        self.states.update(verdict.states)
        self.broken.update({violation.invariant for violation in verdict.violations})
        if verdict.violations and len(self.failed) < _KEPT:
            self.failed.append(verdict)


def verdicts(seeds: Iterable[int], processes: int) -> Iterator[Verdict]:
    """Each seed's verdict, in order; traces only of those that failed, for they are long."""
    if processes == 1:
        yield from map(verdict_of, seeds)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(verdict_of, seeds, chunksize=_CHUNK)


def verdict_of(seed: int) -> Verdict:
    """Run one seed; a story that crashes or goes round in circles has broken 30."""
    try:
        verdict = run_seed(seed)
    except Exception as error:  # noqa: BLE001  a crash of the story is a finding like any other
        return Verdict(seed, "", (), (Violation(30, 0.0, f"{type(error).__name__}: {error}"),), Counter(), ())
    return verdict if verdict.violations else verdict.without_trace()


def around(verdict: Verdict, lines: int = 40) -> list[str]:
    """The trace up to the first violation, its last lines, and what was found."""
    first = verdict.violations[0]
    before = [line for line in verdict.trace if float(line.split(maxsplit=1)[0]) <= first.at]
    found = [f"{v.at:9.3f} ** invariant {v.invariant}: {v.what}" for v in verdict.violations[:5]]
    return [*before[-lines:], *found]
