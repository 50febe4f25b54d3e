"""The fake as one server on the loopback address: REST and gateway at one port."""

import asyncio
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from tests.fakes.discord.book import Book
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Interactions
from tests.fakes.discord.people import People
from tests.fakes.discord.rates import RateLimits
from tests.fakes.discord.rest import Rest
from tests.fakes.discord.rest_guilds import GuildRoutes
from tests.fakes.discord.rest_interactions import InteractionRoutes
from tests.fakes.discord.rest_messages import MessageRoutes
from tests.fakes.discord.room import Room
from tests.fakes.discord.shapes import API
from tests.fakes.discord.world import World

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gfake0." + "x" * 38
_LARGEST_BODY = 32 << 20
_PAUSE = 0.01


class FakeDiscord:
    """Discord for one bot. `world` is who is there, `book` what was said, `people` say it; `faults` go wrong.

    Times are seconds, the heartbeat's interval milliseconds. `rate_limits` False lifts them all.
    """

    def __init__(
        self,
        *,
        rate_limits: bool = True,
        heartbeat_interval: int = 41250,
        resume_window: float = 60.0,
        nonce_window: float = 300.0,
        interaction_deadline: float = 3.0,
    ) -> None:
        self.token = TOKEN
        self.world = World()
        self.book = Book(self.world, nonce_window)
        self.gateway = Gateway(self.world, TOKEN, heartbeat_interval=heartbeat_interval, resume_window=resume_window)
        self.room = Room(self.world, self.book, self.gateway)
        self.people = People(self.world, self.book, self.room)
        self.interactions = Interactions(self.world, self.gateway, interaction_deadline)
        self.faults = Faults()
        self.limits = RateLimits(enabled=rate_limits)
        parts = (
            MessageRoutes(self.world, self.book, self.room),
            GuildRoutes(self.world, self.gateway, self.interactions),
            InteractionRoutes(self.world, self.book, self.room, self.interactions),
        )
        self.rest = Rest(TOKEN, [route for part in parts for route in part.routes()], self.faults, self.limits)
        self.port = 0
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """Where REST is."""
        return f"http://127.0.0.1:{self.port}{API}"

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return f"ws://127.0.0.1:{self.port}/"

    async def start(self, port: int = 0) -> Self:
        """Listen; port 0 takes a free one. Started again after `stop`, everything is still there."""
        application = web.Application(client_max_size=_LARGEST_BODY)
        application.router.add_get("/", self.gateway.serve)
        application.router.add_get("/resume/", self.gateway.serve)
        application.router.add_route("*", API + "/{rest:.*}", self.rest.serve)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port or self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        """Hang up and listen no more: Discord is down."""
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def until(self, condition: Callable[[], Any], within: float = 10.0) -> Any:
        """What `condition` gives once it is true. AssertionError when that takes too long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while not (found := condition()):
            if loop.time() > deadline:
                raise AssertionError(f"not within {within:g} s; the gateway: {self.gateway.log[-8:]}")
            await asyncio.sleep(_PAUSE)
        return found

    async def connected(self, sessions: int = 1, within: float = 15.0) -> None:
        """Return once so many sessions are live."""
        await self.until(lambda: len(self.gateway.live) >= sessions, within)

    def require_clean(self) -> None:
        """AssertionError when something was asked that the fake does not know, or a planned fault never happened."""
        assert not self.rest.unknown, f"no such routes: {self.rest.unknown}"
        assert not self.gateway.violations, self.gateway.violations
        assert not self.faults.unused, f"never happened: {self.faults.unused}"
