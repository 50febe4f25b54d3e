"""Levels on the underlying sell a trade by itself, where the settings follow alerts. The contract is a put on UBER."""

import pytest

from domain.alert import Levels, OptionType
from domain.audit import AuditKind
from domain.closing import CloseOutcome
from domain.settings import ProtectionSettings, TradeTerms
from domain.trade import TradeState
from domain.trouble import TroubleKind
from tests.fakes.broker import CONTRACT
from tests.workflows.conftest import Floor
from tests.workflows.test_changes import OldCode, known, old_code
from tests.workflows.test_guardian import D, bought, passes, reads
from workflows.changes import Change
from workflows.page import page

__all__ = ["old_code"]


def levels(stop: str | None = None, *targets: str) -> Levels:
    return Levels(stop=None if stop is None else D(stop), targets=tuple(map(D, targets)))


async def follows(floor: Floor, on_underlying: Levels, **alert: object) -> Floor:
    """Four that are held, with UBER at 80."""
    return await bought(floor, {"on_underlying": on_underlying, **alert}, follow_alerts=True)


async def goes_to(floor: Floor, price: str, held: int = 4) -> None:
    """The underlying moves there, the option's market stays, and time passes until so many are held."""
    floor.broker.underlying = D(price)
    for _ in range(30):
        await passes(floor, 1)
        if floor.book.held() == held:
            return
    raise AssertionError(f"{floor.book.held()} held")


async def stays(floor: Floor, price: str) -> None:
    """The underlying moves there, and nothing is sold in a while."""
    floor.broker.underlying = D(price)
    await passes(floor, 3)
    assert floor.book.held() == 4


async def test_a_put_is_stopped_when_the_underlying_rises_to_its_stop(floor: Floor) -> None:
    await follows(floor, levels("82"))
    assert "**Sells by itself** on the underlying: stop 82" in page(await floor.view())
    await stays(floor, "81.99")
    await goes_to(floor, "82.00", held=0)
    view = await floor.end()
    assert (view.state, view.exited) == (TradeState.CLOSED, 4)
    told = [(closing.by, closing.outcome) for closing in view.closings]
    assert told == [("the stop on the underlying at 82.00", CloseOutcome.SOLD)]


async def test_a_call_is_stopped_when_the_underlying_falls_to_its_stop(floor: Floor) -> None:
    floor.broker.contract = CONTRACT.model_copy(update={"option_type": OptionType.CALL})
    await follows(floor, levels("78"), option_type=OptionType.CALL)
    await stays(floor, "90")
    await goes_to(floor, "77.50", held=0)
    assert (await floor.end()).closings[0].by == "the stop on the underlying at 77.50"


async def test_targets_on_the_underlying_sell_a_part_each_and_the_last_the_rest(floor: Floor) -> None:
    await follows(floor, levels("82", "76", "78"))
    await goes_to(floor, "78", held=2)
    assert floor.book.working_sells() == [(2, D("1.50"))]
    await goes_to(floor, "75", held=0)
    view = await floor.end()
    assert [closing.by for closing in view.closings] == [
        "the target on the underlying 78",
        "the target on the underlying 76",
    ]


async def test_of_both_kinds_of_targets_whichever_comes_first_takes_the_next_part(floor: Floor) -> None:
    await follows(floor, levels(None, "78"), targets=(D("1.00"), D("1.30")))
    await reads(floor, "1.00", held=2)
    await goes_to(floor, "77", held=1)
    await reads(floor, "1.30", held=0)
    view = await floor.end()
    assert [closing.sold for closing in view.closings] == [2, 1, 1]
    assert view.closings[1].by == "the target on the underlying 78"


async def test_what_loses_money_comes_first(floor: Floor) -> None:
    await follows(floor, levels("82"), targets=(D("1.00"),))
    floor.broker.underlying = D("83")
    await reads(floor, "1.20", held=0)
    assert (await floor.end()).closings[0].by == "the stop on the underlying at 83"


async def test_a_level_that_the_underlying_is_past_already_is_left_out_and_that_is_written(floor: Floor) -> None:
    await follows(floor, levels("79", "81", "77"))
    await stays(floor, "84")
    await goes_to(floor, "77", held=0)
    rows = [row.detail for row in floor.rows(AuditKind.QUOTE) if row.detail.startswith("UBER")]
    assert rows == ["UBER, from where count its target 77, left out: 79, 81: 80 / 80"]


async def test_without_a_quote_of_the_underlying_the_other_levels_work(floor: Floor) -> None:
    floor.broker.underlying = None
    await follows(floor, levels("82"), stop=D("0.50"))
    await reads(floor, "0.50", held=0)
    assert (await floor.end()).closings[0].by == "the stop at 0.50"


async def test_an_operator_is_told_of_an_underlying_that_nobody_quotes_for_a_minute(floor: Floor) -> None:
    floor.broker.underlying = None
    await follows(floor, levels("82"))
    await passes(floor, 50)
    assert floor.operator.troubles == []
    await passes(floor, 20)
    assert [trouble.kind for trouble in floor.operator.troubles] == [TroubleKind.LEVELS_UNWATCHED]
    assert [row.detail for row in floor.rows(AuditKind.QUOTE)][-1] == "UBER, for its stop 82: no quote"


async def test_a_quote_that_comes_late_counts_from_then_on(floor: Floor) -> None:
    floor.broker.underlying = None
    await follows(floor, levels("82"))
    await passes(floor, 70)
    floor.broker.underlying = D("80")
    while not floor.broker.watches:
        await passes(floor, 1)
    await goes_to(floor, "82", held=0)
    assert (await floor.end()).closings[0].by == "the stop on the underlying at 82"


@pytest.mark.parametrize("settings", [{}, {"stop_percent": 50}])
async def test_where_alerts_are_not_followed_nobody_asks_for_the_underlying(
    floor: Floor, settings: dict[str, object]
) -> None:
    await bought(floor, {"on_underlying": levels("82")}, **settings)
    await stays(floor, "90")
    assert "take_underlying_quote" not in floor.broker.calls
    assert Change.FOLLOWS_UNDERLYING not in await known(floor)


async def test_a_trade_of_before_goes_on_without_them(old_code: OldCode, floor: Floor) -> None:
    floor.broker.terms = TradeTerms(protection=ProtectionSettings(follow_alerts=True))
    floor.market("0.75", "0.75")
    await floor.alert(on_underlying=levels("82"), stop=D("0.50"))
    await passes(floor, 3)
    await old_code.gives_way()
    await stays(floor, "84")
    assert "take_underlying_quote" not in floor.broker.calls
    await reads(floor, "0.50", held=0)
    assert (await floor.end()).closings[0].by == "the stop at 0.50"
    assert Change.FOLLOWS_UNDERLYING not in await known(floor)
