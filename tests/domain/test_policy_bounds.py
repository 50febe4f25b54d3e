"""Changing one number of the policy while the desk trades: whatever is asked, it answers, and can still calculate."""

import json
from decimal import Decimal

import pytest
from pydantic import JsonValue

from domain.command import Person, SetLimit
from domain.policy import set_limit
from domain.settings import DeskPolicy

WHO = Person(name="alice", via="api")
BEYOND_REASON: list[JsonValue] = [
    *("P999999999D", "-P1D", "1E+1000000", "1E-1000000", "9E999999", "", "x", "NaN", "Infinity"),
    *(10**400, 1e308, -1, float("nan"), float("inf"), None, [], {}, [None], {"lotto": "1E+999999"}, "\x00"),
]
NUMBERS = [
    f"{area}.{field}"
    for area, fields in DeskPolicy().model_dump(mode="json", exclude={"allowlist"}).items()
    for field in fields
]


@pytest.mark.parametrize("name", NUMBERS)
def test_no_value_stops_the_desk_or_leaves_a_number_that_overflows(name: str) -> None:
    for value in BEYOND_REASON:
        policy, told = set_limit(DeskPolicy(), SetLimit(by=WHO, name=name, value=value))
        assert told.refused is not None or policy == DeskPolicy.model_validate_json(policy.model_dump_json())
        for number in _decimals(policy.model_dump()):
            assert number == 0 or Decimal("1E-6") <= number <= Decimal("1E+9")
        assert json.loads(policy.model_dump_json())


def _decimals(held: object) -> list[Decimal]:
    if isinstance(held, dict):
        return [number for inner in held.values() for number in _decimals(inner)]
    return [held] if isinstance(held, Decimal) else []
