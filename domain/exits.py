"""The profit-taking exit: how many, at what price."""

from decimal import ROUND_FLOOR, Decimal

from domain.frozen import Frozen
from domain.settings import ExitSettings, SingleContract
from domain.ticks import TickSchedule

_HUNDRED = Decimal(100)


class ExitTarget(Frozen):
    """What should be out for exit in total, filled parts included. `quantity` 0 means: no exit order."""

    quantity: int
    price: Decimal


def exit_target(settings: ExitSettings, ticks: TickSchedule, filled: int, average: Decimal) -> ExitTarget:
    """`percent` of what is filled, rounded down (invariant 14), at the set profit over the true average, on tick.

    A price between two ticks goes to the higher one: a seller never rounds a promise down.
    """
    quantity = int((filled * settings.percent / _HUNDRED).to_integral_value(ROUND_FLOOR))
    if quantity == 0 and filled and settings.single_contract is SingleContract.EXIT_ALL:
        quantity = filled
    if quantity < settings.min_quantity:
        quantity = 0
    return ExitTarget(quantity=quantity, price=ticks.ceil(average * (1 + settings.profit_percent / _HUNDRED)))
