"""What the suite is made of: one behaviour that a client relies on, the check that shows it, and ways to break it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest

from paper.server import RunningPaper
from tests.paper.conformance.stage import Stage

Check = Callable[[Stage], Awaitable[None]]
Break = Callable[[pytest.MonkeyPatch, RunningPaper], None]


class Source(StrEnum):
    """How we know that the broker does so."""

    DOCUMENTED = "documented"  # by the broker, its specifications, or the SDK's own source
    RECORDED = "recorded"  # seen in its answers, or reported by those who trade there
    ASSUMPTION = "assumption"  # the documents are silent: what hurts a careless client more
    OURS = "ours"  # this exchange's own promise


@dataclass(frozen=True)
class Point:
    """One behaviour. `check` fails where it doesn't hold; each of `breaks` is a mutilation that must make it fail.

    `settings` are what the exchange is started with. `streams`: the SDK's streamers are used, which leave queues open.
    """

    area: str
    check: Check
    source: Source
    breaks: Mapping[str, Break]
    settings: Mapping[str, Any] = field(default_factory=dict)
    streams: bool = False

    @property
    def name(self) -> str:
        """The behaviour as a sentence."""
        return self.check.__name__.replace("_", " ")

    @property
    def behaviour(self) -> str:
        """What the exchange does, in a few more words."""
        return " ".join((self.check.__doc__ or "").split())


def point(
    source: Source, breaks: Mapping[str, Break], *, streams: bool = False, **settings: Any
) -> Callable[[Check], Point]:
    """Make a point of a check: its name and docstring say what it shows."""
    if not breaks:
        raise ValueError("what can't be broken is not shown")

    def made(check: Check) -> Point:
        return Point(check.__module__.rpartition(".")[2], check, source, breaks, settings, streams)

    return made


def instead(owner: Any, name: str, new: Any) -> Break:
    """Put `new` in the place of an attribute."""
    return lambda patch, _: patch.setattr(owner, name, new)


def around(owner: Any, name: str, wrap: Callable[[Any], Any]) -> Break:
    """Put what `wrap` makes of an attribute in its place."""
    return lambda patch, _: patch.setattr(owner, name, wrap(getattr(owner, name)))


def without(*keys: str) -> Callable[[Any], Any]:
    """For `around`: the same JSON object, but for these keys."""
    return lambda write: lambda *a, **k: {key: v for key, v in write(*a, **k).items() if key not in keys}


def with_changes(change: Callable[[Any], dict[str, Any]]) -> Callable[[Any], Any]:
    """For `around`: the same JSON object, with what `change` makes of it written over it."""

    def wrap(write: Any) -> Any:
        def written(*a: Any, **k: Any) -> Any:
            wire = write(*a, **k)
            return wire | change(wire)

        return written

    return wrap


def nothing(*_: Any, **__: Any) -> None:
    """For `instead`: don't do it."""


def none_found(*_: Any, **__: Any) -> list[Any]:
    """For `instead`: no rule, no row."""
    return []
