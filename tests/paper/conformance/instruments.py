"""What is listed: symbols both ways, tick schedules, expiries on the true calendar, and when things trade.

The clock stands on the Wednesday before Thanksgiving 2026: Thursday is a holiday, Friday a half day.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tastytrade.instruments import Equity, Future, FutureOption, NestedFutureOptionChain, NestedOptionChain, Option
from tastytrade.market_sessions import ExchangeType, MarketStatus, get_market_holidays, get_market_sessions

from domain.symbols import OptionSymbol
from domain.ticks import TickSchedule
from paper.listings import catalogue, future_options, futures, instruments
from paper.listings.calendar import MarketCalendar
from paper.listings.instruments import Listings
from paper.listings.sessions import Sessions
from paper.settings import SessionMode
from paper.wire import listing_json, rest_listings
from tests.paper.conformance.point import Source, around, instead, point, with_changes
from tests.paper.conformance.stage import Stage

FRIDAY = 4
EVE = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # 10:00 in New York
HALF_DAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def ticks(rows: Any) -> list[tuple[str | None, str]]:
    return [(None if row.threshold is None else str(row.threshold), str(row.value)) for row in rows or []]


@point(
    Source.RECORDED,
    {
        "a penny everywhere": instead(listing_json, "ticks_json", lambda _: [{"value": "0.01"}]),
        "the threshold is on the last": instead(
            listing_json,
            "ticks_json",
            lambda schedule: [
                {"value": str(tick.value)} | ({} if n else {"threshold": "3.0"})
                for n, tick in enumerate(reversed(schedule.ticks))
            ],
        ),
    },
)
async def each_class_has_its_tick_schedule_on_the_chain_and_on_the_underlying(stage: Stage) -> None:
    """Pennies for SPY, 0.01/0.05 at 3.00 for AAPL, 0.05/0.10 for BRK/B and SPX; shares below a dollar 0.0001."""
    spy, pilot, wide = [(None, "0.01")], [("3.0", "0.01"), (None, "0.05")], [("3.0", "0.05"), (None, "0.1")]
    expected = {"SPY": spy, "AAPL": pilot, "BRK/B": wide, "SPX": wide}
    for share in await Equity.get(stage.session, list(expected)):
        assert ticks(share.option_tick_sizes) == expected[share.symbol]
        assert ticks(share.tick_sizes) == [("1.0", "0.0001"), (None, "0.01")]
    for symbol in ("SPY", "SPX"):
        for root in await NestedOptionChain.get(stage.session, symbol):
            assert ticks(root.tick_sizes) == expected[symbol]


@point(
    Source.RECORDED,
    {"whole pennies only": instead(TickSchedule, "is_on", lambda _, price: price % Decimal("0.01") == 0)},
)
async def a_share_below_a_dollar_trades_in_hundredths_of_a_penny(stage: Stage) -> None:
    """0.4201 is a price for SENS, and 81.5001 is none for UBER."""
    for symbol, price, status in (("SENS", "0.4001", "Live"), ("UBER", "60.0001", "Rejected")):
        share = await Equity.get(stage.session, symbol)
        order = stage.ticket.buy(1, price)
        order.legs[0] = share.build_leg(1, order.legs[0].action)
        await stage.settled((await stage.place(order)).id, status)


@point(
    Source.DOCUMENTED,
    {
        "one space": around(
            rest_listings, "option_json", with_changes(lambda wire: {"symbol": " ".join(wire["symbol"].split())})
        ),
        "a slash in the root": around(
            OptionSymbol, "occ", lambda occ: property(lambda self: occ.fget(self).replace("BRKB  ", "BRK/B "))
        ),
        "trailing zeros": around(
            OptionSymbol, "streamer", lambda streamer: property(lambda self: f"{streamer.fget(self)}.0")
        ),
    },
)
async def option_symbols_are_padded_and_streamer_symbols_are_plain(stage: Stage) -> None:
    """`BRKB  261218C00500000` for BRK/B, `.SPY261218C670` without trailing zeros; other spellings are not listed."""
    berkshire = (await NestedOptionChain.get(stage.session, "BRK/B"))[0]
    assert (berkshire.root_symbol, berkshire.underlying_symbol) == ("BRKB", "BRK/B")
    strike = next(one for one in berkshire.expirations[0].strikes if one.strike_price == 500)
    day = berkshire.expirations[0].expiration_date
    assert (strike.call, strike.call_streamer_symbol) == (f"BRKB  {day:%y%m%d}C00500000", f".BRKB{day:%y%m%d}C500")
    option = await Option.get(stage.session, strike.call)
    assert (option.symbol, option.streamer_symbol, option.underlying_symbol) == (
        strike.call, strike.call_streamer_symbol, "BRK/B"
    )  # fmt: skip
    narrow = strike.call.replace("BRKB  ", "BRKB ")
    assert (await stage.ask("GET", f"/instruments/equity-options/{narrow}")).status_code == 404
    assert (await stage.ask("GET", f"/instruments/equities/{'BRK%2FB'}")).status_code == 200


@point(
    Source.DOCUMENTED,
    {
        "settled alike": around(rest_listings, "option_json", with_changes(lambda _: {"settlement-type": "PM"})),
        "both trade to the end": around(
            Listings,
            "_one_series",
            lambda make: (
                lambda self, underlying, root, expiry: make(
                    self, underlying, root.model_copy(update={"settlement": catalogue.Settlement.PM}), expiry
                )
            ),
        ),
    },
    at=EVE,
    session=SessionMode.REAL,
)
async def spx_is_settled_in_the_morning_and_spxw_in_the_afternoon(stage: Stage) -> None:
    """Both roots are in one chain, also on the third Friday; the AM series trades for the last time the day before."""
    flat = (await stage.data("/option-chains/SPX"))["items"]
    third_friday = [row for row in flat if row["expiration-date"] == "2026-12-18" and row["strike-price"] == "6700.0"]
    ends = {(row["root-symbol"], row["settlement-type"], row["stops-trading-at"][:10]) for row in third_friday}
    assert ends == {("SPX", "AM", "2026-12-17"), ("SPXW", "PM", "2026-12-18")}
    assert {row["root-symbol"] for row in flat if row["expiration-date"] == "2026-11-25"} == {"SPXW"}


@point(
    Source.DOCUMENTED,
    {
        "every Friday and no other day": around(
            MarketCalendar, "next_sessions", lambda _: lambda self, today, count: self.fridays(today, count)
        ),
        "a holiday has no expiry": around(
            MarketCalendar,
            "fridays",
            lambda fridays: lambda *a: [day for day in fridays(*a) if day.weekday() == FRIDAY],
        ),
    },
    at=EVE,
    session=SessionMode.REAL,
)
async def expiries_follow_the_true_calendar(stage: Stage) -> None:
    """Dailies for SPY on sessions only; a Friday that is a holiday expires the day before."""
    spy = (await NestedOptionChain.get(stage.session, "SPY"))[0]
    days = [expiration.expiration_date for expiration in spy.expirations]
    assert days[:4] == [date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1)]
    assert spy.expirations[0].days_to_expiration == 0
    kinds = {expiration.expiration_date: expiration.expiration_type for expiration in spy.expirations}
    assert (kinds[date(2026, 12, 18)], kinds[date(2026, 11, 30)]) == ("Regular", "End-Of-Month")
    assert kinds[date(2026, 12, 31)] == "Quarterly"
    apple = [one.expiration_date for one in (await NestedOptionChain.get(stage.session, "AAPL"))[0].expirations]
    assert date(2026, 12, 24) in apple  # the 25th is Christmas
    assert date(2026, 12, 25) not in apple


@point(
    Source.DOCUMENTED,
    {
        "always open": instead(Sessions, "is_open", lambda *_: True),
        "no holidays": instead(MarketCalendar, "holidays", lambda *_: []),
        "no half days": instead(MarketCalendar, "half_days", lambda *_: []),
    },
    at=EVE,
    session=SessionMode.REAL,
)
async def the_market_has_the_true_hours(stage: Stage) -> None:
    """Holidays, half days and the state of the session are those of the New York Stock Exchange."""

    async def state() -> MarketStatus:
        return (await get_market_sessions(stage.session, [ExchangeType.NYSE]))[0].status

    assert await state() is MarketStatus.OPEN
    free = await get_market_holidays(stage.session)
    assert date(2026, 11, 26) in free.holidays
    assert date(2026, 11, 27) in free.half_days
    for at, expected in (
        (EVE.replace(hour=20, minute=59), MarketStatus.OPEN),
        (EVE.replace(hour=21), MarketStatus.EXTENDED),
        (datetime(2026, 11, 26, 16, 0, tzinfo=UTC), MarketStatus.CLOSED),
        (HALF_DAY.replace(hour=17, minute=59), MarketStatus.OPEN),
        (HALF_DAY.replace(hour=18), MarketStatus.EXTENDED),
    ):
        await stage.control.clock(at)
        assert await state() is expected, at


def _first_is_active(months: list[futures.FuturesMonth]) -> list[futures.FuturesMonth]:
    return [replace(month, is_active=not n, is_next=n == 1) for n, month in enumerate(months)]


def _two_digits(months: list[futures.FuturesMonth]) -> list[futures.FuturesMonth]:
    return [replace(month, symbol=f"{month.symbol[:-1]}2{month.symbol[-1]}") for month in months]


@point(
    Source.RECORDED,
    {
        "the nearest is the active one": instead(
            instruments, "listed_months", lambda *a: _first_is_active(futures.listed_months(*a))
        ),
        "two digits": instead(instruments, "listed_months", lambda *a: _two_digits(futures.listed_months(*a))),
    },
    at=EVE,
    session=SessionMode.REAL,
)
async def futures_have_months_one_of_them_active(stage: Stage) -> None:
    """`/ESZ6`, `/ESZ26:XCME`: one digit of the year to order, two to be quoted; rolled before the last day."""
    months = await Future.get(stage.session, product_codes=["ES"])
    active = [month for month in months if month.active_month]
    assert [(month.symbol, month.streamer_symbol) for month in active] == [("/ESZ6", "/ESZ26:XCME")]
    assert [month.symbol for month in months if month.next_active_month] == ["/ESH7"]
    assert (active[0].notional_multiplier, active[0].tick_size) == (50, Decimal("0.25"))
    await stage.control.clock(datetime(2026, 12, 15, 15, 0, tzinfo=UTC))  # three sessions before the third Friday
    months = await Future.get(stage.session, product_codes=["ES"])
    assert [month.symbol for month in months if month.active_month] == ["/ESH7"]
    assert months[0].symbol == "/ESZ6"


@point(
    Source.RECORDED,
    {
        "the quarterly's root for all": instead(future_options, "_root_of", lambda *_: ("ES", "Weekly")),
        "padded too far": around(
            future_options.FutureSeries, "symbol", lambda symbol: lambda *a: symbol(*a).replace(" ", "  ")
        ),
    },
    at=EVE,
    session=SessionMode.REAL,
)
async def options_on_futures_have_a_root_for_each_expiry(stage: Stage) -> None:
    """`./ESZ6  E4CX6 261125C6700` with its streamer symbol `./E4CX26C6700:XCME`, and its own tick schedule."""
    chain = await NestedFutureOptionChain.get(stage.session, "ES")
    first = chain.option_chains[0].expirations[0]
    strike = next(one for one in first.strikes if one.strike_price == 6700)
    assert (strike.call, strike.call_streamer_symbol) == ("./ESZ6 E4CX6 261125C6700", "./E4CX26C6700:XCME")
    option = await FutureOption.get(stage.session, strike.call)
    assert (option.symbol, option.underlying_symbol, option.expiration_date) == (
        strike.call,
        "/ESZ6",
        date(2026, 11, 25),
    )
