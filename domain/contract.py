"""The instrument a trade is in, as the broker lists it, and its quotes."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.alert import OptionType
from domain.frozen import Frozen
from domain.ticks import TickSchedule


class InstrumentType(StrEnum):
    """The broker's own words for kinds of instrument."""

    EQUITY = "Equity"
    EQUITY_OPTION = "Equity Option"
    FUTURE = "Future"
    FUTURE_OPTION = "Future Option"


class Contract(Frozen):
    """One listed instrument. `multiplier` turns a price into dollars for one contract (100 for an equity option)."""

    symbol: str  # the order symbol, e.g. "UBER  261204P00078000", "AAPL", "/ESZ6"
    streamer_symbol: str
    instrument_type: InstrumentType
    underlying: str
    multiplier: Decimal
    ticks: TickSchedule
    expiry: date | None = None
    expires_at: datetime | None = None  # when it stops trading
    strike: Decimal | None = None
    option_type: OptionType | None = None

    @property
    def is_option(self) -> bool:
        """An option on shares, an index or a future."""
        return self.instrument_type in (InstrumentType.EQUITY_OPTION, InstrumentType.FUTURE_OPTION)

    def __str__(self) -> str:
        """As a trader says it: `UBER 78p 12/04`."""
        if self.strike is None or self.option_type is None or self.expiry is None:
            return self.symbol
        return f"{self.underlying} {self.strike.normalize():f}{self.option_type[0]} {self.expiry:%m/%d}"


class Underlying(Frozen):
    """What an option is an option on, as the broker quotes it: a share, or an index, which can't be traded itself."""

    symbol: str
    streamer_symbol: str
    is_index: bool = False

    def __str__(self) -> str:
        return self.symbol


class ContractQuery(Frozen):
    """What an alert says of the instrument, to be found in the broker's listings."""

    symbol: str
    strike: Decimal | None = None
    option_type: OptionType | None = None
    expiry: date | None = None


class Quote(Frozen):
    """The best bid and offer of one instrument. None where that side has no price.

    `at` is when this program received it (aware); sizes are in contracts or shares.
    """

    symbol: str
    bid: Decimal | None
    ask: Decimal | None
    bid_size: Decimal = Decimal(0)
    ask_size: Decimal = Decimal(0)
    at: datetime
    source: str = "stream"  # "stream" (DXLink) or "rest"

    @property
    def is_two_sided(self) -> bool:
        """Both sides have a price above zero."""
        return bool(self.bid and self.ask and self.bid > 0 and self.ask > 0)

    @property
    def is_crossed(self) -> bool:
        """The bid is above the ask: a broken or stale book."""
        return self.bid is not None and self.ask is not None and self.bid > self.ask

    @property
    def mid(self) -> Decimal | None:
        """Halfway between bid and ask, not on tick; None unless both sides are there."""
        if self.bid is None or self.ask is None:
            return None
        return (self.bid + self.ask) / 2

    def __str__(self) -> str:
        return f"{'-' if self.bid is None else self.bid} / {'-' if self.ask is None else self.ask}"
