"""Deaths on demand: an interceptor that kills its own worker before, in or after a named call of an activity.

What is to happen lies in files of the stack's folder, because the process that must remember it dies.
"""

import asyncio
import os
import signal
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.broker import PlaceOrder
from domain.frozen import Frozen

_ORDERS = "deaths.json"
_CALLS = "calls.txt"
_DIED = "died.txt"


class When(StrEnum):
    """The moment of a death within a call."""

    BEFORE = "before"  # on entry: nothing was asked of anybody
    IN = "in"  # the request is under way
    AFTER = "after"  # the function has returned, and its result is not reported


class Death(Frozen):
    """Die at the `call`-th call (from 1, counted through deaths). `seconds` is how long IN waits."""

    call: int
    when: When
    seconds: float = 0.003


class Sentence(Frozen):
    """The deaths of one case. `subject` narrows `place_order` to entry, conversion or exit; empty is any call."""

    activity: str
    subject: str = ""
    deaths: tuple[Death, ...] = ()


class Obituary(Frozen):
    """One death that happened. `in_time` is False when the call was over before its IN."""

    at: datetime
    call: int
    when: When
    in_time: bool


class Docket:
    """The files of one stack's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pass_sentence(self, sentence: Sentence) -> None:
        """Make these the deaths to come, and forget the earlier ones."""
        for name in (_CALLS, _DIED):
            (self._folder / name).unlink(missing_ok=True)
        partial = self._folder / f"{_ORDERS}.partial"
        partial.write_text(sentence.model_dump_json(), encoding="utf-8")
        partial.replace(self._folder / _ORDERS)

    def obituaries(self) -> list[Obituary]:
        """The deaths that happened since."""
        return [Obituary.model_validate_json(line) for line in self._lines(_DIED)]

    def due(self, name: str, arguments: Any) -> Death | None:
        """Count a call; gives its death if it is to die."""
        path = self._folder / _ORDERS
        if not path.exists():
            return None
        sentence = Sentence.model_validate_json(path.read_text(encoding="utf-8"))
        if name != sentence.activity or sentence.subject not in ("", subject_of(arguments)):
            return None
        self._append(_CALLS, name)
        call = len(self._lines(_CALLS))
        return next((death for death in sentence.deaths if death.call == call), None)

    def die(self, death: Death, *, in_time: bool) -> NoReturn:
        """Leave a note, and end as a crash would."""
        note = Obituary(at=datetime.now(UTC), call=death.call, when=death.when, in_time=in_time)
        self._append(_DIED, note.model_dump_json())
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("nobody survives SIGKILL")

    def _append(self, name: str, line: str) -> None:
        with (self._folder / name).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def _lines(self, name: str) -> list[str]:
        path = self._folder / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


class Reaper(Interceptor):
    """Carries the sentence out in the worker that it is given to."""

    def __init__(self, docket: Docket) -> None:
        self._docket = docket

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Stand before every activity."""
        return _Inbound(next, self._docket)


class _Inbound(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, docket: Docket) -> None:
        super().__init__(next)
        self._docket = docket

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        death = self._docket.due(activity.info().activity_type, input.args)
        if death is None:
            return await self.next.execute_activity(input)
        if death.when is When.BEFORE:
            self._docket.die(death, in_time=True)
        call = asyncio.ensure_future(self.next.execute_activity(input))
        await asyncio.wait({call}, timeout=death.seconds if death.when is When.IN else None)
        return self._docket.die(death, in_time=death.when is When.AFTER or not call.done())


def subject_of(arguments: Any) -> str:
    """What a call is about: `entry`, `conversion` or `exit` for a placement, else nothing."""
    asked = arguments[0] if arguments else None
    if not isinstance(asked, PlaceOrder):
        return ""
    if not asked.order.action.is_buy:
        return "exit"
    return "conversion" if asked.order.price is None else "entry"
