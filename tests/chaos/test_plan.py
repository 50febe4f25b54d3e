from collections import Counter

from chaos.contracts import contracts
from chaos.plan import Market, draw
from paper.faults import Fault


def test_the_same_seed_draws_the_same_plan() -> None:
    assert draw(7, 20) == draw(7, 20)
    assert draw(7, 20) != draw(8, 20)


def test_every_part_is_killed_and_the_trades_worker_most() -> None:
    kills = Counter(kill.victim for _, kill in draw(1, 200).kills)
    assert set(kills) == {"trades", "temporal", "paper", "audit", "door"}
    assert kills.most_common(1)[0][0] == "trades"


def test_each_of_two_workers_is_killed() -> None:
    assert {"trades", "trades-2"} <= {kill.victim for _, kill in draw(1, 50, workers=2).kills}


def test_alerts_meet_every_market_and_each_trades_a_contract_of_its_own() -> None:
    alerts = [alert for _, alert in draw(1, 25).alerts]
    assert {alert.market for alert in alerts} == set(Market)
    assert len({alert.option.symbol for alert in alerts}) == len(alerts)


def test_some_alerts_are_old_some_repeated_and_some_cancelled() -> None:
    alerts = [alert for _, alert in draw(1, 50).alerts]
    assert any(alert.age for alert in alerts)
    assert any(alert.repeated_after is not None for alert in alerts)
    assert any(alert.cancelled_after < 12 for alert in alerts)


def test_every_drawn_fault_is_one_that_the_exchange_takes() -> None:
    plan = draw(1, 100)
    symbol = next(contracts()).symbol
    for fault in [fault for _, alert in plan.alerts for fault in alert.faults]:
        Fault.model_validate({**fault, "symbol": symbol})
    for _, fault in plan.disturbances:
        Fault.model_validate(fault)
