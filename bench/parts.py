"""The system under measurement: the embedded parts as `alertladder up` runs them, on a folder and ports of its own."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from workers.services import services
from workers.settings import Settings, load
from workers.state_lock import hold_state_folder
from workers.supervisor import Backoff, ServiceEvent, ServiceEventKind, Supervisor

_UP_WITHIN = 60.0  # seconds
_USUAL = Backoff()


def own_settings(folder: Path) -> Settings:
    """Settings that touch nothing but this folder, with limits that never stop a measurement.

    They go through the environment, because the parts are processes and read it.
    """
    temporal, ui, paper = free_ports(3)
    own = {
        "ALERTLADDER_MODE": "paper",
        "ALERTLADDER_STATE_FOLDER": str(folder / "state"),
        "ALERTLADDER_TEMPORAL__ADDRESS": f"127.0.0.1:{temporal}",
        "ALERTLADDER_TEMPORAL__UI_PORT": str(ui),
        "ALERTLADDER_PAPER__PORT": str(paper),
        "ALERTLADDER_LIMITS__MAX_OPEN_TRADES": "1000",
        "ALERTLADDER_LIMITS__MAX_ENTRIES_A_DAY": "10000",
        "ALERTLADDER_LIMITS__MAX_TRADES_PER_UNDERLYING": "1000",
        "ALERTLADDER_LIMITS__MAX_ORDER_CALLS_A_MINUTE": "100000",
        "ALERTLADDER_LIMITS__MAX_FAILURES_IN_A_ROW": "1000",
        "ALERTLADDER_LIMITS__TRIPS": "[]",
    }
    os.environ.update(own)
    return load()


@dataclass
class Parts:
    """The processes that run, by service: the pid of each, and when it was last ready."""

    pids: dict[str, int] = field(default_factory=dict)
    ready: dict[str, asyncio.Event] = field(default_factory=dict)

    def hear(self, event: ServiceEvent) -> None:
        """A step in a service's life."""
        ready = self.ready.setdefault(event.service, asyncio.Event())
        if event.kind is ServiceEventKind.READY and event.pid is not None:
            self.pids[event.service] = event.pid
            ready.set()
        else:
            ready.clear()

    def kill(self, service: str) -> None:
        """SIGKILL a service that is ready; its supervisor starts it anew."""
        self.ready[service].clear()
        os.kill(self.pids[service], signal.SIGKILL)


@asynccontextmanager
async def running_parts(settings: Settings, backoff: Backoff = _USUAL) -> AsyncIterator[Parts]:
    """Everything up and ready, and stopped in order at the end. TimeoutError when it does not come up."""
    with hold_state_folder(settings.state_folder) as lock:
        stop, found = asyncio.Event(), Parts()
        supervisor = Supervisor(services(settings), found.hear, inherit=(lock,), backoff=backoff)
        parts = asyncio.ensure_future(supervisor.run(stop))
        try:
            async with asyncio.timeout(_UP_WITHIN):
                await found.ready.setdefault("trades", asyncio.Event()).wait()
            yield found
        finally:
            stop.set()
            await parts


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [int(opened.getsockname()[1]) for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()
