"""The audit log's hash chain: how a row's hash is made from everything in it, and how a log is proved whole.

A row's hash covers its sequence number, the hash before it, and every field that has a value, each by name and length,
so that no two different rows have one text. A field without a value is left out: a later version may add a field
that old rows don't have, and their hashes stay what they were.

A chain alone can't show that its end was cut off, or that all of it was made anew. The anchor, kept outside the file,
can (invariant 24).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pydantic import JsonValue

from domain.audit import AuditEvent
from domain.frozen import Frozen

Value = str | int | Decimal | datetime | None

FIELDS = (
    "event_id",
    "at",
    "kind",
    "workflow_id",
    "mode",
    "author_id",
    "author_name",
    "channel_id",
    "message_id",
    "symbol",
    "side",
    "quantity",
    "price",
    "order_id",
    "identifier",
    "fill_id",
    "state",
    "code",
    "detail",
    "payload",
)
_FORMAT = "alertladder-audit-1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Mark(Frozen):
    """A place in the chain: a row's sequence number (from 1) and hash. Before the first row: GENESIS."""

    seq: int
    hash: str


GENESIS = Mark(seq=0, hash="0" * 64)


class Anchor(Frozen):
    """What is known of the chain outside its file: the last row acknowledged, and the one that was being written."""

    committed: Mark
    pending: Mark | None = None


class Link(NamedTuple):
    """One row: its place, its fields in the order of FIELDS, the hash before it and its own."""

    seq: int
    fields: tuple[Value, ...]
    previous: str
    hash: str

    @property
    def mark(self) -> Mark:
        """Where this row stands."""
        return Mark(seq=self.seq, hash=self.hash)


class FaultKind(StrEnum):
    """What can be wrong with a chain."""

    GAP = "gap"  # the row with this number is not where it belongs: deleted, inserted or moved
    UNLINKED = "unlinked"  # the row does not name the hash of the row before it
    ALTERED = "altered"  # the row's content is not what was hashed
    REWRITTEN = "rewritten"  # the chain holds together, but is not the one that was anchored
    TRUNCATED = "truncated"  # rows that were acknowledged are missing at the end
    UNANCHORED = "unanchored"  # rows at the end that the writer never announced, or a chain without its anchor


class Fault(Frozen):
    """The first thing wrong, and the sequence number at which it shows."""

    seq: int
    kind: FaultKind
    detail: str

    def __str__(self) -> str:
        return f"row {self.seq}: {self.kind}: {self.detail}"


class Verdict(Frozen):
    """What a verification found: rows read, the last row that is proved, and the first fault, if any."""

    rows: int
    head: Mark
    fault: Fault | None = None


def event_fields(event: AuditEvent) -> tuple[Value, ...]:
    """An event as the row's fields, in the order of FIELDS. ValueError when JSON or a clock can't express it."""
    if event.at.tzinfo is None:
        raise ValueError(f"event {event.event_id}: `at` has no time zone")
    values: dict[str, Value] = {name: getattr(event, name) for name in FIELDS if name != "payload"}
    values |= {"at": event.at.astimezone(UTC), "kind": event.kind.value, "payload": canonical_json(event.payload)}
    return tuple(values[name] for name in FIELDS)


def event_of(fields: tuple[Value, ...]) -> AuditEvent:
    """The event that a row's fields hold. ValueError when they hold none."""
    values: dict[str, object] = dict(zip(FIELDS, fields, strict=True))
    values["payload"] = json.loads(str(values["payload"]))
    if isinstance(values["price"], Decimal):
        values["price"] = Decimal(_text(values["price"]))  # a column pads with zeros
    return AuditEvent.model_validate(values)


def canonical_json(payload: Mapping[str, JsonValue]) -> str:
    """One text for one payload: sorted keys, no spaces, ASCII. ValueError for NaN and infinities."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), allow_nan=False)


def link_after(head: Mark, event: AuditEvent) -> Link:
    """The row that follows `head` and holds `event`."""
    seq, fields = head.seq + 1, event_fields(event)
    return Link(seq, fields, head.hash, row_hash(seq, head.hash, fields))


def row_hash(seq: int, previous: str, fields: tuple[Value, ...]) -> str:
    """SHA-256, in hex, over the row's canonical form."""
    named = zip(FIELDS, fields, strict=True)
    parts = [_FORMAT, previous, str(seq), *(f"{name}={_text(value)}" for name, value in named if value is not None)]
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return hashlib.sha256(b"".join(b"%d:%b" % (len(part), part) for part in encoded)).hexdigest()


def verify(links: Iterable[Link], anchor: Anchor | None = None) -> Verdict:
    """Walk rows in the order of their numbers. With the anchor, a cut, forged or remade end is found too."""
    head, rows = GENESIS, 0
    for link in links:
        rows += 1
        fault = _fault_of(head, link) or _departure(link, anchor)
        if fault:
            return Verdict(rows=rows, head=head, fault=fault)
        head = link.mark
    return Verdict(rows=rows, head=head, fault=None if anchor is None else end_fault(head, anchor))


def end_fault(head: Mark, anchor: Anchor) -> Fault | None:
    """Compare a chain's last row with the anchor: it must be the acknowledged one, or the one being written."""
    if head in (anchor.committed, anchor.pending):
        return None
    known = anchor.committed
    if head.seq < known.seq:
        lost = known.seq - head.seq
        return Fault(seq=head.seq + 1, kind=FaultKind.TRUNCATED, detail=f"the last {lost} acknowledged rows are gone")
    if head.seq == known.seq:
        return Fault(seq=head.seq, kind=FaultKind.REWRITTEN, detail=f"anchored as {known.hash}, found {head.hash}")
    return Fault(seq=known.seq + 1, kind=FaultKind.UNANCHORED, detail="the writer never announced what follows")


def _fault_of(head: Mark, link: Link) -> Fault | None:
    due = head.seq + 1
    if link.seq != due:
        return Fault(seq=due, kind=FaultKind.GAP, detail=f"row {link.seq} stands where row {due} belongs")
    if link.previous != head.hash:
        return Fault(seq=due, kind=FaultKind.UNLINKED, detail="it does not follow from the row before it")
    if link.hash != row_hash(link.seq, link.previous, link.fields):
        return Fault(seq=due, kind=FaultKind.ALTERED, detail="its content is not what was written")
    return None


def _departure(link: Link, anchor: Anchor | None) -> Fault | None:
    if anchor is None or link.seq != anchor.committed.seq or link.hash == anchor.committed.hash:
        return None
    return end_fault(link.mark, anchor)


def _text(value: str | int | Decimal | datetime) -> str:
    """One text for one value, so that 1.50 and 1.5000 are one price and one moment has one name."""
    if isinstance(value, datetime):
        return str((value - _EPOCH) // timedelta(microseconds=1))
    if isinstance(value, Decimal):
        plain = format(value, "f")
        digits = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return "0" if digits == "-0" else digits
    return str(value)
