"""Who may do what: every route that the application has, tried with no key, a wrong one, a viewer's, an operator's."""

import logging
import re
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from api.app import create_app
from api.gate import OPEN
from api.keys import Keys
from api.rate import Buckets
from tests.api.conftest import KEYS, OPERATOR, VIEWER, Parts, code_of, knocking, posted

TRADE = "alert-2-1"
# Every route, a path and a body that it takes, and what a viewer and an operator are answered there.
TABLE: dict[tuple[str, str], tuple[str, dict[str, object] | None, int, int]] = {
    ("GET", "/healthz"): ("/healthz", None, 200, 200),
    ("GET", "/readyz"): ("/readyz", None, 200, 200),
    ("POST", "/v1/alerts"): ("/v1/alerts", posted(), 403, 202),
    ("GET", "/v1/trades"): ("/v1/trades", None, 200, 200),
    ("GET", "/v1/trades/{workflow_id}"): (f"/v1/trades/{TRADE}", None, 404, 404),
    ("POST", "/v1/trades/{workflow_id}/cancel"): (f"/v1/trades/{TRADE}/cancel", None, 403, 404),
    ("POST", "/v1/trades/{workflow_id}/close"): (f"/v1/trades/{TRADE}/close", None, 403, 404),
    ("GET", "/v1/desk"): ("/v1/desk", None, 200, 200),
    ("POST", "/v1/desk/halt"): ("/v1/desk/halt", {"reason": "news"}, 403, 200),
    ("POST", "/v1/desk/reduce-only"): ("/v1/desk/reduce-only", {"reason": "late"}, 403, 200),
    ("POST", "/v1/desk/resume"): ("/v1/desk/resume", None, 403, 200),
    ("GET", "/v1/troubles"): ("/v1/troubles", None, 200, 200),
    ("GET", "/v1/allowlist"): ("/v1/allowlist", None, 200, 200),
    ("PUT", "/v1/allowlist/{kind}/{discord_id}"): ("/v1/allowlist/users/5", None, 403, 200),
    ("DELETE", "/v1/allowlist/{kind}/{discord_id}"): ("/v1/allowlist/users/5", None, 403, 200),
    ("GET", "/v1/limits"): ("/v1/limits", None, 200, 200),
    ("PUT", "/v1/limits/{name}"): ("/v1/limits/limits.max_open_trades", {"value": 3}, 403, 200),
    ("GET", "/v1/factors"): ("/v1/factors", None, 200, 200),
    ("PUT", "/v1/factors/{channel_id}"): ("/v1/factors/7", {"factor": "0.5"}, 403, 200),
    ("DELETE", "/v1/factors/{channel_id}"): ("/v1/factors/7", None, 403, 200),
    ("POST", "/v1/reconciliations"): ("/v1/reconciliations", None, 403, 202),
    ("GET", "/v1/reconciliations/{workflow_id}"): ("/v1/reconciliations/x", None, 404, 404),
    ("GET", "/v1/audit"): ("/v1/audit", None, 200, 200),
    ("GET", "/openapi.json"): ("/openapi.json", None, 200, 200),
}


def routes() -> set[tuple[str, str]]:
    """All that the application answers, by its own account."""
    app = create_app(KEYS, Buckets(1, 1))
    described = {(method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods}
    return described | {("GET", str(app.openapi_url))}


def test_every_route_has_its_row() -> None:
    assert routes() == set(TABLE)


@pytest.mark.parametrize("route", sorted(TABLE), ids=" ".join)
async def test_a_route_answers_each_caller_as_its_row_says(parts: Parts, route: tuple[str, str]) -> None:
    path, body, viewer, operator = TABLE[route]
    expected = {None: 401, "nobody's key, of a good length": 401, VIEWER: viewer, OPERATOR: operator}
    for key, status in expected.items():
        async with knocking(parts.app(), key) as client:
            answer = await client.request(route[0], path, json=body)
        assert answer.status_code == (operator if path in OPEN else status), (key, answer.text)


async def test_what_a_viewer_may_not_do_is_not_done(parts: Parts) -> None:
    async with knocking(parts.app(), VIEWER) as client:
        await client.post("/v1/desk/halt", json={"reason": "news"})
        await client.post("/v1/alerts", json=posted())
    assert parts.desk.kept.standing.admits
    assert (parts.trades.requests, parts.desk.did) == ({}, [])


async def test_a_key_is_taken_from_either_header(parts: Parts) -> None:
    async with knocking(parts.app(), None) as client:
        for headers in ({"X-API-Key": VIEWER}, {"Authorization": f"bearer {VIEWER}"}):
            assert (await client.get("/v1/desk", headers=headers)).status_code == 200
        for headers in ({"Authorization": f"Basic {VIEWER}"}, {"Authorization": VIEWER}, {"X-API-Key": ""}):
            answer = await client.get("/v1/desk", headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_where_there_is_nothing_a_stranger_hears_of_keys_only(parts: Parts) -> None:
    async with knocking(parts.app(), None) as client:
        assert code_of(await client.get("/v1/nothing")) == "no_key"


async def test_without_any_key_nobody_comes_in_and_the_answer_says_why(parts: Parts) -> None:
    async with knocking(parts.app(Keys({}, {}))) as client:
        assert (await client.get("/healthz")).json() == {"alive": True}
        assert "keys" in (await client.get("/readyz")).json()["error"]["message"]
        answer = await client.get("/v1/desk")
    assert (answer.status_code, code_of(answer)) == (503, "no_keys")
    assert "ALERTLADDER_API__OPERATOR_KEYS" in answer.text


async def test_no_key_is_in_an_answer_or_in_the_log(
    parts: Parts, client: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="api")
    parts.desk.broken = ZeroDivisionError("a bug")
    texts = [(await client.get(f"/v1/desk?key={OPERATOR}")).text]
    texts.append((await client.get("/v1/desk", headers={"Authorization": f"Bearer {OPERATOR}x"})).text)
    texts.append((await client.post("/v1/desk/halt", json={"reason": OPERATOR * 10})).text)
    assert "a request failed" in caplog.text
    assert OPERATOR not in "".join(texts) + caplog.text


def test_a_key_s_holder_is_found_by_the_whole_key_only() -> None:
    keys = Keys({"alice": SecretStr(OPERATOR)}, {})
    assert keys.holder(OPERATOR) is not None
    for other in (OPERATOR[:-1], OPERATOR + " ", OPERATOR.upper(), "", "\udcff"):
        assert keys.holder(other) is None


def test_the_page_about_it_lists_every_route_with_the_key_it_takes() -> None:
    page = (Path(__file__).parents[2] / "docs" / "http-api.md").read_text("utf-8")
    listed = re.findall(r"^\| `([A-Z]+)` \| `(\S+)` \| (\w+) \|$", page, flags=re.MULTILINE)
    assert {(method, path) for method, path, _ in listed} == routes()
    for method, path, key in listed:
        needed = "none" if path in OPEN else "operator" if TABLE[method, path][2] == 403 else "viewer"
        assert key == needed, path
