"""The unmodified SDK trades: what it did is read from the exchange's own book."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tastytrade import Account, Session
from tastytrade.instruments import Equity, Future, Option
from tastytrade.order import (
    LimitOrder,
    MarketOrder,
    OrderAction,
    OrderStatus,
    OrderTimeInForce,
    OrderType,
)
from tastytrade.utils import TastytradeError, today_in_new_york

from paper.control.client import Control
from paper.server import RunningPaper
from paper.trading.order_form import OrderForm, read_form
from paper.trading.orders import Order
from paper.trading.words import Status

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
Settled = Callable[[int, str], Awaitable[Order]]


async def place(account: Account, session: Session, order: Any) -> int:
    return (await account.place_order(session, order, dry_run=False)).order.id


def _body(ticket: Any) -> Any:
    """An order as the SDK writes it on the wire."""
    return json.loads(ticket.buy(1, "1.05").model_dump_json(exclude_none=True, by_alias=True))


async def test_a_five_lot_takes_the_two_offered_and_rests_for_three(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10", 5, 2)
    order_id = await place(account, session, ticket.buy(5, "1.10"))
    await settled(order_id, "Live")
    order = await account.get_order(session, order_id)
    assert [fill.quantity for fill in order.legs[0].fills or []] == [2]
    assert order.legs[0].remaining_quantity == 3
    await control.quote(ticket.option.symbol, "1.00", "1.08", 5, 9)
    book = await settled(order_id, "Filled")
    # The seller came down to the resting bid, and gets its price: nobody is given 1.08 who bid 1.10.
    assert [(fill.quantity, fill.price) for fill in book.legs[0].fills] == [(2, Decimal("1.10")), (3, Decimal("1.10"))]
    [position] = (await control.book())["positions"]
    assert (position["quantity"], position["average-open-price"]) == (5, "1.1")


async def test_an_order_on_its_way_to_the_venue_can_not_be_changed(
    account: Account, session: Session, control: Control, ticket: Any, paper: RunningPaper
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    on_its_way: list[tuple[bool, str]] = []
    paper.exchange.book.order_changed.append(lambda order: on_its_way.append((order.is_changeable, order.status)))
    await place(account, session, ticket.buy(1, "1.05"))
    assert (False, "Routed") in on_its_way
    routed = paper.exchange.preflight.order_of(read_form(OrderForm, _body(ticket)))
    paper.exchange.book.accept(routed, Status.ROUTED)
    with pytest.raises(TastytradeError, match="cannot_update_order"):
        await account.delete_order(session, routed.id)


async def test_a_spread_fills_at_its_net_price_and_marks_both_legs(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    near, far = ticket.option, await Option.get(session, ticket.option.symbol.replace("P00080000", "P00075000"))
    await control.quote(near.symbol, "1.40", "1.50")
    await control.quote(far.symbol, "0.50", "0.60")
    legs = [near.build_leg(2, OrderAction.BUY_TO_OPEN), far.build_leg(2, OrderAction.SELL_TO_OPEN)]
    order = LimitOrder(time_in_force=OrderTimeInForce.DAY, legs=legs, price=Decimal("-1.00"))
    await settled(await place(account, session, order), "Filled")
    directions = {row["symbol"]: row["quantity-direction"] for row in (await control.book())["positions"]}
    assert directions == {near.symbol: "Long", far.symbol: "Short"}


async def test_a_search_is_bounded_by_days_and_moments(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    before = datetime.now(UTC)
    order_id = await place(account, session, ticket.buy(1, "1.05"))
    today = today_in_new_york()

    async def found(**bounds: Any) -> list[int]:
        return [order.id for order in await account.get_order_history(session, **bounds)]

    assert await found(start_date=today - timedelta(days=1), end_date=today) == [order_id]
    assert await found(start_date=today + timedelta(days=1)) == []
    assert await found(end_date=today - timedelta(days=1)) == []
    assert await found(start_at=before) == [order_id]
    assert await found(end_at=before) == []


async def test_shares_and_futures_trade_too(
    account: Account, session: Session, control: Control, settled: Settled
) -> None:
    share = await Equity.get(session, "UBER")
    future = next(month for month in await Future.get(session, product_codes=["ES"]) if month.active_month)
    for leg in (share.build_leg(10, OrderAction.BUY_TO_OPEN), future.build_leg(1, OrderAction.BUY)):
        order = MarketOrder(time_in_force=OrderTimeInForce.DAY, legs=[leg])
        await settled(await place(account, session, order), "Filled")
    positions = {row["symbol"]: row for row in (await control.book())["positions"]}
    assert positions["UBER"]["quantity"] == 10
    assert positions[future.symbol]["multiplier"] == 50
    balances = await account.get_balances(session)
    assert balances.derivative_buying_power < balances.cash_balance - 20_000  # the future's margin


async def test_the_closing_bell_expires_day_orders_and_keeps_gtc(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    day = await place(account, session, ticket.buy(1, "1.05"))
    gtc = await place(account, session, ticket.buy(1, "1.05", time_in_force=OrderTimeInForce.GTC))
    await settled(day, "Live")
    await settled(gtc, "Live")
    await control.session("closed")
    await settled(day, "Expired")
    await control.quote(ticket.option.symbol, "1.00", "1.04")  # a closed market fills nothing
    assert (await account.get_order(session, gtc)).status is OrderStatus.LIVE
    await control.session("open")
    await settled(gtc, "Filled")


async def test_an_order_type_of_a_later_day_is_a_validation_error(account: Account, session: Session) -> None:
    await session.refresh()
    answer = await session._client.post(
        f"/accounts/{account.account_number}/orders",
        json={"order-type": OrderType.STOP.value, "time-in-force": "Day", "legs": []},
    )
    assert answer.status_code == 400
