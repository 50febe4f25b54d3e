"""How a call that would change an order goes: sent once and answered, refused, or lost on either way.

It answers as the activity would (`activities/broker/orders.py`, and the time-outs of `workflows/temporal_world.py`).
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from domain.audit import AuditEvent
from domain.contract import Quote
from domain.orders import OrderAnswer, OrderRequest, Outcome
from simulation.broker import NotChangeableError, Order
from simulation.surroundings import Surroundings

MUST_START = timedelta(seconds=5)
_TIME_OUT = 5.0  # seconds, of a request
_NOTICED = 4.0  # seconds until a call that died or stalled with its worker is given up
_REFUSED = OrderAnswer(outcome=Outcome.REFUSED, code="cannot_update_order", message="it can't be changed any more")

Send = Callable[[datetime], Order]
"""Brings a request to the broker; takes the time at which it left."""


class Observer(Protocol):
    """Who looks on while a trade asks the desk and the broker. Only what passes between them is told."""

    def admitted(self, workflow_id: str, now: datetime) -> None:
        """The desk said yes."""

    def let_in(self, workflow_id: str, found: Collection[str], now: datetime) -> None:
        """The desk said which trades a closing alert may ask to sell."""

    def wrote(self, workflow_id: str, row: AuditEvent) -> None:
        """A row was written down."""

    def sized(self, workflow_id: str, quantity: int) -> None:
        """The desk said how many."""

    def quoted(self, workflow_id: str, quote: Quote | None, *, is_market: bool) -> None:
        """A quote was given, which may be no market to trade on."""

    def underlying_quoted(self, workflow_id: str, price: Decimal | None) -> None:
        """The price of the underlying was given, or None."""

    def asked(self, workflow_id: str, order: OrderRequest | None, order_id: int | None) -> None:
        """An order is to be placed, or the one of that id to be replaced by it or cancelled."""

    def left(self, workflow_id: str, now: datetime, *, is_first: bool) -> None:
        """A request left, and may reach the broker; `is_first`: none did before, and none was in doubt."""


class OrderCalls:
    """One trade's calls that change orders."""

    def __init__(self, around: Surroundings, observer: Observer, workflow_id: str) -> None:
        self._around = around
        self._observer = observer
        self._workflow_id = workflow_id
        self._is_first = True

    async def call(
        self, send: Send, latest: datetime | None, order: OrderRequest | None, order_id: int | None = None
    ) -> OrderAnswer:
        """Send once, and answer as the activity would: accepted, refused, or unknown."""
        around, began = self._around, self._around.at
        self._observer.asked(self._workflow_id, order, order_id)
        await asyncio.sleep(around.uniform(0.005, 0.04))
        if around.is_down():  # nobody took the call
            await around.until_up()
            if self._is_too_late(latest):
                return OrderAnswer(outcome=Outcome.REFUSED, code="not_started", message="nobody took it in time")
        answer = await self._carried_out(send, latest)
        if around.crashed_since(began):
            around.happened("killed with a call under way")
            await around.until_up()
            await asyncio.sleep(max(0.0, _NOTICED - (around.at - began)))
            answer = OrderAnswer(outcome=Outcome.UNKNOWN, code="activity_failed", message="its worker died")
        await around.until_up()
        around.stir()
        return answer

    def _is_too_late(self, latest: datetime | None) -> bool:
        """What every attempt asks itself just before it sends, however long it stood still before."""
        return latest is not None and self._around.now() > latest

    async def _carried_out(self, send: Send, latest: datetime | None) -> OrderAnswer:
        around, weather = self._around, self._around.plan.weather
        if around.chance("stalled attempt", weather.stalled_attempt):
            return await self._stalled(send, latest)
        if self._is_too_late(latest):
            return OrderAnswer(outcome=Outcome.REFUSED, code="too_late", message="the alert is too old")
        if around.is_broker_down():
            return OrderAnswer(outcome=Outcome.REFUSED, code="unreachable", message="the broker is down")
        for code, chance in (
            ("throttled", weather.throttled),
            ("unauthorised", weather.unauthorised),
            ("margin_check_failed", weather.refused / 3),
        ):
            if around.chance(code, chance):
                return OrderAnswer(outcome=Outcome.REFUSED, code=code, message="simulated")
        self._leaves(is_first=self._is_first)
        for what, chance in (("error before", weather.error_before), ("lost request", weather.lost_request)):
            if around.chance(what, chance):
                await asyncio.sleep(_TIME_OUT if what == "lost request" else 0.02)
                return OrderAnswer(outcome=Outcome.UNKNOWN, code="server_error", message=what)
        if around.chance("late arrival", weather.late_arrival):
            around.later(around.uniform(_TIME_OUT, 3 * _TIME_OUT), lambda: _bring(send, around.now()))
            await asyncio.sleep(_TIME_OUT)
            return OrderAnswer(outcome=Outcome.UNKNOWN, code="timeout", message="late arrival")
        return await self._sent(send)

    async def _stalled(self, send: Send, latest: datetime | None) -> OrderAnswer:
        """The attempt stands still, is given up, and goes on all the same, beside what was begun after it."""
        around, is_first = self._around, self._is_first
        self._is_first = False
        around.later(around.uniform(1, 60), lambda: self._goes_on(send, latest, is_first=is_first))
        await asyncio.sleep(_NOTICED)
        return OrderAnswer(outcome=Outcome.UNKNOWN, code="activity_failed", message="it stood still")

    def _goes_on(self, send: Send, latest: datetime | None, *, is_first: bool) -> None:
        if self._is_too_late(latest):
            self._around.log("a stalled attempt goes on, and is too late to send")
            return
        self._leaves(is_first=is_first)
        _bring(send, self._around.now())

    def _leaves(self, *, is_first: bool) -> None:
        self._is_first = False
        self._observer.left(self._workflow_id, self._around.now(), is_first=is_first)

    async def _sent(self, send: Send) -> OrderAnswer:
        around, weather = self._around, self._around.plan.weather
        try:
            order = send(around.now())
        except NotChangeableError:
            return _REFUSED
        record = order.record()
        if around.chance("stale look-up", weather.stale_lookup):
            around.hide(order)
        await asyncio.sleep(around.uniform(0.005, 0.04))
        if around.chance("lost answer", weather.lost_answer):
            await asyncio.sleep(_TIME_OUT)
            return OrderAnswer(outcome=Outcome.UNKNOWN, code="timeout", message="lost answer")
        if around.chance("error after", weather.error_after):
            return OrderAnswer(outcome=Outcome.UNKNOWN, code="server_error", message="error after")
        return OrderAnswer(outcome=Outcome.ACCEPTED, order=record)


def _bring(send: Send, sent_at: datetime) -> None:
    with contextlib.suppress(NotChangeableError):
        send(sent_at)
