"""The account's books: cash and positions, changed by executions and by what expiry delivers, and to the cent."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from domain.contract import InstrumentType
from paper.listings.calendar import new_york_day
from paper.trading.orders import Record
from paper.trading.terms import Terms
from paper.trading.words import Action

_ZERO = Decimal(0)
_CENT = Decimal("0.01")
_GRAIN = Decimal("0.000001")


class Entry(Protocol):
    """What the books take: an execution, or one line of a delivery. Prices are unsigned, fees positive dollars."""

    symbol: str
    instrument_type: InstrumentType
    underlying: str
    multiplier: Decimal
    price: Decimal
    gained: Decimal
    at: datetime

    @property
    def signed_quantity(self) -> int:
        """What is added to the position."""

    @property
    def value(self) -> Decimal:
        """Dollars that change hands before fees, a credit positive."""

    @property
    def fees(self) -> Decimal:
        """All of them."""


class Position(Record):
    """What is held of one symbol. `quantity` is signed; `cost` is the dollars that the open part was traded for.

    The cost has the quantity's sign; `day_cost` is the same with what was held overnight at its last mark of the day
    before. `realised_today` and `gained_today` are dollars, before fees, against the one and the other, since the start
    of `realised_on` (a day in New York). Dollars are kept, not an average price, so that nothing is lost to rounding.
    """

    symbol: str
    instrument_type: InstrumentType
    underlying: str
    multiplier: Decimal
    quantity: int = 0
    cost: Decimal = _ZERO
    day_cost: Decimal = _ZERO
    realised_today: Decimal = _ZERO
    gained_today: Decimal = _ZERO
    realised_on: date
    opened_at: datetime
    updated_at: datetime
    terms: Terms | None = None

    @property
    def average_price(self) -> Decimal:
        """What one of the open part was traded at."""
        return self.cost / (self.quantity * self.multiplier) if self.quantity else _ZERO

    @property
    def day_price(self) -> Decimal:
        """The same with what was held overnight at its mark of the day before."""
        return self.day_cost / (self.quantity * self.multiplier) if self.quantity else _ZERO

    def unrealised(self, mark: Decimal) -> Decimal:
        """Dollars it would gain, were it closed at `mark`."""
        return mark * self.quantity * self.multiplier - self.cost

    def value(self, mark: Decimal) -> Decimal:
        """Dollars this would bring at `mark`; of a future only what it gained, the rest was never paid."""
        if self.instrument_type is InstrumentType.FUTURE:
            return self.unrealised(mark)
        return mark * self.quantity * self.multiplier

    def traded(self, entry: Entry) -> tuple["Position", Decimal]:
        """The position after an entry, and the dollars it realised before fees."""
        closing = self._closing(entry.signed_quantity)
        released, day_released = self._released(self.cost, closing), self._released(self.day_cost, closing)
        proceeds = entry.price * closing * self.multiplier
        opened = entry.price * (entry.signed_quantity + closing) * self.multiplier
        start = self.on_day(new_york_day(entry.at))
        is_today = new_york_day(entry.at) == start.realised_on  # else it is entered late, and no part of today's gain
        after = start.model_copy(
            update={
                "quantity": self.quantity + entry.signed_quantity,
                "cost": self.cost - released + opened,
                "day_cost": self.day_cost - day_released + opened,
                "realised_today": start.realised_today + (proceeds - released) * is_today,
                "gained_today": start.gained_today + (proceeds - day_released) * is_today,
                "updated_at": entry.at,
                "opened_at": self.opened_at if self.quantity else entry.at,
            }
        )
        return after, proceeds - released

    def on_day(self, day: date, mark: Decimal | None = None) -> "Position":
        """The position as it starts a day, at its `mark`: what was realised before is history."""
        if self.realised_on >= day:
            return self
        day_cost = self.day_cost if mark is None else mark * self.quantity * self.multiplier
        anew = {"realised_today": _ZERO, "gained_today": _ZERO, "realised_on": day, "day_cost": day_cost}
        return self.model_copy(update=anew)

    def _closing(self, change: int) -> int:
        """The part of the position that a change takes away, with the position's sign."""
        if self.quantity * change >= 0:
            return 0
        return self.quantity if abs(change) > abs(self.quantity) else -change

    def _released(self, cost: Decimal, closing: int) -> Decimal:
        """That part of a cost. A future's gain is paid in cash, so it is reckoned in whole cents."""
        if closing == self.quantity:
            return cost
        grain = _CENT if self.instrument_type is InstrumentType.FUTURE else _GRAIN
        return (cost * closing / self.quantity).quantize(grain)


class Account:
    """Cash in dollars, and positions by symbol. Rows with a quantity of zero stay for the day's realised gains."""

    def __init__(self, number: str, cash: Decimal, positions: dict[str, Position]) -> None:
        self.number = number
        self.cash = cash
        self.positions = positions

    def held(self, symbol: str) -> int:
        """Contracts held, signed."""
        position = self.positions.get(symbol)
        return position.quantity if position else 0

    def book(self, entry: Entry, terms: Terms | None = None) -> Decimal:
        """Enter what happened; returns the dollars by which cash changed. `terms` are noted of what has an end.

        A future's gain is paid in cash when it is closed, and written on the entry.
        """
        position, realised = self._position(entry, terms).traded(entry)
        if entry.instrument_type is InstrumentType.FUTURE:
            entry.gained = realised
        change = entry.value - entry.fees
        self.positions[entry.symbol] = position
        self.cash += change
        return change

    def can_close(self, symbol: str, action: Action, quantity: int) -> bool:
        """Whether the position covers a closing leg of that size."""
        held = self.held(symbol)
        return (-held if action.is_buy else held) >= quantity

    def start_day(self, day: date, mark: Callable[[Position], Decimal]) -> tuple[list[Position], list[str]]:
        """Begin a day in New York: the rows that changed, and the symbols of closed ones that are dropped."""
        old = [position for position in self.positions.values() if position.realised_on < day]
        closed = [position.symbol for position in old if not position.quantity]
        for symbol in closed:
            del self.positions[symbol]
        kept = [position.on_day(day, mark(position)) for position in old if position.quantity]
        self.positions.update({position.symbol: position for position in kept})
        return kept, closed

    def copy(self) -> "Account":
        """The same books on another sheet, to see what something would do to them."""
        return Account(self.number, self.cash, dict(self.positions))

    def _position(self, entry: Entry, terms: Terms | None) -> Position:
        known = self.positions.get(entry.symbol)
        return known or Position(
            symbol=entry.symbol,
            instrument_type=entry.instrument_type,
            underlying=entry.underlying,
            multiplier=entry.multiplier,
            realised_on=new_york_day(entry.at),
            opened_at=entry.at,
            updated_at=entry.at,
            terms=terms,
        )
