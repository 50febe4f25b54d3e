"""Words that say nothing against an order behind which they stand: of its size and levels, the chart, good wishes."""

from domain.reading.nouns import NOUNS
from domain.reading.vocabulary import word_set

# How much, how long, in which account.
_SIZE = word_set("""
    small tiny lite light starter size sized sizing half full third quarter fourth position positions pos risk risky
    risking high higher low lower medium moderate normal regular usual heavy big bigger large max maximum min minimum
    smaller larger lotto lottos lottery yolo gamble gambling speculative spec conviction starters toe scout feeler
    nibble qty quantity x contract contracts con cons lot lots share shares percent bucks dollars cents k credit debit
    premium lmt limit cash secured naked covered collateral bp capital acct accts account accounts ira roth port
    portfolio sleeve book bench challenge challenges main both long term short swing swings swinging scalp scalps
    scalping day days week weeks weekly weeklies month months monthly monthlies year quarterly leap leaps dte 0dte
    overnight overnite multi intraday daytrade trade trades trading hedge hedges hedging hedged wheel wheeling pair
    income dividend div dividends yield core campaign expiry expiration exp expires opex usd playing point points tick
    ticks handle handles
""")
# Levels and what is done at them.
_PLAN = word_set("""
    sl stop stops stopped hard soft mental tight tighter loose wide wider none tbd n/a na pt pts tp tps target targets
    tgt tgts trim trims trimming scale scaling exit exits exiting out cut cuts cutting sell selling take taking profit
    profits runner runners trail trailing breakeven break even be b/e hold holding holds holdings held add adds adding
    avg average averaging chase chases chasing manage managing invalid invalidation invalidated invalidates thesis
    plan reward ratio r looking expect expecting expects aiming aim targeting want move moves run runs push pop bounce
    bounces ride riding patience patient let letting give giving gives work works working room quick fast slow easy
    lose loses lost losing right wrong zero total per each
""")
# The chart, the market, the calendar.
_CHART = word_set("""
    chart charts charting daily hourly minute candle candles close closes closing closed open opens opening opened
    flag flags flagging pennant wedge wedges channel triangle base bases basing based breakout breakouts breakdown
    breakdowns breaking broke broken range ranges ranging ranged support supports resistance resistances trend trends
    trending trendline level levels line lines zone area shelf floor ceiling top tops bottom bottoms double triple
    head shoulders cup handle pattern patterns setup setups hammer doji inside bar bars engulfing wick reversal
    reverse reversing inverse continuation consolidation consolidating pullback pullbacks dip dips dipping flush
    flushed gap gaps gapping gapped fill fills filled squeeze squeezing squeezed coil coiled coiling tightening
    compression compressed vwap ema emas sma smas ma mas dma 50ma 50d fib fibs poc pivot pivots hod lod pmh pml pdh
    pdl ath atl high highs low lows higher lower previous prior premarket pre-market pm rsi macd bollinger atr volume
    vol volumes rvol tape flow bid ask mid offer spread liquidity liquid thin strength strong stronger weakness weak
    weaker relative momentum momo bullish bearish bull bulls bear bears green red hot cold ripping rips rip dumping
    fading fade fades faded rejection reject rejects rejected rejecting reclaim reclaims reclaimed reclaiming retest
    retests retested retesting curl curling curled bounced bouncing cleared clearing crossing crossed cross turning
    turned rolling coming came comes moving moved trending touched tagged holds test tests tested testing ascending
    descending symmetrical rising falling parabolic oversold overbought undervalued overvalued extended overextended
    divergence confluence demand supply order-block imbalance fvg accumulation distribution tweezer star island gapper
    runner monster beast juicy explosive primed poised heating warming firming stabilizing balance balanced value vah
    val open-range orb ib opening-range midpoint halfway golden death megaphone rectangle rounded rounding bottoming
    topping digesting digestion orderly controlled hh hl lh ll structure bos choch sweep swept capitulation exhaustion
    climax accelerating slope steep rally rallies rallying selloff sell-off weakening strengthening outperforming
    underperforming correlation seasonality seasonal sentiment positioning short-squeeze float borrow si ipo secondary
    lockup ceo buyback buybacks stimulus shutdown election war oil's sanctions ceasefire hurricane weather winter
    summer spring fall holiday-week black cyber prime week's month-end quarter-end rebalance rebalancing window
    dressing santa january effect turnaround stock stocks spot underlying index indexes indices market markets sector
    sectors group leader leaders leading laggard lagging lagged peers sympathy rotation rotating rotated bond bonds
    yield yields rates dollar vix oil crude gas energy gold metals semis semi chips tech software banks bank
    financials pharma biotech biotechs healthcare health retail retailers consumer industrials housing builders
    homebuilders reits reit utilities airlines cruise travel solar nuclear uranium china ev evs crypto bitcoin coin ai
    small-caps caps cap large mid defensives defense staples insurance storage drones gamma theta vega delta deltas iv
    ivr rank skew dealer dealers pin max pain opening er earnings print prints report reports reporting cpi ppi pce
    fomc fed powell nfp jobs data auction opec inventory inventories event events catalyst catalysts headline
    headlines news tariff tariffs upgrade upgrades upgraded downgrade downgraded guidance announcement conference
    split spin merger deal buyout fda approval readout pdufa adcom trial trials launch holiday holidays thanksgiving
    christmas friday monday tuesday wednesday thursday amc bmo power hour lunch eod eow bell session morning afternoon
    ahead
""")
# How it is meant, and good wishes.
_MANNER = word_set("""
    love loving like liking likes nice nicely clean cleaner cleanest great good better best beautiful pretty solid
    sweet cheap cheaper cheapest rich fair decent favorite favourite fresh perfect ready set grade a+ b+ textbook
    classic bold boring fun crazy insane silly wild ugly careful carefully careless cautious caution aggressive
    conservative accordingly responsibly nfa dyor dd financial advice own luck gl glhf lfg lets let's letsgo let go
    goo gooo goooo send sending sent eat ride die wish please pls plz sorry happy yes yep ok okay here there this that
    these those it's its it one two three four five six seven eight nine ten first second third fourth 2nd 3rd last
    next another again try attempt round shot crack go time times entry entries entered re-entry reentry idea ideas
    play plays alert alerts order orders post posted update updates updated see attached link pinned discussed
    mentioned planned as-planned and & + or but so cuz because bc since as while with w w/ w/o without into in on at
    off of for from to up upto under over above below near around between against vs versus after before behind by via
    until till through thru during within the a an my our your all any every some more less most much many few no not
    don't dont do does didn't never nothing only just even still also too very super really pretty quite kinda bit
    little lot ton here now today tonight tomorrow tmrw yesterday's today's week's monday's friday's later soon back
    down right away away left through i i'm im i'll ill we we're we'll you your if when where what how is are was will
    would could should can might may must be been being have has get gets getting got am it'll that's thats
    not-financial-advice tho though anyway whatever lol lmao haha fyi imo imho tbh ngl yolo-ing full-send giddyup
    watch watching look looks looking same then than twice use using limits fine money rush bet loss losses pure quiet
    quietly season start starting starts end ends center phone delay typing course pay paying longs shorts pre-er
    overpay about other others than else move-on once hits hit goes stays member members something price prices
    patiently tightly fully partly partially exactly roughly instantly directly cooling heading typo-free meeting
    interested excited exciting needed needs need assigned married priced settled signed wants want anyone care trying
    leash speaks speaking speech won't sec revenge know h s going win believe candidate ticket either snap blue woke
    punt did come following
    executed til weekend amazing awesome excellent gorgeous incredible huge massive nasty hurt hurts key form forms
    forming setting sets building builds shaping showing shows show respecting respects hugging pointing sloping
    attempting attempts lining heads think thinks feel feels seem seems note notes clear obvious simple basic standard
    sometimes often always because though although however enough aggressively slowly quickly cheaply finally
    basically likely probably maybe early late earlier catching waking perking behaving acting lagging marry finally
    us dont past willing keep keeping they failed looked traders winnings least me speaks speaking speech showed
""")
KNOWN = _SIZE | _PLAN | _CHART | _MANNER | NOUNS
