"""What the bot reaches: the front door, the desk, the trades, the account, the audit log, the kill's mark."""

from dataclasses import dataclass

from temporalio.service import RPCError

from activities.audit_queries import AuditQueries
from activities.kill_mark import KillMark
from domain.errors import RetryableError
from domain.settings import Mode
from workflows.account_door import AccountDoor
from workflows.desk_door import DeskDoor, NoDesk
from workflows.front_door import FrontDoor
from workflows.trade_door import TradeDoor

# Nobody answered: the same may be asked again. The SDK reports a refused connection as RuntimeError.
UNANSWERED = (RPCError, RuntimeError, TimeoutError, NoDesk, RetryableError)


@dataclass(frozen=True, slots=True)
class Doors:
    """Of one account. A dry run that is asked for by a command speaks as `author_id` in `channel_id`."""

    front: FrontDoor
    desk: DeskDoor
    trades: TradeDoor
    account: AccountDoor
    audit: AuditQueries
    mark: KillMark
    mode: Mode
    channel_id: int
    author_id: int
