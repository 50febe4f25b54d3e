"""What the words behind an order say about it: withdrawn, conditional, planned, past, or one leg of several."""

import re

from domain.reading.vocabulary import phrase_set

_LETTER_FIRST = re.compile(r"([a-z])(?![?*+{|])(?!.*\|(?![^(]*\)))", re.IGNORECASE)  # and no choice outside of brackets


def any_of(phrases: str) -> re.Pattern[str]:
    """Any of the phrases, as whole words. Phrases are patterns, with commas between.

    They are grouped by their first letter: the engine tries one letter for each group, not every phrase at every word.
    """
    groups: dict[str, list[str]] = {}
    for phrase in phrases.split(","):
        pattern = " ".join(phrase.split())
        if pattern.count("(") != pattern.count(")"):
            raise ValueError(f"a comma within a pattern: {pattern}")
        begins = _LETTER_FIRST.match(pattern)
        groups.setdefault(begins[1].lower() if begins else "", []).append(pattern)
    alternatives = [
        f"{letter}(?:{'|'.join(pattern[1:] for pattern in patterns)})" if letter else "|".join(patterns)
        for letter, patterns in groups.items()
    ]
    return re.compile(rf"(?<![\w'])(?:{'|'.join(alternatives)})(?:'s)?(?![\w'])", re.IGNORECASE)


_any = any_of

# More than one leg, wherever it is said.
SPREAD = _any(r"""
    condors?, butterfl(?:y|ies), (?:call|put|iron|\d)\s+fl(?:y|ies), strangles?, straddles?, calendars?, diagonals?,
    verticals?, (?:jade )?lizards?, pmcc, poor man'?s?, roll(?:s|ed|ing)?, collars?, (?<!your )(?<!my )(?<!has
    )(?<!have )legs?, legged, risk reversals?, combos?, backratios?, (?:call|put) debit, (?<!wide )(?<!tight
    )spreads?(?! (?:is|are|wide|tight))
""")
# The order is not meant, or not done.
WITHDRAWN = _any(r"""
    not an? (?:alert|trade|entry|order|recommendation|signal|call), no (?:fills?|entry|trade),
    (?:not|never|wasn'?t|didn'?t get|isn'?t|un)\s?(?:been )?filled, didn'?t fill, unfilled, cancel(?:l?ed|l?ing)?,
    pulled, ignore, disregard, jk, j ?/ ?k, just kidding, kidding, (?<!not a )(?<!no )joke, joking, sarcasm, lol jk,
    paper(?: ?trad\w+)?, sim, simulat\w+, demo, practice, examples?, sample, hypothetical(?:ly)?, back ?test\w*,
    rejected, nope, nah, nvm, never ?mind, oops, whoops, (?:do not|don'?t|dont)
    (?:trade|take|follow|copy|enter|buy|tail|do), not (?:yet|taking|entering|buying|in|live|real), haven'?t
    (?:bought|entered|filled)?, pending, resting, working an? order, typo, correction, corrected, edit(?:ed)?,
    mistake, void, not mine, waiting, wrong
    (?:strike|ticker|expiry|expiration|date|price|channel|room|contract|one|symbol|alert|call|put|way|size|button),
    (?:alert|that|this|is|was) wrong, scratch (?:that|this), by accident, accidental(?:ly)?, misclick(?:ed)?, fat
    finger\w*, april fools?, fooled, gotcha, psych, sike, trolling, troll, prank, meme, just for fun, for fun, made
    you look, / ?s, not really, parody, satire, bounced,
    except (?:it|that|the|my), so (?:i am|i'?m) flat, as soon as the,
    the (?:moment|second|minute) (?:it|we|that|spy|qqq), strike that, belay,
    hold (?:off|on)(?! (?:to|over|through))?, stand
    ?by, on hold, cxl(?:e?d)?, cx'?d, voided, undo(?:ne)?, revers(?:ed|ing), busted, halted, glitch\w*, bug, error,
    duplicated?, double post(?:ed)?, reminder, testing (?:bot|123), y ?/ ?n, yay or nay, forget (?:it|this|that),
    changed my mind, take (?:it|that|this) back, stale, mock, dummy, actually (?:no|not|wait|nvm|\$?\.?\d\S*), no
    wait, wait no, practic\w+, (?:my )?(?:kid|cat|dog|toddler)\b.*, keyboard, see how, like (?:this|that)(?!
    (?:headline|chart|setup|name|move|level|price|print|action|tape|candle|number|news)), means, what does, how to,
    how you, placeholder, templates?, formats?, copy ?past\w*, i mean(?! it), meant, sorry
    (?:calls?|puts?|\$?\.?\d\S*), (?:don'?t|do not|dont) (?:fill|get in|open|touch), oi \d\S*, same
    (?:for|with|on|in|thing), lies, lying, clown, imagine, delete(?:d|ing)?, retract(?:ed|ing)?, rescind(?:ed)?, my
    bad, mb, ignore this, for educational, was the alert, fake, if filled, when filled, hearing, rumou?r, apparently,
    supposedly, gtc, limit (?:orders?|set|in|working), orders? (?:in|set|working|placed|resting), bid (?:in|out), is
    (?:my|our|the) (?:target|plan|goal|level), a test, just testing, test (?:alert|trade|post|message|order), testing
    (?:the|a|my), no longer, invalid(?:ated)?
""")
# Somebody else's words.
HEARSAY = _any(r"""
    credits? to, h ?/ ?t, shout ?out, props to, courtesy of, tailing, tailed, mirror(?:ed|ing), quoting, quoted,
    golden sweep, swept at, fyi this, heard, says, said, according to, (?:someone|somebody)(?:'?s| else| said| says|
    posted| told| alerted| called| bought| took| in), he, she, his, her, scanner, guru, another
    (?:room|server|group|trader), other room, members?, posted, tweet(?:ed)?, screener
""")
# It depends on something that has not happened.
CONDITIONAL = _any(r"""
    if(?! you(?:'re| are| can)(?! get| fill)), (?<!con )(?<!cons )(?<!contract )(?<!contracts )(?<!lot )(?<!scalp
    )(?<!trade )(?<!stock )(?<!shares )(?<!commons )only(?! (?:\d|one|a)), unless, once, when(?:ever)?, until, till,
    provided, assuming, as soon as,
    in case, wait, triggers?, (?:up)?on (?:(?:a|the) )?(?:break(?!
    ?out)|dip|pullback|retest|reclaim|flush|bounce|confirmation)(?: of)?, (?<!wrong )(?:over|above|below|under)
    \$?\d[\d.]*, breaks, should, needs? to, as long as, conditional, contingent, (?<!week )(?<!weeks )(?<!day
    )(?<!days )after, before(?! you (?:follow|copy|chase|size))
""")
# It has not been done yet.
PLANNED = _any(r"""
    candidate, get ready, be ready, queued?, staged, staging, prepping, looks?
    (?:interesting|tempting|juicy|possible), upcoming, incoming, maybe, might, would, could, may, considering,
    thinking, (?<!as )plan(?:s|ned|ning)?, gonna, going to, will (?:buy|enter|be|take|get|open|do), (?<!pairs
    )(?<!pair )(?<!same )idea, watching, watchlist, on watch, eyeing, hop(?:e|ing), prob(?:ably)?, tempt(?:ed|ing), at
    (?:the )?open, (?<!zero )(?<!hero )or(?! (?:better|less)), instead, on radar, wish(?! me luck), wanted, want to,
    looking to (?:buy|enter|get|add|take|open|grab), looking for (?:an? )?(?:entry|fill|dip|pullback|better), next
    time, premarket, pre-market, after hours, avoid, stay away, pass, skip, not for me, too (?:rich|expensive|late),
    who(?:'?s)?, anyone, anybody, thoughts, opinions, trying to, tried to, not(?! (?:a joke|chas|financ|hold|a
    lot|much|too|overnight|advice|investment|fin|selling|in a rush))
""")
# It was done, and is told.
PAST = _any(r"""
    burned, burnt, smoked, rekt, wrecked, cooked, torched, covered (?:at )?\$?\d[\d.]*,
    (?:mon|tues|wednes|thurs|fri)day's (?:trade|alert|play|entry|call), (?:play|alert|call|pick|winner) of the
    (?:day|week|month|year), (?:best|worst) trade, nice win, what a (?:trade|call|play|win|day), (?:this|last) month,
    (?:i|we) passed, dream(?:ed|t|ing)?, since, (?:current|open|my) positions?, for (?:the record|reference|context),
    day \d, out \$?\.?\d[\d.]*, (?<!first )was, were, been, yesterday, wrong(?! (?:above|below|over|under)), last
    (?:week|month|year|night|monday|tuesday|wednesday|thursday|friday), earlier, ago, this morning, hit, ran, went,
    (?<!average )(?<!avg )(?<!is )now (?:at )?\$?[\d.]+, currently, sold, closed, exited, trimmed, congrats?, missed,
    (?:for )?those who, for those, recap, results?, p ?/? ?l, banked, printed, paid off, bagger, closed (?:at|for), up
    \d+%?, down \d+%, still (?:in|holding), expired, [-=]+>, →, from \$?[\d.]+ to, alerted, called (?:it|this),
    already, late post, delayed, stopped, got stopped, old, older, previous, prior, original(?:ly)?,
    repost(?:ing|ed)?, bump, worked, winner, gave, turned, peaked, topped, reached, tagged, doubled, tripled, nailed,
    crushed, smashed, paid out, paid us, skipped, passed on, sat out, hindsight, shoulda, woulda, coulda, throwback,
    flashback, back on (?:mon|tues|wednes|thurs|fri)day,
    back in \w+, not working, didn'?t work, great (?:call|trade|alert), nice (?:call|trade|alert), good
    (?:call|trade|alert), lost, won, loser, screenshot, journal, playbook, lesson, out at, scratched, easy
    (?:double|money|win|bag), sounded, (?<!one and )done, (?<!thesis )gone, rip, unlucky, too bad, but no, up
    (?:huge|big|nicely|nice|a lot|already)
""")
# A clause about managing the position may be conditional, and has numbers of its own.
MANAGEMENT = _any(r"""
    sl, st[o0]ps?, stop ?loss, stopped, (?:pt|tp)s?\d?, t[1-4], targets?, tgts?, trim(?:ming|s)?, exit(?:ing)?,
    cut(?:ting)?, out, sell(?:ing)?, take (?:some|profits?|half), taking (?:some|profits?), clos(?:ing|es), close
    (?:it|half|all|out|at|below|above|under|over), runners?, break ?even, scal(?:e|ing), hold(?:ing)?, add(?:ing|s)?,
    avg, average, invalidat\w+, thesis, hedge, trail(?:ing)?, (?:to|at|stop|sl) be, chas(?:e|ing), pay(?:ing)?
""")
# A number beside one of these is no second price.
EXPLAINED = _any(r"""
    avg, average, risk(?:ing)?, max, size[ds]?, port(?:folio)?, account, under, above, below, over, vwap, supports?,
    resistance, levels?, [es]?ma, break\w*, holds?, reclaim\w*, stock, share price, spot, underlying, delta, iv, ivr,
    gamma, theta, bid, ask, mid, spx, spy, qqq, area, gap, hod, lod, pivot, rejection, bounce, chasing, chase,
    earnings, er, cpi, fomc, credit, debit, assigned, acct, capital, collateral, manage, yield, annuali[sz]ed,
    probability, pop, position, first (?:was|at|buy), off, near, toward, towards, zone, looking for, expecting, up to,
    fills?
""")
# Behind a close the old trade may be told, too.
TOLD_AT_A_CLOSE = _any(r"""
    from, was, entry, entered, cost, paid, bought, sold, in (?:at|@), basis, profits?, gains?, loss, made, up, down,
    credit, high, runners?, left, got, for, max, win, per, back, [-=]+>, →, had, alert(?:ed)?, originally, average,
    half, rest, hours?, days?, re-?load, r(?:e-?)?enter, in \$?\.?\d[\d.]*
""")
CLOSE_CONDITIONAL = _any(r"""
    (?<!even )if, unless, once, when(?:ever)?, only if, needs? to, or better, or (?:hold|roll|wait)
""")
COMES_BACK = _any(r"""
    re-?enter(?:ing)?, re-?entry, re-?load(?:ing)?, back in(?:to)?, again, get (?:them|it) back, buy back, re-?add,
    look(?:ing)? (?:to|for), next, runners?, rest, stop, left, hold(?:ing)?, remain\w*, be
""")
SHORT_SALE = _any(r"""
    assigned, assignment, wheel, premium, theta, credit, collateral, naked, covered, csp
""")
SOLD_MORE = _any(r"""
    off, sold, sell, selling, took, taking, trim\w*, scal\w*, out, here, booked, closed, closing, locked, paid
""")
# A day to come is a plan, unless it is an event's, or the position is to be held until then.
TO_COME = _any(r"""
    tomorrow, tmrw, later, tonight, soon, next week, monday morning
""")
EVENT = _any(r"""
    inventor(?:y|ies), opex, gdp, pce, jobs, nfp, holiday, powell, speaks, auction, ex-?div\w*, dividend, earnings,
    er, reports?, cpi, ppi, fomc, fed, data, minutes, event, into, through, thru, hold(?:ing)?, more, add(?:ing)?
""")
# Told of another day, without a number of its own.
ANOTHER_DAY = _any(r"""
    yesterday, last (?:week|night|friday|monday|tuesday|wednesday|thursday), earlier, this morning, days? ago, on
    friday
""")
# Somebody who takes another's trade says so.
FOLLOWER = _any(r"""
    with (?:you|u|y'?all|ya), late, thanks(?! for (?:the ride|playing|the memories)), thank you, thx, ty, tysm, too,
    also, as well, same here, me too, followed, following you, your alert, your call, great call, nice call, good
    call, great alert, nice alert, congrats, appreciate, legend
""")
# An order that is the subject of a sentence is talk: "BTO UBER 88p @ .75 was ...".
SUBJECT = _any(r"""
    is, isn'?t, was, wasn'?t, are, were, be(?! (?:careful|quick|nimble|patient|fast|smart|safe)), would, wouldn'?t,
    should, could, can, may, has, had, have, did, didn'?t, does, doesn'?t, paid, pays, needs?, needed, from, in(?!
    (?:my|the) (?:\w+ )?(?:\w+ )?(?:\w+ )?(?:acct|account|ira|roth|portfolio|port)\b), by, on(?! the
    (?:ask|bid|mid|offer|bounce|phone|go|road|move)), as(?!
    (?:discussed|promised|planned|mentioned|expected|an?|cover|insurance|protection|my)), or(?! (?:better|less)), but,
    who, which, that, said, still, copied, via, taken, made, works?, worked, came, comes, looked, went, sounds, seems,
    sucks, sucked, per(?! (?:contract|con|share)), up(?! to), down, sounded
""")
# A clause of these words and nothing more is no order done now.
ALONE = phrase_set("""
    setup, next, ready, loading, coming, working, holding, eod, monday, tuesday, wednesday, thursday, friday, no,
    nope, whale, block, sweep, idea, radar, watch, open, hold, position, positions, test, heads up, open position,
    open positions, for the record, copy that, trade of the day, trade of the week
""")
# What makes a close a wish, a plan or a story.
CLOSE_TOLD = _any(r"""
    would (?:be|have)(?: been)?, could have, should have, was (?:perfect|the|a), recap, in hindsight, too
    (?:soon|early)
""")
CLOSE_ALONE = frozenset(
    ["test", "recap", "limit", "limit order", "at open", "at the open", "setup", "no", "nope", "wait"]
)
NOW_AT = _any(r"now (?:at )?\$?\.?\d[\d.]*")
