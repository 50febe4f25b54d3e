"""A symbol that is named in the sentence before its order: `GS is through 848. Long the Jan 15th 870c at 13.60`.

The sentence says where the symbol is, and nothing against an order; the order names no other.
"""

import re
from decimal import Decimal

from domain.reading.vocabulary import word_set

_VERB = (
    r"(?:i'?m |i |just )*(?:BTO|bought|buying|long|going long|grabbed|grabbing|taking|took|entered|entering|scooped"
    r"|picked up|in|sold|selling|STC|trimmed|out of|closed|cut)"
)
_STRIKE = r"\$?(?P<strike>\d{1,5}(?:\.\d{1,2})?) ?(?:c|p|calls?|puts?)"
_DAY = (
    r"(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|0dte|"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?)"
)
_SENTENCE = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,6}})\$?(?P<symbol>[A-Z]{{1,5}}) (?P<said>[a-z][^\n,!?;:]{{2,60}}?)(?:[.!] |, )"
    rf"(?P<verb>{_VERB}) (?P<contract>(?:the |a |some |\d{{1,3}} )?(?:{_DAY} )?{_STRIKE}\b)",
    re.IGNORECASE,
)
_STANDS = re.compile(
    r"(?:(?:is |is now |just got |now |finally )(?:through|over|above|below|under|strong|weak|hot|coiled|clean)"
    r"|(?:is |just |now |finally |still |has )*(?:holding|held|reclaimed|reclaiming|broke|breaking|broke out|bouncing"
    r"|bounced|triggered|trending|flagging|curling|ripping|fading|rejected|stalling|stalled|failing|basing|cracked"
    r"|looks? (?:ready|strong|good|great|weak|heavy)))"
    r"(?: (?:the|its|a|\d[\d.]*|on|volume|vwap|here|now|nicely|cleanly|again|out|range|level|support|resistance|highs?"
    r"|lows?|trend|trendline|base|hod|lod|of|day|50|200|ema|sma|premarket|open|opening|with|and|size|momentum))*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{2,5}(?:\.\d{1,2})?")
_NEAR = (Decimal("0.75"), Decimal("1.33"))
NO_STOCKS = word_set(
    "VIX BTC ETH SOL DXY TNX ES NQ CL GC YM RTY I A IT WE SEC CEO CFO FED FOMC CPI PPI PCE NFP GDP OPEC EIA ISM"
)
OF_AN_INDEX = word_set("SPY QQQ IWM SPX NDX DIA SMH XLK")


def with_symbol(text: str) -> str:
    """The text with the symbol moved to its order; as it stands where the sentence may say anything else."""
    found = _SENTENCE.match(text)
    if found is None or not found["symbol"].isupper() or found["symbol"] in NO_STOCKS:
        return text
    is_sale = re.search(r"(?i)\b(?:sold|selling)$", found["verb"]) is not None
    if is_sale and not re.match(r"(?i)(?:my|the) ", found["contract"]):
        return text
    if not _STANDS.fullmatch(found["said"]) or not _is_near(found):
        return text
    return f"{found['before']}{found['verb']} {found['symbol']} {found['contract']}{text[found.end() :]}"


def _is_near(found: re.Match[str]) -> bool:
    """Whether the level that is named can be of the strike's stock; an index must have one."""
    levels = [Decimal(number[0]) for number in _NUMBER.finditer(found["said"]) if number[0] not in ("50", "200")]
    if not levels:
        return found["symbol"] not in OF_AN_INDEX
    strike = Decimal(found["strike"])
    return all(strike * _NEAR[0] <= each <= strike * _NEAR[1] for each in levels)
