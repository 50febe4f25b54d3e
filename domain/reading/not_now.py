"""What makes a close none of now: it depends, is still to come, was done another day, or only rests at the broker."""

import re
from datetime import date

from domain.alert import Action
from domain.reading import closing_words, evidence, sentences
from domain.reading.clauses import Clause, said
from domain.reading.draft import Draft
from domain.reading.kept import tells_what_stays
from domain.reading.phrases import any_of
from domain.reading.refusal import NotRead, not_an_alert

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COMES_BACK = any_of(r"""
    re-?enter(?:ing)?, re-?entry, re-?load(?:ing)?, back in(?:to)?, again, get (?:them|it) back, buy back, re-?add,
    look(?:ing)? (?:to|for), next one, runners?, rest, remain\w*, rebuy\w*, re-?buy, half
""")
_TO_COME = any_of(r"""
    (?:into|on) any(?! more), by \d\d?:\d\d\S*, (?:around|near|at) lunch, next (?:mon|tue|wed|thu|fri)\w*, ^over the
    weekend, tomorrow(?!'s), tmrw, tmr, later(?! (?:than|in the)), tonight, soon, next week, (?:on|by|before|come)
    (?:the )?next (?:week|session|month), monday morning, first thing, in the (?:morning|am|afternoon), this
    (?:afternoon|evening), by (?:the )?(?:eod|end of (?:the )?(?:day|week)|close|bell|noon|lunch|open), at (?:the
    )?(?:open|bell|eod|close), (?:on|at) (?:the )?next open, pre-?market open, end of (?:the )?day, eod, over lunch,
    after (?:the )?(?:close|bell|open|lunch|print|cpi|fed|fomc|news), before (?:the )?open, ^in (?:an?|\d+|a few|ten|\
    five) (?:hours?|minutes?|mins?|days?)
""")
# Said of something else than the close.
_OF_ELSE_TO_COME = any_of(r"""
    (?:see|catch|talk to|c) <2>(?:tomorrow|tmrw|later|soon|monday|next week|tonight), (?:back|again|more|another|\
    fresh|start|new|go|done|off|out of here|until|till|til) <3>(?:tomorrow|tmrw|later|soon|next week|monday|tonight|\
    in the morning|after (?:the )?(?:lunch|close|bell|open)), can wait, next (?:one|idea|trade|play|up|alert)
    <3>(?:tomorrow|later|soon|next week|monday|after (?:the )?(?:lunch|close|open)), half day (?-i:[a-z])\w+, (?:too|\
    not a moment too|way too|sold too|sooner|rather) soon, (?:sooner|now|better) (?:or|than) later, (?:don'?t |not |\
    won'?t |no |never )<3>(?:tomorrow|overnight|next week|later|tonight|soon|eod|at the close), (?:earnings|er|cpi|\
    ppi|fed|fomc|pce|nfp|jobs|data|report|reports|opex|event|print|holiday|ex-?div) <3>(?:tomorrow|tmrw|later|\
    tonight|soon|next week|in the morning|after the (?:close|bell)|this (?:afternoon|evening)|before the open),
    (?:i'?ll|we'?ll| will|may|might|could|going to|gonna|looking to|look to) <3>(?:re-?\w+|buy|get|add|look|be back|\
    revisit|watch|try| enter|jump|play|bto|write|post|explain|share)\b[\w' ]*
""")
_SHORT = (("mon",), ("tue", "tues"), ("wed", "weds"), ("thu", "thur", "thurs"), ("fri",), (), ())
_EVENT = any_of(r"""
    inventor(?:y|ies), opex, gdp, pce, jobs, nfp, holiday, powell, speaks, auction, ex-?div\w*, dividend, earnings,
    er, reports?, cpi, ppi, fomc, fed, data, event, half day
""")
_DEPENDS = any_of(r"""
    ^<4>(?:close|closes|break|breaks|candle) <1>(?:below|under|over|above), ^(?:below|under|over|above) (?:the
    )?(?:vwap|\d*[es]?ma|support|resistance|lows?|highs?|lod|hod|pm), worst case
""")
_PERCENT = re.compile(r"\b(?:over|under|above|below) (?=\d+ ?%)", re.IGNORECASE)
_ENTRY_BEFORE = re.compile(
    r"\b(?:in|from|bought|paid|entered|entry|since|held|hold|holding|opened|added|took|buy|in at|alerted|alert"
    r"|like|than"
    r"|into|for|until|through|thru)(?: [\w.$']+){0,3} $",
    re.IGNORECASE,
)
_SOLD_THEN = re.compile(r"\bsold\b", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:before|ahead of) (?:the )?(?!open)\w+", re.IGNORECASE)  # a reason, and no condition
_PAST = any_of(r"""
    while (?:ago|back), (?:and )?(?:then|before) (?:it |they )?(?:ran|ripped|mooned|flew|doubled|\
    tripled|exploded|took off|went to),
    (?:days?|weeks?|months?|hours?) back, this am, yesterday(?!'s (?:high|low|range|close)), last (?:wk|week|night|\
    session|month|friday|monday|tuesday|wednesday|thursday), earlier(?! than), this morning, (?:days?|ages|hours?|\
    weeks?|months?|minutes?|mins?) ago, the other (?:day|week), (?:an?|\d+|few|couple) <1>(?:hours?|minutes?|mins?|\
    days?) (?:later|after)(?! (?:entry|i|we|buying|the entry|entering)), in the am, (?:on|back on|since) the
    \d\d?(?:st|nd|rd|th), at the open (?:today|this), it (?:hit|ran|went to|peaked|topped) \S+
""")
_RESTS = any_of(r"""
    fill (?:me |this |it )?(?:pls|plz|please), is (?:my|where|the|our) <2>(?:offer\w*|ask|bid|limit|order),
    ^<1>(?:offer|offered|offering|ask|limit)$, my (?:ask|offer|limit|order), stop[- ]?limit, stop order, limit order,
    oco, oto, bracket(?: order)?, contingent, conditional, gtc, day order, stp, market on close, moc, (?:sell|buy)
    (?:limit|stop), (?:is |still |just |now |order |it'?s )?working(?=$| on| at| it| order| the), resting, (?:come
    on|please|pls|plz|someone|somebody|anyone) <1>fill, fill me, hanging (?:out )?on (?:the )?(?:ask|bid|offer|mid),
    (?:not|never|hasn'?t|haven'?t|didn'?t|wasn'?t|isn'?t) <2>(?:hit|filled|executed|triggered|done|through|sold|gone
    through|fill)(?! (?:my target|the target|target|me hard|it|that|right))(?: yet)?, (?:your |the |my |an? )?order
    (?:#?\d+ )?(?:to \w+ )?<3>(?:placed|received|accepted|entered|submitted|routed|sent|in|live|open|up|working|\
    resting|queued|set), orders? (?:in|up|set|placed|is in), (?:trying|tryna|try|attempting|waiting|offered|offering|\
    asking|hoping|hope|want|wants|looking) <1>(?:to (?:sell|get out|fill|close|exit|dump|unload|get filled)|for (?:a
    )?fill|at), (?:sitting|sits|parked|up|posted|resting|offered) (?:on|at) the (?:ask|offer|mid|bid), partially
    filled, part filled, need(?:s)? a fill, looking for (?:a )?fill, no (?:fill|takers|luck|execution|bids?),
    unfilled, untriggered, placing, placed, submitting
""")
_HELD = any_of(r"""
    giv(?:e|ing) (?:it|this|them|these) <2>(?:time|room|till|until|chance|days?|week|shot), (?:decided|gonna|going|\
    rather|actually|think i'?ll|i'?ll|we'?ll|might|may|maybe|just|will|better|instead|on second) <3>(?:hold|holding|\
    keep|keeping)(?! (?:a|an|the|one|two|three|half|some|my|\d|1/|last|on to|onto|just|back|cash|off|another|few|\
    going|it simple|what)), not (?:selling|closing|exiting|out|sold|trimming), (?:actually|decided|gonna|i'?ll|will)
    <2>(?:hold|keep)(?:ing)? (?:it|this|them|these)(?: |$), changed my mind
""")


def check_now(clause: Clause, draft: Draft) -> None:
    """NotRead when the clause says that the close is none of now. What stays may depend, and may be sold later."""
    text = said(clause)
    plain = _PERCENT.sub(" ", closing_words.GOES_ON.sub(" ", sentences.HARMLESS.sub(" ", text)))
    if not tells_what_stays(clause):
        meant = _OF_ELSE_TO_COME.sub(" ", plain)
        _check_condition(_BEFORE.sub(" ", meant))
        _check_later(meant, draft)
    for found in (_RESTS.search(plain), _HELD.search(plain)):
        if found:
            raise not_an_alert(f"not sold: {found.group()}")
    if (past := _PAST.search(text)) and not _is_of_the_entry(text[: past.start()], draft):
        raise not_an_alert(f"told of the past: {past.group()}")


def _check_condition(text: str) -> None:
    found = _DEPENDS.search(text) or closing_words.CLOSE_CONDITIONAL.search(text) or evidence.CONDITIONAL.search(text)
    if found and not _COMES_BACK.search(text[: found.start()]):
        raise _depends(found.group())


def _depends(piece: str) -> NotRead:
    return not_an_alert(f"depends: {piece}")


def _check_later(meant: str, draft: Draft) -> None:
    if (found := _TO_COME.search(meant)) and not _EVENT.search(meant[: found.start()]):
        raise not_an_alert(f"not done yet: {found.group()}")
    place = 0
    for word in meant.split(" "):
        if _is_another_day(word, draft.today) and not _is_named_for_else(meant[:place], draft):
            raise not_an_alert(f"of another day: {word}")
        place += len(word) + 1


def _is_another_day(word: str, today: date) -> bool:
    name = word.lower()
    weekday = next((at for at, day in enumerate(_WEEKDAYS) if name in (day, f"{day}s") or name in _SHORT[at]), None)
    return weekday is not None and weekday != today.weekday()


def _is_named_for_else(before: str, draft: Draft) -> bool:
    """ "cpi wednesday", "in from Friday", "into the Friday close"."""
    return bool(_EVENT.search(before)) or _is_of_the_entry(before, draft)


def _is_of_the_entry(before: str, draft: Draft) -> bool:
    """Whether it tells when the position was opened: "in from yesterday"; what is bought back was sold then."""
    is_sold_then = draft.action is Action.BTC and _SOLD_THEN.search(before)
    return bool(is_sold_then or _ENTRY_BEFORE.search(before))
