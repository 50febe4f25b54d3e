"""What the page shows at one moment."""

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tastytrade import Account, Session

from paper.control.board import prices
from paper.control.recollection import Recollection
from paper.control.snapshot import Snapshot, snapshot
from paper.exchange import Exchange
from paper.server import RunningPaper
from paper.settings import PaperSettings, SessionMode
from paper.trading.orders import Leg, Order
from paper.trading.words import Action, OrderType, Status, TimeInForce
from paper.wire.gate import RequestLog

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")


def taken(exchange: Exchange, log: RequestLog | None = None, chosen: tuple[str, ...] = ()) -> Snapshot:
    recollection = Recollection(exchange)
    recollection.note(prices(exchange, recollection))
    return snapshot(exchange, recollection, log or RequestLog(), exchange.faults, chosen)


async def place(session: Session, account: Account, order: Any) -> int:
    return int((await account.place_order(session, order, dry_run=False)).order.id)


def rest(exchange: Exchange, number: int) -> None:
    """Put one far order into the book, in one of sixty contracts."""
    options = list(exchange.listings.chain("UBER")[2].options())
    option = options[number % 60]
    leg = Leg(
        symbol=option.symbol, instrument_type=option.instrument_type, action=Action.BUY_TO_OPEN, quantity=1 + number % 3
    )
    order = Order(
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        legs=[leg],
        underlying="UBER",
        underlying_type=option.instrument_type,
        price=Decimal("0.01"),
        price_effect="Debit",
        identifier="x" * 5000,
    )
    exchange.book.accept(order)
    for status in (Status.ROUTED, Status.IN_FLIGHT, Status.LIVE):
        exchange.book.move(order, status)


async def test_it_shows_a_trade_from_the_order_to_the_position(
    paper: RunningPaper, session: Session, account: Account, control: Any, put: Any, ticket: Any, settled: Any
) -> None:
    await control.quote(put.symbol, "1.00", "1.10", ask_size=3)
    order_id = await place(session, account, ticket.buy(5, "1.10", "<b>mine</b>"))
    exchange = paper.exchange
    await settled(order_id, "Live")
    await control.quote(put.symbol, "1.20", "1.30")
    shown = taken(exchange)

    order = shown.open_orders[0]
    assert (order.id, order.action, order.quantity, order.filled, order.limit) == (order_id, "BTO", 5, 3, "1.10")
    assert (order.status, order.time_in_force, order.identifier) == ("Live", "Day", "<b>mine</b>")
    assert order.name.startswith("UBER 80p ")
    fill = shown.fills[0]
    assert (fill.order_id, fill.action, fill.quantity, fill.price) == (order_id, "BTO", 3, "1.10")
    position = shown.positions[0]
    assert (position.quantity, position.average, position.mark, position.unrealised) == (3, "1.10", "1.25", "+45.00")
    contract = shown.contracts[0]
    assert (contract.held, contract.working, contract.pinned, contract.bid, contract.ask) == (
        3,
        1,
        True,
        "1.20",
        "1.30",
    )
    mine = next(level for level in shown.ladders[0].levels if level.buying)
    assert (shown.ladders[0].symbol, mine.price, mine.buying, mine.orders) == (put.symbol, "1.10", 2, 1)


async def test_the_account_adds_up(
    paper: RunningPaper, session: Session, account: Account, control: Any, put: Any, ticket: Any, settled: Any
) -> None:
    exchange = paper.exchange
    await control.quote(put.symbol, "1.00", "1.10")
    await settled(await place(session, account, ticket.buy(5, "1.10")), "Filled")
    await control.quote(put.symbol, "1.50", "1.60")
    await settled(await place(session, account, ticket.sell(2, "1.50")), "Filled")
    shown = taken(exchange).account
    fees = sum(execution.fees for execution in exchange.book.executions)
    assert (shown.realised, shown.unrealised) == ("+80.00", "+135.00")
    assert shown.fees == f"−{fees:.2f}"
    assert shown.profit_today == f"+{Decimal(215) - fees:.2f}"
    value = Decimal(100_000) + 215 - fees
    assert shown.net_liquidating_value == f"{value:,.2f}", "what was gained is what is there"
    assert shown.cash == f"{exchange.account.cash:,.2f}"
    assert shown.buying_power == f"{exchange.available():,.2f}"


async def test_ended_orders_say_why(
    paper: RunningPaper, session: Session, account: Account, control: Any, put: Any, ticket: Any, settled: Any
) -> None:
    await control.quote(put.symbol, "1.00", "1.10")
    await settled(await place(session, account, ticket.buy(1, "1.10", "a")), "Filled")
    await control.fault("reject_next")
    await settled(await place(session, account, ticket.buy(1, "0.90", "b")), "Rejected")
    replaced = await place(session, account, ticket.buy(1, "0.80", "c"))
    await settled(replaced, "Live")
    new = await account.replace_order(session, replaced, ticket.buy(1, "0.81", "c"))
    await settled(replaced, "Cancelled")
    await settled(int(new.id), "Live")
    paper.exchange.set_clock(paper.exchange.clock() + timedelta(days=1))
    await settled(int(new.id), "Expired")
    ends = {order.status: (order.end, order.average) for order in taken(paper.exchange).ended_orders}
    assert ends["Filled"] == ("", "1.10")
    assert ends["Rejected"] == ("Rejected by the venue", "–")
    assert ends["Cancelled"] == (f"became {new.id}", "–")
    assert ends["Expired"] == ("at the close", "–")


async def test_a_position_closed_today_stays_with_what_it_realised(
    paper: RunningPaper, session: Session, account: Account, control: Any, put: Any, ticket: Any, settled: Any
) -> None:
    await control.quote(put.symbol, "1.00", "1.10")
    await settled(await place(session, account, ticket.buy(1, "1.10")), "Filled")
    await settled(await place(session, account, ticket.sell(1, "1.00")), "Filled")
    position = taken(paper.exchange).positions[0]
    assert (position.quantity, position.average, position.realised) == (0, "–", "−10.00")


async def test_session_faults_and_requests_are_told(
    paper: RunningPaper, session: Session, account: Account, control: Any
) -> None:
    await account.get_balances(session)
    await control.fault("error_before", times=3, side="buy", identifier="al-", may_be_unused=True)
    paper.exchange.set_session(SessionMode.CLOSED)
    log = paper.page.log
    log.statuses[429] += 2
    shown = taken(paper.exchange, log)
    assert (shown.session.state, shown.session.mode, shown.session.seed) == ("Closed", "closed", 1)
    assert shown.faults[0].model_dump() == {
        "kind": "error_before", "on": "place", "about": "buy, al-", "armed": 3, "fired": 0
    }  # fmt: skip
    assert shown.requests.too_many == 2
    assert float(shown.requests.per_second) > 0


async def test_a_driven_clock_pinned_quotes_and_a_recording_are_told(
    paper: RunningPaper, control: Any, tmp_path: Path
) -> None:
    exchange = paper.exchange
    await control.quote("AAPL", "200.00", "200.02")
    exchange.set_clock(exchange.clock() + timedelta(hours=30))
    session = taken(exchange).session
    assert (session.ahead, session.pinned, session.replayed) == ("+1 day, 6:00:00", 1, "")
    recording = tmp_path / "morning.csv"
    recording.write_text("time,symbol,bid,ask\n0,SPY,600,601\n3600,SPY,601,602\n")
    await exchange.replay.play(recording, 1.0)
    assert taken(exchange).session.replayed == "morning.csv"


async def test_underlyings_show_their_change_since_the_start(paper: RunningPaper, control: Any) -> None:
    exchange = paper.exchange
    await control.quote("AAPL", "200.00", "200.02")
    recollection = Recollection(exchange)
    recollection.note(prices(exchange, recollection))
    await control.quote("AAPL", "202.00", "202.02")
    recollection.note(prices(exchange, recollection))
    rows = {row.symbol: row for row in snapshot(exchange, recollection, RequestLog(), exchange.faults).underlyings}
    apple = rows["AAPL"]
    assert (apple.last, apple.change, apple.percent, apple.way) == ("202.01", "+2.00", "+1.00%", (0, 100))
    assert rows["SPY"].bid < rows["SPY"].last < rows["SPY"].ask
    assert any(symbol.startswith("/ES") for symbol in rows)


async def test_a_quote_that_is_no_number_is_shown_as_such(paper: RunningPaper, put: Any) -> None:
    exchange = paper.exchange
    quote = exchange.market.quote(exchange.listings.find(put.symbol))
    nothing = Decimal("NaN")
    exchange.market._pins[put.symbol] = type(quote)(nothing, nothing, 1, 1, quote.at)
    contract = taken(exchange, chosen=(put.symbol,)).contracts[0]
    assert (contract.bid, contract.ask, contract.last, contract.change) == ("NaN", "NaN", "NaN", "0.00")


async def test_looking_changes_nothing() -> None:
    looked_at, alone = (Exchange(PaperSettings(seed=5)) for _ in range(2))
    for exchange in (looked_at, alone):
        rest(exchange, 3)
    symbol = next(iter(looked_at.book.open_orders())).legs[0].symbol
    for _ in range(30):
        taken(looked_at)
        for exchange in (looked_at, alone):
            exchange.market.step(1)
    for name in (symbol, "SPY", "UBER"):
        quotes = [exchange.market.quote(exchange.listings.find(name)) for exchange in (looked_at, alone)]
        first, second = ((quote.bid, quote.ask, quote.bid_size, quote.ask_size) for quote in quotes)
        assert first == second, name
    for exchange in (looked_at, alone):
        await exchange.close()


async def test_a_big_book_makes_a_bounded_snapshot_with_the_newest_orders() -> None:
    exchange = Exchange(PaperSettings())
    for number in range(1000):
        rest(exchange, number)
    for order in random.Random(1).sample(exchange.book.open_orders(), 300):
        exchange.book.execute(order, 1, [Decimal("0.01")])
    shown = taken(exchange)
    assert len(shown.open_orders) == 50
    assert shown.open_orders_left_out == len(exchange.book.open_orders()) - 50
    assert shown.open_orders[0].id == exchange.book.open_orders()[-1].id
    assert (len(shown.contracts), shown.contracts_left_out) == (40, 20)
    assert len(shown.fills) == 100
    assert len(shown.model_dump_json()) < 100_000
    await exchange.close()


async def test_an_unchanged_order_is_not_made_anew() -> None:
    exchange = Exchange(PaperSettings())
    for number in range(3):
        rest(exchange, number)
    recollection = Recollection(exchange)
    first = snapshot(exchange, recollection, RequestLog(), exchange.faults).open_orders
    exchange.book.move(exchange.book.open_orders()[0], Status.CANCEL_REQUESTED)
    second = snapshot(exchange, recollection, RequestLog(), exchange.faults).open_orders
    assert [old is new for old, new in zip(first, second, strict=True)] == [True, True, False]
    assert second[2].status == "Cancel Requested"
    await exchange.close()
