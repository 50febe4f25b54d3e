"""Bugs in what becomes of a trade when what it sold first goes from the account without it."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from domain.identifiers import OrderRole
from domain.ledger import OrderLedger
from domain.survey import ShortGone
from domain.trade import TradeView
from tests.simulation.planted.bugs import planted
from workflows.exit import Exit
from workflows.exposure import Exposure
from workflows.trade_story import TradeStory


@planted(382, 15, 19)
def what_is_short_no_more_is_bought_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TradeStory, "lose_short", lambda *_: None)


@planted(1062, 19)
def what_is_gone_counts_each_time_it_is_told(patch: pytest.MonkeyPatch) -> None:
    def lose(self: OrderLedger, quantity: int) -> None:
        self._told_gone += quantity

    patch.setattr(OrderLedger, "lose", lose)


@planted(302, 15, 30)
def a_buy_back_is_not_shrunk_by_what_is_gone(patch: pytest.MonkeyPatch) -> None:
    def wanted(self: Exit) -> int:
        ledger = self._truth.ledger
        sold, bought_back = ledger.filled(OrderRole.ENTRY), ledger.filled(OrderRole.EXIT, OrderRole.CLOSE)
        promised = 0 if self.target is None else self.target.quantity - ledger.filled(OrderRole.EXIT)
        return max(0, min(promised, sold - bought_back - self._claimed()))

    patch.setattr(Exit, "wanted", property(wanted))


@planted(802, 19)
def what_a_trade_has_not_heard_of_is_gone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("domain.missing._is_settled", lambda *_: True)


@planted(462, 19)
def what_is_gone_is_gone_from_every_trade(patch: pytest.MonkeyPatch) -> None:
    def gone(trades: Iterable[TradeView], quantity: int) -> Iterator[ShortGone]:
        for view in trades:
            if view.held:
                yield ShortGone(workflow_id=view.workflow_id, quantity=view.gone + min(view.held, quantity))

    patch.setattr("domain.missing._gone", gone)


@planted(1662, 15)
def what_is_gone_is_told_without_what_went_before(patch: pytest.MonkeyPatch) -> None:
    from domain import missing

    real = missing._gone

    def gone(trades: Iterable[TradeView], quantity: int) -> Iterator[ShortGone]:
        before = {view.workflow_id: view.gone for view in trades}
        for one in real(trades, quantity):
            yield one.model_copy(update={"quantity": one.quantity - before[one.workflow_id]})

    patch.setattr("domain.missing._gone", gone)


@planted(362, 15)
def a_trade_with_nothing_short_leaves_its_buy_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TradeStory, "_exit_is_settled", lambda _: True)
    real = Exit._adjust

    async def adjust(self: Exit) -> None:
        if self._truth.ledger.gone and not self._truth.ledger.held:
            await self._world.until(self._is_over, None, "nothing is short")
            return
        await real(self)

    patch.setattr(Exit, "_adjust", adjust)


@planted(9742, 30)
def a_buy_back_is_given_up_while_something_else_is_bought_back(patch: pytest.MonkeyPatch) -> None:
    real = Exposure.lost

    async def lost(self: Exposure) -> int:
        ledger = self._truth.ledger
        return ledger.gone if ledger.open_orders(OrderRole.CLOSE) else await real(self)

    patch.setattr(Exposure, "lost", lost)


@planted(1522, 30)
def a_buy_back_that_is_refused_is_given_up_without_a_look(patch: pytest.MonkeyPatch) -> None:
    async def finds_less(_: Any) -> bool:
        return False

    patch.setattr(TradeStory, "_finds_less", finds_less)
