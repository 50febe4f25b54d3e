from collections import Counter

import pytest

from chaos.exchange import market_path
from chaos.plan import Market


@pytest.mark.parametrize("market", list(Market))
def test_a_market_moves_on_and_tells_each_quote_once(market: Market) -> None:
    path = market_path(market)
    assert [point["after"] for point in path] == sorted(point["after"] for point in path)
    told = Counter((point["bid"], point["ask"], point["ask_size"]) for point in path)
    assert set(told.values()) == {1}


def test_a_market_that_doubles_ends_there() -> None:
    assert market_path(Market.SELLS)[-1]["bid"] == "1.62"
