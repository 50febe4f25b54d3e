"""What becomes of a position at its end, noted when it is opened: the listing forgets an instrument with its day."""

from datetime import datetime
from decimal import Decimal

from domain.alert import OptionType
from domain.contract import InstrumentType
from paper.listings.calendar import new_york_day
from paper.listings.catalogue import UNDERLYINGS
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from paper.trading.orders import Record

_ZERO = Decimal(0)


class Deliverable(Record):
    """What changes hands when an option is exercised; `settles_at` when that itself ends one day."""

    symbol: str
    instrument_type: InstrumentType
    multiplier: Decimal
    product: str = ""
    settles_at: datetime | None = None


class Terms(Record):
    """When and how a contract ends. `settles_at` is aware; futures have no strike.

    An option that delivers nothing is settled in cash.
    """

    settles_at: datetime
    product: str = ""  # of a future and its options: the product code
    strike: Decimal | None = None
    option_type: OptionType | None = None
    delivers: Deliverable | None = None

    def intrinsic(self, price: Decimal) -> Decimal:
        """What one unit is worth when the underlying stands at `price`; of a future, that price."""
        if self.strike is None:
            return price
        return max((price - self.strike) * self.side, _ZERO)

    @property
    def side(self) -> int:
        """Which way the underlying must go: 1 for a call, -1 for a put."""
        return 1 if self.option_type is OptionType.CALL else -1


def terms_of(instrument: Instrument, listings: Listings) -> Terms | None:
    """The terms of a listed instrument; None for what never ends."""
    if instrument.expires_at is None:
        return None
    delivers = None if instrument.strike is None else _deliverable(instrument.underlying, listings)
    return Terms(
        settles_at=_settles_at(instrument, instrument.expires_at, listings),
        product=instrument.product or (delivers.product if delivers else ""),
        strike=instrument.strike,
        option_type=instrument.option_type,
        delivers=delivers,
    )


def _settles_at(instrument: Instrument, expires_at: datetime, listings: Listings) -> datetime:
    """An AM-settled option stops trading the session before, and is settled at the open of its expiry day."""
    if instrument.expiry is None or instrument.expiry.day <= new_york_day(expires_at):
        return expires_at
    return listings.calendar.hours(instrument.expiry.day).opens_at


def _deliverable(symbol: str, listings: Listings) -> Deliverable | None:
    underlying = listings.find(symbol)
    if underlying is None or (symbol in UNDERLYINGS and UNDERLYINGS[symbol].is_index):
        return None
    return Deliverable(
        symbol=symbol,
        instrument_type=underlying.instrument_type,
        multiplier=underlying.multiplier,
        product=underlying.product,
        settles_at=underlying.expires_at,
    )
