"""The words that orders are made of. A word that is in none of these tables makes a message unread."""

import re

from domain.alert import Action

# The longest phrase wins. Each is matched as whole words, whatever the case.
VERBS = {
    Action.BTO: (
        "bto",
        "buy to open",
        "bought to open",
        "bought",
        "buy",
        "buying",
        "entering",
        "entered long",
        "entered",
        "enter",
        "entry",
        "open",
        "opened",
        "opening trade",
        "opening",
        "long setup",
        "long",
        "i m in",
        "im in",
        "in",
        "grabbed",
        "taking",
        "got",
        "new position",
        "new signal",
        "starting a position in",
        "filled",
        "added",
        "adding",
        "add",
        "re-entering",
    ),
    Action.STC: (
        "stc",
        "sell to close",
        "sold to close",
        "sold",
        "sell",
        "selling",
        "closed",
        "close",
        "closing",
        "all out",
        "fully out",
        "stopped out",
        "stopped",
        "trim",
        "trimmed",
        "trimming",
        "first trim",
        "taking the l on",
        "exit",
        "options scale",
    ),
    Action.STO: ("sto", "sell to open", "sold to open"),
    Action.BTC: ("btc", "buy to close", "bought to close", "bought back"),
}
# These alone name an order. The others need a contract and a price beside them.
STRONG = frozenset({"bto", "stc", "sto", "btc", "buy to open", "sell to close", "sell to open", "buy to close"})
LABELS = ("super lotto", "lotto")
PART = frozenset(
    {"partial", "partials", "trim", "trimmed", "trimming", "first trim", "some", "scaling out", "options scale"}
)
WHOLE = frozenset({"all", "all out", "fully out", "full exit", "everything", "rest"})
HALF = frozenset({"half"})
# Said beside an order without changing what it is.
_HARMLESS = """
a action alert alerts all also and at avg be break bullish bearish buy by call calls card cash comment comments
con cons contract contracts cost day direction each entry even exp expiration expires expiring expiry few fill filled
for from gamble gambling half here high hold holding i in is it just left light limit lot lots lotto lottos me mid my
new now of off on only option options order out overnight paid per play port position power price qty quantity quick
remaining rest risk risky runner runners scale scalp scaling shares signal size small some starter starters stock
strike super swing swings symbol taking target the ticker to today took trade trading type w watch with zone
"""
HARMLESS = frozenset(_HARMLESS.split())


def _alternatives(phrases: "tuple[str, ...] | list[str]") -> str:
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)


VERB_PATTERN = _alternatives([phrase for phrases in VERBS.values() for phrase in phrases])
ACTIONS = {phrase: action for action, phrases in VERBS.items() for phrase in phrases}
