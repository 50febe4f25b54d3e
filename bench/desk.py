"""`python -m bench.desk`: how fast the desk answers, one by one, in a burst, and through a day of 10,000 alerts.

Asked as trades' activities ask, at the embedded parts: the server, its worker and the desk are as `alertladder up` runs
them. Every trade is reported over, as trades do. Nothing is asserted but that no answer is lost.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from activities.desk import TemporalDesk
from bench.parts import own_settings, running_parts
from bench.timing import percentile
from domain.alert import Action, Alert, AlertMessage, OptionType
from domain.command import Person, SetLimit
from domain.desk import AdmissionRequest, TradeReport
from domain.errors import AlertladderError
from domain.identifiers import desk_workflow_id, snowflake_at
from domain.trade import TradeRequest
from workers.client import connect
from workers.process import leave
from workers.settings import Settings
from workers.terminal import terminal
from workflows.desk import Desk
from workflows.desk_door import DeskDoor

_AT_MOST = timedelta(minutes=15)
_NO_LIMITS = {
    "limits.max_entries_a_day": 1_000_000,
    "limits.max_trades_per_underlying": 1_000_000,
    "limits.max_order_calls_a_minute": 1_000_000,
    "guard.max_alert_age": "PT1M",
}
_ASK_AGAIN = 0.1  # seconds; a trade's activity is asked again so


class NotAnswered(AlertladderError):
    """An admission of the measurement was lost."""


def main(
    alone: Annotated[int, typer.Option(help="How many admissions one after the other.")] = 200,
    burst: Annotated[int, typer.Option(help="How many at once.")] = 200,
    day: Annotated[int, typer.Option(help="How many in a day.")] = 10_000,
    rate: Annotated[float, typer.Option(help="How many of the day's in a second, at random moments.")] = 30,
) -> None:
    """Measure and print."""
    console = terminal()
    with tempfile.TemporaryDirectory(prefix="alertladder-bench-") as folder:
        asyncio.run(_bounded(console, Path(folder), alone, burst, day, rate))
    leave(0)


async def _bounded(console: Console, folder: Path, alone: int, burst: int, day: int, rate: float) -> None:
    async with asyncio.timeout(_AT_MOST.total_seconds()):
        settings = own_settings(folder)
        async with running_parts(settings):
            await _measure(console, settings, alone, burst, day, rate)


async def _measure(console: Console, settings: Settings, alone: int, burst: int, day: int, rate: float) -> None:
    client = await connect(settings)
    trades = Trades(client, settings.account)
    await trades.without_limits()
    table = Table(title="milliseconds from the question to the desk's answer", header_style="bold", box=None)
    for name in ("admissions", "n", "p50", "p99", "max", "per second"):
        table.add_column(name, justify="left" if name == "admissions" else "right")
    ways = (("one by one", trades.one_by_one(alone)), ("all at once", trades.arriving(burst)))
    for name, way in (*ways, (f"a day's, {rate:g} a second", trades.arriving(day, rate))):
        began = time.perf_counter()
        waits = await way
        table.add_row(name, *_row(waits, time.perf_counter() - began))
    console.print(table)
    console.print(await trades.account_for(alone + burst + day), highlight=False)


def _row(waits: Sequence[float], seconds: float) -> Iterable[str]:
    yield str(len(waits))
    yield from (f"{percentile(waits, percent):.0f}" for percent in (50, 99, 100))
    yield f"{len(waits) / seconds:.0f}"


class Trades:
    """Asks for trades that are over as soon as they are let in."""

    def __init__(self, client: Client, account: str) -> None:
        self._client = client
        self._account = account
        self._desk = TemporalDesk(client, account)
        self._handle: WorkflowHandle[Desk, None] = client.get_workflow_handle(desk_workflow_id(account))
        self._door = DeskDoor(client, account)
        self._numbers = count(1)
        self._asked_again = 0

    async def without_limits(self) -> None:
        """Nothing is to be refused."""
        for name, value in _NO_LIMITS.items():
            await self._door.set_limit(SetLimit(by=Person(name="bench", via="bench"), name=name, value=value))

    async def one_by_one(self, number: int) -> list[float]:
        """Milliseconds that each question took, none asked before the last was answered."""
        return [await self._one() for _ in range(number)]

    async def arriving(self, number: int, rate: float | None = None) -> list[float]:
        """Milliseconds that each took of so many a second, at random moments; all at once without a rate."""
        dice, asked = random.Random(1), []  # noqa: S311  the same moments each time
        for _ in range(number):
            asked.append(asyncio.create_task(self._one()))
            if rate is not None:
                await asyncio.sleep(dice.expovariate(rate))
        return await asyncio.gather(*asked)

    async def account_for(self, asked: int) -> str:
        """What the desk's book and its runs' histories say. NotAnswered when the book has not let all of them in."""
        book = await self._door.book()
        if book.entries_today != asked:
            raise NotAnswered(f"{book.entries_today} of {asked} were let in")
        query = f"WorkflowId = '{desk_workflow_id(self._account)}'"
        runs = [run async for run in self._client.list_workflows(query)]
        longest = max((run.history_length for run in runs), default=0)
        return (
            f"{asked} let in, none lost ({self._asked_again} asked again); {len(runs)} runs of the desk, "
            f"the longest of {longest} events; the book it hands on: {len(book.model_dump_json()) / 1024:.0f} KiB"
        )

    async def _one(self) -> float:
        request = _request(next(self._numbers), self._account)
        workflow_id = request.trade_id.workflow_id
        began = time.perf_counter()
        while True:
            try:
                answer = await self._desk.admit(AdmissionRequest(workflow_id=workflow_id, request=request))
                break
            except RPCError:
                self._asked_again += 1
                await asyncio.sleep(_ASK_AGAIN)
        took = (time.perf_counter() - began) * 1000
        if answer.terms is None:
            raise NotAnswered(str(answer.refusal))
        report = TradeReport(workflow_id=workflow_id, reserved=Decimal(0), over=True, at=datetime.now(UTC))
        await self._handle.signal(Desk.trade_report, report)
        return took


def _request(number: int, account: str) -> TradeRequest:
    """Another contract each time."""
    now = datetime.now(UTC)
    message = AlertMessage(
        channel_id=1, message_id=snowflake_at(now, number), author_id=1, author_name="bench", text="", posted_at=now
    )
    alert = Alert(
        action=Action.BTO,
        symbol="UBER",
        strike=Decimal(number),
        option_type=OptionType.PUT,
        expiry=now.date() + timedelta(days=7),
        price=Decimal("0.75"),
    )
    return TradeRequest(message=message, alert=alert, account_number=account)


if __name__ == "__main__":
    typer.run(main)
