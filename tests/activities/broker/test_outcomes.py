"""The table from answers and failures to what is known: a row for each thing that can come back."""

from decimal import Decimal
from typing import Any

import httpx2
import pytest

from activities.broker.outcomes import of_cancel, of_dry_run, of_failure, of_placement
from activities.broker.replies import Reply
from domain.orders import OrderStatus, Outcome

LEG = {"instrument-type": "Equity", "symbol": "AAPL", "action": "Buy to Open", "quantity": 1, "fills": []}
ORDER = {"id": 7, "status": "Routed", "order-type": "Limit", "price": "1.0", "legs": [LEG]}


def error(code: str, message: str = "", *details: dict[str, str]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **({"errors": list(details)} if details else {})}}


@pytest.mark.parametrize(
    "failure",
    [httpx2.ConnectError("refused"), httpx2.ConnectTimeout("slow"), httpx2.PoolTimeout("full")],
    ids=lambda failure: type(failure).__name__,
)
def test_what_never_left_this_machine_is_refused(failure: httpx2.HTTPError) -> None:
    assert of_failure(failure).outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "failure",
    [
        httpx2.ReadTimeout("slow"),
        httpx2.WriteTimeout("slow"),
        httpx2.ReadError("reset"),
        httpx2.WriteError("reset"),
        httpx2.CloseError("reset"),
        httpx2.RemoteProtocolError("closed"),
        httpx2.LocalProtocolError("odd"),
        httpx2.DecodingError("cut"),
        httpx2.TooManyRedirects("round"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_what_may_have_arrived_is_unknown(failure: httpx2.HTTPError) -> None:
    assert of_failure(failure).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 422])
def test_the_brokers_own_4xx_is_refused(status: int) -> None:
    assert of_placement(Reply(status, error("no", "because"))).outcome is Outcome.REFUSED


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_4xx_that_is_not_the_brokers_own_is_unknown(status: int) -> None:
    assert of_placement(Reply(status, None)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("status", [100, 301, 302, 408, 429, 500, 502, 503, 504])
def test_every_other_failure_is_unknown_even_with_an_error_of_the_brokers(status: int) -> None:
    assert of_placement(Reply(status, error("no", "because"))).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"data": {}},
        {"data": {"order": {}}},
        {"data": {"order": {**ORDER, "legs": []}}},
        {"data": {"order": {key: value for key, value in ORDER.items() if key != "id"}}},
        {"data": {"order": "soon"}},
        {"data": []},
    ],
    ids=["not-json", "empty", "no-order", "empty-order", "no-legs", "no-id", "text", "list"],
)
def test_a_success_that_cannot_be_read_is_unknown(body: Any) -> None:
    assert of_placement(Reply(201, body)).outcome is Outcome.UNKNOWN


def test_a_success_carries_the_record_the_warnings_and_the_buying_power() -> None:
    body = {
        "data": {
            "order": ORDER,
            "buying-power-effect": {"change-in-buying-power": "101.12", "change-in-buying-power-effect": "Debit"},
            "warnings": [{"code": "tif_next_valid_sesssion", "message": "Your order will begin working later."}],
        }
    }

    answer = of_placement(Reply(201, body))

    assert answer.outcome is Outcome.ACCEPTED
    assert answer.order is not None
    assert (answer.order.order_id, answer.order.status) == (7, OrderStatus.ROUTED)
    assert answer.warnings == ("tif_next_valid_sesssion: Your order will begin working later.",)
    assert answer.buying_power_used == Decimal("101.12")


def test_a_sale_sets_buying_power_free() -> None:
    effect = {"change-in-buying-power": "98.88", "change-in-buying-power-effect": "Credit"}

    answer = of_placement(Reply(201, {"data": {"order": ORDER, "buying-power-effect": effect}}))

    assert answer.buying_power_used == Decimal("-98.88")


def test_a_replacements_record_is_the_answer_itself() -> None:
    answer = of_placement(Reply(200, {"data": ORDER}))

    assert answer.order is not None
    assert answer.order.order_id == 7


def test_a_refusal_names_the_most_telling_code_and_every_sentence() -> None:
    details = ({"code": "margin_check_failed", "message": "Not enough."}, {"code": "closing_only", "message": "No."})

    answer = of_placement(Reply(422, error("preflight_check_failure", "Preflight failed", *details)))

    assert (answer.code, answer.message) == ("margin_check_failed", "Not enough.; No.")


def test_a_refused_field_is_named() -> None:
    answer = of_placement(Reply(400, error("validation_error", "", {"domain": "legs", "reason": "is missing"})))

    assert (answer.code, answer.message) == ("legs", "is missing")


def test_a_checked_order_has_no_id() -> None:
    answer = of_dry_run(Reply(201, {"data": {"order": ORDER}}))

    assert answer.outcome is Outcome.ACCEPTED
    assert answer.order is not None
    assert answer.order.order_id == 0


def test_a_check_that_succeeds_with_errors_is_refused() -> None:
    body = {"data": {"order": ORDER, "errors": [{"code": "cant_buy_for_credit", "message": "You cannot."}]}}

    answer = of_dry_run(Reply(201, body))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "cant_buy_for_credit")


def test_a_cancel_is_accepted_with_the_record_or_without() -> None:
    assert of_cancel(Reply(200, {"data": {**ORDER, "status": "Cancel Requested"}})).order is not None
    assert of_cancel(Reply(204, None)).outcome is Outcome.ACCEPTED


def test_a_cancel_that_comes_too_late_keeps_the_brokers_code() -> None:
    answer = of_cancel(Reply(422, error("cannot_update_order", "the order could not be cancelled")))

    assert (answer.outcome, answer.code) == (Outcome.REFUSED, "cannot_update_order")
