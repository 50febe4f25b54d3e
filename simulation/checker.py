"""What must be true of the broker's book after every step, by the numbers of docs/invariants.md.

It reads the book and what passes between a trade, the desk and the broker, never the story's own sums, and adds
everything up by itself. What must be true in time and in the end is looked after by `in_time` and `in_the_end`.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from decimal import Decimal

from domain.audit import AuditEvent, AuditKind
from domain.contract import Quote
from domain.identifiers import OrderRole, role_of
from domain.orders import LegAction, OrderRequest
from simulation.broker import OPENING, Order
from simulation.gone import Gone
from simulation.guards import Guards
from simulation.in_time import InTime
from simulation.plan import ENDS
from simulation.positions import Positions
from simulation.promises import Book, Findings, Promised, Rules, Standing
from simulation.sales import Sales
from simulation.shorts import Shorts
from simulation.writing_calls import WritingCalls

_MULTIPLIER = 100
_MOST_CALLS = 400  # that change an order, of one trade: an exit that keeps failing needs the most
_MOST_CALLS_A_MINUTE = 40


class Checker:
    """Looks on at every change of the book (`step`), and at what the desk and the broker are asked (`Observer`)."""

    def __init__(self, book: Book, rules: Rules, at: Callable[[], float], is_halted: Callable[[], bool]) -> None:
        self.found = Findings()
        self.promised: dict[str, Promised] = {}
        self.in_time = InTime(rules, self.found, is_halted)
        self.guards = Guards(rules, self.found, self.in_time, at, ENDS)
        self.sales = Sales(book, rules, self.found, self.in_time, at, self.promised, self.guards)
        self._book = book
        self._rules = rules
        self._at = at
        self._is_halted = is_halted
        self._admitted: dict[str, datetime] = {}
        self._ended: set[str] = set()
        self._converts: set[str] = set()
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)
        self._call_counts: defaultdict[str, int] = defaultdict(int)
        self._asks: dict[str, Decimal | None] = {}
        self._entry_prices: defaultdict[str, list[Decimal]] = defaultdict(list)
        self._seen: set[int] = set()
        self._gone: Gone | None = None  # in seeds in which anything may go
        self.calls: WritingCalls | None = None  # in seeds of shares

    def watch_positions(self, positions: Positions, looks_every: float) -> None:
        """What is short may go from the account, which reconciliation looks at so often."""
        self._gone = Gone(self._book, positions, self.found, self.in_time, self._at, looks_every)

    def told_gone(self, workflow_id: str, quantity: int) -> None:
        """A trade hears, or finds, that so many in all of what it sold first are short no more."""
        if self._gone is not None:
            self._gone.told(workflow_id, quantity)
            self._stands(workflow_id)

    def at_rest(self) -> None:
        """Once faults have ended and all trades rest."""
        if self._gone is not None:
            self._gone.at_rest()

    def step(self, order: Order, workflow_id: str | None) -> None:
        """One change of one order; `workflow_id` None: somebody else's."""
        if workflow_id is None:
            return
        is_new = order.order_id not in self._seen
        if is_new:
            self._seen.add(order.order_id)
            self._book.add(workflow_id, order)
        standing, promised = self._book.standing(workflow_id), self.promised[workflow_id]
        if is_new:
            self._new_order(order, promised, standing)
        self._expect(5, standing.open_entries <= 1, f"{standing.open_entries} entry orders are open")
        bought, leaves = standing.bought, standing.leaves
        if promised.sized is not None:
            # What a dead order still fills nobody can foresee (11): it is no reason to have sent less.
            # Nor how large a broker makes a replacement whose original had filled. Both are mended in time.
            fits = bought - standing.unforeseen + leaves - standing.in_excess <= promised.sized
            what = f"{bought} bought, {standing.unforeseen} of it unforeseen, and {leaves} open of {promised.sized}"
            self._expect(7, fits, what)
        self._for_sale(standing)
        self._stands(workflow_id)
        if self._gone is not None:
            self._gone.step()
        if self.calls is not None:
            self.calls.step(workflow_id, order, is_new=is_new)

    def has_moved(self, workflow_id: str, *, is_end: bool) -> None:
        """The trade has another state."""
        if is_end:
            self._ended.add(workflow_id)
            self.in_time.forget(workflow_id)

    def admitted(self, workflow_id: str, now: datetime) -> None:
        """The desk said yes: within its limits (26), to a fresh message (2, 3), and not while halted (27)."""
        promised, rules = self.promised[workflow_id], self._rules
        self._expect(2, promised.may_trade, "admitted a message that starts nothing")
        age = (now - promised.posted_at).total_seconds()
        self._expect(3, age <= rules.alert_age, f"admitted at an age of {age:.1f} s")
        self._expect(27, not self._is_halted(), "admitted while the desk is halted")
        window = timedelta(seconds=rules.duplicate_window)
        twins = [other for other, at in self._admitted.items() if timedelta(0) <= now - at < window]
        self._expect(26, not twins, f"admitted beside {twins} within {window.total_seconds():g} s")
        self._admitted[workflow_id] = now
        opened = len(self._admitted.keys() - self._ended)
        self._expect(26, opened <= rules.open_trades, f"{opened} trades are open")
        self._expect(26, len(self._admitted) <= rules.entries_a_day, f"{len(self._admitted)} trades on one day")

    def sized(self, workflow_id: str, quantity: int) -> None:
        """The desk gave a size: not while halted (27)."""
        self._expect(27, not quantity or not self._is_halted(), f"{workflow_id} sized while the desk is halted")

    def quoted(self, workflow_id: str, quote: Quote | None, *, is_market: bool) -> None:
        """The newest quote that a trade was given."""
        seen = None if quote is None else self._rules.quoted(quote)
        self._asks[workflow_id] = seen.ask if seen is not None and is_market else None
        self.sales.quoted(workflow_id, quote, is_market=is_market)

    def underlying_quoted(self, workflow_id: str, price: Decimal | None) -> None:
        """What a trade was told of its underlying."""
        self.guards.underlying_quoted(workflow_id, price)

    def moved(self, bid: Decimal | None, ask: Decimal | None, underlying: Decimal) -> None:
        """The market is another."""
        if bid is not None and ask is not None:
            self.guards.market((bid + ask) / 2, underlying)

    def market(self, bid: Decimal | None, ask: Decimal | None, underlying: Decimal) -> None:
        """The market of this second."""
        self.moved(bid, ask, underlying)
        for workflow_id in self.promised.keys() - self._ended:
            self.sales.stands(workflow_id, self._book.standing(workflow_id))
        if self._gone is not None:
            self._gone.stands(self._running)

    @property
    def _running(self) -> list[str]:
        return [workflow_id for workflow_id in self.promised if workflow_id not in self._ended]

    def let_in(self, workflow_id: str, found: Collection[str], now: datetime) -> None:
        """A closing alert may ask these trades: those that are open."""
        self.sales.let_in(workflow_id, found, now)
        fits = self._admitted.keys() >= set(found) and self._ended.isdisjoint(found)
        self._expect(2, fits, f"{workflow_id} may close {found}, open are {self._admitted.keys() - self._ended}")

    def wrote(self, workflow_id: str, row: AuditEvent) -> None:
        """A row of a trade's."""
        if row.kind is AuditKind.GONE:
            self.told_gone(workflow_id, row.quantity or 0)
        self.sales.wrote(workflow_id, row)
        if row.kind is AuditKind.CLOSING and workflow_id in self.promised:
            self._stands(workflow_id)

    def asked(self, workflow_id: str, order: OrderRequest | None, order_id: int | None) -> None:
        """A call that changes an order: of the trade's own (21), not too many (28), and well priced (8)."""
        if order_id is not None:
            own = [order.order_id for order in self._book.orders(workflow_id)]
            self._expect(21, order_id in own, f"{workflow_id} would change {order_id}, which is not its own")
        self._count_call(workflow_id)
        if order is not None and order.price is not None:
            price = order.price
            self._expect(8, price % self._rules.tick(price) == 0, f"{price} is not on tick")
        if order is not None and order.action in OPENING:
            self._expect(9, not self.sales.was_asked(workflow_id), "it buys after somebody asked it to sell")
            self._entry_price(workflow_id, None if order.price is None else self._rules.seen(order.price))
        if order is not None:
            self._side(workflow_id, order)
        if order is not None and role_of(order.identifier) is OrderRole.CLOSE:
            self.sales.sent(workflow_id, order)
        if order is not None and role_of(order.identifier) is OrderRole.EXIT:
            self.sales.exit_sent(workflow_id, order.price)

    def left(self, workflow_id: str, now: datetime, *, is_first: bool) -> None:
        """The first order of a trade must not leave for an alert that is too old (3)."""
        if is_first:
            age = (now - self.promised[workflow_id].posted_at).total_seconds()
            self._expect(3, age <= self._rules.alert_age, f"the first order left at an age of {age:.1f} s")

    def _stands(self, workflow_id: str) -> None:
        """What must become true in time."""
        standing, claimed = self._book.standing(workflow_id), self.sales.claimed(workflow_id) + self._book.spare
        unfound = 0 if self._gone is None else self._gone.unfound(self._running)  # and nobody can say whose it was
        self.in_time.stands(self._at(), self.promised[workflow_id], standing, claimed + unfound)
        self.sales.stands(workflow_id, standing)

    def _for_sale(self, at: Standing) -> None:
        """Never short (15). What a dead order still sells, and a replacement larger than asked, is mended in time."""
        sold, out = at.sold - at.sold_unforeseen, at.out - at.out_in_excess
        what = f"{at.sold} sold, {at.out_for_exit} out for exit and {at.out_for_close} otherwise of {at.bought} bought"
        self._expect(15, sold + out <= at.bought, what)
        orders = max(at.open_exits, at.open_closes)
        self._expect(5, orders <= 1, f"{at.open_exits} exits and {at.open_closes} closing orders are open")

    def _count_call(self, workflow_id: str) -> None:
        calls, at = self._calls[workflow_id], self._at()
        self._call_counts[workflow_id] += 1
        calls.append(at)
        while calls[0] < at - 60:
            calls.popleft()
        count = self._call_counts[workflow_id]
        self._expect(28, count <= _MOST_CALLS, f"{count} calls that change orders")
        self._expect(28, len(calls) <= _MOST_CALLS_A_MINUTE, f"{len(calls)} calls that change orders in a minute")

    def _entry_price(self, workflow_id: str, price: Decimal | None) -> None:
        """From the alert's price at most, by one tick at a time up to the ceiling, and by quotes that are a market."""
        prices, rules = self._entry_prices[workflow_id], self._rules
        before = prices[-1] if prices else None
        if price is None or before is None or price > before:
            is_market = self._asks.get(workflow_id) is not None
            self._expect(8, is_market, f"{before} -> {price} by a quote that is no market")
        if price is None:
            self._conversion(workflow_id, before)
            return
        self._expect(8, price <= rules.ceiling, f"{price} is above {rules.ceiling}")
        if before is None:
            self._expect(8, price <= rules.price, f"begins at {price} for an alert at {rules.price}")
        elif workflow_id not in self._converts:  # which is at the far quote, wherever that is
            fits = self._worked(workflow_id, prices[0]) <= price <= before + rules.tick(before)
            self._expect(8, fits, f"{price} after {prices}")
        prices.append(price)
        self._expect(8, len(set(prices)) <= rules.most_steps + 2, f"steps {prices}")

    def _worked(self, workflow_id: str, first: Decimal) -> Decimal:
        """The best price that an entry order had in the book: a step that never came there may be taken again."""
        own = [order.request for order in self._book.orders(workflow_id) if order.is_entry]
        return max((self._rules.seen(request.price) for request in own if request.price is not None), default=first)

    def _conversion(self, workflow_id: str, before: Decimal | None) -> None:
        """Only what is a tick away from the market, and not past the ceiling, is bought at any price."""
        self._converts.add(workflow_id)
        ask = self._asks.get(workflow_id)
        if before is not None and ask is not None:
            near = ask <= min(self._rules.ceiling, before + self._rules.tick(before))
            self._expect(8, near, f"converted at {before} with the market at {ask}")

    def _new_order(self, order: Order, promised: Promised, standing: Standing) -> None:
        self._expect(22, order.identifier in promised.intents, f"{order.identifier} has no intent")
        decided = promised.workflow_id in self._admitted and promised.sized is not None
        self._expect(4, decided, f"{order.identifier} was sent without a decision on record")
        same = [o for o in self._book.orders(promised.workflow_id) if o.identifier == order.identifier]
        self._expect(6, len(same) == 1, f"{order.identifier} was sent {len(same)} times")
        if order.is_entry:
            self._new_entry(order, promised, standing)

    def _new_entry(self, order: Order, promised: Promised, standing: Standing) -> None:
        if promised.sized is not None and order.replaces is None:
            rest, late = promised.sized - standing.bought, standing.unforeseen
            fits = rest <= order.quantity <= rest + late
            self._expect(7, fits, f"sent for {order.quantity}, unfilled {rest}, filled unforeseen {late}")
        self._money()

    def _money(self) -> None:
        """What all trades bought and may still buy is paid for by what there is (26)."""
        if self._rules.shorts is not None:
            self._assignment(self._rules.shorts)
            return
        spent = Decimal(0)
        for workflow_id in self._book.trades():
            standing = self._book.standing(workflow_id)
            if standing.unforeseen:
                return  # more was bought than anybody could hold money back for
            for order in standing.entries:
                spent += sum((min(f.price, self._rules.ceiling) * f.quantity for f in order.fills), Decimal(0))
                if self._book.may_execute(order):
                    spent += order.leaves * (order.request.price or self._rules.ceiling)
            spent -= sum((f.price * f.quantity for order in standing.sales for f in order.fills), Decimal(0))
        spent *= _MULTIPLIER
        self._expect(26, spent <= self._rules.money, f"{spent:.2f} spent or spoken for of {self._rules.money:.2f}")

    def _assignment(self, shorts: Shorts) -> None:
        """What all trades are short, and may still sell, could be paid for if it were assigned (26)."""
        short = 0
        for workflow_id in self._book.trades():
            standing = self._book.standing(workflow_id)
            if standing.unforeseen or workflow_id in self._ended:
                continue
            short += standing.held + standing.leaves - standing.in_excess
        cost, most = shorts.assigned(short), shorts.most_assigned
        self._expect(26, cost <= most, f"assignment would cost {cost:.2f} of {most:.2f}")

    def _side(self, workflow_id: str, order: OrderRequest) -> None:
        """A trade opens and closes on its own sides, and never turns the one into the other (15)."""
        is_entry = order.action in OPENING or role_of(order.identifier) is OrderRole.ENTRY
        sells_first = self._rules.shorts is not None
        opens = LegAction.SELL_TO_OPEN if sells_first else LegAction.BUY_TO_OPEN
        closes = LegAction.BUY_TO_CLOSE if sells_first else LegAction.SELL_TO_CLOSE
        fits = order.action is (opens if is_entry else closes)
        self._expect(15, fits, f"{workflow_id} sends {order.action} as {order.identifier}")

    def _expect(self, invariant: int, holds: bool, what: str) -> None:
        if not holds:
            self.found.expect(invariant, self._at(), False, what)
