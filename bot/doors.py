"""What the bot reaches: the front door, the desk, the trades, the account."""

from dataclasses import dataclass

from temporalio.service import RPCError

from domain.errors import RetryableError
from workflows.account_door import AccountDoor
from workflows.desk_door import DeskDoor, NoDesk
from workflows.front_door import FrontDoor
from workflows.trade_door import TradeDoor

# Nobody answered: the same may be asked again. The SDK reports a refused connection as RuntimeError.
UNANSWERED = (RPCError, RuntimeError, TimeoutError, NoDesk, RetryableError)


@dataclass(frozen=True, slots=True)
class Doors:
    """Of one account."""

    front: FrontDoor
    desk: DeskDoor
    trades: TradeDoor
    account: AccountDoor
