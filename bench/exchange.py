"""`python -m bench.exchange`: what the paper exchange takes alone: orders a second, and quotes to several clients.

The exchange is a process of its own with its book on disk. Orders come over many connections and are watched on the
account stream; afterwards its book is compared with what was acknowledged and told, before and after a kill -9. Nothing
is timed to pass or fail, but a book that does not add up ends with an error.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bench.exchange_orders import trade_for
from bench.exchange_process import exchange_process
from bench.exchange_quotes import watch_quotes
from workers.process import leave
from workers.terminal import terminal


def main(
    seconds: Annotated[float, typer.Option(help="How long orders, and then quotes, are measured.")] = 10.0,
    lanes: Annotated[int, typer.Option(help="How many connections send orders at once.")] = 16,
    contracts: Annotated[int, typer.Option(help="How many options are quoted.")] = 500,
    clients: Annotated[int, typer.Option(help="How many clients subscribe to all of them.")] = 5,
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="alertladder-bench-") as folder:
        table = asyncio.run(_measure(Path(folder), seconds, lanes, contracts, clients))
    terminal().print(table)
    leave(0)


async def _measure(folder: Path, seconds: float, lanes: int, contracts: int, clients: int) -> Table:
    table = Table(title="the paper exchange alone, 2 cores shared with its clients", box=None, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    book = folder / "paper.db"
    async with exchange_process(book) as exchange:
        traded = await trade_for(exchange, seconds, lanes)
        exchange.kill()
    for name, figure in traded.rows():
        table.add_row(name, figure)
    async with exchange_process(book) as exchange:
        kept = await traded.compare_with(exchange)
        table.add_row("orders and fills in the book after kill -9 and restart", kept)
        for name, figure in (await watch_quotes(exchange, seconds, contracts, clients)).rows():
            table.add_row(name, figure)
    return table


if __name__ == "__main__":
    typer.run(main)
