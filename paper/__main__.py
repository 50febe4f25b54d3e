"""The paper exchange as a process of its own: `python -m paper --port 8765 --db var/paper.db`.

Says one line when it listens; SIGTERM and SIGINT end it in order.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from paper.market.recording import RecordingError
from paper.process import run
from paper.server import RunningPaper
from paper.settings import PaperSettings, SessionMode


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; 1 when the port or the book is taken, or the recording can't be played."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    options = _parser().parse_args(arguments)
    settings = _settings(options)

    async def started(paper: RunningPaper) -> None:
        if options.replay is not None:
            await paper.exchange.replay.play(options.replay, options.replay_speed)
        sys.stdout.write(f"paper exchange listening on {paper.url}\n")
        sys.stdout.flush()

    try:
        asyncio.run(run(settings, started))
    except (OSError, RecordingError) as error:
        sys.stderr.write(f"paper exchange: {error}\n")
        return 1
    return 0


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
