"""Where a trade's time goes, by the server's own timestamps in its history: waiting for a worker, and working."""

from collections import defaultdict
from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from rich.table import Table
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from bench.timing import percentile

_SCHEDULED = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
}
_WORKFLOW_TASK = "workflow task"


@dataclass
class _Step:
    """All tasks of one name: milliseconds from scheduled to started, and from started to completed."""

    waited: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)


@dataclass
class Breakdown:
    """Tasks until the entry order was sent, and after, over many trades."""

    trades: int = 0
    before: dict[str, _Step] = field(default_factory=lambda: defaultdict(_Step))
    after: dict[str, _Step] = field(default_factory=lambda: defaultdict(_Step))

    def add(self, events: Iterable[HistoryEvent]) -> None:
        """Take one trade's history in."""
        self.trades += 1
        scheduled: dict[int, tuple[str, datetime]] = {}
        started: dict[int, datetime] = {}
        steps = self.before
        for event in events:
            at = _moment(event.event_time)
            if event.event_type in _SCHEDULED:
                name = _name(event)
                scheduled[event.event_id] = name, at
                steps = self.after if name == "place_order" else steps
            elif (first := _started_for(event)) in scheduled:
                steps[scheduled[first][0]].waited.append(_ms(scheduled[first][1], at))
                started[first] = at
            elif (first := _completed_for(event)) in started:
                steps[scheduled[first][0]].worked.append(_ms(started[first], at))

    def table(self) -> Table:
        """Medians and counts, the part before the entry order first."""
        table = Table(title=f"by {self.trades} histories, milliseconds", header_style="bold", box=None)
        for name in ("when", "task", "a trade", "wait p50", "wait p95", "work p50", "work p95"):
            table.add_column(name, justify="left" if name in ("when", "task") else "right")
        for when, steps in (("to the entry order", self.before), ("from it on", self.after)):
            for name, step in sorted(steps.items()):
                shown = [_shown(values, percent) for values in (step.waited, step.worked) for percent in (50, 95)]
                table.add_row(when, name, f"{len(step.waited) / self.trades:.1f}", *shown)
        return table


async def breakdown(client: Client, workflow_ids: Iterable[str]) -> Breakdown:
    """The breakdown of these trades."""
    found = Breakdown()
    for workflow_id in workflow_ids:
        found.add(await _events(client.get_workflow_handle(workflow_id).fetch_history_events()))
    return found


async def _events(events: AsyncIterable[HistoryEvent]) -> list[HistoryEvent]:
    return [event async for event in events]


def _name(event: HistoryEvent) -> str:
    if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
        return _WORKFLOW_TASK
    return event.activity_task_scheduled_event_attributes.activity_type.name


def _started_for(event: HistoryEvent) -> int:
    """The id of the event that scheduled what starts here; 0 for any other event."""
    return (
        event.activity_task_started_event_attributes.scheduled_event_id
        or event.workflow_task_started_event_attributes.scheduled_event_id
    )


def _completed_for(event: HistoryEvent) -> int:
    return (
        event.activity_task_completed_event_attributes.scheduled_event_id
        or event.workflow_task_completed_event_attributes.scheduled_event_id
    )


def _shown(values: list[float], percent: int) -> str:
    return f"{percentile(values, percent):.0f}" if values else "-"


def _moment(at: Timestamp) -> datetime:
    return at.ToDatetime()


def _ms(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() * 1000
