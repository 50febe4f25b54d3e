"""The exchange as a whole: what a client may ask of it, and the clock that moves its market.

Nothing here knows HTTP. Every part is made here, once, and handed to those that need it.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from paper.background import Background
from paper.bells import Bells
from paper.clock import Clock, DrivenClock, utc_now
from paper.faults import Display, Fault, FaultKind, Faults
from paper.listings.calendar import MarketCalendar, new_york_day
from paper.listings.instruments import Listings
from paper.listings.sessions import Sessions
from paper.market.market import Market
from paper.market.paths import QuotePaths
from paper.market.quote import Quote
from paper.market.replay import Replay
from paper.settings import PaperSettings, SessionMode
from paper.trading.account import Account
from paper.trading.book import Book
from paper.trading.broker import Broker
from paper.trading.buying_power import BuyingPower
from paper.trading.complex_orders import ComplexOrders
from paper.trading.matcher import Matcher
from paper.trading.preflight import Preflight
from paper.trading.settlement import Settlement
from paper.trading.store import Store
from paper.trading.venue import Venue

_REMEMBER_EVERY = 20  # market steps between two notes of where the market stands
_FURTHEST = timedelta(days=250)  # the calendar of an exchange reaches as far, and a year of listings beyond it


class Exchange:
    """One account's exchange. `start` sets its market in motion, `close` stops it and keeps its book."""

    def __init__(self, settings: PaperSettings, clock: Clock = utc_now) -> None:
        self.settings = settings
        self.store = Store(settings.db)
        self.wall_clock = clock  # rules what is agreed with clients: tokens, not trading
        self.clock = self._recalled_clock()
        self.calendar = MarketCalendar(new_york_day(self.clock()))
        self.listings = Listings(self.calendar, self.clock)
        self.market = Market(self.listings, settings.seed, self.clock)
        self.faults = Faults(self.clock)
        self.display = Display(self.market, self.faults)
        self.background = Background()
        saved = self.store.load()
        mode = self.store.recall("session") or settings.session
        self._restore_market(saved.pins, self.store.recall("spots"))
        self.sessions = Sessions(self.calendar, SessionMode(str(mode)), self.clock)
        cash = Decimal(0) if saved.cash is None else saved.cash
        self.account = Account(settings.account_number, cash, saved.positions)
        self.buying_power = BuyingPower(self.account, self.market, self.listings)
        self.book = Book(saved, self.account, self.buying_power, self.store, self.listings, self.market, self.clock)
        self.market.own_interest = self.book.interest_in
        self.preflight = Preflight(self.listings, self.account, self.sessions)
        self.matcher = Matcher(
            self.book, self.market, self.listings, self.sessions, self.faults, settings, self.background
        )
        self.venue = Venue(self.book, self.matcher, self.listings, self.faults, settings, self.background)
        self.settlement = Settlement(self.book, self.market, self.listings)
        self.complex_orders = ComplexOrders(self.book, self.venue)
        self.broker = Broker(self.book, self.preflight, self.venue, self.complex_orders, self.faults)
        last_look = self._recall_number("last look") or self.clock().timestamp()
        self.bells = Bells(self.sessions, self.clock, datetime.fromtimestamp(last_look, UTC))
        self.paths = QuotePaths(self.store, self.market, self.clock)
        self.replay = Replay(self.store, self.market, self.background, self.clock)
        self.noted: list[Callable[[], None]] = []  # called every few seconds, and at the end
        self._saved_path = saved.path
        self.faults.changed.append(self._condition_changed)
        if saved.cash is None:
            self.set_cash(settings.cash)

    def start(self) -> None:
        """Go on where an earlier run stopped, and let the market move."""
        self.paths.resume(self._saved_path)
        self.replay.resume()
        self._end_what_is_over()  # while nobody was here; before anything that is left goes on
        self.venue.resume()
        self.complex_orders.resume()
        self.ring_bells()
        self.background.start(self._run_market())

    async def close(self) -> None:
        """Stop everything. Working orders stay in the book for the next run."""
        self.faults.stop()
        self.paths.close()
        await self.background.stop()
        self._remember_where_we_are()
        self.store.close()

    def pin(self, symbol: str, quote: Quote) -> None:
        """Show this quote from now on, through restarts."""
        self.store.save(pins=[(symbol, quote)])
        self.market.pin(symbol, quote)

    def unpin(self, symbol: str) -> None:
        """Give an instrument back to the model, and forget the rest of its path."""
        self.paths.drop(symbol)
        self.store.save(pins=[(symbol, None)])
        self.market.unpin(symbol)

    def set_session(self, mode: SessionMode) -> None:
        """Open or close the market, or leave it to the calendar. The bells ring at once."""
        self.store.remember("session", mode.value)
        self.sessions.mode = mode
        self.ring_bells()

    def set_cash(self, amount: Decimal) -> None:
        """Deposit or withdraw what is missing to `amount` dollars."""
        change = amount - self.account.cash
        self.store.save(cash=[(self.clock(), "deposit", change, amount)])
        self.account.cash = amount

    def set_clock(self, at: datetime) -> None:
        """Put the clock forward: the market moves once for the time that is skipped, and what came due happens.

        ValueError for a moment that is over, or further away than the calendar of listings reaches.
        """
        if at > self.clock() + _FURTHEST:
            raise ValueError(f"the clock can be put forward by {_FURTHEST.days} days at most")
        before = self.clock()
        self.clock.go_to(at)
        self.store.remember("clock ahead", self.clock.ahead.total_seconds())
        traded = self.sessions.trading_time(before, at).total_seconds()
        if traded > 0:
            self.market.step(traded)
        self.ring_bells()
        self.paths.clock_was_set()

    def ring_bells(self) -> None:
        """Open and close what opened and closed since the last time, and reckon anew what depends on the market."""
        rung = self.bells.ring()
        self.venue.close_bell(rung.closes)
        self._end_what_is_over()
        self.book.reservations.mark()
        if rung.opened:
            self.venue.open_bell()

    def available(self) -> Decimal:
        """Buying power, dollars."""
        return self.buying_power.available(self.book.reserved)

    def _end_what_is_over(self) -> None:
        """Contracts that ended since the last time: their orders first, then their positions, then the day."""
        self.venue.expire_ended()
        self.settlement.run(self.clock())
        self.book.start_day(self.listings.today)

    async def _run_market(self) -> None:
        steps = 0
        while True:
            await asyncio.sleep(self.settings.tick_seconds)
            self.ring_bells()
            if self.bells.any_open:
                self.market.step(self.settings.tick_seconds)
            steps += 1
            if steps % _REMEMBER_EVERY == 0:
                self._remember_where_we_are()

    def _remember_where_we_are(self) -> None:
        self.store.remember("spots", self.market.walks.spots)
        self.store.remember("last look", self.bells.since.timestamp())
        for listener in self.noted:
            listener()

    def _recalled_clock(self) -> DrivenClock:
        """As an earlier run left it; a new book's clock starts where the settings say."""
        ahead = self.store.recall("clock ahead")
        if isinstance(ahead, int | float):
            return DrivenClock(self.wall_clock, timedelta(seconds=ahead))
        start = self.settings.at
        clock = DrivenClock(self.wall_clock, timedelta(0) if start is None else start - self.wall_clock())
        self.store.remember("clock ahead", clock.ahead.total_seconds())
        return clock

    def _recall_number(self, name: str) -> float:
        number = self.store.recall(name)
        return float(number) if isinstance(number, int | float) else 0.0

    def _restore_market(self, pins: dict[str, Quote], spots: object) -> None:
        if isinstance(spots, dict):
            self.market.walks.restore(spots)
        for symbol, quote in pins.items():
            self.market.pin(symbol, quote)

    def _condition_changed(self, fault: Fault) -> None:
        """A halt that is lifted lets everything trade that could have traded meanwhile."""
        if fault.kind is FaultKind.HALT and fault.is_over:
            for order in self.book.open_orders():
                if order.underlying == fault.symbol:
                    self.matcher.match(order.legs[0].symbol)
