"""Every call of the SDK that goes over HTTP, found by looking into the SDK: each parses here and says something sane.

A function that a later version of the SDK adds makes the first test fail until it is called here, too.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import tastytrade
from tastytrade import Account, Session
from tastytrade import instruments as sdk
from tastytrade.market_data import get_market_data, get_market_data_by_type
from tastytrade.market_sessions import ExchangeType, get_futures_holidays, get_market_holidays, get_market_sessions
from tastytrade.metrics import get_dividends, get_earnings, get_market_metrics, get_risk_free_rate
from tastytrade.order import (
    InstrumentType,
    LimitOrder,
    MarketOrder,
    OrderAction,
    OrderStatus,
    OrderTimeInForce,
    OTOOrder,
)
from tastytrade.search import symbol_search
from tastytrade.utils import TastytradeError
from tastytrade.watchlists import PairsWatchlist, PrivateWatchlist, PublicWatchlist

from paper.server import RunningPaper

pytestmark = [
    # The SDK sends its bodies with an argument that its HTTP client deprecates.
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
]
ELSEWHERE = {
    "tastytrade.streamer": "websockets: see test_streams.py",
    "tastytrade.paper": "another company's paper exchange, on a host of its own",
    "tastytrade.dxfeed": "events of the quote stream",
}


@dataclass(frozen=True)
class Desk:
    """What a person's script has in its hands, and the exchange behind it."""

    session: Session
    account: Account
    running: RunningPaper
    settled: Callable[[int, str], Awaitable[Any]]

    async def buy(self, instrument: Any, price: str, quantity: int = 1) -> int:
        """A limit buy; returns its id."""
        placed = await self.account.place_order(self.session, limit(instrument, price, quantity), dry_run=False)
        return int(placed.order.id)

    async def bought(self, instrument: Any) -> int:
        """A buy that is filled at once."""
        leg = instrument.build_leg(1, OrderAction.BUY_TO_OPEN)
        order = MarketOrder(time_in_force=OrderTimeInForce.DAY, legs=[leg])
        placed = await self.account.place_order(self.session, order, dry_run=False)
        await self.settled(placed.order.id, "Filled")
        return int(placed.order.id)

    async def put(self) -> sdk.Option:
        root = (await sdk.NestedOptionChain.get(self.session, "UBER"))[0]
        symbol = next(strike.put for strike in root.expirations[2].strikes if strike.strike_price == 80)
        return await sdk.Option.get(self.session, symbol)

    async def future_option(self) -> sdk.FutureOption:
        chain = await sdk.NestedFutureOptionChain.get(self.session, "ES")
        expiration = chain.option_chains[0].expirations[3]
        symbol = next(strike.call for strike in expiration.strikes if strike.strike_price == 6715)
        return await sdk.FutureOption.get(self.session, symbol)


Check = Callable[[Desk], Awaitable[None]]
CHECKS: dict[str, Check] = {}


def covers(*names: str) -> Callable[[Check], Check]:
    """Marks a check with the SDK's functions that it calls."""

    def register(check: Check) -> Check:
        for name in names:
            CHECKS[name] = check
        return check

    return register


def limit(instrument: Any, price: str, quantity: int = 1) -> LimitOrder:
    leg = instrument.build_leg(quantity, OrderAction.BUY_TO_OPEN)
    return LimitOrder(time_in_force=OrderTimeInForce.DAY, legs=[leg], price=-Decimal(price))


def sdk_calls() -> Iterator[str]:
    """`Class.method` or `function` for each public coroutine of the SDK that isn't a stream's."""
    for module_info in pkgutil.iter_modules(tastytrade.__path__, "tastytrade."):
        if module_info.name not in ELSEWHERE:
            module = importlib.import_module(module_info.name)
            for name, value in list(vars(module).items()):
                if getattr(value, "__module__", None) == module.__name__:
                    yield from coroutines(name, value)


def coroutines(name: str, value: Any) -> Iterator[str]:
    if inspect.iscoroutinefunction(value) and not name.startswith("_"):
        yield name
    if inspect.isclass(value):
        for method, attribute in list(vars(value).items()):
            function = getattr(attribute, "__func__", attribute)
            if inspect.iscoroutinefunction(function) and not method.startswith("_"):
                yield f"{name}.{method}"


@pytest.fixture
def desk(
    session: Session, account: Account, paper: RunningPaper, settled: Callable[[int, str], Awaitable[Any]]
) -> Desk:
    return Desk(session, account, paper, settled)


def test_every_call_of_the_sdk_is_made_here() -> None:
    assert set(sdk_calls()) == set(CHECKS)


@pytest.mark.parametrize("name", sorted(set(sdk_calls())))
async def test_the_call_parses_and_says_something_sane(name: str, desk: Desk) -> None:
    await CHECKS[name](desk)


# The session and the customer.


@covers("Session.get_customer")
async def the_customer_is_made_up_but_complete(desk: Desk) -> None:
    customer = await desk.session.get_customer()
    assert customer.email.endswith("example.com")
    assert customer.permitted_account_types[0].name == "Individual"


@covers("Session.validate", "Session.refresh")
async def a_session_is_good_until_its_token_is_not(desk: Desk) -> None:
    await desk.session.refresh(force=True)
    assert await desk.session.validate()
    desk.session._client.headers["Authorization"] = "Bearer ffffffffffff.00.00"
    assert not await desk.session.validate()


# The account.


@covers("Account.get")
async def accounts_are_listed_and_found(desk: Desk) -> None:
    assert await Account.get(desk.session) == [await Account.get(desk.session, desk.account.account_number)]


@covers("Account.get_trading_status")
async def the_account_may_trade(desk: Desk) -> None:
    status = await desk.account.get_trading_status(desk.session)
    assert status.is_futures_enabled
    assert not status.is_closing_only


@covers("Account.get_balances")
async def premium_of_an_option_on_a_future_is_a_value_of_its_own(desk: Desk) -> None:
    await desk.bought(await desk.future_option())
    balances = await desk.account.get_balances(desk.session)
    assert balances.cash_balance < 100_000
    assert balances.long_futures_derivative_value > 0
    assert balances.net_liquidating_value == balances.cash_balance + balances.long_futures_derivative_value


@covers("Account.get_balance_snapshots")
async def a_snapshot_is_what_the_balances_were(desk: Desk) -> None:
    balances = await desk.account.get_balances(desk.session)
    today = desk.running.exchange.listings.today
    for time_of_day in ("BOD", "EOD"):
        (snapshot,) = await desk.account.get_balance_snapshots(desk.session, time_of_day=time_of_day)  # type: ignore[arg-type]
        assert (snapshot.snapshot_date, snapshot.time_of_day) == (today, time_of_day)
        assert snapshot.net_liquidating_value == balances.net_liquidating_value
    assert await desk.account.get_balance_snapshots(desk.session, snapshot_date=today - timedelta(days=1)) == []
    assert await desk.account.get_balance_snapshots(desk.session, end_date=today - timedelta(days=1)) == []
    assert len(await desk.account.get_balance_snapshots(desk.session, start_date=today, page_offset=None)) == 1


@covers("Account.get_net_liquidating_value_history")
async def the_account_was_worth_what_it_is_worth(desk: Desk) -> None:
    for time_back in ("1d", "1m", "3m", "6m", "1y", "all"):
        bars = await desk.account.get_net_liquidating_value_history(desk.session, time_back=time_back)
        assert bars[-1].total_close == bars[-1].close == 100_000
    since = desk.running.exchange.clock() - timedelta(hours=1)
    bars = await desk.account.get_net_liquidating_value_history(desk.session, start_time=since)
    assert bars[-1].low <= bars[-1].high
    with pytest.raises(TastytradeError, match="time-back"):
        await desk.account.get_net_liquidating_value_history(desk.session, time_back="2d")


@covers("Account.get_positions")
async def positions_are_found_by_the_product_of_their_future(desk: Desk) -> None:
    option = await desk.future_option()
    await desk.bought(option)
    await desk.bought(await desk.put())
    (position,) = await desk.account.get_positions(desk.session, underlying_product_code="ES", include_marks=True)
    assert (position.symbol, position.multiplier) == (option.symbol, 50)
    assert position.instrument_type is InstrumentType.FUTURE_OPTION
    (position,) = await desk.account.get_positions(desk.session, instrument_type=InstrumentType.EQUITY_OPTION)
    assert position.underlying_symbol == "UBER"


@covers("Account.get_margin_requirements")
async def the_margin_report_groups_by_underlying(desk: Desk) -> None:
    assert (await desk.account.get_margin_requirements(desk.session)).groups == []
    await desk.bought(await desk.put())
    report = await desk.account.get_margin_requirements(desk.session)
    assert [group.code for group in report.groups] == ["UBER"]  # type: ignore[union-attr]
    assert report.margin_equity > 0


@covers("Account.get_history")
async def trades_are_listed(desk: Desk) -> None:
    put = await desk.put()
    await desk.bought(put)
    (trade,) = await desk.account.get_history(desk.session, symbol=put.symbol)
    assert (trade.symbol, trade.action) == (put.symbol, OrderAction.BUY_TO_OPEN)
    assert trade.net_value < trade.value < 0


@covers("Account.get_transaction")
async def one_trade_is_found_by_its_id(desk: Desk) -> None:
    await desk.bought(await desk.put())
    (trade,) = await desk.account.get_history(desk.session)
    assert await desk.account.get_transaction(desk.session, trade.id) == trade
    with pytest.raises(TastytradeError, match="record_not_found"):
        await desk.account.get_transaction(desk.session, 999)


@covers("Account.get_total_fees")
async def the_days_fees_are_those_of_an_option_on_a_future(desk: Desk) -> None:
    await desk.bought(await desk.future_option())
    assert (await desk.account.get_total_fees(desk.session)).total_fees == Decimal("-2.80")
    assert (await desk.account.get_total_fees(desk.session, date(2020, 1, 2))).total_fees == 0


# Orders: what they do is shown in test_sdk_trading.py; here they only have to parse, for every kind of instrument.


@covers("Account.place_order", "Account.get_order", "Account.delete_order")
async def an_option_on_a_future_is_ordered_and_cancelled(desk: Desk) -> None:
    option = await desk.future_option()
    dry = await desk.account.place_order(desk.session, limit(option, "0.05", 2))
    assert dry.buying_power_effect.change_in_buying_power == -Decimal("0.05") * 50 * 2 - 2 * Decimal("2.80")
    order_id = await desk.buy(option, "0.05", 2)
    await desk.settled(order_id, "Live")
    order = await desk.account.get_order(desk.session, order_id)
    assert (order.underlying_symbol, order.underlying_instrument_type) == (option.underlying_symbol, "Future")
    await desk.account.delete_order(desk.session, order_id)
    await desk.settled(order_id, "Cancelled")


@covers("Account.replace_order", "Account.get_live_orders", "Account.get_order_history")
async def a_replacement_is_live_and_in_the_history(desk: Desk) -> None:
    put = await desk.put()
    order_id = await desk.buy(put, "0.01")
    await desk.settled(order_id, "Live")
    replaced = await desk.account.replace_order(desk.session, order_id, limit(put, "0.02"))
    await desk.settled(replaced.id, "Live")
    assert replaced.id in [order.id for order in await desk.account.get_live_orders(desk.session)]
    history = await desk.account.get_order_history(desk.session, statuses=[OrderStatus.CANCELLED])
    assert [order.id for order in history] == [order_id]


@covers("Account.get_order_buying_power_effect")
async def the_effect_of_an_order_is_told_before_it_is_placed(desk: Desk) -> None:
    effect = await desk.account.get_order_buying_power_effect(desk.session, limit(await desk.put(), "1.00"))
    assert effect.change_in_buying_power == Decimal("-101.12")


@covers(
    "Account.place_complex_order",
    "Account.get_complex_order",
    "Account.get_live_complex_orders",
    "Account.get_complex_order_history",
    "Account.delete_complex_order",
)
async def a_complex_order_is_found_until_it_is_deleted(desk: Desk) -> None:
    put = await desk.put()
    leg = put.build_leg(1, OrderAction.SELL_TO_CLOSE)
    profit = LimitOrder(time_in_force=OrderTimeInForce.GTC, legs=[leg], price=Decimal("50.00"))
    order = OTOOrder(trigger_order=limit(put, "0.01"), orders=[profit])
    placed = (await desk.account.place_complex_order(desk.session, order, dry_run=False)).complex_order
    assert (await desk.account.get_complex_order(desk.session, placed.id)).id == placed.id
    assert [found.id for found in await desk.account.get_live_complex_orders(desk.session)] == [placed.id]
    await desk.settled(placed.trigger_order.id, "Live")
    await desk.account.delete_complex_order(desk.session, placed.id)
    await desk.settled(placed.trigger_order.id, "Cancelled")
    assert [found.id for found in await desk.account.get_complex_order_history(desk.session)] == [placed.id]


# Instruments.


@covers("Equity.get")
async def shares_are_filtered(desk: Desk) -> None:
    assert (await sdk.Equity.get(desk.session, "BRK/B")).streamer_symbol == "BRK/B"
    funds = await sdk.Equity.get(desk.session, ["SPY", "UBER", "SPX"], is_etf=True)
    assert [fund.symbol for fund in funds] == ["SPY"]
    assert await sdk.Equity.get(desk.session, ["SPY"], lendability="Preborrow") == []


@covers("Equity.get_active_equities")
async def active_shares_come_in_pages(desk: Desk) -> None:
    everything = await sdk.Equity.get_active_equities(desk.session)
    paged = await sdk.Equity.get_active_equities(desk.session, per_page=5, page_offset=None)
    assert paged == everything
    assert len(await sdk.Equity.get_active_equities(desk.session, per_page=5, page_offset=1)) == 5


@covers("Option.get")
async def an_option_says_when_it_stops_trading(desk: Desk) -> None:
    option = await desk.put()
    assert option.stops_trading_at.date() == option.expiration_date


@covers("NestedOptionChain.get", "get_option_chain")
async def both_chains_have_the_same_days(desk: Desk) -> None:
    nested = await sdk.NestedOptionChain.get(desk.session, "SPY")
    days = [expiration.expiration_date for expiration in nested[0].expirations]
    assert days == sorted(await sdk.get_option_chain(desk.session, "SPY"))
    assert {expiration.expiration_type for expiration in nested[0].expirations} >= {"Weekly", "Regular", "Quarterly"}


@covers("Future.get")
async def futures_say_when_to_roll(desk: Desk) -> None:
    months = await sdk.Future.get(desk.session, product_codes=["GC"])
    assert all(month.first_notice_date and month.first_notice_date < month.expiration_date for month in months)
    active = next(month for month in await sdk.Future.get(desk.session, product_codes=["ZB"]) if month.active_month)
    assert active.tick_size == Decimal("0.03125")
    assert active.roll_target_symbol == next(
        month.symbol for month in await sdk.Future.get(desk.session, product_codes=["ZB"]) if month.next_active_month
    )
    assert (await sdk.Future.get(desk.session, active.symbol)).future_product is not None


@covers("FutureProduct.get")
async def products_name_their_months_and_options(desk: Desk) -> None:
    products = {product.code: product for product in await sdk.FutureProduct.get(desk.session)}
    assert {"ES", "MES", "NQ", "MNQ", "RTY", "M2K", "GC", "MGC", "CL", "ZN", "ZB"} <= set(products)
    es = await sdk.FutureProduct.get(desk.session, "/ES")
    assert es == products["ES"]
    assert es.option_products is not None
    assert {"ES", "EW", "EW3", "E1A"} <= {product.root_symbol for product in es.option_products}
    with pytest.raises(TastytradeError, match="record_not_found"):
        await sdk.FutureProduct.get(desk.session, "ES", exchange="CFE")


@covers("FutureOptionProduct.get")
async def option_products_name_their_expiry(desk: Desk) -> None:
    products = {product.root_symbol: product for product in await sdk.FutureOptionProduct.get(desk.session)}
    assert {products[root].expiration_type for root in ("ES", "LO")} == {"Regular"}
    assert (await sdk.FutureOptionProduct.get(desk.session, "EW")).expiration_type == "End-Of-Month"
    assert (await sdk.FutureOptionProduct.get(desk.session, "E1A")) == products["E1A"]


@covers("FutureOption.get", "NestedFutureOptionChain.get")
async def an_option_on_a_future_is_the_one_in_the_chain(desk: Desk) -> None:
    option = await desk.future_option()
    chain = await sdk.NestedFutureOptionChain.get(desk.session, "/ES")
    contracts = {expiration.option_contract_symbol: expiration for expiration in chain.option_chains[0].expirations}
    expiration = contracts[option.symbol.split()[1]]
    assert (option.root_symbol, option.option_root_symbol) == ("/ES", expiration.option_root_symbol)
    assert option.streamer_symbol in [strike.call_streamer_symbol for strike in expiration.strikes]
    assert expiration.notional_value / expiration.display_factor == 50
    assert [tick.value for tick in expiration.tick_sizes][-1] == Decimal("0.5")
    assert {future.symbol for future in chain.futures} >= {
        e.underlying_symbol for e in chain.option_chains[0].expirations
    }
    assert sum(future.active_month for future in chain.futures) == 1


@covers("get_future_option_chain")
async def the_flat_chain_of_a_future_parses_as_the_brokers_does_not(desk: Desk) -> None:
    for code in ("ES", "CL"):
        chain = await sdk.get_future_option_chain(desk.session, code)
        options = [option for day in chain.values() for option in day]
        assert len(options) > 500
        assert all(option.streamer_symbol.startswith("./") for option in options)
    with pytest.raises(TastytradeError, match="record_not_found"):
        await sdk.get_future_option_chain(desk.session, "ZB")


@covers("Cryptocurrency.get", "Warrant.get", "Forex.get")
async def what_has_no_market_here_is_an_empty_list_or_not_found(desk: Desk) -> None:
    assert await sdk.Cryptocurrency.get(desk.session) == []
    assert await sdk.Warrant.get(desk.session, ["NKLAW"]) == []
    assert await sdk.Forex.get(desk.session) == []
    for ask in (sdk.Cryptocurrency.get(desk.session, "BTC/USD"), sdk.Warrant.get(desk.session, "NKLAW")):
        with pytest.raises(TastytradeError, match="record_not_found"):
            await ask


@covers("get_quantity_decimal_precisions")
async def everything_trades_in_whole_units(desk: Desk) -> None:
    precisions = await sdk.get_quantity_decimal_precisions(desk.session)
    assert {precision.instrument_type for precision in precisions} >= {"Equity", "Future", "Future Option"}
    assert {precision.value for precision in precisions} == {0}


# The market.


@covers("get_market_data", "get_market_data_by_type")
async def every_kind_of_instrument_is_quoted(desk: Desk) -> None:
    option, put = await desk.future_option(), await desk.put()
    rows = await get_market_data_by_type(
        desk.session,
        cryptocurrencies=["BTC/USD"],
        equities=["SPY", "BRK/B"],
        futures=[option.underlying_symbol],
        future_options=[option.symbol],
        indices=["SPX"],
        options=[put.symbol],
    )
    assert len(rows) == 6
    assert {row.instrument_type for row in rows} == {"Equity", "Future", "Future Option", "Index", "Equity Option"}
    assert all(row.mark and row.mark > 0 for row in rows)
    for row in rows:
        assert (await get_market_data(desk.session, row.symbol, row.instrument_type)).symbol == row.symbol


@covers("get_market_sessions")
async def futures_have_hours_of_their_own(desk: Desk) -> None:
    shares, futures = await get_market_sessions(desk.session, [ExchangeType.NYSE, ExchangeType.CME])
    for one in (shares, futures):
        assert one.open_at is not None
        assert one.next_session is not None
        assert one.previous_session is not None
        assert one.previous_session.open_at < one.open_at < one.next_session.open_at
    assert futures.next_session is not None
    assert futures.next_session.close_at is not None
    assert futures.next_session.close_at - futures.next_session.open_at >= timedelta(hours=19)


@covers("get_market_holidays", "get_futures_holidays")
async def futures_have_fewer_holidays_and_more_half_days(desk: Desk) -> None:
    shares = await get_market_holidays(desk.session)
    futures = await get_futures_holidays(desk.session, ExchangeType.CME)
    assert set(futures.holidays) < set(shares.holidays)
    assert set(shares.half_days) < set(futures.half_days)


@covers("get_market_metrics")
async def metrics_tell_what_the_model_takes_for_volatility(desk: Desk) -> None:
    spy, berkshire = await get_market_metrics(desk.session, ["SPY", "NOPE", "BRK/B"])
    assert spy.implied_volatility_index == Decimal("0.14")
    assert berkshire.option_expiration_implied_volatilities is not None
    assert all(
        abs((expiry.implied_volatility or 0) - Decimal("0.16")) < Decimal("0.01")
        for expiry in berkshire.option_expiration_implied_volatilities
    )


@covers("get_dividends", "get_earnings")
async def nobody_pays_or_reports(desk: Desk) -> None:
    assert await get_dividends(desk.session, "BRK/B") == []
    assert await get_earnings(desk.session, "AAPL", date(2026, 1, 1)) == []
    with pytest.raises(TastytradeError, match="record_not_found"):
        await get_dividends(desk.session, "NOPE")


@covers("get_risk_free_rate")
async def the_risk_free_rate_needs_no_token(desk: Desk) -> None:
    assert await get_risk_free_rate(desk.session) == Decimal("0.04")


@covers("symbol_search")
async def symbols_are_found_by_their_beginning_and_by_what_they_are(desk: Desk) -> None:
    await desk.session.refresh()
    assert [found.symbol for found in await symbol_search(desk.session, "sp")][:2] == ["SPY", "SPX"]
    assert [found.symbol for found in await symbol_search(desk.session, "BRK/B")] == ["BRK/B"]
    assert "/GC" in [found.symbol for found in await symbol_search(desk.session, "gold")]
    assert [found.symbol for found in await symbol_search(desk.session, "/ES")] == ["/ES"]
    assert await symbol_search(desk.session, "nothing like it") == []


# Watchlists.


@covers("PublicWatchlist.get", "PairsWatchlist.get")
async def public_lists_hold_what_is_listed_here(desk: Desk) -> None:
    lists = await PublicWatchlist.get(desk.session)
    assert await PublicWatchlist.get(desk.session, lists[0].name) == lists[0]
    assert {"symbol": "SPY", "instrument-type": "Equity"} in (lists[0].watchlist_entries or [])
    assert [one.name for one in await PublicWatchlist.get(desk.session, counts_only=True)] == [
        one.name for one in lists
    ]
    (pairs,) = await PairsWatchlist.get(desk.session)
    assert await PairsWatchlist.get(desk.session, "Futures") == pairs
    with pytest.raises(TastytradeError, match="record_not_found"):
        await PublicWatchlist.get(desk.session, "Nothing")


@covers("PrivateWatchlist.get", "PrivateWatchlist.upload", "PrivateWatchlist.update", "PrivateWatchlist.remove")
async def a_private_list_is_made_changed_and_removed(desk: Desk) -> None:
    assert await PrivateWatchlist.get(desk.session) == []
    mine = PrivateWatchlist(name="mine/and yours", group_name="g", order_index=2)
    mine.add_symbol("UBER", InstrumentType.EQUITY)
    await mine.upload(desk.session)
    with pytest.raises(TastytradeError, match="taken"):
        await mine.upload(desk.session)
    mine.add_symbol("/ESZ6", InstrumentType.FUTURE)
    await mine.update(desk.session)
    assert await PrivateWatchlist.get(desk.session, mine.name) == mine
    await PrivateWatchlist.remove(desk.session, mine.name)
    with pytest.raises(TastytradeError, match="record_not_found"):
        await PrivateWatchlist.remove(desk.session, mine.name)
