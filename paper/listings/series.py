"""One tradable instrument, and the series of options that instruments are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.alert import OptionType
from domain.contract import InstrumentType
from domain.symbols import OptionSymbol
from domain.ticks import TickSchedule
from paper.listings.calendar import Expiry
from paper.listings.catalogue import FUTURES, PENNY, SHARE_TICKS, UNDERLYINGS, OptionRoot, Underlying
from paper.listings.future_options import FutureSeries
from paper.listings.futures import FuturesMonth


@dataclass(frozen=True, slots=True)
class Instrument:
    """One listed instrument; `multiplier` turns a price into dollars. Options alone have the last five."""

    symbol: str
    streamer_symbol: str
    instrument_type: InstrumentType
    underlying: str  # of a future: its own symbol; of an option on one: that future's
    multiplier: Decimal
    ticks: TickSchedule
    spread_ticks: TickSchedule = PENNY  # of an order with several legs
    product: str = ""  # of a future, or of an option on one: its product code
    root: str = ""
    expiry: Expiry | None = None
    expires_at: datetime | None = None
    strike: Decimal | None = None
    option_type: OptionType | None = None

    @property
    def start_price(self) -> Decimal | None:
        """Where its walk begins, which stands for the close before; None for an option."""
        if self.strike is not None:
            return None
        return FUTURES[self.product].price if self.product else UNDERLYINGS[self.underlying].price


@dataclass(frozen=True, slots=True)
class Series:
    """The strikes of one root on one expiry."""

    underlying: Underlying
    root: OptionRoot
    expiry: Expiry
    expires_at: datetime
    strikes: tuple[Decimal, ...]

    def option(self, strike: Decimal, option_type: OptionType) -> Instrument:
        """One option of the series."""
        symbol = OptionSymbol(root=self.root.symbol, expiry=self.expiry.day, option_type=option_type, strike=strike)
        return Instrument(
            symbol=symbol.occ,
            streamer_symbol=symbol.streamer,
            instrument_type=InstrumentType.EQUITY_OPTION,
            underlying=self.underlying.symbol,
            multiplier=Decimal(100),
            ticks=self.root.ticks,
            spread_ticks=self.root.spread_ticks,
            root=self.root.symbol,
            expiry=self.expiry,
            expires_at=self.expires_at,
            strike=strike,
            option_type=option_type,
        )

    def options(self) -> Iterator[Instrument]:
        """Every option, calls before puts at each strike."""
        for strike in self.strikes:
            yield self.option(strike, OptionType.CALL)
            yield self.option(strike, OptionType.PUT)


def share(underlying: Underlying) -> Instrument:
    """A share, a fund or an index."""
    return Instrument(
        symbol=underlying.symbol,
        streamer_symbol=underlying.symbol,
        instrument_type=InstrumentType.EQUITY,
        underlying=underlying.symbol,
        multiplier=Decimal(1),
        ticks=SHARE_TICKS,
    )


def future(month: FuturesMonth) -> Instrument:
    """One month of a future."""
    return Instrument(
        symbol=month.symbol,
        streamer_symbol=month.streamer_symbol,
        instrument_type=InstrumentType.FUTURE,
        underlying=month.symbol,
        multiplier=month.product.multiplier,
        ticks=TickSchedule.flat(str(month.product.tick)),
        product=month.product.code,
        expires_at=month.expires_at,
    )


def future_option(series: FutureSeries, strike: Decimal, option_type: OptionType) -> Instrument:
    """One option of a series on a future."""
    return Instrument(
        symbol=series.symbol(strike, option_type),
        streamer_symbol=series.streamer_symbol(strike, option_type),
        instrument_type=InstrumentType.FUTURE_OPTION,
        underlying=series.future.symbol,
        multiplier=series.future.product.multiplier,
        ticks=series.future.product.option_ticks,
        spread_ticks=series.future.product.option_ticks.finest,
        product=series.future.product.code,
        root=series.root,
        expiry=series.expiry,
        expires_at=series.expires_at,
        strike=strike,
        option_type=option_type,
    )


def future_options(series: FutureSeries) -> Iterator[Instrument]:
    """Every option of a series on a future, calls before puts at each strike."""
    for strike in series.strikes:
        yield future_option(series, strike, OptionType.CALL)
        yield future_option(series, strike, OptionType.PUT)
