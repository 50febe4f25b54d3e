"""The kill, judged by the exchange's own book: entries come off, and nothing else that was not asked for."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from activities.broker import BrokerCredentials, BrokerSession, KillSwitch, Orders, TastytradeBroker
from activities.kill_mark import Kill, KillMark, KillScope
from domain.contract import Contract
from domain.errors import AlertladderError
from domain.identifiers import OrderRole
from domain.orders import BrokerOrder, LegAction, Outcome
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import endpoint, eventually, order, placing
from tests.activities.broker.test_orders import Start, placed

ENTRY, EXIT = OrderRole.ENTRY, OrderRole.EXIT
SELL = LegAction.SELL_TO_CLOSE


@pytest.fixture
async def session(paper: RunningPaper) -> AsyncIterator[BrokerSession]:
    made = BrokerSession(endpoint(paper.url, paper.streamer_url), BrokerCredentials.for_paper())
    yield made
    await made.close()


@pytest.fixture
def switch(session: BrokerSession) -> KillSwitch:
    """One that does not wait long for what may be on its way."""
    return KillSwitch(session, Orders(session), say=lambda line: None, stragglers=timedelta(seconds=0.05))


@pytest.fixture
async def bought(broker: TastytradeBroker, paper: RunningPaper, option: Contract, control: Control) -> BrokerOrder:
    """Two contracts of a trade's, bought at the ask; the market is 1.00 / 1.10 again."""
    entry = await placed(broker, order(option, price="1.10"))
    await eventually(lambda: paper.exchange.book.orders[entry.order_id].status.value == "Filled")
    return entry


async def rests(broker: TastytradeBroker, paper: RunningPaper, request: Any) -> BrokerOrder:
    """An order that stays in the market."""
    order = await placed(broker, request)
    await eventually(lambda: paper.exchange.book.orders[order.order_id].status.value == "Live")
    return order


async def statuses(control: Control) -> dict[int, str]:
    return {int(each["id"]): each["status"] for each in (await control.book())["orders"]}


async def held(control: Control, option: Contract) -> int:
    found = [each for each in (await control.book())["positions"] if each["symbol"] == option.symbol]
    return sum(int(each["quantity"]) for each in found)


async def settles(paper: RunningPaper) -> None:
    """Every market order has met the market."""
    hurried = [each for each in paper.exchange.book.orders.values() if each.order_type.value == "Market"]
    await eventually(lambda: all(each.legs[0].leaves == 0 for each in hurried))


async def by_hand(control: Control, option: Contract, **fields: Any) -> None:
    await control.fault("manual_order", symbol=option.symbol, **fields)


async def test_entries_come_off_and_exits_and_orders_of_others_stay(
    switch: KillSwitch,
    broker: TastytradeBroker,
    paper: RunningPaper,
    bought: BrokerOrder,
    option: Contract,
    control: Control,
) -> None:
    exit_ = await rests(
        broker,
        paper,
        order(
            option,
            0,
            SELL,
            1,
            "2.20",
            EXIT,
        ),
    )
    entries = [await rests(broker, paper, order(option, number, price="0.50")) for number in (1, 2, 3)]
    await by_hand(control, option, side="buy", quantity=1, price="0.40")
    killed = await switch.pull(exits=False, positions=False)
    assert killed.ended.keys() == {entry.order_id for entry in entries}
    assert (killed.failed, killed.sold, killed.left_alone) == ([], [], 1)
    now = await statuses(control)
    assert {now[entry.order_id] for entry in entries} == {"Cancelled"}
    assert now[exit_.order_id] == "Live"
    assert sorted(now.values()) == ["Cancelled"] * 3 + ["Filled"] + ["Live"] * 2
    assert await held(control, option) == 2


async def test_exits_come_off_too_when_asked(
    switch: KillSwitch,
    broker: TastytradeBroker,
    paper: RunningPaper,
    bought: BrokerOrder,
    option: Contract,
    control: Control,
) -> None:
    exit_ = await rests(broker, paper, order(option, 0, SELL, 1, "2.20", EXIT))
    killed = await switch.pull(exits=True, positions=False)
    assert list(killed.ended) == [exit_.order_id]
    assert await held(control, option) == 2


async def test_positions_are_sold_as_far_as_our_trades_bought_them_and_no_further(
    switch: KillSwitch,
    broker: TastytradeBroker,
    paper: RunningPaper,
    bought: BrokerOrder,
    option: Contract,
    control: Control,
) -> None:
    await by_hand(control, option, side="buy", quantity=3)
    other = paper.exchange.listings.chain("UBER")[1].option(option.strike + 1, option.option_type)  # type: ignore[operator,arg-type]
    await control.quote(other.symbol, "2.00", "2.10")
    await by_hand(control, option.model_copy(update={"symbol": other.symbol}), side="buy", quantity=4)
    await rests(broker, paper, order(option, 0, SELL, 1, "2.20", EXIT))
    killed = await switch.pull(exits=False, positions=True)
    assert (killed.sold, killed.failed) == ([f"2 {option.symbol} at market"], [])
    await settles(paper)
    assert await held(control, option) == 3
    assert sum(int(each["quantity"]) for each in (await control.book())["positions"]) == 7


async def test_what_a_trade_sold_already_is_not_sold_again(
    switch: KillSwitch,
    broker: TastytradeBroker,
    paper: RunningPaper,
    bought: BrokerOrder,
    option: Contract,
    control: Control,
) -> None:
    await by_hand(control, option, side="buy", quantity=3)
    sold = await placed(broker, order(option, 0, SELL, 1, "1.00", EXIT))
    await eventually(lambda: paper.exchange.book.orders[sold.order_id].status.value == "Filled")
    killed = await switch.pull(exits=False, positions=True)
    assert killed.sold == [f"1 {option.symbol} at market"]
    await settles(paper)
    assert await held(control, option) == 3


async def test_pulling_twice_sells_once_even_while_the_first_sale_rests(
    switch: KillSwitch, bought: BrokerOrder, option: Contract, control: Control
) -> None:
    await by_hand(control, option, side="buy", quantity=3)
    await control.quote(option.symbol, None, "1.10")
    first = await switch.pull(exits=False, positions=True)
    second = await switch.pull(exits=False, positions=True)
    await control.quote(option.symbol, "1.00", "1.10")
    third = await switch.pull(exits=False, positions=True)
    assert len(first.sold) + len(second.sold) + len(third.sold) == 1
    assert await held(control, option) == 3


async def test_an_order_that_the_list_shows_late_is_found(
    session: BrokerSession, broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    await control.fault("stale_lookup", symbol=option.symbol, seconds=0.4)
    await broker.place_order(placing(order(option, price="0.50")))
    switch = KillSwitch(session, Orders(session), say=lambda line: None, stragglers=timedelta(seconds=0.6))
    killed = await switch.pull(exits=False, positions=False)
    assert len(killed.ended) == 1
    assert set((await statuses(control)).values()) == {"Cancelled"}


async def test_a_cancel_that_loses_the_race_is_told_as_filled(
    switch: KillSwitch, broker: TastytradeBroker, paper: RunningPaper, option: Contract, control: Control
) -> None:
    entry = await rests(broker, paper, order(option, price="0.50"))
    await control.fault("fill_during_cancel", symbol=option.symbol, quantity=2)
    killed = await switch.pull(exits=False, positions=False)
    assert killed.ended == {entry.order_id: "Filled, filled 2 of 2"}


@pytest.mark.parametrize("kind", ["drop_answer", "error_after", "error_before", "rate_limited"])
async def test_a_cancel_whose_answer_goes_wrong_is_asked_again_until_the_order_is_off(
    switch: KillSwitch, broker: TastytradeBroker, paper: RunningPaper, option: Contract, control: Control, kind: str
) -> None:
    await rests(broker, paper, order(option, price="0.50"))
    await control.fault(kind, on="cancel", times=1)
    killed = await switch.pull(exits=False, positions=False)
    assert killed.failed == []
    assert set((await statuses(control)).values()) == {"Cancelled"}


async def test_an_order_that_can_not_be_read_is_taken_off_and_told_as_unconfirmed(
    switch: KillSwitch,
    broker: TastytradeBroker,
    paper: RunningPaper,
    option: Contract,
    control: Control,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("activities.broker.kill._LOOK_PAUSE", 0.01)
    monkeypatch.setattr("activities.broker.kill._LOOKS", 5)
    await rests(broker, paper, order(option, price="0.50"))
    await control.fault("unparseable_record", shape="unknown_status")
    killed = await switch.pull(exits=False, positions=False)
    assert set((await statuses(control)).values()) == {"Cancelled"}
    assert killed.ended or killed.failed


async def test_a_list_that_is_cut_is_read_again_and_a_broker_that_stays_away_is_an_error(
    hostile: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.broker.kill._LOOK_PAUSE", 0.01)
    monkeypatch.setattr("activities.broker.kill._LOOKS", 3)
    asked = 0

    async def cut(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        pagination = {"total-pages": 1, "total-items": 2}
        return web.json_response({"data": {"items": []}, "pagination": pagination})

    url = await hostile(**{"GET /accounts/{account}/orders/live": cut})
    session = BrokerSession(endpoint(url), BrokerCredentials.for_paper())
    switch = KillSwitch(session, Orders(session), say=lambda line: None, stragglers=timedelta(0))
    with pytest.raises(AlertladderError, match="can't be read"):
        await switch.pull(exits=False, positions=False)
    await session.close()
    assert asked == 3


@pytest.mark.parametrize(("scope", "is_sold"), [(KillScope.ENTRIES, True), (KillScope.EVERYTHING, False)])
async def test_under_its_mark_no_entry_is_sent_and_exits_only_if_they_may(
    session: BrokerSession,
    bought: BrokerOrder,
    option: Contract,
    control: Control,
    tmp_path: Path,
    scope: KillScope,
    is_sold: bool,
) -> None:
    mark = KillMark(tmp_path)
    orders = Orders(session, mark=mark)
    mark.leave(Kill(by="ann", at=datetime.now(UTC), scope=scope))
    entry = await orders.place(placing(order(option, 1, price="0.50")))
    exit_ = await orders.place(placing(order(option, 0, SELL, 1, "2.20", EXIT)))
    assert (entry.outcome, entry.code) == (Outcome.REFUSED, "killed")
    assert (exit_.outcome is Outcome.ACCEPTED) is is_sold
    mark.lift()
    assert (await orders.place(placing(order(option, 2, price="0.50")))).outcome is Outcome.ACCEPTED
    assert len((await control.book())["orders"]) == 2 + is_sold


async def test_an_order_that_waits_for_its_turn_when_the_kill_is_pulled_is_not_sent(
    session: BrokerSession, option: Contract, control: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = KillMark(tmp_path)

    async def wait_long(*_: Any) -> None:
        mark.leave(Kill(by="ann", at=datetime.now(UTC)))

    monkeypatch.setattr(session.pacing, "take", wait_long)
    answer = await Orders(session, mark=mark).place(placing(order(option, price="0.50")))
    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "killed")
    assert (await control.book())["orders"] == []


async def test_what_our_trades_sold_first_is_bought_back_and_no_more_than_that(
    switch: KillSwitch, broker: TastytradeBroker, paper: RunningPaper, option: Contract, control: Control
) -> None:
    entry = await placed(broker, order(option, action=LegAction.SELL_TO_OPEN, price="1.00"))
    await eventually(lambda: paper.exchange.book.orders[entry.order_id].status.value == "Filled")
    await by_hand(control, option, side="sell", quantity=3)
    await eventually(lambda: paper.exchange.book.account.held(option.symbol) == -5)
    await rests(broker, paper, order(option, 0, LegAction.BUY_TO_CLOSE, 1, "0.50", EXIT))
    killed = await switch.pull(exits=False, positions=True)
    assert (killed.sold, killed.failed) == ([f"2 {option.symbol} at market"], [])
    await eventually(lambda: paper.exchange.book.account.held(option.symbol) == -3)
    assert (await switch.pull(exits=False, positions=True)).sold == []
