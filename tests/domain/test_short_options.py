"""Which options are sold first, how many, and what the desk counts of them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import Action, Alert, OptionType
from domain.command import SetLimit
from domain.desk import CallCover, Reservation, ReservationRequest, TradeReport
from domain.desk_book import DeskBook
from domain.policy import set_limit
from domain.refusals import Refusal, RefusalCode
from domain.settings import CallWriting, DeskLimits, DeskPolicy, ShortOptionSettings, SizingSettings
from domain.short_options import Room, covered_calls, kept_for_calls, size_short
from domain.terms import terms_for
from tests.domain.test_desk_book import ALLOWED, NOW, OPERATOR, UBER, ask, balance, code, later

D = Decimal
STO = UBER.model_copy(update={"action": Action.STO})
BTC = UBER.model_copy(update={"action": Action.BTC, "price": None})
STC = UBER.model_copy(update={"action": Action.STC, "price": None})
ON = ShortOptionSettings(enabled=True, max_contracts=5, max_assignment=D(40_000), max_assignment_total=D(60_000))
ASSIGNMENT = D(7800)
ALL = DeskLimits(actions=frozenset(Action))


def desk_with(shorts: ShortOptionSettings = ON, limits: DeskLimits = ALL, **areas: Any) -> DeskBook:
    """A desk that lets shorts in, and knows its balance."""
    desk = DeskBook(policy=DeskPolicy(allowlist=ALLOWED, limits=limits, short_options=shorts, **areas))
    desk.hear_account(balance(100_000), NOW)
    return desk


def sell(
    desk: DeskBook, alert: Alert = STO, at: datetime = NOW, cover: CallCover | None = None
) -> tuple[str, Reservation]:
    """Admit an alert, and ask for its size."""
    asked = ask(alert, posted_at=at)
    assert code(desk.admit(asked, at)) is None
    return asked.workflow_id, desk.reserve(cost_of(asked.workflow_id, cover))


def cost_of(workflow_id: str, cover: CallCover | None = None, assignment: Decimal = ASSIGNMENT) -> ReservationRequest:
    worst = assignment + D("1.12")
    return ReservationRequest(
        workflow_id=workflow_id,
        contract_symbol="UBER  261204P00078000",
        unit_cost=worst,
        worst_unit_cost=worst,
        assignment=assignment,
        cover=cover,
    )


def why(desk: DeskBook, alert: Alert) -> RefusalCode | None:
    return code(desk.admit(ask(alert), NOW))


def refused(reservation: Reservation) -> RefusalCode | None:
    assert reservation.refusal is not None
    return reservation.refusal.code


def test_by_default_nothing_is_sold_first_and_the_reason_says_so() -> None:
    desk = DeskBook(policy=DeskPolicy(allowlist=ALLOWED))
    assert why(desk, STO) is RefusalCode.SHORT_OPTIONS_OFF
    assert why(desk, BTC) is RefusalCode.SHORT_OPTIONS_OFF


def test_an_action_in_the_list_alone_sells_nothing_first() -> None:
    assert why(desk_with(ShortOptionSettings()), STO) is RefusalCode.SHORT_OPTIONS_OFF


def test_the_switch_alone_sells_nothing_first() -> None:
    assert why(desk_with(limits=DeskLimits()), STO) is RefusalCode.ACTION_NOT_TRADED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"strike": None, "option_type": None, "expiry": None}, RefusalCode.SHORT_NOT_AN_OPTION),
        ({"symbol": "/ES", "strike": None, "option_type": None, "expiry": None}, RefusalCode.SHORT_NOT_AN_OPTION),
        ({"symbol": "/ES"}, RefusalCode.SHORT_FUTURE_OPTION),
        ({"symbol": "SPX"}, RefusalCode.SHORT_INDEX_OPTION),
        ({"symbol": "SPXW"}, RefusalCode.SHORT_INDEX_OPTION),
        ({"symbol": "VIX"}, RefusalCode.SHORT_INDEX_OPTION),
        ({"option_type": OptionType.CALL}, RefusalCode.SHORT_CALLS_OFF),
    ],
    ids=["put on a share", "shares", "future", "option on a future", "index", "its weekly root", "another", "call"],
)
def test_only_single_options_on_shares_are_sold_first(changes: dict[str, Any], expected: RefusalCode | None) -> None:
    assert why(desk_with(), STO.model_copy(update=changes)) is expected


def test_calls_are_let_in_where_they_may_be_covered() -> None:
    assert why(desk_with(COVERED), STO.model_copy(update={"option_type": OptionType.CALL})) is None


def size_of(shorts: ShortOptionSettings = ON, quantity: int | None = None, **room: Any) -> int | RefusalCode:
    alert = STO.model_copy(update={"quantity": quantity})
    there = Room(**({"exposed": D(0), "free": D(100_000)} | room))
    answer = size_short(shorts, alert, cost_of("alert-1-2"), there)
    return answer.quantity if answer.refusal is None else answer.refusal.code


@pytest.mark.parametrize(
    ("limits", "quantity", "size"),
    [
        ({}, 2, 2),
        ({}, None, 5),
        ({"max_contracts": 3}, None, 3),
        ({"max_contracts": 3}, 10, 3),
        ({"max_assignment": D(7799)}, 1, RefusalCode.SHORT_TOO_LARGE),
        ({"max_assignment": D(7800)}, 9, 1),
        ({"max_assignment": D(15_600)}, 9, 2),
        ({"max_assignment_total": D(15_599)}, 9, 1),
        ({"max_assignment_total": D(7799)}, 9, RefusalCode.SHORT_TOTAL_REACHED),
    ],
)
def test_a_short_trade_is_as_large_as_its_smallest_limit(
    limits: dict[str, Any], quantity: int | None, size: int | RefusalCode
) -> None:
    assert size_of(ON.model_copy(update=limits), quantity) == size


def test_what_others_are_short_counts_and_so_does_what_is_free() -> None:
    assert size_of(exposed=D(60_000) - 2 * ASSIGNMENT) == 2
    assert size_of(exposed=D(60_000)) is RefusalCode.SHORT_TOTAL_REACHED
    assert size_of(free=D(7801)) is RefusalCode.NO_BUYING_POWER
    assert size_of(free=D("7801.12")) == 1


def test_a_channels_factor_makes_its_short_trades_smaller() -> None:
    assert size_of(factor=D("0.5")) == 2
    assert size_of(factor=D("0.1")) is RefusalCode.ZERO_QUANTITY


def test_the_premium_pays_for_nothing() -> None:
    """A size by premium would be a thousand times as large."""
    desk = desk_with(sizing=SizingSettings(allocation_percent=D(100), max_quantity=1000))
    _, answer = sell(desk)
    assert answer.quantity == 5
    assert desk.spoken_for == 5 * (ASSIGNMENT + D("1.12"))


def test_a_request_that_does_not_say_what_assignment_costs_is_refused() -> None:
    asked = cost_of("alert-1-2").model_copy(update={"assignment": None})
    assert size_short(ON, STO, asked, Room(D(0), D(100_000))).refusal is not None


COVERED = ON.model_copy(update={"calls": CallWriting.COVERED})
CALL = STO.model_copy(update={"option_type": OptionType.CALL})
THE_CALL = "UBER  261204P00078000"  # as cost_of names the contract


@pytest.mark.parametrize(("shares", "size"), [(None, 0), (0, 0), (99, 0), (100, 1), (199, 1), (950, 5), (-100, 0)])
def test_a_call_is_sold_only_as_far_as_free_shares_cover_it(shares: int | None, size: int) -> None:
    _, answer = sell(desk_with(COVERED), CALL, cover=None if shares is None else CallCover(shares=shares))
    assert answer.quantity == size
    assert size or refused(answer) is RefusalCode.SHORT_CALL_UNCOVERED


def test_calls_that_the_account_is_short_of_need_their_shares() -> None:
    cover = CallCover(shares=500, short_calls={"UBER  261204C00080000": 2, "UBER  261211C00090000": 1})
    assert sell(desk_with(COVERED), CALL, cover=cover)[1].quantity == 2


def test_one_share_covers_no_two_calls_that_arrive_together() -> None:
    desk = desk_with(COVERED)
    cover = CallCover(shares=300)
    one = CALL.model_copy(update={"quantity": 2})
    assert sell(desk, one, cover=cover)[1].quantity == 2
    other_strike = one.model_copy(update={"strike": D(80)})
    assert sell(desk, other_strike, later(1), cover)[1].quantity == 1
    assert refused(sell(desk, CALL.model_copy(update={"strike": D(81)}), later(2), cover)[1]) is (
        RefusalCode.SHORT_CALL_UNCOVERED
    )


def test_calls_that_are_sold_and_listed_count_once_and_those_that_are_not_listed_yet_count_too() -> None:
    desk = desk_with(COVERED)
    trade, _ = sell(desk, CALL.model_copy(update={"quantity": 2}), cover=CallCover(shares=400))
    desk.hear_trade(report(trade, 2))
    for listed in ({}, {THE_CALL: 1}, {THE_CALL: 2}):
        assert covered_calls(CallCover(shares=400, short_calls=listed), desk._calls_on("UBER")) == 2
    assert covered_calls(CallCover(shares=400, short_calls={THE_CALL: 3}), desk._calls_on("UBER")) == 1
    assert covered_calls(CallCover(shares=400), desk._calls_on("AMD")) == 4


def other(symbol: str) -> Alert:
    return STO.model_copy(update={"symbol": symbol})


def test_the_limit_over_all_holds_for_trades_that_are_still_being_sold() -> None:
    desk = desk_with(ON.model_copy(update={"max_contracts": 3, "max_assignment_total": 4 * ASSIGNMENT}))
    assert sell(desk)[1].quantity == 3
    assert sell(desk, other("AMD"), later(1))[1].quantity == 1
    assert refused(sell(desk, other("AAPL"), later(2))[1]) is RefusalCode.SHORT_TOTAL_REACHED


def report(workflow_id: str, short: int | None, over: bool = False) -> TradeReport:
    return TradeReport(workflow_id=workflow_id, reserved=D(0), over=over, at=later(90), short=short)


def test_what_was_not_sold_and_what_was_bought_back_make_room_for_others() -> None:
    desk = desk_with(ON.model_copy(update={"max_contracts": 4, "max_assignment_total": 4 * ASSIGNMENT}))
    trade, _ = sell(desk)
    assert desk.exposed == 4 * ASSIGNMENT
    desk.hear_trade(report(trade, 3))
    assert desk.exposed == 3 * ASSIGNMENT
    desk.hear_trade(report(trade, 1))
    assert desk.exposed == ASSIGNMENT
    assert sell(desk, other("AMD"), later(100))[1].quantity == 3
    desk.hear_trade(report(trade, 1, over=True))
    assert desk.exposed == 3 * ASSIGNMENT


def test_a_long_trade_is_no_exposure() -> None:
    desk = desk_with()
    asked = ask(UBER)
    desk.admit(asked, NOW)
    desk.reserve(
        ReservationRequest(workflow_id=asked.workflow_id, contract_symbol="X", unit_cost=D(76), worst_unit_cost=D(83))
    )
    desk.hear_trade(report(asked.workflow_id, None))
    assert desk.exposed == 0


def test_a_dry_run_of_a_short_stands_in_nobodys_way() -> None:
    desk = desk_with()
    asked = ask(STO)
    dry = asked.model_copy(update={"request": asked.request.model_copy(update={"dry_run": True})})
    desk.admit(dry, NOW)
    assert desk.reserve(cost_of(dry.workflow_id)).quantity == 5
    assert desk.exposed == 0


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 12), st.integers(1, 12))
def test_however_many_arrive_together_no_limit_is_passed(asked: list[int], each: int, all_: int) -> None:
    shorts = ON.model_copy(
        update={"max_contracts": 9, "max_assignment": each * ASSIGNMENT, "max_assignment_total": all_ * ASSIGNMENT}
    )
    desk = desk_with(shorts)
    sizes = [
        sell(desk, other(f"S{number}").model_copy(update={"quantity": quantity}), later(number / 10))[1].quantity
        for number, quantity in enumerate(asked[:5])
    ]
    assert max(sizes) <= each
    assert sum(sizes) <= all_
    assert desk.exposed == sum(sizes) * ASSIGNMENT


def test_stc_never_finds_a_short_trade_and_btc_never_a_long_one() -> None:
    desk = desk_with()
    short, _ = sell(desk)
    assert code(desk.admit(ask(STC, posted_at=later(20)), later(20))) is RefusalCode.NO_OPEN_TRADE
    assert desk.admit(ask(BTC, posted_at=later(21)), later(21)).closes == (short,)
    bought = desk_with()
    asked = ask(UBER)
    bought.admit(asked, NOW)
    assert code(bought.admit(ask(BTC, posted_at=later(20)), later(20))) is RefusalCode.NO_OPEN_TRADE
    assert bought.admit(ask(STC, posted_at=later(21)), later(21)).closes == (asked.workflow_id,)


def test_what_is_short_may_be_bought_back_after_the_switch_is_off() -> None:
    desk = desk_with()
    short, _ = sell(desk)
    desk.policy = desk.policy.model_copy(update={"short_options": ShortOptionSettings()})
    assert desk.admit(ask(BTC, posted_at=later(20)), later(20)).closes == (short,)


@pytest.mark.parametrize(("first", "second"), [(STO, UBER), (UBER, STO)])
def test_no_contract_is_opened_on_both_sides(first: Alert, second: Alert) -> None:
    desk = desk_with()
    assert code(desk.admit(ask(first), NOW)) is None
    assert code(desk.admit(ask(second, posted_at=later(20)), later(20))) is RefusalCode.OTHER_SIDE_OPEN
    elsewhere = second.model_copy(update={"strike": D(80)})
    assert code(desk.admit(ask(elsewhere, posted_at=later(21)), later(21))) is None


def test_its_limits_are_changed_while_the_desk_trades() -> None:
    policy, told = set_limit(DeskPolicy(), SetLimit(by=OPERATOR, name="short_options.enabled", value=True))
    assert (policy.short_options.enabled, told.before, told.after) == (True, "false", "true")
    same, told = set_limit(policy, SetLimit(by=OPERATOR, name="short_options.calls", value="naked"))
    assert same is policy
    assert told.refused is not None


def test_a_trade_keeps_the_terms_it_was_admitted_on() -> None:
    keeps_most = ON.model_copy(update={"take_profit": D("0.8")})
    assert terms_for(DeskPolicy(short_options=keeps_most), STO).take_profit == D("0.8")
    assert terms_for(DeskPolicy(short_options=keeps_most), UBER).take_profit is None


def test_each_refusal_has_words_of_its_own() -> None:
    mine = [each for each in RefusalCode if each.startswith("short_")]
    assert len({str(Refusal(code=each)) for each in mine}) == len(mine) == 9


@pytest.mark.parametrize(
    ("shares", "calls", "held", "kept"),
    [
        (100, 1, 100, 100),
        (130, 1, 100, 70),
        (200, 1, 100, 0),
        (900, 1, 100, 0),
        (100, 3, 100, 100),
        (50, 1, 50, 50),
        (0, 1, 100, 100),
        (100, 1, 0, 0),
    ],
)
def test_of_shares_that_are_to_be_sold_so_many_are_kept_as_calls_need(
    shares: int, calls: int, held: int, kept: int
) -> None:
    cover = CallCover(shares=shares, short_calls={"one": calls}, own_calls=1)
    assert kept_for_calls(cover, held) == kept


def test_where_no_call_is_ours_no_share_is_kept() -> None:
    assert kept_for_calls(CallCover(shares=100, short_calls={"one": 5}), 100) == 0
