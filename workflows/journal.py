"""What a trade writes down about itself: one audit event for each step, numbered in the order of the story."""

from decimal import Decimal

from pydantic import JsonValue

from domain.audit import AuditEvent, AuditKind
from domain.contract import Contract, Quote
from domain.identifiers import OrderRole
from domain.ledger import LedgerOrder
from domain.orders import BrokerOrder, Fill, OrderAnswer
from domain.refusals import Refusal
from domain.trade import TradeRequest, TradeState
from workflows.world import World

_ROLES = {OrderRole.ENTRY: "entry", OrderRole.EXIT: "exit", OrderRole.CLOSE: "close"}


class Journal:
    """Turns a trade's steps into audit events. Event ids are `<workflow id>:<n>`, the same on every replay."""

    def __init__(self, world: World, request: TradeRequest) -> None:
        self._world = world
        self._request = request
        self._workflow_id = request.trade_id.workflow_id
        self._count = 0
        self._symbol: str | None = None

    def alert(self) -> None:
        """The trade began: the message as it was read."""
        message, alert = self._request.message, self._request.alert
        self._write(
            AuditKind.ALERT,
            detail=str(alert),
            price=alert.limit,
            quantity=alert.quantity,
            payload={"text": message.text, "posted_at": message.posted_at.isoformat(), "dry_run": self._request.dry_run}
            | {"alert": alert.model_dump(mode="json", exclude_defaults=True)}
            | {"reader": self._reader()},
        )

    def _reader(self) -> JsonValue:
        """What is needed to read the message again as it was read."""
        request = self._request
        return {"version": request.reader_version, "profile": request.profile, "read_as": list(request.read_as)}

    def admitted(self, terms: JsonValue) -> None:
        """The desk said yes, on these terms: the risk decision behind every order (invariant 4)."""
        self._write(AuditKind.ADMITTED, payload={"terms": terms})

    def refused(self, refusal: Refusal) -> None:
        """The trade is not made."""
        self._write(AuditKind.REFUSED, code=str(refusal.code), detail=str(refusal))

    def contract(self, contract: Contract) -> None:
        """The instrument is found."""
        self._symbol = contract.symbol
        self._write(AuditKind.CONTRACT, detail=str(contract), payload=contract.model_dump(mode="json"))

    def quote(self, quote: Quote | None, why: str) -> None:
        """A quote that a decision was made on."""
        payload = {} if quote is None else quote.model_dump(mode="json")
        self._write(AuditKind.QUOTE, detail=f"{why}: {quote or 'no quote'}", payload=payload)

    def sized(self, quantity: int, why: str) -> None:
        """The quantity, and what decided it."""
        self._write(AuditKind.SIZED, quantity=quantity, detail=why)

    def intent(self, order: LedgerOrder, why: str) -> None:
        """An order is about to be sent (invariant 22)."""
        request = order.request
        self._write(
            AuditKind.INTENT,
            side=str(request.action),
            quantity=request.quantity,
            price=request.price,
            identifier=request.identifier,
            detail=f"{_ROLES[order.role]}: {why}",
            payload=request.model_dump(mode="json"),
        )

    def answer(self, order: LedgerOrder, answer: OrderAnswer, asked: str) -> None:
        """What the broker said."""
        self._write(
            AuditKind.ANSWER,
            side=str(order.request.action),
            identifier=order.identifier,
            order_id=answer.order.order_id if answer.order else None,
            state=str(answer.outcome),
            code=answer.code or None,
            detail=f"{asked}: {answer.message or answer.outcome}",
            payload={"warnings": list(answer.warnings)} if answer.warnings else {},
        )

    def order(self, role: OrderRole, record: BrokerOrder) -> None:
        """The broker's record of an order changed its state."""
        self._write(
            AuditKind.ORDER,
            side=str(record.action),
            quantity=record.quantity,
            price=record.price,
            order_id=record.order_id,
            identifier=record.identifier,
            state=str(record.status),
            detail=f"{_ROLES[role]} {record.status}, filled {record.filled} of {record.quantity}"
            + (f": {record.reject_reason}" if record.reject_reason else ""),
        )

    def fill(self, role: OrderRole, record: BrokerOrder, fill: Fill) -> None:
        """An execution, counted now and never again."""
        self._write(
            AuditKind.FILL,
            side=str(record.action),
            quantity=fill.quantity,
            price=fill.price,
            order_id=record.order_id,
            identifier=record.identifier,
            fill_id=fill.fill_id,
            detail=f"{_ROLES[role]} filled {fill.quantity} @ {fill.price}",
        )

    def rung(self, rung: int, price: Decimal, why: str) -> None:
        """A step of the ladder was considered."""
        self._write(AuditKind.RUNG, price=price, detail=f"rung {rung}: {why}")

    def gone(self, quantity: int, said: str) -> None:
        """So many in all are short no more, and no order of the trade did it."""
        self._write(AuditKind.GONE, quantity=quantity, detail=said)

    def note(self, kind: AuditKind, detail: str, code: str | None = None) -> None:
        """A step that needs no more than a sentence."""
        self._write(kind, detail=detail, code=code)

    def state(self, state: TradeState) -> None:
        """The trade moved on."""
        self._write(AuditKind.STATE, state=str(state), detail=str(state))

    def _write(self, kind: AuditKind, **fields: object) -> None:
        self._count += 1
        message = self._request.message
        event = {
            "event_id": f"{self._workflow_id}:{self._count}",
            "at": self._world.now(),
            "kind": kind,
            "workflow_id": self._workflow_id,
            "mode": f"{self._request.mode}{' dry run' if self._request.dry_run else ''}",
            "author_id": message.author_id,
            "author_name": message.author_name,
            "channel_id": message.channel_id,
            "message_id": message.message_id,
            "symbol": self._symbol or self._request.alert.symbol,
        }
        self._world.record(AuditEvent.model_validate(event | fields))
