"""What the words behind an order say about it: withdrawn, conditional, planned, past, or one leg of several."""

import re

from domain.reading.phrases import any_of
from domain.reading.vocabulary import phrase_set

# More than one leg, wherever it is said.
SPREAD = any_of(r"""
    part of an? (?:fly|spread|pair|combo|structure|package), condors?, butterfl(?:y|ies),
    (?:call|put|iron|\d)\s+fl(?:y|ies), strangles?, straddles?, calendars?, diagonals?, verticals?, verts?, \dx\d,
    back ?spreads?, capped at \$?\d\S*,
    (?:jade )?lizards?, pmcc, poor man'?s?, (?<!on a )(?<!free )(?<!drum )(?<!banks )(?<!banks are )(?<!semis
    )(?<!semis are )(?<!market )(?<!market is )(?<!tape )(?<!tape is )(?<!oil )(?<!oil is )(?<!crude )(?<!yields
    )(?<!tech )(?<!breadth )(?<!chart )(?<!sector )roll(?:s|ed|ing)?(?! (?:nothing|with it|the dice|in|tide|over
    (?:in|and nobody|hard|now|again))), collars?, (?<!your )(?<!my )(?<!has )(?<!have )(?<!tired )(?<!fresh )legs?(?!
    (?:look|looked|feel|under|to run)), legged, risk reversals?, combos?, (?:\d+|one|two|three|five|ten) wide,
    package price, synthetic \w+,
    (?:long|short|put|call) side of (?:my|an?|the) \w+,
    moving out (?:in time|to), moved (?:out|on) to (?:the )?(?-i:[A-Z])\w+, moving to the (?-i:[A-Z])\w+ ones,
    swapp(?:ed|ing) (?:into|out of|it|them|for), replac(?:ed|ing) (?:it|them|the), raising the strike,
    (?:upper|lower|higher) strike, (?:wrote|writing) the (?:higher|lower|upper|other), reversed into,
    higher up the chain, short(?:ing)? (?:the )?stock (?:against|as),
    hedge (?:for|of|against) (?:the|my|our) short, backratios?, (?:call|put) debit,
    (?<!wide )(?<!tight )(?<!with the )(?<!watch the )(?<!mind the )(?<!ask
    )(?<!mile )(?<!nickel )(?<!penny )(?<!despite the )(?<!hate the )spreads?(?! (?:is|are|wide|tight))
""")
# Of several orders that stand together only one is meant.
CHOICE = any_of(r"""
    (?:need|want|take|taking|get) <1>one(?! more), vote\w*, polls?, pick (?:one|your|whichever|a side|either|only),
    choose, choices?, choosing, your (?:pick|choice|call), not both, (?:only|just|any|either) one, one of
    (?:these|those|them|the (?:two|three|four)), one or the other, whichever, whatever (?:fills?|triggers?|comes?)
    first, either, or, versus, vs, alternativ\w*, alternate, back ?up, plan [ab12], options? [abc12], scenario\w*,
    case (?:a|b|\d), choice (?:a|b|\d), first (?:to|one to|one that) (?:fills?|triggers?|hits?|go|goes),
    (?:fills?|triggers?|filled|hits?|gets? filled) first, cancels? the other, oco, o\.c\.o, rather, prefer\w*,
    instead, (?:for |the )?(?:bulls|bears), bull(?:ish)? (?:case|side|play), bear(?:ish)? (?:case|side|play), upside,
    downside, aggressive, conservative, (?:more |less )?risk[- ]averse, safer?(?= ?:), riskier, riskiest, cheaper,
    yolo(?= ?:), big accounts?, small(?:er)? accounts?, large(?:r)? accounts?, if (?:long|short|bullish|bearish|you),
    depending
""")
# The order is not meant, or not done.
WITHDRAWN = any_of(r"""
    good (?:through (?:mon|tues|wednes|thurs|fri)day|till? \w+|until \w+|all day),
    not an? (?:alert|trade|entry|order|recommendation|signal|call), no (?:fills?|entry|trade),
    (?:not|never|wasn'?t|hasn'?t|haven'?t|didn'?t get|isn'?t|un)\s?(?:been )?filled, didn'?t fill, unfilled,
    (?:filled|fills?|executed|got) 0 (?:of|out), (?:0|zero|none) (?:of|out of) \d+ (?:filled|fills?|done|executed|got),
    cancel(?:l?ed|l?ing)?, pulled(?! (?:the trigger|back|up|in|from)), ignore, disregard, jk, j ?/ ?k, just kidding,
    kidding, (?<!not a )(?<!no )joke, joking, sarcasm, lol jk, sim\d*, simulat\w+, demo\w*, practice,
    paper(?:(?: |-)?(?:trad\w+|money|acc\w*)|\d*)?, (?-i:onDemand), (?:test|virtual)
    (?:acct|acc|account|portfolio|money), (?:market )?replay\w*, (?:watch|track|info|education) only,
    playback\d*, tif, neither, none (?:of (?:these|them|those|it|this)|filled|triggered|got|done|taken), nothing
    (?:filled|triggered|got|taken|done), nothing to do (?:today|here|now|yet), (?:just |only
    )?updat(?:e|ed|es|ing) (?:the|my|this|our) (?:card|post|embed|alert|message|levels?|log|tracker|sheet),
    premature\w*, retraction, cancellation, cancell?ing, canx, cncl\w*, errat(?:um|a), auto-?correct\w*, snafu,
    (?:phantom|bogus|rogue|false|ghost) (?:alert|fill|post|trade|signal|order)s?, misfire[sd]?,
    hold (?:fire|your horses),
    idk, dunno, undecided, veto\w*, (?:please|pls|cmon|c'mon|come on) <1>fill, fill me, zero (?:fills?|filled),
    that'?s my (?:bid|limit), no touch, (?:the|any) (?:moment|second|minute|instant) (?:\S+ )?\w+ (?:crack|break|clear|\
    hold|reclaim|lose|cross|hit|tag|touch|open)\w*, next (?:pull ?back|dip|retest|candle|flush|leg down), buy stops?,
    dependent on, preferabl[ey], alarm (?:at|set), webhook, parser, copier, hello world, dupe[sd]?, resen[dt]\w*, rerun,
    repeat (?:alert|post|signal), (?:second|third|\d(?:nd|rd|th)) time posted, y(?:d|da|ster|st)y?day, ystdy, y'day,
    tmw, tmrow, tomorow, tommorow, manana, halloween, yea or nay, verdict\w*, rate (?:pls|please|this|it),
    fade or \w+, (?:straight |word for word )from (?:the other|another|\w+'s), chat ?gpt\w*, lawmaker\w*, buyers? at,
    million (?:dollar|in premium)\w*, \d+k (?:contracts?|cons?|lots?), expensive tuition,
    (?:now|already|is|it'?s|gone) invalid(?:ated)?, games only, order needed,
    (?:fear|greed|doubt|nerves|panic) took over,
    (?:everyone|everybody) (?:bought|sold|but (?:me|us)), appreciate (?:an?|any|some) \w+, for a fill, doubts?$,
    rain ?check, to see$,
    (?:january|february|march|april|june|july|august|september|october|november|december) (?:expiry|exp|expiration),
    for (?:mon|tues|wednes|thurs|fri)day, examples?, <1>test$, quiz\w*, trivia, answers?$, ^who(?:m)?ever, sample,
    hypothetical(?:ly)?, back ?test\w*,
    rejected, nope, nah, nvm, never ?mind, oops, whoops,
    (?:do not|don'?t|dont) (?:trade|take|follow|copy|enter|buy|tail|do),
    not (?:yet|taking|entering|buying|in(?! a (?:hurry|rush))|live|\
    real), haven'?t (?:bought|entered|filled)?, pending, resting, working an? order, typo, correction, corrected,
    edit(?:ed)?, mistake, void, not mine, (?<!not )(?<!done )(?<!of )(?<!been )waiting, wrong
    (?:strike|ticker|expiry|expiration|date|price|channel|room|contract|one|symbol|alert|call|put|way|size|button),
    (?:alert|that|this|it|price|strike|post|bot) (?:is |was )?wrong, scratch (?:that|this), by accident,
    accidental(?:ly)?, misclick(?:ed)?, fat finger\w*, april fools?, fooled, gotcha, psych, sike, trolling, troll,
    prank, meme, just for fun, for fun, made you look, / ?s, not really, parody, satire, ^bounced,
    (?:order|it|check|wire|broker) bounced(?! (?:off|least|hard|at|from|twice|nicely|again|right|perfectly|there)),
    except (?:it|that|the|my), so (?:i am|i'?m) flat, as soon as the, the
    (?:moment|second|minute) (?:it|we|that|spy|qqq), strike that, belay, hold (?:off|on)(?! (?:to|over|through))?,
    stand ?by, on hold, cxl(?:e?d)?, cx'?d, voided, undo(?:ne)?, ^<1>revers(?:ed|ing)$, revers(?:ed|ing)
    (?:it|that|this|my), (?:order|trade|it|this|alert) (?:is |was |got )?reversed, busted, halted, glitch\w*, bug,
    error, duplicated?, double post(?:ed)?, reminder, testing (?:bot|123), y ?/ ?n, yay or nay, forget
    (?:it|this|that), changed my mind, take (?:it|that|this) back, stale, mock, dummy, actually
    (?:no|not|wait|nvm|\$?\.?\d\S*), no wait, wait no, practic\w+, keyboard, see how (?:easy|simple|this|i|you),
    (?:kid|cat|dog|toddler|baby|son|daughter)s? <2>(?:typed|typing|sent|posted|hit|pressed|clicked|stepped|walked),
    ^<1>like (?:this|that)(?! (?:headline|chart|setup|name|move|level|price|print|action|tape|candle|number|news)),
    (?:looks?|posts?|write|type|read|alerts?|orders?|messages?|something|exactly|done|is) like (?:this|that),
    ^means, (?:it|this|that|bto|stc|which|what) <1>means, what does, how to, how you, placeholder, templates?,
    formats?, copy ?past\w*, i mean(?! it), meant, sorry (?:calls?|puts?|\$?\.?\d\S*), (?:don'?t|do not|dont)
    (?:fill|get in|open|touch), oi \d\S*, same (?:for|with|on|in), lies, lying, clown, imagine, delet(?:e|ed|ing),
    retract(?:ed|ing)?, rescind(?:ed)?, my bad, mb, ignore this, for educational, was the alert, fake, if filled,
    when filled, ^hearing, ^rumou?rs?$, ^(?:apparently|supposedly)$, (?:apparently|supposedly)
    (?:he|she|they|someone|some|a), gtc, gtd, limit (?:orders?(?! (?:took|filled|got filled))|set|in|working|day),
    lmt (?:day|set|in),
    day (?:lmt|limit|order), orders? (?:is |are )?(?:in|set|working|placed|resting|live|entered|submitted),
    (?:order|bid|offer|limit|ask)(?:'s| is) (?:in|out|up|set|working|live|resting|there), (?<!bottom )fishing, low
    ?ball\w*, stink(?:er)? bids?, trying (?:for|at), bid (?:in|out), (?:let|make|have) (?:it|them|price|the
    (?:price|market|bid|ask|offer)) (?:(?:trade|drop|dip|fall|drift) (?:to|down|back|in|into)|come), comes? to
    (?:us|me), (?:^|it |this |that |which )is (?:my|our|the)
    (?:target|plan|goal|level), a test, just testing, test (?:alert|trade|post|message|order), testing (?:the|a|my)
    <1>(?:bot|alerts?|feed|format|webhook|system|channel|parser|relay|setup|room), no longer,
    invalid(?:ated)?(?! (?:above|below|over|under|if|on|at|past|with|back|through))
""")
# Somebody else's words.
HEARSAY = any_of(r"""
    credits? to, h ?/ ?t, shout ?out, props to, courtesy of, tailing, tailed, mirror(?:ed|ing), quoting, quoted,
    golden sweep, swept at, fyi this, heard, says, said, according to, (?:someone|somebody)(?:'?s| else| said| says|
    posted| told| alerted| called| bought| took| in), (?:he|she|they)(?:'s|'re|'d|'ll)?(?: is| are| was| were| has|
    have| had)?(?: just| also| only| even)? (?:in|out|buy\w*|sell\w*|bought|sold|took|takes|tak(?:en|ing)|did|does|\
    said|says?|alert\w*|post\w*|call(?:s|ed)|enter\w*| got|hold\w*|held|long|short|told|trim\w*|clos\w+|exit\w*|\
    wants?|likes?|trad\w+|made|makes|was|were|is|are|has|had|have|followed|shared|sent|wrote), (?:his|her|their)
    (?:\w+ )?(?:trades?|alerts?|calls?|entr(?:y|ies)|positions?|orders?|ideas?|picks?|plays?|words?|fills?|notes?|\
    rooms?|accounts?|port\w*|buys?|sales?|posts?|feed|list|contracts?|puts?|one|exit|stream|video|signals?),
    ^(?:he|she|they|him|his|hers?|theirs?|them)$, ^(?:his|her|their) \w+$, (?:by|from|for|per|via|with|like|\
    follow\w*|copy\w*|copied) (?:him|her|them|he|she|they|his|theirs?), scanner, guru, another
    (?:room|server|group|trader), other room, ^<1>members?$,
    members?(?:'s?)? (?:acct|account|alert|trade|call|pick|post|idea|\
    asked|bought|sold|said|took), (?:by|from|of) (?:a|an|our|the|my|one) <1>members?, ^(?:re)?posted$, posted
    (?:by|from|in|on|yesterday|earlier|last|this|too|a|an|for), (?:who|bot|it|was|is|were|been) posted,
    tweet(?:ed)?, screener
""")
# It depends on something that has not happened.
CONDITIONAL = any_of(r"""
    needs? (?:a |the |to see |to )?\$?\d[\d.]*, must
    (?:hold|break|clear|stay|reclaim|trade|get|close|open|see|confirm|\
    cross|be (?:over|above|below|under)), else (?:skip|pass|no|nothing|wait|cash),
    (?:break|hold|reclaim|retest|flush|\
    dip|pullback|confirmation) to (?:enter|buy|trigger|get in|add|start|long),
    (?:break|retest|reclaim|pullback|dip|flush|bounce|confirmation|trigger) (?:and \w+ )?(?:entry|entries|buy|buys|\
    needed|required|wanted|first),
    (?<!and )so long as, hinges?, hinging, (?:in|on) the (?:event|condition)\b, barring, granted, given (?:that|\
    it|spy|\
    qqq|the market|a), come (?:mon|tues|wednes|thurs|fri)day, come (?:tomorrow|next|the (?:open|close|bell)|open|\
    close|\
    morning), first thing, by the time, at (?:tomorrow|monday)'s open, whenever, depend(?:s|ing)?, contingent, up to
    (?:spy|the market|powell),
    if(?! you(?:'re| are| can)(?! get| fill)), only (?:if|when|over|above|below|under|on|after|once|valid|at|with|\
    until|till| while|as|works|good|take|buy|enter|for (?:paper|sim|practice|illustration|educat\w*|the)),
    (?:watching|track\w*|paper|tests?|examples?|limit|practice|demo|sim|educat\w*|fills?|idea|\d|close|vwap|\
    break\w*|dip|pullback|retest|confirmation|purposes|view|read) only, ^only$, unless, (?<!at )(?<!for )once(?!
    (?:more|again|in|upon)), ^when(?:ever)?, when(?:ever)? (?:the |a |an |my |our )?\w+ (?:\w+
    )?(?:opens?|breaks?|reclaims?|clears?|hits?|holds?|gets?|cross\w*|touch\w*|tags?|drops?|dips?|goes|comes?|\
    closes?|fills?|triggers?|reach\w*| flips?|bounces?|pulls|confirms?|loses|turns|prints?|starts?|retests?|is|are|\
    rejects?|fades?), ^(?:un)?till?, ^not (?:un)?till?, (?:good|valid|wait\w*|nothing|cash|out|sit\w*|active|open|\
    off) (?:un)?till?, provided, assuming, as soon as, (?<!just )in case(?! you (?:missed|blinked|were|are|wonder)),
    wait, ^triggers?$, ^triggers? (?:is|at|on|over|above|\d)\S*, triggers? (?:at|over|above|under|below|\$?\d|when|\
    if|price|level|needed|pending|needs|first|is (?:at|\d|a|the)), (?:on|with|at|needs?|no|awaits?|when|if|waits?
    for|my|the) (?:the |a )?triggers?(?! (?:two|one|finger|pull|happy|was|is in)), (?:up)?on (?:(?:a|the)
    )?(?:break(?! ?out)|dip|pullback|retest|reclaim|flush|bounce|confirmation)(?: of)?, (?<!wrong )(?<!broke
    )(?<!held )(?<!holding )(?<!reclaimed )(?<!back )(?<!closed )(?<!cleared )(?<!now )(?<!crossed )(?<!pushed
    )(?:over|above|below|under) \$?\d[\d.]*, on (?:a |the )?breakout, ^(?:through|thru|past) \$?\d[\d.]*, breaks,
    ^should (?:it|we|i|this|that|the|spy|qqq|\w+ \w+s)\b, should (?:have|of|we|i|be (?:on|in|a|the)|wait|only|\
    trigger|fill|get|open|enter|buy|you), needs? to (?:break|clear|reclaim|hold|get|trigger|pull|dip|come|cross|\
    fill|confirm|see|drop|flush|open|close), as long as, conditional, contingent, (?<!week )(?<!weeks )(?<!day
    )(?<!days )(?<!hour )(?<!minutes )after (?:the |a |an |it |this |that |we |i |spy |qqq |spx |my |today's
    )*(?:cpi|ppi|pce|nfp|fed|fomc|close|open|opens|bell|lunch|hours|earnings|er|print|prints|data|powell|news|\
    auction|break\w*|retest\w*|reclaim\w*|pullback|dip|confirm\w*| clears?|holds?|clos\w+|jobs|report|speech|\
    meeting|event|fills?|\d\S*|flips?|minutes), ^<1>before (?:the |we |it |i )?(?:cpi|ppi|pce|nfp|fed|fomc|close|\
    open|opens|bell|lunch|earnings|er|print|prints|data|powell|news|auction|break\w*|jobs|report)
""")
# It has not been done yet.
PLANNED = any_of(r"""
    ^(?:on |at )?(?:mon|tues|wednes|thurs|fri)day(?:'s)? (?:open|morning|am|pre
    ?-?market|gap|fill|entry|order|session),
    ^<1>(?:worth (?:it|a (?:shot|try|look|gamble|flyer)))$,
    (?<!squeeze )(?<!bounce )(?<!reversal )candidate, ^for (?:(?:mon|tues|wednes|thurs|fri)day|the open|the lulz|the
    lols), get ready, be ready, queued?, staged, staging, prepping, looks? (?:interesting|tempting|juicy|possible),
    ^upcoming$, ^incoming, ^<1>incoming$, ^maybe, maybe$, maybe (?:later|tomorrow|not|if|on|at|when|once|i|we|buy|\
    enter|in|a (?:buy|long|call)), ^might(?! be (?:early|late|wrong|a (?:bit|little|tad|touch)|too|quick|choppy|\
    bumpy|slow|ugly|the (?:low|bottom))), might (?:buy|enter|take|try|open|grab|get|long|do|bto|want|pass|skip),
    ^would(?! you (?:like|believe|look)), would (?:have|of|be|buy|enter|take|do|get|need|like to|love|wait|you
    (?!like|believe|look)|i|we|not|never), wouldn'?t(?! (?:chase|pay|hold|want|be surprised|overstay|go)), ^could,
    could (?:have|of|buy|enter|take|try|get in|work), ^may, may (?:buy|enter|take|open|get|try|long|skip|pass|wait),
    ^considering, considering (?:this|it|buying|entering|taking|adding|an?), ^<1>thinking$, thinking
    (?:about|of|to|this|maybe|bto|long|we|i|on), i thinking, ^<2>(?<!as )plan(?:s|ned|ning)?$, plan(?:s|ned|ning)?
    (?:is )?(?:to|on) (?:buy\w*|enter\w*|open\w*|get\w*|take|taking|add\w*|wait|grab|long|bto), plan(?:s|ned|ning)?
    (?:for|entry|b|is|on|at), (?:my|the|our|a|for|game|trade|trading|original|initial) plan(?:s|ned)?$,
    (?:gonna|going to|will) (?:buy|enter|open|take|get|grab|try|wait|bto|be|add|long|fill|do|place|put|see|watch|\
    need|look|start|post|alert), ^<2>ideas?$, ^<1>ideas? (?:only|for|here|from|is|was|on|to), trade ideas?,
    (?:just|only|not) (?:an? )?<2>ideas?, idea or,
    (?:'s|a|an|my|your) idea(?! (?:works?|that|of)), ^(?:just |only |still |i'?m )*watching(?! (?:the
    (?!entry|open|fill|break)|price|vwap|volume|my|our|bonds|yields|oil|spy|qqq|vix|breadth)), watching
    (?:only|it|this|these|for|from|closely|here|now|that), watchlist, to (?:my|the|our) (?:list|radar|board|notes),
    on watch, eyeing, hop(?:e|ing) (?:to|for (?:a|an|the|it|better|fills?)|it (?:fills?|gets?|triggers?)|this
    (?:fills?|gets?)|i|we (?:fill|get)|someone), hope$, ^hopefully$, hopefully (?:fills?|gets?|soon|tomorrow|later|\
    we|i), ^prob(?:ably)?$, prob(?:ably)? (?:buy|enter|take|wait|not|skip|pass|going|gonna|will|should|tomorrow|\
    later), tempt(?:ed|ing), ^<1>at (?:the )?open, (?:tomorrow|monday|fills?|filled|buy|enter|valid|live|sold|\
    order|orders|friday|go|place\w*) at (?:the )?open, ^or(?! (?:better|less|so)\b), or (?:the |a )?\$?\.?\d\S*, or
    (?:not?(?! (?:at all|trade))|wait|hold|skip|pass|nah|sto|stc|bto|btc|sell|short|puts?|calls?|next|jan|feb|mar|\
    apr|may|jun|jul|aug|sep|oct|nov|dec|buy|just|maybe|should|is|am|do|would|if|stay|the other), (?-i:or
    [A-Z][A-Z]+), instead(?! of), on radar, wish(?! (?:me|us) luck), ^wanted, wanted (?:to|this|in), want to
    (?:buy|enter|get|take|add|be|own|try|wait|long), want (?:this|it|these|in), looking to
    (?:buy|enter|get|add|take|open|grab), looking for (?:an? )?(?:entry|fill|dip|pullback|better), next time,
    ^<1>pre-?market$, (?:in|at|during|tomorrow) pre-?market, ^<1>after hours, ^avoid\w*, avoid\w*
    (?:this|it|these|that), ^stay away, stay away from (?:this|it|these), ^<2>pass$, pass(?:ing)? (?:on|for),
    (?:i'?ll|i|a|hard|easy|gonna|to) pass$, ^skip, skip (?:this|it|that|if|these), (?:otherwise|i|i'?d|would|just)
    skip, not for me, ^<2>too (?:rich|expensive|late), too (?:rich|expensive|late) (?:for|now|to|imo|here),
    ^who(?:'?s)?, who(?:'?s)? (?:in|with|else|got|took|bought|wants?|is|was|are|has|still|sold|had|asked|followed|\
    missed), who$, ^any(?:one|body), any(?:one|body) (?:else|in|with|take|took|taking|get|got|fill\w*|buying|like|\
    see\w*|want\w*|who|still|have|has|know|playing|holding), ^<2>(?:thoughts|opinions)$, (?:thoughts|opinions)
    (?:on|about), (?:trying|tried) to (?:get|fill|buy|enter|add|grab|catch|sell|take|find|long|be|pick|scale),
    ^not$, not$, not (?:my|me|mine|ours|your|his|her|their|touching|interested|filled|working|getting|sure|valid|\
    active|happening|doing|joining|available|executed|sent|traded?|tradeable|worth|recommended|following|
    confirmed|triggered|sold|trading|today|now|here|this|that|there|going|saying|done|me|us|anymore|before|unless|\
    if|when|with|like|participating|playing|endors\w+| a (?:fan|buy|trade|recommendation|signal|alert|call|\
    position|order|real|live|fill|good|bto)|for (?:me|us|real|now|today)|an? \w+ (?:trade|order|alert)|the
    (?:trade|alert|entry|order|time|one)|so|quite|any|by)
""")
# It was done, and is told.
PAST = any_of(r"""
    ^<1>(?:assigned|exercised|called away)$, now (?:a |one )?(?:half|third|quarter|fraction|tenth) of,
    (?:up|down) to \$?\d\S* now, (?:each|every) (?:week|month|day|year|friday|monday), twice (?:this|today|in),
    what an? (?:ride|move|run|week|session|banger|winner|trade|call|rip|beauty|monster|day|morning),
    (?:out|exit(?:ed)?)
    @ \$?\.?\d[\d.]*(?! (?:if|or)),
    (?:during|on|in|at|from|off|into) (?:yesterday|(?:mon|tues|wednes|thurs|fri)day|last \w+)'s,
    the other (?:day|week|night|morning|afternoon), (?:days?|weeks?|months?|hours?|hrs?|minutes?|mins?|sessions?)
    (?:back|earlier|prior|before)(?! (?:earnings|the|it|they|er|expiry|expiration|cpi|fomc|they|we)), (?<!hold
    )(?<!holding )over the
    (?:weekend|holidays?|break|summer|long weekend), (?:couple|few|some|several|two|three|\d+) (?:of )?(?:days?|\
    weeks?|\
    months?|hours?|sessions?) (?:ago|back|in)$, back when, back (?:then|on the \d\S*), this past <1>\w+, ^<1>recently,
    at one point, a while (?:ago|back), (?:way|long) back, on the (?:1st|2nd|3rd|\d+th)$, (?:during|in) (?:the
    )?(?:morning|afternoon|overnight) session, at (?:the|today's) (?:open|lows?|highs?|bottom|top)(?: (?:today|\
    earlier|\
    this \w+))?$, in the am$, when i (?:was|woke|had|first|got|saw|bought|\
    entered), when it was, before (?:the (?:move|pop|rip|run|news|dump|drop|rally|spike)),
    <it>(?:burned|burnt|smoked|rekt|wrecked|cooked|torched), got (?:burned|burnt|smoked|rekt|wrecked|cooked|\
    torched), cover(?:ed)? (?:at )?\$?\d[\d.]*, (?:mon|tues|wednes|thurs|fri)day's (?:trade|alert|play|entry|call),
    (?:play|alert|call|pick|winner) of the (?:day|week|month|year), (?:best|worst) trade, nice win, what a
    (?:trade|call|play|win|day), (?:i|we) passed, dream(?:ed|t|ing)?, (?:in|holding|long|green|up|down|running|from)
    since, since (?:last|yesterday|friday|monday|tuesday|wednesday|thursday|this|the (?:open|alert|entry|post|\
    call)|open|entry|alert\w*|earlier|post\w*|then|\d\S*), (?:current|open|my) positions?, for (?:the
    record|reference|context), (?:many|several|two|three|few) times, ^<1>before$, day \d, out \$?\.?\d[\d.]*,
    ^exit(?:ed)? \$?\.?\d[\d.]*, <it>(?:was|were|been|has been|had been|have been), (?:fill|entry|fills|exit) was,
    ^<2>wrong(?! (?:above|below|over|under)), (?:is|was|were|got|went) wrong(?! (?:above|below|over|under)),
    ^<2>(?:yesterday(?!'s (?:high|low|close|range|level|candle|vwap|gap|open|session|value|flush|dip|poc|pop|news|\
    print) \w+)|earlier|this morning|last (?:wk|week(?!'?s?
    (?:highs?|lows?|close|range|candle|open)\b)|month|year|night|monday|tuesday|wednesday|thursday|friday)|this
    month), (?:bought|took|taken|from|alert|alerts|alerted|entered|entry|posted|in|out|filled|got|sold|closed|said|\
    called|had|opened|trade|call|play|position|it|this|that|one|was|were|told|showed|mentioned|here|since|room|\
    winner|runner) <3>(?:yesterday|earlier|this morning|last (?:wk|week|month|year|night|monday|tuesday|wednesday|\
    thursday|friday)|this month), ago, <it>(?:hit|ran|went|turned|peaked|topped|reached|tagged|worked|doubled|\
    tripled|nailed|crushed|smashed|printed|gave|won|lost|scratched|made|passed|skipped|faded|died|expired|sat|bled|\
    popped|ripped|mooned|flew|tanked|held (?:it|for|until|overnight|over)|filled late), hit
    (?:\$?\.?\d\S*|[+-]\d\S*|the target|target|pt|tp|for), ran (?:to|from|up to|over|\d\S*), gave (?:us|me|back),
    never looked back, (?:it|this|that|one|trade) <1>paid, ^paid (?:for|the|my|our), paid
    (?:out|us|me|off|well|big|nicely), turned into, (?:nailed|crushed|smashed) (?:it|this|that), (?<!average
    )(?<!avg )(?<!is )now (?:at )?\$?[\d.]+(?! (?:total|cons?|contracts?|in all|shares)), ^currently, currently
    (?:at|up|down|\$?\.?\d\S*|trading|green|red|in|holding|worth|flat), sold, closed, exited, trimmed, congrats?,
    missed, (?:for )?those who, for those, recap, results?, p ?/? ?l, banked, bagger, closed (?:at|for),
    ^<1>(?:up|down) \d+(?: ?%)?, (?:it'?s|i'?m|we'?re|now|already|currently|is|am|are|me|us|trade|position)
    (?:up|down) \d+(?: ?%)?, (?:up|down) \d+ percent, still (?:in|holding), expired,
    [-=]+>(?! ?(?!exit|out|sold|sell|now|then|to|and|closed|up|down)(?-i:[a-z][a-z][a-z]+)),
    →(?! ?(?!exit|out|sold|sell|now|then|to|and|closed|up|down)(?-i:[a-z][a-z][a-z]+)), from \$?[\d.]+ to,
    alerted, called (?:it|this), ^<1>already, (?:it'?s|i'?m|we'?re|is|are|was|up|out|sold|closed|cut|in|filled|\
    posted|ran|hit|gone|printed|doubled) already, already (?:up|down|out|sold|closed|in|posted|ran|hit|gone|green|\
    red|running|moving|filled|took|done|alerted|paid|printed|trimmed|doubled|\d\S*), late post, delayed,
    ^<2>stopped, stopped (?:out|for|at|on), got stopped, <2>(?:old|older|previous|prior|original)
    (?:alert|post|trade|call|news|one|screenshot|signal|entry|play|idea|message|order|plan|position)s?,
    ^<1>(?:old|older|previous|prior|original|originally)$, originally, repost(?:ing|ed)?, ^bump(?:ed|ing)?,
    ^<2>winners?, (?:was|were|is|what) <2>(?:winner|loser|double|bagger)s?, paid out, paid us, skipped, passed on,
    sat out, hindsight, shoulda, woulda, coulda, throwback, flashback, back on (?:mon|tues|wednes|thurs|fri)day,
    back in (?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec|20|the (?:spring|summer|fall|winter|day))\w*, not
    working, didn'?t work, great (?:call|trade|alert), nice (?:call|trade|alert), good (?:call|trade|alert), lost
    money, ^<2>loser, screenshot, journal, ^<1>playbook$, ^<2>lessons?$, lessons? learned, out at(?! \S+ (?:if|or)),
    ^<1>scratched, easy (?:double|money|win|bag), sounded, ^<1>done$, (?:all|is|it'?s|i'?m|we'?re|was|trade|already)
    done(?! (?:bleeding|falling|dumping|selling|going|waiting|dropping|consolidating|basing|chopping|overthinking)),
    ^(?:and |it'?s |they'?re |aa\w+ |all |already |poof |long )*gone, (?:it'?s|already|is|are) gone, ^rip$, rip
    (?:to|my), unlucky, too bad, but no, ^<2>up (?:huge|big|nicely|nice|a lot|already),
    (?:it'?s|i'?m|we'?re|now|already) up
""")
# A clause about managing the position may be conditional, and has numbers of its own.
MANAGEMENT = any_of(r"""
    sl, st[o0]ps?, stop ?loss, stopped, (?:pt|tp)s?\d?, t[1-4], targets?, tgts?, trim(?:ming|s)?, exit(?:ing)?,
    cut(?:ting)?, out, sell(?:ing)?, take (?:some|profits?|half), taking (?:some|profits?), clos(?:ing|es), close
    (?:it|half|all|out|at|below|above|under|over), runners?, break ?even, scal(?:e|ing), ^<2>hold(?:ing)?,
    (?:i'?ll|we'?ll|will|to|gonna|and|can) hold (?:until|till|for|to|into|through|over\w*|as|it|this|a|some),
    add(?:ing|s)?, avg, average, invalid(?:at\w+)?,
    (?:half|third|quarter|some|rest|most) (?:off |out )?(?:at|to) \+?\d\S*, thesis, hedge, trail(?:ing)?,
    (?:to|at|stop|sl) be, chas(?:e|ing),
    pay(?:ing)?, \d\S* if (?:right|wrong|it works|lucky)
""")
# A number beside one of these is no second price.
EXPLAINED = any_of(r"""
    avg, average, risk(?:ing)?, max, maximum, size[ds]?, port(?:folio)?, account, under, above, below, over, vwap,
    supports?,
    resistance, levels?, [es]?ma, break\w*, holds?, reclaim\w*, stock, share price, spot, underlying, delta, iv,
    ivr, gamma, theta, bid, ask, mid, spx, spy, qqq, area, gap, hod, lod, pivot, rejection, bounce, chasing, chase,
    earnings, er, cpi, fomc, credit, debit, assigned, acct, capital, collateral, manage, yield, annuali[sz]ed,
    probability, pop, position, first (?:was|at|buy), off, near, toward, towards, zone, looking for, expecting, up
    to, fills?, total, basis, r \$?\.?\d\S*, \dr, for an? (?:quick|fast|easy|nice|clean|cheap|possible)
""")
# A day to come is a plan, unless it is an event's, or the position is to be held until then.
TO_COME = any_of(r"""
    tomorrow, tmrw, later, tonight, soon, next week, monday morning
""")
COMES_LATER = any_of(r"""
    ^<2>(?:tomorrow|tmrw|later|tonight|soon|next week|monday morning), (?:for|open|coming|it|this|these|order|\
    alert|trade|entry|buy|buying|in|live|valid|starting|fill|filled|take|taking|i'?ll|we'?ll|will|by|until|go|\
    again|more|room|up) <2>(?:tomorrow|tmrw|later|tonight|soon|next week|monday morning)
""")
EVENT = any_of(r"""
    inventor(?:y|ies), opex, gdp, pce, jobs, nfp, holiday, powell, speaks, auction, ex-?div\w*, dividend, earnings,
    er, reports?, cpi, ppi, fomc, fed, data, minutes, event, (?:into|through|thru|hold(?:ing)?|add(?:ing)? more|more|\
    add(?:ing)?) <2>(?:tomorrow|tmrw|later|tonight|soon|next week|monday morning)
""")
# An entry that is held, unless more of it is bought now.
HELD = any_of(r"""
    average is, ^(?:this is |that'?s |it'?s )?my (?:average|avg|cost|basis|entry|fill)
""")
# Somebody who takes another's trade says so.
FOLLOWER = any_of(r"""
    with (?:you|u|y'?all|ya), late, thanks(?! for (?:the ride|playing|the memories)), thank you, thx, ty, tysm,
    too(?! (?:slow|early|late|rich|soon|long|fast|choppy|wide|much|many|risky|thin|greedy|close|volatile)),
    also, as well, same here, same as (?-i:[A-Z])\w+, like (?-i:[A-Z])\w+, me too, ^followed, (?:i|i'?ve|just|we)
    followed, followed (?:you|u|him|her|this|your), following you, following (?-i:[A-Z])\w+, your alert, your call,
    great call, nice call, good call, great alert, nice alert, congrats, appreciate, legend
""")
# Behind a close it is the room that is thanked.
THANKS_ALL = re.compile(
    r"(?:thanks|thank you|thx|ty) (?:to )?(?:team|all|everyone|everybody|guys|fam|gang|folks|room|chat|market)",
    re.IGNORECASE,
)
# A clause of these words and nothing more is no order done now.
ALONE = phrase_set("""
    day, lmt day, condition, conditions, setup, next, ready, loading, coming, working, holding, eod, monday, tuesday,
    wednesday, thursday, friday, no, nope, whale, block, sweep, idea, radar, watch, open, hold, position, positions,
    test, heads up, open position, open positions, for the record, copy that, trade of the day, trade of the week
""")
