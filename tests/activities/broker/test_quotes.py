"""Quotes from the stream, and from REST when the stream has none: one-sided, cut, silent, or not there at all."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from unittest.mock import AsyncMock

import pytest
from aiohttp import web
from temporalio.exceptions import ApplicationError

from activities.broker import BrokerCredentials, TastytradeBroker, quote_stream
from activities.broker.limits import Family
from domain.broker import QuoteRequest
from domain.contract import Contract, ContractQuery, Quote
from paper.control.client import Control
from paper.server import RunningPaper
from tests.activities.broker.conftest import endpoint, eventually


async def taken(broker: TastytradeBroker, contract: Contract) -> Quote:
    quote = (await broker.take_quote(QuoteRequest(contract=contract))).quote
    assert quote is not None
    return quote


async def quotes_by_rest(control: Control) -> int:
    counts: dict[str, int] = (await control.requests())["counts"]
    return counts.get("GET /market-data/by-type", 0)


async def test_the_stream_answers_the_first_question(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    quote = await taken(broker, option)

    assert (quote.bid, quote.ask, quote.source) == (Decimal("1.0"), Decimal("1.1"), "stream")
    assert quote.symbol == option.symbol
    assert quote.at <= datetime.now(UTC)
    assert await quotes_by_rest(control) == 0


async def test_finding_a_contract_has_its_quote_ready(broker: TastytradeBroker, option: Contract) -> None:
    assert await eventually(lambda: broker._quotes.stream.last(option.streamer_symbol))


async def test_a_change_is_seen_without_asking_again(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    await taken(broker, option)

    await control.quote(option.symbol, "1.05", "1.15")

    held = broker._quotes.stream
    await eventually(
        lambda: (held.last(option.streamer_symbol) or option) and held.last(option.streamer_symbol).ask > 1.1
    )
    assert (await taken(broker, option)).ask == Decimal("1.15")


async def test_a_quote_that_did_not_change_is_asked_for_anew_and_is_fresh(
    paper: RunningPaper, option: Contract, control: Control
) -> None:
    skew = timedelta(0)
    broker = TastytradeBroker(
        endpoint(paper.url, paper.streamer_url), BrokerCredentials.for_paper(), clock=lambda: datetime.now(UTC) + skew
    )
    first = await taken(broker, option)
    skew = timedelta(minutes=5)

    second = await taken(broker, option)
    await broker.close()

    assert second.at - first.at >= timedelta(minutes=5)
    assert (second.source, await quotes_by_rest(control)) == ("stream", 0)


@pytest.mark.parametrize(("bid", "ask"), [("1.00", None), (None, "1.10"), (None, None)])
async def test_a_side_without_a_price_is_told_by_rest(
    broker: TastytradeBroker, option: Contract, control: Control, bid: str | None, ask: str | None
) -> None:
    await control.quote(option.symbol, bid, ask)

    quote = await taken(broker, option)

    assert quote.source == "rest"
    assert (quote.bid, quote.ask) == (bid and Decimal(bid), ask and Decimal(ask))


async def test_a_contract_that_nobody_quotes_has_no_quote(broker: TastytradeBroker, option: Contract) -> None:
    unlisted = option.model_copy(update={"symbol": "UBER  491217C00001000", "streamer_symbol": ".UBER491217C1"})

    assert (await broker.take_quote(QuoteRequest(contract=unlisted))).quote is None


async def test_shares_and_futures_are_quoted_too(broker: TastytradeBroker) -> None:
    for symbol in ("AAPL", "BRK.B", "/ES"):
        listing = await broker.find_contract(ContractQuery(symbol=symbol))
        assert listing.contract is not None
        assert (await taken(broker, listing.contract)).is_two_sided


async def test_a_cut_stream_is_opened_again_with_its_subscriptions(
    broker: TastytradeBroker, option: Contract, control: Control
) -> None:
    await taken(broker, option)
    await control.fault("stream_drop", on="quotes")
    stream = broker._quotes.stream
    await eventually(lambda: stream.connections == 2)

    await control.quote(option.symbol, "2.00", "2.10")

    await eventually(lambda: (quote := stream.last(option.streamer_symbol)) and quote.ask == Decimal("2.1"))


async def test_a_silent_stream_is_bridged_by_rest_and_replaced(
    broker: TastytradeBroker, option: Contract, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quote_stream, "_PROBE_WITHIN", 0.2)
    other = option.model_copy(update={"symbol": "AAPL", "streamer_symbol": "AAPL", "instrument_type": "Equity"})
    await taken(broker, option)
    await control.fault("stream_silence", on="quotes", seconds=60)

    quote = await taken(broker, other)

    assert quote.source == "rest"
    await eventually(lambda: broker._quotes.stream.connections == 2)
    assert await broker._quotes.stream.fresh("SPY", timedelta(0), timedelta(seconds=2)) is not None


async def test_a_living_stream_passes_its_probe(
    broker: TastytradeBroker, option: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quote_stream, "_PROBE_AFTER", 0.05)
    stream = broker._quotes.stream
    await taken(broker, option)
    heard = stream._heard_at

    await eventually(lambda: stream._heard_at > heard + 0.2)

    assert stream.connections == 1


async def test_without_stream_and_rest_the_last_word_of_the_stream_is_given_with_its_age(
    paper: RunningPaper, option: Contract, control: Control
) -> None:
    skew = timedelta(0)
    broker = TastytradeBroker(
        endpoint(paper.url, paper.streamer_url), BrokerCredentials.for_paper(), clock=lambda: datetime.now(UTC) + skew
    )
    first = await taken(broker, option)
    skew = timedelta(minutes=1)
    await control.fault("stream_silence", on="quotes", seconds=60)
    await control.fault("error_before", on="quotes", status=503, times=9)

    assert (await taken(broker, option)).at == first.at
    await broker.close()


async def test_without_any_source_the_question_may_be_repeated(
    paper: RunningPaper, option: Contract, control: Control
) -> None:
    await control.fault("error_before", on="quotes", status=503, times=99)
    unconnected = TastytradeBroker(endpoint(paper.url, paper.streamer_url), BrokerCredentials.for_paper())

    with pytest.raises(ApplicationError) as failed:
        await unconnected.take_quote(QuoteRequest(contract=option))
    await unconnected.close()

    assert failed.value.type == "Retryable"


async def test_the_questions_of_a_burst_share_requests(
    broker: TastytradeBroker,
    option: Contract,
    paper: RunningPaper,
    control: Control,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    series = paper.exchange.listings.chain("UBER")[1]
    contracts = [
        option.model_copy(update={"symbol": listed.symbol, "streamer_symbol": listed.streamer_symbol})
        for listed in list(series.options())[:60]
    ]

    paced: list[Family] = []
    monkeypatch.setattr(broker.session.pacing, "take", AsyncMock(side_effect=lambda family, _: paced.append(family)))
    rest = broker._quotes._rest
    quotes = await asyncio.gather(*(rest.read(contract) for contract in contracts))

    assert [quote.symbol for quote in quotes if quote] == [contract.symbol for contract in contracts]
    assert await quotes_by_rest(control) == 1
    assert paced == [Family.QUOTES]


async def test_closing_ends_the_stream(broker: TastytradeBroker, option: Contract) -> None:
    await taken(broker, option)

    await broker.close()

    assert broker._quotes.stream._task is not None
    assert broker._quotes.stream._task.done()


async def test_a_refused_login_is_renewed_for_the_stream(
    paper: RunningPaper, option: Contract, control: Control
) -> None:
    broker = TastytradeBroker(endpoint(paper.url, paper.streamer_url), BrokerCredentials.for_paper())
    await broker.session.token()
    await control.fault("unauthorized_next", on="quotes")

    quote = await broker._quotes.stream.fresh(option.streamer_symbol, timedelta(0), timedelta(seconds=5))
    await broker.close()

    assert quote is not None


async def mute(socket: web.WebSocketResponse) -> None:
    """Says nothing at all."""


async def garbled(socket: web.WebSocketResponse) -> None:
    """Agrees to everything, then sends an event without content, which the SDK's reader can't take."""
    await socket.send_json({"type": "AUTH_STATE", "channel": 0, "state": "AUTHORIZED"})
    await socket.send_json({"type": "FEED_DATA", "channel": 1, "data": []})


async def stammering(socket: web.WebSocketResponse) -> None:
    """Agrees, then sends no JSON."""
    await socket.send_json({"type": "AUTH_STATE", "channel": 0, "state": "AUTHORIZED"})
    await socket.send_str("{cut")


@pytest.mark.parametrize("manner", [mute, garbled, stammering])
async def test_a_stream_that_makes_no_sense_is_left_and_tried_again(
    hostile: Callable[..., Awaitable[str]],
    option: Contract,
    manner: Callable[[web.WebSocketResponse], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if manner is mute:  # the others speak at once, also on a busy machine
        monkeypatch.setattr(quote_stream, "_CONNECT_WITHIN", 0.2)
    connections: list[web.WebSocketResponse] = []
    left: list[web.WebSocketResponse] = []

    async def feed(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connections.append(socket)
        try:
            await manner(socket)
            async for _ in socket:
                pass
        finally:  # a client that is gone in the middle of a word has left, too
            left.append(socket)
        return socket

    async def tokens(request: web.Request) -> web.Response:
        url = str(request.url.origin().with_scheme("ws") / "feed")
        return web.json_response({"data": {"token": "granted", "dxlink-url": url, "level": "api"}})

    url = await hostile(**{"GET /feed": feed, "GET /api-quote-tokens": tokens})
    broker = TastytradeBroker(endpoint(url), BrokerCredentials.for_paper())
    broker._quotes.expect(option)

    await eventually(lambda: len(connections) >= 2 and left)
    await broker.close()
