"""An exchange whose clock the test sets, and trades entered in its book without a market in between."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from domain.contract import InstrumentType
from paper.exchange import Exchange
from paper.market.quote import Quote
from paper.settings import PaperSettings, SessionMode
from paper.trading.orders import Leg, Order
from paper.trading.words import Action, OrderType, Status, TimeInForce

MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


OPTION_LENGTH = 21


def kind(symbol: str) -> InstrumentType:
    if symbol.startswith("."):
        return InstrumentType.FUTURE_OPTION
    if symbol.startswith("/"):
        return InstrumentType.FUTURE
    return InstrumentType.EQUITY_OPTION if len(symbol) == OPTION_LENGTH else InstrumentType.EQUITY


def leg(symbol: str, action: Action, quantity: int) -> Leg:
    return Leg(symbol=symbol, instrument_type=kind(symbol), action=action, quantity=quantity)


@dataclass
class Floor:
    """The exchange, its clock, and what a test does there."""

    db: Path
    now: datetime = MONDAY
    mode: SessionMode = SessionMode.REAL
    cash: Decimal = Decimal(100_000)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        settings = PaperSettings(db=self.db, session=self.mode, cash=self.cash)
        self.exchange = Exchange(settings.hurried(), lambda: self.now)

    def restart(self) -> None:
        """As after a kill: nothing is put in order first."""
        self.exchange.store.close()
        self.open()

    def order(self, *legs: Leg, price: str = "1.00", effect: str = "Debit", accepted: bool = True) -> Order:
        """A limit order, which the venue has once it is `accepted`."""
        listed = self.exchange.listings.find(legs[0].symbol)
        assert listed is not None
        is_future = listed.underlying.startswith("/")
        order = Order(
            order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            legs=list(legs),
            underlying=listed.underlying,
            underlying_type=InstrumentType.FUTURE if is_future else InstrumentType.EQUITY,
            price=Decimal(price),
            price_effect=effect,
        )
        if not accepted:
            return order
        self.exchange.book.accept(order)
        for status in (Status.ROUTED, Status.IN_FLIGHT, Status.LIVE):
            self.exchange.book.move(order, status)
        return order

    def trade(self, symbol: str, action: Action, quantity: int, price: str) -> None:
        order = self.order(leg(symbol, action, quantity), price=price, effect="Debit" if action.is_buy else "Credit")
        self.exchange.book.execute(order, quantity, [Decimal(price)])

    def mark(self, symbol: str, price: str) -> None:
        """Show a quote around a price, with nothing to take."""
        mid, edge = Decimal(price), Decimal("0.01")
        self.exchange.pin(symbol, Quote(mid - edge, mid + edge, 0, 0, self.now))

    def pass_to(self, at: datetime) -> None:
        self.now = at
        self.exchange.ring_bells()

    def held(self) -> dict[str, int]:
        return {s: row.quantity for s, row in self.exchange.account.positions.items() if row.quantity}
