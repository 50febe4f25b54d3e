"""What an option is an option on, as far as its price counts for the option: while that can be traded, too.

A share trades for hours before and after its options do; whoever says "out if it loses 68" means the options' hours.
"""

from activities.broker.listings import Listings
from activities.broker.market_hours import MarketSessions
from domain.contract import Contract, Underlying


class Underlyings:
    """Of one worker process."""

    def __init__(self, listings: Listings, sessions: MarketSessions) -> None:
        self._listings = listings
        self._sessions = sessions

    async def now(self, contract: Contract) -> Underlying | None:
        """A contract's underlying under the broker's symbols; None while the broker says that the market is closed.

        Where nobody can tell whether it is, its price counts. RetryableError when the listings can't be asked.
        """
        hours = await self._sessions.hours(contract.underlying)
        if hours is not None and not hours.is_open:
            return None
        return await self._listings.underlying(contract)
