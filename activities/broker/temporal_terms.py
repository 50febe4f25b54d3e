"""The broker's errors put in Temporal's terms, as every activity of the broker's does."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from activities.broker.limits import ThrottledError
from domain.errors import RefusedError, RetryableError


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
