"""Keeps the services of `alertladder up` running: started in order, restarted when they die, stopped in reverse."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO, Any

from domain.frozen import Frozen
from workers import tether
from workers.last_words import last_words
from workers.spare import Spare, tell_to_go

LOG_BOUND = 10 * 1024 * 1024  # bytes; a longer log is set aside when its service starts


class ServiceEventKind(StrEnum):
    """What happened to a service. STARTING to READY to DIED, RESTARTING, STARTING ...; STOPPING, STOPPED at the end."""

    STARTING = "starting"  # the process exists
    READY = "ready"
    DIED = "died"  # it ended unasked, or was ended because it never became ready
    RESTARTING = "restarting"  # a pause begins; `detail` says how long
    STOPPING = "stopping"  # asked to end
    STOPPED = "stopped"


class ServiceEvent(Frozen):
    """One step in a service's life. `exit_code` is negative for the signal that ended it (-9: SIGKILL)."""

    kind: ServiceEventKind
    service: str
    at: datetime
    pid: int | None = None
    exit_code: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One program to keep running.

    `env` is its whole environment; None inherits ours. `ready` returns once the service can be used and may be called
    again after each restart; None counts a started process as ready. A probe that raises, or takes longer than
    `ready_timeout`, gets the service ended and started anew. With `spare` the program waits until it is told to go
    (workers/spare.py), and a second process of it waits to take over from one that dies.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] | None = None
    ready: Callable[[], Awaitable[None]] | None = None
    ready_timeout: timedelta = timedelta(seconds=30)
    stop_grace: timedelta = timedelta(seconds=10)  # from SIGTERM to SIGKILL
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Backoff:
    """The pause before a restart: `first`, doubled to `longest`, and `first` again after a life of `steady`."""

    first: timedelta = timedelta(seconds=0.2)
    longest: timedelta = timedelta(seconds=10)
    steady: timedelta = timedelta(seconds=5)  # an alert is young for ten seconds: what has served is back at once

    def after(self, previous: timedelta | None, lived: timedelta) -> timedelta:
        """The next pause, given the one before the life that just ended."""
        if previous is None or lived >= self.steady:
            return self.first
        return min(previous * 2, self.longest)


class Supervisor:
    """Runs services until told to stop. It gives up on none, and reports each step to `on_event`.

    Every service gets its own session, so a terminal's ctrl-C reaches the supervisor alone, and is killed by the kernel
    when the supervisor dies without stopping it (workers/tether.py). `inherit` are descriptors that services keep open.
    """

    def __init__(
        self,
        services: Sequence[Service],
        on_event: Callable[[ServiceEvent], None],
        *,
        inherit: tuple[int, ...] = (),
        backoff: Backoff = Backoff(),
    ) -> None:
        self._services = services
        self._on_event = on_event
        self._inherit = inherit
        self._backoff = backoff

    async def run(self, until: asyncio.Event) -> None:
        """Start each service once the one before is ready, keep them running until `until` is set, stop them.

        Call it from the main thread: the kernel ties a child to the thread that started it.
        """
        asked = asyncio.ensure_future(until.wait())
        async with AsyncExitStack() as running:
            running.callback(asked.cancel)
            ends: set[asyncio.Future[None]] = set()
            for service in self._services:
                keeper = _Keeper(service, self._on_event, self._inherit, self._backoff)
                running.push_async_callback(keeper.stop)
                ends.add(keeper.end)
                await _first_of(asked, keeper.end, keeper.was_ready)
                if asked.done() or keeper.end.done():
                    break
            await _first_of(asked, *ends)  # a keeper ends unasked only by a bug, which its stop() raises


class _Keeper:
    """Keeps one service running. Its task is the process's only owner."""

    def __init__(
        self,
        service: Service,
        on_event: Callable[[ServiceEvent], None],
        inherit: tuple[int, ...],
        backoff: Backoff,
    ) -> None:
        self._service = service
        self._on_event = on_event
        self._inherit = inherit
        self._backoff = backoff
        self._spare = Spare(partial(self._start, is_spare=True))
        self._stopping: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.was_ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.end: asyncio.Future[None] = asyncio.ensure_future(self._keep())

    async def stop(self) -> None:
        """End the service and wait until it is gone."""
        _set(self._stopping)
        try:
            await self.end
        finally:
            await self._spare.close()

    async def _keep(self) -> None:
        clock = asyncio.get_running_loop().time
        pause: timedelta | None = None
        while not self._stopping.done():
            born = clock()
            await self._live()
            if self._stopping.done():
                break
            pause = self._backoff.after(pause, timedelta(seconds=clock() - born))
            self._report(ServiceEventKind.RESTARTING, detail=f"in {pause.total_seconds():g} s")
            await asyncio.wait({self._stopping}, timeout=pause.total_seconds())

    async def _live(self) -> None:
        """One life, from start to end."""
        try:
            process = await self._spare.take() or await self._start()
        except OSError as error:  # no memory, no descriptors: as good as a death
            self._report(ServiceEventKind.DIED, detail=f"not started: {error}")
            return
        gone = asyncio.ensure_future(process.wait())
        try:
            tell_to_go(process)
            await self._oversee(process, gone)
        finally:
            if not gone.done():  # a bug or a cancel cut the oversight short
                _kill_group(process.pid)
                await gone

    async def _oversee(self, process: asyncio.subprocess.Process, gone: asyncio.Future[int]) -> None:
        self._report(ServiceEventKind.STARTING, process)
        trouble = await self._trouble_becoming_ready(gone)
        if not trouble:
            self._report(ServiceEventKind.READY, process)
            _set(self.was_ready)
            if self._service.spare:
                self._spare.prepare()
            await _first_of(gone, self._stopping)
        asked = self._stopping.done()
        if asked:
            self._report(ServiceEventKind.STOPPING, process)
        await self._terminate(process, gone)
        if asked:
            self._report(ServiceEventKind.STOPPED, process, trouble)
        else:
            self._report(ServiceEventKind.DIED, process, trouble or last_words(self._service.log))

    async def _start(self, *, is_spare: bool = False) -> asyncio.subprocess.Process:
        waits = asyncio.subprocess.PIPE if self._service.spare else asyncio.subprocess.DEVNULL
        with _open_log(self._service.log, may_set_aside=not is_spare) as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", tether.__file__, str(os.getpid())),
                *self._service.argv,
                stdin=waits,
                stdout=log,
                stderr=log,
                env=self._service.env,
                pass_fds=self._inherit,
                start_new_session=True,
            )

    async def _trouble_becoming_ready(self, gone: asyncio.Future[int]) -> str:
        """What kept the service from becoming ready; empty when it is."""
        if self._service.ready is None:
            return ""
        probe = asyncio.ensure_future(self._service.ready())
        await _first_of(probe, gone, self._stopping, within=self._service.ready_timeout)
        if probe.done():
            error = probe.exception()  # whatever it is: one service's trouble must not end the others
            return f"not ready: {type(error).__name__}: {error}" if error else ""
        probe.cancel()
        await asyncio.wait({probe})
        return "ended before it was ready" if gone.done() else f"not ready in {self._service.ready_timeout}"

    async def _terminate(self, process: asyncio.subprocess.Process, gone: asyncio.Future[int]) -> None:
        with suppress(ProcessLookupError):
            process.terminate()
        await _first_of(gone, within=self._service.stop_grace)
        _kill_group(process.pid)
        await gone

    def _report(
        self, kind: ServiceEventKind, process: asyncio.subprocess.Process | None = None, detail: str = ""
    ) -> None:
        self._on_event(
            ServiceEvent(
                kind=kind,
                service=self._service.name,
                at=datetime.now(UTC),
                pid=process.pid if process else None,
                exit_code=process.returncode if process else None,
                detail=detail,
            )
        )


def _open_log(path: Path, *, may_set_aside: bool) -> IO[bytes]:
    """What a spare is to write to is in use."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if may_set_aside and path.exists() and path.stat().st_size > LOG_BOUND:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab")


def _kill_group(leader: int) -> None:
    """Kill a service with whatever it started; a group outlives its leader."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


async def _first_of(*futures: asyncio.Future[Any], within: timedelta | None = None) -> None:
    seconds = within.total_seconds() if within else None
    await asyncio.wait(futures, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
