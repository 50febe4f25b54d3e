"""The unmodified SDK reads the session, the account, the listings and the market over real sockets."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tastytrade import Account, Session
from tastytrade.instruments import Equity, Future, NestedOptionChain, Option, get_option_chain
from tastytrade.market_data import get_market_data, get_market_data_by_type
from tastytrade.market_sessions import ExchangeType, MarketStatus, get_market_holidays, get_market_sessions
from tastytrade.utils import TastytradeError

from paper.clock import utc_now
from paper.control.client import Control
from paper.server import serve
from paper.settings import PaperSettings

pytestmark = [
    # The SDK sends its bodies with an argument that its HTTP client deprecates, and leaves its queues unclosed.
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]


async def test_the_account_its_balances_and_its_status(session: Session, account: Account) -> None:
    balances = await account.get_balances(session)
    status = await account.get_trading_status(session)
    assert balances.derivative_buying_power == balances.cash_balance == 100_000
    assert balances.net_liquidating_value == 100_000
    assert not status.is_closed
    assert await account.get_positions(session) == []
    assert await Account.get(session, account.account_number) == account


async def test_somebody_elses_account_is_not_permitted(session: Session) -> None:
    with pytest.raises(TastytradeError, match="not_permitted"):
        await Account.get(session, "5WX99999")


async def test_a_token_is_refreshed_before_it_ends() -> None:
    running = await serve(PaperSettings(token_life=30).hurried())  # the SDK renews with less than a minute left
    sdk = Session("secret", "refresh", is_test=True, trust_env=False)
    sdk._client.base_url = running.url
    await Account.get(sdk)
    first = sdk.session_token
    await Account.get(sdk)
    assert sdk.session_token != first
    await sdk._client.aclose()
    await running.close()


async def test_an_access_token_ends_with_its_life_and_a_made_up_one_never_began() -> None:
    passed = [timedelta(0)]
    running = await serve(PaperSettings(token_life=900).hurried(), clock=lambda: utc_now() + passed[0])
    sdk = Session("secret", "refresh", is_test=True, trust_env=False)
    sdk._client.base_url = running.url
    await sdk.refresh()
    assert (await sdk._client.get("/customers/me/accounts")).status_code == 200
    passed[0] = timedelta(seconds=901)
    assert (await sdk._client.get("/customers/me/accounts")).status_code == 401
    made_up = {"Authorization": "Bearer ffffffffffff.00.00"}
    assert (await sdk._client.get("/customers/me/accounts", headers=made_up)).status_code == 401
    await sdk._client.aclose()
    await running.close()


async def test_a_user_agent_without_a_version_is_refused(session: Session) -> None:
    await session.refresh()
    answer = await session._client.get("/customers/me/accounts", headers={"User-Agent": "curl"})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_user_agent"


async def test_a_revoked_grant_has_the_token_routes_own_error_shape(session: Session) -> None:
    session.refresh_token = "bad"
    with pytest.raises(TastytradeError, match="invalid_grant"):
        await session.refresh()


async def test_shares_with_their_option_ticks(session: Session) -> None:
    berkshire = await Equity.get(session, "BRK/B")
    uber, spy = await Equity.get(session, ["UBER", "SPY"])
    assert [(tick.threshold, tick.value) for tick in berkshire.option_tick_sizes or []] == [
        (Decimal(3), Decimal("0.05")),
        (None, Decimal("0.1")),
    ]
    assert uber.option_tick_sizes is not None
    assert uber.option_tick_sizes[0].value == Decimal("0.01")
    assert spy.is_etf


async def test_what_is_not_listed_is_404(session: Session) -> None:
    for ask in (
        Equity.get(session, "NOPE"),
        Option.get(session, "UBER  261205P00078000"),
        Future.get(session, "/ESX6"),
    ):
        with pytest.raises(TastytradeError, match="record_not_found"):
            await ask
    with pytest.raises(TastytradeError, match="record_not_found"):
        await NestedOptionChain.get(session, "SENS")


async def test_the_nested_chain_and_the_flat_one_agree(session: Session) -> None:
    roots = await NestedOptionChain.get(session, "UBER")
    flat = await get_option_chain(session, "UBER")
    assert [root.root_symbol for root in roots] == ["UBER"]
    assert [expiration.expiration_date for expiration in roots[0].expirations] == sorted(flat)
    first = roots[0].expirations[0]
    symbols = {option.symbol for option in flat[first.expiration_date]}
    assert symbols == {symbol for strike in first.strikes for symbol in (strike.call, strike.put)}


async def test_an_index_has_two_roots_with_their_own_settlement(session: Session) -> None:
    roots = {root.root_symbol: root for root in await NestedOptionChain.get(session, "SPX")}
    assert {root.expirations[0].settlement_type for root in roots.values()} == {"AM", "PM"}
    assert [tick.value for tick in roots["SPXW"].tick_sizes] == [Decimal("0.05"), Decimal("0.1")]


async def test_futures_by_product_and_by_symbol(session: Session) -> None:
    months = await Future.get(session, product_codes=["ES"])
    active = next(month for month in months if month.active_month)
    assert (await Future.get(session, active.symbol)).notional_multiplier == 50
    assert active.tick_size == Decimal("0.25")


async def test_quotes_by_type_leave_out_what_is_unknown(session: Session, control: Control, put: Option) -> None:
    await control.quote(put.symbol, "1.00", None)
    rows = {row.symbol: row for row in await get_market_data_by_type(
        session, equities=["UBER", "NOPE"], options=[put.symbol], indices=["SPX"], futures=["/ESZ6"]
    )}  # fmt: skip
    assert "NOPE" not in rows
    assert rows[put.symbol].bid == Decimal("1.00")
    assert rows[put.symbol].ask is None
    assert rows["SPX"].mark is not None


async def test_one_instruments_market_data(session: Session, put: Option) -> None:
    row = await get_market_data(session, put.symbol, put.instrument_type)
    assert row.symbol == put.symbol
    assert row.bid is not None


async def test_more_than_a_hundred_symbols_are_refused(session: Session) -> None:
    with pytest.raises(TastytradeError, match="symbols"):
        await get_market_data_by_type(session, equities=["UBER"] * 101)


async def test_the_session_says_what_the_control_plane_set(session: Session, control: Control) -> None:
    assert (await get_market_sessions(session, [ExchangeType.NYSE]))[0].status is MarketStatus.OPEN
    await control.session("closed")
    now = (await get_market_sessions(session, [ExchangeType.NYSE]))[0]
    assert now.status is MarketStatus.CLOSED
    assert now.next_session is not None
    assert now.previous_session is not None
    assert now.next_session.open_at - now.previous_session.open_at > timedelta(hours=24)
    assert len((await get_market_holidays(session)).holidays) >= 18
