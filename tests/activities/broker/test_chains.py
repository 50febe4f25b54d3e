"""Choosing the option that an alert means from a chain as the broker writes it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from activities.broker.chains import Chain, read_chain, tick_schedule
from domain.alert import OptionType
from domain.contract import ContractQuery
from domain.refusals import RefusalCode
from domain.ticks import TickSchedule

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
THIRD_FRIDAY = date(2026, 12, 18)
NICKEL_DIME = [{"threshold": "3.0", "value": "0.05"}, {"value": "0.1"}]


def strike(root: str, day: date, price: str) -> dict[str, str]:
    tail = f"{int(Decimal(price) * 1000):08d}"
    return {
        "strike-price": price,
        "call": f"{root:<6}{day:%y%m%d}C{tail}",
        "put": f"{root:<6}{day:%y%m%d}P{tail}",
        "call-streamer-symbol": f".{root}{day:%y%m%d}C{price}",
    }


def root(name: str, days: list[date], settlement: str = "PM", **changes: Any) -> dict[str, Any]:
    expirations = [
        {
            "expiration-date": str(day),
            "settlement-type": settlement,
            "strikes": [strike(name, day, price) for price in ("5995.0", "6000.0", "6002.5", "6005.0")],
        }
        for day in days
    ]
    return {
        "root-symbol": name,
        "option-chain-type": "Standard",
        "shares-per-contract": 100,
        "tick-sizes": NICKEL_DIME,
        "expirations": expirations,
    } | {key.replace("_", "-"): value for key, value in changes.items()}


def query(symbol: str = "SPX", price: str = "6000", day: date = THIRD_FRIDAY) -> ContractQuery:
    return ContractQuery(symbol=symbol, strike=Decimal(price), option_type=OptionType.CALL, expiry=day)


SPX = read_chain("SPX", [root("SPX", [THIRD_FRIDAY], "AM"), root("SPXW", [date(2026, 11, 23), THIRD_FRIDAY])], None)


def picked(chain: Chain, asked: ContractQuery, now: datetime = NOW) -> str:
    contract = chain.pick(asked, now).contract
    assert contract is not None
    return contract.symbol


def refused(chain: Chain, asked: ContractQuery, now: datetime = NOW) -> tuple[RefusalCode, str]:
    refusal = chain.pick(asked, now).refusal
    assert refusal is not None
    return refusal.code, refusal.detail


def test_prefers_the_series_settled_in_the_afternoon() -> None:
    assert picked(SPX, query()) == "SPXW  261218C06000000"


def test_takes_a_root_by_its_name() -> None:
    assert picked(SPX, query("SPXW")) == "SPXW  261218C06000000"


def test_takes_the_morning_series_when_it_is_the_only_one() -> None:
    chain = read_chain("SPX", [root("SPX", [THIRD_FRIDAY], "AM")], None)

    contract = chain.pick(query(), NOW).contract

    assert contract is not None
    assert contract.expires_at == datetime(2026, 12, 17, 21, tzinfo=UTC)


def test_the_contract_carries_what_the_root_says() -> None:
    contract = SPX.pick(query(price="6002.5"), NOW).contract

    assert contract is not None
    assert (contract.underlying, contract.multiplier) == ("SPX", Decimal(100))
    assert contract.ticks == TickSchedule.split("0.05", "3.0", "0.1")
    assert contract.streamer_symbol == ".SPXW261218C6002.5"
    assert (contract.strike, contract.option_type, contract.expiry) == (
        Decimal("6002.5"),
        OptionType.CALL,
        THIRD_FRIDAY,
    )


def test_a_quote_symbol_that_is_not_told_is_made() -> None:
    put = query().model_copy(update={"option_type": OptionType.PUT})

    contract = SPX.pick(put, NOW).contract

    assert contract is not None
    assert contract.streamer_symbol == ".SPXW261218P6000"


def test_an_expiry_that_is_not_listed_names_the_nearest() -> None:
    code, detail = refused(SPX, query(day=date(2026, 12, 19)))

    assert code is RefusalCode.EXPIRY_NOT_LISTED
    assert "2026-12-18" in detail


def test_a_strike_that_is_not_listed_names_the_nearest() -> None:
    code, detail = refused(SPX, query(price="6001"))

    assert code is RefusalCode.STRIKE_NOT_LISTED
    assert detail == "6001 on 2026-12-18; nearest: 5995, 6000, 6002.5, 6005"


def test_an_option_past_its_last_trade_is_not_tradeable() -> None:
    code, _ = refused(SPX, query(day=date(2026, 11, 23)), datetime(2026, 11, 23, 21, 0, tzinfo=UTC))

    assert code is RefusalCode.NOT_TRADEABLE


@pytest.mark.parametrize("changes", [{"option_chain_type": "Non-standard"}, {"shares_per_contract": 150}])
def test_adjusted_series_are_left_out(changes: dict[str, Any]) -> None:
    chain = read_chain("AAPL", [root("AAPL1", [THIRD_FRIDAY], **changes)], None)

    assert chain.series == ()


def test_an_unreadable_root_does_not_hide_the_others() -> None:
    broken = root("SPX", [THIRD_FRIDAY]) | {"expirations": [{"expiration-date": "soon"}]}

    chain = read_chain("SPX", ["what", broken, root("SPXW", [THIRD_FRIDAY])], None)

    assert picked(chain, query()) == "SPXW  261218C06000000"


def test_a_root_without_ticks_takes_the_underlyings() -> None:
    chain = read_chain("SPX", [root("SPXW", [THIRD_FRIDAY], tick_sizes=None)], TickSchedule.flat("0.05"))

    contract = chain.pick(query(), NOW).contract

    assert contract is not None
    assert contract.ticks == TickSchedule.flat("0.05")


def test_a_root_whose_ticks_nobody_knows_is_left_out() -> None:
    assert read_chain("SPX", [root("SPXW", [THIRD_FRIDAY], tick_sizes=[])], None).series == ()


def test_ticks_come_in_any_order() -> None:
    assert tick_schedule(list(reversed(NICKEL_DIME))) == TickSchedule.split("0.05", "3.0", "0.1")


def test_ticks_without_a_last_entry_are_no_schedule() -> None:
    with pytest.raises(ValueError, match="without threshold"):
        tick_schedule([{"threshold": "3.0", "value": "0.05"}])
