"""A future is sold only as far as the account holds it: the broker itself would open a short."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from activities.broker import BrokerCredentials, TastytradeBroker
from domain.contract import Contract, ContractQuery
from domain.identifiers import OrderRole
from domain.orders import LegAction, OrderRequest, Outcome
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import ACCOUNT, endpoint, eventually, order, placing

Start = Callable[..., Awaitable[str]]


@pytest.fixture
async def future(broker: TastytradeBroker, control: Control) -> Contract:
    """The active month of /MES, quoted 6714.25 / 6714.50."""
    listing = await broker.find_contract(ContractQuery(symbol="/MES"))
    assert listing.contract is not None
    await control.quote(listing.contract.symbol, "6714.25", "6714.50")
    return listing.contract


def sale(contract: Contract, quantity: int = 2, sequence: int = 0, price: str | None = None) -> OrderRequest:
    return order(contract, sequence, LegAction.SELL, quantity, price, OrderRole.CLOSE)


async def held(control: Control) -> list[tuple[str, str]]:
    book = await control.book()
    return [(position["quantity-direction"], str(position["quantity"])) for position in book["positions"]]


async def bought(broker: TastytradeBroker, paper: RunningPaper, future: Contract, quantity: int = 2) -> None:
    answer = await broker.place_order(placing(order(future, action=LegAction.BUY, quantity=quantity, price="6715")))
    assert answer.order is not None, answer
    order_id = answer.order.order_id
    await eventually(lambda: paper.exchange.book.orders[order_id].status.value == "Filled")


async def test_what_is_held_is_sold(
    broker: TastytradeBroker, paper: RunningPaper, future: Contract, control: Control
) -> None:
    await bought(broker, paper, future)

    answer = await broker.place_order(placing(sale(future, price="6714.25")))

    assert answer.outcome is Outcome.ACCEPTED, answer


async def test_what_somebody_sold_by_hand_is_not_sold_again(
    broker: TastytradeBroker, paper: RunningPaper, future: Contract, control: Control
) -> None:
    await bought(broker, paper, future)
    await control.fault("manual_order", symbol=future.symbol, side="sell", quantity=1)
    while await held(control) != [("Long", "1")]:
        pass

    answer = await broker.place_order(placing(sale(future)))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "not_held")
    assert answer.message == f"1 {future.symbol} held, 2 to be sold"
    assert not answer.is_passing
    assert await held(control) == [("Long", "1")]


async def test_a_check_of_a_sale_looks_at_nothing(broker: TastytradeBroker, future: Contract, control: Control) -> None:
    await broker.place_order(placing(sale(future), dry_run=True))

    assert not [key for key in (await control.requests())["counts"] if key.endswith("/positions")]


async def test_an_option_is_sold_to_close_without_a_look(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    await broker.place_order(placing(order(option, action=LegAction.SELL_TO_CLOSE, role=OrderRole.EXIT)))

    assert not [key for key in (await control.requests())["counts"] if key.endswith("/positions")]


class Account:
    """An account whose positions follow its fills late, or can't be read."""

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)  # contracts held, at each look; None: no answer
        self.placed = 0

    async def positions(self, _: web.Request) -> web.Response:
        quantity = self.answers.pop(0)
        if quantity is None:
            return web.json_response({}, status=503)
        row = {"symbol": "/MESZ6", "quantity": str(quantity), "quantity-direction": "Long"}
        return web.json_response({"data": {"items": [row]}})

    async def place(self, _: web.Request) -> web.Response:
        self.placed += 1
        return web.json_response({"error": {"code": "as_told", "message": "no"}}, status=422)

    async def asked(self, start: Start, contract: Contract) -> Any:
        """The answer to a sale of two."""
        routes = {
            f"GET /accounts/{ACCOUNT}/positions": self.positions,
            f"POST /accounts/{ACCOUNT}/orders": self.place,
        }
        broker = TastytradeBroker(endpoint(await start(**routes)), BrokerCredentials.for_paper())
        try:
            return await broker.place_order(placing(sale(contract)))
        finally:
            await broker.close()


@pytest.fixture
def month(future: Contract) -> Contract:
    return future.model_copy(update={"symbol": "/MESZ6"})


async def test_positions_that_follow_late_are_looked_at_again(hostile: Start, month: Contract) -> None:
    account = Account(0, 2)

    assert (await account.asked(hostile, month)).code == "as_told"
    assert account.placed == 1


async def test_positions_that_can_not_be_read_let_the_sale_be_tried_again_later(
    hostile: Start, month: Contract
) -> None:
    account = Account(None)

    answer = await account.asked(hostile, month)

    assert answer.is_passing
    assert account.placed == 0
