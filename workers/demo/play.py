"""The demo itself: start all parts, post three alerts, watch, and judge."""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table
from temporalio.client import Client

from activities.audit.remote import RemoteAudit
from domain.audit_queries import AuditRow, TradeAuditQuery
from domain.errors import AlertladderError
from domain.trade import TradeView
from paper.control.client import Control
from workers.client import connect
from workers.commands.running import show_event, show_page
from workers.commands.trading import command_line_message
from workers.demo.scenes import Point, Scene, scenes
from workers.demo.verdict import complaints
from workers.follow import follow, look
from workers.ladder_view import ladder_table, trade_story
from workers.process import until_told_to_stop
from workers.services import services
from workers.settings import Settings
from workers.state_lock import LOCK_NAME, hold_state_folder
from workers.supervisor import ServiceEvent, ServiceEventKind, Supervisor
from workflows.front_door import FrontDoor

_AUDIT_SHOWN = 12
_DEEP = 30  # contracts bid for: plenty


class DemoFailed(AlertladderError):
    """A trade did not end as it should."""


async def play(settings: Settings, console: Console, keep: bool) -> None:
    """Run the demo; DemoFailed when the exchange's book is not as it should be."""
    with hold_state_folder(settings.state_folder) as lock:
        _sweep(settings.state_folder)
        stop, ready = asyncio.Event(), asyncio.Event()

        def report(event: ServiceEvent) -> None:
            show_event(event)
            show_page(settings, event)
            if event.service == "trades" and event.kind is ServiceEventKind.READY:
                ready.set()

        parts = asyncio.ensure_future(Supervisor(services(settings), report, inherit=(lock,)).run(stop))
        try:
            await _first(asyncio.ensure_future(ready.wait()), parts)
            await _show(settings, console)
            if keep:
                console.print("everything keeps running; stop with ctrl-C")
                await until_told_to_stop()
        finally:
            stop.set()
            await parts


async def _first(*futures: asyncio.Future[Any]) -> None:
    done, _ = await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
    for future in done:
        future.result()


async def _show(settings: Settings, console: Console) -> None:
    client = await connect(settings)
    played = scenes(settings.ladder)
    url, _ = settings.broker_addresses
    async with Control(url) as control:
        workflow_ids = [await _post(scene, client, control, settings, console) for scene in played]
        views: list[TradeView] = []
        for scene, workflow_id in zip(played, workflow_ids, strict=True):
            await _move_market(scene, workflow_id, client, control)
        with Live(console=console, auto_refresh=False) as live:
            async for views in follow(client, workflow_ids):
                live.update(ladder_table(views, datetime.now(UTC)), refresh=True)
        console.print()
        await _tell(settings, console, client, played, views)
        book = await control.book()
    _judge(console, played, [await look(client, workflow_id) for workflow_id in workflow_ids], book)


async def _post(scene: Scene, client: Client, control: Control, settings: Settings, console: Console) -> str:
    """Show a scene's first quote, and post its alert as Discord would deliver it."""
    if scene.symbol is not None:
        first = scene.path[0]
        await control.quote(scene.symbol, first.bid, first.ask, bid_size=_DEEP, ask_size=first.ask_size)
    console.print(f"[bold]{scene.text}[/]  [dim]{scene.title}[/]", highlight=False)
    door = FrontDoor(client, settings.account, settings.mode, settings.profiles)
    submission = await door.submit(command_line_message(settings, scene.text, None, None))
    if submission.refused is not None:
        raise DemoFailed(f"{scene.text} was not read: {submission.refused}")
    return submission.started[0].workflow_id


async def _move_market(scene: Scene, workflow_id: str, client: Client, control: Control) -> None:
    """Let the scene's market run from the moment its ladder starts."""
    if scene.symbol is None:
        return
    async for views in follow(client, [workflow_id]):
        if views and views[0].started_at is not None:
            gone = (datetime.now(UTC) - views[0].started_at).total_seconds()
            points = [point for point in scene.path if point.after > 0]
            await control.path(scene.symbol, [_wire(point, gone) for point in points])
            return


def _wire(point: Point, gone: float) -> dict[str, object]:
    after = max(0.0, point.after - gone)
    return {"after": after, "bid": str(point.bid), "ask": str(point.ask), "bid_size": _DEEP, "ask_size": point.ask_size}


async def _tell(
    settings: Settings, console: Console, client: Client, played: Sequence[Scene], views: Sequence[TradeView]
) -> None:
    """What happened: each trade's orders and fills, and the audit rows of the first."""
    for scene, view in zip(played, views, strict=True):
        console.print(trade_story(view))
        console.print(
            f"  {scene.title}: {settings.temporal.workflow_url(view.workflow_id)}", style="dim", highlight=False
        )
    audit = RemoteAudit(client)
    verdict = await audit.audit_verify()
    page = await audit.audit_trade(TradeAuditQuery(workflow_id=views[0].workflow_id))
    console.print(_audit_table(page.rows[-_AUDIT_SHOWN:]))
    state = "the chain is whole" if verdict.fault is None else f"FAULT {verdict.fault}"
    console.print(
        f"audit: {verdict.rows} rows, {state}, head {verdict.head.seq} {verdict.head.hash[:12]}", highlight=False
    )


def _audit_table(rows: Sequence[AuditRow]) -> Table:
    table = Table(title=f"the last {len(rows)} audit rows of the first trade", box=None, header_style="bold")
    for column in ("seq", "time", "what", "detail", "hash"):
        table.add_column(column, no_wrap=True)
    for row in rows:
        event = row.event
        table.add_row(str(row.seq), f"{event.at:%H:%M:%S.%f}"[:-3], event.kind, event.detail, row.hash[:12])
    return table


def _judge(console: Console, played: Sequence[Scene], views: Sequence[TradeView], book: Mapping[str, Any]) -> None:
    wrong = []
    for scene, view in zip(played, views, strict=True):
        found = complaints(scene, view, book)
        mark = "[red]wrong[/]" if found else "[green]as it should be[/]"
        console.print(f"exchange's book, {scene.title}: {mark}", highlight=False)
        wrong += found
    if wrong:
        raise DemoFailed("; ".join(wrong))


def _sweep(folder: Path) -> None:
    """The demo begins anew each time: what an earlier one left goes."""
    for entry in folder.iterdir():
        if entry.name == LOCK_NAME:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            with suppress(FileNotFoundError):
                entry.unlink()
