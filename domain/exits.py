"""The profit-taking exit: how many, at what price."""

from decimal import ROUND_FLOOR, Decimal

from domain.frozen import Frozen
from domain.settings import ExitSettings, SingleContract
from domain.ticks import TickSchedule

_HUNDRED = Decimal(100)
_FINEST = Decimal("1e-9")  # an average of thirds is off in its 28th digit, which must not cost a tick


class ExitTarget(Frozen):
    """What should be out for exit in total, filled parts included. `quantity` 0 means: no exit order."""

    quantity: int
    price: Decimal


def exit_target(settings: ExitSettings, ticks: TickSchedule, filled: int, average: Decimal) -> ExitTarget:
    """`percent` of what is filled, rounded down (invariant 14), at the set profit over the true average, on tick.

    A price between two ticks goes to the higher one: a seller never rounds a promise down.
    """
    quantity = int((filled * settings.percent / _HUNDRED).to_integral_value(ROUND_FLOOR))
    if filled == 1 and settings.single_contract is SingleContract.EXIT_ALL:
        quantity = 1
    if quantity < settings.min_quantity:
        quantity = 0
    promised = (average * (1 + settings.profit_percent / _HUNDRED)).quantize(_FINEST)
    return ExitTarget(quantity=quantity, price=ticks.ceil(promised))
