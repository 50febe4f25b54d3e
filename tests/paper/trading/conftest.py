"""An exchange whose clock the test sets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paper.trading.floor import Floor


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    made = Floor(tmp_path / "paper.db")
    yield made
    made.exchange.store.close()
