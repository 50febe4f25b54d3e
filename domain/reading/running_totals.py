"""What is held in all, told behind an order: `now 5, avg 1.28`, `Three on now`; and parts counted in words.

Behind an add it says nothing of how much is bought; elsewhere it may, and stays.
"""

import re

_PRICED = re.compile(r"(?:@|\bat\b|\bfor\b) ?\$?\d*\.?\d|\d\.\d")
_NUMBER = r"(?:\d{1,5}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_UNITS = r"(?: (?:contracts?|cons?|lots?|shares))?"
_ADD = (
    r"(?P<add>\A[^\w\n$]{0,8}(?:alert: )?(?:#\d+ \| )?(?:\d{1,2}:\d\d \| )?(?:i |we |i'?m |just )*add(?:ed|ing"
    r"|s)?\b[^\n]{6,90}?)"
)
_TOTAL = re.compile(
    rf"{_ADD}(?:[,;|]|\.(?!\d)| -) ?(?:(?:so |and )?(?:now )?(?:holding|have|own|long|that makes|makes (?:it|that)"
    rf"|that'?s|up to)(?: now)? {_NUMBER}{_UNITS}(?: (?:now|total|in (?:all|total)|on(?: now)?))?"
    rf"|now {_NUMBER}(?: (?:contracts?|cons?|lots?|shares|total|in (?:all|total)|on)"
    r"|(?=,? (?:with )?(?:avg|average) )))"
    r"(?: with)?(?=\s*(?:$|[,;|!]|\.(?!\d)|(?:avg|average) ))",
    re.IGNORECASE,
)
_ON_NOW = re.compile(
    rf"{_ADD}(?:[,;|]|\.(?!\d)| -) ?{_NUMBER}{_UNITS} (?:on now|now|on|total|in (?:all|total))(?=\s*(?:$|[,;|!]|\."
    rf"(?!\d)))",
    re.IGNORECASE,
)
_SO_MANY_MORE = re.compile(
    rf"(?<=[,;|-] )(?P<count>{_NUMBER}) more (?=(?:cons?|contracts?|lots?|shares?)\b)", re.IGNORECASE
)
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5}
_NTH_OF = re.compile(
    r"\b(?P<nth>first|1st|second|2nd|third|3rd) (?:one )?(?:out )?of (?:the |my )?(?P<whole>two|three|four|five|[2-5])"
    r"(?= *(?:$|[.,;!\n])|(?: contracts?| cons?| off| out| gone| sold))",
    re.IGNORECASE,
)
_LITTLE_OF = re.compile(
    r"\b(?P<verb>trimmed|trimming|sold|selling) (?:just )?(?:a (?:little(?: bit)?|bit|piece|slice|chunk|sliver)"
    r"|a few) (?:of|off) "
    r"(?=(?:the|my|these|those)\b)",
    re.IGNORECASE,
)
_ALL_I_HAD = re.compile(
    r"\b(?P<verb>sold|selling|closed|closing|dumping|dumped|cutting|cut|out of) (?:everything|all|what|whatever) (?:i"
    r"|we)(?:'d| had| have|'ve)?"
    r"(?: got)? left"
    r" (?:in|of) (?:the |my )?",
    re.IGNORECASE,
)
_TOOK_OF = re.compile(
    r"\b(?:took|taking) (?P<count>\d{1,3}|one|two|three)(?P<of> of (?:my )?(?:\d{1,3}|two|three|four|five))? "
    r"(?P<symbol>/[A-Z0-9]{2,5}) (?P<side>longs?|shorts?) off\b",
    re.IGNORECASE,
)


def _nth_of(found: re.Match[str]) -> str:
    nth, whole = found["nth"].lower(), int(_WORDS.get(found["whole"].lower(), 0) or found["whole"])
    place = {"f": 1, "1": 1, "s": 2, "2": 2, "t": 3, "3": 3}[nth[0]]
    return f"1 of {whole}" if place == 1 else "the rest" if place == whole else "some"


_LAST_OUT = re.compile(r"\blast (?P<count>\d{1,3}|one|two|three|four) (?:out|off|gone|sold)\b", re.IGNORECASE)
_TARGET_REACHED = re.compile(  # where it was closed
    r"(?P<close>\A[^\w\n$]{0,8}(?:stc|btc|sold|out|cover\w*|cov|clos\w+|exit\w*|trim\w*|scale\w*|take profit|tp)\b"
    r"[^\n]{6,80}?)[,|(-] ?(?:at |hit )?(?:t|tp|pt|target )[1-4](?: hit| tagged| reached| done)?\)?(?=\s*(?:$|[,;|!]"
    r"|\.(?!\d)))",
    re.IGNORECASE,
)

_GOT_SO_MANY = re.compile(
    rf"(?P<mark>[,;] |\. | - )(?:(?:i |we )?(?:got|took|grabbed|have) )?(?P<count>{_NUMBER}) of (?:'?em|them|these"
    rf"|those)"
    r"(?: (?:little|bad|cheap|small))?(?: (?:guys|boys|things|lottos|babies|puppies|bad boys))?(?=\s*(?:$|[,;!]|\."
    r"(?!\d)))",
    re.IGNORECASE,
)

_AVERAGE_OF_ALL = re.compile(
    rf"{_ADD}(?:[,;|]|\.(?!\d)| -) ?(?:(?:that |which )?(?:makes|brings|puts) )?(?:my |the |new )*(?:avg|average)"
    rf"(?: cost| price)?(?: is| now|"
    r" of| to| at)* \$?\d*\.?\d+(?: now)?(?=\s*(?:$|[,;|!]|\.(?!\d)))",
    re.IGNORECASE,
)
_FULL_NOW = re.compile(
    rf"{_ADD}(?:[,;|]|\.(?!\d)| -) ?(?:that|which|this) (?:makes|brings) (?:it|this|me|us)(?: up)?(?: to)? (?:a |an "
    rf"|my )?(?:full|half|complete|normal)"
    r" (?:position|size)(?=\s*(?:$|[,;|!]|\.(?!\d)))",
    re.IGNORECASE,
)


def _with_its_price(found: re.Match[str]) -> str:
    """The add without the average of all, where it has a price of its own."""
    return found["add"] if _PRICED.search(found["add"]) else found[0]


_COUNT_ALONE = re.compile(  # `... at 31.50. Two. Stop 24`
    r"(?P<price>\d)\. (?P<count>one|two|three|four|five|six|seven|eight|nine|ten|twelve)(?: more)?"
    r"(?: contracts?| cons?| lots?)?"
    r"(?=\. |\.?$|, so |, stop|, sl )",
    re.IGNORECASE,
)

_ALL_REMAINING = re.compile(r"\ball remaining\b", re.IGNORECASE)

_BRINGS_TO = re.compile(
    rf"{_ADD}(?:[,;|]|\.(?!\d)| -) ?(?:which|that) (?:brings|makes|puts|gets) (?:me|us|it|the position)(?: up)? (?:to"
    rf"|at) {_NUMBER}{_UNITS}"
    r"(?=\s*(?:$|[,;|!]|\.(?!\d)))",
    re.IGNORECASE,
)

_PRICE_THEN_AVERAGE = re.compile(
    r"(?<![\d,.])(?P<one>\d{1,3}),(?P<two>\d{3}(?:\.\d+)?), avg (?P<three>\d{1,3}),(?P<four>\d{3}(?:\.\d+)?)(?![\d,])",
    re.IGNORECASE,
)

REWORDINGS = (
    ((", avg",), _PRICE_THEN_AVERAGE, r"\g<one>\g<two>, avg \g<three>\g<four>"),
    ((" brings ", " makes ", " puts ", " gets "), _BRINGS_TO, r"\g<add>"),
    (("all remaining",), _ALL_REMAINING, "all"),
    (
        (". one", ". two", ". three", ". four", ". five", ". six", ". seven", ". eight", ". nine", ". ten", ". twelve"),
        _COUNT_ALONE,
        r"\g<price>, \g<count> contracts",
    ),
    ((" of ",), _GOT_SO_MANY, r"\g<mark>\g<count> contracts"),
    (("last ",), _LAST_OUT, r"last \g<count>"),
    ((" t1", " t2", " t3", " tp", " pt", "(t", " target"), _TARGET_REACHED, r"\g<close>"),
    (("add",), _TOTAL, r"\g<add>"),
    (("add",), _ON_NOW, r"\g<add>"),
    (("avg", "average"), _AVERAGE_OF_ALL, _with_its_price),
    ((" makes ", " brings "), _FULL_NOW, r"\g<add>"),
    ((" more ",), _SO_MANY_MORE, r"\g<count> "),
    (("first ", "1st ", "second ", "2nd ", "third ", "3rd "), _NTH_OF, _nth_of),
    (("a little", "a bit", "a piece", "a slice", "a chunk", "a sliver", "a few"), _LITTLE_OF, r"\g<verb> some of "),
    ((" left",), _ALL_I_HAD, r"\g<verb> the rest of "),
    ((" off",), _TOOK_OF, r"sold \g<count>\g<of> \g<symbol> \g<side>"),
)
