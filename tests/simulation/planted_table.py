"""Each planted bug over many seeds: by which invariants it is caught, in how many, and first in which.

`python -m tests.simulation.planted_table` makes docs/planted-bugs.md anew, and writes each bug's first seed beside it:
they move when the simulation or the code under test does.
"""

import argparse
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from tests.simulation.planted import BUGS, broken_by

PAGE = Path(__file__).parents[2] / "docs" / "planted-bugs.md"
_BEDS = Path(__file__).parent / "planted"
_HEAD = """# Planted bugs

Each was put into the real code by a patch of a few lines (`tests/simulation/planted/`) and simulated over {seeds}
seeds. The checker, which knows nothing of that code, must find one of the invariants under "caught by" broken
([`invariants.md`](invariants.md)): in so many of the {seeds} seeds it did, and first in that one, which may lie beyond
the {seeds}. A test runs each bug on its first seed.

`python -m tests.simulation.planted_table` makes this page anew.

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


def beyond(name: str, most: int, begin: int) -> int | None:
    """The first seed from `begin` on that finds a bug; None: not one of them."""
    bug = BUGS[name]
    return next((seed for seed in range(begin, most) if broken_by(bug, seed) & bug.caught_by), None)


def keep_seed(name: str, seed: int) -> None:
    """Write a bug's first seed beside it."""
    function = name.replace(" ", "_")
    for path in _BEDS.glob("*.py"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(rf"@planted\(\d+(, [^)]*\)\ndef {function}\()", rf"@planted({seed}\1", text), "utf-8")


def _caught(name: str, seeds: int, most: int) -> Catch:
    found = catch(name, seeds)
    return found if found.first is not None else replace(found, first=beyond(name, most, seeds))


def main() -> None:
    """Write the page and the seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--most", type=int, default=4000, help="where to give up looking for a bug")
    chosen = parser.parse_args()
    lines = [_HEAD.format(seeds=chosen.seeds)]
    with ProcessPoolExecutor() as pool:
        for each in pool.map(partial(_caught, seeds=chosen.seeds, most=chosen.most), BUGS):
            lines += rows([each])
            print(lines[-1], flush=True)  # noqa: T201  it takes its time
            if each.first is not None:
                keep_seed(each.name, each.first)
    PAGE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
