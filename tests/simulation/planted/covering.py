"""Bugs in shares that are kept because calls that were sold first need them."""

from collections.abc import Callable

import pytest

from domain.desk import CallCover
from tests.simulation.planted.bugs import planted
from workflows.closer import Closer


@planted(487, 15)
def shares_that_calls_need_are_sold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("workflows.cover.kept_for_calls", lambda *_: 0)


@planted(407, 7)
def calls_are_covered_by_one_trade_and_not_by_all(patch: pytest.MonkeyPatch) -> None:
    def kept(cover: CallCover, held: int) -> int:
        return max(0, min(held, 100 * sum(cover.short_calls.values())))

    patch.setattr("workflows.cover.kept_for_calls", kept)


@planted(3147, 15)
def the_exit_sells_what_calls_need(patch: pytest.MonkeyPatch) -> None:
    """The closer still makes room for what it sells."""
    real = Closer.claimed.fget
    assert real is not None
    claimed: Callable[[Closer], int] = real
    patch.setattr(Closer, "claimed", property(lambda self: claimed(self) - self._kept))


@planted(487, 15)
def no_room_is_made_for_what_calls_need(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Closer, "_kept", property(lambda _: 0))
