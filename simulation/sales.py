"""What must be true of what is sold before the exit does: each request once, as much as it names, and answered.

What a trade writes down tells which request it serves; how much that may sell is added up here anew, from the fills
that it had written by then. Prices are looked after by `sale_prices`.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal

from domain.alert import AlertMessage
from domain.audit import AuditEvent, AuditKind
from domain.closing import CloseOutcome, CloseRequest, CloseResult
from domain.contract import Quote
from domain.identifiers import OrderRole, role_of
from domain.orders import LegAction, OrderRequest
from simulation.guards import Guards
from simulation.in_time import InTime
from simulation.promises import Book, Findings, Promised, Rules, Standing
from simulation.sale_prices import SalePrices
from simulation.served import Selling, Served, is_whole, outdoes, wrong_with

_FINEST = Decimal("1e-9")
_SELLS_WITHIN = 15.0  # seconds: the entry and the exit make room, a market is found; late fills are waited for
_STOPS_WITHIN = 6.0
_CROSSING = 70.0  # three times to the market, and a limit where that is refused
_CLOCKS_MAY_DIFFER = 8.0


class Sales:
    """Of one seed. `promised` by workflow id, as the checker has it."""

    def __init__(
        self,
        book: Book,
        rules: Rules,
        found: Findings,
        in_time: InTime,
        at: Callable[[], float],
        promised: Mapping[str, Promised],
        guards: Guards,
    ) -> None:
        self._book = book
        self._rules = rules
        self._found = found
        self._in_time = in_time
        self._at = at
        self._promised = promised
        self._guards = guards
        self.kept_of: Callable[[str, int], int] = lambda *_: 0  # of what a trade holds, what calls need
        self._trades: dict[str, Selling] = {}
        self._posted: dict[str, tuple[AlertMessage, bool]] = {}  # of closing alerts, and whether it may start anything

    def asked(self, workflow_id: str, request: CloseRequest) -> None:
        """A request has reached a trade."""
        trade = self._of(workflow_id)
        trade.asked.setdefault(request.request_id, request)
        trade.first_asked_at = self._at() if trade.first_asked_at is None else trade.first_asked_at
        self.stands(workflow_id, self._book.standing(workflow_id))

    def knows(self, workflow_id: str, request_id: str) -> bool:
        """Whether it was asked before."""
        return request_id in self._of(workflow_id).asked

    def was_asked(self, workflow_id: str) -> bool:
        """Whether somebody had asked that trade to sell before this instant: what leaves in the same one has left."""
        trade = self._trades.get(workflow_id)
        return trade is not None and trade.first_asked_at is not None and trade.first_asked_at < self._at()

    def taken_back(self, workflow_id: str, request_id: str) -> None:
        """So much for that."""
        self._of(workflow_id).taken_back.add(request_id)
        self.stands(workflow_id, self._book.standing(workflow_id))

    def wound_down(self, workflow_id: str) -> None:
        """An operator has cancelled the trade."""
        self._of(workflow_id).is_wound_down = True
        self.stands(workflow_id, self._book.standing(workflow_id))

    def wrote(self, workflow_id: str, row: AuditEvent) -> None:
        """A trade has written down a row."""
        if workflow_id not in self._promised:
            return
        trade = self._of(workflow_id)
        if row.kind is AuditKind.FILL:
            self._fill(trade, row)
            self._named_anew(trade)
        elif row.kind is AuditKind.GONE:
            trade.gone = row.quantity or 0
            self._named_anew(trade)
        elif row.kind is AuditKind.INTENT and role_of(row.identifier) is OrderRole.CLOSE:
            self._intent(trade, row)
        elif row.kind is AuditKind.CLOSING and row.code == "asked":
            self._begins(trade, row)
        elif row.kind is AuditKind.CLOSING:
            self._ends(trade, row)
        trade.has_error |= row.kind is AuditKind.ERROR

    def sent(self, workflow_id: str, order: OrderRequest) -> None:
        """A closing order is on its way to the broker."""
        trade = self._of(workflow_id)
        self._expect(9, not trade.is_unwanted, f"{order.identifier} is sent, and nobody wants it sold any more")
        if trade.serving is not None:
            for wrong in trade.serving.prices.wrong_with(order.price):
                self._expect(8, False, wrong)

    def exit_sent(self, workflow_id: str, price: Decimal | None) -> None:
        """An exit is on its way: what sells first is bought back for the part of its credit that is not kept (14).

        A worse price would be met at once, and never be seen in the book.
        """
        trade, shorts = self._of(workflow_id), self._rules.shorts
        if shorts is None or price is None or not trade.bought:
            return
        promised = shorts.exit_price(trade.spent / trade.bought).quantize(_FINEST)
        fits = 0 <= price - promised < self._rules.tick(promised)
        self._expect(14, fits, f"an exit is sent at {price}, promised was {promised:.4f}")

    def quoted(self, workflow_id: str, quote: Quote | None, *, is_market: bool) -> None:
        """A quote was given."""
        trade = self._trades.get(workflow_id)
        if trade is not None and trade.serving is not None:
            trade.serving.prices.quoted(quote, is_market=is_market)

    def posted(self, workflow_id: str, message: AlertMessage, *, is_first: bool) -> None:
        """Somebody writes that something is to be sold."""
        self._posted[workflow_id] = (message, is_first)

    def let_in(self, workflow_id: str, found: Collection[str], now: datetime) -> None:
        """The desk lets a closing alert ask these trades: a fresh message's (2, 3), and of who may close them."""
        message, is_first = self._posted[workflow_id]
        self._expect(2, is_first, "a reply closes")
        age = (now - message.posted_at).total_seconds()
        self._expect(3, age <= self._rules.alert_age, f"let in to close at an age of {age:.1f} s")
        by = {self._promised[trade].author_id for trade in found}
        fits = by == {message.author_id} or (self._rules.anybody_closes and bool(by))
        self._expect(2, fits, f"{message.author_id} may close what {by} opened")

    def alert_is_over(self, workflow_id: str, results: Collection[CloseResult]) -> None:
        """It has heard from every trade that it asked (30)."""
        heard = {result.workflow_id for result in results}
        asked = {name for name, trade in self._trades.items() if workflow_id in trade.asked}
        self._expect(30, asked <= heard, f"{workflow_id} is over, and {asked - heard} did not answer")

    def result(self, workflow_id: str, request_id: str) -> CloseResult | None:
        """What a trade has answered."""
        trade = self._trades.get(workflow_id)
        return None if trade is None else trade.results.get(request_id)

    def answered(self, workflow_id: str, result: CloseResult) -> None:
        """Whoever asked has heard what became of it."""
        trade = self._of(workflow_id)
        before = trade.results.setdefault(result.request_id, result)
        self._expect(7, before == result, f"asked again, it says {result} after {before}")
        served = trade.served.get(result.request_id)
        if served is not None and before is result:
            late, sold = self._book.standing(workflow_id).sold_unforeseen, self._sold(workflow_id, served)
            for invariant, what in wrong_with(result, trade, served, sold, late, self._at()):
                self._expect(invariant, False, what)
        self.stands(workflow_id, self._book.standing(workflow_id))

    def are_answered(self, workflow_id: str, waiting: int) -> None:
        """A trade is over, and `waiting` have no answer."""
        self._expect(30, not waiting, f"{workflow_id} is over, and {waiting} requests to sell have no answer")

    def claimed(self, workflow_id: str) -> int:
        """Of what is held, how much may be kept from the exit for what is sold now."""
        trade = self._trades.get(workflow_id)
        if trade is None or trade.serving is None:
            return 0
        return max(0, trade.serving.most - self._sold(workflow_id, trade.serving))

    def stands(self, workflow_id: str, standing: Standing) -> None:
        """What must come true in time."""
        trade = self._trades.get(workflow_id)
        if trade is None:
            return
        self._guards.stands(workflow_id, standing, is_selling=trade.serving is not None)
        if not trade.asked:
            return
        at, owe, served = self._at(), self._in_time.owe, trade.serving
        owe(standing.open_entries > 0, 9, at, workflow_id, _STOPS_WITHIN, "it buys on, though it is to sell", "buys")
        unwanted = trade.is_unwanted and standing.open_closes > 0
        owe(unwanted, 9, at, workflow_id, _STOPS_WITHIN, "it sells on, though nobody wants that", "unwanted")
        waits = any(outdoes(other, served.request) for other in trade.waiting) if served else False
        owe(waits, 30, at, workflow_id, _SELLS_WITHIN, "who asks for more waits for who asked for less", "outdone")
        if served is not None:
            self._expect(7, *self._within(workflow_id, served, standing))
        idle = served is not None and standing.held > 0 and not standing.open_closes + standing.open_entries
        owe(idle, 30, at, workflow_id, _SELLS_WITHIN, "a request is served, and nothing is out for sale", "idle")
        if served is not None:
            lasts = standing.open_closes > 0
            what = "a closing order outlives its window"
            self._in_time.owe_window(lasts, at, workflow_id, self._window(), what, served.request.request_id)

    def _within(self, workflow_id: str, served: Served, standing: Standing) -> tuple[bool, str]:
        """What is sold for a request and may still be, beside what nobody foresees."""
        sold, out = self._sold(workflow_id, served), standing.out_for_close - standing.out_in_excess
        fits = sold + out <= served.most + standing.sold_unforeseen
        return fits, f"{sold} sold and {out} out of {served.most} that were asked for"

    def _window(self) -> float:
        rules = self._rules
        return rules.window + rules.grace + _CLOCKS_MAY_DIFFER + (_CROSSING if rules.closes_at_market else 0)

    def _of(self, workflow_id: str) -> Selling:
        if workflow_id not in self._trades:
            self._trades[workflow_id] = Selling(self._promised[workflow_id], has_stops=self._rules.guarding.has_stops)
        return self._trades[workflow_id]

    def _fill(self, trade: Selling, row: AuditEvent) -> None:
        is_buy = row.side in (LegAction.BUY_TO_OPEN, LegAction.SELL_TO_OPEN)
        trade.bought += (row.quantity or 0) * is_buy
        trade.spent += (row.quantity or 0) * (row.price or 0) * is_buy
        if is_buy and row.quantity and row.price is not None:
            self._guards.bought(trade.promised.workflow_id, row.quantity, row.price)
        trade.sold += (row.quantity or 0) * (not is_buy)
        for each in trade.served.values():
            each.told += (row.quantity or 0) * (row.identifier in each.sent)

    def _named_anew(self, trade: Selling) -> None:
        """Until it sends something, what a request names depends on what there is."""
        served = trade.serving
        if served is not None and not served.sent:
            named = self._names(trade, served.request)
            served.most = max(served.most, named)
            is_buying = self._book.standing(trade.promised.workflow_id).open_entries
            served.least = named if is_buying else min(served.least, named)

    def _names(self, trade: Selling, request: CloseRequest) -> int:
        return self._rules.to_sell(request, trade.promised.named, trade.bought, trade.held)

    def _begins(self, trade: Selling, row: AuditEvent) -> None:
        by = row.detail.partition(" asks to sell " if self._rules.shorts is None else " asks to buy back ")[0]
        request = next((r for r in trade.asked.values() if r.by == by and r.request_id not in trade.served), None)
        if request is None and (request := self._guards.asks(trade.promised.workflow_id, by, row.at)) is not None:
            trade.asked[request.request_id] = request
        if request is None:
            self._expect(7, False, f"served, though not asked or served before: {row.detail}")
            return
        names = self._names(trade, request)
        served = Served(request, SalePrices(self._rules, request), names, names)
        trade.serving = trade.served[request.request_id] = served

    def _ends(self, trade: Selling, row: AuditEvent) -> None:
        served, trade.serving = trade.serving, None
        self._guards.answered(trade.promised.workflow_id)
        if served is None:
            return
        standing = self._book.standing(trade.promised.workflow_id)
        if row.code == CloseOutcome.SOLD and is_whole(served.request):
            held = standing.held - standing.unforeseen
            self._expect(19, held <= 0, f"all is sold, it says, and {standing.held} are held")

    def _intent(self, trade: Selling, row: AuditEvent) -> None:
        served, quantity = trade.serving, row.quantity or 0
        self._expect(4, served is not None, f"{row.identifier} sells, and nobody asked for that")
        if served is None:
            return
        what = f"{quantity} for sale after {served.told} of {served.least} to {served.most} that were asked for"
        self._expect(7, served.told + quantity <= served.most, what)
        if not served.sent:
            kept = self.kept_of(trade.promised.workflow_id, trade.held)
            self._expect(7, quantity >= min(served.least, trade.held - kept), what)
        served.sent.append(row.identifier or "")

    def _sold(self, workflow_id: str, served: Served) -> int:
        return sum(order.filled for order in self._book.orders(workflow_id) if order.identifier in served.sent)

    def _expect(self, invariant: int, holds: bool, what: str) -> None:
        if not holds:
            self._found.expect(invariant, self._at(), False, what)
