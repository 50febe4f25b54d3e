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


def exit_target(
    settings: ExitSettings, ticks: TickSchedule, filled: int, average: Decimal, take_profit: Decimal | None = None
) -> ExitTarget:
    """`percent` of what is filled, rounded down (invariant 14), at the set profit over the true average, on tick.

    A price between two ticks goes to the higher one: a seller never rounds a promise down. `take_profit` is for what
    was sold first: it is bought back when that part of the credit is kept, and there the higher tick is the one that
    is met sooner, and never zero. Where no tick lies under the credit there is nothing to gain, and no exit.
    """
    quantity = _quantity(settings, filled)
    if take_profit is None:
        promised = (average * (1 + settings.profit_percent / _HUNDRED)).quantize(_FINEST)
        return ExitTarget(quantity=quantity, price=ticks.ceil(promised))
    price = ticks.ceil((average * (1 - take_profit)).quantize(_FINEST))
    return ExitTarget(quantity=quantity if price < average else 0, price=price)


def _quantity(settings: ExitSettings, filled: int) -> int:
    quantity = int((filled * settings.percent / _HUNDRED).to_integral_value(ROUND_FLOOR))
    if filled == 1 and settings.single_contract is SingleContract.EXIT_ALL:
        quantity = 1
    return quantity if quantity >= settings.min_quantity else 0
