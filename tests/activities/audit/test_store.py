"""The store keeps what it acknowledged, once each, whatever comes at it."""

import threading
from concurrent.futures import Future
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from activities.audit import reading
from activities.audit.anchor import AnchorFile
from activities.audit.log_file import LogFile
from activities.audit.ownership import AuditFileInUse
from activities.audit.store import AuditStore
from domain.audit import AuditEvent
from domain.audit_queries import AuditQuery
from domain.chain import FaultKind, Mark
from domain.errors import InvariantError, RefusedError, RetryableError
from domain.redaction import MASK
from tests.activities.audit.events import event, events, meddling


def stored(store: AuditStore) -> list[AuditEvent]:
    page = store.read(lambda snapshot: reading.recent(snapshot, AuditQuery(limit=500)))
    return [row.event for row in reversed(page.rows)]


def test_events_are_kept_in_order_and_survive_reopening(path: Path) -> None:
    with AuditStore(path) as store:
        head = store.append(events(1, 3)).result()
    with AuditStore(path) as store:
        assert stored(store) == events(1, 3)
        verdict = store.read(reading.prove)
    assert (verdict.rows, verdict.head, verdict.fault) == (3, head, None)


def test_every_field_comes_back_as_it_was(store: AuditStore) -> None:
    full = event(
        1,
        mode="paper",
        author_id=1234567890123456789,
        author_name="Zoë \U0001f680 \x00 'quoted'",
        channel_id=2,
        message_id=3,
        symbol="UBER  261204P00078000",
        side="Buy to Open",
        quantity=4,
        price=Decimal("0.75"),
        order_id=5,
        identifier="al-1-2-0e00",
        fill_id="f",
        state="filled",
        code="",
        detail="one\ntwo",
        payload={"nested": {"list": [1, 2.5, None, True, "\u2028"]}},
    )
    store.append([full]).result()
    assert stored(store) == [full]
    assert str(stored(store)[0].price) == "0.75"


def test_a_repeated_event_is_one_row(store: AuditStore) -> None:
    first = store.append(events(1, 2)).result()
    assert store.append(events(1, 2)).result() == first
    assert store.append([event(2), event(3), event(3)]).result().seq == 3
    assert stored(store) == events(1, 3)


def test_an_event_id_with_other_content_keeps_the_first_and_is_reported(
    store: AuditStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.append([event(1, detail="first")]).result()
    store.append([event(1, detail="second")]).result()
    assert [kept.detail for kept in stored(store)] == ["first"]
    assert "came again with other content" in caplog.text


def test_concurrent_callers_all_get_their_rows_in_their_own_order(store: AuditStore) -> None:
    heads: list[Future[Mark]] = []
    start = threading.Barrier(8)

    def write(trade: int) -> None:
        start.wait()
        heads.extend(store.append([event(number, workflow_id=f"alert-{trade}-1")]) for number in range(25))

    writers = [threading.Thread(target=write, args=(trade,)) for trade in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert max(head.result().seq for head in heads) == 200
    assert store.read(reading.prove).fault is None
    for trade in range(8):
        mine = [kept.event_id for kept in stored(store) if kept.workflow_id == f"alert-{trade}-1"]
        assert mine == [f"alert-{trade}-1:{number}" for number in range(25)]


def test_a_caller_that_gave_up_does_not_disturb_the_others(store: AuditStore) -> None:
    given_up = [store.append([event(number)]) for number in range(20)]
    for head in given_up:
        head.cancel()
    assert store.append([event(100)]).result().seq >= 1
    assert store.read(reading.prove).fault is None


@pytest.mark.parametrize(
    "bad",
    [
        event(1, author_id=2**63),
        event(1, at=datetime(2026, 11, 23)),
        event(1, payload={"price": float("inf")}),
    ],
)
def test_what_can_never_be_stored_is_refused_at_the_door(store: AuditStore, bad: AuditEvent) -> None:
    with pytest.raises(RefusedError):
        store.append([bad])
    assert stored(store) == []


@pytest.mark.parametrize("price", ["0.123456789", "12345678901", "1.333333333333333333333333333333", "-1E-9"])
def test_money_that_does_not_fit_its_column_is_kept_exactly_and_never_rounded(store: AuditStore, price: str) -> None:
    store.append([event(1, price=Decimal(price))]).result()
    kept = stored(store)[0]
    assert kept.price is None
    assert kept.payload == {"exact_price": price}


@pytest.mark.parametrize("price", ["9999999999.99999999", "-0.00390625", "0", "1.50000000000", "1E+3"])
def test_money_that_fits_its_column_is_exact(store: AuditStore, price: str) -> None:
    store.append([event(1, price=Decimal(price))]).result()
    assert stored(store)[0].price == Decimal(price)


def test_one_event_that_the_file_cannot_take_does_not_fail_its_neighbours(store: AuditStore) -> None:
    unencodable = event(1).model_copy(update={"detail": "half a pair \ud83d"})
    store.append(events(10, 1009))  # keeps the writer busy, so that the next three are committed as one group
    futures = [store.append([event(2)]), store.append([unencodable]), store.append([event(3)])]
    assert futures[2].result().seq == 1002
    with pytest.raises(RefusedError, match="unstorable"):
        futures[1].result()
    assert store.read(reading.prove).fault is None


def test_secrets_never_reach_the_file(path: Path) -> None:
    with AuditStore(path, secrets=["swordfish"]) as store:
        store.append([event(1, detail="said swordfish", payload={"refresh_token": "abc"})]).result()
        assert stored(store)[0].detail == f"said {MASK}"
        assert stored(store)[0].payload == {"refresh_token": MASK}
    assert b"swordfish" not in path.read_bytes()


def test_a_second_owner_is_turned_away_and_told_by_whom(store: AuditStore) -> None:
    with pytest.raises(AuditFileInUse, match=r"in use by process \d+"):
        AuditStore(store.path, patience=timedelta(0))


def test_the_file_is_free_again_after_closing(store: AuditStore) -> None:
    store.close()
    with AuditStore(store.path, patience=timedelta(0)) as next_owner:
        assert stored(next_owner) == []


def test_a_closed_store_takes_nothing_more(store: AuditStore) -> None:
    waiting = store.append([event(1)])
    store.close()
    assert waiting.result().seq == 1
    assert store.closed.result() is None
    with pytest.raises(RetryableError, match="closed"):
        store.append([event(2)])
    with pytest.raises(RetryableError, match="closed"):
        store.read(reading.prove)


def test_an_almost_full_disk_refuses_before_anything_is_written(path: Path) -> None:
    with AuditStore(path, min_free_bytes=2**62) as store, pytest.raises(RetryableError, match="disk"):
        store.append([event(1)]).result()
    with AuditStore(path) as store:
        assert stored(store) == []


@pytest.mark.parametrize("change", ["UPDATE audit SET detail = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_table_itself_refuses_changes(path: Path, change: str) -> None:
    with AuditStore(path) as store:
        store.append(events(1, 2)).result()
    connection = duckdb.connect(str(path))
    with pytest.raises(duckdb.Error, match="append-only"):
        connection.execute(change)
    connection.close()
    with AuditStore(path) as store:
        assert stored(store) == events(1, 2)


@pytest.mark.parametrize(
    ("change", "seq", "kind"),
    [
        ("UPDATE audit SET price = 0.76 WHERE seq = 4", 4, FaultKind.ALTERED),
        ("UPDATE audit SET happened_at = 'infinity' WHERE seq = 4", 4, FaultKind.ALTERED),
        ("UPDATE audit SET kind = 'nonsense' WHERE seq = 4", 4, FaultKind.ALTERED),
        ("UPDATE audit SET payload = '{ }' WHERE seq = 4", 4, FaultKind.ALTERED),
        ("UPDATE audit SET author_id = 0 WHERE seq = 4", 4, FaultKind.ALTERED),
        ("UPDATE audit SET previous = repeat('0', 64) WHERE seq = 4", 4, FaultKind.UNLINKED),
        ("DELETE FROM audit WHERE seq = 4", 4, FaultKind.GAP),
        ("INSERT INTO audit SELECT * REPLACE ('x' AS event_id) FROM audit WHERE seq = 4", 5, FaultKind.GAP),
        ("UPDATE audit SET seq = 9 - seq WHERE seq IN (4, 5)", 4, FaultKind.UNLINKED),
    ],
)
def test_meddling_is_found_at_its_row(path: Path, change: str, seq: int, kind: FaultKind) -> None:
    with AuditStore(path) as store:
        store.append(events(1, 6)).result()
    with meddling(path) as connection:
        connection.execute(change)
    with AuditStore(path) as store:
        fault = store.read(reading.prove).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (seq, kind)


def test_a_cut_tail_stops_the_store_from_opening(path: Path) -> None:
    with AuditStore(path) as store:
        store.append(events(1, 6)).result()
    with meddling(path) as connection:
        connection.execute("DELETE FROM audit WHERE seq > 4")
    with pytest.raises(InvariantError, match="row 5: truncated: the last 2 acknowledged rows are gone"):
        AuditStore(path)


def test_a_new_file_in_place_of_the_old_one_stops_the_store_from_opening(path: Path) -> None:
    with AuditStore(path) as store:
        store.append(events(1, 2)).result()
    path.unlink()
    with pytest.raises(InvariantError, match="row 1: truncated"):
        AuditStore(path)


def test_rows_without_their_anchor_stop_the_store_from_opening(path: Path) -> None:
    with AuditStore(path) as store:
        store.append(events(1, 2)).result()
    AnchorFile(path).path.unlink()
    with pytest.raises(InvariantError, match="missing"):
        AuditStore(path)


def test_a_failed_opening_leaves_the_file_free(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 1000)
    for _ in range(2):
        with pytest.raises(InvariantError, match="can't be opened"):
            AuditStore(path, patience=timedelta(0))


def test_nobody_else_on_the_machine_can_read_the_files(store: AuditStore) -> None:
    store.append([event(1)]).result()
    assert {file.name: file.stat().st_mode & 0o077 for file in [store.path.parent, *store.path.parent.iterdir()]} == {
        "audit": 0,
        "audit.duckdb": 0,
        "audit.duckdb.wal": 0o044,  # DuckDB's own doing: the folder keeps it private
        "audit.head": 0,
        "audit.lock": 0,
        "exports": 0,
    }


def test_an_anchor_that_cannot_be_confirmed_is_made_good_at_the_next_append(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with AuditStore(path) as store:
        store.append([event(1)]).result()
        write, calls = AnchorFile.write, []

        def fail_on_the_second(self: AnchorFile, anchor: object) -> None:
            calls.append(anchor)
            if len(calls) == 2:
                raise OSError("no space left")
            write(self, anchor)  # type: ignore[arg-type]

        monkeypatch.setattr(AnchorFile, "write", fail_on_the_second)
        with pytest.raises(RetryableError, match="no space left"):
            store.append([event(2)]).result()
        head = store.append([event(2)]).result()
        anchor = AnchorFile(path).read()
    assert head.seq == 2
    assert anchor is not None
    assert (anchor.committed, anchor.pending) == (head, None)


def test_a_log_that_is_not_as_it_was_left_ends_the_store_for_all_to_see(
    store: AuditStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_a_fault(self: LogFile, written: object) -> Mark:
        raise InvariantError("row 5: truncated")

    monkeypatch.setattr(LogFile, "append", find_a_fault)
    with pytest.raises(InvariantError, match="truncated"):
        store.append([event(1)]).result()
    assert isinstance(store.closed.exception(timeout=10), InvariantError)
    with pytest.raises(RetryableError, match="closed"):
        store.append([event(2)])
    with AuditStore(store.path, patience=timedelta(0)) as next_owner:
        assert stored(next_owner) == []
