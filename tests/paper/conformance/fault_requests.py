"""Faults that requests meet: late, lost and wrong answers, before the order is taken and after."""

import asyncio
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from tastytrade.utils import TastytradeError

from paper.faults import Fault, Faults
from paper.trading.book import Book
from paper.wire import garbled, gate
from paper.wire.gate import Gate
from paper.wire.tokens import Tokens
from tests.paper.conformance.point import Break, Source, around, instead, nothing, point
from tests.paper.conformance.stage import Stage


def _refused_at_once(self: Gate) -> Any:
    for fault in self._exchange.faults.armed:
        fault.fired += not fault.is_spent
    return gate._error(self._exchange.faults.armed[-1])


NEVER: dict[str, Break] = {"it never hits": instead(Faults, "take", nothing)}
EARLY: dict[str, Break] = {
    "nothing is carried out": around(
        Gate, "_answer_before", lambda before: lambda self, *asked: before(self, *asked) or _refused_at_once(self)
    )
}
OURS = Source.OURS


async def outcome(stage: Stage) -> tuple[str, int]:
    """What placing an order raises, and how many orders the book has then."""
    try:
        await stage.account.place_order(stage.session, stage.ticket.buy(1, "1.05"), dry_run=False)
    except (TastytradeError, ValidationError, httpx2.HTTPError, ValueError) as error:
        raised = type(error).__name__
    else:
        raised = "nothing"
    return raised, len(stage.paper.exchange.book.orders)


@point(OURS, NEVER | EARLY)
async def the_answer_to_an_accepted_order_can_be_lost(stage: Stage) -> None:
    """drop_answer: the order is in the book, the socket is closed; hang_after_accept: it is answered too late."""
    await stage.control.fault("drop_answer")
    assert await outcome(stage) == ("RemoteProtocolError", 1)
    await stage.control.fault("hang_after_accept", seconds=0.4)
    stage.session._client.timeout = httpx2.Timeout(5, read=0.15)
    assert await outcome(stage) == ("ReadTimeout", 2)


@point(OURS, NEVER | EARLY)
async def an_error_can_come_before_an_order_is_taken_and_after(stage: Stage) -> None:
    """error_before, error_after, html_next: the client can't tell which it was; only the book can."""
    for kind, more, taken in (
        ("error_before", {"status": 500}, 0),
        ("error_after", {"status": 503}, 1),
        ("html_next", {"on": "place", "after": False}, 1),
        ("html_next", {"on": "place", "after": True, "status": 502}, 2),
    ):
        await stage.control.fault(kind, **more)
        assert await outcome(stage) == ("TastytradeError", taken), kind
    assert await outcome(stage) == ("nothing", 3)  # each was armed for once


@point(OURS, NEVER)
async def a_request_can_be_late_unauthorized_or_one_too_many(stage: Stage) -> None:
    """latency waits first; unauthorized_next and rate_limited refuse, and a storm refuses for as long as it lasts."""
    loop = asyncio.get_running_loop()
    await stage.control.fault("latency", on="place", seconds=0.05)
    began = loop.time()
    assert await outcome(stage) == ("nothing", 1)
    assert loop.time() - began >= 0.05
    for kind in ("unauthorized_next", "rate_limited"):
        await stage.control.fault(kind, on="place")
        assert await outcome(stage) == ("TastytradeError", 1)
    await stage.control.fault("rate_limited", on="read", seconds=30)
    statuses = [(await stage.ask("GET", f"{stage.orders_path}/live")).status_code for _ in range(3)]
    assert statuses == [429, 429, 429]
    await stage.control.clear_faults()
    assert (await stage.ask("GET", f"{stage.orders_path}/live")).status_code == 200


@point(OURS, NEVER | {"it is told of": instead(Book, "is_concealed", lambda *_: False)})
async def an_accepted_order_can_be_invisible_for_a_while(stage: Stage) -> None:
    """stale_lookup: it is in no answer, list or message, and trades all the same."""
    await stage.control.fault("stale_lookup", seconds=60)
    async with stage.listening() as wire:
        hidden = (await stage.place(stage.ticket.buy(1, "1.10"))).id
        await stage.settled(hidden, "Filled")
        assert await stage.account.get_live_orders(stage.session) == []
        with pytest.raises(TastytradeError, match="record_not_found"):
            await stage.account.get_order(stage.session, hidden)
        seen = (await stage.place(stage.ticket.buy(1, "1.05"))).id
        assert {order["id"] for order in await wire.orders_until("Live")} == {seen}


@point(OURS, NEVER | {"the record is whole": instead(garbled, "garbled", lambda text, *_: text)})
async def one_orders_record_can_be_unreadable_and_fails_the_whole_list(stage: Stage) -> None:
    """unparseable_record, in five shapes: the SDK reads none of them, and so none of the orders beside it."""
    for shape in ("unknown_status", "no_updated_at", "integer_user_id", "partial_order_rule", "broken_json"):
        order_id = await stage.resting(1, "1.00", shape)
        await stage.control.fault("unparseable_record", shape=shape, identifier=shape)
        with pytest.raises((ValidationError, ValueError)):
            await stage.account.get_live_orders(stage.session)
        await stage.control.clear_faults()
        assert order_id in {order.id for order in await stage.account.get_live_orders(stage.session)}


@point(OURS, {"they are still good": instead(Tokens, "revoke_access", nothing)})
async def tokens_can_be_revoked_in_the_middle_of_a_session(stage: Stage) -> None:
    """revoke_tokens: every access token so far is refused; a refresh helps."""
    await stage.control.fault("revoke_tokens")
    assert await outcome(stage) == ("TastytradeError", 0)
    await stage.session.refresh(force=True)
    assert await outcome(stage) == ("nothing", 1)


@point(
    OURS,
    {
        "it is forgotten": instead(Fault, "is_unused", False),
        "it hits whatever comes": instead(Fault, "suits", lambda fault, *_: not fault.is_spent),
    },
)
async def a_fault_that_hit_nothing_fails_the_test_that_armed_it(stage: Stage) -> None:
    """Each is counted; `require_faults_used` names those that were armed for nothing."""
    await stage.control.fault("error_before", side="sell")
    assert await outcome(stage) == ("nothing", 1)
    with pytest.raises(AssertionError, match="armed and never fired"):
        await stage.control.require_faults_used()
    await stage.held(1)
    with pytest.raises(TastytradeError):
        await stage.place(stage.ticket.sell(1, "1.05"))
    await stage.control.require_faults_used()
