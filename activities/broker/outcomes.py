"""What an answer to an order request proves. The broker has no idempotency, so this table decides what may follow.

Only three things prove that nothing happened: no connection was made, no token was got, or the broker refused in a
definite 4xx. Everything else is unknown, and is settled by looking the order up.
"""

import httpx2

from activities.broker.records import UnreadableRecord, broker_order
from activities.broker.session import Json, error_of
from domain.orders import BrokerOrder, OrderAnswer, Outcome

# Nothing left this machine.
NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_DEFINITE = range(400, 500)
# A time-out and a rate limit may be answered by something in front of the broker, after it took the order.
_DOUBTFUL = (408, 429)


def answer_to_failure(error: httpx2.HTTPError) -> OrderAnswer:
    """For a request that got no answer."""
    outcome = Outcome.REFUSED if isinstance(error, NOT_SENT) else Outcome.UNKNOWN
    return OrderAnswer(outcome=outcome, code=type(error).__name__, message=str(error) or "no answer")


def answer_to_response(response: httpx2.Response) -> OrderAnswer:
    """For a request that was answered. A 2xx whose record can't be read is unknown, not refused."""
    code, message = error_of(response)
    status = response.status_code
    if status in _DEFINITE and status not in _DOUBTFUL:
        return OrderAnswer(outcome=Outcome.REFUSED, code=code or str(status), message=message or f"status {status}")
    if not response.is_success:
        return OrderAnswer(outcome=Outcome.UNKNOWN, code=code or str(status), message=message or f"status {status}")
    try:
        data = response.json()["data"]
        return OrderAnswer(
            outcome=Outcome.ACCEPTED,
            order=_record(data),
            warnings=tuple(str(warning.get("message")) for warning in data.get("warnings") or ()),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return OrderAnswer(outcome=Outcome.UNKNOWN, code="unreadable", message=f"accepted, unreadable: {error!r}")


def _record(data: Json) -> BrokerOrder:
    # A replacement's record is the answer itself, a new order's is inside it.
    raw = data.get("order", data)
    if not isinstance(raw, dict):
        raise UnreadableRecord("no order in the answer")
    return broker_order(raw)
