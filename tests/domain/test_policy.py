"""Changing the desk's policy: each setting by its name, checked; and what the settings file says anew beside it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.command import AllowKind, ChangeAllowlist, Person, SetFactor, SetLimit
from domain.policy import change_allowlist, set_factor, set_limit, take_from_file
from domain.settings import MOST_IDS, Allowlist, DeskPolicy, LadderSettings
from domain.trouble import TroubleKind

D = Decimal
BY = Person(name="ann", via="api")
POLICY = DeskPolicy()
AREAS = ("limits", "sizing", "guard", "ladder", "exit")
SETTINGS = [
    f"{area}.{name}" for area in AREAS for name in type(getattr(POLICY, area)).model_fields if name != "channel_factor"
]
NEW: dict[str, Any] = {
    "limits.duplicate_window": "PT30S",
    "limits.restricted_symbols": ["GME"],
    "limits.actions": ["STC"],
    "limits.trips": ["orphan"],
    "limits.allow_0dte": False,
    "sizing.by_label": {"yolo": 1},
    "limits.adds_by": [17],
    "ladder.rung": "PT5S",
    "ladder.window": "PT70S",
    "ladder.grace": "PT5S",
    "ladder.market_fill_wait": "PT5S",
    "ladder.late_fill_wait": "PT9S",
    "ladder.latecomer_wait": "PT9S",
    "ladder.reprice": "cancel_and_place",
    "ladder.max_steps": 2,
    "guard.max_alert_age": "PT5S",
    "guard.max_quote_age": "PT5S",
    "guard.index_curb_hours": True,
    "exit.single_contract": "exit_all",
    "exit.resize_pause": "PT2S",
}


def value_of(policy: DeskPolicy, name: str) -> Any:
    """A setting's value by its path."""
    area, _, field = name.partition(".")
    return getattr(getattr(policy, area), field)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_can_be_set_by_its_name_and_nothing_else_changes(name: str) -> None:
    changed, told = set_limit(POLICY, SetLimit(by=BY, name=name, value=NEW.get(name, 17)))
    assert told.refused is None
    assert value_of(changed, name) != value_of(POLICY, name)
    assert told.before != told.after
    area, _, field = name.partition(".")
    restored = getattr(changed, area).model_copy(update={field: value_of(POLICY, name)})
    assert changed.model_copy(update={area: restored}) == POLICY


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("value", [None, -1, "many", {"a": [1]}, float("nan"), float("inf")])
def test_a_value_that_does_not_fit_changes_nothing_and_says_why(name: str, value: Any) -> None:
    changed, told = set_limit(POLICY, SetLimit(by=BY, name=name, value=value))
    assert changed is POLICY
    assert told.refused


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "limits", "limits.", "limits.nothing", "LIMITS.max_open_trades", "limits.max_open_trades.x"),
        *("policy.limits", "allowlist.users", "sizing.channel_factor", "limits.__class__", "exit.model_fields"),
    ],
)
def test_what_is_no_setting_can_not_be_set(name: str) -> None:
    changed, told = set_limit(POLICY, SetLimit(by=BY, name=name, value=5))
    assert changed is POLICY
    assert told.refused == "there is no such setting"


def test_settings_that_do_not_fit_each_other_are_refused_together() -> None:
    changed, told = set_limit(POLICY, SetLimit(by=BY, name="ladder.rung", value="PT40S"))
    assert changed is POLICY
    assert told.refused == "3 steps of 40 s do not fit in a window of 90 s"


def test_a_list_that_would_outgrow_the_desks_book_is_refused() -> None:
    many = [f"S{number}" for number in range(1000)]
    assert set_limit(POLICY, SetLimit(by=BY, name="limits.restricted_symbols", value=many))[1].refused


def test_sets_are_told_in_order() -> None:
    _, told = set_limit(POLICY, SetLimit(by=BY, name="limits.restricted_symbols", value=["GME", "AMC", "BBBY"]))
    assert told.after == '["AMC", "BBBY", "GME"]'


@pytest.mark.parametrize("kind", AllowKind)
def test_an_id_is_added_and_taken_off(kind: AllowKind) -> None:
    more, added = change_allowlist(POLICY, ChangeAllowlist(by=BY, kind=kind, discord_id=7, add=True))
    assert getattr(more.allowlist, kind) == {7}
    assert (added.name, added.before, added.after) == (f"allowlist.{kind}", "nobody", "7")
    less, _ = change_allowlist(more, ChangeAllowlist(by=BY, kind=kind, discord_id=7, add=False))
    assert less == POLICY


def test_taking_off_who_is_not_on_it_changes_nothing() -> None:
    assert change_allowlist(POLICY, ChangeAllowlist(by=BY, kind=AllowKind.USERS, discord_id=7, add=False))[0] == POLICY


def test_the_allowlist_is_bounded() -> None:
    full = POLICY.model_copy(update={"allowlist": Allowlist(users=frozenset(range(1, MOST_IDS + 1)))})
    more = ChangeAllowlist(by=BY, kind=AllowKind.USERS, discord_id=10**6, add=True)
    assert change_allowlist(full, more)[1].refused
    known = more.model_copy(update={"discord_id": 5})
    assert change_allowlist(full, known)[1].refused is None


@pytest.mark.parametrize("factor", ["0", "0.5", "10"])
def test_a_channels_factor_is_set_and_forgotten(factor: str) -> None:
    changed, told = set_factor(POLICY, SetFactor(by=BY, channel_id=9, factor=D(factor)))
    assert changed.sizing.channel_factor == {9: D(factor)}
    assert (told.before, told.after) == ("1", factor)
    forgotten, told = set_factor(changed, SetFactor(by=BY, channel_id=9, factor=None))
    assert forgotten == POLICY
    assert (told.before, told.after) == (factor, "1")


@pytest.mark.parametrize("factor", ["-0.1", "10.1", "NaN"])
def test_a_factor_out_of_bounds_can_not_even_be_asked_for(factor: str) -> None:
    with pytest.raises(ValidationError):
        SetFactor(by=BY, channel_id=9, factor=D(factor))


ids = st.frozensets(st.integers(1, 6), max_size=4)
ladders = st.sampled_from([(20, 3, 90), (25, 3, 90), (20, 3, 70), (5, 3, 20), (30, 1, 40), (25, 2, 70)]).map(
    lambda shape: LadderSettings(rung=shape[0], max_steps=shape[1], window=shape[2])
)
policies = st.builds(
    lambda users, opened, trips, factors, ladder: DeskPolicy.model_validate(
        {
            "allowlist": {"users": users},
            "limits": {"max_open_trades": opened, "trips": trips},
            "sizing": {"channel_factor": factors},
            "ladder": ladder.model_dump(),
        }
    ),
    ids,
    st.integers(1, 3),
    st.frozensets(st.sampled_from(TroubleKind), max_size=3),
    st.dictionaries(st.integers(1, 3), st.sampled_from([D("0.5"), D(2)]), max_size=3),
    ladders,
)


@given(policies, policies)
def test_a_file_that_says_what_it_said_before_changes_nothing(held: DeskPolicy, file: DeskPolicy) -> None:
    assert take_from_file(held, file, file) == held


@given(policies, policies)
def test_what_nobody_changed_is_as_the_file_says(before: DeskPolicy, now: DeskPolicy) -> None:
    assert take_from_file(before, before, now) == now


@given(policies, policies, policies)
def test_each_setting_is_the_newer_word_and_the_whole_always_fits(
    held: DeskPolicy, before: DeskPolicy, now: DeskPolicy
) -> None:
    merged = take_from_file(held, before, now)
    assert DeskPolicy.model_validate(merged.model_dump()) == merged
    new, gone = now.allowlist.users - before.allowlist.users, before.allowlist.users - now.allowlist.users
    assert merged.allowlist.users == (held.allowlist.users | new) - gone
    is_edited = before.limits.max_open_trades != now.limits.max_open_trades
    assert merged.limits.max_open_trades == (now if is_edited else held).limits.max_open_trades
    for channel in {1, 2, 3}:
        was, says, stands = (each.sizing.channel_factor.get(channel) for each in (before, now, held))
        assert merged.sizing.channel_factor.get(channel) == (stands if was == says else says)


def test_a_ladder_that_fits_no_more_beside_the_files_is_the_files() -> None:
    """Somebody shortened the window, and the file's new rungs are longer: it must not stop the desk."""
    held = POLICY.model_copy(update={"ladder": LadderSettings(window=65), "allowlist": Allowlist(users=frozenset({1}))})
    file = POLICY.model_copy(update={"ladder": LadderSettings(rung=25)})
    merged = take_from_file(held, POLICY, file)
    assert (merged.ladder, merged.allowlist) == (file.ladder, held.allowlist)
