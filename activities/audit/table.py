"""The audit table: its columns, its append-only triggers, and the way between rows and links of the chain."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Any

from duckdb import DuckDBPyConnection

from domain.audit import AuditEvent
from domain.chain import FIELDS, GENESIS, Link, Mark, event_fields
from domain.errors import RefusedError

PRICE_SCALE = 8  # a futures price in 1/256 has 8 places
_PRICE_WHOLE_DIGITS = 10
_BIGINT = range(-(2**63), 2**63)
_FETCH = 10_000  # rows
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AT = FIELDS.index("at")
_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)  # the usual 28 digits would round before the check

# One index only, the primary key: the writer looks ids up itself, and this is the backstop. No UPDATE, DELETE or
# ON CONFLICT ever runs here; DuckDB's replay bugs cluster on those, and triggers exclude ON CONFLICT.
_TABLE = f"""
CREATE TABLE audit (
    seq BIGINT NOT NULL,
    event_id VARCHAR PRIMARY KEY,
    happened_at TIMESTAMPTZ NOT NULL,
    kind VARCHAR NOT NULL,
    workflow_id VARCHAR NOT NULL,
    mode VARCHAR NOT NULL,
    author_id BIGINT,
    author_name VARCHAR NOT NULL,
    channel_id BIGINT,
    message_id BIGINT,
    symbol VARCHAR,
    side VARCHAR,
    quantity BIGINT,
    price DECIMAL({_PRICE_WHOLE_DIGITS + PRICE_SCALE}, {PRICE_SCALE}),
    order_id BIGINT,
    identifier VARCHAR,
    fill_id VARCHAR,
    state VARCHAR,
    code VARCHAR,
    detail VARCHAR NOT NULL,
    payload JSON NOT NULL,
    previous VARCHAR NOT NULL,
    hash VARCHAR NOT NULL
)"""
_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS audit_no_{action} AFTER {action} ON audit REFERENCING OLD TABLE AS old FOR EACH STATEMENT
INSERT INTO refused_changes SELECT error('the audit log is append-only') FROM old"""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        _TABLE,
        "CREATE TABLE refused_changes (never INTEGER)",
        _TRIGGER.format(action="UPDATE"),
        _TRIGGER.format(action="DELETE"),
    ),
)

_NAMES = ["seq", *(("happened_at" if name == "at" else name) for name in FIELDS), "previous", "hash"]
# An infinite timestamp can't be counted in microseconds; NULL fails verification instead of the query.
_READ = [
    "CASE WHEN isfinite(happened_at) THEN epoch_us(happened_at) END" if name == "happened_at" else name
    for name in _NAMES
]
SELECT_LINKS = f"SELECT {', '.join(_READ)} FROM audit"  # noqa: S608  constant column names
EXPORT_COLUMNS = ", ".join(_NAMES)


def migrate(connection: DuckDBPyConnection) -> None:
    """Bring the schema up to date. The checkpoint keeps DDL out of any later replay of the log."""
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
    found = connection.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()
    current = found[0] if found else 0
    for version, statements in enumerate(MIGRATIONS[current:], start=current + 1):
        connection.execute("BEGIN")
        for statement in statements:
            connection.execute(statement)
        connection.execute("INSERT INTO schema_version VALUES (?)", [version])
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")


def fitted(event: AuditEvent) -> AuditEvent:
    """The event as the columns can hold it exactly. RefusedError when they can't: DuckDB would not say a word.

    A price with more digits than its column is not rounded: the column stays empty and the payload keeps it exact.
    """
    for name in ("author_id", "channel_id", "message_id", "quantity", "order_id"):
        number = getattr(event, name)
        if number is not None and number not in _BIGINT:
            raise RefusedError("does_not_fit", f"{name} {number} of event {event.event_id} is out of range")
    if event.price is not None and not _price_fits(event.price):
        exact = event.payload | {"exact_price": str(event.price)}
        event = event.model_copy(update={"price": None, "payload": exact})
    try:
        event_fields(event)
    except ValueError as error:
        raise RefusedError("does_not_fit", f"event {event.event_id}: {error}") from error
    return event


def insert(connection: DuckDBPyConnection, links: Iterable[Link]) -> None:
    """Append rows, in the caller's transaction."""
    with connection.appender("audit") as appender:
        appender.append_rows([(link.seq, *link.fields, link.previous, link.hash) for link in links])


def last_mark(connection: DuckDBPyConnection) -> Mark:
    """The place of the last row; GENESIS when there is none."""
    found = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return Mark(seq=found[0], hash=found[1]) if found else GENESIS


def links_with_ids(connection: DuckDBPyConnection, event_ids: Sequence[str]) -> list[Link]:
    """The rows that already hold any of these events."""
    query = f"{SELECT_LINKS} WHERE event_id IN (SELECT unnest(?::VARCHAR[]))"
    return list(read_links(connection.execute(query, [list(event_ids)])))


def read_links(result: DuckDBPyConnection) -> Iterator[Link]:
    """The rows of a query that begins with SELECT_LINKS, a few at a time."""
    while rows := result.fetchmany(_FETCH):
        yield from map(_link, rows)


def _link(row: tuple[Any, ...]) -> Link:
    seq, *fields, previous, chained = row
    if fields[_AT] is not None:
        fields[_AT] = _EPOCH + timedelta(microseconds=fields[_AT])
    return Link(seq, tuple(fields), previous, chained)


def _price_fits(price: Decimal) -> bool:
    exponent = price.normalize(_EXACT).as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -PRICE_SCALE and abs(price) < 10**_PRICE_WHOLE_DIGITS
