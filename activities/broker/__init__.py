"""TastyTrade behind the broker's activities: the real SDK over real sockets, to whichever endpoint it is pointed at."""

from activities.broker.activities import TastytradeBroker
from activities.broker.kill import Killed, KillSwitch
from activities.broker.orders import Orders
from activities.broker.session import BrokerCredentials, BrokerEndpoint, BrokerSession
from activities.broker.watch import TastytradeWatch

__all__ = [
    "BrokerCredentials",
    "BrokerEndpoint",
    "BrokerSession",
    "KillSwitch",
    "Killed",
    "Orders",
    "TastytradeBroker",
    "TastytradeWatch",
]
