"""Bugs in the exit: its size, its price, and whether it is there at all."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain import exits
from domain.identifiers import OrderRole
from domain.ledger import LedgerOrder, OrderLedger
from simulation.surroundings import Surroundings
from tests.simulation.planted.bugs import planted
from workflows.exit import Exit
from workflows.order_truth import OrderTruth
from workflows.trade_story import TradeStory


def _with_target(change: Callable[[Any, int], int]) -> Callable[..., Any]:
    real = exits.exit_target

    def target(settings: Any, ticks: Any, filled: int, average: Decimal, take_profit: Decimal | None) -> Any:
        found = real(settings, ticks, filled, average, take_profit)
        return found.model_copy(update={"quantity": change(found.quantity, filled)})

    return target


@planted(65, 16)
def the_exit_is_rounded_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("workflows.exit.exit_target", _with_target(lambda quantity, filled: max(quantity, -(-filled // 2))))


@planted(9, 16)
def the_exit_sells_all_that_is_held(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("workflows.exit.exit_target", _with_target(lambda _, filled: filled))


@planted(188, 14)
def the_exit_is_priced_from_the_last_limit(patch: pytest.MonkeyPatch) -> None:
    def average(self: OrderLedger, *roles: OrderRole) -> Decimal | None:
        bought = [o for o in self._orders.values() if o.role in roles and o.fills]
        limits = [o.request.price for o in self._orders.values() if o.role in roles and o.request.price]
        return limits[-1] if bought and limits else None

    patch.setattr(OrderLedger, "average", average)


@planted(19, 15, 16, 19)
def the_exit_grows_without_taking_the_old_one_off(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth.take_off

    async def take_off(self: OrderTruth, role: OrderRole, why: str) -> None:
        if role is not OrderRole.EXIT:
            await real(self, role, why)

    patch.setattr(OrderTruth, "take_off", take_off)
    patch.setattr(OrderTruth, "_check_cover", lambda *_: None)  # the code's own guard would stop it first


@planted(2, 16)
def the_exit_is_never_resized(patch: pytest.MonkeyPatch) -> None:
    real = Exit.is_in_step

    def in_step(self: Exit) -> bool:
        return bool(self._truth.ledger.open_orders(OrderRole.EXIT)) or bool(real.fget(self))  # type: ignore[attr-defined]

    patch.setattr(Exit, "is_in_step", property(in_step))


@planted(69, 16)
def what_was_sold_is_offered_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Exit, "wanted", property(lambda self: self.target.quantity if self.target else 0))
    patch.setattr(OrderTruth, "_check_cover", lambda *_: None)


@planted(9, 16)
def an_exit_that_was_sent_counts_as_placed(patch: pytest.MonkeyPatch) -> None:
    """After an outage, or a refusal that would soon be gone, it is forgotten."""
    real = Exit.is_in_step

    def in_step(self: Exit) -> bool:
        is_dead = self._last is not None and not self._last.is_open and not self._last.filled
        return is_dead or bool(real.fget(self))  # type: ignore[attr-defined]

    patch.setattr(Exit, "is_in_step", property(in_step))


@planted(24, 16)
def an_exit_is_forgotten_when_its_worker_dies(patch: pytest.MonkeyPatch) -> None:
    real = Exit._adjust

    async def adjust(self: Exit) -> None:
        around: Surroundings = self._world._around  # type: ignore[attr-defined]
        began = around.at
        await real(self)
        if around.crashed_since(began):
            await self._world.until(self._is_over, None, "nobody remembers it")

    patch.setattr(Exit, "_adjust", adjust)


@planted(293, 16, 17)
def a_halt_of_the_desk_blocks_exits(patch: pytest.MonkeyPatch) -> None:
    real = Exit._adjust

    async def adjust(self: Exit) -> None:
        desk = self._world._around.desk  # type: ignore[attr-defined]
        await self._world.until(lambda: desk.standing.admits or self._is_over(), timedelta(hours=1), "halted")
        await real(self)

    patch.setattr(Exit, "_adjust", adjust)


@planted(109, 9, 17)
def a_halt_of_the_desk_blocks_cancels(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth._ask_cancel

    async def ask(self: OrderTruth, order: LedgerOrder, why: str) -> None:
        desk = self.world._around.desk  # type: ignore[attr-defined]
        await self.world.until(lambda: desk.standing.admits, timedelta(hours=1), "halted")
        await real(self, order, why)

    patch.setattr(OrderTruth, "_ask_cancel", ask)


@planted(101, 16)
def a_cancel_of_the_trade_drops_its_exit(patch: pytest.MonkeyPatch) -> None:
    real = TradeStory._hold

    async def hold(self: TradeStory, truth: OrderTruth, *parts: Any) -> None:
        if self._grounds.winding_down is not None:
            await truth.take_off(OrderRole.EXIT, "cancelled")
            self._exit._settings = self._exit._settings.model_copy(update={"min_quantity": 1000})  # type: ignore[union-attr]
        await real(self, truth, *parts)

    patch.setattr(TradeStory, "_hold", hold)


@planted(591, 28)
def an_exit_that_is_refused_is_sent_again_at_once(patch: pytest.MonkeyPatch) -> None:
    async def no_pause(_: Exit) -> None:
        return

    patch.setattr(Exit, "_pause", no_pause)
    patch.setattr("workflows.exit._REFUSALS", 10_000)
    patch.setattr("workflows.exit._ATTEMPTS", 10_000)


@planted(0, 30)
def a_trade_waits_for_its_exits_end_for_ever(patch: pytest.MonkeyPatch) -> None:
    async def keep(self: TradeStory, exit_: Exit) -> None:
        await exit_.run()
        await self._world.until(lambda: False, None, "for ever")

    patch.setattr(TradeStory, "_keep_exit", keep)
