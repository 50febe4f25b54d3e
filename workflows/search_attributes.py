"""The search attributes that make the Web UI's list readable and filterable as trades."""

from typing import Any

from temporalio.common import SearchAttributeKey

SYMBOL = SearchAttributeKey.for_keyword("Symbol")  # the underlying: "UBER", "/ES"
SIDE = SearchAttributeKey.for_keyword("Side")  # the alert's action: "BTO"
TRADE_STATE = SearchAttributeKey.for_keyword("TradeState")  # domain.trade.TradeState
AUTHOR = SearchAttributeKey.for_keyword("Author")
CHANNEL = SearchAttributeKey.for_keyword("Channel")
MODE = SearchAttributeKey.for_keyword("TradingMode")  # where orders go; plain "Mode" is a reserved word of queries
PNL = SearchAttributeKey.for_float("Pnl")  # realised, dollars before fees; for lists only, money itself is Decimal

SEARCH_ATTRIBUTES: tuple[SearchAttributeKey[Any], ...] = (SYMBOL, SIDE, TRADE_STATE, AUTHOR, CHANNEL, MODE, PNL)
