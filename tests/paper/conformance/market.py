"""The market: what can be bought of it, at which price, and when a resting order is met."""

from decimal import Decimal
from typing import Any

import pytest
from tastytrade.instruments import Equity
from tastytrade.order import LimitOrder, OrderAction, OrderTimeInForce, StopLimitOrder, StopOrder

from paper.market.market import Market
from paper.market.quote import Quote
from paper.trading import matcher, matching, queue
from paper.trading.matcher import Matcher
from paper.trading.matching import Take
from paper.trading.orders import Order
from paper.trading.queue import Queue
from paper.trading.words import TimeInForce
from tests.paper.conformance.point import Source, around, instead, nothing, point
from tests.paper.conformance.stage import Stage

DAY, IOC = OrderTimeInForce.DAY, OrderTimeInForce.IOC


async def fills(stage: Stage, order_id: int) -> list[tuple[int, Decimal]]:
    """What the broker says was filled."""
    legs = (await stage.account.get_order(stage.session, order_id)).legs
    return [(fill.quantity, fill.fill_price) for leg in legs for fill in leg.fills or []]


def _generous(take: Any) -> Any:
    return lambda order, quotes, lot=None, **more: (
        None if (found := take(order, quotes, lot, **more)) is None else Take(order.leaves, found.prices)
    )


@point(
    Source.OURS,
    {
        "as many as wanted": around(matcher, "marketable", _generous),
        "the size is there again": instead(Market, "take", nothing),
    },
)
async def no_more_is_filled_than_is_displayed(stage: Stage) -> None:
    """The rest waits, and what was taken is gone for the next order, too."""
    await stage.quote("1.00", "1.10", 2)
    first = (await stage.place(stage.ticket.buy(5, "1.10"))).id
    await stage.settled(first, "Live")
    second = (await stage.place(stage.ticket.buy(1, "1.10"))).id
    await stage.settled(second, "Live", "Filled")
    assert [await fills(stage, number) for number in (first, second)] == [[(2, Decimal("1.1"))], []]


@point(
    Source.OURS,
    {
        "any price": instead(matching, "_within_limit", lambda *_: True),
        "the limit is given": around(
            matcher,
            "marketable",
            lambda take: lambda order, quotes, lot=None, **_: take(order, quotes, lot, resting=True),
        ),
    },
)
async def a_fill_is_at_the_far_quote_and_never_worse_than_the_limit(stage: Stage) -> None:
    """A marketable limit takes the quote, which may be better; a market order takes it, whatever it is."""
    better = (await stage.place(stage.ticket.buy(1, "1.30"))).id
    await stage.settled(better, "Filled")
    market = (await stage.place(stage.ticket.market_buy(1))).id
    await stage.settled(market, "Filled")
    below = await stage.resting(1, "1.09")
    assert [await fills(stage, number) for number in (better, market, below)] == [
        [(1, Decimal("1.1"))],
        [(1, Decimal("1.1"))],
        [],
    ]


@point(
    Source.OURS,
    {
        "it gets the better quote": around(
            matcher, "marketable", lambda take: lambda order, quotes, lot=None, **_: take(order, quotes, lot)
        )
    },
)
async def a_resting_order_is_filled_at_its_own_price(stage: Stage) -> None:
    """The market comes to it: nobody is given 0.98 who bids 1.05. A spread is filled at its own net price."""
    order_id = await stage.resting(1, "1.05")
    far = stage.paper.exchange.listings.find(stage.option.symbol.replace("P00080000", "P00075000"))
    assert far is not None
    await stage.quote("0.50", "0.60", symbol=far.symbol)
    legs = [stage.option.build_leg(1, OrderAction.BUY_TO_OPEN), stage.option.build_leg(1, OrderAction.SELL_TO_OPEN)]
    legs[1].symbol = far.symbol
    spread = (await stage.place(LimitOrder(time_in_force=DAY, legs=legs, price=Decimal("-0.55")))).id
    await stage.settled(spread, "Live")
    await stage.quote("0.90", "0.98")
    await stage.settled(spread, "Filled")
    assert await fills(stage, order_id) == [(1, Decimal("1.05"))]
    bought, sold = [price for _, price in await fills(stage, spread)]
    assert bought - sold == Decimal("0.55")


def _nobody_before(patch: pytest.MonkeyPatch, _: Any) -> None:
    patch.setattr(queue, "standing_before", lambda *_, **__: 0)


@point(
    Source.ASSUMPTION,
    {
        "nobody stands before": _nobody_before,
        "nobody comes": instead(Queue, "_arrivals", lambda *_: iter(())),
    },
    tick_seconds=3600,
)
async def a_resting_order_waits_for_those_before_it_in_the_queue(stage: Stage) -> None:
    """It joins behind the displayed size at its price and better ones, and is met when that is worked off."""
    exchange = stage.paper.exchange
    listed, share = exchange.listings.find("UBER"), await Equity.get(stage.session, "UBER")
    assert listed is not None
    exchange.market.walks.hold("UBER", exchange.market.walks["UBER"])  # the market itself comes to nobody
    quote = exchange.market.quote(listed)
    assert quote.bid is not None

    async def bid(price: Decimal) -> int:
        leg = share.build_leg(100, OrderAction.BUY_TO_OPEN)
        placed = await stage.place(LimitOrder(time_in_force=DAY, legs=[leg], price=-price))
        await stage.settled(placed.id, "Live")
        return placed.id

    joins = await bid(quote.bid - Decimal("0.01"))
    improves = await bid(quote.bid)
    ahead = [exchange.matcher.queue.ahead(order_id) for order_id in (joins, improves)]
    assert ahead == [2 * quote.bid_size, quote.bid_size]
    for _ in range(400):
        exchange.market.step(1.0)
        if stage.order(improves).status == "Filled":
            break
    assert stage.order(improves).status == "Filled"


@point(
    Source.OURS,
    {"it is hidden": instead(Quote, "joined_by", lambda quote, _: quote)},
)
async def ones_own_order_is_part_of_the_quote(stage: Stage) -> None:
    """A bid that improves the market is the best bid, one that joins it adds to its size."""
    seen = []
    for price in ("1.00", "1.05"):
        await stage.resting(3, price)
        [row] = (await stage.data("/market-data/by-type", **{"equity-option": stage.option.symbol}))["items"]
        seen.append((row["bid"], row["bid-size"]))
    assert seen == [("1.0", "53.0"), ("1.05", "3.0")]


@point(
    Source.ASSUMPTION,
    {
        "it does not sleep": instead(Order, "sleeps", False),
        "it never wakes": instead(matcher, "wakes", lambda *_: False),
        "the other side wakes it": instead(
            matcher, "wakes", lambda order, quote: quote.ask is not None and quote.ask <= (order.stop_trigger or 0)
        ),
    },
)
async def a_stop_sleeps_until_the_quote_reaches_its_trigger(stage: Stage) -> None:
    """The bid down to a sale's, the ask up to a buy's; then it is a market order, a stop limit a limit order."""
    await stage.held(2)
    leg = stage.option.build_leg(1, OrderAction.SELL_TO_CLOSE)
    stop = (await stage.place(StopOrder(time_in_force=DAY, legs=[leg], stop_trigger=Decimal("0.80")))).id
    limited = StopLimitOrder(time_in_force=DAY, legs=[leg], stop_trigger=Decimal("0.80"), price=Decimal("0.79"))
    limit = (await stage.place(limited)).id
    for order_id in (stop, limit):
        await stage.settled(order_id, "Live", "Filled")
    await stage.quote("0.85", "0.95")
    assert [await fills(stage, number) for number in (stop, limit)] == [[], []]
    await stage.quote("0.78", "0.90")
    await stage.settled(stop, "Filled")
    assert [await fills(stage, number) for number in (stop, limit)] == [[(1, Decimal("0.78"))], []]


def _lasting(fill: Any) -> Any:
    def filled(self: Matcher, order: Order, **more: Any) -> None:
        order.time_in_force = TimeInForce.DAY
        fill(self, order, **more)

    return filled


@point(Source.DOCUMENTED, {"it rests": around(Matcher, "fill", _lasting)})
async def an_immediate_or_cancel_order_leaves_nothing_behind(stage: Stage) -> None:
    """What can't be filled at once is Cancelled."""
    await stage.quote("1.00", "1.10", 2)
    order_id = (await stage.place(stage.ticket.buy(5, "1.10", time_in_force=IOC))).id
    await stage.settled(order_id, "Cancelled")
    assert await fills(stage, order_id) == [(2, Decimal("1.1"))]
