"""The reader's version stands in the audit, so what is read may not change without it."""

import hashlib
from datetime import UTC, datetime

from domain.reading import read
from domain.reading.reader import READER_VERSION
from tests.domain.reading.scoring import rows

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
DIGESTS = {
    2: "05c054046c02c6b8",
    3: "c3e199cb82f80b7d",
    4: "c3e199cb82f80b7d",
    5: "4b9b3d27b0e39553",
    6: "4176125e3cbd7cae",
    7: "2b3b80823806b3d5",
    8: "a73b0300238255f9",
    9: "631d5eee7dc60697",
    10: "082dd7da4fd875d5",
    11: "a957ee606b1397b4",
    12: "9bf15f9175086ef0",
    13: "9667d56a5abb5c4a",
    14: "0ee20bad2710c485",
    15: "0ee20bad2710c485",
    16: "cbeaebcaaaa6aedd",
    17: "f3fa082d42aa0cf1",
    18: "963cb460fbde1025",
    19: "5f840b031671c54f",
    20: "e7d6dfdf0f0298c9",
    21: "c3bbabfc42eae9af",
    22: "8984bd255c26927f",
    23: "964bc982a35494c8",
    24: "51899433560cddd8",
    25: "f52c61971982c770",
    26: "972ab00d669deb78",
    27: "dfc4d22071c9e367",
}


def test_what_is_read_changes_only_with_the_version() -> None:
    digest = hashlib.sha256()
    for corpus in ("dev", "rooms", "own", "learned", "titles"):
        for row in rows(corpus):
            reading = read(row["text"], MONDAY)
            digest.update(reading.model_dump_json(include={"alerts", "refused"}).encode())
    found = digest.hexdigest()[:16]
    assert DIGESTS.get(READER_VERSION) == found, f"raise READER_VERSION, and put {found} beside it"


def test_a_reading_says_what_it_was_read_by() -> None:
    reading = read("BTO HON 230c 12/18 @ 4.00", MONDAY)
    assert reading.reader_version == READER_VERSION
    assert reading.read_as == ("verb BTO", "word HON", "strike 230c", "day 12/18", "mark @", "number 4.00")
