"""The kill's mark: what it forbids while it lies there, and that nothing loosens it but lifting."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.kill_mark import Kill, KillMark, KillScope
from domain.orders import LegAction

AT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
ENTERING = (LegAction.BUY_TO_OPEN, LegAction.SELL_TO_OPEN, LegAction.BUY)
CLOSING = (LegAction.SELL_TO_CLOSE, LegAction.BUY_TO_CLOSE, LegAction.SELL)


def kill(scope: KillScope = KillScope.ENTRIES, by: str = "ann") -> Kill:
    """A kill of that scope."""
    return Kill(by=by, at=AT, scope=scope)


@pytest.fixture
def mark(tmp_path: Path) -> KillMark:
    """Of an installation that has no folder yet."""
    return KillMark(tmp_path / "state")


@pytest.mark.parametrize("action", LegAction)
def test_without_a_mark_nothing_is_forbidden(mark: KillMark, action: LegAction) -> None:
    assert mark.forbids(action) is None


@pytest.mark.parametrize("action", LegAction)
def test_a_kill_of_entries_lets_positions_be_closed(mark: KillMark, action: LegAction) -> None:
    mark.leave(kill())
    assert (mark.forbids(action) is None) is (action in CLOSING)
    assert set(ENTERING) | set(CLOSING) == set(LegAction)


@pytest.mark.parametrize("action", LegAction)
def test_a_kill_of_everything_forbids_every_order(mark: KillMark, action: LegAction) -> None:
    mark.leave(kill(KillScope.EVERYTHING))
    assert mark.forbids(action) == kill(KillScope.EVERYTHING)


def test_it_is_there_for_every_process_of_the_installation_and_no_other(mark: KillMark, tmp_path: Path) -> None:
    mark.leave(kill())
    assert KillMark(tmp_path / "state").read() == kill()
    assert KillMark(tmp_path / "other").read() is None


def test_a_wider_kill_replaces_a_narrower_one_and_never_the_other_way(mark: KillMark) -> None:
    mark.leave(kill())
    mark.leave(kill(KillScope.EVERYTHING, "bob"))
    mark.leave(kill(by="cid"))
    assert mark.read() == kill(KillScope.EVERYTHING, "bob")


def test_lifting_takes_it_away_and_may_be_done_twice(mark: KillMark) -> None:
    mark.leave(kill())
    mark.lift()
    mark.lift()
    assert mark.read() is None


@pytest.mark.parametrize("text", ["", "{", "{}", "stop it all", '{"by": "ann", "at": "soon"}'])
def test_one_that_can_not_be_read_is_a_kill_all_the_same(mark: KillMark, tmp_path: Path, text: str) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "KILLED").write_text(text, "utf-8")
    assert mark.forbids(LegAction.BUY_TO_OPEN) is not None
    assert mark.forbids(LegAction.SELL_TO_CLOSE) is None


def test_nothing_half_written_is_left_behind(mark: KillMark, tmp_path: Path) -> None:
    mark.leave(kill())
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["KILLED"]
