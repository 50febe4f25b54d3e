"""What orders cost: fees, the effect on buying power, and what working orders reserve."""

from decimal import Decimal
from typing import Any

from tastytrade.order import LimitOrder, OrderAction, OrderTimeInForce

from domain.alert import OptionType
from paper.refusals import ApiError
from paper.trading import book, buying_power
from paper.trading.buying_power import BuyingPower
from paper.trading.fees import Fees
from paper.trading.margin import Margin
from paper.trading.preflight import Preflight
from paper.trading.reservations import Reservations
from tests.paper.conformance.point import Source, around, instead, none_found, nothing, point
from tests.paper.conformance.rules import refusal
from tests.paper.conformance.stage import Stage, body


def _free(*_: Any, **__: Any) -> Fees:
    return Fees()


def _always_opening(fees_for: Any) -> Any:
    return lambda *a, **_: fees_for(*a, opening=True)


@point(
    Source.RECORDED,
    {
        "fees are left out": instead(buying_power, "fees_for", _free),
        "closing costs as much": around(buying_power, "fees_for", _always_opening),
    },
)
async def a_dry_run_says_what_an_order_would_cost_with_fees(stage: Stage) -> None:
    """Debit and credit signs come from the effects; 1.12 a contract to open, 0.12 to close."""
    checked = await stage.account.place_order(stage.session, stage.ticket.buy(5, "1.10"), dry_run=True)
    effect, fees = checked.buying_power_effect, checked.fee_calculation
    assert effect.change_in_buying_power == -(550 + 5 * Decimal("1.12"))
    assert effect.new_buying_power == effect.current_buying_power + effect.change_in_buying_power
    assert fees is not None
    assert (fees.commission, fees.total_fees) == (-5, -5 * Decimal("1.12"))
    await stage.held(5)
    checked = await stage.account.place_order(stage.session, stage.ticket.sell(5, "1.00"), dry_run=True)
    assert checked.buying_power_effect.change_in_buying_power == 500 - 5 * Decimal("0.12")


@point(Source.RECORDED, {"it is free": instead(buying_power, "fees_for", _free)})
async def an_index_option_costs_the_exchanges_fee_beside(stage: Stage) -> None:
    """`proprietary-index-option-fees` are part of the total."""
    listed = stage.paper.exchange.listings.chain("SPX")[-1].option(Decimal(6700), OptionType.CALL)
    leg = stage.option.build_leg(1, OrderAction.BUY_TO_OPEN).model_copy(update={"symbol": listed.symbol})
    order = LimitOrder(time_in_force=OrderTimeInForce.DAY, legs=[leg], price=Decimal("-1.00"))
    fees = (await stage.account.place_order(stage.session, order, dry_run=True)).fee_calculation
    assert fees is not None
    assert fees.proprietary_index_option_fees < 0
    assert fees.total_fees == fees.commission + fees.clearing_fees + fees.regulatory_fees + (
        fees.proprietary_index_option_fees
    )


def _bare(body: Any) -> Any:
    return property(lambda error: {"error": body.fget(error)["error"]})


@point(
    Source.RECORDED,
    {
        "the error alone": around(ApiError, "body", _bare),
        "it is taken": instead(Preflight, "refusals", none_found),
    },
)
async def a_refused_dry_run_has_the_error_and_the_effect(stage: Stage) -> None:
    """422 with `error` and, under `data`, the buying power effect alone: the SDK reads that without a look at the
    status.
    """
    order = stage.ticket.buy(9000, "1.10")
    answer = await stage.ask("POST", f"{stage.orders_path}/dry-run", content=body(order))
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["errors"][0]["code"]) == ("preflight_check_failure", "margin_check_failed")
    effect = await stage.account.get_order_buying_power_effect(stage.session, order)
    assert effect.change_in_buying_power < -900_000


@point(
    Source.DOCUMENTED,
    {
        "nothing is reserved": instead(Reservations, "follow", nothing),
        "nothing is set free": around(
            Reservations,
            "follow",
            lambda follow: lambda self, order: None if order.status.is_terminal else follow(self, order),
        ),
        "without its fees": instead(buying_power, "fees_for", _free),
    },
)
async def a_working_order_reserves_what_it_would_cost_until_it_ends(stage: Stage) -> None:
    """From its acceptance on, fees included; a cancel sets it free again."""
    placed = await stage.place(stage.ticket.buy(10, "1.05"))
    during = await stage.account.get_balances(stage.session)
    assert during.derivative_buying_power == 100_000 - 1050 - Decimal("11.20")
    assert during.cash_balance == 100_000
    await stage.settled(placed.id, "Live")
    await stage.account.delete_order(stage.session, placed.id)
    await stage.settled(placed.id, "Cancelled")
    assert (await stage.account.get_balances(stage.session)).derivative_buying_power == 100_000


@point(
    Source.DOCUMENTED,
    {
        "each order alone": instead(Reservations, "follow", nothing),
        "there is always enough": instead(BuyingPower, "available", lambda *_: Decimal(10**9)),
    },
)
async def orders_together_never_cost_more_than_there_is(stage: Stage) -> None:
    """The second order that is affordable only alone is refused with `margin_check_failed`."""
    await stage.control.cash("250")
    await stage.place(stage.ticket.buy(2, "1.05"))
    assert await refusal(stage, stage.ticket.buy(1, "1.05")) == "margin_check_failed"


@point(
    Source.ASSUMPTION,
    {
        "shorts are free": instead(Margin, "securities", lambda *_: Decimal(0)),
        "nothing is claimed": instead(Reservations, "_beside", lambda *_: {}),
    },
)
async def two_orders_can_not_both_count_on_the_same_cover(stage: Stage) -> None:
    """A second sale of what a working order sells already is a naked one, and ties up margin as such."""
    await stage.held(1)
    first = await stage.account.place_order(stage.session, stage.ticket.sell(1, "1.20"), dry_run=False)
    second = await stage.account.place_order(stage.session, stage.ticket.sell(1, "1.20"), dry_run=True)
    assert first.buying_power_effect.change_in_buying_power > 0
    assert second.buying_power_effect.change_in_buying_power < -500


@point(
    Source.DOCUMENTED,
    {
        "what is bought is free": instead(book, "fees_for", _free),
    },
)
async def a_fill_costs_what_the_dry_run_said(stage: Stage) -> None:
    """To the cent: the cash before and after differ by the change in buying power."""
    order = stage.ticket.buy(4, "1.10")
    effect = await stage.account.get_order_buying_power_effect(stage.session, order)
    await stage.settled((await stage.place(order)).id, "Filled")
    cash = (await stage.account.get_balances(stage.session)).cash_balance
    assert cash == 100_000 + effect.change_in_buying_power
