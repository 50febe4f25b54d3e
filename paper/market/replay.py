"""Playing recorded quotes: the market shows what it showed then, and others trade in it.

A replay is remembered with its start, so a restarted exchange goes on where the recording would be by now.
"""

import asyncio
import logging
from bisect import bisect_right
from pathlib import Path

from pydantic import AwareDatetime

from domain.frozen import Frozen
from paper.background import Background
from paper.clock import Clock
from paper.market.market import Market
from paper.market.quote import Quote
from paper.market.recording import RecordedQuote, RecordingError, read_recording
from paper.trading.store import Store

log = logging.getLogger(__name__)
_KEPT = "replay"
_NAMED = 20  # unknown symbols named in the answer, at most


class Playing(Frozen):
    """What is being played: the file, how many times as fast as it was recorded, and since when."""

    path: Path
    speed: float
    started_at: AwareDatetime


class Loaded(Frozen):
    """What a recording holds: rows that are played, and symbols that are not listed and so left out."""

    rows: int
    seconds: float
    left_out: tuple[str, ...]


class Replay:
    """At most one recording at a time. When it ends, the model goes on from the last quotes."""

    def __init__(self, store: Store, market: Market, background: Background, clock: Clock) -> None:
        self._store = store
        self._market = market
        self._background = background
        self._clock = clock
        self.playing: Playing | None = None
        self.caught_up = asyncio.Event()  # the rows that were due when the playing began are shown
        self._symbols: set[str] = set()

    def resume(self) -> None:
        """Go on with what an earlier run was playing; a file that is gone by now is given up."""
        kept = self._store.recall(_KEPT)
        if kept is None:
            return
        playing = Playing.model_validate(kept)
        try:
            rows, _ = self._listed(read_recording(playing.path))
        except RecordingError as error:
            log.warning("the replay is given up: %s", error)
            self._store.remember(_KEPT, None)
        else:
            self._begin(playing, rows)

    async def play(self, path: Path, speed: float) -> Loaded:
        """Play a recording from its beginning, in the place of any other. RecordingError when it can't be played.

        `path` is absolute: a restarted exchange may work in another folder.
        """
        rows, left_out = self._listed(await asyncio.to_thread(read_recording, path))
        if not rows:
            raise RecordingError(f"none of its symbols is listed today: {', '.join(left_out)}")
        self.stop()
        playing = Playing(path=path, speed=speed, started_at=self._clock())
        self._store.remember(_KEPT, playing.model_dump(mode="json"))
        self._begin(playing, rows)
        return Loaded(rows=len(rows), seconds=rows[-1].after / speed, left_out=left_out)

    def stop(self) -> None:
        """Play no more: the model goes on from here."""
        self.playing = None
        self._store.remember(_KEPT, None)
        for symbol in self._symbols:
            self._market.unpin(symbol)
        self._symbols = set()

    def _begin(self, playing: Playing, rows: list[RecordedQuote]) -> None:
        self.playing = playing
        self.caught_up.clear()
        self._background.start(self._run(playing, rows))

    async def _run(self, playing: Playing, rows: list[RecordedQuote]) -> None:
        missed = bisect_right(rows, self._gone(playing), key=lambda row: row.after)
        for row in {row.symbol: row for row in rows[:missed]}.values():
            self._show(row)
        self.caught_up.set()
        for row in rows[missed:]:
            await asyncio.sleep(max(row.after - self._gone(playing), 0.0) / playing.speed)
            if self.playing is not playing:
                return
            self._show(row)
        if self.playing is playing:
            self.stop()

    def _gone(self, playing: Playing) -> float:
        """How far the recording has come, in its own seconds."""
        return (self._clock() - playing.started_at).total_seconds() * playing.speed

    def _show(self, row: RecordedQuote) -> None:
        self._symbols.add(row.symbol)
        quote = Quote(row.bid, row.ask, row.bid_size, row.ask_size, self._clock())
        self._market.pin(row.symbol, quote, replayed=True)

    def _listed(self, rows: list[RecordedQuote]) -> tuple[list[RecordedQuote], tuple[str, ...]]:
        """Rows of listed instruments under their order symbols, and the names of the others."""
        found = {symbol: self._market.listings.find_any(symbol) for symbol in {row.symbol for row in rows}}
        known = {symbol: instrument.symbol for symbol, instrument in found.items() if instrument is not None}
        left_out = sorted(found.keys() - known.keys())[:_NAMED]
        return [row._replace(symbol=known[row.symbol]) for row in rows if row.symbol in known], tuple(left_out)
