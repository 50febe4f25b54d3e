"""Telling an operator: in the log always, and at a webhook where one is set (one message for Discord and Slack)."""

import logging

from pydantic import SecretStr
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.interfaces import OperatorActivities
from domain.redaction import redact
from domain.trouble import OperatorPage, Trouble

log = logging.getLogger(__name__)
_PATIENCE = 8  # seconds
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
        import aiohttp  # most never call: a worker that is started anew should not wait for it

        said = {"content": text, "text": text, "allowed_mentions": {"parse": []}}
        try:
            # A redirect would carry what is said, and the secret in the address, to wherever it points.
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE)) as session,
                session.post(url, json=said, allow_redirects=False) as answer,
            ):
                if not 200 <= answer.status < 300:
                    raise ApplicationError(f"the webhook answered HTTP {answer.status}", type="Retryable")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            message = f"the webhook could not be reached: {type(error).__name__}"
            raise ApplicationError(message, type="Retryable") from None


def message(page: OperatorPage) -> str:
    """All troubles in words, as plain text that can neither ping nor format; as many as a chat takes in one message."""
    text = f"alertladder, account {page.account_number}:"
    for told, trouble in enumerate(page.troubles):
        line = _line(trouble)
        if len(text) + len(line) > _LONGEST:
            return f"{text}\n… and {len(page.troubles) - told} more: see `alertladder troubles`"
        text = f"{text}\n{line}"
    return text


def _line(trouble: Trouble) -> str:
    sign = "✅" if trouble.kind.is_good_news else "🚨"
    said = " ".join(redact(str(trouble)).split()).translate(_MARKUP)
    return f"{sign} {said} → {trouble.kind.advice}"
