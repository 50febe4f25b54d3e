"""Whether markets are open, as the broker says it: asked at most once a minute, and again after an opening or a close.

https://developer.tastytrade.com/api-guides/market-time
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from activities.broker.limits import Family
from activities.broker.replies import Json
from activities.broker.session import BrokerSession
from domain.errors import AlertladderError
from domain.market_hours import MarketHours

log = logging.getLogger(__name__)
_HOLDS = timedelta(minutes=1)
_ASK_AGAIN = timedelta(seconds=5)  # after a failure
_PATIENCE = 1.5  # seconds: an alert does not wait longer for what its quote's age tells as well
_IS_OPEN = {"Open": True, "Closed": False, "Pre-market": False, "Extended": False}
_VIX_FUTURE = re.compile(r"/VXM?([FGHJKMNQUVXZ]\d{1,2})?", re.IGNORECASE)


@dataclass(frozen=True)
class _Told:
    hours: MarketHours | None
    until: datetime


class MarketSessions:
    """The sessions by the broker's names for groups of instruments."""

    def __init__(self, session: BrokerSession, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._clock = clock
        self._readings: dict[str, asyncio.Task[_Told]] = {}

    async def hours(self, symbol: str) -> MarketHours | None:
        """The hours of what an alert's symbol trades in; None when nobody can tell, or not soon enough."""
        name = collection(symbol)
        reading = self._readings.get(name)
        if reading is None or (reading.done() and reading.result().until <= self._clock()):
            reading = self._readings[name] = asyncio.get_running_loop().create_task(self._read(name))
        done, _ = await asyncio.wait({reading}, timeout=_PATIENCE)
        return reading.result().hours if done else None

    async def _read(self, name: str) -> _Told:
        asked = {"instrument-collections[]": name}
        try:
            reply = await self._session.read("/market-time/sessions/current", Family.MARKET_TIME, asked)
        except AlertladderError as error:
            log.warning("nobody can say whether %s is open: %s", name, error)
            return _Told(None, self._clock() + _ASK_AGAIN)
        now = self._clock()
        hours = _hours(reply.items or (), name)
        turns = () if hours is None else (hours.opens_at, hours.closes_at)
        return _Told(hours, min([now + _HOLDS, *[turn for turn in turns if turn is not None and turn > now]]))


def collection(symbol: str) -> str:
    """Whose hours a symbol keeps: the stock exchange's, or those of a futures exchange."""
    if not symbol.startswith("/"):
        return "Equity"
    return "CFE" if _VIX_FUTURE.fullmatch(symbol) else "CME"


def _hours(sessions: Iterable[Any], name: str) -> MarketHours | None:
    told = [each for each in sessions if isinstance(each, dict) and each.get("instrument-collection") == name]
    if not told:
        return None
    is_open = _IS_OPEN.get(str(told[0].get("state")))
    if is_open is None:
        return None
    return MarketHours(is_open=is_open, opens_at=_moment(told[0], "open-at"), closes_at=_moment(told[0], "close-at"))


def _moment(raw: Json, key: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(raw[key])
    except (KeyError, TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None
