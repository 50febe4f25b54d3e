"""Bugs in how orders are sent, looked up, replaced and taken off."""

from datetime import timedelta
from typing import Any

import pytest

from domain.identifiers import OrderRole
from domain.ledger import LedgerOrder, OrderLedger
from domain.orders import BrokerOrder, OrderAnswer, OrderRequest, OrderStatus, Outcome
from simulation.order_calls import OrderCalls
from simulation.watch import SimulatedWatch
from simulation.world import SimulatedWorld
from tests.simulation.planted.bugs import planted
from workflows.order_truth import OrderTruth
from workflows.working_order import WorkingOrder


@planted(5, 5, 6)
def an_order_of_unknown_fate_is_sent_again(patch: pytest.MonkeyPatch) -> None:
    real = SimulatedWorld.place

    async def place(self: SimulatedWorld, order: OrderRequest, send_by: Any = None) -> OrderAnswer:
        answer = await real(self, order, send_by)
        return await real(self, order, send_by) if answer.outcome is Outcome.UNKNOWN else answer

    patch.setattr(SimulatedWorld, "place", place)


@planted(5, 5, 6, 7, 15)
def an_unknown_outcome_counts_as_not_placed(patch: pytest.MonkeyPatch) -> None:
    async def settle(self: OrderTruth, order: LedgerOrder) -> None:
        if order.record is None:
            self.ledger.refuse(order.identifier)

    patch.setattr(OrderTruth, "_settle", settle)


@planted(61, 5, 6, 7, 15)
def one_look_up_is_enough_to_say_never_accepted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("workflows.order_truth._ABSENCE_LOOKUPS", 1)
    patch.setattr("workflows.order_truth._ABSENCE_TAKES", timedelta(0))


@planted(221, 5, 6, 7, 15)
def a_failed_look_up_counts_as_absence(patch: pytest.MonkeyPatch) -> None:
    real = SimulatedWorld.search

    async def search(self: SimulatedWorld, identifier: str, since: Any) -> tuple[BrokerOrder, ...]:
        return await real(self, identifier, since) or ()

    patch.setattr(SimulatedWorld, "search", search)
    patch.setattr("workflows.order_truth._ABSENCE_TAKES", timedelta(seconds=3))


@planted(1, 3, 5, 6, 7)
def an_attempt_that_stood_still_sends_however_late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OrderCalls, "_is_too_late", lambda *_: False)


@planted(2, 5, 6, 7)
def a_cancel_is_believed_when_it_is_asked_for(patch: pytest.MonkeyPatch) -> None:
    async def take_off(self: OrderTruth, order: LedgerOrder, why: str) -> None:
        await self._ask_cancel(order, why)
        if order.record is not None:
            order.record = order.record.model_copy(update={"status": OrderStatus.CANCELLED})
        else:
            self.ledger.refuse(order.identifier)

    patch.setattr(OrderTruth, "_take_off", take_off)


@planted(16, 5, 7, 9)
def a_cancel_that_is_refused_means_that_the_order_is_gone(patch: pytest.MonkeyPatch) -> None:
    real = SimulatedWorld.cancel

    async def cancel(self: SimulatedWorld, order_id: int) -> OrderAnswer:
        answer = await real(self, order_id)
        if answer.outcome is not Outcome.ACCEPTED:
            gone = self._around.broker.orders[order_id].record().model_copy(update={"status": OrderStatus.CANCELLED})
            return OrderAnswer(outcome=Outcome.ACCEPTED, order=gone)
        return answer

    async def ask(self: OrderTruth, order: LedgerOrder, why: str) -> None:
        if order.record is not None and order.may_be_cancelled:
            answer = await self.world.cancel(order.record.order_id)
            if answer.order is not None:
                self.hear(answer.order)

    patch.setattr(SimulatedWorld, "cancel", cancel)
    patch.setattr(OrderTruth, "_ask_cancel", ask)


@planted(266, 7)
def an_order_is_replaced_while_a_fill_of_it_is_known(patch: pytest.MonkeyPatch) -> None:
    async def reprice(self: WorkingOrder, working: LedgerOrder, price: Any, *_: Any) -> None:
        if working.record is not None and working.record.editable:
            await self.truth.replace(working, price, "replaced whole")

    patch.setattr(WorkingOrder, "reprice", reprice)
    patch.setattr(WorkingOrder, "_is_too_large", lambda _: False)  # the code's own second look would mend it


@planted(26, 21)
def an_order_in_our_contract_is_taken_for_ours(patch: pytest.MonkeyPatch) -> None:
    real = OrderLedger._match

    def match(self: OrderLedger, record: BrokerOrder) -> LedgerOrder | None:
        unheard = [order for order in self.orders(OrderRole.ENTRY) if order.record is None]
        return real(self, record) or (unheard[-1] if unheard else None)

    def tell(self: SimulatedWatch, identifier: str | None, record: BrokerOrder) -> None:
        for story in list(self._stories.values()):
            story.hear(record)
        self._around.stir()

    patch.setattr(OrderLedger, "_match", match)
    patch.setattr(SimulatedWatch, "_tell", tell)


@planted(17, 28)
def a_cancel_is_asked_for_again_without_a_pause(patch: pytest.MonkeyPatch) -> None:
    async def ask(self: OrderTruth, order: LedgerOrder, why: str) -> None:
        for _ in range(100):
            if order.is_open and order.record is not None:
                self.journal.answer(order, await self.world.cancel(order.record.order_id), why)

    patch.setattr(OrderTruth, "_ask_cancel", ask)
