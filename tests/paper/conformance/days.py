"""What time does: the close, the next day, and expiry. The clock is driven; it starts on Wednesday 25 November 2026."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tastytrade.order import LimitOrder, OrderAction, OrderTimeInForce

from domain.alert import OptionType
from paper.listings.instruments import Listings
from paper.settings import SessionMode
from paper.trading import deliveries, settlement
from paper.trading.book import Book
from paper.trading.deliveries import DeliveryKind
from paper.trading.fees import Fees
from paper.trading.orders import Order
from paper.trading.settlement import Settlement
from paper.trading.venue import Venue
from paper.trading.words import TimeInForce
from paper.wire import rest_orders
from tests.paper.conformance.point import Source, around, instead, nothing, point
from tests.paper.conformance.stage import Stage, body

NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
CLOSE = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
EARLY_CLOSE = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
REAL: dict[str, Any] = {"at": NOON, "session": SessionMode.REAL}
DAY, GTC, GTD = OrderTimeInForce.DAY, OrderTimeInForce.GTC, OrderTimeInForce.GTD


def option(stage: Stage, day: date, strike: int, right: OptionType = OptionType.CALL, name: str = "UBER") -> str:
    series = next(one for one in stage.paper.exchange.listings.chain(name) if one.expiry.day == day)
    return series.option(Decimal(strike), right).symbol


async def trade(stage: Stage, symbol: str, action: OrderAction, price: str) -> None:
    """One contract, filled at this price."""
    await stage.quote(price, price, symbol=symbol)
    leg = stage.option.build_leg(1, action).model_copy(update={"symbol": symbol})
    signed = Decimal(price) * (-1 if action is OrderAction.BUY_TO_OPEN else 1)
    await stage.settled((await stage.place(LimitOrder(time_in_force=DAY, legs=[leg], price=signed))).id, "Filled")


def holdings(stage: Stage) -> dict[str, int]:
    positions = stage.paper.exchange.account.positions.values()
    return {position.symbol: position.quantity for position in positions if position.quantity}


@point(
    Source.DOCUMENTED,
    {
        "nothing expires": instead(Venue, "close_bell", nothing),
        "everything does": instead(Order, "is_over_at", lambda *_: True),
        "a day order lasts": instead(TimeInForce, "outlives_the_day", True),
        "it is dated when it is noticed": around(
            Book, "move", lambda move: lambda book, order, to, **_: move(book, order, to)
        ),
        "a date means nothing": around(
            Order, "is_over_at", lambda over: lambda order, at: over(order, at) and order.time_in_force != "GTD"
        ),
    },
    **REAL,
)
async def at_the_close_day_orders_expire_and_gtc_orders_stay(stage: Stage) -> None:
    """A dated one ends with its day, on a half day at the early close; the rest of a partly filled one ends as well."""
    day, gtc = await stage.resting(), await stage.resting(time_in_force=GTC)
    dated = await stage.resting(time_in_force=GTD, gtc_date=date(2026, 11, 27))
    await stage.control.clock(CLOSE + timedelta(hours=2))
    assert [stage.order(number).status for number in (day, gtc, dated)] == ["Expired", "Live", "Live"]
    await stage.control.clock(EARLY_CLOSE)
    assert [stage.order(number).status for number in (gtc, dated)] == ["Live", "Expired"]
    expired = await stage.account.get_order(stage.session, day)
    assert (expired.status, expired.terminal_at) == ("Expired", CLOSE)


@point(
    Source.DOCUMENTED,
    {
        "it lasts": instead(Order, "is_over_at", lambda *_: False),
        "it is never routed": instead(Venue, "open_bell", nothing),
    },
    at=CLOSE,
    session=SessionMode.REAL,
)
async def a_day_order_placed_after_the_close_is_for_the_next_session(stage: Stage) -> None:
    """Through a holiday, too; it is routed at the next open and expires at that day's close, early on a half day."""
    order_id = (await stage.place(stage.ticket.buy(1, "0.50"))).id
    await stage.control.clock(datetime(2026, 11, 26, 21, 0, tzinfo=UTC))
    assert stage.order(order_id).status == "Received"
    await stage.control.clock(FRIDAY)
    await stage.settled(order_id, "Live")
    await stage.control.clock(EARLY_CLOSE)
    assert stage.order(order_id).status == "Expired"


@point(
    Source.DOCUMENTED,
    {
        "only those of today": instead(
            rest_orders, "_is_current", lambda order, today: rest_orders._day(order) == today
        ),
        "not what ended today": instead(rest_orders, "_is_current", lambda order, _: not order.status.is_terminal),
        "everything": instead(rest_orders, "_is_current", lambda *_: True),
    },
    **REAL,
)
async def live_orders_are_those_that_work_and_those_that_changed_today(stage: Stage) -> None:
    """In any state: an order of days ago that is cancelled today is among them, one that ended yesterday is not."""
    day, gtc, kept = (
        await stage.resting(),
        await stage.resting(time_in_force=GTC),
        await stage.resting(time_in_force=GTC),
    )
    await stage.control.clock(FRIDAY)
    await stage.account.delete_order(stage.session, gtc)
    await stage.settled(gtc, "Cancelled")
    listed = {order.id: str(order.status) for order in await stage.account.get_live_orders(stage.session)}
    assert listed == {gtc: "Cancelled", kept: "Live"}
    assert stage.order(day).status == "Expired"


@point(
    Source.DOCUMENTED,
    {
        "nothing happens": instead(Settlement, "run", nothing),
        "all of it is worthless": instead(settlement, "is_exercised", lambda *_: False),
        "all of it is exercised": instead(settlement, "is_exercised", lambda *_: True),
        "for free": instead(deliveries, "exercise_fees", lambda _: Fees()),
    },
    **REAL,
)
async def at_expiry_what_is_in_the_money_is_exercised_and_assigned(stage: Stage) -> None:
    """A long call brings 100 shares at the strike and a short put is assigned, 5.00 each; the rest is worth nothing."""
    friday = date(2026, 11, 27)
    await stage.quote("81.50", "81.50", symbol="UBER")
    await trade(stage, option(stage, friday, 80), OrderAction.BUY_TO_OPEN, "2.00")
    await trade(stage, option(stage, friday, 85), OrderAction.BUY_TO_OPEN, "0.10")
    await trade(stage, option(stage, friday, 83, OptionType.PUT), OrderAction.SELL_TO_OPEN, "2.00")
    cash = stage.paper.exchange.account.cash
    await stage.control.clock(EARLY_CLOSE)
    assert holdings(stage) == {"UBER": 200}
    assert stage.paper.exchange.account.cash == cash - 8000 - 8300 - 10
    rows = await stage.account.get_history(stage.session, types=["Receive Deliver"])
    assert {row.transaction_sub_type for row in rows} >= {"Exercise", "Assignment", "Expiration", "Buy to Open"}


@point(
    Source.DOCUMENTED,
    {
        "shares are delivered": instead(settlement, "closed_at_expiry", settlement.sold_out),
        "nothing is paid": around(
            settlement,
            "closed_at_expiry",
            lambda close: (
                lambda *a: close(*a).model_copy(update={"price": Decimal(0), "kind": DeliveryKind.CASH_EXERCISE})
            ),
        ),
    },
    **REAL,
)
async def an_index_option_is_settled_in_cash(stage: Stage) -> None:
    """What it is in the money by, 100 times, less the fee; nothing is held of it afterwards."""
    symbol = option(stage, date(2026, 11, 27), 6700, OptionType.CALL, "SPX")
    await stage.control.clock(FRIDAY)
    await trade(stage, symbol, OrderAction.BUY_TO_OPEN, "10.00")
    cash = stage.paper.exchange.account.cash
    await stage.quote("6712.50", "6712.50", symbol="SPX")
    await stage.control.clock(EARLY_CLOSE)
    assert holdings(stage) == {}
    assert stage.paper.exchange.account.cash == cash + 1250 - 5
    [row] = await stage.account.get_history(stage.session, types=["Receive Deliver"])
    assert row.transaction_sub_type == "Cash Settled Exercise"


@point(
    Source.DOCUMENTED,
    {
        "they go on": instead(Venue, "expire_ended", nothing),
        "it is listed for ever": instead(Listings, "has_ended", lambda *_: False),
    },
    **REAL,
)
async def an_expired_contract_is_not_traded_any_more(stage: Stage) -> None:
    """Working GTC orders in it expire with it, and new ones are refused."""
    symbol = option(stage, date(2026, 11, 25), 670, OptionType.CALL, "SPY")
    await stage.quote("1.00", "1.10", symbol=symbol)
    leg = stage.option.build_leg(1, OrderAction.BUY_TO_OPEN).model_copy(update={"symbol": symbol})
    order = LimitOrder(time_in_force=GTC, legs=[leg], price=Decimal("-0.50"))
    order_id = (await stage.place(order)).id
    await stage.settled(order_id, "Live")
    await stage.control.clock(CLOSE)
    assert stage.order(order_id).status == "Expired"
    written = body(order)
    refused = await stage.ask("POST", stage.orders_path, content=written)
    assert refused.status_code == 422
    assert refused.json()["error"]["errors"][0]["code"] == "instrument_validation_failed"
