"""One trade as it should be, in the book, in the workflow and in the audit log: for tests that mutilate it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from chaos.evidence import BookFill, BookOrder, Evidence
from domain.alert import Action, Alert, AlertMessage
from domain.audit import AuditEvent, AuditKind
from domain.contract import Contract, InstrumentType
from domain.identifiers import OrderRole, TradeId, snowflake_at
from domain.settings import Mode
from domain.ticks import TickSchedule
from domain.trade import TradeState, TradeView

BORN = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
TRADE = TradeId(channel_id=1, message_id=snowflake_at(BORN, 7))
_SYMBOL = "UBER  261204P00078000"
_CONTRACT = Contract(
    symbol=_SYMBOL,
    streamer_symbol=".UBER261204P78",
    instrument_type=InstrumentType.EQUITY_OPTION,
    underlying="UBER",
    multiplier=Decimal(100),
    ticks=TickSchedule.split("0.01", "3", "0.05"),
)


def at(seconds: float) -> datetime:
    """So many seconds after the alert."""
    return BORN + timedelta(seconds=seconds)


def good_trade() -> Evidence:
    """Six bought on the first rung in two fills, at 0.76, and an exit of three standing at 1.52."""
    orders = good_orders()
    return Evidence(
        workflow_id=TRADE.workflow_id,
        message=AlertMessage(
            channel_id=1,
            message_id=TRADE.message_id,
            author_id=1,
            text="BTO 6 UBER 78p 12/04 @ 0.75",
            posted_at=BORN,
        ),
        asked=6,
        view=TradeView(
            workflow_id=TRADE.workflow_id,
            state=TradeState.HOLDING,
            alert=Alert(action=Action.BTO, symbol="UBER", quantity=6),
            mode=Mode.PAPER,
            dry_run=False,
            contract=_CONTRACT,
            sized=6,
            filled=6,
            average_price=Decimal("0.76"),
        ),
        runs=1,
        status="RUNNING",
        closed_at=None,
        orders=orders,
        rows=_rows(orders),
    )


def good_orders() -> list[BookOrder]:
    """An entry, its replacement with two fills, and the exit."""
    first = _order(1, OrderRole.ENTRY, 0, "0.75", 1.0, status="Cancelled", ended_at=at(2.1), is_edited=True)
    fills = (BookFill("F1", 4, Decimal("0.76"), at(2.5)), BookFill("F2", 2, Decimal("0.76"), at(2.6)))
    second = _order(
        2, OrderRole.ENTRY, 1, "0.76", 2.0, replaces=1, sent_at=at(2.2), status="Filled", ended_at=at(2.6), fills=fills
    )
    sale = _order(3, OrderRole.EXIT, 0, "1.52", 3.0, status="Live", is_buy=False, quantity=3, tif="GTC")
    return [first, second, sale]


def _order(order_id: int, role: OrderRole, number: int, price: str, received: float, **fields: object) -> BookOrder:
    common: dict[str, object] = {
        "order_id": order_id,
        "identifier": TRADE.order_identifier(role, number),
        "symbol": _SYMBOL,
        "is_buy": True,
        "quantity": 6,
        "price": Decimal(price),
        "tif": "Day",
        "received_at": at(received),
        "sent_at": at(received),
    }
    return BookOrder(**(common | fields))  # type: ignore[arg-type]


def _rows(orders: list[BookOrder]) -> list[AuditEvent]:
    told: list[dict[str, object]] = [{"kind": AuditKind.ALERT, "at": at(0.1)}]
    for order in orders:
        named = {"identifier": order.identifier, "order_id": order.order_id}
        intent = {"kind": AuditKind.INTENT, "quantity": order.quantity, "price": order.price}
        told.append({**intent, "identifier": order.identifier, "at": order.received_at - timedelta(seconds=0.1)})
        told.append({"kind": AuditKind.ORDER, "at": order.received_at + timedelta(seconds=0.1), **named})
        told += [
            {"kind": AuditKind.FILL, "at": fill.at, "fill_id": fill.fill_id, "quantity": fill.quantity, **named}
            for fill in order.fills
        ]
    return [
        AuditEvent.model_validate(
            {"event_id": f"{TRADE.workflow_id}:{number}", "workflow_id": TRADE.workflow_id, **fields}
        )
        for number, fields in enumerate(told, start=1)
    ]
