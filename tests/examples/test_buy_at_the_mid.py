"""The script that the README shows."""

import asyncio
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from paper.control.client import Control
from paper.server import serve
from paper.settings import PaperSettings
from paper.trading.orders import Order
from paper.trading.words import Status

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "examples" / "buy_at_the_mid.py"
PATIENCE = 60.0  # seconds


def test_the_readme_shows_this_very_script() -> None:
    assert f"```python\n{SCRIPT.read_text()}```" in (ROOT / "README.md").read_text()


async def test_it_buys_at_the_mid_is_filled_and_prints_its_position() -> None:
    paper = await serve(PaperSettings())
    live: asyncio.Queue[Order] = asyncio.Queue()

    def look(order: Order) -> None:
        if order.status is Status.LIVE and not order.filled:
            live.put_nowait(order)

    paper.exchange.book.order_changed.append(look)
    command: tuple[Any, ...] = (sys.executable, str(SCRIPT), paper.url)
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=os.environ, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(PATIENCE), Control(paper.url) as control:
        order = await live.get()
        await control.quote(order.legs[0].symbol, 0, order.price)  # somebody sells to it
        out, _ = await child.communicate()
    await paper.close()
    assert child.returncode == 0
    filled, position = out.decode().splitlines()
    assert Decimal(filled.rpartition("bought at ")[2]) == order.price
    assert position == f"[('{order.legs[0].symbol}', Decimal('1'))]"
