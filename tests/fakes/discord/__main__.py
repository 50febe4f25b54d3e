"""A fake Discord to try the bot by hand: `python -m tests.fakes.discord`, then type what the author says.

It prints the settings to start the bot with. Each line that is typed is posted in #alerts; a line that begins with a
slash does something else (`/help`).
"""

import asyncio
import os
import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Awaitable, Callable

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.shapes import Json

_HELP = "/drop, /invalidate, /down, /up, /chat TEXT (posted by a stranger), /book, /faults METHOD PATH STATUS, /help"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class _Desk:
    """The room that is made for it, and what a typed line does."""

    def __init__(self, discord: FakeDiscord) -> None:
        self._discord = discord
        world = discord.world
        self.guild = world.guild()
        self.alerts = world.channel(self.guild, "alerts")
        self.operators = world.channel(self.guild, "operators")
        self.operator_role = world.role(self.guild, "operators")
        self.author = world.member(self.guild, "Author", [self.operator_role])
        self.stranger = world.member(self.guild, "Stranger")

    def settings(self) -> dict[str, str]:
        """What the bot needs to come here, as environment variables."""
        return {
            "ALERTLADDER_DISCORD__TOKEN": self._discord.token,
            "ALERTLADDER_DISCORD__API_URL": self._discord.api_url,
            "ALERTLADDER_DISCORD__GATEWAY_URL": self._discord.gateway_url,
            "ALERTLADDER_DISCORD__GUILD_ID": self.guild["id"],
            "ALERTLADDER_DISCORD__OPERATOR_CHANNEL_ID": self.operators["id"],
            "ALERTLADDER_DISCORD__OPERATOR_ROLES": f"[{self.operator_role['id']}]",
            "ALERTLADDER_ALLOWLIST__USERS": f"[{self.author['id']}]",
            "ALERTLADDER_ALLOWLIST__CHANNELS": f"[{self.alerts['id']}]",
        }

    async def take(self, line: str) -> None:
        """Do what a line asks."""
        word, _, rest = line.partition(" ")
        actions: dict[str, Callable[[str], Awaitable[object]]] = {
            "/drop": lambda _: self._discord.gateway.drop(),
            "/invalidate": lambda _: self._discord.gateway.invalidate(),
            "/down": lambda _: self._discord.stop(),
            "/up": lambda _: self._discord.start(),
            "/chat": lambda text: self._discord.people.say(self.alerts, self.stranger, text),
            "/book": self._show,
            "/faults": self._plan,
            "/help": self._help,
        }
        if word in actions:
            await actions[word](rest)
        elif line.strip():
            await self._discord.people.say(self.alerts, self.author, line)

    async def _show(self, _: str) -> None:
        for channel in self._discord.world.channels.values():
            for message in self._discord.book.of(channel):
                _say(f"#{channel.get('name', 'dm')} {_line(message, self._discord)}")

    async def _plan(self, text: str) -> None:
        method, path, status = text.split()
        self._discord.faults.plan(method, path, status=int(status))

    async def _help(self, _: str) -> None:
        _say(_HELP)


def _line(message: Json, discord: FakeDiscord) -> str:
    embeds = " ".join(f"[{embed.get('title', '')}]" for embed in message["embeds"])
    reactions = " ".join(sorted(discord.book.reactions_to(message)))
    return f"{message['author']['username']}: {message['content']} {embeds} {reactions}".rstrip()


async def _typed() -> AsyncIterator[str]:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield line.decode().strip()


async def main(port: int) -> None:
    """Serve until the input ends."""
    discord = await FakeDiscord().start(port)
    desk = _Desk(discord)
    for name, value in desk.settings().items():
        _say(f"export {name}='{value}'")
    _say(_HELP)
    async for line in _typed():
        await desk.take(line)
    await discord.stop()


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8799")))
    asyncio.run(main(parser.parse_args().port))
