"""How things read in an answer: lines of Discord's own marks around what strangers wrote, which is escaped."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from domain.audit_queries import AuditRow
from domain.chat import escaped
from domain.closing import CloseResult
from domain.desk_book import DeskBook
from domain.orders import BrokerOrder
from domain.settings import DeskPolicy
from domain.trade import TradeView
from domain.trouble import Trouble
from report.wording import dollars
from workflows.trade_door import ListedTrade

_MOST = 3800  # characters of an answer's lines
_MOST_ORDERS = 20


def listed(lines: Sequence[str], nothing: str) -> str:
    """As many lines as fit, and how many do not."""
    kept: list[str] = []
    room = _MOST
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return "\n".join([*kept, f"… and {len(lines) - len(kept)} more"])
        kept.append(line)
    return "\n".join(kept) or nothing


def coded(identifier: str) -> str:
    """An id as it is to be copied: in there nothing is escaped, so only what ids are made of is let in."""
    return f"`{''.join(letter for letter in identifier[:100] if letter.isalnum() or letter in '-_.:')}`"


def when(at: datetime) -> str:
    """A moment, in its reader's own time."""
    return f"<t:{int(at.timestamp())}:f>"


def desk_lines(book: DeskBook) -> Iterable[str]:
    """Whether the desk trades, and how much of each limit is used."""
    limits, standing = book.policy.limits, book.standing
    since = "" if standing.since is None else f", since {when(standing.since)}"
    yield f"**Trading**: {escaped(str(standing))}{since}"
    yield f"**Open trades**: {len(book.trades)} of {limits.max_open_trades}"
    yield f"**Entries today**: {book.entries_today} of {limits.max_entries_a_day}"
    yield f"**Held back**: ${book.spoken_for:,.2f}"
    power = "not read yet" if book.account is None else f"${book.account.buying_power:,.2f}"
    yield f"**Buying power**: {power}"
    lost = "not known yet" if book.most_loss is None else f"${book.loss:,.2f} of ${book.most_loss:,.2f}"
    yield f"**Lost today**: {lost}"
    yield f"**Troubles**: {len(book.troubles)}"


def trade_line(trade: ListedTrade) -> str:
    """One line of the list of trades."""
    words = [trade.side, trade.symbol, trade.state.replace("_", " "), trade.mode, trade.author]
    earned = "" if trade.pnl is None else f", P&L {dollars(Decimal(str(trade.pnl)), signed=True)}"
    return f"{coded(trade.workflow_id)} {when(trade.started_at)} {escaped(' '.join(words))}{earned}"


def trade_title(view: TradeView) -> str:
    """Its contract, how it stands, and whether it is real."""
    mode = "DRY RUN" if view.dry_run else view.mode.value.upper()
    return f"{escaped(str(view.alert))} · {view.state.value.replace('_', ' ')} · {mode}"


def trade_lines(view: TradeView) -> Iterable[str]:
    """One trade in full."""
    yield f"{coded(view.workflow_id)} by {escaped(view.author_name) or 'unknown'}"
    if view.refusal is not None:
        yield f"**Refused**: {escaped(str(view.refusal), 500)} ({view.refusal.code})"
    if view.note:
        yield f"**Note**: {escaped(view.note, 500)}"
    if view.quote is not None:
        yield f"**Market**: {escaped(str(view.quote))}"
    if view.working_price is not None:
        yield f"**Working**: {view.working_price}, step {view.rung} of {view.max_steps}"
    yield from _quantities(view)
    yield from (closing_line(closing) for closing in view.closings)
    yield from (order_line(order) for order in (*view.entries, *view.exits)[-_MOST_ORDERS:])


def _quantities(view: TradeView) -> Iterable[str]:
    """What was bought and sold, or sold and bought back."""
    entered, left = view.direction.words.entered.capitalize(), view.direction.words.left.capitalize()
    if view.alert.action.closes:
        yield f"**{left}**: {view.exited} of {view.sized}"
        return
    if view.sized:
        average = "" if view.average_price is None else f" at {view.average_price:.4f}"
        yield f"**{entered}**: {view.filled} of {view.sized}{average}"
    if view.exit_quantity:
        yield f"**Exit**: {view.exit_quantity} at {view.exit_price}"
    if view.exited:
        yield f"**{left}**: {view.exited}, realised {dollars(view.realised, signed=True)} before fees"


def closing_line(closing: CloseResult) -> str:
    """What was asked to be sold, or bought back, and what became of it."""
    return f"**Close** asked by {escaped(closing.by)}: {escaped(str(closing), 300)}"


def order_line(order: BrokerOrder) -> str:
    """One order with its fills."""
    price = "at market" if order.price is None else f"@ {order.price}"
    fills = ", ".join(f"{fill.quantity} @ {fill.price}" for fill in order.fills)
    told = f"{order.order_id} {order.action} {order.quantity} {price} {order.status.value}"
    return escaped(f"{told}: {fills}" if fills else told, 300)


def trouble_line(trouble: Trouble) -> str:
    """What an operator was told, and what to do about it."""
    sign = "✅" if trouble.kind.is_good_news else "🚨"
    return f"{sign} {when(trouble.at)} {escaped(str(trouble), 600)}\n→ {trouble.kind.advice}"


def audit_line(row: AuditRow) -> str:
    """One row of the audit log."""
    event = row.event
    words = [event.code, event.symbol, event.side, event.quantity, event.price, event.detail]
    said = " ".join(str(word) for word in words if word not in (None, ""))
    by = f" {escaped(event.author_name)}" if event.author_name else ""
    return f"`{row.seq}` {when(event.at)} **{event.kind}** {coded(event.workflow_id)}{by} {escaped(said)}".rstrip()


def settings_of(policy: DeskPolicy) -> dict[str, str]:
    """Every setting that the desk decides by, as JSON, by its path: all but who is allowed."""
    areas = policy.model_dump(mode="json", exclude={"allowlist"})
    return {f"{area}.{name}": json.dumps(held) for area, fields in areas.items() for name, held in fields.items()}
