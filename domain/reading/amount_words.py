"""Words behind a close about its amount: a part without a number, talk of something else, and what stays unclear."""

from domain.reading.phrases import any_of

# A part, without its number.
PART_SAID = any_of(r"""
    (?:will|'ll|i'?ll|we'?ll|gonna|going to|looking to|look to|plan to|planning to|want to|to|then) <2>(?:take|sell|\
    trim|scale|close|unload|peel|exit) <2>(?:more|another|some|off), (?:took|taking|take|sold|selling|pulled|pulling|\
    peeled|shaved|shaving|booked|booking|closed|closing|dumped|unloaded|cashed|banked|locked in|let|out of|got rid
    of|offloaded) <3>(?:chunk|bit|little|piece|slice|portion|bulk|majority|couple|few|bunch|lot|ton|handful|tranche|\
    part|lil|clip|batch)s?(?= (?:off|here|now|more|go|of (?:it|them|this|these|my|the position|mine))| out$|$),
    (?:chunk|bit|little|lil|piece|slice|portion|bulk|majority|couple|few|handful|most|lot|tranche|clip|batch)s? (?:of
    (?:it|them|this|these|mine|my \w+|the \w+) )?(?:is |are |now )?(?:off|out|sold|gone|closed|trimmed|unloaded)(?!
    (?:the |its |of )?(?:highs?|tops?|lows?|hod|peak|boredom|entry)), ^<2>(?:majority|bulk|big chunk|chunk|small
    piece|small part|big piece|tranche)(?: of (?:it|them|this|these|my \w+|the \w+))?$, (?:almost|nearly|mostly|\
    practically|virtually|just about|basically) (?:all(?! (?:day|week|month|time|the way|morning|in))|everything|\
    fully|completely|entirely|the whole|the entire|out(?! of (?:time|luck|patience|the woods))|sold out|closed out),
    (?:not|isn'?t|wasn'?t|aren'?t|ain'?t|never|didn'?t|haven'?t) <2>(?:all|fully|completely|entirely|everything|the
    whole|the entire|the full|whole|entire|full)(?= (?:of (?:it|them|the|my)|out|closed|sold|yet|though|here|\
    position|size|just|but|gone|exit|done|flat)|$), (?:cut|cutting|reduc\w+|shrinking|lower(?:ing|ed)|taking|took|\
    take|pull(?:ing|ed)|bring(?:ing)?|brought|dial(?:ing|ed)?) <2>(?:size|risk|exposure)(?: (?:down|off|back|here|in
    half))?, siz(?:e|ing) (?:down|back), (?:size|exposure) (?:down|reduced|cut), (?:first|1st|initial|next) (?:exit|\
    sale|scale|tranche|batch|clip|chunk|piece|cut|portion|take)(?! (?:target|plan)), down to (?:my |the |just |only |\
    a |one |last )*(?:\d\d?|one|two|three|four|five|half|a third|runners?|last|final|few|couple)
""")
# Words about the amount, or about what is kept, that are said of something else.
OF_ELSE = any_of(r"""
    (?:a )?(?:bit|little|tad|touch|few|couple) (?:too )?(?:early|late|soon|quick|fast|slow|greedy|rich|choppy|red|\
    green|disappoint\w*|annoy\w*|better|worse|messy|sloppy|nervous|scared|heavy|high|low|tired|shaky|toppy|extended|\
    stretched|hot|overbought|sad|luck\w*|profit|money), (?:a )?(?:bit|little|few|couple|some|most|lot|part|piece|\
    half|third|quarter|all|rest|the rest)s? of (?:the |a |an |my |this |our |your |that )?(?:heat|luck|pain|patience|\
    fun|time|slippage|work|move|plan|job|day|days|week|month|year|morning|afternoon|session|night|game|process|\
    market|room|team|crew|story|profit|profits|gains?|credit|premium|pie|cake|action|run|chart|tape|world|life|\
    journey|deal), (?:a )?(?:few|couple|couple of|some|half|half an|half a|quarter|third|1/2|1/4|most|full|whole|\
    entire) (?:of )?(?:ticks?|cents?|pennies|penny|minutes?|mins?|hours?|days?|weeks?|months?|points?|pts|bucks|\
    dollars|trades?|wins?|winners?|losers?|times?|seconds?|years?|candles?|bars?|drinks|beers|errands|things|words|\
    folks|people|lessons?|asleep|awake|dead|hearted\w*|caf|credit|million|billion|mile|moon|to \w+|past \w+),
    (?<!take )(?<!taking )(?<!took )(?<!book )(?<!lock )(?<!bank )(?:some|a little|little|a bit of) (?:profits?|\
    money|gains?), (?:some|a little|little|a bit of) (?:cash|green|gains?|heat|strength|weakness|resistance|support|\
    luck|pain|fun|you (?:win|lose)|sleep|coffee|lunch|air|nerves?|chop|rest|time|theta|decay|sun|drawdown|volume|\
    news|days|decent|nice), (?:left|leav(?:e|ing)) <3>(?:on the (?:table|bone|vine)|for (?:the next|others|you)),
    left nothing, nothing left, left no \w+, \d+ ?% of (?:the |my
    )?(?:max |full )?(?:credit|premium|profit)s? (?:kept|captured), (?:what|whatever) <1>left, what'?s left of it,
    the ones left,
    no(?:thing|body)? left, (?:\d+|one|two|three|some|few|an?|no|not much|little|enough|much|more) <2>(?:days?|\
    hours?|hrs?|minutes?|mins?|weeks?|time|meat|juice|gas|room|upside|premium|value|theta|extrinsic|trades?|pdts?|\
    reward|profit|edge) left, left (?:to (?:lunch|dinner)|early|work|home|in (?:the )?(?:day|session|week|it|this|\
    tank|move)), leaving (?:for|now|early|work|town|home|the (?:desk|house|office|screen|room)|it (?:there|here|at
    that)), keep(?:s|ing)? (?:it (?:simple|tight|short|moving|green|small|clean|real|light)|my <1>(?:profits?|gains?|\
    cool|head|rules?|word|powder)|(?:the |some |more )?(?:cash|change|profits?|gains?|powder dry|streak|momentum)|dry
    powder|an eye|grinding|going|trading|winning|stacking|pushing|learning|discipline), the keeper, kept (?:my
    (?:word|cool|rules?|head)|it (?:tight|simple|small|short)|<3>(?:premium|credit|profit)s?|(?:\d+ ?% )(?:of
    )?(?:the |my )?(?:credit|premium|profit)s?), hold(?:ing)? (?:some |a lot of |more )?cash, (?:not|no|never|don'?t|\
    dont|didn'?t|won'?t|wasn'?t|can'?t|wouldn'?t|refus\w+|hate|tired of|done|sick of|stop|without|instead of|regret|\
    rather than|too|afraid to|scared to|nervous|couldn'?t) <3>(?:hold(?:ing)?|keep(?:ing)?|swing(?:ing)?|\
    carry(?:ing)?|rid(?:e|ing)|leav(?:e|ing))(?: (?:it|them|this|these|any|anything|through|over|into|overnight|the
    weekend))*, riding (?:the bus|with (?:the )?\w+), (?:what|such|hell
    of|some|quite|nice|wild|fun|bumpy|great|long|short|\
    rough|enjoyed|thanks for) <2>ride, but what(?: an? \w+)?, on (?:that|this) part, letting (?:this|it|that|them)
    <1>go,
    runners? (?:up|got|hit), (?:first|second|third|biggest) runner of, full (?:send|stop|time|moon|day|on|circle|\
    speed|steam|port), (?:entire|whole) (?:lotta|room|team|move|day|week|market|chat|thing|story|point|world), my
    part is, for my part, (?:better|other) half (?:is|says|was|calls|wants|will), same-?day half, half (?:day|asleep|\
    awake|dead|hearted\w*|way|caf|expected|the (?:price|credit|premium|max|day|battle|move|profit|gain|risk)),
    (?:third|first|second|last|next|fourth|fifth|sixth|tenth) (?:time|win|trade|loss|day|week|one today|candle|\
    attempt|try|place|green), rest (?:easy|assured|in peace|is history|up), rest of (?:the |my |your |our |this
    )?(?:day|week|morning|afternoon|session|room|market|month|year|crew|team|night), need <2>rest, no (?:cash|money|\
    gas|chips|crumbs) left, most (?:decent|important|of all|days|people|times?|likely|traders), at (?:most|least),
    third quarter, (?:few|some) (?:decent|nice|good|big|more (?:days|hours)), position siz(?:e|ing), risk[ -]?off
    (?:day|tape|mode|tone|market|move), still (?:holding|hold) (?:up|the (?:level|line|vwap))
""")
OF_THE_STOCK = any_of("<1>(?:keep(?:ing)?|kept|hold(?:ing)?) <2>(?:stock|shares|underlying)")
# What nothing else explains leaves it open whether all is sold.
DOUBT = any_of(r"""
    let (?:one|two|some|half|a few|\d) (?:go|run|ride|off), (?:the )?first (?:two|three|few|couple|\d), mitad,
    parcial\w*, h[äa]lfte, h[äa]lftig, teil\w*, moiti[ée]\w*, met[àa], metade, parzial\w*, partiel\w*, resto, reste,
    tercio, viertel, quart, drittel, (?:took|taking|take|got|pulled|pulling) <2>(?:initials?|investment|stake|cost),
    investment (?:back|out), playing with <2>(?:profits?|money), (?:everything|all) else, profits? only, hlf,
    (?:exit|scale|round|batch|leg|clip|sale|out|part) (?:\d|one|two|three), clips?, starter, less size, smaller, room
    to run, on the way to, (?:let|letting) <1>winners?, rem, (?:the|my|an?|i|these|last|sold|just) <1>add(?:s|ed)?,
    only(?= from here|$), (?:take|book|lock in|bank|booking|banking|locking in|lock) some, on <1>\d\d? of, weak
    hands, pay(?:ing|s)? (?:myself|yourself|ourselves|the trader|us), (?:took|taking|take) <2>(?:edge|heat|pressure|\
    weight) off, sav(?:e|ed|ing) (?:one|two|some|a|an|the|my|\d), lottos? (?:now|runners?|from here), (?:is|as|are)
    an? (?:lotto|lottery|free), partly, tenths?, fifths?, sixths?, eighths?, (?:take|taking|sell|selling|trim|scale|\
    let) more, more (?:off|later|to (?:sell|go|trim|come)|at \S+), chunks?, bits?, pieces?, slices?, moon-?bags?,
    bags?(?= (?:on|left|into)), majority, bulk, couple, few, some, most, mostly, portions?, tranches?, partial\w*,
    parts?, half, halve[sd]?, halving, halfsies, fraction, (?:almost|nearly) <1>(?:all|everything|out|flat),
    scal(?:e|ed|es|ing), trim\w*, reduc\w+, lighten\w*, peel\w*, shav(?:e|ed|ing), skim\w*, de-?risk\w*, shrink\w*,
    rest, remain\w*, runners?, left, leav(?:e|es|ing), leftovers?, keep(?:s|ing)?, kept, hold(?:ing)?, balance,
    others?, core, swinging, swing (?:the|it|this|them|some|one|two|rest|my|\d+|a few), carry(?:ing)?, carried,
    rid(?:e|es|ing), letting, let (?:it|them|this|her|him|my|the) <2>(?:run|ride|work|go on|breathe|cook|roll|play),
    hang(?:ing)? (?:on|onto|in), sitting on, still (?:in|have|got|on|own|long|open|running|working|there), stays?,
    staying, size (?:down|off|cut|reduced), sizing, (?:cut|cutting|take|taking|took|less|reduce) <1>risk, (?:one|two|\
    three|four|\d\d?) (?:more|to go|down|sold|off|out|still), (?:just|only|sold|sell|selling) (?:one|two|three|\
    an?other(?: one)?), ^(?:one|two|three|four)$, percent, pct, halfway, next (?:exit|out|sale|scale|target|tp|pt|one
    at|at \S+|\$?\d\S*),
    (?:first|second|third|initial|1st|2nd|3rd) (?:exit|out|sale|sell|scale|tp|pt|tranche|cut|take|clip|batch|\
    piece|trim)
""")
# A part that was sold before, and one that was not.
TOLD_BEFORE = any_of(r"""
    already, yesterday, earlier, previous\w*, prior, glad, wish, should(?:'?ve| have), last (?:wk|week|night|session|\
    monday|tuesday|wednesday|thursday|friday), this morning, (?:mon|tues|wednes|thurs|fri)day, (?:was|were|had|been|\
    got) <1>(?:sold|trimmed|closed|out|taken|scaled|booked|cut), on the way (?:up|down), the other day
""")
NEGATED = any_of(r"""
    (?:no|not|never|didn'?t|don'?t|without|won'?t|wasn'?t) <1>(?:trim\w*|scal\w+|partials?|half|third|quarter)
""")
