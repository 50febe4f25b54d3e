"""`alertladder`: the command line. Errors are one clear line and a non-zero exit."""

import logging

import typer
from rich.console import Console

from domain.errors import AlertladderError
from workers.commands import audit, desk, reading, running, trading
from workers.commands.demo import demo
from workers.commands.doctor import doctor
from workers.commands.kill import kill
from workers.commands.paper import paper
from workers.commands.report import report
from workers.commands.simulate import simulate
from workers.process import leave

errors = Console(stderr=True)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""A trade alert becomes a managed trade at TastyTrade, durably.

    Start everything with `alertladder up`, then submit an alert:

    `alertladder alert "BTO UBER 78p 12/05 @ 0.75" --follow`

    Settings come from the environment (ALERTLADDER_...), `.env` and alertladder.toml; `alertladder config` prints what
    is in force. The default mode is paper: an exchange on this machine, no account and no money needed.""",
)
app.command()(running.up)
app.command()(trading.alert)
app.command()(trading.trades)
app.command()(trading.trade)
app.command()(trading.close)
app.command()(desk.desk)
app.command()(desk.halt)
app.command()(kill)
app.command("reduce-only")(desk.reduce_only)
app.command()(desk.resume)
app.add_typer(desk.allow, name="allow")
app.command()(desk.limits)
app.command()(desk.factor)
app.command()(desk.troubles)
app.command()(desk.reconcile)
app.command()(reading.parse)
app.add_typer(audit.app, name="audit")
app.command()(report)
app.command()(running.config)
app.command()(running.worker)
app.command()(running.bot)
app.command()(doctor)
app.command()(demo)
app.command()(paper)
app.command()(simulate)


def main() -> None:
    """Run the command; 0 when it did what was asked."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    leave(_run())


def _run() -> int:
    try:
        app()
    except SystemExit as ended:  # how the command line library ends, also after an error of usage
        return ended.code if isinstance(ended.code, int) else 1
    except AlertladderError as error:
        errors.print(f"alertladder: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        return 1
    return 0
