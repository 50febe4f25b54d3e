"""What running trades count on and the account does not have. Pure.

Contracts that were bought: an exit would sell what is not there. Contracts that were sold first: assignment takes them
away, and is no loss of ours, but what stands to buy them back must come off the market.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from domain.alert import OptionType
from domain.direction import Direction
from domain.identifiers import TradeId
from domain.survey import Finding, Position, ShortGone, TradeStanding
from domain.symbols import plain
from domain.trade import TradeState, TradeView
from domain.trouble import TroubleKind

_MISSING = {
    Direction.LONG: (TroubleKind.POSITION_SHORT, "short"),
    Direction.SHORT: (TroubleKind.SHORT_GONE, "assigned"),
}
_AFTER_ITS_ENTRY = (TradeState.HOLDING, TradeState.CLOSING)


def missing(
    positions: Iterable[Position], running: Iterable[TradeStanding], unheard: Collection[str]
) -> Iterator[Finding]:
    """Contracts of which trades that run have more than the account, long or short.

    `unheard` are the ids of trades that have not heard of all their orders yet: nobody can say what those are short of.
    """
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    for position in positions:
        held[position.symbol] += position.quantity
    for (symbol, way), trades in _by_contract(running).items():
        quantity = sum(view.held for view in trades)
        if held[symbol] * way.sign >= quantity:
            continue
        kind, name = _MISSING[way]
        gone: tuple[ShortGone, ...] = ()
        if way.is_short and all(_is_settled(view, unheard) for view in trades):
            gone = tuple(_gone(trades, quantity - max(0, int(-held[symbol]))))
        said = "".join(f"; {one.quantity} in all of {one.workflow_id}" for one in gone)
        yield Finding(
            kind=kind,
            key=f"{name}:{symbol}:{plain(held[symbol])}:{quantity * way.sign}",
            detail=f"{symbol}: the broker holds {plain(held[symbol])}, running trades {quantity * way.sign}{said}",
            workflow_id=gone[0].workflow_id if len(gone) == 1 else None,
            gone=gone,
        )


def uncovered(positions: Iterable[Position], running: Iterable[TradeStanding]) -> Iterator[Finding]:
    """Underlyings of which the account holds fewer shares than calls need that trades sold first, and it is short of.

    Nobody but a person, or assignment of somebody else's call, sells those shares.
    """
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    for position in positions:
        held[position.symbol] += position.quantity
    needed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (symbol, way), trades in _by_contract(running).items():
        contract = trades[0].contract
        if way.is_short and contract is not None and contract.option_type is OptionType.CALL:
            short = min(sum(view.held for view in trades), max(0, int(-held[symbol])))
            needed[contract.underlying] += short * contract.multiplier
    for underlying, shares in needed.items():
        if held[underlying] < shares:
            there, wanted = plain(held[underlying]), plain(shares)
            yield Finding(
                kind=TroubleKind.COVER_MISSING,
                key=f"cover:{underlying}:{there}:{wanted}",
                detail=f"{underlying}: the account holds {there}, the calls need {wanted}",
            )


def _by_contract(running: Iterable[TradeStanding]) -> dict[tuple[str, Direction], list[TradeView]]:
    """What each trade of a contract knows, the oldest trade first."""
    found: defaultdict[tuple[str, Direction], list[TradeView]] = defaultdict(list)
    for standing in running:
        view = standing.view
        if view is not None and view.contract is not None and not view.dry_run:
            found[view.contract.symbol, view.direction].append(view)
    for trades in found.values():
        trades.sort(key=lambda view: _age_of(view.workflow_id))
    return found


def _age_of(workflow_id: str) -> tuple[int, int]:
    trade = TradeId.of_workflow(workflow_id)
    return trade.message_id, trade.index


def _is_settled(view: TradeView, unheard: Collection[str]) -> bool:
    """Nothing of it is on its way into the broker's list of positions."""
    return view.workflow_id not in unheard and view.state in _AFTER_ITS_ENTRY


def _gone(trades: Iterable[TradeView], quantity: int) -> Iterator[ShortGone]:
    """Which trades were hit nobody can tell: the oldest is taken to be the first."""
    for view in trades:
        taken = min(view.held, quantity)
        if taken > 0:
            quantity -= taken
            yield ShortGone(workflow_id=view.workflow_id, quantity=view.gone + taken)
