"""Each planted bug over many seeds: by which invariants it is caught, in how many, and first in which.

`python -m tests.simulation.planted_table > docs/planted-bugs.md` makes the page anew.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from tests.simulation.planted import BUGS, broken_by

_HEAD = """# Planted bugs

Each was put into the real code by a patch of a few lines (`tests/simulation/planted/`) and simulated over {seeds}
seeds. The checker, which knows nothing of that code, must find one of the invariants under "caught by" broken
([`invariants.md`](invariants.md)): in so many of the {seeds} seeds it did, and first in that one, which may lie beyond
the {seeds}. A test runs each bug on its first seed.

`python -m tests.simulation.planted_table > docs/planted-bugs.md` makes this page anew.

| bug | caught by | seeds | first | others broken |
|---|---|---|---|---|"""


@dataclass(frozen=True)
class Catch:
    """What one bug broke: in how many seeds one of its own invariants, in which first, and how often each."""

    name: str
    seeds: int
    first: int | None
    broken: Counter[int] = field(default_factory=Counter)


def catch(name: str, seeds: int) -> Catch:
    """Run one bug over the seeds from 0."""
    bug, broken, caught = BUGS[name], Counter[int](), list[int]()
    for seed in range(seeds):
        found = broken_by(bug, seed)
        broken.update(found)
        if found & bug.caught_by:
            caught.append(seed)
    return Catch(name, len(caught), caught[0] if caught else None, broken)


def rows(catches: Sequence[Catch]) -> list[str]:
    """The table, a bug a line."""
    return [_row(each) for each in catches]


def _row(each: Catch) -> str:
    bug = BUGS[each.name]
    own = ", ".join(str(number) for number in sorted(bug.caught_by))
    others = ", ".join(str(number) for number in sorted(each.broken.keys() - bug.caught_by)) or "-"
    first = bug.seed if each.first is None else each.first
    return f"| {each.name} | {own} | {each.seeds} | {first} | {others} |"


def main() -> None:
    """Print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--bugs", nargs="*", default=list(BUGS), help="names; default: all")
    chosen = parser.parse_args()
    print(_HEAD.format(seeds=chosen.seeds))  # noqa: T201  it is what it is for
    with ProcessPoolExecutor() as pool:
        for each in pool.map(partial(catch, seeds=chosen.seeds), chosen.bugs):
            print(*rows([each]), sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
