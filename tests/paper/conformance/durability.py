"""What an exchange never forgets: its book is taken as it lies there at a crash, and another exchange goes on with it.

Most checks take what the first exchange has committed while it runs. The last one kills a real process.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tastytrade import Account, Session
from tastytrade.instruments import Option
from tastytrade.order import LimitOrder, OrderAction, OrderStatus, OrderTimeInForce
from tastytrade.utils import TastytradeError

from paper.control.client import Control
from paper.server import RunningPaper, serve
from paper.trading.book import FIRST_ORDER_ID, Book
from paper.trading.store import Saved, Store
from paper.trading.venue import Venue
from paper.wire import tokens
from tests.paper.conformance.point import Break, Source, around, instead, nothing, point
from tests.paper.conformance.stage import Stage
from tests.paper.conftest import eventually, sdk_session

OURS, GTC = Source.OURS, OrderTimeInForce.GTC
ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def crashed(stage: Stage) -> AsyncIterator[RunningPaper]:
    """An exchange, hurried, that goes on with what the first would leave behind if it was killed now."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "paper.db"
        db.write_bytes(stage.paper.exchange.store._db.serialize())
        second = await serve(stage.paper.exchange.settings.hurried().model_copy(update={"db": db, "port": 0}))
        try:
            yield second
        finally:
            await second.close()


async def becomes(stage: Stage, paper: RunningPaper, order_id: int, status: str) -> None:
    order, changed = paper.exchange.book.orders[order_id], paper.exchange.book.order_changed
    try:
        await eventually(lambda: order.status == status, changed, stage.patience)
    except TimeoutError:
        raise AssertionError(f"it is {order.status}, and never became {status}") from None


def _forgetting(*what: str) -> Break:
    def wrap(save: Any) -> Any:
        return lambda store, **kept: save(store, **{key: rows for key, rows in kept.items() if key not in what})

    return around(Store, "save", wrap)


def _later(save: Any) -> Any:
    def saved(store: Store, **rows: Any) -> None:
        kept = {key: list(value) for key, value in rows.items()}
        asyncio.get_running_loop().call_later(0.05, lambda: save(store, **kept))

    return saved


@point(
    OURS,
    {
        "orders are forgotten": _forgetting("orders"),
        "fills are": _forgetting("executions"),
        "cash is": _forgetting("cash"),
        "positions are": _forgetting("positions"),
        "it is written after it is told": around(Store, "save", _later),
    },
)
async def whatever_was_told_is_in_the_book_after_a_crash(stage: Stage) -> None:
    """Every acknowledged order and fill, with the cash and the positions that they made, to the cent."""
    async with stage.listening() as wire:
        filled = (await stage.place(stage.ticket.buy(2, "1.10", "al-1"))).id
        await wire.orders_until("Filled")
    live = (await stage.place(stage.ticket.buy(1, "1.05", "al-2"))).id
    async with crashed(stage) as second:
        exchange = second.exchange
        assert exchange.book.orders.keys() == {filled, live}
        kept = exchange.book.orders[filled]
        assert (kept.status, kept.identifier, kept.legs) == ("Filled", "al-1", stage.order(filled).legs)
        assert [execution.order_id for execution in exchange.book.executions] == [filled]
        assert exchange.account.cash == 100_000 - 220 - Decimal("2.24")
        assert exchange.account.held(stage.option.symbol) == 2


@point(OURS, {"nobody resumes": instead(Venue, "resume", nothing)})
async def working_orders_go_on_after_a_crash(stage: Stage) -> None:
    """They wait for the market where it left them, and are filled at their price."""
    order_id = await stage.resting(1, "1.05", time_in_force=GTC)
    async with crashed(stage) as second:
        assert second.exchange.book.orders[order_id].status == "Live"
        async with Control(second.url) as control:
            await control.quote(stage.option.symbol, "0.90", "1.00")
            await becomes(stage, second, order_id, "Filled")
            placed = await control.book()
    assert [fill["price"] for fill in placed["fills"]] == ["1.05"]
    replaced = await stage.account.replace_order(stage.session, order_id, stage.ticket.buy(1, "1.06"))
    assert replaced.status is OrderStatus.CONTINGENT
    async with crashed(stage) as second:
        await becomes(stage, second, replaced.id, "Live")
        await becomes(stage, second, order_id, "Cancelled")


@point(OURS, {"they are stuck": instead(Venue, "resume", nothing)}, hop_seconds=30, cancel_seconds=30)
async def orders_on_their_way_arrive_after_a_crash(stage: Stage) -> None:
    """Routed ones go Live; what is Cancel or Replace Requested comes to its end, and none of it hangs for ever."""
    routed = (await stage.place(stage.ticket.buy(1, "1.05"))).id
    async with crashed(stage) as second:
        await becomes(stage, second, routed, "Live")
        assert second.exchange.book.orders[routed].in_flight_at is not None


@point(OURS, {"a new secret": instead(tokens, "_kept_secret", lambda _: b"anew")})
async def tokens_stay_good_through_a_crash_and_revoked_ones_stay_revoked(stage: Stage) -> None:
    """A client goes on with the token it has."""
    async with crashed(stage) as second:
        stage.session._client.base_url = second.url
        assert await Account.get(stage.session) == [stage.account]
        stage.session._client.base_url = stage.paper.url
    await stage.control.fault("revoke_tokens")
    async with crashed(stage) as second:
        stage.session._client.base_url = second.url
        with pytest.raises(TastytradeError, match="token_invalid"):
            await Account.get(stage.session)


def _from_the_start(init: Any) -> Any:
    def made(book: Book, *parts: Any) -> None:
        init(book, *parts)
        book._next_id = FIRST_ORDER_ID

    return made


@point(
    OURS,
    {
        "ids begin anew": around(Book, "__init__", _from_the_start),
        "it is a new book": instead(Store, "load", lambda _: Saved()),
    },
)
async def ids_of_orders_and_fills_are_never_used_twice(stage: Stage) -> None:
    """Not even by an exchange that was killed in between."""
    await stage.held(1)
    first = next(iter(stage.paper.exchange.book.orders))
    async with crashed(stage) as second:
        stage.session._client.base_url = second.url
        placed = await stage.place(stage.ticket.buy(1, "1.10"))
        assert placed.id > first
        await becomes(stage, second, placed.id, "Filled")
        fills = [execution.fill_id for execution in second.exchange.book.executions]
        assert len(set(fills)) == 2


@point(
    OURS,
    {
        "pins are forgotten": _forgetting("pins"),
        "the rest is": instead(Store, "remember", nothing),
    },
)
async def the_quotes_the_session_and_the_clock_are_where_they_were(stage: Stage) -> None:
    """Whoever drove them need not drive them again; a size that was taken stays taken."""
    await stage.quote("1.00", "1.10", 2)
    await stage.settled((await stage.place(stage.ticket.buy(2, "1.10"))).id, "Filled")
    await stage.control.session("closed")
    tomorrow = stage.paper.exchange.clock().replace(microsecond=0) + timedelta(days=1)
    await stage.control.clock(tomorrow)
    async with crashed(stage) as second:
        exchange = second.exchange
        quote = exchange.market.pinned(stage.option.symbol)
        assert quote is not None
        assert (quote.ask, quote.ask_size) == (Decimal("1.10"), 0)
        assert exchange.sessions.mode == "closed"
        assert exchange.clock() >= tomorrow


PREAMBLE = ""  # what is run in the process before the exchange


@asynccontextmanager
async def process(db: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The real process; killed on the way out."""
    code = f"{PREAMBLE}\nimport sys\nfrom paper.__main__ import main\nsys.exit(main())"
    command = [sys.executable, "-c", code, "--port", "0", "--db", str(db), "--fast"]
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    try:
        async with asyncio.timeout(30):
            yield child, (await child.stdout.readline()).decode().split()[-1]
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def bombard(session: Session, account: Account, option: Option, child: asyncio.subprocess.Process) -> set[int]:
    """Place orders until one goes unanswered, because the exchange is killed under them; those that were answered."""
    answered: set[int] = set()
    order = LimitOrder(time_in_force=GTC, legs=[option.build_leg(1, OrderAction.BUY_TO_OPEN)], price=Decimal("-1.10"))
    try:
        while True:
            answered.add((await account.place_order(session, order, dry_run=False)).order.id)
            if len(answered) == 20:
                asyncio.get_running_loop().call_later(0.003, child.kill)
    except Exception:  # noqa: BLE001  whichever way the connection ends
        return answered


@point(
    OURS,
    {
        "nothing is written": lambda patch, _: patch.setattr(
            f"{__name__}.PREAMBLE", "from paper.trading.store import Store\nStore.save = lambda self, **rows: None"
        ),
    },
)
async def a_killed_process_has_lost_no_order_that_it_answered(stage: Stage) -> None:
    """kill -9 in the middle of orders: the book has all that were acknowledged, and the account adds up."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "paper.db"
        async with process(db) as (child, url), Control(url) as control:
            session = sdk_session(url)
            account = (await Account.get(session))[0]
            await control.quote(stage.option.symbol, "1.00", "1.10", 5000, 5000)
            answered = await bombard(session, account, stage.option, child)
            await session._client.aclose()
        async with process(db) as (_, url), Control(url) as control:
            book = await control.book()
    orders = {order["id"]: order for order in book["orders"]}
    assert answered <= orders.keys()
    filled = [order for order in orders.values() if order["status"] == "Filled"]
    assert len(book["fills"]) == len(filled)
    assert sum(position["quantity"] for position in book["positions"]) == len(filled)
    assert Decimal(book["cash"]) == 100_000 - len(filled) * Decimal("111.12")
