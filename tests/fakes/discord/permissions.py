"""Who may do what where: Discord's permission bits, from roles and a channel's overwrites."""

from enum import IntFlag
from typing import TYPE_CHECKING

from tests.fakes.discord.shapes import THREAD_TYPES, Json

if TYPE_CHECKING:
    from tests.fakes.discord.world import World


class Permission(IntFlag):
    """The bits that the fake enforces."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_HISTORY = 1 << 16
    CREATE_THREADS = 1 << 35
    SEND_IN_THREADS = 1 << 38


EVERYONE_MAY = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_HISTORY
    | Permission.CREATE_THREADS
    | Permission.SEND_IN_THREADS
)
_ALL = (1 << 53) - 1


def in_guild(world: "World", guild_id: str, user_id: str) -> int:
    """A member's permissions by its roles."""
    if world.guilds[guild_id]["owner_id"] == user_id:
        return _ALL
    roles = [guild_id, *world.members[guild_id][user_id]["roles"]]
    held = 0
    for role in roles:
        held |= int(world.roles[guild_id][role]["permissions"])
    return _ALL if held & Permission.ADMINISTRATOR else held


def in_channel(world: "World", channel: Json, user_id: str) -> int:
    """A member's permissions in a channel; a thread's are its parent's. Outside of guilds everything is allowed."""
    if channel["type"] in THREAD_TYPES:
        channel = world.channels[channel["parent_id"]]
    guild_id = channel.get("guild_id")
    if guild_id is None:
        return _ALL
    if user_id not in world.members[guild_id]:
        return 0
    held = in_guild(world, guild_id, user_id)
    if held == _ALL:
        return held
    roles = world.members[guild_id][user_id]["roles"]
    for named in ([guild_id], roles, [user_id]):  # in the order that Discord applies them
        found = [each for each in channel["permission_overwrites"] if each["id"] in named]
        for overwrite in found:
            held &= ~int(overwrite["deny"])
        for overwrite in found:
            held |= int(overwrite["allow"])
    return held
