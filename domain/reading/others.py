"""Other positions that the words behind a close speak of: what is kept or trimmed of them is not of this one."""

from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause
from domain.reading.draft import Draft
from domain.reading.vocabulary import Role, word_set

# Capitals that are no tickers, or the market's, which any trade is measured by.
_NO_TICKERS = word_set("""
    BE SL PT TP IV VWAP CPI PPI FOMC FED ER EOD HOD LOD ATH PM AM ET EST GM LFG LOL ITM OTM ATM DTE SPX SPY QQQ IWM
    VIX ES NQ RSI EMA SMA USA AI HOLD ALL OUT HALF REST NOT NOW WIN RUN OK WOW GG RIP NFP PCE GDP OPEX TA DD PL PNL
    ROI US UK EU II III BTO STC STO BTC PDT IRA DCA HTF LTF MACD BB FVG POC ORB EPS YOLO FOMO TOS IBKR RH CEO CFO
    BOOM BANG LMAO OMG TGIF
""")
_SHORTEST, _LONGEST = 2, 5  # letters


def names_another(clause: Clause, draft: Draft) -> str | None:
    """Another ticker that the clause names, or None. In a message all in capitals none can be told."""
    words = [chunk for chunk in clause if chunk.text.isalpha() and len(chunk.text) > 1]
    if len(words) > 1 and all(chunk.text.isupper() for chunk in words):
        return None
    return next((chunk.text for chunk in clause if _is_ticker(chunk) and chunk.text.lstrip("$") != draft.symbol), None)


def _is_ticker(chunk: Chunk) -> bool:
    if chunk.role is Role.SYMBOL:
        return True
    is_word = chunk.role is Role.WORD and chunk.text.isalpha() and chunk.text.isupper()
    return is_word and _SHORTEST <= len(chunk.text) <= _LONGEST and chunk.text not in _NO_TICKERS
