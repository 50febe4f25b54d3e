"""The commands as docs/discord.md lists them: `python -m tests.bot.commands_table` writes them there."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from discord import app_commands

from bot.client import AlertBot
from bot.commands import offered
from bot.commands.counter import Counter
from bot.rights import Right, right_of
from bot.terms import BotTerms
from bot.used import Uses
from domain.settings import DeskPolicy
from tests.bot.conftest import doors_of
from tests.fakes.doors import FakeAccount, FakeAudit, FakeDesk, FakeFront, FakeTrades

PAGE = Path(__file__).parents[2] / "docs" / "discord.md"
BEGIN, END = "<!-- commands: written by tests/bot/commands_table.py -->\n", "<!-- end of commands -->\n"


def table(bot: AlertBot) -> str:
    """Every command of a bot: its options, who may use it, and what it does."""
    return "\n".join(_lines(bot)) + "\n"


def listed(page: str) -> str:
    """What stands on the page between the marks."""
    return page.partition(BEGIN)[2].partition(END)[0]


def with_table(page: str, bot: AlertBot) -> str:
    """The page with the commands as they are now."""
    return page.replace(BEGIN + listed(page) + END, BEGIN + table(bot) + END)


def _lines(bot: AlertBot) -> Iterator[str]:
    yield "| command | for | what it does |\n|---|---|---|"
    for family in offered(bot, Counter(bot.terms, bot.denials, Uses(bot.doors.desk, bot.background))):
        children = family.walk_commands() if isinstance(family, app_commands.Group) else [family]
        for command in children:
            if isinstance(command, app_commands.Command):
                yield _row(command)


def _row(command: app_commands.Command[Any, ..., Any]) -> str:
    options = [each.display_name if each.required else f"[{each.display_name}]" for each in command.parameters]
    used = " ".join([f"/{command.qualified_name}", *options])
    may = "viewers, operators" if right_of(command) is Right.LOOK else "operators"
    return f"| `{used}` | {may} | {command.description} |"


async def _write() -> None:
    trades = FakeTrades()
    doors = doors_of(FakeFront(trades), FakeDesk(), trades, FakeAccount(), FakeAudit(), PAGE.parent)
    bot = AlertBot(BotTerms(), doors, DeskPolicy(), PAGE.parent)
    PAGE.write_text(with_table(PAGE.read_text(), bot))


if __name__ == "__main__":
    asyncio.run(_write())
