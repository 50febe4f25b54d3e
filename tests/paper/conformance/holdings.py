"""The account: cash, positions, fees and history, to the cent."""

from decimal import Decimal
from typing import Any

from tastytrade import Account
from tastytrade.instruments import Future
from tastytrade.order import MarketOrder, OrderAction, OrderTimeInForce

from paper.trading import account as books
from paper.trading import book
from paper.trading.account import Position
from paper.trading.fees import Fees
from paper.wire import account_json, rest_account, rest_transactions
from tests.paper.conformance.point import Source, around, instead, none_found, point, with_changes, without
from tests.paper.conformance.stage import Stage


def _with_cash(account: books.Account, cash: Decimal, change: Decimal) -> Decimal:
    account.cash = cash
    return change


@point(
    Source.RECORDED,
    {
        "trading is free": instead(book, "fees_for", lambda *_, **__: Fees()),
        "fees are whole dollars": around(
            book, "fees_for", lambda fees: lambda *a, **k: Fees(*(round(fee) for fee in fees(*a, **k)))
        ),
        "the cash stands still": around(
            books.Account, "book", lambda book_: lambda self, *a: _with_cash(self, self.cash, book_(self, *a))
        ),
    },
)
async def the_cash_of_a_round_trip_is_right_to_the_cent(stage: Stage) -> None:
    """Premiums and fees of each fill, in the balance, in the day's fees and in the history's net values."""
    await stage.held(2)
    sold = (await stage.place(stage.ticket.sell(2, "1.00"))).id
    await stage.settled(sold, "Filled")
    balances = await stage.account.get_balances(stage.session)
    assert balances.cash_balance == 100_000 - 220 - Decimal("2.24") + 200 - Decimal("0.24")
    assert balances.net_liquidating_value == balances.cash_balance
    assert (await stage.account.get_total_fees(stage.session)).total_fees == -Decimal("2.48")
    trades = await stage.account.get_history(stage.session)
    assert [trade.net_value for trade in trades] == [Decimal("199.76"), Decimal("-222.24")]
    assert (trades[0].order_id, trades[0].transaction_type) == (sold, "Trade")


@point(
    Source.DOCUMENTED,
    {
        "the last price": instead(Position, "average_price", Decimal("1.30")),
        "closing changes it": around(
            Position,
            "_released",
            lambda released: lambda position, cost, closing: released(position, cost, closing) / 2,
        ),
    },
)
async def a_position_has_the_average_of_its_opening_fills(stage: Stage) -> None:
    """Bought 1 at 1.10 and 3 at 1.30: 1.25, also after one is sold; the difference is realised."""
    await stage.held(1)
    await stage.quote("1.20", "1.30")
    await stage.settled((await stage.place(stage.ticket.buy(3, "1.30"))).id, "Filled")
    [position] = await stage.account.get_positions(stage.session)
    assert (position.quantity, position.average_open_price) == (4, Decimal("1.25"))
    await stage.settled((await stage.place(stage.ticket.sell(1, "1.20"))).id, "Filled")
    [position] = await stage.account.get_positions(stage.session)
    assert (position.quantity, position.average_open_price) == (3, Decimal("1.25"))
    assert position.realized_today == -5


def _everything(request: Any, paper: Any) -> Any:
    account = paper.exchange.account
    rows = [rest_account.position_json(p, account.number) for p in account.positions.values()]
    return rest_account.one(request, {"items": rows})


@point(
    Source.DOCUMENTED,
    {
        "marks for everybody": around(
            rest_account, "position_json", with_changes(lambda _: {"mark": "1.0", "mark-price": "1.0"})
        ),
        "negative": around(
            rest_account,
            "position_json",
            with_changes(
                lambda w: {"quantity": -w["quantity"] if w["quantity-direction"] == "Short" else w["quantity"]}
            ),
        ),
        "always long": around(rest_account, "position_json", with_changes(lambda _: {"quantity-direction": "Long"})),
        "no filter": lambda patch, paper: patch.setattr(
            "paper.wire.rest_account.listed", lambda request, _: _everything(request, paper)
        ),
    },
)
async def a_quantity_is_positive_and_its_direction_stands_beside_it(stage: Stage) -> None:
    """Long, Short, or Zero for what was closed, which is listed on demand only, as marks are."""
    await stage.settled((await stage.place(stage.ticket.sell(2, "1.00"))).id, "Filled")
    [position] = await stage.account.get_positions(stage.session)
    assert (position.quantity, position.quantity_direction, position.cost_effect) == (2, "Short", "Debit")
    assert (position.mark, position.mark_price) == (None, None)
    [marked] = await stage.account.get_positions(stage.session, include_marks=True)
    assert marked.mark == marked.mark_price == Decimal("1.05")
    assert await stage.account.get_positions(stage.session, underlying_symbols=["SPY"]) == []
    cover = MarketOrder(time_in_force=OrderTimeInForce.DAY, legs=[stage.option.build_leg(2, OrderAction.BUY_TO_CLOSE)])
    await stage.settled((await stage.place(cover)).id, "Filled")
    assert await stage.account.get_positions(stage.session) == []
    [closed] = await stage.account.get_positions(stage.session, include_closed=True)
    assert (closed.quantity, closed.quantity_direction) == (0, "Zero")


@point(
    Source.DOCUMENTED,
    {
        "paid in full": around(
            Position, "value", lambda value: lambda self, mark: mark * self.quantity * self.multiplier
        ),
        "no margin": lambda patch, _: patch.setattr("paper.trading.margin.Margin.futures", lambda *_: Decimal(0)),
    },
)
async def a_future_ties_up_margin_and_costs_only_its_fees(stage: Stage) -> None:
    """Its gains count at once; its multiplier is a number that may be a fraction for micros."""
    month = next(one for one in await Future.get(stage.session, product_codes=["MES"]) if one.active_month)
    await stage.quote("6700.00", "6700.25", symbol=month.symbol)
    order = MarketOrder(time_in_force=OrderTimeInForce.DAY, legs=[month.build_leg(1, OrderAction.BUY)])
    await stage.settled((await stage.place(order)).id, "Filled")
    await stage.quote("6710.00", "6710.50", symbol=month.symbol)
    balances = await stage.account.get_balances(stage.session)
    assert balances.cash_balance == 100_000 - Decimal("1.55")
    assert balances.net_liquidating_value == balances.cash_balance + 5 * Decimal("10")
    assert balances.futures_margin_requirement > 1000
    assert balances.derivative_buying_power == balances.net_liquidating_value - balances.futures_margin_requirement


@point(
    Source.RECORDED,
    {
        "no fees": around(rest_transactions, "transaction_json", without("commission", "clearing-fees")),
        "gross": around(rest_transactions, "transaction_json", with_changes(lambda w: {"net-value": w["value"]})),
        "any symbol": instead(rest_transactions, "_symbol_filters", none_found),
    },
)
async def each_fill_is_a_transaction_with_its_order_and_its_fees(stage: Stage) -> None:
    """Newest first, by symbol and day on demand, `exec-id` and the fees one by one."""
    await stage.held(3)
    [row] = (await stage.data(f"/accounts/{stage.account.account_number}/transactions"))["items"]
    assert (row["transaction-type"], row["transaction-sub-type"], row["quantity"]) == ("Trade", "Buy to Open", "3.0")
    assert (row["value"], row["value-effect"], row["net-value"]) == ("330.0", "Debit", "333.36")
    assert (row["commission"], row["clearing-fees"], row["regulatory-fees"]) == ("3.0", "0.3", "0.06")
    assert row["exec-id"] == stage.paper.exchange.book.executions[0].fill_id
    assert row["order-id"] == next(iter(stage.paper.exchange.book.orders))
    other = await stage.account.get_history(stage.session, symbol="SPY")
    assert other == []


@point(
    Source.DOCUMENTED,
    {
        "a flag is missing": instead(rest_account, "_OFF", rest_account._OFF[1:]),
        "an amount is missing": instead(account_json, "_ZERO_BALANCES", account_json._ZERO_BALANCES[1:]),
    },
)
async def the_sdk_reads_the_account_its_status_and_its_balances(stage: Stage) -> None:
    """Every field that its models require is there, whether this exchange has a notion of it or not."""
    status = await stage.account.get_trading_status(stage.session)
    assert (status.is_closed, status.is_frozen, status.is_futures_enabled) == (False, False, True)
    balances = await stage.account.get_balances(stage.session)
    assert balances.cash_balance == balances.derivative_buying_power == balances.net_liquidating_value == 100_000
    assert await Account.get(stage.session, stage.account.account_number) == stage.account
