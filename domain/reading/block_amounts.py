"""How much a close's card says is sold, as words of a sentence: `Size: half`, `Portion: 2 of 4`, `Qty: 3`."""

import re
from fractions import Fraction

from domain.reading.refusal import ambiguous

_OF = re.compile(r"(\d{1,4}) of (\d{1,4})(?: (?:contracts?|cons?|cts?|lots?|shares?))?", re.IGNORECASE)
_SOLD_PART = re.compile(
    r"(?:about |around |~ ?|sold |closed |the |my )*(?P<part>(?:a |one |two |three )?(?:half|third|quarter"
    r"|fourth)s?|\d/\d"
    r"|\d{1,3}(?:\.\d)? ?%|all|rest|remainder|remaining|full|everything|partial|part|some|most)"
    r"(?: of)?(?: (?:the|my|it))?(?: (?:position|size|contracts?|cons?))?(?: (?:off|sold|closed|out))?",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?P<count>\d{1,4})(?:\.0+)?(?: ?x)?(?: (?:contracts?|cons?|cts?|lots?|shares?))?(?: \(all\))?", re.IGNORECASE
)
_ALL_OF = re.compile(r"all (?:of )?(?P<count>\d{1,4})(?: (?:shares|contracts|cons|lots))?", re.IGNORECASE)
_MOST_IN_PARTS = 31
_SIZE = re.compile(r"(?:small|normal|regular|light|n/?a|-|standard|large|big)(?: size)?", re.IGNORECASE)


def _part(count: int, whole: int) -> str:
    """`2/5`; `1/2` of 100 in 200, as many shares are sold."""
    return str(Fraction(count, whole)) if whole > _MOST_IN_PARTS and count < whole else f"{count}/{whole}"


def sold(value: str, *, is_count: bool) -> str:
    """How much a close's field says is sold. NotRead for words that are not understood: all of it would be."""
    if (counted := _OF.fullmatch(value)) and counted[1] == counted[2]:
        return f" x{counted[1]}"
    if counted := _OF.fullmatch(value):
        return f" x{counted[1]}\nsold {_part(int(counted[1]), int(counted[2]))}"
    if part := _SOLD_PART.fullmatch(value):
        return f"\nsold {part['part']}"
    if counted := _ALL_OF.fullmatch(value):
        return f" x{counted['count']}"
    if is_count and (counted := _COUNTED.fullmatch(value)):
        return f" x{counted['count']}"
    if _SIZE.fullmatch(value):
        return ""
    raise ambiguous(f"how much is closed: {value}")
