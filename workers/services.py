"""What `alertladder up` runs: each part a process of its own, started in this order and stopped in reverse."""

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import aiohttp
from temporalio.client import WorkflowHandle, WorkflowQueryFailedError
from temporalio.service import RPCError

from activities.audit.remote import RemoteAudit
from domain.audit_queries import AuditQuery
from domain.errors import AlertladderError
from domain.identifiers import desk_workflow_id
from domain.settings import Mode
from workers.client import connect
from workers.serve import WHEN_TOLD
from workers.settings import Settings, environment
from workers.supervisor import Service
from workers.temporal_server import DevServer
from workflows.desk import Desk

_PROBE_TIME = timedelta(seconds=20)
_QUERY_TIME = timedelta(seconds=2)
_PROBE_PAUSE = 0.1  # seconds
_END_OF_A_HALT = timedelta(seconds=15)  # it waits up to ten to hear that each entry is off


def services(settings: Settings) -> list[Service]:
    """The embedded parts of these settings. The state folder must exist."""
    state = settings.state_folder.resolve()
    logs = state / "log"
    server = DevServer(
        database=state / "temporal.db",
        port=settings.temporal.port,
        ui_port=settings.temporal.ui_port,
        namespace=settings.temporal.namespace,
    )
    env = os.environ | environment(settings)
    found = [server.service(logs / "temporal.log"), _audit(settings, env, logs)]
    if settings.mode is Mode.PAPER:
        found.append(_paper(settings, env, logs, state))
    found.append(_trades(settings, env, logs))
    if settings.api.enabled:
        found.append(_api(settings, env, logs))
    if settings.discord.is_set_up:
        found.append(Service(name="bot", argv=_worker("bot"), log=logs / "bot.log", env=env))
    return found


def _paper(settings: Settings, env: Mapping[str, str], logs: Path, state: Path) -> Service:
    paper = settings.paper
    argv = (
        *(sys.executable, "-m", "paper", "--port", str(paper.port), "--db", str(state / "paper.db")),
        *("--seed", str(paper.seed), "--session", paper.session),
    )

    async def ready() -> None:
        await _answers(f"http://127.0.0.1:{paper.port}/__ctl__/book")

    return Service(name="paper", argv=argv, log=logs / "paper.log", env=env, ready=ready)


def _audit(settings: Settings, env: Mapping[str, str], logs: Path) -> Service:
    async def ready() -> None:
        client = await connect(settings)
        try:
            await RemoteAudit(client, patience=_PROBE_TIME).audit_recent(AuditQuery(limit=1))
        except (AlertladderError, RPCError) as error:
            raise ConnectionError(str(error)) from error

    return Service(name="audit", argv=_worker("audit"), log=logs / "audit.log", env=env, ready=ready)


def _trades(settings: Settings, env: Mapping[str, str], logs: Path) -> Service:
    async def ready() -> None:
        client = await connect(settings)
        desk: WorkflowHandle[Desk, None] = client.get_workflow_handle(desk_workflow_id(settings.account))
        while True:  # the supervisor bounds the whole
            try:
                await desk.query(Desk.book, rpc_timeout=_QUERY_TIME)
            except (RPCError, WorkflowQueryFailedError):
                await asyncio.sleep(_PROBE_PAUSE)
            else:
                return

    argv = (*_worker("trades"), WHEN_TOLD)
    return Service(name="trades", argv=argv, log=logs / "trades.log", env=env, ready=ready, spare=True)


def _api(settings: Settings, env: Mapping[str, str], logs: Path) -> Service:
    async def ready() -> None:
        await _answers(f"{settings.api.url}/healthz")

    log = logs / "api.log"
    return Service(name="api", argv=_worker("api"), log=log, env=env, ready=ready, stop_grace=_END_OF_A_HALT)


async def _answers(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:  # the supervisor bounds the whole
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(_PROBE_PAUSE)


def _worker(queue: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "workers.serve", queue)
