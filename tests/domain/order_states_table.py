"""The table of order states as docs/order-states.md shows it: `python -m tests.domain.order_states_table` writes it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from domain.order_states import (
    BY_RECORD,
    BY_WORD,
    HEARD,
    STANDING,
    TELLABLE,
    TOLD,
    Age,
    OrderState,
    Verdict,
    Word,
)

PAGE = Path(__file__).parents[2] / "docs" / "order-states.md"
Key = TypeVar("Key")

MEANINGS = {
    OrderState.UNKNOWN: "written down, perhaps sent, and no word of it yet",
    OrderState.NEVER_ACCEPTED: "refused for certain, or proven absent",
    OrderState.ON_ITS_WAY: "the broker has it, the venue not yet",
    OrderState.CONTINGENT: "a replacement that waits for its original's cancel",
    OrderState.LIVE: "in the market, partly filled or not",
    OrderState.CANCEL_REQUESTED: "a cancel is under way; it may still fill",
    OrderState.REPLACE_REQUESTED: "a replacement is under way; it may still fill",
    OrderState.UNRECOGNISED: "a word that this program does not know: it may work",
    OrderState.FILLS_TO_COME: "announced as Filled, and its fills don't add up to its quantity yet",
    OrderState.FILLED: "all of it, every fill attached",
    OrderState.CANCELLED: "taken off, by us, a hand or the venue",
    OrderState.EXPIRED: "its day is over",
    OrderState.REJECTED: "the venue would not have it",
    OrderState.REMOVED: "taken off by the broker",
    OrderState.PARTIALLY_REMOVED: "taken off by the broker, after a part was filled",
}
IN_A_RECORD = {Verdict.TAKE: "becomes it", Verdict.KEEP: "stays", Verdict.TAKE_AND_STOP: "**becomes it, and stops**"}
ELSE = {
    Verdict.TAKE: "taken",
    Verdict.KEEP: "stays",
    Verdict.TAKE_AND_STOP: "**taken, and stops**",
    Verdict.KEEP_AND_STOP: "**not taken, and stops**",
}

BEGINNING = """# The states of an order

Written by `python -m tests.domain.order_states_table` from `domain/order_states.py`; a test holds the two equal. The
ledger asks this table about everything that is learnt of an order, and decides nothing by itself.

**Stops** means: nothing more is bought for this trade, its entry orders are taken off the market, the exit goes on
following what is filled, and a person is called, with the first contradiction as the reason. Fills and new states are
written to the audit log whether they stop the trade or not.

The numbers in brackets are those of [invariants.md](invariants.md).
"""
READING = """## What a record of the broker's does

A record is the broker's whole word on an order. It comes as an answer, from a look-up, or by the stream, and may be
repeated, late, lost or out of order. Its `updated-at` is compared with that of the record that is held; where one lacks
it, the word heard last counts as the newer. A record's fills are counted whatever becomes of its state.

Rows: what the order is. Columns: what the record says.
"""
WORDS = """## What else can be learnt

Rows: what the order is. Columns: what is learnt. A fill is judged by the state before its record, and by the one after.
"""
REASONS = """## Decisions that are not obvious

- **Unknown counts as open.** A time-out, a 5xx, an unreadable answer or a killed worker says nothing about the
  order (5). It becomes *Never accepted* by a definite refusal, or by at least four whole look-ups over at least 30
  s (13): the broker documents no bound on how late an accepted order becomes visible. One look-up without it, or
  one that fails, changes nothing.
- **Doubt has an end.** An order of which nobody can say within ten minutes whether it exists, or whose cancel is not
  confirmed within ten minutes, stops the trade. Nothing is sent in its place, then or later. What is known to work is
  still taken off, and a person is called.
- **An end is final, even against a newer Live.** The broker documents its ends as terminal, a cancel is told only
  after the venue has confirmed it, and `updated-at` is not documented to order the words of its services. A Live
  with a later stamp is a late word. Should such an order trade all the same, its fill counts (11), and stops the
  trade if it is more than was sized (12).
- **Filled outlasts every other end.** A fill that won its race against a cancel is seen, whichever is told first.
- **Filled is believed once its fills are there.** The broker marks an order Filled as soon as possible, perhaps
  before the last fill is attached. Until then its rest can't be known, so the next order waits. This is the one way
  in which an order that was dead is waited for again.
- **The reverse is not believed at all.** An order whose fills add up, and which is still called Live, has nothing
  left to fill, but stays open until the broker ends it.
- **A fill after an end counts** (11), and the order stays dead. The exit grows with it (18).
- **A fill of a rejected order counts, and stops the trade.** The broker contradicts itself. Money outweighs words:
  what is perhaps held gets its exit, and a person finds out.
- **An order that was never accepted, and then works, stops the trade** (13): another one was perhaps sent in its
  place. It is taken off at once, also when its trade holds a position already, and a trade without one waits a
  minute for such latecomers before it ends. If it only turns up dead, without a fill, nothing has happened.
- **A refusal beside a record is outweighed by it.** A request may be doubled on its way, and only the second be
  refused. The order is there: it is worked, and not sent again. Absence can't be proven against a record.
- **Live after Cancel Requested or Replace Requested** is the venue's refusal of the cancel, or an aborted
  replacement: a cancel may be asked for again. **On its way after Live** is a good-till-cancelled order on its next
  morning.
- **Of two words of one moment** that one counts after which more is left to do, so Live beats Cancel Requested: to
  ask once more is harmless, not to ask is not. Of two ends, Rejected says most. Either way it does not matter which
  came first.
- **A replacement is only asked for while the order is Live**, the broker calls it editable, and no fill is known: a
  fill of the original aborts a replacement, and how large the broker then makes it is not documented. Else it is
  cancelled, and the verified rest sent. Original and replacement are two orders here, each with its own state.
- **A replacement of unknown outcome is looked for by its original, too**, whose record names its replacement: whether a
  replacement keeps the identifier that it was sent with is not documented. Until it is settled, the original is off the
  market: nothing works beside the doubt.
- **A fill is counted once over a whole row of replacements** (10), by its id. Fills of orders that don't replace
  each other are told apart even under one id: that ids are unique in an account is not documented.
- **A known fill with another quantity or price** counts as it was told first. Filled never shrinks (12), the audit
  log has it already (23), and a broker's correction is a person's business.
- **A smaller quantity than was sent** is the broker's to decide, as in a replacement: less can fill, and the rest
  is not working. **A larger one**, another price, another type or another effect (a close turned into an opening)
  is followed, because it is our order, and stops the trade, because it is not what we asked for.
- **Another symbol or side under our identifier** is not this trade's: its fills would be counted as something they
  are not.
- **A second order under one identifier** can't be: nothing is sent twice. If it is there all the same, it is
  followed as an order of its own, taken off, and its fills get their exit. A replacement that nobody here asked for
  is somebody's hand: it is not touched (21), and stops the trade.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([BEGINNING, *_standing(), READING, *_records(), WORDS, *_words(), REASONS])


def _standing() -> Iterator[str]:
    yield "## The states\n"
    yield "*Cancel* and *replace*: whether asking for it makes sense.\n"
    yield from _header("state", "the broker's words", "meaning", "open: the next order waits", "cancel", "replace")
    for state in OrderState:
        may = ["yes" if allowed else "no" for allowed in STANDING[state]]
        yield _line(f"**{state}**", _brokers_words(state), MEANINGS[state], *may)
    yield ""


def _records() -> Iterator[str]:
    for age in Age:
        rows = BY_RECORD[age]
        yield f"### The record is {age}{' than what is held' if age is not Age.EQUAL else ''}\n"
        if age is Age.NEWER:
            yield "Also the first record of all.\n"
        shown = [state for state in OrderState if age is Age.NEWER or state in HEARD]
        yield from _grid({state: rows[state] for state in shown}, TELLABLE, IN_A_RECORD, _said)


def _words() -> Iterator[str]:
    always = {
        word: BY_WORD[OrderState.LIVE][word] for word in Word if len({row[word] for row in BY_WORD.values()}) == 1
    }
    rest = [word for word in Word if word not in always]
    yield from _grid({state: BY_WORD[state] for state in OrderState}, rest, ELSE, str)
    yield "The last fill makes a *Filled, fills to come* into a *Filled*. In every state alike:\n"
    yield from _header("learnt", "what is done")
    for word, verdict in always.items():
        yield _line(str(word), ELSE[verdict])
    yield ""


def _said(told: OrderState) -> str:
    return str(_whole(told))


def _brokers_words(state: OrderState) -> str:
    return ", ".join(status for status, told in TOLD.items() if _whole(told) is _whole(state)) or "none"


def _whole(state: OrderState) -> OrderState:
    """Filled is one word of the broker's for two states of ours."""
    return OrderState.FILLED if state is OrderState.FILLS_TO_COME else state


def _grid(
    rows: Mapping[OrderState, Mapping[Key, Verdict]],
    columns: Sequence[Key],
    cells: Mapping[Verdict, str],
    name: Callable[[Key], str],
) -> Iterator[str]:
    """The rows and columns that are alike are drawn as one."""
    merged_columns = _alike(columns, lambda column: [rows[state][column] for state in rows])
    merged_rows = _alike(rows, lambda state: [rows[state][column] for column in columns])
    yield from _header("", *(", ".join(name(column) for column in group) for group in merged_columns))
    for group in merged_rows:
        said = (cells[rows[group[0]][columns_alike[0]]] for columns_alike in merged_columns)
        yield _line(f"**{', '.join(group)}**", *said)
    yield ""


def _alike(keys: Iterable[Key], content: Callable[[Key], list[Verdict]]) -> list[list[Key]]:
    groups: dict[tuple[Verdict, ...], list[Key]] = {}
    for key in keys:
        groups.setdefault(tuple(content(key)), []).append(key)
    return list(groups.values())


def _header(*names: str) -> Iterator[str]:
    yield _line(*names)
    yield "|" + "---|" * len(names)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
