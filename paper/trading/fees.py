"""What trading costs: commission, clearing, regulatory and index fees of one execution, in dollars.

Options as recorded from the broker's sandbox: 1.00 a contract to open, nothing to close, 0.10 clearing and
0.02 regulatory both ways. Options on futures as the broker publishes them: 2.50 to open, nothing to close, 0.30
clearing both ways; what the futures exchange takes is left out. Exercise and assignment cost 5.00 a contract, which
the broker lists as a clearing fee (recorded: 200.00 for 40 contracts); an option that expires costs nothing.
"""

from decimal import Decimal
from typing import NamedTuple

from domain.contract import InstrumentType

_ZERO = Decimal(0)
_OPTION_COMMISSION = Decimal("1.00")
_OPTION_CLEARING = Decimal("0.10")
_OPTION_REGULATORY = Decimal("0.02")
_INDEX_OPTION = Decimal("0.60")
_INDEX_UNDERLYINGS = frozenset({"SPX"})
_FUTURE_COMMISSION = Decimal("1.25")
_FUTURE_CLEARING = Decimal("0.30")
_FUTURE_OPTION_COMMISSION = Decimal("2.50")
_EXERCISE = Decimal("5.00")


class Fees(NamedTuple):
    """Dollars, positive."""

    commission: Decimal = _ZERO
    clearing: Decimal = _ZERO
    regulatory: Decimal = _ZERO
    proprietary: Decimal = _ZERO

    @property
    def total(self) -> Decimal:
        """All of them."""
        return self.commission + self.clearing + self.regulatory + self.proprietary


def fees_for(instrument_type: InstrumentType, underlying: str, quantity: int, *, opening: bool) -> Fees:
    """The fees of `quantity` contracts; shares trade free."""
    if instrument_type is InstrumentType.EQUITY:
        return Fees()
    if instrument_type is InstrumentType.FUTURE:
        return Fees(_FUTURE_COMMISSION * quantity, _FUTURE_CLEARING * quantity)
    if instrument_type is InstrumentType.FUTURE_OPTION:
        return Fees(_FUTURE_OPTION_COMMISSION * quantity if opening else _ZERO, _FUTURE_CLEARING * quantity)
    return Fees(
        _OPTION_COMMISSION * quantity if opening else _ZERO,
        _OPTION_CLEARING * quantity,
        _OPTION_REGULATORY * quantity,
        _INDEX_OPTION * quantity if underlying in _INDEX_UNDERLYINGS else _ZERO,
    )


def exercise_fees(contracts: int) -> Fees:
    """The fees of options exercised or assigned, whether they deliver something or are settled in cash."""
    return Fees(clearing=_EXERCISE * contracts)
