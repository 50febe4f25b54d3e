"""One trade as a report shows it, rebuilt from its rows in the audit: what was asked, paid, sold and earned.

Of a trade that sold first, `bought` and its like are what was sold first, and its sales are what was bought back.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.alert import Action
from domain.audit import AuditEvent, AuditKind
from domain.contract import InstrumentType
from domain.direction import Direction
from domain.frozen import Frozen
from domain.identifiers import OrderRole, role_of
from domain.reporting.span import Span

_RUNG = "entry: rung "
_ASKS = re.compile(r" asks to (sell|buy back) ")
_DRY_RUN = "dry run"
_FEES = {InstrumentType.EQUITY_OPTION: "option_fee", InstrumentType.FUTURE: "future_fee"}


class Sale(Frozen):
    """An execution that sold, or bought back. `gain`: dollars earned by it, before fees; None: contract not known."""

    at: datetime
    quantity: int
    price: Decimal
    gain: Decimal | None
    how: str  # target, or who asked for it


class TradeLine(Frozen):
    """One trade. Prices are per share or point, everything else about money in dollars; `sales` are the span's own."""

    workflow_id: str
    mode: str  # PAPER, SANDBOX, LIVE or DRY RUN
    began_at: datetime  # when its message was written
    author: str
    said: str  # the alert as it was read
    text: str  # the message as it was written
    contract: str
    closes: bool = False  # an alert that closes: it has no orders of its own
    direction: Direction = Direction.LONG
    alert_price: Decimal | None = None
    sized: int = 0
    rungs: int = 0
    converted: bool = False
    bought: int = 0
    spent: Decimal = Decimal(0)  # price by price, not yet dollars: an average may have no end of digits
    paid: Decimal = Decimal(0)  # within the span, to enter or to buy back
    credit: Decimal = Decimal(0)  # within the span, for what was sold first
    filled_after: timedelta | None = None  # from the message to the last contract bought
    sold_before: int = 0
    gone: int = 0  # short no more, and the trade did not buy it back: assigned, or bought back by hand
    sales: tuple[Sale, ...] = ()
    multiplier: Decimal | None = None
    fees: Decimal | None = None  # to open, as set, within the span; None: not known
    state: str = ""
    note: str = ""
    refusal: str | None = None  # its code
    refused_because: str = ""
    is_admitted: bool = False

    @property
    def is_rehearsed(self) -> bool:
        """No order of it was ever placed."""
        return self.mode == _DRY_RUN.upper()

    @property
    def entry_price(self) -> Decimal | None:
        """The true average of what was bought."""
        return self.spent / self.bought if self.bought else None

    @property
    def sold(self) -> int:
        """Contracts sold within the span."""
        return sum(sale.quantity for sale in self.sales)

    @property
    def held(self) -> int:
        """Contracts that were bought and not sold by the end of the span, nor gone."""
        return self.bought - self.sold_before - self.sold - self.gone

    @property
    def exit_price(self) -> Decimal | None:
        """The average of what was sold within the span."""
        received = sum((sale.quantity * sale.price for sale in self.sales), Decimal(0))
        return received / self.sold if self.sold else None

    @property
    def realised(self) -> Decimal | None:
        """Earned within the span, before fees; None when nothing was sold, or nobody knows what a point is worth."""
        gains = [sale.gain for sale in self.sales if sale.gain is not None]
        return sum(gains, Decimal(0)) if gains and len(gains) == len(self.sales) else None

    @property
    def received(self) -> Decimal:
        """For what was sold within the span, first or last."""
        if self.direction.is_short:
            return self.credit
        return sum((sale.price * sale.quantity for sale in self.sales), Decimal(0)) * (self.multiplier or 0)

    @property
    def held_at_cost(self) -> Decimal:
        """What was paid for what is still held; below zero what was received for what is still short."""
        return self._at_cost(self.held)

    @property
    def gone_at_cost(self) -> Decimal:
        """The same of what is gone: below zero, for that was received."""
        return self._at_cost(self.gone)

    def _at_cost(self, quantity: int) -> Decimal:
        if not self.bought:
            return Decimal(0)
        return self.spent * quantity * (self.multiplier or 0) * self.direction.sign / self.bought

    @property
    def over_alert(self) -> Decimal | None:
        """What was paid over the alert's price, or received under it; per share or point, negative is better."""
        if self.entry_price is None or self.alert_price is None:
            return None
        return self.direction.gain(self.alert_price, self.entry_price)

    @property
    def over_alert_percent(self) -> Decimal | None:
        """The same, of the alert's price."""
        if self.over_alert is None or not self.alert_price:
            return None
        return 100 * self.over_alert / self.alert_price

    @property
    def realised_percent(self) -> Decimal | None:
        """Of what was paid for what was sold, or received for what was bought back."""
        if self.realised is None or not self.entry_price or not self.multiplier:
            return None
        return 100 * self.realised / (self.entry_price * self.sold * self.multiplier)

    @property
    def sold_how(self) -> str:
        """How it was sold, each way once."""
        return ", ".join(dict.fromkeys(sale.how for sale in self.sales))


def trade_line(rows: Sequence[AuditEvent], span: Span) -> TradeLine | None:
    """The trade of these rows, oldest first, as it stood at the end of the span; None where they don't begin it."""
    past = [row for row in rows if row.at < span.until]
    alert = next((row for row in past if row.kind is AuditKind.ALERT), None)
    if alert is None:
        return None
    contract = next((row for row in past if row.kind is AuditKind.CONTRACT), None)
    refused = next((row for row in past if row.kind is AuditKind.REFUSED), None)
    sized = next((row for row in past if row.kind is AuditKind.SIZED), None)
    began_at = _began_at(alert)
    return TradeLine(
        workflow_id=alert.workflow_id,
        mode=mode_of(alert),
        began_at=began_at,
        author=alert.author_name or str(alert.author_id or ""),
        said=alert.detail,
        text=str(alert.payload.get("text", "")),
        contract=contract.detail if contract is not None else (alert.symbol or ""),
        closes=_action(alert) in (Action.STC, Action.BTC),
        direction=_direction(alert),
        alert_price=alert.price,
        sized=(sized.quantity or 0) if sized is not None else 0,
        rungs=len({row.detail for row in past if row.kind is AuditKind.INTENT and row.detail.startswith(_RUNG)}),
        converted=any(row.kind is AuditKind.CONVERT and row.code == "convert" for row in past),
        state=next((row.state or "" for row in reversed(past) if row.kind is AuditKind.STATE), ""),
        note=next((row.detail for row in reversed(past) if row.kind is AuditKind.CLOSING), ""),
        refusal=None if refused is None else refused.code or "refused",
        refused_because="" if refused is None else refused.detail,
        is_admitted=any(row.kind is AuditKind.ADMITTED for row in past),
        **_money(past, contract, span, began_at, _direction(alert)),
    )


def mode_of(row: AuditEvent) -> str:
    """The word for it: a dry run is one in whatever mode."""
    return _DRY_RUN.upper() if row.mode.endswith(_DRY_RUN) else row.mode.upper()


def _money(
    rows: Sequence[AuditEvent], contract: AuditEvent | None, span: Span, began_at: datetime, way: Direction
) -> dict[str, Any]:
    buys, sells = list(_fills(rows, OrderRole.ENTRY)), list(_fills(rows, OrderRole.EXIT, OrderRole.CLOSE))
    multiplier = _decimal(contract, "multiplier")
    bought, spent = _count(buys), _worth(buys)
    lately = [row for row in buys if span.holds(row.at)]
    entered, left = _worth(lately), _worth(row for row in sells if span.holds(row.at))
    return {
        "bought": bought,
        "spent": spent,
        "paid": (left if way.is_short else entered) * (multiplier or 0),
        "credit": entered * (multiplier or 0) if way.is_short else Decimal(0),
        "filled_after": buys[-1].at - began_at if buys else None,
        "gone": next((row.quantity or 0 for row in reversed(rows) if row.kind is AuditKind.GONE), 0),
        "sold_before": _count(row for row in sells if row.at < span.since),
        "sales": tuple(
            Sale(
                at=row.at,
                quantity=row.quantity or 0,
                price=row.price or Decimal(0),
                gain=(
                    None
                    if multiplier is None or not bought
                    else _gain(row, bought, spent) * way.sign * multiplier / bought
                ),
                how=_how(row, rows),
            )
            for row in sells
            if span.holds(row.at)
        ),
        "multiplier": multiplier,
        "fees": _fees(rows, contract, _count(lately)),
    }


def _fills(rows: Iterable[AuditEvent], *roles: OrderRole) -> Iterator[AuditEvent]:
    """Each execution once."""
    seen: set[str | None] = set()
    for row in rows:
        if row.kind is AuditKind.FILL and role_of(row.identifier) in roles and row.fill_id not in seen:
            seen.add(row.fill_id)
            yield row


def _gain(sale: AuditEvent, bought: int, spent: Decimal) -> Decimal:
    """Over the average, times what was bought: divided last, what comes out even stays even."""
    return ((sale.price or 0) * bought - spent) * (sale.quantity or 0)


def _how(sale: AuditEvent, rows: Sequence[AuditEvent]) -> str:
    if role_of(sale.identifier) is OrderRole.EXIT:
        return "target"
    asked = [row for row in rows[: rows.index(sale)] if row.kind is AuditKind.CLOSING and row.code == "asked"]
    return _ASKS.split(asked[-1].detail)[0] if asked else "asked"


def _fees(rows: Sequence[AuditEvent], contract: AuditEvent | None, bought: int) -> Decimal | None:
    """What the settings say that a contract costs to open: the broker's own account of fees is not in the audit."""
    admitted = next((row for row in rows if row.kind is AuditKind.ADMITTED), None)
    kind = None if contract is None else contract.payload.get("instrument_type")
    if kind == InstrumentType.EQUITY:
        return Decimal(0)
    terms = None if admitted is None else admitted.payload.get("terms")
    name = _FEES.get(InstrumentType(str(kind))) if kind in list(InstrumentType) else None
    if not isinstance(terms, dict) or name is None or terms.get(name) is None:
        return None
    return Decimal(str(terms[name])) * bought


def _worth(rows: Iterable[AuditEvent]) -> Decimal:
    return sum(((row.price or Decimal(0)) * (row.quantity or 0) for row in rows), Decimal(0))


def _count(rows: Iterable[AuditEvent]) -> int:
    return sum(row.quantity or 0 for row in rows)


def _decimal(row: AuditEvent | None, name: str) -> Decimal | None:
    told = None if row is None else row.payload.get(name)
    return None if told is None else Decimal(str(told))


def _began_at(alert: AuditEvent) -> datetime:
    told = alert.payload.get("posted_at")
    return datetime.fromisoformat(told) if isinstance(told, str) else alert.at


def _direction(alert: AuditEvent) -> Direction:
    told = _action(alert)
    return Direction.of(Action(told)) if told in list(Action) else Direction.LONG


def _action(alert: AuditEvent) -> str:
    told = alert.payload.get("alert")
    return str(told.get("action", "")) if isinstance(told, dict) else alert.detail.partition(" ")[0]
