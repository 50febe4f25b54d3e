"""Symbology: order symbols, streamer symbols, and what is not an option's symbol."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import OptionType
from domain.symbols import OptionSymbol, parse_occ, plain

D = Decimal
CALL, PUT = OptionType.CALL, OptionType.PUT
options = st.builds(
    OptionSymbol,
    root=st.from_regex(r"[A-Z]{1,5}[0-9]?", fullmatch=True),
    expiry=st.dates(date(2015, 1, 1), date(2060, 12, 31)),
    option_type=st.sampled_from(OptionType),
    strike=st.decimals(min_value=D("0.001"), max_value=D("99999.999"), places=3),
)


@pytest.mark.parametrize(
    ("option", "occ", "streamer"),
    [
        (("SPY", date(2025, 12, 19), CALL, "450"), "SPY   251219C00450000", ".SPY251219C450"),
        (("SPY", date(2025, 12, 19), CALL, "450.50"), "SPY   251219C00450500", ".SPY251219C450.5"),
        (("SPXW", date(2025, 12, 19), PUT, "6000"), "SPXW  251219P06000000", ".SPXW251219P6000"),
        (("X", date(2025, 12, 19), CALL, "12.05"), "X     251219C00012050", ".X251219C12.05"),
        (("AAPL1", date(2025, 12, 19), CALL, "100"), "AAPL1 251219C00100000", ".AAPL1251219C100"),
    ],
)
def test_both_symbols_are_written_as_the_broker_does(
    option: tuple[str, date, OptionType, str], occ: str, streamer: str
) -> None:
    root, expiry, option_type, strike = option
    symbol = OptionSymbol(root=root, expiry=expiry, option_type=option_type, strike=D(strike))
    assert (symbol.occ, symbol.streamer) == (occ, streamer)


@given(options)
def test_an_order_symbol_has_21_characters_and_reads_back(option: OptionSymbol) -> None:
    assert len(option.occ) == 21
    assert parse_occ(option.occ) == option


@pytest.mark.parametrize(
    "symbol",
    [
        "SPY",
        "/ESZ6",
        "SPY 251219C00450000",
        "SPY   251219X00450000",
        "spy   251219C00450000",
        "SPY   251319C00450000",
        "SPY   250230C00450000",
        "SPY   251219C00450000\n",
        ".SPY251219C450",
        "",
    ],
)
def test_what_is_not_an_equity_option_is_not_read_as_one(symbol: str) -> None:
    assert parse_occ(symbol) is None


@pytest.mark.parametrize(("root", "underlying"), [("SPXW", "SPX"), ("VIXW", "VIX"), ("SPX", "SPX"), ("UBER", "UBER")])
def test_an_index_root_leads_to_its_index(root: str, underlying: str) -> None:
    option = OptionSymbol(root=root, expiry=date(2026, 12, 4), option_type=PUT, strike=D(78))
    assert option.underlying == underlying


@pytest.mark.parametrize(("number", "written"), [("600", "600"), ("6E+2", "600"), ("17.50", "17.5"), ("0.05", "0.05")])
def test_plain_numbers_have_no_exponent_and_no_trailing_zeros(number: str, written: str) -> None:
    assert plain(D(number)) == written
