"""Levels on the underlying, on real processes and sockets; the exchange's book is what counts."""

from decimal import Decimal

import pytest

from domain.symbols import plain
from domain.trade import TradeState
from paper.listings.series import Instrument
from tests.e2e.conftest import House, words
from tests.e2e.test_selling import has_sold, standing


@pytest.fixture
def overrides() -> dict[str, str]:
    return {"ALERTLADDER_PROTECTION__FOLLOW_ALERTS": "true"}


async def stock_at(house: House, price: Decimal) -> None:
    assert house.control is not None
    await house.control.quote("UBER", price, price)


async def test_a_put_sells_a_part_at_its_target_on_the_stock_and_the_rest_at_its_stop(
    house: House, uber: Instrument
) -> None:
    assert house.control is not None
    assert uber.strike is not None
    strike = uber.strike
    await stock_at(house, strike)
    await house.control.quote(uber.symbol, "0.70", "0.75")
    levels = f", stop over {plain(strike + 4)} on the stock, PT {plain(strike - 3)}/{plain(strike - 6)} on the stock"
    workflow_id = await house.alert(words(uber) + levels)
    await house.view_when(workflow_id, lambda view: view.filled == 4 and bool(view.exits))
    await house.control.quote(uber.symbol, "1.00", "1.00")
    held = await house.view_when(workflow_id, lambda view: view.protection.watches_price)
    watched = held.protection.on_underlying
    assert (watched.stop, watched.targets) == (strike + 4, (strike - 3, strike - 6))
    assert await standing(house, workflow_id) == {"bought": 4, "sold": 0, "out": 2}

    await stock_at(house, strike - 3)
    await house.view_when(workflow_id, has_sold(2, 2))
    assert await standing(house, workflow_id) == {"bought": 4, "sold": 2, "out": 2}

    await stock_at(house, strike + Decimal("4.5"))
    view = await house.view_when(workflow_id, lambda view: view.state is TradeState.CLOSED)
    assert await standing(house, workflow_id) == {"bought": 4, "sold": 4, "out": 0}
    assert [closing.by for closing in view.closings] == [
        f"the target on the underlying {plain(strike - 3)}",
        f"the stop on the underlying at {plain(strike + Decimal('4.5'))}",
    ]
    assert await house.refused_for_haste() == []
