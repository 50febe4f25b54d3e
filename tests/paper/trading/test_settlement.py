"""What is left at expiry: exercised, assigned, settled in cash, or worth nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.alert import OptionType
from paper.trading.broker import RefusedOrderError
from paper.trading.deliveries import Delivery, DeliveryKind
from paper.trading.order_form import LegForm, OrderForm
from paper.trading.store import Store
from paper.trading.words import Action, OrderType, TimeInForce
from tests.paper.trading.floor import Floor, leg

CALL, PUT = "UBER  261127C00080000", "UBER  261127P00080000"  # a Friday that closes at 13:00 in New York
HIGHER_CALL = "UBER  261127C00085000"
CLOSE = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
AM_CALL, PM_CALL = "SPX   261218C06700000", "SPXW  261127C06700000"
FUTURE = "/ESZ6"


def kinds(floor: Floor) -> list[DeliveryKind]:
    return [entry.kind for entry in floor.exchange.book.history if isinstance(entry, Delivery)]


def test_nothing_happens_before_the_early_close_of_the_last_session(floor: Floor) -> None:
    floor.trade(CALL, Action.BUY_TO_OPEN, 1, "1.00")
    floor.pass_to(CLOSE - timedelta(seconds=1))
    assert floor.held() == {CALL: 1}


def test_an_option_out_of_the_money_expires_worthless_and_free_of_charge(floor: Floor) -> None:
    floor.trade(CALL, Action.BUY_TO_OPEN, 2, "1.00")
    floor.mark("UBER", "80.00")
    cash = floor.exchange.account.cash
    floor.pass_to(CLOSE)
    assert (floor.held(), floor.exchange.account.cash, kinds(floor)) == ({}, cash, [DeliveryKind.EXPIRATION])
    assert floor.exchange.account.positions[CALL].realised_today == -200


def test_a_long_call_a_cent_in_the_money_is_exercised_into_shares_at_the_strike(floor: Floor) -> None:
    floor.trade(CALL, Action.BUY_TO_OPEN, 2, "1.00")
    floor.mark("UBER", "80.01")
    cash = floor.exchange.account.cash
    floor.pass_to(CLOSE)
    assert floor.held() == {"UBER": 200}
    assert floor.exchange.account.positions["UBER"].average_price == 80
    assert floor.exchange.account.cash == cash - 200 * 80 - 10


def test_a_short_put_in_the_money_is_assigned_even_when_the_account_cannot_pay(floor: Floor) -> None:
    floor.trade(PUT, Action.SELL_TO_OPEN, 1, "1.00")
    floor.mark("UBER", "70.00")
    floor.exchange.set_cash(Decimal(1000))
    floor.pass_to(CLOSE)
    assert floor.held() == {"UBER": 100}
    assert floor.exchange.account.cash == 1000 - 8000 - 5
    assert floor.exchange.available() < 0


def test_a_long_put_delivers_the_shares_that_are_held(floor: Floor) -> None:
    floor.trade("UBER", Action.BUY_TO_OPEN, 150, "75.00")
    floor.trade(PUT, Action.BUY_TO_OPEN, 1, "1.00")
    floor.mark("UBER", "70.00")
    floor.pass_to(CLOSE)
    assert floor.held() == {"UBER": 50}
    assert floor.exchange.account.positions["UBER"].realised_today == 500


def test_a_delivery_that_turns_a_position_round_closes_it_first(floor: Floor) -> None:
    floor.trade("UBER", Action.BUY_TO_OPEN, 30, "75.00")
    floor.trade(PUT, Action.BUY_TO_OPEN, 1, "1.00")
    floor.mark("UBER", "70.00")
    floor.pass_to(CLOSE)
    rows = [entry for entry in floor.exchange.book.history if isinstance(entry, Delivery)]
    assert [(row.action, row.change, row.fees) for row in rows] == [
        (None, -1, 0),
        (Action.SELL_TO_CLOSE, -30, 5),
        (Action.SELL_TO_OPEN, -70, 0),
    ]
    assert floor.held() == {"UBER": -70}


def test_a_long_option_that_the_account_cannot_pay_for_is_sold_at_what_it_is_worth(floor: Floor) -> None:
    floor.trade(CALL, Action.BUY_TO_OPEN, 1, "1.00")
    floor.mark("UBER", "83.25")
    floor.exchange.set_cash(Decimal(1000))
    floor.pass_to(CLOSE)
    assert (floor.held(), kinds(floor)) == ({}, [DeliveryKind.SOLD_OUT])
    assert floor.exchange.account.cash == 1000 + 325 - Decimal("0.12")


def test_a_spread_in_the_money_ends_in_the_difference_of_its_strikes(floor: Floor) -> None:
    """The assigned shares are sold before the exercised ones are paid for, so little cash is enough."""
    floor.trade(CALL, Action.BUY_TO_OPEN, 1, "4.00")
    floor.trade(HIGHER_CALL, Action.SELL_TO_OPEN, 1, "2.00")
    floor.mark("UBER", "90.00")
    floor.exchange.set_cash(Decimal(100))
    floor.pass_to(CLOSE)
    assert floor.held() == {}
    assert kinds(floor)[0] is DeliveryKind.ASSIGNMENT
    assert floor.exchange.account.cash == 100 + 500 - 10


def test_a_pm_index_option_is_settled_in_cash_at_the_close(floor: Floor) -> None:
    floor.trade(PM_CALL, Action.BUY_TO_OPEN, 1, "10.00")
    floor.mark("SPX", "6712.50")
    cash = floor.exchange.account.cash
    floor.pass_to(CLOSE)
    assert (floor.held(), kinds(floor)) == ({}, [DeliveryKind.CASH_EXERCISE])
    assert floor.exchange.account.cash == cash + 1250 - 5
    assert floor.exchange.account.positions[PM_CALL].realised_today == 250


def test_a_short_index_option_pays_what_it_is_worth(floor: Floor) -> None:
    floor.trade(PM_CALL, Action.SELL_TO_OPEN, 1, "10.00")
    floor.mark("SPX", "6703.64")
    cash = floor.exchange.account.cash
    floor.pass_to(CLOSE)
    assert kinds(floor) == [DeliveryKind.CASH_ASSIGNMENT]
    assert floor.exchange.account.cash == cash - 364 - 5


def test_an_am_index_option_trades_no_more_after_the_session_before_and_is_settled_at_the_open(floor: Floor) -> None:
    floor.now = datetime(2026, 12, 17, 16, 0, tzinfo=UTC)
    floor.trade(AM_CALL, Action.BUY_TO_OPEN, 1, "10.00")
    working = floor.order(leg(AM_CALL, Action.SELL_TO_CLOSE, 1), price="99.00", effect="Credit")
    floor.mark("SPX", "6710.00")
    floor.pass_to(datetime(2026, 12, 17, 21, 0, tzinfo=UTC))
    assert (working.status, floor.held()) == ("Expired", {AM_CALL: 1})
    with pytest.raises(RefusedOrderError, match="instrument_validation_failed"):
        floor.exchange.broker.place(one_leg(leg(AM_CALL, Action.SELL_TO_CLOSE, 1)))
    floor.mark("SPX", "6720.00")
    floor.pass_to(datetime(2026, 12, 18, 14, 30, tzinfo=UTC))
    assert floor.exchange.account.positions[AM_CALL].realised_today == 1000


def one_leg(asked: Any) -> OrderForm:
    form = LegForm(
        instrument_type=asked.instrument_type, symbol=asked.symbol, action=asked.action, quantity=asked.quantity
    )
    return OrderForm(
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.DAY,
        legs=(form,),
        price=Decimal("1.00"),
        price_effect="Credit",
    )


def test_a_future_is_settled_at_its_last_price(floor: Floor) -> None:
    floor.trade(FUTURE, Action.SELL, 2, "6700.00")
    floor.mark(FUTURE, "6690.50")
    cash = floor.exchange.account.cash
    floor.pass_to(datetime(2026, 12, 18, 14, 30, tzinfo=UTC))
    assert (floor.held(), kinds(floor)) == ({}, [DeliveryKind.FUTURES_SETTLEMENT])
    assert floor.exchange.account.cash == cash + 2 * Decimal("9.50") * 50


def test_a_future_that_left_the_list_is_settled_where_its_walk_stands(floor: Floor) -> None:
    floor.trade(FUTURE, Action.BUY, 1, "6700.00")
    cash = floor.exchange.account.cash
    floor.pass_to(datetime(2027, 1, 20, 16, 0, tzinfo=UTC))
    assert floor.held() == {}
    assert (floor.exchange.account.cash - cash) % Decimal("12.50") == 0  # a tick


@pytest.mark.parametrize(
    ("action", "mid", "held", "happened"),
    [
        (Action.BUY_TO_OPEN, 40, 2, DeliveryKind.EXERCISE),
        (Action.SELL_TO_OPEN, 40, -2, DeliveryKind.ASSIGNMENT),
        (Action.BUY_TO_OPEN, -40, 0, DeliveryKind.EXPIRATION),
    ],
)
def test_an_option_on_a_future_is_exercised_into_it_at_the_strike(
    floor: Floor, action: Action, mid: int, held: int, happened: DeliveryKind
) -> None:
    series = floor.exchange.listings.future_chain("ES")[0]
    strike = next(strike for strike in series.strikes if strike >= 6700)
    option, future = series.symbol(strike, OptionType.CALL), series.future.symbol
    floor.trade(option, action, 2, "20.00")
    floor.mark(future, str(strike + mid))
    cash = floor.exchange.account.cash
    floor.pass_to(series.expires_at)
    assert floor.exchange.account.held(future) == held
    assert floor.exchange.account.held(option) == 0
    assert kinds(floor)[0] is happened
    if held:
        assert floor.exchange.account.positions[future].average_price == strike
        assert floor.exchange.account.cash == cash - 10
    floor.pass_to(datetime(2026, 12, 18, 14, 30, tzinfo=UTC))
    assert floor.held() == {}
    assert floor.exchange.account.cash == cash + (held * 40 * 50 - 10 if held else 0)


def test_orders_expire_before_the_position_that_they_would_close(floor: Floor) -> None:
    floor.trade(CALL, Action.BUY_TO_OPEN, 1, "1.00")
    working = floor.order(leg(CALL, Action.SELL_TO_CLOSE, 1), price="9.00", effect="Credit")
    seen: list[str] = []
    floor.exchange.book.order_changed.append(lambda order: seen.append(order.status.value))
    floor.exchange.book.delivered.append(lambda delivery: seen.append(delivery.kind.value))
    floor.mark("UBER", "79.00")
    floor.pass_to(CLOSE)
    assert (working.status, seen) == ("Expired", ["Expired", "Expiration"])


def test_what_came_due_in_one_leap_is_settled_in_its_order_and_dated_when_it_ended(floor: Floor) -> None:
    floor.trade("UBER  261204P00080000", Action.BUY_TO_OPEN, 1, "1.00")
    floor.trade(PM_CALL, Action.BUY_TO_OPEN, 1, "1.00")
    floor.trade(FUTURE, Action.BUY, 1, "6700.00")
    floor.pass_to(datetime(2027, 2, 1, 16, 0, tzinfo=UTC))
    rows = [entry for entry in floor.exchange.book.history if isinstance(entry, Delivery)]
    moments = [CLOSE, datetime(2026, 12, 4, 21, tzinfo=UTC), datetime(2026, 12, 18, 14, 30, tzinfo=UTC)]
    assert sorted({row.at for row in rows}) == moments
    assert [row.at for row in rows] == sorted(row.at for row in rows)


async def test_what_ended_while_nobody_was_here_is_settled_at_the_start(floor: Floor) -> None:
    floor.trade(CALL, Action.BUY_TO_OPEN, 1, "1.00")
    working = floor.order(leg(CALL, Action.SELL_TO_CLOSE, 1), price="0.01", effect="Credit")
    floor.mark("UBER", "79.00")
    floor.now = CLOSE + timedelta(days=30)
    floor.restart()
    floor.exchange.start()
    assert floor.held() == {}
    assert floor.exchange.book.orders[working.id].status == "Expired"
    assert kinds(floor) == [DeliveryKind.EXPIRATION]
    await floor.exchange.background.stop()


class KilledError(Exception):
    """The process ends here."""


def kill(_: Any) -> None:
    raise KilledError


def test_a_kill_between_the_commit_and_its_announcement_changes_nothing(floor: Floor) -> None:
    floor.trade(CALL, Action.BUY_TO_OPEN, 1, "1.00")
    floor.mark("UBER", "85.00")
    cash = floor.exchange.account.cash
    floor.exchange.book.delivered.append(kill)
    with pytest.raises(KilledError):
        floor.pass_to(CLOSE)
    floor.restart()
    for _ in range(2):
        assert (floor.exchange.account.cash, floor.held()) == (cash - 8005, {"UBER": 100})
        assert kinds(floor) == [DeliveryKind.EXERCISE, DeliveryKind.DELIVERED]
        floor.exchange.ring_bells()


def test_a_kill_before_the_commit_settles_it_the_next_time(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.trade(CALL, Action.BUY_TO_OPEN, 1, "1.00")
    floor.mark("UBER", "85.00")
    cash = floor.exchange.account.cash
    with monkeypatch.context() as patch:
        patch.setattr(Store, "save", lambda *_, **__: kill(None))
        with pytest.raises(KilledError):
            floor.pass_to(CLOSE)
    floor.restart()
    assert (floor.exchange.account.cash, floor.held()) == (cash, {CALL: 1})
    floor.exchange.ring_bells()
    assert (floor.exchange.account.cash, floor.held()) == (cash - 8005, {"UBER": 100})


def test_transactions_keep_their_numbers_through_a_restart(floor: Floor) -> None:
    floor.trade(CALL, Action.BUY_TO_OPEN, 1, "1.00")
    floor.mark("UBER", "85.00")
    floor.pass_to(CLOSE)
    floor.trade("UBER", Action.SELL_TO_CLOSE, 100, "85.00")
    before = [entry.symbol for entry in floor.exchange.book.history]
    floor.restart()
    assert [entry.symbol for entry in floor.exchange.book.history] == before == [CALL, CALL, "UBER", "UBER"]
