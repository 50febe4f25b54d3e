"""New code over a trade that is open: what it did before stands, and it comes to its end as its own code would have."""

from decimal import Decimal

import pytest
import pytest_asyncio

from domain.orders import OrderStatus
from domain.trade import TradeState
from tests.replay.kept import changes_known
from tests.workflows.conftest import Floor
from tests.workflows.invariants import Promise
from workflows.changes import Change
from workflows.temporal_world import TemporalWorld


class OldCode:
    """The worker runs the code of before the changes, until today's is deployed."""

    def __init__(self, patch: pytest.MonkeyPatch, floor: Floor) -> None:
        self._patch = patch
        self._floor = floor

    async def works(self) -> None:
        self._patch.setattr(TemporalWorld, "knows", lambda self, change: False)
        await self._floor.deploy(cached=0)

    async def gives_way(self) -> None:
        """As a deployment does: today's code replays every open trade from its first event on."""
        self._patch.undo()
        await self._floor.deploy(cached=0)


@pytest_asyncio.fixture(loop_scope="module")
async def old_code(monkeypatch: pytest.MonkeyPatch, floor: Floor) -> OldCode:
    old = OldCode(monkeypatch, floor)
    await old.works()
    return old


async def known(floor: Floor) -> set[str]:
    """The changes that the trade's history says it knows."""
    return changes_known((await floor.history()).to_json())


async def test_an_open_trade_goes_on_as_it_began_and_ends_under_new_code(old_code: OldCode, floor: Floor) -> None:
    """The old code left a working order as it was after a late fill, until the next rung sent the rest."""
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    floor.market("0.70", "0.90")
    await floor.alert()
    await floor.after(25)
    await old_code.gives_way()
    floor.book.fill(1000, 3)
    await floor.tells()
    await floor.after(5)
    assert [(o.quantity, o.status) for o in floor.book.buys] == [(4, OrderStatus.CANCELLED), (4, OrderStatus.LIVE)]

    await floor.after(120)
    assert [o.quantity for o in floor.book.buys] == [4, 4, 4, 1, 1]  # the rung found the replacement too large
    await floor.trade.cancel()
    view = await floor.cancelled()

    assert (view.state, view.filled) == (TradeState.CANCELLED, 3)
    assert floor.book.working_sells() == [(1, Decimal("1.50"))]
    assert Change.SHRINKS_AT_ONCE not in await known(floor)


async def test_what_an_open_trade_comes_to_only_under_new_code_is_done_the_new_way(
    old_code: OldCode, floor: Floor
) -> None:
    floor.may_break = {Promise.NEVER_MORE_THAN_SIZED}
    floor.market("0.75", "0.75")
    await floor.alert()
    await floor.after(8)
    await old_code.gives_way()
    floor.book.fill(1000, 2)
    await floor.tells()
    view = await floor.end()

    assert view.state is TradeState.NEEDS_OPERATOR
    assert [trouble.workflow_id for trouble in floor.operator.troubles] == [floor.trade.id]


async def test_a_trade_of_today_says_in_its_history_which_changes_it_knows(floor: Floor) -> None:
    floor.market("0.75", "0.75")
    await floor.alert()
    await floor.after(8)
    assert Change.SHRINKS_AT_ONCE in await known(floor)
