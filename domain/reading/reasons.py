"""A sentence on the market before an order: `CPI was soft. Bought QQQ ...`, `Vol is cheap here so I bought ...`.

It is left out where each of its words is known, and none of them can be a condition.
"""

import re

_OF = (
    r"(?:the |this |a |my )?(?:market|markets|tape|vol|volatility|volume|flow|order flow|breadth|futures|bonds"
    r"|yields?"
    r"|oil|crude|gold|semis|banks|tech|software|small caps|price action|chart|momentum|bulls|bears|dollar|open|dip"
    r"|bounce|sentiment|breadth|credit|rates|bitcoin|btc|eth|vix|cpi|ppi|pce|nfp|gdp|fed|fomc|powell|jobs"
    r"|retail sales"
    r"|earnings|thesis|trend|setup|sector|spy|qqq|spx|iwm|ndx|dow|nasdaq|rty|names?|everything|[A-Z]{2,5}"
    r" (?:flow|chart|tape))"
)
_IS = (
    r"(?:is|was|are|were|looks?|looking|feels?|felt|sounds?|sounded|came in|came|comes in|acting|acts|stays?"
    r"|stayed|remains?"
    r"|seems?|keeps?|turning|getting|got|finally|just|still|now)"
)
_HOW = (
    r"(?:is|was|finally|just|still|now|here|today|this|that|morning|again|and|very|really|so|pretty|quite|super"
    r"|way|too"
    r"|more|than|expected|expectations|soft|softer|hot|hotter|cool|cooler|cold|inline|in line|strong|stronger"
    r"|weak|weaker"
    r"|cheap|cheaper|rich|expensive|dovish|hawkish|nuts|crazy|insane|great|good|better|worse|bad|ugly|heavy|light|bid"
    r"|offered|ripping|running|fading|bouncing|holding|held|holding up|up|down|flat|choppy|quiet|calm|expanding"
    r"|crushed"
    r"|dead|clean|tight|higher|lower|green|red|bullish|bearish|constructive|healthy|solid|nice|perfect|ready|broken"
    r"|broke|intact|over|lagging|leading|basing|coiling|curling|grinding|rolling|squeezing|well|like|it|same"
    r"|all|day|week)"
)
_VERB = (
    r"(?:BTO|STC|bought|buying|adding|added|grabbed|grabbing|long|going long|taking|took|entered|entering"
    r"|opened|opening"
    r"|scooped|picked up|sold|selling|trimmed|trimming|closed|closing|cutting|cut|exited|exiting|out of|out)"
)
_ORDER = (
    rf"(?:so )?(?:i'?m |i am |i just |i |just |now |we )*{_VERB} "
    r"(?=(?:the |my |some |half |half of |a |\d{1,3}x? |of |rest of |the rest of )*\$?[A-Za-z]{1,5} )"
)
_SENTENCE = re.compile(
    rf"\A[^\w\n$]{{0,6}}{_OF} {_IS}(?: {_HOW}){{0,8}}(?:[.!;,] | so (?=i\b)|: | - )(?P<order>{_ORDER})", re.IGNORECASE
)
_SHORT = re.compile(
    r"\A[^\w\n$]{0,6}(?:(?:strong|weak|ugly|nice|great|quiet|slow|wild|choppy|clean|solid|big) "
    r"(?:open|close|tape|morning|bounce|flush|dip|session|start|chart|base)"
    r"|heads up|(?:first |price |second )?target (?:hit|reached|met|tagged)|not working|thesis (?:broke|broken"
    r"|done|is done"
    r"|failed|is broken)|been waiting (?:for|on) this(?: one| setup| dip)?(?: all (?:day|week|morning))?"
    r"|i like (?:this|the) (?:setup|base|chart|name|dip|bounce|level)(?: here)?|love (?:this|the) (?:setup|base"
    r"|chart|name|dip"
    r"|bounce)|(?:couldn'?t|can'?t) resist|here we go|let'?s go|let'?s do this|late to this one|small one)"
    rf"(?:[.!;,:] | - )(?P<order>{_ORDER})",
    re.IGNORECASE,
)
_CLOSES = re.compile(r"\b(?:STC|sold|selling|trim|closed|closing|cut|exit|out)", re.IGNORECASE)
_OF_A_CLOSE = re.compile(r"\A\W*(?:(?:first |price |second )?target|not working|thesis)", re.IGNORECASE)


def without_reason(text: str) -> str:
    """The text from its order on, where only a word on the market stands before it."""
    if (found := _SENTENCE.match(text)) is not None:
        return text[found.start("order") :]
    found = _SHORT.match(text)
    if found is None or (_OF_A_CLOSE.match(text) and not _CLOSES.match(found["order"].removeprefix("so "))):
        return text
    return text[found.start("order") :]
