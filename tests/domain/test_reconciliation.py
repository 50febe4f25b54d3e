"""The broker's book beside the trades: what is found, what is healed, and what is left alone."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert import Action, Alert, OptionType
from domain.contract import Contract, InstrumentType
from domain.identifiers import OrderRole, TradeId, snowflake_at
from domain.ledger import merged
from domain.orders import BrokerOrder, Fill, LegAction, OrderStatus, OrderType
from domain.reconciliation import compare, counted_on
from domain.settings import Mode
from domain.survey import BrokerBook, Finding, Life, Position, ShortGone, TradeStanding
from domain.ticks import TickSchedule
from domain.trade import TradeState, TradeView
from domain.trouble import TRIPS, TroubleKind

NOW = datetime(2026, 12, 1, 15, tzinfo=UTC)
SYMBOL = "UBER  261204P00078000"
TRADE = TradeId(channel_id=1, message_id=snowflake_at(NOW - timedelta(minutes=1), 7))
CONTRACT = Contract(
    symbol=SYMBOL,
    streamer_symbol=".UBER261204P78",
    instrument_type=InstrumentType.EQUITY_OPTION,
    underlying="UBER",
    multiplier=Decimal(100),
    ticks=TickSchedule.split("0.01", "3", "0.05"),
    expiry=date(2026, 12, 4),
    strike=Decimal(78),
    option_type=OptionType.PUT,
)
DEAD = (Life.TERMINATED, Life.FAILED)
ENDED = (Life.COMPLETED, Life.CANCELLED)


def entry(order_id: int = 1, status: OrderStatus = OrderStatus.LIVE, filled: int = 0, **more: object) -> BrokerOrder:
    """One of four contracts; every contract is a fill of its own."""
    trade = more.pop("trade", TRADE)
    assert isinstance(trade, TradeId)
    facts: dict[str, object] = {
        "order_id": order_id,
        "status": status,
        "symbol": SYMBOL,
        "action": LegAction.BUY_TO_OPEN,
        "order_type": OrderType.LIMIT,
        "quantity": 4,
        "identifier": trade.order_identifier(OrderRole.ENTRY, order_id),
        "price": Decimal("0.75"),
        "fills": tuple(Fill(fill_id=f"{order_id}-{n}", quantity=1, price=Decimal("0.75")) for n in range(filled)),
        "updated_at": NOW,
    }
    return BrokerOrder.model_validate(facts | more)


def exit_(order_id: int = 2, status: OrderStatus = OrderStatus.LIVE, filled: int = 0, quantity: int = 2) -> BrokerOrder:
    identifier = TRADE.order_identifier(OrderRole.EXIT, order_id)
    more = {"action": LegAction.SELL_TO_CLOSE, "quantity": quantity, "identifier": identifier}
    return entry(order_id, status, filled, **more)


BOUGHT = entry(1, OrderStatus.FILLED, 4)
CANCELLED = entry(1, OrderStatus.CANCELLED)


def view(
    entries: Iterable[BrokerOrder] = (),
    exits: Iterable[BrokerOrder] = (),
    state: TradeState = TradeState.WORKING,
    **more: object,
) -> TradeView:
    """The view of a trade that knows these records."""
    alert = Alert(
        action=Action.BTO,
        symbol="UBER",
        strike=Decimal(78),
        option_type=OptionType.PUT,
        expiry=date(2026, 12, 4),
        price=Decimal("0.75"),
    )
    facts: dict[str, object] = {
        "workflow_id": TRADE.workflow_id,
        "state": state,
        "alert": alert,
        "mode": Mode.PAPER,
        "dry_run": False,
        "contract": CONTRACT,
        "entries": tuple(entries),
        "exits": tuple(exits),
        "filled": sum(order.filled for order in entries),
        "exited": sum(order.filled for order in exits),
    }
    return TradeView.model_validate(facts | more)


def standing(life: Life, seen: TradeView | None = None) -> TradeStanding:
    return TradeStanding(workflow_id=TRADE.workflow_id, life=life, view=seen)


def book(*orders: BrokerOrder, held: int | None = None, **more: object) -> BrokerBook:
    positions = () if held is None else (Position(symbol=SYMBOL, quantity=Decimal(held)),)
    return BrokerBook.model_validate({"at": NOW, "orders": orders, "positions": positions} | more)


def only(findings: tuple[Finding, ...]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


# A trade that runs


def test_nothing_is_found_where_both_agree() -> None:
    known = view([BOUGHT], [exit_()])
    assert compare(book(BOUGHT, exit_(), held=4), [standing(Life.RUNNING, known)]) == ()


@pytest.mark.parametrize(
    ("known", "has"),
    [
        ([], entry()),
        ([entry()], entry(filled=1)),
        ([entry(filled=1)], BOUGHT),
        ([entry()], CANCELLED),
        ([entry(1, OrderStatus.CANCELLED)], entry(1, OrderStatus.CANCELLED, 1)),  # a fill after the cancel
    ],
)
def test_what_a_running_trade_has_not_heard_is_news_for_it(known: list[BrokerOrder], has: BrokerOrder) -> None:
    finding = only(compare(book(has, held=4), [standing(Life.RUNNING, view(known))]))
    assert (finding.news, finding.kind, finding.cancel) == (has, None, ())


def test_a_running_trade_that_knows_more_than_the_book_is_believed() -> None:
    stale = entry(filled=1, updated_at=NOW - timedelta(seconds=2))
    assert compare(book(stale, held=4), [standing(Life.RUNNING, view([BOUGHT]))]) == ()


@pytest.mark.parametrize("status", [OrderStatus.LIVE, OrderStatus.RECEIVED, OrderStatus.CONTINGENT])
def test_the_order_of_a_running_trade_is_never_cancelled(status: OrderStatus) -> None:
    for seen in (None, view(), view([entry(1, status)])):
        found = compare(book(entry(1, status)), [standing(Life.RUNNING, seen)])
        assert [finding.cancel for finding in found if finding.cancel] == []


def test_a_running_trade_that_does_not_answer_is_found() -> None:
    finding = only(compare(book(), [standing(Life.RUNNING)]))
    assert (finding.kind, finding.workflow_id) == (TroubleKind.TRADE_SILENT, TRADE.workflow_id)


def test_fewer_contracts_than_running_trades_bought_are_found() -> None:
    known = view([BOUGHT], [exit_(2, OrderStatus.LIVE, 1)])
    finding = only(compare(book(*known.entries, *known.exits, held=2), [standing(Life.RUNNING, known)]))
    assert (finding.kind, finding.key) == (TroubleKind.POSITION_SHORT, f"short:{SYMBOL}:2:3")


def test_two_trades_in_one_contract_need_the_sum() -> None:
    other = TradeId(channel_id=1, message_id=TRADE.message_id + 1)
    theirs = entry(9, OrderStatus.FILLED, 4, trade=other)
    trades = [
        standing(Life.RUNNING, view([BOUGHT])),
        TradeStanding(workflow_id=other.workflow_id, life=Life.RUNNING, view=view([theirs])),
    ]
    assert compare(book(BOUGHT, theirs, held=8), trades) == ()
    assert only(compare(book(BOUGHT, theirs, held=7), trades)).kind is TroubleKind.POSITION_SHORT


def test_more_in_the_account_than_trades_bought_is_somebody_elses() -> None:
    assert compare(book(BOUGHT, held=40), [standing(Life.RUNNING, view([BOUGHT]))]) == ()


def test_a_part_of_a_share_beside_a_trades_shares_is_no_difference() -> None:
    shares = (Position(symbol=SYMBOL, quantity=Decimal("4.25")),)
    known = [standing(Life.RUNNING, view([BOUGHT]))]
    assert compare(BrokerBook(at=NOW, orders=(BOUGHT,), positions=shares), known) == ()


# A trade that no longer runs


@pytest.mark.parametrize("life", [*DEAD, *ENDED])
@pytest.mark.parametrize("seen", [None, view([entry()])])
def test_the_working_entry_of_a_trade_that_is_over_is_cancelled(life: Life, seen: TradeView | None) -> None:
    finding = only(compare(book(entry()), [standing(life, seen)]))
    assert (finding.kind, finding.cancel, finding.workflow_id) == (TroubleKind.ORPHAN, (1,), TRADE.workflow_id)


@pytest.mark.parametrize("life", [*DEAD, *ENDED, Life.UNKNOWN])
def test_an_exit_is_never_cancelled(life: Life) -> None:
    for seen in (None, view([BOUGHT], [exit_()])):
        found = compare(book(BOUGHT, exit_()), [standing(life, seen)])
        assert all(not finding.cancel for finding in found)


@pytest.mark.parametrize("life", DEAD)
def test_what_a_terminated_trade_holds_is_told(life: Life) -> None:
    finding = only(compare(book(BOUGHT, exit_()), [standing(life, view([BOUGHT], [exit_()]))]))
    assert finding.kind is TroubleKind.ORPHAN
    assert finding.detail == f"its workflow is {life}: 4 held, 2 out for sale"


@pytest.mark.parametrize("life", ENDED)
def test_what_a_trade_holds_that_ended_by_itself_was_told_by_it(life: Life) -> None:
    known = view([BOUGHT], [exit_()], TradeState.CANCELLED)
    assert compare(book(BOUGHT, exit_()), [standing(life, known)]) == ()


@pytest.mark.parametrize("life", [*DEAD, *ENDED])
def test_a_fill_that_came_after_the_end_is_told(life: Life) -> None:
    known = view([CANCELLED], (), TradeState.NO_FILL)
    finding = only(compare(book(entry(1, OrderStatus.CANCELLED, 1)), [standing(life, known)]))
    assert (finding.kind, finding.cancel) == (TroubleKind.ORPHAN, ())
    assert "1 held" in finding.detail


@pytest.mark.parametrize("life", ENDED)
def test_an_exit_that_sold_after_the_end_is_good_news(life: Life) -> None:
    known = view([BOUGHT], [exit_()], TradeState.CANCELLED)
    sold = exit_(2, OrderStatus.FILLED, 2)
    finding = only(compare(book(BOUGHT, sold), [standing(life, known)]))
    assert (finding.kind, finding.detail) == (TroubleKind.SOLD_AFTER_END, "2 sold, 2 held, 0 out for sale")


@pytest.mark.parametrize("life", ENDED)
def test_a_trade_that_ended_after_the_book_was_read_left_nothing(life: Life) -> None:
    """The book still shows its order working; the trade has seen its end."""
    old = {"updated_at": NOW - timedelta(seconds=3)}
    assert compare(book(entry(**old)), [standing(life, view([CANCELLED], (), TradeState.NO_FILL))]) == ()
    known = view([BOUGHT], [exit_(2, OrderStatus.FILLED, 2)], TradeState.CLOSED)
    assert compare(book(entry(filled=2, **old), exit_()), [standing(life, known)]) == ()


@pytest.mark.parametrize("life", ENDED)
def test_of_a_trade_that_is_over_and_can_not_be_asked_only_a_working_entry_is_known(life: Life) -> None:
    assert compare(book(BOUGHT, exit_(2, OrderStatus.FILLED, 2)), [standing(life)]) == ()


@pytest.mark.parametrize("state", [TradeState.NO_FILL, TradeState.REFUSED, TradeState.CANCELLED])
def test_a_trade_that_ended_as_if_it_had_bought_nothing_and_holds_something_is_told(state: TradeState) -> None:
    """The fill was heard, but only while the trade waited for its last audit rows."""
    late = entry(1, OrderStatus.CANCELLED, 2)
    known = view([late], (), state, exit_quantity=1)
    assert only(compare(book(late), [standing(Life.COMPLETED, known)])).kind is TroubleKind.ORPHAN


def test_one_contract_that_a_cancelled_trade_holds_without_an_exit_is_as_it_should_be() -> None:
    one = entry(1, OrderStatus.CANCELLED, 1)
    known = view([one], (), TradeState.CANCELLED, exit_quantity=0)
    assert compare(book(one), [standing(Life.CANCELLED, known)]) == ()


# A trade that Temporal never heard of


def test_an_entry_of_an_unknown_trade_is_told_at_once_and_cancelled_only_when_no_ladder_can_still_work_it() -> None:
    """It may be another installation's on the same account, and healthy."""
    for trades in ([], [standing(Life.UNKNOWN)]):
        young = only(compare(book(entry()), trades))
        assert (young.kind, young.cancel) == (TroubleKind.ORPHAN, ())
        old = only(compare(book(entry(), at=NOW + timedelta(minutes=15)), trades))
        assert (old.kind, old.cancel) == (TroubleKind.ORPHAN, (1,))


def test_an_exit_that_outlived_what_temporal_remembers_and_sold_is_good_news() -> None:
    assert only(compare(book(exit_(2, OrderStatus.FILLED, 2)), [])).kind is TroubleKind.SOLD_AFTER_END


# What is none of ours, and what can't be read


@pytest.mark.parametrize("identifier", [None, "", "somebody", "al-nonsense", "al-1-2-0e00x", "AL-1-2-0e00"])
@pytest.mark.parametrize("life", [None, Life.TERMINATED, Life.RUNNING])
def test_an_order_that_is_not_ours_is_in_no_finding(identifier: str | None, life: Life | None) -> None:
    trades = [] if life is None else [standing(life, view())]
    assert compare(book(entry(identifier=identifier), foreign=1), trades) == ()


def test_a_record_of_ours_that_can_not_be_read_is_told() -> None:
    finding = only(compare(book(unreadable=("77 (al-1-2-0e00)",)), []))
    assert (finding.kind, finding.key) == (TroubleKind.RECORD_UNREADABLE, "unreadable:77 (al-1-2-0e00)")


def test_a_rehearsal_holds_nothing_and_is_asked_for_no_order() -> None:
    rehearsed = standing(Life.RUNNING, view([BOUGHT], [exit_()], dry_run=True))
    assert compare(book(), [rehearsed]) == ()
    assert counted_on(book(), [rehearsed]) == ()


# What trades count on


def test_a_working_order_that_no_list_shows_is_to_be_asked_for() -> None:
    trades = [standing(Life.RUNNING, view([BOUGHT], [exit_()]))]
    assert counted_on(book(BOUGHT), trades) == ((TRADE.workflow_id, exit_()),)
    assert counted_on(book(BOUGHT, exit_()), trades) == ()


def test_nobody_counts_on_what_is_over() -> None:
    known = view([CANCELLED], [exit_()])
    assert counted_on(book(exit_()), [standing(Life.RUNNING, known)]) == ()
    assert counted_on(book(), [standing(Life.TERMINATED, known), standing(Life.UNKNOWN)]) == ()


# Invariant 20


STATUSES = st.sampled_from([OrderStatus.LIVE, OrderStatus.RECEIVED, OrderStatus.CANCELLED, OrderStatus.FILLED])
ENTRIES = st.builds(entry, st.integers(1, 3), STATUSES, st.integers(0, 4))
EXITS = st.builds(exit_, st.integers(4, 5), STATUSES, st.integers(0, 2))
ORDERS = st.lists(ENTRIES | EXITS, max_size=5, unique_by=lambda order: order.order_id)
VIEWS = st.none() | st.builds(view, st.lists(ENTRIES, max_size=3, unique_by=lambda order: order.order_id))


def healed(was: BrokerBook, trade: TradeStanding, findings: Iterable[Finding]) -> tuple[BrokerBook, TradeStanding]:
    """The facts after the healing: what was cancelled is, and what was told is known."""
    gone = {order_id for finding in findings for order_id in finding.cancel}
    end = {"status": OrderStatus.CANCELLED, "updated_at": NOW + timedelta(seconds=1)}
    orders = tuple(order.model_copy(update=end) if order.order_id in gone else order for order in was.orders)
    if trade.view is None:
        return was.model_copy(update={"orders": orders}), trade
    known = {order.order_id: order for order in (*trade.view.entries, *trade.view.exits)}
    for news in (finding.news for finding in findings if finding.news is not None):
        known[news.order_id] = merged(known.get(news.order_id), news)
    entries = [order for order in known.values() if order.action.is_buy]
    exits = [order for order in known.values() if not order.action.is_buy]
    return was.model_copy(update={"orders": orders}), trade.model_copy(update={"view": view(entries, exits)})


@given(orders=ORDERS, seen=VIEWS, life=st.sampled_from(Life), age=st.integers(0, 60))
def test_after_the_healing_nothing_is_left_to_heal(
    orders: list[BrokerOrder], seen: TradeView | None, life: Life, age: int
) -> None:
    first = book(*orders, at=NOW + timedelta(minutes=age))
    before = standing(life, seen)
    found = compare(first, [before])
    assert found == compare(first, [before])

    again = compare(*(lambda after: (after[0], [after[1]]))(healed(first, before, found)))

    assert [finding for finding in again if finding.cancel or finding.news] == []
    told = {finding.kind for finding in found} | {None, TroubleKind.POSITION_SHORT, TroubleKind.SOLD_AFTER_END}
    assert {finding.kind for finding in again} <= told


@given(orders=ORDERS, seen=VIEWS, life=st.sampled_from(Life))
def test_only_working_entries_of_trades_that_do_not_run_are_ever_cancelled(
    orders: list[BrokerOrder], seen: TradeView | None, life: Life
) -> None:
    by_id = {order.order_id: order for order in orders}
    for finding in compare(book(*orders, at=NOW + timedelta(hours=1)), [standing(life, seen)]):
        assert not (finding.cancel and life is Life.RUNNING)
        for order_id in finding.cancel:
            assert by_id[order_id].action.is_buy
            assert not by_id[order_id].status.is_terminal


def sold_first(filled: int = 4) -> tuple[BrokerOrder, TradeView]:
    """A running trade that sold so many first, and its entry."""
    order = entry(1, OrderStatus.FILLED, filled, action=LegAction.SELL_TO_OPEN)
    told = view([order])
    return order, told.model_copy(update={"alert": told.alert.model_copy(update={"action": Action.STO})})


def test_a_short_position_of_ours_is_expected() -> None:
    order, known = sold_first()
    for held in (-4, -6):  # somebody else may be short of it, too
        assert compare(book(order, held=held), [standing(Life.RUNNING, known)]) == ()


@pytest.mark.parametrize("held", [-3, 0, 400])
def test_a_short_position_that_was_assigned_or_bought_by_hand_is_reported_and_no_reason_to_halt(held: int) -> None:
    order, known = sold_first()
    finding = only(compare(book(order, held=held), [standing(Life.RUNNING, known)]))
    assert (finding.kind, finding.key) == (TroubleKind.SHORT_GONE, f"assigned:{SYMBOL}:{held}:-4")
    assert TroubleKind.SHORT_GONE not in TRIPS


def test_what_a_dead_trade_left_short_is_called_so() -> None:
    order, known = sold_first()
    finding = only(compare(book(order, held=-4), [standing(Life.TERMINATED, known)]))
    assert finding.kind is TroubleKind.ORPHAN
    assert "4 short, 0 out to be bought back" in finding.detail


def test_the_trade_that_sold_what_is_gone_is_named_with_how_much_that_is() -> None:
    order, known = sold_first()
    holding = known.model_copy(update={"state": TradeState.HOLDING})
    for held, quantity in ((-3, 1), (0, 4), (400, 4)):
        finding = only(compare(book(order, held=held), [standing(Life.RUNNING, holding)]))
        assert finding.gone == (ShortGone(workflow_id=TRADE.workflow_id, quantity=quantity),)
        assert finding.workflow_id == TRADE.workflow_id


def test_what_it_was_told_is_in_the_total_and_is_not_found_again() -> None:
    order, known = sold_first()
    told = known.model_copy(update={"state": TradeState.HOLDING, "gone": 1})
    assert compare(book(order, held=-3), [standing(Life.RUNNING, told)]) == ()
    finding = only(compare(book(order, held=-1), [standing(Life.RUNNING, told)]))
    assert finding.gone == (ShortGone(workflow_id=TRADE.workflow_id, quantity=3),)


def test_no_trade_is_named_while_it_sells_or_has_not_heard_of_all_its_orders() -> None:
    order, known = sold_first()
    assert only(compare(book(order, held=0), [standing(Life.RUNNING, known)])).gone == ()
    holding = known.model_copy(update={"state": TradeState.HOLDING})
    unheard = exit_(2, OrderStatus.FILLED, 2).model_copy(update={"action": LegAction.BUY_TO_CLOSE})
    found = compare(book(order, unheard, held=-2), [standing(Life.RUNNING, holding)])
    assert [(finding.kind, finding.gone) for finding in found] == [(None, ()), (TroubleKind.SHORT_GONE, ())]


def test_of_several_trades_in_one_contract_the_oldest_is_taken_to_be_hit_first() -> None:
    younger = TradeId(channel_id=1, message_id=TRADE.message_id + 1)
    order, known = sold_first()
    holding = known.model_copy(update={"state": TradeState.HOLDING})
    other = holding.model_copy(update={"workflow_id": younger.workflow_id})
    trades = [
        TradeStanding(workflow_id=younger.workflow_id, life=Life.RUNNING, view=other),
        standing(Life.RUNNING, holding),
    ]
    finding = only(compare(book(order, held=-3), trades))
    assert [(one.workflow_id, one.quantity) for one in finding.gone] == [
        (TRADE.workflow_id, 4),
        (younger.workflow_id, 1),
    ]


def test_a_trade_that_ended_with_what_is_gone_leaves_nothing_behind() -> None:
    order, known = sold_first()
    ended = known.model_copy(update={"state": TradeState.GONE, "gone": 4})
    assert compare(book(order, held=0), [standing(Life.COMPLETED, ended)]) == ()


CALL = "UBER  261204C00078000"


def covered_call(short: int = 2) -> TradeStanding:
    """A running trade that sold so many calls first."""
    order = entry(1, OrderStatus.FILLED, short, action=LegAction.SELL_TO_OPEN, symbol=CALL)
    told = view([order], state=TradeState.HOLDING)
    contract = CONTRACT.model_copy(update={"symbol": CALL, "option_type": OptionType.CALL})
    alert = told.alert.model_copy(update={"action": Action.STO, "option_type": OptionType.CALL})
    return standing(Life.RUNNING, told.model_copy(update={"alert": alert, "contract": contract}))


def account(calls: int, shares: int) -> BrokerBook:
    order = entry(1, OrderStatus.FILLED, 2, action=LegAction.SELL_TO_OPEN, symbol=CALL)
    positions = (Position(symbol=CALL, quantity=Decimal(calls)), Position(symbol="UBER", quantity=Decimal(shares)))
    return book(order, positions=positions)


@pytest.mark.parametrize("shares", [200, 900])
def test_calls_that_the_accounts_shares_cover_are_no_trouble(shares: int) -> None:
    assert compare(account(-2, shares), [covered_call()]) == ()


def test_calls_whose_shares_were_sold_by_hand_are_told_and_no_reason_to_halt() -> None:
    finding = only(compare(account(-2, 150), [covered_call()]))
    assert (finding.kind, finding.key) == (TroubleKind.COVER_MISSING, "cover:UBER:150:200")
    assert finding.detail == "UBER: the account holds 150, the calls need 200"
    assert TroubleKind.COVER_MISSING not in TRIPS


def test_calls_that_were_assigned_with_their_shares_lack_none() -> None:
    findings = compare(account(-1, 100), [covered_call()])
    assert [finding.kind for finding in findings] == [TroubleKind.SHORT_GONE]


def test_a_put_needs_no_shares() -> None:
    order, known = sold_first()
    assert compare(book(order, held=-4), [standing(Life.RUNNING, known)]) == ()
