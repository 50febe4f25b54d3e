"""The checker of stops, trails, targets and the clock: what may be sold, and what should have been asked for."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from simulation.guarding import Guarding
from simulation.guards import Guards
from simulation.in_time import InTime
from simulation.promises import Findings, Rules, Standing
from simulation.underlying import OnUnderlying
from tests.simulation.test_sales import NOON

TRADE = "alert-1-1"
HELD = Standing(bought=4)
ENDS = 900.0


class Watch:
    """One trade that has paid 1.00 for four, and the market since."""

    def __init__(self, **levels: object) -> None:
        self.at = 0.0
        self.found = Findings()
        rules = Rules(Decimal(1), Decimal("1.1"), True, guarding=Guarding(**levels))  # type: ignore[arg-type]
        self.in_time = InTime(rules, self.found, lambda: False)
        self.guards = Guards(rules, self.found, self.in_time, lambda: self.at, ENDS)
        self.guards.bought(TRADE, 4, Decimal("1.00"))

    def underlying(self, *prices: str) -> "Watch":
        """It is told the first of them, and the market goes on."""
        self.guards.underlying_quoted(TRADE, Decimal(prices[0]))
        for price in prices:
            self.guards.market(Decimal("1.00"), Decimal(price))
        return self

    def goes(self, *prices: str) -> "Watch":
        for price in prices:
            self.guards.market(Decimal(price))
        return self

    def asks(self, by: str) -> Decimal | None:
        """The part that is sold; what was found wrong is in `broken`."""
        request = self.guards.asks(TRADE, by, NOON)
        return None if request is None else request.fraction

    def waits(self, seconds: float, *, is_selling: bool = False, standing: Standing = HELD) -> "Watch":
        for _ in range(int(seconds)):
            self.at += 1
            self.guards.stands(TRADE, standing, is_selling=is_selling)
            self.in_time.look(self.at, is_hindered=False)
        return self

    @property
    def broken(self) -> set[int]:
        return {violation.invariant for violation in self.found}


@pytest.mark.parametrize(
    ("levels", "prices", "by"),
    [
        ({"stop_percent": 10}, ["0.95", "0.90"], "the stop at 0.90"),
        ({"alerts_stop": Decimal("0.8")}, ["0.80"], "the stop at 0.80"),
        ({"trail_percent": 20}, ["1.50", "1.20"], "the trail at 1.20"),
        ({"alerts_targets": (Decimal("1.3"),)}, ["1.31"], "the target 1.3"),
    ],
)
def test_a_level_that_was_reached_may_sell(levels: dict[str, object], prices: list[str], by: str) -> None:
    watch = Watch(**levels).goes(*prices)
    assert (watch.asks(by), watch.broken) == (Decimal(1), set())


@pytest.mark.parametrize(
    ("levels", "prices", "by"),
    [
        ({"stop_percent": 10}, ["0.95", "0.91"], "the stop at 0.91"),
        ({"alerts_stop": Decimal("1.2")}, ["0.50"], "the stop at 0.50"),  # over what was paid: it is none
        ({"trail_percent": 20}, ["1.20", "1.50"], "the trail at 1.20"),  # it fell before its best
        ({"alerts_targets": (Decimal("1.3"),)}, ["1.29"], "the target 1.3"),
        ({}, ["0.01"], "the stop at 0.01"),
        ({"before_expiry": 60}, ["1.00"], "the clock"),
    ],
)
def test_a_level_that_was_not_reached_sells_for_no_reason(
    levels: dict[str, object], prices: list[str], by: str
) -> None:
    watch = Watch(**levels).goes(*prices)
    watch.asks(by)
    assert watch.broken == {4}


def test_each_target_sells_its_part_and_the_last_one_the_rest() -> None:
    watch = Watch(alerts_targets=(Decimal("1.3"), Decimal("1.2")), target_part_percent=34).goes("1.35")
    assert [watch.asks("the target 1.2"), watch.asks("the target 1.3")] == [Decimal("0.34"), Decimal(1)]
    assert watch.broken == set()
    watch.asks("the target 1.3")
    assert watch.broken == {4}


def test_the_words_of_others_are_none_of_a_guardians() -> None:
    assert Watch(stop_percent=10).goes("0.5").asks("ann") is None


def test_the_clock_may_sell_once_it_is_due() -> None:
    watch = Watch(before_expiry=60)
    watch.at = ENDS - 60
    assert (watch.asks("the clock"), watch.broken) == (Decimal(1), set())


def test_the_clock_may_come_before_anything_is_bought() -> None:
    watch = Watch(before_expiry=60)
    watch.at = ENDS - 60
    assert watch.guards.asks("alert-1-2", "the clock", NOON) is not None
    watch.guards.stands("alert-1-2", HELD, is_selling=False)
    assert watch.broken == set()


@pytest.mark.parametrize(
    "levels_and_price",
    [({"stop_percent": 10}, "0.90"), ({"trail_percent": 20}, "0.80"), ({"before_expiry": 899}, "1.00")],
)
def test_what_must_ask_asks_in_time(levels_and_price: tuple[dict[str, object], str]) -> None:
    levels, price = levels_and_price
    assert Watch(**levels).goes(price).waits(5).broken == set()
    assert Watch(**levels).goes(price).waits(25).broken == {30}


@pytest.mark.parametrize(
    "is_content",
    [
        lambda watch: watch.goes("0.91").waits(60),
        lambda watch: watch.goes("0.80").waits(60, is_selling=True),
        lambda watch: watch.goes("0.80").waits(60, standing=Standing(bought=4, sold_by_exit=4)),
    ],
)
def test_what_need_not_ask_is_left_alone(is_content: Callable[[Watch], Watch]) -> None:
    assert is_content(Watch(stop_percent=10)).broken == set()


def test_after_an_answer_it_may_rest_for_a_while_and_must_ask_again() -> None:
    watch = Watch(stop_percent=10).goes("0.80")
    watch.guards.answered(TRADE)
    assert watch.waits(45).broken == set()
    assert watch.waits(15).broken == {30}


def on_underlying(stop: str | None, *targets: str) -> OnUnderlying:
    """A put's."""
    return OnUnderlying(None if stop is None else Decimal(stop), tuple(map(Decimal, targets)), 900, Decimal(80))


STOP, TARGET = "the stop on the underlying at 82", "the target on the underlying 78"


@pytest.mark.parametrize(
    ("levels", "prices", "by", "is_right"),
    [
        (on_underlying("82"), ["80", "82"], STOP, True),
        (on_underlying("82"), ["80", "81.99"], STOP, False),
        (on_underlying("78"), ["80", "77"], STOP, False),  # as if it were a call's
        (on_underlying("79"), ["80", "81"], STOP, False),  # it was past it when the trade began to hold
        (on_underlying(None, "78"), ["80", "78"], TARGET, True),
        (on_underlying(None, "78"), ["80", "78.01"], TARGET, False),
        (on_underlying(None, "82"), ["80", "82"], TARGET, False),
        (on_underlying(None, "81"), ["80", "78"], TARGET, False),
        (None, ["80", "100"], STOP, False),
    ],
)
def test_a_puts_levels_on_the_underlying_are_met_from_the_side_it_began_on(
    levels: OnUnderlying | None, prices: list[str], by: str, is_right: bool
) -> None:
    watch = Watch(on_underlying=levels).underlying(*prices)
    watch.asks(by)
    assert watch.broken == (set() if is_right else {4})


def test_the_last_target_of_both_kinds_sells_the_rest() -> None:
    watch = Watch(on_underlying=on_underlying(None, "78", "77"), alerts_targets=(Decimal("1.3"),))
    watch.underlying("80", "76").goes("1.4")
    parts = [watch.asks(TARGET), watch.asks("the target 1.3"), watch.asks("the target on the underlying 77")]
    assert (parts, watch.broken) == ([Decimal("0.5"), Decimal("0.5"), Decimal(1)], set())


def test_a_stop_on_the_underlying_asks_in_time() -> None:
    watch = Watch(on_underlying=on_underlying("82")).underlying("80", "82")
    assert watch.waits(5).broken == set()
    assert watch.waits(25).broken == {30}


def test_where_the_underlying_stands_is_looked_for_in_time() -> None:
    watch = Watch(on_underlying=on_underlying("82")).goes("1.00")
    assert watch.waits(5).broken == set()
    assert watch.waits(25).broken == {30}
    assert Watch(on_underlying=on_underlying("82")).underlying("80").waits(30).broken == set()
