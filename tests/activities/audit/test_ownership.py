"""One owner at a time, by a lock that reading the database can't shake off."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from activities.audit.ownership import AuditFileInUse, Ownership


def test_only_one_holder_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "audit.duckdb"
    held = Ownership.take(path)
    with pytest.raises(AuditFileInUse):
        Ownership.take(path)
    held.release()
    Ownership.take(path).release()


def test_patience_outlasts_a_predecessor_that_is_leaving(tmp_path: Path) -> None:
    path = tmp_path / "audit.duckdb"
    held = Ownership.take(path)
    leaving = threading.Timer(0.1, held.release)
    leaving.start()
    Ownership.take(path, timedelta(seconds=30)).release()
    leaving.join()


def test_opening_and_closing_the_database_does_not_shake_the_lock_off(tmp_path: Path) -> None:
    path = tmp_path / "audit.duckdb"
    held = Ownership.take(path)
    path.write_bytes(b"")
    path.read_bytes()
    with pytest.raises(AuditFileInUse):
        Ownership.take(path)
    held.release()
