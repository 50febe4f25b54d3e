"""How many a request sells, and which trade an alert closes."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import Action, Alert, OptionType
from domain.closing import (
    CloseOutcome,
    CloseRequest,
    CloseResult,
    close_quantity,
    close_request,
    is_same_contract,
    part_of,
)
from domain.settings import ClosingSettings, SmallTrim

D = Decimal
OPENED = Alert(
    action=Action.BTO,
    symbol="UBER",
    strike=D(78),
    option_type=OptionType.PUT,
    expiry=date(2026, 12, 4),
    price=D("0.75"),
)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def sells(
    held: int, filled: int | None = None, opened: Alert = OPENED, small: str = "sell_one", **asked: object
) -> int:
    request = CloseRequest.model_validate({"request_id": "1", "by": "ann", "asked_at": NOW} | asked)
    settings = ClosingSettings(small_trim=SmallTrim(small))
    return close_quantity(settings, request, opened, filled or held, held)


@pytest.mark.parametrize(
    ("held", "asked", "sold"),
    [
        (5, {}, 5),
        (5, {"fraction": D(1)}, 5),
        (5, {"fraction": D("0.5")}, 2),
        (4, {"fraction": D("0.25")}, 1),
        (6, {"fraction": D(2) / 3}, 4),
        (5, {"partial": True}, 2),
        (5, {"quantity": 2}, 2),
        (5, {"quantity": 9}, 5),
        (0, {}, 0),
        (0, {"fraction": D("0.5")}, 0),
        (1, {"fraction": D("0.5")}, 1),
        (2, {"fraction": D("0.25")}, 1),
    ],
)
def test_what_a_request_sells(held: int, asked: dict[str, object], sold: int) -> None:
    assert sells(held, **asked) == sold


@pytest.mark.parametrize("held", [3, 6, 9, 30])
def test_a_third_of_what_can_be_divided_by_three_is_whole(held: int) -> None:
    three = OPENED.model_copy(update={"quantity": 3})
    assert sells(held, small="hold", fraction=D(1) / 3) == held // 3
    assert sells(held, small="hold", opened=three, quantity=1) == held // 3


def test_where_more_was_sold_than_was_held_nothing_is_left_to_sell() -> None:
    assert sells(-1, filled=4) == sells(-1, filled=4, fraction=D("0.5")) == 0


def test_a_part_of_less_than_one_contract_sells_nothing_if_the_settings_say_so() -> None:
    assert sells(1, small="hold", fraction=D("0.5")) == 0
    assert sells(4, small="hold", fraction=D("0.5")) == 2


def test_the_authors_contracts_are_the_same_part_of_ours() -> None:
    ten = OPENED.model_copy(update={"quantity": 10})
    assert sells(4, opened=ten, quantity=5) == 2
    assert sells(2, filled=4, opened=ten, quantity=5) == 2
    assert sells(4, opened=ten, quantity=20) == 4


@given(
    held=st.integers(0, 50),
    filled=st.integers(1, 50),
    fraction=st.none() | st.decimals("0.01", 1, places=2),
    quantity=st.none() | st.integers(1, 100),
    partial=st.booleans(),
    named=st.none() | st.integers(1, 100),
)
def test_never_more_than_is_held_and_never_nothing_of_something(
    held: int, filled: int, fraction: Decimal | None, quantity: int | None, partial: bool, named: int | None
) -> None:
    opened = OPENED.model_copy(update={"quantity": named})
    sold = sells(held, max(filled, held), opened, fraction=fraction, quantity=quantity, partial=partial)
    assert 0 <= sold <= held
    assert (sold == 0) is (held == 0)


def closing(**changes: object) -> Alert:
    return OPENED.model_copy(update={"action": Action.STC, "price": None} | changes)


def test_an_alert_asks_for_what_it_names() -> None:
    asked = close_request(closing(fraction=D("0.5"), price=D("1.20")), "alert-1-2", "bob", NOW)
    assert (asked.request_id, asked.reply_to, asked.portion, asked.limit) == (
        "alert-1-2",
        "alert-1-2",
        "50 %",
        D("1.20"),
    )
    assert close_request(closing(partial=True), "alert-1-2", "bob", NOW).portion == "a part"
    assert close_request(closing(quantity=2), "alert-1-2", "bob", NOW).portion == "2"
    assert close_request(closing(), "alert-1-2", "bob", NOW).is_whole


def test_the_same_contract_in_other_spellings_is_the_same() -> None:
    assert is_same_contract(OPENED, closing(strike=D("78.0")))
    spx = OPENED.model_copy(update={"symbol": "SPXW"})
    assert is_same_contract(spx, closing(symbol="SPX"))


@pytest.mark.parametrize(
    "other",
    [
        {"strike": D(79)},
        {"option_type": OptionType.CALL},
        {"expiry": date(2026, 12, 11)},
        {"symbol": "LYFT"},
        {"strike": None, "option_type": None, "expiry": None},
    ],
)
def test_another_contract_is_not(other: dict[str, object]) -> None:
    assert not is_same_contract(OPENED, closing(**other))


@pytest.mark.parametrize(
    ("opened", "closes", "same"),
    [
        ("AAPL", "AAPL", True),
        ("BRKB", "BRK.B", True),
        ("/ES", "/ES", True),
        ("/ESZ6", "/ES", True),
        ("/ES", "/ESZ6", True),
        ("/ESZ6", "/ESH7", False),
        ("/ES", "/MES", False),
        ("AAPL", "/ES", False),
    ],
)
def test_shares_and_futures(opened: str, closes: str, same: bool) -> None:
    def of(symbol: str, action: Action) -> Alert:
        return Alert(action=action, symbol=symbol, price=D(10))

    assert is_same_contract(of(opened, Action.BTO), of(closes, Action.STC)) is same


@pytest.mark.parametrize(
    ("closes", "same"),
    [("/MES", True), ("/MESZ6", True), ("/MESZ26", True), ("/MESH7", False), ("/ES", False), ("/MESZ5", False)],
)
def test_a_root_that_opened_stands_for_the_month_that_was_bought(closes: str, same: bool) -> None:
    opened = Alert(action=Action.BTO, symbol="/MES", price=D(6700))
    closing = Alert(action=Action.STC, symbol=closes, price=D(6750))

    assert is_same_contract(opened, closing, "/MESZ6") is same


def test_an_average_price_is_told_in_full() -> None:
    def told(average: str) -> str:
        return str(
            CloseResult(request_id="1", workflow_id="2", by="ann", outcome=CloseOutcome.SOLD, average=D(average))
        )

    assert "at 25123.25," in told("25123.25")
    assert "at 270.2233," in told("270.22333333")
    assert "at 0.75," in told("0.750")
    assert "at 6700," in told("6700.00")


@pytest.mark.parametrize(
    ("written", "part"), [("all", None), ("1/2", D("0.5")), ("25%", D("0.25")), (" 0.5 ", D("0.5")), ("100%", D(1))]
)
def test_a_part_is_read_as_people_write_it(written: str, part: Decimal | None) -> None:
    assert part_of(written) == part


@pytest.mark.parametrize(
    "written", ["", "half", "0", "-1/2", "3/2", "1/0", "0/0", "nan", "1/nan", "inf", "101%", "1/2/3"]
)
def test_what_is_no_part_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a part"):
        part_of(written)


def test_a_third_that_a_person_writes_is_a_whole_third() -> None:
    """Cut to six digits it would be one of six, not two."""
    assert [sells(held, fraction=part_of("1/3"), small="hold") for held in (3, 6, 9)] == [1, 2, 3]
