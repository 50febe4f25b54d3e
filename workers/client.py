"""The one way to a Temporal client: the same address, namespace and converter everywhere."""

import asyncio
from datetime import timedelta

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from domain.errors import AlertladderError
from workers.settings import Settings

_PATIENCE = timedelta(seconds=5)


class TemporalUnreachable(AlertladderError):
    """No Temporal server answers where the settings say."""


async def connect(settings: Settings, patience: timedelta = _PATIENCE) -> Client:
    """Connect, trying again for `patience`. TemporalUnreachable after that."""
    address = settings.temporal.address
    deadline = asyncio.get_running_loop().time() + patience.total_seconds()
    while True:
        try:
            return await Client.connect(
                address, namespace=settings.temporal.namespace, data_converter=pydantic_data_converter
            )
        except (RuntimeError, RPCError) as error:  # the SDK reports a refused connection as RuntimeError
            if asyncio.get_running_loop().time() > deadline:
                raise TemporalUnreachable(f"no Temporal server at {address}: is `alertladder up` running?") from error
            await asyncio.sleep(0.2)
