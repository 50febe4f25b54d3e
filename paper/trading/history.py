"""The account's transactions in one sequence: trades and deliveries, as they were entered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate

from paper.trading.deliveries import Delivery
from paper.trading.orders import Execution

Transaction = Execution | Delivery
CashRow = tuple[datetime, str, Decimal, Decimal]


def in_sequence(executions: Iterable[Execution], deliveries: Iterable[Delivery]) -> list[Transaction]:
    """Both in the order in which they were entered: a delivery knows its number, trades fill the numbers between."""
    placed = {delivery.number: delivery for delivery in deliveries}
    history: list[Transaction] = []
    for execution in executions:
        while (delivery := placed.pop(len(history) + 1, None)) is not None:
            history.append(delivery)
        history.append(execution)
    return [*history, *placed.values()]


def ledger_rows(
    before: Decimal, moments: Sequence[datetime], words: Sequence[str], changes: Sequence[Decimal]
) -> list[CashRow]:
    """The cash rows of some changes: when, what, how many dollars, and the balance after, from `before` on."""
    balances = list(accumulate(changes, initial=before))[1:]
    return list(zip(moments, words, changes, balances, strict=True))
