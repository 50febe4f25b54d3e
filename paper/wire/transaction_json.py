"""The broker's JSON for one transaction: a trade, or a line of what an expiry delivered.

Recorded: an assigned option is removed without action and price, the shares follow as Receive Deliver with the action
for a sub-type; a cash settlement carries the strike for a price.
"""

from decimal import Decimal
from typing import NamedTuple

from domain.symbols import parse_occ
from paper.listings.calendar import new_york_day
from paper.trading.deliveries import Delivery, DeliveryKind
from paper.trading.fees import Fees
from paper.trading.history import Transaction
from paper.trading.orders import Execution
from paper.trading.words import Action
from paper.wire.order_json import Json, decimal_text, fees_json, iso, signed

_TRADE = "Trade"
_RECEIVE_DELIVER = "Receive Deliver"
_UNPRICED = (DeliveryKind.EXPIRATION, DeliveryKind.EXERCISE, DeliveryKind.ASSIGNMENT)
_CASH_SETTLED = (DeliveryKind.CASH_EXERCISE, DeliveryKind.CASH_ASSIGNMENT)


class Heading(NamedTuple):
    """How the broker files a transaction: type, sub-type, and the action where it has one."""

    type: str
    sub_type: str
    action: Action | None


def heading(transaction: Transaction) -> Heading:
    """The words it is filed under."""
    if isinstance(transaction, Execution):
        return Heading(_TRADE, transaction.action.value, transaction.action)
    action = transaction.action
    if action is None:
        return Heading(_RECEIVE_DELIVER, transaction.kind.value, None)
    is_trade = transaction.kind is DeliveryKind.SOLD_OUT
    return Heading(_TRADE if is_trade else _RECEIVE_DELIVER, action.value, action)


def transaction_json(number: int, transaction: Transaction, account_number: str) -> Json:
    """One transaction as the account's history lists it."""
    filed, price = heading(transaction), _price(transaction)
    wire: Json = {
        "id": number,
        "account-number": account_number,
        "transaction-type": filed.type,
        "transaction-sub-type": filed.sub_type,
        "description": _description(transaction),
        "executed-at": iso(transaction.at),
        "transaction-date": new_york_day(transaction.at).isoformat(),
        "symbol": transaction.symbol,
        "instrument-type": transaction.instrument_type.value,
        "underlying-symbol": transaction.underlying,
        "action": None if filed.action is None else filed.action.value,
        "quantity": decimal_text(transaction.quantity),
        "price": None if price is None else decimal_text(price),
        **signed("value", transaction.value),
        **signed("net-value", transaction.value - transaction.fees),
        "is-estimated-fee": True,
        **(_trade_fields(transaction) if isinstance(transaction, Execution) else _charged(transaction.charged)),
    }
    return {key: value for key, value in wire.items() if value is not None}


def _trade_fields(execution: Execution) -> Json:
    fees = Fees(execution.commission, execution.clearing_fees, execution.regulatory_fees, execution.proprietary_fees)
    return {
        **{key: value for key, value in fees_json(fees).items() if not key.startswith("total-fees")},
        "order-id": execution.order_id,
        "exec-id": execution.fill_id,
        "ext-exec-id": "0",
        "ext-group-fill-id": "0",
        "destination-venue": "PAPER",
        "leg-count": 1,
    }


def _charged(fees: Fees) -> Json:
    """The broker names the fees of a delivery only where there are some."""
    amounts = {
        "commission": fees.commission,
        "clearing-fees": fees.clearing,
        "regulatory-fees": fees.regulatory,
        "proprietary-index-option-fees": fees.proprietary,
    }
    return {key: value for name, fee in amounts.items() if fee for key, value in signed(name, -fee).items()}


def _price(transaction: Transaction) -> Decimal | None:
    if isinstance(transaction, Delivery):
        if transaction.kind in _UNPRICED:
            return None
        if transaction.kind in _CASH_SETTLED:
            return transaction.strike
    return transaction.price


def _description(transaction: Transaction) -> str:
    contract, quantity = _contract(transaction.symbol), transaction.quantity
    if isinstance(transaction, Execution):
        verb = "Bought" if transaction.action.is_buy else "Sold"
        return f"{verb} {quantity} {transaction.symbol} @ {transaction.price}"
    match transaction.kind:
        case DeliveryKind.EXPIRATION:
            return f"Removal of {quantity} {contract} due to expiration."
        case DeliveryKind.EXERCISE | DeliveryKind.ASSIGNMENT:
            return f"Removal of option due to {transaction.kind.value.lower()}"
        case DeliveryKind.DELIVERED:
            action = "" if transaction.action is None else transaction.action.value
            return f"{action} {quantity} {contract} @ {transaction.price:.2f}"
        case DeliveryKind.SOLD_OUT:
            return f"Sold {quantity} {contract} @ {transaction.price:.2f}"
        case _:
            return f"{transaction.kind.value} of {quantity} {contract} @ {transaction.price}"


def _contract(symbol: str) -> str:
    """An equity option as the broker says it: `WEN 07/17/26 Call 12.00`."""
    option = parse_occ(symbol)
    if option is None:
        return symbol
    return f"{option.underlying} {option.expiry:%m/%d/%y} {option.option_type.capitalize()} {option.strike:.2f}"
