"""Workflows whose clock keeps up with what happens to them, and questions that come a moment too early.

A query for a workflow whose worker has died waits for the next one. Whatever happens to the workflow meanwhile (an
activity times out, a timer fires, a signal comes) is in the history that comes along with the query, but the task that
will handle it is not: it starts later. SDK 1.35 applies such events for the query's sake, by the time of the task
before, keeps the commands, and hands them in with the real task. `workflow.now()` was older then than any replay will
find it, and a workflow that decides by it can never be replayed again. Here the query is refused instead, the worker
forgets what it had built up, and the task finds the workflow as its history has it.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import Interceptor, OutboundInterceptor, QueryWorkflowInput, WorkflowQueryFailedError
from temporalio.converter import SerializationContext
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.workflow import Info

_TOO_EARLY = "Asked while something was about to happen to it; ask again."
_PAUSE = 0.1  # seconds
_PATIENCE = timedelta(seconds=10)  # the SDK's own
# The server gives a question to a killed worker's last poll while it has not noticed the death, and no answer comes.
_ONE_QUESTION = timedelta(seconds=3)


class TimelyRunner(WorkflowRunner):
    """Runs workflows as another runner does, and never by a clock that stands still."""

    def __init__(self, runner: WorkflowRunner) -> None:
        self._runner = runner

    def prepare_workflow(self, defn: Any) -> None:
        """See the SDK."""
        self._runner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """See the SDK."""
        return _Timely(self._runner.create_instance(det))

    def set_worker_level_failure_exception_types(self, types: Any) -> None:
        """See the SDK."""
        self._runner.set_worker_level_failure_exception_types(types)


class _Timely(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance) -> None:
        self._instance = instance
        self._time, self._length = 0, 0

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        time, length = act.timestamp.ToNanoseconds(), act.history_length
        # A task's start is an event with a time of its own: history can't grow while the clock stands still.
        if not act.is_replaying and time == self._time and length > self._length:
            refused = WorkflowActivationCompletion()
            refused.failed.failure.message = _TOO_EARLY
            return refused
        self._time, self._length = time, length
        return self._instance.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        return self._instance.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._instance.get_external_store_context(command_info)

    def get_info(self) -> Info:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()


class AsksAgain(Interceptor):
    """A client's: a question that came too early, or was lost with a worker that died, is asked again by itself.

    A question changes nothing, so that asking twice does no harm. `rpc_timeout` bounds all of it; ten seconds without.
    """

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        """See the SDK."""
        return _Again(next)


class _Again(OutboundInterceptor):
    async def query_workflow(self, input: QueryWorkflowInput) -> Any:
        clock = asyncio.get_running_loop().time
        ends = clock() + (input.rpc_timeout or _PATIENCE).total_seconds()
        while True:
            left = max(0.0, ends - clock())
            once = replace(input, rpc_timeout=min(timedelta(seconds=left), _ONE_QUESTION))
            try:
                return await super().query_workflow(once)
            except (WorkflowQueryFailedError, RPCError) as error:
                if not _may_pass(error) or clock() + _PAUSE >= ends:
                    raise
            await asyncio.sleep(_PAUSE)


def _may_pass(error: WorkflowQueryFailedError | RPCError) -> bool:
    if isinstance(error, RPCError):
        return error.status in (RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED)
    return _TOO_EARLY in error.message
