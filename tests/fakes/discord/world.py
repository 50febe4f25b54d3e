"""The world that a bot finds: users, guilds with roles and members, channels, threads, webhooks."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tests.fakes.discord.permissions import EVERYONE_MAY
from tests.fakes.discord.shapes import DIRECT, PUBLIC_THREAD, TEXT, THREAD_TYPES, DiscordError, Json, moment
from tests.fakes.discord.snowflakes import Snowflakes

_GUILD: Json = {
    **dict.fromkeys(("icon", "splash", "discovery_splash", "afk_channel_id", "application_id", "system_channel_id")),
    **dict.fromkeys(("rules_channel_id", "vanity_url_code", "description", "banner", "public_updates_channel_id")),
    **dict.fromkeys(("safety_alerts_channel_id",)),
    "afk_timeout": 300,
    "verification_level": 1,
    "default_message_notifications": 1,
    "explicit_content_filter": 0,
    "features": [],
    "emojis": [],
    "stickers": [],
    "soundboard_sounds": [],
    "mfa_level": 0,
    "nsfw_level": 0,
    "system_channel_flags": 0,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "preferred_locale": "en-US",
    "premium_progress_bar_enabled": False,
    "max_members": 500000,
    "max_video_channel_users": 25,
    "region": "us",
}


class World:
    """Everything is JSON as Discord would send it, by id; `bot` is the application's own user."""

    def __init__(self) -> None:
        self.ids = Snowflakes()
        self.users: dict[str, Json] = {}
        self.guilds: dict[str, Json] = {}
        self.roles: dict[str, dict[str, Json]] = defaultdict(dict)  # by guild
        self.members: dict[str, dict[str, Json]] = defaultdict(dict)  # by guild
        self.channels: dict[str, Json] = {}
        self.webhooks: dict[str, Json] = {}
        self.closed_to_dms: set[str] = set()  # users who take no direct messages
        self.bot = self.user("AlertBot", is_bot=True)

    @property
    def application_id(self) -> str:
        """The application's id; its bot user has the same one."""
        return str(self.bot["id"])

    def user(self, name: str, *, is_bot: bool = False) -> Json:
        """Somebody who is in no guild yet."""
        user: Json = {
            "id": self.ids.new(),
            "username": name.lower(),
            "global_name": None if is_bot else name,
            "discriminator": "0",
            "avatar": None,
            "bot": is_bot,
            "system": False,
            "public_flags": 0,
            "flags": 0,
        }
        self.users[user["id"]] = user
        return user

    def guild(self, name: str = "Trading room", owner: Json | None = None) -> Json:
        """A guild with its owner and the bot in it."""
        owner = owner or self.user("Owner")
        guild: Json = {**_GUILD, "id": self.ids.new(), "name": name, "owner_id": owner["id"]}
        self.guilds[guild["id"]] = guild
        self.roles[guild["id"]][guild["id"]] = _role(guild["id"], "@everyone", EVERYONE_MAY, 0)
        self.member(guild, owner)
        self.member(guild, self.bot)
        return guild

    def role(self, guild: Json, name: str, permissions: int = 0) -> Json:
        """A role of a guild; nobody has it yet."""
        held = self.roles[guild["id"]]
        role = _role(self.ids.new(), name, permissions, len(held))
        held[role["id"]] = role
        return role

    def member(self, guild: Json, user: Json | str, roles: Sequence[Json] = ()) -> Json:
        """A user of a guild, made by name if need be; the user, not the membership."""
        found = self.user(user) if isinstance(user, str) else user
        self.members[guild["id"]][found["id"]] = {
            "user": found,
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": [role["id"] for role in roles],
            "joined_at": moment(),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "communication_disabled_until": None,
            "flags": 0,
        }
        return found

    def channel(self, guild: Json, name: str, *, without: int = 0) -> Json:
        """A text channel, `without` some permissions for the bot."""
        channel: Json = {
            "id": self.ids.new(),
            "type": TEXT,
            "guild_id": guild["id"],
            "name": name,
            "topic": None,
            "position": len(self.channels),
            "permission_overwrites": [],
            "nsfw": False,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "parent_id": None,
            "flags": 0,
        }
        self.channels[channel["id"]] = channel
        self.deny(channel, without)
        return channel

    def deny(self, channel: Json, permissions: int) -> None:
        """Take permissions from the bot in a channel; 0 gives all back."""
        denied = {"id": self.bot["id"], "type": 1, "allow": "0", "deny": str(int(permissions))}
        channel["permission_overwrites"] = [denied] if permissions else []

    def thread(self, parent: Json, owner: Json, name: str, starter: Json | None = None) -> Json:
        """A public thread, of a message if there is one."""
        thread: Json = {
            "id": starter["id"] if starter else self.ids.new(),
            "type": PUBLIC_THREAD,
            "name": name,
            "flags": 0,
            "guild_id": parent["guild_id"],
            "parent_id": parent["id"],
            "owner_id": owner["id"],
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "permission_overwrites": [],
            "thread_metadata": _thread_metadata(),
        }
        self.channels[thread["id"]] = thread
        return thread

    def direct(self, user_id: str) -> Json:
        """The bot's direct-message channel with somebody: always the same one."""
        if user_id not in self.users:
            raise DiscordError(400, 50033, "Invalid Recipient(s)")
        for channel in self.channels.values():
            if channel["type"] == DIRECT and channel["recipients"][0]["id"] == user_id:
                return channel
        fields: Json = {"id": self.ids.new(), "type": DIRECT, "last_message_id": None, "flags": 0}
        self.channels[fields["id"]] = {**fields, "recipients": [self.users[user_id]]}
        return self.channels[fields["id"]]

    def webhook(self, channel: Json, name: str = "Alerts") -> Json:
        """A webhook of a channel."""
        hook: Json = {
            "id": self.ids.new(),
            "type": 1,
            "guild_id": channel["guild_id"],
            "channel_id": channel["id"],
            "name": name,
            "avatar": None,
            "token": secrets.token_urlsafe(51),
            "application_id": None,
        }
        self.webhooks[hook["id"]] = hook
        return hook

    def channels_of(self, guild_id: str) -> list[Json]:
        """The channels of a guild, threads not included."""
        return [each for each in self._of(guild_id) if each["type"] not in THREAD_TYPES]

    def threads_of(self, guild_id: str) -> list[Json]:
        """The active threads of a guild."""
        threads = [each for each in self._of(guild_id) if each["type"] in THREAD_TYPES]
        return [each for each in threads if not each["thread_metadata"]["archived"]]

    def _of(self, guild_id: str) -> list[Json]:
        return [each for each in self.channels.values() if each.get("guild_id") == guild_id]


def _role(role_id: str, name: str, permissions: int, position: int) -> Json:
    colours: Json = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    return {
        "id": role_id,
        "name": name,
        "color": 0,
        "colors": colours,
        "hoist": False,
        "icon": None,
        "flags": 0,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(int(permissions)),
        "managed": False,
        "mentionable": False,
    }


def _thread_metadata() -> dict[str, Any]:
    now = moment()
    times = {"archive_timestamp": now, "create_timestamp": now, "auto_archive_duration": 1440}
    return {"archived": False, "locked": False, **times}
