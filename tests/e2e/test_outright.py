"""Shares and futures all the way, on real processes and sockets; what is asserted is the exchange's book."""

from decimal import Decimal
from typing import Any

import pytest

from domain.trade import TradeState
from paper.listings.instruments import Listings
from tests.e2e.conftest import House, until_async

_WORKING = ("Received", "Routed", "In Flight", "Live", "Contingent", "Cancel Requested", "Replace Requested")
D = Decimal
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def mes(listings: Listings) -> str:
    """The active month of /MES."""
    return next(month.symbol for month in listings.months("MES") if month.is_active)


async def held(house: House, symbol: str) -> int:
    """What the account has of it, whoever bought it."""
    assert house.control is not None
    positions = (await house.control.book())["positions"]
    signs = {"Long": 1, "Short": -1, "Zero": 0}
    return sum(int(p["quantity"]) * signs[p["quantity-direction"]] for p in positions if p["symbol"] == symbol)


async def holds(house: House, symbol: str, quantity: int) -> None:
    """Wait until the account has so many of it."""

    async def is_so() -> bool:
        return await held(house, symbol) == quantity

    await until_async(is_so, 30, lambda: (symbol, quantity))


async def working(house: House, workflow_id: str) -> list[tuple[str, int, Decimal]]:
    """This trade's orders in the market: action, quantity and price."""
    orders = [order for order in await house.orders(workflow_id) if order["status"] in _WORKING]
    return [(o["legs"][0]["action"], int(o["legs"][0]["quantity"]), D(o["price"])) for o in orders]


async def works(house: House, workflow_id: str, *orders: tuple[str, int, str]) -> None:
    """Wait until exactly these are in the market."""
    expected = [(action, quantity, D(price)) for action, quantity, price in orders]
    seen: list[Any] = []

    async def is_so() -> bool:
        seen.append(await working(house, workflow_id))
        return bool(seen[-1] == expected)

    await until_async(is_so, 30, lambda: seen[-1:])


async def test_shares_beside_a_persons_own_are_bought_half_sold_and_all_sold(house: House) -> None:
    assert house.control is not None
    await house.control.quote("F", "12.98", "12.99", 1000, 1000)
    await house.control.fault("manual_order", symbol="F", side="buy", quantity=500)
    await holds(house, "F", 500)
    workflow_id = await house.alert("BTO 100 F @ 12.99")
    await holds(house, "F", 600)
    await works(house, workflow_id, ("Sell to Close", 50, "14.29"))
    await house.control.quote("F", "13.20", "13.20", 1000, 1000)
    await house.alert("STC 50 F @ 13.20")
    await holds(house, "F", 550)
    await works(house, workflow_id, ("Sell to Close", 50, "14.29"))
    code, out, _ = await house.run("reconcile")
    assert (code, "troubles: none" in out) == (0, True), out
    await house.alert("STC F @ 13.20 all out")
    view = await house.view_when(workflow_id, lambda view: view.state is TradeState.CLOSED)
    assert await held(house, "F") == 500
    assert await working(house, workflow_id) == []
    assert view.average_price is not None
    assert view.realised == 100 * (D("13.20") - view.average_price)


async def test_a_future_named_by_its_root_is_its_active_month_to_the_end(house: House, mes: str) -> None:
    assert house.control is not None
    await house.control.quote(mes, "6714.25", "6714.50", 100, 100)
    workflow_id = await house.alert("BTO 2 /MES @ market")
    view = await house.view_when(workflow_id, lambda view: view.filled == 2 and bool(view.exits))
    assert view.contract is not None
    assert view.contract.symbol == mes
    assert view.average_price is not None
    price = view.contract.ticks.ceil(view.average_price * D("1.01"))
    await works(house, workflow_id, ("Sell", 1, str(price)))
    stranger = await house.alert("STC 1 /MESM1 @ market")
    refused = await house.view_when(stranger, lambda view: view.state.is_end)
    assert refused.refusal is not None
    assert refused.refusal.code == "no_open_trade"
    await house.alert(f"STC 1 {mes} @ market")
    await holds(house, mes, 1)
    await house.alert("STC 1 /MES @ market")
    view = await house.view_when(workflow_id, lambda view: view.state is TradeState.CLOSED)
    assert await held(house, mes) == 0
    assert await working(house, workflow_id) == []
    sold = sum(fill.price * fill.quantity for order in view.exits for fill in order.fills)
    assert view.realised == 5 * (sold - 2 * (view.average_price or 0))


async def test_a_future_that_a_person_sold_is_not_sold_short(house: House, mes: str) -> None:
    assert house.control is not None
    await house.control.quote(mes, "6714.25", "6714.50", 100, 100)
    workflow_id = await house.alert("BTO 1 /MES @ market")
    await house.view_when(workflow_id, lambda view: view.state is TradeState.HOLDING)
    await house.control.fault("manual_order", symbol=mes, side="sell", quantity=1)
    await holds(house, mes, 0)
    closing = await house.alert("STC 1 /MES @ market")
    view = await house.view_when(closing, lambda view: view.state.is_end, within=60)
    assert view.closings[0].sold == 0
    assert "not_held" in view.closings[0].detail
    assert await held(house, mes) == 0
    assert await working(house, workflow_id) == []
