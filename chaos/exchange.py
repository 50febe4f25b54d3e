"""The exchange's side door while the exchange may be dead: every request is repeated until it is answered."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp

from chaos.plan import Fault, Market
from paper.control.client import Control, ControlError
from paper.listings.series import Instrument

_PAUSE = 0.1  # seconds
_PATIENCE = 60.0
_DEEP = 20
_FAR_BELOW = "0.05"  # where a person's order rests for ever
Answer = TypeVar("Answer")
Point = tuple[float, str, str, int]  # seconds, bid, ask, contracts offered

# The alert's price is 0.75 and the ladder three steps of a second in a window of five. What a market does it does again
# and again: a trade may come late, and a quote that nobody repeats grows stale.
_ROUND = 4.0  # seconds
_ROUNDS = 10
_FIRST: dict[Market, tuple[str, str]] = {
    Market.RUNG: ("0.73", "0.77"),
    Market.CONVERTS: ("0.71", "0.79"),
    Market.NEVER: ("0.70", "0.99"),
}
_THEN: dict[Market, tuple[Point, ...]] = {
    Market.MEETS: ((0.8, "0.70", "0.75", _DEEP),),
    Market.RUNG: ((0.8, "0.73", "0.77", _DEEP),),
    Market.PART: ((0.8, "0.70", "0.75", 2), (1.6, "0.70", "0.99", _DEEP)),
    Market.TRICKLE: ((0.8, "0.70", "0.75", 2), (1.3, "0.70", "0.99", _DEEP), (2.7, "0.70", "0.76", _DEEP)),
    Market.CONVERTS: ((0.8, "0.71", "0.79", _DEEP),),
    Market.NEVER: ((0.8, "0.70", "0.99", _DEEP),),
    Market.SELLS: ((0.8, "0.70", "0.75", _DEEP),),
}
_AT_LAST: dict[Market, Point] = {Market.SELLS: (15.0, "1.62", "1.68", _DEEP)}


def market_path(market: Market) -> list[dict[str, Any]]:
    """The quotes that follow the first one, as the control plane takes them."""
    last = _AT_LAST.get(market)
    points = [
        (number * _ROUND + after, bid, ask, size + number)  # another size: a quote like the one before is not told
        for number in range(_ROUNDS)
        for after, bid, ask, size in _THEN[market]
    ]
    if last is not None:
        points = [*(point for point in points if point[0] < last[0]), last]
    return [
        {"after": after, "bid": bid, "ask": ask, "bid_size": _DEEP, "ask_size": size}
        for after, bid, ask, size in points
    ]


class Exchange:
    """The paper exchange as the driver moves it. `fired` counts what its faults hit, through its deaths."""

    def __init__(self, control: Control) -> None:
        self.fired: Counter[str] = Counter()
        self.by_hand: dict[int, Instrument] = {}
        self._control = control
        self._counted: Counter[str] = Counter()

    async def make_market(self, option: Instrument, market: Market) -> None:
        """Show the contract's first quote, and plan the ones that follow."""
        bid, ask = _FIRST.get(market, ("0.70", "0.80"))
        await _patiently(lambda: self._control.quote(option.symbol, bid, ask, _DEEP, _DEEP))
        await _patiently(lambda: self._control.path(option.symbol, market_path(market)))

    async def arm(self, fault: Fault, symbol: str | None = None) -> None:
        """Arm a fault, for one contract if given."""
        narrowed = {} if symbol is None else {"symbol": symbol}
        await _patiently(lambda: self._control.fault(**{**fault, **narrowed}))

    async def order_by_hand(self, option: Instrument) -> None:
        """Have a person place an order of one contract that never fills."""
        await _patiently(lambda: self._control.quote(option.symbol, "0.70", "0.80", _DEEP, _DEEP))
        order = {"symbol": option.symbol, "side": "buy", "quantity": 1, "price": _FAR_BELOW, "may_be_unused": True}
        answer = await _patiently(lambda: self._control.fault("manual_order", **order))
        self.by_hand[int(answer["order_id"])] = option

    async def deposit(self, dollars: str) -> None:
        """Set the account's cash."""
        await _patiently(lambda: self._control.cash(dollars))

    async def book(self) -> Any:
        """Orders, positions, cash and fills, nothing hidden."""
        return await _patiently(self._control.book)

    async def count_faults(self) -> None:
        """Add up what the armed faults have hit; before a kill too, for the exchange forgets them when it dies."""
        try:
            faults = await self._control.faults()
        except aiohttp.ClientError:
            return
        hits: Counter[str] = Counter()
        for fault in faults:
            hits[fault["kind"]] += fault["fired"]
        self.fired += hits - self._counted
        self._counted = hits

    def forgets_faults(self) -> None:
        """The exchange was killed: it counts from nothing again."""
        self._counted.clear()

    async def calm(self) -> None:
        """No more faults."""
        await self.count_faults()
        await _patiently(self._control.clear_faults)
        self._counted.clear()


async def _patiently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask until it is answered. A refusal is an error of ours at once."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                return await ask()
            except ControlError:
                raise
            except aiohttp.ClientError:
                await asyncio.sleep(_PAUSE)
