"""A trade's card from its alert to its final state, over sockets and real processes, while Discord misbehaves."""

import pytest

from domain.card import CardButton
from domain.trade import TradeState
from paper.listings.instruments import Instrument
from tests.e2e.conftest import House, words
from tests.e2e.test_bot import TradingRoom, ready, trade_of
from tests.e2e.test_bot import overrides as overrides_of_the_room
from tests.e2e.test_bot import room as room_of_the_house
from tests.fakes.discord import Json

room = room_of_the_house
overrides = overrides_of_the_room


class Watched:
    """One alert in the room, and the card of its trade."""

    def __init__(self, room: TradingRoom, said: Json) -> None:
        self.room = room
        self.trade = trade_of(said)
        self._channel = room.channels[0]

    @property
    def cards(self) -> list[Json]:
        """The messages that show it: one, or something is wrong."""
        messages = self.room.discord.book.of(self._channel, self.room.discord.world.bot)
        return [each for each in messages if each["embeds"] and each["embeds"][0]["footer"]["text"] == self.trade]

    @property
    def text(self) -> str:
        """What it says now."""
        return "\n".join(
            f"{embed['title']}\n{embed['description']}\n" + "\n".join(field["value"] for field in embed["fields"])
            for card in self.cards
            for embed in card["embeds"]
        )

    async def says(self, words: str, within: float = 30) -> None:
        """Wait until it says so."""
        await self.room.discord.until(lambda: words in self.text, within)

    async def press(self, button: CardButton) -> str:
        """The alert's author presses it; the answer."""
        discord = self.room.discord
        asked = await discord.interactions.click(self.cards[0], self.room.author, button.custom_id(self.trade))
        await discord.until(lambda: asked.text)
        return asked.text


async def test_one_trade_is_one_card_while_discord_drops_limits_and_fails_after_committing(
    house: House, room: TradingRoom, uber: Instrument
) -> None:
    discord = room.discord
    await ready(house, room, uber, "0.90")
    discord.faults.plan("POST", "/channels/*/messages", status=503, commit=True)
    discord.faults.plan("PATCH", "/channels/*/messages/*", status=429, retry_after=0.3)
    discord.faults.plan("PATCH", "/channels/*/messages/*", status=500, commit=True)
    watched = Watched(room, await room.says(words(uber)))
    await watched.says("Working")
    await discord.gateway.drop()
    await house.control.quote(uber.symbol, "0.74", "0.75", 5000, 5000)  # type: ignore[union-attr]
    await watched.says("Holding")
    await discord.connected(within=30)
    assert (await watched.press(CardButton.CLOSE_NOW)).startswith("Asked")
    view = await house.view_when(watched.trade, lambda view: view.state.is_end, 60)
    await watched.says("Closed")

    (card,) = watched.cards
    assert view.state is TradeState.CLOSED
    assert not card["components"]
    assert "PAPER" in watched.text
    assert "4 sold" in watched.text


async def test_the_entry_is_cancelled_by_its_button(house: House, room: TradingRoom, uber: Instrument) -> None:
    await ready(house, room, uber, "0.90")
    watched = Watched(room, await room.says(words(uber)))
    await watched.says("Working")
    assert (await watched.press(CardButton.CANCEL_ENTRY)).startswith("Asked")
    await watched.says("Cancelled", 60)
    assert len(watched.cards) == 1
    orders = await house.orders(watched.trade)
    assert {order["status"] for order in orders} == {"Cancelled"}


async def test_a_refused_trade_has_a_card_with_its_reason(house: House, room: TradingRoom, uber: Instrument) -> None:
    await ready(house, room, uber, "0.90")
    assert uber.expiry is not None
    watched = Watched(room, await room.says(f"BTO 1 UBER 999p {uber.expiry.day:%m/%d} @ 0.75"))
    await watched.says("The broker lists no such strike.")
    assert not watched.cards[0]["components"]


@pytest.mark.timeout(180)
async def test_a_card_that_discord_could_not_take_is_shown_when_it_can(
    house: House, room: TradingRoom, uber: Instrument
) -> None:
    """The trade ends meanwhile, without waiting."""
    await ready(house, room, uber, "0.75")
    down = room.discord.faults.plan("POST", "/channels/*/messages", status=503, times=10_000)
    watched = Watched(room, await room.says(words(uber)))
    await house.view_when(watched.trade, lambda view: view.state is TradeState.HOLDING)
    await house.temporal("workflow", "cancel", "--workflow-id", watched.trade)
    await house.view_when(watched.trade, lambda view: view.state.is_end)
    assert not watched.cards
    down.times = down.hits
    await watched.says("Cancelled", 120)
    assert len(watched.cards) == 1
