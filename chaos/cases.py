"""The exhaustive list: each activity of a trade, at its first and second call, its worker killed before, in and after.

A call that a trade makes only once is called a second time because its first attempt died.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chaos.death import Death, Sentence, When
from chaos.plan import Fault, Market

_CALLS = (1, 2)
_HELD = 3.0  # seconds an answer is held, so that the worker dies with its request under way
_INTO = 0.6  # seconds into such a call


@dataclass(frozen=True)
class Scene:
    """How a trade comes to make a call, and how an answer to it is held.

    `repeats`: a trade makes the call more than once by itself. `held_on` is the family of requests whose answers are
    held for a death in the middle; without one the call is too quick for that, and dies a few milliseconds in.
    """

    activity: str
    subject: str = ""
    market: Market = Market.MEETS
    repeats: bool = True
    held_on: str | None = None
    held_side: str | None = None
    held_after: int = 0  # such requests of the trade that come before the first call
    faults: tuple[Fault, ...] = ()
    refused_first: bool = False  # the call comes a second time because no session was there for the first
    quiet_before: float = 0.0  # seconds without an alert, so that what the desk knows of the account is stale
    needs_restart: bool = False  # the call is made by a worker that starts, not by the trade
    returns: bool = True  # there is an after


@dataclass(frozen=True)
class Case:
    """One death or two, in one trade."""

    scene: Scene
    call: int
    when: When

    def __str__(self) -> str:
        subject = f" ({self.scene.subject})" if self.scene.subject else ""
        return f"{self.when} call {self.call} of {self.scene.activity}{subject}"

    @property
    def sentence(self) -> Sentence:
        """What the worker is to do."""
        last = Death(call=self.call, when=self.when, seconds=_INTO if self.scene.held_on else 0.003)
        earlier = () if self.scene.repeats or self.call == 1 else (Death(call=1, when=When.BEFORE),)
        return Sentence(activity=self.scene.activity, subject=self.scene.subject, deaths=(*earlier, last))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What the exchange is to do, beside the scene's own faults: hold the answer."""
        scene = self.scene
        faults = scene.faults
        if scene.refused_first and self.call > 1:
            faults += (_fault("unauthorized_next", on="place", side="buy", skip=scene.held_after),)
        if self.when is When.IN and scene.held_on is not None:
            faults += (self._held(scene.held_on),)
        return faults

    def _held(self, family: str) -> Fault:
        """The fault that holds the answer of the call that is to die in its middle."""
        scene = self.scene
        if family == "read":  # whoever reads: look-ups are no single order's
            return _fault("latency", on="read", seconds=_HELD, times=4)
        naturally = self.call - 1 if scene.repeats and not scene.refused_first else 0
        held = _fault("hang_after_accept", on=family, seconds=_HELD, skip=scene.held_after + naturally)
        return {**held, **({"side": scene.held_side} if scene.held_side else {})}


def _fault(kind: str, **params: Any) -> Fault:
    return {"kind": kind, "may_be_unused": True, **params}


_HIDDEN = (_fault("drop_answer", side="buy"), _fault("stale_lookup", side="buy", seconds=6.0))
SCENES = (
    Scene("find_contract", repeats=False, held_on="read"),
    Scene("take_quote", market=Market.RUNG),
    Scene("admit", repeats=False),
    Scene("read_account", repeats=False, held_on="read", quiet_before=31.0),
    Scene("reserve", repeats=False),
    Scene("place_order", "entry", Market.TRICKLE, held_on="place", held_side="buy"),
    Scene("place_order", "exit", Market.TRICKLE, held_on="place", held_side="sell"),
    Scene(
        "place_order",
        "conversion",
        Market.CONVERTS,
        held_on="place",
        held_side="buy",
        held_after=1,
        refused_first=True,
    ),
    Scene("replace_order", market=Market.RUNG, held_on="replace"),
    Scene("cancel_order", market=Market.NEVER, repeats=False, held_on="cancel"),
    Scene("read_order", market=Market.NEVER, held_on="read", faults=(_fault("delay_cancel", seconds=3.0),)),
    Scene("find_order", held_on="read", faults=_HIDDEN),
    Scene("append_audit"),
    Scene("watch_account", held_on=None, repeats=False, needs_restart=True, returns=False),
)


def every_case() -> Iterator[Case]:
    """All of them."""
    for scene in SCENES:
        for call in _CALLS:
            for when in When:
                if scene.returns or when is not When.AFTER:
                    yield Case(scene, call, when)
