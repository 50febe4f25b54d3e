"""`alertladder up`, `worker` and `config`: running the parts."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.text import Text

from workers.process import until_told_to_stop
from workers.serve import Queue, serve
from workers.services import services
from workers.settings import Settings, load
from workers.state_lock import hold_state_folder
from workers.supervisor import ServiceEvent, ServiceEventKind, Supervisor
from workers.terminal import terminal

console = terminal()
_COLOURS = {ServiceEventKind.READY: "green", ServiceEventKind.DIED: "bold red", ServiceEventKind.RESTARTING: "yellow"}


def up() -> None:
    """Run all embedded parts until ctrl-C: Temporal, the audit store, the paper exchange (paper mode), the trades.

    Each part is a process that is started again when it dies. State stays in the state folder: the next `up` goes on
    where this one stopped.
    """
    settings = load()
    with hold_state_folder(settings.state_folder) as lock:
        console.print(f"state in {settings.state_folder.resolve()}, mode {settings.mode}", highlight=False)
        asyncio.run(_up(settings, lock))


def worker(queue: Annotated[Queue, typer.Argument(help="Which task queue to serve, the HTTP API or the bot.")]) -> None:
    """Run one worker process; `up` does this for you, production runs it under its own supervisor."""
    serve(queue)


def bot() -> None:
    """Run the Discord bot; `up` does this for you where a token is set, production runs it under its own supervisor."""
    serve(Queue.BOT)


def config(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Print the settings in force, secrets masked."""
    tree = load().model_dump(mode="json")
    if as_json:
        typer.echo(json.dumps(tree, indent=2, sort_keys=True))
        return
    for path, value in _flat(tree):
        console.print(f"{path} = {json.dumps(value)}", highlight=False, markup=False, soft_wrap=True)


async def _up(settings: Settings, lock: int) -> None:
    stop = asyncio.Event()

    async def listen() -> None:
        await until_told_to_stop()
        stop.set()

    listener = asyncio.ensure_future(listen())

    def report(event: ServiceEvent) -> None:
        show_event(event)
        if event.kind is ServiceEventKind.READY and event.service == "trades":
            url = settings.temporal.workflow_url("").removesuffix("/")
            console.print(f"up. Web UI {url}   stop with ctrl-C", highlight=False)
        show_page(settings, event)

    await Supervisor(services(settings), report, inherit=(lock,)).run(stop)
    listener.cancel()


def show_event(event: ServiceEvent) -> None:
    """One line for each step in a part's life."""
    pid = f" pid {event.pid}" if event.pid else ""
    code = f" exit {event.exit_code}" if event.exit_code is not None else ""
    line = f"{event.at:%H:%M:%S} {event.service:<9} {event.kind}{pid}{code} {event.detail}"
    console.print(Text(line.rstrip(), style=_COLOURS.get(event.kind, "dim")))


def show_page(settings: Settings, event: ServiceEvent) -> None:
    """Where to watch the paper exchange, and to ask the API, once they listen."""
    if event.kind is ServiceEventKind.READY and event.service == "paper":
        console.print(f"the exchange's page: http://127.0.0.1:{settings.paper.port}/", highlight=False)
    if event.kind is ServiceEventKind.READY and event.service == "api":
        console.print(f"the API: {settings.api.url}/openapi.json", highlight=False)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in tree.items():
        path = f"{prefix}{key}"
        found += _flat(value, f"{path}.") if isinstance(value, dict) and value else [(path, value)]
    return found
