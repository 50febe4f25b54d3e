"""What people do in a room: talk, reply, forward, edit, delete, react, and let webhooks post."""

from typing import Any

from tests.fakes.discord.book import Book, forward_of, reply_to
from tests.fakes.discord.room import Room
from tests.fakes.discord.shapes import Json
from tests.fakes.discord.world import World


class People:
    """Everybody but the bot. `deliver=False` does it without the gateway telling anybody."""

    def __init__(self, world: World, book: Book, room: Room) -> None:
        self._world = world
        self._book = book
        self._room = room

    async def say(self, channel: Json, user: Json, content: str = "", **fields: Any) -> Json:
        """A message; `embeds`, `at` and `deliver` as the room takes them."""
        return await self._room.post(channel, user, content=content, **fields)

    async def reply(self, to: Json, user: Json, content: str, **fields: Any) -> Json:
        """An answer to a message."""
        channel = self._world.channels[to["channel_id"]]
        return await self._room.post(channel, user, content=content, **reply_to(to), **fields)

    async def forward(self, message: Json, to: Json, user: Json, **fields: Any) -> Json:
        """A message of some channel, forwarded into another."""
        return await self._room.post(to, user, **forward_of(message), **fields)

    async def hook(self, hook: Json, content: str = "", name: str | None = None, **fields: Any) -> Json:
        """A webhook posts, under any name it likes."""
        author: Json = {
            "id": hook["id"],
            "username": name or hook["name"],
            "avatar": None,
            "discriminator": "0000",
            "bot": True,
            "global_name": None,
            "public_flags": 0,
        }
        channel = self._world.channels[hook["channel_id"]]
        return await self._room.post(channel, author, content=content, webhook_id=hook["id"], **fields)

    async def edit(self, message: Json, content: str) -> Json:
        """Say it otherwise."""
        return await self._room.edit(message, {"content": content})

    async def delete(self, *messages: Json) -> None:
        """Take messages back."""
        await self._room.delete(messages)

    async def unfurl(self, message: Json, embed: Json) -> None:
        """Discord itself adds a link's preview: an update without a time of edit."""
        message["embeds"].append({"type": "article", **embed})
        await self._room.tell("MESSAGE_UPDATE", message)

    async def repeat(self, message: Json, event: str = "MESSAGE_CREATE") -> None:
        """The gateway tells of a message again."""
        await self._room.tell(event, message)

    async def react(self, message: Json, emoji: str, user: Json) -> None:
        """Put a reaction under a message."""
        await self._room.react(message, emoji, user)

    async def thread(self, parent: Json, user: Json, name: str = "thread", starter: Json | None = None) -> Json:
        """Open a thread."""
        return await self._room.open_thread(parent, user, name, starter)

    async def archive(self, thread: Json) -> None:
        """Close a thread."""
        await self._room.change_channel(thread, {"archived": True})

    def heard_by_nobody(self, channel: Json, user: Json, content: str, **fields: Any) -> Json:
        """A message that stands in the history, and that no gateway told of."""
        return self._book.add(channel, user, content=content, **fields)
