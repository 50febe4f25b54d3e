"""Words behind an entry that take it back. A remark that is not known is talk, and leaves the order as it is.

The kinds: taken back, not got, only sent, in jest, a try of the bot, told with pride, somebody else's.
"""

from collections.abc import Sequence

from domain.reading.chunks import Chunk
from domain.reading.phrases import any_of
from domain.reading.vocabulary import phrase_set

_TAKEN_BACK = r"""
    ^re-?do$, do-? ?over,
    ^<1>(?:january|february|march|april|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|\
    aug|sept?|oct|nov|dec)(?: not \w+)?$, (?:sorry|sry|whoops|ah|ugh|argh|dang|\
    damn|crap) (?:(?-i:[A-Z]+)(?:$| not (?-i:[A-Z]+))|monday|tuesday|wednesday|thursday|friday|\
    next|the \d\S*|its|it'?s|should),
    make (?:that|it) (?:the |an? |for )?(?:\d\S*|two|three|four|five|six|ten|jan\w*|feb\w*|mar\w*|apr\w*|may|\
    jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|\
    nov\w*|dec\w*|next|weekl\w+|monthl\w+|(?:mon|tues|wednes|thurs|fri)day|(?-i:[A-Z]+)), (?:^|its? |it'?s |that'?s
    |should be |should say |supposed to be |is )(?:the )?(?-i:[A-Z]+) not (?:the )?(?-i:[A-Z]+), (?:^|its? |\
    it'?s |that'?s |is )(?:the )?\d\S* not (?:the )?\d\S*, not (?:the )?\d\S*[cp], (?:should|supposed to) (?:be|say|\
    read|have been|have said) (?:the |an? |for )?(?:\d\S*|(?-i:[A-Z]+)|puts?|calls?|jan\w*|feb\w*|dec\w*|next|\
    week\w*), i (?:mean(?! it)|meant|said|wrote|typed|put), (?:brain|fingers?|autocorrect|keyboard|eyes?)
    (?:is |are |was )?(?:fried|fart\w*|dead|slip\w*|fail\w*), dyslexi\w+, (?:changing|changed|switch(?:ed|ing)|\
    amend(?:ed|ing)?|adjust(?:ed|ing)?|updat(?:ed|ing)|fix(?:ed|ing)?) (?:it |that |the |to the |my )*(?:to (?:the
    )?\S+|strike|expiry|price|date|ticker|side|exp),
    scrub(?:bed|bing)?, scrap(?:ped|ping|s)?, nix(?:ed|ing)?, abort(?:ed|ing)?, kill(?:ed|ing)? (?:it|that|this|the
    order|order), yank(?:ed)?, nuke(?:d|ing)?, axed, ditch(?:ed|ing)?, withdr[ae]w\w*, revok\w+, recall(?:ed)?,
    annul\w*, negat(?:e|ed|ing), back(?:ed|ing) out, bail(?:ed|ing), backpedal\w*, walk(?:ed|ing)? (?:it|this|that)
    back, unsend, unsent, remov(?:e|ed|ing), pulling (?:it|this|that|the order), pull (?:it|this|that), second
    thoughts?, on reflection, reconsider\w*, rethink\w*, rethought, cold feet, chicken(?:ed|ing)? out, got scared,
    never happened, didn'?t happen, won'?t happen, no-?go, not happening, false alarm, my mistake, apolog\w+,
    ooops\w*, oopsie\w*, doh, (?<!can't )(?<!cant )(?<!not )(?<!no )(?<!me to )(?<!paid to )wait(?! and see),
    kidding\w*, undone, unwound,
    revert\w*, reverse (?:that|this|it), x-?ed out, crossed out, strike (?:this|it), on second thought, scratch(?:
    it)?$, make (?:that|it) (?:an? )?(?:puts?|calls?|\$?\.?\d\S*), see (?:below|edit|correction|next|new|updated),
    taken down, outdated, ^(?:lol |oh |ha |uh |um |eh |but |well )?no$, no (?:don'?t|thanks|thank
    you|way|chance|shot|sir|ty), hard no, no (?:from|for) me, ^<2>never(?: again| ever)?$, over my dead body, not a
    chance, not (?:enough|something|recommending|recommended|buying|gonna (?:do|take|buy)|for size)
"""
_NOT_GOT = r"""
    (?:order|fill|limit|bid) (?:got|was|never|didn'?t|went|just|won'?t|ran|sat|timed|expired|missed|isn'?t|has|\
    hasn'?t|\
    keeps|failed) (?!filled|executed|(?:is )?at|(?<=got )(?:hit|lifted))\w+, second ?-?guess\w*,
    (?:still|not|un)(?: yet)? ?(?:deciding|\
    decided|convinced|committed|sold|sure),
    never (?:came|got|filled|hit|triggered|traded|reached|saw|looked|went|dropped|dipped|touched|printed|happened),
    let(?:ting)? (?:it|this|that|them|these)(?: one| trade)? (?:go|pass|slip), sit(?:ting)? (?:this|it|that)(?: one)?
    out, count me out, i'?m out of this one, (?:too|so) (?:fast|quick|slow|late|rich) for me,
    (?:kicked|bounced|thrown|sent|spit|spat|knocked|turned|booted) (?:it |me |us |the order )?(?:back|out|away|down),
    (?:froze|crashed|lagged|hung|disconnected|stalled|died|choked|bugged|jammed|logged|locked|booted|errored|failed|\
    borked)(?: up)? (?:on me|me out|out|again|right), (?:before|past|through|over|by|beyond|faster than|ahead of)
    (?:my|the|our) (?:fill|order|limit|bid|price|entry|click|finger)s?, (?:before|by the time) i (?:could|got|can|\
    was|\
    even|hit|clicked|had|did), (?:talked|chickened|psyched|bailed|freaked|wimped|priced) (?:myself |me |us )?out(?:
    of)?, out of (?:buying power|day trades|margin|funds|cash), pdt, (?:fat|thick) ?-?finger\w*, (?:let|\
    letting) (?:it|\
    this|that|them) (?:pass|slip|go by|go$|slide), slipped (?:away|by|through), (?:gapped|moved|jumped|ripped|spiked|\
    popped|flew|shot|blew) (?:up |right |way )?(?:before|past|over|through|away|above|by) (?:my|me|us|our|i|it|the),
    unfillable, on the sidelines, (?:stuck|sitting|still|left|parked|hanging|waiting) (?:at|on|in) (?:the |\
    my )?(?:bid|\
    limit|order|queue|book|mid), (?:never|didn'?t|don'?t|not) (?:pull|pulled|press|pressed|hit|click|clicked|send|\
    sent|\
    trigger|get|got|fill|filled|make|made|happen|materialize), would(?:n'?t)? (?:not )?(?:let me|accept|allow),
    (?:won'?t|wouldn'?t|doesn'?t) (?:let|accept|allow|approve), approved for, level (?:1|2|3|one|two|three) (?:only|\
    account|options), (?:robinhood|webull|broker|tos|schwab|fidelity|ibkr|app|platform|wifi|internet|phone|computer|\
    laptop) <1>(?:froze|died|crashed|ate|said no|is down|was down|went|would|won'?t|did|didn'?t|blocked|rejected|\
    lagged|glitched|kicked|locked|logged|failed|broke|hates),
    no (?:bids?|offers?|takers|luck|dice|execution|deal|go|joy|cigar), (?:didn'?t|did not|couldn'?t|could
    not|can'?t|cannot|wouldn'?t|won'?t|doesn'?t) (?:get|fill|go|take|execute|catch|buy|enter|work), ran away, got
    away, away from (?:me|us), too slow, (?<!we )missed, we missed (?!you|y)\w+, missing, (?<!doesn't )(?<!don't
    )(?<!never )(?<!can't )(?<!to )(?<!or )miss, failed(?!
    (?:break\w*|auctions?|lows?|highs?|bounces?|rally|rallies|push|pushes|attempts?|tests?|retests?|reclaims?|pops?)),
    fails, fail,
    denied, declined, errored, unexecuted, untriggered, unfilled, nofill, (?:not|never|wasn'?t)
    (?:executed|triggered|got|done|getting|hit|bought), insufficient, unable, blocked by, nobody
    (?:filled|got|took|in|bought|wants?), (?:said|filled|for) nobody, ^no(?:body| one)$, (?:can|could) not, left
    (?:the station| without), without (?:me|us), timed out, outbid
"""
_ONLY_SENT = r"""
    to (?:enter|get in|initiate|trigger)$,
    (?:working|open|live|resting|pending|unfilled) orders?, ^(?:just |only )?(?:the |a )?bids?$, ^hoping$, one
    (?:sec|\
    second|min|minute|moment)$, brb, ^checking,
    order sent, orders? (?:is |are )?(?:out|up|open|queued|pending|waiting|resting|sent|placed|in), sent(?! from),
    submitted, submitting, placing, placed, ^queue$, in (?:the |a )?queue, queuing, alarm set, alert set,
    tentative\w*, hopeful\w*, theoretical\w*, ^(?:eventually|someday|possibly|perhaps|potentially|presumably|\
    likely), (?:order|bid|offer) is <1>(?:in|out|live|up|on|working), ^<1>working(?: it)?$, ^day (?:order|limit)s?,
    (?:limit|order) is <1>(?:in|set), good for (?:the day|today), sitting (?:on|at) the (?:bid|mid|ask), would pay,
    (?:looking|waits?|waiting) for <1>confirmation, needs? <2>(?:confirmation|volume|reclaim|retest|break\w*|flush|\
    pullback), ^upon, ^on (?:a|an|any|the next)(?! (?:whim|hunch|mission|diet|roll|tight|short|small|monday|hot|\
    limb|bet|dare|budget|friday|sugar|caffeine)) \w+, ^on (?:weakness|strength|confirmation|(?:mon|tues|wednes|\
    thurs|fri)day), ^is (?:the|a|an|what|my|not|no)\b, ^came in, (?:^need|needs) \$?\d\S*, ^should
    (?!be|work|run|print|hold|go|pay|move|see|bounce|rip|take|make|fill|get|have|still|do|help)\w+, ^still
    (?:good|valid|open|active|live|available), that one (?:hurt|stung|cost), puts? not calls?, calls? not puts?,
    ^reads? as, ^on (?:the )?<1>(?:close|break\w*|retest|reclaim|cross|confirmation)
    (?:over|above|below|under|of)\b, ^at \d\S*, ^<1>after(?! (?:(?:two|three|four|five|six) (?!(?:\w+
    )?(?:candles?|bars?|closes?))|all|that|those|weeks|days|months|hours of|a (?:long|short|good|bad|rough|great)
    \w+)), (?:on|into) any, ^thinking, let me think, i'?d <1>(?:take|do|buy|love|like|go|enter|pay|be), i
    would(?!(?: not|n't| never) chase), what i'?d?, what we'?d?, wish ?list, (?:on|next on|from|off) (?:the|my|our)
    <1>(?:list|menu|wishlist|watchlist|board), on the menu, if only, ^if i (?:could|had|were|was)
"""
_IN_JEST = r"""
    bazinga, lololol, rofl, haha not, not!, as if, in (?:my|your) dreams, dreaming, dream, i wish, sarcas\w+,
    ironic\w*, irony, april'?s? fool\w*, fooling, pretend\w*, roleplay\w*, larp\w*, fantasy, fictional\w*, made up,
    monopoly money, play money, fake money, funny money, fantasy, in (?:a|an|another|my|the) <1>(?:perfect
    world|life|lifetime|universe|timeline), dream on, you wish, i'?m joking
"""
_A_TRY = r"""
    dry ?-?run, sandbox, staging, debug\w*, smoke test, just a test, this is a test, tests? only, test post, check
    one two, check check, ^tests?, mic check, lorem, foobar, asdf\w*, qwerty
"""
_PRIDE = r"""
    took (?:the|a|an|my|another) <1>(?:l|loss|hit|beating|w|win|bath), ^(?:a |the |small |tiny |big |full )*(?:loss|\
    win|winner|loser)$,
    banger, bangers, home ?run, slam dunk, grand slam, monster win, jackpot, what a runner, called that, called it,
    told (?:you|ya|u|y'all)(?: so)?, as called, booked, realized(?! vol\w*), cashed, paid (?:well|big|nicely),
    ^<2>dead(?! (?:cat|money|inside|tape)), rekt, worthless, ^<1>toast, burned, took (?:some |my )?profits?, cut
    (?:it|them)(?! (?:if|when|at|under|below|over|on|loose|quick|fast|there)), out (?:now|already|here),
    (?:target|pt|tp|stop|sl|goal|level) ?\d? ?(?:was |got |is |has been
    )?(?:hit|tagged|reached|moved|raised|filled), ^half off$, (?:in|deep) (?:the )?(?:money|green|red|profit)
    (?:now|already), ^<1>deep (?:green|red), up a (?:bunch|lot|ton), bag ?hold\w*, holding (?:the )?bags?,
    underwater, stuck in (?:it|this), ^flat (?:now|again), ^<2>runners? (?:left|only|on),^down (?:bad|big|a
    lot|huge), (?:in|holding|same as|entry|alert|trade|carried|held|long|post|since) from
    <2>(?:mon|tues|wednes|thurs|fri)day, from <2>(?:mon|tues|wednes|thurs|fri)day, same as
    <2>(?:mon|tues|wednes|thurs|fri)day, late entr(?:y|ies), for late
"""
_SOMEBODY_S = r"""
    (?:\$\d[\d.]*|\d+\.\d+)(?:m|mm|mil|million)(?: \w+)?$, ^credit (?:to |goes to )?(?-i:[A-Z][a-z]+),
    whales?, insiders?(?! (?:bar|day|week|candle)), (?:the|big|huge|in) flows?, flow (?:feed|says|alert|desk),
    crossed the tape, hit the tape, seen (?:in|on), as seen, \d\S* (?:lots?|contracts?|cons?|cars)
    <1>(?:hit|traded|went|printed|crossed|bought|sold|swept|lifted), saw \d\S*, pelosi, congress, senator, flow
    alert, sweeper, dark ?pool, unusual, someone else'?s?, not ours, stolen, nicked, lifted from, copied from, his,
    hers, theirs, via (?!\w*(?:sync|bot|app|alerts?|relay|webhook|feed|mobile|desk|phone)\b)\w+,
    they (?:bought|sold|took), (?:for|from|by|per|via|with) (?:a|my|our)
    (?:friend|buddy|brother|wife|dad|mate|pal|son|client|neighbou?r|barber|cousin|uncle|boss|mentor|coach)s?,
    <relation> <1>(?:bought|buys|buying|sold|likes?|loves?|is in|in this|did|picked|picks?|told|tells|swears|says|\
    said|alerted|posted|called|trade|trades|idea|tip|alert|call|pick|account|took|is long|wants?), ^<relation>$,
    <1>tips?
    from, (?:uncle|friend|cousin|barber|broker|hot)'?s? tip, friend of mine, clients? (?:order|trade|account)s?, for
    (?:him|her|them|someone), (?:some(?:one|body)|everyone|everybody|the room|the other room) (?:did|is
    doing|bought|took|is in) (?:this|that|it)?, (?-i:[A-Z][a-z]+)(?: just| also| already| only)? (?:bought|sold(?!
    off)|took|entered|alerted|posted|called|is in|was in|got in|is long|likes?|loves?|did
    (?:this|that|it)|traded|has (?:this|it|these)|owns|holds|copied|told|bagged), that'?s (?-i:[A-Z][a-z]+)'s,
    (?:^|is |was |not |by )(?-i:[A-Z][a-z]+)'s$, is what
"""
_TOLD = r"""
    that'?s what \w+ (?:did|said|bought|sold), what i'?d do, \w+'s (?:note|idea|pick|words), remember (?:that|this),
    should'?ve, could'?ve, would'?ve, i'd be a, on my (?:list|screen|radar|watchlist), in my (?:notes|journal),
    (?:in|from) the (?:archives?|journal|vault), from (?:20\d\d|memory), ^<1>last (?:cycle|quarter|earnings), ^back
    in (?!at|for|here|the green|it|this|with)\w+, ^at the bell, ^this (?:afternoon|evening), ^in an hour,
    ^into the close$, next candle,
    with confirmation, awaiting, margin call, no buying power, out of cash, didn'?t have, ate it, bot test,
    for testing, illustrat\w+, hypo, imaginary, thinkback, no real money, no money in, raise your hand,
    delivered to \d\S*, did
    (?:you|we|u) (?:get|fill), what do you, wdyt, is it fair, ^<2>too (?:high|pricey|rich), leaving it(?!
    (?:on|open|alone to))?, letting it go, left it alone, eyes on it, spectat\w+, no position, no skin, flat here,
    i'?m flat, sitting (?:out|on (?:my )?hands), sidelines, observing, tracking, for the log, logging, logged(?!
    (?:out|off|me|in)), for my records, note to self, bookmark\w*, resharing, reshared, forwarded, shared from, from
    (?:vip|premium)(?: room| chat)?, leaked, by (?:the pros|smart money), smart money, institution\w*, 13f, form 4,
    (?:insider|sec|senate|house|congress\w*|form \d) filings?, ^filing$, (?:ceo|cfo)(?: just)?
    (?:bought|buys|buying|sold|sells), ^(?:ceo|cfo)$, big block, block trade, blocks?(?= (?:print|buy|sell)), swept
    (?:at|the (?:ask|bid|offer))\b, ^swept$, ask side, bid side, above ask, opening print,
    (?:bullish|bearish|unusual|call|put) flow, on the tape, ai (?:generated|picks?|trades?), (?-i:[A-Z][a-z]+) in
    (?:premium|vip|gold), did (?:you|u|y'?all|anyone|anybody), oi \d+, vol \d+, premium \$?[\d.]+[mk]
"""
# Only shown, taught or discussed.
_SHOWN = r"""
    in that order, (?<!holding )nothing else (?:in|on|to|is|needed|goes), (?:in|on) (?:the|that|this|one|a single)
    line, (?:line|\
    message|post) please, that'?s (?:all you need|the whole|it$), (?:first|then) (?:the )?(?:ticker|symbol|strike|\
    expiry|side|action|price|date), (?:ticker|symbol|strike|expiry|side|action|price|date)
    (?:first|second|third|last|\
    then|goes|comes),
    (?:this|that) is (?:how|what|the way)<1>, that'?s (?:how|the (?:syntax|format|way|idea|one|play|alert)), syntax,
    translation, in other words, meaning (?:buy|sell|to|i|that), for (?:the|a|this|my|our)
    <1>(?:contest|competition|tutorial|video|class|course|quiz|screenshot|stream|record|demo), homework, class
    exercise, (?:for|up for|open to) (?:discussion|debate), ^<1>(?:discuss|observation), an observation
"""
# Asked, with or without a mark.
_ASKED = r"""
    let me know, lmk, roast (?:me|it|this|my), (?:^|^what |any |your |got )(?:thoughts?|opinions?|takes?|input|\
    feedback|advice|critiques?|suggestions?|objections?|concerns)(?: (?:guys|all|gang|team|everyone|everybody|folks|\
    fam|chat|y'?all|anyone|please|welcome|appreciated|on|here|from|about)\b.*)?$, what (?:do|say|would|about|did|\
    are|is)
    (?:you|u|y'?all|we|everyone|your|everybody), what(?:'?s| is) (?:everyone|your|y'?all|the (?:move|play|consensus|\
    verdict|vibe)), tell me, talk me, (?:rate|judge|grade|critique|review|check|look over|poke holes in) (?:my|\
    this|it|\
    me), am i \w+, should i, do i, did i,
    (?:smart|good|bad|dumb|stupid|crazy|solid|decent|fair|right|safe|wise|worth|\
    ok|okay|legit|too late|late|early) or (?:not|no|nah|bad|dumb|stupid|crazy|wait|too|what|am|is|pass), (?:help|\
    convince|sell) me, y ?/? ?n$, you (?:think|guys think|agree|like|see it|with me)$, (?:agree|thumbs up|react|vote|\
    sanity check|second opinion|change my mind|need opinions|opinions needed|open to), wdy'?all, wyt, curious what,
    wondering (?:if|what|whether),
    not sure (?:if|about(?! (?:this|the) (?:market|tape|week|move|day|open|close))|whether|yet|i),
    (?:^|hello |hey |guys |or )(?:is|does|do|did|can|could|should|are|was|will|has|am|would)
    (?:it|this|that|you|we|i|anyone|everyone|everybody|he|they|u|y'all)(?! (?:believe|like|look|feel|smell|mention|\
    say|stutter|not|is what|what it)), ^(?:true|yes|agree|buy|right|good|smart|fair|bull\w*|call|up|hot|yay|legit|\
    real|in|long|hold) or \w+, does (?:this|that|it) look
"""
# The same in the languages that traders here speak.
_IN_OTHER_WORDS = r"""
    si, cuando, cancelad\w+, anulad\w+, esperando, espera, todavia, aun no, ayer, ejemplo, prueba, pendientes?,
    solo si,
    vendid\w+, cerrad\w+, ejecutad\w+, wenn, sobald, storniert\w*, noch nicht, nicht, gestern, beispiel, morgen,
    verkauft\w*, abgebrochen, warten, wartet, ausgestoppt, quand, annul\w+, pas, encore, attendre, attente, hier,
    exemple, demain, vendu\w*, essai, quando, ainda, ontem, exemplo, amanha, annullat\w+, non ancora, ieri, esempio,
    domani, vendut\w+, attesa, niet, geannuleerd, gisteren, nog niet
"""
_AGAINST = any_of(
    ",".join(
        [
            _SHOWN,
            _ASKED,
            _TAKEN_BACK,
            _NOT_GOT,
            _ONLY_SENT,
            _IN_JEST,
            _A_TRY,
            _PRIDE,
            _SOMEBODY_S,
            _TOLD,
            _IN_OTHER_WORDS,
        ]
    )
)
_OF_A_CLOSE = r"""
    (?:did|does|would|could)(?:n'?t| not) (?:go|get|come) (?:through|done|off),
    scrub(?:bed|bing)?, scrap(?:ped|ping), nix(?:ed|ing), abort(?:ed|ing), backed out, chicken(?:ed|ing)? out,
    second thoughts?, false alarm, never happened, (?:didn'?t|did not|couldn'?t|can'?t|cannot|won'?t|wouldn'?t)
    (?:get (?:it|out|filled)|fill), no bids?, nobody filled, order sent, submitted, queued, tentative\w*,
    unconfirmed, for (?:those|anyone|people) (?:still|who|that), ^on (?:a|any|the next)
    <1>(?:spike|pop|rip|push|bounce|move|retest|squeeze), ^into <2>later, ^later, later today, ^after (?:the
    )?(?:cpi|ppi|fomc|fed|close|open|bell|lunch|earnings|print|news|\d\S*), ^at (?:the )?(?:close|open|bell|\d\S*)$,
    ^missed, ^my target, that'?s (?:the|my) (?:plan|target|idea|exit plan), ^agree\w*, (?:good|bad) idea, or not$,
    (?-i:[A-Z][a-z]+) did$, says (?-i:[A-Z])\w+, ^per (?!contract|con|share|plan|usual|my|the plan)\w+, from the
    (?:archives?|vault|journal), best (?:exit|trade|call|sale) of the, it'?s (?:at )?\$?\.?\d\S* now, ^<1>still
    working, (?:limit|order|offer|ask|bid) is <1>(?:in|out|live|up|set|working|there), ^day (?:order|limit), trying
    to (?:fill|get out|sell), alert set, price alert, in your dreams, dreaming, pretend\w*, pelosi, congress,
    whales?, insiders?, dark ?pool, he said, she said, they said, according to, heard, for my friend, <relation>
    <1>(?:bought|buys|buying|sold|likes?|loves?|is in|did|picked|told|swears|says|said|alerted|posted|called|trade|\
    trades|idea|tip|alert|call|pick|account|took|is long), ^<relation>$, (?-i:[A-Z][a-z]+)'s
    (?:words|alert|trade|call|exit|idea), not me,
    via (?!\w*(?:sync|bot|app|alerts?|relay|webhook|feed|mobile|desk|phone)\b)\w+, screenshot, throwback, repost,
    journal entry, late post,
    yay or nay, anyone\b.*, who'?s in, (?:lol|haha|lmao|hah|ha) (?:no|nah|not|nope), i wish$,
    (?:no|nah|but|only) i wish, you wish
"""
_CLOSE_AGAINST = any_of(",".join([_SHOWN, _ASKED, _A_TRY, _OF_A_CLOSE]))
_CLOSE_ALONE = phrase_set("""
    not, testing, maybe, might, idea, watching, working, hopefully, sent, almost, nearly, tempted, theoretically, in
    theory, abort, vote, poll, thoughts, candidate, plan, plans, planned, on watch, on radar, trying, tried, skip,
    skipped, pass, passed, avoid, sweep, flow, i wish, old, remember, pending, soon, next
""")
# Alone behind an order these take it back; in a sentence they say little.
_ALONE = phrase_set("""
    almost, nearly, flow, poll, vote, limit, price alert, remember, tried, trying, attempt, attempted, in theory, on
    paper, whale, source, quote, quoted, draft, drafted, nobody, unreal, unlikely, test, tests, tested, testing, dev,
    foo, qa, not, none, never, nil, null, kill, killed, stop that, back, off, out, closed, sold, dead, gone, flat,
    over, finished, ended, nada, zip, skip, pass, passed, passing, hmm, err, erm, er no, eh no, uh, um, huh, negative,
    false, fake, wrong, bad, hold up, hang on, hmmm, withdrawn, retract, cancel, cancels, canceled, dnf, ntf, nf, unf,
    na, n a, tba, tbc, unconfirmed, unverified, allegedly, rumored, theory, theoretically, hypothetical
""")


def takes_back(clause: Sequence[Chunk]) -> str | None:
    """The words of a clause that take an entry back, or None."""
    text = " ".join(chunk.text for chunk in clause)
    if text.lower().strip(" ~*'.") in _ALONE:
        return text
    if _names_somebody(clause):
        return text
    found = _AGAINST.search(text)
    return found.group() if found else None


def against(text: str) -> str | None:
    """The words of a sentence behind an order that take it back, or None."""
    found = _AGAINST.search(text)
    return found.group() if found else None


def takes_close_back(clause: Sequence[Chunk]) -> str | None:
    """The words of a clause that take a close back, or None. Pride and loss are usual behind one."""
    text = " ".join(chunk.text for chunk in clause)
    if text.lower().strip(" ~*'.") in _CLOSE_ALONE or _names_somebody(clause):
        return text
    found = _CLOSE_AGAINST.search(text)
    return found.group() if found else None


def _names_somebody(clause: Sequence[Chunk]) -> bool:
    """ "by Bob", "Bob's": whose trade it is."""
    first, last = clause[0], clause[-1]
    is_by = (
        len(clause) == 2
        and first.lower in ("by", "from", "per", "via")
        and last.text[:1].isupper()
        and not last.text.isupper()
    )
    return is_by or (len(clause) == 1 and last.text.endswith("'s"))
