"""Bugs planted in the real code, one at a time, for the simulation's checker to find; it knows nothing of that code.

What is planted is what the field's open projects do: resend on a time-out, believe a cancel, forget a late fill.
Each is a patch of a few lines, with the invariants of which at least one must be found broken, and the first seed of
the simulation that does so.
"""

from tests.simulation.planted import (
    at_the_desk,
    climbing,
    counting,
    covering,
    going,
    guarding,
    leaving,
    selling,
    sending,
    shorting,
    writing,
)
from tests.simulation.planted.bugs import Bug, broken_by

BUGS: dict[str, Bug] = {
    bug.name: bug
    for bed in (
        sending,
        counting,
        climbing,
        leaving,
        selling,
        guarding,
        shorting,
        going,
        covering,
        at_the_desk,
        writing,
    )
    for bug in vars(bed).values()
    if isinstance(bug, Bug)
}

__all__ = ["BUGS", "Bug", "broken_by"]
