"""Arming faults: those that act at once are carried out here, on whoever is there now."""

from decimal import Decimal

from domain.contract import InstrumentType
from paper.exchange import Exchange
from paper.faults import Fault, FaultKind, On, Subject
from paper.faults.kinds import CONDITIONS
from paper.listings.series import Instrument
from paper.refusals import NotFoundError, PreflightError
from paper.trading.broker import RefusedOrderError
from paper.trading.order_form import LegForm, OrderForm
from paper.trading.orders import Order
from paper.trading.words import Action, OrderType, TimeInForce
from paper.wire.account_stream import AccountStream
from paper.wire.dxlink import DxLink
from paper.wire.order_json import Json
from paper.wire.tokens import Tokens

_BY_HAND = "WEB"  # the source of an order placed in the broker's own pages
_NEED_A_LISTING = CONDITIONS | {FaultKind.MANUAL_ORDER}


class Arming:
    """The faults of one exchange, and what they act on."""

    def __init__(self, exchange: Exchange, accounts: AccountStream, quotes: DxLink, tokens: Tokens) -> None:
        self._exchange = exchange
        self._accounts = accounts
        self._quotes = quotes
        self._tokens = tokens

    async def arm(self, fault: Fault) -> Json:
        """Arm a fault, and say how it stands; one that acts at once has acted. Of manual ones `order_id` is the order.

        NotFoundError when a condition's symbol isn't listed, PreflightError when a manual order is refused: then
        nothing is armed.
        """
        self._name_instrument(fault)
        order = self._trade_by_hand(fault)
        self._exchange.faults.arm(fault)
        if order is not None:
            fault.order_id = order.id
        fault.fired += 1 if order is not None or await self._hit_stream(fault) else 0
        if fault.kind is FaultKind.REVOKE_TOKENS:
            self._tokens.revoke_access()
        return fault.as_wire()

    def _name_instrument(self, fault: Fault) -> None:
        """By its order symbol, whichever was given; a halt is of what the instrument is on."""
        if fault.symbol is None:
            return
        instrument = self._exchange.listings.find_any(fault.symbol)
        if instrument is not None:
            fault.symbol = instrument.underlying if fault.kind is FaultKind.HALT else instrument.symbol
        elif fault.kind in _NEED_A_LISTING:
            raise NotFoundError(f"instrument {fault.symbol}")

    async def _hit_stream(self, fault: Fault) -> bool:
        stream = self._quotes if fault.on is On.QUOTES else self._accounts
        match fault.kind:
            case FaultKind.STREAM_DROP:
                return stream.drop()
            case FaultKind.STREAM_SILENCE:
                return stream.silence(fault.seconds)
            case FaultKind.STREAM_RECONNECT:
                return await stream.close()
            case FaultKind.OVERSIZED_MESSAGE:
                return stream.oversize()
            case _:
                return False

    def _trade_by_hand(self, fault: Fault) -> Order | None:
        if fault.kind is FaultKind.MANUAL_ORDER:
            return self._place(fault)
        return self._cancel(fault) if fault.kind is FaultKind.MANUAL_CANCEL else None

    def _place(self, fault: Fault) -> Order:
        instrument = self._exchange.listings.find(fault.symbol or "")
        if instrument is None:
            raise NotFoundError(f"instrument {fault.symbol}")
        held = self._exchange.account.held(instrument.symbol)
        action = _action(instrument, held, is_buy=fault.side == "buy")
        try:
            return self._exchange.broker.place(_form(instrument, action, fault.quantity, fault.price)).order
        except RefusedOrderError as refused:
            raise PreflightError(refused.refusals) from refused

    def _cancel(self, fault: Fault) -> Order | None:
        """The newest that fits; nobody is hit when none does."""
        for order in self._exchange.book.visible():
            if order.is_changeable and fault.suits(None, Subject.of(order)):
                return self._exchange.broker.cancel(order.id)
        return None


def _action(instrument: Instrument, held: int, *, is_buy: bool) -> Action:
    """As the broker's pages would choose it: what is held is closed first."""
    if instrument.instrument_type is InstrumentType.FUTURE:
        return Action.BUY if is_buy else Action.SELL
    if is_buy:
        return Action.BUY_TO_CLOSE if held < 0 else Action.BUY_TO_OPEN
    return Action.SELL_TO_CLOSE if held > 0 else Action.SELL_TO_OPEN


def _form(instrument: Instrument, action: Action, quantity: int, price: Decimal | None) -> OrderForm:
    leg = LegForm(
        instrument_type=instrument.instrument_type, symbol=instrument.symbol, action=action, quantity=quantity
    )
    return OrderForm(
        order_type=OrderType.MARKET if price is None else OrderType.LIMIT,
        time_in_force=TimeInForce.DAY,
        legs=(leg,),
        price=price,
        price_effect=None if price is None else ("Debit" if action.is_buy else "Credit"),
        source=_BY_HAND,
    )
