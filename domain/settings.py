"""The settings that decide what a trade does. They travel in the trade's own history, so a change never moves a
running trade. The defaults are the product's specification, and the safe choice where it leaves one open.
"""

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from domain.alert import Action
from domain.frozen import Frozen
from domain.trouble import TRIPS, TroubleKind

# Every number is bounded to what the desk can calculate with. Changes reach it while it trades, and one that overflows
# in its arithmetic would stop it, halts and all.
_MOST = 1_000_000_000
_PLACES = 6
_LONGEST = timedelta(days=30)
Count = Annotated[int, Field(ge=0, le=_MOST)]
Percent = Annotated[Decimal, Field(ge=0, le=_MOST, decimal_places=_PLACES)]
Dollars = Annotated[Decimal, Field(ge=0, le=_MOST, decimal_places=_PLACES)]
PartPercent = Annotated[Decimal, Field(gt=0, le=100, decimal_places=_PLACES)]
PartOrNone = Annotated[Decimal, Field(ge=0, le=100, decimal_places=_PLACES)]
Positive = Annotated[timedelta, Field(gt=timedelta(0), le=_LONGEST)]


# The desk hands its policy on in one message: whatever can grow in it has a bound.
MOST_IDS = 1000
_MOST_NAMES = 200
Ids = Annotated[frozenset[int], Field(max_length=MOST_IDS)]
Symbol = Annotated[str, Field(min_length=1, max_length=21)]


class Mode(StrEnum):
    """Where orders go. The code is the same; the addresses differ."""

    PAPER = "paper"
    SANDBOX = "sandbox"
    LIVE = "live"


class Reprice(StrEnum):
    """How a rung moves the working order."""

    REPLACE = "replace"  # one PUT while no fill is known, else as below
    CANCEL_AND_PLACE = "cancel_and_place"  # cancel, confirm, place the verified rest


class LadderSettings(Frozen):
    """The entry ladder. `window` counts from the first order; `grace` is how long an order may outlive it."""

    rung: Positive = timedelta(seconds=20)
    max_steps: Annotated[int, Field(ge=0, le=20)] = 3
    window: Positive = timedelta(seconds=90)
    grace: Positive = timedelta(seconds=15)
    convert_within_ticks: Count = 1
    market_fill_wait: Positive = timedelta(seconds=10)
    late_fill_wait: Positive = timedelta(seconds=5)  # a trade without a fill stays so long to hear of a late one
    # A request that was given up may be held somewhere on its way, and still arrive. A trade that is over hears of it
    # no more, so before its end it waits for as long as load balancers commonly hold a request.
    latecomer_wait: Positive = timedelta(minutes=1)
    reprice: Reprice = Reprice.REPLACE

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.rung * self.max_steps >= self.window:
            raise ValueError(
                f"{self.max_steps} steps of {self.rung.total_seconds():g} s do not fit in a window of "
                f"{self.window.total_seconds():g} s"
            )
        return self


class GuardSettings(Frozen):
    """What stops a ladder before it starts or while it climbs."""

    max_alert_age: Positive = timedelta(seconds=10)
    max_quote_age: Positive = timedelta(seconds=15)
    ceiling_percent: Percent = Decimal(10)  # how far above the alert's price a buyer may go ...
    ceiling_min_ticks: Count = 4  # ... but the ladder's own steps and the conversion always fit
    max_spread_percent: Percent = Decimal(40)  # of the mid; wider is refused ...
    max_spread_ticks: Annotated[int, Field(ge=1, le=_MOST)] = 10  # ... unless it is at most this many ticks
    min_bid: Dollars = Decimal("0.01")  # what nobody bids for can't be sold again
    max_off_alert_percent: Percent = Decimal(50)  # how far the mid may be from the alert's price ...
    max_off_alert_ticks: Count = 4  # ... or by so many ticks: else the alert is misread
    # For shares and futures in place of the three above: what is nothing for an option is a misreading there.
    outright_ceiling_percent: Percent = Decimal(1)
    outright_max_spread_percent: Percent = Decimal(2)
    outright_max_off_alert_percent: Percent = Decimal(10)
    index_curb_hours: bool = False  # count on the quarter of an hour that options on SPX, VIX, ... trade longer


class SingleContract(StrEnum):
    """What the exit does when the filled quantity is too small to halve."""

    HOLD = "hold"  # no exit order; the position runs until an STC alert, the operator or expiry
    EXIT_ALL = "exit_all"  # the exit is for the one contract


class ExitSettings(Frozen):
    """The profit-taking exit: `percent` of the filled quantity, rounded down, at `profit_percent` over the average.

    Those two are for options. Shares and futures seldom double, and a futures exchange refuses a price beyond its limit
    for the day, so they have their own; 0 % of them means no exit order: they wait for a closing alert or a person.
    """

    percent: PartPercent = Decimal(50)
    profit_percent: Annotated[Decimal, Field(gt=0, le=_MOST, decimal_places=_PLACES)] = Decimal(100)
    share_percent: PartOrNone = Decimal(50)
    share_profit_percent: Annotated[Decimal, Field(gt=0, le=_MOST, decimal_places=_PLACES)] = Decimal(10)
    future_percent: PartOrNone = Decimal(50)
    future_profit_percent: Annotated[Decimal, Field(gt=0, le=_MOST, decimal_places=_PLACES)] = Decimal(1)
    min_quantity: Annotated[int, Field(ge=1, le=_MOST)] = 1
    single_contract: SingleContract = SingleContract.HOLD
    resize_pause: Positive = timedelta(seconds=1)  # later fills resize the exit at most this often


class SmallTrim(StrEnum):
    """What a closing alert does that names less than one contract of what is held."""

    SELL_ONE = "sell_one"
    HOLD = "hold"


class AtWindowEnd(StrEnum):
    """What a closing ladder does when its window is over and the market is more than the set ticks away."""

    KEEP = "keep"  # hold on to it, as the entry's ladder gives up; an operator is told
    MARKET = "market"  # sell at the market


class ClosingSettings(Frozen):
    """How closing alerts and people sell what a trade holds."""

    same_author_only: bool = True  # an alert closes what its own author opened
    partial_percent: PartPercent = Decimal(50)  # "trim", "partial": of what is held, when nobody says how much
    small_trim: SmallTrim = SmallTrim.SELL_ONE
    at_window_end: AtWindowEnd = AtWindowEnd.KEEP


class ProtectionSettings(Frozen):
    """When a trade sells by itself, beside its profit-taking exit. Nothing of it by default.

    Percents of the stop and the trail are of the average price paid, and of the best price since. The price that counts
    is the middle of the market, and it must hold for `confirm`: one odd quote sells nothing. For an alert's levels on
    the underlying that is the underlying's market, in the hours of the option's.
    """

    # The alert's own stop, targets and trail, those on the underlying too; else they are recorded, no more.
    follow_alerts: bool = False
    stop_percent: PartPercent | None = None
    trail_percent: PartPercent | None = None
    target_part_percent: PartPercent = Decimal(50)  # of what is held, at each of an alert's targets; the last: all
    close_before_expiry: Positive | None = None  # so long before the contract stops trading
    close_before_0dte_end: Positive | None = None  # the same for what was bought on its last day
    confirm: Annotated[timedelta, Field(ge=timedelta(0), le=timedelta(minutes=10))] = timedelta(seconds=2)


class CallWriting(StrEnum):
    """Which calls are sold short. One that nothing covers has no end of risk, and is sold by no setting."""

    NEVER = "never"
    COVERED = "covered"  # by shares of the account that nothing else needs


class ShortOptionSettings(Frozen):
    """Single options sold first (STO), and bought back (BTC). Off unless somebody switches them on.

    What assignment would cost is strike times multiplier, in dollars, whatever the premium. The exit buys back the part
    that `exit` says when `take_profit` of the credit is kept: 0.5 buys back at half of what was received.
    """

    enabled: bool = False
    max_contracts: Annotated[int, Field(ge=1, le=_MOST)] = 1  # in one trade
    max_assignment: Dollars = Decimal(10_000)  # in one trade
    max_assignment_total: Dollars = Decimal(20_000)  # over all short trades that are open
    calls: CallWriting = CallWriting.NEVER
    take_profit: Annotated[Decimal, Field(gt=0, lt=1, decimal_places=_PLACES)] = Decimal("0.5")


class SizingSettings(Frozen):
    """Allocation by label in % of the buying power at session login, and the caps."""

    allocation_percent: Percent = Decimal(5)
    by_label: dict[Annotated[str, Field(max_length=100)], Percent] = Field(
        default_factory=lambda: {"lotto": Decimal(5), "super lotto": Decimal(2)},
        max_length=_MOST_NAMES,
        description="label -> % of buying power",
    )
    channel_factor: dict[int, Decimal] = Field(
        default_factory=dict, max_length=MOST_IDS, description="channel id -> factor, 0.5 is half size"
    )
    max_quantity: Annotated[int, Field(ge=1, le=_MOST)] = 10  # options and futures
    max_shares: Annotated[int, Field(ge=1, le=_MOST)] = 1000
    max_debit: Annotated[Decimal, Field(gt=0, le=_MOST, decimal_places=_PLACES)] = Decimal(5000)
    option_fee: Dollars = Decimal("1.12")  # per contract to open, all fees
    future_fee: Dollars = Decimal("2.50")

    @field_validator("by_label")
    @classmethod
    def _as_alerts_say_it(cls, by_label: dict[str, Decimal]) -> dict[str, Decimal]:
        """Alerts carry their label in lower case; `Super Lotto` in a settings file must not fall to the default."""
        return {label.lower(): percent for label, percent in by_label.items()}


class Allowlist(Frozen):
    """Who may trade from where, by immutable Discord ids. Empty means nobody."""

    users: Ids = frozenset()
    roles: Ids = frozenset()
    channels: Ids = frozenset()
    bots: Ids = frozenset()  # bot user ids and webhook ids


class DeskLimits(Frozen):
    """The limits that hold over all trades of an account."""

    duplicate_window: Positive = timedelta(seconds=10)
    max_open_trades: Annotated[int, Field(ge=1, le=1000)] = 20
    max_trades_per_underlying: Annotated[int, Field(ge=1, le=_MOST)] = 5
    max_entries_a_day: Annotated[int, Field(ge=1, le=_MOST)] = 100
    max_order_percent: PartPercent = Decimal(10)  # of net liquidation, for one trade
    max_loss_percent_a_day: PartPercent = Decimal(10)  # of the day's first net liquidation
    max_order_calls_a_minute: Annotated[int, Field(ge=10, le=_MOST)] = 600
    # trades that the broker refused, or that a person must see
    max_failures_in_a_row: Annotated[int, Field(ge=1, le=_MOST)] = 5
    allow_0dte: bool = True
    max_days_to_expiry: Count = 800
    restricted_symbols: Annotated[frozenset[Symbol], Field(max_length=_MOST_NAMES)] = frozenset()
    actions: frozenset[Action] = frozenset({Action.BTO, Action.STC})
    adds_by: Ids = frozenset()  # authors whose adds ("avg down") are traded, as further trades of their own
    trips: frozenset[TroubleKind] = TRIPS  # what stops entries by itself

    @field_validator("actions")
    @classmethod
    def _can_be_closed(cls, actions: frozenset[Action]) -> frozenset[Action]:
        """What alerts may sell short they may buy back: else a slip in a file keeps people in."""
        if Action.STO in actions and Action.BTC not in actions:
            raise ValueError("STO without BTC: what is sold short could not be bought back by an alert")
        return actions


class TradeTerms(Frozen):
    """What a trade runs by, fixed when the desk admits it."""

    ladder: LadderSettings = LadderSettings()
    guard: GuardSettings = GuardSettings()
    exit: ExitSettings = ExitSettings()
    closing: ClosingSettings = ClosingSettings()
    protection: ProtectionSettings = ProtectionSettings()
    take_profit: Decimal | None = None  # of the credit, where the trade sells first
    option_fee: Decimal = Decimal("1.12")
    future_fee: Decimal = Decimal("2.50")


class DeskPolicy(Frozen):
    """Everything the desk decides by. The settings file gives the first values."""

    allowlist: Allowlist = Allowlist()
    limits: DeskLimits = DeskLimits()
    sizing: SizingSettings = SizingSettings()
    ladder: LadderSettings = LadderSettings()
    guard: GuardSettings = GuardSettings()
    exit: ExitSettings = ExitSettings()
    closing: ClosingSettings = ClosingSettings()
    protection: ProtectionSettings = ProtectionSettings()
    short_options: ShortOptionSettings = ShortOptionSettings()
