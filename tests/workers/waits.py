"""A worker to be killed: `python -m tests.workers.waits ADDRESS timely|plain`. It says READY when it serves."""

import asyncio
import sys
from datetime import timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from workers.timely import TimelyRunner

PATIENCE = timedelta(seconds=1)
QUEUE, READY = "waits", "ready"


@workflow.defn
class Waits:
    """Asks, again and again, what nobody answers, and tells each time by which clock."""

    def __init__(self) -> None:
        self._waited = 0

    @workflow.run
    async def run(self, times: int) -> int:
        while self._waited < times:
            try:
                await workflow.execute_activity(
                    "nobody_serves",
                    workflow.now().isoformat(),
                    task_queue="nobody",
                    schedule_to_close_timeout=PATIENCE,
                    retry_policy=RetryPolicy(maximum_attempts=1),
                )
            except ActivityError:
                self._waited += 1
        return self._waited

    @workflow.query
    def waited(self) -> int:
        return self._waited


async def serve(address: str, how: str) -> None:
    plain = UnsandboxedWorkflowRunner()
    client = await Client.connect(address)
    async with Worker(
        client,
        task_queue=QUEUE,
        workflows=[Waits],
        workflow_runner=TimelyRunner(plain) if how == "timely" else plain,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=4),
    ):
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
