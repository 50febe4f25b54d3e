"""The desk's book: one answer per trade, limits over their sum, the duplicate window, halts and days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.admission import age_refusal, message_refusal
from domain.alert import Action, Alert, AlertMessage, OptionType
from domain.broker import AccountState
from domain.command import Halt, Person, Resume, Trading
from domain.desk import Admission, AdmissionRequest, Reservation, ReservationRequest, TradeReport
from domain.desk_book import DeskBook
from domain.identifiers import snowflake_at
from domain.refusals import Refusal, RefusalCode
from domain.settings import Allowlist, DeskLimits, DeskPolicy, ExitSettings, SizingSettings
from domain.trade import TradeRequest

D = Decimal
TRADER, BOT, WEBHOOK, ROLE, ROOM = 1, 2, 3, 4, 5
STRANGER = 99
OPERATOR = Person(person_id=7, name="ann", via="api")
ALLOWED = Allowlist(
    users=frozenset({TRADER}), roles=frozenset({ROLE}), channels=frozenset({ROOM}), bots=frozenset({BOT, WEBHOOK})
)
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
UBER = Alert(
    action=Action.BTO,
    symbol="UBER",
    strike=D(78),
    option_type=OptionType.PUT,
    expiry=date(2026, 12, 4),
    price=D("0.75"),
)
_numbers = count(1)


def later(seconds: float) -> datetime:
    """So many seconds after the first alert."""
    return NOW + timedelta(seconds=seconds)


def book(**limits: Any) -> DeskBook:
    """A desk that trades for the trader in the room, within these limits."""
    return DeskBook(policy=DeskPolicy(allowlist=ALLOWED, limits=DeskLimits(**limits)))


def message(posted_at: datetime = NOW, **fields: Any) -> AlertMessage:
    """A first message of the trader's in the room."""
    told: dict[str, Any] = {"channel_id": ROOM, "author_id": TRADER, "text": "BTO UBER 78p 12/04 @ 0.75"}
    return AlertMessage(message_id=snowflake_at(posted_at, next(_numbers)), posted_at=posted_at, **(told | fields))


def ask(alert: Alert = UBER, posted_at: datetime = NOW, **fields: Any) -> AdmissionRequest:
    """A new message's request for admission."""
    request = TradeRequest(message=message(posted_at, **fields), alert=alert, account_number="5WX00001")
    return AdmissionRequest(workflow_id=request.trade_id.workflow_id, request=request)


def alert_of(symbol: str) -> Alert:
    """The same alert for another underlying."""
    return UBER.model_copy(update={"symbol": symbol})


def code(answer: Admission | Reservation | Refusal | None) -> RefusalCode | None:
    """Why it was refused; None when it was not."""
    refusal = answer if isinstance(answer, Refusal) or answer is None else answer.refusal
    return None if refusal is None else refusal.code


def balance(buying_power: str, at: datetime = NOW) -> AccountState:
    """The broker's balances: that much buying power, of an account that neither gained nor lost."""
    power, worth = D(buying_power), D(1_000_000)
    return AccountState(account_number="5WX00001", net_liquidating_value=worth, cash=power, buying_power=power, at=at)


def cost(asked: AdmissionRequest, unit: str = "76.12", worst: str = "84.12") -> ReservationRequest:
    """The trade's request for a size."""
    return ReservationRequest(
        workflow_id=asked.workflow_id, contract_symbol="UBER", unit_cost=D(unit), worst_unit_cost=D(worst)
    )


def admitted(desk: DeskBook, *symbols: str) -> list[AdmissionRequest]:
    """Trades in these underlyings, all admitted now."""
    asked = [ask(alert_of(symbol)) for symbol in symbols]
    assert all(desk.admit(each, NOW).terms for each in asked)
    return asked


def halt(desk: DeskBook, reason: str = "FOMC", trading: Trading = Trading.HALTED) -> tuple[str, ...]:
    """The red button."""
    return desk.halt(Halt(by=OPERATOR, reason=reason, trading=trading), NOW)


def over(asked: AdmissionRequest, at: datetime = NOW) -> TradeReport:
    """The trade's last word."""
    return TradeReport(workflow_id=asked.workflow_id, reserved=D(0), over=True, at=at)


def test_an_allowed_alert_is_admitted_on_the_desks_terms() -> None:
    desk = book()
    desk.policy = desk.policy.model_copy(update={"exit": ExitSettings(percent=D(25))})
    answer = desk.admit(ask(), NOW)
    assert answer.refusal is None
    assert answer.terms is not None
    assert answer.terms.exit.percent == 25


def test_asking_twice_gives_one_answer_and_counts_once() -> None:
    desk, asked = book(), ask()
    assert desk.admit(asked, NOW) == desk.admit(asked, later(60))
    assert (len(desk.trades), desk.entries_today) == (1, 1)


def test_a_refusal_too_is_the_same_for_ever() -> None:
    desk, asked = book(), ask()
    halt(desk, "lunch")
    refused = desk.admit(asked, NOW)
    desk.resume(Resume(by=OPERATOR, code=desk.resume(Resume(by=OPERATOR), "1234", NOW).code), "0000", NOW)
    assert desk.admit(asked, later(1)) == refused
    assert desk.trades == {}


def test_an_answer_is_the_same_after_the_book_was_handed_on() -> None:
    desk, asked = book(), ask()
    answer = desk.admit(asked, NOW)
    handed_on = DeskBook.model_validate_json(desk.model_dump_json())
    assert handed_on == desk
    assert handed_on.admit(asked, later(60)) == answer


def test_a_thousand_later_answers_do_not_make_an_open_trades_answer_forgotten() -> None:
    desk, asked = book(max_entries_a_day=10), ask()
    answer = desk.admit(asked, NOW)
    for _ in range(1100):
        desk.admit(ask(author_id=STRANGER), NOW)
    assert len(desk.admissions) == 1000
    assert desk.admit(asked, later(60)) == answer


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, None),
        ({"author_id": STRANGER}, RefusalCode.AUTHOR_NOT_ALLOWED),
        ({"author_id": STRANGER, "author_name": "trader"}, RefusalCode.AUTHOR_NOT_ALLOWED),
        ({"author_id": STRANGER, "role_ids": (8, ROLE)}, None),
        ({"author_id": STRANGER, "role_ids": (8,)}, RefusalCode.AUTHOR_NOT_ALLOWED),
        ({"channel_id": 55}, RefusalCode.CHANNEL_NOT_ALLOWED),
        ({"is_reply": True}, RefusalCode.NOT_A_FIRST_MESSAGE),
        ({"is_edit": True}, RefusalCode.NOT_A_FIRST_MESSAGE),
        ({"author_id": BOT, "is_bot": True}, None),
        ({"author_id": TRADER, "is_bot": True}, RefusalCode.AUTHOR_NOT_ALLOWED),
        ({"author_id": STRANGER, "is_bot": True, "role_ids": (ROLE,)}, RefusalCode.AUTHOR_NOT_ALLOWED),
        ({"author_id": WEBHOOK, "webhook_id": WEBHOOK, "is_bot": True}, None),
        ({"author_id": TRADER, "webhook_id": STRANGER}, RefusalCode.AUTHOR_NOT_ALLOWED),
        ({"author_id": BOT}, RefusalCode.AUTHOR_NOT_ALLOWED),
    ],
)
def test_ids_decide_who_may_trade_from_where(fields: dict[str, Any], refused: RefusalCode | None) -> None:
    assert code(message_refusal(ALLOWED, message(**fields))) is refused


def test_an_empty_allowlist_allows_nobody() -> None:
    assert message_refusal(Allowlist(), message()) is not None
    assert message_refusal(Allowlist(channels=frozenset({ROOM})), message()) is not None


def test_the_desk_checks_the_allowlist_again() -> None:
    assert code(book().admit(ask(author_id=STRANGER), NOW)) is RefusalCode.AUTHOR_NOT_ALLOWED


@pytest.mark.parametrize("action", [Action.STC, Action.STO, Action.BTC])
def test_only_the_actions_set_are_traded(action: Action) -> None:
    assert code(book().admit(ask(UBER.model_copy(update={"action": action})), NOW)) is RefusalCode.ACTION_NOT_TRADED


@pytest.mark.parametrize(("age", "refused"), [(10, None), (10.001, RefusalCode.TOO_OLD), (86_401, RefusalCode.TOO_OLD)])
def test_an_alert_past_its_maximum_age_is_not_traded(age: float, refused: RefusalCode | None) -> None:
    assert code(book().admit(ask(), later(age))) is refused


def test_the_age_counts_from_the_messages_id_whatever_it_says_of_itself() -> None:
    old = message(later(-60)).model_copy(update={"posted_at": NOW})
    assert code(age_refusal(old, NOW, timedelta(seconds=10))) is RefusalCode.TOO_OLD


@pytest.mark.parametrize(("gap", "refused"), [(0, RefusalCode.DUPLICATE), (9.999, RefusalCode.DUPLICATE), (10, None)])
def test_the_same_contract_and_side_is_a_duplicate_within_the_window(gap: float, refused: RefusalCode | None) -> None:
    desk = book()
    desk.admit(ask(), NOW)
    assert code(desk.admit(ask(posted_at=later(gap)), later(gap))) is refused


@pytest.mark.parametrize(
    "change",
    [
        {"symbol": "LYFT"},
        {"strike": D(79)},
        {"option_type": OptionType.CALL},
        {"expiry": date(2026, 12, 11)},
        {"strike": None, "option_type": None, "expiry": None},
    ],
)
def test_another_contract_is_not_a_duplicate(change: dict[str, Any]) -> None:
    desk = book()
    desk.admit(ask(), NOW)
    assert code(desk.admit(ask(UBER.model_copy(update=change)), NOW)) is None


@pytest.mark.parametrize("change", [{"strike": D("78.00")}, {"price": D("0.80")}, {"quantity": 3}, {"label": "lotto"}])
def test_the_same_contract_in_other_words_is_a_duplicate(change: dict[str, Any]) -> None:
    desk = book()
    desk.admit(ask(), NOW)
    assert code(desk.admit(ask(UBER.model_copy(update=change)), NOW)) is RefusalCode.DUPLICATE


def test_a_refused_alert_does_not_open_a_duplicate_window() -> None:
    desk = book()
    desk.admit(ask(author_id=STRANGER), NOW)
    assert code(desk.admit(ask(), NOW)) is None


def test_a_duplicate_does_not_prolong_the_window() -> None:
    desk = book()
    for seconds in (0, 6):
        desk.admit(ask(posted_at=later(seconds)), later(seconds))
    assert code(desk.admit(ask(posted_at=later(11)), later(11))) is None


def test_open_trades_are_limited_and_a_finished_one_makes_room() -> None:
    desk = book(max_open_trades=2)
    first, _ = admitted(desk, "AAPL", "AMD")
    assert code(desk.admit(ask(alert_of("TSLA")), NOW)) is RefusalCode.TOO_MANY_OPEN
    desk.hear_trade(over(first))
    assert code(desk.admit(ask(alert_of("TSLA")), NOW)) is None


def test_entries_a_day_are_limited_though_the_trades_are_over() -> None:
    desk = book(max_entries_a_day=2)
    for asked in admitted(desk, "AAPL", "AMD"):
        desk.hear_trade(over(asked))
    assert code(desk.admit(ask(alert_of("TSLA")), NOW)) is RefusalCode.TOO_MANY_TODAY


def test_a_new_day_in_new_york_begins_the_count_and_the_reference_anew() -> None:
    desk = book(max_entries_a_day=1)
    before_midnight, after = datetime(2026, 11, 24, 4, 59, 59, tzinfo=UTC), datetime(2026, 11, 24, 5, tzinfo=UTC)
    desk.hear_account(balance("20000", before_midnight), before_midnight)
    desk.admit(ask(posted_at=before_midnight), before_midnight)
    assert code(desk.admit(ask(alert_of("AMD"), after), after)) is None
    desk.hear_account(balance("9000", after), after)
    assert desk.reference == 9000


def test_utc_midnight_is_not_a_new_day() -> None:
    desk = book(max_entries_a_day=1)
    before, after = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
    desk.admit(ask(posted_at=before), before)
    assert code(desk.admit(ask(alert_of("AMD"), after), after)) is RefusalCode.TOO_MANY_TODAY


def test_the_first_balance_of_the_day_stays_the_reference() -> None:
    desk = book()
    desk.hear_account(balance("20000"), NOW)
    desk.hear_account(balance("5000"), later(3600))
    assert desk.reference == 20_000
    assert desk.account is not None
    assert desk.account.buying_power == 5000


def test_a_halted_desk_admits_nothing_and_says_why() -> None:
    desk = book()
    halt(desk, "FOMC")
    refusal = desk.admit(ask(), NOW).refusal
    assert refusal == Refusal(code=RefusalCode.HALTED, detail="halted by ann (api): FOMC")


def test_a_halt_between_admission_and_size_stops_the_trade() -> None:
    desk = book()
    (asked,) = admitted(desk, "UBER")
    desk.hear_account(balance("20000"), NOW)
    halt(desk, "FOMC")
    assert code(desk.reserve(cost(asked))) is RefusalCode.HALTED


def test_a_halt_survives_handing_the_book_on() -> None:
    desk = book()
    halt(desk, "FOMC")
    handed_on = DeskBook.model_validate_json(desk.model_dump_json())
    assert code(handed_on.admit(ask(), NOW)) is RefusalCode.HALTED


def test_a_halt_does_not_keep_a_trade_from_ending() -> None:
    desk = book()
    (asked,) = admitted(desk, "UBER")
    halt(desk, "FOMC")
    desk.hear_trade(over(asked))
    assert desk.trades == {}


def test_the_size_is_a_share_of_the_reference() -> None:
    desk = book()
    (asked,) = admitted(desk, "UBER")
    desk.hear_account(balance("10000"), NOW)
    answer = desk.reserve(cost(asked))
    assert (answer.quantity, answer.reserved) == (6, D("504.72"))  # 500 / 76.12 = 6.6; 6 x 84.12


def test_asking_for_a_size_twice_gives_one_answer_and_holds_the_money_once() -> None:
    desk = book()
    (asked,) = admitted(desk, "UBER")
    desk.hear_account(balance("10000"), NOW)
    answer = desk.reserve(cost(asked))
    desk.hear_account(balance("100", later(1)), later(1))
    assert desk.reserve(cost(asked)) == answer
    assert desk.trades[asked.workflow_id].reserved == D("504.72")


def test_a_trade_that_was_not_admitted_gets_no_size() -> None:
    desk = book()
    desk.hear_account(balance("10000"), NOW)
    assert desk.reserve(cost(ask())).quantity == 0


def test_alerts_that_arrive_together_share_the_buying_power() -> None:
    desk = book()
    first, second = admitted(desk, "AAPL", "AMD")
    desk.hear_account(balance("20000"), NOW)
    desk.hear_account(balance("1100"), NOW)
    assert desk.reserve(cost(first, "100", "100")).quantity == 10
    assert desk.reserve(cost(second, "100", "100")).quantity == 1


def test_released_money_is_not_lent_again_before_a_balance_shows_it_was_not_spent() -> None:
    desk = book()
    first, second = admitted(desk, "AAPL", "AMD")
    desk.hear_account(balance("20000"), NOW)
    desk.hear_account(balance("1000"), NOW)
    desk.reserve(cost(first, "100", "100"))
    desk.hear_trade(over(first, later(5)))
    desk.hear_account(balance("1000", later(4)), later(6))
    assert code(desk.reserve(cost(second, "100", "100"))) is RefusalCode.NO_BUYING_POWER


def test_released_money_is_free_once_a_later_balance_has_it() -> None:
    desk = book()
    first, second = admitted(desk, "AAPL", "AMD")
    desk.hear_account(balance("20000"), NOW)
    desk.hear_account(balance("1000"), NOW)
    desk.reserve(cost(first, "100", "100"))
    desk.hear_trade(over(first, later(5)))
    desk.hear_account(balance("1000", later(6)), later(6))
    assert desk.reserve(cost(second, "100", "100")).quantity == 10


def test_a_trade_that_ended_before_it_was_admitted_is_not_admitted_any_more() -> None:
    desk, asked = book(), ask()
    desk.hear_trade(over(asked))
    assert code(desk.admit(asked, NOW)) is RefusalCode.CANCELLED
    assert (desk.trades, desk.entries_today) == ({}, 0)


Step = Callable[[DeskBook, AdmissionRequest], None]
steps: list[Step] = [
    lambda desk, asked: desk.hear_trade(over(asked, NOW)),
    lambda desk, asked: desk.hear_trade(
        TradeReport(workflow_id=asked.workflow_id, reserved=D(100), over=False, at=NOW)
    ),
    lambda desk, asked: None,
]


@given(st.integers(0, 20_000), st.lists(st.tuples(st.integers(1, 3000), st.sampled_from(steps)), max_size=12))
def test_what_is_lent_between_two_balances_never_passes_the_buying_power(
    power: int, trades: list[tuple[int, Step]]
) -> None:
    desk = DeskBook(
        policy=DeskPolicy(allowlist=ALLOWED, sizing=SizingSettings(allocation_percent=D(50), max_debit=D(10**6)))
    )
    desk.hear_account(balance(str(power)), NOW)
    lent = D(0)
    for number, (unit, step) in enumerate(trades):
        asked = ask(alert_of(f"S{number}"))
        desk.admit(asked, NOW)
        lent += desk.reserve(cost(asked, str(unit), str(unit))).reserved
        step(desk, asked)
    assert lent <= power


@given(st.lists(st.sampled_from(["AAPL", "AMD", "TSLA", "UBER"]), max_size=15), st.integers(1, 5), st.integers(1, 5))
def test_no_burst_passes_the_limits(symbols: list[str], most_open: int, most_today: int) -> None:
    desk = book(max_open_trades=most_open, max_entries_a_day=most_today)
    answers = [desk.admit(ask(alert_of(symbol)), NOW) for symbol in symbols]
    taken = sum(answer.terms is not None for answer in answers)
    assert taken == min(len(set(symbols)), most_open, most_today)
