"""Cash and positions, to the cent."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.contract import InstrumentType
from paper.trading.account import Account
from paper.trading.fees import fees_for
from paper.trading.orders import Execution
from paper.trading.words import Action

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def new_account(cash: str = "10000") -> Account:
    return Account("5WX00042", Decimal(cash), {})


def execution(
    action: Action,
    quantity: int,
    price: str,
    *,
    kind: InstrumentType = InstrumentType.EQUITY_OPTION,
    multiplier: int = 100,
    at: datetime = NOW,
) -> Execution:
    fees = fees_for(kind, "UBER", quantity, opening=action.is_opening)
    return Execution(
        fill_id=f"SIM-{next(_numbers)}",
        order_id=1,
        identifier=None,
        symbol="X",
        instrument_type=kind,
        underlying="UBER",
        multiplier=Decimal(multiplier),
        action=action,
        quantity=quantity,
        price=Decimal(price),
        commission=fees.commission,
        clearing_fees=fees.clearing,
        regulatory_fees=fees.regulatory,
        at=at,
    )


def test_opening_an_option_costs_its_premium_and_1_12_a_contract() -> None:
    account = new_account()
    account.book(execution(Action.BUY_TO_OPEN, 2, "1.10"))
    assert account.cash == Decimal(10000) - Decimal(220) - Decimal("2.24")


def test_closing_an_option_costs_0_12_a_contract_and_realises_the_gain() -> None:
    account = new_account()
    account.book(execution(Action.BUY_TO_OPEN, 2, "1.10"))
    before = account.cash
    account.book(execution(Action.SELL_TO_CLOSE, 1, "2.20"))
    assert account.cash == before + 220 - Decimal("0.12")
    assert account.positions["X"].realised_today == Decimal(110)
    assert account.held("X") == 1


def test_the_average_price_weighs_what_was_bought_and_ignores_what_was_sold() -> None:
    account = new_account()
    account.book(execution(Action.BUY_TO_OPEN, 1, "1.00"))
    account.book(execution(Action.BUY_TO_OPEN, 3, "2.00"))
    account.book(execution(Action.SELL_TO_CLOSE, 2, "5.00"))
    assert account.positions["X"].average_price == Decimal("1.75")


def test_selling_through_zero_leaves_a_short_at_the_new_price() -> None:
    account = new_account()
    account.book(execution(Action.BUY_TO_OPEN, 1, "1.00"))
    account.book(execution(Action.SELL_TO_CLOSE, 3, "2.00"))
    position = account.positions["X"]
    assert (position.quantity, position.average_price, position.realised_today) == (-2, Decimal("2.00"), Decimal(100))


def test_a_future_moves_cash_only_by_its_gain() -> None:
    account = new_account()
    account.book(execution(Action.BUY, 1, "6700.00", kind=InstrumentType.FUTURE, multiplier=50))
    account.book(execution(Action.SELL, 1, "6710.00", kind=InstrumentType.FUTURE, multiplier=50))
    assert account.cash == Decimal(10000) + 500 - 2 * Decimal("1.55")


def test_a_new_day_starts_realised_gains_anew() -> None:
    account = new_account()
    account.book(execution(Action.BUY_TO_OPEN, 2, "1.00"))
    account.book(execution(Action.SELL_TO_CLOSE, 1, "2.00"))
    account.book(execution(Action.SELL_TO_CLOSE, 1, "3.00", at=NOW + timedelta(days=1)))
    assert account.positions["X"].realised_today == Decimal(200)


def test_cash_positions_and_fees_add_up_over_random_trading() -> None:
    dice = random.Random(11)
    account, paid = new_account(), Decimal(0)
    signed, cost = 0, Decimal(0)
    for _ in range(500):
        action = dice.choice([Action.BUY_TO_OPEN, Action.SELL_TO_CLOSE])
        trade = execution(action, dice.randint(1, 9), str(Decimal(dice.randint(1, 500)) / 100))
        account.book(trade)
        paid += trade.fees
        signed += trade.signed_quantity
        cost += trade.signed_quantity * trade.price * 100
    position = account.positions["X"]
    assert position.quantity == signed
    assert account.cash == Decimal(10000) - cost - paid
    worth_of_books = position.average_price * position.quantity * 100 - position.realised_today
    assert round(worth_of_books - cost, 6) == 0
