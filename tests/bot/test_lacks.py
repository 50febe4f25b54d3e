"""What the bot is hindered by is told when it comes to be so, not at its start alone."""

from tests.bot.conftest import Room
from tests.fakes.discord import Permission


async def test_a_right_that_is_taken_while_the_bot_runs_is_told_once(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        room.discord.world.deny(room.alerts, Permission.ADD_REACTIONS)
        await room.discord.room.change_channel(room.alerts, {})
        for _ in range(2):
            swept = bot.sweeper.completed
            bot.sweeper.ask()
            await room.until(lambda swept=swept: bot.sweeper.completed > swept)
        await bot.background.finish(5)
    (told,) = room.desk.kept.troubles
    assert "Add Reactions" in told.detail


async def test_a_channel_that_is_let_in_where_the_bot_may_not_look_is_told_at_once(room: Room) -> None:
    hidden = room.discord.world.channel(room.guild, "hidden", without=Permission.VIEW_CHANNEL)
    async with room.bot() as bot:
        await room.settled(bot)
        room.allow(channels=frozenset({int(room.alerts["id"]), int(hidden["id"])}))
        await bot.allowed.asked_now()
        await room.until(lambda: room.desk.kept.troubles)
    assert hidden["id"] in room.desk.kept.troubles[0].detail


async def test_a_bot_that_is_taken_out_says_so_with_the_way_back(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        await room.discord.gateway.dispatch("GUILD_DELETE", {"id": room.guild["id"]})
        await room.until(lambda: room.desk.kept.troubles)
    assert "https://discord.com/oauth2/authorize" in room.desk.kept.troubles[0].detail


async def test_what_no_desk_could_be_told_is_told_with_the_next_look(room: Room) -> None:
    room.discord.world.deny(room.alerts, Permission.ADD_REACTIONS)
    room.desk.broken = TimeoutError("nobody")
    async with room.bot() as bot:
        await room.until(lambda: bot.sweeper.completed)
        await bot.background.finish(5)
        room.desk.broken = None
        bot.sweeper.ask()
        await room.until(lambda: room.desk.kept.troubles)


async def test_a_guild_that_discord_itself_has_lost_is_no_lack(room: Room) -> None:
    async with room.bot() as bot:
        await room.settled(bot)
        await room.discord.gateway.dispatch("GUILD_DELETE", {"id": room.guild["id"], "unavailable": True})
        swept = bot.sweeper.completed
        bot.sweeper.ask()
        await room.until(lambda: bot.sweeper.completed > swept)
        await bot.background.finish(5)
    assert room.desk.kept.troubles == []


async def test_a_channel_in_whose_threads_no_card_can_be_posted_is_told(room: Room) -> None:
    room.discord.world.deny(room.alerts, Permission.SEND_IN_THREADS)
    async with room.bot():
        await room.until(lambda: room.desk.kept.troubles)
    assert "Send Messages in Threads" in room.desk.kept.troubles[0].detail
