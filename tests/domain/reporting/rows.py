"""A day by hand: the rows that trades of known figures leave in the audit."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from domain.audit import AuditEvent, AuditKind
from domain.chain import Mark
from domain.identifiers import OrderRole, TradeId
from domain.reporting.report import Report, report_of
from domain.reporting.span import Span
from domain.settings import Mode

DAY = date(2026, 11, 25)
TODAY = Span(first=DAY, last=DAY)
OPEN = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # half past nine in New York
NIGHT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
HEAD = Mark(seq=412, hash="6ff5b197f5e3" + "0" * 52)
CHANNEL = 444
_messages = count(1000)


class Told:
    """One trade that tells what happens to it: each call is a row, so many seconds after its message."""

    def __init__(self, at: datetime = OPEN, mode: str = "paper", author: str = "Ann", **alert: Any) -> None:
        self.id = TradeId(channel_id=CHANNEL, message_id=next(_messages))
        self.began_at = at
        self.mode = mode
        self.author = author
        self.rows: list[AuditEvent] = []
        fields = {"action": "BTO", "said": "BTO UBER 78p 12/04 @ 0.75", "price": "0.75", "symbol": "UBER"} | alert
        self.symbol = fields["symbol"]
        text = fields.get("text", fields["said"])
        self.says(
            0.1,
            AuditKind.ALERT,
            detail=fields["said"],
            price=None if fields["price"] is None else Decimal(fields["price"]),
            payload={"text": text, "posted_at": at.isoformat(), "alert": {"action": fields["action"]}},
        )

    def says(self, after: float, kind: AuditKind, **fields: Any) -> "Told":
        own = self.id.workflow_id
        self.rows.append(
            AuditEvent(
                event_id=f"{own}:{len(self.rows) + 1}",
                at=self.began_at + timedelta(seconds=after),
                kind=kind,
                workflow_id=own,
                mode=self.mode,
                author_id=5,
                author_name=self.author,
                **({"symbol": self.symbol} | fields),
            )
        )
        return self

    def admitted(
        self, size: int = 4, contract: str = "UBER 78p 12/04", multiplier: int = 100, kind: str = ""
    ) -> "Told":
        self.says(0.2, AuditKind.ADMITTED, payload={"terms": {"option_fee": "1.12", "future_fee": "2.50"}})
        told = {"multiplier": str(multiplier), "instrument_type": kind or "Equity Option"}
        self.says(0.3, AuditKind.CONTRACT, detail=contract, payload=told)
        self.says(0.4, AuditKind.SIZED, quantity=size)
        return self.says(0.5, AuditKind.INTENT, detail="entry: first price", quantity=size)

    def climbs(self, *rungs: int) -> "Told":
        for rung in rungs:
            self.says(20.0 * rung, AuditKind.INTENT, detail=f"entry: rung {rung}")
        return self

    def fills(self, after: float, quantity: int, price: str, role: OrderRole = OrderRole.ENTRY) -> "Told":
        number = len(self.rows)
        identifier = self.id.order_identifier(role, number)
        return self.says(
            after,
            AuditKind.FILL,
            quantity=quantity,
            price=Decimal(price),
            identifier=identifier,
            fill_id=f"{self.id.message_id}-{number}",
        )

    def bought(self, after: float, quantity: int, price: str) -> "Told":
        return self.fills(after, quantity, price).says(after, AuditKind.STATE, state="holding")

    def sold(self, after: float, quantity: int, price: str, by: str | None = None, end: bool = True) -> "Told":
        if by is not None:
            self.says(after - 1, AuditKind.CLOSING, detail=f"{by} asks to sell all of it", code="asked")
        self.fills(after, quantity, price, OrderRole.EXIT if by is None else OrderRole.CLOSE)
        return self.says(after, AuditKind.STATE, state="closed") if end else self

    def refused(self, code: str, because: str, after: float = 0.3) -> "Told":
        self.says(after, AuditKind.REFUSED, code=code, detail=because)
        return self.says(after, AuditKind.STATE, state="refused")


def turned_away(at: datetime = OPEN, code: str = "author_not_allowed", text: str = "BTO SPY 600c @ 1") -> AuditEvent:
    """A message that the bot's front door did not take."""
    own = TradeId(channel_id=CHANNEL, message_id=next(_messages)).workflow_id
    return AuditEvent(
        event_id=f"desk-A:turned-away:{own}",
        at=at,
        kind=AuditKind.REFUSED,
        workflow_id=own,
        author_id=6,
        author_name="Mallory",
        code=code,
        detail="This author may not trade here.",
        payload={"text": text},
    )


def rows_of(*told: Told | AuditEvent) -> list[AuditEvent]:
    """In the order of the log."""
    rows = [row for each in told for row in (each.rows if isinstance(each, Told) else [each])]
    return sorted(rows, key=lambda row: row.at)


def report(*told: Told | AuditEvent, span: Span = TODAY, mode: Mode = Mode.PAPER) -> Report:
    """What they come to."""
    return report_of(rows_of(*told), span, mode, HEAD, NIGHT)


def a_days_trades(mode: str = "paper") -> Sequence[Told | AuditEvent]:
    """A day as a room may have it: it earned 266.00 before fees."""
    return list(_a_day(mode))


def _a_day(mode: str) -> Iterator[Told | AuditEvent]:
    def at(hours: float) -> datetime:
        return OPEN + timedelta(hours=hours)

    uber = Told(at(0.2), mode).admitted(6).climbs(1).bought(24.8, 6, "0.76")
    yield uber.sold(2400, 3, "1.52", end=False).sold(9000, 3, "1.10", by="Ann (discord)")  # +228 +102
    spy = Told(at(1.1), mode, "Bob", said="BTO SPY 671c 11/25 @ 1.20", price="1.20", symbol="SPY", action="BTO")
    yield spy.admitted(4, "SPY 671c 11/25").bought(1.4, 4, "1.19").sold(3100, 4, "0.80", by="Bob")  # -156
    amd = Told(at(2.4), mode, "Ann", said="BTO AMD 217.5c 12/04 @ 2.10", price="2.10", symbol="AMD")
    yield (
        amd.admitted(2, "AMD 217.5c 12/04").climbs(1, 2, 3).bought(63.2, 2, "2.13").sold(5200, 2, "2.59", by="Ann")
    )  # +92
    aapl = Told(at(3.0), mode, "Cleo", said="BTO AAPL 270c 12/04 @ 1.22", price="1.22", symbol="AAPL")
    yield aapl.admitted(6, "AAPL 270c 12/04").climbs(1, 2, 3).fills(45, 2, "1.24").bought(91.3, 4, "1.26")
    qqq = Told(at(4.2), mode, "Bob", said="BTO QQQ 610p 11/25 @ 0.45", price="0.45", symbol="QQQ")
    yield qqq.admitted(10, "QQQ 610p 11/25").climbs(1, 2, 3).says(90.5, AuditKind.STATE, state="no_fill")
    tsla = Told(at(5.0), mode, "Cleo", said="BTO TSLA 440c 11/28 @ 3.00", price="3.00", symbol="TSLA")
    yield tsla.admitted(1, "TSLA 440c 11/28").refused("stale_quote", "The quote is older than two seconds.", 0.6)
    yield Told(at(5.2), mode, said="BTO UBER 78p 12/04 @ 0.75").refused("duplicate", "The same was let in 40 s ago.")
    yield Told(at(5.4), mode, said="BTO NVDA 180c 12/04 @ 1").refused("halted", "The desk lets no entries in.")
    yield turned_away(at(5.6))
    rehearsal = Told(at(5.8), f"{mode} dry run", said="BTO IWM 250c 12/04 @ 0.90", price="0.90", symbol="IWM")
    yield rehearsal.admitted(3, "IWM 250c 12/04").bought(2, 3, "0.90").sold(60, 1, "1.80")
