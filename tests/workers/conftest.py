from collections.abc import Iterator

import pytest

from tests.fakes.services import Telephone


@pytest.fixture
def telephone() -> Iterator[Telephone]:
    """A line that is hung up at the end."""
    line = Telephone()
    with line.ours, line.theirs:
        yield line
