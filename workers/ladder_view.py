"""How trades look in a terminal: one row each while the ladder climbs, and the whole story of one afterwards."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from domain.orders import BrokerOrder
from domain.trade import TradeState, TradeView
from workers.terminal import shown

_COLOURS = {
    TradeState.WORKING: "cyan",
    TradeState.CONVERTING: "magenta",
    TradeState.HOLDING: "green",
    TradeState.CLOSED: "green",
    TradeState.REFUSED: "yellow",
    TradeState.NEEDS_OPERATOR: "bold red",
}
_COLUMNS = ("contract", "state", "bid / ask", "working", "rung", "next", "filled", "exit")


def ladder_table(views: Sequence[TradeView], now: datetime) -> RenderableType:
    """A live table of trades: contract, market, working price, rung, countdown, fills and exit."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for column in _COLUMNS:
        table.add_column(column, no_wrap=True)
    for view in views:
        table.add_row(*_row(view, now))
    return table


def trade_story(view: TradeView) -> RenderableType:
    """One trade in full: what was asked, every order with its fills, the exit, and the reason when it was refused."""
    month = f" ({view.contract})" if view.contract is not None and view.alert.is_future else ""
    parts: list[RenderableType] = [shown(f"{view.alert}{month}  by {view.author_name or 'unknown'}", style="bold")]
    if view.refusal is not None:
        parts.append(shown(f"refused [{view.refusal.code}] {view.refusal}", style="yellow"))
    if view.note:
        parts.append(shown(view.note, style="red"))
    if said := view.alert.levels_in_words:
        parts.append(shown(f"the alert says: {said}"))
    if view.protection.watches_price:
        parts.append(shown(f"{view.direction.words.leaves} by itself: {view.protection}"))
    parts += [shown(f"close asked by {closing.by}: {closing}") for closing in view.closings]
    if view.entries or view.exits:
        parts.append(_orders(view))
    if view.average_price is not None:
        parts.append(Text(_outcome(view)))
    return Panel(Group(*parts), title=_title(view), title_align="left")


def _row(view: TradeView, now: datetime) -> tuple[RenderableType, ...]:
    colour = _COLOURS.get(view.state, "white")
    exit_ = f"{view.exit_quantity} @ {view.exit_price}" if view.exit_quantity else "-"
    return (
        Text(str(view.contract or view.alert.symbol)),
        Text(view.state.value.replace("_", " "), style=colour),
        str(view.quote or "-"),
        _or_dash(view.working_price),
        f"{view.rung}/{view.max_steps}" if view.max_steps else "-",
        _countdown(view, now),
        _filled(view),
        exit_,
    )


def _filled(view: TradeView) -> str:
    if not view.sized:
        return "-"
    average = "" if view.average_price is None else f" @ {view.average_price:.3f}"
    return f"{view.filled}/{view.sized}{average}"


def _countdown(view: TradeView, now: datetime) -> str:
    if view.next_rung_at is None or view.state.is_end:
        return "-"
    return f"{max(0.0, (view.next_rung_at - now).total_seconds()):.1f} s"


def _title(view: TradeView) -> str:
    mode = "DRY RUN" if view.dry_run else view.mode.value.upper()
    short = "  SHORT" if view.direction.is_short else ""
    return f"{view.workflow_id}  {view.state.value.replace('_', ' ').upper()}  {mode}{short}"


def _outcome(view: TradeView) -> str:
    words = view.direction.words
    line = f"{words.entered} {view.filled} of {view.sized} at {view.average_price:.4f} on average"
    if view.exit_quantity:
        line += f"; exit {view.exit_quantity} @ {view.exit_price}, {view.exited} {words.left}"
    return f"{line}; realised {view.realised:.2f}"


def _orders(view: TradeView) -> Table:
    table = Table.grid(padding=(0, 2))
    for order in (*view.entries, *view.exits):
        table.add_row(*_order_row(order))
        table.add_row("", Text(f"  {order.identifier or ''}", style="dim"))
    return table


def _order_row(order: BrokerOrder) -> tuple[str, ...]:
    price = "at market" if order.price is None else f"@ {order.price}"
    fills = ", ".join(f"{fill.quantity} @ {fill.price} ({fill.fill_id})" for fill in order.fills)
    return str(order.order_id), f"{order.action} {order.quantity} {price}", order.status.value, fills


def _or_dash(value: object) -> str:
    return "-" if value is None else str(value)
