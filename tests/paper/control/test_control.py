"""The control plane."""

from typing import Any

import pytest
from tastytrade import Account, Session

from paper.control.client import Control, ControlError
from paper.server import RunningPaper

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")


def shown(paper: RunningPaper, symbol: str) -> tuple[Any, Any]:
    instrument = paper.exchange.listings.find(symbol)
    assert instrument is not None
    quote = paper.exchange.market.quote(instrument)
    return quote.bid, quote.ask


async def test_both_kinds_of_symbol_pin_the_same_instrument(paper: RunningPaper, control: Control, put: Any) -> None:
    await control.quote(put.streamer_symbol, 1, None)
    assert shown(paper, put.symbol) == (1, None)
    await control.quote(put.symbol, None, "1.25")
    assert [str(price) for price in shown(paper, put.symbol)] == ["None", "1.25"]
    await control.unpin(put.symbol)
    assert None not in shown(paper, put.symbol)


async def test_an_unlisted_symbol_and_a_bad_price_are_refused(control: Control, put: Any) -> None:
    with pytest.raises(ControlError, match="record_not_found"):
        await control.quote("NOPE", "1", "2")
    with pytest.raises(ControlError, match="bid"):
        await control.quote(put.symbol, "-1", "2")


async def test_requests_are_counted_by_template_and_listed(
    control: Control, session: Session, account: Account
) -> None:
    await account.get_balances(session)
    await account.get_balances(session)
    log = await control.requests()
    assert log["counts"]["GET /accounts/{account}/balances/{currency}"] == 2
    assert log["recent"][-1]["path"] == f"/accounts/{account.account_number}/balances/USD"
    assert log["recent"][-1]["status"] == 200
    assert not any("__ctl__" in template for template in log["counts"])


async def test_unpinning_drops_the_rest_of_a_path(paper: RunningPaper, control: Control, put: Any) -> None:
    await control.path(put.symbol, [{"after": 3600, "bid": "1", "ask": "2"}])
    assert len(paper.exchange.store.load().path) == 1
    await control.unpin(put.symbol)
    assert paper.exchange.store.load().path == []


async def test_a_path_shows_its_quotes_in_order(paper: RunningPaper, control: Control, put: Any, happens: Any) -> None:
    seen: list[Any] = []
    paper.exchange.market.shown.append(lambda symbol: seen.append(shown(paper, symbol)[0]))
    points = [{"after": after, "bid": bid, "ask": "9"} for after, bid in ((0, "1"), (0.02, "2"), (0.04, "3"))]
    await control.path(put.symbol, points)
    await happens(lambda: len(seen) == 3, paper.exchange.market.shown)
    assert seen == [1, 2, 3]
