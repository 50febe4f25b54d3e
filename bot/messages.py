"""A Discord message as the front door takes it: its text with embeds and forwards unfolded, who wrote it, and where.

Embeds count as text where a bot or a webhook wrote them. A person's are previews of links, which anybody can fill.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import discord

from domain.alert import AlertMessage
from domain.identifiers import snowflake_time

_FIRST_MESSAGES = (
    discord.MessageType.default,
    discord.MessageType.reply,
    discord.MessageType.chat_input_command,  # how other bots answer, and some post their alerts
    discord.MessageType.context_menu_command,
)
_LONGEST_NAME = 100
_LONGEST_TEXT = 10_000  # characters: more than any reader takes, and less than forty embeds can hold

Place = discord.abc.GuildChannel | discord.Thread


def is_said(message: discord.Message) -> bool:
    """Somebody said it: it is no notice of Discord's own, as of a pin or a new thread."""
    return message.type in _FIRST_MESSAGES


def alert_message(message: discord.Message, place: Place, role_ids: Sequence[int] | None = None) -> AlertMessage:
    """As the front door takes it. `role_ids` are the author's where the message doesn't say them itself."""
    thread_id = place.id if isinstance(place, discord.Thread) else None
    parent = place.parent if isinstance(place, discord.Thread) else place
    known = [role.id for role in getattr(message.author, "roles", ())]
    return AlertMessage(
        channel_id=channel_id(place),
        message_id=message.id,
        author_id=message.author.id,
        text=text_of(message),
        posted_at=message.created_at,
        author_name=message.author.display_name[:_LONGEST_NAME],
        channel_name=(parent.name if parent is not None else "")[:_LONGEST_NAME],
        guild_id=place.guild.id,
        thread_id=thread_id,
        role_ids=tuple(known if role_ids is None else role_ids),
        webhook_id=message.webhook_id if not _is_command_answer(message) else None,
        is_bot=message.author.bot,
        is_reply=message.type is discord.MessageType.reply,
        is_edit=message.edited_at is not None,
    )


def channel_id(place: Place) -> int:
    """The channel by which a message is allowed: a thread's is its parent."""
    return place.parent_id if isinstance(place, discord.Thread) else place.id


def original_time(message: discord.Message) -> datetime | None:
    """When the original of a forwarded message, or of one from a followed channel, was written; None for any other."""
    published = message.reference.message_id if message.reference and message.flags.is_crossposted else None
    if published is not None:
        return snowflake_time(published)
    return min((snapshot.created_at for snapshot in message.message_snapshots), default=None)


def text_of(message: discord.Message) -> str:
    """All that a message says, line by line."""
    is_machine = message.author.bot or message.webhook_id is not None
    parts = [message.content]
    if is_machine:
        parts += [_embed_text(embed) for embed in message.embeds if embed.type == "rich"]
        parts += _component_texts(message.components)
    for snapshot in message.message_snapshots:
        written = [embed for embed in snapshot.embeds if _is_written(embed, snapshot.content)]
        parts += [snapshot.content, *map(_embed_text, written)]
    return "\n".join(part for part in parts if part.strip())[:_LONGEST_TEXT]


def _is_command_answer(message: discord.Message) -> bool:
    """A bot answers a command by a webhook whose id is its own."""
    return message.interaction_metadata is not None and message.author.bot


def _is_written(embed: discord.Embed, content: str) -> bool:
    """A forward doesn't say who wrote its original: what names a provider, or leads where a link may, is a preview."""
    is_preview = embed.provider.name is not None or (embed.url is not None and "://" in content)
    return embed.type == "rich" and not is_preview


def _embed_text(embed: discord.Embed) -> str:
    fields = [f"{field.name}: {field.value}" for field in embed.fields]
    return "\n".join(filter(None, [embed.title, embed.description, *fields]))


def _component_texts(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.components.TextDisplay):
            yield component.content
        yield from _component_texts(getattr(component, "children", ()))
