"""`alertladder troubles` and `reconcile`: what an operator was told of, and a look at the whole account now."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from activities.interfaces import TRADES_QUEUE
from domain.broker import WatchAccount
from domain.errors import AlertladderError
from domain.identifiers import desk_workflow_id, reconciliation_id
from workers.client import connect
from workers.settings import Settings, load
from workers.terminal import terminal
from workflows.desk import Desk
from workflows.reconciliation import Reconciliation, ReconciliationReport

console = terminal()
_ONE_PASS = timedelta(minutes=15)


class NoDesk(AlertladderError):
    """The account's desk doesn't run, so there is nobody to ask."""


class NotReconciled(AlertladderError):
    """The pass was cancelled, terminated or timed out."""


def troubles(
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, newest first.")] = 20,
) -> None:
    """What an operator was told of, newest first, and what to do about it."""
    asyncio.run(_troubles(load(), limit))


def reconcile() -> None:
    """Compare the account with the trades now: heal what may be healed, and say what is left. Exit 1 if anything is."""
    report = asyncio.run(_reconcile(load()))
    if report.troubles:
        raise typer.Exit(1)


async def _troubles(settings: Settings, limit: int) -> None:
    client = await connect(settings)
    desk: WorkflowHandle[Desk, None] = client.get_workflow_handle(desk_workflow_id(settings.account))
    try:
        book = await desk.query(Desk.book)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NoDesk(f"no desk of account {settings.account}: is `alertladder up` running?") from error
        raise
    table = Table(box=None, header_style="bold")
    for column in ("when (UTC)", "trouble", "what to do"):
        table.add_column(column)
    for trouble in reversed(book.troubles[-limit:]):
        table.add_row(f"{trouble.at:%m-%d %H:%M:%S}", str(trouble), trouble.kind.advice)
    console.print(table if table.row_count else "no troubles", markup=False)


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
