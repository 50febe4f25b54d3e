"""What clients are shown of the market: its quotes, unless a condition makes them wrong. Nothing is matched by it."""

from dataclasses import replace

from paper.faults.fault import Fault
from paper.faults.faults import Faults
from paper.faults.kinds import QUOTE_CONDITIONS, FaultKind
from paper.listings.series import Instrument
from paper.market.market import Market
from paper.market.quote import Quote


class Display:
    """The quotes as REST and the quote stream show them. A condition counts when it changed what was seen."""

    def __init__(self, market: Market, faults: Faults) -> None:
        self._market = market
        self._faults = faults
        self._frozen: dict[int, Quote] = {}  # by the fault's identity
        faults.changed.append(self._changed)

    def quote(self, instrument: Instrument) -> Quote:
        """What is displayed now."""
        shown = self._market.displayed(instrument)
        for fault in self._faults.holding(instrument.symbol):
            wrong = self._made_wrong(fault, shown, instrument)
            fault.fired += wrong != shown
            shown = wrong
        return shown

    def keeps_silent(self, instrument: Instrument) -> bool:
        """Whether the quote stream says nothing of it."""
        silent = [f for f in self._faults.holding(instrument.symbol) if f.kind is FaultKind.NO_QUOTES]
        for fault in silent:
            fault.fired += 1
        return bool(silent)

    def halted_since(self, instrument: Instrument) -> int:
        """When its underlying was halted, in milliseconds since the epoch; -1 while it trades."""
        halt = self._faults.halt_of(instrument.underlying)
        if halt is None or halt.began_at is None:
            return -1
        halt.fired += 1
        return int(halt.began_at.timestamp() * 1000)

    def _made_wrong(self, fault: Fault, quote: Quote, instrument: Instrument) -> Quote:
        match fault.kind:
            case FaultKind.CROSSED_QUOTE:
                return crossed(quote, instrument)
            case FaultKind.ONE_SIDED_QUOTE:
                return without(quote, fault.missing)
            case FaultKind.FROZEN_QUOTE:
                return self._frozen.get(id(fault), quote)
            case FaultKind.NAN_QUOTE:
                return without(without(quote, "bid"), "ask")
            case _:
                return quote

    def _changed(self, fault: Fault) -> None:
        if fault.kind not in QUOTE_CONDITIONS or fault.symbol is None:
            return
        instrument = self._market.listings.find(fault.symbol)
        if fault.kind is FaultKind.FROZEN_QUOTE:
            self._frozen.pop(id(fault), None)
            if instrument is not None and not fault.is_over:
                self._frozen[id(fault)] = self._market.displayed(instrument)
        for listener in self._market.shown:
            listener(fault.symbol)


def crossed(quote: Quote, instrument: Instrument) -> Quote:
    """The same market with its sides exchanged: one tick crossed where they are equal or one is missing."""
    prices = [price for price in (quote.bid, quote.ask) if price is not None]
    if not prices:
        return quote
    low, high = min(prices), max(prices)
    return replace(quote, bid=high if high > low else instrument.ticks.up(low), ask=low)


def without(quote: Quote, side: str) -> Quote:
    """Nothing on that side."""
    return replace(quote, bid=None, bid_size=0) if side == "bid" else replace(quote, ask=None, ask_size=0)
