"""`alertladder doctor`: each part looked at once, with what is wrong and what to do about it in one line.

It changes nothing and trades nothing, and looks at whatever runs and whatever does not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import discord
from temporalio.client import Client
from temporalio.service import RPCError

from activities.audit.ownership import AuditFileInUse
from activities.audit.remote import RemoteAudit
from activities.audit.unowned import unowned_audit
from activities.broker import BrokerSession
from bot.examination import Examined, examine
from domain.audit_queries import AuditQuery
from domain.errors import AlertladderError, RefusedError
from domain.frozen import Frozen
from domain.redaction import redact
from domain.settings import Allowlist, Mode
from workers.bot_server import point, token_of, why_not
from workers.client import connect
from workers.settings import Settings
from workers.trades_worker import credentials, endpoint
from workflows.account_door import AccountDoor
from workflows.desk_door import DeskDoor

_PATIENCE = 25.0  # seconds for one part
_TEMPORAL_WITHIN = timedelta(seconds=2)
_MOST_SKEW = timedelta(seconds=2)  # an alert is young for ten seconds by this clock
_AS_FINE = timedelta(seconds=1)  # an HTTP date has no fractions


class Finding(Frozen):
    """One part, and how it is. `says` is one line, with what to do where it is not well."""

    part: str
    is_well: bool
    says: str


async def findings(settings: Settings) -> list[Finding]:
    """All parts, in the order in which they are set up."""
    client = await _temporal(settings)
    allowlist = await _allowlist(client, settings)
    looks: list[tuple[str, Callable[[], Awaitable[list[Finding]]]]] = [
        ("discord", lambda: _discord(settings, allowlist)),
        ("clock", lambda: _clock(settings)),
        ("temporal", lambda: _workflows(client, settings)),
        ("broker", lambda: _broker(settings)),
        ("audit", lambda: _audit(client, settings)),
        ("operator", lambda: _operator(settings)),
    ]
    found = await asyncio.gather(*[_bounded(part, look) for part, look in looks])
    return [finding for several in found for finding in several]


async def _bounded(part: str, look: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await look()
    except TimeoutError:
        return [Finding(part=part, is_well=False, says=f"no answer within {_PATIENCE:.0f} s")]


async def _discord(settings: Settings, allowlist: Allowlist) -> list[Finding]:
    ours = settings.discord
    if not ours.is_set_up:
        return [
            Finding(part="discord", is_well=True, says="no token is set: alerts come in by command line and API only")
        ]
    try:
        token = token_of(ours)
    except AlertladderError as error:
        return [Finding(part="token", is_well=False, says=str(error))]
    point(ours)
    found = await examine(token, ours, allowlist.channels)
    if found.refusal is not None:
        return [_refused(found.refusal, token)]
    return [
        Finding(part="token", is_well=True, says=f"signed in as {found.name}"),
        Finding(part="intents", is_well=True, says="messages may be read"),
        *_inside(found, allowlist),
    ]


def _refused(error: Exception, token: str) -> Finding:
    part = {discord.LoginFailure: "token", discord.PrivilegedIntentsRequired: "intents"}.get(type(error), "discord")
    says = why_not(error) or f"out of reach: {redact(str(error) or type(error).__name__, (token,))}"
    return Finding(part=part, is_well=False, says=says)


def _inside(found: Examined, allowlist: Allowlist) -> list[Finding]:
    lacks = [Finding(part="channels", is_well=False, says=line) for line in found.lacks]
    if not (allowlist.users or allowlist.roles or allowlist.bots):
        says = "nobody is on the allowlist: `alertladder allow add users ID` lets an author's alerts in"
        lacks.append(Finding(part="allowlist", is_well=False, says=says))
    guilds = ", ".join(found.guilds)
    return lacks or [Finding(part="channels", is_well=True, says=f"all permissions are there, in {guilds}")]


async def _clock(settings: Settings) -> list[Finding]:
    """This machine's clock beside the one that dates the alerts; without Discord, beside the broker's."""
    url = settings.broker_addresses[0]
    if settings.discord.is_set_up:
        point(settings.discord)
        url = f"{discord.http.Route.BASE}/gateway"
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            said = parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, OSError, KeyError, ValueError):
        return [Finding(part="clock", is_well=False, says="not compared: nobody tells the time at the other end")]
    skew = datetime.now(UTC) - said - _AS_FINE / 2
    is_well = abs(skew) <= _MOST_SKEW
    says = f"{abs(skew.total_seconds()):.1f} s {'ahead of' if skew > timedelta(0) else 'behind'} the other end's"
    advice = "" if is_well else ": keep it by NTP (timedatectl set-ntp true), an alert's age is counted by it"
    return [Finding(part="clock", is_well=is_well, says=says + advice)]


async def _temporal(settings: Settings) -> Client | None:
    try:
        return await connect(settings, _TEMPORAL_WITHIN)
    except AlertladderError:
        return None


async def _allowlist(client: Client | None, settings: Settings) -> Allowlist:
    """The desk's, or the settings' while there is none."""
    try:
        if client is not None:
            return (await DeskDoor(client, settings.account).policy()).allowlist
    except AlertladderError:
        pass
    return settings.desk_policy.allowlist


async def _workflows(client: Client | None, settings: Settings) -> list[Finding]:
    address = settings.temporal.address
    if client is None:
        says = f"no Temporal server at {address}: start `alertladder up`, or set temporal.address right"
        return [Finding(part="temporal", is_well=False, says=says)]
    found = [Finding(part="temporal", is_well=True, says=f"answers at {address}, namespace {client.namespace}")]
    try:
        standing = await DeskDoor(client, settings.account).standing()
        is_watched = await AccountDoor(client, settings.account).is_watched()
    except AlertladderError as error:
        says = f"{error} (the trades worker answers for it)"
        return [*found, Finding(part="desk", is_well=False, says=says)]
    how = f"account {settings.account}, mode {settings.mode}: {standing}"
    resume = "" if standing.admits else "; `alertladder resume` lets entries in again"
    found.append(Finding(part="desk", is_well=standing.admits, says=how + resume))
    watched = "the account's stream is seen" if is_watched else "the account's stream is not seen: see log/trades.log"
    return [*found, Finding(part="watch", is_well=is_watched, says=watched)]


async def _broker(settings: Settings) -> list[Finding]:
    session = BrokerSession(endpoint(settings), credentials(settings))
    url = settings.broker_addresses[0]
    try:
        await session.read(f"{session.account_path}/balances/USD", None)
    except AlertladderError as error:
        return [Finding(part="broker", is_well=False, says=f"{error}: {_broker_advice(settings, url)}")]
    finally:
        await session.close()
    return [Finding(part="broker", is_well=True, says=f"account {settings.account} answers at {url}")]


def _broker_advice(settings: Settings, url: str) -> str:
    if settings.mode is Mode.PAPER:
        return f"the paper exchange listens at {url} once `alertladder up` runs"
    return "check broker.account, broker.client_secret and broker.refresh_token, and the broker's status page"


async def _audit(client: Client | None, settings: Settings) -> list[Finding]:
    asked = AuditQuery(limit=1)
    try:
        try:
            with unowned_audit(settings.audit_path) as unowned:
                page = await unowned.audit_recent(asked)
        except AuditFileInUse:
            if client is None:
                return [Finding(part="audit", is_well=True, says="its worker holds the file")]
            page = await RemoteAudit(client).audit_recent(asked)
    except RefusedError:
        says = f"nothing is written yet at {settings.audit_path}; its worker makes the file"
        return [Finding(part="audit", is_well=True, says=says)]
    except (AlertladderError, RPCError, OSError) as error:
        return [Finding(part="audit", is_well=False, says=f"{error}: see log/audit.log, and the disk")]
    rows = page.head.seq if page.head is not None else 0
    return [Finding(part="audit", is_well=True, says=f"{rows} rows; `alertladder audit verify` proves them")]


async def _operator(settings: Settings) -> list[Finding]:
    ways = []
    if settings.operator.webhook_url is not None:
        ways.append("a webhook")
    if settings.discord.is_set_up and settings.discord.operator_channel_id is not None:
        ways.append("the operators' channel")
    if ways:
        return [Finding(part="operator", is_well=True, says=f"told by {' and '.join(ways)}, and in the log")]
    says = "told in the log only: set discord.operator_channel_id, or operator.webhook_url"
    return [Finding(part="operator", is_well=True, says=says)]
