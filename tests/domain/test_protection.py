"""The levels that a trade sells at by itself, and when a price has reached one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.alert import Action, Alert, Levels, OptionType, Trail
from domain.contract import Contract
from domain.direction import Direction
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


CALL = CONTRACT.model_copy(update={"option_type": OptionType.CALL})


def ahead(option_type: OptionType, began: str, stop: str | None, *targets: str) -> Levels:
    """What of an alert's levels on the underlying counts when that stands at `began`."""
    said = Levels(stop=None if stop is None else D(stop), targets=tuple(map(D, targets)))
    alert = ALERT.model_copy(update={"option_type": option_type, "on_underlying": said})
    return protection(ProtectionSettings(follow_alerts=True), alert, D("0.75"), D(began)).on_underlying


@pytest.mark.parametrize(
    ("option_type", "stop", "targets", "left"),
    [
        (OptionType.CALL, "68", ("75", "72"), Levels(stop=D(68), targets=(D(72), D(75)))),
        (OptionType.PUT, "72", ("65", "68"), Levels(stop=D(72), targets=(D(68), D(65)))),
        (OptionType.CALL, "71", ("69", "75"), Levels(targets=(D(75),))),
        (OptionType.PUT, "69", ("71", "65"), Levels(targets=(D(65),))),
        (OptionType.CALL, "70", ("70",), Levels()),
    ],
)
def test_levels_on_the_underlying_count_on_the_side_that_the_option_gains_from(
    option_type: OptionType, stop: str, targets: tuple[str, ...], left: Levels
) -> None:
    assert ahead(option_type, "70", stop, *targets) == left


def test_levels_on_the_underlying_do_not_count_before_its_price_is_known_or_where_alerts_are_not_followed() -> None:
    alert = ALERT.model_copy(update={"on_underlying": Levels(stop=D(80))})
    assert protection(ProtectionSettings(follow_alerts=True), alert, D("0.75")) == Protection()
    assert protection(ProtectionSettings(), alert, D("0.75"), D(78)) == Protection()


@pytest.mark.parametrize(
    ("contract", "underlying", "level"),
    [
        (CALL, "68.01", None),
        (CALL, "68", Level.UNDERLYING_STOP),
        (CALL, "75", Level.UNDERLYING_TARGET),
        (CONTRACT, "68", Level.UNDERLYING_TARGET),
        (CONTRACT, "75", Level.UNDERLYING_STOP),
        (CONTRACT, None, None),
    ],
)
def test_a_call_and_a_put_meet_levels_from_opposite_sides(
    contract: Contract, underlying: str | None, level: Level | None
) -> None:
    stop, target = (D(68), D(75)) if contract is CALL else (D(75), D(68))
    watch = PriceWatch(contract=contract, underlying_stop=stop, underlying_target=target)
    assert watch.reached_by(D("0.75"), None if underlying is None else D(underlying)) is level


def test_of_levels_that_are_reached_together_what_loses_money_comes_first() -> None:
    watch = PriceWatch(contract=CALL, stop=D("0.50"), target=D("0.40"), underlying_stop=D(68), underlying_target=D(60))
    assert watch.all_reached_by(D("0.45"), D(65)) == (
        Level.STOP,
        Level.UNDERLYING_STOP,
        Level.TARGET,
        Level.UNDERLYING_TARGET,
    )
    assert watch.reached_by(None, D(65)) is Level.UNDERLYING_STOP
    assert str(watch) == "stop 0.50, target 0.40, UBER stop 68, UBER target 60"


def test_what_was_reached_is_behind_and_the_last_of_both_kinds_is_told() -> None:
    whole = Protection(targets=(D(1), D(2)), on_underlying=Levels(stop=D(68), targets=(D(75), D(80))))
    left = whole.behind(2, 1)
    assert left == Protection(on_underlying=Levels(stop=D(68), targets=(D(80),)))
    assert (whole.targets_left, left.targets_left) == (4, 1)
    assert left.behind(0, 1).watches_price
    assert str(whole) == "target 1, target 2; on the underlying: stop 68, target 75, target 80"


STO = ALERT.model_copy(update={"action": Action.STO})


def short_follows(average: str = "0.80", **alert: object) -> Protection:
    return protection(ProtectionSettings(follow_alerts=True), STO.model_copy(update=alert), D(average))


def test_the_levels_of_what_was_sold_first_lie_the_other_way_round() -> None:
    assert short_follows(stop=D("1.60"), targets=(D("0.20"), D("0.40")), trail=Trail(amount=D("0.10"))) == Protection(
        stop=D("1.60"), targets=(D("0.40"), D("0.20")), trail=Trail(amount=D("0.10"))
    )
    levels = Levels(stop=D(150), targets=(D(50), D(75), D(100)))
    assert short_follows(in_percent=levels) == Protection(stop=D("2.000"), targets=(D("0.400"), D("0.200")))


def test_levels_that_would_buy_back_at_once_are_left_out() -> None:
    assert short_follows(stop=D("0.80"), targets=(D("0.80"), D("0.90"))) == Protection()


def test_of_two_stops_of_a_short_the_lower_one_counts() -> None:
    settings = ProtectionSettings(follow_alerts=True, stop_percent=D(100))
    assert protection(settings, STO.model_copy(update={"stop": D("1.20")}), D("0.80")).stop == D("1.20")
    assert protection(settings, STO.model_copy(update={"stop": D("2.20")}), D("0.80")).stop == D("1.60")


@pytest.mark.parametrize(
    ("price", "level"),
    [("1.59", None), ("1.60", Level.STOP), ("9.00", Level.STOP), ("0.41", None), ("0.40", Level.TARGET)],
)
def test_a_shorts_stop_is_met_from_below_and_its_target_from_above(price: str, level: Level | None) -> None:
    watch = PriceWatch(contract=CONTRACT, stop=D("1.60"), target=D("0.40"), direction=Direction.SHORT)
    assert watch.reached_by(D(price)) is level


def test_a_shorts_trail_follows_the_lowest_price_and_never_rises_back() -> None:
    watch = PriceWatch(contract=CONTRACT, trail=Trail(percent=D(50)), best=D("0.80"), direction=Direction.SHORT)
    assert watch.at_best(D("0.90")).best == D("0.80")
    lower = watch.at_best(D("0.40"))
    assert (lower.best, lower.trailing) == (D("0.40"), D("0.600"))
    assert lower.reached_by(D("0.59")) is None
    assert lower.reached_by(D("0.60")) is Level.TRAIL


@pytest.mark.parametrize(("option_type", "stop", "target"), [("put", "75", "85"), ("call", "85", "75")])
def test_a_short_put_gains_when_its_underlying_rises_and_a_short_call_when_it_falls(
    option_type: str, stop: str, target: str
) -> None:
    sold = STO.model_copy(
        update={
            "option_type": OptionType(option_type),
            "on_underlying": Levels(stop=D(stop), targets=(D(target),)),
        }
    )
    found = protection(ProtectionSettings(follow_alerts=True), sold, D("0.80"), underlying=D(80))
    assert found.on_underlying == sold.on_underlying
    contract = CONTRACT.model_copy(update={"option_type": OptionType(option_type)})
    watch = PriceWatch(
        contract=contract, underlying_stop=D(stop), underlying_target=D(target), direction=Direction.SHORT
    )
    assert watch.reached_by(None, D(stop)) is Level.UNDERLYING_STOP
    assert watch.reached_by(None, D(target)) is Level.UNDERLYING_TARGET
    assert watch.reached_by(None, D(80)) is None
