"""The levels that a trade sells at by itself, and when a price has reached one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.alert import Action, Alert, Levels, OptionType, Trail
from domain.protection import Level, PriceWatch, Protection, closes_at, protection
from domain.settings import ProtectionSettings
from tests.fakes.broker import CONTRACT

D = Decimal
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ALERT = Alert(
    action=Action.BTO,
    symbol="UBER",
    strike=D(78),
    option_type=OptionType.PUT,
    expiry=date(2026, 12, 4),
    price=D("0.75"),
)


def follows(average: str = "0.75", **alert: object) -> Protection:
    return protection(ProtectionSettings(follow_alerts=True), ALERT.model_copy(update=alert), D(average))


def test_by_default_nothing_is_sold_by_itself() -> None:
    said = ALERT.model_copy(update={"stop": D("0.50"), "targets": (D("1.20"),), "trail": Trail(percent=D(20))})
    assert protection(ProtectionSettings(), said, D("0.75")) == Protection()
    assert closes_at(ProtectionSettings(), CONTRACT.model_copy(update={"expires_at": NOW}), NOW) is None


def test_an_alerts_own_levels_count_where_the_settings_say_so() -> None:
    assert follows(stop=D("0.50"), targets=(D("1.50"), D("1.20")), trail=Trail(amount=D("0.10"))) == Protection(
        stop=D("0.50"), targets=(D("1.20"), D("1.50")), trail=Trail(amount=D("0.10"))
    )


def test_percents_are_of_what_was_paid_not_of_the_alerts_price() -> None:
    levels = Levels(stop=D(20), targets=(D(50), D(100)))
    assert follows("0.80", in_percent=levels, stop=D("0.60")) == Protection(
        stop=D("0.640"), targets=(D("1.200"), D("1.600"))
    )


def test_levels_that_would_sell_at_once_are_left_out() -> None:
    assert follows("0.75", stop=D("0.80"), targets=(D("0.70"),)) == Protection()


def test_of_two_stops_the_nearer_one_counts() -> None:
    settings = ProtectionSettings(follow_alerts=True, stop_percent=D(50))
    assert protection(settings, ALERT.model_copy(update={"stop": D("0.50")}), D("0.80")).stop == D("0.50")
    assert protection(settings, ALERT.model_copy(update={"stop": D("0.30")}), D("0.80")).stop == D("0.400")
    assert protection(ProtectionSettings(stop_percent=D(25)), ALERT, D("0.80")).stop == D("0.600")


@pytest.mark.parametrize(
    ("price", "level"),
    [("0.51", None), ("0.50", Level.STOP), ("0.10", Level.STOP), ("1.19", None), ("1.20", Level.TARGET)],
)
def test_a_level_is_reached_when_the_price_is_there(price: str, level: Level | None) -> None:
    assert PriceWatch(contract=CONTRACT, stop=D("0.50"), target=D("1.20")).reached_by(D(price)) is level


def test_a_trail_follows_the_best_price_and_never_falls_back() -> None:
    watch = PriceWatch(contract=CONTRACT, trail=Trail(percent=D(20)), best=D("1.00"))
    assert watch.reached_by(D("0.81")) is None
    watch = watch.at_best(D("2.00")).at_best(D("1.70"))
    assert (watch.best, watch.trailing) == (D("2.00"), D("1.600"))
    assert watch.reached_by(D("1.60")) is Level.TRAIL
    assert PriceWatch(contract=CONTRACT, trail=Trail(amount=D("0.10")), best=D("1.00")).trailing == D("0.90")


@pytest.mark.parametrize(
    ("settings", "bought", "before"),
    [
        ({"close_before_expiry": timedelta(hours=1)}, NOW - timedelta(days=3), timedelta(hours=1)),
        ({"close_before_expiry": timedelta(hours=1)}, NOW - timedelta(hours=3), timedelta(hours=1)),
        ({"close_before_0dte_end": timedelta(minutes=10)}, NOW - timedelta(hours=3), timedelta(minutes=10)),
        ({"close_before_0dte_end": timedelta(minutes=10)}, NOW - timedelta(days=3), None),
    ],
)
def test_the_clock_sells_before_the_end(
    settings: dict[str, timedelta], bought: datetime, before: timedelta | None
) -> None:
    contract = CONTRACT.model_copy(update={"expires_at": NOW})
    due = closes_at(ProtectionSettings.model_validate(settings), contract, bought)
    assert due == (None if before is None else NOW - before)
