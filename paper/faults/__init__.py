"""Misbehaviour on demand: armed through the control plane, spent by whatever it hits, and counted.

    kinds       every fault there is, and what it does
    fault       one armed fault: its parameters, and what it is meant for
    faults      all that are armed, and how one is spent
    display     quotes that clients see wrongly

They live in memory: a restart forgets what was armed.
"""

from paper.faults.display import Display
from paper.faults.fault import Fault, Subject
from paper.faults.faults import Faults
from paper.faults.kinds import FaultKind, On, Shape

__all__ = ["Display", "Fault", "FaultKind", "Faults", "On", "Shape", "Subject"]
