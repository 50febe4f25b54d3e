"""Puts an exchange on a loopback port: the broker's REST API, both streams, the control plane, and the page."""

import socket

from aiohttp import web

from paper.clock import Clock, utc_now
from paper.control.arming import Arming
from paper.control.guard import guarded, harden
from paper.control.page import Page
from paper.control.routes import ControlRoutes
from paper.exchange import Exchange
from paper.settings import PaperSettings
from paper.wire.account_stream import AccountStream
from paper.wire.dxlink import DxLink
from paper.wire.gate import Gate
from paper.wire.rest_account import AccountRoutes
from paper.wire.rest_balances import BalanceRoutes
from paper.wire.rest_complex import ComplexOrderRoutes
from paper.wire.rest_customer import CustomerRoutes
from paper.wire.rest_futures import FutureRoutes
from paper.wire.rest_listings import ListingRoutes
from paper.wire.rest_margin import MarginRoutes
from paper.wire.rest_market import MarketRoutes
from paper.wire.rest_market_time import MarketTimeRoutes
from paper.wire.rest_metrics import MetricsRoutes
from paper.wire.rest_orders import OrderRoutes
from paper.wire.rest_reference import ReferenceRoutes
from paper.wire.rest_transactions import TransactionRoutes
from paper.wire.rest_watchlists import WatchlistRoutes
from paper.wire.tokens import Tokens

_HOST = "127.0.0.1"  # never any other: there is no protection, and it would be taken for a broker
_SHUTDOWN_SECONDS = 1.0
_LARGEST_REQUEST = 4 * 1024 * 1024  # bytes: a hand-written quote path may be long


class RunningPaper:
    """A paper exchange that listens. `url` is the REST API's base, `streamer_url` the account stream's address."""

    def __init__(
        self, exchange: Exchange, runner: web.AppRunner, streams: list[AccountStream | DxLink], page: Page, port: int
    ):
        self.exchange = exchange
        self.page = page
        self.port = port
        self.url = f"http://{_HOST}:{port}"
        self.streamer_url = f"ws://{_HOST}:{port}/streamer"
        self._runner = runner
        self._streams = streams

    async def close(self) -> None:
        """Say goodbye on the streams, finish the requests that run, and keep the book."""
        for stream in self._streams:
            await stream.close()
        await self.page.close()
        await self._runner.cleanup()
        await self.exchange.close()


async def serve(settings: PaperSettings, clock: Clock = utc_now) -> RunningPaper:
    """Start an exchange; OSError when the port is taken."""
    listener = _listen(settings.port)
    exchange = Exchange(settings, clock)
    tokens = Tokens(exchange.store, clock)
    gate = Gate(exchange, tokens)
    accounts, quotes = AccountStream(exchange, tokens), DxLink(exchange, tokens)
    page = Page(exchange, gate.requests)
    app = web.Application(middlewares=[guarded, *gate.middlewares()], client_max_size=_LARGEST_REQUEST)
    app.on_response_prepare.append(harden)
    app.add_routes(
        [
            *AccountRoutes(exchange, tokens).routes(),
            *OrderRoutes(exchange).routes(),
            *ComplexOrderRoutes(exchange).routes(),
            *TransactionRoutes(exchange).routes(),
            *ListingRoutes(exchange).routes(),
            *FutureRoutes(exchange).routes(),
            *MarketRoutes(exchange, tokens).routes(),
            *MarketTimeRoutes(exchange).routes(),
            *MetricsRoutes(exchange).routes(),
            *CustomerRoutes().routes(),
            *BalanceRoutes(exchange).routes(),
            *MarginRoutes(exchange).routes(),
            *ReferenceRoutes().routes(),
            *WatchlistRoutes(exchange).routes(),
            *ControlRoutes(exchange, Arming(exchange, accounts, quotes, tokens), gate.requests).routes(),
            *page.routes(),
            web.get("/streamer", accounts.handle),
            web.get("/dxlink", quotes.handle),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    exchange.start()
    page.start()
    return RunningPaper(exchange, runner, [accounts, quotes], page, listener.getsockname()[1])


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
    except OSError:
        listener.close()
        raise
    return listener
