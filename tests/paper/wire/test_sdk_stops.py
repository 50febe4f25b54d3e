"""Stops, marketable limits and resting orders, through the unmodified SDK: what they did is read from the book."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tastytrade import Account, Session
from tastytrade.order import OrderAction, OrderStatus, OrderTimeInForce, PlacedStopOrder, StopLimitOrder, StopOrder
from tastytrade.utils import TastytradeError

from paper.control.client import Control, ControlError
from paper.market.quote import Quote
from paper.server import RunningPaper
from paper.trading.orders import Order

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
Settled = Callable[[int, str], Awaitable[Order]]


async def place(account: Account, session: Session, order: Any) -> int:
    return (await account.place_order(session, order, dry_run=False)).order.id


@pytest.fixture
async def held(account: Account, session: Session, control: Control, ticket: Any, settled: Settled) -> None:
    """Four contracts, bought at 1.10."""
    await control.quote(ticket.option.symbol, "1.00", "1.10", 50, 50)
    await settled(await place(account, session, ticket.buy(4, "1.10")), "Filled")


def sell_stop(ticket: Any, trigger: str) -> StopOrder:
    leg = ticket.option.build_leg(4, OrderAction.SELL_TO_CLOSE)
    return StopOrder(time_in_force=OrderTimeInForce.GTC, legs=[leg], stop_trigger=Decimal(trigger))


def fills(order: Order) -> list[tuple[int, str]]:
    return [(fill.quantity, str(fill.price)) for fill in order.legs[0].fills]


@pytest.mark.usefixtures("held")
async def test_a_stop_sleeps_until_the_bid_comes_down_to_it_and_then_takes_the_market(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    order_id = await place(account, session, sell_stop(ticket, "0.80"))
    await settled(order_id, "Live")
    await control.quote(ticket.option.symbol, "0.81", "0.90", 50, 50)
    seen = await account.get_order(session, order_id)
    assert (seen.status, seen.stop_trigger, seen.price) == (OrderStatus.LIVE, Decimal("0.80"), None)
    await control.quote(ticket.option.symbol, "0.70", "0.90", 50, 50)
    assert fills(await settled(order_id, "Filled")) == [(4, "0.70")]


@pytest.mark.usefixtures("held")
async def test_a_stop_limit_rests_at_its_limit_once_it_is_awake(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    leg = ticket.option.build_leg(4, OrderAction.SELL_TO_CLOSE)
    stop = StopLimitOrder(
        time_in_force=OrderTimeInForce.DAY, legs=[leg], stop_trigger=Decimal("0.80"), price=Decimal("0.75")
    )
    order_id = await place(account, session, stop)
    await settled(order_id, "Live")
    await control.quote(ticket.option.symbol, "0.60", "0.90", 50, 50)
    assert fills(await settled(order_id, "Live")) == []
    await control.quote(ticket.option.symbol, "0.78", "0.90", 50, 50)
    assert fills(await settled(order_id, "Filled")) == [(4, "0.75")]


async def test_the_sdk_reads_a_placed_stop_as_one(account: Account, session: Session, ticket: Any, held: None) -> None:
    placed = await account.place_order(session, sell_stop(ticket, "0.80"), dry_run=False)
    assert isinstance(placed.order, PlacedStopOrder)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"order-type": "Stop"}, "stop_order_must_include_trigger"),
        ({"order-type": "Stop", "stop-trigger": "0.80", "price": "0.75", "price-effect": "Credit"}, "omit_price"),
        ({"order-type": "Limit", "stop-trigger": "0.80", "price": "0.75", "price-effect": "Credit"}, "omit_trigger"),
        ({"order-type": "Stop Limit", "stop-trigger": "0.80"}, "order_must_include_price"),
        ({"order-type": "Marketable Limit", "price": "0.75", "price-effect": "Credit"}, "order_must_omit_price"),
        (
            {"order-type": "Stop", "stop-trigger": "0.8", "action": "Buy to Open", "time-in-force": "GTC"},
            "opening_stop",
        ),
    ],
)
@pytest.mark.usefixtures("held")
async def test_broken_stop_rules_are_refused(
    account: Account, session: Session, ticket: Any, change: dict[str, Any], code: str
) -> None:
    leg = json.loads(ticket.option.build_leg(1, OrderAction.SELL_TO_CLOSE).model_dump_json(by_alias=True))
    leg["action"] = change.pop("action", leg["action"])
    body = {"time-in-force": "Day", "legs": [leg]} | change
    answer = await session._client.post(f"/accounts/{account.account_number}/orders", json=body)
    assert answer.status_code == 422
    assert code in answer.text


async def test_a_marketable_limit_is_a_limit_at_the_far_quote(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10", 50, 2)
    leg = json.loads(ticket.option.build_leg(5, OrderAction.BUY_TO_OPEN).model_dump_json(by_alias=True))
    body = {"order-type": "Marketable Limit", "time-in-force": "Day", "legs": [leg]}
    answer = await session._client.post(f"/accounts/{account.account_number}/orders", json=body)
    order = await settled(answer.json()["data"]["order"]["id"], "Live")
    assert (order.price, fills(order)) == (Decimal("1.10"), [(2, "1.10")])


async def test_our_bid_inside_the_spread_is_everybodys_best_bid_and_is_taken_without_the_ask_coming_down(
    account: Account,
    session: Session,
    control: Control,
    ticket: Any,
    settled: Settled,
    paper: RunningPaper,
) -> None:
    market, option = paper.exchange.market, paper.exchange.listings.find(ticket.option.symbol)
    assert option is not None
    live = Quote(Decimal("1.00"), Decimal("1.10"), 20, 20, paper.exchange.clock())
    market.pin(option.symbol, live, replayed=True)
    order = await settled(await place(account, session, ticket.buy(2, "1.09")), "Live")
    assert market.displayed(option).bid == Decimal("1.09")
    assert market.quote(option) == live
    for _ in range(2000):
        paper.exchange.matcher.pass_time(option.symbol, 0.25)
    assert (order.status, {fill.price for fill in order.legs[0].fills}) == ("Filled", {Decimal("1.09")})
    assert market.quote(option) == live


async def test_nobody_takes_an_order_in_a_market_that_is_pinned_by_hand(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled, paper: RunningPaper
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    order = await settled(await place(account, session, ticket.buy(2, "1.09")), "Live")
    for _ in range(2000):
        paper.exchange.market.step(0.25)
    assert order.filled == 0


async def test_the_clock_is_driven_through_the_control_plane(
    account: Account, session: Session, control: Control, ticket: Any, settled: Settled, paper: RunningPaper
) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10")
    order_id = await place(account, session, ticket.buy(2, "1.05"))
    await settled(order_id, "Live")
    tomorrow = paper.exchange.clock() + timedelta(days=1)
    await control.clock(tomorrow)
    await settled(order_id, "Expired")
    assert (await account.get_order(session, order_id)).status is OrderStatus.EXPIRED  # the token is good all the same
    with pytest.raises(ControlError, match="already"):
        await control.clock(tomorrow - timedelta(hours=1))


async def test_an_option_order_for_extended_hours_is_refused(account: Account, session: Session, ticket: Any) -> None:
    with pytest.raises(TastytradeError, match="extended_hours_equity_only"):
        await account.place_order(session, ticket.buy(1, "1.05", time_in_force=OrderTimeInForce.EXT), dry_run=False)
