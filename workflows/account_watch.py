"""The account watch: one entity workflow per account that keeps a stream activity running for ever."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.interfaces import WatchActivities
    from domain.broker import WatchAccount

# A dead worker is noticed by its missing heartbeats; another takes over and re-reads what was missed.
_HEARTBEAT = timedelta(seconds=2)
_ONE_WATCH = timedelta(hours=12)
# It fails when its worker dies, however often that was: fills wait for the next one. The watch itself is patient with a
# broker that is away.
_FOR_EVER = RetryPolicy(initial_interval=timedelta(milliseconds=200), backoff_coefficient=1.0)


@workflow.defn
class AccountWatch:
    """Keeps the account's stream watched. Each run holds one long activity."""

    @workflow.run
    async def run(self, request: WatchAccount) -> None:
        """Watch, and hand on before the history grows."""
        await workflow.execute_activity_method(
            WatchActivities.watch_account,
            request,
            start_to_close_timeout=_ONE_WATCH,
            heartbeat_timeout=_HEARTBEAT,
            retry_policy=_FOR_EVER,
            summary=f"Account stream of {request.account_number}",
        )
        workflow.continue_as_new(request)
