"""Whether a message may start a trade: who wrote it, where, when, what it asks for. The desk's book adds the counts."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.alert import Action, Alert, AlertMessage
from domain.direction import Direction
from domain.identifiers import snowflake_time
from domain.refusals import Refusal, RefusalCode
from domain.settings import Allowlist, DeskLimits, ShortOptionSettings
from domain.symbols import broker_symbol, plain, underlying_of

NEW_YORK = ZoneInfo("America/New_York")


def message_refusal(allowlist: Allowlist, message: AlertMessage) -> Refusal | None:
    """Whether this author may start a trade from this channel with such a message. Ids decide, never names."""
    if message.is_reply or message.is_edit:
        return Refusal(code=RefusalCode.NOT_A_FIRST_MESSAGE)
    if message.channel_id not in allowlist.channels:
        return Refusal(code=RefusalCode.CHANNEL_NOT_ALLOWED, detail=str(message.channel_id))
    machine = message.webhook_id if message.webhook_id is not None else message.author_id if message.is_bot else None
    if machine is not None:
        allowed = machine in allowlist.bots
    else:
        allowed = message.author_id in allowlist.users or not allowlist.roles.isdisjoint(message.role_ids)
    return None if allowed else Refusal(code=RefusalCode.AUTHOR_NOT_ALLOWED, detail=str(machine or message.author_id))


def age_refusal(message: AlertMessage, now: datetime, max_age: timedelta) -> Refusal | None:
    """Whether the alert is too old to send anything for (invariant 3), by the time in the message's own id."""
    age = now - snowflake_time(message.message_id)
    if age <= max_age:
        return None
    return Refusal(
        code=RefusalCode.TOO_OLD, detail=f"{age.total_seconds():.1f} s, at most {max_age.total_seconds():g} s"
    )


def action_refusal(limits: DeskLimits, shorts: ShortOptionSettings, action: Action) -> Refusal | None:
    """Whether alerts may ask for this; what is sold first needs its own word in the settings too."""
    if action in limits.actions:
        return None
    if Direction.of(action).is_short and not shorts.enabled:
        return Refusal(code=RefusalCode.SHORT_OPTIONS_OFF, detail=str(action))
    return Refusal(code=RefusalCode.ACTION_NOT_TRADED, detail=str(action))


def alert_refusal(limits: DeskLimits, alert: Alert, today: date) -> Refusal | None:
    """Whether such an alert's contract is traded at all; `today` is New York's."""
    if underlying_of(alert.symbol) in map(underlying_of, limits.restricted_symbols):
        return Refusal(code=RefusalCode.RESTRICTED_SYMBOL, detail=alert.symbol)
    if alert.expiry is None:
        return None
    days = (alert.expiry - today).days
    if days < 0:
        return Refusal(code=RefusalCode.EXPIRED, detail=f"{alert.expiry}")
    if days == 0 and not limits.allow_0dte:
        return Refusal(code=RefusalCode.EXPIRES_TODAY, detail=f"{alert.expiry}")
    if days > limits.max_days_to_expiry:
        detail = f"{alert.expiry} is in {days} days, at most {limits.max_days_to_expiry}"
        return Refusal(code=RefusalCode.EXPIRES_TOO_LATE, detail=detail)
    return None


def add_refusal(limits: DeskLimits, message: AlertMessage, alert: Alert) -> Refusal | None:
    """Whether this author may add to a position; where that is set, each add is a trade of its own."""
    if not alert.is_add or author_of(message) in limits.adds_by:
        return None
    return Refusal(code=RefusalCode.ADD_NOT_TRADED)


def author_of(message: AlertMessage) -> int:
    """Who speaks, by immutable id: the webhook's where it is one, for all its messages have one author."""
    return message.author_id if message.webhook_id is None else message.webhook_id


def contract_and_side(alert: Alert) -> str:
    """What two alerts must share to be one said twice: who buys `/ES` and then `/ESZ6` means the same month."""
    contract = "" if alert.strike is None else f"{plain(alert.strike)}{alert.option_type} {alert.expiry}"
    by_root = alert.is_future and not alert.action.closes
    symbol = underlying_of(alert.symbol) if by_root else broker_symbol(alert.symbol)
    return f"{alert.action} {symbol} {contract}".strip()


def what_is_asked(alert: Alert) -> str:
    """What two alerts must share to be one said twice: "all out" behind "trim half" is another."""
    part = f" {alert.quantity or ''} {alert.fraction or ''} {alert.partial}" if alert.action.closes else ""
    return contract_and_side(alert) + part
