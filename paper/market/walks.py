"""The seeded random walks of the underlyings: the same seed and steps give the same prices."""

import math
import random
from typing import NamedTuple

from paper.listings.catalogue import FUTURES, UNDERLYINGS

_TRADING_YEAR = 252 * 6.5 * 3600.0  # seconds
_PULL = 2e-5  # how strongly a walk is drawn back to its start, each step: the strike grid stays around the money


class _Walk(NamedTuple):
    name: str
    start: float
    volatility: float
    follows: str | None


_WALKS = [
    *(_Walk(u.symbol, float(u.price), u.volatility, u.follows) for u in UNDERLYINGS.values()),
    *(_Walk(p.code, float(p.price), p.volatility, p.follows) for p in FUTURES.values()),
]
_STARTS = {walk.name: walk.start for walk in _WALKS}


class Walks:
    """Where each underlying (by symbol) and futures product (by code) stands, in price units."""

    def __init__(self, seed: int) -> None:
        self._dice = {walk.name: random.Random(f"{seed}/{walk.name}") for walk in _WALKS}  # noqa: S311
        self._spots = dict(_STARTS)
        self._held: set[str] = set()

    def __getitem__(self, name: str) -> float:
        return self._spots[name]

    def __contains__(self, name: str) -> bool:
        return name in self._spots

    def hold(self, name: str, spot: float) -> None:
        """Stand at `spot`, until released; a market that stands at nothing is no place to walk from."""
        if spot > 0:
            self._spots[name] = spot
            self._held.add(name)
            self._follow()

    def release(self, name: str) -> None:
        """Walk on from there."""
        self._held.discard(name)

    @property
    def spots(self) -> dict[str, float]:
        """A copy of all of them."""
        return dict(self._spots)

    def restore(self, spots: dict[str, float]) -> None:
        """Go on from where an earlier run stood; names no longer listed are ignored."""
        self._spots |= {name: spot for name, spot in spots.items() if name in self._spots}

    def advance(self, seconds: float) -> None:
        """Let `seconds` of trading time pass. Indices and their futures repeat the fund that they follow."""
        spread = math.sqrt(seconds / _TRADING_YEAR)
        for walk in _WALKS:
            if walk.follows is None and walk.name not in self._held:
                drift = math.log(walk.start / self._spots[walk.name]) * _PULL
                shock = walk.volatility * spread * self._dice[walk.name].gauss(0, 1)
                self._spots[walk.name] *= math.exp(drift + shock)
        self._follow()

    def _follow(self) -> None:
        for walk in _WALKS:
            if walk.follows is not None and walk.name not in self._held:
                self._spots[walk.name] = walk.start * self._spots[walk.follows] / _STARTS[walk.follows]
