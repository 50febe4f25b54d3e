"""Remarks of one word that leave an order as it is. One that is not known here may take it back: "psych", "undo"."""

import re
from collections.abc import Sequence

from domain.reading.chunks import Chunk
from domain.reading.vocabulary import Role, word_set

_SHORT = 2  # chunks
_QUIET = (Role.WORD, Role.FILLER, Role.MARK, Role.NEWLINE)
_STRETCHED = re.compile(r"(.)\1{2,}")
_KNOWN = word_set("""
    a about above accordingly account acct accumulating act action active actively add added adding adds adjust afk
    again aggressive ah alert alerts all always am amazing an and any are area as asap ascending ask at attached avg
    away b base based be bear bearish beautiful because below bet better bid bids big bit blowing bold book bottom
    bounce bounces bouncing boys brb break breaking breakout breakouts breaks brother build building bull bullish
    buy buyers buying by calls candle candles cant car careful catalyst chain channel chart charts chasing chat
    cheap cheapie cheapies cheapy chill chop choppy clean clear close cold coming commodities conservative
    consolidation continuation conviction cost costs crazy credit creep cross crush crypto cup cut cuts daily data
    day days dd deal dealers debit decent deep degen delta details diamond dip dips discipline discount div
    divergence dont double down downtrend driving dump dumping dyor early earnings easy eat eating economy ema emas
    end energy enjoy enter entries entry er even everyone exit exits expect expecting expensive expiration extended
    extra eyes fade fam far fast favorite favourite fed feel feeling few fibs fill fills fine fire first flag flags
    flip flow flows fly folks fomc fomo for fresh friends from full fun fundamentals funds gamble gamblers gambling
    gamma gang gap gaps gentle gents get girls gl gla glta gltu go god godspeed goes going gold golden good got grab
    great green grind grinding group growth guess guidance guys hail half hammer hand handle hands happy hard head
    healthcare heavy hedge hedged hedges hedging height here hi high higher highs hits hl hod hold holds hot hour
    hourly house how huge hunt hurry i idc idk ill im image imo in inflation info inside into intraday invalidation
    ira is it its iv join just keep key knife kumo ladies lead leader leaders leap leaps leash leg legends lets
    letsgo leverage lfg lfgo light like liking limit limits link liquid liquidity little live lmt load long
    long-term longer longs look looking looks loose lotto lottos love loving low lower lows luck lucky macd macro
    magic mama manage management market master matters me medium meeting mental mid mid-term min mine mini mm mms
    mobile moc mode moment momentum momo money monster month monthly months moon more morning move moves much multi
    my narrative nasdaq near near-term need news newsletter nfa nibble nibbles nice night none normal note notes now
    number oil ok okay on one only opening or oscillator our out over overbought overnight oversold own partial
    patience patient pattern peeps pennant phone pic picture pivot plane play plays please pls pm pop portfolio
    position power pre pre-er pre-market premium pressure price prints pt pull pullback pumps push puts qqq qty quantity
    quick quickie quickly rally range ranging real rebound reclaim reclaimed reentry relative repeat resistance
    responsibly rest retest retests return reversal reversals ride rides rip risk risking risks risky roll room
    rotating rotation rsi run runner runners s safe same scalp scalper scalping scalps sector secular see seller
    sellers semi semis set settled setup setups shares short short-term sideways sit size sized sizing sleeve slow
    small smaller sorry spec speculation speculative spicy spot spread spx spy squeeze stack stacking starter
    starting starts stay still stoch stock stop stops stream strength strict strong structure super support supports
    sure swing swinging swings take takes tape target targets tbd team tech technicals term that the there theta
    they thin this thread ticker tight tighter time tiny to today together too took top topping touch trade trader
    trades trading trail trend trending trendline trends trigger trust try trying turn tv two typing u under
    undercut undervalued up uptrend us use using value very vibes video view voice volatile volatility volume vwap w
    way we weak weakness wedge week weekly wheel weeks well wide wild will with within wk work works world worth
    wyckoff x yall yes yolo yolos you your zero zone
""")


def is_unknown_remark(clause: Sequence[Chunk]) -> str | None:
    """The word of a short clause that is not known; None for a longer clause, or one that is understood."""
    words = [chunk for chunk in clause if chunk.role is Role.WORD]
    if len(clause) > _SHORT or len(words) != 1 or any(chunk.role not in _QUIET for chunk in clause):
        return None
    return None if _is_known(words[0].lower) else words[0].text


def _is_known(word: str) -> bool:
    word = word.replace("'", "")
    return word in _KNOWN or _STRETCHED.sub(r"\1", word) in _KNOWN or _STRETCHED.sub(r"\1\1", word) in _KNOWN
