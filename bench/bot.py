"""`python -m bench.bot`: from a message in Discord to the bot's sign under it, and to the first order at the exchange.

Discord is the tests' own, on this machine and without a network's delay, its rate limits included.
"""

import asyncio
import os
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console

from bench.contracts import Play, plays
from bench.parts import own_settings, running_parts
from bench.timing import percentile, to_entry
from domain.identifiers import TradeId
from paper.control.client import Control
from tests.fakes.discord import FakeDiscord, Json
from workers.process import leave
from workers.settings import load
from workers.terminal import terminal

_MEETS_AFTER = 1.5  # seconds
_LOOK = 0.002  # seconds
_ALL_BY = 20.0  # seconds after the last alert


@dataclass
class Measured:
    """Milliseconds, by alert."""

    signed: list[float] = field(default_factory=list)
    ordered: list[float] = field(default_factory=list)


class Author:
    """Posts alerts in a guild of its own, and watches what becomes of them."""

    def __init__(self, discord: FakeDiscord) -> None:
        self._discord = discord
        guild = discord.world.guild()
        self._channel = discord.world.channel(guild, "alerts")
        self._user = discord.world.member(guild, "Author")
        self._posted: dict[str, datetime] = {}
        self.settings = {
            "ALERTLADDER_DISCORD__TOKEN": discord.token,
            "ALERTLADDER_DISCORD__API_URL": discord.api_url,
            "ALERTLADDER_DISCORD__GATEWAY_URL": discord.gateway_url,
            "ALERTLADDER_ALLOWLIST__USERS": f"[{self._user['id']}]",
            "ALERTLADDER_ALLOWLIST__CHANNELS": f"[{self._channel['id']}]",
        }

    async def post(self, play: Play, measured: Measured) -> None:
        """One alert; returns when its sign is there."""
        began, posted_at = perf_counter(), datetime.now(UTC)
        said: Json = await self._discord.people.say(self._channel, self._user, play.text)
        trade = TradeId(channel_id=int(self._channel["id"]), message_id=int(said["id"]))
        self._posted[trade.workflow_id] = posted_at
        while not self._discord.book.reactions_to(said, self._discord.world.bot):  # noqa: ASYNC110  a book
            await asyncio.sleep(_LOOK)
        measured.signed.append((perf_counter() - began) * 1000)

    async def orders(self, control: Control, measured: Measured) -> None:
        """Wait for the first order of each."""
        deadline = asyncio.get_running_loop().time() + _ALL_BY
        found: dict[str, list[Any]] = {}
        while len(found) < len(self._posted) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(_LOOK * 100)
            found = {}
            for order in (await control.book())["orders"]:
                trade = TradeId.of_order(order.get("external-identifier"))
                if trade is not None and trade.workflow_id in self._posted:
                    found.setdefault(trade.workflow_id, []).append(order)
        measured.ordered += [to_entry(orders, self._posted[name]) for name, orders in found.items()]


def main(
    alerts: Annotated[int, typer.Option(help="How many alerts, each in another contract.")] = 40,
    pace: Annotated[float, typer.Option(help="Seconds between two alerts.")] = 0.5,
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="alertladder-bench-") as folder:
        asyncio.run(_measure(terminal(), Path(folder), alerts, pace))
    leave(0)


async def _measure(console: Console, folder: Path, alerts: int, pace: float) -> None:
    async with FakeDiscord() as discord:
        author, measured = Author(discord), Measured()
        os.environ.update(author.settings)
        own_settings(folder)
        settings = load()
        async with running_parts(settings), Control(settings.broker_addresses[0]) as control:
            await discord.connected(within=30)
            async with asyncio.TaskGroup() as tasks:
                for play in plays(alerts, 0):
                    await play.open_market(control, _MEETS_AFTER)
                    tasks.create_task(author.post(play, measured))
                    await asyncio.sleep(pace)
            await author.orders(control, measured)
    _say(console, "message -> sign under it", measured.signed)
    _say(console, "message -> first order at the exchange", measured.ordered)


def _say(console: Console, what: str, values: list[float]) -> None:
    shown = ", ".join(f"p{percent} {percentile(values, percent):.0f} ms" for percent in (50, 95, 99))
    console.print(f"{what}: n {len(values)}, {shown}, max {max(values):.0f} ms", highlight=False)


if __name__ == "__main__":
    typer.run(main)
