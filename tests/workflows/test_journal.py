"""What a trade writes down about itself."""

from datetime import UTC, datetime
from typing import cast

from domain.audit import AuditEvent
from tests.workflows.asking import request
from workflows.journal import Journal
from workflows.world import World

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


class Written:
    """A world that keeps what is written down."""

    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    def now(self) -> datetime:
        return NOW

    def record(self, event: AuditEvent) -> None:
        self.events.append(event)


async def test_the_first_row_tells_how_the_message_was_read() -> None:
    world = Written()
    asked = request(NOW).model_copy(update={"reader_version": 2, "profile": "scalps", "read_as": ("verb BTO",)})
    Journal(cast("World", world), asked).alert()
    (event,) = world.events
    assert event.payload["reader"] == {"version": 2, "profile": "scalps", "read_as": ["verb BTO"]}


async def test_a_trade_from_before_readers_had_versions_has_none() -> None:
    world = Written()
    Journal(cast("World", world), request(NOW)).alert()
    assert world.events[0].payload["reader"] == {"version": 0, "profile": "", "read_as": []}
