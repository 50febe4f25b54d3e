"""One armed fault: its parameters, what it is meant for, and how often it has hit."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from paper.faults.kinds import ABOUT_PLACING, CONDITIONS, FaultKind, On, Shape
from paper.trading.orders import Order


class Subject(NamedTuple):
    """The order that something happens to, as far as a fault may be narrowed to it."""

    symbol: str
    is_buy: bool
    identifier: str
    order_id: int = 0  # none yet

    @classmethod
    def of(cls, order: Order) -> "Subject":
        """The first leg speaks for the order."""
        leg = order.legs[0]
        return cls(leg.symbol, leg.action.is_buy, order.identifier or "", order.id)


class Fault(BaseModel):
    """One armed fault. It hits the first `times` matching requests or orders, after letting `skip` pass.

    `on`, `symbol` (of the first leg; of a condition: the instrument), `side` ("buy" or "sell"), `identifier` (a part
    of the external identifier) and `order_id` narrow it. The other parameters belong to single kinds: see FaultKind.
    A test that arms a fault means it to hit: `may_be_unused` says that this one need not.
    `fired`, `began_at` and `is_over` are the exchange's to write.
    """

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    on: On | None = None
    symbol: str | None = None
    side: str | None = Field(default=None, pattern="^(buy|sell)$")
    identifier: str | None = None
    order_id: int | None = None
    times: int = Field(default=1, ge=1)
    skip: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)
    status: int = Field(default=503, ge=400, le=599)
    quantity: int = Field(default=1, ge=1)
    price: Decimal | None = Field(default=None, ge=0)
    copies: int = Field(default=2, ge=1, le=100)
    lots: tuple[int, ...] = ()
    after: bool = False
    reason: str = "Rejected by the venue"
    ends: Literal["Cancelled", "Removed"] = "Cancelled"
    missing: Literal["bid", "ask"] = "ask"
    shape: Shape = Shape.UNKNOWN_STATUS
    may_be_unused: bool = False
    fired: int = 0
    began_at: datetime | None = None
    is_over: bool = False

    @model_validator(mode="after")
    def _with_defaults(self) -> Self:
        if self.on is None and self.kind in ABOUT_PLACING:
            self.on = On.PLACE
        if self.on is None and self.kind is FaultKind.UNPARSEABLE_RECORD:
            self.on = On.READ
        return self

    @model_validator(mode="after")
    def _with_what_it_needs(self) -> Self:
        if self.symbol is None and self.kind in CONDITIONS | {FaultKind.MANUAL_ORDER}:
            raise ValueError(f"{self.kind} needs a symbol")
        if self.side is None and self.kind is FaultKind.MANUAL_ORDER:
            raise ValueError(f"{self.kind} needs a side")
        return self

    @property
    def is_storm(self) -> bool:
        """Whether it hits whatever comes for `seconds`, and not `times` times."""
        return self.kind is FaultKind.RATE_LIMITED and self.seconds > 0

    @property
    def is_spent(self) -> bool:
        """Whether it can hit no more."""
        return self.is_over or (not self.is_storm and self.fired >= self.times)

    @property
    def is_unused(self) -> bool:
        """Whether it was armed for nothing."""
        return not self.fired and not self.may_be_unused

    def as_wire(self) -> dict[str, Any]:
        """As the control plane lists it."""
        return {**self.model_dump(mode="json"), "armed": self.times, "unused": self.is_unused}

    def suits(self, on: On | None, subject: Subject | None) -> bool:
        """Whether it is meant for this request, and for this order where it is about one."""
        if self.is_spent or (self.on is not None and on is not None and self.on is not on):
            return False
        narrowed = self.symbol or self.side or self.identifier or self.order_id
        return not narrowed or (subject is not None and self._is_about(subject))

    def _is_about(self, subject: Subject) -> bool:
        return (
            (self.symbol is None or self.symbol == subject.symbol)
            and (self.side is None or (self.side == "buy") == subject.is_buy)
            and (self.identifier is None or self.identifier in subject.identifier)
            and (self.order_id is None or self.order_id == subject.order_id)
        )
