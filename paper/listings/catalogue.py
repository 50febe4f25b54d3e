"""What is listed: the shares, indices, option roots and futures of this exchange, with their tick schedules.

Prices are where the simulated walk begins and what it is drawn back to; they say nothing about the real ones.
"""

from decimal import Decimal
from enum import StrEnum

from domain.frozen import Frozen
from domain.ticks import Tick, TickSchedule
from paper.listings.calendar import Cadence

SHARE_TICKS = TickSchedule.split("0.0001", "1", "0.01")
PENNY = TickSchedule.flat("0.01")
PENNY_PILOT = TickSchedule.split("0.01", "3", "0.05")
NICKEL_DIME = TickSchedule.split("0.05", "3", "0.1")
NICKEL = TickSchedule.flat("0.05")
ES_OPTION_TICKS = TickSchedule(
    ticks=(
        Tick(value=Decimal("0.05"), threshold=Decimal(5)),
        Tick(value=Decimal("0.1"), threshold=Decimal(20)),
        Tick(value=Decimal("0.25"), threshold=Decimal(100)),
        Tick(value=Decimal("0.5")),
    )
)


class Settlement(StrEnum):
    """When an option's settlement value is struck."""

    AM = "AM"  # on the morning of the expiry: it last trades the session before
    PM = "PM"


class OptionRoot(Frozen):
    """One series of options of an underlying. Spreads of equity options may go in pennies, whatever the ticks."""

    symbol: str
    ticks: TickSchedule
    spread_ticks: TickSchedule = PENNY
    cadence: Cadence = Cadence.WEEKLY
    settlement: Settlement = Settlement.PM


class Underlying(Frozen):
    """A share, a fund or an index. `spread` is what its option quotes are wide, as a part of the price.

    `follows` names the underlying whose walk it repeats, in proportion.
    """

    symbol: str
    description: str
    price: Decimal
    volatility: float  # a year
    strike_step: Decimal = Decimal(1)
    roots: tuple[OptionRoot, ...] = ()
    is_index: bool = False
    is_etf: bool = False
    spread: float = 0.03
    follows: str | None = None


class Delivery(StrEnum):
    """When a futures month stops trading: see paper/listings/futures.py."""

    INDEX = "index"
    CRUDE = "crude"
    METAL = "metal"
    TREASURY = "treasury"


class FuturesProduct(Frozen):
    """One futures product. `months` are month codes; `margin` is dollars for one contract.

    `roll` is how many sessions before its last day (or its first notice) a month is the active one for the last time.
    """

    code: str
    description: str
    price: Decimal
    tick: Decimal
    multiplier: Decimal
    months: str
    margin: Decimal
    sector: str = "Equity Index"
    venue: str = "XCME"
    delivery: Delivery = Delivery.INDEX
    follows: str | None = None
    volatility: float = 0.16
    roll: int = 4  # recorded from the broker for ES
    is_small: bool = False
    option_ticks: TickSchedule = ES_OPTION_TICKS

    @property
    def is_cash_settled(self) -> bool:
        """Nothing is delivered at the end."""
        return self.delivery is Delivery.INDEX

    @property
    def has_first_notice(self) -> bool:
        """A long position may be given the thing itself before trading ends."""
        return self.delivery in (Delivery.METAL, Delivery.TREASURY)


def _share(symbol: str, description: str, price: str, volatility: float, step: str, spread: float = 0.03) -> Underlying:
    return Underlying(
        symbol=symbol,
        description=description,
        price=Decimal(price),
        volatility=volatility,
        strike_step=Decimal(step),
        roots=(OptionRoot(symbol=symbol, ticks=PENNY_PILOT),),
        spread=spread,
    )


def _fund(symbol: str, description: str, price: str, volatility: float) -> Underlying:
    return Underlying(
        symbol=symbol,
        description=description,
        price=Decimal(price),
        volatility=volatility,
        roots=(OptionRoot(symbol=symbol, ticks=PENNY, cadence=Cadence.DAILY),),
        is_etf=True,
        spread=0.01,
    )


_SPX = Underlying(
    symbol="SPX",
    description="S & P 500 INDEX",
    price=Decimal(6700),
    volatility=0.14,
    strike_step=Decimal(5),
    roots=(
        OptionRoot(
            symbol="SPX",
            ticks=NICKEL_DIME,
            spread_ticks=NICKEL,
            cadence=Cadence.MONTHLY,
            settlement=Settlement.AM,
        ),
        OptionRoot(symbol="SPXW", ticks=NICKEL_DIME, spread_ticks=NICKEL, cadence=Cadence.DAILY),
    ),
    is_index=True,
    spread=0.02,
    follows="SPY",
)
_BERKSHIRE = Underlying(
    symbol="BRK/B",
    description="BERKSHIRE HATHAWAY CL B",
    price=Decimal("500.00"),
    volatility=0.16,
    strike_step=Decimal(5),
    roots=(OptionRoot(symbol="BRKB", ticks=NICKEL_DIME),),
    spread=0.06,
)
_SENSEONICS = Underlying(symbol="SENS", description="SENSEONICS HOLDINGS INC", price=Decimal("0.4200"), volatility=0.9)

UNDERLYINGS: dict[str, Underlying] = {
    underlying.symbol: underlying
    for underlying in (
        _fund("SPY", "SPDR S&P 500 ETF TRUST", "670.00", 0.14),
        _fund("QQQ", "INVESCO QQQ TRUST", "605.00", 0.18),
        _fund("IWM", "ISHARES RUSSELL 2000 ETF", "240.00", 0.20),
        _share("AAPL", "APPLE INC", "270.00", 0.25, "2.5", 0.02),
        _share("UBER", "UBER TECHNOLOGIES INC", "81.50", 0.35, "1"),
        _share("TSLA", "TESLA INC", "430.00", 0.55, "2.5", 0.02),
        _share("NVDA", "NVIDIA CORP", "180.00", 0.42, "1", 0.02),
        _share("AMD", "ADVANCED MICRO DEVICES INC", "215.00", 0.50, "2.5"),
        _share("F", "FORD MOTOR CO", "13.00", 0.33, "0.5", 0.05),
        _share("PLTR", "PALANTIR TECHNOLOGIES INC", "165.00", 0.60, "1"),
        _share("SOFI", "SOFI TECHNOLOGIES INC", "27.00", 0.60, "0.5", 0.04),
        _BERKSHIRE,
        _SENSEONICS,
        _SPX,
    )
}


def _index_future(code: str, description: str, price: str, multiplier: str, margin: int, follows: str,
                  tick: str = "0.25", *, is_small: bool = False, venue: str = "XCME") -> FuturesProduct:  # fmt: skip
    return FuturesProduct(
        code=code,
        description=description,
        price=Decimal(price),
        tick=Decimal(tick),
        multiplier=Decimal(multiplier),
        months="HMUZ",
        margin=Decimal(margin),
        follows=follows,
        is_small=is_small,
        venue=venue,
    )


def _treasury(code: str, description: str, price: str, tick: str, margin: int, volatility: float) -> FuturesProduct:
    return FuturesProduct(
        code=code,
        description=description,
        price=Decimal(price),
        tick=Decimal(tick),
        multiplier=Decimal(1000),
        months="HMUZ",
        margin=Decimal(margin),
        sector="Interest Rate",
        venue="XCBT",
        delivery=Delivery.TREASURY,
        volatility=volatility,
        option_ticks=TickSchedule.flat("0.015625"),
    )


_CRUDE = FuturesProduct(
    code="CL",
    description="Crude Oil",
    price=Decimal("60.25"),
    tick=Decimal("0.01"),
    multiplier=Decimal(1000),
    months="FGHJKMNQUVXZ",
    margin=Decimal(6_500),
    sector="Energy",
    venue="XNYM",
    delivery=Delivery.CRUDE,
    volatility=0.35,
    option_ticks=TickSchedule.flat("0.01"),
)
_GOLD = FuturesProduct(
    code="GC",
    description="Gold",
    price=Decimal("4120.0"),
    tick=Decimal("0.1"),
    multiplier=Decimal(100),
    months="GJMQVZ",
    margin=Decimal(18_000),
    sector="Metals",
    venue="XCEC",
    delivery=Delivery.METAL,
    volatility=0.18,
    option_ticks=TickSchedule.flat("0.1"),
)
_MICRO_GOLD = _GOLD.model_copy(
    update={
        "code": "MGC",
        "description": "Micro Gold",
        "multiplier": Decimal(10),
        "margin": Decimal(1_800),
        "is_small": True,
        "follows": "GC",
    }
)

FUTURES: dict[str, FuturesProduct] = {
    product.code: product
    for product in (
        _index_future("ES", "E-mini S&P 500", "6712.25", "50", 22_000, "SPY"),
        _index_future("MES", "Micro E-mini S&P 500", "6712.25", "5", 2_200, "SPY", is_small=True),
        _index_future("NQ", "E-mini Nasdaq-100", "24890.00", "20", 32_000, "QQQ"),
        _index_future("MNQ", "Micro E-mini Nasdaq-100", "24890.00", "2", 3_200, "QQQ", is_small=True),
        _index_future("RTY", "E-mini Russell 2000", "2412.0", "50", 8_500, "IWM", "0.1"),
        _index_future("M2K", "Micro E-mini Russell 2000", "2412.0", "5", 850, "IWM", "0.1", is_small=True),
        _index_future("YM", "E-mini Dow", "46950", "5", 14_000, "SPY", "1", venue="XCBT"),
        _CRUDE,
        _GOLD,
        _MICRO_GOLD,
        _treasury("ZN", "10-Year T-Note", "112.5", "0.015625", 2_000, 0.06),
        _treasury("ZB", "30-Year T-Bond", "116.5", "0.03125", 4_000, 0.11),
    )
}
