"""The clock that a message shows: just now, or another time."""

import re

_CLOCK = re.compile(r"\d{1,2}:(?P<minute>\d\d)(?::\d\d)?(?: ?[ap]m)?", re.IGNORECASE)
_LATE = 5  # minutes between the clock and the post


def is_clock(written: str) -> bool:
    """Whether it is a time of the day."""
    return bool(_CLOCK.fullmatch(written))


def is_just_now(written: str, minute: int) -> bool:
    """Whether it is the time of the post, whose minute of the hour is given. Hours differ by the author's zone."""
    clock = _CLOCK.fullmatch(written)
    past = (minute - int(clock["minute"])) % 60 if clock else _LATE + 1
    return past <= _LATE or past >= 60 - _LATE
