"""What the broker refuses: the rules of an order's legs, prices, types and lifetimes, each with its code."""

from datetime import date
from decimal import Decimal
from typing import Any

from tastytrade.order import (
    AdvancedInstructions,
    LimitOrder,
    MarketOrder,
    NewOrder,
    OrderAction,
    OrderTimeInForce,
    StopOrder,
)
from tastytrade.utils import TastytradeError

from paper.trading import preflight
from paper.trading.account import Account
from paper.trading.preflight import Preflight
from paper.trading.words import Action
from tests.paper.conformance.point import Source, around, instead, none_found, point
from tests.paper.conformance.stage import Stage

DAY, GTC = OrderTimeInForce.DAY, OrderTimeInForce.GTC
STRICT = AdvancedInstructions(strict_position_effect_validation=True)


async def refusal(stage: Stage, order: NewOrder) -> str:
    """The codes with which an order is refused, once for its dry run and the same for itself; empty: it is taken."""
    codes = []
    for dry_run in (True, False):
        try:
            await stage.account.place_order(stage.session, order, dry_run=dry_run)
        except TastytradeError as error:
            codes.append(str(error))
        else:
            codes.append("")
    assert codes[0] == codes[1], "a dry run and the order itself are judged alike"
    return ", ".join(line.partition(":")[0] for line in codes[0].splitlines())


def limit(stage: Stage, action: OrderAction, price: str, quantity: int = 1, **more: Any) -> LimitOrder:
    leg = stage.option.build_leg(quantity, action)
    return LimitOrder(**{"time_in_force": DAY, "legs": [leg], "price": Decimal(price)} | more)


async def raw_refusal(stage: Stage, **changes: Any) -> Any:
    """The status and the codes of a buy order with these fields changed; None leaves one out."""
    order = stage.ticket.buy(1, "1.05").model_dump(exclude_none=True, by_alias=True, mode="json")
    body = {key: value for key, value in (order | changes).items() if value is not None}
    answer = await stage.ask("POST", stage.orders_path, json=body)
    errors = answer.json().get("error", {}).get("errors", [])
    return answer.status_code, [error.get("code") or error["domain"] for error in errors]


@point(Source.DOCUMENTED, {"either way will do": instead(preflight, "_effect_rules", none_found)})
async def the_price_effect_must_agree_with_the_side(stage: Stage) -> None:
    """A buy for a credit is refused with `cant_buy_for_credit`, a sale for a debit likewise."""
    assert await refusal(stage, limit(stage, OrderAction.BUY_TO_OPEN, "1.05")) == "cant_buy_for_credit"
    assert await refusal(stage, limit(stage, OrderAction.SELL_TO_OPEN, "-1.05")) == "cant_sell_for_debit"


@point(
    Source.DOCUMENTED,
    {
        "a limit needs none": instead(preflight, "_price_rules", none_found),
        "a price without its effect": around(
            preflight,
            "_price_rules",
            lambda rules: lambda order: [] if order.price is not None and order.order_type == "Limit" else rules(order),
        ),
    },
)
async def a_limit_needs_a_price_with_its_effect_and_a_market_order_must_have_none(stage: Stage) -> None:
    """A marketable limit must have none either: `order_must_omit_price`. A price of zero needs no effect."""
    omit, include = (422, ["order_must_omit_price"]), (422, ["order_must_include_price"])
    assert await raw_refusal(stage, **{"order-type": "Market"}) == omit
    assert await raw_refusal(stage, **{"order-type": "Marketable Limit"}) == omit
    assert await raw_refusal(stage, price=None) == include
    assert await raw_refusal(stage, **{"price-effect": None}) == include
    assert await raw_refusal(stage, price="0", **{"price-effect": None}) == (201, [])


@point(Source.DOCUMENTED, {"they are taken": instead(Preflight, "_market_rules", none_found)})
async def a_market_order_has_one_leg_ends_with_its_day_and_opens_nothing_while_closed(stage: Stage) -> None:
    """GTC ones are refused with `gtc_market_orders_not_supported`; closing ones wait for the open."""
    await stage.held(1)
    assert await refusal(stage, stage.ticket.market_buy(1, time_in_force=GTC)) == "gtc_market_orders_not_supported"
    other = stage.option.build_leg(1, OrderAction.BUY_TO_OPEN)
    other.symbol = other.symbol.replace("P00080000", "P00075000")
    two = MarketOrder(time_in_force=DAY, legs=[stage.option.build_leg(1, OrderAction.BUY_TO_OPEN), other])
    assert await refusal(stage, two) == "market_orders_single_leg"
    await stage.control.session("closed")
    assert await refusal(stage, stage.ticket.market_buy(1)) == "opening_market_order_while_closed"
    close = MarketOrder(time_in_force=DAY, legs=[stage.option.build_leg(1, OrderAction.SELL_TO_CLOSE)])
    assert await refusal(stage, close) == ""


@point(
    Source.DOCUMENTED,
    {
        "an opening one may be GTC": instead(Preflight, "_market_rules", none_found),
        "it needs no trigger": instead(preflight, "_price_rules", none_found),
    },
)
async def a_stop_has_a_trigger_and_no_price_and_does_not_open_gtc(stage: Stage) -> None:
    """A stop limit has both; other orders must not have a trigger."""
    leg = stage.option.build_leg(1, OrderAction.BUY_TO_OPEN)
    stop = StopOrder(time_in_force=GTC, legs=[leg], stop_trigger=Decimal(2))
    assert await refusal(stage, stop) == "gtc_opening_stop_orders_not_supported"
    stop_without = {"order-type": "Stop", "price": None, "price-effect": None}
    assert await raw_refusal(stage, **stop_without) == (422, ["stop_order_must_include_trigger"])
    assert await raw_refusal(stage, **{"order-type": "Stop Limit"}) == (422, ["stop_order_must_include_trigger"])
    priced = {"order-type": "Stop", "stop-trigger": "2.0"}
    assert await raw_refusal(stage, **priced) == (422, ["order_must_omit_price"])
    assert await raw_refusal(stage, **{"stop-trigger": "2.0"}) == (422, ["order_must_omit_trigger"])


@point(Source.DOCUMENTED, {"any will do": instead(preflight, "_lifetime_rules", none_found)})
async def a_dated_order_needs_its_date_and_extended_hours_are_for_shares(stage: Stage) -> None:
    """GTD must have gtc-date; Ext, GTC Ext and their overnight kinds are refused for options."""
    assert await refusal(stage, stage.ticket.buy(1, "1.05", time_in_force=OrderTimeInForce.GTD))
    for lifetime in (OrderTimeInForce.EXT, OrderTimeInForce.GTC_EXT):
        ext = stage.ticket.buy(1, "1.05", time_in_force=lifetime)
        assert await refusal(stage, ext) == "extended_hours_equity_only"
    dated = stage.ticket.buy(1, "1.05", time_in_force=OrderTimeInForce.GTD, gtc_date=date(2099, 1, 1))
    assert await refusal(stage, dated) == ""


def _any_leg(patch: Any, paper: Any) -> None:
    patch.setattr(Preflight, "_leg_rules", none_found)


@point(Source.DOCUMENTED, {"any legs will do": _any_leg})
async def legs_are_four_at_most_distinct_whole_and_options_where_there_are_several(stage: Stage) -> None:
    """What can't be read as legs is a 400 `validation_error`; what breaks a rule a 422."""
    leg = {"instrument-type": "Equity Option", "symbol": stage.option.symbol, "action": "Buy to Open", "quantity": 1}
    share = leg | {"instrument-type": "Equity", "symbol": "UBER"}
    assert (await raw_refusal(stage, legs=[leg] * 5))[0] == 400
    assert (await raw_refusal(stage, legs=[]))[0] == 400
    assert (await raw_refusal(stage, legs=[leg | {"quantity": 1.5}]))[0] == 400
    assert (await raw_refusal(stage, legs=[leg | {"quantity": 0}]))[0] == 400
    assert await raw_refusal(stage, legs=[leg, leg]) == (422, ["duplicate_leg"])
    assert await raw_refusal(stage, legs=[leg, share]) == (422, ["invalid_leg_count"])


@point(Source.DOCUMENTED, {"any legs will do": _any_leg})
async def only_what_is_listed_can_be_traded_and_futures_have_their_own_actions(stage: Stage) -> None:
    """`instrument_validation_failed` for what isn't listed and for an index; Buy and Sell alone are for futures."""
    unlisted = limit(stage, OrderAction.BUY_TO_OPEN, "-1.05")
    unlisted.legs[0].symbol = "UBER  200117C00080000"
    assert await refusal(stage, unlisted) == "instrument_validation_failed"
    index = {"instrument-type": "Equity", "symbol": "SPX", "action": "Buy to Open", "quantity": 1}
    assert await raw_refusal(stage, legs=[index]) == (422, ["instrument_validation_failed"])
    assert await refusal(stage, limit(stage, OrderAction.BUY, "-1.05")) == "invalid_action"
    month = stage.paper.exchange.listings.months("MES")[1]
    future = {"instrument-type": "Future", "symbol": month.symbol, "action": "Buy to Open", "quantity": 1}
    assert await raw_refusal(stage, legs=[future], price="6000") == (422, ["invalid_action"])
    assert (await raw_refusal(stage, legs=[future | {"action": "Buy"}], price="6000"))[0] == 201


@point(
    Source.DOCUMENTED,
    {
        "it is refused": instead(Action, "relabelled", lambda action: action),
        "strict or not": around(
            Preflight, "_leg", lambda leg: lambda self, form, after, *, strict: leg(self, form, after, strict=False)
        ),
        "always strict": around(
            Preflight, "_leg", lambda leg: lambda self, form, after, *, strict: leg(self, form, after, strict=True)
        ),
    },
)
async def a_close_without_a_position_silently_becomes_an_opening_unless_strict(stage: Stage) -> None:
    """The broker's own record of the position decides; `strict-position-effect-validation` refuses instead."""
    placed = await stage.place(stage.ticket.sell(1, "1.20"))
    assert placed.legs[0].action is OrderAction.SELL_TO_OPEN
    strict = stage.ticket.sell(1, "1.20", advanced_instructions=STRICT)
    assert await refusal(stage, strict) == "cannot_close_against_nonexistent_position"


@point(
    Source.DOCUMENTED,
    {
        "it is netted": instead(Preflight, "_position_rules", none_found),
        "anything may be closed": instead(Preflight, "_can_close", lambda *_: True),
    },
)
async def no_more_is_closed_than_held_and_nothing_opened_against_a_position(stage: Stage) -> None:
    """A part of a close is refused, not re-labelled; Sell to Open against a long position is refused."""
    await stage.held(2)
    too_much = stage.ticket.sell(3, "1.20")
    assert await refusal(stage, too_much) == "cannot_close_against_nonexistent_position"
    against = limit(stage, OrderAction.SELL_TO_OPEN, "1.20")
    assert await refusal(stage, against) == "cannot_open_against_position"
    assert stage.paper.exchange.account.held(stage.option.symbol) == 2


@point(Source.DOCUMENTED, {"nothing is held": instead(Account, "held", lambda *_: 0)})
async def what_is_held_may_be_closed_strictly(stage: Stage) -> None:
    """A strict close of a position that the broker has on record is taken as it is."""
    await stage.held(2)
    placed = await stage.place(stage.ticket.sell(2, "1.20", advanced_instructions=STRICT))
    assert placed.legs[0].action is OrderAction.SELL_TO_CLOSE
