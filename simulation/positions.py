"""What the account holds of the contract: what fills make of it, and what goes without an order."""

from collections.abc import Callable
from random import Random

from simulation.broker import Order, SimulatedBroker

_LAG = (0.1, 0.1, 0.5, 2.0, 10.0)  # seconds at most until a fill shows in the broker's list


class Positions:
    """Of one seed; negative when it is short. The broker's list follows by seconds."""

    def __init__(self, seed: int, broker: SimulatedBroker, at: Callable[[], float]) -> None:
        self.now = 0
        self._at = at
        self._dice = Random(f"{seed}/positions")  # noqa: S311  a simulation
        self._counted: dict[int, int] = {}  # contracts, by order id
        self._to_come: list[tuple[float, int]] = []  # when the list shows it, and what
        broker.changed.append(self._changed)

    @property
    def short(self) -> int:
        """Contracts that the account is short of."""
        return max(0, -self.now)

    @property
    def listed(self) -> int:
        """What the broker lists of it at this moment."""
        return self.now - sum(quantity for shows_at, quantity in self._to_come if shows_at > self._at())

    def take(self, quantity: int) -> None:
        """So many are short no more."""
        self._add(quantity)

    def _changed(self, order: Order) -> None:
        filled = order.filled - self._counted.get(order.order_id, 0)
        if filled:
            self._counted[order.order_id] = order.filled
            self._add(filled if order.is_buy else -filled)

    def _add(self, quantity: int) -> None:
        self.now += quantity
        self._to_come.append((self._at() + self._dice.uniform(0, self._dice.choice(_LAG)), quantity))
