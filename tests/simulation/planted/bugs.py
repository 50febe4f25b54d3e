"""What a planted bug is, and what the checker finds with it in the code."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from simulation.campaign import verdict_of

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Bug:
    """`plant` puts it into the code; one of the invariants `caught_by` is broken in seed `seed`, and in none before."""

    name: str
    plant: Plant
    caught_by: frozenset[int]
    seed: int


def planted(seed: int, *caught_by: int) -> Callable[[Plant], Bug]:
    """Make a bug of a function that patches; its name is the function's."""

    def keep(plant: Plant) -> Bug:
        return Bug(plant.__name__.replace("_", " "), plant, frozenset(caught_by), seed)

    return keep


def broken_by(bug: Bug, seed: int) -> frozenset[int]:
    """The invariants that a seed breaks with the bug in the code. A story that crashes or never ends breaks 30."""
    with pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        return frozenset(violation.invariant for violation in verdict_of(seed).violations)
