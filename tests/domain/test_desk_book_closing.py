"""Which open trades a closing alert may ask, by the desk's book; halts and limits never hold one back."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.alert import Action, Alert
from domain.command import Halt
from domain.desk import AdmissionRequest
from domain.desk_book import DeskBook
from domain.refusals import RefusalCode
from domain.settings import ClosingSettings, DeskLimits, DeskPolicy
from tests.domain.test_desk_book import (
    ALLOWED,
    BOT,
    NOW,
    OPERATOR,
    STRANGER,
    TRADER,
    UBER,
    WEBHOOK,
    ask,
    balance,
    book,
    code,
    cost,
    later,
)

STC = UBER.model_copy(update={"action": Action.STC, "price": None})


def holding(
    *authors: dict[str, Any], closing: ClosingSettings | None = None, **limits: Any
) -> tuple[DeskBook, list[str]]:
    """A desk with the same contract opened by each author, and their trades' ids."""
    policy = DeskPolicy(allowlist=ALLOWED, limits=DeskLimits(**limits), closing=closing or ClosingSettings())
    desk = DeskBook(policy=policy)
    opened = []
    for number, author in enumerate(authors):
        at = later(20 * number)
        asked = ask(posted_at=at, **author)
        assert code(desk.admit(asked, at)) is None
        opened.append(asked.workflow_id)
    return desk, opened


LATE = later(600)


def says(alert: Alert = STC, at: datetime = LATE, **author: Any) -> AdmissionRequest:
    return ask(alert, posted_at=at, **(author or {"author_id": TRADER}))


WHO = [{"author_id": TRADER}, {"author_id": BOT, "is_bot": True}, {"author_id": 77, "webhook_id": WEBHOOK}]


@pytest.mark.parametrize("number", range(3))
def test_an_author_closes_what_that_author_opened(number: int) -> None:
    desk, opened = holding(*WHO)
    answer = desk.admit(says(**WHO[number]), later(600))
    assert answer.closes == (opened[number],)
    assert answer.terms is not None


def test_anybody_who_is_allowed_closes_all_of_it_if_the_settings_say_so() -> None:
    desk, opened = holding(*WHO, closing=ClosingSettings(same_author_only=False))
    assert desk.admit(says(), later(600)).closes == tuple(opened)


def test_what_nobody_opened_is_refused() -> None:
    desk, _ = holding(WHO[0])
    other = STC.model_copy(update={"strike": Decimal(79)})
    assert code(desk.admit(says(other), later(600))) is RefusalCode.NO_OPEN_TRADE
    assert code(desk.admit(says(**WHO[1]), later(600))) is RefusalCode.NO_OPEN_TRADE


def test_it_opens_nothing_and_holds_no_money_back() -> None:
    desk, opened = holding(WHO[0])
    desk.admit(says(), later(600))
    assert list(desk.trades) == opened
    assert desk.entries_today == 1


def test_asking_twice_gives_one_answer_even_when_the_trade_is_over() -> None:
    desk, opened = holding(WHO[0])
    asked = says()
    first = desk.admit(asked, later(600))
    del desk.trades[opened[0]]
    assert desk.admit(asked, later(601)) == first


@pytest.mark.parametrize(
    "limits",
    [
        {"max_open_trades": 1},
        {"max_entries_a_day": 1},
        {"restricted_symbols": frozenset()},
        {"max_days_to_expiry": 800},
    ],
)
def test_no_limit_holds_it_back(limits: dict[str, Any]) -> None:
    desk, opened = holding(WHO[0], **limits)
    desk.policy = desk.policy.model_copy(
        update={"limits": desk.policy.limits.model_copy(update={"restricted_symbols": frozenset({"UBER"})})}
    )
    assert desk.admit(says(), later(600)).closes == (opened[0],)


def test_a_halt_does_not_hold_it_back() -> None:
    desk, opened = holding(WHO[0])
    desk.halt(Halt(by=OPERATOR, reason="lunch"), later(10))
    assert desk.admit(says(), later(600)).closes == (opened[0],)


def test_who_may_speak_where_and_how_late_counts() -> None:
    desk, _ = holding(WHO[0])
    assert code(desk.admit(says(author_id=STRANGER), later(600))) is RefusalCode.AUTHOR_NOT_ALLOWED
    assert code(desk.admit(says(), later(611))) is RefusalCode.TOO_OLD
    assert code(desk.admit(says(author_id=TRADER, is_reply=True), later(600))) is RefusalCode.NOT_A_FIRST_MESSAGE


def test_the_same_words_within_the_window_are_said_once_but_all_out_may_follow_a_half() -> None:
    desk, opened = holding(WHO[0])
    half = STC.model_copy(update={"fraction": Decimal("0.5")})
    assert desk.admit(says(half), later(600)).closes == (opened[0],)
    assert code(desk.admit(says(half, at=later(605)), later(605))) is RefusalCode.DUPLICATE
    assert desk.admit(says(at=later(606)), later(606)).closes == (opened[0],)
    assert desk.admit(says(half, at=later(611)), later(611)).closes == (opened[0],)


def test_a_close_may_leave_the_expiry_to_what_is_held() -> None:
    desk, opened = holding(WHO[0])
    assert desk.admit(says(STC.model_copy(update={"expiry": None})), LATE).closes == tuple(opened)


def test_a_close_without_an_expiry_is_refused_when_two_are_held() -> None:
    desk, _ = holding(WHO[0])
    other = UBER.model_copy(update={"expiry": date(2026, 12, 11)})
    assert code(desk.admit(ask(other, posted_at=later(30)), later(30))) is None
    answer = desk.admit(says(STC.model_copy(update={"expiry": None})), LATE)
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.detail) == (RefusalCode.WHICH_EXPIRY, "12/04 or 12/11")


def test_an_add_is_refused_but_for_the_authors_that_are_set() -> None:
    add = UBER.model_copy(update={"is_add": True})
    assert code(book().admit(ask(add), NOW)) is RefusalCode.ADD_NOT_TRADED
    assert code(book(adds_by=frozenset({TRADER})).admit(ask(add), NOW)) is None
    assert code(book(adds_by=frozenset({TRADER})).admit(ask(add, author_id=BOT, is_bot=True), NOW)) is (
        RefusalCode.ADD_NOT_TRADED
    )


def test_selling_can_be_switched_off() -> None:
    desk, _ = holding(WHO[0], actions=frozenset({Action.BTO}))
    assert code(desk.admit(says(), later(600))) is RefusalCode.ACTION_NOT_TRADED


def test_its_answers_are_forgotten_with_the_others() -> None:
    desk, _ = holding(WHO[0])
    first = says()
    desk.admit(first, later(600))
    for number in range(1100):
        desk.admit(says(at=later(700 + number)), later(700 + number))
    assert first.workflow_id not in desk.answers
    assert len(desk.closes) <= 1000
    assert len(desk.recent) <= 12


def test_a_month_closes_only_what_was_bought_of_it() -> None:
    opens = Alert(action=Action.BTO, symbol="/MES", price=Decimal(6700))
    desk = DeskBook(policy=DeskPolicy(allowlist=ALLOWED))
    asked = ask(opens)
    assert code(desk.admit(asked, later(0))) is None
    desk.hear_account(balance("100000", later(0)), later(0))
    assert code(desk.reserve(cost(asked, "2200", "2200").model_copy(update={"contract_symbol": "/MESZ6"}))) is None
    closing = opens.model_copy(update={"action": Action.STC, "price": None})

    assert desk.admit(says(closing), LATE).closes == (asked.workflow_id,)
    by_month = closing.model_copy(update={"symbol": "/MESZ6"})
    assert desk.admit(says(by_month, LATE), LATE).closes == (asked.workflow_id,)
    other = closing.model_copy(update={"symbol": "/MESH7"})
    assert code(desk.admit(says(other), LATE)) is RefusalCode.NO_OPEN_TRADE


def test_shares_and_options_of_one_name_are_closed_apart() -> None:
    desk, (option,) = holding({"author_id": TRADER})
    shares = Alert(action=Action.BTO, symbol="UBER", price=Decimal(85))
    asked = ask(shares, posted_at=later(60))
    assert code(desk.admit(asked, later(60))) is None

    assert desk.admit(says(), LATE).closes == (option,)
    closing = shares.model_copy(update={"action": Action.STC, "price": None})
    assert desk.admit(says(closing), LATE).closes == (asked.workflow_id,)


def test_a_future_is_bought_once_whether_by_root_or_by_month() -> None:
    desk = DeskBook(policy=DeskPolicy(allowlist=ALLOWED))
    root = Alert(action=Action.BTO, symbol="/MES", price=Decimal(6700))
    assert code(desk.admit(ask(root), later(0))) is None

    again = root.model_copy(update={"symbol": "/MESZ6"})
    assert code(desk.admit(ask(again, posted_at=later(2)), later(2))) is RefusalCode.DUPLICATE
    other = root.model_copy(update={"symbol": "/ES"})
    assert code(desk.admit(ask(other, posted_at=later(2)), later(2))) is None
