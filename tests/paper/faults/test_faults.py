"""How a fault is spent, when it is over, and what is refused at once."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from paper.faults import Fault, FaultKind, Faults, On, Subject
from paper.refusals import InvalidRequestError

BUY = Subject("SPY", True, "al-1/entry", 7)


def armed(kind: str, **params: Any) -> tuple[Faults, Fault]:
    faults, fault = Faults(lambda: datetime.now(UTC)), Fault(kind=FaultKind(kind), **params)
    faults.arm(fault)
    return faults, fault


def test_a_fault_hits_as_often_as_it_was_armed_for_after_letting_some_pass() -> None:
    faults, fault = armed("latency", times=2, skip=1)
    assert [faults.take(FaultKind.LATENCY) is not None for _ in range(5)] == [False, True, True, False, False]
    assert (fault.fired, fault.is_unused) == (2, False)


@pytest.mark.parametrize(
    "narrowed", [{"symbol": "QQQ"}, {"side": "sell"}, {"identifier": "exit"}, {"order_id": 8}, {"on": "cancel"}]
)
def test_a_fault_is_not_spent_on_what_it_is_not_meant_for(narrowed: dict[str, Any]) -> None:
    faults, fault = armed("latency", **narrowed)
    assert faults.take(FaultKind.LATENCY, On.PLACE, BUY) is None
    assert fault.is_unused


def test_a_storm_hits_whatever_comes_until_its_time_is_over() -> None:
    async def weather() -> list[bool]:
        faults, fault = armed("rate_limited", seconds=0.02)
        hits = [faults.take(FaultKind.RATE_LIMITED) is not None for _ in range(3)]
        async with asyncio.timeout(5):
            while not fault.is_over:  # noqa: ASYNC110  nobody is told of a storm's end
                await asyncio.sleep(0)
        return [*hits, faults.take(FaultKind.RATE_LIMITED) is not None]

    assert asyncio.run(weather()) == [True, True, True, False]


def test_a_fault_that_hit_nothing_is_unused_unless_it_may_be() -> None:
    assert armed("lose_stream")[1].is_unused
    assert not armed("lose_stream", may_be_unused=True)[1].is_unused


def test_an_unparseable_record_stays_with_the_first_order_it_hits() -> None:
    faults, _ = armed("unparseable_record", times=3)
    assert faults.take(FaultKind.UNPARSEABLE_RECORD, On.READ, BUY)
    assert not faults.take(FaultKind.UNPARSEABLE_RECORD, On.READ, BUY._replace(order_id=8))
    assert faults.take(FaultKind.UNPARSEABLE_RECORD, On.READ, BUY)


def test_a_condition_begins_when_it_is_armed_and_ends_when_all_is_cleared() -> None:
    faults = Faults(lambda: datetime.now(UTC))
    told: list[bool] = []
    faults.changed.append(lambda fault: told.append(fault.is_over))
    faults.arm(Fault(kind=FaultKind.HALT, symbol="SPY"))
    assert faults.halt_of("SPY") is not None
    assert faults.halt_of("QQQ") is None
    faults.clear()
    assert (faults.halt_of("SPY"), faults.armed, told) == (None, [], [False, True])


@pytest.mark.parametrize("kind", ["halt", "frozen_quote", "manual_order"])
def test_what_is_about_one_instrument_needs_its_symbol(kind: str) -> None:
    with pytest.raises(ValidationError, match="needs a symbol"):
        Fault(kind=FaultKind(kind), side="buy")


def test_what_a_client_says_has_fired_is_not_believed() -> None:
    assert armed("latency", fired=3, is_over=True)[1].is_unused


def test_no_more_than_a_thousand_can_be_armed() -> None:
    faults, fault = armed("latency")
    for _ in range(999):
        faults.arm(fault.model_copy())
    with pytest.raises(InvalidRequestError):
        faults.arm(fault.model_copy())
