"""What one contract costs: the buying power it takes, fees included."""

from decimal import Decimal
from typing import NamedTuple

from domain.contract import Contract, InstrumentType
from domain.identifiers import OrderRole, TradeId
from domain.ladder import Ladder
from domain.orders import LegAction, OrderRequest, OrderType, Outcome
from domain.refusals import Refusal, RefusalCode
from domain.settings import TradeTerms
from workflows.world import World


class UnitCost(NamedTuple):
    """Dollars for one contract: at the price that is hoped for, and at the ladder's ceiling."""

    expected: Decimal
    worst: Decimal


def paid_in_full(contract: Contract, terms: TradeTerms, ladder: Ladder, limit: Decimal | None) -> UnitCost:
    """Shares and bought options: price times multiplier, and the fees."""
    fee = terms.option_fee if contract.instrument_type is InstrumentType.EQUITY_OPTION else Decimal(0)
    expected = limit if limit is not None else ladder.first
    return UnitCost(expected * contract.multiplier + fee, ladder.ceiling * contract.multiplier + fee)


async def on_margin(
    world: World, trade_id: TradeId, contract: Contract, terms: TradeTerms, ladder: Ladder
) -> UnitCost | Refusal:
    """Futures: the margin is the broker's to say, by its dry-run check of one contract."""
    order = OrderRequest(
        identifier=trade_id.order_identifier(OrderRole.ENTRY, 0),
        symbol=contract.symbol,
        instrument_type=contract.instrument_type,
        action=LegAction.BUY,
        quantity=1,
        order_type=OrderType.LIMIT,
        price=ladder.first,
    )
    answer = await world.check(order)
    if answer.outcome is not Outcome.ACCEPTED or answer.buying_power_used is None:
        return Refusal(code=RefusalCode.BROKER_REFUSED, detail=f"margin check: {answer.code} {answer.message}".strip())
    if answer.buying_power_used <= 0:  # what would be bought here is a short of the account's own
        return Refusal(code=RefusalCode.NOT_TRADEABLE, detail=f"the account is short of {contract}")
    cost = answer.buying_power_used + terms.future_fee
    return UnitCost(cost, cost)
