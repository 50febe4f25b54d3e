"""The contracts that a measurement trades: each a different one, over several underlyings, with a market of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.alert import OptionType
from domain.symbols import plain
from paper.control.client import Control
from paper.listings.calendar import MarketCalendar, new_york_day
from paper.listings.instruments import Listings
from paper.listings.series import Instrument, Series

_UNDERLYINGS = ("AAPL", "UBER", "TSLA", "NVDA", "AMD", "PLTR", "SOFI", "SPY", "QQQ", "IWM")
_SOONEST = timedelta(days=3)
_BID, _MID, _ASK = Decimal("0.70"), Decimal("0.75"), Decimal("0.80")
_DEEP = 30  # contracts on each side
QUANTITY = 2  # of which the exit sells one


@dataclass(frozen=True)
class Play:
    """One contract to trade. `is_cold`: nobody has read its underlying's chain today."""

    option: Instrument
    is_cold: bool

    @property
    def text(self) -> str:
        """The alert, in the house format, at the mid of the market that `open_market` shows."""
        option = self.option
        if option.strike is None or option.expiry is None:
            raise ValueError(f"{option.symbol} is no option")
        return f"BTO {QUANTITY} {option.underlying} {plain(option.strike)}p {option.expiry.day:%m/%d} @ {_MID}"

    @property
    def price(self) -> Decimal:
        """Where the entry rests until the market comes to it."""
        return _MID

    async def open_market(self, control: Control, meets_after: float) -> None:
        """Show a market around the alert's price, whose ask comes down to it after so many seconds."""
        await control.quote(self.option.symbol, _BID, _ASK, _DEEP, _DEEP)
        meets = {"after": meets_after, "bid": _BID, "ask": _MID, "bid_size": _DEEP, "ask_size": _DEEP}
        await control.path(self.option.symbol, [meets])


def plays(count: int, series_number: int) -> list[Play]:
    """`count` different puts of one series of each underlying, the cold ones spread out evenly.

    Take another `series_number` for another measurement: no contract is then in both. A chain may be read twice a
    second, so cold alerts that came all together would measure the broker's rate limit.
    """
    listings = Listings(MarketCalendar(new_york_day(datetime.now(UTC))), lambda: datetime.now(UTC))
    each = -(-count // len(_UNDERLYINGS))
    found: list[Play] = []
    for underlying in _UNDERLYINGS:
        series = _series(listings, underlying, series_number)
        first = (len(series.strikes) - each) // 2
        for number, strike in enumerate(series.strikes[first : first + each]):
            found.append(Play(series.option(strike, OptionType.PUT), is_cold=number == 0))
    return found[:count]


def _series(listings: Listings, underlying: str, number: int) -> Series:
    later = [series for series in listings.chain(underlying) if series.expiry.day >= listings.today + _SOONEST]
    return later[number]
