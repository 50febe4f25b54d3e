"""`alertladder alert`, `trades`, `trade` and `close`: what a person does about single trades."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from rich.live import Live
from rich.table import Table
from temporalio.client import Client

from domain.alert import AlertMessage
from domain.closing import CloseOutcome, Urgency, part_of
from domain.command import OperatorDid
from domain.errors import AlertladderError
from domain.identifiers import snowflake_at
from workers.client import connect, own_name
from workers.follow import follow, look
from workers.ladder_view import ladder_table, trade_story
from workers.settings import Settings, load
from workers.terminal import terminal
from workflows.desk_door import DeskDoor, NoDesk
from workflows.front_door import FrontDoor
from workflows.trade_door import ListedTrade, TradeDoor

_SNOWFLAKE_LOW_BITS = 22
_CLOSES_WITHIN = timedelta(minutes=15)
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


def close(
    workflow_id: Annotated[str, typer.Argument(metavar="ID", help="The trade's workflow id.")],
    part: Annotated[
        str, typer.Option(help="How much of what is held, or short: 1/2, 25%, 0.5. Default: all of it.")
    ] = "all",
    ladder: Annotated[
        bool, typer.Option("--ladder", help="Work it by the ladder, as a closing alert is; default: at once.")
    ] = False,
    limit: Annotated[str | None, typer.Option(help="With --ladder: the price to begin at.")] = None,
) -> None:
    """Sell what a trade holds, or buy back what it is short of, and say what came of it.

    A working entry comes off first; the exit makes room. Shares that cover calls sold first are kept.
    """
    fraction, price = _part(part), None if limit is None else _price(limit)
    if price is not None and not ladder:
        raise typer.BadParameter("a limit is worked by the ladder: add --ladder")
    asyncio.run(_close(load(), workflow_id, fraction, price, Urgency.LADDER if ladder else Urgency.NOW))


async def _close(
    settings: Settings, workflow_id: str, fraction: Decimal | None, limit: Decimal | None, urgency: Urgency
) -> None:
    client = await connect(settings)
    door, me = TradeDoor(client), own_name()
    request_id = await door.close(workflow_id, me, fraction, limit=limit, urgency=urgency)
    said = f"close by {me}: {request_id}"
    did = OperatorDid(by=me, what="close", detail=said, workflow_id=workflow_id)
    try:
        await DeskDoor(client, settings.account).operator_did(did)
    except NoDesk as error:
        console.print(f"not written down by the desk: {error}", markup=False)
    with console.status("closing"):
        result = await door.closed(workflow_id, request_id, _CLOSES_WITHIN)
    console.print(str(result), markup=False, highlight=False)
    if result.leaves_risk or result.outcome is CloseOutcome.KEPT:
        raise typer.Exit(1)


def _part(written: str) -> Decimal | None:
    """A part of the position; None is all of it."""
    try:
        return part_of(written)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _price(written: str) -> Decimal:
    try:
        price = Decimal(written)
    except InvalidOperation:
        raise typer.BadParameter(f"not a price: {written}") from None
    if not price.is_finite() or price <= 0:
        raise typer.BadParameter(f"not a price: {written}")
    return price


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
    door = FrontDoor(client, settings.account, settings.mode, settings.profiles)
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
