"""The account's history through the unmodified SDK: trades, what expired, and how it is searched."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tastytrade import Account, Session
from tastytrade.account import AccountBalance, CurrentPosition, Transaction
from tastytrade.instruments import Option
from tastytrade.order import InstrumentType, LimitOrder, OrderAction, OrderTimeInForce
from tastytrade.utils import TastytradeError

from paper.control.client import Control
from paper.server import RunningPaper, serve
from paper.settings import PaperSettings, SessionMode
from paper.trading.orders import Order

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
FRIDAY = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
CLOSE = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)  # of a half day
PUT, SPX_PUT = "UBER  261127P00080000", "SPXW  261127P06700000"
Settled = Callable[[int, str], Awaitable[Order]]
Happens = Callable[[Callable[[], bool], list[Any]], Awaitable[None]]


class Clock:
    """The time a test says it is."""

    now = FRIDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def paper(clock: Clock) -> AsyncIterator[RunningPaper]:
    settings = PaperSettings(session=SessionMode.REAL, token_life=1e8, tick_seconds=0.01, cash=Decimal(400_000))
    running = await serve(settings.hurried(), clock)
    yield running
    await running.close()


Trade = Callable[[str, OrderAction, int], Awaitable[int]]


@pytest.fixture
def trade(account: Account, session: Session, control: Control, settled: Settled) -> Trade:
    """Trade so many at 1.00; returns the order's id."""

    async def do(symbol: str, action: OrderAction, quantity: int) -> int:
        await control.quote(symbol, "1.00", "1.00", 50, 50)
        sign = -1 if action.value.startswith("Buy") else 1
        order = LimitOrder(
            time_in_force=OrderTimeInForce.DAY,
            legs=[(await Option.get(session, symbol)).build_leg(quantity, action)],
            price=sign * Decimal("1.00"),
        )
        placed = (await account.place_order(session, order, dry_run=False)).order.id
        await settled(placed, "Filled")
        return placed

    return do


@pytest.fixture
async def assigned(paper: RunningPaper, control: Control, clock: Clock, trade: Trade, happens: Happens) -> None:
    """One contract bought back, two assigned at the close with the shares at 70.00."""
    await trade(PUT, OrderAction.SELL_TO_OPEN, 3)
    await trade(PUT, OrderAction.BUY_TO_CLOSE, 1)
    await control.quote("UBER", "69.99", "70.01")
    clock.now = CLOSE
    await happens(lambda: len(paper.exchange.book.history) == 4, paper.exchange.book.delivered)


def words(rows: list[Transaction]) -> list[tuple[str, str]]:
    return [(row.transaction_type, row.transaction_sub_type) for row in rows]


@pytest.mark.usefixtures("assigned")
async def test_an_assignment_is_listed_as_the_broker_lists_it(account: Account, session: Session) -> None:
    shares, removal, *trades = await account.get_history(session)
    assert words([removal, shares]) == [("Receive Deliver", "Assignment"), ("Receive Deliver", "Buy to Open")]
    assert (removal.symbol, removal.action, removal.price, removal.quantity) == (PUT, None, None, 2)
    assert (removal.value, removal.net_value, removal.description) == (0, 0, "Removal of option due to assignment")
    assert (shares.symbol, shares.action, shares.price, shares.quantity) == ("UBER", OrderAction.BUY_TO_OPEN, 80, 200)
    assert (shares.value, shares.clearing_fees, shares.net_value) == (-16_000, -10, -16_010)
    assert shares.description == "Buy to Open 200 UBER @ 80.00"
    assert (shares.executed_at, shares.order_id) == (CLOSE, None)
    assert [row.id for row in (*reversed(trades), removal, shares)] == [1, 2, 3, 4]


@pytest.mark.usefixtures("assigned")
async def test_the_history_adds_up_to_the_cash(account: Account, session: Session) -> None:
    history = await account.get_history(session)
    balances = await account.get_balances(session)
    assert balances.cash_balance == 400_000 + sum(row.net_value for row in history)
    fees = 3 * Decimal("1.12") + Decimal("0.12") + 10
    assert (await account.get_total_fees(session, CLOSE.date())).total_fees == -fees


@pytest.mark.usefixtures("assigned")
@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, [4, 3, 2, 1]),
        ({"sort": "Asc"}, [1, 2, 3, 4]),
        ({"type": "Trade"}, [2, 1]),
        ({"types": ["Receive Deliver", "Money Movement"]}, [4, 3]),
        ({"sub_types": ["Assignment", "Sell to Open"]}, [3, 1]),
        ({"symbol": PUT}, [3, 2, 1]),
        ({"underlying_symbol": "UBER"}, [4, 3, 2, 1]),
        ({"underlying_symbol": "SPY"}, []),
        ({"instrument_type": InstrumentType.EQUITY}, [4]),
        ({"action": "Buy to Open"}, [4]),
        ({"futures_symbol": "/ESZ6"}, []),
        ({"start_date": date(2026, 11, 28)}, []),
        ({"start_date": date(2026, 11, 27), "end_date": date(2026, 11, 27)}, [4, 3, 2, 1]),
        ({"end_date": date(2026, 11, 26)}, []),
        ({"start_at": CLOSE}, [4, 3]),
        ({"end_at": CLOSE - timedelta(seconds=1)}, [2, 1]),
        ({"per_page": 3}, [4, 3, 2]),
        ({"per_page": 3, "page_offset": 1}, [1]),
        ({"per_page": 1, "page_offset": None}, [4, 3, 2, 1]),
    ],
    ids=str,
)
async def test_the_history_is_searched_as_the_sdk_asks(
    account: Account, session: Session, asked: dict[str, Any], ids: list[int]
) -> None:
    assert [row.id for row in await account.get_history(session, **asked)] == ids


@pytest.mark.usefixtures("assigned")
async def test_one_transaction_is_found_by_its_id(account: Account, session: Session) -> None:
    assert (await account.get_transaction(session, 3)).transaction_sub_type == "Assignment"
    for missing in (0, 5):
        with pytest.raises(TastytradeError, match="record_not_found"):
            await account.get_transaction(session, missing)


async def test_a_day_that_is_none_is_refused(session: Session, account: Account) -> None:
    await session.refresh()
    path = f"/accounts/{account.account_number}/transactions"
    for query in ("start-date=yesterday", "end-at=2026-11-27T10:00:00"):
        assert (await session._client.get(f"{path}?{query}")).status_code == 400


async def test_an_index_option_is_settled_in_cash_and_a_worthless_one_expires(
    paper: RunningPaper,
    account: Account,
    session: Session,
    control: Control,
    clock: Clock,
    trade: Trade,
    happens: Happens,
) -> None:
    await trade(SPX_PUT, OrderAction.BUY_TO_OPEN, 1)
    await trade(PUT, OrderAction.BUY_TO_OPEN, 2)
    await control.quote("SPX", "6696.36", "6696.36")
    await control.quote("UBER", "85.00", "85.00")
    clock.now = CLOSE
    await happens(lambda: len(paper.exchange.book.history) == 4, paper.exchange.book.delivered)
    cash, worthless = await account.get_history(session, type="Receive Deliver", sort="Asc")
    assert (cash.transaction_sub_type, cash.price, cash.value) == ("Cash Settled Exercise", 6700, 364)
    assert (cash.clearing_fees, cash.net_value, cash.action) == (-5, 359, None)
    assert (worthless.transaction_sub_type, worthless.value, worthless.clearing_fees) == ("Expiration", 0, None)
    assert worthless.description == "Removal of 2 UBER 11/27/26 Put 80.00 due to expiration."


async def test_the_stream_tells_the_positions_and_the_balance_that_an_assignment_changed(
    paper: RunningPaper, account: Account, control: Control, clock: Clock, trade: Trade, alerts: Callable[[], Any]
) -> None:
    await trade(PUT, OrderAction.SELL_TO_OPEN, 1)
    await control.quote("UBER", "69.99", "70.01")
    async with alerts() as streamer:
        clock.now = CLOSE
        removed, received = [await anext(streamer.listen(CurrentPosition)) for _ in range(2)]
        balances = [await anext(streamer.listen(AccountBalance)) for _ in range(2)]
    assert (removed.symbol, removed.quantity, removed.quantity_direction) == (PUT, 0, "Zero")
    assert (received.symbol, received.quantity, received.average_open_price) == ("UBER", 100, 80)
    assert balances[-1].cash_balance == paper.exchange.account.cash


async def test_a_position_carries_what_it_realised_today_and_its_close_of_the_day_before(
    paper: RunningPaper, account: Account, session: Session, control: Control, clock: Clock, trade: Trade
) -> None:
    symbol = "UBER  261204P00080000"
    await trade(symbol, OrderAction.BUY_TO_OPEN, 3)
    await control.quote(symbol, "1.50", "1.50")
    clock.now = FRIDAY + timedelta(days=3)
    paper.exchange.ring_bells()
    await trade(symbol, OrderAction.SELL_TO_CLOSE, 1)
    [row] = await account.get_positions(session)
    assert (row.average_open_price, row.close_price, row.average_daily_market_close_price) == (1, 1.5, 1.5)
    assert (row.realized_today, row.realized_day_gain) == (0, -50)
    assert row.expires_at == datetime(2026, 12, 4, 21, 0, tzinfo=UTC)
    clock.now += timedelta(days=1)
    paper.exchange.ring_bells()
    [row] = await account.get_positions(session)
    assert (row.realized_today, row.realized_day_gain, row.quantity) == (0, 0, 2)
