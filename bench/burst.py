"""Many alerts in one moment, as around the open: how many reach the market, and after how long."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from temporalio.client import Client

from bench.contracts import Play
from bench.durable import Durable
from bench.timing import percentile
from domain.trade import TradeView
from paper.control.client import Control
from workflows.alert_trade import AlertTrade

_WITHIN = 15.0  # seconds; alerts of 10 s are refused as too old
_NEVER = 3600.0  # seconds until the market comes to the entries: they rest


async def burst(client: Client, control: Control, durable: Durable, todo: Sequence[Play]) -> Table:
    """Submit all at once and see where they are `_WITHIN` later."""
    for play in todo:
        await play.open_market(control, _NEVER)
    await asyncio.gather(*(durable.submit(play) for play in todo))
    entries = await durable.entries(_WITHIN)
    views = [await _look(client, workflow_id) for workflow_id in durable.workflow_ids]
    others = Counter(_why(view) for view in views if view.started_at is None)
    table = Table(title="alerts at once, milliseconds to the entry at the exchange", header_style="bold", box=None)
    for name in ("alerts", "in the market", "p50", "p95", "max", "the others"):
        table.add_column(name, justify="left" if name == "the others" else "right")
    shown = [f"{value:.0f}" for value in (percentile(entries, 50), percentile(entries, 95), max(entries))]
    table.add_row(str(len(todo)), str(len(entries)), *shown, ", ".join(f"{n} {why}" for why, n in others.items()))
    return table


async def _look(client: Client, workflow_id: str) -> TradeView:
    return await client.get_workflow_handle(workflow_id).query(AlertTrade.view)


def _why(view: TradeView) -> str:
    return str(view.refusal.code) if view.refusal else str(view.state)
