"""The HTTP API's process: it listens at once, and lets requests in when a Temporal server was reached."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import uvicorn
from fastapi import FastAPI
from temporalio.client import Client

from activities.audit.remote import RemoteAudit
from activities.kill_mark import KillMark
from api.app import create_app
from api.doors import Doors
from api.keys import Keys
from api.rate import Buckets
from domain.errors import AlertladderError
from workers.api_settings import ApiSettings
from workers.client import TemporalUnreachable, connect
from workers.process import until_told_to_stop
from workers.settings import Settings
from workflows.account_door import AccountDoor
from workflows.desk_door import DeskDoor
from workflows.front_door import FrontDoor
from workflows.trade_door import TradeDoor

log = logging.getLogger(__name__)
_PATIENCE = timedelta(seconds=60)  # for one attempt to reach Temporal; the next follows
_IDLE = 5  # seconds that a connection is kept without a request
_FINISH_WORK = 12  # seconds: a halt waits up to ten
_MOST_AT_ONCE = 200  # connections
_WAITING = 100  # connections that the kernel holds until they are taken


class NotListening(AlertladderError):
    """The address is taken, or is none of this machine's."""


async def run(settings: Settings) -> None:
    """Serve until told to stop. NotListening when it can't."""
    api = settings.api
    keys = Keys(api.operator_keys, api.viewer_keys)
    if keys.is_empty:
        log.error("no key is set, so nobody comes in: set ALERTLADDER_API__OPERATOR_KEYS__<NAME>, and start it again")
    app = create_app(keys, Buckets(api.requests_a_second, api.burst))
    with _listen(api) as listener:
        server = _Server(_config(app))
        serving = asyncio.ensure_future(server.serve([listener]))
        told = asyncio.ensure_future(until_told_to_stop())
        connecting = asyncio.ensure_future(_connect(app, settings))
        await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        connecting.cancel()
        told.cancel()
        await serving


class _Server(uvicorn.Server):
    """Leaves the signals to this process, which ends in order and without a traceback."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,  # the gate writes who asked for what; no query and no header gets into a log
        log_config=None,
        server_header=False,
        proxy_headers=False,  # an address is the connection's own, whatever a header says
        lifespan="off",
        ws="none",
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_FINISH_WORK,
        limit_concurrency=_MOST_AT_ONCE,
    )


def _listen(api: ApiSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in api.host else socket.AF_INET
    try:
        return socket.create_server((api.host, api.port), family=family, backlog=_WAITING)
    except OSError as error:
        raise NotListening(f"the API can't listen at {api.host}:{api.port}: {error.strerror or error}") from error


async def _connect(app: FastAPI, settings: Settings) -> None:
    """Open the doors as soon as a Temporal server answers."""
    while True:
        try:
            app.state.doors = doors(await connect(settings, _PATIENCE), settings)
        except TemporalUnreachable as error:
            log.warning("%s", error)
        else:
            return


def doors(client: Client, settings: Settings) -> Doors:
    """What the API reaches by this client."""
    return Doors(
        front=FrontDoor(client, settings.account, settings.mode, settings.profiles),
        desk=DeskDoor(client, settings.account),
        trades=TradeDoor(client),
        account=AccountDoor(client, settings.account),
        audit=RemoteAudit(client),
        mark=KillMark(settings.state_folder),
        channel_id=settings.api.channel_id,
        author_id=settings.api.author_id,
    )
