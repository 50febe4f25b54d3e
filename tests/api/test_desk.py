"""The desk over HTTP: halts and resumes, the policy, trades and their end, the audit page by page, and readiness."""

from datetime import UTC, datetime
from decimal import Decimal

import httpx2
import pytest

from activities.kill_mark import Kill
from domain.closing import Urgency
from domain.errors import RetryableError
from domain.trouble import Trouble, TroubleKind
from tests.api.conftest import ALERT, Parts, code_of, posted
from tests.fakes.doors import CODE
from workflows.desk_door import NoDesk


async def test_a_halt_is_lifted_in_two_steps_and_the_kill_s_mark_with_it(
    parts: Parts, client: httpx2.AsyncClient
) -> None:
    parts.mark.leave(Kill(by="alice", at=datetime.now(UTC)))
    halted = await client.post("/v1/desk/halt", json={"reason": "news"})
    assert halted.json()["standing"]["by"]["name"] == "alice"
    first = (await client.post("/v1/desk/resume")).json()
    assert (first["resumed"], first["code"]) == (False, CODE)
    wrong = await client.post("/v1/desk/resume", json={"code": "0000"})
    assert (wrong.status_code, code_of(wrong)) == (409, "not_resumed")
    assert parts.mark.read() is not None
    await client.post("/v1/desk/resume", json={})
    assert (await client.post("/v1/desk/resume", json={"code": CODE})).json()["resumed"] is True
    assert parts.mark.read() is None
    assert (await client.get("/v1/desk")).json()["standing"]["trading"] == "active"


async def test_reducing_is_lifted_in_one_step(client: httpx2.AsyncClient) -> None:
    await client.post("/v1/desk/reduce-only", json={"reason": "late"})
    assert (await client.get("/v1/desk")).json()["standing"]["trading"] == "reducing"
    assert (await client.post("/v1/desk/resume")).json()["resumed"] is True


async def test_the_allowlist_is_changed_and_shown_as_strings(client: httpx2.AsyncClient) -> None:
    await client.put("/v1/allowlist/roles/9007199254740993")
    await client.put("/v1/allowlist/roles/5")
    changed = (await client.delete("/v1/allowlist/roles/5")).json()
    assert (changed["before"], changed["after"]) == ("5, 9007199254740993", "9007199254740993")
    assert (await client.get("/v1/allowlist")).json()["allowlist"]["roles"] == ["9007199254740993"]


async def test_a_limit_and_a_factor_are_set_and_shown(client: httpx2.AsyncClient) -> None:
    changed = (await client.put("/v1/limits/limits.max_open_trades", json={"value": 3})).json()
    assert (changed["before"], changed["after"]) == ("20", "3")
    assert (await client.get("/v1/limits")).json()["limits"]["limits.max_open_trades"] == 3
    await client.put("/v1/factors/7", json={"factor": "0.5"})
    assert (await client.get("/v1/factors")).json() == {"factors": {"7": "0.5"}}
    await client.delete("/v1/factors/7")
    assert (await client.get("/v1/factors")).json() == {"factors": {}}


async def test_a_trouble_comes_with_its_advice(parts: Parts, client: httpx2.AsyncClient) -> None:
    for number in range(3):
        trouble = Trouble(kind=TroubleKind.ORPHAN, key=str(number), detail="", at=datetime.now(UTC))
        parts.desk.kept.hear_trouble(trouble)
    told = (await client.get("/v1/troubles?limit=2")).json()["troubles"]
    assert [one["trouble"]["key"] for one in told] == ["2", "1"]
    assert told[0]["advice"] == TroubleKind.ORPHAN.advice


async def test_trades_are_listed_page_by_page_without_a_gap(parts: Parts, client: httpx2.AsyncClient) -> None:
    for strike in range(70, 75):
        await client.post("/v1/alerts", json=posted(ALERT.replace("78", str(strike))))
    seen: list[str] = []
    address = "/v1/trades?limit=2"
    while True:
        page = (await client.get(address)).json()
        seen += [trade["workflow_id"] for trade in page["trades"]]
        if page["next_cursor"] is None:
            break
        address = f"/v1/trades?limit=2&cursor={page['next_cursor']}"
    assert seen == list(reversed(parts.trades.requests))
    view = (await client.get(f"/v1/trades/{seen[0]}")).json()
    assert (view["alert"]["strike"], view["state"]) == ("74", "working")


async def test_a_cancel_is_asked_for_and_written_down(parts: Parts, client: httpx2.AsyncClient) -> None:
    workflow_id = (await client.post("/v1/alerts", json=posted())).json()["trades"][0]["workflow_id"]
    answer = await client.post(f"/v1/trades/{workflow_id}/cancel", json={"reason": "changed my mind"})
    assert answer.status_code == 202
    assert parts.trades.cancelled == {workflow_id: "changed my mind, by alice (api)"}
    assert (parts.desk.did[-1].what, parts.desk.did[-1].workflow_id) == ("cancel", workflow_id)
    parts.trades.over.add(workflow_id)
    over = await client.post(f"/v1/trades/{workflow_id}/cancel")
    assert (over.status_code, code_of(over)) == (409, "trade_over")


@pytest.mark.parametrize(
    ("asked", "sells"),
    [
        (None, (None, None, None, Urgency.NOW)),
        ({"fraction": "0.5"}, (Decimal("0.5"), None, None, Urgency.NOW)),
        ({"quantity": 2, "ladder": True}, (None, 2, None, Urgency.LADDER)),
        ({"ladder": True, "limit": "1.20"}, (None, None, Decimal("1.20"), Urgency.LADDER)),
    ],
)
async def test_a_close_is_asked_for_and_written_down(
    parts: Parts, client: httpx2.AsyncClient, asked: dict[str, object] | None, sells: tuple[object, ...]
) -> None:
    workflow_id = (await client.post("/v1/alerts", json=posted())).json()["trades"][0]["workflow_id"]
    answer = await client.post(f"/v1/trades/{workflow_id}/close", json=asked)
    assert (answer.status_code, answer.json()) == (202, {"workflow_id": workflow_id, "request_id": "close-1"})
    assert parts.trades.closes == [(workflow_id, "alice (api)", *sells)]
    assert (parts.desk.did[-1].what, parts.desk.did[-1].workflow_id) == ("close", workflow_id)


@pytest.mark.parametrize(
    "asked",
    [
        {"fraction": 0},
        {"fraction": 1.5},
        {"fraction": 0.5, "quantity": 1},
        {"quantity": 0},
        {"limit": 1},
        {"ladder": True, "limit": -1},
        {"request_id": "x"},
    ],
)
async def test_a_close_that_says_two_things_or_none_is_refused(
    parts: Parts, client: httpx2.AsyncClient, asked: dict[str, object]
) -> None:
    workflow_id = (await client.post("/v1/alerts", json=posted())).json()["trades"][0]["workflow_id"]
    answer = await client.post(f"/v1/trades/{workflow_id}/close", json=asked)
    assert (answer.status_code, code_of(answer), parts.trades.closes) == (422, "invalid", [])


async def test_nothing_is_sold_of_a_trade_that_is_over(parts: Parts, client: httpx2.AsyncClient) -> None:
    workflow_id = (await client.post("/v1/alerts", json=posted())).json()["trades"][0]["workflow_id"]
    parts.trades.over.add(workflow_id)
    answer = await client.post(f"/v1/trades/{workflow_id}/close")
    assert (answer.status_code, code_of(answer)) == (409, "trade_over")


async def test_a_desk_that_is_gone_does_not_stand_in_a_cancel_s_way(parts: Parts, client: httpx2.AsyncClient) -> None:
    workflow_id = (await client.post("/v1/alerts", json=posted())).json()["trades"][0]["workflow_id"]
    parts.desk.broken = NoDesk("nobody")
    assert (await client.post(f"/v1/trades/{workflow_id}/cancel")).status_code == 202
    assert workflow_id in parts.trades.cancelled


async def test_a_reconciliation_is_started_written_down_and_reported(parts: Parts, client: httpx2.AsyncClient) -> None:
    workflow_id = (await client.post("/v1/reconciliations")).json()["workflow_id"]
    assert [did.what for did in parts.desk.did] == ["reconcile"]
    done = (await client.get(f"/v1/reconciliations/{workflow_id}")).json()
    assert (done["state"], done["report"]["troubles"]) == ("done", [])


async def test_the_audit_is_paged_by_its_cursor(client: httpx2.AsyncClient) -> None:
    first = (await client.get("/v1/audit?limit=4")).json()
    rest = (await client.get(f"/v1/audit?limit=4&before={first['next_seq']}")).json()
    assert [row["seq"] for row in first["rows"] + rest["rows"]] == [7, 6, 5, 4, 3, 2, 1]
    assert rest["next_seq"] is None


@pytest.mark.parametrize("part", ["temporal", "desk", "audit", "watch"])
async def test_readiness_names_the_part_that_is_missing(parts: Parts, client: httpx2.AsyncClient, part: str) -> None:
    if part == "temporal":
        parts.account.is_reached = False
    elif part == "desk":
        parts.desk.broken = NoDesk("nobody")
    elif part == "audit":
        parts.audit.broken = RetryableError("the audit worker did not answer in time")
    else:
        parts.account.is_seen = False
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["error"]["message"]) == (503, f"Missing: {part}.")


async def test_readiness_is_not_asked_of_the_parts_for_every_caller(parts: Parts, client: httpx2.AsyncClient) -> None:
    assert (await client.get("/readyz")).json() == {"ready": True}
    parts.account.is_seen = False
    assert (await client.get("/readyz")).status_code == 200  # within a second it is the same answer
