"""The trade that an alert asks for."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from domain.alert import Action, Alert, AlertMessage, OptionType
from domain.identifiers import snowflake_at
from domain.trade import TradeRequest
from tests.fakes.broker import CONTRACT

_MESSAGES = count(7)  # no two messages have one id, even in one millisecond


def request(
    posted_at: datetime | None = None, dry_run: bool = False, card: bool = False, **alert: object
) -> TradeRequest:
    """The trade that `BTO UBER 78p 12/04 @ 0.75` asks for, with changes."""
    moment = posted_at or datetime.now(UTC)
    message = AlertMessage(
        channel_id=1,
        message_id=snowflake_at(moment, next(_MESSAGES)),
        author_id=2,
        author_name="tester",
        text="BTO UBER 78p 12/04 @ 0.75",
        posted_at=moment,
    )
    fields: dict[str, object] = {
        "action": Action.BTO,
        "symbol": "UBER",
        "strike": Decimal(78),
        "option_type": OptionType.PUT,
        "expiry": CONTRACT.expiry,
        "price": Decimal("0.75"),
    }
    return TradeRequest(
        message=message,
        alert=Alert.model_validate(fields | alert),
        account_number="5WX00042",
        dry_run=dry_run,
        card=card,
    )
