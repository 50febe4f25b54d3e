"""The reader as lines of JSON: what `alertladder parse` speaks."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.alert import Alert
from domain.profile import PLAIN, Profile
from domain.reading.reader import read
from domain.symbols import plain


def answer_line(line: str, profile: Profile = PLAIN) -> str:
    """One message in, {"id", "text", "posted_at"}; its reading out, in one line. ValueError says what is wrong."""
    message = _message(line)
    reading = read(message["text"], _moment(message["posted_at"]), profile)
    refused = None if reading.refused is None else reading.refused.model_dump(mode="json", include={"code", "detail"})
    alerts = [fields(alert) for alert in reading.alerts]
    return json.dumps({"id": message["id"], "alerts": alerts, "refused": refused})


def _message(line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from error
    missing = [key for key in ("id", "text", "posted_at") if not isinstance(message, dict) or key not in message]
    if missing:
        raise ValueError(f"no {', '.join(missing)} in it")
    if not isinstance(message["text"], str) or not isinstance(message["posted_at"], str):
        raise ValueError("text and posted_at are strings")  # noqa: TRY004  one kind of error for one bad line
    return dict(message)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"posted_at {text} has no time zone")
    return moment


def fields(alert: Alert) -> dict[str, Any]:
    """An alert as the lines have it."""

    def number(value: Decimal | None) -> float | None:
        return None if value is None else float(value)

    return {
        "action": alert.action.value,
        "symbol": alert.symbol,
        "strike": number(alert.strike),
        "option_type": alert.option_type.value if alert.option_type else None,
        "expiry": alert.expiry.isoformat() if alert.expiry else None,
        "quantity": alert.quantity,
        "price": number(alert.price),
        "price_range": [float(price) for price in alert.price_range] if alert.price_range else None,
        "fraction": number(alert.fraction),
        "partial": alert.partial,
        "stop": _percent(alert.in_percent.stop) or number(alert.stop),
        "targets": _targets(alert),
        "label": alert.label,
    }


def _targets(alert: Alert) -> list[float | str]:
    if not alert.in_percent.targets:
        return [float(target) for target in alert.targets]
    return [_percent(target) or "" for target in alert.in_percent.targets]


def _percent(written: Decimal | None) -> str | None:
    """As it was written: `30%`."""
    return None if written is None else f"{plain(written)}%"
