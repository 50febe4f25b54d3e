"""Sentences behind an order that say nothing to it: what the author means to do with it, feels, or holds of it.

They are left out where each is of a known kind, and has no word that takes the order back, orders anything, or tells
how much of a position is sold.
"""

import re

from domain.reading import evidence

_PRICED = re.compile(
    r"(?:\b(?:at|for|paid|between|around|about)|@) ?\$?(?:\d{1,5}(?:\.\d{1,4})?|\.\d{1,2})"
    r"(?: ?(?:-|to|and) ?\$?\d*\.?\d+)?(?: each| apiece)?(?![\d%]| ?(?:min|day|week|month|hour)|[./]\d)",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\b(?:bto|bought|buying|picked up|picking up|added|adding|took|taking|grabbed|grabbing|opened|opening|starter"
    r"|start(?:ed|ing)|entered|entering|long|purchased|nibbl(?:ed|ing)|add|paid|entry)\b",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"\b(?:stc|sold|selling|closed|closing|trimmed|trimming|exit(?:ed|ing)?|stopped|out of|cut|cutting|covered"
    r"|bought back|buying back)\b",
    re.IGNORECASE,
)
_ADDS = re.compile(r"\b(?:add\w*|more|another|again)\b", re.IGNORECASE)
_OF_SHARES = re.compile(r"\b(?:shares|stock|sh)\b", re.IGNORECASE)
_BEGIN = r"(?P<mark>[.;,!(-]|\n|(?=[ ]))\s*(?:(?:and|but|so|because|though|as|since|which means) )*"
_END = r"(?:(?=\s*(?:$|[;!\n)]|\.(?!\d))))"
_WORDS = r"(?:[^\n.;!()]|(?<=\d)\.(?=\d)|\.(?=\d))*?"
_I_WILL = (
    r"(?:i|we)(?:'ll| will|'d| would| may| might| expect to| plan to| intend to| am going to|'m going to| hope to"
    r"|'m looking to| am looking to)"
)
_OFTEN = r"(?: (?:then|also|only|just|probably|likely|happily|gladly|not|never|simply))*"
_PLAN = re.compile(
    rf"{_BEGIN}{_I_WILL}{_OFTEN} (?:add|stop out|get out|exit|cut (?:it|them)|hold(?! off)|give (?:it|them|this|that)"
    r"|sit (?:in|with|through)|trim|take (?:profits?|some|half|the loss|it off|them off)|scale out|trail"
    r"|let (?:it|them|this)|manage|lose (?:that|the|all|it|them)|be out|stay (?:in|long)|close (?:it|them|half)"
    rf"|look to (?:add|trim|sell)|sell (?:half|some|it|them|a third|the|into)|add to (?:it|them))\b{_WORDS}{_END}",
    re.IGNORECASE,
)
_OUT_IF = re.compile(
    rf"{_BEGIN}(?:i'm|im|i am|we're|we are) (?:out|wrong) (?:if|when|once|on a (?:close|break)|below|under) "
    rf"{_WORDS}{_END}",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\b(?:stop out|get out|exit|be out|out|wrong) (?:if|when|once|on) (?:it|they|the (?:stock|shares)|a|we)? ?"
    r"(?:closes?|close|trades?|breaks?|break|loses|gets|falls|drops|goes)? ?(?:back )?(?:below|under)? ?"
    r"\$?(?P<level>\d{1,5}(?:\.\d{1,2})?)\W*$",
    re.IGNORECASE,
)
_FEELING = re.compile(
    rf"{_BEGIN}(?:i'm|i am|we're) (?:glad|happy|fine|okay|ok|at peace|relieved|pleased|comfortable|content|sorry)\b"
    rf"{_WORDS}{_END}",
    re.IGNORECASE,
)
_WITHIN_REASON = re.compile(
    rf"{_BEGIN}(?:i'm|i am|we're) (?:happy|fine|okay|ok|comfortable|content) (?:to|with|losing|holding|owning|if)\b"
    rf"{_WORDS}{_END}",
    re.IGNORECASE,
)
_RATHER = re.compile(
    rf"{_BEGIN}(?:i'd|i would|we'd) (?:rather|sooner|prefer to|like|like to)(?: (?:simply|just|now))?"
    rf" (?:have|own|be|see|sit|take|more|less|keep)\b{_WORDS}{_END}",
    re.IGNORECASE,
)
_BY_THE_RULES = re.compile(
    rf"{_BEGIN}i (?:followed|followed all) (?:the|my|our) (?:plan|rules?|stops?|process){_END.replace('[;', '[,;')}",
    re.IGNORECASE,
)
_AS_LOST = re.compile(
    rf"{_BEGIN}(?:i )?(?:assume|consider|treat|call|count) (?:it|this|that|them|these|the premium|the money|all of it)"
    r"(?:'ll| will| is)? ?(?:goes? to|going to|expires?|as|to)? ?(?:zero|0|gone|lost|spent|worthless|insurance|nothing"
    rf"|money lost|lost money){_END}",
    re.IGNORECASE,
)
_SHARE_OF_BOOK = re.compile(
    rf"{_BEGIN}(?:(?:it|this|that)(?:'s| is) |about |roughly |the |same |around |just |only |for |sized? |at )*"
    r"(?:\d{1,2}(?:\.\d{1,2})? ?%|half a percent|one percent|two percent|(?:one|a) third|(?:one |a )?half"
    r"|(?:one|a) quarter|two thirds)(?: (?:of|as))? (?:(?:the|my|our|a|an) )?"
    r"(?:(?:usual|normal|full|regular|standard|total|other) )*"
    r"(?:book|account|portfolio|port|equity|capital|fund|position|size|allocation|risk|weight(?:ing)?|others?)"
    r"(?: (?:in premium|at risk|to start|for now|for me|again))*(?=\s*(?:$|[,;!\n)]|\.(?!\d)))",
    re.IGNORECASE,
)
_ALL_OF_IT = re.compile(
    rf"{_BEGIN}that(?:'s| is| was) (?:the |my )(?:whole|entire|full) (?:position|trade|lot|thing|stake)"
    rf"(?: (?:finished|done|closed|gone|sold|out))?{_END}",
    re.IGNORECASE,
)
_AVERAGE = re.compile(
    rf"{_BEGIN}(?:that (?:brings|puts|makes) )?(?:the|my|new|our|cost) ?(?:new )?(?:average|avg|basis)(?: price| cost)?"
    rf" (?:is |comes to |goes to |now |up to |down to |to |at |of )*\$?\d{{1,5}}(?:\.\d{{1,4}})?(?: now)?"
    rf"|{_BEGIN.replace('?P<mark>', '?P<other>')}(?:average|avg|basis) (?:is |now )+"
    r"\$?\d{1,5}(?:\.\d{1,4})?(?: now)?",
    re.IGNORECASE,
)
_PROMISED = re.compile(
    rf"{_BEGIN}(?:just )?(?:as|like) (?:promised|planned|discussed|mentioned|advertised"
    r"|(?:we|i)(?:'d| had|'ve)? (?:planned|discussed|said|promised|mentioned)(?: (?:i|we) would)?)"
    r"(?=\s*(?:$|[,;!\n)]|\.(?!\d)))",
    re.IGNORECASE,
)
_KIND_OF_IDEA = re.compile(
    r"[.;\n]\s*(?:an? )?(?:rates?|yields?|oil|gold|metals?|energy|commodity|macro|value|momentum|rotation|sector"
    r"|seasonal(?:ity)?|mean reversion|dividend|income|catch[- ]?up|relative strength|inflation|growth|quality"
    r"|defensive|turnaround|recovery|reopening|power|infrastructure) (?:idea|story|theme|trade|play)"
    r"(?=\s*(?:$|[;!\n)]|\.(?!\d)|, (?:a )?(?:slow|small|patient|quick|short|long)\b))",
    re.IGNORECASE,
)
_FIRST_PULLBACK = re.compile(
    rf"{_BEGIN}(?:the )?(?:first|second|third|clean|nice|good|shallow) (?:pullback|dip|test|retest|higher low|base"
    r"|bounce|flag|rest|pause) (?:after|since|off|from|into|to) (?:the|that|a|its) (?:\w+[ -]?){1,3}"
    r"(?=\s*(?:$|[,;!\n)]|\.(?!\d)))",
    re.IGNORECASE,
)
_NOT_LONG = re.compile(
    rf"{_BEGIN}(?:that|the|this) (?:pullback|dip|flush|bounce|retest|drop|wait|base|pause) (?:did not|didn't) "
    rf"(?:take|last) (?:too |very )?(?:long|much){_END}",
    re.IGNORECASE,
)
_TOO_BIG = re.compile(
    r"\b(?:is |was |got |getting |become |has become )?too (?:big|large|heavy|small)(?: a position| a weight)?"
    rf"(?: (?:for|in) (?:my|the) (?:taste|liking|book|comfort|portfolio|account))?{_END}",
    re.IGNORECASE,
)
_OF_THE_WEIGHT = re.compile(
    rf"{_BEGIN}(?:it|this|that|the position)(?:'s| is| was| has)? (?:got to|gotten to|grown to|grew to|at|up to|over) "
    r"\d{1,2}(?:\.\d)? ?% of (?:the|my) (?:book|account|portfolio|port)"
    rf"(?:,? and i (?:cap|trim|stop) (?:it |them |things )?at \d{{1,2}} ?%)?{_END}",
    re.IGNORECASE,
)
_MARKET = re.compile(r"(?<=[.;,!\n] )(?:the )?market (?=(?:feels|looks|is|acts|seems|still|wants)\b)", re.IGNORECASE)
_UNCHANGED = re.compile(
    rf"{_BEGIN}(?:the |my )?(?:sl|stops?|targets?|pts?) (?:is |are |stays? |remains? )?(?:unchanged|the same|as before)"
    r"(?=\s*(?:$|[,;!\n)]|\.(?!\d)))",
    re.IGNORECASE,
)
_OWN_WAY = re.compile(r"\b(?:can't|cannot|couldn't|can not) get out of (?:its|their) own way\b", re.IGNORECASE)
_LEVEL_REJECTED = re.compile(
    r"\b(?:level|resistance|vwap|zone|area|trendline) (?:was |got )?rejected\b(?! the order)", re.IGNORECASE
)
_NOT_WORKING = re.compile(
    r"\b(?P<what>thesis|setup|trade|idea) (?:is |was |just )*(?:not|isn't|wasn't) working(?: out)?\b", re.IGNORECASE
)
_FOR_ACCOUNT = re.compile(
    r" (?:for|in) (?:the|my) (?:retirement|long[- ]?term|longer[- ]term|dividend|income|swing|core|growth|taxable|main)"
    r"(?: account| portfolio| book)(?=\s*(?:$|[,;!\n)]|\.(?!\d)))",
    re.IGNORECASE,
)
_ALREADY_OWN = re.compile(r"(?<=\bshares )(?:that )?(?:i|we) (?:already )?(?:own|hold|have)\b", re.IGNORECASE)

_ORDERS = re.compile(
    r"\b(?:buy\w*|bought|enter\w*|entry|fill\w*|orders?|limit|bids?|post\w*|trigger\w*|instead|sold|paper|hold off"
    r"|before i|i did|calls?|puts?|contracts?|shares|typo|wait\w*|miss\w*|yesterday|last (?:week|month)|had|was|were"
    r"|monday|tuesday|wednesday|thursday|friday|tomorrow|correct\w*|mistake\w*|wrong)\b",
    re.IGNORECASE,
)
_AMOUNTS = re.compile(
    r"\b(?:half|third|quarter|rest|some|most|remain\w*|left|runners?|part|piece|keep\w*|hold\w*|held|\d+)\b",
    re.IGNORECASE,
)
_A_TEST = re.compile(r"\b(?:a|the) (?:test|retest|close|touch) (?:of|at|near|above|below|over|under)\b", re.IGNORECASE)

_OF_ENTRIES = (
    (("'ll ", " will ", "'d ", " would ", " may ", " might ", " to ", "looking"), _PLAN),
    (("out ", "wrong "), _OUT_IF),
    (("assume", "consider", "treat", "call", "count"), _AS_LOST),
    (("%", "percent", "third", "half", "quarter"), _SHARE_OF_BOOK),
    (("idea", "story", "theme", "trade", "play"), _KIND_OF_IDEA),
    (("first", "second", "third", "clean", "nice", "good", "shallow"), _FIRST_PULLBACK),
    (("did not", "didn't"), _NOT_LONG),
    (("i'm ", "i am ", "we're "), _WITHIN_REASON),
)
_OF_CLOSES = (
    (("'d ", " would "), _RATHER),
    (("followed",), _BY_THE_RULES),
    (("did not", "didn't"), _NOT_LONG),
    (("i'm ", "i am ", "we're "), _FEELING),
)
_OF_BOTH = (
    (" own way", _OWN_WAY, "is weak"),
    ("rejected", _LEVEL_REJECTED, ""),
    ("ed", _PROMISED, ""),
    ("shares ", _ALREADY_OWN, ""),
    (" account", _FOR_ACCOUNT, ""),
    (" portfolio", _FOR_ACCOUNT, ""),
    (" book", _FOR_ACCOUNT, ""),
    ("market ", _MARKET, "tape "),
)


def without_afterthoughts(text: str) -> str:
    """The text without the sentences behind its first price that say nothing to the order."""
    priced = _PRICED.search(text)
    if priced is None or priced.end() == len(text):
        return text
    head, tail = text[: priced.end()], text[priced.end() :]
    closes, opens = _CLOSES.search(head), _OPENS.search(head)
    if closes is not None and opens is not None:
        return text
    if closes is None and opens is None:
        return head + _behind_both(tail)
    return head + (_behind_close(tail) if closes else _behind_entry(tail, head))


def _behind_entry(tail: str, head: str) -> str:
    lower = tail.lower()
    for needed, kind in _OF_ENTRIES:
        if any(piece in lower for piece in needed):
            tail = kind.sub(_stop_of_shares if _OF_SHARES.search(head) else _left_out, tail)
    if ("av" in lower or "basis" in lower or "unchanged" in lower or "same" in lower) and _ADDS.search(head):
        tail = _UNCHANGED.sub("", _AVERAGE.sub("", tail))
    return _behind_both(tail)


def _behind_close(tail: str) -> str:
    lower = tail.lower()
    for needed, kind in _OF_CLOSES:
        if any(piece in lower for piece in needed):
            tail = kind.sub(_left_out_of_close, tail)
    if "% of" in lower:
        tail = _OF_THE_WEIGHT.sub("", tail)
    if "too " in lower:
        tail = _TOO_BIG.sub("", tail)
    if "working" in lower:
        tail = _NOT_WORKING.sub(r"\g<what> done", tail)
    if "that" in lower:
        tail = _ALL_OF_IT.sub(", all out", tail)
    return _behind_both(tail)


def _behind_both(tail: str) -> str:
    lower = tail.lower()
    for needed, kind, instead in _OF_BOTH:
        if needed in lower:
            tail = kind.sub(instead, tail)
    return tail


def _says_nothing(sentence: str) -> bool:
    rest = _A_TEST.sub(" ", sentence)
    return _ORDERS.search(rest) is None and evidence.WITHDRAWN.search(rest) is None


def _left_out(found: re.Match[str]) -> str:
    return "" if _says_nothing(found[0]) else found[0]


def _left_out_of_close(found: re.Match[str]) -> str:
    return found[0] if _AMOUNTS.search(found[0]) else _left_out(found)


def _stop_of_shares(found: re.Match[str]) -> str:
    """ "I would get out if it closes below 84": the stop of shares, which have no other price than the stock's."""
    if not _says_nothing(found[0]):
        return found[0]
    level = _LEVEL.search(found[0])
    return f". Stop {level['level']}" if level else ""
