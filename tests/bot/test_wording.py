"""How a trade reads in an answer: which way it stands, and what it came to."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.commands.wording import trade_line, trade_lines
from domain.alert import Action
from domain.trade import TradeState
from tests.domain.test_card import ALERT, view
from workflows.trade_door import ListedTrade


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (Action.BTO, ("**Bought**: 4 of 4", "**Sold**: 2, realised −$156.00")),
        (Action.STO, ("**Sold**: 4 of 4", "**Bought back**: 2, realised −$156.00")),
        (Action.STC, ("**Sold**: 2 of 4",)),
        (Action.BTC, ("**Bought back**: 2 of 4",)),
    ],
)
def test_a_trade_is_told_by_the_words_of_its_direction(action: Action, said: tuple[str, ...]) -> None:
    alert = ALERT.model_copy(update={"action": action})
    shown = view(TradeState.HOLDING, alert=alert, sized=4, filled=4, exited=2, realised=Decimal(-156))
    lines = [line for line in trade_lines(shown) if line.startswith(("**Bought", "**Sold"))]
    assert len(lines) == len(said)
    for line, expected in zip(lines, said, strict=True):
        assert line.startswith(expected)


def test_a_loss_has_its_sign_before_the_dollar() -> None:
    listed = ListedTrade(
        workflow_id="alert-1-2",
        started_at=datetime(2026, 11, 25, 14, 31, tzinfo=UTC),
        ended_at=None,
        is_running=False,
        state="closed",
        side="BTO",
        symbol="UBER",
        author="Author",
        channel="alerts",
        mode="paper",
        pnl=-156.0,
    )
    assert trade_line(listed).endswith("P&L −$156.00")
    assert "P&L" not in trade_line(listed.model_copy(update={"pnl": None}))
