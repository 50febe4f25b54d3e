"""`alertladder paper`: the exchange alone, for a person's own scripts."""

import asyncio
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import AlertladderError
from paper.settings import PaperSettings, SessionMode
from workers.settings import Settings, load
from workers.terminal import terminal

if TYPE_CHECKING:
    from paper.server import RunningPaper

console = terminal()
_DEFAULT = PaperSettings()


class PaperNotStarted(AlertladderError):
    """The exchange could not be started: its port or its book is somebody else's."""


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise typer.BadParameter(f"{text} is not an amount") from None
    if not amount.is_finite() or amount < 0:
        raise typer.BadParameter("an account starts with no less than nothing")
    return amount


def paper(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0: any free one. Default: that of the settings.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of the simulated market. Default: that of the settings.")] = None,
    session: Annotated[
        SessionMode | None,
        typer.Option(help="open or closed at any hour, or real: by the calendar. Default: as the book has it."),
    ] = None,
    cash: Annotated[
        Decimal | None, typer.Option(parser=_dollars, metavar="DOLLARS", help="The first deposit of a new book.")
    ] = None,
    round_trip: Annotated[
        float, typer.Option(min=0, help="Seconds that a request takes there and back.")
    ] = _DEFAULT.round_trip_seconds,
    hop: Annotated[
        float, typer.Option(min=0, help="Seconds from Routed to In Flight, and from there to Live.")
    ] = _DEFAULT.hop_seconds,
    cancel: Annotated[
        float, typer.Option(min=0, help="Seconds until the venue confirms a cancel.")
    ] = _DEFAULT.cancel_seconds,
    tick: Annotated[
        float, typer.Option(min=0.01, help="Seconds between two moves of the market.")
    ] = _DEFAULT.tick_seconds,
    db: Annotated[Path | None, typer.Option(help="The book's file. Default: paper.db in the state folder.")] = None,
    memory: Annotated[bool, typer.Option("--memory", help="Keep no book: all is forgotten at the end.")] = False,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"], help="Where the clock of a new book starts, with its time zone."),
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Play recorded quotes, a CSV or Parquet file.")
    ] = None,
) -> None:
    """Run the paper exchange alone until ctrl-C: TastyTrade's API and streams on this machine, over simulated quotes.

    Its page shows the market, the book, orders and positions live. `up` runs it too, beside the rest.
    """
    if memory and db is not None:
        raise typer.BadParameter("--memory keeps no book, --db names one: choose")
    settings = load()
    chosen = PaperSettings(
        db=None if memory else _book(settings, db),
        port=settings.paper.port if port is None else port,
        seed=settings.paper.seed if seed is None else seed,
        session=session or SessionMode(settings.paper.session),
        cash=_DEFAULT.cash if cash is None else cash,
        round_trip_seconds=round_trip,
        hop_seconds=hop,
        at=at,
        cancel_seconds=cancel,
        tick_seconds=tick,
    )
    is_new = chosen.db is None or not chosen.db.exists()
    if cash is not None and not is_new:
        _say(f"{chosen.db} is there already: its cash stays, --cash is for a new book")
    _run(chosen, session, None if replay is None else replay.resolve())


def _run(settings: PaperSettings, session: SessionMode | None, recording: Path | None) -> None:
    # Here, because the exchange's calendar takes a second to import.
    from paper.market.recording import RecordingError
    from paper.process import run
    from paper.trading.store import StoreBusyError, StoreFormatError

    async def started(running: "RunningPaper") -> None:
        if session is not None:  # what was asked for goes over what the book remembers
            running.exchange.set_session(session)
        if recording is not None:
            await running.exchange.replay.play(recording, speed=1.0)
        _tell(running)

    try:
        asyncio.run(run(settings, started))
    except RecordingError as error:
        raise PaperNotStarted(str(error)) from None
    except StoreBusyError:
        advice = "is `alertladder up` running? --memory starts an exchange without a book"
        raise PaperNotStarted(f"the book {settings.db} is open in another process: {advice}") from None
    except StoreFormatError as error:
        raise PaperNotStarted(str(error)) from None
    except OSError as error:
        advice = "--port chooses another, --port 0 any free one"
        raise PaperNotStarted(f"port {settings.port} of 127.0.0.1: {error.strerror or error}. {advice}") from None


def _book(settings: Settings, db: Path | None) -> Path:
    return (db or settings.state_folder / "paper.db").resolve()


def _tell(running: "RunningPaper") -> None:
    exchange = running.exchange
    book = exchange.settings.db or "in memory only"
    state = f"market {exchange.sessions.mode}, seed {exchange.settings.seed}"
    lines = (
        f"paper exchange, {state}, book {book}",
        f"  page      {running.url}/",
        f"  API       {running.url}",
        f"  streamer  {running.streamer_url}",
        f"  account   {exchange.account.number}, cash ${exchange.account.cash:,.2f}",
        "an SDK script comes here with",
        '  session = Session("any", "words", is_test=True, trust_env=False)',
        f'  session._client.base_url = "{running.url}"',
        f'  AlertStreamer(session).base_url = "{running.streamer_url}"',
        "stop with ctrl-C",
    )
    for line in lines:
        _say(line)


def _say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
