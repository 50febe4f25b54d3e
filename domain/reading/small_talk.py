"""Remarks of one word that leave an order as it is. One that is not known here may take it back: "psych", "undo"."""

import re
from collections.abc import Sequence

from domain.reading.chunks import Chunk
from domain.reading.vocabulary import Role

_SHORT = 2  # chunks
_QUIET = (Role.WORD, Role.FILLER, Role.MARK, Role.NEWLINE)
_STRETCHED = re.compile(r"(.)\1{2,}")
_KNOWN = frozenset(
    """
    a about above account accordingly accumulating act action active actively add added adding adds adjust again aggressive
    alert alerts all always am amazing an and any are area as asap ascending at avg away b base based be bear bearish
    beautiful because bet better big bit blowing bold bottom bounce bounces bouncing break breaking breakout breakouts
    breaks brother build building bull bullish buy buyers buying by calls candle candles careful catalyst chain channel
    chart charts cheap cheapie cheapies cheapy chill chop choppy clean close clear cold coming commodities conservative
    consolidation continuation conviction cost costs could crazy creep cross crush crypto cup cut cuts daily data day
    days dd decent deep degen delta diamond dip dips discipline discount div divergence dont double down downtrend dyor
    early earnings easy eat eating economy ema emas end energy enjoy enter entries entry er even everyone exit exits
    expect expecting expensive expiration extended extra eyes fade fam far fast favorite favourite fed feel feeling few
    fibs fill fills fine fire first flag flags flip flow flows fly flying fomc fomo for fresh friends from full fun
    fundamentals funds gamble gambling gamma gang gap gaps gentle get gl glta gla gltu go goal god godspeed goes going gold
    golden good got grab great green grind grinding group growth guess guidance guys hail half hammer hand handle hands
    happy hard head healthcare heavy hedge hedged hedges hedging height here hi high higher highs hits hl hod holding
    hold holds hot hour hourly house how huge hunt hurry i idc idk ill im imo in inflation inside insider intraday into
    ira is it its iv join just keep key knife kumo lead leader leaders leap leaps leg lets letsgo leverage lfg lfgo lgtm
    light like liking limit limits liquid liquidity little load long longer look looking looks loose lotto lottos love
    loving low lower lows luck lucky macd macro magic mama manage management market master matters may me mean medium
    mental mid min mine mini moc mode moment momentum momo money monster month monthly months moon mooning more morning
    move moves moving much multi my narrative nasdaq near need news next nfa nibble nibbles nice night no normal note now
    number oil ok okay on one only oops open opening or order oscillator our out over overnight own oversold overbought
    partial patience patient pattern pay pays pennant phone pivot play plays please pls pop portfolio position possible
    power pre premium pressure price print printing prints pt pull pullback pump pumps push puts qqq quick quickie
    quickly radar rally range ranging ready real rebound reclaim reclaimed red reentry relative reload repeat resistance
    responsibly rest retest retests return reversal reversals ride rides rip ripping risk risks risky risking roll room
    rotation rotating rsi run runner runners running s safe same scalp scalper scalping scalps sector secular see seller
    sellers semi semis sell send sending set setup setups shares short sideways sit size sized sizing slow small smaller
    soon sorry spec speculative speculation spicy spot spread spy spx squeeze stack stacking starter starting starts
    stay still stoch stock stop stops strength strict strong structure super support supports sure swing swinging swings
    take takes target targets tape team tech technicals term test that the theta they thin this ticker tight tighter time
    tiny to today together too took top topping touch trade trades trading trail trend trending trendline trends trial
    trigger trust try trying turn tv two u under undervalued undercut up uptrend us use using value very vibes view
    volatile volatility volume vwap wait watch watching way we weak weakness wedge week weekly weeks well wide wild will
    win with within work working works world worth wyckoff x yall yes yolo yolos you your zero zone
    w wk cant chasing driving car plane meeting boys girls ladies gents legends folks peeps gamblers chat brb afk typing
    mobile newsletter video stream live voice notes thread below attached pic image picture screenshot link info details
    sleeve book quantity qty trader acct leash longs lmt setup there none tbd debit credit invalidation settled deal
    dump dumping selling bid bids ask mm mms dealers short-term long-term mid-term near-term pre-market ah pm am
""".split()
) - frozenset(
    """
    test no not trial ready radar soon incoming watching watch wait working screenshot paper oops next possible could may
    idea open holding order red win print printing running flying ripping paying moving mooning pump pay pays mean
    reload send sending sell selling insider lgtm goal
""".split()
)


def is_unknown_remark(clause: Sequence[Chunk]) -> str | None:
    """The word of a short clause that is not known; None for a longer clause, or one that is understood."""
    words = [chunk for chunk in clause if chunk.role is Role.WORD]
    if len(clause) > _SHORT or len(words) != 1 or any(chunk.role not in _QUIET for chunk in clause):
        return None
    return None if _is_known(words[0].lower) else words[0].text


def _is_known(word: str) -> bool:
    word = word.replace("'", "")
    return word in _KNOWN or _STRETCHED.sub(r"\1", word) in _KNOWN or _STRETCHED.sub(r"\1\1", word) in _KNOWN
