"""What the page remembers of an exchange."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tastytrade import Account, Session

from paper.control.recollection import ENDED_ORDERS, FILLS, PricePath, Recollection
from paper.server import RunningPaper

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")


async def buy(session: Session, account: Account, ticket: Any, quantity: int, price: str) -> int:
    placed = await account.place_order(session, ticket.buy(quantity, price), dry_run=False)
    return int(placed.order.id)


def test_a_way_is_told_from_its_lowest_to_its_highest() -> None:
    way = PricePath(Decimal(10))
    for price in ("10", "12", "11"):
        way.add(Decimal(price))
    assert (way.start, way.drawn) == (10, (0, 100, 50))


def test_a_way_that_goes_nowhere_runs_through_the_middle_and_is_bounded() -> None:
    way = PricePath(Decimal(10))
    for _ in range(1000):
        way.add(Decimal(10))
    assert set(way.drawn) == {50}
    assert len(way.drawn) == 90


async def test_prices_are_followed_only_as_long_as_they_are_noted(paper: RunningPaper) -> None:
    recollection = Recollection(paper.exchange)
    recollection.note({"SPY": Decimal(1), "AAPL": Decimal(2)})
    recollection.note({"SPY": Decimal(3)})
    path = recollection.path("SPY")
    assert path is not None
    assert (path.start, path.drawn) == (1, (0, 100))
    assert recollection.path("AAPL") is None


async def test_orders_that_ended_come_newest_first_and_are_bounded(
    paper: RunningPaper, session: Session, account: Account, control: Any, put: Any, ticket: Any, settled: Any
) -> None:
    recollection = Recollection(paper.exchange)
    await control.quote(put.symbol, "1.00", "1.10", ask_size=1000)
    ids = [await buy(session, account, ticket, 1, "1.10") for _ in range(ENDED_ORDERS + 2)]
    for order_id in ids:
        await settled(order_id, "Filled")
    assert [order.id for order in recollection.ended()] == ids[:1:-1]


async def test_it_starts_with_what_an_earlier_run_left(
    paper: RunningPaper, session: Session, account: Account, control: Any, put: Any, ticket: Any, settled: Any
) -> None:
    await control.quote(put.symbol, "1.00", "1.10", ask_size=1000)
    first, second = [await buy(session, account, ticket, 2, "1.10") for _ in range(2)]
    for order_id in (first, second):
        await settled(order_id, "Filled")
    resting = await buy(session, account, ticket, 1, "0.50")
    recollection = Recollection(paper.exchange)
    assert {order.id for order in recollection.ended()} == {first, second}
    assert resting not in {order.id for order in recollection.ended()}
    assert [fill.order_id for fill in recollection.fills] == [first, second]
    assert recollection.fees_today == sum(execution.fees for execution in paper.exchange.book.executions) > 0


async def test_the_tape_is_bounded(
    paper: RunningPaper, session: Session, account: Account, control: Any, put: Any, ticket: Any, settled: Any
) -> None:
    recollection = Recollection(paper.exchange)
    await control.quote(put.symbol, "1.00", "1.10", ask_size=1000)
    await control.fault("lots", lots=[1] * (FILLS + 4))
    await settled(await buy(session, account, ticket, FILLS + 5, "1.10"), "Filled")
    assert len(paper.exchange.book.executions) == FILLS + 5
    assert list(recollection.fills) == paper.exchange.book.executions[-FILLS:]


async def test_yesterdays_fees_are_not_todays(
    paper: RunningPaper, session: Session, account: Account, control: Any, put: Any, ticket: Any, settled: Any
) -> None:
    recollection = Recollection(paper.exchange)
    await control.quote(put.symbol, "1.00", "1.10")
    await settled(await buy(session, account, ticket, 1, "1.10"), "Filled")
    assert recollection.fees_today > 0
    paper.exchange.set_clock(paper.exchange.clock() + timedelta(days=1))
    assert recollection.fees_today == 0
