"""The message that an alert over HTTP is: its name decides that sending it twice is one trade, for ever.

A name has its time inside, because an alert's age is part of what keeps it safe (invariants 1 and 3): once the server
has forgotten an old trade, only the age in the name still refuses it. So the name is a message's id as Discord makes
them, or an Idempotency-Key that is a UUID of version 7, which begins with its milliseconds too.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from uuid import RFC_4122, UUID

from api.errors import ApiError
from domain.identifiers import snowflake_at, snowflake_time

_CLOCKS_DIFFER = timedelta(seconds=5)
_MILLISECONDS_SHIFT = 80
_DISCORD_BEGAN = datetime(2015, 1, 1, tzinfo=UTC)
_VERSION = 7


def message_id(given: int | None, key: str | None, now: datetime) -> int:
    """The message's id: the `given` one, or a function of the Idempotency-Key. ApiError when there is not just one."""
    if (given is None) == (key is None):
        message = (
            "Name the alert by either message_id or an Idempotency-Key header, so that a repeat is the same trade."
        )
        raise _bad("name_needed", message)
    own_id = given if given is not None else _of_key(key or "")
    if snowflake_time(own_id) > now + _CLOCKS_DIFFER:
        # Its age would not refuse it for as long as it lies ahead.
        raise _bad("from_the_future", f"The name says {snowflake_time(own_id):%Y-%m-%d %H:%M:%S} UTC: it lies ahead.")
    return own_id


def _of_key(key: str) -> int:
    uuid = _uuid(key)
    at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=uuid.int >> _MILLISECONDS_SHIFT)
    if at < _DISCORD_BEGAN:
        raise _bad("bad_key", "The Idempotency-Key's time is before 2015.")
    # What is left of the key after its time takes 22 bits here: two keys of one millisecond that share them are told
    # apart by their alerts, and the second is refused.
    return snowflake_at(at, int.from_bytes(sha256(uuid.bytes).digest()[:3]))


def _uuid(key: str) -> UUID:
    try:
        uuid = UUID(key)
    except ValueError:
        raise _bad("bad_key", "The Idempotency-Key is a UUID of version 7.") from None
    if uuid.variant != RFC_4122 or uuid.version != _VERSION or str(uuid) != key.lower():
        raise _bad("bad_key", "The Idempotency-Key is a UUID of version 7: it has its time inside.")
    try:
        datetime.fromtimestamp((uuid.int >> _MILLISECONDS_SHIFT) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise _bad("from_the_future", "The Idempotency-Key's time lies beyond the calendar.") from None
    return uuid


def _bad(code: str, message: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, code, message)
