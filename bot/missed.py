"""What operators are told of that came while nobody could take it: each alert, and what was too much to read."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from domain.alert import AlertMessage
from domain.identifiers import TradeId
from domain.trouble import Trouble, TroubleKind
from workflows.front_door import FrontDoor

_MOST_TOLD = 20  # missed alerts of one sweep, each by itself


def trade_of(message: AlertMessage) -> str:
    """The trade that it is, or would have been."""
    return TradeId(channel_id=message.channel_id, message_id=message.message_id).workflow_id


def troubles_of(missed: Sequence[AlertMessage], front: FrontDoor) -> Iterator[Trouble]:
    """One for each alert that was missed, and one for all beyond a number that anybody reads."""
    for message in missed[:_MOST_TOLD]:
        alerts = ", ".join(map(str, front.read(message).alerts))
        edited = ", edited since" if message.is_edit else ""
        detail = f"{alerts} by {message.author_name} at {message.posted_at:%H:%M:%S} UTC{edited}."
        yield _missed(trade_of(message), detail, message.message_id)
    if beyond := missed[_MOST_TOLD:]:
        first, last = beyond[0], beyond[-1]
        detail = f"And {len(beyond)} more, from {first.posted_at:%H:%M:%S} to {last.posted_at:%H:%M:%S} UTC."
        yield _missed(trade_of(first), detail, f"{trade_of(first)}-to-{last.message_id}")


def unread(place_id: int, read: int, since: datetime, until: datetime) -> Trouble:
    """Of a channel only so many messages were read back; those between these times were not."""
    kind, span = TroubleKind.BOT_HINDERED, f"{since:%H:%M:%S} to {until:%H:%M:%S} UTC"
    detail = (
        f"Of channel {place_id} {read} messages were read back, and those from {span} were not: look there yourself."
    )
    return Trouble(kind=kind, key=f"{kind}:unread:{place_id}:{since.isoformat()}", detail=detail, at=datetime.now(UTC))


def _missed(workflow_id: str, detail: str, key: object) -> Trouble:
    kind = TroubleKind.ALERT_MISSED
    return Trouble(kind=kind, key=f"{kind}:{key}", detail=detail, at=datetime.now(UTC), workflow_id=workflow_id)
