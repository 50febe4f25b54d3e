"""A dry run of a text: what the reader makes of it, and a trade whose every order is checked and none placed."""

import asyncio
from collections.abc import Iterator
from itertools import chain
from typing import Any

from discord import app_commands

from bot.commands.counter import Counter, Interaction, Said
from bot.commands.wording import coded, listed, trade_lines, trade_title
from bot.doors import UNANSWERED, Doors
from bot.rights import ACTS, person_of
from domain.alert import AlertMessage, Reading
from domain.chat import escaped
from domain.command import OperatorDid, Person
from domain.errors import AlertladderError
from domain.identifiers import TradeId, snowflake_time
from domain.trade import TradeState
from workflows.front_door import Started

_UNDER_WAY = (TradeState.ADMITTING, TradeState.PREPARING)
_LOOK_EVERY = 0.5  # seconds
_LOOK_FOR = 15.0  # seconds
_WRITTEN_TEXT = 300  # characters


def rehearsing(doors: Doors, counter: Counter) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """The family."""

    @app_commands.command(
        name="dry-run", extras=ACTS, description="What an alert would do: how it is read, and a trade without any order"
    )
    @app_commands.describe(text="The alert as it would be posted")
    async def dry_run(interaction: Interaction, text: app_commands.Range[str, 1, 2000]) -> None:
        person = person_of(interaction)
        message = AlertMessage(
            channel_id=doors.channel_id,
            message_id=interaction.id,  # as one message: told twice it is one trade
            author_id=doors.author_id,
            author_name=str(person),
            text=text,
            posted_at=snowflake_time(interaction.id),
        )
        await counter.answer(interaction, lambda: _rehearse(doors, message, person))

    yield dry_run


async def _rehearse(doors: Doors, message: AlertMessage, by: Person) -> Said:
    reading = doors.front.read(message)
    lines = list(_reading_lines(reading))
    if not reading.alerts:
        return Said(listed(lines, ""), title="Dry run · not an alert", note="not an alert")
    first = TradeId(channel_id=message.channel_id, message_id=message.message_id).workflow_id
    said = f"dry run by {by}: {message.text[:_WRITTEN_TEXT]}"
    await doors.desk.operator_did(OperatorDid(by=by, what="dry_run", detail=said, workflow_id=first))
    started = (await doors.front.submit(message, dry_run=True)).started
    lines += [f"Its dry run: {coded(each.workflow_id)}" for each in started]

    async def seen() -> Said:
        shown = await asyncio.gather(*[_trade(doors, each) for each in started])
        return Said(listed([*lines, *chain.from_iterable(shown)], ""), title="Dry run")

    return Said(listed(lines, ""), title="Dry run · under way", then=seen)


def _reading_lines(reading: Reading) -> Iterator[str]:
    for alert in reading.alerts:
        yield f"**Read as**: {escaped(str(alert))}"
    if reading.read_as:
        yield f"**Piece by piece**: {escaped('; '.join(reading.read_as), 800)}"
    if reading.refused is not None:
        yield f"**Not an alert**: {escaped(reading.refused.detail, 500)} ({reading.refused.code})"


async def _trade(doors: Doors, started: Started) -> list[str]:
    """How it stands once it is past its admission, or after some seconds."""
    deadline = asyncio.get_running_loop().time() + _LOOK_FOR
    while True:
        try:
            view = await doors.trades.look(started.workflow_id)
        except (*UNANSWERED, AlertladderError):
            return [f"How it stands can't be asked now: `/trade` shows it. It is {coded(started.workflow_id)}."]
        if view.state not in _UNDER_WAY or asyncio.get_running_loop().time() > deadline:
            return [f"**{trade_title(view)}**", *trade_lines(view)]
        await asyncio.sleep(_LOOK_EVERY)
