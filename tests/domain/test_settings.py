"""Settings: the specified numbers are the defaults, and a setting that can't be meant is refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from domain.alert import Action
from domain.settings import (
    Allowlist,
    CallWriting,
    DeskLimits,
    DeskPolicy,
    ExitSettings,
    GuardSettings,
    LadderSettings,
    ShortOptionSettings,
    SingleContract,
    SizingSettings,
)

D = Decimal


def test_the_ladders_defaults_are_the_specified_ones() -> None:
    ladder = LadderSettings()
    assert (ladder.rung, ladder.max_steps, ladder.window) == (timedelta(seconds=20), 3, timedelta(seconds=90))
    assert ladder.convert_within_ticks == 1


def test_the_exits_defaults_are_the_specified_ones() -> None:
    exit_ = ExitSettings()
    assert (exit_.percent, exit_.profit_percent) == (D(50), D(100))
    assert exit_.single_contract is SingleContract.HOLD


def test_the_allocations_and_the_ten_seconds_are_the_specified_ones() -> None:
    assert SizingSettings().by_label == {"lotto": D(5), "super lotto": D(2)}
    assert GuardSettings().max_alert_age == timedelta(seconds=10)
    assert DeskLimits().duplicate_window == timedelta(seconds=10)


def test_by_default_nobody_may_trade_and_only_what_is_bought_first_is_traded() -> None:
    assert DeskPolicy().allowlist == Allowlist(users=frozenset(), roles=frozenset(), channels=frozenset())
    assert DeskPolicy().limits.actions == {Action.BTO, Action.STC}


def test_what_alerts_may_sell_first_they_may_buy_back() -> None:
    with pytest.raises(ValidationError, match="STO without BTC"):
        DeskLimits(actions=frozenset({Action.BTO, Action.STO}))
    assert Action.STO in DeskLimits(actions=frozenset(Action)).actions


def test_by_default_nothing_is_sold_first_and_no_setting_sells_a_call_that_nothing_covers() -> None:
    shorts = DeskPolicy().short_options
    assert (shorts.enabled, shorts.calls) == (False, CallWriting.NEVER)
    assert set(CallWriting) == {CallWriting.NEVER, CallWriting.COVERED}
    assert shorts.take_profit == D("0.5")


@pytest.mark.parametrize(
    "fields",
    [{"take_profit": D(0)}, {"take_profit": D(1)}, {"max_contracts": 0}, {"max_assignment": D(-1)}, {"calls": "naked"}],
)
def test_a_limit_of_short_options_that_is_none_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ShortOptionSettings.model_validate(fields)


def test_the_default_ceiling_leaves_room_for_every_step_and_the_conversion() -> None:
    ladder = LadderSettings()
    assert GuardSettings().ceiling_min_ticks >= ladder.max_steps + ladder.convert_within_ticks


@pytest.mark.parametrize(("max_steps", "rung"), [(4, 23), (3, 30), (9, 10)])
def test_a_ladder_whose_steps_do_not_fit_in_its_window_is_refused(max_steps: int, rung: int) -> None:
    with pytest.raises(ValidationError, match="do not fit in a window of 90 s"):
        LadderSettings(max_steps=max_steps, rung=timedelta(seconds=rung))


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        (LadderSettings, {"rung": timedelta(0)}),
        (LadderSettings, {"max_steps": -1}),
        (LadderSettings, {"window": timedelta(seconds=-90)}),
        (GuardSettings, {"ceiling_percent": D(-1)}),
        (GuardSettings, {"max_alert_age": timedelta(0)}),
        (ExitSettings, {"percent": D(101)}),
        (ExitSettings, {"percent": D(0)}),
        (ExitSettings, {"profit_percent": D(0)}),
        (ExitSettings, {"min_quantity": 0}),
        (SizingSettings, {"by_label": {"lotto": D(-5)}}),
        (SizingSettings, {"max_debit": D(0)}),
        (DeskLimits, {"max_open_trades": 0}),
    ],
)
def test_a_number_that_cannot_be_meant_is_refused(settings: type[BaseModel], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**fields)


def test_a_misspelt_setting_is_refused() -> None:
    with pytest.raises(ValidationError, match="ceiling_pct"):
        GuardSettings.model_validate({"ceiling_pct": 5})


def test_settings_cannot_change_under_a_running_trade() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        LadderSettings().max_steps = 5  # type: ignore[misc]


def test_a_label_is_known_however_the_settings_file_writes_it() -> None:
    assert SizingSettings(by_label={"Super Lotto": D(2)}).by_label == {"super lotto": D(2)}


def test_settings_survive_the_journey_through_a_history() -> None:
    policy = DeskPolicy(sizing=SizingSettings(channel_factor={7: D("0.5")}), allowlist=Allowlist(users=frozenset({1})))
    assert DeskPolicy.model_validate_json(policy.model_dump_json()) == policy
