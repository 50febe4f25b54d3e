"""A report's rows from the audit log: all of the span, and the whole story of what began before it and filled in it."""

from collections.abc import AsyncIterator
from datetime import datetime

from activities.audit_queries import AuditQueries
from domain.audit import AuditEvent, AuditKind
from domain.audit_queries import AuditPage, SpanAuditQuery, TradeAuditQuery
from domain.chain import GENESIS
from domain.errors import RefusedError
from domain.reporting.report import Report, report_of
from domain.reporting.span import Span
from domain.settings import Mode

# Quotes, answers and order records are the most of a trade's rows, and say nothing that a report needs.
_KINDS = (
    AuditKind.ALERT,
    AuditKind.ADMITTED,
    AuditKind.REFUSED,
    AuditKind.CONTRACT,
    AuditKind.SIZED,
    AuditKind.INTENT,
    AuditKind.FILL,
    AuditKind.CONVERT,
    AuditKind.CLOSING,
    AuditKind.GONE,
    AuditKind.STATE,
)
_MOST_ROWS = 50_000
_MOST_EARLIER = 300  # trades


async def report_from(audit: AuditQueries, span: Span, mode: Mode, now: datetime) -> Report:
    """The report of a span. RefusedError when it holds more than one report can; otherwise as `audit` raises."""
    rows: list[AuditEvent] = []
    head = GENESIS
    async for page in _span_pages(audit, span):
        rows += [row.event for row in page.rows]
        head = page.head
        _bound(len(rows), _MOST_ROWS, "rows")
    begun = {row.workflow_id for row in rows if row.kind is AuditKind.ALERT}
    earlier = {row.workflow_id for row in rows if row.kind is AuditKind.FILL} - begun
    _bound(len(earlier), _MOST_EARLIER, "trades of before")
    rows = [row for row in rows if row.workflow_id not in earlier]
    for workflow_id in sorted(earlier):
        rows += [row async for row in _story(audit, workflow_id)]
        _bound(len(rows), _MOST_ROWS, "rows")
    return report_of(rows, span, mode, head, now)


async def _span_pages(audit: AuditQueries, span: Span) -> AsyncIterator[AuditPage]:
    after: int | None = 0
    while after is not None:
        page = await audit.audit_span(SpanAuditQuery(since=span.since, until=span.until, kinds=_KINDS, after=after))
        yield page
        after = page.next_seq


async def _story(audit: AuditQueries, workflow_id: str) -> AsyncIterator[AuditEvent]:
    after: int | None = 0
    while after is not None:
        page = await audit.audit_trade(TradeAuditQuery(workflow_id=workflow_id, after=after))
        for row in page.rows:
            if row.event.kind in _KINDS:
                yield row.event
        after = page.next_seq


def _bound(count: int, most: int, what: str) -> None:
    if count > most:
        raise RefusedError("too_much", f"more than {most} {what}: ask for fewer days")
