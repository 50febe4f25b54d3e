"""What a block's fields may hold: a verb where they say what is done, a number where they say the price or how many."""

import re
from collections.abc import Sequence

from domain.alert import Action
from domain.profile import BlockField as Field
from domain.reading.refusal import ambiguous, incomplete, not_an_alert
from domain.reading.vocabulary import LONGEST_FROM, PHRASES, Role, word_set

Named = Sequence[tuple[Field | None, str]]
_WORD = re.compile(r"[a-z][a-z'/]*", re.IGNORECASE)
_PRICES = (Field.PRICE, Field.ENTRY, Field.EXIT)
_OF_A_PRICE = word_set("""
    market mkt cmp at around about avg average price per contract contracts con cons each share shares credit debit or
    better to and zone range premium usd limit lmt x for filled fill up area dollars cents c order
""")
_OF_A_SIZE = word_set("""
    small smaller tiny light lite medium normal regular standard full half quarter third heavy big large max min
    minimum starter lotto size sized position risk high low mini micro x con cons contract contracts lot lots share
    shares ct cts conts of the a my account port portfolio acct only conviction super unit units risky very
""")
_OF_A_PART = word_set("remaining rest remainder all everything partial part some most")
_SIDES = (Role.VERB, Role.IN, Role.RIGHT, Role.SHORT)
_OPENS = (Action.BTO, Action.STO)


def check_values(named: Named, *, closes: bool = False) -> None:
    """NotRead for a field that holds something else: `Entry: market open`, `Action: Alert`, `Size: none`."""
    for field, value in named:
        words = [word.lower() for word in _WORD.findall(value)]
        if field in _PRICES and not set(words) <= _OF_A_PRICE and not _holds_a_contract(value):
            raise incomplete(f"no price: {value}")
        if field is Field.COUNT and not set(words) <= (_OF_A_SIZE | _OF_A_PART if closes else _OF_A_SIZE):
            raise ambiguous(f"how many: {value}")
        if field is Field.ACTION and not _says_a_side(words):
            raise not_an_alert(f"what is done: {value}")
    actions = [value for field, value in named if field is Field.ACTION]
    if any(field is Field.COUNT and value.startswith("-") for field, value in named) and any(map(_buys, actions)):
        raise ambiguous("bought, and a count below zero")
    if any(field is Field.EXIT and value for field, value in named) and any(map(_opens, actions)):
        raise ambiguous("an entry, and its exit")


def _holds_a_contract(value: str) -> bool:
    """`Entry: HON 230C @ 2.55`: the whole order stands in the field."""
    return bool(re.search(r"\d[cp]\b|\b(?:call|put)s?\b", value, re.IGNORECASE))


def _says_a_side(words: Sequence[str]) -> bool:
    return any(
        meaning.role in _SIDES
        for at, word in enumerate(words)
        for length in range(1, LONGEST_FROM.get(word, 0) + 1)
        if (meaning := PHRASES.get(" ".join(words[at : at + length])))
    )


def _opens(value: str) -> bool:
    return _action_of(value) in _OPENS


def _buys(value: str) -> bool:
    return _action_of(value) is Action.BTO


def _action_of(value: str) -> Action | None:
    meaning = PHRASES.get(value.lower().replace("_", " "))
    return meaning.action if meaning else None
