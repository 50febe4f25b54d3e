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
from domain.settings import (
    Allowlist,
    DeskLimits,
    DeskPolicy,
    ExitSettings,
    GuardSettings,
    LadderSettings,
    ShortOptionSettings,
    SizingSettings,
)
from domain.trade import TradeRequest
from domain.trouble import TRIPS, Trouble, TroubleKind

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
    assert len(desk.answers) == 1000
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


@pytest.mark.parametrize("action", list(Action))
def test_only_the_actions_set_are_traded(action: Action) -> None:
    policy = DeskPolicy(allowlist=ALLOWED, limits=DeskLimits(actions=frozenset()))
    desk = DeskBook(policy=policy.model_copy(update={"short_options": ShortOptionSettings(enabled=True)}))
    assert code(desk.admit(ask(UBER.model_copy(update={"action": action})), NOW)) is RefusalCode.ACTION_NOT_TRADED


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


# What an operator is told of


def told(key: str = "k") -> Trouble:
    """A trouble of that key, which stops nothing."""
    return Trouble(kind=TroubleKind.ORPHAN, key=key, detail="2 held", at=NOW)


def test_a_trouble_is_kept_and_waits_to_be_told() -> None:
    desk = book()
    assert desk.hear_trouble(told())
    assert [known.key for known in desk.troubles] == [known.key for known in desk.untold] == ["k"]


def test_the_same_trouble_again_is_no_news() -> None:
    desk = book()
    desk.hear_trouble(told())
    desk.untold = []
    assert not desk.hear_trouble(told())
    assert (len(desk.troubles), desk.untold) == (1, [])


def test_another_trouble_of_the_same_kind_is_told_too() -> None:
    desk = book()
    assert desk.hear_trouble(told("one"))
    assert desk.hear_trouble(told("two"))
    assert [known.key for known in desk.untold] == ["one", "two"]


def test_more_troubles_than_are_kept_are_still_told_once_each() -> None:
    """A batch of terminated trades is found again by every reconciliation."""
    desk, many = book(), [told(str(number)) for number in range(500)]
    assert all(desk.hear_trouble(one) for one in many)
    assert not any(desk.hear_trouble(one) for one in many)


def test_what_the_desk_remembers_of_troubles_is_bounded() -> None:
    desk = book()
    for number in range(5000):
        desk.hear_trouble(told(str(number)))
    assert (len(desk.troubles), len(desk.untold), len(desk.known_troubles)) == (200, 200, 2000)
    assert desk.troubles[-1].key == "4999"


def test_a_book_of_before_there_were_keys_is_read() -> None:
    old = book().model_dump(exclude={"known_troubles"})
    assert DeskBook.model_validate(old).hear_trouble(told())


@pytest.mark.parametrize(
    ("restricted", "symbol"),
    [("UBER", "UBER"), ("uber", "UBER"), ("SPX", "SPXW"), ("BRK/B", "BRKB"), ("BRK.B", "BRK.B"), ("/ES", "/ESZ6")],
)
def test_a_restricted_symbol_is_not_traded_however_it_is_spelt(restricted: str, symbol: str) -> None:
    desk = book(restricted_symbols=frozenset({restricted}))
    assert code(desk.admit(ask(alert_of(symbol)), NOW)) is RefusalCode.RESTRICTED_SYMBOL
    assert code(desk.admit(ask(alert_of("AMD")), NOW)) is None


def test_two_spellings_of_an_underlying_share_its_limit_and_its_duplicates() -> None:
    desk = book(max_trades_per_underlying=1)
    admitted(desk, "SPX")
    assert code(desk.admit(ask(alert_of("SPXW")), NOW)) is RefusalCode.DUPLICATE
    other = alert_of("SPXW").model_copy(update={"strike": D(79)})
    assert code(desk.admit(ask(other), NOW)) is RefusalCode.TOO_MANY_IN_UNDERLYING


@pytest.mark.parametrize(
    ("days", "limits", "refused"),
    [
        (-1, {}, RefusalCode.EXPIRED),
        (0, {}, None),
        (0, {"allow_0dte": False}, RefusalCode.EXPIRES_TODAY),
        (1, {"allow_0dte": False}, None),
        (800, {}, None),
        (801, {}, RefusalCode.EXPIRES_TOO_LATE),
        (8, {"max_days_to_expiry": 7}, RefusalCode.EXPIRES_TOO_LATE),
    ],
)
def test_an_expiry_must_make_sense(days: int, limits: dict[str, Any], refused: RefusalCode | None) -> None:
    alert = UBER.model_copy(update={"expiry": NOW.date() + timedelta(days=days)})
    assert code(book(**limits).admit(ask(alert), NOW)) is refused


def test_today_is_new_yorks_when_an_expiry_is_judged() -> None:
    night = datetime(2026, 11, 24, 2, tzinfo=UTC)  # the evening of the 23rd in New York
    alert = UBER.model_copy(update={"expiry": date(2026, 11, 23)})
    assert code(book().admit(ask(alert, night), night)) is None


def test_order_calls_are_limited_by_the_minute_those_to_come_included() -> None:
    desk = book(max_order_calls_a_minute=20, max_open_trades=100)
    first, _, _ = admitted(desk, "A", "B", "C")  # each may make nine in its ladder
    assert code(desk.admit(ask(alert_of("D")), NOW)) is RefusalCode.TOO_MANY_CALLS
    made = TradeReport(workflow_id=first.workflow_id, reserved=D(0), over=True, at=NOW, order_calls=1)
    desk.hear_trade(made)
    assert code(desk.admit(ask(alert_of("D")), NOW)) is None
    assert code(desk.admit(ask(alert_of("E"), later(30)), later(30))) is RefusalCode.TOO_MANY_CALLS


def test_calls_of_more_than_a_minute_ago_do_not_count() -> None:
    desk = book(max_order_calls_a_minute=10)
    (first,) = admitted(desk, "A")
    desk.hear_trade(TradeReport(workflow_id=first.workflow_id, reserved=D(0), over=True, at=NOW, order_calls=10))
    assert code(desk.admit(ask(alert_of("B"), later(59)), later(59))) is RefusalCode.TOO_MANY_CALLS
    assert code(desk.admit(ask(alert_of("B"), later(60)), later(60))) is None


def worth(dollars: int, at: datetime = NOW) -> AccountState:
    """Balances of an account that is worth so much."""
    return balance("20000", at).model_copy(update={"net_liquidating_value": D(dollars)})


def test_one_trade_may_cost_no_more_than_its_share_of_the_account() -> None:
    desk = book(max_order_percent=D(1))
    (asked,) = admitted(desk, "UBER")
    desk.hear_account(worth(20_000), NOW)
    answer = desk.reserve(cost(asked, "100", "100"))
    assert (answer.quantity, answer.reserved) == (2, 200)


def test_the_days_loss_counts_from_the_days_first_worth() -> None:
    desk = book(max_loss_percent_a_day=D(10))
    first, second = admitted(desk, "AAPL", "AMD")
    desk.hear_account(worth(100_000), NOW)
    desk.hear_account(worth(90_001), later(1))
    assert code(desk.reserve(cost(first))) is None
    assert desk.due_trip(NOW) is None
    desk.hear_account(worth(90_000), later(2))
    assert code(desk.reserve(cost(second))) is RefusalCode.LOSS_LIMIT
    trip = desk.due_trip(later(2))
    assert trip is not None
    assert (trip.kind, trip.detail) == (TroubleKind.LOSS_LIMIT, "10000.00 lost, at most 10000.00")


def test_a_loss_still_refuses_after_somebody_resumed() -> None:
    desk = book(max_loss_percent_a_day=D(10))
    desk.hear_account(worth(100_000), NOW)
    desk.hear_account(worth(80_000), later(1))
    halt(desk)
    desk.resume(Resume(by=OPERATOR, code=desk.resume(Resume(by=OPERATOR), "1234", NOW).code), "0000", NOW)
    (asked,) = admitted(desk, "UBER")
    assert code(desk.reserve(cost(asked))) is RefusalCode.LOSS_LIMIT


def ended(desk: DeskBook, *, failed: bool | None) -> None:
    """A trade is admitted and ends so."""
    (asked,) = admitted(desk, f"S{next(_numbers)}")
    desk.hear_trade(over(asked).model_copy(update={"failed": failed}))


def test_failures_count_only_in_a_row_and_what_did_not_come_so_far_counts_neither_way() -> None:
    desk = book(max_failures_in_a_row=3)
    for failed in (True, True, False, True, None, True):
        ended(desk, failed=failed)
        assert desk.due_trip(NOW) is None
    ended(desk, failed=True)
    trip = desk.due_trip(NOW)
    assert trip is not None
    assert trip.kind is TroubleKind.FAILURES_IN_A_ROW


def test_resuming_forgives_the_failures() -> None:
    desk = book(max_failures_in_a_row=1)
    ended(desk, failed=True)
    desk.resume(Resume(by=OPERATOR), "1234", NOW)
    assert desk.due_trip(NOW) is None


def trouble(kind: TroubleKind, key: str = "one", workflow_id: str | None = None) -> Trouble:
    """Something for an operator."""
    return Trouble(kind=kind, key=key, detail="as told", at=NOW, workflow_id=workflow_id)


@pytest.mark.parametrize("kind", TroubleKind)
def test_what_stops_entries_is_what_the_settings_say(kind: TroubleKind) -> None:
    taken = book().hear_trouble(trouble(kind))
    assert taken is not None
    assert taken.halted is (kind in TRIPS)
    loose, strict = book(trips=frozenset()).hear_trouble(trouble(kind)), book(trips={kind}).hear_trouble(trouble(kind))
    assert loose is not None
    assert strict is not None
    assert (loose.halted, strict.halted) == (False, True)


def test_a_trouble_is_told_once_however_often_it_is_found() -> None:
    desk = book()
    assert desk.hear_trouble(trouble(TroubleKind.EXIT_FAILED)) is not None
    assert desk.hear_trouble(trouble(TroubleKind.EXIT_FAILED)) is None
    assert desk.hear_trouble(trouble(TroubleKind.EXIT_FAILED, "two")) is not None
    assert [each.key for each in desk.untold] == ["one", "two"]


def test_troubles_are_bounded() -> None:
    desk = book()
    for number in range(300):
        desk.hear_trouble(trouble(TroubleKind.ORPHAN, str(number)))
    assert (len(desk.troubles), len(desk.untold), desk.troubles[-1].key) == (200, 200, "299")


def test_an_orphans_place_and_money_are_free_for_others() -> None:
    desk = book(max_open_trades=1)
    (asked,) = admitted(desk, "UBER")
    desk.hear_account(balance("20000"), NOW)
    held = desk.reserve(cost(asked)).reserved
    desk.hear_trouble(trouble(TroubleKind.ORPHAN, workflow_id=asked.workflow_id))
    assert desk.spoken_for == held  # until a balance shows whether it was spent
    desk.hear_account(balance("20000", later(1)), later(1))
    assert desk.spoken_for == 0
    assert code(desk.admit(ask(alert_of("AMD")), NOW)) is None


def test_a_halt_names_the_trades_that_are_still_entering() -> None:
    desk = book()
    climbing, holding, done = admitted(desk, "A", "B", "C")
    desk.hear_trade(over(holding).model_copy(update={"over": False}))
    desk.hear_trade(over(done))
    assert halt(desk) == (climbing.workflow_id,)
    assert holding.workflow_id in desk.trades


def test_a_halt_is_lifted_in_two_steps() -> None:
    desk = book()
    halt(desk)
    first = desk.resume(Resume(by=OPERATOR), "1234", NOW)
    assert (first.resumed, first.code, first.valid_until) == (False, "1234", later(60))
    assert not desk.standing.admits
    second = desk.resume(Resume(by=OPERATOR, code="1234"), "0000", later(60))
    assert second.resumed
    assert (desk.standing.trading, desk.standing.by) == (Trading.ACTIVE, OPERATOR)


@pytest.mark.parametrize(
    ("told", "seconds", "why"),
    [("4321", 1, "that is not the code"), ("1234", 60.001, "ask for a new code first")],
    ids=["wrong", "late"],
)
def test_a_wrong_or_late_code_lifts_nothing_and_is_worth_nothing_after(told: str, seconds: float, why: str) -> None:
    desk = book()
    halt(desk)
    desk.resume(Resume(by=OPERATOR), "1234", NOW)
    answer = desk.resume(Resume(by=OPERATOR, code=told), "0000", later(seconds))
    assert (answer.resumed, answer.refused) == (False, why)
    again = desk.resume(Resume(by=OPERATOR, code="1234"), "0000", later(2))
    assert (again.resumed, again.refused) == (False, "ask for a new code first")
    assert not desk.standing.admits


def test_a_code_from_before_another_halt_is_worth_nothing() -> None:
    desk = book()
    halt(desk)
    desk.resume(Resume(by=OPERATOR), "1234", NOW)
    halt(desk, "and again")
    assert not desk.resume(Resume(by=OPERATOR, code="1234"), "0000", NOW).resumed


def test_reducing_only_admits_nothing_and_is_lifted_in_one_step() -> None:
    desk = book()
    halt(desk, "winding down", Trading.REDUCING)
    assert code(desk.admit(ask(), NOW)) is RefusalCode.HALTED
    assert desk.resume(Resume(by=OPERATOR), "1234", NOW).resumed


def test_a_lesser_halt_never_loosens_a_stronger_one_nor_a_second_reason_replaces_the_first() -> None:
    desk = book()
    halt(desk, "first")
    halt(desk, "second", Trading.REDUCING)
    halt(desk, "third")
    assert (desk.standing.trading, desk.standing.reason) == (Trading.HALTED, "first")
    assert not desk.resume(Resume(by=OPERATOR), "1234", NOW).resumed


def test_a_stronger_halt_replaces_a_lesser_one() -> None:
    desk = book()
    halt(desk, "winding down", Trading.REDUCING)
    halt(desk, "now")
    assert (desk.standing.trading, desk.standing.reason) == (Trading.HALTED, "now")


def test_a_halt_in_a_book_of_the_first_shape_holds() -> None:
    told = {"policy": DeskPolicy().model_dump(mode="json"), "halted": "FOMC", "admissions": {"a": {"terms": None}}}
    desk = DeskBook.model_validate(told)
    assert (desk.standing.trading, desk.standing.reason) == (Trading.HALTED, "FOMC")


def test_an_open_trade_keeps_the_terms_it_was_admitted_on() -> None:
    desk, asked = book(), ask()
    answer = desk.admit(asked, NOW)
    desk.policy = desk.policy.model_copy(update={"ladder": LadderSettings(max_steps=1)})
    assert desk.admit(asked, NOW) == answer


def test_a_trade_that_is_over_is_not_admitted_again() -> None:
    desk, asked = book(), ask()
    desk.admit(asked, NOW)
    desk.hear_trade(over(asked))
    assert code(desk.admit(asked, NOW)) is RefusalCode.CANCELLED
    assert desk.entries_today == 1


def test_a_trade_whose_entry_is_over_gets_no_other_size() -> None:
    desk = book()
    (asked,) = admitted(desk, "UBER")
    desk.hear_account(balance("10000"), NOW)
    desk.reserve(cost(asked))
    desk.hear_trade(over(asked).model_copy(update={"over": False}))
    assert desk.reserve(cost(asked)).quantity == 0
    assert desk.trades[asked.workflow_id].reserved == 0


def test_a_full_book_is_handed_on_in_a_message_that_raises_no_warning() -> None:
    """Temporal warns of more than 512 KiB and refuses more than 2 MiB."""
    desk = book(
        max_open_trades=200, max_entries_a_day=10_000, max_trades_per_underlying=200, restricted_symbols={"GME"}
    )
    desk.policy = desk.policy.model_copy(
        update={
            "guard": GuardSettings(),
            "limits": desk.policy.limits.model_copy(update={"max_order_calls_a_minute": 10**6}),
        }
    )
    desk.hear_account(balance("1000000000"), NOW)
    for number in range(2000):
        asked = ask(alert_of(f"S{number}"))
        if desk.admit(asked, NOW).terms is not None:
            desk.reserve(cost(asked))
    for number in range(300):
        desk.hear_trouble(
            trouble(TroubleKind.POSITION_SHORT, f"position_short:alert-1-{number}").model_copy(
                update={"detail": "x" * 200}
            )
        )
    assert len(desk.trades) == 200
    assert len(desk.model_dump_json()) < 512 * 1024


def test_what_a_person_changed_before_the_settings_were_first_read_again_stays() -> None:
    desk = book()
    file = desk.policy
    desk.policy = desk.policy.model_copy(update={"limits": DeskLimits(max_open_trades=7)})
    desk.offer_policy(file)
    assert desk.policy.limits.max_open_trades == 7
