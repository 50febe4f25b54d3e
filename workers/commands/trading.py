"""`alertladder alert`, `trades` and `trade`: what a person does about single trades."""

import asyncio
import secrets
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.live import Live
from rich.table import Table
from temporalio.client import Client

from domain.alert import AlertMessage
from domain.errors import AlertladderError
from domain.identifiers import snowflake_at
from workers.client import connect
from workers.follow import follow, look
from workers.ladder_view import ladder_table, trade_story
from workers.settings import Settings, load
from workers.terminal import terminal
from workflows.front_door import FrontDoor
from workflows.trade_door import ListedTrade, TradeDoor

_SNOWFLAKE_LOW_BITS = 22
console = terminal()


class NotAnAlert(AlertladderError):
    """The text was not read as an alert."""


def alert(
    text: Annotated[str, typer.Argument(help='The alert as it would be posted, e.g. "BTO UBER 78p 12/05 @ 0.75".')],
    author: Annotated[
        int | None, typer.Option(help="The author's Discord id. Default: the command line's own.")
    ] = None,
    channel: Annotated[
        int | None, typer.Option(help="The channel's Discord id. Default: the command line's own.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every order at the broker, place none.")] = False,
    follow_it: Annotated[bool, typer.Option("--follow", "-f", help="Stay and show the ladder.")] = False,
) -> None:
    """Submit an alert as a message would, and print its workflow's id."""
    settings = load()
    message = command_line_message(settings, text, author, channel)
    asyncio.run(_alert(settings, message, dry_run, follow_it))


def trades(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    running: Annotated[bool, typer.Option("--open", help="Only those that still run.")] = False,
) -> None:
    """List trades, newest first."""
    asyncio.run(_trades(load(), limit, running))


def trade(
    workflow_id: Annotated[str, typer.Argument(metavar="ID", help="The workflow's id, as `alert` printed it.")],
    follow_it: Annotated[bool, typer.Option("--follow", "-f", help="Stay and show the ladder.")] = False,
) -> None:
    """Show one trade: its orders and fills, its exit, and why it was refused if it was."""
    asyncio.run(_trade(load(), workflow_id, follow_it))


def command_line_message(settings: Settings, text: str, author: int | None, channel: int | None) -> AlertMessage:
    """A message as Discord would have delivered it now, with an id of its own."""
    now = datetime.now(UTC)
    who = settings.command_line
    return AlertMessage(
        channel_id=channel or who.channel_id,
        message_id=snowflake_at(now, secrets.randbits(_SNOWFLAKE_LOW_BITS)),
        author_id=author or who.author_id,
        author_name=who.author_name if author is None else str(author),
        text=text,
        posted_at=now,
    )


async def _alert(settings: Settings, message: AlertMessage, dry_run: bool, follow_it: bool) -> None:
    client = await connect(settings)
    door = FrontDoor(client, settings.account, settings.mode)
    submission = await door.submit(message, dry_run=dry_run)
    if submission.refused is not None:
        raise NotAnAlert(f"not traded [{submission.refused.code}]: {submission.refused.detail}")
    for started in submission.started:
        console.print(started.workflow_id, markup=False, highlight=False)
    if follow_it:
        await show_live(client, [started.workflow_id for started in submission.started])


async def show_live(client: Client, workflow_ids: list[str]) -> None:
    """Show the ladder until the trades come to rest, and then their stories."""
    views = []
    with Live(console=console, auto_refresh=False) as live:
        async for views in follow(client, workflow_ids):
            live.update(ladder_table(views, datetime.now(UTC)), refresh=True)
    console.print()
    for view in views:
        console.print(trade_story(view))


async def _trades(settings: Settings, limit: int, running: bool) -> None:
    page = await TradeDoor(await connect(settings)).page(limit, only_running=running)
    table = Table(box=None, header_style="bold")
    for column in ("started (UTC)", "id", "side", "symbol", "state", "author", "mode", "P&L"):
        table.add_column(column, no_wrap=True)
    for trade in page.trades:
        table.add_row(*_listed(trade))
    console.print(table if table.row_count else "no trades yet")


def _listed(trade: ListedTrade) -> tuple[str, ...]:
    words = [word or "-" for word in (trade.side, trade.symbol, trade.state, trade.author, trade.mode)]
    started = f"{trade.started_at:%Y-%m-%d %H:%M:%S}"
    return (started, trade.workflow_id, *words, "-" if trade.pnl is None else f"{trade.pnl:.2f}")


async def _trade(settings: Settings, workflow_id: str, follow_it: bool) -> None:
    client = await connect(settings)
    if follow_it:
        await show_live(client, [workflow_id])
        return
    console.print(trade_story(await look(client, workflow_id)))
    console.print(settings.temporal.workflow_url(workflow_id), markup=False, highlight=False)
