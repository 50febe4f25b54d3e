"""The chain finds every change, and a row's hash covers every field."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.audit import AuditEvent, AuditKind
from domain.chain import (
    FIELDS,
    GENESIS,
    Anchor,
    FaultKind,
    Link,
    Mark,
    event_fields,
    event_of,
    link_after,
    row_hash,
    verify,
)

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def event(number: int, **changes: object) -> AuditEvent:
    base: dict[str, object] = {
        "event_id": f"alert-1-2:{number}",
        "at": AT + timedelta(seconds=number),
        "kind": AuditKind.RUNG,
        "workflow_id": "alert-1-2",
    }
    return AuditEvent.model_validate(base | changes)


def chain_of(events: list[AuditEvent]) -> list[Link]:
    links: list[Link] = []
    for each in events:
        links.append(link_after(links[-1].mark if links else GENESIS, each))
    return links


def chain(length: int) -> list[Link]:
    return chain_of([event(number) for number in range(1, length + 1)])


def anchored(links: list[Link]) -> Anchor:
    return Anchor(committed=links[-1].mark if links else GENESIS)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
events = st.builds(
    AuditEvent,
    event_id=texts,
    at=st.datetimes(timezones=st.just(UTC)),
    kind=st.sampled_from(AuditKind),
    workflow_id=texts,
    detail=texts,
    symbol=st.none() | texts,
    code=st.none() | texts,
    author_id=st.none() | st.integers(0, 2**63 - 1),
    quantity=st.none() | st.integers(-1000, 1000),
    price=st.none() | st.decimals(-1000, 1000, places=4),
    payload=st.dictionaries(texts, st.none() | st.booleans() | st.integers() | texts, max_size=3),
)
chains = st.lists(events, min_size=2, max_size=6).map(chain_of)


def test_every_field_of_an_event_is_hashed() -> None:
    assert set(FIELDS) == set(AuditEvent.model_fields)


def test_an_untouched_chain_has_no_fault() -> None:
    links = chain(5)
    verdict = verify(links, anchored(links))
    assert verdict.fault is None
    assert (verdict.rows, verdict.head) == (5, links[-1].mark)


def test_an_empty_chain_is_whole_and_stands_at_genesis() -> None:
    assert verify([], Anchor(committed=GENESIS)) == verify([])
    assert verify([]).head == GENESIS


def test_the_hash_of_a_known_row_never_changes() -> None:
    known = event(1, price=Decimal("0.75"), symbol="UBER  261204P00078000", payload={"b": 1, "a": ["x", None]})
    assert link_after(GENESIS, known).hash == "968ecc5025a4578b3addb3e2c8e6b48e0ffe917b5b5e6dc780366150fa081a26"


def test_one_price_written_two_ways_has_one_hash() -> None:
    assert link_after(GENESIS, event(1, price=Decimal("1.50"))) != link_after(GENESIS, event(1, price=Decimal("1.05")))
    one, other = (link_after(GENESIS, event(1, price=Decimal(text))).hash for text in ("1.50", "1.5000"))
    assert one == other


def test_one_moment_in_two_time_zones_has_one_hash() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=-5)))
    assert link_after(GENESIS, event(1, at=AT)).hash == link_after(GENESIS, event(1, at=elsewhere)).hash


def test_a_moment_without_a_time_zone_is_not_hashed() -> None:
    with pytest.raises(ValueError, match="time zone"):
        event_fields(event(1, at=datetime(2026, 11, 23)))


def test_a_payload_that_json_cannot_say_is_not_hashed() -> None:
    with pytest.raises(ValueError, match="JSON"):
        event_fields(event(1, payload={"price": float("nan")}))


@given(events)
def test_an_event_comes_back_from_its_fields(any_event: AuditEvent) -> None:
    assert event_of(event_fields(any_event)) == any_event


@given(chains, st.data())
def test_any_changed_field_is_found_at_its_row(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 1))
    column = data.draw(st.integers(0, len(FIELDS) - 1))
    fields = list(links[at].fields)
    replacement = event_fields(data.draw(events))[column]
    assume(replacement != fields[column])
    fields[column] = replacement
    links[at] = links[at]._replace(fields=tuple(fields))
    fault = verify(links).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (at + 1, FaultKind.ALTERED)


@given(chains, st.data())
def test_text_moved_from_one_field_to_the_next_is_found(links: list[Link], data: st.DataObject) -> None:
    first, second = data.draw(st.permutations(range(len(FIELDS))))[:2]
    fields = list(links[0].fields)
    assume(fields[first] != fields[second])
    fields[first], fields[second] = fields[second], fields[first]
    assert row_hash(1, GENESIS.hash, tuple(fields)) != links[0].hash


@given(chains, st.data())
def test_a_deleted_row_is_found(links: list[Link], data: st.DataObject) -> None:
    anchor = anchored(links)
    at = data.draw(st.integers(0, len(links) - 1))
    del links[at]
    fault = verify(links, anchor).fault
    assert fault is not None
    assert fault.seq == at + 1


@given(chains, st.data())
def test_deleting_a_row_and_renumbering_the_rest_is_found(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 2))
    rest = [link._replace(seq=link.seq - 1) for link in links[at + 1 :]]
    fault = verify(links[:at] + rest).fault
    assert fault is not None
    assert fault.seq == at + 1


@given(chains, st.data())
def test_an_inserted_row_is_found(links: list[Link], data: st.DataObject) -> None:
    anchor = anchored(links)
    at = data.draw(st.integers(0, len(links) - 1))
    before = links[at - 1].mark if at else GENESIS
    forged = link_after(before, data.draw(events))
    fault = verify([*links[:at], forged, *links[at:]], anchor).fault
    assert fault is not None
    assert fault.seq in (at + 1, at + 2)


@given(chains, st.data())
def test_swapped_rows_are_found(links: list[Link], data: st.DataObject) -> None:
    first, second = sorted(data.draw(st.permutations(range(len(links))))[:2])
    links[first], links[second] = links[second], links[first]
    fault = verify(links).fault
    assert fault is not None
    assert fault.seq == first + 1


@given(chains, st.data())
def test_a_cut_tail_is_found_when_the_head_is_known(links: list[Link], data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(links) - 1))
    fault = verify(links[:kept], anchored(links)).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (kept + 1, FaultKind.TRUNCATED)


@given(chains, st.data())
def test_a_chain_made_anew_from_some_row_is_found_when_the_head_is_known(
    links: list[Link], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(events)
    assume(event_fields(other) != links[at].fields)
    remade = links[:at]
    for fields in [event_fields(other), *(link.fields for link in links[at + 1 :])]:
        remade.append(link_after(remade[-1].mark if remade else GENESIS, event_of(fields)))
    assert verify(remade).fault is None
    fault = verify(remade, anchored(links)).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (len(links), FaultKind.REWRITTEN)


def test_rows_that_were_being_written_when_the_owner_died_are_accepted() -> None:
    links = chain(4)
    anchor = Anchor(committed=links[1].mark, pending=links[3].mark)
    assert verify(links, anchor).fault is None
    assert verify(links[:2], anchor).fault is None


def test_rows_added_after_the_anchor_are_found() -> None:
    links = chain(4)
    fault = verify(links, Anchor(committed=links[1].mark)).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (3, FaultKind.UNANCHORED)


def test_a_forged_row_in_place_of_the_one_announced_is_found() -> None:
    links = chain(3)
    anchor = Anchor(committed=links[1].mark, pending=links[2].mark)
    forged = link_after(links[1].mark, event(3, detail="forged"))
    fault = verify([*links[:2], forged], anchor).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (3, FaultKind.UNANCHORED)


def test_a_fault_reads_as_one_line() -> None:
    links = chain(3)
    fault = verify(links[:2], anchored(links)).fault
    assert str(fault) == "row 3: truncated: the last 1 acknowledged rows are gone"


def test_a_mark_says_where_a_row_stands() -> None:
    link = chain(1)[0]
    assert link.mark == Mark(seq=1, hash=link.hash)
