"""What a trader said: the alert as read from a message, and why a message was not read as one."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.frozen import Frozen


class Action(StrEnum):
    """The four things an alert can ask for."""

    BTO = "BTO"  # buy to open
    STC = "STC"  # sell to close
    STO = "STO"  # sell to open
    BTC = "BTC"  # buy to close

    @property
    def closes(self) -> bool:
        """It ends a position, or a part of one."""
        return self in (Action.STC, Action.BTC)


class OptionType(StrEnum):
    """Which side of the chain."""

    CALL = "call"
    PUT = "put"


class Levels(Frozen):
    """A stop and targets in one measure: percent of the price paid, or prices of the underlying. All above zero."""

    stop: Decimal | None = None
    targets: tuple[Decimal, ...] = ()

    @property
    def in_words(self) -> tuple[str, ...]:
        """`stop 68`, `target 75`."""
        stops = () if self.stop is None else (f"stop {self.stop.normalize():f}",)
        return (*stops, *(f"target {target.normalize():f}" for target in self.targets))


class Trail(Frozen):
    """A stop that follows the price, so many percent or so much money behind it. One of the two is given."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def __str__(self) -> str:
        return f"{self.percent.normalize():f} %" if self.percent is not None else str(self.amount)


class Alert(Frozen):
    """One order a careful person would trade from one message.

    Prices are per share or point, in the contract's currency. `strike` and `option_type` are given together (an option)
    or not at all (shares, futures). What opens an option has its `expiry` too; what closes one may leave it to the
    position that is held. `price` is None for a range and at market.

    `stop` and `targets` are prices of what is traded. Those written in percent stand in `in_percent`, and here too as
    prices when there is a price to count from; those on the underlying stand in `on_underlying` alone.
    """

    action: Action
    symbol: str
    strike: Decimal | None = None
    option_type: OptionType | None = None
    expiry: date | None = None
    quantity: int | None = None
    price: Decimal | None = None
    price_range: tuple[Decimal, Decimal] | None = None
    fraction: Decimal | None = None  # the part of the position to close, 0 < fraction <= 1
    partial: bool = False  # closes a part, and does not say how much
    stop: Decimal | None = None
    targets: tuple[Decimal, ...] = ()
    label: str | None = None  # lower case, as the allocation table knows it: "lotto", "super lotto"
    is_add: bool = False  # to a position that is held: "added", "avg down"
    in_percent: Levels = Levels()
    on_underlying: Levels = Levels()
    trail: Trail | None = None

    @property
    def is_option(self) -> bool:
        """Whether this is an option; shares and futures have no strike."""
        return self.strike is not None

    @property
    def is_future(self) -> bool:
        """A future itself, by its root or by one month; not an option on it."""
        return not self.is_option and self.symbol.startswith("/")

    @property
    def is_shares(self) -> bool:
        """Shares."""
        return not self.is_option and not self.is_future

    @property
    def limit(self) -> Decimal | None:
        """The most a buyer was told to pay: the price, or the top of the range; None at market."""
        if self.price_range is not None:
            return self.price_range[1] if self.action in (Action.BTO, Action.BTC) else self.price_range[0]
        return self.price

    @property
    def levels_in_words(self) -> str:
        """Its stop, trail and targets as they were written: `stop 30 %, target 1.50; on the underlying: stop 68`."""
        percent = [f"{words} %" for words in self.in_percent.in_words]
        own = Levels(
            stop=None if self.in_percent.stop is not None else self.stop,
            targets=() if self.in_percent.targets else self.targets,
        )
        trail = [] if self.trail is None else [f"trail {self.trail}"]
        told = ", ".join([*own.in_words, *percent, *trail])
        others = ", ".join(self.on_underlying.in_words)
        return "; ".join([told] * bool(told) + [f"on the underlying: {others}"] * bool(others))

    def __str__(self) -> str:
        """The house format: `BTO 2 UBER 78p 12/05 @ 0.75`."""
        words = [str(self.action)]
        if self.quantity:
            words.append(str(self.quantity))
        words.append(self.symbol)
        if self.strike is not None and self.option_type is not None:
            words.append(f"{self.strike.normalize():f}{self.option_type[0]}")
        if self.expiry is not None:
            words.append(f"{self.expiry:%m/%d}")
        if self.limit is not None:
            words.append(f"@ {self.limit}")
        return " ".join(words)


class UnreadCode(StrEnum):
    """Why a message was not read as an alert."""

    NOT_AN_ALERT = "not_an_alert"  # chat, recap, plan, question: nothing asks for an order
    AMBIGUOUS = "ambiguous"  # can be read two ways
    INCOMPLETE = "incomplete"  # an order without its call/put, strike, expiry or symbol
    SUSPICIOUS = "suspicious"  # look-alike letters, absurd numbers, strike and price swapped
    PAST_EXPIRY = "past_expiry"
    IMPOSSIBLE_DATE = "impossible_date"
    MULTI_LEG = "multi_leg"  # spreads, rolls and other combinations
    TOO_LONG = "too_long"
    NOT_ALLOWED = "not_allowed"  # the author's profile does not have this kind of order


class Unread(Frozen):
    """A refusal to read: its code, and the piece of text that decided it, in words for its author.

    `is_alert_like`: it was meant as an order, so its author should be told. Else silence is right: it is talk.
    """

    code: UnreadCode
    detail: str
    is_alert_like: bool = False


class Reading(Frozen):
    """What a message says: alerts to trade, or the reason for none. Never both."""

    alerts: tuple[Alert, ...] = ()
    refused: Unread | None = None
    reader_version: int = 0
    profile: str = ""  # the name of the profile it was read by
    read_as: tuple[str, ...] = ()  # each piece of the message with the part it plays: "verb BTO", "strike 88p"


class AlertMessage(Frozen):
    """A message as it arrived at a front door. Ids are Discord snowflakes; `posted_at` is the message's own time.

    A message of a thread is its parent channel's, by which it is allowed; `thread_id` is where it stands.
    """

    channel_id: int
    message_id: int
    author_id: int
    text: str
    posted_at: datetime
    author_name: str = ""
    channel_name: str = ""
    guild_id: int | None = None
    thread_id: int | None = None
    role_ids: tuple[int, ...] = ()
    webhook_id: int | None = None
    is_bot: bool = False
    is_reply: bool = False
    is_edit: bool = False
