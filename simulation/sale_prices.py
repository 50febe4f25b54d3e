"""The prices of one request's closing orders: the entry's ladder in a mirror, or the market where it was asked for."""

from decimal import ROUND_CEILING, Decimal

from domain.closing import CloseRequest, Urgency
from domain.contract import Quote
from simulation.promises import Rules

_FLOOR = Decimal("0.9")
_DEAREST = Decimal("1.1")
_FLOOR_TICKS = 4
_LOWEST = Decimal("0.01")


class SalePrices:
    """Down from the price that was named, by one tick at a time to the floor, by quotes that are a market (8)."""

    def __init__(self, rules: Rules, request: CloseRequest) -> None:
        self._rules = rules
        self._request = request
        self._prices: list[Decimal] = []
        self._floor = _LOWEST
        self._is_at_market = False  # a market order was sent: the rest goes to whoever buys
        self._bid: Decimal | None = None
        self._mid: Decimal | None = None
        self._is_market = False

    def quoted(self, quote: Quote | None, *, is_market: bool) -> None:
        """The newest quote that the trade was given."""
        self._is_market = is_market
        quote = None if quote is None else self._rules.quoted(quote)
        if quote is not None and quote.bid is not None and quote.ask is not None and quote.bid <= quote.ask:
            self._bid, self._mid = quote.bid, (quote.bid + quote.ask) / 2

    def wrong_with(self, price: Decimal | None) -> list[str]:
        """What is wrong with the next order's price, in sentences; None is a market order."""
        price = None if price is None else self._rules.seen(price)
        if self._mid is None:
            return [f"sells at {price} without a quote"]
        if price is None:
            wrong = self._at_market()
        elif self._is_at_market:
            wrong = [] if price in (self._bid, *self._prices[-1:]) else [f"{price} for the market's {self._bid}"]
        elif self._request.urgency is Urgency.NOW:
            wrong = [f"{price}, and it was to be sold at once"]
        else:
            wrong = self._step(price) if self._prices else self._begin(price, self._mid)
        if price is not None:
            self._prices.append(price)
        return wrong

    def _at_market(self) -> list[str]:
        """At once, or a tick from the market and not below the floor, or wherever it is by the settings."""
        was_at_market, self._is_at_market = self._is_at_market, True
        if self._request.urgency is Urgency.NOW or self._rules.closes_at_market or was_at_market:
            return []
        last = self._prices[-1] if self._prices else None
        if last is None or self._bid is None:
            return ["sold at the market before anything else"]
        near = self._bid >= max(self._floor, self._rules.down(last))
        return [] if near and self._is_market else [f"converted at {last} with the market at {self._bid}"]

    def _begin(self, price: Decimal, mid: Decimal) -> list[str]:
        rules, named = self._rules, self._request.limit
        limit = None if named is None else rules.seen(named)
        start = mid if limit is None else max(mid, limit)
        base = mid if limit is None else limit
        self._floor = min(_by_percent(base, rules), rules.down(price, _FLOOR_TICKS))
        if rules.shorts is None:
            self._floor = max(_LOWEST, self._floor)
        fits = start <= price < start + rules.tick(start)
        return [] if fits else [f"begins at {price}, for a limit of {limit} and a market at {mid}"]

    def _step(self, price: Decimal) -> list[str]:
        before, rules = self._prices[-1], self._rules
        wrong = []
        if not rules.down(before) <= price <= before:
            wrong.append(f"{price} after {self._prices}")
        if price < before and not self._is_market:
            wrong.append(f"{before} -> {price} by a quote that is no market")
        if price < self._floor:
            wrong.append(f"{price} is below {self._floor}")
        if len({*self._prices, price}) > rules.most_steps + 1:
            wrong.append(f"steps {self._prices}")
        return wrong


def _by_percent(base: Decimal, rules: Rules) -> Decimal:
    """A tenth below; of what is bought back a tenth above the price that is seen there in the mirror."""
    if rules.shorts is None:
        return _on_tick_above(base * _FLOOR, rules)
    dearest = rules.seen(base) * _DEAREST
    return rules.seen(dearest - dearest % rules.tick(dearest))


def _on_tick_above(price: Decimal, rules: Rules) -> Decimal:
    tick = rules.tick(price)
    return (price / tick).to_integral_value(ROUND_CEILING) * tick
