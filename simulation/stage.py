"""What a seed is set up with: the contract, the messages, the desk's policy, and the same as rules to check."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.alert import Action, Alert, AlertMessage, Levels, OptionType
from domain.closing import CloseRequest, Urgency
from domain.contract import Contract, InstrumentType
from domain.identifiers import snowflake_at
from domain.settings import (
    Allowlist,
    AtWindowEnd,
    ClosingSettings,
    DeskLimits,
    DeskPolicy,
    ExitSettings,
    GuardSettings,
    LadderSettings,
    ProtectionSettings,
    Reprice,
    ShortOptionSettings,
    SingleContract,
    SizingSettings,
    SmallTrim,
)
from domain.ticks import TickSchedule
from domain.trade import TradeRequest
from simulation.guarding import Guarding
from simulation.plan import ENDS, AlertPlan, Plan, Posted
from simulation.promises import Rules
from simulation.sellers import ClosingAlertPlan, SalePlan, Sellers
from simulation.shorts import Shorts

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_ACCOUNT = "5WX00042"
_CHANNEL, _AUTHOR, _OTHER, _STRANGER = 222, 111, 112, 999


def contract(ticks: TickSchedule) -> Contract:
    """An option that expires when the seed is over."""
    return Contract(
        symbol="UBER  261204P00078000",
        streamer_symbol=".UBER261204P78",
        instrument_type=InstrumentType.EQUITY_OPTION,
        underlying="UBER",
        multiplier=Decimal(100),
        ticks=ticks,
        expiry=date(2026, 12, 4),
        expires_at=START + timedelta(seconds=ENDS),
        strike=Decimal(78),
        option_type=OptionType.PUT,
    )


def traded(plan: Plan, ticks: TickSchedule) -> Contract:
    """What a seed trades: the option, or shares."""
    if plan.covered is None:
        return contract(ticks)
    return Contract(
        symbol="UBER",
        streamer_symbol="UBER",
        instrument_type=InstrumentType.EQUITY,
        underlying="UBER",
        multiplier=Decimal(1),
        ticks=ticks,
    )


def policy(plan: Plan) -> DeskPolicy:
    """What the desk goes by."""
    house = plan.house
    return DeskPolicy(
        allowlist=Allowlist(users=frozenset({_AUTHOR, _OTHER}), channels=frozenset({_CHANNEL})),
        limits=DeskLimits(
            duplicate_window=timedelta(seconds=house.duplicate_window),
            max_open_trades=house.open_trades,
            max_entries_a_day=house.entries_a_day,
            max_order_percent=Decimal(100),  # else no few trades together could ask for more money than there is
            actions=frozenset(Action) if plan.shorts else frozenset({Action.BTO, Action.STC}),
        ),
        guard=GuardSettings(  # for shares as for options
            outright_ceiling_percent=Decimal(10),
            outright_max_spread_percent=Decimal(40),
            outright_max_off_alert_percent=Decimal(50),
        ),
        sizing=SizingSettings(allocation_percent=Decimal(house.allocation_percent)),
        ladder=LadderSettings(reprice=Reprice.REPLACE if plan.replaces else Reprice.CANCEL_AND_PLACE),
        exit=ExitSettings(
            percent=Decimal(house.exit_percent),
            share_percent=Decimal(house.exit_percent),
            share_profit_percent=Decimal(100),
            single_contract=SingleContract.EXIT_ALL if house.exits_single else SingleContract.HOLD,
        ),
        closing=_closing(plan.sellers),
        protection=_protection(plan.guarding),
        short_options=_short_options(plan.shorts),
    )


def _short_options(shorts: Shorts | None) -> ShortOptionSettings:
    if shorts is None:
        return ShortOptionSettings()
    most = shorts.most_assigned
    return ShortOptionSettings(
        enabled=True, max_contracts=10, max_assignment=most, max_assignment_total=most, take_profit=shorts.take_profit
    )


def _closing(sellers: Sellers) -> ClosingSettings:
    return ClosingSettings(
        same_author_only=not sellers.anybody,
        partial_percent=Decimal(sellers.partial_percent),
        small_trim=SmallTrim.SELL_ONE if sellers.trims_one else SmallTrim.HOLD,
        at_window_end=AtWindowEnd.MARKET if sellers.at_market else AtWindowEnd.KEEP,
    )


def _on_underlying(guarding: Guarding) -> Levels:
    levels = guarding.on_underlying
    return Levels() if levels is None else Levels(stop=levels.stop, targets=levels.targets)


def _protection(guarding: Guarding) -> ProtectionSettings:
    before = guarding.before_expiry
    return ProtectionSettings(
        follow_alerts=guarding.follows_alerts,
        stop_percent=None if guarding.stop_percent is None else Decimal(guarding.stop_percent),
        trail_percent=None if guarding.trail_percent is None else Decimal(guarding.trail_percent),
        target_part_percent=Decimal(guarding.target_part_percent),
        close_before_expiry=None if before is None else timedelta(seconds=before),
    )


def rules(plan: Plan, ticks: TickSchedule) -> Rules:
    """The ceiling is a tenth above the alert's price, or four ticks above it where that is more; a floor, as far below.

    Of what sells first the rules are those of what buys first, seen in a mirror that stands at the alert's price.
    """
    house = plan.house
    lowest = min(ticks.ceil(plan.price * Decimal("0.9")), ticks.down(plan.price, 4))
    ceiling = max(ticks.floor(plan.price * Decimal("1.1")), ticks.up(plan.price, 4))
    return Rules(
        price=plan.price,
        ceiling=ceiling if plan.shorts is None else 2 * plan.price - lowest,
        shorts=plan.shorts,
        penny_pilot=plan.penny_pilot,
        money=house.money,
        open_trades=house.open_trades,
        entries_a_day=house.entries_a_day,
        duplicate_window=house.duplicate_window,
        exit_percent=house.exit_percent,
        exits_single=house.exits_single,
        partial_percent=plan.sellers.partial_percent,
        trims_one=plan.sellers.trims_one,
        closes_at_market=plan.sellers.at_market,
        anybody_closes=plan.sellers.anybody,
        guarding=plan.guarding,
    )


def request(number: int, alert: AlertPlan, plan: Plan, posted_at: datetime) -> TradeRequest:
    """An alert, as the front door reads it."""
    message = AlertMessage(
        channel_id=_CHANNEL,
        message_id=snowflake_at(posted_at, number),
        author_id=_STRANGER if alert.kind is Posted.STRANGERS else _AUTHOR,
        author_name="ann",
        text="simulated",
        posted_at=posted_at,
        is_reply=alert.kind is Posted.REPLY,
        is_edit=alert.kind is Posted.EDIT,
    )
    price, guarding = plan.price, plan.guarding
    named = {
        "quantity": alert.quantity,
        "stop": None if guarding.alerts_stop is None else price * guarding.alerts_stop,
        "targets": tuple(price * part for part in guarding.alerts_targets),
        "on_underlying": _on_underlying(guarding),
    }
    opens = _alert(Action.BTO if plan.shorts is None else Action.STO, price, plan).model_copy(update=named)
    return TradeRequest(message=message, alert=opens, account_number=_ACCOUNT)


def closing_request(
    number: int, alert: ClosingAlertPlan, limit: Decimal | None, posted_at: datetime, plan: Plan
) -> TradeRequest:
    """A closing alert; its author's name is its own, and tells its requests apart."""
    message = AlertMessage(
        channel_id=_CHANNEL,
        message_id=snowflake_at(posted_at, 100 + number),
        author_id=_OTHER if alert.by_another else _AUTHOR,
        author_name=f"closer {number}",
        text="simulated",
        posted_at=posted_at,
        is_reply=alert.is_reply,
    )
    portion = alert.portion
    named = {"fraction": portion.fraction, "quantity": portion.quantity, "partial": portion.partial}
    closes = _alert(Action.STC if plan.shorts is None else Action.BTC, limit, plan).model_copy(update=named)
    return TradeRequest(message=message, alert=closes, account_number=_ACCOUNT)


def close_request(name: str, sale: SalePlan, limit: Decimal | None, asked_at: datetime) -> CloseRequest:
    """What a person asks of a trade, under that name."""
    return CloseRequest(
        request_id=name,
        by=name,
        fraction=sale.portion.fraction,
        quantity=sale.portion.quantity,
        partial=sale.portion.partial,
        limit=limit,
        urgency=Urgency.NOW if sale.is_urgent else Urgency.LADDER,
        asked_at=asked_at,
    )


def _alert(action: Action, price: Decimal | None, plan: Plan) -> Alert:
    if plan.covered is not None:
        return Alert(action=action, symbol="UBER", price=price)
    return Alert(
        action=action, symbol="UBER", strike=Decimal(78), option_type=OptionType.PUT, expiry=date(2026, 12, 4),
        price=price,
    )  # fmt: skip
