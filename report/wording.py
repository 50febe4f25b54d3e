"""How money, prices and times read in a report: the same on the page and in the picture."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from domain.admission import NEW_YORK

_CENT = Decimal("0.01")
_LARGE = 10_000  # dollars
MEANS = {
    "LIVE": "real money",
    "SANDBOX": "certification environment, no real money",
    "PAPER": "simulated, no real money",
    "DRY RUN": "checked at the broker, nothing was placed",
}
COLOURS = {"LIVE": "#d83a3f", "SANDBOX": "#8e4fb3", "PAPER": "#2f78e0", "DRY RUN": "#85898f"}
OTHER = "#85898f"


def dollars(amount: Decimal | None, *, signed: bool = False) -> str:
    """`$1,234.56`, with a sign where it is a gain or a loss; a dash for what is not known."""
    if amount is None:
        return "–"
    cents = amount.quantize(_CENT, ROUND_HALF_UP)
    sign = "−" if cents < 0 else "+" if signed and cents > 0 else ""
    return f"{sign}${abs(cents):,.2f}"


def price(amount: Decimal | None) -> str:
    """Two places at least, four at most."""
    if amount is None:
        return "–"
    whole, _, places = f"{amount:,.4f}".partition(".")
    return f"{whole}.{places.rstrip('0'):0<2}"


def percent(share: Decimal | None) -> str:
    """`+12 %`, with a place where it is small; a dash for what is not known."""
    if share is None:
        return "–"
    told = f"{abs(share):.0f}" if abs(share) >= 10 else f"{abs(share):.1f}"
    sign = "" if not Decimal(told) else "−" if share < 0 else "+"
    return f"{sign}{told} %"


def lasting(time: timedelta | None) -> str:
    """`4.8 s`, `1 m 12 s`, `2 h 5 m`."""
    if time is None:
        return "–"
    seconds = max(time.total_seconds(), 0.0)
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} m {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} m"


def clock(at: datetime) -> str:
    """The time of day in New York."""
    return f"{at.astimezone(NEW_YORK):%H:%M:%S}"


def day(at: datetime) -> str:
    """The day in New York."""
    local = at.astimezone(NEW_YORK)
    return f"{local:%b} {local.day}"


def short(amount: Decimal) -> str:
    """Round dollars on an axis or a tile: `$20k`, `−$250`; cents only where they are few dollars."""
    size = abs(amount)
    if size >= _LARGE and size % 1000 == 0:
        told = f"{size / 1000:,.0f}k"
    else:
        told = f"{size:,.0f}" if size == size.to_integral_value() or size >= _LARGE else f"{size:,.2f}"
    return f"−${told}" if amount < 0 else f"${told}"


def words(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 trade`, `2 trades`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
