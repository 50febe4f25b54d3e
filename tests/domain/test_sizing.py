"""Sizing: the allocation, its caps, and what is said when it buys nothing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import Action, Alert, OptionType
from domain.desk import Reservation, ReservationRequest
from domain.refusals import RefusalCode
from domain.settings import SizingSettings
from domain.sizing import size

D = Decimal
SETTINGS = SizingSettings(channel_factor={7: D("0.5")}, max_quantity=50)
REFERENCE = D(20_000)
PLENTY = D(1_000_000)
UBER = Alert(
    action=Action.BTO,
    symbol="UBER",
    strike=D(78),
    option_type=OptionType.PUT,
    expiry=date(2026, 12, 4),
    price=D("0.75"),
)
SHARES = Alert(action=Action.BTO, symbol="F", price=D("12.99"))
FUTURE = Alert(action=Action.BTO, symbol="/MES", price=D(6715))
dollars = st.decimals(min_value=D(0), max_value=D(100_000), places=2)
costs = st.decimals(min_value=D("0.01"), max_value=D(5_000), places=2)


def sized(
    *,
    label: str | None = None,
    asked: int | None = None,
    channel: int = 1,
    unit: Decimal | str = "76.12",
    worst: Decimal | str = "84.12",
    reference: Decimal = REFERENCE,
    free: Decimal = PLENTY,
    most: Decimal = PLENTY,
    settings: SizingSettings = SETTINGS,
    alert: Alert = UBER,
) -> Reservation:
    """The answer for UBER 78p at 0.75, with 1.12 of fees and a ceiling of 0.83."""
    alert = alert.model_copy(update={"label": label, "quantity": asked})
    request = ReservationRequest(
        workflow_id="alert-1-2", contract_symbol="UBER", unit_cost=D(unit), worst_unit_cost=D(worst)
    )
    return size(settings, alert, channel, request, reference, free, most)


@pytest.mark.parametrize(
    ("label", "channel", "asked", "quantity"),
    [
        (None, 1, None, 13),  # 5 % of 20,000 is 1,000, and 1,000 / 76.12 = 13.1
        ("lotto", 1, None, 13),
        ("super lotto", 1, None, 5),  # 400 / 76.12 = 5.3
        ("alert", 1, None, 13),  # a label without an allocation of its own
        (None, 7, None, 6),  # half of 1,000: 500 / 76.12 = 6.6
        ("super lotto", 7, None, 2),  # 200 / 76.12 = 2.6
        (None, 1, 3, 3),
        (None, 1, 13, 13),
        (None, 1, 100, 13),
    ],
)
def test_the_allocation_buys_as_many_as_it_pays_for(
    label: str | None, channel: int, asked: int | None, quantity: int
) -> None:
    assert sized(label=label, channel=channel, asked=asked).quantity == quantity


def test_a_contract_that_costs_exactly_the_allocation_is_bought() -> None:
    assert sized(unit="1000", worst="1000").quantity == 1
    assert sized(unit="1000.01", worst="1000.01").quantity == 0


def test_the_per_trade_maximum_caps_the_quantity() -> None:
    answer = sized(settings=SizingSettings(max_quantity=10))
    assert (answer.quantity, answer.why) == (10, "at most 10")


def test_shares_have_a_maximum_of_their_own() -> None:
    small = SETTINGS.model_copy(update={"max_quantity": 10, "max_shares": 60})
    assert sized(alert=SHARES, unit="12.99", worst="13.12", settings=small).quantity == 60
    assert sized(alert=SHARES, unit="12.99", worst="13.12", settings=small, asked=7).quantity == 7
    assert sized(alert=FUTURE, unit="20", worst="20", settings=small).quantity == 10
    assert sized(unit="20", worst="20", settings=small).quantity == 10


def test_a_share_that_can_not_be_paid_for_is_called_a_share() -> None:
    refusal = sized(alert=SHARES, unit="1200", worst="1212").refusal
    assert refusal is not None
    assert refusal.detail == "5 % of 20000.00; one share costs 1200.00"


def test_the_largest_debit_caps_the_quantity_at_the_worst_price() -> None:
    answer = sized(settings=SizingSettings(max_quantity=50, max_debit=D(500)))
    assert (answer.quantity, answer.why) == (5, "debit at most 500.00")  # 500 / 84.12 = 5.9


def test_the_buying_power_left_caps_the_quantity_at_the_worst_price() -> None:
    answer = sized(free=D(300))
    assert (answer.quantity, answer.why) == (3, "300.00 free")  # 300 / 84.12 = 3.6


def test_the_worst_cost_of_every_contract_is_held_back() -> None:
    assert sized(asked=3).reserved == D("252.36")


def test_the_answer_says_which_share_of_what_decided() -> None:
    assert sized().why == "5 % of 20000.00"
    assert sized(channel=7).why == "0.5 of 5 % of 20000.00"
    assert sized(asked=2).why == "2 asked for"


def test_an_allocation_too_small_for_one_contract_is_refused_with_its_numbers() -> None:
    refusal = sized(reference=D(1_000)).refusal
    assert refusal is not None
    assert refusal.code is RefusalCode.ZERO_QUANTITY
    assert refusal.detail == "5 % of 1000.00; one contract costs 76.12"


@pytest.mark.parametrize("free", [D("84.11"), D(0), D(-500)])
def test_too_little_buying_power_for_one_contract_is_refused_as_such(free: Decimal) -> None:
    refusal = sized(free=free).refusal
    assert refusal is not None
    assert refusal.code is RefusalCode.NO_BUYING_POWER
    assert refusal.detail == f"{free:.2f} free; one contract may cost 84.12"


def test_buying_power_for_just_one_contract_is_not_what_is_missing() -> None:
    refusal = sized(reference=D(1_000), free=D("84.12")).refusal
    assert refusal is not None
    assert refusal.code is RefusalCode.ZERO_QUANTITY


def test_a_refusal_holds_no_money_back() -> None:
    answer = sized(free=D(0))
    assert (answer.quantity, answer.reserved) == (0, D(0))


@given(dollars, dollars, costs, costs, st.none() | st.integers(0, 1000))
def test_no_cap_is_ever_passed(
    reference: Decimal, free: Decimal, unit: Decimal, dearer_by: Decimal, asked: int | None
) -> None:
    answer = sized(asked=asked, unit=unit, worst=unit + dearer_by, reference=reference, free=free)
    assert answer.quantity * unit <= reference * D("0.05")
    assert answer.reserved <= min(free, SETTINGS.max_debit)
    assert answer.quantity <= min(SETTINGS.max_quantity, SETTINGS.max_quantity if asked is None else asked)
    assert (answer.refusal is None) is (answer.quantity > 0)
