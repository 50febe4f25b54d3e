"""From a message in Discord to orders at the exchange, over sockets and real processes, while Discord misbehaves."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from temporalio.service import RPCError

from domain.identifiers import OrderRole, TradeId, role_of
from domain.trade import TradeState
from paper.listings.instruments import Instrument
from tests.e2e.conftest import House, until_async, words
from tests.fakes.discord import FakeDiscord, Json

_KILLS = int(os.environ.get("KILLS", "3"))
_ALERTS = int(os.environ.get("ALERTS", "60"))
_PAUSE = 0.25  # seconds between alerts
_TRADED = 5
_OTHERS = ("AAPL", "TSLA", "NVDA", "AMD", "PLTR", "SOFI", "SPY", "QQQ", "IWM")


@dataclass
class TradingRoom:
    """One guild with its alert channels, and the author of all alerts."""

    discord: FakeDiscord
    guild: Json
    channels: list[Json]
    operators: Json
    author: Json

    @property
    def settings(self) -> dict[str, str]:
        """What the bot needs to come here."""
        return {
            "ALERTLADDER_DISCORD__TOKEN": self.discord.token,
            "ALERTLADDER_DISCORD__API_URL": self.discord.api_url,
            "ALERTLADDER_DISCORD__GATEWAY_URL": self.discord.gateway_url,
            "ALERTLADDER_DISCORD__GUILD_ID": self.guild["id"],
            "ALERTLADDER_DISCORD__OPERATOR_CHANNEL_ID": self.operators["id"],
            "ALERTLADDER_ALLOWLIST__USERS": f"[{self.author['id']}]",
            "ALERTLADDER_ALLOWLIST__CHANNELS": f"[{', '.join(each['id'] for each in self.channels)}]",
        }

    async def says(self, text: str, channel: int = 0) -> Json:
        """The author posts an alert."""
        return await self.discord.people.say(self.channels[channel], self.author, text)

    def signs(self, message: Json) -> set[str]:
        """The bot's reactions."""
        return self.discord.book.reactions_to(message, self.discord.world.bot)


@pytest.fixture
async def room() -> AsyncIterator[TradingRoom]:
    async with FakeDiscord() as discord:
        guild = discord.world.guild()
        channels = [discord.world.channel(guild, f"alerts-{number}") for number in range(3)]
        operators = discord.world.channel(guild, "operators")
        yield TradingRoom(discord, guild, channels, operators, discord.world.member(guild, "Author"))
        discord.require_clean()


@pytest.fixture
def overrides(room: TradingRoom) -> dict[str, str]:
    lifted = {
        "MAX_OPEN_TRADES": "1000",
        "MAX_TRADES_PER_UNDERLYING": "100000",
        "MAX_ENTRIES_A_DAY": "100000",
        "MAX_FAILURES_IN_A_ROW": "100000",
        "MAX_ORDER_CALLS_A_MINUTE": "100000",
        "DUPLICATE_WINDOW": "PT0.001S",
        "TRIPS": "[]",
    }
    limits = {f"ALERTLADDER_LIMITS__{name}": value for name, value in lifted.items()}
    return {**room.settings, **limits, "ALERTLADDER_GUARD__MAX_ALERT_AGE": "PT60S"}


def trade_of(message: Json) -> str:
    return f"alert-{message['channel_id']}-{message['id']}"


async def trades(house: House) -> Counter[str]:
    """Every trade that was ever started, with how many runs it has."""
    assert house.client is not None
    return Counter([found.id async for found in house.client.list_workflows("WorkflowType = 'AlertTrade'")])


async def bought(house: House) -> Counter[str]:
    """What each trade has bought, by the exchange's own book."""
    assert house.control is not None
    filled: Counter[str] = Counter()
    for order in (await house.control.book())["orders"]:
        identifier = order["external-identifier"]
        trade = TradeId.of_order(identifier)
        if trade is not None and role_of(identifier) is OrderRole.ENTRY:
            fills = [fill for leg in order["legs"] for fill in leg["fills"]]
            filled[trade.workflow_id] += sum(int(fill["quantity"]) for fill in fills)
    return +filled


async def ready(house: House, room: TradingRoom, option: Instrument, ask: str) -> None:
    """The bot listens, and the market is there."""
    assert house.control is not None
    await house.control.quote(option.symbol, "0.70", ask, 5000, 5000)
    await room.discord.connected(within=30)


async def test_one_alert_is_one_trade_while_discord_drops_repeats_and_fails(
    house: House, room: TradingRoom, uber: Instrument
) -> None:
    discord = room.discord
    await ready(house, room, uber, "0.75")
    discord.faults.plan("PUT", "/channels/*/reactions/*", status=500, commit=True)
    discord.faults.plan("PUT", "/channels/*/reactions/*", status=429, retry_after=0.2)
    said = await room.says(words(uber))
    await discord.gateway.drop()
    await discord.people.repeat(said)
    await discord.connected()
    discord.gateway.expires_next_resume = True
    await discord.gateway.drop(code=4000)
    await discord.people.repeat(said)
    await house.view_when(trade_of(said), lambda view: view.state is TradeState.HOLDING, 60)
    await discord.connected(within=30)
    await discord.until(lambda: room.signs(said), 30)
    assert await trades(house) == {trade_of(said): 1}
    assert await bought(house) == {trade_of(said): 4}


async def test_an_edit_takes_a_working_entry_off_the_market_and_keeps_what_was_bought(
    house: House, room: TradingRoom, uber: Instrument
) -> None:
    await ready(house, room, uber, "0.90")
    said = await room.says(words(uber))
    trade = trade_of(said)
    await house.view_when(trade, lambda view: view.state is TradeState.WORKING)
    await room.discord.people.edit(said, "never mind")
    view = await house.view_when(trade, lambda view: view.state.is_end, 60)
    assert view.filled == 0
    assert "edited or deleted" in str(view.refusal)
    assert [order for order in await house.orders(trade) if order["status"] in ("Live", "Received")] == []
    await room.discord.until(lambda: "🚫" in room.signs(said))


async def test_while_temporal_stands_still_it_is_said_once_and_the_alert_is_taken_after(
    house: House, room: TradingRoom, uber: Instrument
) -> None:
    await ready(house, room, uber, "0.75")
    server = house.pid_of("temporal")
    os.kill(server, signal.SIGSTOP)
    try:
        first = await room.says(words(uber, quantity=1))
        second = await room.says(words(uber, quantity=2))
        await room.discord.until(lambda: "⏳" in room.signs(first), 20)
        await room.discord.until(lambda: room.discord.book.of(room.channels[0], room.discord.world.bot), 20)
    finally:
        os.kill(server, signal.SIGCONT)
    for message in (first, second):
        await room.discord.until(lambda message=message: "👀" in room.signs(message), 40)
    assert await trades(house) == {trade_of(first): 1, trade_of(second): 1}
    said = [message["content"] for message in room.discord.book.of(room.channels[0], room.discord.world.bot)]
    assert len([line for line in said if line.startswith("⏳")]) == 1


@pytest.mark.timeout(1500)
async def test_a_bot_that_is_killed_again_and_again_misses_no_alert_and_trades_none_twice(
    house: House, room: TradingRoom, uber: Instrument
) -> None:
    assert uber.expiry is not None
    await ready(house, room, uber, "0.75")
    said: list[Json] = []
    killer = asyncio.create_task(_kill_again_and_again(house, room, said))
    while len(said) < _ALERTS or not killer.done():
        is_traded = len(said) % _TRADED == 0  # the others are let in, and refused for their strike
        other = _OTHERS[len(said) % len(_OTHERS)]
        text = words(uber, quantity=1) if is_traded else f"BTO 1 {other} 9999p {uber.expiry.day:%m/%d} @ 0.75"
        said.append(await room.says(text, channel=len(said) % len(room.channels)))
        await asyncio.sleep(_PAUSE)
    await killer
    expected = {trade_of(message): 1 for message in said}
    missing = set(expected)

    async def all_there() -> bool:
        with suppress(RPCError):  # a server that has a thousand trades in hand may not list them at once
            missing.difference_update(await trades(house))
        return not missing

    await until_async(all_there, 120, lambda: f"missed: {sorted(missing)}")
    assert await trades(house) == expected
    assert set((await bought(house)).values()) == {1}
    assert len([line for line in house.output if "bot " in line and " died " in line]) == _KILLS


async def _kill_again_and_again(house: House, room: TradingRoom, said: list[Json]) -> None:
    """Each time the bot listens, and some alerts more have come."""
    for _ in range(_KILLS):
        await room.discord.connected(within=60)
        before = len(said)
        await room.discord.until(lambda before=before: len(said) >= before + _ALERTS // (2 * _KILLS), 60)
        os.kill(house.pid_of("bot"), signal.SIGKILL)
        await room.discord.until(lambda: not room.discord.gateway.live, 10)


async def test_the_bot_stops_in_order_when_it_is_told_to(house: House, room: TradingRoom) -> None:
    await room.discord.connected(within=30)
    os.kill(house.pid_of("bot"), signal.SIGTERM)
    await until_async(lambda: _died(house), 20, lambda: house.output)
    (line,) = [line for line in house.output if "bot " in line and " died " in line]
    assert "exit 0" in line


async def _died(house: House) -> bool:
    return any("bot " in line and " died " in line for line in house.output)
