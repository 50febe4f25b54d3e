"""The stack under attack: `alertladder up`'s own services, and a front door, each a process that can be killed."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bench.parts import free_ports
from domain.errors import AlertladderError
from workers.services import services
from workers.settings import Settings, load
from workers.supervisor import Backoff, Service, ServiceEvent, ServiceEventKind, Supervisor

_UP_WITHIN = 180.0  # seconds: a loaded machine starts processes slowly
_LIVES_WITHIN = 30.0
_PAUSE = 0.05
_HASTY = Backoff(first=timedelta(seconds=0.1), longest=timedelta(seconds=1))
_ROOT = Path(__file__).parents[1]
# The ladder of 90 s in 5 s. An alert may be older than usual, because a killed part takes seconds to come back.
_SHORT: Mapping[str, Mapping[str, Any]] = {
    "ladder": {"rung": "PT1S", "window": "PT5S", "market_fill_wait": "PT2S"},
    # Limits that never come into it: what the desk may refuse is not what is looked at here.
    "limits": {
        "duplicate_window": "PT1S",
        "max_open_trades": 1000,
        "max_entries_a_day": 100_000,
        "max_trades_per_underlying": 1000,
        "max_order_calls_a_minute": 100_000,
        "max_failures_in_a_row": 100_000,
        "trips": [],
    },
    "guard": {"max_alert_age": "PT30S"},
}


class NotUp(AlertladderError):
    """The stack, or one part of it, did not come up in time."""


class Stack:
    """One stack in a folder of its own. `kill` and `restarts` go by the services' names."""

    def __init__(self, folder: Path, *, workers: int = 1, worker_module: str | None = None) -> None:
        """`workers` trade workers; `worker_module` runs the workers instead of `workers.serve`."""
        self.folder = folder
        temporal, ui, paper, self.door_port = free_ports(4)
        own: dict[str, Mapping[str, Any]] = {
            **_SHORT,
            "temporal": {"address": f"127.0.0.1:{temporal}", "ui_port": ui},
            "paper": {"port": paper},
        }
        (folder / "state").mkdir(parents=True, exist_ok=True)
        self.settings: Settings = load(mode="paper", state_folder=folder / "state", **own)
        self._env = os.environ | _as_environment(own) | {"PYTHONPATH": str(_ROOT), "CHAOS_FOLDER": str(folder)}
        self._workers = workers
        self._worker_module = worker_module
        self._events: list[ServiceEvent] = []
        self._pids: dict[str, int] = {}
        self._ready: set[str] = set()

    @property
    def door_url(self) -> str:
        """Where messages are handed in."""
        return f"http://127.0.0.1:{self.door_port}"

    @property
    def paper_url(self) -> str:
        """Where the exchange listens."""
        return self.settings.broker_addresses[0]

    @property
    def restarts(self) -> Counter[str]:
        """How often each service was started again."""
        return Counter(event.service for event in self._events if event.kind is ServiceEventKind.RESTARTING)

    @property
    def names(self) -> list[str]:
        """What can be killed."""
        return [service.name for service in self._services()]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything up and ready, and stopped in order at the end. NotUp when it does not come up."""
        stop = asyncio.Event()
        running = asyncio.ensure_future(Supervisor(self._services(), self._hear, backoff=_HASTY).run(stop))
        try:
            await self.until_ready()
            yield
        finally:
            stop.set()
            await running

    async def until_ready(self) -> None:
        """Await that every part is ready at once."""
        await self._until(lambda: self._ready >= set(self.names), _UP_WITHIN, "the stack is not up")

    async def kill(self, name: str) -> int:
        """SIGKILL the process, as soon as there is one, ready or not; gives its pid."""
        await self._until(lambda: name in self._pids, _LIVES_WITHIN, f"{name} does not live")
        pid = self._pids.pop(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def _services(self) -> list[Service]:
        found = [self._at_home(service) for service in services(self.settings)]
        trades = next(service for service in found if service.name == "trades")
        more = [replace(trades, name=f"trades-{n}", log=_log(trades, n)) for n in range(2, self._workers + 1)]
        return [*found, *more, self._door(trades)]

    def _at_home(self, service: Service) -> Service:
        if service.name == "temporal":
            return service
        argv, spare = service.argv, service.spare
        if self._worker_module is not None and service.name in ("trades", "audit"):
            argv, spare = (sys.executable, "-m", self._worker_module, service.name), False
        return replace(service, argv=argv, spare=spare, env={**(service.env or {}), **self._env})

    def _door(self, like: Service) -> Service:
        async def ready() -> None:
            async with aiohttp.ClientSession() as session:
                while True:  # the supervisor bounds the whole
                    try:
                        async with session.get(self.door_url):
                            return
                    except aiohttp.ClientError:
                        await asyncio.sleep(_PAUSE)

        argv = (sys.executable, "-m", "chaos.door", str(self.door_port))
        return replace(like, name="door", argv=argv, log=like.log.with_name("door.log"), ready=ready, spare=False)

    def _hear(self, event: ServiceEvent) -> None:
        self._events.append(event)
        if event.kind is ServiceEventKind.STARTING and event.pid is not None:
            self._pids[event.service] = event.pid
        elif event.kind is ServiceEventKind.READY:
            self._ready.add(event.service)
        else:
            self._pids.pop(event.service, None)
            self._ready.discard(event.service)

    async def _until(self, condition: Callable[[], bool], within: float, what: str) -> None:
        try:
            async with asyncio.timeout(within):
                while not condition():  # noqa: ASYNC110  the supervisor's events come by a plain call
                    await asyncio.sleep(_PAUSE)
        except TimeoutError:
            raise NotUp(f"{what}; see {self.folder / 'state' / 'log'}") from None


@asynccontextmanager
async def all_running(stacks: Sequence[Stack]) -> AsyncIterator[None]:
    """Several stacks side by side."""
    async with AsyncExitStack() as up:
        for stack in stacks:
            await up.enter_async_context(stack.running())
        yield


def _log(service: Service, number: int) -> Path:
    return service.log.with_name(f"{service.log.stem}-{number}.log")


def _as_environment(tree: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {
        f"ALERTLADDER_{area.upper()}__{name.upper()}": str(setting)
        for area, settings in tree.items()
        for name, setting in settings.items()
    }
