"""Which way a trade stands in the market: it bought first, or it sold first. Everything that differs is asked here."""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.alert import Action
from domain.ladder import Side
from domain.orders import LegAction


class Words(NamedTuple):
    """`entered` and `left` are past, `leave` is what is asked for, `held` is how what was entered stands."""

    entered: str
    left: str
    leave: str
    leaves: str
    leaving: str
    held: str


class Direction(StrEnum):
    """Long gains when the price rises, short when it falls."""

    LONG = "long"
    SHORT = "short"

    @classmethod
    def of(cls, action: Action) -> "Direction":
        """The direction of the trades that such an alert opens, or closes."""
        return cls.LONG if action in (Action.BTO, Action.STC) else cls.SHORT

    @property
    def is_short(self) -> bool:
        """It sold first."""
        return self is Direction.SHORT

    @property
    def sign(self) -> int:
        """1, or -1: of the position in the account, and of what a rise of the price gains."""
        return -1 if self.is_short else 1

    @property
    def leaves_by(self) -> Side:
        """The side that its exit and its closing orders are on."""
        return Side.BUY if self.is_short else Side.SELL

    def opens_by(self, *, is_future: bool) -> LegAction:
        """What its entry orders do. Outright futures know neither open nor close, and are never sold first."""
        if is_future:
            return LegAction.BUY
        return LegAction.SELL_TO_OPEN if self.is_short else LegAction.BUY_TO_OPEN

    def closes_by(self, *, is_future: bool) -> LegAction:
        """What its exit and its closing orders do."""
        if is_future:
            return LegAction.SELL
        return LegAction.BUY_TO_CLOSE if self.is_short else LegAction.SELL_TO_CLOSE

    def gain(self, entered: Decimal, left: Decimal) -> Decimal:
        """Per share or point: what leaving at `left` brings over having entered at `entered`."""
        return (left - entered) * self.sign

    def better(self, one: Decimal, other: Decimal) -> Decimal:
        """Of two prices the one that this direction gains by."""
        return min(one, other) if self.is_short else max(one, other)

    def worth_more(self, average: Decimal, part: Decimal) -> Decimal:
        """The price at which `part` (0.3 is 30 %) of the average is gained; of a negative part, lost."""
        return average * (1 + part * self.sign)

    @property
    def words(self) -> Words:
        """What people call its steps."""
        return _SHORT_WORDS if self.is_short else _LONG_WORDS


_LONG_WORDS = Words("bought", "sold", "sell", "sells", "selling", "held")
_SHORT_WORDS = Words("sold", "bought back", "buy back", "buys back", "buying back", "short")
