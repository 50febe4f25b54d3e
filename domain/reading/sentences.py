"""Sentences about an order: it is their subject, they tell what came of it, or they say nothing to it."""

from domain.reading.phrases import any_of

# What only sounds like a condition or a story.
HARMLESS = any_of(r"""
    been (?:stalking|watching|eyeing|tracking|waiting (?:on|for))\b[\w' ]*, (?:ok|okay|fine) if it
    (?:goes|dies|expires|loses)\b[\w' .]*, if it \w+ \$?\d[\d.]* (?:i was|i'?m|i am|we'?re|we were|it'?s)
    wrong\b[\w' ]*, after \d+
    (?:tries|attempts|cents|ticks|days|weeks|months|hours|red|green|straight|inside|down|up)\b,
    wish me luck, (?:dip ?|new |big |the )?(?:buyers|sellers|bulls|bears) (?:are |keep |still |keep on )?(?:stepping|\
    coming|piling|showing|rushing) (?:in|up|back)(?: (?:at|on|off|near|here|above|below|over|hard|again) ?\S*)?,
    for (?:the|my) (?:grand)?(?:kids|daughter|son|children|kid)(?: account| fund)?$, plays? catch ?-?up,
    ^gap fill (?:idea|thesis)$, sleep(?:ing)? (?:well |better |fine |easy |good
    )?tonight,
    (?:and |so )?(?:please |pls )?read (?:the|my) (?:notes?|rules?|pins?)(?: i pinned| in the pins| pinned| first|\
    before you follow)*, (?:pays|paying|paid|pay) (?:me |us |you )?to wait, \d\d+(?:\.5)? (?:gave
    (?:way|out)|cracked|let go), appreciate (?:the|your|y'?all'?s) (?:patience|support|trust)
    (?:everyone|everybody|all|folks|guys|team|fam),
    manual (?:post|entry|alert)$, (?:swing|hold|carry|run|ride) (?:in)?to (?:jan(?:uary)?|feb(?:ruary)?|march|april|\
    june|july|august|sept(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?), for an? (?:cold|warm|wet|snowy|strong|\
    quiet|big|long|mild|hot) (?:january|february|march|april|june|july|august|september|october|november|december|\
    winter|summer), because i'?m (?:thirsty|hungry|bored|cold), hope (?:everybody|everyone|you|y'?all) (?:\w+
    )?(?:slept|rested|is|are|had|enjoyed|have)\b[\w' ]*,
    (?:my|the) (?:cat|dog|wife|kids?|baby) (?:was|is|were|are) (?!mad|angry|right|asking|in|long|short|buying|\
    selling)[\w' ]*,
    if you (?:hadn'?t|haven'?t|missed|must|care|know|ask|want (?:the|my) (?:reason|thesis|why)|were wondering)\b[\w'
    ]*, (?:let'?s|we'?ll|to|gotta) see if (?!it (?:fills?|triggers?|gets|breaks|holds|hits|dips|comes)|we
    (?:get|fill)|they|i)[\w' ]*, if (?=(?:it|this|that|she|he)
    \w)(?![^.]*(?:\d|\b(?:buy\w*|in|enter\w*|add\w*|take|taking|get|long|go|bto|\
    fill\w*)\b))(?:it|this|that|she|he) (?:goes|dies|fails|works|doesn'?t work|runs|rips|dumps|loses|prints|hits|\
    expires|pays|flops|tanks)\b[\w' ]*? (?:i|i'?m|i'?ll|we|we'?ll|we'?re|so be it|oh well|dinner|drinks|beers?|\
    lunch|fine|great|cool|blame|my|nobody)\b[\w' ]*, if (?:not|so) (?:fine|oh well|so be it|great), (?:even|as|what)
    if, if you (?:take|follow|play|join|tail|copy|do) (?:it|this|along|me)\b[\w' ]*, (?:just )?in case (?:the bot|it
    doesn'?t|anyone|anybody|somebody)\b[\w' ]*, who (?:doesn'?t|wouldn'?t|cares|needs)\b[\w' ]*, if any(?:thing)?,
    if (?:my|the) (?:wife|husband|boss|mom|dad|broker|kids?) (?:asks?|finds? out|sees?|calls?)\b[\w' ]*, only if
    you (?:can|want|like|dare)\b[\w' ]*, (?:may|might|could|can) go to (?:zero|0), day \d of (?:the|this|a)
    (?:breakout|move|run|bounce|pullback|squeeze|rally|trend)
""")
# A sentence whose subject is the order itself: "buying X at .75 here is chasing".
_FINITE = any_of(r"""
    is, isn'?t, was, wasn'?t, would, wouldn'?t, will, won'?t, could, should, can, feels?, felt, takes?, took,
    means?, meant, seems?, sounds?, looks?, makes?, made, needs?, requires?, pays?, beats?, hurts?, scares?, has,
    had, gets?, got, works?, worked, gives?, gave
""")
_CONJUNCTION = any_of(
    "because, since, as, while, and, but, so, cause, cuz, bc, where, which, that, after it, before it"
)


def is_subject(verb: str, clause: str) -> bool:
    """Whether a doing ("buying", "selling") is what the words behind it tell of."""
    told = _CONJUNCTION.split(clause)[0]
    return verb.endswith("ing") and bool(_FINITE.search(told))


# What came of it.
STORY = any_of(r"""
    and (?:i |it |we |they |then |she |he |immediately |promptly )*(?:watched|went|ran|dumped|tanked|died|doubled|\
    tripled|forgot|would|never|had|has been|missed|regret\w*|expired|cried|lost), and (?-i:[A-Z][a-z]+)
    (?:sold|bought|took|got|did|said), and (?:it )?(?:immediately|promptly|instantly), like (?:an?|the)
    (?:idiot|fool|moron|chump|rookie|noob|genius|donkey|tourist|clown), (?:right|just|minutes?|seconds?|hours?|\
    days?) before (?:it |the |they )?(?:downgrades?|downgraded|dump\w*|drop\w*|crash\w*|rug\w*|tanked|halt\w*|died|\
    fell), same time as (?:you|u|y'?all|everyone|(?-i:[A-Z])\w+), so (?:where|what|when) (?:do|now|are|is)\b,
    (?:what|how) about (?:you|u|y'?all), how (?:are|is) (?:we|everyone|it|this), (?:where|when) do (?:we|you|i),
    (?:worse|better) than (?:you|u|y'?all|most), because (?-i:[A-Z][a-z]+) (?:did|said|bought|told|sold|likes?),
    with (?-i:[A-Z][a-z]+)$, (?:off|from|out of) (?-i:[A-Z]\w+'s) \w+, in my (?:head|mind|imagination), story of my
    (?:life|year|week), ^<1>yet$, way too (?:early|late|soon) (?:last|that|this) time
""")
# An order that is the subject of a sentence is talk: "BTO UBER 88p @ .75 was ...".
SUBJECT = any_of(r"""
    got(?! (?:to|some|in|out|filled|lucky|it|them|a)\b), smells?, requires?, depends, saved, hasn'?t, haven'?t,
    subject to, minus, against my (?:advice|will|wishes), behind (?:our|my|your), is, isn'?t, was, wasn'?t, are,
    were, be(?! (?:careful|quick|nimble|patient|fast|smart|safe|ready to|good|kind|cool)), would(?! you
    (?:like|believe|look)), wouldn'?t, should, could, can(?!'t| (?:'t|not))(?! (?:you|we|i)
    (?:believe|feel|smell|say)), may(?! (?:the|your|our|god)), has, had, have(?! (?:fun|a|faith|patience)), did,
    didn'?t, does, doesn'?t, paid(?= \w), pays, needs?, needed, from, in(?! (?:my|the) (?:\w+ )?(?:\w+ )?(?:\w+
    )?(?:acct|account|ira|roth|portfolio|port)\b)(?! (?:front|case|small|size|for|my|anticipation|line|sympathy|\
    here|with|honor|tandem|this|a (?:small|tiny|starter|swing)|memory|case|play|trend|range|and)\b), by(?! the
    (?:way|book|rules))(?! (?:design|rule)), on(?! (?:that|those) \w+)(?! the (?:ask|bid|mid|offer|bounce|phone|go|\
    road|move|low|lows|news|gap|upgrade|rumou?r|way|weekly|daily|hourly|chart|side|cheap)\b)(?!
    (?:this|volume|news|upgrade|momentum|sympathy|heavy|light|low|good|big|strong|relative|my
    (?:own|phone|way)|purpose|fire|sale|discount|repeat|schedule|cue|plan|theme|me|it|brand|size)\b), as (?:soon|an?
    (?:example|joke|demo|test|template|sample|illustration|drill|reminder|reference|recap|hypothetical)|if|per|\
    told|posted|seen|heard|reported|called|well|alerted|copied|long|before|of), or(?! (?:better|less)), but
    (?:no|not|didn'?t|never|missed|cancel\w*|wait|rejected|only|got|then|now|he|she|they|someone|cant|can'?t|\
    couldn'?t|won'?t|it|i (?:missed|passed|didn'?t|didnt|never|won'?t|am|can'?t|couldn'?t|cancel\w*|sat|skipped|\
    wouldn'?t|pulled|sold|closed|got|would|might|think)|i'?m|we), who(?! (?:doesn'?t|wouldn'?t|cares|needs)), which,
    that (?:was|is|one|would|hit|ran|went|worked|hurt|paid|could|should|never|i|we|he|she|got|made|turned|trade|\
    alert|call|doubled|has|had|didn'?t), that'?s, said, still (?:good|valid|waiting|open|in|holding|working|on|\
    live|active|running|pending|up|down|green|red|available|no|not|looking|thinking|the|there|here|at|a|an|want|\
    need|works?), copied, via, taken, made, works?, worked, came, comes, looked, went, sounds, seems, sucks, sucked,
    per(?! (?:share|contract|con|cont|usual|plan|rules|my)), up(?! (?:to|here|in|front|at|against|there|next)),
    down(?! (?:here|to|in|at|there|day|move)), sounded
""")
