"""Bugs in selling before the exit does: how much, for whom, at what price, and what the exit does meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

import pytest

from domain import closing
from domain.closing import CloseOutcome, CloseRequest, CloseResult, Urgency
from domain.desk_book import DeskBook
from domain.identifiers import OrderRole
from domain.ladder import Ladder, Side
from domain.order_states import OrderState
from domain.orders import BrokerOrder
from domain.settings import AtWindowEnd
from tests.simulation.planted.bugs import planted
from workflows.close_queue import CloseQueue
from workflows.close_story import CloseStory
from workflows.closer import Closer
from workflows.exit import Exit
from workflows.order_truth import OrderTruth
from workflows.trade_story import TradeStory
from workflows.working_order import WorkingOrder


def _with_request(patch: pytest.MonkeyPatch, change: Callable[[CloseRequest], CloseRequest]) -> None:
    real = Closer._work

    async def work(self: Closer, order: WorkingOrder, request: CloseRequest) -> None:
        await real(self, order, change(request))

    patch.setattr(Closer, "_work", work)


def _with_terms(patch: pytest.MonkeyPatch, at_window_end: AtWindowEnd) -> None:
    real = Closer._work

    async def work(self: Closer, order: WorkingOrder, request: CloseRequest) -> None:
        ends = self._terms.closing.model_copy(update={"at_window_end": at_window_end})
        self._terms = self._terms.model_copy(update={"closing": ends})
        await real(self, order, request)

    patch.setattr(Closer, "_work", work)


def _with_room(patch: pytest.MonkeyPatch) -> None:
    """Without a look at the exit; the code's own guard would stop it first."""
    real = Closer._claim

    def claim(self: Closer, quantity: int) -> WorkingOrder:
        order = real(self, quantity)
        order._has_room = None
        return order

    patch.setattr(Closer, "_claim", claim)
    patch.setattr(OrderTruth, "_check_cover", lambda *_: None)


@planted(10, 15)
def the_exit_makes_no_room_for_a_sale(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Closer, "claimed", property(lambda _: 0))
    _with_room(patch)


@planted(10, 15, 30)
def a_sale_does_not_wait_until_the_exit_is_off_the_market(patch: pytest.MonkeyPatch) -> None:
    _with_room(patch)


@planted(19, 15, 30)
def what_is_being_sold_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Closer, "claimed", property(lambda _: 0))


@planted(336, 16)
def what_was_not_sold_is_never_given_back_to_the_exit(patch: pytest.MonkeyPatch) -> None:
    real = Closer._claim

    def claim(self: Closer, quantity: int) -> WorkingOrder:
        self._last = real(self, quantity)  # type: ignore[attr-defined]
        return self._last  # type: ignore[attr-defined,no-any-return]

    patch.setattr(Closer, "_claim", claim)
    patch.setattr(Closer, "claimed", property(lambda self: max(0, self._last.left) if hasattr(self, "_last") else 0))


@planted(26, 16)
def what_was_sold_otherwise_counts_as_the_exits(patch: pytest.MonkeyPatch) -> None:
    def wanted(self: Exit) -> int:
        ledger, target = self._truth.ledger, self.target
        sold = ledger.filled(OrderRole.EXIT, OrderRole.CLOSE)
        return max(0, min(target.quantity - sold, ledger.held - self._claimed())) if target else 0

    patch.setattr(Exit, "wanted", property(wanted))


@planted(26, 7)
def a_request_that_is_repeated_sells_again(patch: pytest.MonkeyPatch) -> None:
    real = CloseQueue.ask

    def ask(self: CloseQueue, request: CloseRequest) -> None:
        if self._shut is None:
            self.results.pop(request.request_id, None)
        real(self, request)

    patch.setattr(CloseQueue, "ask", ask)


@planted(2, 7)
def a_part_is_rounded_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(closing, "ROUND_FLOOR", ROUND_CEILING)


@planted(2, 7)
def a_part_of_the_rest_is_a_part_of_the_whole(patch: pytest.MonkeyPatch) -> None:
    real = closing.close_quantity

    def quantity(settings: Any, request: Any, opened: Any, filled: int, held: int) -> int:
        return min(held, real(settings, request, opened, filled, filled if held else 0))

    patch.setattr("workflows.closer.close_quantity", quantity)


@planted(940, 7)
def a_third_of_six_is_one(patch: pytest.MonkeyPatch) -> None:
    real = closing.close_quantity

    def quantity(settings: Any, request: CloseRequest, *counts: Any) -> int:
        exactly = real(settings, request, *counts)
        is_third = request.fraction is not None and request.fraction * 3 < 1
        return exactly - 1 if is_third and counts[-1] % 3 == 0 and exactly > 1 else exactly

    patch.setattr("workflows.closer.close_quantity", quantity)


@planted(2, 7)
def a_trim_sells_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("workflows.closer.close_quantity", lambda *asked: asked[-1])


@planted(2, 7, 15)
def what_is_sold_is_not_taken_off_what_is_left(patch: pytest.MonkeyPatch) -> None:
    real = Closer._claim

    def claim(self: Closer, quantity: int) -> WorkingOrder:
        order = real(self, quantity)
        order._left = lambda: min(quantity, self._truth.ledger.held)
        return order

    patch.setattr(Closer, "_claim", claim)


@planted(242, 15, 16, 19, 23)
def a_late_fill_of_a_sale_is_ignored(patch: pytest.MonkeyPatch) -> None:
    real = OrderTruth.hear

    def hear(self: OrderTruth, record: BrokerOrder) -> None:
        ours = [order for order in self.ledger.orders(OrderRole.CLOSE) if order.record is not None]
        dead = [order.record.order_id for order in ours if order.record and order.state is OrderState.CANCELLED]
        if record.order_id not in dead:
            real(self, record)

    patch.setattr(OrderTruth, "hear", hear)


@planted(10, 9)
def the_entry_goes_on_buying_while_somebody_sells(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TradeStory, "_must_not_buy", lambda self: self._grounds.halted is not None or self._must_end())


@planted(9, 9)
def what_is_taken_back_is_sold_all_the_same(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CloseQueue, "is_dropped", property(lambda _: False))


@planted(9, 9)
def what_is_taken_back_is_offered_once_more(patch: pytest.MonkeyPatch) -> None:
    """It looks for a market, and then offers it, whatever has happened meanwhile."""

    async def quote(self: Closer, _: WorkingOrder) -> Any:
        found = await self._world.quote(self._truth.contract)
        return found if found is not None and found.is_two_sided and not found.is_crossed else None

    async def finds_room(self: WorkingOrder) -> bool:
        return self._has_room is None or await self.truth.world.until(self._has_room, timedelta(minutes=15), "room")

    patch.setattr(Closer, "_usable_quote", quote)
    patch.setattr(WorkingOrder, "finds_room", finds_room)


@planted(157, 9)
def a_cancelled_trade_sells_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Closer, "_must_yield", lambda self: self._queue.is_superseded or self._queue.is_dropped)


@planted(23, 8)
def a_closing_ladder_climbs(patch: pytest.MonkeyPatch) -> None:
    real = Ladder.step

    def step(self: Ladder, working: Decimal) -> Decimal:
        return self.ticks.up(working) if self.side is Side.SELL else real(self, working)

    patch.setattr(Ladder, "step", step)


@planted(23, 8)
def a_closing_ladder_knows_no_floor(patch: pytest.MonkeyPatch) -> None:
    real_step, real_allows = Ladder.step, Ladder.allows

    def step(self: Ladder, working: Decimal) -> Decimal:
        return self.ticks.down(working, 2) if self.side is Side.SELL else real_step(self, working)

    patch.setattr(Ladder, "step", step)
    patch.setattr(Ladder, "allows", lambda self, price: self.side is Side.SELL or real_allows(self, price))


@planted(2, 8)
def the_price_that_was_named_is_not_heard(patch: pytest.MonkeyPatch) -> None:
    _with_request(patch, lambda request: request.model_copy(update={"limit": None}))


@planted(10, 8)
def at_once_is_by_the_ladder(patch: pytest.MonkeyPatch) -> None:
    _with_request(patch, lambda request: request.model_copy(update={"urgency": Urgency.LADDER}))


@planted(9, 8)
def by_the_ladder_is_at_once(patch: pytest.MonkeyPatch) -> None:
    _with_request(patch, lambda request: request.model_copy(update={"urgency": Urgency.NOW}))


@planted(125, 8)
def what_a_ladder_does_not_sell_goes_to_the_market(patch: pytest.MonkeyPatch) -> None:
    _with_terms(patch, AtWindowEnd.MARKET)


@planted(404, 30)
def who_wants_it_at_once_waits_for_the_ladder(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CloseQueue, "is_superseded", property(lambda _: False))


@planted(10, 30)
def who_waits_when_a_trade_ends_hears_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CloseQueue, "shut", lambda *_: None)


@planted(86, 17)
def a_halt_of_the_desk_blocks_sales(patch: pytest.MonkeyPatch) -> None:
    real = Closer._sell

    async def sell(self: Closer, request: CloseRequest) -> CloseResult:
        desk = self._world._around.desk  # type: ignore[attr-defined]
        await self._world.until(lambda: desk.standing.admits or self._is_over(), timedelta(hours=1), "halted")
        return await real(self, request)

    patch.setattr(Closer, "_sell", sell)


@planted(8, 17)
def a_halt_of_the_desk_refuses_closing_alerts(patch: pytest.MonkeyPatch) -> None:
    real = DeskBook._close_refusal
    patch.setattr(DeskBook, "_close_refusal", lambda self, *asked: self._halt_refusal() or real(self, *asked))


@planted(66, 2)
def anybody_may_close_what_another_opened(patch: pytest.MonkeyPatch) -> None:
    real = DeskBook._may_close

    def may_close(self: DeskBook, alert: Any, _: int) -> tuple[str, ...]:
        opened = next((trade.author_id for trade in self.trades.values()), None)
        return real(self, alert, opened or 0)

    patch.setattr(DeskBook, "_may_close", may_close)


@planted(9, 19)
def a_sale_that_failed_counts_as_sold(patch: pytest.MonkeyPatch) -> None:
    real = Closer._told

    def told(self: Closer, request: CloseRequest, quantity: int, *facts: Any) -> CloseResult:
        result = real(self, request, quantity, *facts)
        return result.model_copy(update={"sold": quantity, "outcome": CloseOutcome.SOLD})

    patch.setattr(Closer, "_told", told)


@planted(17, 19, 30)
def a_closing_alert_does_not_wait_for_the_trades_answers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("workflows.close_story._ANSWERS_WITHIN", timedelta(seconds=1))
    patch.setattr(CloseStory, "_outcome", lambda self: self._state.CLOSED)
