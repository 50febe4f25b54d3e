"""Operators halt, resume and sell by slash commands: over sockets, real processes and the exchange's own book."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.trade import TradeState
from paper.listings.series import Instrument
from tests.e2e.conftest import House, words
from tests.e2e.test_bot import TradingRoom, trade_of
from tests.e2e.test_selling import standing
from tests.fakes.discord import FakeDiscord, Interaction, Json


class CommandRoom(TradingRoom):
    """With an operator, to whom the server's admins show the commands."""

    def with_operator(self) -> "CommandRoom":
        """Once its people are there."""
        world = self.discord.world
        self.role = world.role(self.guild, "operators")
        self.operator: Json = world.member(self.guild, "Operator", [self.role])
        self.discord.interactions.shown_to.add(self.role["id"])
        return self

    async def asks(self, name: str, /, **options: Any) -> Interaction:
        """The operator uses a command, and sees its answer."""
        used = await self.discord.interactions.slash(self.operators, self.operator, name, **options)
        await used.message(within=40)
        return used


@pytest.fixture
async def room() -> AsyncIterator[CommandRoom]:
    async with FakeDiscord() as discord:
        guild = discord.world.guild()
        channels, operators = [discord.world.channel(guild, "alerts")], discord.world.channel(guild, "operators")
        author = discord.world.member(guild, "Author")
        yield CommandRoom(discord, guild, channels, operators, author).with_operator()
        discord.require_clean()


@pytest.fixture
def overrides(room: CommandRoom) -> dict[str, str]:
    return {
        **room.settings,
        "ALERTLADDER_DISCORD__OPERATOR_ROLES": f"[{room.role['id']}]",
        "ALERTLADDER_GUARD__MAX_ALERT_AGE": "PT60S",
    }


@pytest.mark.timeout(300)
async def test_an_operator_halts_resumes_in_two_steps_and_sells_what_a_trade_holds(
    house: House, room: CommandRoom, uber: Instrument
) -> None:
    assert house.control is not None
    discord = room.discord
    await house.control.quote(uber.symbol, "0.70", "0.75", 5000, 5000)
    await discord.connected(within=30)
    await discord.until(lambda: discord.interactions.commands[room.guild["id"]], 30)
    trade = trade_of(await room.says(words(uber)))
    await house.view_when(trade, lambda view: view.filled == 4 and bool(view.exits), 60)

    assert "halted by Operator" in (await room.asks("halt", reason="enough for today")).text
    refused = trade_of(await room.says(words(uber, quantity=1)))
    view = await house.view_when(refused, lambda view: view.state.is_end, 60)
    assert view.refusal is not None
    assert view.refusal.code == "halted"

    offered = await room.asks("resume")
    assert "halted" in (await room.asks("status")).text
    (row,) = (await offered.message())["components"]
    (button,) = row["components"]
    done = await discord.interactions.click(await offered.message(), room.operator, button["custom_id"])
    await done.message(within=40)
    assert "let in again" in done.text
    assert "active" in (await room.asks("status")).text

    await house.control.quote(uber.symbol, "1.00", "1.00", 5000, 5000)
    used = await room.asks("close", trade=trade, part="1/2")
    await discord.gateway.dispatch("INTERACTION_CREATE", used.payload)
    await discord.until(lambda: "sold" in used.text, 60)
    await house.view_when(trade, lambda view: view.exited == 2, 60)
    assert await standing(house, trade) == {"bought": 4, "sold": 2, "out": 2}
    await room.asks("close", trade=trade)
    await house.view_when(trade, lambda view: view.state is TradeState.CLOSED, 60)
    assert await standing(house, trade) == {"bought": 4, "sold": 4, "out": 0}

    rows = (await room.asks("audit", kind="operator", count=20)).text
    for what in ("halted", "resume", "close"):
        assert f"{what} by Operator" in rows
    health = (await room.asks("ping")).text
    for part in ("Temporal", "Desk", "Watch", "Broker", "Audit"):
        assert f"🟢 **{part}**" in health


@pytest.mark.timeout(300)
async def test_a_dry_run_by_command_places_nothing_at_the_exchange(
    house: House, room: CommandRoom, uber: Instrument
) -> None:
    assert house.control is not None
    discord = room.discord
    await house.control.quote(uber.symbol, "0.70", "0.75", 5000, 5000)
    await discord.connected(within=30)
    await discord.until(lambda: discord.interactions.commands[room.guild["id"]], 30)
    used = await room.asks("dry-run", text=words(uber))
    await discord.until(lambda: "DRY RUN" in used.text, 60)
    assert "Read as" in used.text
    assert (await house.control.book())["orders"] == []
