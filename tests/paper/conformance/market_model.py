"""The simulated market: when it stands still, what is repeatable about it, and how wide its quotes are."""

import random
from decimal import Decimal
from typing import Any

from tastytrade.order import OrderTimeInForce

from domain.alert import OptionType
from paper.exchange import Exchange
from paper.market.market import Market
from paper.market.paths import QuotePaths
from paper.market.walks import Walks
from paper.settings import PaperSettings
from paper.trading.matcher import Matcher
from tests.paper.conformance.point import Source, around, instead, nothing, point
from tests.paper.conformance.stage import Stage


@point(
    Source.OURS,
    {"it goes on trading": instead(Matcher, "is_open", lambda *_: True)},
)
async def nothing_is_filled_while_the_market_is_closed(stage: Stage) -> None:
    """A GTC order stays Live through the night, and is filled at the open by what is there then."""
    order_id = await stage.resting(1, "1.05", time_in_force=OrderTimeInForce.GTC)
    await stage.control.session("closed")
    await stage.quote("0.90", "1.00")
    assert stage.order(order_id).status == "Live"
    await stage.control.session("open")
    await stage.settled(order_id, "Filled")


@point(
    Source.OURS,
    {
        "dice without a seed": around(
            Walks, "__init__", lambda init: lambda walks, _: init(walks, random.SystemRandom().randint(0, 10**9))
        ),
    },
)
async def the_same_seed_gives_the_same_market(stage: Stage) -> None:
    """Prices and sizes follow from the seed and the steps alone; another seed gives another market."""

    async def played(seed: int) -> list[tuple[Any, ...]]:
        exchange = Exchange(PaperSettings(seed=seed), clock=lambda: at)
        listed = [exchange.listings.find(symbol) for symbol in ("SPY", "UBER", stage.option.symbol)]
        quotes = []
        for _ in range(20):
            exchange.market.step(1.0)
            for instrument in listed:
                assert instrument is not None
                quote = exchange.market.quote(instrument)
                quotes.append((quote.bid, quote.ask, quote.bid_size, quote.ask_size))
        await exchange.close()
        return quotes

    at = stage.paper.exchange.clock()
    first = await played(7)
    assert await played(7) == first
    assert await played(8) != first


@point(
    Source.OURS,
    {
        "a narrow market for all": lambda patch, _: patch.setattr("paper.market.market.option_spread", lambda *_: 0.01),
        "off tick": lambda patch, _: patch.setattr(
            "paper.market.market.bracket",
            lambda price, spread, _: (Decimal(str(round(price, 3))), Decimal(str(round(price + spread, 3)))),
        ),
    },
)
async def option_quotes_are_on_tick_and_wider_where_they_should_be(stage: Stage) -> None:
    """A bid below an ask, both on the schedule; wider for dear options than for cheap ones, and for wider classes."""
    exchange = stage.paper.exchange

    def spread(underlying: str, strike: int) -> Decimal:
        series = exchange.listings.chain(underlying)[4]
        option = series.option(Decimal(strike), OptionType.CALL)
        quote = exchange.market.quote(option)
        assert quote.bid is not None
        assert quote.ask is not None
        assert option.ticks.is_on(quote.bid)
        assert option.ticks.is_on(quote.ask)
        return quote.ask - quote.bid

    assert 0 < spread("SPY", 690) < spread("SPY", 590)
    assert spread("SPY", 670) < spread("BRK/B", 500)


@point(
    Source.OURS,
    {
        "it stays where it is": instead(QuotePaths, "_reach", nothing),
        "the model goes on": instead(Market, "pin", nothing),
    },
)
async def quotes_can_follow_a_path_written_by_hand(stage: Stage) -> None:
    """Each point is shown at its time, and orders trade by it; the model has no say meanwhile."""
    order_id = await stage.resting(1, "1.05")
    points = [{"after": 0.0, "bid": "0.98", "ask": "1.08"}, {"after": 0.02, "bid": "0.95", "ask": "1.04"}]
    await stage.control.path(stage.option.symbol, points)
    await stage.settled(order_id, "Filled")
    [row] = (await stage.data("/market-data/by-type", **{"equity-option": stage.option.symbol}))["items"]
    assert (row["bid"], row["ask"]) == ("0.95", "1.04")
