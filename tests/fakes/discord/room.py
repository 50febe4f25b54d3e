"""Whatever changes a message, a thread or a reaction: written in the book, and told through the gateway."""

from collections.abc import Sequence
from typing import Any

from tests.fakes.discord.book import Book
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.shapes import DIRECT, EPHEMERAL, HAS_THREAD, Intent, Json
from tests.fakes.discord.world import World


class Room:
    """The book and the gateway together: what the bot and people do goes through here."""

    def __init__(self, world: World, book: Book, gateway: Gateway) -> None:
        self._world = world
        self._book = book
        self._gateway = gateway

    async def post(self, channel: Json, author: Json, *, deliver: bool = True, **fields: Any) -> Json:
        """A new message. The bot hears its own too; `deliver` False is one that was said while nobody was told."""
        message = self._book.add(channel, author, **fields)
        if deliver and not message["flags"] & EPHEMERAL:
            await self.tell("MESSAGE_CREATE", message)
        return message

    async def tell(self, event: str, message: Json) -> int:
        """Tell of a message, as it stands now; gives how many sessions heard."""
        channel = self._world.channels[message["channel_id"]]
        return await self._gateway.publish(event, dict(message), channel, adds=self._membership(message, channel))

    async def edit(self, message: Json, changes: Json) -> Json:
        """Change a message."""
        self._book.edit(message, changes)
        if not message["flags"] & EPHEMERAL:
            await self.tell("MESSAGE_UPDATE", message)
        return message

    async def delete(self, messages: Sequence[Json]) -> None:
        """Take one message away, or several in one go as moderators do."""
        for message in messages:
            self._book.delete(message)
        channel = self._world.channels[messages[0]["channel_id"]]
        where = {"channel_id": channel["id"], "guild_id": channel.get("guild_id")}
        need = Intent.DIRECT_MESSAGES if channel["type"] == DIRECT else Intent.GUILD_MESSAGES
        if len(messages) == 1:
            await self._gateway.dispatch("MESSAGE_DELETE", {"id": messages[0]["id"], **where}, need)
        else:
            ids = [message["id"] for message in messages]
            await self._gateway.dispatch("MESSAGE_DELETE_BULK", {"ids": ids, **where}, need)

    async def react(self, message: Json, emoji: str, user: Json) -> None:
        """Put a reaction under a message."""
        if self._book.react(message, emoji, user["id"]):
            await self._tell_reaction("MESSAGE_REACTION_ADD", message, emoji, user)

    async def take_back(self, message: Json, emoji: str, user: Json) -> None:
        """Take a reaction off."""
        self._book.take_back(message, emoji, user["id"])
        await self._tell_reaction("MESSAGE_REACTION_REMOVE", message, emoji, user)

    async def open_thread(self, parent: Json, owner: Json, name: str, starter: Json | None = None) -> Json:
        """A thread, of a message if there is one."""
        thread = self._world.thread(parent, owner, name, starter)
        if starter is not None:
            starter["thread"] = thread
            starter["flags"] |= HAS_THREAD
        await self._gateway.dispatch("THREAD_CREATE", {**thread, "newly_created": True}, Intent.GUILDS)
        return thread

    async def change_channel(self, channel: Json, changes: Json) -> Json:
        """Rename a channel, archive a thread."""
        metadata = channel.get("thread_metadata", {})
        metadata.update({key: value for key, value in changes.items() if key in metadata})
        channel.update({key: value for key, value in changes.items() if key in ("name", "topic")})
        event = "THREAD_UPDATE" if metadata else "CHANNEL_UPDATE"
        await self._gateway.dispatch(event, channel, Intent.GUILDS)
        return channel

    def _membership(self, message: Json, channel: Json) -> Json:
        """Only gateway messages say which roles their author has; history does not."""
        member = self._world.members[channel.get("guild_id", "")].get(message["author"]["id"])
        if member is None or message.get("webhook_id"):
            return {}
        return {"member": {key: value for key, value in member.items() if key != "user"}}

    async def _tell_reaction(self, event: str, message: Json, emoji: str, user: Json) -> None:
        channel = self._world.channels[message["channel_id"]]
        where = {"channel_id": channel["id"], "message_id": message["id"], "guild_id": channel.get("guild_id")}
        reaction = {"user_id": user["id"], "emoji": {"id": None, "name": emoji}, "burst": False, "type": 0, **where}
        await self._gateway.dispatch(event, reaction, Intent.GUILD_REACTIONS)
