"""Misbehaviour on demand: armed through the control plane, spent by whatever it hits, and counted."""

from enum import StrEnum
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from paper.trading.orders import Order


class FaultKind(StrEnum):
    """What can be made to go wrong."""

    HANG_AFTER_ACCEPT = "hang_after_accept"  # carried out, and answered `seconds` late
    DROP_ANSWER = "drop_answer"  # carried out, and the socket closed without an answer
    ERROR_BEFORE = "error_before"  # `status`, nothing carried out
    ERROR_AFTER = "error_after"  # carried out, answered with `status`
    HTML_NEXT = "html_next"  # a proxy's page with `status`; `after` true: once carried out
    UNAUTHORIZED_NEXT = "unauthorized_next"  # 401, nothing carried out
    REJECT_NEXT = "reject_next"  # accepted, then Rejected by the venue
    CANCEL_NEXT = "cancel_next"  # goes Live, then Cancelled by the venue unasked, after `seconds`
    STALE_LOOKUP = "stale_lookup"  # an accepted order is in no answer and no stream for `seconds`
    DELAY_CANCEL = "delay_cancel"  # a cancel takes `seconds` longer
    FILL_DURING_CANCEL = "fill_during_cancel"  # `quantity` fills between the request and its end
    FILL_AFTER_CANCEL = "fill_after_cancel"  # `quantity` fills were on their way: booked once it is Cancelled
    LOTS = "lots"  # the order fills in pieces of `lots`, then whatever is left
    LATE_FILL_DETAIL = "late_fill_detail"  # announced as Filled with its last fill missing for `seconds`
    STREAM_DROP = "stream_drop"  # the stream's sockets are cut now
    STREAM_SILENCE = "stream_silence"  # the stream stays up and loses everything for `seconds`
    REPEAT_STREAM = "repeat_stream"  # the next message is delivered `copies` times


class On(StrEnum):
    """The family of requests a fault waits for, or the stream it is for."""

    PLACE = "place"
    DRY_RUN = "dry_run"
    REPLACE = "replace"
    CANCEL = "cancel"
    READ = "read"
    QUOTES = "quotes"
    TOKEN = "token"  # noqa: S105  a family's name
    ACCOUNT = "account"  # the account stream


class Subject(NamedTuple):
    """The order that something happens to, as far as a fault may be narrowed to it."""

    symbol: str
    is_buy: bool
    identifier: str

    @classmethod
    def of(cls, order: Order) -> "Subject":
        """The first leg speaks for the order."""
        leg = order.legs[0]
        return cls(leg.symbol, leg.action.is_buy, order.identifier or "")


_ABOUT_PLACING = {FaultKind.HANG_AFTER_ACCEPT, FaultKind.DROP_ANSWER, FaultKind.ERROR_BEFORE, FaultKind.ERROR_AFTER}


class Fault(BaseModel):
    """One armed fault. It hits the first `times` matching requests or orders, after letting `skip` pass.

    `on` (for lost and wrong answers: placing, unless said otherwise), `symbol`, `side` ("buy" or "sell") and
    `identifier` (a part of the external identifier) narrow it.
    """

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    on: On | None = None
    symbol: str | None = None
    side: str | None = Field(default=None, pattern="^(buy|sell)$")
    identifier: str | None = None
    times: int = Field(default=1, ge=1)
    skip: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)
    status: int = Field(default=503, ge=400, le=599)
    quantity: int = Field(default=1, ge=1)
    copies: int = Field(default=2, ge=1, le=100)
    lots: tuple[int, ...] = ()
    after: bool = False
    fired: int = 0

    @model_validator(mode="after")
    def _for_placing(self) -> Self:
        if self.on is None and self.kind in _ABOUT_PLACING:
            self.on = On.PLACE
        return self

    @property
    def left(self) -> int:
        """How often it can still hit."""
        return self.times - self.fired

    def as_wire(self) -> dict[str, Any]:
        """As the control plane lists it."""
        return {**self.model_dump(mode="json"), "armed": self.times}

    def suits(self, on: On | None, subject: Subject | None) -> bool:
        """Whether it is meant for this request, and for this order where it is about one."""
        if not self.left or (self.on is not None and on is not None and self.on is not on):
            return False
        narrowed = self.symbol or self.side or self.identifier
        return not narrowed or (subject is not None and self._is_about(subject))

    def _is_about(self, subject: Subject) -> bool:
        return (
            (self.symbol is None or self.symbol == subject.symbol)
            and (self.side is None or (self.side == "buy") == subject.is_buy)
            and (self.identifier is None or self.identifier in subject.identifier)
        )


class Faults:
    """Every fault armed since the last clearing."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """Make it wait for what it is meant for."""
        self.armed.append(fault)

    def clear(self) -> None:
        """Forget all of them."""
        self.armed.clear()

    def take(
        self, kind: FaultKind, on: On | None = None, subject: Subject | None = None, *, after: bool | None = None
    ) -> Fault | None:
        """Spend one hit of the first fault of that kind which suits; None when there is none.

        `after`, when given, takes only faults armed with that same value.
        """
        for fault in self.armed:
            if fault.kind is not kind or not fault.suits(on, subject) or after not in (None, fault.after):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.fired += 1
            return fault
        return None
