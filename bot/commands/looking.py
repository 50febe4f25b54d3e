"""Looking: how the desk stands, what operators were told, what is written down, and whether every part is well."""

from collections.abc import Iterator
from typing import Any

from discord import app_commands

from bot.client import AlertBot
from bot.commands.completion import Completion
from bot.commands.counter import Counter, Interaction, Said
from bot.commands.health import health_lines
from bot.commands.wording import audit_line, desk_lines, listed, trouble_line
from bot.rights import LOOKS
from domain.audit import AuditKind
from domain.audit_queries import AuditQuery
from domain.chat import escaped
from domain.errors import RetryableError

_KINDS = [app_commands.Choice(name=kind.value, value=kind.value) for kind in AuditKind]
TradeId = app_commands.Range[str, 1, 100]


def looking(bot: AlertBot, counter: Counter, completion: Completion) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """The family."""
    doors = bot.doors

    @app_commands.command(extras=LOOKS, description="Whether the desk trades, and how much of each limit is used")
    async def status(interaction: Interaction) -> None:
        async def work() -> Said:
            lines = list(desk_lines(await doors.desk.book()))
            kill = doors.mark.read()
            if kill is not None:
                lines.insert(0, f"🔴 **Killed** by {escaped(kill.by)}: `/resume` lifts it")
            return Said("\n".join(lines), title=f"The desk · {doors.mode.value.upper()}")

        await counter.answer(interaction, work)

    @app_commands.command(extras=LOOKS, description="What operators were told, newest first, and what to do about it")
    @app_commands.describe(count="How many")
    async def troubles(interaction: Interaction, count: app_commands.Range[int, 1, 50] = 10) -> None:
        async def work() -> Said:
            newest = list(reversed((await doors.desk.troubles())[-count:]))
            return Said(listed([trouble_line(trouble) for trouble in newest], "no troubles"), title="Troubles")

        await counter.answer(interaction, work)

    @app_commands.command(
        extras=LOOKS, description="The last rows of the audit log, of one trade or one kind if you like"
    )
    @app_commands.describe(trade="Only this trade's", kind="Only this kind of step", count="How many")
    @app_commands.choices(kind=_KINDS)
    @app_commands.autocomplete(trade=completion.any_trade)
    async def audit(
        interaction: Interaction,
        trade: TradeId | None = None,
        kind: str | None = None,
        count: app_commands.Range[int, 1, 50] = 10,
    ) -> None:
        async def work() -> Said:
            wanted = None if kind is None else AuditKind(kind)
            try:
                page = await doors.audit.audit_recent(AuditQuery(limit=count, workflow_id=trade, kind=wanted))
            except RetryableError as error:
                return Said(escaped(f"The audit log can't be read now: {error}. Nothing of it is lost."))
            return Said(
                listed([audit_line(row) for row in page.rows], "no such rows"), title=f"Audit · {page.head.seq} rows"
            )

        await counter.answer(interaction, work)

    @app_commands.command(extras=LOOKS, description="Whether Temporal, desk, watch, broker, audit and Discord are well")
    async def ping(interaction: Interaction) -> None:
        async def work() -> Said:
            return Said("\n".join(await health_lines(doors, bot.latency)), title="Health")

        await counter.answer(interaction, work)

    yield from (status, troubles, audit, ping)
