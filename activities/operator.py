"""Telling an operator: in the log always, and at a webhook where one is set (one message for Discord and Slack)."""

import logging

import aiohttp
from pydantic import SecretStr
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.interfaces import OperatorActivities
from domain.redaction import redact
from domain.trouble import OperatorPage, Trouble

log = logging.getLogger(__name__)
_PATIENCE = aiohttp.ClientTimeout(total=8)
_LONGEST = 1900  # characters; Discord takes 2,000
_MARKUP = str.maketrans({"<": "‹", ">": "›", "`": "'", "@": "＠", "*": "·", "_": "ˍ", "~": "∼", "|": "¦"})


class OperatorCalls(OperatorActivities):
    """One operator, reached at `webhook`; None: the log is all there is."""

    def __init__(self, webhook: SecretStr | None = None) -> None:
        self._webhook = webhook

    @activity.defn(name="page_operator")
    async def page_operator(self, page: OperatorPage) -> None:
        """Log each trouble, and post all of them as one message."""
        for trouble in page.troubles:
            level = logging.INFO if trouble.kind.is_good_news else logging.CRITICAL
            log.log(level, "%s %s", trouble, trouble.kind.advice)
        if self._webhook is not None:
            await self._post(self._webhook.get_secret_value(), message(page))

    async def _post(self, url: str, text: str) -> None:
        """`content` is Discord's word, `text` Slack's. The address is a secret: no error may name it."""
        said = {"content": text, "text": text, "allowed_mentions": {"parse": []}}
        try:
            async with aiohttp.ClientSession(timeout=_PATIENCE) as session, session.post(url, json=said) as answer:
                if not answer.ok:
                    raise ApplicationError(f"the webhook answered HTTP {answer.status}", type="Retryable")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            message = f"the webhook could not be reached: {type(error).__name__}"
            raise ApplicationError(message, type="Retryable") from None


def message(page: OperatorPage) -> str:
    """All troubles in words, as plain text that can neither ping nor format; cut where a chat would refuse it."""
    lines = [f"alertladder, account {page.account_number}:", *(_line(trouble) for trouble in page.troubles)]
    text = "\n".join(lines)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _line(trouble: Trouble) -> str:
    sign = "✅" if trouble.kind.is_good_news else "🚨"
    return f"{sign} {redact(str(trouble)).translate(_MARKUP)} → {trouble.kind.advice}"
