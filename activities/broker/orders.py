"""Order calls: one attempt each, and the look-ups that settle what an attempt left unknown."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import httpx2
from tastytrade.order import (
    AdvancedInstructions,
    BaseOrder,
    Leg,
    LimitOrder,
    MarketOrder,
    OrderAction,
    OrderTimeInForce,
)
from tastytrade.order import (
    InstrumentType as SdkInstrumentType,
)

from activities.broker.outcomes import answer_to_failure, answer_to_response
from activities.broker.records import UnreadableRecord, broker_order, is_single_leg
from activities.broker.session import BrokerSession, Json
from domain.broker import CancelOrder, OrderById, OrderByIdentifier, OrderSearch, PlaceOrder, ReplaceOrder
from domain.errors import AlertladderError, RetryableError
from domain.orders import BrokerOrder, LegAction, OrderAnswer, OrderRequest, OrderType, Outcome

_NEW_YORK = ZoneInfo("America/New_York")
_CLOSING = (LegAction.SELL_TO_CLOSE, LegAction.BUY_TO_CLOSE)


class BrokerOrders:
    """The order endpoints of one account."""

    def __init__(self, session: BrokerSession) -> None:
        self._session = session

    async def place(self, request: PlaceOrder) -> OrderAnswer:
        """Send an order once, or have it checked by the broker without placing it."""
        path = f"{self._session.account_path}/orders" + ("/dry-run" if request.dry_run else "")
        return await self._send("POST", path, _body(request.order), request.not_after)

    async def replace(self, request: ReplaceOrder) -> OrderAnswer:
        """Replace a live order once. The legs are the original's: the broker takes none here."""
        path = f"{self._session.account_path}/orders/{request.order_id}"
        return await self._send("PUT", path, _body(request.order, with_legs=False), request.not_after)

    async def cancel(self, request: CancelOrder) -> OrderAnswer:
        """Ask for a cancel. ACCEPTED means that the broker will try."""
        return await self._send("DELETE", f"{self._session.account_path}/orders/{request.order_id}", None, None)

    async def read(self, request: OrderById) -> BrokerOrder:
        """One order's record. RefusedError when there is none, RetryableError when it can't be read now."""
        answer = await self._session.read(f"{self._session.account_path}/orders/{request.order_id}")
        return _readable(answer["data"])

    async def find(self, request: OrderByIdentifier) -> OrderSearch:
        """Every order of that identifier, from today's orders and from the history since the day before.

        The broker has no look-up by identifier; this scan is what its documentation prescribes
        (https://developer.tastytrade.com/docs/guides/idempotency-and-retries).
        """
        day_before = (request.since.astimezone(_NEW_YORK) - timedelta(days=1)).date()
        live = await self._session.read_all(f"{self._session.account_path}/orders/live")
        past = await self._session.read_all(f"{self._session.account_path}/orders", {"start-date": str(day_before)})
        ours = {raw["id"]: raw for raw in (*past, *live) if raw.get("external-identifier") == request.identifier}
        return OrderSearch(orders=tuple(_readable(raw) for raw in ours.values()))

    async def todays(self) -> list[BrokerOrder]:
        """Every readable single-leg order of today, whoever placed it."""
        raws = await self._session.read_all(f"{self._session.account_path}/orders/live")
        return [_readable(raw) for raw in raws if is_single_leg(raw)]

    async def _send(self, method: str, path: str, body: str | None, not_after: datetime | None) -> OrderAnswer:
        try:
            await self._session.authorise()
        except AlertladderError as error:
            return OrderAnswer(outcome=Outcome.REFUSED, code="no_token", message=str(error))
        if not_after is not None and datetime.now(UTC) > not_after:
            return OrderAnswer(outcome=Outcome.REFUSED, code="too_late", message="not sent: the attempt stalled")
        try:
            response = await self._session.send(method, path, content=body)
        except httpx2.HTTPError as error:
            return answer_to_failure(error)
        answer = answer_to_response(response)
        if answer.code == "401":
            await self._renew_token()
        return answer

    async def _renew_token(self) -> None:
        """The token was refused before its time. The order is not sent again: that is the ladder's decision."""
        try:
            await self._session.authorise(force=True)
        except AlertladderError:
            return  # the next call will say so


def _readable(raw: Json) -> BrokerOrder:
    try:
        return broker_order(raw)
    except UnreadableRecord as error:
        raise RetryableError(str(error)) from error


def _body(order: OrderRequest, *, with_legs: bool = True) -> str:
    leg = Leg(
        instrument_type=SdkInstrumentType(order.instrument_type),
        symbol=order.symbol,
        action=OrderAction(order.action.value),
        quantity=Decimal(order.quantity),
    )
    # Else a "Sell to Close" may become a "Sell to Open" while the broker's own ledger lags behind the fill.
    strict = AdvancedInstructions(strict_position_effect_validation=True) if order.action in _CLOSING else None
    built = _sdk_order(order, leg, strict)
    exclude = None if with_legs else {"legs"}
    return built.model_dump_json(exclude=exclude, exclude_none=True, by_alias=True)


def _sdk_order(order: OrderRequest, leg: Leg, strict: AdvancedInstructions | None) -> BaseOrder:
    in_force = OrderTimeInForce(order.time_in_force.value)
    if order.order_type is OrderType.MARKET or order.price is None:
        return MarketOrder(
            time_in_force=in_force, legs=[leg], external_identifier=order.identifier, advanced_instructions=strict
        )
    return LimitOrder(
        time_in_force=in_force,
        legs=[leg],
        external_identifier=order.identifier,
        advanced_instructions=strict,
        price=-order.price if order.action.is_buy else order.price,  # the SDK's sign: a debit is negative
    )
