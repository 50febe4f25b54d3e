"""`alertladder audit`: read, prove and take out the audit log.

While a worker owns the file, it is asked through Temporal; while nobody does, the file is read here. Which of the two
is decided by the owner's lock, so the commands work with everything down.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from activities.audit.ownership import AuditFileInUse
from activities.audit.remote import RemoteAudit
from activities.audit.unowned import unowned_audit
from activities.audit_queries import AuditQueries
from domain.audit import AuditKind
from domain.audit_queries import MAX_PAGE_ROWS, AuditQuery, AuditRow, ExportFormat, ExportRequest
from domain.chain import Verdict
from domain.errors import AlertladderError
from workers import client, settings
from workers.settings import Settings
from workers.terminal import shown, terminal

Answer = TypeVar("Answer")
Question = Callable[[AuditQueries], Awaitable[Answer]]

_MAX_LISTED = 10_000
_DETAIL_WIDTH = 60

app = typer.Typer(name="audit", help="Read, verify and export the audit log.", no_args_is_help=True)


@app.command()
def recent(
    limit: Annotated[int, typer.Option(min=1, max=_MAX_LISTED, help="How many rows.")] = 20,
    trade: Annotated[str | None, typer.Option(help="Only this trade: its workflow id.")] = None,
    kind: Annotated[AuditKind | None, typer.Option(help="Only this kind of step.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, nothing left out.")] = False,
) -> None:
    """Show the newest rows, newest first."""
    rows = _answer(lambda audit: _newest(audit, limit, trade, kind))
    if as_json:
        for row in rows:
            typer.echo(row.model_dump_json())
    elif rows:
        terminal().print(_table(rows))
    else:
        typer.echo("no rows")


@app.command()
def verify() -> None:
    """Prove the log: every row unchanged and in its place, and none missing at the end. Exit code 1 on a fault."""
    verdict = _answer(lambda audit: audit.audit_verify())
    typer.echo(_proof(verdict))
    if verdict.fault:
        raise typer.Exit(1)


@app.command()
def export(
    form: Annotated[ExportFormat, typer.Option("--format", help="How to write it.")] = ExportFormat.PARQUET,
    to: Annotated[Path | None, typer.Option(file_okay=False, help="A folder to copy the file to.")] = None,
) -> None:
    """Write the whole log, as it stands, into the exports folder beside it."""
    receipt = _answer(lambda audit: audit.audit_export(ExportRequest(format=form)))
    with one_line_errors():
        path = _copied(Path(receipt.path), to) if to else Path(receipt.path)
    typer.echo(f"{receipt.rows} rows, head {receipt.head.seq} {receipt.head.hash}\n{path}")


def _answer(question: Question[Answer]) -> Answer:
    with one_line_errors():
        return asyncio.run(_asked(settings.load(), question))


async def _asked(current: Settings, question: Question[Answer]) -> Answer:
    async with audit_log(current) as audit:
        return await question(audit)


@asynccontextmanager
async def audit_log(current: Settings) -> AsyncIterator[AuditQueries]:
    """The log's questions: put to its owner, or answered from the file while it has none."""
    try:
        with unowned_audit(current.audit_path) as unowned:
            yield unowned
    except AuditFileInUse:
        yield RemoteAudit(await client.connect(current))
        await asyncio.sleep(0.3)  # the SDK's threads may crash an interpreter that ends right after a result


async def _newest(audit: AuditQueries, limit: int, trade: str | None, kind: AuditKind | None) -> list[AuditRow]:
    rows: list[AuditRow] = []
    before: int | None = None
    while len(rows) < limit:
        size = min(limit - len(rows), MAX_PAGE_ROWS)
        page = await audit.audit_recent(AuditQuery(limit=size, before=before, workflow_id=trade, kind=kind))
        rows += page.rows
        before = page.next_seq
        if before is None:
            break
    return rows


def _table(rows: list[AuditRow]) -> Table:
    """What fits a terminal's line; `--json` and the export leave nothing out."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for column in ("seq", "time (UTC)", "trade", "step", "what"):
        table.add_column(column, no_wrap=True)
    for row in rows:
        event = row.event
        state = f" [{event.code or event.state}]" if event.code or event.state else ""
        what = f"{event.symbol or ''}  {event.detail[:_DETAIL_WIDTH]}{state}"
        at = f"{event.at:%m-%d %H:%M:%S.%f}"[:-3]
        table.add_row(*(shown(cell) for cell in (str(row.seq), at, event.workflow_id, event.kind, what)))
    return table


def _proof(verdict: Verdict) -> str:
    lines = [f"{verdict.rows} rows read, proved up to {verdict.head.seq} {verdict.head.hash}"]
    lines.append(f"FAULT at {verdict.fault}" if verdict.fault else "the chain is whole and ends where it was anchored")
    return "\n".join(lines)


def _copied(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(path, folder / path.name))


@contextmanager
def one_line_errors() -> Iterator[None]:
    """What goes wrong is a line and exit code 1."""
    try:
        yield
    except (AlertladderError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
