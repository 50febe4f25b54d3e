"""Author profiles: what an author or a channel may leave out or write in its own way, beyond what everybody may.

A profile widens what is read only in the ways it states here. No check of a price, a strike, a day, a look-alike or a
withdrawal is any looser for it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from domain.alert import Action, AlertMessage
from domain.frozen import Frozen

_MOST = 200
Name = Annotated[str, Field(min_length=1, max_length=40)]
_Phrase = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9 /_.&'-]{0,39}$")]
_Root = Annotated[str, Field(pattern=r"^[A-Z]{1,6}$")]


class BlockField(StrEnum):
    """What a label in a block names ("Entry: 2.10"), in the order of the sentence it becomes."""

    ACTION = "action"
    SYMBOL = "symbol"
    STRIKE = "strike"
    RIGHT = "right"
    EXPIRY = "expiry"
    PRICE = "price"
    ENTRY = "entry"
    EXIT = "exit"
    COUNT = "count"
    PART = "part"
    STOP = "stop"
    TARGET = "target"
    REMARK = "remark"
    SENDER = "sender"
    STATUS = "status"


class Profile(Frozen):
    """How one author, or one channel's authors, write. The defaults add nothing."""

    name: str = ""
    no_verb_means_bto: bool = Field(default=False, description="a contract with its price, and no verb, is an entry")
    no_expiry_means_friday: bool = Field(
        default=False, description="an entry without expiry means the coming Friday; on a Friday it is refused"
    )
    zero_dte_roots: frozenset[_Root] = Field(
        default=frozenset(), max_length=_MOST, description="an entry in these without expiry means today"
    )
    price_in_cents: bool = Field(default=False, description="a whole number as price is cents: `@ 75` is 0.75")
    actions: frozenset[Action] = Field(default=frozenset(Action), description="what may be asked for at all")
    size_words: dict[_Phrase, Name] = Field(
        default_factory=dict, max_length=_MOST, description="word -> label of sizing.by_label, `small` -> `half`"
    )
    field_names: dict[_Phrase, BlockField] = Field(
        default_factory=dict, max_length=_MOST, description="a block's own labels -> what they name"
    )

    @field_validator("size_words", "field_names")
    @classmethod
    def _in_small_letters(cls, named: Mapping[str, str]) -> dict[str, str]:
        return {" ".join(phrase.lower().split()): meaning for phrase, meaning in named.items()}

    @field_validator("size_words")
    @classmethod
    def _labels_in_small_letters(cls, named: Mapping[str, str]) -> dict[str, str]:
        """As alerts and sizing.by_label say them."""
        return {word: label.lower() for word, label in named.items()}


PLAIN = Profile()


class Profiles(Frozen):
    """The profiles by name, and who writes by which. An author's comes before the channel's."""

    by_name: dict[Name, Profile] = Field(default_factory=dict, max_length=_MOST)
    authors: dict[int, Name] = Field(default_factory=dict, max_length=_MOST, description="author id -> profile")
    channels: dict[int, Name] = Field(default_factory=dict, max_length=_MOST, description="channel id -> profile")

    @model_validator(mode="after")
    def _all_named(self) -> "Profiles":
        unknown = sorted({*self.authors.values(), *self.channels.values()} - set(self.by_name))
        if unknown:
            raise ValueError(f"no profile is named {', '.join(unknown)}")
        return self

    def named(self, name: str) -> Profile | None:
        """The profile of that name, knowing its name."""
        found = self.by_name.get(name)
        return None if found is None else found.model_copy(update={"name": name})

    def of(self, message: AlertMessage) -> Profile:
        """The profile to read a message by: its author's, else its channel's, else the one that adds nothing."""
        name = self.authors.get(message.author_id) or self.channels.get(message.channel_id) or ""
        return self.named(name) or PLAIN
