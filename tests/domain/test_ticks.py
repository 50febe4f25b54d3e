"""Tick schedules: the tick in force at a price, rounding, and steps across thresholds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.ticks import Tick, TickSchedule

D = Decimal
PENNY_PILOT = TickSchedule.split("0.01", "3", "0.05")
NON_PENNY = TickSchedule.split("0.05", "3", "0.10")
EQUITY = TickSchedule.split("0.0001", "1", "0.01")
ES = TickSchedule.flat("0.25")
ES_OPTION = TickSchedule(
    ticks=(
        Tick(value=D("0.05"), threshold=D(5)),
        Tick(value=D("0.10"), threshold=D(20)),
        Tick(value=D("0.25"), threshold=D(100)),
        Tick(value=D("0.50")),
    )
)
schedules = st.sampled_from([PENNY_PILOT, NON_PENNY, EQUITY, ES, ES_OPTION])
prices = st.decimals(min_value=D("0.0001"), max_value=D(9000), places=4)


@pytest.mark.parametrize(
    ("schedule", "price", "tick"),
    [
        (PENNY_PILOT, "2.99", "0.01"),
        (PENNY_PILOT, "3.00", "0.05"),
        (NON_PENNY, "2.95", "0.05"),
        (NON_PENNY, "3.00", "0.10"),
        (ES_OPTION, "4.95", "0.05"),
        (ES_OPTION, "5.00", "0.10"),
        (ES_OPTION, "19.90", "0.10"),
        (ES_OPTION, "20.00", "0.25"),
        (ES_OPTION, "100.00", "0.50"),
        (ES, "5850.25", "0.25"),
    ],
)
def test_a_threshold_belongs_to_the_tick_above_it(schedule: TickSchedule, price: str, tick: str) -> None:
    assert schedule.at(D(price)) == D(tick)


@pytest.mark.parametrize(("price", "on"), [("2.99", True), ("3.01", False), ("3.05", True), ("0.755", False)])
def test_only_multiples_of_the_tick_in_force_are_on_tick(price: str, on: bool) -> None:
    assert PENNY_PILOT.is_on(D(price)) is on


def test_a_step_up_over_the_threshold_lands_on_it_and_the_next_is_wider() -> None:
    assert PENNY_PILOT.up(D("2.98"), 3) == D("3.05")


def test_a_step_down_from_the_threshold_takes_the_smaller_tick() -> None:
    assert PENNY_PILOT.down(D("3.05"), 2) == D("2.99")


def test_a_step_from_between_two_ticks_goes_to_the_next_one() -> None:
    assert PENNY_PILOT.up(D("3.02")) == D("3.05")
    assert PENNY_PILOT.down(D("3.02")) == D("3.00")


def test_the_penny_just_under_the_threshold_rounds_up_onto_it() -> None:
    assert PENNY_PILOT.ceil(D("2.995")) == D("3.00")


@pytest.mark.parametrize(("price", "nearest"), [("3.02", "3.00"), ("3.03", "3.05"), ("3.025", "3.00")])
def test_nearest_takes_the_closer_tick_and_halfway_the_even_one(price: str, nearest: str) -> None:
    assert PENNY_PILOT.nearest(D(price)) == D(nearest)


@given(schedules, prices)
def test_floor_and_ceil_enclose_a_price_less_than_a_tick_apart(schedule: TickSchedule, price: Decimal) -> None:
    low, high = schedule.floor(price), schedule.ceil(price)
    assert low <= price <= high
    assert high - low in (0, schedule.at(price))


@given(schedules, prices)
def test_every_rounding_and_step_is_on_tick(schedule: TickSchedule, price: Decimal) -> None:
    made = [schedule.floor(price), schedule.ceil(price), schedule.nearest(price), schedule.up(price)]
    assert all(schedule.is_on(each) for each in [*made, schedule.down(price)])


@given(schedules, prices)
def test_a_price_on_tick_is_left_alone(schedule: TickSchedule, price: Decimal) -> None:
    on_tick = schedule.floor(price)
    assert schedule.floor(on_tick) == schedule.ceil(on_tick) == schedule.nearest(on_tick) == on_tick


@given(schedules, prices, st.integers(0, 25))
def test_stepping_up_and_down_again_comes_back(schedule: TickSchedule, price: Decimal, steps: int) -> None:
    start = schedule.floor(price)
    assert schedule.down(schedule.up(start, steps), steps) == start


@given(schedules, prices)
def test_no_tick_is_skipped_by_a_step(schedule: TickSchedule, price: Decimal) -> None:
    start = schedule.floor(price)
    halfway = (start + schedule.up(start)) / 2
    assert schedule.floor(halfway) == start
    assert schedule.ceil(halfway) == schedule.up(start)


@pytest.mark.parametrize(
    "ticks",
    [
        (),
        (Tick(value=D("0.01"), threshold=D(3)),),
        (Tick(value=D("0.01")), Tick(value=D("0.05"))),
        (Tick(value=D("0.1"), threshold=D(5)), Tick(value=D("0.05"), threshold=D(3)), Tick(value=D(1))),
        (Tick(value=D("0.1"), threshold=D(3)), Tick(value=D("0.05"), threshold=D(3)), Tick(value=D(1))),
        (Tick(value=D(0)),),
    ],
    ids=["empty", "no last", "two lasts", "falling", "twice", "zero"],
)
def test_a_schedule_that_does_not_rule_every_price_once_is_refused(ticks: tuple[Tick, ...]) -> None:
    with pytest.raises(ValidationError):
        TickSchedule(ticks=ticks)


def test_the_finest_tick_of_a_schedule_rules_at_every_price() -> None:
    assert TickSchedule.split("0.05", "3", "0.1").finest == TickSchedule.flat("0.05")
