"""The anchor file is read back as written, and never taken for something it isn't."""

from pathlib import Path

import pytest

from activities.audit.anchor import AnchorFile
from domain.chain import GENESIS, Anchor, Mark
from domain.errors import InvariantError


def test_an_anchor_is_read_back_as_written(tmp_path: Path) -> None:
    anchors = AnchorFile(tmp_path / "audit.duckdb")
    assert anchors.read() is None
    for anchor in (Anchor(committed=GENESIS, pending=Mark(seq=1, hash="a")), Anchor(committed=Mark(seq=1, hash="a"))):
        anchors.write(anchor)
        assert anchors.read() == anchor
    assert list(tmp_path.iterdir()) == [tmp_path / "audit.head"]


def test_a_failed_write_leaves_the_old_anchor(tmp_path: Path) -> None:
    anchors = AnchorFile(tmp_path / "audit.duckdb")
    anchors.write(Anchor(committed=GENESIS))
    (tmp_path / "audit.head.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        anchors.write(Anchor(committed=Mark(seq=1, hash="a")))
    assert anchors.read() == Anchor(committed=GENESIS)


def test_anything_else_in_the_anchors_place_is_an_error(tmp_path: Path) -> None:
    anchors = AnchorFile(tmp_path / "audit.duckdb")
    anchors.path.write_text("{}")
    with pytest.raises(InvariantError, match=r"audit\.head is not an audit anchor"):
        anchors.read()
