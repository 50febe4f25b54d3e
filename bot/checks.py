"""What the bot lacks where it is to work: a line for each, with what to do about it.

The bot looks when it has come up, `alertladder doctor` whenever it is asked.
"""

from collections.abc import Iterable, Iterator

import discord

from bot.terms import BotTerms

_ALERTS_NEED = {
    "view_channel": "View Channel",
    "read_message_history": "Read Message History",
    "add_reactions": "Add Reactions",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
}
_OPERATORS_NEED = {
    "view_channel": "View Channel",
    "read_message_history": "Read Message History",
    "send_messages": "Send Messages",
}
INVITED_WITH = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
)
_FIRST_SNOWFLAKE = 1 << 22  # smaller ids are front doors' own


def invite(application_id: int) -> str:
    """The link by which the bot comes into a guild, with exactly what it needs."""
    return discord.utils.oauth_url(application_id, permissions=INVITED_WITH, scopes=("bot", "applications.commands"))


def lacking(client: discord.Client, terms: BotTerms, channels: Iterable[int]) -> Iterator[str]:
    """Every lack, once the gateway has told of the guilds; nothing when all is well."""
    if client.application_id is not None and not client.guilds:
        yield f"The bot is in no guild: open {invite(client.application_id)} and choose yours."
        return
    if terms.guild_id is not None and client.get_guild(terms.guild_id) is None:
        yield f"The bot is not in guild {terms.guild_id}: set discord.guild_id right, or invite the bot there."
        return
    snowflakes = [channel for channel in sorted(channels) if channel >= _FIRST_SNOWFLAKE]
    if not snowflakes:
        yield "No channel is on the allowlist: `alertladder allow add channels ID` lets alerts in from one."
    for channel_id in snowflakes:
        yield from _lacking_in(client, terms, channel_id, _ALERTS_NEED, "allowed")
    if terms.operator_channel_id is not None:
        yield from _lacking_in(client, terms, terms.operator_channel_id, _OPERATORS_NEED, "operators'")
    yield from _lacking_roles(client, terms)


def _lacking_in(
    client: discord.Client, terms: BotTerms, channel_id: int, need: dict[str, str], what: str
) -> Iterator[str]:
    channel = client.get_channel(channel_id)
    if not isinstance(channel, discord.abc.GuildChannel):
        yield f"The {what} channel {channel_id} is not seen: let the bot's role View Channel there, or check the id."
        return
    if terms.guild_id is not None and channel.guild.id != terms.guild_id:
        yield f"The {what} channel {channel_id} is in another guild than discord.guild_id, so it is not listened to."
        return
    if not _takes_messages(channel, what):
        yield f"The {what} channel #{channel.name} ({channel_id}) holds no messages: choose a text channel."
        return
    held = channel.permissions_for(channel.guild.me)
    missing = [words for name, words in need.items() if not getattr(held, name)]
    if missing:
        yield f"In the {what} channel #{channel.name} ({channel_id}) the bot needs: {', '.join(missing)}."


def _takes_messages(channel: discord.abc.GuildChannel, what: str) -> bool:
    """A forum's are in its threads, where alerts are read; of the operators there is one channel."""
    has_threads = isinstance(channel, discord.ForumChannel) and what == "allowed"
    return has_threads or isinstance(channel, discord.abc.Messageable)


def _lacking_roles(client: discord.Client, terms: BotTerms) -> Iterator[str]:
    known = {role.id for guild in client.guilds for role in guild.roles}
    for role_id in sorted((terms.operator_roles | terms.viewer_roles) - known):
        yield f"There is no role {role_id}: check discord.operator_roles and discord.viewer_roles."
