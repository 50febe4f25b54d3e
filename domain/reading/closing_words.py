"""What the words behind a close say about it: the old trade is told, a part is meant, or it is no close at all."""

import re

from domain.reading.phrases import any_of

# Before a number behind a close: the old trade is told, or what it made.
TOLD_BEFORE_NUMBER = re.compile(
    r"(?:\b(?:from|was|entry|entered|cost|paid|bought|in(?: at)?|basis|profits?|gains?|loss|made|making|up|down"
    r"|credit|highs?"
    r"|low|opened|for an?|max|win|per|back|had|alert(?:ed)?|originally|average|avg|averaged|re-?load|re-?enter|enter"
    r"|near|over|above|under|below|of|to|vs|than|hit|ran|acct|account|port\w*|day|total|premium|off|only)"
    r"|[-=]+>|→)(?: (?:at|@|was|a|an|the|my|our|of|about|is|:|=|price|around|entry|up|for|on|lower|back"
    r"|yesterday|monday|tuesday|wednesday|thursday|friday))* $",
    re.IGNORECASE,
)
CLOSE_CONDITIONAL = any_of(r"""
    (?<!even )if, unless, (?<!at )once(?! (?:more|again|in|upon)), when(?:ever)?, only if, needs? to, or better, or
    (?:hold|roll|wait)
""")
# What comes after the close is no condition of it: "if it runs without me, fine".
GOES_ON = any_of(r"""
    if (?:it|this|that) <1>(?:runs|rips|goes|flies|moons|keeps going|doubles|prints|squeezes) (?:higher |more
    )?(?:without me|after|tomorrow|from here|now|higher)
""")
IMPLIES_A_PART = any_of(r"""
    (?:on|from) (?:that|this) (?:part|half|piece|portion), (?:one|two|three|four|\d\d?) (?:more )?to go, same-?day
    half, (?:another|one more)(?= \$?(?-i:[A-Z]+ ?\d)), de-?risk\w*, risk[ -]?free, free (?:ride|roll|runner|\
    trade)s?, house money, house'?s money, free-?roll\w*, free rolls?, free rolling, (?:initials?|principal|capital|\
    basis|stake) (?:is |are |all )?(?:out|off|back|covered|recovered|secured|returned), (?:taking|took|got|pulled|\
    pulling) <2>(?:principal|cost|capital|initial)s? (?:out|off|back), (?:cost|costs|principal|basis|initials?|risk)
    (?:is |are |now )*(?:covered|out|paid|zero|0|free|nothing|back), (?:cover(?:ed|s|ing)?|recoup(?:ed|ing)|\
    recover(?:ed|ing)) <2>(?:cost|costs|basis|initials?|capital|principal|risk|premium|debit), (?:position|trade|\
    rest|it|this one|ride) (?:is |are |now )+free, now free, free now, sold enough, enough (?:sold|off), lock(?:ing|\
    ed) in some, letting (?:it|the) run, own (?:\d\d?|one|two|three|some|a few) <1>now, (?:now )?zero cost,
    can'?t lose now,
    (?:no|zero) risk now, self-?financ\w+, financed,
    (?:just|only) the (?:day|swing|scalp|short[- ]term|\w+) (?:trade|lot|part|piece)
""")
SHORT_SALE = any_of(r"""
    \d\d?(?:\.\d+)? ?deltas?, margin, (?:be|breakeven|break even) (?:is |at )?\d\S*, (?:let|will|lets|letting)
    <2>expire, \d+ ?dte, selling (?:puts|calls), (?:on|vs|against|with|over) <1>(?:\d+ )?(?:shares|stock), capped,
    max loss, secured by, assigned, assignment, wheel, premium, theta, credit, collateral, naked, covered, csp,
    (?:to|love to|happy to|rather|don'?t mind) own(?:ing)?, own(?:ing)? (?:it|the (?:stock|shares|name)|shares|them)
    (?:at|there|here|lower),
    against (?:my|the|our|a|some|\d+) (?!better|odds|trend|grain|market|tape|wall|clock|rules?)\w+,
    against (?:\d+ )?(?:shares|stock|long), (?:for |extra |weekly |monthly |\
    collect\w* )income, get(?:ting)? called, called away, put to me, buy(?:ing)? (?:it |this |them )?back at, buy to
    close, btc at, cover(?:ing)? at, expires? worthless, get(?:ting)? (?:long|shares|the shares) (?:at|lower|there),
    if (?:put|called), my cost basis, (?:tak\w+|accept\w*|want\w*|get|getting|buy\w*|owning|receiv\w+|for|ok with|\
    fine with|assigned) <1>(?:the |my |those |these )?(?:shares|stock)
""")
SOLD_MORE = any_of(r"""
    off, sold, sell, selling, took, taking, trim\w*, scal\w*, out, here, booked, closed, closing, locked, paid
""")
# A level that was reached, which a plan's was not.
WAS_HIT = any_of("hit, tagged, triggered, reached, stopped, met, done, taken, filled, got, smashed, nailed")
NO_LEVEL = any_of("""
    full stop, non-?stop, stop (?:losing|fighting|watching|here|now|there|while), can't stop, my target, at target,
    no stop
""")
# What makes a close a wish, a plan or a story.
CLOSE_TOLD = any_of(r"""
    would (?:be|have)(?: been)?, for (?:a |my |our )?clients?, on the day, never looked back, by (?:who\w*|some\w*|\
    every\w*|most|all), could have, should have, was (?:perfect|the|a|an|my|our|one), recap, in hindsight, too
    (?:soon|early), watched <2>(?:go|goes|run|rip|hit|double|fly|dump|moon|went), (?:then|and|but) it <1>(?:went|ran|\
    hit|ripped|doubled|mooned|flew|dumped|tanked), only to (?:see|watch), ran to \S+ (?:after|without), went to \S+
    (?:after|without)
""")
CLOSE_ALONE = frozenset(
    ["test", "recap", "limit", "limit order", "at open", "at the open", "setup", "no", "nope", "wait"]
)
NOW_AT = any_of(r"now (?:at )?\$?\.?\d[\d.]*")

IN_AGAIN = any_of(r"""
    in for, bounce, support, re-?ent(?:er|ry)\w*, re-?load\w*, again, back in, round (?:two|2), second (?:try|go|\
    attempt|shot|bite), long, looking for, dips?, cheaper, lower than (?:i|we|my)
""")
OF_THE_TAPE = any_of(r"""
    (?:on|at|to|into) (?:the )?(?:bid|ask|offer|mid), (?:bid|ask) side, above ask, below bid, sweeps?, swept,
    blocks?, prints?, printed, oi, open interest, vol, volume
""")
SELLS_A_PUT = any_of("(?:sold|selling|sell) (?:an? |some |\\d+ )?puts?, (?:sold|selling|sell) an? call")
