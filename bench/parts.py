"""The system under measurement: the embedded parts as `alertladder up` runs them, on a folder and ports of its own."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from workers.services import services
from workers.settings import Settings, load
from workers.state_lock import hold_state_folder
from workers.supervisor import ServiceEvent, ServiceEventKind, Supervisor

_UP_WITHIN = 60.0  # seconds


def own_settings(folder: Path) -> Settings:
    """Settings that touch nothing but this folder, with limits that never stop a measurement.

    They go through the environment, because the parts are processes and read it.
    """
    temporal, ui, paper = _free_ports(3)
    own = {
        "ALERTLADDER_MODE": "paper",
        "ALERTLADDER_STATE_FOLDER": str(folder / "state"),
        "ALERTLADDER_TEMPORAL__ADDRESS": f"127.0.0.1:{temporal}",
        "ALERTLADDER_TEMPORAL__UI_PORT": str(ui),
        "ALERTLADDER_PAPER__PORT": str(paper),
        "ALERTLADDER_LIMITS__MAX_OPEN_TRADES": "10000",
        "ALERTLADDER_LIMITS__MAX_ENTRIES_A_DAY": "10000",
    }
    os.environ.update(own)
    return load()


@asynccontextmanager
async def running_parts(settings: Settings) -> AsyncIterator[None]:
    """Everything up and ready, and stopped in order at the end. TimeoutError when it does not come up."""
    with hold_state_folder(settings.state_folder) as lock:
        stop, ready = asyncio.Event(), asyncio.Event()

        def report(event: ServiceEvent) -> None:
            if event.service == "trades" and event.kind is ServiceEventKind.READY:
                ready.set()

        parts = asyncio.ensure_future(Supervisor(services(settings), report, inherit=(lock,)).run(stop))
        try:
            async with asyncio.timeout(_UP_WITHIN):
                await ready.wait()
            yield
        finally:
            stop.set()
            await parts


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [int(opened.getsockname()[1]) for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()
