"""Finding contracts among the exchange's listings, and asking for each only once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from temporalio.exceptions import ApplicationError

from activities.broker import BrokerCredentials, TastytradeBroker
from domain.alert import OptionType
from domain.broker import QuoteRequest
from domain.contract import Contract, ContractQuery, InstrumentType
from domain.refusals import RefusalCode
from domain.ticks import TickSchedule
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import endpoint

Start = Callable[..., Awaitable[str]]


def option_query(paper: RunningPaper, underlying: str, symbol: str | None = None) -> ContractQuery:
    series = paper.exchange.listings.chain(underlying)[-1]
    strike = series.strikes[len(series.strikes) // 2]
    return ContractQuery(
        symbol=symbol or underlying, strike=strike, option_type=OptionType.CALL, expiry=series.expiry.day
    )


async def found(broker: TastytradeBroker, query: ContractQuery) -> Contract:
    listing = await broker.find_contract(query)
    assert listing.contract is not None, listing.refusal
    return listing.contract


async def refusal(broker: TastytradeBroker, query: ContractQuery) -> RefusalCode:
    listing = await broker.find_contract(query)
    assert listing.refusal is not None, listing.contract
    return listing.refusal.code


async def listings_read(control: Control) -> dict[str, int]:
    counts: dict[str, int] = (await control.requests())["counts"]
    return {path: times for path, times in counts.items() if "instruments" in path or "chains" in path}


async def chains_read(control: Control) -> int:
    return (await listings_read(control)).get("GET /option-chains/{symbol}/nested", 0)


@pytest.mark.parametrize(
    ("written", "underlying", "root"),
    [("UBER", "UBER", "UBER"), ("SPX", "SPX", "SPXW"), ("SPXW", "SPX", "SPXW"), ("spy", "SPY", "SPY")],
)
async def test_finds_options_as_traders_write_them(
    broker: TastytradeBroker, paper: RunningPaper, written: str, underlying: str, root: str
) -> None:
    query = option_query(paper, underlying, written)

    contract = await found(broker, query)

    assert contract.symbol == f"{root:<6}{query.expiry:%y%m%d}C{int((query.strike or 0) * 1000):08d}"
    assert paper.exchange.listings.find(contract.symbol) is not None
    assert contract.underlying == underlying


@pytest.mark.parametrize(("written", "on_index"), [("UBER", False), ("SPX", True), ("SPXW", True)])
async def test_an_option_on_an_index_is_told_from_one_on_shares(
    broker: TastytradeBroker, paper: RunningPaper, written: str, on_index: bool
) -> None:
    underlying = "UBER" if written == "UBER" else "SPX"
    listing = await broker.find_contract(option_query(paper, underlying, written))
    assert (listing.contract is not None, listing.on_index) == (True, on_index)


@pytest.mark.parametrize("written", ["BRK.B", "BRKB", "BRK/B", "brk.b"])
async def test_a_share_class_has_a_slash_at_the_broker_and_none_in_its_options(
    broker: TastytradeBroker, paper: RunningPaper, written: str
) -> None:
    share = await found(broker, ContractQuery(symbol=written))
    option = await found(broker, option_query(paper, "BRK/B", written))

    assert share.symbol == "BRK/B"
    assert option.symbol.startswith("BRKB  ")
    assert option.underlying == "BRK/B"


async def test_a_share_has_its_own_ticks_and_counts_once(broker: TastytradeBroker) -> None:
    contract = await found(broker, ContractQuery(symbol="AAPL"))

    assert (contract.instrument_type, contract.multiplier) == (InstrumentType.EQUITY, Decimal(1))
    assert contract.ticks == TickSchedule.split("0.0001", "1.0", "0.01")


async def test_a_future_is_its_active_month_or_the_one_that_is_named(
    broker: TastytradeBroker, paper: RunningPaper
) -> None:
    months = paper.exchange.listings.months("ES")
    active = next(month for month in months if month.is_active)
    later = months[-1]
    two_digits = f"{later.symbol[:-1]}{later.expires_at:%y}"

    assert (await found(broker, ContractQuery(symbol="/ES"))).symbol == active.symbol
    assert (await found(broker, ContractQuery(symbol=later.symbol))).symbol == later.symbol
    contract = await found(broker, ContractQuery(symbol=two_digits))
    assert (contract.symbol, contract.multiplier, contract.ticks) == (
        later.symbol,
        Decimal(50),
        TickSchedule.flat("0.25"),
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (ContractQuery(symbol="NOPE"), RefusalCode.UNKNOWN_SYMBOL),
        (ContractQuery(symbol="/NOPE"), RefusalCode.UNKNOWN_SYMBOL),
        (ContractQuery(symbol="/"), RefusalCode.UNKNOWN_SYMBOL),
        (ContractQuery(symbol="SPX"), RefusalCode.NOT_TRADEABLE),
        (ContractQuery(symbol="../accounts"), RefusalCode.UNKNOWN_SYMBOL),
    ],
    ids=lambda value: value.symbol if isinstance(value, ContractQuery) else None,
)
async def test_what_is_not_listed_is_refused(broker: TastytradeBroker, query: ContractQuery, code: RefusalCode) -> None:
    assert await refusal(broker, query) is code


async def test_an_option_on_a_name_that_is_not_listed_is_refused(broker: TastytradeBroker, paper: RunningPaper) -> None:
    assert await refusal(broker, option_query(paper, "UBER", "NOPE")) is RefusalCode.UNKNOWN_SYMBOL


async def test_an_option_on_a_future_is_refused(broker: TastytradeBroker, paper: RunningPaper) -> None:
    assert await refusal(broker, option_query(paper, "UBER", "/ES")) is RefusalCode.NOT_TRADEABLE


async def test_a_month_that_is_not_listed_is_refused(broker: TastytradeBroker) -> None:
    assert await refusal(broker, ContractQuery(symbol="/ESF7")) is RefusalCode.EXPIRY_NOT_LISTED


async def test_an_expiry_on_a_saturday_is_refused(broker: TastytradeBroker, paper: RunningPaper) -> None:
    query = option_query(paper, "UBER")
    assert query.expiry is not None
    saturday = query.expiry + timedelta(days=(5 - query.expiry.weekday()) % 7)

    assert await refusal(broker, query.model_copy(update={"expiry": saturday})) is RefusalCode.EXPIRY_NOT_LISTED


async def test_the_second_alert_in_a_name_costs_no_request(
    broker: TastytradeBroker, paper: RunningPaper, control: Control
) -> None:
    query = option_query(paper, "UBER")
    await found(broker, query)
    before = await listings_read(control)

    await found(broker, query.model_copy(update={"option_type": OptionType.PUT}))

    assert await listings_read(control) == before


async def test_a_miss_is_looked_at_again_once_the_reading_is_old(paper: RunningPaper, control: Control) -> None:
    now = datetime.now(UTC)
    broker = TastytradeBroker(endpoint(paper.url, paper.streamer_url), BrokerCredentials.for_paper(), clock=lambda: now)
    missing = option_query(paper, "UBER").model_copy(update={"strike": Decimal("1.23")})

    await refusal(broker, missing)
    await refusal(broker, missing)
    assert await chains_read(control) == 1
    now += timedelta(minutes=5)
    assert await refusal(broker, missing) is RefusalCode.STRIKE_NOT_LISTED
    await broker.close()

    assert await chains_read(control) == 2


async def test_a_bad_moment_is_retryable_and_not_remembered(
    broker: TastytradeBroker, paper: RunningPaper, control: Control
) -> None:
    query = option_query(paper, "UBER")
    await control.fault("error_before", on="read", status=502, times=2)

    with pytest.raises(ApplicationError) as failed:
        await broker.find_contract(query)
    await control.clear_faults()

    assert failed.value.type == "Retryable"
    assert await found(broker, query)


def share(**changes: Any) -> Any:
    record = {"symbol": "GME", "active": True, "tick-sizes": [{"value": "0.01"}]} | changes

    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"data": record})

    return handler


@pytest.mark.parametrize(
    "changes",
    [{"is-closing-only": True}, {"active": False}, {"tick-sizes": []}, {"tick-sizes": [{"threshold": "1"}]}],
    ids=["closing-only", "inactive", "no-ticks", "odd-ticks"],
)
async def test_a_share_that_may_not_be_bought_is_refused(hostile: Start, changes: dict[str, Any]) -> None:
    url = await hostile(**{"GET /instruments/equities/GME": share(**changes)})
    broker = TastytradeBroker(endpoint(url), BrokerCredentials.for_paper())

    code = await refusal(broker, ContractQuery(symbol="GME"))
    await broker.close()

    assert code is RefusalCode.NOT_TRADEABLE


def futures(*months: dict[str, Any]) -> Any:
    records = [
        {
            "streamer-symbol": f"{month['symbol']}:XCME",
            "expires-at": "2036-12-18T14:30:00+00:00",
            "notional-multiplier": "1000.0",
            "tick-size": "0.01",
            "active": True,
        }
        | month
        for month in months
    ]

    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"data": {"items": records}})

    return handler


YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


@pytest.mark.parametrize(
    "closing",
    [{"first-notice-date": YESTERDAY}, {"closing-only-date": YESTERDAY}, {"is-closing-only": True}],
    ids=["first notice", "closing only from", "closing only"],
)
async def test_a_month_that_may_be_delivered_is_not_bought_and_its_root_means_the_next(
    hostile: Start, closing: dict[str, Any]
) -> None:
    ends, follows = {"symbol": "/CLX6", "active-month": True}, {"symbol": "/CLZ6", "next-active-month": True}
    url = await hostile(**{"GET /instruments/futures": futures(ends | closing, follows)})
    broker = TastytradeBroker(endpoint(url), BrokerCredentials.for_paper())

    by_root = await found(broker, ContractQuery(symbol="/CL"))
    by_month = await refusal(broker, ContractQuery(symbol="/CLX6"))
    await broker.close()

    assert by_root.symbol == "/CLZ6"
    assert by_month is RefusalCode.NOT_TRADEABLE


async def test_a_share_is_quoted_under_its_own_name_and_a_future_under_the_streamers(
    broker: TastytradeBroker, control: Control
) -> None:
    for name, bid, ask in (("F", "12.98", "12.99"), ("/MES", "6714.25", "6714.50")):
        contract = await found(broker, ContractQuery(symbol=name))
        await control.quote(contract.symbol, bid, ask)
        quote = (await broker.take_quote(QuoteRequest(contract=contract))).quote
        assert quote is not None
        assert (quote.bid, quote.ask) == (Decimal(bid), Decimal(ask))
