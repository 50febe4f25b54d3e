"""The book: every message of every channel, its edits and reactions, and the nonces that keep a repeated post one.

Tests look here for what the bot did. Nothing here tells the gateway: `channels` does both.
"""

import re
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

from tests.fakes.discord.shapes import EPHEMERAL, HAS_SNAPSHOT, DiscordError, Json, moment
from tests.fakes.discord.world import World

_REPLY, _DEFAULT = 19, 0
_FORWARDED = 1
_SNAPSHOT_FIELDS = ("content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags", "type", "components")
_ALL_MENTIONS: Json = {"parse": ["users", "roles", "everyone"]}


class Book:
    """Messages by channel and id, oldest first. `nonce_window` is how long, in seconds, Discord remembers a nonce."""

    def __init__(self, world: World, nonce_window: float = 300.0) -> None:
        self._world = world
        self._nonce_window = nonce_window
        self._nonces: dict[str, tuple[float, str, str]] = {}  # nonce -> when, channel, message
        self.messages: dict[str, dict[str, Json]] = defaultdict(dict)
        self.edits: dict[str, list[Json]] = defaultdict(list)  # by message: each version that an edit replaced
        self.deleted: list[Json] = []
        self.reactions: dict[str, dict[str, list[str]]] = defaultdict(dict)  # message -> emoji -> who
        self.files: dict[str, bytes] = {}

    def of(self, channel: Json, author: Json | None = None) -> list[Json]:
        """The messages of a channel, of one author if given, oldest first."""
        found = sorted(self.messages[channel["id"]].values(), key=lambda each: int(each["id"]))
        return [each for each in found if author is None or each["author"]["id"] == author["id"]]

    def reactions_to(self, message: Json, by: Json | None = None) -> set[str]:
        """The emojis under a message, of one user if given."""
        held = self.reactions[message["id"]].items()
        return {emoji for emoji, who in held if who and (by is None or by["id"] in who)}

    def add(
        self,
        channel: Json,
        author: Json,
        *,
        content: str = "",
        embeds: Sequence[Json] = (),
        components: Sequence[Json] = (),
        attachments: Sequence[Json] = (),
        flags: int = 0,
        allowed_mentions: Json | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> Json:
        """A new message. An ephemeral one belongs to its interaction alone and stands in no history."""
        message: Json = {
            "id": self._world.ids.new(at),
            "channel_id": channel["id"],
            "author": author,
            "content": content,
            "timestamp": moment(at),
            "edited_timestamp": None,
            "tts": False,
            "pinned": False,
            "type": _DEFAULT,
            "attachments": list(attachments),
            "embeds": [{"type": "rich", **embed} for embed in embeds],
            "components": numbered(components),
            "flags": flags,
            **more,
            **self._mentions(content, allowed_mentions if allowed_mentions is not None else _ALL_MENTIONS),
        }
        if not flags & EPHEMERAL:
            self.messages[channel["id"]][message["id"]] = message
            channel["last_message_id"] = message["id"]
        return message

    def edit(self, message: Json, changes: Json) -> Json:
        """The message with those fields anew, and the time of its edit."""
        self.edits[message["id"]].append(dict(message))
        for field in ("content", "embeds", "flags"):
            if field in changes:
                message[field] = changes[field] or {"content": "", "embeds": [], "flags": 0}[field]
        if "components" in changes:
            message["components"] = numbered(changes["components"] or ())
        if "attachments" in changes:
            message["attachments"] = changes["attachments"]
        message["edited_timestamp"] = moment()
        return message

    def delete(self, message: Json) -> None:
        """Take a message out of its channel."""
        if gone := self.messages[message["channel_id"]].pop(message["id"], None):
            self.deleted.append(gone)

    def find(self, channel_id: str, message_id: str) -> Json:
        """One message. DiscordError when there is none."""
        if message := self.messages[channel_id].get(message_id):
            return message
        raise DiscordError(404, 10008, "Unknown Message")

    def history(self, channel_id: str, limit: int, after: str | None, before: str | None) -> list[Json]:
        """A page as Discord gives it: newest first, and with `after` the oldest ones after that mark."""
        held = sorted(self.messages[channel_id].values(), key=lambda each: int(each["id"]))
        if after is not None:
            page = [each for each in held if int(each["id"]) > int(after)][:limit]
        else:
            page = [each for each in held if before is None or int(each["id"]) < int(before)][-limit:]
        return page[::-1]

    def posted_before(self, nonce: str | None, channel: Json) -> Json | None:
        """The message that was posted with this nonce lately, when the nonce is to be enforced."""
        at, channel_id, message_id = self._nonces.get(nonce or "", (0.0, "", ""))
        if not nonce or channel_id != channel["id"] or time.monotonic() - at > self._nonce_window:
            return None
        return self.messages[channel_id].get(message_id)

    def remember(self, nonce: str | None, message: Json) -> None:
        """Keep a nonce with its message."""
        if nonce:
            self._nonces[str(nonce)] = (time.monotonic(), message["channel_id"], message["id"])

    def react(self, message: Json, emoji: str, user_id: str) -> bool:
        """Put a reaction under a message; False when it was there already."""
        who = self.reactions[message["id"]].setdefault(emoji, [])
        is_new = user_id not in who
        if is_new:
            who.append(user_id)
        self._show_reactions(message)
        return is_new

    def take_back(self, message: Json, emoji: str, user_id: str) -> None:
        """Take a reaction off."""
        who = self.reactions[message["id"]].get(emoji, [])
        if user_id in who:
            who.remove(user_id)
        self._show_reactions(message)

    def keep(self, files: dict[str, tuple[str, bytes]]) -> list[Json]:
        """Uploaded files, as attachments."""
        attachments = []
        for name, content in files.values():
            file_id = self._world.ids.new()
            self.files[file_id] = content
            url = f"https://cdn.discordapp.com/attachments/0/{file_id}/{name}"
            fields = {"id": file_id, "filename": name, "size": len(content), "url": url, "proxy_url": url}
            attachments.append({**fields, "content_type": "application/octet-stream"})
        return attachments

    def _show_reactions(self, message: Json) -> None:
        bot = self._world.bot["id"]
        message["reactions"] = [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(who),
                "me": bot in who,
                "me_burst": False,
                "burst_colors": [],
                "count_details": {"burst": 0, "normal": len(who)},
            }
            for emoji, who in self.reactions[message["id"]].items()
            if who
        ]

    def _mentions(self, content: str, allowed: Json) -> Json:
        """Whom a text pings: this is how "nobody is ever pinged" can be seen."""
        parse, users, roles = allowed.get("parse", []), allowed.get("users", []), allowed.get("roles", [])
        named = [each for each in re.findall(r"<@!?(\d+)>", content) if each in self._world.users]
        return {
            "mentions": [self._world.users[each] for each in named if "users" in parse or each in map(str, users)],
            "mention_roles": [
                each for each in re.findall(r"<@&(\d+)>", content) if "roles" in parse or each in map(str, roles)
            ],
            "mention_everyone": "everyone" in parse and bool(re.search("@everyone|@here", content)),
        }


def reply_to(message: Json) -> Json:
    """The fields of a reply to a message."""
    where = {"type": 0, "message_id": message["id"], "channel_id": message["channel_id"]}
    return {"type": _REPLY, "message_reference": where, "referenced_message": message}


def forward_of(message: Json) -> Json:
    """The fields of a forwarded message: its own text is empty, the snapshot has the original's."""
    where = {"type": _FORWARDED, "message_id": message["id"], "channel_id": message["channel_id"]}
    snapshot = {field: message[field] for field in _SNAPSHOT_FIELDS} | {"mentions": [], "mention_roles": []}
    return {"message_reference": where, "message_snapshots": [{"message": snapshot}], "flags": HAS_SNAPSHOT}


def numbered(components: Sequence[Json]) -> list[Json]:
    """Components with the ids that Discord gives them."""
    numbers = count(1)

    def walk(component: Json) -> Json:
        found = {"id": next(numbers), **component}
        if "components" in found:
            found["components"] = [walk(each) for each in found["components"]]
        if "accessory" in found:
            found["accessory"] = walk(found["accessory"])
        return found

    return [walk(each) for each in components]
