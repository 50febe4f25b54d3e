"""What a seed is set up with: the contract, the messages, the desk's policy, and the same as rules to check."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.alert import Action, Alert, AlertMessage, OptionType
from domain.contract import Contract, InstrumentType
from domain.identifiers import snowflake_at
from domain.settings import (
    Allowlist,
    DeskLimits,
    DeskPolicy,
    ExitSettings,
    LadderSettings,
    Reprice,
    SingleContract,
    SizingSettings,
)
from domain.ticks import TickSchedule
from domain.trade import TradeRequest
from simulation.plan import ENDS, AlertPlan, Plan, Posted
from simulation.promises import Rules

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_ACCOUNT = "5WX00042"
_CHANNEL, _AUTHOR, _STRANGER = 222, 111, 999


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


def policy(plan: Plan) -> DeskPolicy:
    """What the desk goes by."""
    house = plan.house
    return DeskPolicy(
        allowlist=Allowlist(users=frozenset({_AUTHOR}), channels=frozenset({_CHANNEL})),
        limits=DeskLimits(
            duplicate_window=timedelta(seconds=house.duplicate_window),
            max_open_trades=house.open_trades,
            max_entries_a_day=house.entries_a_day,
            max_order_percent=Decimal(100),  # else no few trades together could ask for more money than there is
        ),
        sizing=SizingSettings(allocation_percent=Decimal(house.allocation_percent)),
        ladder=LadderSettings(reprice=Reprice.REPLACE if plan.replaces else Reprice.CANCEL_AND_PLACE),
        exit=ExitSettings(
            percent=Decimal(house.exit_percent),
            single_contract=SingleContract.EXIT_ALL if house.exits_single else SingleContract.HOLD,
        ),
    )


def rules(plan: Plan, ticks: TickSchedule) -> Rules:
    """The ceiling is a tenth above the alert's price, or four ticks above it where that is more."""
    house = plan.house
    return Rules(
        price=plan.price,
        ceiling=max(ticks.floor(plan.price * Decimal("1.1")), ticks.up(plan.price, 4)),
        penny_pilot=plan.penny_pilot,
        money=house.money,
        open_trades=house.open_trades,
        entries_a_day=house.entries_a_day,
        duplicate_window=house.duplicate_window,
        exit_percent=house.exit_percent,
        exits_single=house.exits_single,
    )


def request(number: int, alert: AlertPlan, price: Decimal, posted_at: datetime) -> TradeRequest:
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
    read = Alert(
        action=Action.BTO, symbol="UBER", strike=Decimal(78), option_type=OptionType.PUT, expiry=date(2026, 12, 4),
        quantity=alert.quantity, price=price,
    )  # fmt: skip
    return TradeRequest(message=message, alert=read, account_number=_ACCOUNT)
