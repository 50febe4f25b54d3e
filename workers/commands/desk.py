"""What an operator does at the command line: look at the desk, halt it, let it go on, and change what it decides by."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, TypeVar

import typer
from pydantic import JsonValue, ValidationError
from rich.table import Table
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy

from activities.interfaces import TRADES_QUEUE
from activities.kill_mark import KillMark
from domain.broker import WatchAccount
from domain.command import AllowKind, ChangeAllowlist, Halt, PolicyChanged, Resume, SetFactor, SetLimit, Trading
from domain.desk_book import DeskBook
from domain.errors import AlertladderError
from domain.identifiers import reconciliation_id
from workers.client import connect, own_name
from workers.settings import Settings, load
from workers.terminal import terminal
from workflows.desk_door import DeskDoor
from workflows.reconciliation import Reconciliation, ReconciliationReport

console = terminal()
_ONE_PASS = timedelta(minutes=15)
allow = typer.Typer(no_args_is_help=True, help="Who may trade, from where: add, remove, list. In force at once.")
Result = TypeVar("Result")
Kind = Annotated[AllowKind, typer.Argument(help="What the id names.")]
DiscordId = Annotated[int, typer.Argument(metavar="ID", help="The immutable Discord id.", min=1, max=2**63 - 1)]


class NotReconciled(AlertladderError):
    """The pass was cancelled, terminated or timed out."""


class NotChanged(AlertladderError):
    """The desk did not take it, and says why."""


def desk() -> None:
    """Whether the desk trades, what is open, and how much of each limit is used."""
    console.print(_desk_table(_at_the_desk(lambda door: door.book())))


def halt(reason: Annotated[str, typer.Argument(help="Why, for the audit and for the others.")]) -> None:
    """Stop entries at once, those in the market included. Exits stay, and cancels are never stopped."""
    _halt(reason, Trading.HALTED)


def reduce_only(reason: Annotated[str, typer.Argument(help="Why, for the audit and for the others.")]) -> None:
    """Let no entries in any more, as `halt`; `resume` lifts it in one step."""
    _halt(reason, Trading.REDUCING)


def resume(code: Annotated[str | None, typer.Argument(help="The code that the first call printed.")] = None) -> None:
    """Let entries in again. After a halt it takes two steps: the first prints a code for the second."""
    answer = _at_the_desk(lambda door: door.resume(Resume(by=own_name(), code=code)))
    if answer.refused is not None:
        raise NotChanged(answer.refused)
    if answer.resumed:
        KillMark(load().state_folder).lift()
        console.print("entries are let in again")
        return
    console.print(f"{answer.standing}", markup=False)
    console.print(f"to let entries in again, within a minute: alertladder resume {answer.code}")


@allow.command("add")
def allow_add(kind: Kind, discord_id: DiscordId) -> None:
    """Add an id."""
    _changed(
        lambda door: door.change_allowlist(ChangeAllowlist(by=own_name(), kind=kind, discord_id=discord_id, add=True))
    )


@allow.command("remove")
def allow_remove(kind: Kind, discord_id: DiscordId) -> None:
    """Take an id off."""
    _changed(
        lambda door: door.change_allowlist(ChangeAllowlist(by=own_name(), kind=kind, discord_id=discord_id, add=False))
    )


@allow.command("list")
def allow_list() -> None:
    """Who is on it."""
    book = _at_the_desk(lambda door: door.book())
    for kind in AllowKind:
        ids = sorted(getattr(book.policy.allowlist, kind))
        console.print(f"{kind:9} {', '.join(map(str, ids)) or '-'}", highlight=False)


def limits(
    name: Annotated[str | None, typer.Argument(help="As in the settings, e.g. limits.max_open_trades.")] = None,
    value: Annotated[str | None, typer.Argument(help="The new value, as JSON or as in the settings file.")] = None,
) -> None:
    """Show what the desk decides by, or set one number of it."""
    if name is not None and value is not None:
        _changed(lambda door: door.set_limit(SetLimit(by=own_name(), name=name, value=_json(value))))
        return
    policy = _at_the_desk(lambda door: door.book()).policy.model_dump(mode="json", exclude={"allowlist"})
    for area, fields in policy.items():
        for field, held in fields.items():
            if name is None or f"{area}.{field}".startswith(name):
                console.print(f"{area}.{field} = {json.dumps(held)}", markup=False, highlight=False)


def factor(
    channel: Annotated[int, typer.Argument(min=1, help="The channel's Discord id.")],
    size: Annotated[str, typer.Argument(help="0.5 is half size; `none` forgets it.")],
) -> None:
    """Size a channel's trades by a factor."""
    try:
        told = None if size == "none" else Decimal(size)
    except InvalidOperation:
        raise NotChanged(f"{size!r} is no number") from None
    _changed(lambda door: door.set_factor(SetFactor(by=own_name(), channel_id=channel, factor=told)))


def troubles(
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, newest first.")] = 20,
) -> None:
    """What an operator was told of, newest first, and what to do about it."""
    book = _at_the_desk(lambda door: door.book())
    table = Table(box=None, header_style="bold")
    for column in ("when (UTC)", "trouble", "what to do"):
        table.add_column(column)
    for trouble in reversed(book.troubles[-limit:]):
        table.add_row(f"{trouble.at:%m-%d %H:%M:%S}", str(trouble), trouble.kind.advice)
    console.print(table if table.row_count else "no troubles", markup=False)


def reconcile() -> None:
    """Compare the account with the trades now: heal what may be healed, and say what is left. Exit 1 if anything is."""
    report = asyncio.run(_reconcile(load()))
    if report.troubles:
        raise typer.Exit(1)


def _halt(reason: str, trading: Trading) -> None:
    receipt = _at_the_desk(lambda door: door.halt(Halt(by=own_name(), reason=reason, trading=trading)))
    console.print(f"{receipt.standing}", markup=False)
    console.print(f"entries taken off: {_listed(receipt.stopped)}", markup=False)
    if receipt.pending:
        console.print(f"[red]not confirmed yet:[/red] {_listed(receipt.pending)}")
        raise typer.Exit(1)


def _changed(call: Callable[[DeskDoor], Awaitable[PolicyChanged]]) -> None:
    told = _at_the_desk(call)
    if told.refused is not None:
        raise NotChanged(f"{told.name}: {told.refused}")
    console.print(f"{told.name}: {told.before} -> {told.after}", markup=False, highlight=False)


def _at_the_desk(call: Callable[[DeskDoor], Awaitable[Result]]) -> Result:
    async def ask() -> Result:
        settings = load()
        return await call(DeskDoor(await connect(settings), settings.account))

    try:
        return asyncio.run(ask())
    except ValidationError as error:  # what was typed does not fit what the desk may be told
        fault = error.errors(include_url=False, include_input=False)[0]
        raise NotChanged(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None


def _json(value: str) -> JsonValue:
    """`5` and `true` are JSON; `PT10S` and `cancel_and_place` are strings."""
    try:
        read: JsonValue = json.loads(value)
    except ValueError:
        return value
    return read


def _desk_table(book: DeskBook) -> Table:
    limits = book.policy.limits
    table = Table(box=None, show_header=False)
    rows = {
        "trading": str(book.standing),
        "open trades": f"{len(book.trades)} of {limits.max_open_trades}",
        "entries today": f"{book.entries_today} of {limits.max_entries_a_day}",
        "held back": f"{book.spoken_for:.2f}",
        "buying power": "not read yet" if book.account is None else f"{book.account.buying_power:.2f}",
        "lost today": "not known yet" if book.most_loss is None else f"{book.loss:.2f} of {book.most_loss:.2f}",
        "troubles": str(len(book.troubles)),
    }
    shorts = book.policy.short_options
    if shorts.enabled or book.exposed:
        rows["if assigned"] = f"{book.exposed:.2f} of {shorts.max_assignment_total:.2f}"
    for name, value in rows.items():
        table.add_row(name, value)
    return table


async def _reconcile(settings: Settings) -> ReconciliationReport:
    client = await connect(settings)
    report = await _run(client, settings.account)
    console.print(
        f"{report.orders} orders of ours lately, {report.running} trades running, "
        f"{report.foreign} working orders that are not ours (left alone)"
    )
    if report.unasked or report.unlisted:
        console.print(
            f"{report.unasked} trades did not answer, {report.unlisted} differences are left for the next pass"
        )
    console.print(f"{report.told} records told to their trades; cancelled: {_listed(report.cancelled)}")
    if report.gone:
        console.print(f"trades told that what they sold first is short no more: {_listed(report.gone)}")
    console.print(f"trades over and now out of the desk's book: {_listed(report.freed)}")
    console.print(f"troubles: {_listed(report.troubles)}", markup=False)
    return report


async def _run(client: Client, account_number: str) -> ReconciliationReport:
    try:
        return await client.execute_workflow(
            Reconciliation.run,
            WatchAccount(account_number=account_number),
            id=f"{reconciliation_id(account_number)}-by-hand-{datetime.now(UTC):%Y%m%dT%H%M%S}",
            task_queue=TRADES_QUEUE,
            execution_timeout=_ONE_PASS,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=f"Account {account_number} beside its trades, asked for by hand",
        )
    except WorkflowFailureError as error:
        raise NotReconciled(f"the pass did not come to its end: {error.cause}") from error


def _listed(things: tuple[object, ...]) -> str:
    return ", ".join(map(str, things)) or "none"
