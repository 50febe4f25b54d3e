"""The chat's side of a trade's card: `payload` draws it in Discord's words, `channel` asks Discord, `cards` posts."""

from activities.discord.cards import DiscordCards
from activities.discord.channel import Connect
from activities.discord.session import DiscordSession

__all__ = ["Connect", "DiscordCards", "DiscordSession"]
