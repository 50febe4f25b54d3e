"""The simulated market: seeded walks of the underlyings, quotes made of them, and quotes pinned by hand.

A displayed size is there once: what a fill takes is gone until the quote changes or is refreshed.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from domain.alert import OptionType
from domain.contract import InstrumentType
from paper.clock import Clock
from paper.listings.catalogue import FUTURES, UNDERLYINGS
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from paper.market.pricing import Worth, bracket, option_spread, option_worth, smile
from paper.market.quote import Interest, Quote
from paper.market.walks import Walks

_YEAR = 365.0 * 24 * 3600  # seconds
_REFRESH = 0.1  # how often an unchanged price shows a new size
_CONTANGO = 0.004  # between two months of a future
_FUTURE_OPTION_SPREAD = 0.006  # a part of the price
_SIZES = {
    InstrumentType.EQUITY: (100, 1200),
    InstrumentType.EQUITY_OPTION: (5, 60),
    InstrumentType.FUTURE: (5, 80),
    InstrumentType.FUTURE_OPTION: (5, 40),
}

Listener = Callable[[str], None]
PassedListener = Callable[[str, float], None]
InterestIn = Callable[[str], Interest]


class Market:
    """Every instrument's quote. Symbols are order symbols throughout.

    `shown` hears of each change of what is displayed; `moved` only of changes that no fill made, which is when
    resting orders may have become marketable; `passed` of the seconds in which others may have traded with them.
    """

    def __init__(self, listings: Listings, seed: int, clock: Clock) -> None:
        self.listings = listings
        self._clock = clock
        self._seed = seed
        self.walks = Walks(seed)
        self._sizes: dict[str, random.Random] = {}
        self._quotes: dict[str, tuple[int, Quote]] = {}  # with the step they were made at
        self._pins: dict[str, Quote] = {}
        self._replayed: set[str] = set()  # pinned by a recording, in which others trade
        self._watched: Counter[str] = Counter()
        self._step = 0
        self.shown: list[Listener] = []
        self.moved: list[Listener] = []
        self.passed: list[PassedListener] = []
        self.own_interest: InterestIn = lambda _: Interest()

    def spot(self, instrument: Instrument) -> float:
        """The price of what the instrument is on; a later month of a future stands a little higher."""
        if not instrument.product:
            return self.walks[instrument.underlying]
        held = self._pins.get(instrument.underlying)
        if instrument.strike is not None and held is not None and held.mid:
            return float(held.mid)  # a future pinned by hand takes its options along
        symbols = [month.symbol for month in self.listings.months(instrument.product)]
        return self.walks[instrument.product] * (1 + _CONTANGO * symbols.index(instrument.underlying))

    def quote(self, instrument: Instrument) -> Quote:
        """What everybody else bids and offers now: this is what orders are matched with."""
        symbol = instrument.symbol
        if symbol in self._pins:
            return self._pins[symbol]
        made_at, quote = self._quotes.get(symbol, (-1, None))
        if quote is None or made_at != self._step:
            quote = self._refreshed(instrument, quote)
            self._quotes[symbol] = (self._step, quote)
        return quote

    def displayed(self, instrument: Instrument) -> Quote:
        """What the whole world sees now: the quote with our own resting orders in it."""
        return self.quote(instrument).joined_by(self.own_interest(instrument.symbol))

    def worth(self, instrument: Instrument) -> Worth | None:
        """The model's price and greeks of an option; None for anything else."""
        if instrument.strike is None or instrument.expires_at is None:
            return None
        return option_worth(
            self.spot(instrument),
            float(instrument.strike),
            self._years(instrument.expires_at),
            self.volatility(instrument),
            is_call=instrument.option_type is OptionType.CALL,
            on_future=instrument.instrument_type is InstrumentType.FUTURE_OPTION,
        )

    def glimpse(self, instrument: Instrument) -> Quote:
        """The present quote for a spectator: no dice are rolled, so the market goes on as if nobody had looked.

        A size that nobody else has asked for yet is 0.
        """
        made_at, quote = self._quotes.get(instrument.symbol, (-1, None))
        if instrument.symbol in self._pins or (quote is not None and made_at == self._step):
            return self.quote(instrument)
        bid, ask = self._modelled(instrument)
        sizes = (quote.bid_size, quote.ask_size) if quote is not None else (0, 0)
        return Quote(bid, ask, *sizes, self._clock())

    @property
    def pinned_symbols(self) -> list[str]:
        """What is quoted by hand, the oldest pin first."""
        return list(self._pins)

    def volatility(self, instrument: Instrument) -> float:
        """What the model takes for a year's volatility: of an underlying, or at an option's strike."""
        known = FUTURES[instrument.product] if instrument.product else UNDERLYINGS[instrument.underlying]
        if instrument.strike is None or instrument.expires_at is None:
            return known.volatility
        return smile(
            known.volatility, self.spot(instrument), float(instrument.strike), self._years(instrument.expires_at)
        )

    def pinned(self, symbol: str) -> Quote | None:
        """The quote pinned by hand; None while the model makes it."""
        return self._pins.get(symbol)

    def pin(self, symbol: str, quote: Quote, *, replayed: bool = False) -> None:
        """Show this quote until it is pinned anew or unpinned; an underlying takes its options along.

        Nobody trades at a price pinned by hand but through it: tests count on that. In a `replayed` market others do.
        """
        self._pins[symbol] = quote
        (self._replayed.add if replayed else self._replayed.discard)(symbol)
        if symbol in self.walks and quote.mid is not None:
            self.walks.hold(symbol, float(quote.mid))
        self._tell(symbol)

    def unpin(self, symbol: str) -> None:
        """Let the model quote it again, from where it stands."""
        self._pins.pop(symbol, None)
        self._replayed.discard(symbol)
        self._quotes.pop(symbol, None)
        self.walks.release(symbol)
        self._tell(symbol)

    def redraw(self, symbol: str) -> None:
        """Our own orders there changed, and with them what is displayed."""
        for listener in self.shown:
            listener(symbol)

    def take(self, instrument: Instrument, quantity: int, *, buying: bool) -> None:
        """Take `quantity` of what is displayed.

        The model shows the next price once a level is empty; a pinned price stays, with a size of zero.
        """
        symbol = instrument.symbol
        left = self.quote(instrument).after_taking(quantity, buying=buying)
        if symbol in self._pins:
            self._pins[symbol] = left
        else:
            emptied = (left.ask_size if buying else left.bid_size) <= 0
            self._quotes[symbol] = (self._step, self._next_level(instrument, left, buying=buying) if emptied else left)
        self.redraw(symbol)

    def watch(self, symbol: str) -> None:
        """Somebody looks at this instrument: keep its quote moving."""
        self._watched[symbol] += 1

    def unwatch(self, symbol: str) -> None:
        """One looker fewer."""
        self._watched[symbol] -= 1
        if self._watched[symbol] <= 0:
            del self._watched[symbol]

    def step(self, seconds: float) -> None:
        """Let `seconds` of trading time pass: every walk moves once, every watched quote is made anew, others trade."""
        before = {symbol: self._quotes.get(symbol, (0, None))[1] for symbol in self._watched}
        self._step += 1
        self.walks.advance(seconds)
        for symbol, old in before.items():
            instrument = self.listings.find(symbol)
            if instrument is not None and symbol not in self._pins and self.quote(instrument) != old:
                self._tell(symbol)
        for symbol in before:
            if symbol not in self._pins or symbol in self._replayed:
                for listener in self.passed:
                    listener(symbol, seconds)

    def _refreshed(self, instrument: Instrument, old: Quote | None) -> Quote:
        """The model's quote. A side whose price did not change mostly keeps the size that fills left it."""
        bid, ask = self._modelled(instrument)
        dice = self._dice(instrument.symbol)
        bid_size, ask_size = self._size(instrument, bid), self._size(instrument, ask)
        if old is None:
            return Quote(bid, ask, bid_size, ask_size, self._clock())
        if old.bid == bid and dice.random() > _REFRESH:
            bid_size = old.bid_size
        if old.ask == ask and dice.random() > _REFRESH:
            ask_size = old.ask_size
        same = (bid, ask, bid_size, ask_size) == (old.bid, old.ask, old.bid_size, old.ask_size)
        return old if same else Quote(bid, ask, bid_size, ask_size, self._clock())

    def _modelled(self, instrument: Instrument) -> tuple[Decimal, Decimal]:
        worth = self.worth(instrument)
        if worth is None or instrument.expires_at is None:
            spot = self.spot(instrument)
            return bracket(spot, float(instrument.ticks.at(Decimal(str(round(spot, 4))))), instrument.ticks)
        on_share = UNDERLYINGS.get(instrument.underlying)
        part = _FUTURE_OPTION_SPREAD if on_share is None else on_share.spread
        years = self._years(instrument.expires_at)
        return bracket(
            worth.price, option_spread(worth.price, instrument.ticks, years, part, worth.delta), instrument.ticks
        )

    def _years(self, until: datetime) -> float:
        return (until - self._clock()).total_seconds() / _YEAR

    def _next_level(self, instrument: Instrument, quote: Quote, *, buying: bool) -> Quote:
        if buying and quote.ask is not None:
            ask = instrument.ticks.up(quote.ask)
            return replace(quote, ask=ask, ask_size=self._size(instrument, ask))
        if not buying and quote.bid:
            bid = max(instrument.ticks.down(quote.bid), Decimal(0))
            return replace(quote, bid=bid, bid_size=self._size(instrument, bid))
        return quote

    def _size(self, instrument: Instrument, price: Decimal) -> int:
        return self._dice(instrument.symbol).randint(*_SIZES[instrument.instrument_type]) if price > 0 else 0

    def _dice(self, symbol: str) -> random.Random:
        return self._sizes.setdefault(symbol, random.Random(f"{self._seed}/{symbol}/size"))  # noqa: S311

    def _tell(self, symbol: str) -> None:
        for listener in (*self.shown, *self.moved):
            listener(symbol)
