"""What expiry does to the books, line by line: options removed, shares received, cash settled. Pure.

The shapes are the broker's: an exercised or assigned option is removed without a price, and what it delivers is traded
at the strike by a line of its own, which carries the fee.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.contract import InstrumentType
from paper.trading.account import Position
from paper.trading.fees import Fees, exercise_fees, fees_for
from paper.trading.orders import Record
from paper.trading.terms import Deliverable, Terms
from paper.trading.words import Action

_ZERO = Decimal(0)
_IN_THE_MONEY = Decimal("0.01")  # at least this much, and the clearing house exercises


class DeliveryKind(StrEnum):
    """The broker's words for what happened, but for the last two, whose word is the action."""

    EXPIRATION = "Expiration"
    EXERCISE = "Exercise"
    ASSIGNMENT = "Assignment"
    CASH_EXERCISE = "Cash Settled Exercise"
    CASH_ASSIGNMENT = "Cash Settled Assignment"
    FUTURES_SETTLEMENT = "Futures Settlement"
    DELIVERED = "delivered"  # what an option delivers, traded at its strike
    SOLD_OUT = "sold out"  # by the broker, since the account could not have paid for the exercise


class Delivery(Record):
    """One such line. `change` is signed contracts or shares; `price` is what the position is closed or opened at.

    `number` is its place among all transactions, trades included: given when it is entered.
    """

    number: int = 0
    kind: DeliveryKind
    symbol: str
    instrument_type: InstrumentType
    underlying: str
    multiplier: Decimal
    change: int
    price: Decimal
    strike: Decimal | None = None
    action: Action | None = None
    charged: Fees = Fees()
    gained: Decimal = _ZERO  # by a future: dollars, entered with it
    terms: Terms | None = None
    at: datetime

    @property
    def quantity(self) -> int:
        """Contracts or shares, unsigned."""
        return abs(self.change)

    @property
    def signed_quantity(self) -> int:
        """What is added to the position."""
        return self.change

    @property
    def fees(self) -> Decimal:
        """All of them, in dollars."""
        return self.charged.total

    @property
    def value(self) -> Decimal:
        """Dollars that change hands before fees, a credit positive; futures pay what they gained, when closed."""
        if self.instrument_type is InstrumentType.FUTURE:
            return self.gained
        return -self.change * self.price * self.multiplier


def is_exercised(terms: Terms, price: Decimal) -> bool:
    """Whether an option ends in the money, by a cent at least, with the underlying at `price`."""
    return terms.strike is not None and terms.intrinsic(price) >= _IN_THE_MONEY


def closed_at_expiry(position: Position, terms: Terms, price: Decimal) -> Delivery:
    """The one line of a contract that is settled in cash or worth nothing, with its underlying at `price`."""
    if terms.strike is None:
        return _line(position, terms, DeliveryKind.FUTURES_SETTLEMENT, price)
    if not is_exercised(terms, price):
        return _line(position, terms, DeliveryKind.EXPIRATION, _ZERO)
    kind = DeliveryKind.CASH_EXERCISE if position.quantity > 0 else DeliveryKind.CASH_ASSIGNMENT
    return _line(position, terms, kind, terms.intrinsic(price), exercise_fees(abs(position.quantity)))


def sold_out(position: Position, terms: Terms, price: Decimal) -> Delivery:
    """A long option that the account can't pay to exercise, sold at what it is worth."""
    fees = fees_for(position.instrument_type, position.underlying, position.quantity, opening=False)
    line = _line(position, terms, DeliveryKind.SOLD_OUT, terms.intrinsic(price), fees)
    return line.model_copy(update={"action": Action.SELL_TO_CLOSE})


def exercised(position: Position, terms: Terms, delivers: Deliverable, held: int) -> list[Delivery]:
    """The lines of an option exercised (long) or assigned (short), while so much of the deliverable is `held`."""
    kind = DeliveryKind.EXERCISE if position.quantity > 0 else DeliveryKind.ASSIGNMENT
    change = int(position.quantity * terms.side * position.multiplier / delivers.multiplier)
    fees = [exercise_fees(abs(position.quantity)), Fees()]
    lines = [
        _delivered(position, terms, delivers, action, part)
        for action, part in _actions(delivers.instrument_type, held, change)
    ]
    charged = [line.model_copy(update={"charged": fee}) for line, fee in zip(lines, fees, strict=False)]
    return [_line(position, terms, kind, _ZERO), *charged]


def _line(position: Position, terms: Terms, kind: DeliveryKind, price: Decimal, fees: Fees = Fees()) -> Delivery:  # noqa: B008
    return Delivery(
        kind=kind,
        symbol=position.symbol,
        instrument_type=position.instrument_type,
        underlying=position.underlying,
        multiplier=position.multiplier,
        change=-position.quantity,
        price=price,
        strike=terms.strike,
        charged=fees,
        at=terms.settles_at,
    )


def _delivered(position: Position, terms: Terms, delivers: Deliverable, action: Action, change: int) -> Delivery:
    if terms.strike is None:
        raise AssertionError(f"{position.symbol} has no strike to deliver at")
    ends = delivers.settles_at
    return Delivery(
        kind=DeliveryKind.DELIVERED,
        symbol=delivers.symbol,
        instrument_type=delivers.instrument_type,
        underlying=delivers.symbol,
        multiplier=delivers.multiplier,
        change=change,
        price=terms.strike,
        action=action,
        terms=None if ends is None else Terms(settles_at=ends, product=delivers.product),
        at=terms.settles_at,
    )


def _actions(kind: InstrumentType, held: int, change: int) -> Iterator[tuple[Action, int]]:
    """A delivery that turns a position round closes it first: the broker has a line for each."""
    buys = change > 0
    if kind is InstrumentType.FUTURE:
        yield (Action.BUY if buys else Action.SELL), change
        return
    closing = min(abs(held), abs(change)) if held * change < 0 else 0
    sign = 1 if buys else -1
    if closing:
        yield (Action.BUY_TO_CLOSE if buys else Action.SELL_TO_CLOSE), closing * sign
    if opening := abs(change) - closing:
        yield (Action.BUY_TO_OPEN if buys else Action.SELL_TO_OPEN), opening * sign
