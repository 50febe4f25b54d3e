"""What people read after a run: one table, and for each broken trade its audit rows beside its orders in the book."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from chaos.evidence import BookOrder, Evidence
from chaos.matrix import CaseResult
from chaos.storm import Outcome
from workers.terminal import shown


def outcome_table(outcome: Outcome) -> Table:
    """The figures of a storm."""
    findings = outcome.findings
    ours = [order for order in findings.orders if order.trade is not None]
    table = Table(title=f"storm of seed {outcome.plan.seed}", box=None, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_row("kills", f"{outcome.kills.total()}: {_counts(outcome.kills)}")
    table.add_row("restarts", f"{outcome.restarts.total()}: {_counts(outcome.restarts)}")
    table.add_row("messages", f"{len(findings.trades)}: {_counts(outcome.told)}")
    table.add_row("trades", f"{len(findings.trades)}: {_counts(states(findings.trades))}")
    table.add_row("refused as", _counts(refusals(findings.trades)))
    table.add_row("cancelled by a person", str(outcome.cancels))
    table.add_row("orders", f"{len(ours)}, and {len(findings.orders) - len(ours)} by hand")
    table.add_row("fills", str(sum(len(order.fills) for order in ours)))
    table.add_row("faults fired", f"{outcome.fired.total()}: {_counts(outcome.fired)}")
    table.add_row("took", f"{outcome.stormed:.0f} s of storm, {outcome.quiet:.0f} s of quiet")
    table.add_row("violations", str(len(findings.violations)))
    return table


def states(trades: Iterable[Evidence]) -> Counter[str]:
    """How the trades stand."""
    return Counter(trade.view.state.value if trade.view else "silent" for trade in trades)


def refusals(trades: Iterable[Evidence]) -> Counter[str]:
    """Why trades were refused."""
    views = [trade.view for trade in trades if trade.view is not None]
    return Counter(view.refusal.code.value for view in views if view.refusal is not None)


def case_line(result: CaseResult) -> Text:
    """One case as it ends."""
    state = result.trade.view.state if result.trade.view else "silent"
    on = "" if result.went_on_after is None else f", went on after {result.went_on_after:.1f} s"
    early = "" if all(death.in_time for death in result.deaths) else ", the call was over by then"
    missed = "" if result.was_reached else f", NOT REACHED: {len(result.deaths)} deaths"
    style = "" if result.was_reached and not result.violations else "bold red"
    text = f"{result.case!s:<48} {state} in {result.seconds:.0f} s{on}{early}{missed}"
    return shown(text, style)


def case_trouble(result: CaseResult) -> list[str]:
    """What is wrong with a case's trade, and its story; nothing when all is well."""
    if result.was_reached and not result.violations:
        return []
    died = [f"died at {death.at:%H:%M:%S.%f} {death.when} call {death.call}" for death in result.deaths]
    return [*map(str, result.violations), *died, *account(result.trade)]


def matrix_table(results: Sequence[CaseResult]) -> Table:
    """The figures of a matrix."""
    table = Table(title="the worker killed at each activity", box=None)
    for column in ("activity", "cases", "deaths", "ends", "went on after, at most", "violations"):
        table.add_column(column)
    by_scene: dict[str, list[CaseResult]] = {}
    for result in results:
        scene = result.case.scene
        by_scene.setdefault(f"{scene.activity} {scene.subject}".rstrip(), []).append(result)
    for name, found in by_scene.items():
        ends = _counts(states(result.trade for result in found))
        slowest = max((result.went_on_after or 0.0 for result in found), default=0.0)
        deaths = sum(len(result.deaths) for result in found)
        wrong = sum(len(result.violations) for result in found)
        table.add_row(name, str(len(found)), str(deaths), ends, f"{slowest:.1f} s", str(wrong))
    return table


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
