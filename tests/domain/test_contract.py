"""Contracts as a trader says them, and what a quote tells."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from domain.alert import OptionType
from domain.contract import Contract, InstrumentType, Quote
from domain.ticks import TickSchedule

D = Decimal
UBER = Contract(
    symbol="UBER  261204P00078000",
    streamer_symbol=".UBER261204P78",
    instrument_type=InstrumentType.EQUITY_OPTION,
    underlying="UBER",
    multiplier=D(100),
    ticks=TickSchedule.split("0.01", "3", "0.05"),
    expiry=date(2026, 12, 4),
    strike=D("78.0"),
    option_type=OptionType.PUT,
)


def quote(bid: str | None, ask: str | None) -> Quote:
    """A quote of these two sides."""
    at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    return Quote(symbol="UBER", bid=None if bid is None else D(bid), ask=None if ask is None else D(ask), at=at)


def test_an_option_reads_as_a_trader_says_it() -> None:
    assert str(UBER) == "UBER 78p 12/04"


def test_a_future_reads_as_its_symbol() -> None:
    future = {"symbol": "/ESZ6", "instrument_type": InstrumentType.FUTURE, "expiry": date(2026, 12, 18)}
    assert str(UBER.model_copy(update={**future, "strike": None, "option_type": None})) == "/ESZ6"


def test_the_mid_is_halfway_and_need_not_be_on_tick() -> None:
    assert quote("0.70", "0.75").mid == D("0.725")


@pytest.mark.parametrize(("bid", "ask"), [(None, "0.75"), ("0.70", None), (None, None)])
def test_without_both_sides_there_is_no_mid(bid: str | None, ask: str | None) -> None:
    assert quote(bid, ask).mid is None


@pytest.mark.parametrize(
    ("bid", "ask", "two_sided"),
    [("0.70", "0.75", True), ("0", "0.75", False), ("0.70", "0", False), (None, "0.75", False), ("-1", "0.75", False)],
)
def test_a_side_without_a_price_above_zero_is_no_side(bid: str | None, ask: str | None, two_sided: bool) -> None:
    assert quote(bid, ask).is_two_sided is two_sided


@pytest.mark.parametrize(("bid", "ask", "crossed"), [("0.76", "0.75", True), ("0.75", "0.75", False)])
def test_only_a_bid_above_the_ask_is_crossed(bid: str, ask: str, crossed: bool) -> None:
    assert quote(bid, ask).is_crossed is crossed


def test_a_price_that_is_no_number_is_not_a_quote() -> None:
    with pytest.raises(ValidationError):
        quote("NaN", "0.75")
