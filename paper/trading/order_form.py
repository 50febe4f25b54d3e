"""Reading what a client asks for: a new order, or a change to one. Only the shape is judged here.

Keys are dasherised; unknown ones are ignored, as the broker ignores them.
"""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.contract import InstrumentType
from paper.refusals import InvalidRequestError
from paper.trading.orders import Order
from paper.trading.words import Action, ComplexType, OrderType, TimeInForce


def _dasherised(name: str) -> str:
    return name.replace("_", "-")


class _Form(BaseModel):
    model_config = ConfigDict(alias_generator=_dasherised, populate_by_name=True, extra="ignore", frozen=True)


class LegForm(_Form):
    """One leg as asked for."""

    instrument_type: InstrumentType
    symbol: str
    action: Action
    quantity: int = Field(gt=0)


class AdvancedInstructions(_Form):
    """The switches of a request. Strict: a close without a position is refused, not turned into an opening."""

    strict_position_effect_validation: bool = False


class OrderForm(_Form):
    """A new order. The price is unsigned; `price_effect` says which way the money goes."""

    order_type: OrderType
    time_in_force: TimeInForce
    legs: tuple[LegForm, ...] = Field(min_length=1, max_length=4)
    price: Decimal | None = Field(default=None, ge=0)
    price_effect: str | None = None
    stop_trigger: Decimal | None = Field(default=None, gt=0)
    gtc_date: date | None = None
    external_identifier: str | None = None
    source: str | None = None
    advanced_instructions: AdvancedInstructions = AdvancedInstructions()


class ComplexForm(_Form):
    """A new complex order: an either-or of two, or a trigger and what it sets off."""

    type: ComplexType
    orders: tuple[OrderForm, ...] = Field(min_length=1, max_length=3)
    trigger_order: OrderForm | None = None


class ChangeForm(_Form):
    """A change to a working order: what it leaves out stays as it was. Legs can't be changed."""

    order_type: OrderType | None = None
    time_in_force: TimeInForce | None = None
    price: Decimal | None = Field(default=None, ge=0)
    price_effect: str | None = None
    stop_trigger: Decimal | None = Field(default=None, gt=0)
    gtc_date: date | None = None
    external_identifier: str | None = None
    source: str | None = None
    advanced_instructions: AdvancedInstructions | None = None

    def applied_to(self, order: Order) -> OrderForm:
        """The new order that replaces what is left of `order`."""
        order_type = self.order_type or order.order_type
        priced = order_type.has_limit
        return OrderForm(
            order_type=order_type,
            time_in_force=self.time_in_force or order.time_in_force,
            legs=tuple(_rest(order)),
            price=(order.price if self.price is None else self.price) if priced else self.price,
            price_effect=(self.price_effect or order.price_effect) if priced else self.price_effect,
            stop_trigger=self.stop_trigger or (order.stop_trigger if order_type.has_trigger else None),
            gtc_date=self.gtc_date or order.gtc_date,
            external_identifier=self.external_identifier,  # a tag belongs to one order: it is not inherited
            source=self.source or order.source,
            advanced_instructions=self.advanced_instructions
            or AdvancedInstructions(strict_position_effect_validation=order.strict),
        )


FormT = TypeVar("FormT", OrderForm, ChangeForm, ComplexForm)


def read_form(kind: type[FormT], body: Any) -> FormT:
    """A form from a request's JSON; InvalidRequestError names every field that is missing or wrong."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise InvalidRequestError([_problem(item) for item in error.errors()]) from error


def _problem(item: Any) -> tuple[str, str]:
    reason = "is missing" if item["type"] == "missing" else item["msg"]
    return ".".join(str(part) for part in item["loc"]) or "body", reason


def _rest(order: Order) -> list[LegForm]:
    """What is left of each leg. The broker documents no size for this case; this is the one that can't oversell."""
    return [
        LegForm(instrument_type=leg.instrument_type, symbol=leg.symbol, action=leg.action, quantity=leg.leaves)
        for leg in order.legs
        if leg.leaves
    ]
