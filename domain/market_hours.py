"""Whether a contract's market is open for an entry, from the session that the broker tells."""

from datetime import datetime, timedelta

from domain.contract import Contract
from domain.frozen import Frozen
from domain.refusals import Refusal, RefusalCode
from domain.settings import GuardSettings
from domain.symbols import INDEXES

# Options on indexes go on for a quarter of an hour after the stock market, but for those that expire that day.
# https://www.cboe.com/about/hours/us-options
_CURB = timedelta(minutes=15)


class MarketHours(Frozen):
    """A market's session as the broker told it less than a minute ago: regular hours, no pre-market, no extension."""

    is_open: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def hours_refusal(hours: MarketHours | None, contract: Contract, guard: GuardSettings, now: datetime) -> Refusal | None:
    """Why nothing can be bought now; None when it can, or when nobody knows: then the quote's age decides."""
    if hours is None or hours.is_open:
        return None
    if guard.index_curb_hours and _is_in_curb(hours, contract, now):
        return None
    return Refusal(code=RefusalCode.MARKET_CLOSED, detail=_when(hours, now))


def _is_in_curb(hours: MarketHours, contract: Contract, now: datetime) -> bool:
    trades_on = contract.is_option and (contract.expires_at is None or contract.expires_at > now)
    if contract.underlying not in INDEXES or not trades_on or hours.closes_at is None:
        return False
    return hours.closes_at <= now < hours.closes_at + _CURB


def _when(hours: MarketHours, now: datetime) -> str:
    if hours.opens_at is not None and hours.opens_at > now:
        return f"it opens {hours.opens_at:%m/%d %H:%M} UTC"
    if hours.closes_at is not None and hours.closes_at <= now:
        return f"it closed {hours.closes_at:%m/%d %H:%M} UTC"
    return ""
