"""A paper exchange in this process, the unmodified SDK pointed at it, and ways to await what happens in its book."""

import asyncio
import gc
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from tastytrade import Account, AlertStreamer, Session
from tastytrade.instruments import NestedOptionChain, Option
from tastytrade.order import LimitOrder, MarketOrder, OrderAction, OrderTimeInForce

from paper.control.client import Control
from paper.server import RunningPaper, serve
from paper.settings import PaperSettings
from paper.trading.orders import Order

# The SDK's client loads every certificate authority there is, though it never speaks TLS to the paper exchange.
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PATIENCE = 5.0  # seconds: how long a condition is awaited before a test fails


@pytest.fixture(autouse=True)
def streams_are_left_to_no_other_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """The SDK's streamers leave queues unclosed, and the warning comes with whatever test runs when they are collected.

    A test that says it leaves some has them collected at its own end.
    """
    yield
    if any("Unclosed" in str(mark.args) for mark in request.node.iter_markers("filterwarnings")):
        gc.collect()


@pytest.fixture
async def paper() -> AsyncIterator[RunningPaper]:
    running = await serve(PaperSettings().hurried())
    yield running
    await running.close()


@pytest.fixture
async def control(paper: RunningPaper) -> AsyncIterator[Control]:
    """The control plane. A fault that a test arms must hit, or the test showed nothing."""
    async with Control(paper.url) as client:
        yield client
        await client.require_faults_used()


@pytest.fixture
async def session(paper: RunningPaper) -> AsyncIterator[Session]:
    sdk = sdk_session(paper.url)
    yield sdk
    await sdk._client.aclose()


@pytest.fixture
def new_session() -> Callable[[str], Session]:
    return sdk_session


def sdk_session(url: str) -> Session:
    sdk = Session("secret", "refresh", is_test=True, trust_env=False, verify=NO_AUTHORITIES)
    sdk._client.base_url = url
    return sdk


@pytest.fixture
async def account(session: Session) -> Account:
    return (await Account.get(session))[0]


@pytest.fixture
async def put(session: Session) -> Option:
    """A listed UBER put, near the money."""
    root = (await NestedOptionChain.get(session, "UBER"))[0]
    symbol = next(strike.put for strike in root.expirations[2].strikes if strike.strike_price == 80)
    return await Option.get(session, symbol)


Settled = Callable[[int, str], Awaitable[Order]]


@pytest.fixture
def settled(paper: RunningPaper) -> Settled:
    """Await an order's status in the exchange's own book; returns the order."""

    async def wait(order_id: int, status: str) -> Order:
        book = paper.exchange.book
        await eventually(lambda: book.orders[order_id].status == status, book.order_changed)
        return book.orders[order_id]

    return wait


async def eventually(condition: Callable[[], bool], listeners: list[Any], patience: float = PATIENCE) -> None:
    """Await a condition that can only become true when one of `listeners` is called."""
    changed = asyncio.Event()

    def listener(*_: Any) -> None:
        changed.set()

    listeners.append(listener)
    try:
        async with asyncio.timeout(patience):
            while not condition():
                await changed.wait()
                changed.clear()
    finally:
        listeners.remove(listener)


@pytest.fixture
def happens() -> Callable[[Callable[[], bool], list[Any]], Awaitable[None]]:
    return eventually


@dataclass(frozen=True)
class Ticket:
    """Writes the SDK's orders for one instrument."""

    option: Any

    def buy(self, quantity: int, price: str, identifier: str = "t-1", **more: Any) -> LimitOrder:
        return self._limit(quantity, OrderAction.BUY_TO_OPEN, -Decimal(price), identifier, more)

    def sell(self, quantity: int, price: str, identifier: str = "t-x", **more: Any) -> LimitOrder:
        return self._limit(quantity, OrderAction.SELL_TO_CLOSE, Decimal(price), identifier, more)

    def market_buy(self, quantity: int, **more: Any) -> MarketOrder:
        leg = self.option.build_leg(quantity, OrderAction.BUY_TO_OPEN)
        return MarketOrder(**{"time_in_force": OrderTimeInForce.DAY, "legs": [leg]} | more)

    def _limit(
        self, quantity: int, action: OrderAction, price: Decimal, identifier: str, more: dict[str, Any]
    ) -> LimitOrder:
        leg = self.option.build_leg(quantity, action)
        base = {"time_in_force": OrderTimeInForce.DAY, "external_identifier": identifier}
        return LimitOrder(**base | more | {"legs": [leg], "price": price})


@pytest.fixture
def ticket(put: Option) -> Ticket:
    return Ticket(put)


@pytest.fixture
def alerts(session: Session, account: Account, paper: RunningPaper) -> Callable[[], Any]:
    """The SDK's account streamer, connected: to be entered by the test, since its task group belongs to one task."""

    @asynccontextmanager
    async def connected() -> AsyncIterator[AlertStreamer]:
        streamer = AlertStreamer(session)
        streamer.base_url = paper.streamer_url
        async with streamer:
            await streamer.subscribe_accounts([account])
            yield streamer

    return connected
