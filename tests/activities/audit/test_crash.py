"""What was acknowledged outlives the process, the disk's last byte, and the loss of the write-ahead log is noticed."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from activities.audit import reading
from activities.audit.store import AuditStore
from activities.audit.unowned import unowned_audit
from domain.audit_queries import AuditQuery
from domain.chain import FaultKind
from domain.errors import InvariantError
from tests.activities.audit import full_disk, writer


def run_until_killed(path: Path, first: int, acknowledgements: int, checkpoint_at: str = "50KB") -> int:
    """Let the writer acknowledge that often, kill it in the midst of the next, and say which event was the last."""
    command = [sys.executable, "-m", writer.__name__, str(path), str(first), checkpoint_at]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(acknowledgements)]
        process.kill()
        said += process.stdout.readlines()
    return int([line for line in said if line.endswith("\n")][-1])


def stored_numbers(store: AuditStore) -> list[int]:
    numbers: list[int] = []
    before: int | None = None
    while True:
        query = AuditQuery(limit=500, before=before)
        page = store.read(partial(reading.recent, query=query))
        numbers += [int(row.event.event_id.rpartition(":")[2]) for row in page.rows]
        before = page.next_seq
        if before is None:
            return numbers[::-1]


def test_killing_the_owner_at_any_moment_loses_and_doubles_no_acknowledged_row(path: Path) -> None:
    acknowledged = -1
    for kill in (1, 2, 5, 12, 30):
        acknowledged = run_until_killed(path, acknowledged + 1, kill)
        with AuditStore(path) as store:
            numbers = stored_numbers(store)
            assert store.read(reading.prove).fault is None
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > acknowledged


async def test_the_file_of_a_killed_owner_can_be_read_as_it_lies(path: Path) -> None:
    acknowledged = run_until_killed(path, 0, 3)
    with unowned_audit(path) as audit:
        verdict = await audit.audit_verify()
    assert verdict.fault is None
    assert verdict.rows > acknowledged


async def test_a_lost_write_ahead_log_is_found_through_the_anchor(path: Path) -> None:
    run_until_killed(path, 0, 1, checkpoint_at="16MB")
    path.with_name("audit.duckdb.wal").unlink()
    with unowned_audit(path) as audit:
        fault = (await audit.audit_verify()).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (1, FaultKind.TRUNCATED)
    with pytest.raises(InvariantError, match="truncated"):
        AuditStore(path)


@pytest.mark.parametrize(
    ("limit", "checkpoint_at", "outcome"),
    [
        pytest.param(300_000, "16MB", "refused", id="while writing a row"),
        pytest.param(1_000_000, "100KB", "fatal", id="while checkpointing"),
    ],
)
def test_a_full_disk_stops_appends_and_nothing_else(path: Path, limit: int, checkpoint_at: str, outcome: str) -> None:
    command = [sys.executable, "-m", full_disk.__name__, str(path), str(limit), checkpoint_at]
    ended = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert ended[outcome] > 0
    assert ended["fault"] == "None"
    assert ended["rows"] >= ended["kept"] + 1
