"""Lists and their pages, searches, quotes by type, and the limits on how many requests there may be."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from tastytrade.order import OrderStatus
from tastytrade.utils import TastytradeError, today_in_new_york

from paper import refusals
from paper.wire import answers, gate, rest_market, rest_orders
from paper.wire.rate_limits import RateLimits
from tests.paper.conformance.point import Source, around, instead, point
from tests.paper.conformance.stage import Stage


async def many(stage: Stage, count: int) -> list[int]:
    await stage.control.cash("1000000")
    return [(await stage.place(stage.ticket.buy(1, "0.50"))).id for _ in range(count)]


@point(
    Source.DOCUMENTED,
    {
        "all at once": instead(rest_orders, "_LIVE_PAGE", 1000),
        "as many as wanted": instead(rest_orders, "_LIVE_MOST", 1000),
        "the same page again": around(
            answers,
            "count",
            lambda count: lambda request, key, default: 0 if "offset" in key else count(request, key, default),
        ),
    },
)
async def live_orders_come_a_hundred_at_a_time_and_two_hundred_at_most(stage: Stage) -> None:
    """The SDK reads the first page only: whoever looks for an order must turn the pages."""
    ids = await many(stage, 203)
    assert len(await stage.account.get_live_orders(stage.session)) == 100
    live = f"{stage.orders_path}/live"
    assert len((await stage.data(live, **{"per-page": "2000"}))["items"]) == 200
    rest = (await stage.data(live, **{"per-page": "100", "page-offset": "2"}))["items"]
    assert [order["id"] for order in rest] == ids[2::-1]


@point(
    Source.DOCUMENTED,
    {
        "no total": around(
            web,
            "json_response",
            lambda respond: (
                lambda body, **more: respond(
                    body | {"pagination": {"page-offset": 0, "total-pages": 1}} if "pagination" in body else body,
                    **more,
                )
            ),
        ),
        "ascending": instead(rest_orders.OrderRoutes, "_seen", lambda routes, order: {"id": -order.id}),
    },
)
async def a_search_comes_in_pages_the_newest_first(stage: Stage) -> None:
    """`pagination` beside `data` says how many there are; the SDK turns the pages by it."""
    ids = await many(stage, 5)
    answer = (await stage.ask("GET", stage.orders_path, params={"per-page": "2", "page-offset": "1"})).json()
    assert [order["id"] for order in answer["data"]["items"]] == ids[2:0:-1]
    assert answer["pagination"] | {"per-page": 2, "page-offset": 1, "item-offset": 2} == answer["pagination"]
    assert (answer["pagination"]["total-items"], answer["pagination"]["total-pages"]) == (5, 3)
    found = await stage.account.get_order_history(stage.session, per_page=2, page_offset=None)
    assert [order.id for order in found] == ids[::-1]


@point(Source.DOCUMENTED, {"everything is found": instead(rest_orders, "_is_sought", lambda *_: True)})
async def a_search_finds_what_was_asked_for(stage: Stage) -> None:
    """By state, underlying, future, and day; from Accept-Version 20261012 on it must say from when."""
    live = await stage.resting()
    await stage.held(1)

    async def found(**query: Any) -> list[int]:
        return [order.id for order in await stage.account.get_order_history(stage.session, **query)]

    assert await found(statuses=[OrderStatus.LIVE]) == [live]
    assert await found(underlying_symbol="SPY") == []
    assert await found(futures_symbol="/ESZ6") == []
    tomorrow = today_in_new_york() + timedelta(days=1)
    assert await found(start_date=tomorrow) == []
    version = {"Accept-Version": "20261012"}
    assert (await stage.ask("GET", stage.orders_path, headers=version)).status_code == 400
    dated = {"start-date": "2020-01-01"}
    assert (await stage.ask("GET", stage.orders_path, headers=version, params=dated)).status_code == 200


@point(
    Source.DOCUMENTED,
    {
        "nobody is stopped": instead(RateLimits, "admits", lambda *_: True),
        "with a body": instead(gate, "_too_many", lambda: web.json_response({"error": {}}, status=429)),
        "with a hint": instead(gate, "_too_many", lambda: web.Response(status=429, headers={"Retry-After": "1"})),
    },
    rate_limits=True,
)
async def too_many_requests_are_429_without_a_body(stage: Stage) -> None:
    """As many a second as the broker publishes (positions 1, orders 20, all together 50), and no word on when again."""
    path = f"/accounts/{stage.account.account_number}/positions"
    first, second = await stage.ask("GET", path), await stage.ask("GET", path)
    assert (first.status_code, second.status_code, second.content) == (200, 429, b"")
    assert "Retry-After" not in second.headers
    with pytest.raises(TastytradeError, match="Couldn't parse response"):
        await stage.account.get_positions(stage.session)
    orders = [(await stage.ask("POST", stage.orders_path, json={})).status_code for _ in range(30)]
    assert orders[0] == 400
    assert orders[-1] == 429
    assert 20 <= orders.count(400) < 29


def _must_be_known(routes: Any, kind: str, symbol: str) -> Any:
    instrument = routes._exchange.listings.find(symbol)
    if instrument is None:
        raise refusals.NotFoundError(symbol)
    yield routes._market_data_json(instrument, kind)


@point(
    Source.RECORDED,
    {
        "as many as wanted": instead(rest_market, "_MOST_SYMBOLS", 1000),
        "unknown ones fail it": instead(rest_market.MarketRoutes, "_market_data", _must_be_known),
    },
)
async def quotes_by_type_are_for_a_hundred_symbols_and_leave_out_what_is_unknown(stage: Stage) -> None:
    """Bare keys are repeated (`equity=SPY&equity=AAPL`), `pagination` is null, a missing side has no price."""
    await stage.quote("1.00", None)
    query = [("equity", "SPY"), ("equity", "NOPE"), ("equity-option", stage.option.symbol)]
    answer = (await stage.ask("GET", "/market-data/by-type", params=query)).json()
    rows = {row["symbol"]: row for row in answer["data"]["items"]}
    assert (rows.keys(), answer["pagination"]) == ({"SPY", stage.option.symbol}, None)
    assert rows[stage.option.symbol]["bid"] == "1.0"
    assert "ask" not in rows[stage.option.symbol]
    many_symbols = [("equity", "SPY")] * 101
    assert (await stage.ask("GET", "/market-data/by-type", params=many_symbols)).status_code == 400
