"""Pacing: never more than the published rates in any second, and no longer wait than the caller can bear."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.broker.limits import Family, Pacing, ThrottledError

LONG = timedelta(minutes=10)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_within_the_limit_does_not_wait() -> None:
    pacing = Pacing(Clock())

    assert [pacing.reserve(Family.ORDERS, LONG) for _ in range(20)] == [0.0] * 20


def test_the_next_one_waits_for_a_whole_window() -> None:
    pacing = Pacing(Clock())
    for _ in range(2):
        pacing.reserve(Family.CHAINS, LONG)

    assert pacing.reserve(Family.CHAINS, LONG) >= 1.0


def test_a_wait_beyond_patience_is_refused_and_takes_no_place() -> None:
    clock = Clock()
    pacing = Pacing(clock)
    pacing.reserve(Family.BALANCES, LONG)

    with pytest.raises(ThrottledError) as refused:
        pacing.reserve(Family.BALANCES, timedelta(seconds=0.5))

    clock.now += refused.value.after.total_seconds()
    assert pacing.reserve(Family.BALANCES, LONG) == 0.0


def test_one_family_does_not_hold_up_another() -> None:
    pacing = Pacing(Clock())
    for _ in range(10):
        pacing.reserve(Family.CHAINS, LONG)

    assert pacing.reserve(Family.ORDERS, LONG) == 0.0


@given(st.lists(st.tuples(st.sampled_from(Family), st.floats(0, 0.4)), min_size=60, max_size=200))
def test_no_second_ever_sees_more_than_fifty_requests_nor_twenty_orders(asked: list[tuple[Family, float]]) -> None:
    clock = Clock()
    pacing = Pacing(clock)
    sent: list[tuple[float, Family]] = []
    for family, pause in asked:
        clock.now += pause
        sent.append((clock.now + pacing.reserve(family, LONG), family))

    times = sorted(at for at, _ in sent)
    orders = sorted(at for at, family in sent if family is Family.ORDERS)
    assert all(later - earlier >= 1.0 for earlier, later in zip(times, times[50:], strict=False))
    assert all(later - earlier >= 1.0 for earlier, later in zip(orders, orders[20:], strict=False))
