"""Closing alerts and the operator's close, on real processes and sockets; the exchange's book is what counts."""

from collections.abc import Callable
from decimal import Decimal

from domain.symbols import plain
from domain.trade import TradeState, TradeView
from paper.listings.series import Instrument
from tests.e2e.conftest import House, words


def selling(uber: Instrument, words: str) -> str:
    """`STC UBER 78p 12/04` and what follows."""
    assert uber.strike is not None
    assert uber.expiry is not None
    return f"STC UBER {plain(uber.strike)}p {uber.expiry.day:%m/%d} {words}".strip()


async def bought(house: House, uber: Instrument) -> str:
    """A trade that holds four at 0.75, with its exit of two; the market is 1.00 to 1.04."""
    assert house.control is not None
    await house.control.quote(uber.symbol, "0.70", "0.75")
    workflow_id = await house.alert(words(uber))
    await house.view_when(workflow_id, lambda view: view.filled == 4 and bool(view.exits))
    await house.control.quote(uber.symbol, "1.00", "1.00")
    return workflow_id


async def standing(house: House, workflow_id: str) -> dict[str, int]:
    """What the exchange's book says of the trade: bought, sold and out for sale."""
    at = {"bought": 0, "sold": 0, "out": 0}
    for order in await house.orders(workflow_id):
        leg = order["legs"][0]
        filled = sum(int(Decimal(str(fill["quantity"]))) for fill in leg.get("fills", []))
        at["bought" if leg["action"].startswith("Buy") else "sold"] += filled
        if order["status"] == "Live" and leg["action"].startswith("Sell"):
            at["out"] += int(Decimal(str(leg["quantity"]))) - filled
    return at


def has_sold(count: int, out: int) -> Callable[[TradeView], bool]:
    """So many are sold, nothing is being sold any more, and the exit stands for so many."""

    def holds(view: TradeView) -> bool:
        live = [order for order in view.exits if not order.status.is_terminal]
        rests = [order.quantity - order.filled for order in live]
        return view.exited == count and view.state is TradeState.HOLDING and rests == [out]

    return holds


async def test_a_half_a_second_half_and_all_out_and_the_books_agree_after_each(house: House, uber: Instrument) -> None:
    workflow_id = await bought(house, uber)
    assert await standing(house, workflow_id) == {"bought": 4, "sold": 0, "out": 2}

    half = await house.alert(selling(uber, "1/2 @ 1.00"))
    await house.view_when(workflow_id, has_sold(2, 2))
    assert await standing(house, workflow_id) == {"bought": 4, "sold": 2, "out": 2}

    second = await house.alert(selling(uber, "@ 1.00").replace("STC", "STC 50%"))
    await house.view_when(workflow_id, has_sold(3, 1))
    assert await standing(house, workflow_id) == {"bought": 4, "sold": 3, "out": 1}

    rest = await house.alert(selling(uber, "@ 1.00 all out"))
    await house.view_when(workflow_id, lambda view: view.state is TradeState.CLOSED)
    assert await standing(house, workflow_id) == {"bought": 4, "sold": 4, "out": 0}

    said = [(await house.view_when(one, lambda view: view.state.is_end)) for one in (half, second, rest)]
    assert [view.state for view in said] == [TradeState.CLOSED] * 3
    assert [view.exited for view in said] == [2, 1, 1]
    assert await house.refused_for_haste() == []


async def test_a_closing_alert_for_what_is_not_held_is_refused(house: House, uber: Instrument) -> None:
    view = await house.view_when(await house.alert(selling(uber, "@ 1.00")), lambda view: view.state.is_end)
    assert view.refusal is not None
    assert view.refusal.code == "no_open_trade"


async def test_the_operator_sells_all_of_it_at_once(house: House, uber: Instrument) -> None:
    workflow_id = await bought(house, uber)
    code, out, err = await house.run("close", workflow_id)
    assert (code, err) == (0, "")
    assert "sold: 4 of 4 at 1" in out
    assert await standing(house, workflow_id) == {"bought": 4, "sold": 4, "out": 0}
    _, rows, _ = await house.run("audit", "recent", "--trade", workflow_id, "--kind", "operator")
    assert "close by" in rows
    _, out, err = await house.run("close", workflow_id)
    assert "nothing held" in out or "is over" in err
    assert (await standing(house, workflow_id))["sold"] == 4
