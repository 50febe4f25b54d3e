"""The published rate limits: the buckets on a clock of the test's own, and the answers over the wire."""

from collections.abc import Callable

import pytest
from tastytrade import Account, Session
from tastytrade.utils import TastytradeError

from paper.control.client import Control
from paper.server import serve
from paper.settings import PaperSettings
from paper.wire.rate_limits import ALL_PER_SECOND, PER_SECOND, Bucket, Family, RateLimits, family_of

ORDERS = "/accounts/5WX/orders"


class Watch:
    """A clock that is set by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("request_line", "family"),
    [
        ("GET /market-data/by-type", Family.MARKET_DATA),
        ("GET /market-data/Equity/SPY", None),
        ("GET /option-chains/SPY/nested", Family.OPTION_CHAINS),
        ("GET /futures-option-chains/ES", Family.OPTION_CHAINS),
        ("GET /instruments/equities", Family.EQUITIES),
        ("GET /instruments/equities/active", Family.EQUITIES),
        ("GET /instruments/equities/BRK/B", Family.SINGLE_EQUITY),
        ("GET /instruments/equity-options/SPY   261218C00600000", Family.SINGLE_EQUITY_OPTION),
        ("GET /instruments/future-options/./ESZ6 EW3U6 260918C9100", Family.SINGLE_FUTURE_OPTION),
        ("GET /instruments/futures", Family.FUTURES),
        ("GET /instruments/futures/ESZ6", None),
        ("GET /instruments/future-products", Family.FUTURE_PRODUCTS),
        ("GET /accounts/5WX/positions", Family.POSITIONS),
        ("GET /accounts/5WX/balances/USD", Family.BALANCES),
        ("GET /accounts/5WX/trading-status", Family.TRADING_STATUS),
        ("GET /customers/me/accounts", Family.ACCOUNTS),
        ("GET /accounts/5WX/orders/live", None),
        ("POST /accounts/5WX/orders", Family.ORDERS),
        ("POST /accounts/5WX/orders/dry-run", Family.ORDERS),
        ("PUT /accounts/5WX/orders/1", Family.ORDERS),
        ("DELETE /accounts/5WX/orders/1", Family.ORDERS),
        ("POST /oauth/token", None),
    ],
)
def test_each_request_counts_for_its_family(request_line: str, family: Family | None) -> None:
    method, _, path = request_line.partition(" ")
    assert family_of(method, path) is family


def test_a_bucket_lets_one_second_of_requests_pass_and_then_as_many_as_time_brings() -> None:
    bucket = Bucket(2, 0.0)
    for now, passes in ((0.0, True), (0.0, True), (0.0, False), (0.49, False), (0.5, True), (0.6, False), (9.0, True)):
        assert bucket.has_one(now) is passes, now
        if passes:
            bucket.take()
    assert bucket.has_one(9.0)  # nine seconds saved up no more than one
    bucket.take()
    assert not bucket.has_one(9.0)


def test_a_clock_that_goes_back_brings_nothing_and_takes_nothing() -> None:
    bucket = Bucket(1, 10.0)
    bucket.take()
    assert not bucket.has_one(5.0)
    assert not bucket.has_one(10.9)
    assert bucket.has_one(11.0)


@pytest.mark.parametrize("family", [Family.ORDERS, Family.BALANCES])
def test_each_family_has_its_own_limit(family: Family) -> None:
    method, path = ("POST", ORDERS) if family is Family.ORDERS else ("GET", "/accounts/5WX/balances")
    limits = RateLimits(Watch())
    passed = [limits.admits(method, path) for _ in range(30)]
    assert passed == [True] * PER_SECOND[family] + [False] * (30 - PER_SECOND[family])
    assert limits.admits("GET", "/accounts/5WX/positions")


def test_all_requests_together_have_a_limit_too_and_what_is_refused_takes_nothing() -> None:
    watch = Watch()
    limits = RateLimits(watch)
    for _ in range(30):
        limits.admits("POST", ORDERS)
    assert [limits.admits("GET", f"{ORDERS}/live") for _ in range(40)].count(True) == ALL_PER_SECOND - 20
    watch.now += 1
    assert limits.admits("POST", ORDERS)


async def test_too_many_requests_are_answered_429_with_nothing_in_it_and_listed(
    new_session: Callable[[str], Session],
) -> None:
    running = await serve(PaperSettings())
    sdk = new_session(running.url)
    async with Control(running.url) as control:
        account = (await Account.get(sdk))[0]
        await account.get_balances(sdk)
        with pytest.raises(TastytradeError, match=r"^Couldn't parse response: $"):
            await account.get_balances(sdk)
        last = (await control.requests())["recent"][-1]
    assert (last["status"], last["path"]) == (429, "/accounts/5WX00042/balances/USD")
    await sdk._client.aclose()
    await running.close()


async def test_the_control_plane_has_no_limits() -> None:
    running = await serve(PaperSettings())
    async with Control(running.url) as control:
        for _ in range(2 * ALL_PER_SECOND):
            await control.faults()
    await running.close()
