"""The stocks that a sentence names in capitals."""

import re

from domain.reading.tickers import ticker
from domain.reading.vocabulary import word_set

SYMBOL = re.compile(r"(?<![\w$./])\$?(?P<symbol>[A-Z]{1,5})(?![\w'/])")
NO_STOCK = word_set("""
    I A AM PM AI US EU UK ATH HOD LOD IV ER EPS IPO ETF FOMO OK CPI PPI FOMC GDP FED NFP ISM PMI OPEC CEO CFO SEC DTE
    LEAP LEAPS TA YTD EOD EOW SL PT TP RSI MACD VWAP EMA SMA ADX IRA ETH BTC SOL VP MD CNBC PCE ADP TLT DXY VIX TNX UUP
    ROTH CFA NYSE CBOE GTC
""")


def stocks_in(text: str) -> set[str]:
    """The symbols of stocks in a text."""
    return {name for name in SYMBOL.findall(text) if name not in NO_STOCK and ticker(name) is not None}
