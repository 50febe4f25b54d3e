"""The adapter on a paper exchange in this process, and on small servers that answer what no good broker would."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web

from activities.broker import BrokerCredentials, BrokerEndpoint, TastytradeBroker
from domain.alert import OptionType
from domain.broker import CancelOrder, PlaceOrder
from domain.contract import Contract, ContractQuery
from domain.identifiers import OrderRole, TradeId
from domain.orders import BrokerOrder, LegAction, OrderRequest, OrderType, TimeInForce
from paper.control.client import Control
from paper.server import RunningPaper, serve
from paper.settings import PaperSettings

ACCOUNT = "5WX00042"
TRADE = TradeId(channel_id=111, message_id=222)
PATIENCE = 5.0  # seconds: how long a condition is awaited before a test fails
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


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
async def broker(paper: RunningPaper) -> AsyncIterator[TastytradeBroker]:
    made = TastytradeBroker(endpoint(paper.url, paper.streamer_url), BrokerCredentials.for_paper())
    yield made
    await made.close()


@pytest.fixture
async def option(broker: TastytradeBroker, paper: RunningPaper, control: Control) -> Contract:
    """A put on UBER of the second listed expiry, quoted 1.00 / 1.10 until told otherwise."""
    series = paper.exchange.listings.chain("UBER")[1]
    strike = series.strikes[len(series.strikes) // 2]
    query = ContractQuery(symbol="UBER", strike=strike, option_type=OptionType.PUT, expiry=series.expiry.day)
    listing = await broker.find_contract(query)
    assert listing.contract is not None
    await control.quote(listing.contract.symbol, "1.00", "1.10")
    return listing.contract


@pytest.fixture
async def hostile() -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """Starts a server of given routes (`"GET /path"` -> handler); it grants any token. Returns its address."""
    runners: list[web.AppRunner] = []

    async def start(**routes: Handler) -> str:
        app = web.Application()
        for name, handler in {"POST /oauth/token": grant, **routes}.items():
            method, _, path = name.partition(" ")
            app.router.add_route(method, path, handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


async def grant(_: web.Request) -> web.Response:
    return web.json_response({"access_token": "granted", "expires_in": 900, "token_type": "Bearer"})


def endpoint(api_url: str, streamer_url: str = "ws://127.0.0.1:9") -> BrokerEndpoint:
    return BrokerEndpoint(api_url=api_url, streamer_url=streamer_url, is_test=True, account_number=ACCOUNT)


def order(
    contract: Contract,
    sequence: int = 0,
    action: LegAction = LegAction.BUY_TO_OPEN,
    quantity: int = 2,
    price: str | None = "1.00",
    role: OrderRole = OrderRole.ENTRY,
    tif: TimeInForce = TimeInForce.DAY,
) -> OrderRequest:
    return OrderRequest(
        identifier=TRADE.order_identifier(role, sequence),
        symbol=contract.symbol,
        instrument_type=contract.instrument_type,
        action=action,
        quantity=quantity,
        order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
        time_in_force=tif,
        price=None if price is None else Decimal(price),
    )


def placing(request: OrderRequest, *, dry_run: bool = False, seconds: float = 5.0) -> PlaceOrder:
    return PlaceOrder(order=request, not_after=datetime.now(UTC) + timedelta(seconds=seconds), dry_run=dry_run)


def cancelling(placed: BrokerOrder) -> CancelOrder:
    return CancelOrder(order_id=placed.order_id)


async def eventually(condition: Callable[[], Any]) -> Any:
    """The first true value of a condition on things in this process."""
    async with asyncio.timeout(PATIENCE):
        while not (found := condition()):  # noqa: ASYNC110  the paper exchange tells its book to whoever looks
            await asyncio.sleep(0.005)
    return found
