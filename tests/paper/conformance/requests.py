"""Every request: tokens, envelopes, pages, errors, and the limits on how many there may be."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp import web
from tastytrade import Account
from tastytrade.utils import TastytradeError

from paper.refusals import ApiError
from paper.wire import gate, order_json
from paper.wire.order_json import dumps
from paper.wire.tokens import Standing, Tokens
from tests.paper.conformance.point import Source, around, instead, point
from tests.paper.conformance.stage import Stage, body

ACCOUNTS = "/customers/me/accounts"


def _never_over(patch: pytest.MonkeyPatch, _: Any) -> None:
    patch.setattr(Tokens, "standing", lambda *_: Standing.GOOD)


@point(
    Source.DOCUMENTED,
    {
        "any token will do": _never_over,
        "any scheme will do": instead(gate, "bearer", lambda header: header.rpartition(" ")[2]),
    },
)
async def a_request_without_a_good_token_is_401(stage: Stage) -> None:
    """None, a made up one and one that was revoked: `{"error": {"code", "message"}}` with the status 401."""
    good = f"Bearer {stage.session.session_token}"
    assert (await stage.ask("GET", ACCOUNTS, headers={"Authorization": good})).status_code == 200
    await stage.control.fault("revoke_tokens")
    await stage.session.refresh(force=True)
    fresh = str(stage.session.session_token)  # without the word Bearer it is no authorization
    for token in ("", "Bearer ffffffffffff.00.00.00", fresh, good):
        answer = await stage.ask("GET", ACCOUNTS, headers={"Authorization": token})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_invalid")
    await stage.control.fault("revoke_tokens")
    with pytest.raises(TastytradeError, match="token_invalid"):
        await Account.get(stage.session)  # the SDK doesn't refresh before its own reckoning says so
    await stage.session.refresh(force=True)
    await Account.get(stage.session)


@point(
    Source.DOCUMENTED,
    {
        "it lasts": _never_over,
        "the same one again": around(
            Tokens,
            "issue",
            lambda issue: lambda tokens, kind, life: tokens.__dict__.setdefault("_one", issue(tokens, kind, life)),
        ),
    },
    token_life=0.3,
)
async def a_token_ends_with_its_life_and_a_fresh_one_is_good(stage: Stage) -> None:
    """`expires_in` seconds after it was given; `/oauth/token` answers without an envelope."""
    given = (await stage.ask("POST", "/oauth/token", json=GRANT)).json()
    assert given.keys() == {"access_token", "token_type", "expires_in"}
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    deadline = asyncio.get_running_loop().time() + 0.3 + stage.patience
    status = 200
    while status == 200 and asyncio.get_running_loop().time() < deadline:
        status = (await stage.ask("GET", ACCOUNTS, headers=headers)).status_code
    assert status == 401
    await Account.get(stage.session)  # the SDK asked for a new one by itself


GRANT = {"grant_type": "refresh_token", "client_secret": "secret", "refresh_token": "refresh"}


def _enveloped(body: Any, status: int = 200, **_: Any) -> Any:
    return web.Response(text=dumps({"error": body}), status=status, content_type="application/json")


@point(Source.RECORDED, {"the usual shape": instead(web, "json_response", _enveloped)})
async def a_refused_grant_has_an_error_shape_of_its_own(stage: Stage) -> None:
    """`{"error_code", "error_description"}` with 400: the SDK can't parse it, and says so."""
    answer = await stage.ask("POST", "/oauth/token", json=GRANT | {"refresh_token": "bad"})
    assert (answer.status_code, answer.json().keys()) == (400, {"error_code", "error_description"})
    stage.session.refresh_token = "bad"
    with pytest.raises(TastytradeError, match="Couldn't parse response"):
        await stage.session.refresh(force=True)


@point(Source.DOCUMENTED, {"anybody may ask": instead(gate, "_PRODUCT", re.compile(""))})
async def a_user_agent_must_have_a_product_and_a_version(stage: Stage) -> None:
    """Without `<product>/<version>` a request is refused; the SDK's own is good."""
    answer = await stage.ask("GET", ACCOUNTS, headers={"User-Agent": "curl"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_user_agent")


@point(
    Source.DOCUMENTED,
    {
        "one sentence for all": around(
            ApiError, "body", lambda _: property(lambda error: {"error": {"message": error.message}})
        ),
        "404 for everything": around(
            ApiError, "__init__", lambda init: lambda error, _, *more: init(error, 404, *more)
        ),
    },
)
async def errors_have_a_code_a_message_and_what_is_wrong(stage: Stage) -> None:
    """400 `validation_error` with domain and reason, 403 `not_permitted`, 404 `record_not_found`."""
    order_id = await stage.resting()
    assert [row["id"] for row in (await stage.data(f"{stage.orders_path}/live"))["items"]] == [order_id]
    missing = await stage.ask("POST", stage.orders_path, json={"order-type": "Limit", "time-in-force": "Day"})
    assert (missing.status_code, missing.json()["error"]["code"]) == (400, "validation_error")
    assert missing.json()["error"]["errors"] == [{"domain": "legs", "reason": "is missing"}]
    for path, status, code in (
        ("/accounts/5WX99999/positions", 403, "not_permitted"),
        (f"{stage.orders_path}/1", 404, "record_not_found"),
        ("/instruments/equities/NOPE", 404, "record_not_found"),
    ):
        answer = await stage.ask("GET", path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert answer.json()["error"]["message"]
    with pytest.raises(TastytradeError, match="not_permitted"):
        await Account.get(stage.session, "5WX99999")


@point(
    Source.RECORDED,
    {
        "numbers": instead(order_json, "decimal_text", float),
        "no decimal": instead(order_json, "decimal_text", lambda number: format(number.normalize(), "f")),
        "signs": instead(order_json, "signed", lambda key, amount: {key: str(amount), f"{key}-effect": "None"}),
    },
)
async def amounts_are_strings_with_a_decimal_and_signs_are_effects(stage: Stage) -> None:
    """`"300.0"` and never 300 or -300: Credit, Debit or None stands beside it, and the SDK makes a sign of it."""
    written = body(stage.ticket.buy(3, "1.00"))
    data = (await stage.ask("POST", f"{stage.orders_path}/dry-run", content=written)).json()["data"]
    assert data["order"]["price"] == "1.0"
    assert data["fee-calculation"]["commission"] == "3.0"
    assert data["fee-calculation"]["commission-effect"] == "Debit"
    assert data["fee-calculation"]["proprietary-index-option-fees-effect"] == "None"
    assert data["buying-power-effect"]["change-in-buying-power"] == "303.36"
    assert data["buying-power-effect"]["change-in-buying-power-effect"] == "Debit"
