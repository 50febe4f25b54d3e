"""What goes wrong on the way to the broker and in our own processes; what is asserted is the exchange's book."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import aiohttp
import pytest

from activities.audit.remote import RemoteAudit
from domain.alert import AlertMessage, OptionType
from domain.audit import AuditKind
from domain.audit_queries import TradeAuditQuery
from domain.identifiers import snowflake_at
from domain.settings import Mode
from domain.trade import TradeState, TradeView
from paper.control.client import Control
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from tests.e2e.conftest import House, until_async, words
from workflows.front_door import FrontDoor

_OVER = ("Filled", "Cancelled", "Expired", "Rejected", "Removed")
_SOON = 0.3  # seconds
_QUANTITY = 4
# The house's window of 5 s, and the grace of 15 s that no entry order may outlive it by (invariant 9).
_LONGEST_ENTRY = timedelta(seconds=20)
# A "never accepted" takes look-ups over 30 s, and the ladder goes on after it.
_PATIENCE = 75.0  # an order in doubt is looked for over half a minute
# An append that died with its worker, or whose answer died with the server, is asked for again after 30 s.
_WRITTEN_WITHIN = 45.0


@pytest.fixture
def puts(listings: Listings) -> Iterator[Instrument]:
    """One listed put after the other, a new one for each trade."""
    soon = listings.today + timedelta(days=3)
    series = next(series for series in listings.chain("UBER") if series.expiry.day >= soon)
    middle = len(series.strikes) // 2
    return (series.option(strike, OptionType.PUT) for strike in series.strikes[middle - 8 : middle + 8])


class Trades:
    """The trades of one test, each in a contract of its own, and what must be true of every one in the end."""

    def __init__(self, house: House, control: Control, door: FrontDoor, puts: Iterator[Instrument]) -> None:
        self.house = house
        self.control = control
        self._door = door
        self._puts = puts
        self._options: dict[str, Instrument] = {}

    async def contract(self, bid: str = "0.70", ask: str = "0.80") -> Instrument:
        """A contract that nobody traded yet, and its market: the ladder starts at 0.75."""
        option = next(self._puts)
        await self.control.quote(option.symbol, bid, ask)
        return option

    async def post(self, option: Instrument, quantity: int = _QUANTITY) -> str:
        """An alert at 0.75; its workflow's id."""
        posted_at = datetime.now(UTC)
        message = AlertMessage(
            channel_id=1,
            message_id=snowflake_at(posted_at, len(self._options)),
            author_id=1,
            author_name="ann",
            text=words(option, quantity=quantity),
            posted_at=posted_at,
        )
        workflow_id = (await self._door.submit(message)).started[0].workflow_id
        self._options[workflow_id] = option
        return workflow_id

    async def on_faulty_order(self, kind: str, side: str = "buy", ask: str = "0.80", **params: Any) -> str:
        """An alert of which one order meets that fault: an entry order, unless `side` is "sell"."""
        option = await self.contract(ask=ask)
        await self.control.fault(kind, symbol=option.symbol, side=side, **params)
        return await self.post(option)

    async def met_their_faults(self, on: str) -> None:
        """Await that every fault armed for such requests has hit."""
        seen: list[Any] = []

        async def hold() -> bool:
            seen[:] = [fault for fault in await self.control.faults() if fault["on"] == on and fault["unused"]]
            return not seen

        await until_async(hold, _PATIENCE, lambda: seen)

    async def in_the_book(self, *workflow_ids: str) -> None:
        """Await the entry order of each at the exchange."""
        for workflow_id in workflow_ids:
            await self.await_orders(workflow_id, lambda orders: bool(orders))

    async def meet(self, *workflow_ids: str) -> None:
        """The market comes to what these trades bid."""
        for workflow_id in workflow_ids:
            await self.control.quote(self._options[workflow_id].symbol, "0.70", "0.75")

    async def meet_soon(self, workflow_id: str) -> None:
        """The market will come to what this trade bids, whoever is dead by then: the exchange keeps its plans."""
        point = {"after": _SOON, "bid": "0.70", "ask": "0.75", "bid_size": 10, "ask_size": 10}
        await self.control.path(self._options[workflow_id].symbol, [point])

    async def bought(self, workflow_id: str, quantity: int = _QUANTITY) -> None:
        """Await the trade's exit for what it bought, and check everything about it."""

        def has_its_exit(orders: list[dict[str, Any]]) -> bool:
            return _filled(orders) == quantity and _exits(orders) == _promised(orders)

        await self.await_orders(workflow_id, has_its_exit, _PATIENCE)
        view = await self.settled(workflow_id)
        assert view.state is TradeState.HOLDING, view
        orders = await self.sound(workflow_id)
        assert _filled(orders) == view.filled == quantity

    async def nothing_bought(self, workflow_id: str, *states: TradeState) -> None:
        """Await the trade's end without a position."""
        view = await self.settled(workflow_id)
        assert view.state in states, view
        assert _filled(await self.sound(workflow_id)) == 0

    async def settled(self, workflow_id: str) -> TradeView:
        """Await the end of the entry."""
        return await self.house.view_when(
            workflow_id, lambda view: view.state.is_end or view.state is TradeState.HOLDING, _PATIENCE
        )

    async def sound(self, workflow_id: str) -> list[dict[str, Any]]:
        """The trade's orders, after the invariants that hold of any: 5, 7, 9, 14, 15."""
        orders = await self.house.orders(workflow_id)
        assert _filled(orders) <= _QUANTITY
        assert [order["status"] for order in _buys(orders) if order["status"] not in _OVER] == []
        assert all(_moment(order, "terminal-at") - _began(orders) < _LONGEST_ENTRY for order in _buys(orders))
        assert _exits(orders) == _promised(orders)
        return orders

    async def audited(self) -> None:
        """The book holds these trades' orders, each once, and nothing else; every step is in a log that is whole."""
        book = await self.control.book()
        identifiers = [order.get("external-identifier") for order in book["orders"]]
        ours = [order["external-identifier"] for trade in self._options for order in await self.house.orders(trade)]
        assert sorted(identifiers, key=str) == sorted(set(ours))
        for workflow_id in self._options:
            await until_async(partial(self._is_written, workflow_id), _WRITTEN_WITHIN, partial(str, workflow_id))
        code, out, err = await self.house.run("audit", "verify")
        assert code == 0, out + err

    async def _is_written(self, workflow_id: str) -> bool:
        """Each event of the trade is in the log, numbered without a gap, and the fills among them are the book's."""
        assert self.house.client is not None
        page = await RemoteAudit(self.house.client).audit_trade(TradeAuditQuery(workflow_id=workflow_id))
        events = [row.event for row in page.rows]
        numbers = sorted(int(event.event_id.rpartition(":")[2]) for event in events)
        bought = sum(event.quantity or 0 for event in events if event.kind is AuditKind.FILL)
        whole = numbers == list(range(1, len(events) + 1))
        return whole and bought == _filled(await self.house.orders(workflow_id))

    async def await_orders(
        self, workflow_id: str, condition: Callable[[list[dict[str, Any]]], bool], within: float = 20
    ) -> None:
        """Await a condition on the trade's orders in the book."""
        seen: list[Any] = []

        async def holds() -> bool:
            seen[:] = await self.house.orders(workflow_id)
            return condition(seen)

        await until_async(holds, within, lambda: (workflow_id, seen))


@pytest.fixture
async def trades(house: House, puts: Iterator[Instrument]) -> Trades:
    assert house.client is not None
    assert house.control is not None
    return Trades(house, house.control, FrontDoor(house.client, "5WX00042", Mode.PAPER), puts)


def _buys(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [order for order in orders if order["legs"][0]["action"] == "Buy to Open"]


def _fills(orders: list[dict[str, Any]]) -> list[tuple[int, Decimal]]:
    return [
        (int(fill["quantity"]), Decimal(fill["fill-price"]))
        for order in _buys(orders)
        for fill in order["legs"][0]["fills"]
    ]


def _filled(orders: list[dict[str, Any]]) -> int:
    return sum(quantity for quantity, _ in _fills(orders))


def _exits(orders: list[dict[str, Any]]) -> list[tuple[int, Decimal, str]]:
    """What is out for sale: quantity, price, time in force."""
    return [
        (int(order["legs"][0]["quantity"]), Decimal(order["price"]), order["time-in-force"])
        for order in orders
        if order["legs"][0]["action"] == "Sell to Close" and order["status"] not in _OVER
    ]


def _promised(orders: list[dict[str, Any]]) -> list[tuple[int, Decimal, str]]:
    """Half of what is filled at twice its average; these fills' averages are on tick."""
    filled = _filled(orders)
    if filled < 2:
        return []
    return [(filled // 2, 2 * sum(quantity * price for quantity, price in _fills(orders)) / filled, "GTC")]


def _began(orders: list[dict[str, Any]]) -> datetime:
    return min(_moment(order, "received-at") for order in _buys(orders))


def _moment(order: dict[str, Any], key: str) -> datetime:
    return datetime.fromisoformat(order[key])


async def test_an_order_whose_answer_is_lost_is_found_again_and_never_sent_twice(trades: Trades) -> None:
    lost = [
        await trades.on_faulty_order("drop_answer"),
        await trades.on_faulty_order("error_after", status=503),
        await trades.on_faulty_order("html_next", status=502, after=True),
        await trades.on_faulty_order("html_next", status=404, after=True),
        await trades.on_faulty_order("hang_after_accept", seconds=7),  # we read for 5 s
        await trades.on_faulty_order("drop_answer", side="sell"),
        await trades.on_faulty_order("error_after", side="sell"),
    ]
    hidden = await trades.contract()
    for kind, seconds in (("drop_answer", 0), ("stale_lookup", 3)):
        await trades.control.fault(kind, symbol=hidden.symbol, side="buy", seconds=seconds)
    lost.append(await trades.post(hidden))
    await trades.in_the_book(*lost)
    await trades.meet(*lost)
    for workflow_id in lost:
        await trades.bought(workflow_id)
    await trades.audited()


async def test_what_surely_is_not_in_the_market_is_sent_again_as_another_order(trades: Trades) -> None:
    unsold = [
        await trades.on_faulty_order("reject_next", side="sell"),
        await trades.on_faulty_order("cancel_next", side="sell", seconds=0.2),
    ]
    unheard = [
        await trades.on_faulty_order("unauthorized_next", side="sell", on="place"),
        await trades.on_faulty_order("unauthorized_next", on="place"),
    ]
    await trades.in_the_book(*unsold, *unheard)
    await trades.meet(*unsold, *unheard)
    for workflow_id in unsold:
        await trades.await_orders(workflow_id, lambda orders: len(orders) > len(_buys(orders)) + 1)
    for workflow_id in (*unsold, *unheard):
        await trades.bought(workflow_id)
    await trades.audited()


async def test_an_order_that_never_came_to_be_ends_its_trade_and_buys_nothing(trades: Trades) -> None:
    refused = [
        await trades.on_faulty_order("reject_next"),
        await trades.on_faulty_order("cancel_next", seconds=0.3),
    ]
    doubtful = [
        await trades.on_faulty_order("error_before", status=503),
        await trades.on_faulty_order("html_next", status=502, on="place"),
    ]
    not_replaced = await trades.on_faulty_order("error_before", on="replace", status=503)
    await trades.met_their_faults("replace")
    await trades.meet(not_replaced)
    for workflow_id in refused:
        await trades.nothing_bought(workflow_id, TradeState.REFUSED)
    for workflow_id in doubtful:
        await trades.nothing_bought(workflow_id, TradeState.NO_FILL, TradeState.REFUSED)
        assert await trades.house.orders(workflow_id) == []
    await trades.bought(not_replaced)
    await trades.audited()


async def test_a_replacement_or_cancel_whose_answer_is_lost_leaves_one_order_at_most(trades: Trades) -> None:
    lost = [
        await trades.on_faulty_order("drop_answer", on="replace"),
        await trades.on_faulty_order("error_after", on="replace", status=503),
        await trades.on_faulty_order("stale_lookup", on="replace", seconds=2),
    ]
    ended = [
        await trades.on_faulty_order("drop_answer", on="cancel", ask="0.99"),
        await trades.on_faulty_order("error_before", on="cancel", status=503, times=2, ask="0.99"),
        await trades.on_faulty_order("delay_cancel", on="cancel", seconds=3, ask="0.99"),
    ]
    for workflow_id in lost:
        await trades.house.view_when(workflow_id, lambda view: view.rung >= 1)
    await trades.met_their_faults("replace")  # a rung begins before its request is made
    await trades.meet(*lost)
    for workflow_id in lost:
        await trades.bought(workflow_id)
    for workflow_id in ended:
        await trades.nothing_bought(workflow_id, TradeState.NO_FILL)
    await trades.audited()


async def test_fills_that_race_a_cancel_are_counted_once_and_get_their_exit(trades: Trades) -> None:
    during = await trades.on_faulty_order("fill_during_cancel", on="cancel", quantity=2, ask="0.99")
    replaced = await trades.on_faulty_order("fill_during_cancel", on="replace", quantity=2, ask="0.99")
    after = await trades.on_faulty_order("fill_after_cancel", on="cancel", quantity=2, seconds=0.5, ask="0.99")
    twice = await trades.contract(ask="0.99")
    for kind, seconds in (("fill_during_cancel", 0), ("fill_after_cancel", 1)):
        await trades.control.fault(kind, symbol=twice.symbol, on="cancel", quantity=2, seconds=seconds)
    late = await trades.post(twice)
    for workflow_id, quantity in ((during, 2), (replaced, 2), (after, 2), (late, 4)):
        await trades.bought(workflow_id, quantity)
    await trades.audited()


async def test_a_cancelled_trade_takes_its_order_off_while_the_replacement_is_in_doubt(trades: Trades) -> None:
    assert trades.house.client is not None
    doubtful = await trades.on_faulty_order("error_before", on="replace", status=503, ask="0.99")
    await trades.met_their_faults("replace")
    await trades.house.client.get_workflow_handle(doubtful).cancel()
    await trades.await_orders(doubtful, lambda orders: all(order["status"] in _OVER for order in orders), 5)


async def test_a_stream_that_is_lost_silent_or_repeats_itself_loses_and_doubles_no_fill(trades: Trades) -> None:
    dropped = await trades.post(await trades.contract())
    await trades.in_the_book(dropped)
    await trades.control.fault("stream_drop", on="account")
    await trades.meet(dropped)
    await trades.bought(dropped)
    repeated = await trades.contract()
    await trades.control.fault("repeat_stream", symbol=repeated.symbol, copies=20, times=10)
    repeated_id = await trades.post(repeated)
    await trades.in_the_book(repeated_id)
    await trades.meet(repeated_id)
    await trades.bought(repeated_id)
    silenced = await trades.post(await trades.contract())
    await trades.in_the_book(silenced)
    await trades.control.fault("stream_silence", on="account", seconds=4)
    await trades.meet(silenced)
    await trades.bought(silenced)
    await trades.audited()


async def test_a_token_refused_in_mid_ladder_and_pages_instead_of_answers_stop_nothing(trades: Trades) -> None:
    option = await trades.contract()
    for kind, on, more in (
        ("html_next", "read", {"status": 502}),
        ("html_next", "quotes", {"status": 502}),
        ("unauthorized_next", "read", {}),
        ("unauthorized_next", "replace", {}),
    ):
        await trades.control.fault(kind, on=on, **more)
    await trades.control.fault("unauthorized_next", on="place", side="sell", symbol=option.symbol)
    workflow_id = await trades.post(option)
    await trades.house.view_when(workflow_id, lambda view: view.rung >= 2)
    await trades.meet(workflow_id)
    await trades.bought(workflow_id)
    unbought = await trades.on_faulty_order("html_next", on="cancel", status=502, ask="0.99")
    await trades.nothing_bought(unbought, TradeState.NO_FILL)
    await trades.audited()


@pytest.mark.parametrize("side", ["buy", "sell"])
async def test_the_trades_worker_dies_while_an_order_is_under_way(trades: Trades, side: str) -> None:
    workflow_id = await trades.on_faulty_order("hang_after_accept", side=side, seconds=3)
    await trades.in_the_book(workflow_id)
    if side == "sell":
        await trades.meet(workflow_id)
        await trades.await_orders(workflow_id, lambda orders: bool(_exits(orders)))
    os.kill(trades.house.pid_of("trades"), signal.SIGKILL)
    await trades.meet(workflow_id)
    await trades.bought(workflow_id)
    await trades.audited()


async def test_a_process_killed_in_mid_ladder_costs_neither_a_fill_nor_a_record(trades: Trades) -> None:
    for service in ("paper", "temporal", "audit"):
        workflow_id = await trades.post(await trades.contract())
        await trades.in_the_book(workflow_id)
        await trades.meet_soon(workflow_id)
        os.kill(trades.house.pid_of(service), signal.SIGKILL)
        await _answers(trades.control)
        await trades.bought(workflow_id)
    await _the_whole_house_falls(trades)
    await trades.audited()


async def _the_whole_house_falls(trades: Trades) -> None:
    workflow_id = await trades.post(await trades.contract())
    await trades.in_the_book(workflow_id)
    await trades.meet_soon(workflow_id)
    up = trades.house.process
    assert up is not None
    up.kill()
    await up.wait()
    await trades.house.up()
    await trades.bought(workflow_id)


async def _answers(control: Control) -> None:
    """Await the exchange, should it be the one that died."""
    seen: list[str] = []

    async def holds() -> bool:
        try:
            await control.book()
        except aiohttp.ClientError as error:
            seen[:] = [str(error)]
            return False
        return True

    await until_async(holds, _PATIENCE, lambda: seen)
