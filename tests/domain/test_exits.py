"""The profit-taking exit: half of what is filled, rounded down, at the promised profit, on tick."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exits import exit_target
from domain.settings import ExitSettings, SingleContract
from domain.ticks import TickSchedule

D = Decimal
PENNY_PILOT = TickSchedule.split("0.01", "3", "0.05")
DEFAULTS = ExitSettings()
ALL_OF_ONE = ExitSettings(single_contract=SingleContract.EXIT_ALL)
exit_settings = st.builds(
    ExitSettings,
    percent=st.decimals(min_value=D("0.1"), max_value=D(100), places=1),
    profit_percent=st.integers(1, 500).map(D),
    min_quantity=st.integers(1, 3),
    single_contract=st.sampled_from(SingleContract),
)
cents = st.integers(1, 50_000)
counts = st.integers(1, 12)


@pytest.mark.parametrize(("filled", "quantity"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (11, 5)])
def test_the_exit_is_half_of_what_is_filled_rounded_down(filled: int, quantity: int) -> None:
    assert exit_target(DEFAULTS, PENNY_PILOT, filled, D("0.75")).quantity == quantity


@pytest.mark.parametrize(
    ("average", "price"), [("0.75", "1.50"), ("0.755", "1.51"), ("1.52", "3.05"), ("1.49", "2.98")]
)
def test_the_exit_doubles_the_true_average_on_tick_rounding_up(average: str, price: str) -> None:
    assert exit_target(DEFAULTS, PENNY_PILOT, 2, D(average)).price == D(price)


def test_an_average_of_thirds_does_not_cost_a_tick() -> None:
    six_for_seven_dollars = D(7) / 6
    tripled = ExitSettings(profit_percent=D(200))
    assert exit_target(tripled, PENNY_PILOT, 6, six_for_seven_dollars).price == D("3.50")


def test_a_single_contract_is_held_by_default_and_sold_when_set_so() -> None:
    assert exit_target(DEFAULTS, PENNY_PILOT, 1, D("0.75")).quantity == 0
    assert exit_target(ALL_OF_ONE, PENNY_PILOT, 1, D("0.75")).quantity == 1


def test_the_rule_for_a_single_contract_sells_no_more_of_several() -> None:
    a_tenth = ALL_OF_ONE.model_copy(update={"percent": D(10)})
    assert exit_target(a_tenth, PENNY_PILOT, 9, D("0.75")).quantity == 0


def test_an_exit_below_the_minimum_size_is_not_placed() -> None:
    at_least_two = ExitSettings(min_quantity=2)
    assert exit_target(at_least_two, PENNY_PILOT, 3, D("0.75")).quantity == 0
    assert exit_target(at_least_two, PENNY_PILOT, 4, D("0.75")).quantity == 2


@given(exit_settings, st.integers(0, 500))
def test_never_more_is_out_for_exit_than_is_filled(settings: ExitSettings, filled: int) -> None:
    assert 0 <= exit_target(settings, PENNY_PILOT, filled, D("0.75")).quantity <= filled


@given(st.integers(1, 100), st.integers(0, 500))
def test_a_further_fill_never_shrinks_the_exit(percent: int, filled: int) -> None:
    settings = ExitSettings(percent=D(percent))
    before, after = (exit_target(settings, PENNY_PILOT, count, D("0.75")) for count in (filled, filled + 1))
    assert before.quantity <= after.quantity


@given(exit_settings, cents, counts)
def test_the_exit_price_is_the_first_tick_that_keeps_the_promise(settings: ExitSettings, paid: int, count: int) -> None:
    price = exit_target(settings, PENNY_PILOT, count, D(paid) / 100 / count).price
    promised = Fraction(paid, 100 * count) * (1 + Fraction(settings.profit_percent) / 100)
    assert PENNY_PILOT.is_on(price)
    assert PENNY_PILOT.down(price) < promised <= price


def bought_back(average: str, take_profit: str = "0.5", filled: int = 4) -> tuple[int, Decimal]:
    target = exit_target(DEFAULTS, PENNY_PILOT, filled, D(average), D(take_profit))
    return target.quantity, target.price


@pytest.mark.parametrize(
    ("average", "price"), [("0.80", "0.40"), ("0.75", "0.38"), ("0.03", "0.02"), ("7.30", "3.65"), ("6.10", "3.05")]
)
def test_what_was_sold_first_is_bought_back_at_half_its_credit_on_the_tick_that_is_met_sooner(
    average: str, price: str
) -> None:
    assert bought_back(average) == (2, D(price))


def test_the_part_of_the_credit_to_keep_is_a_setting() -> None:
    assert bought_back("1.00", "0.8") == (2, D("0.20"))
    assert bought_back("1.00", "0.25") == (2, D("0.75"))


def test_a_credit_of_one_tick_leaves_nothing_to_gain_and_has_no_exit() -> None:
    assert bought_back("0.01") == (0, D("0.01"))
    assert exit_target(DEFAULTS, TickSchedule.flat("0.05"), 4, D("0.05"), D("0.5")).quantity == 0
    assert bought_back("0.02") == (2, D("0.01"))


@given(cents, counts, st.integers(1, 99))
def test_a_buy_back_is_never_free_and_keeps_at_most_what_was_set(credit: int, filled: int, percent: int) -> None:
    average, kept = D(credit) / 100, D(percent) / 100
    target = exit_target(DEFAULTS, PENNY_PILOT, filled, average, kept)
    assert target.price >= D("0.01")
    assert PENNY_PILOT.is_on(target.price)
    assert target.price >= average * (1 - kept)
    assert target.quantity == (filled // 2 if target.price < average else 0)
