"""The routes of messages: post, read, edit, delete, react, threads."""

from collections.abc import Iterator
from urllib.parse import unquote

from tests.fakes.discord import payloads
from tests.fakes.discord.book import Book, reply_to
from tests.fakes.discord.permissions import Permission, in_channel
from tests.fakes.discord.rest import Answer, Call, Route
from tests.fakes.discord.room import Room
from tests.fakes.discord.shapes import COMPONENTS_V2, DIRECT, THREAD_TYPES, DiscordError, Json, invalid_form
from tests.fakes.discord.world import World

_MOST_A_PAGE, _USUAL_PAGE = 100, 50
_LONGEST_NAME = 100


class MessageRoutes:
    """What the bot does with messages."""

    def __init__(self, world: World, book: Book, room: Room) -> None:
        self._world = world
        self._book = book
        self._room = room

    def routes(self) -> Iterator[Route]:
        """All of them."""
        message = "/channels/{channel}/messages/{message}"
        yield Route("GET", "/channels/{channel}", self.channel)
        yield Route("PATCH", "/channels/{channel}", self.change_channel)
        yield Route("GET", "/channels/{channel}/messages", self.history)
        yield Route("POST", "/channels/{channel}/messages", self.post, (5, 5.0))
        yield Route("GET", message, self.read)
        yield Route("PATCH", message, self.edit, (5, 5.0))
        yield Route("DELETE", message, self.delete, (5, 1.0))
        yield Route("POST", "/channels/{channel}/typing", self.typing, (5, 5.0))
        yield Route("PUT", message + "/reactions/{emoji}/@me", self.react, (1, 0.25))
        yield Route("DELETE", message + "/reactions/{emoji}/@me", self.take_back, (1, 0.25))
        yield Route("POST", message + "/threads", self.open_thread)
        yield Route("POST", "/channels/{channel}/threads", self.open_thread)

    async def channel(self, call: Call) -> Answer:
        """One channel."""
        return self._reach(call, Permission.VIEW_CHANNEL)

    async def change_channel(self, call: Call) -> Answer:
        """Rename, archive."""
        channel = self._reach(call, Permission.VIEW_CHANNEL)
        if channel.get("thread_metadata", {}).get("locked"):
            raise DiscordError(403, 50013, "Missing Permissions")
        return await self._room.change_channel(channel, call.body)

    async def history(self, call: Call) -> Answer:
        """A page of messages."""
        channel = self._reach(call, Permission.VIEW_CHANNEL | Permission.READ_HISTORY)
        limit = int(call.query.get("limit", _USUAL_PAGE))
        if not 1 <= limit <= _MOST_A_PAGE:
            raise invalid_form(limit=f"1-{_MOST_A_PAGE}")
        return self._book.history(channel["id"], limit, call.query.get("after"), call.query.get("before"))

    async def post(self, call: Call) -> Answer:
        """A message of the bot's; the same nonce, enforced, is the same message."""
        channel = self._reach(call, Permission.VIEW_CHANNEL)
        is_thread = channel["type"] in THREAD_TYPES
        channel = self._reach(call, Permission.SEND_IN_THREADS if is_thread else Permission.SEND_MESSAGES)
        if channel["type"] == DIRECT and channel["recipients"][0]["id"] in self._world.closed_to_dms:
            raise DiscordError(403, 50007, "Cannot send messages to this user")
        body = call.body
        payloads.check(body)
        payloads.require_content(body, call.files)
        nonce = body.get("nonce") if body.get("enforce_nonce") else None
        if posted := self._book.posted_before(nonce, channel):
            return posted
        may_embed = in_channel(self._world, channel, self._world.bot["id"]) & Permission.EMBED_LINKS
        message = self._book.add(
            channel,
            self._world.bot,
            content=body.get("content") or "",
            embeds=(body.get("embeds") or ()) if may_embed else (),
            components=body.get("components") or (),
            attachments=self._book.keep(call.files),
            flags=body.get("flags") or 0,
            allowed_mentions=body.get("allowed_mentions"),
            **self._answering(call),
            **({"nonce": body["nonce"]} if body.get("nonce") is not None else {}),
        )
        self._book.remember(nonce, message)
        await self._room.tell("MESSAGE_CREATE", message)  # the echo often comes before the answer
        return message

    async def read(self, call: Call) -> Answer:
        """One message."""
        return self._message(call, Permission.VIEW_CHANNEL | Permission.READ_HISTORY)

    async def edit(self, call: Call) -> Answer:
        """One of the bot's own."""
        message = self._message(call, Permission.VIEW_CHANNEL)
        if message["author"]["id"] != self._world.bot["id"]:
            raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
        if self._world.channels[message["channel_id"]].get("thread_metadata", {}).get("archived"):
            raise DiscordError(400, 50083, "Thread is archived")
        is_v2 = message["flags"] & COMPONENTS_V2
        payloads.check({"flags": message["flags"], **call.body} if is_v2 else call.body)
        attachments = {"attachments": self._book.keep(call.files)} if call.files else {}
        return await self._room.edit(message, {**call.body, **attachments})

    async def delete(self, call: Call) -> Answer:
        """The bot's own, or anybody's with the permission."""
        message = self._message(call, Permission.VIEW_CHANNEL)
        if message["author"]["id"] != self._world.bot["id"]:
            self._reach(call, Permission.MANAGE_MESSAGES)
        await self._room.delete([message])
        return None

    async def typing(self, call: Call) -> Answer:
        """Nothing that anybody keeps."""
        self._reach(call, Permission.SEND_MESSAGES)
        return None

    async def react(self, call: Call) -> Answer:
        """The bot's own reaction."""
        needed = Permission.VIEW_CHANNEL | Permission.READ_HISTORY | Permission.ADD_REACTIONS
        await self._room.react(self._message(call, needed), unquote(call.params["emoji"]), self._world.bot)
        return None

    async def take_back(self, call: Call) -> Answer:
        """The bot's own reaction, off again."""
        message = self._message(call, Permission.VIEW_CHANNEL)
        await self._room.take_back(message, unquote(call.params["emoji"]), self._world.bot)
        return None

    async def open_thread(self, call: Call) -> Answer:
        """A thread of a message, or of none."""
        parent = self._reach(call, Permission.CREATE_THREADS)
        starter = self._message(call, Permission.VIEW_CHANNEL) if "message" in call.params else None
        if starter is not None and starter.get("thread"):
            raise DiscordError(400, 160004, "A thread has already been created for this message")
        if not 1 <= len(call.body.get("name", "")) <= _LONGEST_NAME:
            raise invalid_form(name=f"1-{_LONGEST_NAME}")
        return await self._room.open_thread(parent, self._world.bot, call.body["name"], starter)

    def _answering(self, call: Call) -> Json:
        reference = call.body.get("message_reference")
        if not reference:
            return {}
        found = self._book.messages[call.params["channel"]].get(str(reference["message_id"]))
        if found is None and reference.get("fail_if_not_exists", True):
            raise invalid_form(message_reference="REPLIES_UNKNOWN_MESSAGE")
        return reply_to(found) if found is not None else {}

    def _message(self, call: Call, needed: int) -> Json:
        self._reach(call, needed)
        return self._book.find(call.params["channel"], call.params["message"])

    def _reach(self, call: Call, needed: int) -> Json:
        return reach(self._world, call.params["channel"], needed)


def reach(world: World, channel_id: str, needed: int) -> Json:
    """A channel that the bot may use so. DiscordError when it is not there, not seen, or not allowed."""
    channel = world.channels.get(channel_id)
    if channel is None:
        raise DiscordError(404, 10003, "Unknown Channel")
    held = in_channel(world, channel, world.bot["id"])
    if not held & Permission.VIEW_CHANNEL:
        raise DiscordError(403, 50001, "Missing Access")
    if held & needed != needed:
        raise DiscordError(403, 50013, "Missing Permissions")
    return channel
