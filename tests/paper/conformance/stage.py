"""Where a point is shown: a running exchange, the unmodified SDK pointed at it, raw HTTP, and the book to look into."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import aiohttp
from tastytrade import Account, AlertStreamer, Session
from tastytrade.instruments import Option
from tastytrade.order import PlacedOrder

from domain.alert import OptionType
from paper.control.client import Control
from paper.server import RunningPaper, serve
from paper.settings import PaperSettings
from paper.trading.orders import Order
from tests.paper.conftest import PATIENCE, Ticket, eventually, sdk_session

BID, ASK = "1.00", "1.10"


@dataclass
class Stage:
    """One client's view of one exchange. `option` is a listed UBER put, quoted 1.00 to 1.10, 50 on each side."""

    paper: RunningPaper
    control: Control
    session: Session
    account: Account
    option: Option
    patience: float

    @property
    def ticket(self) -> Ticket:
        return Ticket(self.option)

    @property
    def orders_path(self) -> str:
        return f"/accounts/{self.account.account_number}/orders"

    async def quote(self, bid: str | None, ask: str | None, size: int = 50, symbol: str | None = None) -> None:
        await self.control.quote(symbol or self.option.symbol, bid, ask, size, size)

    async def place(self, order: Any) -> PlacedOrder:
        return (await self.account.place_order(self.session, order, dry_run=False)).order

    async def resting(self, quantity: int = 1, price: str = "1.05", identifier: str = "t-1", **more: Any) -> int:
        """A buy order that is Live and has nothing to trade with."""
        placed = await self.place(self.ticket.buy(quantity, price, identifier, **more))
        await self.settled(placed.id, "Live")
        return placed.id

    async def held(self, quantity: int) -> None:
        """Buy so many at 1.10."""
        await self.settled((await self.place(self.ticket.buy(quantity, ASK))).id, "Filled")

    async def ask(self, method: str, path: str, **more: Any) -> Any:
        """A request as the SDK's own client would send it; the answer with its status."""
        return await self.session._client.request(method, path, **more)

    async def data(self, path: str, **query: Any) -> Any:
        """What a GET answers under `data`."""
        return (await self.ask("GET", path, params=query)).json()["data"]

    async def changes_of(self, order_id: int) -> list[tuple[int, str]]:
        """What a PUT and a DELETE of an order are answered: the status, and the code of the error."""
        path, change = f"{self.orders_path}/{order_id}", {"price": "1.07", "price-effect": "Debit"}
        answers = [await self.ask("PUT", path, json=change), await self.ask("DELETE", path)]
        return [(answer.status_code, answer.json().get("error", {}).get("code", "")) for answer in answers]

    def order(self, order_id: int) -> Order:
        """An order in the exchange's own book."""
        return self.paper.exchange.book.orders[order_id]

    async def settled(self, order_id: int, *statuses: str) -> Order:
        """Await one of these states in the book."""
        order = self.order(order_id)
        await self.until(lambda: order.status in statuses, f"order {order_id} is {'/'.join(statuses)}")
        return order

    async def until(self, condition: Callable[[], bool], what: str, listeners: list[Any] | None = None) -> None:
        """Await something in the book; AssertionError when it doesn't come."""
        changed = self.paper.exchange.book.order_changed if listeners is None else listeners
        try:
            await eventually(condition, changed, self.patience)
        except TimeoutError:
            raise AssertionError(f"it never happened that {what}") from None

    @asynccontextmanager
    async def alerts(self) -> AsyncIterator[AlertStreamer]:
        """The SDK's account streamer, connected."""
        streamer = AlertStreamer(self.session)
        streamer.base_url = self.paper.streamer_url
        async with streamer:
            await streamer.subscribe_accounts([self.account])
            yield streamer

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Wire"]:
        """A client of the account stream that speaks the protocol by hand, connected."""
        async with self.socket("/streamer") as wire:
            answer = await wire.request("connect", value=[self.account.account_number])
            assert answer["status"] == "ok"
            yield wire

    @asynccontextmanager
    async def socket(self, path: str) -> AsyncIterator["Wire"]:
        """A websocket of one of the two streams."""
        url = f"ws://127.0.0.1:{self.paper.port}{path}"
        async with aiohttp.ClientSession() as client, client.ws_connect(url, autoping=False, max_msg_size=0) as socket:
            yield Wire(socket, self)


@dataclass
class Wire:
    """One raw websocket."""

    socket: aiohttp.ClientWebSocketResponse
    stage: Stage

    async def say(self, **message: Any) -> None:
        await self.socket.send_json(message)

    async def request(self, action: str, **more: Any) -> Any:
        """An action of the account stream, and its answer."""
        token = f"Bearer {self.stage.session.session_token}"
        await self.say(**{"action": action, "auth-token": token, "request-id": 1} | more)
        return await self.next()

    async def next(self) -> Any:
        """The next message; AssertionError when none comes, or the end does."""
        message = await self.frame()
        assert message.type is aiohttp.WSMsgType.TEXT, f"the stream said {message}"
        return message.json()

    async def frame(self) -> aiohttp.WSMessage:
        try:
            return await self.socket.receive(timeout=self.stage.patience)
        except TimeoutError:
            raise AssertionError("the stream said nothing") from None

    async def until(self, wanted: Callable[[Any], bool]) -> list[Any]:
        """Messages up to the first that is wanted, and that one."""
        heard: list[Any] = []
        while not heard or not wanted(heard[-1]):
            heard.append(await self.next())
        return heard

    async def orders_until(self, status: str) -> list[Any]:
        """What is told of orders, up to one in this state."""
        heard = await self.until(lambda message: message["type"] == "Order" and message["data"]["status"] == status)
        return [message["data"] for message in heard if message["type"] == "Order"]

    async def closed_with(self) -> int | None:
        """The code that ends the connection, whatever is said before."""
        while True:
            message = await self.frame()
            if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR):
                return message.data if message.type is aiohttp.WSMsgType.CLOSE else None


def body(order: Any) -> str:
    """An order as the SDK writes it on the wire."""
    written: str = order.model_dump_json(exclude_none=True, by_alias=True)
    return written


@asynccontextmanager
async def on_stage(settings: PaperSettings, patience: float = PATIENCE) -> AsyncIterator[Stage]:
    """Start an exchange with a quoted option, and a client of it."""
    paper = await serve(settings)
    session = sdk_session(paper.url)
    try:
        async with Control(paper.url) as control, asyncio.timeout(30):
            account = (await Account.get(session))[0]
            put = paper.exchange.listings.chain("UBER")[2].option(Decimal(80), OptionType.PUT)
            option = await Option.get(session, put.symbol)
            stage = Stage(paper, control, session, account, option, patience)
            await stage.quote(BID, ASK)
            yield stage
    finally:
        await session._client.aclose()
        await paper.close()
