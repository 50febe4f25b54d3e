"""Whether a market is open for an entry, and the quarter of an hour that options on indexes trade longer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.contract import Contract, InstrumentType
from domain.market_hours import MarketHours, hours_refusal
from domain.refusals import RefusalCode
from domain.settings import GuardSettings
from tests.fakes.broker import CONTRACT

OPENS, CLOSES = datetime(2026, 11, 23, 14, 30, tzinfo=UTC), datetime(2026, 11, 23, 21, tzinfo=UTC)
OPEN = MarketHours(is_open=True, opens_at=OPENS, closes_at=CLOSES)
CLOSED = MarketHours(is_open=False, opens_at=OPENS, closes_at=CLOSES)
IN_CURB = CLOSES + timedelta(minutes=14, seconds=59)
CURB = GuardSettings(index_curb_hours=True)


def index(underlying: str = "SPX", expires_at: datetime | None = CLOSES + timedelta(days=1)) -> Contract:
    """An option on an index that expires then."""
    return CONTRACT.model_copy(
        update={"underlying": underlying, "expires_at": expires_at, "expiry": date(2026, 11, 24)}
    )


@pytest.mark.parametrize("hours", [OPEN, None], ids=["open", "nobody knows"])
def test_an_open_market_and_an_unknown_one_refuse_nothing(hours: MarketHours | None) -> None:
    assert hours_refusal(hours, CONTRACT, GuardSettings(), OPENS) is None


@pytest.mark.parametrize(
    ("now", "detail"),
    [
        (OPENS - timedelta(hours=1), "it opens 11/23 14:30 UTC"),
        (CLOSES + timedelta(hours=1), "it closed 11/23 21:00 UTC"),
        (OPENS + timedelta(hours=1), ""),
    ],
    ids=["before", "after", "in the middle, as the broker says"],
)
def test_a_closed_market_is_refused_with_its_hours(now: datetime, detail: str) -> None:
    refusal = hours_refusal(CLOSED, CONTRACT, GuardSettings(), now)
    assert refusal is not None
    assert (refusal.code, refusal.detail) == (RefusalCode.MARKET_CLOSED, detail)


def test_nobody_counts_on_the_curb_unless_it_is_set() -> None:
    assert hours_refusal(CLOSED, index(), GuardSettings(), IN_CURB) is not None
    assert hours_refusal(CLOSED, index(), CURB, IN_CURB) is None


@pytest.mark.parametrize(
    ("contract", "now"),
    [
        (CONTRACT, IN_CURB),
        (index(), CLOSES + timedelta(minutes=15)),
        (index(), OPENS - timedelta(minutes=5)),
        (index(expires_at=CLOSES), IN_CURB),
        (index().model_copy(update={"instrument_type": InstrumentType.EQUITY}), IN_CURB),
    ],
    ids=["no index", "after the curb", "before the opening", "expired at the close", "no option"],
)
def test_the_curb_is_for_index_options_that_live_on_and_is_short(contract: Contract, now: datetime) -> None:
    assert hours_refusal(CLOSED, contract, CURB, now) is not None


def test_without_a_closing_time_there_is_no_curb() -> None:
    assert hours_refusal(MarketHours(is_open=False), index(), CURB, IN_CURB) is not None
