"""The fake Discord, as an unmodified discord.py finds it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands

from tests.fakes.discord import FakeDiscord, Intent, Json, NotOffered, Permission


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server
        server.require_clean()


@pytest.fixture
def guild(fake: FakeDiscord) -> Json:
    return fake.world.guild()


@pytest.fixture
def channel(fake: FakeDiscord, guild: Json) -> Json:
    return fake.world.channel(guild, "alerts")


@pytest.fixture
def author(fake: FakeDiscord, guild: Json) -> Json:
    return fake.world.member(guild, "Author")


@pytest.fixture(autouse=True)
def _pointed(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(discord.http.Route, "BASE", fake.api_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(fake.gateway_url))
    return


class Bot(discord.Client):
    """Keeps what it is told."""

    def __init__(self, **options: Any) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = True
        super().__init__(**({"intents": intents, "guild_ready_timeout": 0.05, "max_messages": None} | options))
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.edits: list[discord.RawMessageUpdateEvent] = []
        self.deletes: list[int] = []
        self.starts: list[str] = []

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        self.edits.append(event)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self.deletes.append(event.message_id)

    async def on_ready(self) -> None:
        self.starts.append("ready")

    async def on_resumed(self) -> None:
        self.starts.append("resumed")


@asynccontextmanager
async def running(fake: FakeDiscord, bot: Bot) -> AsyncIterator[Bot]:
    task = asyncio.create_task(bot.start(fake.token))
    try:
        await fake.until(lambda: "ready" in bot.starts or task.done())
        yield bot
    finally:
        await bot.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_message_an_edit_and_a_delete_arrive_as_they_are(
    fake: FakeDiscord, channel: Json, author: Json
) -> None:
    async with running(fake, Bot()) as bot:
        said = await fake.people.say(channel, author, "hello", embeds=[{"title": "a title"}])
        await fake.people.edit(said, "hello again")
        await fake.people.delete(said)
        await fake.until(lambda: bot.deletes)
    (message,) = bot.heard
    assert (message.content, message.embeds[0].title, message.author.id) == ("hello", "a title", int(author["id"]))
    assert bot.edits[0].message.content == "hello again"
    assert bot.deletes == [int(said["id"])]


async def test_a_forwarded_message_has_its_text_in_a_snapshot(fake: FakeDiscord, channel: Json, author: Json) -> None:
    async with running(fake, Bot()) as bot:
        original = await fake.people.say(channel, author, "the original")
        await fake.people.forward(original, channel, author)
        await fake.until(lambda: len(bot.heard) == 2)
    forwarded = bot.heard[1]
    assert forwarded.content == ""
    assert forwarded.message_snapshots[0].content == "the original"


async def test_a_webhook_a_reply_and_a_thread_are_told_apart(fake: FakeDiscord, channel: Json, author: Json) -> None:
    hook = fake.world.webhook(channel)
    async with running(fake, Bot()) as bot:
        said = await fake.people.hook(hook, "by a hook", name="Anybody")
        await fake.people.reply(said, author, "a reply")
        thread = await fake.people.thread(channel, author)
        await fake.people.say(thread, author, "in a thread")
        await fake.until(lambda: len(bot.heard) == 3)
    by_hook, reply, in_thread = bot.heard
    assert by_hook.webhook_id == int(hook["id"])
    assert reply.type is discord.MessageType.reply
    assert isinstance(in_thread.channel, discord.Thread)
    assert in_thread.channel.parent_id == int(channel["id"])


async def test_a_client_that_lost_its_connection_hears_what_it_missed_in_order(
    fake: FakeDiscord, channel: Json, author: Json
) -> None:
    async with running(fake, Bot()) as bot:
        await fake.gateway.drop()
        for number in range(5):
            await fake.people.say(channel, author, f"{number}")
        await fake.until(lambda: len(bot.heard) == 5 and "resumed" in bot.starts)
    assert [message.content for message in bot.heard] == ["0", "1", "2", "3", "4"]


async def test_a_client_whose_session_is_over_hears_nothing_of_what_it_missed(
    fake: FakeDiscord, channel: Json, author: Json
) -> None:
    async with running(fake, Bot()) as bot:
        fake.gateway.expires_next_resume = True
        await fake.gateway.drop()
        await fake.people.say(channel, author, "missed")
        await fake.until(lambda: bot.starts == ["ready", "ready"], 20)
        assert bot.heard == []
        found = [message async for message in bot.get_channel(int(channel["id"])).history(limit=None)]
    assert [message.content for message in found] == ["missed"]


async def test_a_wrong_token_is_refused(fake: FakeDiscord) -> None:
    bot = Bot()
    with pytest.raises(discord.LoginFailure):
        await bot.start("wrong")
    await bot.close()


async def test_an_intent_that_was_not_granted_is_refused(fake: FakeDiscord) -> None:
    fake.gateway.portal_intents = 0
    bot = Bot()
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await bot.start(fake.token)
    await bot.close()


async def test_without_the_intent_a_message_has_no_content(fake: FakeDiscord, channel: Json, author: Json) -> None:
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = True
    async with running(fake, Bot(intents=intents)) as bot:
        await fake.people.say(channel, author, "secret")
        await fake.until(lambda: bot.heard)
    assert bot.heard[0].content == ""
    assert fake.gateway.portal_intents & Intent.MESSAGE_CONTENT


async def test_the_same_nonce_is_the_same_message(fake: FakeDiscord, channel: Json) -> None:
    async with running(fake, Bot()) as bot:
        target = bot.get_channel(int(channel["id"]))
        first = await target.send("once", nonce="trade-1")
        again = await target.send("once", nonce="trade-1")
        other = await target.send("once", nonce="trade-2")
    assert first.id == again.id != other.id
    assert len(fake.book.of(channel)) == 2


async def test_an_answer_lost_after_the_work_was_done_leaves_the_work(fake: FakeDiscord, channel: Json) -> None:
    fake.faults.plan("POST", "/channels/*/messages", status=503, commit=True)
    async with running(fake, Bot()) as bot:
        target = bot.get_channel(int(channel["id"]))
        with pytest.raises(discord.DiscordServerError):
            await target.send("once", nonce="trade-1")
        await target.send("once", nonce="trade-1")
    assert len(fake.book.of(channel)) == 1


async def test_a_client_that_is_told_to_wait_waits(fake: FakeDiscord, channel: Json) -> None:
    fake.faults.plan("POST", "/channels/*/messages", status=429, retry_after=0.2)
    async with running(fake, Bot()) as bot:
        await bot.get_channel(int(channel["id"])).send("in the end")
    first, second = fake.rest.asked("POST", r"/channels/\d+/messages")
    assert (first.status, second.status) == (429, 200)
    assert second.at - first.at >= 0.2


async def test_a_channel_without_permission_refuses(fake: FakeDiscord, guild: Json) -> None:
    closed = fake.world.channel(guild, "closed", without=Permission.SEND_MESSAGES)
    async with running(fake, Bot()) as bot:
        target = bot.get_channel(int(closed["id"]))
        with pytest.raises(discord.Forbidden):
            await target.send("no")
        assert not target.permissions_for(target.guild.me).send_messages


async def test_a_direct_message_reaches_a_person_who_takes_them(fake: FakeDiscord, author: Json) -> None:
    async with running(fake, Bot()) as bot:
        person = await bot.fetch_user(int(author["id"]))
        await person.send("hello")
        fake.world.closed_to_dms.add(author["id"])
        with pytest.raises(discord.Forbidden):
            await person.send("hello?")
    assert [message["content"] for message in fake.book.of(fake.world.direct(author["id"]))] == ["hello"]


async def test_a_reaction_stands_in_the_book_once(fake: FakeDiscord, channel: Json, author: Json) -> None:
    async with running(fake, Bot()) as bot:
        said = await fake.people.say(channel, author, "hello")
        message = await fake.until(lambda: bot.heard and bot.heard[0])
        await message.add_reaction("✅")
        await message.add_reaction("✅")
    assert fake.book.reactions_to(said, fake.world.bot) == {"✅"}


async def test_a_command_is_seen_completed_and_answered(fake: FakeDiscord, guild: Json, channel: Json) -> None:
    user = fake.world.member(guild, "Operator", [fake.world.role(guild, "admin", Permission.MANAGE_GUILD)])
    other = fake.world.member(guild, "Other")
    bot = Bot()

    @app_commands.default_permissions(manage_guild=True)
    @app_commands.command(name="trade", description="one trade")
    async def trade(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"trade {name}")

    @trade.autocomplete("name")
    async def names(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}!", value=typed)]

    async with running(fake, bot):
        bot.tree.add_command(trade, guild=discord.Object(int(guild["id"])))
        await bot.tree.sync(guild=discord.Object(int(guild["id"])))
        offered = await fake.interactions.complete(channel, user, "trade", "name", "ub")
        used = await fake.interactions.slash(channel, user, "trade", name="uber")
        await used.message()
        with pytest.raises(NotOffered):
            await fake.interactions.slash(channel, other, "trade", name="uber")
    assert [(choice["name"], choice["value"]) for choice in offered] == [("ub!", "ub")]
    assert (used.text, used.is_ephemeral) == ("trade uber", True)
    assert fake.book.of(channel) == []


async def test_a_button_is_clicked_and_a_form_is_filled(fake: FakeDiscord, channel: Json, author: Json) -> None:
    class Form(discord.ui.Modal, title="Sure?"):
        word: Any = discord.ui.TextInput(label="word", custom_id="word")

        async def on_submit(self, interaction: discord.Interaction) -> None:
            await interaction.response.send_message(f"you said {self.word.value}", ephemeral=True)

    class Buttons(discord.ui.View):
        @discord.ui.button(label="Cancel", custom_id="cancel")
        async def cancel(self, interaction: discord.Interaction, _: Any) -> None:
            await interaction.response.send_modal(Form())

    async with running(fake, Bot()) as bot:
        await bot.get_channel(int(channel["id"])).send("a card", view=Buttons(timeout=None))
        (card,) = fake.book.of(channel)
        clicked = await (await fake.interactions.click(card, author, "cancel")).wait()
        filled = await fake.interactions.submit(clicked, word="yes")
        await filled.message()
    assert filled.text == "you said yes"


async def test_two_bots_of_one_token_both_hear(fake: FakeDiscord, channel: Json, author: Json) -> None:
    async with running(fake, Bot()) as one, running(fake, Bot()) as two:
        await fake.people.say(channel, author, "hello")
        await fake.until(lambda: one.heard and two.heard)


async def test_an_unknown_route_is_found_out(fake: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{fake.api_url}/nowhere") as answer:
        assert answer.status == 404
    with pytest.raises(AssertionError, match="nowhere"):
        fake.require_clean()
    fake.rest.unknown.clear()
