"""All points, area by area."""

from types import ModuleType

from tests.paper.conformance import (
    account_streams,
    complex_orders,
    costs,
    days,
    dry_runs,
    durability,
    fault_orders,
    fault_quotes,
    fault_requests,
    fault_streams,
    holdings,
    instruments,
    lists,
    market,
    market_model,
    orders,
    quote_streams,
    quotes,
    records,
    replacing,
    requests,
    rules,
)
from tests.paper.conformance.point import Point

AREAS: tuple[ModuleType, ...] = (
    orders,
    records,
    dry_runs,
    replacing,
    complex_orders,
    rules,
    costs,
    requests,
    lists,
    account_streams,
    quote_streams,
    quotes,
    instruments,
    market,
    market_model,
    holdings,
    days,
    durability,
    fault_requests,
    fault_orders,
    fault_streams,
    fault_quotes,
)
POINTS: tuple[Point, ...] = tuple(value for area in AREAS for value in vars(area).values() if isinstance(value, Point))
