"""How the page writes prices, dollars, moments and contracts: as a trader reads them."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from paper.listings.calendar import NEW_YORK
from paper.listings.instruments import parse_occ_or_none
from paper.trading.words import Action

NOTHING = "–"
_MINUS = "−"  # as wide as a plus, so that columns of signed figures stand still
_FINEST = 4  # decimals: of a sub-dollar share


def price_text(price: Decimal | None, least: int = 2) -> str:
    """With `least` decimals, up to four where the price has them; a dash for no price."""
    if price is None:
        return NOTHING
    if not price.is_finite():
        return "NaN"
    whole, _, part = f"{round(price, _FINEST).normalize():f}".partition(".")
    return f"{whole}.{part:0<{least}}".replace("-", _MINUS)


def places(tick: Decimal) -> int:
    """The decimals that prices with this tick are written with: at least two."""
    return max(2, len(f"{tick:f}".partition(".")[2]))


def money_text(amount: Decimal) -> str:
    """Dollars to the cent."""
    if not amount.is_finite():
        return "NaN"
    cents = round(amount, 2)
    return f"{cents if cents else abs(cents):,.2f}".replace("-", _MINUS)


def signed_text(amount: Decimal) -> str:
    """Dollars to the cent, gains with a plus."""
    return _with_plus(money_text(amount), amount)


def signed_price_text(change: Decimal, least: int = 2) -> str:
    """A change of a price, with its sign."""
    return _with_plus(price_text(change, least), change)


def percent_text(change: Decimal, base: Decimal) -> str:
    """A change in percent of `base`, with its sign; a dash where that says nothing."""
    if not base or not (change / base).is_finite():
        return NOTHING
    return f"{signed_text(change / base * 100)}%"


def moment_text(at: datetime | None, today: date) -> str:
    """The time in New York, with the day when that isn't `today`."""
    if at is None:
        return NOTHING
    local = at.astimezone(NEW_YORK)
    return f"{local:%H:%M:%S}" if local.date() == today else f"{local:%m/%d %H:%M}"


def action_text(action: Action) -> str:
    """BTO, STO, BTC, STC as alerts say it; Buy and Sell of futures as they are."""
    words = action.value.split()
    return "".join(word[0].upper() for word in words) if len(words) > 1 else action.value


@lru_cache(maxsize=4096)
def spoken(symbol: str) -> str:
    """An order symbol as a trader says it: `UBER 78p 12/04`; shares and futures go by their symbol."""
    option = parse_occ_or_none(symbol)
    if option is None:
        return symbol
    return f"{option.root} {option.strike.normalize():f}{option.option_type[0]} {option.expiry:%m/%d}"


def _with_plus(text: str, amount: Decimal) -> str:
    return f"+{text}" if amount.is_finite() and amount > 0 and text.strip("0.") else text
