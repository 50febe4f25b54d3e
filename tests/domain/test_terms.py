"""What trades run by, by what they trade: an option doubles, shares and futures don't."""

from datetime import date
from decimal import Decimal

import pytest

from domain.alert import Action, Alert, OptionType
from domain.exits import exit_target
from domain.settings import DeskPolicy, ExitSettings, GuardSettings, SingleContract, TradeTerms
from domain.terms import terms_for, terms_of
from domain.ticks import TickSchedule

D = Decimal
OPTION = Alert(
    action=Action.BTO,
    symbol="UBER",
    strike=D(78),
    option_type=OptionType.PUT,
    expiry=date(2026, 12, 4),
    price=D("0.75"),
)
SHARES = Alert(action=Action.BTO, symbol="AAPL", price=D(270))
FUTURE = Alert(action=Action.BTO, symbol="/ES", price=D(6715))
CENTS = TickSchedule.split("0.0001", "1", "0.01")
QUARTERS = TickSchedule.flat("0.25")


def test_an_option_runs_by_the_settings_as_they_are() -> None:
    assert terms_for(DeskPolicy(), OPTION) == terms_of(DeskPolicy()) == TradeTerms()


@pytest.mark.parametrize(
    ("alert", "ticks", "average", "quantity", "price"),
    [
        (OPTION, CENTS, "0.75", 5, "1.50"),
        (SHARES, CENTS, "270.21", 5, "297.24"),
        (FUTURE, QUARTERS, "6714.50", 5, "6781.75"),
    ],
    ids=["option", "shares", "future"],
)
def test_half_of_it_is_out_at_a_profit_that_such_an_instrument_makes(
    alert: Alert, ticks: TickSchedule, average: str, quantity: int, price: str
) -> None:
    target = exit_target(terms_for(DeskPolicy(), alert).exit, ticks, 11, D(average))

    assert (target.quantity, target.price) == (quantity, D(price))


def test_shares_and_futures_can_do_without_an_exit_and_options_keep_theirs() -> None:
    none = ExitSettings(share_percent=D(0), future_percent=D(0), single_contract=SingleContract.EXIT_ALL)
    policy = DeskPolicy(exit=none)

    def out(alert: Alert, filled: int) -> int:
        terms = TradeTerms.model_validate_json(terms_for(policy, alert).model_dump_json())
        return exit_target(terms.exit, CENTS, filled, D(270)).quantity

    assert [out(alert, filled) for alert in (SHARES, FUTURE) for filled in (1, 2, 1000)] == [0] * 6
    assert [out(OPTION, filled) for filled in (1, 2, 1000)] == [1, 1, 500]


def test_a_market_that_is_narrow_for_an_option_is_wide_for_shares() -> None:
    guard = GuardSettings(outright_max_spread_percent=D(3))
    policy = DeskPolicy(guard=guard)

    for alert in (SHARES, FUTURE):
        narrowed = terms_for(policy, alert).guard
        assert (narrowed.ceiling_percent, narrowed.max_spread_percent, narrowed.max_off_alert_percent) == (
            D(1),
            D(3),
            D(10),
        )
        assert narrowed.max_spread_ticks == guard.max_spread_ticks
    assert terms_for(policy, OPTION).guard == guard
