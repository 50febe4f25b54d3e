"""The shares that calls sold first would be delivered from: what the account holds and nothing else needs.

Orders are read before positions, and both twice: what fills in between is then counted against the cover, and never
for it. The broker's ledger follows its fills by seconds.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator

from activities.broker.orders import Orders
from activities.broker.positions import positions
from activities.broker.records import identifier_of, number
from activities.broker.replies import Json
from activities.broker.session import BrokerSession
from domain.alert import OptionType
from domain.contract import Contract
from domain.desk import CallCover
from domain.identifiers import TradeId
from domain.orders import LegAction, OrderStatus
from domain.symbols import parse_occ

_PAUSE = 2.0  # seconds
_SELLS = (LegAction.SELL_TO_CLOSE, LegAction.SELL_TO_OPEN)
_ENDED = frozenset(status.value for status in OrderStatus if status.is_terminal)


class CallCovers:
    """Of one account. RetryableError when it can't be read."""

    def __init__(self, session: BrokerSession, orders: Orders) -> None:
        self._session = session
        self._orders = orders

    async def of(self, contract: Contract) -> CallCover:
        """What there is for calls on this contract's underlying: the lesser of two looks."""
        first = await self._look(contract)
        await asyncio.sleep(_PAUSE)
        second = await self._look(contract)
        calls = {symbol: max(first.short_calls.get(symbol, 0), held) for symbol, held in second.short_calls.items()}
        return CallCover(shares=min(first.shares, second.shares), short_calls=first.short_calls | calls)

    async def _look(self, contract: Contract) -> CallCover:
        rows = await self._orders.live()
        held = await positions(self._session)
        root = _root(contract.symbol)
        shares = sum(int(one.quantity) for one in held if one.symbol == contract.underlying)
        calls: Counter[str] = Counter()
        for one in held:
            if one.quantity < 0 and _is_call_on(one.symbol, root):
                calls[one.symbol] += int(-one.quantity)
        for symbol, quantity, is_ours in _for_sale(rows):
            shares -= quantity if symbol == contract.underlying else 0
            if not is_ours and _is_call_on(symbol, root):
                calls[symbol] += quantity
        return CallCover(shares=shares, short_calls=dict(calls))


def _for_sale(rows: Iterable[Json]) -> Iterator[tuple[str, int, bool]]:
    """Each leg that sells and may still execute: its symbol, how many, and whether a trade of ours sent it."""
    for raw in rows:
        if raw.get("status") in _ENDED:
            continue
        is_ours = TradeId.of_order(identifier_of(raw)) is not None
        for leg in raw.get("legs") or ():
            if leg.get("action") in _SELLS:
                yield str(leg.get("symbol")), int(number(leg.get("remaining-quantity", leg.get("quantity")))), is_ours


def _is_call_on(symbol: str, root: str) -> bool:
    option = parse_occ(symbol)
    return option is not None and option.option_type is OptionType.CALL and _root(symbol) == root


def _root(symbol: str) -> str:
    """Of an adjusted series the digit behind it is left out: what it delivers is needed as well."""
    option = parse_occ(symbol)
    return "" if option is None else option.root.rstrip("0123456789")
