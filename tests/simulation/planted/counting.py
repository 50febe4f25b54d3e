"""Bugs in how fills, states and averages are counted."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import InvariantError
from domain.identifiers import OrderRole
from domain.ledger import LedgerOrder, OrderLedger
from domain.orders import BrokerOrder, Fill, OrderStatus
from tests.simulation.planted.bugs import planted
from workflows.entry import Entry
from workflows.order_truth import OrderTruth
from workflows.trade_story import TradeStory


@planted(0, 10, 19, 23)
def fills_are_counted_by_their_arrival(patch: pytest.MonkeyPatch) -> None:
    real = OrderLedger.observe

    def observe(self: OrderLedger, record: BrokerOrder) -> tuple[Fill, ...]:
        count = len(self.fills(*OrderRole))
        again = tuple(f.model_copy(update={"fill_id": f"{f.fill_id}/{count}"}) for f in record.fills)
        return real(self, record.model_copy(update={"fills": again}))

    patch.setattr(OrderLedger, "observe", observe)


@planted(0, 16, 19, 23)
def a_fill_after_a_cancel_is_ignored(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth.hear

    def hear(self: OrderTruth, record: BrokerOrder) -> None:
        held = [o for o in self._all() if o.record and o.record.order_id == record.order_id]
        if not held or not (held[0].record and held[0].record.status is OrderStatus.CANCELLED):
            real(self, record)

    patch.setattr(OrderTruth, "hear", hear)


@planted(0, 5, 7, 11, 16, 19)
def the_newest_message_tells_the_state_however_old_it_is(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("domain.ledger._newer", lambda _, heard: heard)


@planted(0, 7, 10, 16, 19, 23)
def fills_that_a_record_does_not_name_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    real = OrderLedger.observe

    def observe(self: OrderLedger, record: BrokerOrder) -> tuple[Fill, ...]:
        new = real(self, record)
        order = self._match(record)
        if order is not None:
            order.fills = {fill.fill_id: fill for fill in record.fills}
        return new

    patch.setattr(OrderLedger, "observe", observe)


@planted(0, 7, 16, 19)
def filled_is_believed_before_its_last_fill(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(BrokerOrder, "is_settled", property(lambda self: self.status.is_terminal))


@planted(0, 12)
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
    patch.setattr(Entry, "rest", property(_rest_or_nothing))


@planted(0, 12)
def more_filled_than_sized_is_nobodys_business(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TradeStory, "_check_the_sums", lambda *_: None)
    patch.setattr(Entry, "rest", property(_rest_or_nothing))


@planted(0, 14)
def the_average_is_of_prices_and_not_of_contracts(patch: pytest.MonkeyPatch) -> None:
    def mean(fills: Any) -> Decimal | None:
        prices = [fill.price for fill in fills]
        return sum(prices, Decimal(0)) / len(prices) if prices else None

    patch.setattr("domain.ledger.average_price", mean)


@planted(0, 19)
def a_trade_without_a_fill_ends_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TradeStory, "_wait_for_late_fills", _nothing)


@planted(0, 19)
def only_the_newest_order_is_looked_at_before_a_trade_ends(patch: pytest.MonkeyPatch) -> None:
    real = TradeStory._reread_for_sure

    async def reread(self: TradeStory, truth: OrderTruth, order: LedgerOrder) -> None:
        if order is [o for o in truth.ledger.orders(OrderRole.ENTRY) if o.record is not None][-1]:
            await real(self, truth, order)

    patch.setattr(TradeStory, "_reread_for_sure", reread)


async def _nothing(*_: Any) -> None:
    return


_rest_or_nothing: Callable[[Entry], int] = lambda self: max(  # noqa: E731
    0, self._sized - self._truth.ledger.filled(OrderRole.ENTRY)
)
