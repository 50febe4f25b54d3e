"""The poster on a Discord over sockets that misbehaves: one trade, one card, in its newest state."""

import asyncio
from contextlib import suppress

import discord
import pytest
from pydantic import SecretStr
from temporalio.exceptions import ApplicationError

from activities.discord import DiscordCards, DiscordSession
from domain.card import CardFate
from tests.activities.discord.conftest import TRADE, Scene, card
from tests.fakes.discord import FakeDiscord, Permission


async def test_is_one_message_edited_until_its_final_state(scene: Scene) -> None:
    for text in ("Working", "Holding"):
        await scene.show(card(text))
    told = await scene.show(card("Closed", final=True))

    (message,) = scene.posted
    assert (told.fate, told.message_id) == (CardFate.SHOWN, int(message["id"]))
    assert scene.texts == ["Closed"]
    assert message["embeds"][0]["footer"]["text"] == TRADE
    assert not message["components"]


async def test_its_buttons_carry_the_trade(scene: Scene) -> None:
    await scene.show(card())
    (row,) = scene.posted[0]["components"]
    assert [button["custom_id"] for button in row["components"]] == [f"trade:cancel:{TRADE}", f"trade:close:{TRADE}"]


async def test_nothing_in_it_pings(scene: Scene) -> None:
    await scene.show(card("@everyone <@1>"))
    (asked,) = scene.fake.rest.asked("POST", scene.path())
    assert asked.body["allowed_mentions"] == {"parse": []}


async def test_a_card_that_looks_as_it_did_costs_no_request(scene: Scene) -> None:
    await scene.show(card())
    await scene.show(card())
    assert not scene.fake.rest.asked("PATCH", scene.path("/.*"))


# Answers that get lost


@pytest.mark.parametrize("status", [500, 502, 503, None])
async def test_a_post_whose_answer_is_lost_is_one_message(scene: Scene, status: int | None) -> None:
    scene.fake.faults.plan("POST", scene.path(), status=status, commit=True)
    for attempt in (1, 2):
        with suppress(ApplicationError):  # as Temporal does: it is tried again
            await scene.show(card(), attempt=attempt)
    assert len(scene.posted) == 1
    assert scene.message_id == int(scene.posted[0]["id"])


@pytest.mark.parametrize("how", [{"attempt": 2}, {"in_doubt": True}])
async def test_a_post_that_was_lost_long_ago_is_found_in_the_history(
    fake: FakeDiscord, scene: Scene, session: DiscordSession, how: dict[str, object]
) -> None:
    """Discord has forgotten the nonce, and the process that posted is another one."""
    await scene.show(card("Working"))
    first = scene.message_id
    fake.book._nonces.clear()
    people = fake.world.user("Chatter")
    for number in range(150):
        fake.people.heard_by_nobody(scene.channel, people, f"chat {number}")
    scene.cards, scene.message_id = DiscordCards(session.client), None
    told = await scene.show(card("Closed", final=True), **how)  # type: ignore[arg-type]

    assert told.message_id == first
    assert scene.texts == ["Closed"]


async def test_another_trades_card_is_not_taken_for_it(scene: Scene) -> None:
    await scene.show(card("Another", trade="alert-1-3"))
    scene.message_id = None
    await scene.show(card("Ours"), in_doubt=True)
    assert scene.texts == ["Another", "Ours"]


async def test_where_history_can_not_be_read_it_is_posted_all_the_same(scene: Scene) -> None:
    scene.fake.world.deny(scene.channel, Permission.READ_HISTORY)
    assert (await scene.show(card(), in_doubt=True)).fate is CardFate.SHOWN
    assert len(scene.posted) == 1


async def test_an_edit_that_fails_is_tried_again(scene: Scene) -> None:
    await scene.show(card("Working"))
    scene.fake.faults.plan("PATCH", scene.path("/*"), status=503)
    with pytest.raises(ApplicationError) as failure:
        await scene.show(card("Holding"))
    assert not failure.value.non_retryable
    scene.message_id = int(scene.posted[0]["id"])
    await scene.show(card("Holding"), attempt=2)
    assert scene.texts == ["Holding"]


# Order


async def test_an_older_card_is_not_shown_after_a_newer_one(scene: Scene) -> None:
    await scene.show(card("Working"))
    await scene.show(card("Closed", final=True))
    told = await scene.show(card("Holding"), revision=2 - 1)
    assert told.fate is CardFate.SHOWN
    assert scene.texts == ["Closed"]


async def test_one_trades_cards_are_shown_one_after_the_other(scene: Scene) -> None:
    """The first attempt was given up by Temporal, and still runs; one message comes of it."""
    scene.fake.faults.plan("POST", scene.path(), status=0, delay=0.3)
    first = asyncio.create_task(scene.show(card("Working")))
    await scene.fake.until(lambda: scene.fake.rest.asked("POST", scene.path()))
    await asyncio.gather(first, scene.show(card("Closed", final=True)))
    assert scene.texts == ["Closed"]


# Rate limits


async def test_waits_as_long_as_discord_says(scene: Scene) -> None:
    scene.fake.faults.plan("POST", scene.path(), status=429, retry_after=0.2)
    assert (await scene.show(card())).fate is CardFate.SHOWN
    assert len(scene.posted) == 1


async def test_a_long_ban_is_waited_out_by_temporal_and_not_in_the_activity(scene: Scene) -> None:
    scene.fake.faults.plan("POST", scene.path(), status=429, retry_after=120)
    with pytest.raises(ApplicationError) as failure:
        await scene.show(card())
    assert failure.value.next_retry_delay is not None
    assert failure.value.next_retry_delay.total_seconds() == 120


async def test_many_trades_at_once_in_one_channel_keep_to_its_limit(scene: Scene) -> None:
    await asyncio.gather(*[scene.show(card(trade=f"alert-1-{trade}"), message_id=None) for trade in range(8)])
    assert len(scene.posted) == 8
    assert not scene.fake.limits.exceeded


async def test_a_post_that_was_not_sent_is_not_looked_for(scene: Scene) -> None:
    """It waited for its turn when Temporal gave the attempt up."""
    scene.fake.faults.plan("POST", scene.path(), status=0, delay=0.3)
    first = asyncio.create_task(scene.show(card(trade="alert-1-1"), message_id=None))
    await scene.fake.until(lambda: scene.fake.rest.asked("POST", scene.path()))
    waiting = asyncio.create_task(scene.show(card(trade="alert-1-2"), message_id=None))
    await scene.fake.until(lambda: [posted.attempts for posted in scene.cards._posted.values()] == [1, 1])
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.gather(first, scene.show(card(trade="alert-1-2"), message_id=None, attempt=2))
    assert len(scene.posted) == 2
    assert not scene.fake.rest.asked("GET", scene.path())


async def test_a_thread_that_was_archived_meanwhile_is_woken_for_the_final_card(scene: Scene) -> None:
    thread = await scene.fake.people.thread(scene.channel, scene.fake.world.bot)
    await scene.show(card("Holding"), channel_id=int(thread["id"]))
    await scene.fake.people.archive(thread)
    told = await scene.show(card("Closed", final=True), channel_id=int(thread["id"]))
    assert told.fate is CardFate.SHOWN
    (shown,) = scene.fake.book.of(thread, scene.fake.world.bot)
    assert shown["embeds"][0]["description"] == "Closed"
    assert not shown["components"]


async def test_a_thread_that_somebody_locked_is_let_be(scene: Scene) -> None:
    thread = await scene.fake.people.thread(scene.channel, scene.fake.world.bot)
    await scene.show(card("Holding"), channel_id=int(thread["id"]))
    await scene.fake.people.archive(thread)
    thread["thread_metadata"]["locked"] = True
    told = await scene.show(card("Closed", final=True), channel_id=int(thread["id"]))
    assert told.fate is CardFate.GONE


# What is not tried again


async def test_a_deleted_card_is_let_be(scene: Scene) -> None:
    await scene.show(card("Working"))
    await scene.fake.people.delete(*scene.posted)
    assert (await scene.show(card("Closed", final=True))).fate is CardFate.GONE
    assert not scene.posted


async def test_a_channel_that_is_gone_is_let_be(scene: Scene) -> None:
    assert (await scene.show(card(), channel_id=404)).fate is CardFate.GONE


@pytest.mark.parametrize("denied", [Permission.SEND_MESSAGES, Permission.VIEW_CHANNEL])
async def test_a_channel_where_it_may_not_write_is_told(scene: Scene, denied: Permission) -> None:
    scene.fake.world.deny(scene.channel, denied)
    told = await scene.show(card())
    assert told.fate is CardFate.FORBIDDEN
    assert "Missing" in told.detail


async def test_a_card_that_discord_does_not_take_is_not_tried_again(scene: Scene) -> None:
    with pytest.raises(ApplicationError) as failure:
        await scene.show(card("x" * 5000))
    assert failure.value.non_retryable


async def test_a_wrong_token_is_tried_again_and_stands_nowhere(
    fake: FakeDiscord, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", fake.api_url)
    wrong = DiscordSession(SecretStr("wrong-token-of-a-bot"))
    scene.cards = DiscordCards(wrong.client)
    with pytest.raises(ApplicationError) as failure:
        await scene.show(card())
    assert not failure.value.non_retryable
    assert "wrong-token" not in str(failure.value)


async def test_a_discord_that_is_down_is_tried_again(fake: FakeDiscord, scene: Scene) -> None:
    await scene.show(card("Working"))
    await fake.stop()
    with pytest.raises(ApplicationError) as failure:
        await scene.show(card("Holding"))
    assert not failure.value.non_retryable
    await fake.start()
    scene.message_id = int(scene.posted[0]["id"])
    await scene.show(card("Holding"))
    assert scene.texts == ["Holding"]
