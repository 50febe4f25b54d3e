"""What the words before an order say against it: that it is told, planned, somebody else's, or only shown.

A lead may say anything else. The kinds stand apart, so that each can grow; when in doubt a word belongs here.
"""

from domain.reading import evidence
from domain.reading.phrases import any_of
from domain.reading.vocabulary import phrase_set

_HARMLESS = any_of(r"""
    i'?ll bite, screw it, here goes(?: nothing)?,
    (?:my |the )?(?:limit|bid|order) (?:is |was |got |just )?(?:filled|hit)(?=\W),
    (?:candle|bar|gap|market|day|session) closed, (?:target|pt|tp|stop|sl|goal|level)s? (?:\d
    )?(?:hit|reached|met|tagged), as (?:planned|promised|discussed|mentioned), happy
    (?:mon|tues|wednes|thurs|fri)day, not gonna lie, no rush, no (?:chasing|brainer), profit taking, taking
    profits?, locking profits?, booking profits?, (?<=for )members(?= only), premium members, vip members,
    (?:this|good) morning (?:team|all|everyone), (?:the )?(?:moment|one|trade|setup|entry|move)
    (?:we(?:'ve)?|i(?:'ve)?) (?:been|were|was) waiting for, what a (?:day|morning|market|start|open), hope
    (?!.*\b(?:got|get|gets|caught|catch|took|take|bought|sold|fill\w*|in|follow\w*|held|hold\w*|made|make|\
    enjoy\w*|see|saw|order|bid|price|trade|alert|entry)\b)(?:everyone|you|all|y'all)\b[\w' ]*, can't wait, without
    (?:further|more) \w+, before (?:lunch|i (?:go|leave|run)), bot (?:is |was )?(?:down|asleep|slow|late|dead|\
    broken|offline), reporting (?:in|for duty|live), checking in, \w+'s turn, (?:late|early|long)
    (?:lunch|breakfast|start|riser), (?:second|third|last|first|another) (?:attempt|try|shot|bite), not proud of
    (?:it|this)(?: but)?, against my (?:better )?judge?ment, my (?:one|only|first|last) (?:trade|play|entry)
    (?:of|for) (?:the day|today), ticket # ?\d+, old (?:man|reliable|faithful|school|lady), (?:volume|buyers|money)
    (?:is |are )?coming in, i (?:really )?(?:like|love) (?:this|that) (?:base|chart|level|spot|price|name|zone|dip|\
    tape|candle|entry|company|stock), no ?\. ?\d+, (?:first|second|third|another|only|last|1st|2nd|quick|next)
    (?:trade|play|entry|swing|scalp|lotto) of the (?:day|week|month|session|morning|year), no (?:reason|need|point) to
    (?:be|get) \w+, (?:than|as) (?:i|we) (?:hoped|expected|thought|wanted), (?:i'?ve|we'?ve|i have|we have) been
    (?:patient|good|waiting|stalking)(?: (?:all|for|on|since) [\w' ]+)?, (?:has|have|'s|'ve|had) been
    (?:basing|coiling|consolidating|building|ranging|digesting|holding up|trending|leading|lagging|strong|weak|quiet|\
    flat|choppy|heavy|hot|green|red|firm|stable), ugh (?:fine|ok|again), (?:could|can)(?:n'?t| not) (?:resist|help
    (?:it|myself)|wait any longer|wait)\b(?: \w+)?, pull(?:ed|ing) the trigger, trigger (?:is )?pulled, (?:the
    )?kids (?:are|were) (?:home|at|in|out|asleep|back|off|up)\b[\w' ]*, (?:fed|fomc|cpi|opex|jobs|earnings|snow|\
    half|holiday) (?:day|week|morning), (?:wife|husband|boss) (?:approved|approves), (?:posted|sent|entered|alert|\
    alerted|signal|relayed|typed|called|trade|entry|written) by(?= (?-i:[A-Z])), via (?:the
    )?(?:desk|mobile|phone|app|web)(?: bot)?, hope (?!.*\b(?:got|get|gets|caught|catch|took|take|bought|sold|\
    fill\w*|in|follow\w*|held|hold\w*|made|make|enjoy\w*|see|saw|order|bid|price|trade|alert|entry)\b)(?:the|your|\
    that|this finds)\b[\w' ]*, roll(?:ing|ed) nothing, (?:dear|hello|hi|my|good (?:morning|afternoon)) (?:my )?(?:dear
    )?(?:friends|members|traders|colleagues)(?=\W), black friday, don'?t (?:laugh|judge(?: me)?|blink|panic|hate),
    can'?t (?:watch|take|hold|stand)(?: this| it)? (?:anymore|any longer|any more), manual
    (?:entry|post|alert|fill)(?: by)?, (?-i:May)(?= ?(?:here|again|:|-)), (?-i:[ABCS])(?: ?[+-])*
    (?:setups?|grade|rated|quality)(?= ?[:|-]), (?:here|ready|long) for (?:it|this|the ride), (?:what|who) a
    (?:morning|day|open)
""")
# It is not done now, or was never meant.
_UNDONE = r"""
    no, not, never, none, neither, nor, don'?t, dont, doesn'?t, didn'?t, isn'?t, aren'?t, ain'?t, won'?t, wouldn'?t,
    can'?t, cannot, couldn'?t, shouldn'?t, haven'?t, hasn'?t, wasn'?t, weren'?t, without, instead, rather, avoid\w*,
    skip\w*, passed, passing, pass, missed, missing, almost, nearly, barely, stop(?:ped)? myself, refus\w+,
    declin\w+, denied, fail(?:ed|ing)?, unable, tried, trying, attempt\w*, bug\w*, glitch\w*, error\w*, broken,
    expired, replaced, rejects?, cancel\w*, kill(?:ed)?, killing, nixed?, scrapped, scratched, abort(?:ed|ing)?,
    withdraw\w*, withdrawn, recall(?:ed)?, remove[sd]?, removing, revok\w+, void\w*, null, unsure, doubt\w*,
    tempt\w*, jinx\w*, regret\w*, fake\w*, false, wrong\w*, mistak\w+, accident\w*, inadvertent\w*, oops\w*, whoops,
    ignor\w+, disregard\w*, forget, forgot\w*, (?:dis|mis)\w+ed, fat.?finger\w*, misclick\w*, auto.?correct\w*,
    typo\w*, correct\w*, edit\w*, fix\w*, amend\w*, revis\w+, sarcas\w+, jok\w+, kidding, satire, parody, meme\w*,
    lol, lmao, haha\w*, rofl, prank\w*, troll\w*, pretend\w*, imagin\w+, fantasy, fiction\w*, dream\w*, wish\w*,
    hope, hoping, hopes?, pray\w*, begging
"""
# It comes later, or depends.
_TO_COME = r"""
    in (?:an?|\d+|one|two|three|five|ten|a few|a couple of) (?:days?|weeks?|hours?|hrs?|min(?:ute)?s?|sessions?),
    if, when\w*, (?<!for )(?<!at )once(?! (?:more|again)), unless, until, till, should, would, could, can, may,
    might, shall, maybe, perhaps, possib\w+, potential\w*, prob(?:ably)?, likely, assum\w+, suppos\w+, provided,
    depend\w*, condition\w*, contingen\w+, trigger\w*, wait\w*, await\w*, plan\w*, (?:game|trade|trading)plans?,
    idea\w*, thesis, theory, watch\w*, watch-?lists?, eye(?:ing|s|d)?, radar, stalk\w*, track\w*, monitor\w*,
    scan\w*, screen\w*, consider\w*, thinking, think, thought\w*, wonder\w*, loading, leaning, armed, arming, on
    deck, next, drafts?, drafted, wip, unconfirmed, ideal\w*, perfect world, to.?do, steps? \d, target(?= :), alert
    set, tickets?, want\w*, wanna, need\w*, gonna, going to, will, i'll, we'll, about to, ready to, looking
    (?:to|for|at), look for, soon, later, tomorrow\w*, tmrw\w*, tmr, tonight, upcoming, coming, next
    (?:week|month|day|time|session|trade|up|play)\w*, ahead, prep\w*, stag(?:ed|ing), queue\w*, pending,
    rest(?:ing|s)? order\w*, resting, working, orders? (?:in|working|set), limit\w*, gtc, good till\w*, bids?,
    bidding, offers?, offering, submit\w*, candidate\w*, plac(?:ed|ing) (?:an?|the|my) <1>(?:orders?|bids?|limit),
    setups?, scenario\w*, contemplat\w+, intend\w*, intention\w*, aim\w*, target list, shopping list,
    (?:wish|to.?do|short|buy|bucket) ?lists?, lists?, alert me, remind\w*, calendar\w*, schedul\w+, premarket,
    pre.market, after.?hours, at (?:the )?open, over(?= \d), (?:above|below|under|over|near|around|at|past|through)
    \$?\d[\d.]*, breaks?, breaking, (?:on|for) (?:a|the|any) (?:\w+ )?(?:break|dip|pullback|pull
    back|retest|reclaim|flush|bounce|confirmation), monday, tuesday, wednesday, thursday, friday, saturday, sunday,
    weekend, first\W+then, days? (?:out|away), forecast\w*, predict\w*, project(?:ed|ion|ing)\w*, expect\w*
"""
# It was done before.
_TOLD = r"""
    was, were, been, had, has, have, 've, did, used to, yesterday\w*, yest, ystd, last
    (?:week|month|year|night|time|session|trade| quarter|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*), previous\w*, prior,
    past, earlier, ago, before, after, since, already, this (?:am|week|month|year), this morning, morning's?(?=
    (?:trade|alert|call|play|recap|winner)), recap\w*, re-?cap, acks?, receipts?,
    acknowledg\w*, review\w*, summar\w+, results?, reports?, reported,
    reportedly, reporting(?! (?:in|for duty|live)), perform\w+, scorecard, tally, stats?, statistics, histor\w+,
    archiv\w+, throwback\w*, tbt, flashback\w*, memor\w+, remember\w*, back when, back (?:in|on) \w+, hindsight,
    lesson\w*, learn\w*, post.?mortem, journal\w*, diary, diaries, notebook, blotter, ledger,
    (?:trade|trading|entry|order|activity|audit|chat|call) (?:log|history|journal|book)s?, logs?, logged, log of,
    statement\w*, receipt\w*, screenshot\w*, screen ?grab, proof, evidence, winners?, losers?, won, lost, gains?, p
    ?[&/]? ?l, pnl, profit\w*(?! \w+:), (?:best|good|great|nice|solid|sick|huge|epic|perfect|clean|amazing|decent|\
    favou?rite|closed|last|latest|recent|top|dead|first|every|each|all|past|missed|losing|winning|bad|red|green)
    (?:\w+ )?(?:trade|play|call|alert|idea|pick|entry|order|position|win)s?, alerts?(?=
    (?:channel|feed|room|log|history)), trades, orders, entries, fills, plays, calls, exits, today'?s alerts,
    swings, members, member, worst \w+, (?:top|biggest) \w+, highlights?, banked, printed, paid, doubled, tripled,
    nailed, crushed, killed, called it, gave, given, alerted, posted, late (?:post|alert|entry), old\w*, orig\w*,
    repost\w*, re-?post, re-?sen[dt]\w*, bump\w*, copy.?past\w*, pasted?, pasting, paste, quot\w+, cites?, delay\w*,
    fwd, fw, forward(?:ed|ing)?, rt, retweet\w*, via, h ?/ ?t, (?:current|open|existing|closed|our|all)
    (?:position|trade|holding|order|swing|play)s?, positions, holdings?, holding, portfolio (?:update|review), still
    (?:in|on|hold\w*), currently, closed (?:trade|position|play)s?, trade of the (?:week|month|year),
    (?:play|pick|alert|winner|call) of the (?:week|month|year), week in review, up \d+, down \d+,
    (?:in|since|from|of|last|this) (?:january|february|march|april|may|june|july|august|september|october|november|\
    december), (?:january|february|march|april|may|june|july|august|september|october|november|december)(?:'?s)?
    (?:trades?|alerts?|recaps?|winners?|logs?|results?|picks?|plays?|calls?|entr(?:y|ies)|positions?|20\d\d|\d\S*),
    (?:jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec)\.? \d+, 20(?:1\d|2[0-5]), wishing, sent
"""
# Somebody else's.
_OTHERS = r"""
    he, he'?s, she, she'?s, they, they'?re, them, him, his, her, hers, their, theirs,
    (?:some|any|every|no)(?:one|body)(?:'?s)? (?:\w+)?(?= (?:is|just|bought|sold|else|said|posted|took|in|out|told|\
    alerted|called|who|keeps|got))|someone, somebody, (?:some|this|that|other|another|random|one)
    (?:guy|girl|dude|bro|trader|analyst|member|user|kid|man|woman|person|room|server|group|channel|discord|\
    service|desk|fund|bot|chat| mod|team|account|lady|client|reader)s?, the (?:guy|girl|other|trader|kid|man|woman|\
    person|crowd|street|herd|public)s?, my (?!(?:own|first|second|third|next|last|only|new|small|big|main|long|\
    short|account|acct|ira|roth|challenge|lotto|play|trade|desk|screen|phone|coffee|chair|kind|style|bread|turn|\
    pace|way|back|feet|favorite| favou?rite|hedge|swing|scalp|entry|runners?|read|take|best|highest|smaller|larger|\
    starter|add|exit|stop|target|cue|turn)\b)\w+, your, yours, his/her, friends?'s?(?=
    (?:bought|sold|is|just|trade|alert|said))|friend, buddy, pal, wife, husband, girlfriend, boyfriend, gf, bf,
    brother, sister, dad, mom, father, mother, uncle, aunt, cousin, son, daughter, neighbou?r, roommate, colleague,
    coworker, boss, client\w*, broker'?s? (?:call|note|said)\w*, student\w*, pupil\w*, subscriber\w*, follower\w*,
    member, newbies?, noobs?, rookies?, viewer\w*, listener\w*, lurker\w*, guest\w*, rival\w*, competitor\w*,
    ex-\w+, whales?, whale\w+, flow\w*, sweeps?, swept, blocks?, dark.?pool\w*, unusual\w*, uoa, uw, smart money,
    big money, tape, prints?, insiders?, insider\w*, ceo, cfo, coo, cto, chairman, directors?, officers?, execs,
    exec(?! ?:),
    executives?, 10% owner, form ?4, form four, 13[dfg], filings?, filed, filers?, rep ?\., sen ?\., sec,
    disclos\w+, disclosure, congress\w*, senat\w+, representatives?, politician\w*, pelosi\w*, house
    (?:member|rep)\w*, gov(?:ernment|ernor)?, president, trump\w*, fed(?:eral)?, institution\w*, funds?, etfs?,
    hedge ?funds?, hedgies, quants?, market makers?, mms?, dealers?, retail, reddit\w*, wsb, wallstreetbets, r/\w+,
    twitter\w*, tweet\w*, x\.com, fintwit, stocktwits, youtube\w*, youtuber\w*, tiktok\w*, instagram, facebook,
    telegram\w*, whatsapp, podcast\w*, cnbc, cramer\w*, bloomberg, barron\w*, wsj, motley fool, zacks, benzinga,
    seeking alpha, fast money, najarian\w*, tv, ark, arkk?w?, cathie\w*, wood, buffett?\w*, berkshire\w*, burry\w*,
    scion, ackman\w*, pershing, citadel, bridgewater, dalio, renaissance, soros, icahn\w*, blackrock, vanguard,
    goldman\w*, morgan stanley, jpmorgan, jp morgan, norges, sovereign, pension\w*, druckenmiller\w*, tepper,
    einhorn, loeb, tiger global, bill gates, elon\w*, musk\w*, bezos, zuck\w*, jensen\w*, guru\w*, influencer\w*,
    furus?, tipster\w*, headline\w*, news\w*, rumou?r\w*, gossip, hear\w*, thanks(?! for (?:joining|being|the
    patience)), thank you, thx, ty, congrat\w*, well done, nice one, kudos, wrote, writes?, written, words, leak\w*,
    source\w*, copycat\w*, nancy, algos?, analyst (?:upgrade|downgrade|note|rating|call|day)\w*, upgrade\w*,
    downgrade\w*, says?, said, saying, told, tells?, telling, claims?, claimed, claiming, according, apparently,
    supposedly, allegedly, reportedly, per(?! (?:my|our|the) (?:plan|rules?)), credits?(?= to), shout ?-?out\w*,
    (?:good|great|nice|amazing|awesome|solid) (?:job|work|stuff), as seen, seen (?:on|in), is
    (?:in|out|long|short|buying|selling)(?=\W*$), with (?-i:[A-Z])\w+, (?!today's|tonight's|let's|it's|here's|\
    that's|there's|what's)\w+'s (?:latest|feed|stream|channel|chat|newsletter|video|posts?|words|list|tips?|notes?|\
    favou?rite|best|winners?|watch\w*|log|journal|diary|book|recap|report|thread), props, courtesy, thanks to, thx
    to, inspired by, stolen, stole, borrowed, copied, copying, copies, mirror\w*, tail(?:ed|ing),
    follow(?:ed|ing)(?! the)?, shadow\w*, ghost\w*, scraped?, relay(?:ed|ing) from, from (?:another|other|the
    other|a|some) \w+, elsewhere, other (?:room|server|group|side), (?!today's|tonight's|let's|it's|here's|that's|\
    there's|what's)\w+'s (?:alert|trade|call|play|entry|pick|order|position|fill|account|port|portfolio|idea|room|\
    exit|buy|sell|first|latest|newest)s?, ^from (?-i:[A-Z][a-z]+)(?= ?:)
"""
# Only shown: how such a message looks, or a game with no money in it.
_SHOWN = r"""
    instance, right way, correct way, proper\w*, texts?, the message, the text, titles?, format\w*, templat\w*,
    examples?, e ?\.? ?g, ex, i ?\. ?e, sampl\w+, syntax, usage, use, using, type(?= this|d|s)?, command\w*,
    placeholder\w*, demo\w*, illustrat\w+, hypothe\w+, tutorial\w*, guide\w*, how, howto, how-to, instruct\w+,
    rules?, manual(?! (?:entry|post|alert|fill))\w*, glossary, legend, definition\w*, defin\w+, mean\w*, meaning,
    stands for, read\w* as, looks? like, like (?:this|so|that), such as, called, case study, class\w*, homework,
    exercise\w*, quiz\w*, poll\w*, question\w*, q, answer\w*, trivia, puzzle\w*, test\w*, dev, sandbox, calibrat\w+,
    diagnostic\w*, maintenance, heartbeat, dry.?run, paper\w*, sim, sims, simul\w+, simmed, practi[cs]\w+, virtual,
    mock\w*, eval\w*, league, qa, model, combine, tournament, competition, leaderboard, tracker, shadow,
    phantom, dummy, toy, back.?test\w*, forward.?test\w*, replay\w*, training, rehears\w+, drill\w*, contest\w*,
    game, games, fake money, education\w*, academ\w+, study, studying, teach\w*, explain\w*, explanation, meant,
    notation, shorthand, who\w*, what\w*, which, why, where, whose, thoughts, opinions?, anyone, anybody, is it, is
    this, is that, are we, are you, do (?:we|i|you), vote\w*, parse\w*, parser, regex, string, message\w*(?=
    (?:like|looks?|format|reads?))|text reads?, reads?, title\w*, caption\w*, subject, imagine, roleplay, script\w*,
    ai, chat ?gpt, gpt, claude, llm, model (?:says|output|predict\w*), algo (?:says|would)
"""
# A title of these words and nothing more heads a list, or repeats.
_ALONE = phrase_set("""
    everyone, everybody, my trade, my entry, my order, bulls, bears, double, so, well, yes, yeah, yep, yup, right,
    true, exactly, agreed, same here, all, both, three, two, bid, ask, again, update, me, mine, us, you, trade of
    the day, order of the day, the goal, the ask, the bid, the order, ready, set, alert of the day, play of the
    day, lotto of the day, type, call, calls, order, list, status, hi, in, out, open, closed, closed out, and,
    but, or, so, then, also, like, same, ditto, stop, hold, halt, this, these, that, those, it, a, the, my, our,
    of, with, per, position, fill, entry, exit
""")
# Talk: it begins a story, an answer or a remark to somebody, and no order.
_TALK = r"""
    automod, moderation, blocked an?, flagged an?, (?:my|the|our) exit is, honesty, transparency,
    down on (?:this|it|that), sitting on an?, up on (?:this|it|that),
    debug, warn(?:ing)?s?, to(?=\W*$), (?<!looks )(?<!look )ready(?=\W*$), as(?=\W*$), icymi, adjusted, poor,
    (?<!goes )nothing, received, (?-i:[A-Z][a-z]+) to (?-i:[A-Z][a-z]+), \w+'s (?:week|month|morning|year),
    (?:sitting|standing) (?:on|by), happy to, half a mind, (?:should|would|could)'?ve, shoulda, woulda, coulda,
    \w+est (?:thing|trade|play|part|idea|moment|mistake|win|loss|one), (?:worst|best|dumbest) \w+
    (?:i|we|all|of|so|this), ranked, (?:greatest|biggest|best) hits?, hall of, wall of, museum, lyrics?, mottos?,
    word of the day, word is, talk of, little bird, overheard, footage, mood, look at (?:my|this|that), resume,
    exams?, in the blank, translat\w+, name that, truths?, sobriety, for (?-i:[A-Z])\w+, for (?:the |all
    )?(?:new|newer|newbies?|lurkers?|late|curious|record), (?:so|that) we(?:'re| are) clear, to be
    (?:fair|honest|clear|exact), worth noting, noted, the record, spread ?sheets?, e-?mails?, buzzed, we all,
    (?:half|all|most|some) of (?:you|us), woke, (?<!for )(?<!to )the (?:\w+ )?(?:room|side|channel|group|chat|\
    server|competition|enemy), usual suspects?, unknown, mystery, last (?:thanksgiving|christmas|summer|spring|\
    fall|autumn|winter|season|cycle), spelling, alarms?(?! clock), score ?boards?, inverse, opposite, fade
    (?:this|me|it|that), psychology, info, repl(?:y|ies|ied|ying), chapters?, slides?, fig, figures?, pages?, scene,
    movies?, plot, songs?, fortune, magic, horoscope, voices?, idiots?, degens, average, boomers, zoomers, bros,
    tourists?, gamblers, traders(?= :), me an?, brain, therapist, devil, cookie, haiku, poem, riddle, legend has it,
    once upon, stor(?:y|ies), facts?, confess\w*, brag\w*, flex\w*, shame\w*, asking, asked, asks, to be clear,
    clarif\w*, context, references?, for the record, details?, tl ?;? ?dr, note to self, notes?, deal, bets?,
    betting, dares?, option \d, case (?:\d|[a-e]), options? [a-e], choices?, either, alternativ\w*, suggest\w*,
    recommend\w*, advice, advis\w+, picture, life, in the (?:book|chart)s?, noon, midnight, scroll\w*, reading,
    pinned, pins?, topic, anatomy, stuck, status, preview\w*, confirm\w*, partial fills?, assign\w*, exercised,
    kids?, vs, versus, and me, be like, every, nobody, no one, buyers?, sellers?, activity, (?:ask|bid) side,
    notif\w*, showed, shows, showing, displays?, typed, typing, saved, panick?\w*, wrap, of course, funny, luck,
    lucky, unlucky, nice(?! (?:flush|dip|pullback|base|bounce|chart|squeeze|and|clean|little|tape|spot|level|\
    retest|reclaim|hammer|doji|candle|move|volume)), ugh\w*, damn\w*, dang, wow, omg, welp, meh, yikes, oof, argh,
    dammit, crap, fml, smh, wtf, sheesh, bruh, with (?:you|u|ya), late, too, also, fyi, btw, psa, tldr, speaking of,
    about, re, regarding, congratulations, sorry, apolog\w+, bored, drunk, half asleep, guess\w*, funnily,
    ironically, literally, basically, technically, honestly, turns out, long story, green day, red day, good day,
    bad day, great day, rough day, what a
"""
# It asks what others think, copies what was posted elsewhere, or advertises.
_ASKS = r"""
    (?:sanity|gut|reality|spell|spot|vibe|sense|quick|peer) checks?, roast\w*,
    (?:rate|grade|judge|score|check|critique|criticize|rip apart|tear apart) (?:my|this|it|these|me|the|that|our),
    ratings?, critiq\w+, feedback, (?:second|honest|your) opinions?, cross ?-?post\w*, catching up, catch up,
    teas(?:er|ers|ed|ing), giveaways?, raffle, promo\w*, advert\w*, ads?, sponsor\w*, trailer, sneak peek, spoilers?,
    back ?log\w*, back ?fill\w*, in review, comment below, drop your, tag a, tell me, talk me, convince me, help me,
    help(?=\W*$), advise, improve, guess the, name the, spot the, find the, what if, would you, if you, for
    completeness, be honest, belated\w*, for (?:the )?(?:sake of|books|files?|archives?), free
    (?:trial|month|week|alerts?|access|signals?), months? free, react\w*, subscrib\w+, sign ?-?up, join
    (?:us|now|the|my|our|vip|today), dm (?:me|us), link in, discount\w*, first \d+ (?:to|people|members|who|that),
    debates?, discuss\w*, hot takes?, preferred (?:entry|play), (?:best|base|bull|bear|worst) case, checks?(?=\W*$),
    only saw
"""
_AGAINST = any_of(",".join([_UNDONE, _TO_COME, _TOLD, _OTHERS, _SHOWN, _TALK, _ASKS]))


def speaks_against(lead: str) -> str | None:
    """The piece of a lead that makes the order behind it none, or None."""
    if lead.lower().strip(" :|-,.!;>[]()#=\n\u2192") in _ALONE:
        return lead
    rest = _HARMLESS.sub(" ", lead)
    for kind in (_AGAINST, evidence.WITHDRAWN, evidence.HEARSAY, evidence.CONDITIONAL):
        if found := kind.search(rest):
            return found.group()
    return None
