"""What stands behind an order that its author stated, without what only says why, or what he feels.

A clause is left out where it says no number, no amount, no level and nothing against the order: `because I want time on
my side`, `it went too far too quickly`. Any other stays, for the grammar to judge.
"""

import re

from domain.reading import evidence
from domain.reading.before import speaks_against
from domain.reading.phrases import any_of
from domain.reading.second_thoughts import against
from domain.reading.spoken import PRICE
from domain.reading.stocks import stocks_in

_NUMBERS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)"
# What may change how much, at what level, or whether at all.
_COUNTS = any_of(rf"""
    {_NUMBERS}, dozen, couple, few, contracts?, cons?, lots?, shares?, calls?, puts?, stops?, stopped, target\w*,
    trail\w*, if, unless, until, when, once, would, could, should, might, not, no, never, nothing, none, without,
    \w+n't, dont, cant, wont, didnt, hasnt, isnt, sold, bought, closed, filled, yesterday, ago, last, earlier, sorry,
    mean, meant, correct\w*, was, were, had, he, she, they, them, his, her, their, you, your, same, too, also,
    copy\w*, follow\w*, with (?-i:[A-Z])\w+
""")
_AMOUNTS = any_of(r"""
    half, third, thirds, quarter, quarters, rest, remain\w*, left, leav\w*, keep\w*, kept, hold\w*, held, runners?,
    some, all, both, most, more, another, other, others, piece, part, position, size, sized, whole, entire, balance,
    add, adding, avg, average, total, back, reenter\w*, re-enter\w*
""")
_FEELS = re.compile(
    r"(?:(?:and|but|because|since|as|for|so|which is why|yes) )*(?:i|we)(?:'d| do| really| just| still| also| simply)* "
    r"(?:do not |don't )?(?:want|like|love|think|believe|expect|need|trust|prefer|hope|feel|see|have (?:a|the))\b"
    r"(?! (?:out|off|in|to (?:sell|buy|close|exit|add|hold|keep)))",
    re.IGNORECASE,
)
_IT_WENT = re.compile(
    r"(?:(?:and|but|because|since|as|for) )*(?:it|that|this|the (?:stock|chart|thesis|trade)) "
    r"(?:went|took|ran|moved|got|did) (?:too|so) (?:far|fast|long|quick|quickly|slow)(?: too (?:fast|quick|quickly"
    r"|soon))?",
    re.IGNORECASE,
)
_PAID = (
    rf"(?:paid|bought(?: it| them| these)? (?:for|at)|got(?: it| them| these)? (?:for|at)) {PRICE}(?: for (?:it|them"
    rf"|these))?"
    r"(?: (?:a|two|three|four|a few|\d{1,2}) (?:days?|weeks?|months?) ago| last (?:week|month)| earlier| this morning)?"
)
_COST = re.compile(rf"(?:(?:and|yes|which|that|,) ?)*(?:we|i) {_PAID}", re.IGNORECASE)
_AND_COST = re.compile(
    rf"[,;] (?:and )?(?:(?:which|that) )?(?:we |i )?{_PAID}(?=\s*(?:$|[,;!]|\.(?!\d)))", re.IGNORECASE
)
# The kinds: why, what is felt, or what something else does.
_KIND = re.compile(
    r"(?:and |but |yes )*(?:because|since|as|for|given)\b|(?:and |but )*(?:i|we)(?:'d| do| really| just| still"
    r"| also)* (?:do not |don't )?"
    r"(?:want|like|love|think|believe|expect|trust|prefer|hope|feel|see)\b|(?:and |but )*(?:it|that|this|the (?:stock"
    r"|chart|trade)) "
    r"(?:went|took|ran|moved|got) (?:too|so)\b|(?:looking|hoping|playing|betting|aiming|positioning) (?:for|on)\b"
    r"|(?:happy|glad|fine|content|ok|okay) (?:to|with)\b"
    r"|(?!(?:and|but|i|i'm|we|it|its|it's|that|that's|this|they|he|she|you|the (?:stock|position|trade|chart|option"
    r"|calls?|puts?|spread"
    r"|contract)s?|then|now|so|up|down|still|ouch|which|who|good|nice|great|not|no|out|in|back|make|made)\b)"
    r"[A-Za-z][\w'-]* (?:[a-z'-]+ ){1,6}?(?:is|are|looks?|flipped|acts?|keeps?|hates?|likes?|wants?|feels?|seems?"
    r"|turned|rolled|helps?)\b",
    re.IGNORECASE,
)
_THEY_COST = re.compile(
    rf"\. (?:they|it|these|those) cost (?:me|us) {PRICE}(?: (?:a|two|three|four|a few|\d{{1,2}}) (?:days?|weeks?"
    rf"|months?) ago| last (?:week|month))?"
    r"(?=\.?\s*\Z|\. )",
    re.IGNORECASE,
)
_A_SENTENCE = 5  # words; fewer may be a label
_PIECES = re.compile(r"(?P<mark>[,;!] |\.(?= |$) ?| - |$)")
_SENTENCES = re.compile(r"(?P<mark>[.!] |[.!]?$)")


def kept_behind(tail: str, *, closes: bool, sentences: bool = False) -> str:
    """What stands behind the order, without what only says why, or what the author feels."""
    tail = _THEY_COST.sub("", _AND_COST.sub("", tail)) if closes else tail
    pieces = _SENTENCES if sentences else _PIECES
    first = pieces.search(tail)
    if first is None or first.end() == len(tail):
        return tail
    kept, mark, at = tail[: first.start()], first["mark"], first.end()
    for end in pieces.finditer(tail, at):
        piece, at = tail[at : end.start()], end.end()
        if not _says_nothing(piece, closes=closes):
            kept += f"{mark}{piece}"
            mark = end["mark"]
    return kept


def _says_nothing(piece: str, *, closes: bool) -> bool:
    words = piece.strip()
    if not words or (closes and _COST.fullmatch(words)):
        return True
    if any(map(str.isdigit, words)) or any(sign in words for sign in '"?(') or stocks_in(words):
        return False
    if len(words.split()) < _A_SENTENCE and speaks_against(words):
        return False  # "Trade idea."
    rest = _FEELS.sub("", _IT_WENT.sub("", words) if closes else words)
    if against(words) or evidence.WITHDRAWN.search(words) or evidence.HEARSAY.search(words):
        return False
    if not _KIND.match(words):
        return False
    if _COUNTS.search(rest) or (closes and _AMOUNTS.search(rest)):
        return False
    return closes or evidence.PAST.search(rest) is None
