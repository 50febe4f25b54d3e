"""What comes in at all, and what no answer lacks: sizes, rates, one shape for every refusal, and no trace of a bug."""

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import Message

from api.gate import LARGEST_BODY
from api.rate import Buckets
from tests.api.conftest import KEYS, OPERATOR, VIEWER, Clock, Parts, code_of, knocking, posted

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "status", "code"),
    [
        ("GET", "/v1/nothing", b"", {}, 404, "not_found"),
        ("GET", "/docs", b"", {}, 404, "not_found"),
        ("GET", "/v1/trades/", b"", {}, 404, "not_found"),
        ("DELETE", "/v1/desk", b"", {}, 405, "method_not_allowed"),
        ("OPTIONS", "/v1/desk", b"", {"Origin": "http://evil"}, 405, "method_not_allowed"),
        ("POST", "/v1/desk/halt", b"", {}, 422, "invalid"),
        ("POST", "/v1/desk/halt", b"{", JSON, 422, "invalid"),
        ("POST", "/v1/desk/halt", b"[" * 9000, JSON, 400, "bad_request"),
        ("POST", "/v1/desk/halt", b'{"reason": "\xff"}', JSON, 400, "bad_request"),
        ("POST", "/v1/desk/halt", b'{"reason": "\\ud800"}', JSON, 422, "invalid"),
        ("POST", "/v1/desk/halt", b'{"reason": ""}', JSON, 422, "invalid"),
        ("POST", "/v1/desk/halt", b'{"reason": "news", "until": 5}', JSON, 422, "invalid"),
        ("POST", "/v1/desk/halt", b'{"reason": "news"}', {"Content-Type": "text/plain"}, 415, "not_json"),
        ("POST", "/v1/desk/halt", b"reason=news", {"Content-Type": "application/x-www-form-urlencoded"}, 415, None),
        ("POST", "/v1/desk/halt", b" " * (LARGEST_BODY + 1), JSON, 413, "too_large"),
        ("GET", "/v1/trades?limit=0", b"", {}, 422, "invalid"),
        ("GET", "/v1/trades?limit=101", b"", {}, 422, "invalid"),
        ("GET", "/v1/trades?cursor=%F0%9F%90%88", b"", {}, 400, "bad_cursor"),
        ("GET", "/v1/trades?cursor=YWJj", b"", {}, 400, "bad_cursor"),
        ("GET", "/v1/trades/desk-5WX00042", b"", {}, 404, "no_such_trade"),
        ("GET", "/v1/audit?limit=501", b"", {}, 422, "invalid"),
        ("GET", "/v1/audit?before=0", b"", {}, 422, "invalid"),
        ("GET", "/v1/audit?kind=gossip", b"", {}, 422, "invalid"),
        ("PUT", "/v1/allowlist/friends/5", b"", {}, 422, "invalid"),
        ("PUT", "/v1/allowlist/users/0", b"", {}, 422, "invalid"),
        ("PUT", "/v1/allowlist/users/9223372036854775808", b"", {}, 422, "invalid"),
        ("PUT", "/v1/limits/allowlist.users", b'{"value": [1]}', JSON, 422, "not_changed"),
        ("PUT", "/v1/limits/limits.max_open_trades", b'{"value": 0}', JSON, 422, "not_changed"),
        ("PUT", "/v1/factors/7", b'{"factor": "NaN"}', JSON, 422, "invalid"),
        ("POST", "/v1/desk/resume", b'{"code": "0000"}', JSON, 200, None),
        ("GET", "/v1/reconciliations/desk-5WX00042", b"", {}, 404, "no_such_reconciliation"),
    ],
)
async def test_what_is_wrong_is_refused_with_its_code(
    client: httpx2.AsyncClient,
    method: str,
    path: str,
    content: bytes,
    headers: dict[str, str],
    status: int,
    code: str | None,
) -> None:
    answer = await client.request(method, path, content=content, headers=headers)
    assert answer.status_code == status, answer.text
    if code is not None:
        assert code_of(answer) == code


async def test_every_answer_bears_the_security_headers_and_opens_no_other_origin(
    parts: Parts, client: httpx2.AsyncClient
) -> None:
    parts.desk.broken = ZeroDivisionError("a bug")
    for path in ("/healthz", "/v1/trades", "/v1/desk", "/v1/nothing"):
        answer = await client.get(path, headers={"Origin": "http://evil"})
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_a_bug_is_a_fixed_sentence_with_a_reference_to_the_log(
    parts: Parts, client: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    parts.desk.broken = ZeroDivisionError("the balance of 5WX00042")
    answer = await client.get("/v1/desk")
    assert (answer.status_code, code_of(answer)) == (500, "internal")
    reference = answer.json()["error"]["message"].rpartition(" ")[2].rstrip(".")
    assert reference in caplog.text
    assert "5WX00042" not in answer.text
    assert "Traceback" not in answer.text


async def test_a_body_that_never_says_its_length_is_still_bounded(parts: Parts) -> None:
    sent: list[Message] = []
    pieces = 0

    async def receive() -> Message:
        nonlocal pieces
        pieces += 1
        return {"type": "http.request", "body": b" " * 1024, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"x-api-key", OPERATOR.encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/v1/desk/halt", "headers": headers, "query_string": b""}
    app: FastAPI = parts.app()
    await app(scope, receive, send)
    assert sent[0]["status"] == 413
    assert pieces == LARGEST_BODY // 1024 + 1


async def test_a_request_that_is_cut_off_does_nothing(parts: Parts) -> None:
    pieces = iter([{"type": "http.request", "body": b'{"reason": "news"}', "more_body": True}])

    async def receive() -> Message:
        return next(pieces, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        """Nobody hears it."""

    headers = [(b"x-api-key", OPERATOR.encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/v1/desk/halt", "headers": headers, "query_string": b""}
    await parts.app()(scope, receive, send)
    assert parts.desk.kept.standing.admits


async def test_each_key_has_a_rate_of_its_own(parts: Parts) -> None:
    app = parts.app(burst=3)
    async with knocking(app) as alice, knocking(app, VIEWER) as bob:
        assert [(await alice.get("/v1/desk")).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = await alice.get("/v1/desk")
        assert (code_of(refused), refused.headers["retry-after"]) == ("too_many", "1")
        assert (await bob.get("/v1/desk")).status_code == 200
        parts.clock.now += 1.0
        assert [(await alice.get("/v1/desk")).status_code for _ in range(2)] == [200, 429]


async def test_who_guesses_keys_is_slowed_down_and_the_holders_are_not(parts: Parts) -> None:
    app = parts.app(burst=3)
    async with knocking(app, "a guess of a good length, no more") as stranger, knocking(app) as alice:
        assert [(await stranger.get("/v1/desk")).status_code for _ in range(4)] == [401, 401, 401, 429]
        assert (await alice.get("/v1/desk")).status_code == 200


def test_buckets_are_bounded_and_the_one_that_asked_last_is_kept() -> None:
    buckets = Buckets(1, 1, Clock())
    assert buckets.take("busy") == 0.0
    for stranger in range(10_000):
        buckets.take(f"address {stranger}")
        assert buckets.take("busy") > 0
    assert len(buckets._buckets) <= 4097


async def test_before_a_server_was_reached_it_lives_and_says_what_is_missing(parts: Parts) -> None:
    app = parts.app(KEYS)
    app.state.doors = None
    async with knocking(app) as client:
        assert (await client.get("/healthz")).status_code == 200
        assert "temporal" in (await client.get("/readyz")).text
        assert code_of(await client.post("/v1/alerts", json=posted())) == "no_temporal"
