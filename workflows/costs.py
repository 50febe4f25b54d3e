"""What one contract costs: the buying power it takes, fees included."""

from decimal import Decimal
from typing import NamedTuple

from domain.alert import OptionType
from domain.contract import Contract, InstrumentType
from domain.identifiers import OrderRole, TradeId
from domain.ladder import Ladder
from domain.orders import LegAction, OrderRequest, OrderType, Outcome
from domain.refusals import Refusal, RefusalCode
from domain.settings import TradeTerms
from workflows.world import World

_LEAST = Decimal("0.01")  # dollars: nothing is for nothing


class UnitCost(NamedTuple):
    """Dollars for one contract: at the price that is hoped for, and at the ladder's ceiling."""

    expected: Decimal
    worst: Decimal


def paid_in_full(contract: Contract, terms: TradeTerms, ladder: Ladder, limit: Decimal | None) -> UnitCost:
    """Shares and bought options: price times multiplier, and the fees."""
    fee = terms.option_fee if contract.instrument_type is InstrumentType.EQUITY_OPTION else Decimal(0)
    expected = limit if limit is not None else ladder.first
    return UnitCost(expected * contract.multiplier + fee, ladder.ceiling * contract.multiplier + fee)


async def to_write(
    world: World, trade_id: TradeId, contract: Contract, terms: TradeTerms, ladder: Ladder
) -> UnitCost | Refusal:
    """Options sold first: what assignment would cost, and the fees; the premium pays for none of it.

    A covered call is delivered from shares that are held: it takes what the broker says that it takes.
    Whether the account may sell it at all is the broker's to say, by its dry-run check of one contract.
    """
    answer = await world.check(_one(trade_id, contract, LegAction.SELL_TO_OPEN, ladder.first))
    said = f"{answer.code}: {answer.message}".strip(": ")
    if answer.outcome is Outcome.UNKNOWN or answer.is_passing:
        return Refusal(code=RefusalCode.BROKER_UNREACHABLE, detail=f"margin check: {said}")
    if answer.outcome is Outcome.REFUSED:
        return Refusal(code=RefusalCode.SHORT_NOT_PERMITTED, detail=said)
    cost = terms.option_fee + (
        assignment_of(contract)
        if contract.option_type is OptionType.PUT
        else max(answer.buying_power_used or Decimal(0), _LEAST)
    )
    return UnitCost(cost, cost)


def assignment_of(contract: Contract) -> Decimal:
    """Dollars that assignment of one contract would cost."""
    return (contract.strike or Decimal(0)) * contract.multiplier


async def on_margin(
    world: World, trade_id: TradeId, contract: Contract, terms: TradeTerms, ladder: Ladder
) -> UnitCost | Refusal:
    """Futures: the margin is the broker's to say, by its dry-run check of one contract."""
    answer = await world.check(_one(trade_id, contract, LegAction.BUY, ladder.first))
    if answer.outcome is not Outcome.ACCEPTED or answer.buying_power_used is None:
        return Refusal(code=RefusalCode.BROKER_REFUSED, detail=f"margin check: {answer.code} {answer.message}".strip())
    if answer.buying_power_used <= 0:  # what would be bought here is a short of the account's own
        return Refusal(code=RefusalCode.NOT_TRADEABLE, detail=f"the account is short of {contract}")
    cost = answer.buying_power_used + terms.future_fee
    return UnitCost(cost, cost)


def _one(trade_id: TradeId, contract: Contract, action: LegAction, price: Decimal) -> OrderRequest:
    return OrderRequest(
        identifier=trade_id.order_identifier(OrderRole.ENTRY, 0),
        symbol=contract.symbol,
        instrument_type=contract.instrument_type,
        action=action,
        quantity=1,
        order_type=OrderType.LIMIT,
        price=price,
    )
