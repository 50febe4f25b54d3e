"""Small services for a supervisor under test, and a witness of what became of them."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from workers.supervisor import Service, ServiceEvent, ServiceEventKind, Supervisor

SLEEPER = "import time; time.sleep(600)"


class Witness:
    """Hears a supervisor's events, in order; one test at a time may wait for the next."""

    def __init__(self) -> None:
        self.events: list[ServiceEvent] = []
        self._news = asyncio.Event()

    def __call__(self, event: ServiceEvent) -> None:
        self.events.append(event)
        self._news.set()

    @property
    def story(self) -> list[tuple[str, str]]:
        """What happened to whom."""
        return [(event.kind.value, event.service) for event in self.events]

    async def sees(self, kind: ServiceEventKind, service: str, times: int = 1) -> ServiceEvent:
        """The `times`-th such event, waited for."""
        while True:
            found = [event for event in self.events if event.kind is kind and event.service == service]
            if len(found) >= times:
                return found[times - 1]
            self._news.clear()
            await self._news.wait()


def python(name: str, folder: Path, program: str = SLEEPER, *arguments: str, **fields: Any) -> Service:
    """A service that runs a few lines of Python."""
    return Service(name=name, argv=(sys.executable, "-c", program, *arguments), log=folder / f"{name}.log", **fields)


@asynccontextmanager
async def supervised(services: Sequence[Service], witness: Witness, **options: Any) -> AsyncIterator[None]:
    """Run the services under a supervisor for the duration, and stop them at the end."""
    until = asyncio.Event()
    running = asyncio.ensure_future(Supervisor(services, witness, **options).run(until))
    try:
        yield
    finally:
        until.set()
        await running


class Telephone:
    """A line on which a service can say something to the test."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.ours.setblocking(False)

    @property
    def number(self) -> str:
        return str(self.theirs.fileno())

    async def hear(self) -> str:
        return (await asyncio.get_running_loop().sock_recv(self.ours, 100)).decode()


class Departure:
    """The end of a process that need not be a child of ours; made while it lives."""

    def __init__(self, pid: int) -> None:
        self._descriptor = os.pidfd_open(pid)

    async def wait(self) -> None:
        """Return once it has ended."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._descriptor, ended.set)
        await ended.wait()
        loop.remove_reader(self._descriptor)
        os.close(self._descriptor)
