"""Questions to one snapshot of the audit log: pages of rows, the proof of the chain, and exports."""

import secrets
from collections.abc import Iterable
from pathlib import Path

from activities.audit.log_file import Snapshot
from activities.audit.table import EXPORT_COLUMNS, SELECT_LINKS, read_links
from domain.audit_queries import (
    MAX_PAGE_BYTES,
    AuditPage,
    AuditQuery,
    AuditRow,
    ExportFormat,
    ExportReceipt,
    ExportRequest,
    SpanAuditQuery,
    TradeAuditQuery,
)
from domain.chain import GENESIS, Fault, FaultKind, Link, Verdict, event_of, verify
from domain.errors import InvariantError

_KEPT_CHARACTERS = 1_000  # of the detail in an abridged row
_RECENT = f"""{SELECT_LINKS}
WHERE ($before::BIGINT IS NULL OR seq < $before)
  AND ($workflow_id::VARCHAR IS NULL OR workflow_id = $workflow_id)
  AND ($kind::VARCHAR IS NULL OR kind = $kind)
ORDER BY seq DESC LIMIT $limit"""
_TRADE = f"{SELECT_LINKS} WHERE workflow_id = $workflow_id AND seq > $after ORDER BY seq LIMIT $limit"
_SPAN = f"""{SELECT_LINKS}
WHERE happened_at >= $since AND happened_at < $until AND list_contains($kinds::VARCHAR[], kind) AND seq > $after
ORDER BY seq LIMIT $limit"""
_WHOLE = f"{SELECT_LINKS} ORDER BY seq"
_COPY_OPTIONS = {
    ExportFormat.PARQUET: "FORMAT parquet, COMPRESSION zstd",
    ExportFormat.CSV: "FORMAT csv, HEADER",
}


def recent(snapshot: Snapshot, query: AuditQuery) -> AuditPage:
    """The newest rows that match, newest first."""
    parameters = {
        "before": query.before,
        "workflow_id": query.workflow_id,
        "kind": query.kind.value if query.kind else None,
        "limit": query.limit + 1,
    }
    return _page(snapshot, read_links(snapshot.cursor.execute(_RECENT, parameters)), query.limit)


def trade(snapshot: Snapshot, query: TradeAuditQuery) -> AuditPage:
    """One trade's rows, oldest first."""
    parameters = {"workflow_id": query.workflow_id, "after": query.after, "limit": query.limit + 1}
    return _page(snapshot, read_links(snapshot.cursor.execute(_TRADE, parameters)), query.limit)


def span(snapshot: Snapshot, query: SpanAuditQuery) -> AuditPage:
    """What happened in a span of time, in the log's order."""
    parameters = {
        "since": query.since,
        "until": query.until,
        "kinds": [kind.value for kind in query.kinds],
        "after": query.after,
        "limit": query.limit + 1,
    }
    return _page(snapshot, read_links(snapshot.cursor.execute(_SPAN, parameters)), query.limit)


def prove(snapshot: Snapshot) -> Verdict:
    """Walk the whole chain, and hold its end against the anchor."""
    verdict = verify(read_links(snapshot.cursor.execute(_WHOLE)), snapshot.anchor)
    if verdict.fault is None and snapshot.anchor is None and verdict.head != GENESIS:
        missing = Fault(seq=verdict.head.seq, kind=FaultKind.UNANCHORED, detail="the anchor file is missing")
        return verdict.model_copy(update={"fault": missing})
    return verdict


def export(snapshot: Snapshot, request: ExportRequest) -> ExportReceipt:
    """Write the snapshot into the exports folder, named by its head. The name appears when the file is whole."""
    path = snapshot.exports.resolve() / f"audit-{snapshot.head.seq}.{request.format}"
    partial = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
    try:
        return ExportReceipt(path=str(path), rows=_copy(snapshot, partial, path, request.format), head=snapshot.head)
    finally:
        partial.unlink(missing_ok=True)


def _copy(snapshot: Snapshot, partial: Path, path: Path, form: ExportFormat) -> int:
    target = str(partial).replace("'", "''")
    query = f"COPY (SELECT {EXPORT_COLUMNS} FROM audit ORDER BY seq) TO '{target}' ({_COPY_OPTIONS[form]})"  # noqa: S608
    copied = snapshot.cursor.execute(query).fetchone()
    partial.chmod(0o600)
    partial.replace(path)
    return int(copied[0]) if copied else 0


def _page(snapshot: Snapshot, links: Iterable[Link], limit: int) -> AuditPage:
    """As many rows as fit in `limit` and in the bytes of one answer; at least one, abridged if it must be."""
    rows: list[AuditRow] = []
    room = MAX_PAGE_BYTES
    for link in links:
        row = _row(link)
        room -= _size(row)
        if rows and (room < 0 or len(rows) == limit):
            return AuditPage(rows=tuple(rows), next_seq=rows[-1].seq, head=snapshot.head)
        rows.append(row)
    return AuditPage(rows=tuple(rows), next_seq=None, head=snapshot.head)


def _row(link: Link) -> AuditRow:
    try:
        row = AuditRow(seq=link.seq, event=event_of(link.fields), hash=link.hash)
    except ValueError as error:
        raise InvariantError(f"audit row {link.seq} holds no event; verify the log") from error
    return row if _size(row) <= MAX_PAGE_BYTES else _abridged(row)


def _abridged(row: AuditRow) -> AuditRow:
    changes: dict[str, object] = {"payload": {}, "detail": row.event.detail[:_KEPT_CHARACTERS]}
    return row.model_copy(update={"event": row.event.model_copy(update=changes), "abridged": True})


def _size(row: AuditRow) -> int:
    return len(row.model_dump_json().encode())
