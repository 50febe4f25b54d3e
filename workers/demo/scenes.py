"""What the demo plays: three alerts, the market that each of them meets, and how its trade must end.

Contracts are chosen relative to today, among those that the exchange lists.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.alert import OptionType
from domain.refusals import RefusalCode
from domain.settings import LadderSettings
from domain.symbols import plain
from domain.trade import TradeState
from paper.listings.calendar import MarketCalendar, new_york_day
from paper.listings.instruments import Listings
from paper.listings.series import Instrument

_SOONEST = timedelta(days=3)
_SATURDAY = 5


@dataclass(frozen=True)
class Point:
    """From `after` seconds on, the market shows this."""

    after: float
    bid: Decimal
    ask: Decimal
    ask_size: int


@dataclass(frozen=True)
class Scene:
    """One alert, its market, and what the exchange's book must show: (quantity, price) of fills and standing exit."""

    title: str
    text: str
    state: TradeState
    symbol: str | None = None
    path: tuple[Point, ...] = ()
    fills: tuple[tuple[int, Decimal], ...] = ()
    exit: tuple[int, Decimal] | None = None
    last_order_type: str = ""
    refusal: RefusalCode | None = None


def scenes(ladder: LadderSettings) -> list[Scene]:
    """The demo's three scenes, their market timed to the ladder."""
    listings = Listings(MarketCalendar(new_york_day(datetime.now(UTC))), lambda: datetime.now(UTC))
    return [_later_rung(listings, ladder), _converted(listings, ladder), _refused(listings)]


def _later_rung(listings: Listings, ladder: LadderSettings) -> Scene:
    option = _option(listings, "UBER", OptionType.PUT)
    rung = ladder.rung.total_seconds()
    return Scene(
        title="fills on its second rung",
        text=f"BTO 4 UBER {_contract_words(option)} @ 0.75",
        state=TradeState.HOLDING,
        symbol=option.symbol,
        path=(
            Point(0, Decimal("0.71"), Decimal("0.79"), 30),  # the mid is the alert's price: the ladder starts there
            Point(rung * 1.6, Decimal("0.73"), Decimal("0.77"), 30),  # met by the second rung
        ),
        fills=((4, Decimal("0.77")),),
        exit=(2, Decimal("1.54")),
        last_order_type="Limit",
    )


def _converted(listings: Listings, ladder: LadderSettings) -> Scene:
    option = _option(listings, "AAPL", OptionType.CALL)
    rung = ladder.rung.total_seconds()
    return Scene(
        title="fills in part, then is converted to market",
        text=f"Lotto: BTO 6 AAPL {_contract_words(option)} @ 1.22",
        state=TradeState.HOLDING,
        symbol=option.symbol,
        path=(
            Point(0, Decimal("1.20"), Decimal("1.24"), 2),  # two for sale at the second rung's price
            Point(rung * 2.5, Decimal("1.22"), Decimal("1.26"), 40),  # one tick beyond the last rung
        ),
        fills=((2, Decimal("1.24")), (4, Decimal("1.26"))),
        exit=(3, Decimal("2.51")),  # twice the average of 1.2533, on tick
        last_order_type="Market",
    )


def _refused(listings: Listings) -> Scene:
    option = _option(listings, "AMD", OptionType.CALL)
    saturday = _expiry(option) + timedelta(days=1)
    while saturday.weekday() != _SATURDAY:
        saturday += timedelta(days=1)
    return Scene(
        title="is refused: no option expires on a Saturday",
        text=f"BTO AMD {plain(_strike(option))}c {saturday:%m/%d} @ 1.10",
        state=TradeState.REFUSED,
        refusal=RefusalCode.EXPIRY_NOT_LISTED,
    )


def _option(listings: Listings, underlying: str, option_type: OptionType) -> Instrument:
    """The middle strike of the first Friday-or-so that is not too near."""
    soonest = listings.today + _SOONEST
    series = next(series for series in listings.chain(underlying) if series.expiry.day >= soonest)
    return series.option(series.strikes[len(series.strikes) // 2], option_type)


def _contract_words(option: Instrument) -> str:
    right = "p" if option.option_type is OptionType.PUT else "c"
    return f"{plain(_strike(option))}{right} {_expiry(option):%m/%d}"


def _strike(option: Instrument) -> Decimal:
    if option.strike is None:
        raise AssertionError("an option has a strike")
    return option.strike


def _expiry(option: Instrument) -> date:
    if option.expiry is None:
        raise AssertionError("an option has an expiry")
    return option.expiry.day
