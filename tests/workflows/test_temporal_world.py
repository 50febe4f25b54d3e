"""What the trade's history promises: intents before orders, one attempt for each order, rows that survive a replay."""

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from domain.audit import AuditBatch, AuditKind
from tests.fakes.broker import fail, lose
from tests.workflows.conftest import Floor

SCHEDULED = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
SENDS = ("place_order", "replace_order")


def scheduled(history: WorkflowHistory) -> list[tuple[str, int, str]]:
    """Every activity in the order of the history: (name, workflow task that scheduled it, input as text)."""
    found = []
    for event in history.events:
        if event.event_type == SCHEDULED:
            asked = event.activity_task_scheduled_event_attributes
            text = "".join(payload.data.decode() for payload in asked.input.payloads)
            found.append((asked.activity_type.name, asked.workflow_task_completed_event_id, text))
    return found


async def test_every_intent_is_scheduled_right_before_its_order_in_the_same_workflow_task(floor: Floor) -> None:
    floor.market("0.74", "0.79")
    await floor.alert()
    await floor.after(110)
    calls = scheduled(await floor.history())
    sends = [at for at, (name, _, _) in enumerate(calls) if name in SENDS]
    assert len(sends) == 6
    for at in sends:
        (before, its_task, rows), (_, task, _) = calls[at - 1], calls[at]
        assert (before, its_task) == ("append_audit", task)
        assert AuditBatch.model_validate_json(rows).events[-1].kind is AuditKind.INTENT


async def test_an_order_call_is_attempted_once_whatever_happens(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    floor.broker.will("place_order", fail)
    floor.broker.will("replace_order", lose)
    await floor.alert()
    await floor.end()
    attempts = {
        event.activity_task_scheduled_event_attributes.retry_policy.maximum_attempts
        for event in (await floor.history()).events
        if event.activity_task_scheduled_event_attributes.activity_type.name in SENDS
    }
    assert attempts == {1}


async def test_rows_that_the_store_can_not_take_yet_are_kept_in_order_and_written_later(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    floor.broker.will("append_audit", fail, fail, fail)
    await floor.alert()
    await floor.end()
    assert floor.rows(AuditKind.ALERT)


async def test_trading_does_not_wait_for_the_audit_store(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    floor.broker.always("append_audit", fail)
    await floor.alert()
    await floor.after(8)
    assert len(floor.book.working_sells()) == 1
    floor.broker.always("append_audit", lambda broker, batch: None)


async def test_a_trade_without_a_desk_to_report_to_ends_all_the_same(floor: Floor) -> None:
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.end()
    failed = EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED
    assert [e.event_type for e in (await floor.history()).events].count(failed) == 2
