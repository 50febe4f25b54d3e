"""A new audit file for each test, and its store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.audit.store import AuditStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit" / "audit.duckdb"


@pytest.fixture
def store(path: Path) -> Iterator[AuditStore]:
    with AuditStore(path) as opened:
        yield opened
