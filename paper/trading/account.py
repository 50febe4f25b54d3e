"""The account's books: cash and positions, changed by executions only, and to the cent."""

from datetime import date, datetime
from decimal import Decimal

from domain.contract import InstrumentType
from paper.listings.calendar import new_york_day
from paper.trading.orders import Action, Execution, Record

_ZERO = Decimal(0)


class Position(Record):
    """What is held of one symbol. `quantity` is signed; `average_price` is what the open part was traded at.

    `realised_today` is dollars, before fees, since the start of `realised_on` (a day in New York).
    """

    symbol: str
    instrument_type: InstrumentType
    underlying: str
    multiplier: Decimal
    quantity: int = 0
    average_price: Decimal = _ZERO
    realised_today: Decimal = _ZERO
    realised_on: date
    opened_at: datetime
    updated_at: datetime

    def value(self, mark: Decimal) -> Decimal:
        """Dollars this would bring at `mark`; of a future only what it gained, the rest was never paid."""
        if self.instrument_type is InstrumentType.FUTURE:
            return (mark - self.average_price) * self.quantity * self.multiplier
        return mark * self.quantity * self.multiplier

    def traded(self, execution: Execution) -> tuple["Position", Decimal]:
        """The position after an execution, and the dollars it realised before fees."""
        closing = min(abs(self.quantity), execution.quantity) if self._reduces(execution) else 0
        direction = 1 if self.quantity > 0 else -1
        realised = (execution.price - self.average_price) * closing * direction * self.multiplier
        day = new_york_day(execution.at)
        before = self.realised_today if self.realised_on == day else _ZERO
        quantity = self.quantity + execution.signed_quantity
        after = self.model_copy(
            update={
                "quantity": quantity,
                "average_price": self._average_after(execution, closing),
                "realised_today": before + realised,
                "realised_on": day,
                "updated_at": execution.at,
                "opened_at": self.opened_at if self.quantity else execution.at,
            }
        )
        return after, realised

    def _reduces(self, execution: Execution) -> bool:
        return self.quantity * execution.signed_quantity < 0

    def _average_after(self, execution: Execution, closing: int) -> Decimal:
        opening = execution.quantity - closing
        if opening == 0:
            return self.average_price if self.quantity + execution.signed_quantity else _ZERO
        kept = abs(self.quantity) - closing
        return (self.average_price * kept + execution.price * opening) / (kept + opening)


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

    def book(self, execution: Execution) -> Decimal:
        """Enter an execution; returns the dollars by which cash changed."""
        position, realised = self._position(execution).traded(execution)
        gained = realised if execution.instrument_type is InstrumentType.FUTURE else execution.value
        change = gained - execution.fees
        self.positions[execution.symbol] = position
        self.cash += change
        return change

    def can_close(self, symbol: str, action: Action, quantity: int) -> bool:
        """Whether the position covers a closing leg of that size."""
        held = self.held(symbol)
        return (-held if action.is_buy else held) >= quantity

    def _position(self, execution: Execution) -> Position:
        known = self.positions.get(execution.symbol)
        return known or Position(
            symbol=execution.symbol,
            instrument_type=execution.instrument_type,
            underlying=execution.underlying,
            multiplier=execution.multiplier,
            realised_on=new_york_day(execution.at),
            opened_at=execution.at,
            updated_at=execution.at,
        )
