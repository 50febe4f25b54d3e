"""The buttons of the cards, pressed by those who may and by those who may not."""

import pytest

from activities.discord import DiscordCards
from activities.discord.payload import posted
from bot.buttons import buttons
from domain.card import Card, CardButton
from domain.errors import RetryableError
from tests.bot.conftest import ALERT, Room
from tests.fakes.discord import Json

CANCEL, CLOSE = CardButton.CANCEL_ENTRY, CardButton.CLOSE_NOW


class Desk:
    """A trade that the bot has started, with its card in the channel."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.guild, self.discord = room.guild, room.discord
        self.operator_role = self.discord.world.role(self.guild, "operators")
        self.operator = self.discord.world.member(self.guild, "Operator", [self.operator_role])
        room.terms = room.terms.model_copy(update={"operator_roles": frozenset({int(self.operator_role["id"])})})

    async def begin(self) -> None:
        alert = await self.discord.people.say(self.room.alerts, self.room.author, ALERT)
        await self.room.until(lambda: self.room.trades.requests)
        self.trade = next(iter(self.room.trades.requests))
        assert alert["id"] in self.trade
        shown = Card(workflow_id=self.trade, title="t", colour=0, text="t", buttons=(CANCEL, CLOSE))
        fields = {name: value for name, value in posted(shown).items() if name in ("embeds", "components")}
        self.card = await self.discord.room.post(self.room.alerts, self.discord.world.bot, **fields)

    async def press(self, button: CardButton, who: Json) -> str:
        """Press it; what the presser reads."""
        asked = await self.discord.interactions.click(self.card, who, button.custom_id(self.trade))
        await self.room.until(lambda: asked.text)
        assert asked.is_ephemeral
        return asked.text

    @property
    def did(self) -> list[tuple[str, str | None]]:
        return [(did.what, did.workflow_id) for did in self.room.desk.did]


@pytest.fixture
def desk(room: Room) -> Desk:
    return Desk(room)


async def test_an_operator_cancels_the_entry(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        assert "comes off the market" in await desk.press(CANCEL, desk.operator)
    assert desk.room.trades.cancelled == {desk.trade: "cancelled by Operator (discord)"}
    assert desk.did == [("cancel", desk.trade)]
    assert not desk.room.trades.closes


async def test_an_operator_sells_what_is_held(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        assert "is sold now" in await desk.press(CLOSE, desk.operator)
    assert [close[:3] for close in desk.room.trades.closes] == [(desk.trade, "Operator (discord)", None)]
    assert desk.did == [("close", desk.trade)]
    assert not desk.room.trades.cancelled


@pytest.mark.parametrize("button", list(CardButton))
async def test_the_alerts_author_may_where_it_is_set_so(desk: Desk, button: CardButton) -> None:
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        assert (await desk.press(button, desk.room.author)).startswith("Asked")
    assert desk.did == [(button.value, desk.trade)]


@pytest.mark.parametrize("button", list(CardButton))
@pytest.mark.parametrize("who", ["author", "trader", "stranger"])
async def test_nobody_else_may(desk: Desk, button: CardButton, who: str) -> None:
    """The author neither, where it is not set so; another allowed trader never."""
    desk.room.terms = desk.room.terms.model_copy(update={"author_may_press": who != "author"})
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        assert "nothing was done" in await desk.press(button, getattr(desk.room, who))
        await desk.room.until(lambda: desk.room.desk.denials)
    assert not desk.room.trades.cancelled
    assert not desk.room.trades.closes
    assert not desk.did
    (denied,) = desk.room.desk.denials
    assert (denied.what, denied.workflow_id) == (button.value, desk.trade)
    assert denied.by.person_id == int(getattr(desk.room, who)["id"])
    assert "operators" in denied.why


async def test_who_presses_again_and_again_leaves_one_row_a_button_and_trade(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)) as bot:
        await desk.begin()
        for button in (CANCEL, CLOSE, CANCEL, CANCEL, CLOSE):
            assert "nothing was done" in await desk.press(button, desk.room.stranger)
        await desk.press(CANCEL, desk.room.trader)
        await bot.background.finish(10)
    rows = [(denied.what, denied.by.name) for denied in desk.room.desk.denials]
    assert rows == [("cancel", "Stranger"), ("close", "Stranger"), ("cancel", "Trader")]


async def test_who_may_not_is_told_so_though_no_desk_can_write_it_down(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        desk.room.desk.broken = RetryableError("no desk")
        assert "nothing was done" in await desk.press(CLOSE, desk.room.stranger)
    assert not desk.room.trades.closes


async def test_a_button_works_after_a_restart_of_the_bot(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
    async with desk.room.bot(extensions=(buttons,)):
        await desk.press(CANCEL, desk.operator)
    assert desk.trade in desk.room.trades.cancelled


async def test_a_trade_that_is_over_says_so(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        desk.room.trades.over.add(desk.trade)
        assert "over" in await desk.press(CANCEL, desk.operator)
        desk.room.trades.requests.clear()
        assert "over" in await desk.press(CLOSE, desk.operator)
    assert not desk.did


async def test_says_so_when_the_trades_can_not_be_reached(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unreachable(*_: object, **__: object) -> None:
        raise RetryableError("Temporal could not be asked")

    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        monkeypatch.setattr(desk.room.trades, "cancel", unreachable)
        assert "can't be reached" in await desk.press(CANCEL, desk.operator)
    assert not desk.did


async def test_a_cancel_is_not_held_back_by_a_desk_that_does_not_answer(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        desk.room.desk.broken = RetryableError("no desk")
        assert (await desk.press(CANCEL, desk.operator)).startswith("Asked")
    assert desk.trade in desk.room.trades.cancelled


async def test_the_bot_itself_posts_cards_with_its_own_client(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)) as bot:

        async def connect() -> object:
            return bot

        cards = DiscordCards(connect)  # type: ignore[arg-type]
        shown = Card(workflow_id="alert-1-2", title="t", colour=0, text="by the bot")
        message_id = await cards._channels.post(int(desk.room.alerts["id"]), shown)
    message = desk.discord.book.find(desk.room.alerts["id"], str(message_id))
    assert message["embeds"][0]["description"] == "by the bot"


async def test_a_click_is_done_once_and_answered_though_discord_fails_after_taking_the_answers(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        desk.discord.faults.plan("POST", "/interactions/*/*/callback", status=500, commit=True)
        desk.discord.faults.plan("PATCH", "/webhooks/*/*/messages/@original", status=503)
        assert "sold now" in await desk.press(CLOSE, desk.operator)
    assert len(desk.room.trades.closes) == 1


async def test_a_click_that_two_bots_hear_sells_once(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)), desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        assert "sold now" in await desk.press(CLOSE, desk.operator)
        await desk.room.until(lambda: len(desk.did) == 2)
    assert len(desk.room.trades.closes) == 1


async def test_a_click_that_can_not_be_acknowledged_is_not_done(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)):
        await desk.begin()
        desk.discord.interactions.deadline = -1.0  # whatever comes is too late
        asked = await desk.discord.interactions.click(desk.card, desk.operator, CLOSE.custom_id(desk.trade))
        await desk.room.until(lambda: asked.late_by)
        desk.discord.interactions.deadline = 3.0
        await desk.press(CANCEL, desk.operator)
    assert desk.room.trades.closes == []


async def test_an_author_who_is_let_in_no_more_may_not_either(desk: Desk) -> None:
    async with desk.room.bot(extensions=(buttons,)) as bot:
        await desk.begin()
        desk.room.allow(users=frozenset())
        await bot.allowed.asked_now()
        assert "Only operators" in await desk.press(CLOSE, desk.room.author)
    assert not desk.room.trades.closes
