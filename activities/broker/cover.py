"""The cover of a future's sale: the broker takes one for an opening wherever nothing is held, so we look ourselves.

Shares and options are sold "to close", and the broker itself refuses that where there is nothing to close.
"""

import asyncio
from decimal import Decimal

from activities.broker import outcomes
from activities.broker.positions import positions
from activities.broker.session import BrokerSession
from domain.broker import PlaceOrder
from domain.errors import AlertladderError
from domain.orders import LegAction, OrderAnswer
from domain.symbols import plain

_LOOKS = 3  # positions follow the fills by a moment
_PAUSE = 1.0  # seconds


class Cover:
    """Looks at what the account holds before a future is sold."""

    def __init__(self, session: BrokerSession) -> None:
        self._session = session

    async def refusal(self, request: PlaceOrder) -> OrderAnswer | None:
        """Why this order is not sent; None when what it sells is there, or when it sells no future."""
        order = request.order
        if request.dry_run or order.action is not LegAction.SELL:
            return None
        for look in range(_LOOKS):
            if look:
                await asyncio.sleep(_PAUSE)
            try:
                listed = await positions(self._session)
            except AlertladderError as error:
                return outcomes.not_sent("unreachable", f"what is held can't be read: {error}")
            held = sum((one.quantity for one in listed if one.symbol == order.symbol), Decimal(0))
            if held >= order.quantity:
                return None
        return outcomes.not_sent("not_held", f"{plain(held)} {order.symbol} held, {order.quantity} to be sold")
