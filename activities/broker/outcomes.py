"""What is known after an order call: the one table from answers and failures to ACCEPTED, REFUSED and UNKNOWN.

Only three things prove that nothing was placed: the connection was never made, the broker's own 4xx, or no token. All
else may have reached the book. https://developer.tastytrade.com/docs/guides/idempotency-and-retries
"""

from decimal import Decimal
from typing import Any

import httpx2

from activities.broker.records import UnreadableRecordError, broker_order, number
from activities.broker.replies import Json, Reply
from domain.orders import BrokerOrder, OrderAnswer, Outcome

_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
# 408: the broker stopped waiting, which says nothing about what it had taken in. 429: by convention nothing happened,
# but the convention is not documented.
_DOUBTFUL = (408, 429)


def of_failure(error: httpx2.HTTPError) -> OrderAnswer:
    """No answer came. Unless the connection failed before the request could leave, the order may be in the book."""
    outcome = Outcome.REFUSED if isinstance(error, _NEVER_SENT) else Outcome.UNKNOWN
    code = "unreachable" if outcome is Outcome.REFUSED else "no_answer"
    return OrderAnswer(outcome=outcome, code=code, message=f"{type(error).__name__}: {error}".removesuffix(": "))


def of_placement(reply: Reply) -> OrderAnswer:
    """The answer to placing or replacing."""
    if not reply.is_success:
        return _not_accepted(reply)
    try:
        order = broker_order(reply.data.get("order", reply.data))
    except UnreadableRecordError as error:
        return OrderAnswer(outcome=Outcome.UNKNOWN, code="unreadable_answer", message=str(error))
    if order.order_id == 0:
        return OrderAnswer(outcome=Outcome.UNKNOWN, code="unreadable_answer", message="id is missing")
    return _accepted(order, reply)


def of_dry_run(reply: Reply) -> OrderAnswer:
    """The answer to a check, which places nothing. A refusal may come as a success with a list of errors."""
    errors = _sentences(reply.data.get("errors"))
    if not reply.is_success:
        return _not_accepted(reply)
    if errors:
        return OrderAnswer(outcome=Outcome.REFUSED, code=errors[0].partition(":")[0], message="; ".join(errors))
    try:
        order = broker_order(reply.data.get("order", reply.data))
    except UnreadableRecordError as error:
        return OrderAnswer(outcome=Outcome.UNKNOWN, code="unreadable_answer", message=str(error))
    return _accepted(order.model_copy(update={"order_id": 0}), reply)


def of_cancel(reply: Reply) -> OrderAnswer:
    """The answer to a cancel. Success means asked for; the order in the body, if it can be read, is where it stands."""
    if not reply.is_success:
        return _not_accepted(reply)
    try:
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=broker_order(reply.data))
    except UnreadableRecordError:
        return OrderAnswer(outcome=Outcome.ACCEPTED)


def not_sent(code: str, message: str) -> OrderAnswer:
    """It was decided on this side not to send."""
    return OrderAnswer(outcome=Outcome.REFUSED, code=code, message=message)


def _not_accepted(reply: Reply) -> OrderAnswer:
    """A 4xx refuses if it is the broker's own: a proxy's page with that status says nothing about what went before."""
    definite = 400 <= reply.status < 500 and reply.status not in _DOUBTFUL and reply.error is not None
    outcome = Outcome.REFUSED if definite else Outcome.UNKNOWN
    if definite and reply.status == httpx2.codes.UNAUTHORIZED:
        return OrderAnswer(outcome=outcome, code="unauthorised", message=f"{reply.code}: {reply.message}")
    return OrderAnswer(outcome=outcome, code=reply.code, message=reply.message)


def _accepted(order: BrokerOrder, reply: Reply) -> OrderAnswer:
    said = [*_sentences(reply.data.get("warnings")), *_sentences(reply.data.get("errors"))]
    return OrderAnswer(
        outcome=Outcome.ACCEPTED,
        order=order,
        warnings=tuple(said),
        buying_power_used=_buying_power_used(reply.data.get("buying-power-effect")),
    )


def _sentences(raw: Any) -> list[str]:
    entries = raw if isinstance(raw, list) else []
    return [f"{entry.get('code')}: {entry.get('message')}" for entry in entries if isinstance(entry, dict)]


def _buying_power_used(effect: Json | Any) -> Decimal | None:
    """Dollars, fees included; a credit, which sets buying power free, is negative."""
    if not isinstance(effect, dict) or "change-in-buying-power" not in effect:
        return None
    try:
        amount = abs(number(effect["change-in-buying-power"]))
    except ValueError:
        return None
    return amount if effect.get("change-in-buying-power-effect") == "Debit" else -amount
