"""Margin and limits: the routes that the SDK has no method for."""

import pytest
from tastytrade import Account, Session
from tastytrade.utils import TastytradeError


async def test_an_underlyings_requirements_and_the_accounts_limits(session: Session, account: Account) -> None:
    base = f"/accounts/{account.account_number}"
    requirements = await session._get(f"{base}/margin-requirements/BRK%2FB/effective")
    assert (requirements["underlying-symbol"], requirements["naked-option-standard"]) == ("BRK/B", "0.2")
    limits = await session._get(f"{base}/position-limit")
    assert limits["account-number"] == account.account_number
    assert limits["equity-option-order-size"] > 0


async def test_what_is_not_listed_or_not_ours_is_refused(session: Session, account: Account) -> None:
    with pytest.raises(TastytradeError, match="record_not_found"):
        await session._get(f"/accounts/{account.account_number}/margin-requirements/NOPE/effective")
    for path in ("/margin/accounts/5WX99999/requirements", "/accounts/5WX99999/position-limit",
                 "/accounts/5WX99999/balance-snapshots", "/accounts/5WX99999/net-liq/history"):  # fmt: skip
        with pytest.raises(TastytradeError, match="not_permitted"):
            await session._get(path)
