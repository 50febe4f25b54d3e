"""A report: how many alerts were read, refused and traded in a span, what each trade came to, and the sums by mode.

Paper, live and dry runs never meet in one sum.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from domain.audit import AuditEvent, AuditKind
from domain.chain import Mark
from domain.frozen import Frozen
from domain.reporting.line import TradeLine, mode_of, trade_line
from domain.reporting.span import Span
from domain.settings import Mode

_REAL_FIRST = ("LIVE", "SANDBOX", "PAPER")
_DRY_RUN = "DRY RUN"


class Point(Frozen):
    """What had been earned by then, in dollars."""

    at: datetime
    total: Decimal


class Book(Frozen):
    """What was traded in one mode. `curve` grows with each sale."""

    mode: str
    lines: tuple[TradeLine, ...] = ()

    @property
    def sold_lines(self) -> tuple[TradeLine, ...]:
        """Those that came to a profit or a loss."""
        return tuple(line for line in self.lines if line.realised is not None)

    @property
    def realised(self) -> Decimal:
        """Before fees."""
        return sum((line.realised or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def paid(self) -> Decimal:
        """For everything bought within the span, first or back."""
        return sum((line.paid for line in self.lines), Decimal(0))

    @property
    def received(self) -> Decimal:
        """For everything sold within the span."""
        return sum((line.received for line in self.lines), Decimal(0))

    @property
    def fees(self) -> Decimal | None:
        """To open, as set; None where those of a trade are not known."""
        fees = [line.fees for line in self.lines if line.paid or line.credit]
        known = [fee for fee in fees if fee is not None]
        return sum(known, Decimal(0)) if len(known) == len(fees) else None

    @property
    def won(self) -> int:
        """Trades that earned something."""
        return sum((line.realised or 0) > 0 for line in self.lines)

    @property
    def lost(self) -> int:
        """Trades that cost something."""
        return sum((line.realised or 0) < 0 for line in self.lines)

    @property
    def filled(self) -> int:
        """Trades that bought anything, or sold it first."""
        return sum(line.bought > 0 for line in self.lines)

    @property
    def held(self) -> tuple[TradeLine, ...]:
        """What was not sold by the end, and may still be."""
        return tuple(line for line in self.lines if line.held > 0 and line.state != "expired")

    @property
    def held_at_cost(self) -> Decimal:
        """What was paid for it, less what was received for what is still short."""
        return sum((line.held_at_cost for line in self.held), Decimal(0))

    @property
    def expired(self) -> tuple[TradeLine, ...]:
        """What ran until its contract expired: what that came to, the account alone knows."""
        return tuple(line for line in self.lines if line.held > 0 and line.state == "expired")

    @property
    def expired_long(self) -> tuple[TradeLine, ...]:
        """Of that, what had been bought."""
        return tuple(line for line in self.expired if not line.direction.is_short)

    @property
    def expired_at_cost(self) -> Decimal:
        """What was paid for it."""
        return sum((line.held_at_cost for line in self.expired_long), Decimal(0))

    @property
    def expired_short(self) -> tuple[TradeLine, ...]:
        """Of that, what had been sold first."""
        return tuple(line for line in self.expired if line.direction.is_short)

    @property
    def expired_credit(self) -> Decimal:
        """What had been received for it."""
        return -sum((line.held_at_cost for line in self.expired_short), Decimal(0))

    @property
    def gone(self) -> tuple[TradeLine, ...]:
        """What was sold first and then assigned, or bought back by hand: what that came to, the account alone knows."""
        return tuple(line for line in self.lines if line.gone > 0)

    @property
    def gone_for(self) -> Decimal:
        """What had been received for it."""
        return -sum((line.gone_at_cost for line in self.gone), Decimal(0))

    @property
    def curve(self) -> tuple[Point, ...]:
        """The sum after each sale, in their order."""
        sales = sorted((sale for line in self.lines for sale in line.sales), key=lambda sale: sale.at)
        points: list[Point] = []
        total = Decimal(0)
        for sale in sales:
            total += sale.gain or 0
            points.append(Point(at=sale.at, total=total))
        return tuple(points)


class RefusedLine(Frozen):
    """An alert that was not traded, and why."""

    at: datetime
    author: str
    said: str
    code: str
    because: str


class Report(Frozen):
    """Of a span, by the audit as it stood at `head`. Dry runs are in their own book, and in no other number."""

    span: Span
    made_at: datetime
    head: Mark
    alerts: int
    admitted: int
    refused: tuple[RefusedLine, ...]
    refused_late: int  # of them: after the desk had admitted them
    closing: tuple[TradeLine, ...]  # alerts that close
    books: tuple[Book, ...]  # the real ones first; at least one

    @property
    def traded(self) -> int:
        """Alerts that were admitted and not refused after that."""
        return self.admitted - self.refused_late

    @property
    def shown(self) -> tuple[Book, ...]:
        """The books that have anything in them; at least one, so that the mode is always told."""
        return tuple(book for book in self.books if book.lines) or self.books[:1]

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """The codes of the refusals, the most frequent first."""
        return tuple(Counter(line.code for line in self.refused).most_common())


def report_of(rows: Sequence[AuditEvent], span: Span, mode: Mode, head: Mark, made_at: datetime) -> Report:
    """The report of these rows, in the order of the log. `mode` is the installation's, for a day of no trades.

    Of a trade that began before the span all rows are needed, or it is left out.
    """
    by_trade: dict[str, list[AuditEvent]] = {}
    for row in rows:
        by_trade.setdefault(row.workflow_id, []).append(row)
    lines = [line for each in by_trade.values() if (line := trade_line(each, span)) is not None]
    todays = [line for line in lines if span.holds(_written(by_trade[line.workflow_id]))]
    counted = [line for line in todays if not line.is_rehearsed]
    turned_away = [told for each in by_trade.values() if (told := _turned_away(each, span)) is not None]
    refused = [_refused(line) for line in counted if line.refusal is not None and not line.bought]
    return Report(
        span=span,
        made_at=made_at,
        head=head,
        alerts=len(counted) + len(turned_away),
        admitted=sum(line.is_admitted for line in counted),
        refused=tuple(sorted([*refused, *turned_away], key=lambda line: line.at)),
        refused_late=sum(line.is_admitted and line.refusal is not None and not line.bought for line in counted),
        closing=tuple(line for line in counted if line.closes and line.refusal is None),
        books=_books([line for line in lines if not line.closes and _is_traded(line)], mode),
    )


def _is_traded(line: TradeLine) -> bool:
    """It is a line of its book; what was refused is listed by itself, but for rehearsals."""
    return line.refusal is None or line.bought > 0 or line.is_rehearsed


def _books(lines: Iterable[TradeLine], mode: Mode) -> tuple[Book, ...]:
    by_mode: dict[str, list[TradeLine]] = {}
    for line in sorted(lines, key=lambda line: line.began_at):
        by_mode.setdefault(line.mode, []).append(line)
    if not any(each != _DRY_RUN for each in by_mode):
        by_mode[mode.upper()] = []
    order = sorted(by_mode, key=lambda each: (each == _DRY_RUN, [*_REAL_FIRST, each].index(each)))
    return tuple(Book(mode=each, lines=tuple(by_mode[each])) for each in order)


def _written(rows: Sequence[AuditEvent]) -> datetime:
    return next(row.at for row in rows if row.kind is AuditKind.ALERT)


def _refused(line: TradeLine) -> RefusedLine:
    code = line.refusal or "refused"
    return RefusedLine(at=line.began_at, author=line.author, said=line.said, code=code, because=line.refused_because)


def _turned_away(rows: Sequence[AuditEvent], span: Span) -> RefusedLine | None:
    """A message that a front door did not take: it never became a trade."""
    if any(row.kind is AuditKind.ALERT for row in rows):
        return None
    told = next((row for row in rows if row.kind is AuditKind.REFUSED and span.holds(row.at)), None)
    if told is None or mode_of(told) == _DRY_RUN:
        return None
    said = str(told.payload.get("text", "")) or told.detail
    author = told.author_name or str(told.author_id or "")
    return RefusedLine(at=told.at, author=author, said=said, code=told.code or "refused", because=told.detail)
