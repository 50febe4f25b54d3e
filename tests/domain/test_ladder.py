"""The ladder: where it starts, where it may go, when it is over, and which quotes it trusts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import Action
from domain.contract import Quote
from domain.ladder import Closing, Ladder, Side, price_refusal, quote_refusal
from domain.refusals import RefusalCode
from domain.settings import GuardSettings, LadderSettings
from domain.ticks import TickSchedule

D = Decimal
BUY, SELL = Side.BUY, Side.SELL
PENNY = TickSchedule.flat("0.01")
PENNY_PILOT = TickSchedule.split("0.01", "3", "0.05")
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
SPEC = LadderSettings()
GUARD = GuardSettings()

schedules = st.sampled_from([PENNY, PENNY_PILOT, TickSchedule.split("0.05", "3", "0.10"), TickSchedule.flat("0.25")])
prices = st.decimals(min_value=D("0.05"), max_value=D(60), places=3)
sides = st.sampled_from(Side)
guards = st.builds(GuardSettings, ceiling_percent=st.integers(0, 100).map(D), ceiling_min_ticks=st.integers(0, 6))
ladders = st.builds(Ladder.plan, sides, schedules, st.just(SPEC), guards, st.none() | prices, prices)


def plan(side: Side, limit: str | None, mid: str, guard: GuardSettings = GUARD) -> Ladder:
    """A ladder on penny-pilot ticks with the specified settings."""
    return Ladder.plan(side, PENNY_PILOT, SPEC, guard, None if limit is None else D(limit), D(mid))


def quote(bid: str | None, ask: str | None, at: datetime = NOW) -> Quote:
    """A quote of these two sides."""
    return Quote(symbol="UBER", bid=None if bid is None else D(bid), ask=None if ask is None else D(ask), at=at)


def climb(ladder: Ladder) -> list[Decimal]:
    """Every price the ladder would ask, one for each step it may consider."""
    asked = [ladder.first]
    while ladder.step_due(len(asked) - 1) is not None:
        asked.append(ladder.step(asked[-1]))
    return asked


@pytest.mark.parametrize(
    ("action", "side"), [(Action.BTO, BUY), (Action.BTC, BUY), (Action.STO, SELL), (Action.STC, SELL)]
)
def test_an_action_trades_on_its_side(action: Action, side: Side) -> None:
    assert Side.of(action) is side


@pytest.mark.parametrize(
    ("limit", "mid", "first"),
    [
        ("0.75", "0.70", "0.70"),
        ("0.75", "0.80", "0.75"),
        ("0.75", "0.75", "0.75"),
        ("0.75", "0.725", "0.72"),
        (None, "0.725", "0.72"),
        ("3.02", "3.20", "3.00"),
        ("0.75", "0.004", "0.01"),
    ],
    ids=["mid below", "mid above", "equal", "mid off tick", "no price", "wide tick", "under one tick"],
)
def test_a_buyer_starts_at_the_lower_of_mid_and_alert_rounded_down(limit: str | None, mid: str, first: str) -> None:
    assert plan(BUY, limit, mid).first == D(first)


@pytest.mark.parametrize(
    ("limit", "mid", "first"),
    [("0.75", "0.80", "0.80"), ("0.75", "0.70", "0.75"), ("0.75", "0.805", "0.81"), (None, "3.02", "3.05")],
)
def test_a_seller_starts_at_the_higher_of_mid_and_alert_rounded_up(limit: str | None, mid: str, first: str) -> None:
    assert plan(SELL, limit, mid).first == D(first)


def test_the_specified_ladder_takes_three_steps_of_one_tick() -> None:
    assert climb(plan(BUY, "0.75", "0.80")) == [D("0.75"), D("0.76"), D("0.77"), D("0.78")]


def test_a_step_over_a_threshold_reads_the_tick_anew() -> None:
    assert climb(plan(BUY, "2.98", "3.10")) == [D("2.98"), D("2.99"), D("3.00"), D("3.05")]
    assert climb(plan(SELL, "3.05", "2.90")) == [D("3.05"), D("3.00"), D("2.99"), D("2.98")]


def test_steps_are_due_every_rung_and_then_no_more() -> None:
    ladder = plan(BUY, "0.75", "0.80")
    due = [ladder.step_due(considered) for considered in range(4)]
    assert due == [timedelta(seconds=20), timedelta(seconds=40), timedelta(seconds=60), None]


@pytest.mark.parametrize(
    ("limit", "mid", "ceiling"),
    [("2.00", "2.10", "2.20"), ("0.20", "0.30", "0.24"), (None, "2.00", "2.20"), ("2.95", "3.10", "3.20")],
    ids=["ten percent", "four ticks", "no price", "down to the tick"],
)
def test_the_ceiling_is_a_tenth_above_the_alert_or_the_ladders_own_ticks(
    limit: str | None, mid: str, ceiling: str
) -> None:
    assert plan(BUY, limit, mid).ceiling == D(ceiling)


def test_a_sellers_floor_never_reaches_zero() -> None:
    ladder = plan(SELL, "0.02", "0.02")
    assert ladder.ceiling == D("0.01")
    assert climb(ladder) == [D("0.02"), D("0.01"), D("0.01"), D("0.01")]


def test_at_the_ceiling_a_step_stays_where_it_is() -> None:
    at_once = GuardSettings(ceiling_percent=D(0), ceiling_min_ticks=1)
    assert climb(plan(BUY, "0.75", "0.80", at_once)) == [D("0.75"), D("0.76"), D("0.76"), D("0.76")]


@given(ladders)
def test_every_price_is_on_tick_and_within_the_ceiling(ladder: Ladder) -> None:
    for price in climb(ladder):
        assert price > 0
        assert ladder.ticks.is_on(price)
        assert ladder.allows(price)
    assert ladder.ticks.is_on(ladder.ceiling)


@given(ladders)
def test_a_ladder_never_moves_away_from_the_market(ladder: Ladder) -> None:
    asked = climb(ladder)
    assert asked == sorted(asked, reverse=ladder.side is SELL)


@given(ladders, st.integers(0, 4), st.integers(1, 20))
def test_a_ladder_takes_no_more_steps_than_set_all_within_the_window(ladder: Ladder, steps: int, rung: int) -> None:
    settings = LadderSettings(max_steps=steps, rung=timedelta(seconds=rung))
    limited = ladder.model_copy(update={"settings": settings})
    due = [at for considered in range(steps + 3) if (at := limited.step_due(considered)) is not None]
    assert len(due) == steps
    assert len(climb(limited)) == steps + 1
    assert all(at < settings.window for at in due)


@given(sides, schedules, prices, prices)
def test_a_ladder_starts_no_nearer_the_market_than_the_alerts_price(
    side: Side, ticks: TickSchedule, limit: Decimal, mid: Decimal
) -> None:
    first = Ladder.plan(side, ticks, SPEC, GUARD, limit, mid).first
    if side is BUY:
        assert first <= max(limit, ticks.at(D(0)))
    else:
        assert first >= limit


@given(st.integers(100, 4000), st.none() | st.integers(100, 4000), st.integers(0, 6))
def test_selling_mirrors_buying(mid: int, limit: int | None, min_ticks: int) -> None:
    mirror = D(100)
    guard = GuardSettings(ceiling_percent=D(0), ceiling_min_ticks=min_ticks)
    at, told = D(mid) / 100, None if limit is None else D(limit) / 100
    buying = Ladder.plan(BUY, PENNY, SPEC, guard, told, at)
    selling = Ladder.plan(SELL, PENNY, SPEC, guard, None if told is None else mirror - told, mirror - at)
    assert [mirror - price for price in climb(selling)] == climb(buying)
    assert mirror - selling.ceiling == buying.ceiling


@pytest.mark.parametrize(
    ("side", "working", "reached"),
    [(BUY, "0.79", False), (BUY, "0.80", True), (SELL, "0.71", False), (SELL, "0.70", True)],
)
def test_the_market_is_reached_at_the_far_quote_not_at_the_mid(side: Side, working: str, reached: bool) -> None:
    assert plan(side, "0.75", "0.75").reaches(D(working), quote("0.70", "0.80")) is reached


def test_a_market_without_a_far_side_is_not_reached() -> None:
    assert not plan(BUY, "0.75", "0.75").reaches(D("0.75"), quote("0.70", None))


@pytest.mark.parametrize(
    ("side", "bid", "ask", "closing"),
    [
        (BUY, "0.70", "0.79", Closing.CONVERT),
        (BUY, "0.70", "0.78", Closing.CONVERT),
        (BUY, "0.70", "0.80", Closing.GIVE_UP),
        (BUY, None, "0.79", Closing.GIVE_UP),
        (BUY, "0.80", "0.79", Closing.GIVE_UP),
        (SELL, "0.77", "0.90", Closing.CONVERT),
        (SELL, "0.76", "0.90", Closing.GIVE_UP),
        (SELL, "0.77", None, Closing.GIVE_UP),
    ],
)
def test_the_window_ends_in_the_market_only_when_at_most_a_tick_is_missing(
    side: Side, bid: str | None, ask: str | None, closing: Closing
) -> None:
    assert plan(side, "0.78", "0.78").closing(D("0.78"), quote(bid, ask)) is closing


def test_the_missing_tick_is_the_one_in_force_above_the_working_price() -> None:
    ladder = plan(BUY, "3.00", "3.00")
    assert ladder.closing(D("3.00"), quote("2.90", "3.05")) is Closing.CONVERT
    assert ladder.closing(D("2.99"), quote("2.90", "3.05")) is Closing.GIVE_UP


def test_nothing_is_converted_past_the_ceiling() -> None:
    tight = GuardSettings(ceiling_percent=D(0), ceiling_min_ticks=0)
    assert plan(BUY, "0.78", "0.78", tight).closing(D("0.78"), quote("0.70", "0.79")) is Closing.GIVE_UP


@given(ladders, prices, prices)
def test_whatever_is_converted_is_within_the_ceiling(ladder: Ladder, one: Decimal, other: Decimal) -> None:
    market = quote(str(min(one, other)), str(max(one, other)))
    far = ladder.far(market)
    assert far is not None
    for working in climb(ladder):
        assert ladder.allows(far) or ladder.closing(working, market) is Closing.GIVE_UP


@pytest.mark.parametrize(
    ("market", "code"),
    [
        (None, RefusalCode.NO_QUOTE),
        (quote(None, None), RefusalCode.NO_QUOTE),
        (quote("0", "0"), RefusalCode.NO_QUOTE),
        (quote("0", "0.80"), RefusalCode.ONE_SIDED_QUOTE),
        (quote("0.70", None), RefusalCode.ONE_SIDED_QUOTE),
        (quote("0.80", "0.79"), RefusalCode.CROSSED_QUOTE),
        (quote("0.70", "0.80", NOW - timedelta(seconds=15, milliseconds=1)), RefusalCode.STALE_QUOTE),
        (quote("0.70", "0.80", NOW - timedelta(days=1)), RefusalCode.STALE_QUOTE),
        (quote("1.00", "1.51"), RefusalCode.SPREAD_TOO_WIDE),
    ],
)
def test_a_market_that_cannot_be_trusted_is_refused(market: Quote | None, code: RefusalCode) -> None:
    refusal = quote_refusal(market, PENNY_PILOT, GUARD, NOW)
    assert refusal is not None
    assert refusal.code is code


@pytest.mark.parametrize(
    "market",
    [
        quote("0.70", "0.80"),
        quote("0.75", "0.75"),
        quote("0.70", "0.80", NOW - timedelta(seconds=15)),
        quote("1.00", "1.50"),
        quote("0.05", "0.15"),
    ],
    ids=["plain", "locked", "just fresh", "forty percent", "ten ticks"],
)
def test_a_fair_market_is_accepted(market: Quote) -> None:
    assert quote_refusal(market, PENNY_PILOT, GUARD, NOW) is None


@pytest.mark.parametrize(
    ("bid", "refused"),
    [("0.04", RefusalCode.BID_TOO_SMALL), ("0.05", None), ("0.06", None)],
    ids=["under", "at", "over"],
)
def test_what_too_little_is_bid_for_is_not_bought(bid: str, refused: RefusalCode | None) -> None:
    refusal = price_refusal(quote(bid, "0.10"), PENNY_PILOT, GuardSettings(min_bid=D("0.05")), BUY, None)
    assert (refusal.code if refusal else None) is refused


def test_what_is_sold_needs_no_smallest_bid() -> None:
    assert price_refusal(quote("0.04", "0.10"), PENNY_PILOT, GuardSettings(min_bid=D("0.05")), SELL, None) is None


@pytest.mark.parametrize(
    ("limit", "bid", "ask", "is_off"),
    [
        ("1.00", "1.45", "1.55", False),
        ("1.00", "1.46", "1.56", True),
        ("1.00", "0.45", "0.55", False),
        ("1.00", "0.44", "0.54", True),
        ("0.05", "0.08", "0.10", False),
        ("0.05", "0.09", "0.10", True),
        ("78", "0.70", "0.80", True),
        (None, "0.70", "0.80", False),
    ],
    ids=["half over", "more", "half under", "less", "four ticks", "five ticks", "the strike for a price", "no price"],
)
def test_a_price_far_from_the_market_was_misread(limit: str | None, bid: str, ask: str, is_off: bool) -> None:
    refusal = price_refusal(quote(bid, ask), PENNY_PILOT, GUARD, BUY, None if limit is None else D(limit))
    assert (refusal.code if refusal else None) is (RefusalCode.PRICE_OFF_MARKET if is_off else None)


def test_the_collar_is_as_wide_as_it_is_set() -> None:
    guard = GuardSettings(max_off_alert_percent=D(5), max_off_alert_ticks=0)
    assert price_refusal(quote("1.04", "1.08"), PENNY_PILOT, guard, BUY, D("1.00")) is not None
    assert price_refusal(quote("1.04", "1.06"), PENNY_PILOT, guard, BUY, D("1.00")) is None
