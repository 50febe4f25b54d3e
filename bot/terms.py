"""What the bot goes by: which guild, who may command it, and what an edited alert means."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from domain.frozen import Frozen
from domain.settings import Positive

_MOST_ROLES = 50
Snowflake = Annotated[int, Field(gt=0, lt=2**63)]
Roles = Annotated[frozenset[Snowflake], Field(max_length=_MOST_ROLES)]


class WhenEdited(StrEnum):
    """What becomes of a trade whose alert is edited or deleted while its entry works. It never starts one."""

    CANCEL_ENTRY = "cancel_entry"  # its entry comes off the market, what is filled keeps its exit
    IGNORE = "ignore"


class BotTerms(Frozen):
    """Ids are Discord's. Alerts come from `guild_id` alone; None: from every guild that the bot is in."""

    guild_id: Snowflake | None = None
    operator_channel_id: Snowflake | None = Field(default=None, description="where troubles are told; None: nowhere")
    operator_roles: Roles = Field(default=frozenset(), description="who may command")
    viewer_roles: Roles = Field(default=frozenset(), description="who may look")
    when_edited: WhenEdited = WhenEdited.CANCEL_ENTRY
    author_may_press: bool = Field(default=True, description="an alert's author may press its card's buttons")
    cards: bool = Field(default=True, description="each trade that the bot starts has a card in its channel")
    card_pace: Positive = timedelta(seconds=1.5)  # between two edits of a card, at least
    sweep_every: Positive = timedelta(minutes=1)
    look_back: Positive = timedelta(hours=12)
