"""The audit worker's process: the only owner of the audit file, serving the `audit` queue."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from pydantic import SecretStr
from temporalio.client import Client
from temporalio.worker import Interceptor, Worker

from activities.audit.activities import DuckDbAudit
from activities.audit.store import AuditStore
from activities.interfaces import AUDIT_QUEUE
from workers.client import connect
from workers.process import until_told_to_stop
from workers.settings import Settings

_START_PATIENCE = timedelta(seconds=60)
_FINISH_WORK = timedelta(seconds=10)


async def run(settings: Settings, interceptors: Sequence[Interceptor] = ()) -> None:
    """Serve until told to stop, or until the store had to stop: then raise why, so that a supervisor starts anew."""
    client = await connect(settings, _START_PATIENCE)
    with AuditStore(settings.audit_path, secrets=known_secrets(settings)) as store:
        stopped = asyncio.ensure_future(asyncio.wrap_future(store.closed))
        told = asyncio.ensure_future(until_told_to_stop())
        async with _worker(client, DuckDbAudit(store), interceptors):
            await asyncio.wait({stopped, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if stopped.done():
            stopped.result()


def _worker(client: Client, audit: DuckDbAudit, interceptors: Sequence[Interceptor]) -> Worker:
    return Worker(
        client,
        task_queue=AUDIT_QUEUE,
        activities=audit.served,
        graceful_shutdown_timeout=_FINISH_WORK,
        interceptors=interceptors,
    )


def known_secrets(settings: Settings) -> tuple[str, ...]:
    """What must never be written down, whoever writes it."""
    held: tuple[SecretStr | None, ...] = (
        settings.broker.client_secret,
        settings.broker.refresh_token,
        _token_of(settings),
        settings.operator.webhook_url,
        *settings.api.secrets,
    )
    return tuple(secret.get_secret_value() for secret in held if secret is not None)


def _token_of(settings: Settings) -> SecretStr | None:
    """The bot's, where this process may read it."""
    try:
        return settings.discord.secret
    except OSError:
        return None
