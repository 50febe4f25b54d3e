"""The page lists the commands as they are."""

from bot.commands import commands
from bot.commands.sync import essence
from tests.bot.commands_table import PAGE, listed, table
from tests.bot.conftest import Room


async def test_the_page_lists_every_command_as_it_is(room: Room) -> None:
    async with room.bot() as bot:
        assert listed(PAGE.read_text()) == table(bot), "run: python -m tests.bot.commands_table"


async def test_every_command_is_hidden_and_for_guilds_alone(room: Room) -> None:
    async with room.bot(extensions=(commands,)) as bot:
        for command in bot.tree.get_commands():
            sent = command.to_dict(bot.tree)
            assert sent["default_member_permissions"] == 0
            assert sent["dm_permission"] is False


def test_commands_are_the_same_through_discords_own_additions() -> None:
    option = {"name": "trade", "type": 3, "description": "Which", "required": True}
    ours = [{"name": "close", "description": "Sell", "type": 1, "options": [option], "default_member_permissions": 0}]
    listed_there = [{**ours[0], "id": "1", "version": "2", "default_member_permissions": "0", "nsfw": False}]
    assert essence(ours) == essence(listed_there)
    optional = [{**ours[0], "options": [{**option, "required": False}]}]
    assert essence(ours) != essence(optional)
    assert essence(optional) == essence([{**ours[0], "options": [{**option, "required": None}]}])
