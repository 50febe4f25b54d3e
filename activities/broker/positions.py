"""The account's positions as the broker lists them, whoever opened them."""

from typing import Any

from activities.broker.limits import Family
from activities.broker.records import number
from activities.broker.session import BrokerSession
from domain.errors import RetryableError
from domain.survey import Position

_SIGNS = {"Long": 1, "Short": -1, "Zero": 0}


async def positions(session: BrokerSession) -> list[Position]:
    """All of them. RetryableError when they can't be read; an entry that makes no sense is left out."""
    reply = await session.read(f"{session.account_path}/positions", Family.POSITIONS)
    if reply.items is None:
        raise RetryableError("no list of positions in the answer")
    return [held for raw in reply.items if (held := position(raw)) is not None]


def position(raw: Any) -> Position | None:
    """One entry of the broker's list; None for one that can't be read."""
    try:
        quantity = number(raw["quantity"]) * _SIGNS[str(raw["quantity-direction"])]
        return Position(symbol=str(raw["symbol"]), quantity=quantity)
    except (KeyError, ValueError, TypeError):
        return None
