"""Bugs in how fills, states and averages are counted."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.identifiers import OrderRole
from domain.ledger import Heard, LedgerOrder, OrderLedger
from domain.order_states import OrderState, Verdict
from domain.orders import BrokerOrder
from tests.simulation.planted.bugs import planted
from workflows.last_looks import LastLooks
from workflows.order_truth import OrderTruth
from workflows.trade_story import TradeStory
from workflows.working_order import WorkingOrder


@planted(14, 10, 19, 23)
def fills_are_counted_by_their_arrival(patch: pytest.MonkeyPatch) -> None:
    real = OrderLedger.observe

    def observe(self: OrderLedger, record: BrokerOrder) -> Heard:
        count = min(len(self.fills(*OrderRole)), 30)  # a trade that looks until nothing is new must come to its end
        again = tuple(f.model_copy(update={"fill_id": f"{f.fill_id}/{count}"}) for f in record.fills)
        return real(self, record.model_copy(update={"fills": again}))

    patch.setattr(OrderLedger, "observe", observe)


@planted(19, 16, 19, 23)
def a_fill_after_a_cancel_is_ignored(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth.hear

    def hear(self: OrderTruth, record: BrokerOrder) -> None:
        ours = [order for role in OrderRole for order in self.ledger.orders(role)]
        dead = [order.record.order_id for order in ours if order.record and order.state is OrderState.CANCELLED]
        if record.order_id not in dead:
            real(self, record)

    patch.setattr(OrderTruth, "hear", hear)


@planted(0, 5, 7, 11, 16, 19)
def the_newest_message_tells_the_state_however_old_it_is(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("domain.ledger.after_record", lambda _, told, __: (told, Verdict.TAKE))


@planted(10, 7, 10, 16, 19, 23)
def fills_that_a_record_does_not_name_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    real = OrderLedger.observe

    def observe(self: OrderLedger, record: BrokerOrder) -> Heard:
        heard = real(self, record)
        named = {(heard.order.chain, fill.fill_id) for fill in record.fills}
        others = {key: fill for key, fill in self._fills.items() if key[0] != heard.order.chain or key in named}
        self._fills = others
        return heard

    patch.setattr(OrderLedger, "observe", observe)


@planted(35, 7, 16, 19)
def filled_is_believed_before_its_last_fill(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(BrokerOrder, "is_settled", property(lambda self: self.status.is_terminal))


@planted(136, 12)
def more_filled_than_sized_is_clamped(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth.hear

    def hear(self: OrderTruth, record: BrokerOrder) -> None:
        asked = {order.identifier: order.request.quantity for order in self.ledger.orders(OrderRole.ENTRY)}
        left = asked.get(record.identifier or "", record.filled)
        kept = []
        for fill in record.fills:
            kept.append(fill.model_copy(update={"quantity": min(fill.quantity, left)}))
            left -= kept[-1].quantity
        real(self, record.model_copy(update={"fills": tuple(fill for fill in kept if fill.quantity)}))

    patch.setattr(OrderTruth, "hear", hear)


@planted(136, 12)
def more_filled_than_sized_is_nobodys_business(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TradeStory, "_check_the_sums", lambda *_: None)
    patch.setattr(WorkingOrder, "rest", property(_rest_or_nothing))
    patch.setattr("domain.ledger._stops", lambda *_: False)


@planted(1436, 14)
def the_average_is_the_first_fills_price(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("domain.ledger.average_price", lambda fills: fills[0].price if fills else None)


@planted(411, 19)
def a_trade_without_a_fill_ends_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LastLooks, "for_entries", _nothing)


@planted(266, 19)
def only_the_newest_order_is_looked_at_before_a_trade_ends(patch: pytest.MonkeyPatch) -> None:
    real = LastLooks.reread_for_sure

    async def reread(self: LastLooks, order: LedgerOrder, *, may_be_open: bool = False) -> None:
        if order is [o for o in self._truth.ledger.orders(OrderRole.ENTRY) if o.record is not None][-1]:
            await real(self, order, may_be_open=may_be_open)

    patch.setattr(LastLooks, "reread_for_sure", reread)


async def _nothing(*_: Any) -> None:
    return


_rest_or_nothing: Callable[[WorkingOrder], int] = lambda self: max(  # noqa: E731
    0, self._quantity - self.truth.ledger.filled(OrderRole.ENTRY)
)
