"""A channel of the fake Discord, and a poster that reaches it over sockets."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import discord
import pytest
from pydantic import SecretStr
from temporalio.testing import ActivityEnvironment

from activities.discord import DiscordCards, DiscordSession
from domain.card import Card, CardButton, CardShown, ShowCard
from tests.fakes.discord import FakeDiscord, Json

TRADE = "alert-1-2"


def card(text: str = "Working", *, final: bool = False, trade: str = TRADE) -> Card:
    """A small one."""
    buttons = () if final else (CardButton.CANCEL_ENTRY, CardButton.CLOSE_NOW)
    return Card(workflow_id=trade, title="PAPER · BTO", colour=0x3B88F5, text=text, buttons=buttons, final=final)


@dataclass
class Scene:
    """One channel with an alert in it, and the poster."""

    fake: FakeDiscord
    channel: Json
    alert: Json
    cards: DiscordCards
    revision: int = 0
    message_id: int | None = None

    async def show(self, shown: Card, *, attempt: int = 1, **fields: object) -> CardShown:
        """As a trade asks for it: each card is newer than the last, and its message is known once it was told."""
        self.revision += 1
        asked = {
            "card": shown,
            "revision": self.revision,
            "channel_id": int(self.channel["id"]),
            "after_id": int(self.alert["id"]),
            "message_id": self.message_id,
        }
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt)
        told = await environment.run(self.cards.show_card, ShowCard.model_validate(asked | fields))
        self.message_id = told.message_id
        return told

    @property
    def posted(self) -> list[Json]:
        """The bot's messages in the channel."""
        return self.fake.book.of(self.channel, self.fake.world.bot)

    @property
    def texts(self) -> list[str]:
        """What they say."""
        return [message["embeds"][0]["description"] for message in self.posted]

    def path(self, tail: str = "") -> str:
        return f"/channels/{self.channel['id']}/messages{tail}"


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server
        server.require_clean()


@pytest.fixture
async def session(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordSession]:
    monkeypatch.setattr(discord.http.Route, "BASE", fake.api_url)
    session = DiscordSession(SecretStr(fake.token))
    yield session
    await session.close()


@pytest.fixture
async def scene(fake: FakeDiscord, session: DiscordSession) -> Scene:
    guild = fake.world.guild()
    channel = fake.world.channel(guild, "alerts")
    alert = fake.people.heard_by_nobody(channel, fake.world.member(guild, "Author"), "BTO UBER 78p 12/04 @ 0.75")
    return Scene(fake, channel, alert, DiscordCards(session.client))
