"""The bot in this process, on a Discord over sockets and doors in memory."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import discord
import pytest

from activities.kill_mark import KillMark
from bot.address import point_at
from bot.client import AlertBot
from bot.doors import Doors
from bot.terms import BotTerms
from domain.settings import Allowlist, DeskPolicy, Mode
from tests.fakes.discord import FakeDiscord, Json
from tests.fakes.doors import FakeAccount, FakeAudit, FakeDesk, FakeFront, FakeTrades

ALERT = "BTO 2 UBER 78p 12/18 @ 0.75"
SETTLER = "BTO 1 SPY 600c 12/18 @ 1.00"


@dataclass
class Room:
    """A trading room: its guild, people and channels, and what is behind the bot."""

    discord: FakeDiscord
    folder: Path
    terms: BotTerms = field(init=False)
    desk: FakeDesk = field(default_factory=FakeDesk)
    trades: FakeTrades = field(default_factory=FakeTrades)
    account: FakeAccount = field(default_factory=FakeAccount)
    audit: FakeAudit = field(default_factory=FakeAudit)

    def __post_init__(self) -> None:
        world = self.discord.world
        self.guild = world.guild()
        self.alerts = world.channel(self.guild, "alerts")
        self.talk = world.channel(self.guild, "talk")
        self.operators = world.channel(self.guild, "operators")
        self.role = world.role(self.guild, "traders")
        self.author = world.member(self.guild, "Author")
        self.operator_role = world.role(self.guild, "operators")
        self.viewer_role = world.role(self.guild, "viewers")
        self.operator = world.member(self.guild, "Operator", [self.operator_role])
        self.viewer = world.member(self.guild, "Viewer", [self.viewer_role])
        self.trader = world.member(self.guild, "Trader", [self.role])
        self.stranger = world.member(self.guild, "Stranger")
        self.hook = world.webhook(self.alerts)
        self.machine = world.member(self.guild, world.user("Relay", is_bot=True))
        self.front = FakeFront(self.trades)
        self.terms = BotTerms(
            guild_id=int(self.guild["id"]),
            operator_channel_id=int(self.operators["id"]),
            operator_roles=frozenset({int(self.operator_role["id"])}),
            viewer_roles=frozenset({int(self.viewer_role["id"])}),
            sweep_every=timedelta(minutes=5),
        )
        self.allow()

    def allow(self, **changes: frozenset[int]) -> None:
        """Who may trade from where, at the desk, from now on."""
        allowlist = Allowlist(
            users=frozenset({int(self.author["id"])}),
            roles=frozenset({int(self.role["id"])}),
            channels=frozenset({int(self.alerts["id"])}),
            bots=frozenset({int(self.hook["id"]), int(self.machine["id"])}),
        ).model_copy(update=changes)
        self.desk.kept.policy = self.desk.kept.policy.model_copy(update={"allowlist": allowlist})

    @asynccontextmanager
    async def bot(self, **options: Any) -> AsyncIterator[AlertBot]:
        """The bot, connected; ended at the end."""
        point_at(self.discord.api_url, self.discord.gateway_url)
        doors = doors_of(self.front, self.desk, self.trades, self.account, self.audit, self.folder)
        bot = AlertBot(self.terms, doors, DeskPolicy(), self.folder, **options)
        sessions = len(self.discord.gateway.live)
        running = asyncio.create_task(bot.start(self.discord.token))
        try:
            await self.discord.until(lambda: running.done() or len(self.discord.gateway.live) > sessions)
            await self.discord.until(lambda: running.done() or bot.is_ready())
            yield bot
        finally:
            await bot.close()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    @property
    def texts(self) -> list[str]:
        """What was started, in order."""
        return [request.message.text for request in self.trades.requests.values()]

    def signs(self, message: Json) -> set[str]:
        """The bot's reactions under a message."""
        return self.discord.book.reactions_to(message, self.discord.world.bot)

    def letters(self, person: Json) -> list[str]:
        """The bot's direct messages to somebody."""
        return [message["content"] for message in self.discord.book.of(self.discord.world.direct(person["id"]))]

    def said(self, channel: Json) -> list[str]:
        """What the bot said in a channel."""
        return [message["content"] for message in self.discord.book.of(channel, self.discord.world.bot)]

    async def until(self, condition: Any, within: float = 10.0) -> None:
        """Wait for it."""
        await self.discord.until(condition, within)

    async def settled(self, bot: AlertBot, text: str = SETTLER) -> None:
        """Everything that was said so far has been heard and dealt with: a last message went through."""
        last = await self.discord.people.say(self.alerts, self.author, text)
        await self.until(lambda: any(each.endswith(last["id"]) for each in self.trades.requests))
        await self.until(lambda: not bot.intake.is_busy)
        await bot.background.finish(10)


@dataclass
class _Doors:
    front: FakeFront
    desk: FakeDesk
    trades: FakeTrades
    account: FakeAccount
    audit: FakeAudit
    mark: KillMark
    mode: Mode = Mode.PAPER
    channel_id: int = 1
    author_id: int = 1


def doors_of(
    front: FakeFront, desk: FakeDesk, trades: FakeTrades, account: FakeAccount, audit: FakeAudit, folder: Path
) -> Doors:
    """What a bot reaches, in memory."""
    return cast("Doors", _Doors(front, desk, trades, account, audit, KillMark(folder)))


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with FakeDiscord() as discord:
        yield Room(discord, tmp_path)
        discord.require_clean()


@pytest.fixture(autouse=True)
def _no_heart_beats_on() -> Iterator[None]:
    """A client that is closed while it reconnects leaves its heartbeat's thread behind, for a loop that is gone."""
    yield
    for thread in threading.enumerate():
        if isinstance(thread, discord.gateway.KeepAliveHandler):
            thread.stop()
