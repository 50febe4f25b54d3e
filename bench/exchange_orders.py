"""Orders as fast as the exchange takes them, and whether its book, its account and its stream agree afterwards."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

import aiohttp

from bench.contracts import plays
from bench.exchange_process import ExchangeProcess
from bench.timing import percentile
from paper.control.client import Control

_ACCOUNT = "/accounts/5WX00042"
_AGENT = "alertladder-bench/1"
_CONTRACTS = 40
_BID, _ASK = "1.00", "1.10"
_DEEP = 1_000_000  # contracts: nobody runs dry
_CASH = 1_000_000_000
_QUIET_WITHIN = 30.0  # seconds for what is under way to come to rest
_AT_REST = frozenset({"Live", "Filled", "Cancelled"})
_CYCLE = 4  # of four orders one rests, one is cancelled, two fill


@dataclass
class Traded:
    """What was acknowledged and what the stream told."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    acknowledged: list[int] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)  # seconds from request to answer
    told: dict[int, dict[str, Any]] = field(default_factory=dict)  # the last record of each order on the stream
    messages: int = 0

    def rows(self) -> Iterator[tuple[str, str]]:
        """For the table."""
        yield "orders accepted a second", f"{len(self.acknowledged) / self.seconds:,.0f}"
        yield "answer to an order, median", f"{percentile(self.latencies, 50) * 1000:.0f} ms"
        yield "answer to an order, 99 %", f"{percentile(self.latencies, 99) * 1000:.0f} ms"
        yield "messages on the account stream a second", f"{self.messages / self.seconds:,.0f}"
        yield "the exchange's share of one core", f"{self.cpu_seconds / self.seconds:.0%}"

    async def compare_with(self, exchange: ExchangeProcess) -> str:
        """Hold the book against what was acknowledged and told; AssertionError where they differ."""
        async with Control(exchange.url) as control:
            book = await control.book()
        orders = {order["id"]: order for order in book["orders"]}
        fills = book["fills"]
        _agree("acknowledged orders in the book", set(self.acknowledged), orders.keys())
        _agree("states told on the stream", {k: _state(o) for k, o in self.told.items()},
               {k: _state(o) for k, o in orders.items()})  # fmt: skip
        bought = sum(fill["quantity"] for fill in fills)
        _agree("contracts held", sum(position["quantity"] for position in book["positions"]), bought)
        cost = sum(Decimal(fill["price"]) * 100 * fill["quantity"] for fill in fills)
        _agree("cash", Decimal(book["cash"]), _CASH - cost - bought * Decimal("1.12"))
        return f"{len(orders):,} and {len(fills):,}, all as told"


async def trade_for(exchange: ExchangeProcess, seconds: float, lanes: int) -> Traded:
    """Send orders over `lanes` connections for so long, and compare everything once it has come to rest."""
    traded, numbers = Traded(), count()
    async with Control(exchange.url) as control, aiohttp.ClientSession(exchange.url) as session:
        options = [play.option.symbol for play in plays(_CONTRACTS, 0)]
        await control.cash(_CASH)
        for symbol in options:
            await control.quote(symbol, _BID, _ASK, _DEEP, _DEEP)
        session.headers.update(await _login(session))
        async with _listening(session, traded):
            started, cpu = time.monotonic(), exchange.cpu_seconds()
            until = started + seconds
            async with asyncio.TaskGroup() as tasks:
                for _ in range(lanes):
                    tasks.create_task(_lane(session, options, numbers, until, traded))
            traded.seconds, traded.cpu_seconds = time.monotonic() - started, exchange.cpu_seconds() - cpu
            await _quiet(control, traded)
    await traded.compare_with(exchange)
    return traded


async def _lane(
    session: aiohttp.ClientSession, options: list[str], numbers: Iterator[int], until: float, traded: Traded
) -> None:
    while time.monotonic() < until:
        number = next(numbers)
        price = _BID if number % _CYCLE < _CYCLE // 2 else _ASK
        sent = time.monotonic()
        async with session.post(f"{_ACCOUNT}/orders", json=_order(options[number % len(options)], price)) as answer:
            answer.raise_for_status()
            order_id = (await answer.json())["data"]["order"]["id"]
        traded.latencies.append(time.monotonic() - sent)
        traded.acknowledged.append(order_id)
        if number % _CYCLE == 0:
            async with session.delete(f"{_ACCOUNT}/orders/{order_id}") as answer:
                await answer.read()  # on its way to the venue it can't be cancelled yet, and rests then


def _order(symbol: str, price: str) -> dict[str, Any]:
    leg = {"instrument-type": "Equity Option", "symbol": symbol, "action": "Buy to Open", "quantity": 1}
    return {
        "order-type": "Limit",
        "time-in-force": "GTC",
        "price": price,
        "price-effect": "Debit",
        "legs": [leg],
    }


async def _login(session: aiohttp.ClientSession) -> dict[str, str]:
    grant = {"grant_type": "refresh_token", "client_secret": "paper", "refresh_token": "paper"}
    async with session.post("/oauth/token", json=grant) as answer:
        token = (await answer.json())["access_token"]
    return {"Authorization": f"Bearer {token}", "User-Agent": _AGENT}


@asynccontextmanager
async def _listening(session: aiohttp.ClientSession, traded: Traded) -> AsyncIterator[None]:
    async with session.ws_connect("/streamer", max_msg_size=0) as socket:
        token = str(session.headers["Authorization"])
        await socket.send_json({"action": "connect", "auth-token": token, "value": ["5WX00042"], "request-id": 1})
        listener = asyncio.create_task(_listen(socket, traded))
        try:
            yield
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)


async def _listen(socket: aiohttp.ClientWebSocketResponse, traded: Traded) -> None:
    async for message in socket:
        traded.messages += 1
        told = json.loads(message.data)
        if told.get("type") == "Order":
            traded.told[told["data"]["id"]] = told["data"]


async def _quiet(control: Control, traded: Traded) -> None:
    """Wait until no order is on its way any more, and the stream has told what the book says of each."""
    async with asyncio.timeout(_QUIET_WITHIN):
        while True:
            orders = (await control.book())["orders"]
            at_rest = all(order["status"] in _AT_REST for order in orders)
            if at_rest and all(_state(traded.told.get(order["id"])) == _state(order) for order in orders):
                return
            await asyncio.sleep(0.2)


def _state(order: dict[str, Any] | None) -> Any:
    return order and (order["status"], [leg["fills"] for leg in order["legs"]])


def _agree(what: str, one: Any, other: Any) -> None:
    if one != other:
        raise AssertionError(f"{what} differ")
