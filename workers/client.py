"""The one way to a Temporal client: the same address, namespace and converter everywhere."""

import asyncio
import getpass
from datetime import timedelta

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RetryConfig, RPCError

from domain.command import Person
from domain.errors import AlertladderError
from workers.settings import Settings
from workers.timely import AsksAgain

_PATIENCE = timedelta(seconds=5)
# What the server drops while the desk hands its book on, or while it restarts, is asked again at once and often: the
# SDK's default pauses grow to five seconds, and an alert is too old after ten.
_RETRIES = RetryConfig(
    initial_interval_millis=50, multiplier=1.5, max_interval_millis=400, max_elapsed_time_millis=10_000, max_retries=40
)


class TemporalUnreachable(AlertladderError):
    """No Temporal server answers where the settings say."""


def own_name() -> Person:
    """Whoever sits at this command line, for the audit."""
    return Person(name=getpass.getuser(), via="command line")


async def connect_lazily(settings: Settings) -> Client:
    """A client that connects when it is first used, and says RuntimeError or RPCError while it can't."""
    return await Client.connect(
        settings.temporal.address,
        namespace=settings.temporal.namespace,
        data_converter=pydantic_data_converter,
        retry_config=_RETRIES,
        interceptors=[AsksAgain()],
        lazy=True,
    )


async def connect(settings: Settings, patience: timedelta = _PATIENCE) -> Client:
    """Connect, trying again for `patience`. TemporalUnreachable after that."""
    address = settings.temporal.address
    deadline = asyncio.get_running_loop().time() + patience.total_seconds()
    while True:
        try:
            return await Client.connect(
                address,
                namespace=settings.temporal.namespace,
                data_converter=pydantic_data_converter,
                retry_config=_RETRIES,
                interceptors=[AsksAgain()],
            )
        except (RuntimeError, RPCError) as error:  # the SDK reports a refused connection as RuntimeError
            if asyncio.get_running_loop().time() > deadline:
                raise TemporalUnreachable(f"no Temporal server at {address}: is `alertladder up` running?") from error
            await asyncio.sleep(0.2)
