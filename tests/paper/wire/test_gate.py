"""What requests meet on their way in and out: storms, delays, revoked tokens, and records that can't be read."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from tastytrade import Account, Session
from tastytrade.order import OTOOrder
from tastytrade.utils import TastytradeError

from paper.control.client import Control
from paper.server import serve
from paper.settings import PaperSettings

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
EMPTY = r"^Couldn't parse response: $"
UNREADABLE = (ValidationError, json.JSONDecodeError)


@pytest.fixture(autouse=True)
async def quoted(control: Control, ticket: Any) -> None:
    await control.quote(ticket.option.symbol, "1.00", "1.10", 50, 50)


async def place(account: Account, session: Session, order: Any) -> int:
    return (await account.place_order(session, order, dry_run=False)).order.id


async def test_a_storm_refuses_so_many_requests_with_an_empty_answer_and_carries_none_out(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.fault("rate_limited", on="place", times=2)
    for _ in range(2):
        with pytest.raises(TastytradeError, match=EMPTY):
            await place(account, session, ticket.buy(1, "1.05"))
    await place(account, session, ticket.buy(1, "1.05"))
    assert len((await control.book())["orders"]) == 1
    assert [r["status"] for r in (await control.requests())["recent"][-3:]] == [429, 429, 201]


async def test_a_storm_of_seconds_refuses_everything_until_it_is_over(
    account: Account, session: Session, control: Control
) -> None:
    await control.fault("rate_limited", on="read", seconds=60)
    for _ in range(3):
        with pytest.raises(TastytradeError, match=EMPTY):
            await account.get_balances(session)
    await control.clear_faults()
    await account.get_balances(session)


async def test_a_refusal_for_coming_too_fast_names_no_time_to_come_again(session: Session, control: Control) -> None:
    await session.refresh()
    await control.fault("rate_limited", on="read")
    answer = await session._client.get("/customers/me/accounts")
    assert (answer.status_code, answer.content) == (429, b"")
    assert not [name for name in answer.headers if "retry" in name.lower() or "limit" in name.lower()]


async def test_latency_comes_before_the_order_is_taken(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await session.refresh()
    await control.fault("latency", on="place", seconds=60)
    session._client.timeout = httpx2.Timeout(0.2)
    with pytest.raises(httpx2.ReadTimeout):
        await place(account, session, ticket.buy(1, "1.05"))
    assert (await control.book())["orders"] == []


async def test_a_revoked_token_is_refused_until_the_client_gets_another(
    account: Account, session: Session, control: Control
) -> None:
    await account.get_balances(session)
    await control.fault("revoke_tokens")
    for _ in range(2):
        with pytest.raises(TastytradeError, match="token_invalid"):
            await account.get_balances(session)
    assert [fault["fired"] for fault in await control.faults()] == [2]
    await session.refresh(force=True)
    await account.get_balances(session)


async def test_revoking_what_nobody_uses_hits_nobody(session: Session, control: Control) -> None:
    await control.fault("revoke_tokens", may_be_unused=True)
    await session.refresh(force=True)
    await Account.get(session)
    assert [fault["fired"] for fault in await control.faults()] == [0]


async def test_a_revoked_token_stays_revoked_when_the_exchange_starts_again(tmp_path: Any, new_session: Any) -> None:
    settings = PaperSettings(db=tmp_path / "paper.db").hurried()
    running = await serve(settings)
    sdk = new_session(running.url)
    await sdk.refresh()
    async with Control(running.url) as control:
        await control.fault("revoke_tokens")
    await running.close()
    again = await serve(settings.model_copy(update={"port": running.port}))
    assert (await sdk._client.get("/customers/me/accounts")).status_code == 401
    await sdk.refresh(force=True)
    assert (await sdk._client.get("/customers/me/accounts")).status_code == 200
    await sdk._client.aclose()
    await again.close()


@pytest.mark.parametrize(
    "shape", ["unknown_status", "no_updated_at", "integer_user_id", "partial_order_rule", "broken_json"]
)
async def test_one_unreadable_record_spoils_the_whole_list_and_no_other_order(
    account: Account, session: Session, control: Control, ticket: Any, shape: str
) -> None:
    spoilt = await place(account, session, ticket.buy(1, "1.05", "al-1"))
    sound = await place(account, session, ticket.buy(1, "1.05", "al-2"))
    await control.fault("unparseable_record", shape=shape, identifier="al-1", times=2)
    with pytest.raises(UNREADABLE):
        await account.get_live_orders(session)
    assert (await account.get_order(session, sound)).id == sound
    with pytest.raises(UNREADABLE):
        await account.get_order(session, spoilt)
    assert (await account.get_order(session, spoilt)).id == spoilt  # armed for twice


async def test_an_unreadable_answer_to_an_order_that_was_taken(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.fault("unparseable_record", on="place")
    with pytest.raises(ValidationError):
        await place(account, session, ticket.buy(1, "1.05", "al-1"))
    assert [order["external-identifier"] for order in (await control.book())["orders"]] == ["al-1"]


async def test_a_hidden_order_is_in_no_answer_and_can_not_be_cancelled_yet(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.fault("stale_lookup", seconds=60)
    hidden = await place(account, session, ticket.buy(1, "1.05"))
    assert await account.get_live_orders(session) == []
    assert await account.get_order_history(session) == []
    with pytest.raises(TastytradeError, match="record_not_found"):
        await account.get_order(session, hidden)
    with pytest.raises(TastytradeError, match="record_not_found"):
        await account.delete_order(session, hidden)
    with pytest.raises(TastytradeError, match="record_not_found"):
        await account.replace_order(session, hidden, ticket.buy(1, "1.06"))
    (order,) = (await control.book())["orders"]
    assert order["status"] not in ("Cancel Requested", "Cancelled")


async def test_a_fault_may_wait_for_the_trigger_of_a_complex_order(
    account: Account, session: Session, control: Control, ticket: Any
) -> None:
    await control.fault("error_before", on="place", identifier="al-2")
    for identifier in ("al-1", "al-2"):
        order = OTOOrder(trigger_order=ticket.buy(1, "1.05", identifier), orders=[ticket.sell(1, "2.20")])
        if identifier == "al-1":
            await account.place_complex_order(session, order, dry_run=False)
        else:
            with pytest.raises(TastytradeError, match="internal_server_error"):
                await account.place_complex_order(session, order, dry_run=False)
    assert [order["external-identifier"] for order in (await control.book())["orders"]] == ["al-1", "t-x"]


async def test_a_request_takes_its_round_trip(new_session: Callable[[str], Session]) -> None:
    running = await serve(PaperSettings(round_trip_seconds=0.1).hurried())
    session, clock = new_session(running.url), asyncio.get_running_loop().time
    began = clock()
    await session.refresh(force=True)
    assert clock() - began >= 0.1
    await session._client.aclose()
    await running.close()
