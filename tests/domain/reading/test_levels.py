"""Stops and targets: in price, in percent, on the underlying, and stops that trail."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.alert import Alert, Levels, Trail

ORDER = "BTO HON 230c 12/18 @ 4.00"
One = Callable[[str], Alert]


@pytest.mark.parametrize(
    ("tail", "stop", "targets"),
    [
        ("SL 30% PT 50%/100%", "30", ("50", "100")),
        ("stop -30%", "30", ()),
        ("30% stop", "30", ()),
        ("-30% stop, +60% target", "30", ("60",)),
        ("PT 25%, 50%, 100%", None, ("25", "50", "100")),
        ("PT 20/40/60%", None, ("20", "40", "60")),
    ],
)
def test_percentages_are_kept_as_they_were_written(
    tail: str, stop: str | None, targets: tuple[str, ...], one: One
) -> None:
    written = Levels(stop=None if stop is None else Decimal(stop), targets=tuple(map(Decimal, targets)))
    assert one(f"{ORDER} {tail}").in_percent == written


def test_a_percentage_is_a_price_too_where_there_is_one_to_count_from(one: One) -> None:
    assert one(f"{ORDER} SL 25% PT 50%").stop == Decimal("3.00")
    assert one("BTO HON 230c 12/18 @ market SL 25%").stop is None


@pytest.mark.parametrize(
    ("tail", "stop", "targets"),
    [
        ("stop under 225 on the stock", "225", ()),
        ("SL 225 PT 240", "225", ("240",)),
        ("cut if it loses 225", "225", ()),
        ("out below 225", "225", ()),
        ("exit if it closes below 225.50", "225.50", ()),
        ("stop on a daily close under 225", "225", ()),
        ("PT 240/245", None, ("240", "245")),
    ],
)
def test_levels_near_the_strike_are_the_underlying_s(
    tail: str, stop: str | None, targets: tuple[str, ...], one: One
) -> None:
    alert = one(f"{ORDER} {tail}")
    written = Levels(stop=None if stop is None else Decimal(stop), targets=tuple(map(Decimal, targets)))
    assert alert.on_underlying == written
    assert (alert.stop, alert.targets) == (None, ())


@pytest.mark.parametrize(
    ("tail", "trail"),
    [
        ("trailing stop 20%", Trail(percent=Decimal(20))),
        ("20% trailing stop", Trail(percent=Decimal(20))),
        ("trail .50", Trail(amount=Decimal(".50"))),
        ("trail by 15%", Trail(percent=Decimal(15))),
        ("will trail after 5.00", None),
        ("SL 3.00", None),
    ],
)
def test_trailing_stops(tail: str, trail: Trail | None, one: One) -> None:
    assert one(f"{ORDER} {tail}").trail == trail


@pytest.mark.parametrize(
    "text",
    [
        "BTO HON 230c 12/18 SL 3.00 TP 6.00 @ 4.00",
        "BTO HON 230c 12/18 @ 4.00\nStop: 3.00\nTarget 1: 6.00",
        "BTO HON 230c 12/18 @ 4.00 s/l 3.00 t/p 6.00",
        "BTO HON 230c 12/18 @ 4.00 \U0001f6d1 3.00 \U0001f3af 6.00",
        "BTO HON 230c 12/18 @ 4.00, stop loss is 3.00, first target 6.00",
        "BTO HON 230c 12/18 @ 4.00 risk to 3.00, targeting 6.00",
    ],
)
def test_one_stop_and_one_target_in_many_words(text: str, one: One) -> None:
    alert = one(text)
    assert (alert.price, alert.stop, alert.targets) == (Decimal("4.00"), Decimal("3.00"), (Decimal("6.00"),))


def test_shares_have_levels_of_their_own(one: One) -> None:
    alert = one("BTO 100 HON @ 225.10 stop under 219 target 240")
    assert (alert.stop, alert.targets, alert.on_underlying) == (Decimal(219), (Decimal(240),), Levels())


@pytest.mark.parametrize("tail", ["PT 3.00", "no SL", "SL TBD"])
def test_a_level_on_the_wrong_side_is_left_out(tail: str, one: One) -> None:
    alert = one(f"{ORDER} {tail}")
    assert (alert.stop, alert.targets) == (None, ())


@pytest.mark.parametrize(
    ("text", "is_add"),
    [
        ("Added 2 HON 230c 12/18 @ 4.00", True),
        ("Averaging down HON 230c 12/18 @ 4.00", True),
        ("BTO 2 more HON 230c 12/18 @ 4.00", True),
        ("AVG HON 230c 12/18 @ 4.60, added @ 4.00", True),
        ("BTO HON 230c 12/18 @ 4.00", False),
        ("BTO HON 230c 12/18 @ 4.00 will add under 3.50", False),
    ],
)
def test_an_add_says_that_it_is_one(text: str, *, is_add: bool, one: One) -> None:
    alert = one(text)
    assert (alert.is_add, alert.price) == (is_add, Decimal("4.00"))


@pytest.mark.parametrize(
    "tail",
    [
        "target by 12/11",
        "goal 5 days",
        "goal is 10 contracts total",
        "stop -.60",
        "stop 0.50 below",
        "stop 50 cents",
        "stop 1 ATR",
        "TP 50% at 5.00",
        "SL 1% of account",
        "risk to 2% of port",
        "price target 6.00 by JPM",
        "TP 50/100",
        "SL 150",
    ],
)
def test_a_number_that_is_no_level_is_left_out(tail: str, one: One) -> None:
    alert = one(f"{ORDER} {tail}")
    assert (alert.stop, alert.targets, alert.in_percent, alert.on_underlying) == (None, (), Levels(), Levels())


def test_a_trail_wider_than_the_price_is_left_out(one: One) -> None:
    assert one(f"{ORDER} trail 20").trail is None


@pytest.mark.parametrize(
    ("tail", "stop", "targets"),
    [
        ("stop 8 points", "6842", ()),
        ("stop 8 pts target 6870", "6842", ("6870",)),
        ("stop 10", None, ()),
        ("stop 42 target 70", None, ()),
        ("stop 6842 target 6870", "6842", ("6870",)),
    ],
)
def test_a_future_s_levels_are_prices_near_its_own(
    tail: str, stop: str | None, targets: tuple[str, ...], one: One
) -> None:
    alert = one(f"Long /ES 6850 {tail}")
    assert (alert.stop, alert.targets) == (None if stop is None else Decimal(stop), tuple(map(Decimal, targets)))
