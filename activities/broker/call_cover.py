"""The shares that calls sold first would be delivered from: what the account holds and nothing else needs.

Orders are read before positions, and both twice: what fills in between is then counted against the cover, and never
for it. The broker's ledger follows its fills by seconds.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from activities.broker.orders import Orders
from activities.broker.own_fills import net_bought
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
_SOLD_SINCE = timedelta(days=60)  # as far back as the kill looks
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

    async def beside(self, contract: Contract, seller: TradeId) -> CallCover:
        """The same for a trade that would sell the shares. One look: who wants out should not wait for two."""
        return await self._look(contract, seller)

    async def _look(self, contract: Contract, seller: TradeId | None = None) -> CallCover:
        rows = await self._orders.live()
        held = await positions(self._session)
        root = _root(contract.symbol) or contract.underlying.replace("/", "")
        shares = sum(int(one.quantity) for one in held if one.symbol == contract.underlying)
        listed = {one.symbol: int(-one.quantity) for one in held if one.quantity < 0 and _is_call_on(one.symbol, root)}
        calls = Counter(listed)
        own = 0
        for symbol, quantity, trade in _for_sale(rows):
            shares -= quantity if symbol == contract.underlying and (seller is None or trade != seller) else 0
            if _is_call_on(symbol, root) and (trade is None or seller is not None):
                calls[symbol] += quantity
                own += quantity if trade is not None else 0
        if seller is not None and listed:
            own += await self._own_among(listed)
        return CallCover(shares=shares, short_calls=dict(calls), own_calls=own)

    async def _own_among(self, listed: Mapping[str, int]) -> int:
        """How many of the listed calls our own orders sold first and did not buy back."""
        since = (datetime.now(UTC) - _SOLD_SINCE).date()
        net = net_bought(await self._orders.history(since))
        return sum(min(short, max(0, -net.get(symbol, 0))) for symbol, short in listed.items())


def _for_sale(rows: Iterable[Json]) -> Iterator[tuple[str, int, TradeId | None]]:
    """Each leg that sells and may still execute: its symbol, how many, and the trade of ours that sent it."""
    for raw in rows:
        if raw.get("status") in _ENDED:
            continue
        trade = TradeId.of_order(identifier_of(raw))
        for leg in raw.get("legs") or ():
            if leg.get("action") in _SELLS:
                yield str(leg.get("symbol")), int(number(leg.get("remaining-quantity", leg.get("quantity")))), trade


def _is_call_on(symbol: str, root: str) -> bool:
    option = parse_occ(symbol)
    return option is not None and option.option_type is OptionType.CALL and _root(symbol) == root


def _root(symbol: str) -> str:
    """Of an adjusted series the digit behind it is left out: what it delivers is needed as well."""
    option = parse_occ(symbol)
    return "" if option is None else option.root.rstrip("0123456789")
