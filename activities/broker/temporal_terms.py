"""What every activity of the broker's does the same way: errors put in Temporal's terms, and signs of life."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.broker.limits import ThrottledError
from domain.errors import RefusedError, RetryableError

_BEAT = 1.0  # seconds
Answer = TypeVar("Answer")


@contextmanager
def in_temporals_terms() -> Iterator[None]:
    """A definite no is not asked again; all else may be, at the pace that the broker asked for."""
    try:
        yield
    except RefusedError as error:
        raise ApplicationError(str(error), type="Refused", non_retryable=True) from error
    except ThrottledError as error:
        raise ApplicationError(str(error), type="Retryable", next_retry_delay=error.after) from error
    except RetryableError as error:
        raise ApplicationError(str(error), type="Retryable") from error


async def beating(call: Coroutine[Any, Any, Answer]) -> Answer:
    """Show that this worker lives while a call is under way: what a dead one was doing is taken up seconds later."""
    under_way = asyncio.ensure_future(call)
    while not under_way.done():
        if activity.in_activity():
            activity.heartbeat()
        await asyncio.wait({under_way}, timeout=_BEAT)
    return under_way.result()
