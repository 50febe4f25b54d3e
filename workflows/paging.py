"""Calling an operator from a workflow: patiently, and without ever failing the one who calls."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.interfaces import OperatorActivities
    from domain.identifiers import desk_workflow_id
    from domain.trouble import OperatorPage, Trouble

_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
_ONE_CALL = timedelta(seconds=10)
_PATIENCE = timedelta(hours=1)  # after that it stands in the audit and in the log


async def call_operator(account_number: str, troubles: tuple[Trouble, ...]) -> None:
    """By way of the desk, which tells each trouble once; without a desk, straight and all together."""
    desk = workflow.get_external_workflow_handle(desk_workflow_id(account_number))
    unheard = []
    for trouble in troubles:
        try:
            await desk.signal("trouble", trouble)
        except ApplicationError:
            unheard.append(trouble)
    if unheard:
        await page_operator(account_number, tuple(unheard))


async def page_operator(account_number: str, troubles: tuple[Trouble, ...]) -> bool:
    """Tell an operator of these; False when nobody could be reached in an hour."""
    try:
        await workflow.execute_activity_method(
            OperatorActivities.page_operator,
            OperatorPage(account_number=account_number, troubles=troubles),
            start_to_close_timeout=_ONE_CALL,
            schedule_to_close_timeout=_PATIENCE,
            retry_policy=_RETRIES,
            summary=f"Operator: {', '.join(trouble.kind for trouble in troubles)}",
        )
    except ActivityError:
        workflow.logger.exception("no operator could be reached about %s", [trouble.key for trouble in troubles])
        return False
    return True
