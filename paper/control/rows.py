"""The lines of the page: each a frozen model of texts, ready to be shown, made from one thing in the exchange."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.frozen import Frozen
from paper.control.wording import (
    NOTHING,
    action_text,
    moment_text,
    percent_text,
    price_text,
    signed_price_text,
    signed_text,
    spoken,
)
from paper.faults import Fault
from paper.market.quote import Quote
from paper.trading.account import Position
from paper.trading.orders import Execution, Fill, Order
from paper.trading.words import Status

_LONGEST = 64  # letters of a text that a client may make as long as it likes


class QuoteRow(Frozen):
    """One quote; `change` is since this exchange began to show it, `way` the price's last minutes from 0 to 100."""

    symbol: str
    name: str
    bid: str
    ask: str
    bid_size: int
    ask_size: int
    last: str
    change: str
    percent: str
    pinned: bool
    way: tuple[int, ...]


class ContractRow(QuoteRow):
    """A contract that somebody trades here: what is `held` of it (signed), and how many orders work."""

    held: int
    working: int


class OrderRow(Frozen):
    """One order; of a spread, the texts of its legs are joined. `end` is why it is over."""

    id: int
    at: str
    symbol: str
    name: str
    action: str
    buys: bool
    quantity: int
    filled: int
    order_type: str
    limit: str
    time_in_force: str
    status: str
    identifier: str
    ahead: int | None
    average: str
    end: str


class FillRow(Frozen):
    """One execution."""

    fill_id: str
    at: str
    symbol: str
    name: str
    action: str
    buys: bool
    quantity: int
    price: str
    order_id: int


class PositionRow(Frozen):
    """What is held of one symbol, signed, or was closed today. Dollars before fees."""

    symbol: str
    name: str
    quantity: int
    average: str
    mark: str
    unrealised: str
    realised: str


class FaultRow(Frozen):
    """One armed fault: for how many hits, and how many there were."""

    kind: str
    on: str
    about: str
    armed: int
    fired: int


def quote_fields(
    symbol: str, quote: Quote, price: Decimal | None, start: Decimal | None, decimals: int
) -> dict[str, Any]:
    """The fields of a QuoteRow that follow from the quote, the price, and the price it started from."""
    change = price - start if price is not None and start is not None and price.is_finite() else Decimal(0)
    return {
        "symbol": symbol,
        "name": spoken(symbol),
        "bid": price_text(quote.bid, decimals),
        "ask": price_text(quote.ask, decimals),
        "bid_size": quote.bid_size,
        "ask_size": quote.ask_size,
        "last": price_text(price, decimals),
        "change": signed_price_text(change, decimals),
        "percent": percent_text(change, start or Decimal(0)),
    }


def order_row(order: Order, ahead: int | None, today: date) -> OrderRow:
    """An order as it stands, with so many contracts `ahead` of it in the queue."""
    actions = {leg.action for leg in order.legs}
    return OrderRow(
        id=order.id,
        at=moment_text(order.terminal_at or order.received_at, today),
        symbol=" ".join(leg.symbol for leg in order.legs),
        name=" / ".join(spoken(leg.symbol) for leg in order.legs),
        action=action_text(order.legs[0].action) if len(actions) == 1 else "Spread",
        buys=order.legs[0].action.is_buy,
        quantity=order.units,
        filled=order.filled,
        order_type=order.order_type.value,
        limit=_limit_text(order),
        time_in_force=order.time_in_force.value,
        status=order.status.value,
        identifier=(order.identifier or "")[:_LONGEST],
        ahead=ahead,
        average=_average_text(order.legs[0].fills),
        end=_end_text(order),
    )


def fill_row(execution: Execution, today: date) -> FillRow:
    """An execution as the tape shows it."""
    return FillRow(
        fill_id=execution.fill_id,
        at=moment_text(execution.at, today),
        symbol=execution.symbol,
        name=spoken(execution.symbol),
        action=action_text(execution.action),
        buys=execution.action.is_buy,
        quantity=execution.quantity,
        price=price_text(execution.price),
        order_id=execution.order_id,
    )


def position_row(position: Position, mark: Decimal, today: date) -> PositionRow:
    """A position valued at `mark`."""
    realised = position.realised_today if position.realised_on == today else Decimal(0)
    return PositionRow(
        symbol=position.symbol,
        name=spoken(position.symbol),
        quantity=position.quantity,
        average=price_text(position.average_price) if position.quantity else NOTHING,
        mark=price_text(mark) if position.quantity else NOTHING,
        unrealised=signed_text(unrealised(position, mark)),
        realised=signed_text(realised),
    )


def fault_row(fault: Fault) -> FaultRow:
    """A fault with whatever narrows it."""
    about = [spoken(fault.symbol) if fault.symbol else None, fault.side, fault.identifier]
    return FaultRow(
        kind=fault.kind.value,
        on="" if fault.on is None else fault.on.value,
        about=", ".join(word for word in about if word)[:_LONGEST],
        armed=fault.times,
        fired=fault.fired,
    )


def unrealised(position: Position, mark: Decimal) -> Decimal:
    """Dollars that closing at `mark` would realise, before fees."""
    return (mark - position.average_price) * position.quantity * position.multiplier


def _limit_text(order: Order) -> str:
    """The limit, of a spread with its side, and the trigger of a stop."""
    side = {"Debit": " db", "Credit": " cr"}.get(order.price_effect or "", "") if len(order.legs) > 1 else ""
    limit = "MKT" if order.price is None else f"{price_text(order.price)}{side}"
    return limit if order.stop_trigger is None else f"{limit} @ {price_text(order.stop_trigger)}"


def _average_text(fills: list[Fill]) -> str:
    quantity = sum(fill.quantity for fill in fills)
    if not quantity:
        return NOTHING
    return price_text(sum((fill.price * fill.quantity for fill in fills), Decimal(0)) / quantity)


def _end_text(order: Order) -> str:
    if order.status is Status.REJECTED:
        return order.reject_reason or "by the venue"
    if order.status is Status.CANCELLED and order.replaced_by is not None:
        return f"became {order.replaced_by}"
    return "at the close" if order.status is Status.EXPIRED else ""
