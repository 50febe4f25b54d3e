"""What the page follows: every underlying, and each contract that somebody trades here; and where they stand.

Looking changes nothing: quotes are glimpsed.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from paper.control.ladder import Ladder, levels, own_levels
from paper.control.recollection import Recollection
from paper.control.rows import ContractRow, QuoteRow, quote_fields
from paper.control.wording import places, spoken
from paper.exchange import Exchange
from paper.listings.catalogue import FUTURES, UNDERLYINGS
from paper.listings.series import Instrument
from paper.market.quote import Quote

_CONTRACTS = 40
_ONE = Decimal(1)
_ORDERS_ON_A_LADDER = 500


def prices(exchange: Exchange, recollection: Recollection) -> dict[str, Decimal]:
    """The price of everything that is followed, by symbol: to be noted once a second."""
    followed = chain(_underlyings(exchange), contracts(exchange)[0])
    found = {each.symbol: _price(exchange, each, _displayed(exchange, recollection, each)) for each in followed}
    return {symbol: price for symbol, price in found.items() if price is not None and price.is_finite()}


def contracts(exchange: Exchange) -> tuple[list[Instrument], int]:
    """Whatever has a working order, a position or a pinned quote, by symbol, and how many more there are."""
    working = (leg.symbol for order in reversed(exchange.book.open_orders()) for leg in order.legs)
    held = (position.symbol for position in exchange.account.positions.values() if position.quantity)
    symbols = dict.fromkeys(chain(working, held, reversed(exchange.market.pinned_symbols)))
    listed = [found for symbol in symbols if (found := exchange.listings.find(symbol)) is not None]
    shown = sorted(listed[:_CONTRACTS], key=lambda instrument: instrument.symbol)
    return shown, len(listed) - len(shown)


def underlying_rows(exchange: Exchange, recollection: Recollection) -> Iterator[QuoteRow]:
    """A line for every share and index, and for the active month of every future."""
    return (QuoteRow(**_fields(exchange, recollection, instrument)) for instrument in _underlyings(exchange))


def contract_row(exchange: Exchange, recollection: Recollection, instrument: Instrument) -> ContractRow:
    """A contract's line."""
    return ContractRow(
        **_fields(exchange, recollection, instrument),
        held=exchange.account.held(instrument.symbol),
        working=len(exchange.book.working_on(instrument.symbol)),
    )


def ladders(exchange: Exchange, symbols: Iterable[str]) -> Iterator[Ladder]:
    """The ladders of those of `symbols` that are listed."""
    for symbol in symbols:
        instrument = exchange.listings.find(symbol)
        if instrument is not None:
            own = own_levels(exchange.book.working_on(symbol)[:_ORDERS_ON_A_LADDER], exchange.matcher.queue.ahead)
            quote = exchange.market.glimpse(instrument)
            yield Ladder(symbol=symbol, name=spoken(symbol), levels=levels(instrument.ticks, quote, own))


def liveliest(exchange: Exchange) -> str | None:
    """The contract that whoever has chosen none may want to look at: where something happened last."""
    working = exchange.book.open_orders()
    if working:
        return working[-1].legs[0].symbol
    return exchange.book.executions[-1].symbol if exchange.book.executions else None


def _underlyings(exchange: Exchange) -> Iterator[Instrument]:
    active = (month.symbol for code in FUTURES for month in exchange.listings.months(code) if month.is_active)
    found = (exchange.listings.find(symbol) for symbol in chain(UNDERLYINGS, active))
    return (instrument for instrument in found if instrument is not None)


def _fields(exchange: Exchange, recollection: Recollection, instrument: Instrument) -> dict[str, Any]:
    symbol, quote = instrument.symbol, _displayed(exchange, recollection, instrument)
    path, price = recollection.path(symbol), _price(exchange, instrument, quote)
    decimals = places(instrument.ticks.at(price if price is not None and price.is_finite() else _ONE))
    return {
        **quote_fields(symbol, quote, price, path.start if path else None, decimals),
        "pinned": exchange.market.pinned(symbol) is not None,
        "way": path.drawn if path else (),
    }


def _price(exchange: Exchange, instrument: Instrument, quote: Quote) -> Decimal | None:
    """Where the market stands: the price of a share or future, else halfway between bid and ask."""
    if instrument.strike is not None or exchange.market.pinned(instrument.symbol) is not None:
        return quote.mid
    return instrument.ticks.nearest(Decimal(str(exchange.market.spot(instrument))))


def _displayed(exchange: Exchange, recollection: Recollection, instrument: Instrument) -> Quote:
    """What the whole world sees: the quote with our own resting orders in it."""
    return exchange.market.glimpse(instrument).joined_by(recollection.interest(instrument.symbol))
