"""An order that its author states in a sentence among others.

`It is time. I bought two DIS December 18th 110 calls at 2.40, because I want time on my side.` The clause that orders
is found by its grammar: who did it, what he did, a contract, its price. What stands before it must not make it another
day's, another person's or an example. All that is left is read like any other order, and judged as strictly.
"""

import re
from typing import NamedTuple

from domain.reading.before import speaks_against
from domain.reading.named_before import OF_AN_INDEX
from domain.reading.phrases import any_of
from domain.reading.prose import OF_ALL
from domain.reading.said_behind import kept_behind
from domain.reading.sold_first import is_of_held, may_open
from domain.reading.spoken import PRICE
from domain.reading.stocks import SYMBOL, stocks_in

_NUMBERS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)"
_OPENED = r"(?:sold to open|went ahead and bought|picked up|scooped up|bought|added|grabbed|purchased|took|opened)"
_OPENING = r"(?:selling to open|picking up|scooping up|buying|adding|grabbing|purchasing|taking|scooping|opening)"
_CLOSED = r"(?:bought to close|bought back|sold out of|closed out|sold|closed|trimmed|exited)"
_CLOSING = r"(?:buying to close|buying back|closing out|selling|closing|trimming|exiting|dumping|cutting)"
_DOES = rf"(?:{_OPENING}|{_CLOSING})"
_VERB = rf"(?:{_OPENED}|{_CLOSED}|{_DOES})"
_I = r"(?:(?:i|we)(?:'ve| have|'m| am|'re| are)?|im|ive)(?: (?:also|just|now|then|finally|therefore|simply|have))*"
_BEGINS = r"(?:\A[^\w\n$]{0,6}|(?<=[.!:;,] )|(?<= - )|(?<=\bso )|(?<=\band )|(?<=\bok ))"
_CLAUSE = re.compile(
    rf"(?:(?P<doer>\b{_I}) (?P<verb>{_VERB}|(?:back )?(?:in|long|out of))|{_BEGINS}(?P<alone>{_VERB}))"
    r" (?P<object>(?:[^!;:\n.]|\.(?! )){3,90}?)"
    r"(?:,? (?:at|for|@)(?: about| around| an average of| a credit of| a debit of)? ?"
    r"|,? and (?:i |we )?(?:paid|collected|received|got) |,? (?:i |we )?(?:paid|paying|collected|collecting) "
    r"|,? buying (?:it|them) back (?:at|for) )"
    rf"(?P<price>{PRICE}|between {PRICE} and {PRICE})(?P<each> (?:each|per contract|a contract|apiece))?"
    r"(?=\s*(?:$|[,;!(]|\.(?!\d)))",
    re.IGNORECASE,
)
_OPTION = re.compile(r"(?<![\w.])\$?\d{1,5}(?:\.\d{1,2})? ?(?:c|p|calls?|puts?)\b", re.IGNORECASE)
_SHARES = re.compile(r"\b\d{1,5} (?:more )?(?:of my \d{1,5} )?(?:[A-Z]{1,5} )?shares\b|\bmy [A-Z]{1,5} shares\b")
_SOME = (
    r"(?:an? |some |another )?(?:little |small |tiny |bit of |new )*(?:insurance|protection|hedge|starter|position"
    r"|flyer|flier|lotto|something|exposure|trade|swing)"
)
_MANY = (
    rf"(?P<many>(?:all {_NUMBERS}|\d{{1,4}}|{_NUMBERS}|half|(?:a|one) third|two thirds|(?:a|one) quarter|all|"
    rf"(?:the )?rest|"
    rf"(?:the |my )?last|most|some)(?: more)?(?: contracts?)?)(?: (?:of|to) (?:(?:my|the|our|those) "
    rf"(?P<whole>\d{{1,4}}|{_NUMBERS})?)?)?"
)
_OBJECT = re.compile(  # `a little insurance, one QQQ December 31st 600 put`, `one contract to JPM, the Jan 15 310 call`
    rf"(?:{_SOME}, )?(?:{_MANY} ?)?(?:(?:of|to|in|my|the|our|those|that) )*(?P<symbol>(?-i:\$?[A-Z]{{1,5}}))"
    rf"(?:, the|, my)? "
    r"(?P<contract>[^,;]*?\$?\d{1,5}(?:\.\d{1,2})? ?(?:c|p|calls?|puts?)\b)(?P<behind>[^\n]*)",
    re.IGNORECASE,
)
_WERE_SHORT = re.compile(r" (?:that|which) (?:we|i) (?:are|were|am|was|sold|wrote)(?: short)?,?", re.IGNORECASE)

# Before the order: what makes it another person's, another day's, an example, or one of several.
_FRAMED = any_of(r"""
    last, ago, yesterday, earlier, previously, originally, back in, back then, back when, once, when, whenever,
    every time, used to, remember\w*, recall\w*, since, until, till, unless, if, would, could, should, might, may,
    wants?, wanting, plan\w*, going to, gonna, let me, let'?s say, say, said, says, saying, told, tells?, wrote, writes,
    as i,
    as we, like i, suppose, supposed, example\w*, homework, question\w*, exercise\w*, textbook, imagin\w*, assum\w*,
    hypothetic\w*, paper, sim\w*, practice, test\w*, demo, he, she, they, him, her, them, his, their, you, your,
    somebody, someone, anyone, anybody, nobody, people, friend\w*, buddy, wife, husband, brother, sister, mom, dad,
    members?, subscriber\w*, student\w*, client\w*, another room, other room, bot, fund, funds, whale\w*,
    institution\w*, insider\w*, congress\w*, mistake\w*, wrong\w*, regret\w*, bought, sold, buys?, sells?, buying,
    selling, roll\w*, spread\w*, correct\w*, edit\w*, instead, glad, happy, proud, wish\w*, sorry, almost, nearly,
    never, not, no, none, \w+n't, dont, didnt, cant, order, orders, limit, resting, working, filled, fill, fills,
    recap\w*, result\w*, journal, log, review\w*, history, story, years?, months?, spring, summer, autumn, january,
    february, march, april, june, july, august, september, october, reminder, repost\w*, again, notes, my trades,
    wrap, done for the day, end of day, that'?s all, market is closed, down on, up on, up nicely, sitting on,
    position, positions, exposure, holding\w*, portfolio in brief, model portfolio, update, updat\w*,
    where things stand, nothing, clear about, newcomers, new folks, context, answer\w*, ask(?:s|ed|ing)?, quiet day,
    only trade, one trade, winn\w+, loser\w*, best, worst, career, case study, anatomy, great day, nice work,
    well done, good trade, the nature of, ways to, smart thing, transparency, honesty, visibility, waiting, wait,
    need, needs, hope, hoping, stalk\w*, think\w*, eyeing, patient, exit, message above, catch up, late crowd,
    doing well, panick\w*, funny, good day, bad day, everything, whole sector, sector
""")
_OF_DAYS = re.compile(r"\b(?:(?:mon|tues|wednes|thurs|fri)day|this morning|overnight)\b", re.IGNORECASE)
_SO = re.compile(r",? so$", re.IGNORECASE)
_FINE = re.compile(  # in a sentence of its own they say nothing against the order behind it
    r"\b(?:(?:take|taking|took|book|booking|lock in|locking in)?(?: some| a| a little| the)? ?profits?|"
    r"(?:long[- ]term |swing |small )?idea"
    r"|(?:today's )?lesson|wanted|note|been|done|ha[sd]|confirmed|my patience|(?:my|our) target is reached|(?:mon"
    r"|tues|wednes|thurs"
    r"|fri)day)\b",
    re.IGNORECASE,
)
_FOR_THOSE = re.compile(
    r"\bfor (?:those|everyone|everybody|anyone|anybody|people)(?: of you)? (?:who )?(?:follow|are in|in)[^.:!]*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\b(?:(?:good )?morning|hi|hello|hey|all right|alright|ok|okay),? (?:everyone|everybody|people|you all)\b", re.I
)
_ENDS = re.compile(r"(?:[.!:;,]|\bso|\band|\bok| -)$", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"[.!]$")
_LED_IN = re.compile(r"(?:with|for|into|in|on|after|at|off|from|given|to)\b", re.IGNORECASE)
_OF_MYSELF = re.compile(r"(?:i|we|i'm|i am|we're)\b.* and(?: then)?$", re.IGNORECASE)
_LABEL = re.compile(r"\W*(?:booked|done|executed|live|action):", re.IGNORECASE)
_I_SAY = re.compile(r"(?:i|we|i'm|i am|we're|we are)\b[^.!?:]*[.!]", re.IGNORECASE)
_A_SENTENCE = 3  # words; fewer may be somebody's name
_OF_ITS_TRADE = re.compile(  # "Took the first trim on DDOG: sold ..."
    r"(?:took|taking|time for|here is|here's|this is) (?:the |my |a |another )*(?:first |second |third |last |next "
    r"|final |small |quick )*"
    r"(?:trim|profit|exit|partial|scale|cut)s? (?:on|in|of) \$?[A-Z]{1,5}[:,]",
    re.IGNORECASE,
)
_PART_SAID = re.compile(
    r"\b(?:half|third|quarter|trim\w*|some|part|partial|piece|off|rest|scal\w+|lighten\w*|reduc\w+|one|two|three)\b",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"\W*(?:and|so|ok|okay|alright|all right|right|well|today|here|now|also)(?: so| and| then)?\W*", re.IGNORECASE
)


class _Statement(NamedTuple):
    lead: str
    order: str
    tail: str
    is_now: bool
    has_doer: bool
    closes: bool


def as_stated(text: str) -> str:
    """The clause that orders, with what is said behind it and may matter; any other text as it stands."""
    if "\n" in text or " " not in text:
        return text
    found = _statement(text)
    if found is None:
        return text
    if not found.lead.strip() and not found.has_doer:
        return f"{text[: len(text) - len(found.tail)]}{kept_behind(found.tail, closes=found.closes, sentences=True)}"
    if not _leads(found):
        return text
    return f"{found.order}{kept_behind(found.tail, closes=found.closes)}".strip()


def _statement(text: str) -> _Statement | None:
    """The only clause of a text that orders."""
    contracts = _OPTION.findall(text) or _SHARES.findall(text)
    clauses = [
        clause
        for clause in _CLAUSE.finditer(text)
        if _OPTION.search(clause["object"]) or _SHARES.search(clause["object"])
    ]
    if len(contracts) != 1 or len(clauses) != 1:
        return None
    clause = clauses[0]
    verb, lead = clause["verb"] or clause["alone"], text[: clause.start()]
    told = _symbol(clause["object"], lead)
    if told is None or _may_be_sold_first(verb, told, text):
        return None
    is_now = re.fullmatch(_DOES, verb, re.IGNORECASE) is not None
    closes = re.fullmatch(rf"{_CLOSED}|{_CLOSING}|(?:back )?out of", verb, re.IGNORECASE) is not None
    if (short := _WERE_SHORT.search(told)) and closes:
        told, verb = told.replace(short[0], ""), "bought to close"
    doer = f"{clause['doer']} " if (clause["doer"] or "").lower().startswith("we") and not lead else ""
    order = f"{doer}{verb} {_plain(told)} at {_low_and_high(clause['price'])}"
    return _Statement(lead, order, text[clause.end() :], is_now, bool(clause["doer"]), closes)


def _may_be_sold_first(verb: str, told: str, text: str) -> bool:
    if verb.lower() in ("took", "taking") and re.search(r"(?i) of (?:my|our|the)\b", told):
        return True
    closes = re.fullmatch(rf"{_CLOSED}|{_CLOSING}", verb, re.IGNORECASE) is not None
    if closes and _WERE_SHORT.search(told):
        return False
    is_bare = verb.lower() in ("sold", "selling") and not is_of_held(told)
    return (closes or _SHARES.search(told) is not None) and (is_bare or may_open(text))


def _low_and_high(price: str) -> str:
    return re.sub(r"(?i)between | and ", lambda found: "" if "between" in found[0].lower() else "-", price)


def _plain(told: str) -> str:
    """`one contract to JPM, the January 15th 310 call,` as `one JPM January 15th 310 call`."""
    found = _OBJECT.fullmatch(told)
    if found is None:
        return told
    many = re.sub(r"(?i) contracts?$|^all (?=\w+$)", "", found["many"] or "")
    is_number = not re.match(r"(?i)half|(?:a|one) (?:third|quarter)|two thirds|some|most|rest|the", many)
    whole = f" of my {found['whole']}" if found["whole"] and is_number else " of my" if found["whole"] else ""
    of_it = " of my" if re.match(r"(?i)half|(?:a|one) third|two|rest|the rest", many) and "third" in many else ""
    return f"{many}{whole or of_it} {found['symbol']} {found['contract']}{found['behind'].rstrip(' ,')}".strip()


def _symbol(told: str, lead: str) -> str | None:
    """The clause's object with its symbol, which only the lead may have named; None where that is not certain."""
    if (
        stocks_in(told)
        or re.search(r"(?:^|\b(?:of|the|my|in|on|\d) )\$?[a-z]{1,5} \$?\d|/[A-Za-z]", told)
        or _SHARES.search(told)
    ):
        return told
    named, contract = stocks_in(lead), re.search(rf"(?i)(?:(?:{_MANY}) )?(?:(?:of|the|my|those) )*(?P<what>\S.*)", told)
    if len(named) != 1 or contract is None or named & OF_AN_INDEX or OF_ALL.search(lead):
        return None
    return f"{told[: contract.start('what')]}{named.pop()} {contract['what']}"


def _leads(found: _Statement) -> bool:
    """Whether what stands before the order says nothing against it."""
    lead = found.lead.strip()
    if _OF_ITS_TRADE.fullmatch(lead):
        return found.closes and stocks_in(lead) <= stocks_in(found.order)
    if not lead or _LABEL.fullmatch(lead):
        return found.has_doer or bool(lead)
    has_doer = found.has_doer or bool(_OF_MYSELF.match(lead) or _I_SAY.fullmatch(lead))
    if not ((_ENDS if has_doer else _SENTENCE_ENDS).search(lead) or (has_doer and _LED_IN.match(lead))):
        return False
    if (
        len(lead.split()) < _A_SENTENCE
        and not _OPENERS.fullmatch(lead)
        and not (found.has_doer and _LED_IN.match(lead))
    ):
        return False
    bare = _GREETING.sub("", _FOR_THOSE.sub("", lead))
    if any(map(str.isdigit, bare)) or any(sign in bare for sign in '"?(') or stocks_in(bare) - stocks_in(found.order):
        return False
    if found.closes and _PART_SAID.search(bare):
        return False  # the part that is sold
    if _FRAMED.search(bare) or (not found.is_now and _OF_DAYS.search(bare)):
        return False
    return speaks_against(_FINE.sub("it", SYMBOL.sub("it", bare))) is None
