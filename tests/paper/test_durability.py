"""What an exchange may never forget: its own process is killed, and started again on the same book."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tastytrade import Account, Session
from tastytrade.instruments import Option
from tastytrade.order import LimitOrder, OrderAction, OrderStatus, OrderTimeInForce

from paper.control.client import Control
from paper.server import serve
from paper.settings import PaperSettings
from paper.trading.store import Store, StoreBusyError

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def process(db: Path, *arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The real process; killed on the way out unless it ended by itself."""
    command = [sys.executable, "-m", "paper", "--port", "0", "--db", str(db), *arguments]
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    try:
        async with asyncio.timeout(30):
            line = (await child.stdout.readline()).decode()
        yield child, line.split()[-1]
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def option_of(session: Session) -> Option:
    flat = await session._get("/option-chains/UBER/nested")
    expiration = flat["items"][0]["expirations"][2]
    symbol = next(strike["put"] for strike in expiration["strikes"] if strike["strike-price"] == "80.0")
    return await Option.get(session, symbol)


def buy(option: Option, quantity: int, price: str, identifier: str) -> LimitOrder:
    return LimitOrder(
        time_in_force=OrderTimeInForce.GTC,
        legs=[option.build_leg(quantity, OrderAction.BUY_TO_OPEN)],
        price=-Decimal(price),
        external_identifier=identifier,
    )


async def test_kill_9_in_a_burst_forgets_no_acknowledged_order_and_no_fill(
    tmp_path: Path, new_session: Callable[[str], Session]
) -> None:
    acknowledged: list[int] = []
    async with process(tmp_path / "paper.db", "--fast") as (child, url), Control(url) as control:
        session = new_session(url)
        option, account = await option_of(session), (await Account.get(session))[0]
        await control.quote(option.symbol, "1.00", "1.10", 5, 7)

        async def keep_buying(lane: int) -> None:
            for number in range(50):
                order = buy(option, 1, "1.10", f"al-{lane}-{number}")
                acknowledged.append((await account.place_order(session, order, dry_run=False)).order.id)
                if len(acknowledged) == 20:
                    child.send_signal(signal.SIGKILL)

        lanes = await asyncio.gather(*(keep_buying(lane) for lane in range(4)), return_exceptions=True)
        await child.wait()
        await session._client.aclose()
    assert all(isinstance(lane, httpx2.HTTPError) for lane in lanes)

    async with process(tmp_path / "paper.db", "--fast") as (_, url), Control(url) as control:
        book = await control.book()
    fills = book["fills"]
    assert set(acknowledged) <= {order["id"] for order in book["orders"]}
    assert 0 < len(fills) <= 7  # what was offered, once
    assert len({fill["fill_id"] for fill in fills}) == len(fills)
    assert sum(position["quantity"] for position in book["positions"]) == len(fills)
    assert Decimal(book["cash"]) == 100_000 - len(fills) * (110 + Decimal("1.12"))


async def test_a_taken_size_stays_taken_through_a_restart(
    tmp_path: Path, new_session: Callable[[str], Session], happens: Callable[..., Any]
) -> None:
    settings = PaperSettings(db=tmp_path / "paper.db").hurried()
    first = await serve(settings)
    session = new_session(first.url)
    option, account = await option_of(session), (await Account.get(session))[0]
    async with Control(first.url) as control:
        await control.quote(option.symbol, "1.00", "1.10", 5, 2)
    placed = await account.place_order(session, buy(option, 5, "1.10", "al-1"), dry_run=False)
    order = first.exchange.book.orders[placed.order.id]
    await happens(lambda: order.filled == 2, first.exchange.book.order_changed)
    await session._client.aclose()
    await first.close()

    second = await serve(settings)
    kept = second.exchange.book.orders[placed.order.id]
    second.exchange.matcher.match(option.symbol)
    assert (kept.status, kept.filled) == ("Live", 2)
    await second.close()


async def test_sigterm_ends_it_in_order_and_a_second_process_may_not_share_its_book(tmp_path: Path) -> None:
    db = tmp_path / "paper.db"
    async with process(db) as (child, _):
        with pytest.raises(StoreBusyError):
            Store(db)
        child.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await child.wait() == 0
    Store(db).close()


async def test_orders_on_their_way_go_on_after_a_restart(
    tmp_path: Path, new_session: Callable[[str], Session], happens: Callable[..., Any]
) -> None:
    slow = PaperSettings(db=tmp_path / "paper.db", hop_seconds=30, cancel_seconds=30)
    first = await serve(slow)
    session = new_session(first.url)
    account, option = (await Account.get(session))[0], await option_of(session)
    answer = await account.place_order(session, buy(option, 1, "0.01", "al-1"), dry_run=False)
    assert answer.order.status is OrderStatus.ROUTED
    await session._client.aclose()
    await first.close()

    second = await serve(slow.hurried())
    book = second.exchange.book
    await happens(lambda: book.orders[answer.order.id].status == "Live", book.order_changed)
    await second.close()


async def test_pins_paths_cash_session_and_tokens_outlive_a_restart(
    tmp_path: Path, new_session: Callable[[str], Session]
) -> None:
    settings = PaperSettings(db=tmp_path / "paper.db").hurried()
    first = await serve(settings)
    session = new_session(first.url)
    option = await option_of(session)
    async with Control(first.url) as control:
        await control.quote(option.symbol, "1.00", "1.10")
        await control.path(option.symbol, [{"after": 0.05, "bid": "2.00", "ask": "2.10"}])
        await control.cash("777.5")
        await control.session("closed")
    await first.close()

    second = await serve(settings)
    shown: asyncio.Queue[str] = asyncio.Queue()
    instrument = second.exchange.listings.find(option.symbol)
    assert instrument is not None
    second.exchange.market.shown.append(shown.put_nowait)
    async with asyncio.timeout(5):
        while str(second.exchange.market.quote(instrument).bid) != "2.00":
            await shown.get()
    session._client.base_url = second.url
    account = (await Account.get(session))[0]  # with the first run's token
    assert str((await account.get_balances(session)).cash_balance) == "777.5"
    assert second.exchange.sessions.mode == "closed"
    await session._client.aclose()
    await second.close()
