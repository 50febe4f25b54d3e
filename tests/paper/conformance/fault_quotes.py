"""Faults of what is shown of the market, while the venue goes by the true quote."""

from typing import Any

from paper.faults import Display, Faults
from tests.paper.conformance.fault_requests import OURS
from tests.paper.conformance.point import Break, instead, point
from tests.paper.conformance.quote_streams import data_of, feeding, wanted
from tests.paper.conformance.stage import Stage

NEVER: dict[str, Break] = {"it is right": instead(Faults, "holding", lambda *_: iter(()))}


async def shown(stage: Stage, kind: str, **more: Any) -> tuple[dict[str, Any], list[Any]]:
    """What REST and the stream show of the option under a condition: its row, and bid and ask."""
    await stage.control.fault(kind, symbol=stage.option.symbol, **more)
    return await seen(stage)


async def seen(stage: Stage) -> tuple[dict[str, Any], list[Any]]:
    symbol = stage.option.streamer_symbol
    [row] = (await stage.data("/market-data/by-type", **{"equity-option": stage.option.symbol}))["items"]
    async with feeding(stage) as wire:
        await wire.say(**wanted(symbol))
        ask, _, bid, _ = await data_of(wire, symbol)
    return row, [bid, ask]


async def still_trades(stage: Stage) -> None:
    await stage.settled((await stage.place(stage.ticket.buy(1, "1.10"))).id, "Filled")


@point(OURS, NEVER)
async def a_quote_can_be_crossed(stage: Stage) -> None:
    """crossed_quote: the bid above the ask; orders trade at the true quote."""
    row, stream = await shown(stage, "crossed_quote")
    assert (row["bid"], row["ask"], stream) == ("1.1", "1.0", [1.1, 1.0])
    await still_trades(stage)


@point(OURS, NEVER)
async def a_quote_can_have_one_side(stage: Stage) -> None:
    """one_sided_quote: no ask, or no bid; NaN on the stream, no key in REST."""
    row, stream = await shown(stage, "one_sided_quote", missing="ask")
    assert "ask" not in row
    assert (row["bid"], stream) == ("1.0", [1.0, "NaN"])
    await still_trades(stage)


@point(OURS, NEVER)
async def a_quote_can_be_nan(stage: Stage) -> None:
    """nan_quote: neither side; the SDK drops such events without a word."""
    row, stream = await shown(stage, "nan_quote")
    assert not {"bid", "ask", "mark"} & row.keys()
    assert stream == ["NaN", "NaN"]


@point(OURS, NEVER)
async def a_quote_can_be_frozen(stage: Stage) -> None:
    """frozen_quote: as it was when the fault was armed, while the market moves on and fills by the true quote."""
    await stage.control.fault("frozen_quote", symbol=stage.option.symbol)
    await stage.quote("1.20", "1.30")
    row, stream = await seen(stage)
    assert (row["ask"], stream) == ("1.1", [1.0, 1.1])
    order_id = await stage.resting(1, "1.10")
    assert stage.order(order_id).filled == 0


@point(OURS, {"it speaks": instead(Display, "keeps_silent", lambda *_: False)})
async def a_symbol_can_fall_silent_on_the_stream_alone(stage: Stage) -> None:
    """no_quotes: nothing of it on the quote stream, while others go on and REST is right."""
    symbol = stage.option.streamer_symbol
    await stage.control.fault("no_quotes", symbol=symbol)
    async with feeding(stage) as wire:
        await wire.say(**wanted(symbol, "SPY"))
        heard = await wire.until(lambda message: "SPY" in message["data"][1])
    assert all(symbol not in message["data"][1] for message in heard)
    [row] = (await stage.data("/market-data/by-type", **{"equity-option": stage.option.symbol}))["items"]
    assert row["ask"] == "1.1"
