"""The Discord bot's process: it signs in, and stays until it is told to stop or the gateway is lost for long."""

import asyncio
import logging
from collections.abc import Sequence

import aiohttp
import discord
from temporalio.client import Client

from activities.audit.remote import RemoteAudit
from activities.discord import Connect, DiscordCards
from activities.kill_mark import KillMark
from bot.address import point_at
from bot.buttons import buttons
from bot.checks import invite
from bot.client import AlertBot, Extension
from bot.commands import commands
from bot.doors import Doors
from bot.rest import FAILURES
from domain.errors import AlertladderError
from domain.redaction import redact
from workers.cards_worker import post_cards
from workers.client import connect_lazily
from workers.discord_settings import DiscordSettings
from workers.process import until_told_to_stop
from workers.settings import Settings
from workflows.account_door import AccountDoor
from workflows.desk_door import DeskDoor
from workflows.front_door import FrontDoor
from workflows.trade_door import TradeDoor

log = logging.getLogger(__name__)
_PORTAL = "https://discord.com/developers/applications"
_BAD_TOKEN, _UNKNOWN_INTENTS = 4004, 4013  # close codes of the gateway
# Of the thousand sessions that Discord lets a bot begin in a day; after the last it takes the bot's token away.
_SESSIONS_KEPT = 20
_SESSIONS_WITHIN = 2.0  # seconds

# Commands and buttons: each adds itself to the bot before it connects.
EXTENSIONS: Sequence[Extension] = (buttons, commands)


class NoBot(AlertladderError):
    """The bot can't run; the message says what to do."""


async def run(settings: Settings) -> None:
    """Serve until told to stop. NoBot when the settings or Discord don't let it."""
    token = token_of(settings.discord)
    _hide(token)
    point(settings.discord)
    client = await connect_lazily(settings)
    signed_in = asyncio.Event()

    async def signs_in(_: AlertBot) -> None:
        signed_in.set()

    extensions = (*EXTENSIONS, signs_in)
    bot = AlertBot(
        settings.discord.terms, doors(client, settings), settings.desk_policy, settings.state_folder, extensions
    )
    posting = asyncio.ensure_future(post_cards(settings, DiscordCards(_poster(bot, signed_in))))
    serving = asyncio.ensure_future(_serve(bot, token))
    told = asyncio.ensure_future(until_told_to_stop())
    await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    posting.cancel()
    await asyncio.gather(posting, return_exceptions=True)
    await bot.close()
    for task in (serving, told):
        if not task.done():
            task.cancel()
    for ended in await asyncio.gather(serving, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


def _poster(bot: AlertBot, signed_in: asyncio.Event) -> Connect:
    """The bot's own client posts the cards too: rate limits are counted in one place."""

    async def connect() -> discord.Client:
        await signed_in.wait()
        return bot

    return connect


def token_of(settings: DiscordSettings) -> str:
    """The bot's token. NoBot when there is none."""
    try:
        secret = settings.secret
    except OSError as error:
        raise NoBot(f"the file of the bot's token can't be read: {error.strerror}") from None
    if secret is None:
        raise NoBot(f"no token is set: make an application at {_PORTAL}, and set ALERTLADDER_DISCORD__TOKEN")
    return secret.get_secret_value()


def point(settings: DiscordSettings) -> None:
    """Go to a test's Discord, where the settings name one."""
    if settings.api_url is not None and settings.gateway_url is not None:
        point_at(settings.api_url, settings.gateway_url)


def doors(client: Client, settings: Settings) -> Doors:
    """What the bot reaches by this client."""
    return Doors(
        front=FrontDoor(
            client,
            settings.account,
            settings.mode,
            settings.profiles,
            cards=settings.discord.cards,
            card_pace=settings.discord.card_pace,
        ),
        desk=DeskDoor(client, settings.account),
        trades=TradeDoor(client),
        account=AccountDoor(client, settings.account),
        audit=RemoteAudit(client),
        mark=KillMark(settings.state_folder),
        mode=settings.mode,
        channel_id=settings.command_line.channel_id,
        author_id=settings.command_line.author_id,
    )


def why_not(error: Exception, application_id: int | None = None) -> str | None:
    """What to do about a refusal of Discord's, in one line; None for any other error."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or code == _BAD_TOKEN:
        return f"Discord does not know the token: reset it at {_PORTAL} (Bot, Reset Token), and set it anew"
    if code == _UNKNOWN_INTENTS:
        return "Discord does not know what the bot asks to hear of: install the newest alertladder"
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return f"the bot may not read messages: switch Message Content Intent on at {_PORTAL} (Bot)"
    if isinstance(error, discord.Forbidden) and application_id is not None:
        return f"the bot may not do that: invite it again by {invite(application_id)}"
    return None


async def _serve(bot: AlertBot, token: str) -> None:
    """Sign in, trying again while Discord can't be reached, and stay connected."""
    try:
        await _sign_in(bot, token)
        await _stay(bot)
    except discord.DiscordException as error:
        if (line := why_not(error)) is None:
            raise NoBot(f"Discord: {redact(str(error), (token,))}") from None
        raise NoBot(line) from None


async def _stay(bot: AlertBot) -> None:
    """Until the gateway refuses, or the bot can't go on."""
    assert bot.broken is not None, "signing in has made it"  # noqa: S101
    await _require_sessions(bot)
    connecting = asyncio.ensure_future(bot.connect())
    try:
        await asyncio.wait({connecting, bot.broken}, return_when=asyncio.FIRST_COMPLETED)
        for ended in (bot.broken, connecting):
            if ended.done():
                ended.result()
    finally:
        connecting.cancel()


async def _require_sessions(bot: AlertBot) -> None:
    """NoBot when so many were begun today that the token is at stake. Nothing waits long for Discord to say that."""
    try:
        async with asyncio.timeout(_SESSIONS_WITHIN):
            told = await bot.http.request(discord.http.Route("GET", "/gateway/bot"))
    except FAILURES as error:
        log.warning("how many sessions are left is not known: %s", redact(str(error) or type(error).__name__))
        return
    limit = told.get("session_start_limit", {})
    left, hours = limit.get("remaining", _SESSIONS_KEPT), limit.get("reset_after", 0) / 3_600_000
    if left < _SESSIONS_KEPT:
        again = "let it rest, and see in its log why it ends so often"
        raise NoBot(f"Discord takes {left} more sessions in the next {hours:.1f} h, and then the token away: {again}")


async def _sign_in(bot: AlertBot, token: str) -> None:
    pause = 1.0
    while True:
        try:
            return await bot.login(token)
        except (discord.DiscordServerError, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("Discord is out of reach: %s", redact(str(error) or type(error).__name__, (token,)))
        await asyncio.sleep(pause)
        pause = min(pause * 2, 10.0)


class _Hiding(logging.Formatter):
    """Another formatter's lines, without the token, whoever wrote them and however it got there."""

    def __init__(self, inner: logging.Formatter, token: str) -> None:
        super().__init__()
        self._inner = inner
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record), (self._token,))


def _hide(token: str) -> None:
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Hiding(handler.formatter or logging.Formatter(), token))
