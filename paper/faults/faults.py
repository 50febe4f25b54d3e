"""All armed faults: how one is spent, how long a condition holds, and who hears when one begins and ends."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime

from paper.faults.fault import Fault, Subject
from paper.faults.kinds import CONDITIONS, FaultKind, On
from paper.refusals import InvalidRequestError

_MOST_ARMED = 1000
Listener = Callable[[Fault], None]


class Faults:
    """Every fault armed since the last clearing. `changed` hears of each condition that begins or ends."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.armed: list[Fault] = []
        self.changed: list[Listener] = []
        self._clock = clock
        self._ends: dict[int, asyncio.TimerHandle] = {}  # by identity

    def arm(self, fault: Fault) -> None:
        """Make it wait for what it is meant for, or hold from now on. InvalidRequestError when there are too many."""
        if len(self.armed) >= _MOST_ARMED:
            raise InvalidRequestError([("kind", f"{_MOST_ARMED} faults are armed: clear them first")])
        fault.fired, fault.is_over, fault.began_at = 0, False, None
        self.armed.append(fault)
        if fault.kind in CONDITIONS:
            fault.began_at = self._clock()
            self._end_after(fault)
            self._tell(fault)

    def clear(self) -> None:
        """Forget all of them; the conditions end."""
        for fault in self.armed:
            self._end(fault)
        self.armed.clear()

    def stop(self) -> None:
        """Leave everything as it is: the exchange ends."""
        for timer in self._ends.values():
            timer.cancel()
        self._ends.clear()

    def take(
        self, kind: FaultKind, on: On | None = None, subject: Subject | None = None, *, after: bool | None = None
    ) -> Fault | None:
        """Spend one hit of the first fault of that kind which suits; None when there is none.

        `after`, when given, takes only faults armed with that same value.
        """
        for fault in self.armed:
            if fault.kind is not kind or not fault.suits(on, subject) or after not in (None, fault.after):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            self._hit(fault, subject)
            return fault
        return None

    def note(self, kind: FaultKind) -> None:
        """Something met what these faults did as they were armed."""
        for fault in self.armed:
            fault.fired += 1 if fault.kind is kind else 0

    def holding(self, symbol: str) -> Iterator[Fault]:
        """The conditions of an instrument, or of an underlying, that hold now."""
        return (fault for fault in self.armed if fault.began_at and not fault.is_over and fault.symbol == symbol)

    def halt_of(self, underlying: str) -> Fault | None:
        """The halt of an underlying; None while it trades."""
        return next((fault for fault in self.holding(underlying) if fault.kind is FaultKind.HALT), None)

    def holds_back(self, underlying: str) -> bool:
        """Whether a fill can't be, because trading is halted."""
        halt = self.halt_of(underlying)
        if halt is not None:
            halt.fired += 1
        return halt is not None

    def _hit(self, fault: Fault, subject: Subject | None) -> None:
        fault.fired += 1
        if fault.is_storm and fault.fired == 1:
            self._end_after(fault)
        if fault.kind is FaultKind.UNPARSEABLE_RECORD and subject is not None:
            fault.order_id = subject.order_id  # one order's record, and no other

    def _end_after(self, fault: Fault) -> None:
        if fault.seconds:
            loop = asyncio.get_running_loop()
            self._ends[id(fault)] = loop.call_later(fault.seconds, self._end, fault)

    def _end(self, fault: Fault) -> None:
        timer = self._ends.pop(id(fault), None)
        if timer is not None:
            timer.cancel()
        if fault.began_at and not fault.is_over:
            fault.is_over = True
            self._tell(fault)
        fault.is_over = True

    def _tell(self, fault: Fault) -> None:
        for listener in self.changed:
            listener(fault)
