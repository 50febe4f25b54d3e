"""Order calls and look-ups, judged by the exchange's own book."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from aiohttp import web
from temporalio.exceptions import ApplicationError

from activities.broker import BrokerCredentials, TastytradeBroker
from activities.broker.orders import order_json
from domain.broker import OrderById, OrderByIdentifier, ReplaceOrder
from domain.contract import Contract
from domain.identifiers import OrderRole
from domain.orders import BrokerOrder, LegAction, OrderStatus, Outcome, TimeInForce
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import ACCOUNT, cancelling, endpoint, eventually, order, placing

ORDERS = f"/accounts/{ACCOUNT}/orders"
Start = Callable[..., Awaitable[str]]


def replacing(order_id: int, request: Any, *, dry_run: bool = False) -> ReplaceOrder:
    return ReplaceOrder(
        order_id=order_id, order=request, not_after=datetime.now(UTC) + timedelta(seconds=5), dry_run=dry_run
    )


def by_identifier(identifier: str) -> OrderByIdentifier:
    return OrderByIdentifier(identifier=identifier, since=datetime.now(UTC))


async def in_the_book(control: Control) -> list[str]:
    return [entry["external-identifier"] for entry in (await control.book())["orders"]]


async def placed(broker: TastytradeBroker, request: Any) -> BrokerOrder:
    answer = await broker.place_order(placing(request))
    assert answer.order is not None, answer
    return answer.order


async def live(broker: TastytradeBroker, paper: RunningPaper, request: Any) -> BrokerOrder:
    order = await placed(broker, request)
    await eventually(lambda: paper.exchange.book.orders[order.order_id].status.value == "Live")
    return order


async def test_places_what_was_asked(broker: TastytradeBroker, option: Contract, control: Control) -> None:
    answer = await broker.place_order(placing(order(option)))

    (entry,) = (await control.book())["orders"]
    assert answer.outcome is Outcome.ACCEPTED
    assert answer.order is not None
    assert answer.order.order_id == entry["id"]
    assert (entry["order-type"], entry["price"], entry["price-effect"]) == ("Limit", "1.0", "Debit")
    assert (entry["legs"][0]["action"], entry["legs"][0]["quantity"]) == ("Buy to Open", 2)
    assert entry["external-identifier"] == order(option).identifier
    assert answer.buying_power_used == Decimal("202.24")


async def test_a_market_order_fills_and_its_fills_are_read(
    broker: TastytradeBroker, option: Contract, paper: RunningPaper
) -> None:
    sent = await placed(broker, order(option, price=None))
    await eventually(lambda: paper.exchange.book.orders[sent.order_id].status.value == "Filled")

    record = await broker.read_order(OrderById(order_id=sent.order_id))
    assert (record.status, record.filled) == (OrderStatus.FILLED, 2)
    assert {fill.price for fill in record.fills} == {Decimal("1.10")}


async def test_a_dry_run_is_answered_and_places_nothing(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    answer = await broker.place_order(placing(order(option), dry_run=True))

    assert answer.outcome is Outcome.ACCEPTED
    assert answer.order is not None
    assert answer.order.order_id == 0
    assert await in_the_book(control) == []


async def test_a_dry_run_of_a_replacement_replaces_nothing(
    broker: TastytradeBroker, option: Contract, control: Control, paper: RunningPaper
) -> None:
    original = await live(broker, paper, order(option))

    await broker.replace_order(replacing(original.order_id, order(option, 1, price="1.05"), dry_run=True))

    assert await in_the_book(control) == [order(option).identifier]
    assert paper.exchange.book.orders[original.order_id].status.value == "Live"


async def test_an_attempt_that_comes_too_late_sends_nothing(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    answer = await broker.place_order(placing(order(option), seconds=-0.001))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "too_late")
    assert await in_the_book(control) == []


async def test_an_attempt_that_stalls_before_sending_sends_nothing(
    paper: RunningPaper, option: Contract, control: Control
) -> None:
    """The clock jumps between the check of the pacing and the sending."""
    times = [datetime.now(UTC), datetime.now(UTC) + timedelta(minutes=1)]
    stalled = TastytradeBroker(
        endpoint(paper.url, paper.streamer_url),
        BrokerCredentials.for_paper(),
        clock=lambda: times.pop(0) if len(times) > 1 else times[0],
    )

    answer = await stalled.place_order(placing(order(option)))
    await stalled.close()

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "too_late")
    assert await in_the_book(control) == []


async def test_a_refused_order_carries_the_brokers_code(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    await control.cash("10")

    answer = await broker.place_order(placing(order(option)))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "margin_check_failed")
    assert await in_the_book(control) == []


async def test_no_token_no_order(broker: TastytradeBroker, option: Contract, control: Control) -> None:
    await broker.session.renew(await broker.session.token())
    broker.session.sdk.session_expiration = 0
    await control.fault("error_before", on="token", status=503)

    answer = await broker.place_order(placing(order(option)))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "no_token")
    assert await in_the_book(control) == []


async def test_a_burst_beyond_the_limit_waits_only_as_long_as_its_orders_keep(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    answers = await asyncio.gather(
        *(broker.place_order(placing(order(option, n, quantity=1), seconds=0.5)) for n in range(25))
    )

    refused = [answer for answer in answers if answer.outcome is Outcome.REFUSED]
    assert [answer.code for answer in refused] == ["throttled"] * 5
    assert len(await in_the_book(control)) == 20


@pytest.mark.parametrize(
    ("fault", "params", "expected"),
    [
        ("drop_answer", {}, 1),
        ("error_after", {"status": 502}, 1),
        ("error_before", {"status": 503}, 0),
        ("html_next", {"on": "place", "after": True, "status": 504}, 1),
        ("html_next", {"on": "place", "after": True, "status": 403}, 1),
        ("html_next", {"on": "place", "status": 403}, 0),
    ],
)
async def test_an_unclear_answer_is_unknown_and_nothing_is_sent_again(
    broker: TastytradeBroker, option: Contract, control: Control, fault: str, params: dict[str, Any], expected: int
) -> None:
    await control.fault(fault, **params)

    answer = await broker.place_order(placing(order(option)))

    assert answer.outcome is Outcome.UNKNOWN
    found = await broker.find_order(by_identifier(order(option).identifier))
    assert len(found.orders) == len(await in_the_book(control)) == expected


async def test_an_answer_that_never_comes_is_unknown_and_the_order_is_found(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    broker.session.sdk._client.timeout = httpx2.Timeout(0.2)
    await control.fault("hang_after_accept", seconds=1)

    answer = await broker.place_order(placing(order(option)))

    assert (answer.outcome, answer.code) == (Outcome.UNKNOWN, "no_answer")
    found = await broker.find_order(by_identifier(order(option).identifier))
    assert [found.symbol for found in found.orders] == [option.symbol]


async def test_a_refused_token_is_renewed_for_the_next_order(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    await control.fault("unauthorized_next", on="place")
    refused = await broker.session.token()

    first = await broker.place_order(placing(order(option)))
    second = await broker.place_order(placing(order(option, 1)))

    assert (first.outcome, second.outcome) == (Outcome.REFUSED, Outcome.ACCEPTED)
    assert await broker.session.token() != refused
    assert await in_the_book(control) == [order(option, 1).identifier]


async def test_a_broker_that_is_not_there_has_placed_nothing(option: Contract) -> None:
    away = TastytradeBroker(endpoint("http://127.0.0.1:9"), BrokerCredentials.for_paper())
    away.session.sdk.session_expiration = datetime.now(UTC).timestamp() + 900

    answer = await away.place_order(placing(order(option)))
    await away.close()

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "unreachable")


async def test_an_exit_of_what_is_not_held_is_refused_instead_of_opening_a_short(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    exit_order = order(option, 0, LegAction.SELL_TO_CLOSE, 1, "2.00", OrderRole.EXIT, TimeInForce.GTC)

    answer = await broker.place_order(placing(exit_order))

    assert answer.outcome is Outcome.REFUSED
    assert await in_the_book(control) == []


@pytest.mark.parametrize("action", list(LegAction))
def test_every_close_and_what_sells_first_is_strict_and_every_price_has_its_side(
    option_like: Contract, action: LegAction
) -> None:
    written = order_json(order(option_like, action=action))

    is_strict = action.endswith("to Close") or action is LegAction.SELL_TO_OPEN
    assert ('"strict-position-effect-validation":true' in written) == is_strict
    assert ('"price-effect":"Debit"' in written) == action.is_buy
    assert '"behavior"' not in written


@pytest.fixture
def option_like() -> Contract:
    ticks = {"ticks": [{"value": "0.01"}]}
    written = {"symbol": "UBER  261204P00078000", "streamer_symbol": ".UBER261204P78", "underlying": "UBER"}
    return Contract.model_validate({**written, "instrument_type": "Equity Option", "multiplier": 100, "ticks": ticks})


async def test_a_replacement_is_a_new_order_and_the_old_one_ends(
    broker: TastytradeBroker, option: Contract, paper: RunningPaper
) -> None:
    original = await live(broker, paper, order(option))

    answer = await broker.replace_order(replacing(original.order_id, order(option, 1, price="1.05")))

    assert answer.order is not None
    assert (answer.order.replaces, answer.order.identifier) == (original.order_id, order(option, 1).identifier)
    book = paper.exchange.book.orders
    await eventually(lambda: book[original.order_id].status.value == "Cancelled")
    await eventually(lambda: answer.order and book[answer.order.order_id].status.value == "Live")
    old = await broker.read_order(OrderById(order_id=original.order_id))
    assert (old.status, old.replaced_by) == (OrderStatus.CANCELLED, answer.order.order_id)


async def test_a_cancel_is_asked_for_once_and_refused_when_it_is_over(
    broker: TastytradeBroker, option: Contract, paper: RunningPaper
) -> None:
    sent = await live(broker, paper, order(option))

    first = await broker.cancel_order(cancelling(sent))
    await eventually(lambda: paper.exchange.book.orders[sent.order_id].status.value == "Cancelled")
    second = await broker.cancel_order(cancelling(sent))

    assert first.outcome is Outcome.ACCEPTED
    assert (second.outcome, second.code) == (Outcome.REFUSED, "cannot_update_order")


async def test_reading_an_order_that_is_not_there_is_refused_for_good(broker: TastytradeBroker) -> None:
    with pytest.raises(ApplicationError) as refused:
        await broker.read_order(OrderById(order_id=1))

    assert (refused.value.type, refused.value.non_retryable) == ("Refused", True)


async def test_reading_while_the_broker_has_a_bad_moment_may_be_repeated(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    sent = await placed(broker, order(option))
    await control.fault("error_before", on="read", status=502)

    with pytest.raises(ApplicationError) as failed:
        await broker.read_order(OrderById(order_id=sent.order_id))

    assert (failed.value.type, failed.value.non_retryable) == ("Retryable", False)


async def test_an_order_that_is_not_visible_yet_is_not_found(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    await control.fault("stale_lookup", seconds=60)
    await placed(broker, order(option))

    assert (await broker.find_order(by_identifier(order(option).identifier))).orders == ()


async def test_an_order_sent_twice_is_found_twice(broker: TastytradeBroker, option: Contract) -> None:
    first, second = await placed(broker, order(option)), await placed(broker, order(option))

    found = await broker.find_order(by_identifier(order(option).identifier))

    assert [record.order_id for record in found.orders] == [first.order_id, second.order_id]


def listing(rows: list[dict[str, Any]], per_page: int, promised: int | None = None) -> Any:
    """Pages of a list; `promised` is how many the broker says there are."""

    async def handler(request: web.Request) -> web.Response:
        page = int(request.query["page-offset"])
        total = len(rows) if promised is None else promised
        pagination = {"page-offset": page, "total-pages": -(-len(rows) // per_page), "total-items": total}
        items = rows[page * per_page : (page + 1) * per_page]
        return web.json_response({"data": {"items": items}, "pagination": pagination})

    return handler


def wire(number: int, identifier: str, **changes: Any) -> dict[str, Any]:
    leg = {"instrument-type": "Equity", "symbol": "AAPL", "action": "Buy to Open", "quantity": 1, "fills": []}
    made = {"id": number, "status": "Live", "order-type": "Limit", "price": "1.0", "legs": [leg]}
    return made | {"external-identifier": identifier} | changes


async def found_among(url: str, identifier: str) -> tuple[BrokerOrder, ...]:
    broker = TastytradeBroker(endpoint(url), BrokerCredentials.for_paper())
    try:
        return (await broker.find_order(by_identifier(identifier))).orders
    finally:
        await broker.close()


async def test_a_look_up_reads_every_page_of_both_lists(hostile: Start) -> None:
    today = [wire(n, f"other-{n}") for n in range(5)] + [wire(9, "ours")]
    history = [wire(n, f"other-{n}") for n in range(5)] + [wire(4, "ours"), wire(9, "ours", status="Filled")]
    url = await hostile(**{f"GET {ORDERS}/live": listing(today, 2), f"GET {ORDERS}": listing(history, 2)})

    assert [record.order_id for record in await found_among(url, "ours")] == [4, 9]


async def test_a_look_up_begins_the_day_before_in_new_york(hostile: Start) -> None:
    asked: list[str] = []

    async def history(request: web.Request) -> web.Response:
        asked.append(request.query["start-date"])
        return web.json_response({"data": {"items": []}})

    url = await hostile(**{f"GET {ORDERS}/live": listing([], 1), f"GET {ORDERS}": history})
    broker = TastytradeBroker(endpoint(url), BrokerCredentials.for_paper())

    late_evening_in_new_york = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    await broker.find_order(OrderByIdentifier(identifier="ours", since=late_evening_in_new_york))
    await broker.close()

    assert asked == ["2026-11-22"]


@pytest.mark.parametrize(
    "broken",
    [
        listing([wire(1, "other")], 1, promised=2),
        listing([wire(1, "ours", legs=[])], 1),
    ],
    ids=["cut-short", "ours-unreadable"],
)
async def test_a_look_up_that_is_not_whole_is_no_absence(hostile: Start, broken: Any) -> None:
    url = await hostile(**{f"GET {ORDERS}/live": broken, f"GET {ORDERS}": listing([], 1)})

    with pytest.raises(ApplicationError) as failed:
        await found_among(url, "ours")

    assert failed.value.type == "Retryable"


async def test_a_page_that_fails_fails_the_look_up(hostile: Start) -> None:
    async def second_page_fails(request: web.Request) -> web.Response:
        if request.query["page-offset"] == "1":
            return web.Response(status=502)
        return await listing([wire(1, "other"), wire(2, "other")], 1)(request)

    url = await hostile(**{f"GET {ORDERS}/live": second_page_fails, f"GET {ORDERS}": listing([], 1)})

    with pytest.raises(ApplicationError, match="502"):
        await found_among(url, "ours")


async def test_other_peoples_odd_orders_do_not_disturb_a_look_up(hostile: Start) -> None:
    rows = [wire(1, "other", legs=[]), {"id": 2}, wire(3, "ours")]
    url = await hostile(**{f"GET {ORDERS}/live": listing(rows, 9), f"GET {ORDERS}": listing(rows, 9)})

    assert [record.order_id for record in await found_among(url, "ours")] == [3]
