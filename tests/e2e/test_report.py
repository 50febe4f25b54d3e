"""A day's report from real processes: its sums are those of the exchange's own book."""

import re
from decimal import Decimal

from paper.listings.series import Instrument
from tests.e2e.conftest import House, words
from tests.e2e.test_selling import bought, selling

_A_CONTRACT = 100


async def earned_by_the_book(house: House, workflow_id: str) -> Decimal:
    """What the trade's executions at the exchange paid out, less what they cost."""
    dollars = Decimal(0)
    for order in await house.orders(workflow_id):
        leg = order["legs"][0]
        sign = -1 if leg["action"].startswith("Buy") else 1
        for fill in leg.get("fills", []):
            dollars += sign * Decimal(str(fill["quantity"])) * Decimal(str(fill["fill-price"])) * _A_CONTRACT
    return dollars


async def test_a_reports_sums_are_those_of_the_exchanges_book(house: House, uber: Instrument) -> None:
    workflow_id = await bought(house, uber)
    await house.run("close", workflow_id, "--part", "1/2")
    assert house.control is not None
    await house.control.quote(uber.symbol, "0.90", "0.94")
    await house.run("close", workflow_id)
    await house.view_when(workflow_id, lambda view: view.state.is_end)
    refused = await house.alert(selling(uber, "@ 1.00"))
    await house.view_when(refused, lambda view: view.state.is_end)
    rehearsed = await house.alert(words(uber, "0.50", 1), "--dry-run")
    await house.view_when(rehearsed, lambda view: view.state.is_end)

    earned = await earned_by_the_book(house, workflow_id)
    assert earned == (await house.view(workflow_id)).realised
    code, out, err = await house.run("report", "--out", "here")
    assert (code, err) == (0, "")
    assert f"PAPER: +${earned:,.2f} realised before fees, 1 trade filled" in out
    assert "2 alerts, 1 traded, 1 refused" in out
    page, picture = sorted((house.folder / "here").iterdir())
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert set(re.findall(r"<b>(PAPER|LIVE|SANDBOX|DRY RUN)</b>", page.read_text())) == {"PAPER", "DRY RUN"}
