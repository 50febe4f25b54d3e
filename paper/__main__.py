"""The paper exchange as a process of its own: `python -m paper --port 8765 --db var/paper.db`.

Says one line when it listens; SIGTERM and SIGINT end it in order.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from paper.market.recording import RecordingError
from paper.server import serve
from paper.settings import PaperSettings, SessionMode

_EXIT_BROKEN = 70  # EX_SOFTWARE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; 1 when the port or the book is taken, or the recording can't be played."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    options = _parser().parse_args(arguments)
    settings = _settings(options)
    try:
        asyncio.run(_run(settings, options.replay, options.replay_speed))
    except (OSError, RecordingError) as error:
        sys.stderr.write(f"paper exchange: {error}\n")
        return 1
    return 0


async def _run(settings: PaperSettings, recording: Path | None, speed: float) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    paper = await serve(settings)
    if recording is not None:
        await paper.exchange.replay.play(recording, speed)
    sys.stdout.write(f"paper exchange listening on {paper.url}\n")
    sys.stdout.flush()
    failed = paper.exchange.store.failed
    waits = [asyncio.ensure_future(event.wait()) for event in (stop, failed)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if failed.is_set():
        # Ending in order would say goodbye to clients that were told what is not kept; a crash is the honest end.
        os._exit(_EXIT_BROKEN)
    await paper.close()


def _settings(options: argparse.Namespace) -> PaperSettings:
    settings = PaperSettings(
        db=options.db,
        port=options.port,
        seed=options.seed,
        at=options.at,
        session=SessionMode(options.session),
        token_life=options.token_life,
        cash=options.cash,
        tick_seconds=options.tick,
        rate_limits=not options.no_rate_limits,
    )
    return settings.hurried() if options.fast else settings


def _parser() -> argparse.ArgumentParser:
    default = PaperSettings()
    parser = argparse.ArgumentParser(prog="paper", description="A paper exchange that speaks TastyTrade's protocol.")
    parser.add_argument("--port", type=int, default=8765, help="0 for any free port (default: %(default)s)")
    parser.add_argument("--db", type=Path, default=None, help="file of the book; left out: in memory only")
    parser.add_argument("--seed", type=int, default=default.seed, help="of the simulated market (%(default)s)")
    parser.add_argument("--at", type=_moment, help="where the clock of a new book starts, with its time zone")
    parser.add_argument("--replay", type=_file, help="play recorded quotes, a CSV or Parquet file")
    parser.add_argument("--replay-speed", type=float, default=1.0, help="times as fast (%(default)s)")
    parser.add_argument("--session", choices=list(SessionMode), default=default.session, help="(%(default)s)")
    parser.add_argument("--token-life", type=float, default=default.token_life, help="seconds (%(default)s)")
    parser.add_argument("--cash", type=Decimal, default=default.cash, help="the first deposit ($%(default)s)")
    parser.add_argument("--tick", type=float, default=default.tick_seconds, help="seconds between moves (%(default)s)")
    parser.add_argument("--no-rate-limits", action="store_true", help="answer however many requests come")
    parser.add_argument("--fast", action="store_true", help="next to no latency at the venue, and no rate limits")
    return parser


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no time zone: write it as 2026-11-27T09:30:00-05:00")
    return at


def _file(text: str) -> Path:
    return Path(text).resolve()


if __name__ == "__main__":
    sys.exit(main())
