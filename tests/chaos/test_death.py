import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from chaos.cases import every_case
from chaos.death import Death, Docket, Sentence, When, subject_of
from domain.broker import PlaceOrder
from domain.orders import LegAction, OrderRequest, OrderType
from tests.chaos.trades import BORN

SECOND = Death(call=2, when=When.IN)
_DYING = """
import sys
from pathlib import Path
from chaos.death import Death, Docket, When
Docket(Path(sys.argv[1])).die(Death(call=2, when=When.IN), in_time=True)
"""


def placement(action: LegAction, price: Decimal | None) -> PlaceOrder:
    order = OrderRequest(
        identifier="al-1-1-0e00",
        symbol="UBER  261204P00078000",
        instrument_type="Equity Option",
        action=action,
        quantity=1,
        order_type=OrderType.LIMIT if price else OrderType.MARKET,
        price=price,
    )
    return PlaceOrder(order=order, not_after=BORN, dry_run=False)


@pytest.mark.parametrize(
    ("action", "price", "subject"),
    [
        (LegAction.BUY_TO_OPEN, Decimal("0.75"), "entry"),
        (LegAction.BUY_TO_OPEN, None, "conversion"),
        (LegAction.SELL_TO_CLOSE, Decimal("1.50"), "exit"),
    ],
)
def test_a_placement_is_told_apart_by_what_it_is_for(action: LegAction, price: Decimal | None, subject: str) -> None:
    assert subject_of([placement(action, price)]) == subject
    assert subject_of([]) == ""


def test_only_the_named_call_of_the_named_activity_is_due(tmp_path: Path) -> None:
    docket = Docket(tmp_path)
    docket.pass_sentence(Sentence(activity="place_order", subject="exit", deaths=(SECOND,)))
    buy, sell = [placement(LegAction.BUY_TO_OPEN, Decimal(1))], [placement(LegAction.SELL_TO_CLOSE, Decimal(1))]
    assert [docket.due("place_order", buy), docket.due("read_order", sell)] == [None, None]
    assert [docket.due("place_order", sell) for _ in range(3)] == [None, SECOND, None]


def test_calls_are_counted_through_deaths_and_begin_anew_with_a_sentence(tmp_path: Path) -> None:
    sentence = Sentence(activity="admit", deaths=(SECOND,))
    Docket(tmp_path).pass_sentence(sentence)
    assert Docket(tmp_path).due("admit", []) is None
    assert Docket(tmp_path).due("admit", []) == SECOND
    Docket(tmp_path).pass_sentence(sentence)
    assert Docket(tmp_path).due("admit", []) is None


def test_a_death_is_a_sigkill_that_leaves_a_note(tmp_path: Path) -> None:
    died = subprocess.run([sys.executable, "-c", _DYING, str(tmp_path)], env={**os.environ, "PYTHONPATH": _root()})
    assert died.returncode == -signal.SIGKILL
    assert [(note.call, note.when, note.in_time) for note in Docket(tmp_path).obituaries()] == [(2, When.IN, True)]


def test_every_activity_of_a_trade_has_its_deaths_at_both_calls() -> None:
    cases = list(every_case())
    assert len({str(case) for case in cases}) == len(cases) == 82
    assert {case.scene.activity for case in cases} == {
        *("find_contract", "take_quote", "admit", "read_account", "reserve", "place_order", "replace_order"),
        *("cancel_order", "read_order", "find_order", "append_audit", "watch_account"),
    }


def _root() -> str:
    return str(Path(__file__).parents[2])
