"""Dry runs, and the prices that they let pass and the venue doesn't."""

from decimal import Decimal
from typing import Any

import pytest
from tastytrade.order import OrderAction

from paper.refusals import Refusal
from paper.server import RunningPaper
from paper.trading.orders import Order
from paper.trading.preflight import Preflight
from paper.trading.venue import Venue
from paper.wire import answers, rest_orders
from paper.wire.rest_orders import OrderRoutes
from tests.paper.conformance.point import Source, around, instead, point, with_changes
from tests.paper.conformance.stage import Stage, body


@point(
    Source.DOCUMENTED,
    {
        "everything is 200": around(rest_orders, "one", lambda one: lambda request, data, _=200: one(request, data)),
        "no envelope": instead(
            rest_orders, "one", lambda _, data, status=200: answers.web.json_response(data["order"], status=status)
        ),
    },
)
async def an_order_and_a_dry_run_are_answered_201(stage: Stage) -> None:
    """With the order, what it does to buying power, its fees and its warnings under `data`."""
    for path in ("", "/dry-run"):
        answer = await stage.ask("POST", stage.orders_path + path, content=body(stage.ticket.buy(1, "1.05")))
        assert answer.status_code == 201
        assert answer.json()["data"].keys() >= {"order", "buying-power-effect", "fee-calculation", "warnings"}
        assert answer.json()["context"] == stage.orders_path + path


@point(
    Source.DOCUMENTED,
    {
        "it is placed": around(
            OrderRoutes, "_assessed", lambda write: lambda routes, assessment: _and_place(routes, write, assessment)
        ),
        "it has an id": around(rest_orders, "order_json", with_changes(lambda _: {"id": 1})),
    },
)
async def a_dry_run_places_nothing(stage: Stage) -> None:
    """Its order has no id, and is in no list and no message."""
    answer = await stage.account.place_order(stage.session, stage.ticket.buy(1, "1.10"), dry_run=True)
    assert type(answer.order).__name__ == "UnplacedOrder"
    raw = (await stage.ask("POST", f"{stage.orders_path}/dry-run", content=body(stage.ticket.buy(1, "1.10")))).json()
    assert "id" not in raw["data"]["order"]
    assert raw["data"]["order"]["updated-at"] == 0
    assert await stage.account.get_live_orders(stage.session) == []
    assert (await stage.control.book())["orders"] == []


def _and_place(routes: OrderRoutes, write: Any, assessment: Any) -> Any:
    wire = write(routes, assessment)
    routes._exchange.book.accept(assessment.order)
    return wire


def _on_tick(patch: pytest.MonkeyPatch, paper: RunningPaper) -> None:
    patch.setattr(Venue, "_is_off_tick", lambda *_: False)


def _picky(refusals: Any) -> Any:
    def refused(preflight: Preflight, order: Order, *more: Any) -> Any:
        instrument = preflight._listings.find(order.legs[0].symbol)
        off = instrument is not None and order.price is not None and not instrument.ticks.is_on(order.price)
        return [Refusal("invalid_price", "off tick")] if off else refusals(preflight, order, *more)

    return refused


@point(
    Source.RECORDED,
    {"any price will do": _on_tick, "the broker itself is picky": around(Preflight, "refusals", _picky)},
)
async def an_off_tick_price_passes_dry_run_and_post_and_is_rejected_by_the_venue(stage: Stage) -> None:
    """Neither checks increments; the order goes out and comes back Rejected, with a `reject-reason`, unfilled."""
    await stage.quote("0.50", "9.00")
    for price in ("3.01", "1.005"):  # a penny pilot: 0.05 from 3.00 on, 0.01 below
        order = stage.ticket.buy(1, price)
        assert (await stage.account.place_order(stage.session, order, dry_run=True)).warnings == []
        placed = await stage.place(order)
        await stage.settled(placed.id, "Rejected")
        seen = await stage.account.get_order(stage.session, placed.id)
        assert (seen.reject_reason, seen.legs[0].fills) == ("Invalid price increment", [])


@point(Source.DOCUMENTED, {"spreads go at any price": _on_tick})
async def a_spread_may_be_priced_in_pennies_and_no_finer(stage: Stage) -> None:
    """The net price of a spread of equity options is on tick at each cent, whatever the ticks of its legs."""
    far = stage.paper.exchange.listings.find(stage.option.symbol.replace("P00080000", "P00075000"))
    assert far is not None
    legs = [stage.option.build_leg(1, OrderAction.BUY_TO_OPEN)]
    legs += [legs[0].model_copy(update={"symbol": far.symbol, "action": OrderAction.SELL_TO_OPEN})]
    for price, status in (("0.105", "Rejected"), ("0.11", "Live")):
        order = stage.ticket.buy(1, "0").model_copy(update={"legs": legs, "price": -Decimal(price)})
        await stage.settled((await stage.place(order)).id, status)
