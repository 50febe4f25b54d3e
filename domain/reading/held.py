"""What tells behind an entry that it was made a while ago: a gain, a part already sold, a target reached, its state."""

from collections.abc import Sequence
from decimal import Decimal

from domain.alert import Action
from domain.reading.chunks import Chunk
from domain.reading.clauses import Clause, said
from domain.reading.draft import Draft
from domain.reading.levels import LEVELS, numbers_from
from domain.reading.other_numbers import is_price
from domain.reading.phrases import any_of
from domain.reading.prices import level
from domain.reading.refusal import NotRead, not_an_alert
from domain.reading.vocabulary import Role

_WAY = ("at", "to", "by", "for", "near", "around", "about", "of", "is", "and", "then", "from", "say", "like", "or")
_PLANNED = ("trim", "trims", "trimming", "scale", "scaling", "sell", "selling", "exit", "exits", "cut", "cutting")
_WAGERED = ("max", "risk", "stop")
_GREEKS = ("delta", "deltas", "theta", "gamma", "vega", "skew", "beta")
_QUOTES = ("bid", "bids", "ask", "asks", "mid", "mark", "marks", "hod", "high", "highs", "peak", "top", "now", "last")
_WIDE = Decimal("0.15")  # of the price: what is quoted further away has moved since
_FURTHEST = 3  # times the price; a number beyond is no stop of this option's price
_NEAR = 2  # of the strike: such a level is the underlying's
_PROGRESS = any_of(r"""
    runners? (?:is |are |still )*(?:on|left|running|only|in|riding|alive|going|active|working),
    (?:first|1st|second|2nd|third|one|initial|a|my|half|some|partial|partials|last) (?:trims?|scales?|targets?|tgts?|\
    pts?|tps?|partials?|sales?|cuts?|exits?|piece|profits?)(?: \d)? (?:is |was |are |were |has been |already |now
    )*(?:done|in|hit|taken|filled|complete[d]?|gone|secured|banked|booked|locked|off|made|smashed|met|reached|achieved|\
    out|cleared|paid|sold|crushed), (?:trims?|targets?|tgts?|tps?|pts?)(?: ?#?\d)? (?:is |was |are |were |has been |\
    already |all )*(?:done|in|taken|complete[d]?|secured|banked|booked|locked|made|smashed|met|achieved|cleared|\
    crushed), (?:tp|pt|t|target) ?\d (?:is |was |already )?(?:check|yes), <2>in the bag, (?:tp|pt|t|target|tgt)s?
    ?\d?(?: at)? \$?\.?\d[\d.]* (?:was |is |got |already |now )*(?:hit|done|taken|reached|met|in|tagged|filled|touched|\
    printed|secured|paid|got), (?:took|taken|sold|trimmed|scaled|peeled|booked|locked|banked|secured|shaved|unloaded|\
    closed|lightened|reduced|skimmed|cashed|pulled) (?:out )?(?:of )?(?:my |the |a |an |off )?(?:first |small |little
    )?(?:half|most|some|third|quarter|part|partials?|profits?|few|couple|piece|(?:\d|one|two|three)(?! (?:con|ct|lot|\
    share)\w*)|gains?|majority|bulk|initial|trim|cost|basis|out|off|in|up|risk|money), (?:half|most|some|a third|a
    quarter|third|quarter|partials?|two thirds|3/4|1/2|1/3|1/4|\d+ ?%) (?:is |was |already |has been |now )*(?:off|out|\
    sold|gone|closed|booked|banked|locked|taken|trimmed|secured|done)(?! (?:at|@|for|when|if|on|into|over|above) ?\S),
    (?:one|two|three|four|five|half|\d+|few|couple|last one|last two|some)(?: (?!days?|weeks?|months?|hours?|minutes?|\
    dte)\w+)? (?:left|remaining|to go|still (?:on|running|open|in|working)), only (?:one|two|three|half|\d+|runners?)
    (?:left|remaining|on|now), (?:holding|keeping|riding|kept|still have|letting) (?:onto |on to |my |the |just |only |a
    |last )*(?:\d+|one|two|three|four|five|half|rest|remaining|remainder|runners?|moon ?bag|free ride|leftovers?|\
    balance)(?! (?:until|through|till|for|into|overnight|over|days?|weeks?|months?|hours?|sessions?|nights?)), (?:the
    )?(?:rest|remaining|remainder|balance) (?:is|are|rides|riding|running|free|on|left|goes|with|to|stays), (?:is |now
    |are |on |still )?(?:down to|on) (?:my |the |a |just |only )*(?:last|runners?|final)(?: \w+)?, ^(?:all |now |just |\
    only |the |my )*(?:runners?|moon ?bag)(?: \w+)?$, <1>(?:on|with|of) (?:the )?house(?:'?s)? money, house money,
    <1>risk ?-?(?:free|off the table|less), (?:no|zero) risk (?:now|left|here|anymore), free ?-?(?:roll|ride|trade|\
    runner|rolling|riding|carry|money now|position|now), (?:stop|stops|sl) (?:is |are |now |already |has been |was
    )*(?:moved|raised|adjusted|up|trailed|trailing up|rolled|bumped|lifted|tightened|in profit|in the money|in the
    green|locked|above entry|over entry|past entry|to profit|at profit), (?:mov|rais|adjust|bump|lift|tighten|roll|\
    bring|pull)(?:ing|ed|e|es|s)? (?:my |the |our |up )*(?:stops?|sl|stop loss)(?: up)?, (?:moved|raised|bumped|\
    adjusted|lifted|tightened|trailed|brought) (?:it |them )?(?:up|to)
""")
_STATE = any_of(r"""
    so far, no changes?, not (?:adding|trimming|selling|touching|moving|budging|done)(?! (?:above|over|until|till|here|\
    into|more than)), (?:stops?|sl|stop loss) (?:is |are |now |at |to |set to |set at |on )*(?:be|b/e|break ?even|\
    entry|cost|even)(?: now| here)*$, ^still(?: here| in| long| riding| on)?$, ^<2>(?:in the|nicely|deep|already|now|\
    back|barely|slightly|well|solidly|solid|going|turning|just|bit|little) (?:green|red|profit|black)(?! (?:day|candle|\
    candles|hammer|to red|bar|close|tape|open|on the|market|friday|monday)), ^(?:green|red)(?: now| here| already|today|
    on (?:it|this|the trade|my)| at last| again| since| for now)?$, (?:green|red) on (?:it|this|the (?:trade|position|\
    day|week)), ^<2>(?:nearly|almost|about|close to|back to|around|at|near|now|currently|just|roughly|slightly above|\
    above|below) (?:at )?(?:break ?-?even|b/?e|even|scratch|flat|cost|entry)$, (?:looks?|looking|doing|feels?|feeling|\
    acting|working|going|performing|moving|running|cooking|playing|shaping|behaving) (?:really |so |pretty |very |quite
    |out )*(?:great|good|nice|nicely|well|beautiful\w*|amazing|awesome|fantastic|solid|perfect\w*|fine|out|up|strong|\
    bad|rough|ugly|terrible|okay|ok|excellent|insane|juicy)(?: (?:so far|now|here|already|since|on|at the moment|today|\
    right now|overall|still|out|nicely))$, ^<1>(?:working|cooking|printing|running|ripping|flying|mooning|moving|\
    paying|bleeding|sinking|dying|melting|dragging|struggling|soaring|popping)(?: (?:out|up|now|nicely|well|great|\
    beautifully|perfectly|already|so far|hard|good|fine|nice|slowly|a bit|in our favor|for us|as|for|like a charm|\
    great|away|today))*$, ^<2>(?:sitting|sits|stands?|standing|hovering|floating|trading|trades|quoted|marked|changing
    hands|pushing|tapped|tapping|touched|touching|kissed|hitting|nearing|approaching|flirting with) (?:\w+ )?(?:at|\
    around|near|on|up|down|with|above|below|over|under)? ?[+-]?\$?\.?\d[\d.]*%?(?! (?:ema|sma|ma|day|dma|level|support|\
    resistance)\b), (?:my|the|this|our) (?:position|trade|runner) (?:is|looks|sits|stands|now), (?:up|down) (?:almost|\
    nearly|about|over|around|roughly|some|close to|more than|a|another|like|nice|big|good|a cool|\$|past|just|only|\
    from|on|so|in) <1>(?:\d\S*|bit|lot|ton|little|double|triple|bagger|far|half|third|quarter|bunch|touch|smidge|hair|\
    entry|cost|here|it|this|average|avg), (?:a|nearly|almost|over|past|about|just) (?:double|triple|\d+ ?-?bagger)(?:
    (?:now|already|here|so far))?$, (?:best|worst|biggest|largest|favorite|only|oldest) (?:position|holding|winner|\
    loser|hold|runner), ^<1>(?:day|week|month) (?:\d+|one|two|three|four|five)(?: of (?:holding|the hold|this))?$,
    (?:days?|weeks?|months?) in(?: now| already)?$, been (?:holding|in|riding|sitting|patient|waiting|long|through|a),
    (?:holding|held|hanging|hangs) (?:up|in|on|in there|strong|steady|firm|well|nicely|tight)(?: (?:so far|well|nicely|\
    now|here|strong|fine|there|great|tight|still|today|despite \w+))*$, (?:unrealized|open|paper) (?:gains?|profits?|p
    ?/? ?l|loss\w*), (?:in|with) (?:nice|good|big|solid|some|decent) (?:profits?|gains?), ^<1>(?:profitable|in profit|in
    the money|itm now|otm now|deep itm|underwater)
""")


def check_held(clause: Clause, draft: Draft) -> None:
    """NotRead when a clause behind an entry tells of a position, not of an order."""
    text = said(clause)
    if found := _PROGRESS.search(text):
        raise not_an_alert(f"held, a part is sold: {found.group()}")
    if not draft.is_add and (found := _STATE.search(text)):
        raise not_an_alert(f"held, and how it goes: {found.group()}")
    if gain := next((chunk for place, chunk in enumerate(clause) if _is_gain(clause, place)), None):
        raise not_an_alert(f"a result: {gain.text}")
    if quote := next((clause[place] for place in range(1, len(clause)) if _is_far_quote(clause, place, draft)), None):
        raise not_an_alert(f"what it trades at now: {quote.text}")


def _is_gain(clause: Clause, place: int) -> bool:
    """`+40%`, `-12%`, `+1.20`: what came of it, but beside a level: `PT +40%`, "half at +50%", "-30% stop"."""
    chunk = clause[place]
    if chunk.role not in (Role.PERCENT, Role.NUMBER) or chunk.number[:1] not in ("+", "-"):
        return False
    if place + 1 < len(clause) and clause[place + 1].role in LEVELS:
        return False
    before = place - 1
    while before >= 0 and (clause[before].role in (Role.PERCENT, Role.NUMBER, Role.MARK, Role.RANGE)):
        before -= 1
    if place + 1 < len(clause) and clause[place + 1].lower in _WAGERED:
        return False
    led = clause[before] if before >= 0 else None
    is_plan = led is not None and (led.lower.rpartition(" ")[2] in _PLANNED or led.lower in (*_WAY, *_GREEKS))
    return not (is_plan or (led is not None and led.role in (*LEVELS, Role.AT)))


def _is_far_quote(clause: Clause, place: int, draft: Draft) -> bool:
    """ "bid is 2.80" for what was bought at 2.10."""
    is_number = clause[place].role is Role.NUMBER and is_price(clause[place])
    before = place - 1 if is_number and draft.price and draft.strike is not None else -1
    while before > 0 and (clause[before].lower in ("is", "now", "at", "currently") or clause[before].role is Role.MARK):
        before -= 1
    if before < 0 or clause[before].lower not in _QUOTES or not draft.price:
        return False
    try:
        quoted = level(clause[place].number)
    except NotRead:
        return True
    return abs(quoted - draft.price) > draft.price * _WIDE


def check_stop(chunks: Sequence[Chunk], draft: Draft) -> None:
    """NotRead for a stop on the side of the gain: it was moved there, so the position is held."""
    price = draft.price or (draft.price_range and draft.price_range[0 if draft.action is Action.STO else 1])
    if not price:
        return
    for place, chunk in enumerate(chunks[:-1]):
        if chunk.role is not Role.STOP:
            continue
        for found in _stops(chunks, place + 1):
            if _is_in_profit(found, price, draft):
                raise not_an_alert(f"held, its stop is in profit: {chunk.text} {found}")


def _stops(chunks: Sequence[Chunk], at: int) -> list[Decimal]:
    """The prices right behind the word; those of a stock, or in another measure, are left out."""
    while at < len(chunks) and (
        chunks[at].is_mark("@", ":", "=", "-", "~") or chunks[at].lower in ("at", "is", "now", "to")
    ):
        at += 1
    if at >= len(chunks) or chunks[at].role is not Role.NUMBER:
        return []
    numbers, last = numbers_from(chunks, at)
    if any(chunk.role in LEVELS for chunk in chunks[last + 1 : last + 2]):  # ".70 stop 1.50 target"
        return []
    if any(chunk.role in (Role.WORD, Role.UNIT, Role.SYMBOL, Role.MEASURE) for chunk in chunks[last + 1 : last + 3]):
        return []
    found = []
    for number in numbers:
        try:
            found.append(level(number.number))
        except NotRead:
            continue
    return found


def _is_in_profit(stop: Decimal, price: Decimal, draft: Draft) -> bool:
    is_near_strike = draft.strike is not None and draft.strike / _NEAR < stop < draft.strike * _NEAR
    if draft.action is Action.STO:
        return stop <= price and not is_near_strike and stop * _FURTHEST > price
    return price <= stop < price * _FURTHEST and not is_near_strike
