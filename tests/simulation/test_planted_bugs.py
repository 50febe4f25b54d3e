"""Bugs planted in the real code, one at a time: the checker, which knows nothing of that code, must find each.

What is planted is what the field's open projects do: resend on a time-out, believe a cancel, forget a late fill.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain import exits
from domain.errors import InvariantError
from domain.identifiers import OrderRole
from domain.ladder import Ladder
from domain.ledger import LedgerOrder, OrderLedger
from domain.orders import BrokerOrder, OrderStatus
from simulation.run import run_seed
from simulation.world import SimulatedWorld
from workflows.entry import Entry
from workflows.exit import Exit
from workflows.order_truth import OrderTruth
from workflows.trade_story import TradeStory

SEEDS = range(400)  # at most: each bug is found in far fewer
Plant = Callable[[pytest.MonkeyPatch], None]
PLANTED: dict[str, tuple[Plant, set[int]]] = {}


def planted(*caught_by: int) -> Callable[[Plant], Plant]:
    """A bug, and the invariants of which at least one must be found broken."""

    def keep(plant: Plant) -> Plant:
        PLANTED[plant.__name__] = plant, set(caught_by)
        return plant

    return keep


@planted(5, 6, 7)
def an_unknown_outcome_counts_as_not_placed(patch: pytest.MonkeyPatch) -> None:
    async def settle(self: OrderTruth, order: LedgerOrder) -> None:
        if order.record is None:
            self.ledger.refuse(order.identifier)

    patch.setattr(OrderTruth, "_settle", settle)


@planted(5, 6, 7)
def one_look_up_is_enough_to_say_never_accepted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("workflows.order_truth._ABSENCE_LOOKUPS", 1)
    patch.setattr("workflows.order_truth._ABSENCE_TAKES", timedelta(0))


@planted(5, 6, 7)
def a_cancel_is_believed_when_it_is_asked_for(patch: pytest.MonkeyPatch) -> None:
    async def take_off(self: OrderTruth, order: LedgerOrder, why: str) -> None:
        await self._ask_cancel(order, why)
        if order.record is not None:
            order.record = order.record.model_copy(update={"status": OrderStatus.CANCELLED})
        else:
            self.ledger.refuse(order.identifier)

    patch.setattr(OrderTruth, "_take_off", take_off)


@planted(7)
def every_order_is_for_the_whole_size(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Entry, "rest", property(lambda self: self._sized))


@planted(10, 19, 23)
def fills_are_counted_by_their_arrival(patch: pytest.MonkeyPatch) -> None:
    def filled(self: LedgerOrder) -> int:
        return sum(fill.quantity for fill in self.fills.values())

    real = OrderLedger.observe

    def observe(self: OrderLedger, record: BrokerOrder) -> Any:
        count = len(self.fills(*OrderRole))
        again = tuple(f.model_copy(update={"fill_id": f"{f.fill_id}/{count}"}) for f in record.fills)
        return real(self, record.model_copy(update={"fills": again}))

    patch.setattr(OrderLedger, "observe", observe)
    patch.setattr(LedgerOrder, "filled", property(filled))


@planted(19, 23)
def a_fill_after_a_cancel_is_ignored(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth.hear

    def hear(self: OrderTruth, record: BrokerOrder) -> None:
        ours = [order for role in OrderRole for order in self.ledger.orders(role)]
        held = [o for o in ours if o.record and o.record.order_id == record.order_id]
        if not held or not (held[0].record and held[0].record.status is OrderStatus.CANCELLED):
            real(self, record)

    patch.setattr(OrderTruth, "hear", hear)


@planted(16)
def the_exit_is_rounded_up(patch: pytest.MonkeyPatch) -> None:
    real = exits.exit_target

    def target(settings: Any, ticks: Any, filled: int, average: Decimal) -> Any:
        found = real(settings, ticks, filled, average)
        return found and found.model_copy(update={"quantity": -(-filled // 2)})

    patch.setattr("workflows.exit.exit_target", target)


@planted(14)
def the_exit_is_priced_from_the_last_limit(patch: pytest.MonkeyPatch) -> None:
    def average(self: OrderLedger, *roles: OrderRole) -> Decimal | None:
        prices = [o.request.price for o in self._orders.values() if o.role in roles and o.fills and o.request.price]
        return prices[-1] * 2 if prices else None

    patch.setattr(OrderLedger, "average", average)


@planted(15, 19)
def the_exit_grows_without_taking_the_old_one_off(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth.take_off

    async def take_off(self: OrderTruth, role: OrderRole, why: str) -> None:
        if role is not OrderRole.EXIT:
            await real(self, role, why)

    patch.setattr(OrderTruth, "take_off", take_off)
    patch.setattr(Exit, "_check_cover", lambda *_: None)  # the code's own guard would stop it first


@planted(8)
def the_ladder_knows_no_ceiling(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Ladder, "allows", lambda *_: True)
    patch.setattr(Ladder, "step", lambda self, working: self.ticks.up(working, 9))


@planted(9)
def the_operators_cancel_leaves_the_entry(patch: pytest.MonkeyPatch) -> None:
    async def leave(self: OrderTruth, role: OrderRole, why: str) -> None:
        if why != "the entry is over":
            await real(self, role, why)

    real = OrderTruth.take_off
    patch.setattr(OrderTruth, "take_off", leave)


@planted(22)
def the_intent_is_written_after_the_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SimulatedWorld, "record", lambda self, event: self.history.append(event))


@planted(12, 19, 23)
def more_filled_than_sized_is_clamped(patch: pytest.MonkeyPatch) -> None:
    def hear(self: TradeStory, record: BrokerOrder) -> None:
        if self._truth is None:
            return
        try:
            before = self._truth.ledger.filled(OrderRole.ENTRY)
            if before < self._sized or not record.action.is_buy:
                self._truth.hear(record)
        except InvariantError:
            return

    patch.setattr(TradeStory, "hear", hear)


def first_broken(caught_by: set[int]) -> Iterator[int]:
    for seed in SEEDS:
        try:
            verdict = run_seed(seed)
        except Exception:  # noqa: BLE001  a bug may also crash the story, which ends a trade without its workflow's end
            continue
        if caught_by & {violation.invariant for violation in verdict.violations}:
            yield seed


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, caught_by = PLANTED[name]
    plant(monkeypatch)
    assert next(first_broken(caught_by), None) is not None
