"""The script that the README shows."""

import asyncio
import sys
from pathlib import Path

from paper.server import serve
from paper.settings import PaperSettings

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "examples" / "buy_a_call.py"
PATIENCE = 60.0  # seconds


def test_the_readme_shows_this_very_script() -> None:
    assert f"```python\n{SCRIPT.read_text()}```" in (ROOT / "README.md").read_text()


async def test_it_buys_one_call_and_says_at_what_price() -> None:
    paper = await serve(PaperSettings())
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SCRIPT), paper.url), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(PATIENCE):
        out, _ = await child.communicate()
    [position] = paper.exchange.account.positions.values()
    [execution] = paper.exchange.book.executions
    await paper.close()
    assert child.returncode == 0
    assert (position.symbol, position.quantity) == (execution.symbol, 1)
    bought = f"order {execution.order_id} bought {position.symbol} at {execution.price.normalize():f}"
    assert out.decode().rstrip().endswith(bought)
