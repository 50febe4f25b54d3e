"""The routes of answers to interactions, and of webhooks: both go by a token of their own."""

from collections.abc import Iterator
from enum import IntEnum

from tests.fakes.discord import payloads
from tests.fakes.discord.book import Book
from tests.fakes.discord.interactions import Interaction, Interactions
from tests.fakes.discord.rest import Answer, Call, Route
from tests.fakes.discord.room import Room
from tests.fakes.discord.shapes import EPHEMERAL, DiscordError, Json
from tests.fakes.discord.world import World

_COMMAND_ANSWER = 20
_MOST_CHOICES = 25


class Reply(IntEnum):
    """The kinds of a first answer."""

    MESSAGE = 4
    THINKING = 5
    QUIETLY_THINKING = 6
    EDIT = 7
    CHOICES = 8
    FORM = 9


class InteractionRoutes:
    """First answers, followups, and webhooks' own messages."""

    def __init__(self, world: World, book: Book, room: Room, interactions: Interactions) -> None:
        self._world = world
        self._book = book
        self._room = room
        self._interactions = interactions

    def routes(self) -> Iterator[Route]:
        """All of them."""
        messages = "/webhooks/{webhook}/{token}/messages/{message}"
        yield Route("POST", "/interactions/{interaction}/{token}/callback", self.answer, needs_token=False)
        yield Route("POST", "/webhooks/{webhook}/{token}", self.post, (5, 2.0), needs_token=False)
        yield Route("GET", messages, self.read, needs_token=False)
        yield Route("PATCH", messages, self.edit, needs_token=False)
        yield Route("DELETE", messages, self.delete, needs_token=False)

    async def answer(self, call: Call) -> Answer:
        """The first answer."""
        asked = self._interactions.find(call.params["interaction"], call.params["token"])
        kind, content = Reply(call.body["type"]), call.body.get("data") or {}
        if kind in (Reply.MESSAGE, Reply.EDIT):
            payloads.check(content)
        if kind is Reply.MESSAGE:
            payloads.require_content(content, call.files)
        if kind is Reply.CHOICES and len(content.get("choices", ())) > _MOST_CHOICES:
            raise DiscordError(400, 50035, "Invalid Form Body", errors={"choices": f"at most {_MOST_CHOICES}"})
        asked.callbacks.append(kind)
        asked.answered_after = asked.age
        asked.is_ephemeral = bool((content.get("flags") or 0) & EPHEMERAL)
        message = await self._take(asked, kind, content, call)
        asked.answered.set()
        return _receipt(asked, kind, message) if call.query.get("with_response") in ("1", "true") else None

    async def post(self, call: Call) -> Answer:
        """A followup of an interaction, or a webhook's message."""
        payloads.check(call.body)
        payloads.require_content(call.body, call.files)
        asked = self._asked(call)
        if asked is None:
            hook = self._hook(call)
            author: Json = {**hook, "username": call.body.get("username") or hook["name"], "bot": True}
            author |= {"discriminator": "0000", "global_name": None}
            channel = self._world.channels[hook["channel_id"]]
            posted = await self._room.post(channel, author, **self._fields(call, call.body), webhook_id=hook["id"])
            return posted if call.query.get("wait") in ("1", "true") else None
        fills_place = asked.response is None and Reply.THINKING in asked.callbacks
        # What fills the place of a "thinking" is as private as that was, whatever it says itself.
        quietly = {"flags": (call.body.get("flags") or 0) | EPHEMERAL} if fills_place and asked.is_ephemeral else {}
        message = await self._say(asked, call, call.body | quietly)
        if fills_place:
            asked.response = message
        else:
            asked.followups.append(message)
        asked.shown.set()
        return message

    async def read(self, call: Call) -> Answer:
        """One message."""
        return self._message(call)

    async def edit(self, call: Call) -> Answer:
        """Change a message, or fill the place of a "thinking"."""
        payloads.check(call.body)
        attachments = {"attachments": self._book.keep(call.files)} if call.files else {}
        message = await self._room.edit(self._message(call), {**call.body, **attachments})
        if asked := self._asked(call):
            asked.shown.set()
        return message

    async def delete(self, call: Call) -> Answer:
        """Take a message away."""
        message = self._message(call)
        if not message["flags"] & EPHEMERAL:
            await self._room.delete([message])
        return None

    async def _take(self, asked: Interaction, kind: Reply, content: Json, call: Call) -> Json | None:
        if kind is Reply.MESSAGE:
            asked.response = await self._say(asked, call, content)
            asked.shown.set()
            return asked.response
        if kind is Reply.EDIT and asked.source is not None:
            asked.response = await self._room.edit(asked.source, content)
            asked.shown.set()
            return asked.response
        if kind is Reply.CHOICES:
            asked.choices = content.get("choices", [])
        elif kind is Reply.FORM:
            asked.form = content
        return None

    async def _say(self, asked: Interaction, call: Call, content: Json) -> Json:
        channel = self._world.channels[asked.payload["channel_id"]]
        metadata = {"id": asked.payload["id"], "type": asked.payload["type"], "user": asked.user}
        fields = self._fields(call, content)
        return await self._room.post(
            channel,
            self._world.bot,
            **fields,
            type=_COMMAND_ANSWER,
            webhook_id=self._world.application_id,
            interaction_metadata={**metadata, "authorizing_integration_owners": {}},
        )

    def _fields(self, call: Call, content: Json) -> Json:
        return {
            "content": content.get("content") or "",
            "embeds": content.get("embeds") or (),
            "components": content.get("components") or (),
            "flags": content.get("flags") or 0,
            "allowed_mentions": content.get("allowed_mentions"),
            "attachments": self._book.keep(call.files),
        }

    def _asked(self, call: Call) -> Interaction | None:
        """The interaction whose token this is. DiscordError when it is too old or not answered yet."""
        asked = self._interactions.begun.get(call.params["token"])
        if asked is None or call.params["webhook"] != self._world.application_id:
            return None
        if asked.is_expired:
            raise DiscordError(401, 50027, "Invalid Webhook Token")
        if not asked.callbacks:
            raise DiscordError(404, 10015, "Unknown Webhook")
        return asked

    def _hook(self, call: Call) -> Json:
        hook = self._world.webhooks.get(call.params["webhook"])
        if hook is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        if hook["token"] != call.params["token"]:
            raise DiscordError(401, 50027, "Invalid Webhook Token")
        return hook

    def _message(self, call: Call) -> Json:
        asked, wanted = self._asked(call), call.params["message"]
        if asked is None:
            message = self._book.find(self._hook(call)["channel_id"], wanted)
            if message.get("webhook_id") != call.params["webhook"]:
                raise DiscordError(404, 10008, "Unknown Message")
            return message
        if wanted == "@original":
            return self._original(asked)
        said = [each for each in (asked.response, *asked.followups) if each is not None and each["id"] == wanted]
        if not said:
            raise DiscordError(404, 10008, "Unknown Message")
        return said[0]

    def _original(self, asked: Interaction) -> Json:
        if asked.response is None and Reply.THINKING in asked.callbacks:
            channel = self._world.channels[asked.payload["channel_id"]]
            flags = EPHEMERAL if asked.is_ephemeral else 0
            hook = self._world.application_id
            asked.response = self._book.add(
                channel, self._world.bot, flags=flags, type=_COMMAND_ANSWER, webhook_id=hook
            )
        found = asked.response or asked.source
        if found is None:
            raise DiscordError(404, 10008, "Unknown Message")
        return found


def _receipt(asked: Interaction, kind: Reply, message: Json | None) -> Json:
    told: Json = {"id": asked.payload["id"], "type": asked.payload["type"]}
    told |= {"response_message_loading": kind is Reply.THINKING, "response_message_ephemeral": asked.is_ephemeral}
    if message is None:
        return {"interaction": told}
    resource = {"type": kind, "message": message}
    return {"interaction": {**told, "response_message_id": message["id"]}, "resource": resource}
