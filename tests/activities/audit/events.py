"""Events to be written down, and the audit file as somebody without the store would meddle with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from domain.audit import AuditEvent, AuditKind

TRADE = "alert-1-2"
AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def event(number: int, **changes: object) -> AuditEvent:
    """The trade's event with that number; changes are fields."""
    base: dict[str, object] = {
        "event_id": f"{changes.get('workflow_id', TRADE)}:{number}",
        "at": AT + timedelta(seconds=number),
        "kind": AuditKind.RUNG,
        "workflow_id": TRADE,
    }
    return AuditEvent.model_validate(base | changes)


def events(first: int, last: int) -> list[AuditEvent]:
    """Events by number, both ends included."""
    return [event(number) for number in range(first, last + 1)]


@contextmanager
def meddling(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file in other hands: opened past the store, its triggers out of the way."""
    connection = duckdb.connect(str(path))
    connection.execute("DROP TRIGGER audit_no_UPDATE ON audit")
    connection.execute("DROP TRIGGER audit_no_DELETE ON audit")
    yield connection
    connection.close()
