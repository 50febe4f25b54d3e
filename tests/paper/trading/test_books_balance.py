"""The account adds up, to the cent and over anything that may happen to it.

A reference keeps its own books: it sees what was traded and delivered, knows the fee schedule and the calendar of the
few contracts it trades, and shares no arithmetic with the account.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.contract import InstrumentType
from paper.exchange import Exchange
from paper.listings.calendar import MarketCalendar
from paper.market.quote import Quote
from paper.settings import PaperSettings
from paper.trading.deliveries import Delivery, DeliveryKind
from paper.trading.order_form import LegForm, OrderForm
from paper.trading.orders import Execution, Order
from paper.trading.words import Action, OrderType, Status, TimeInForce

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
CASH = Decimal(400_000)
NEW_YORK = ZoneInfo("America/New_York")
SHARES, FUTURES = ("UBER", "SENS"), ("/ESZ6",)
# The strike, and when it ends: 27 November is a half day; the SPX option is settled at the open of 18 December.
OPTIONS = {
    "SPXW  261127P06700000": (6700, datetime(2026, 11, 27, 18, 0, tzinfo=UTC)),
    "UBER  261127C00080000": (80, datetime(2026, 11, 27, 18, 0, tzinfo=UTC)),
    "SPX   261218C06700000": (6700, datetime(2026, 12, 18, 14, 30, tzinfo=UTC)),
    "UBER  261127P00080000": (80, datetime(2026, 11, 27, 18, 0, tzinfo=UTC)),
    "UBER  261127C00085000": (85, datetime(2026, 11, 27, 18, 0, tzinfo=UTC)),
    "UBER  261204P00075000": (75, datetime(2026, 12, 4, 21, 0, tzinfo=UTC)),
}
ENDS = {"/ESZ6": datetime(2026, 12, 18, 14, 30, tzinfo=UTC)} | {symbol: end for symbol, (_, end) in OPTIONS.items()}
SPREADS = [
    ("UBER  261127C00080000", "UBER  261127C00085000"),
    ("UBER  261204P00075000", "UBER  261127P00080000"),
]
TRADED = (*OPTIONS, *SHARES, *FUTURES)
QUOTED = (*TRADED, "SPX")
# Lowest price, tick, and how many ticks up it may go.
RANGES = {
    "UBER": ("70.00", "0.01", 2000),
    "SENS": ("0.3000", "0.0001", 3000),
    "SPX": ("6600.00", "0.01", 20000),
    "/ESZ6": ("6650.00", "0.25", 400),
}
OPTION_RANGE = ("0.10", "0.05", 100)
OPENS = {True: Action.BUY_TO_OPEN, False: Action.SELL_TO_OPEN}
CLOSES = {True: Action.BUY_TO_CLOSE, False: Action.SELL_TO_CLOSE}
PLAIN = {True: Action.BUY, False: Action.SELL}
ticks = st.integers(0, 20000)
quantities = st.integers(1, 4)
sizes = st.integers(0, 9)


def multiplier(symbol: str) -> int:
    return 100 if symbol in OPTIONS else 50 if symbol in FUTURES else 1


def price_of(symbol: str, steps: int) -> Decimal:
    low, tick, most = RANGES.get(symbol, OPTION_RANGE)
    return Decimal(low) + Decimal(tick) * (steps % most + 1)


def new_york(at: datetime) -> date:
    return at.astimezone(NEW_YORK).date()


class Reference:
    """What the books must say, out of nothing but what was paid in, traded and delivered."""

    def __init__(self) -> None:
        self.deposits = Decimal(0)
        self.held: Counter[str] = Counter()
        self.gains_at_zero = Fraction(0)  # dollars of all entries, were every mark zero
        self.fees = Decimal(0)
        self.average: dict[str, Fraction] = defaultdict(Fraction)
        self.realised: dict[tuple[str, date], Fraction] = defaultdict(Fraction)
        self.entries = 0

    def traded(self, execution: Execution) -> None:
        sign = 1 if execution.action.value.startswith("Buy") else -1
        self.fees += self._trade_fee(execution.symbol, "Open" in execution.action.value) * execution.quantity
        self._enter(execution.symbol, sign * execution.quantity, execution.price, execution.at)

    def delivered(self, delivery: Delivery) -> None:
        charged = (DeliveryKind.EXERCISE, DeliveryKind.ASSIGNMENT)
        cash = (DeliveryKind.CASH_EXERCISE, DeliveryKind.CASH_ASSIGNMENT)
        if delivery.kind in (*charged, *cash):
            self.fees += Decimal(5) * delivery.quantity
        if delivery.kind is DeliveryKind.SOLD_OUT:
            self.fees += self._trade_fee(delivery.symbol, opens=False) * delivery.quantity
        self._enter(delivery.symbol, delivery.change, delivery.price, delivery.at)

    def _trade_fee(self, symbol: str, opens: bool) -> Decimal:
        if symbol in SHARES:
            return Decimal(0)
        if symbol in FUTURES:
            return Decimal("1.55")
        index = Decimal("0.60") if symbol.startswith("SPX") else Decimal(0)
        return (Decimal("1.12") if opens else Decimal("0.12")) + index

    def _enter(self, symbol: str, change: int, price: Decimal, at: datetime) -> None:
        paid = Fraction(price)
        before, self.entries = self.held[symbol], self.entries + 1
        self.held[symbol] += change
        self.gains_at_zero -= change * paid * multiplier(symbol)
        closing = min(abs(before), abs(change)) * (1 if before > 0 else -1) if before * change < 0 else 0
        gain = (paid - self.average[symbol]) * closing * multiplier(symbol)
        self.realised[symbol, new_york(at)] += gain
        kept, opened = before - closing, change + closing
        if self.held[symbol]:
            self.average[symbol] = (self.average[symbol] * kept + paid * opened) / (kept + opened)

    def worth(self, marks: dict[str, Decimal]) -> Fraction:
        """Deposits, realised and unrealised gains less fees, at these marks."""
        unrealised = sum(n * Fraction(marks[symbol]) * multiplier(symbol) for symbol, n in self.held.items())
        return Fraction(self.deposits) + self.gains_at_zero + unrealised - Fraction(self.fees)


class Books(RuleBasedStateMachine):
    """An exchange whose clock and quotes the test sets, and which may be started anew at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now = NOW
        self.reference = Reference()
        self.marks: dict[str, Decimal] = {}
        self.start()
        self.reference.deposits = self.exchange.account.cash

    def start(self) -> None:
        self.exchange = Exchange(PaperSettings(db=Path(self.folder.name) / "paper.db", cash=CASH), lambda: self.now)
        self.exchange.book.executed.append(self.reference.traded)
        self.exchange.book.delivered.append(self.reference.delivered)

    def teardown(self) -> None:
        for order in self.exchange.book.open_orders():
            self.exchange.book.move(order, Status.CANCELLED)
        assert self.exchange.book.reserved == 0
        self.exchange.store.close()
        self.folder.cleanup()

    @initialize(steps=st.lists(ticks, min_size=len(QUOTED), max_size=len(QUOTED)))
    def open_the_market(self, steps: list[int]) -> None:
        for symbol, step in zip(QUOTED, steps, strict=True):
            self.show(symbol, price_of(symbol, step), 0)

    def show(self, symbol: str, price: Decimal, size: int) -> None:
        tick = Decimal(RANGES.get(symbol, OPTION_RANGE)[1])
        self.marks[symbol] = price
        self.exchange.pin(symbol, Quote(price - tick, price + tick, size, size, self.now))

    @rule(dollars=st.integers(-200_000, 100_000))
    def deposit(self, dollars: int) -> None:
        self.exchange.set_cash(self.exchange.account.cash + dollars)
        self.reference.deposits += dollars

    @rule(symbol=st.sampled_from(TRADED), closes=st.booleans(), n=quantities, steps=ticks, size=sizes)
    def buy(self, symbol: str, closes: bool, n: int, steps: int, size: int) -> None:
        self.trade(symbol, True, closes, n, steps, size)

    @rule(symbol=st.sampled_from(TRADED), closes=st.booleans(), n=quantities, steps=ticks, size=sizes)
    def sell(self, symbol: str, closes: bool, n: int, steps: int, size: int) -> None:
        self.trade(symbol, False, closes, n, steps, size)

    @rule(symbol=st.sampled_from(list(OPTIONS)), n=quantities, size=sizes)
    def write(self, symbol: str, n: int, size: int) -> None:
        self.trade(symbol, False, False, n, 0, size)

    @rule(size=st.integers(1, 9), number=st.integers(0, 50))
    @precondition(lambda self: self.held())
    def close(self, size: int, number: int) -> None:
        symbol, held = self.held()[number % len(self.held())]
        lots = max(abs(held) // (50 if symbol in SHARES else 1), 1)
        self.trade(symbol, held < 0, True, min(lots, 6), 9, size)

    @rule(pair=st.sampled_from(SPREADS), buys=st.booleans(), closes=st.booleans(), n=quantities, size=sizes)
    def trade_a_spread(self, pair: tuple[str, str], buys: bool, closes: bool, n: int, size: int) -> None:
        words = CLOSES if closes else OPENS
        net = self.marks[pair[0]] - self.marks[pair[1]]  # paid when bought
        limit = net + (1 if buys else -1) * Decimal("0.20")
        legs = [(pair[0], words[buys], n), (pair[1], words[not buys], n)]
        self.take(legs, abs(limit), "Debit" if (limit > 0) is buys else "Credit")
        for symbol in pair:
            self.offer(symbol, size)

    def trade(self, symbol: str, buys: bool, closes: bool, n: int, steps: int, size: int) -> None:
        """At a price that is mostly marketable, against `size` contracts that are offered then."""
        words = PLAIN if symbol in FUTURES else CLOSES if closes else OPENS
        tick = Decimal(RANGES.get(symbol, OPTION_RANGE)[1])
        edge = (4 - steps % 6) * tick
        price = max(self.marks[symbol] + (edge if buys else -edge), tick)
        self.take([(symbol, words[buys], n * 50 if symbol in SHARES else n)], price, "Debit" if buys else "Credit")
        self.offer(symbol, size)

    def held(self) -> list[tuple[str, int]]:
        return [(symbol, n) for symbol, n in sorted(self.reference.held.items()) if n]

    def take(self, legs: list[tuple[str, Action, int]], price: Decimal, effect: str) -> None:
        form = OrderForm(
            order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            legs=tuple(LegForm(instrument_type=kind(s), symbol=s, action=a, quantity=n) for s, a, n in legs),
            price=price,
            price_effect=effect,
        )
        before = self.exchange.available()
        assessed = self.exchange.broker.assess(form)
        if assessed.refusals:
            return
        assert assessed.effect.change >= 0 or assessed.effect.after >= 0
        book, order = self.exchange.book, assessed.order
        book.accept(order)
        assert abs(self.exchange.available() - before - min(assessed.effect.change, 0)) < Decimal("0.001")
        for status in (Status.ROUTED, Status.IN_FLIGHT, Status.LIVE):
            book.move(order, status)

    @rule(symbol=st.sampled_from(QUOTED), steps=ticks)
    def move_the_market(self, symbol: str, steps: int) -> None:
        """A price at which nothing is offered yet."""
        self.show(symbol, price_of(symbol, steps), 0)
        self.exchange.ring_bells()

    @rule(symbol=st.sampled_from(TRADED), size=st.integers(1, 9))
    def offer(self, symbol: str, size: int) -> None:
        """So much at the present price: whatever fills takes no buying power that wasn't set aside for it.

        But for futures, which trade half a spread off their mark, and for spreads among other orders: which of them
        cover one another depends on who is filled first.
        """
        before, is_exact = self.exchange.available(), symbol not in FUTURES and not self.has_spread_among_others()
        self.show(symbol, self.marks[symbol], size * 40 if symbol in SHARES else size)
        if is_exact:
            assert self.exchange.available() >= before - Decimal("0.01")

    def has_spread_among_others(self) -> bool:
        orders = self.exchange.book.open_orders()
        return len(orders) > 1 and any(len(order.legs) > 1 for order in orders)

    @rule(number=st.integers(0, 50))
    @precondition(lambda self: self.exchange.book.open_orders())
    def cancel(self, number: int) -> None:
        orders: list[Order] = self.exchange.book.open_orders()
        self.exchange.book.move(orders[number % len(orders)], Status.CANCELLED)

    @rule(hours=st.sampled_from([1, 9, 24, 60]), restarts=st.booleans())
    def wait(self, hours: int, restarts: bool) -> None:
        self.pass_time(self.now + timedelta(hours=hours), restarts)

    @rule(hours=st.sampled_from([0, 0, 1, 80]), restarts=st.booleans())
    @precondition(lambda self: any(symbol in ENDS for symbol, _ in self.held()))
    def expire(self, hours: int, restarts: bool) -> None:
        """On to the next end of something that is held, or past it."""
        end = min(ENDS[symbol] for symbol, _ in self.held() if symbol in ENDS)
        self.pass_time(max(end, self.now) + timedelta(hours=hours), restarts)

    def pass_time(self, end: datetime, restarts: bool) -> None:
        """Expiries on the way change what is held, but nothing of what it is worth, except for their fees."""
        worth, fees = self.intrinsic_worth(end), self.reference.fees
        self.now = end
        if restarts:
            self.exchange.store.close()
            self.start()
        self.exchange.ring_bells()
        assert self.intrinsic_worth(end) == worth - Fraction(self.reference.fees - fees)

    @rule()
    def restart(self) -> None:
        """What was not committed is lost, and there is no such thing."""
        self.exchange.store.close()
        self.start()

    def intrinsic_worth(self, at: datetime) -> Fraction:
        """With each option that has ended by then marked at what it is worth exercised."""
        marks = dict(self.marks)
        for symbol, (strike, ends_at) in OPTIONS.items():
            spot = self.marks["UBER" if symbol.startswith("UBER") else "SPX"]
            gain = spot - strike if symbol[12] == "C" else strike - spot
            if ends_at <= at:
                marks[symbol] = max(gain, Decimal(0))
        return self.reference.worth(marks)

    @invariant()
    def cash_and_positions_are_deposits_and_gains_less_fees(self) -> None:
        positions = self.exchange.account.positions
        value = sum((row.value(self.marks[symbol]) for symbol, row in positions.items()), Decimal(0))
        assert Fraction(self.exchange.account.cash + value) == self.reference.worth(self.marks)

    @invariant()
    def positions_are_the_sums_of_what_was_traded(self) -> None:
        held = {symbol: row.quantity for symbol, row in self.exchange.account.positions.items() if row.quantity}
        assert held == {symbol: n for symbol, n in self.reference.held.items() if n}

    @invariant()
    def averages_and_realised_gains_are_those_of_the_trades(self) -> None:
        slack = Fraction(1, 100) * (1 + self.reference.entries)  # a future's gain is in whole cents, close by close
        for symbol, row in self.exchange.account.positions.items():
            average = self.reference.average[symbol] if row.quantity else Fraction(0)
            cost = average * row.quantity * multiplier(symbol)
            today = self.reference.realised[symbol, new_york(self.now)]
            exact = symbol not in FUTURES
            assert abs(Fraction(row.average_price * row.quantity) * multiplier(symbol) - cost) < (
                Fraction(1, 1000) if exact else slack
            )
            assert abs(Fraction(row.realised_today) - today) < (Fraction(1, 1000) if exact else slack)

    @invariant()
    def the_ledger_adds_up_to_the_cash(self) -> None:
        rows = self.exchange.store._db.execute("SELECT amount, balance FROM ledger ORDER BY number").fetchall()
        assert sum(Decimal(amount) for amount, _ in rows) == self.exchange.account.cash
        assert Decimal(rows[-1][1]) == self.exchange.account.cash

    @invariant()
    def nothing_is_reserved_when_nothing_works(self) -> None:
        if not self.exchange.book.open_orders():
            assert self.exchange.book.reserved == 0

    @invariant()
    def nothing_is_held_beyond_its_end(self) -> None:
        ended = [symbol for symbol, end in ENDS.items() if end <= self.now]
        assert not any(self.exchange.account.held(symbol) for symbol in ended)


def kind(symbol: str) -> InstrumentType:
    if symbol in OPTIONS:
        return InstrumentType.EQUITY_OPTION
    return InstrumentType.FUTURE if symbol in FUTURES else InstrumentType.EQUITY


@pytest.fixture(autouse=True, scope="module")
def one_calendar() -> Iterator[None]:
    """A calendar takes a third of a second to make, and each restart makes one."""
    calendar = MarketCalendar(NOW.date())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("paper.exchange.MarketCalendar", lambda _: calendar)
        yield


TestBooks: Any = Books.TestCase
TestBooks.settings = settings(
    max_examples=120, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
