"""What people read after a run: one table, and for each broken trade its audit rows beside its orders in the book."""

from collections import Counter
from collections.abc import Iterable, Mapping

from rich.table import Table

from chaos.evidence import BookOrder, Evidence
from chaos.storm import Outcome


def outcome_table(outcome: Outcome) -> Table:
    """The figures of a storm."""
    findings = outcome.findings
    ours = [order for order in findings.orders if order.trade is not None]
    table = Table(title=f"storm of seed {outcome.plan.seed}", box=None, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_row("kills", f"{outcome.kills.total()}: {_counts(outcome.kills)}")
    table.add_row("restarts", f"{outcome.restarts.total()}: {_counts(outcome.restarts)}")
    table.add_row("messages", f"{len(outcome.plan.alerts)}: {_counts(outcome.told)}")
    table.add_row("trades", f"{len(findings.trades)}: {_counts(states(findings.trades))}")
    table.add_row("cancelled in flight", str(outcome.cancels))
    table.add_row("orders", f"{len(ours)}, and {len(findings.orders) - len(ours)} by hand")
    table.add_row("fills", str(sum(len(order.fills) for order in ours)))
    table.add_row("faults fired", f"{outcome.fired.total()}: {_counts(outcome.fired)}")
    table.add_row("took", f"{outcome.stormed:.0f} s of storm, {outcome.quiet:.0f} s of quiet")
    table.add_row("violations", str(len(findings.violations)))
    return table


def states(trades: Iterable[Evidence]) -> Counter[str]:
    """How the trades stand."""
    return Counter(trade.view.state.value if trade.view else "silent" for trade in trades)


def account(trade: Evidence) -> list[str]:
    """One trade's story: what it wrote down and what the book has, by time."""
    view = trade.view
    told = [(row.at, f"{row.at:%H:%M:%S.%f}"[:-3] + f"  {row.kind:<9} {row.detail}") for row in trade.rows]
    told += [(order.received_at, _order_line(order)) for order in trade.orders]
    told += [
        (fill.at, f"{fill.at:%H:%M:%S.%f}"[:-3] + f"  BOOK      order {order.order_id}: {fill.quantity} @ {fill.price}")
        for order in trade.orders
        for fill in order.fills
    ]
    state = f"{view.state}, {view.filled} bought, {view.exited} sold {view.note}" if view else "no answer"
    head = [f"{trade.workflow_id}  {trade.message.text}", f"the workflow: {trade.status}, {state}"]
    return head + [line for _, line in sorted(told, key=lambda pair: pair[0])]


def _order_line(order: BookOrder) -> str:
    side = "buy" if order.is_buy else "sell"
    ended = f", ended {order.ended_at:%H:%M:%S.%f}"[:-3] if order.ended_at else ""
    replaces = f", replaces {order.replaces}" if order.replaces else ""
    price = "market" if order.price is None else order.price
    what = f"order {order.order_id}: {side} {order.quantity} @ {price}, {order.status}{ended}{replaces}"
    return f"{order.received_at:%H:%M:%S.%f}"[:-3] + f"  BOOK      {what} ({order.identifier})"


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {times}" for name, times in sorted(counted.items(), key=lambda item: -item[1]))
