"""Pages, the proof and exports, each from one moment of the log."""

import csv
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from activities.audit import reading
from activities.audit.anchor import AnchorFile
from activities.audit.store import AuditStore
from domain.audit import AuditKind
from domain.audit_queries import (
    MAX_PAGE_BYTES,
    AuditPage,
    AuditQuery,
    ExportFormat,
    ExportReceipt,
    ExportRequest,
    SpanAuditQuery,
    TradeAuditQuery,
)
from domain.chain import FaultKind
from domain.errors import InvariantError, RetryableError
from tests.activities.audit.events import AT, TRADE, event, events, meddling


def recent(store: AuditStore, **query: object) -> AuditPage:
    asked = AuditQuery.model_validate(query)
    return store.read(lambda snapshot: reading.recent(snapshot, asked))


def trade(store: AuditStore, **query: object) -> AuditPage:
    asked = TradeAuditQuery.model_validate({"workflow_id": TRADE} | query)
    return store.read(lambda snapshot: reading.trade(snapshot, asked))


def span(store: AuditStore, **query: object) -> AuditPage:
    asked = SpanAuditQuery.model_validate(query)
    return store.read(lambda snapshot: reading.span(snapshot, asked))


def exported(store: AuditStore, form: ExportFormat) -> ExportReceipt:
    return store.read(lambda snapshot: reading.export(snapshot, ExportRequest(format=form)))


def seqs(page: AuditPage) -> list[int]:
    return [row.seq for row in page.rows]


def test_recent_pages_lead_from_the_newest_row_to_the_first(store: AuditStore) -> None:
    store.append(events(1, 5)).result()
    first = recent(store, limit=2)
    second = recent(store, limit=2, before=first.next_seq)
    last = recent(store, limit=2, before=second.next_seq)
    assert (seqs(first), seqs(second), seqs(last)) == ([5, 4], [3, 2], [1])
    assert last.next_seq is None


def test_rows_written_meanwhile_do_not_shift_the_pages(store: AuditStore) -> None:
    store.append(events(1, 4)).result()
    first = recent(store, limit=2)
    store.append(events(5, 9)).result()
    assert seqs(recent(store, limit=2, before=first.next_seq)) == [2, 1]


def test_a_page_that_ends_with_the_last_row_has_no_next(store: AuditStore) -> None:
    store.append(events(1, 2)).result()
    assert recent(store, limit=2).next_seq is None


def test_recent_can_be_narrowed_to_a_trade_and_a_kind(store: AuditStore) -> None:
    fill = event(2, kind=AuditKind.FILL)
    other = event(1, kind=AuditKind.FILL, workflow_id="alert-9-9")
    store.append([event(1), fill, other]).result()
    assert seqs(recent(store, kind="fill")) == [3, 2]
    assert seqs(recent(store, workflow_id=TRADE)) == [2, 1]
    assert [row.event for row in recent(store, workflow_id=TRADE, kind="fill").rows] == [fill]
    assert recent(store, workflow_id="' OR 1=1 --").rows == ()


def test_a_span_of_time_is_told_in_the_logs_order_page_by_page(store: AuditStore) -> None:
    store.append([*events(1, 4), event(5, kind=AuditKind.FILL), event(6), event(7, kind=AuditKind.QUOTE)]).result()
    asked = {"since": AT + timedelta(seconds=2), "until": AT + timedelta(seconds=7), "kinds": ("rung", "fill")}
    first = span(store, **asked, limit=3)
    assert (seqs(first), first.head.seq) == ([2, 3, 4], 7)
    last = span(store, **asked, limit=3, after=first.next_seq)
    assert (seqs(last), last.next_seq) == ([5, 6], None)
    assert seqs(span(store, **asked | {"kinds": ("quote",)})) == []


def test_a_span_is_asked_for_in_any_time_zone(store: AuditStore) -> None:
    store.append(events(1, 3)).result()
    here = (AT + timedelta(seconds=2)).astimezone(ZoneInfo("America/New_York"))
    assert seqs(span(store, since=here, until=here + timedelta(seconds=1), kinds=("rung",))) == [2]


def test_a_trade_is_told_from_its_beginning(store: AuditStore) -> None:
    store.append([event(1), event(1, workflow_id="alert-9-9"), event(2), event(3)]).result()
    first = trade(store, limit=2)
    assert (seqs(first), seqs(trade(store, after=first.next_seq))) == ([1, 3], [4])


def test_a_page_is_bounded_in_bytes_and_goes_on_where_it_stopped(store: AuditStore) -> None:
    store.append([event(number, payload={"text": "ü" * 100_000}) for number in range(1, 8)]).result()
    first = recent(store, limit=500)
    assert len(first.model_dump_json().encode()) < 1_000_000
    assert seqs(first) == [7, 6, 5, 4]
    assert seqs(recent(store, limit=500, before=first.next_seq)) == [3, 2, 1]


def test_a_row_too_large_for_any_page_is_abridged_and_marked(store: AuditStore) -> None:
    store.append([event(1, detail="d" * 5000, payload={"text": "x" * (MAX_PAGE_BYTES + 1)}), event(2)]).result()
    newest, large = recent(store).rows
    assert not newest.abridged
    assert large.abridged
    assert (large.event.payload, large.event.detail) == ({}, "d" * 1000)
    assert store.read(reading.prove).fault is None


def test_an_unreadable_row_is_named(path: Path) -> None:
    with AuditStore(path) as store:
        store.append(events(1, 3)).result()
    with meddling(path) as connection:
        connection.execute("UPDATE audit SET kind = 'nonsense' WHERE seq = 2")
    with AuditStore(path) as store, pytest.raises(InvariantError, match="row 2"):
        recent(store)


def test_an_empty_log_is_whole(store: AuditStore) -> None:
    verdict = store.read(reading.prove)
    assert (verdict.rows, verdict.head.seq, verdict.fault) == (0, 0, None)


def test_the_proof_needs_the_anchor(store: AuditStore) -> None:
    store.append(events(1, 3)).result()
    AnchorFile(store.path).path.unlink()
    fault = store.read(reading.prove).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (3, FaultKind.UNANCHORED)


def test_parquet_round_trips_every_row_with_its_types(store: AuditStore) -> None:
    store.append([event(1, price="0.75", author_id=2**60, payload={"a": 1}), event(2, detail='x,"y"\n')]).result()
    receipt = exported(store, ExportFormat.PARQUET)
    connection = duckdb.connect()
    rows = connection.execute(
        "SELECT seq, price, author_id, payload, detail, hash FROM read_parquet(?) ORDER BY seq", [receipt.path]
    ).fetchall()
    kinds = connection.execute("SELECT typeof(price), typeof(happened_at) FROM read_parquet(?)", [receipt.path])
    assert kinds.fetchone() == ("DECIMAL(18,8)", "TIMESTAMP WITH TIME ZONE")
    assert [(seq, str(price), author, payload) for seq, price, author, payload, _, _ in rows] == [
        (1, "0.75000000", 2**60, '{"a":1}'),
        (2, "None", None, "{}"),
    ]
    assert (rows[1][4], rows[1][5]) == ('x,"y"\n', receipt.head.hash)


def test_csv_round_trips_every_row_as_text(store: AuditStore) -> None:
    store.append([event(1, price="0.75"), event(2, detail='x,"y"\n', author_name="Zoë")]).result()
    receipt = exported(store, ExportFormat.CSV)
    with Path(receipt.path).open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (receipt.rows, first["price"], first["happened_at"]) == (2, "0.75000000", "2026-11-23 15:00:01+00")
    assert (second["detail"], second["author_name"], second["hash"]) == ('x,"y"\n', "Zoë", receipt.head.hash)


def test_an_export_is_private_named_by_its_head_and_leaves_nothing_else(store: AuditStore) -> None:
    store.append(events(1, 3)).result()
    paths = {Path(exported(store, ExportFormat.CSV).path) for _ in range(2)}
    assert paths == {store.exports.resolve() / "audit-3.csv"}
    assert list(store.exports.iterdir()) == [store.exports / "audit-3.csv"]
    assert paths.pop().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "statement",
    [
        "COPY audit TO '{folder}/stolen.csv'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "INSTALL httpfs",
        "SET enable_external_access=true",
    ],
)
def test_a_question_can_write_nowhere_but_into_the_exports_folder(
    store: AuditStore, tmp_path: Path, statement: str
) -> None:
    with pytest.raises(RetryableError, match="could not be read"):
        store.read(lambda snapshot: snapshot.cursor.execute(statement.format(folder=tmp_path)))
    assert list(tmp_path.glob("*.csv")) == []
