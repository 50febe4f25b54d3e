"""Every point holds, and no check is so weak that it would not notice when its point is broken."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError
from tastytrade.utils import TastytradeError

from paper.faults import FaultKind
from paper.settings import PaperSettings
from tests.paper.conformance.catalogue import POINTS
from tests.paper.conformance.point import Break, Point
from tests.paper.conformance.stage import on_stage
from tests.paper.conformance.table import PAGE, listed, table

IMPATIENT = 0.2  # seconds to wait for what a broken exchange never does
STREAMS = pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning")
# How a client notices: a check of its own, a field that isn't there, the SDK's refusal to go on, its streamer's end.
NOTICED = (AssertionError, LookupError, TastytradeError, ValidationError, ExceptionGroup, pytest.fail.Exception)

pytestmark = [pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")]


def _label(point: Point) -> str:
    return f"{point.area}-{point.check.__name__}"


def _whole() -> Iterator[Any]:
    for point in POINTS:
        yield pytest.param(point, id=_label(point), marks=STREAMS if point.streams else ())


def _broken() -> Iterator[Any]:
    for point in POINTS:
        for name, break_it in point.breaks.items():
            marks = STREAMS if point.streams else ()
            yield pytest.param(point, break_it, id=f"{_label(point)}-{name}", marks=marks)


def _settings(point: Point) -> PaperSettings:
    hurried = PaperSettings().hurried()
    return PaperSettings.model_validate(hurried.model_dump() | dict(point.settings))


@pytest.mark.parametrize("point", list(_whole()))
async def test_the_exchange_holds_the_point(point: Point) -> None:
    async with on_stage(_settings(point)) as stage:
        await point.check(stage)


@pytest.mark.parametrize(("point", "break_it"), list(_broken()))
async def test_the_check_fails_once_its_point_is_broken(
    point: Point, break_it: Break, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with on_stage(_settings(point), IMPATIENT) as stage:
        with monkeypatch.context() as patch:
            break_it(patch, stage.paper)
            with pytest.raises(NOTICED):
                await point.check(stage)
    # A mutilation that crashes the exchange would show nothing: it must go on, and be wrong.
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def test_each_point_has_a_name_and_says_what_the_exchange_does() -> None:
    names = [(point.area, point.name) for point in POINTS]
    assert len(set(names)) == len(names)
    assert [point.name for point in POINTS if not point.behaviour] == []
    assert [point.name for point in POINTS if not inspect.iscoroutinefunction(point.check)] == []


def test_the_page_lists_the_points_as_they_are() -> None:
    assert listed(PAGE.read_text()) == table(), "run python -m tests.paper.conformance.table"


def test_each_kind_of_fault_has_a_point_and_a_place_on_the_page() -> None:
    shown = " ".join(point.behaviour for point in POINTS).replace(",", " ").split()
    words = {word.rstrip(":;.") for word in shown}
    assert {kind.value for kind in FaultKind} - words == set()
    assert [kind for kind in FaultKind if f"`{kind}`" not in PAGE.read_text()] == []
