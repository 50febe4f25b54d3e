"""The order as found so far. What can be said once and is said twice, differently, is ambiguous."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.alert import Action, OptionType
from domain.profile import PLAIN, Profile
from domain.reading.chunks import Chunk
from domain.reading.refusal import ambiguous, multi_leg, suspicious

_LARGEST_COUNT = 9_999
_FEWEST_SHARES = 50  # from here on a plain count, with neither strike nor day, is of shares
_HUNDRED = 100
SHARES = ("share", "shares", "sh", "shs", "stock", "commons", "common", "common stock")


@dataclass(slots=True)
class Draft:
    """An order's pieces."""

    today: date
    minute: int  # of the hour, when it was posted
    profile: Profile = PLAIN
    is_cheered: bool = False  # a sign of joy stands in the message: a contract alone may then be a brag
    action: Action | None = None
    is_strong: bool = False
    verb: str = ""
    is_headed: bool = False  # by its verb in capitals, as a form is
    symbol: str | None = None
    is_future: bool = False
    strike: Decimal | None = None
    right: OptionType | None = None
    expiries: dict[date, str] = field(default_factory=dict)
    fractions_or_days: list[tuple[str, bool]] = field(default_factory=list)  # as written; stood before the symbol
    price: Decimal | None = None
    price_range: tuple[Decimal, Decimal] | None = None
    is_market: bool = False
    is_day_first: bool = False  # a day's name stands before everything: "Friday I bought"
    is_marked: bool = False  # "@", "at" or "for" stands before the price
    price_word: str = ""  # that stands before the price: "@", "for", "paid"
    is_titled: bool = False  # "alert:" stands before the order
    count: int | None = None
    counted_of: int | None = None
    unit: str | None = None
    fractions: list[Decimal] = field(default_factory=list)
    is_part: bool = False
    sale_opens: bool = False
    is_short: bool = False  # "short put", "short 2": a sale that opens, said without a verb
    is_average: bool = False  # the price of the head is the new average
    is_bare_share: bool = False  # a symbol and a price that only a share has
    is_expiry_held: bool = False  # a close without its day: the position has it
    is_add: bool = False
    levels: list[Chunk] = field(default_factory=list)  # stops and targets that stand before the price
    trace: list[tuple[Sequence[Chunk], str]] | None = None  # chunks, and what they gave; for people who ask

    def anew(self) -> "Draft":
        """An empty draft on the same terms."""
        return Draft(self.today, self.minute, self.profile, self.is_cheered, trace=self.trace)

    @property
    def has_contract(self) -> bool:
        """Whether an option's strike and symbol, or a future, are there."""
        return self.symbol is not None and (self.strike is not None or self.is_future)

    @property
    def has_price(self) -> bool:
        """Whether the price is settled: a number, a range, or the market."""
        return self.price is not None or self.price_range is not None or self.is_market

    @property
    def is_whole(self) -> bool:
        """Whether contract and price are there."""
        if self.is_of_shares:
            return True
        return self.has_contract and self.has_price and (self.is_future or bool(self.expiries))

    @property
    def is_of_shares(self) -> bool:
        """Whether a symbol with its price is counted as shares are, and nothing says that it is an option."""
        is_option = self.strike is not None or self.right is not None or bool(self.expiries or self.fractions_or_days)
        is_named = self.symbol is not None and not self.is_future and self.has_price and not is_option
        is_counted = self.is_bare_share or self.is_counted_as_shares
        return is_named and (self.unit in SHARES or (self.unit is None and is_counted))

    @property
    def is_counted_as_shares(self) -> bool:
        """Whether there are as many as nobody has contracts."""
        fewest = _FEWEST_SHARES if self.is_strong else _HUNDRED
        return self.count is not None and self.count >= fewest

    @property
    def is_complete(self) -> bool:
        """Whether nothing of an order is missing: what follows is talk about it."""
        return self.is_whole and self.action is not None

    def say_action(self, chunk: Chunk) -> None:
        """Take a verb. A second one must agree."""
        meaning = chunk.meaning
        if meaning is None or meaning.action is None:
            return
        if self.action not in (None, meaning.action):
            raise ambiguous(f"{self.action} or {chunk.text}")
        if meaning.action in (Action.BTO, Action.STO) and (self.fractions or self.is_part):
            raise ambiguous(f"a part of a position, and {chunk.text}")
        self.action = meaning.action
        self.is_headed = self.is_headed or (not self.verb and chunk.text.isupper())
        self.verb = self.verb or chunk.lower
        self.is_strong = self.is_strong or meaning.is_strong
        self.is_add = self.is_add or meaning.is_add
        self.say_part(chunk)

    def say_closing(self, chunk: Chunk) -> None:
        """Take a verb that sells here, whatever it means elsewhere."""
        if self.action not in (None, Action.STC):
            raise ambiguous(f"{self.action} or {chunk.text}")
        self.action, self.verb = Action.STC, self.verb or chunk.lower

    def say_part(self, chunk: Chunk) -> None:
        """Take how much of the position is meant."""
        if chunk.meaning and chunk.meaning.fraction is not None:
            self.fractions.append(chunk.meaning.fraction)
        if chunk.meaning and chunk.meaning.is_part:
            self.is_part = True

    def say_symbol(self, symbol: str, *, is_future: bool = False) -> None:
        """Take the symbol, in capitals."""
        if self.symbol not in (None, symbol):
            raise ambiguous(f"two symbols: {self.symbol} or {symbol}")
        self.symbol, self.is_future = symbol, is_future

    def say_strike(self, strike: Decimal, right: OptionType | None, written: str) -> None:
        """Take strike and side."""
        if self.strike not in (None, strike):
            raise multi_leg(f"two strikes: {self.strike} or {written}")
        self.strike = strike
        self.say_right(right, written)

    def say_right(self, right: OptionType | None, written: str) -> None:
        """Take the side alone: "calls"."""
        if right is not None and self.right not in (None, right):
            raise ambiguous(f"call or put: {written}")
        self.right = right or self.right

    def say_price(self, price: Decimal) -> None:
        """Take the price."""
        if self.price not in (None, price) or self.price_range or self.is_market:
            raise ambiguous(f"two prices: {self.price or self.price_range or 'market'} or {price}")
        self.price = price

    def say_range(self, prices: tuple[Decimal, Decimal]) -> None:
        """Take a range of prices."""
        if self.has_price:
            raise ambiguous(f"two prices: {self.price or 'market'} or {prices[0]} to {prices[1]}")
        self.price_range = prices

    def say_market(self) -> None:
        """Take "at market"."""
        if self.price is not None or self.price_range is not None:
            raise ambiguous(f"two prices: {self.price or self.price_range} or market")
        self.is_market = True

    def say_count(self, written: str) -> None:
        """Take the number of contracts or shares."""
        digits = written.lstrip("+").replace(",", "")
        count = int(digits) if digits.isdigit() and len(digits) < 9 else 0
        if not 0 < count <= _LARGEST_COUNT:
            raise suspicious(f"quantity {written}")
        if self.count not in (None, count):
            raise ambiguous(f"two quantities: {self.count} or {count}")
        self.count = count
