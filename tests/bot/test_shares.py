"""Of what strangers cause, each comes to their share in a minute, and all together to no more than is bearable."""

from bot.shares import Shares


def test_one_person_leaves_room_for_the_others() -> None:
    shares = Shares(most_of_one=3)
    assert sum(shares.is_due(1, str(number), 0) for number in range(10)) == 3
    assert shares.is_due(2, "0", 0)


def test_the_same_is_due_again_after_a_minute() -> None:
    shares = Shares(most_of_one=3)
    assert [shares.is_due(1, "x", at) for at in (0, 60, 61, 62)] == [True, False, True, False]


def test_all_together_are_bounded() -> None:
    shares = Shares(most_of_one=3)
    assert sum(shares.is_due(person, "x", 0) for person in range(500)) == 60
