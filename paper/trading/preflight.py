"""The checks the broker makes before it takes an order. They know nothing of ticks: a venue refuses those later.

Codes named in https://developer.tastytrade.com/reference/errors are used where known; the rest are in their manner.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.contract import InstrumentType
from paper.listings.instruments import Listings
from paper.listings.series import Instrument
from paper.listings.sessions import Sessions
from paper.refusals import Refusal
from paper.trading.account import Account
from paper.trading.buying_power import Effect
from paper.trading.order_form import LegForm, OrderForm
from paper.trading.orders import Leg, Order
from paper.trading.words import Action, ComplexType, OrderType, TimeInForce

NEXT_SESSION = Refusal("tif_next_valid_sesssion", "Your order will begin working during next valid session.")
_CANT_CLOSE = Refusal(
    "cannot_close_against_nonexistent_position", "You cannot close against a position you do not have."
)
_OPTIONS = ({InstrumentType.EQUITY_OPTION}, {InstrumentType.FUTURE_OPTION})  # which don't mix in one order


def complex_rules(kind: ComplexType, orders: Sequence[Order], trigger: Order | None) -> Iterator[Refusal]:
    """What must hold between the parts of a complex order."""
    if kind.has_trigger == (trigger is None):
        yield Refusal(
            "invalid_complex_order", f"An {kind} order has {'a' if kind.has_trigger else 'no'} trigger order."
        )
    if kind.is_either_or:
        limits = [order.order_type is OrderType.LIMIT for order in orders]
        stops = [order.order_type.has_trigger for order in orders]
        if len(orders) != 2 or sum(limits) != 1 or sum(stops) != 1:
            message = "OCO orders must have one Limit and one Stop or Stop Limit order."
            yield Refusal("invalid_oco_order_type_combo", message)


class Preflight:
    """The rules, over what is listed, what is held, and whether the market is open."""

    def __init__(self, listings: Listings, account: Account, sessions: Sessions) -> None:
        self._listings = listings
        self._account = account
        self._sessions = sessions

    def order_of(self, form: OrderForm, after: Order | None = None) -> Order:
        """The order a form asks for. A close without a position becomes an opening, unless the form is strict.

        `after` is the order whose fill it waits for: what that will have bought may be sold.
        """
        strict = form.advanced_instructions.strict_position_effect_validation
        first = form.legs[0]
        known = self._listings.find(first.symbol)
        is_future = first.instrument_type in (InstrumentType.FUTURE, InstrumentType.FUTURE_OPTION)
        return Order(
            order_type=form.order_type,
            time_in_force=form.time_in_force,
            legs=[self._leg(leg, after, strict=strict) for leg in form.legs],
            underlying=known.underlying if known else first.symbol,
            underlying_type=InstrumentType.FUTURE if is_future else InstrumentType.EQUITY,
            price=form.price,
            price_effect=form.price_effect,
            stop_trigger=form.stop_trigger,
            gtc_date=form.gtc_date,
            identifier=form.external_identifier,
            source=form.source,
            strict=strict,
        )

    def refusals(self, order: Order, effect: Effect, after: Order | None = None) -> list[Refusal]:
        """Every rule the order breaks; none: it is taken. `after` as above."""
        found = [
            *self._leg_rules(order, after),
            *_price_rules(order),
            *self._market_rules(order),
            *_lifetime_rules(order),
        ]
        if effect.change < 0 and effect.after < 0 and not found:
            message = "Account does not have sufficient buying power available for this order."
            found.append(Refusal("margin_check_failed", message))
        return found

    def warnings(self, order: Order) -> list[Refusal]:
        """What the broker adds to an order that it takes."""
        return [] if self._sessions.is_open(order.hours) else [NEXT_SESSION]

    def _leg(self, form: LegForm, after: Order | None, *, strict: bool) -> Leg:
        action = form.action
        # Decided by the broker's own record of the position; a part of one is refused below instead.
        if action.is_closing and not strict and not self._can_close(form.symbol, action, 1, after):
            action = action.relabelled()
        return Leg(symbol=form.symbol, instrument_type=form.instrument_type, action=action, quantity=form.quantity)

    def _held(self, symbol: str, after: Order | None) -> int:
        coming = 0
        for leg in after.legs if after is not None else ():
            if leg.symbol == symbol:
                coming += leg.quantity if leg.action.is_buy else -leg.quantity
        return self._account.held(symbol) + coming

    def _can_close(self, symbol: str, action: Action, quantity: int, after: Order | None) -> bool:
        held = self._held(symbol, after)
        return (-held if action.is_buy else held) >= quantity

    def _leg_rules(self, order: Order, after: Order | None) -> Iterator[Refusal]:
        if len({leg.symbol for leg in order.legs}) < len(order.legs):
            yield Refusal("duplicate_leg", "Order legs must have distinct symbols.")
        if len(order.legs) > 1 and {leg.instrument_type for leg in order.legs} not in _OPTIONS:
            yield Refusal("invalid_leg_count", "Only option orders may have more than one leg.")
        for leg in order.legs:
            yield from self._one_leg(leg, after)

    def _one_leg(self, leg: Leg, after: Order | None) -> Iterator[Refusal]:
        instrument = self._listings.find(leg.symbol)
        if instrument is None or instrument.instrument_type is not leg.instrument_type:
            yield Refusal("instrument_validation_failed", f"{leg.instrument_type} {leg.symbol} is not listed.")
            return
        if self._listings.has_ended(leg.symbol):
            yield Refusal("instrument_validation_failed", f"{leg.symbol} has expired.")
        if instrument.symbol == "SPX":
            yield Refusal("instrument_validation_failed", "An index can't be traded.")
        is_future = instrument.instrument_type is InstrumentType.FUTURE
        if is_future == (leg.action.is_opening or leg.action.is_closing):
            yield Refusal("invalid_action", f"{leg.action} is not an action of a {leg.instrument_type}.")
        yield from self._position_rules(leg, instrument, after)

    def _position_rules(self, leg: Leg, instrument: Instrument, after: Order | None) -> Iterator[Refusal]:
        held = self._held(leg.symbol, after)
        if leg.action.is_closing and not self._can_close(leg.symbol, leg.action, leg.quantity, after):
            yield _CANT_CLOSE
        if leg.action.is_opening and held * (1 if leg.action.is_buy else -1) < 0:
            side = "short" if held < 0 else "long"
            yield Refusal("cannot_open_against_position", f"You hold {instrument.symbol} {side}.")

    def _market_rules(self, order: Order) -> Iterator[Refusal]:
        if order.order_type.has_limit:
            return
        if len(order.legs) > 1:
            yield Refusal("market_orders_single_leg", "Market orders must only have one leg.")
        if order.order_type is OrderType.STOP:
            if order.is_opening and order.time_in_force.outlives_the_day:
                yield Refusal("gtc_opening_stop_orders_not_supported", "Opening stop orders can't be GTC.")
            return
        if order.time_in_force.outlives_the_day:
            yield Refusal("gtc_market_orders_not_supported", "GTC/GTD Market orders are not supported.")
        if order.is_opening and not self._sessions.is_open(order.hours):
            message = "Opening market orders cannot be submitted while the market is closed."
            yield Refusal("opening_market_order_while_closed", message)


def _price_rules(order: Order) -> Iterator[Refusal]:
    if order.order_type.has_trigger and order.stop_trigger is None:
        yield Refusal("stop_order_must_include_trigger", "Stop orders must include stop-trigger.")
    if not order.order_type.has_trigger and order.stop_trigger is not None:
        yield Refusal("order_must_omit_trigger", "Only stop orders may include stop-trigger.")
    if not order.order_type.has_limit:
        if order.price is not None:
            yield Refusal("order_must_omit_price", "Order must not include a price.")
        return
    if order.price is None or (order.price and order.price_effect not in ("Credit", "Debit")):
        yield Refusal("order_must_include_price", "Order must include a price and its effect.")
        return
    yield from _effect_rules(order, order.price)


def _effect_rules(order: Order, price: Decimal) -> Iterator[Refusal]:
    buys = [leg.action.is_buy for leg in order.legs]
    if price and all(buys) and order.price_effect == "Credit":
        yield Refusal("cant_buy_for_credit", "You cannot buy for a credit.")
    if price and not any(buys) and order.price_effect == "Debit":
        yield Refusal("cant_sell_for_debit", "You cannot sell for a debit.")


def _lifetime_rules(order: Order) -> Iterator[Refusal]:
    tif = order.time_in_force
    if tif is TimeInForce.GTD and order.gtc_date is None:
        yield Refusal("gtd_must_include_date", "GTD orders must include gtc-date.")
    if tif.is_extended and order.legs[0].instrument_type is not InstrumentType.EQUITY:
        yield Refusal("extended_hours_equity_only", "Extended hours orders are for single-leg equity orders only.")
