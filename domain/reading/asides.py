"""What traders say beside an order and changes nothing of it: what it comes to, when the company reports, a ceiling."""

import re
from decimal import Decimal

_BEHIND = r"(?:[ \t]*[,;|]|(?<=[\w)])[ \t]+-|[ \t]*\.(?!\d))[ \t]*"
_ENDS = r"(?=[ \t]*(?:$|[,.;!()\n|]|so\b|and\b|hence\b))"
_NOTHING_TAKEN_BACK = (  # in the words that follow
    r"(?![a-zA-Z' -]{0,90}\b(?:not|no|never|nothing|jk|kidding|joke|paper|cancel\w*|void|scratch|fake|if|when|once"
    r"|until|but|later|maybe|might|would|could|should|wait\w*|watch\w*|plan\w*|idea|test|yet|sold|stopped|closed|miss\w*"
    r"|yesterday)\b)"
)
_DAY = (
    r"(?:tonight|tonite|today|tmrw|tmr|tomorrow|this (?:week|morning|afternoon)|next week|mon(?:day)?|tue(?:s|sday)?"
    r"|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|in the morning|after the (?:close|bell)|before the (?:open|bell)"
    r"|amc|bmo|am|pm|\d{1,2}/\d{1,2})"
)
_REPORTS = re.compile(
    rf"{_BEHIND}(?:(?:it|they) )?(?:prints?|reports?|reporting|earnings|er)(?: (?:is|are|comes?))?(?: on)?"
    rf"(?: {_DAY}){{1,3}}{_ENDS}",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?<![\d/])\$?(\d*\.\d+|\d+(?=\s*(?:[,;]|\Z)))(?![\d/])")
_CLOSES = re.compile(
    r"[^\w\n$]{0,8}(?:i |we |just )*(?:stc|btc|sold|sell\w*|out|cov\w*|clos\w+|exit\w*|trim\w*|cut\w*|stopped"
    r"|scal\w+)\b",
    re.IGNORECASE,
)
_SUM = r"\$\d[\d,]*(?:\.\d\d)?k?"
_COMES_TO = re.compile(
    rf"(?P<price>@ ?\$?\d*\.\d+)[ \t]*\((?:that'?s |= ?|~ ?|about )?{_SUM}(?: (?:of|from) (?:my |the )?{_SUM})?"
    r"(?: (?:total|cost|risk|at risk|all in|max|outlay|position|worth))*\)",
    re.IGNORECASE,
)
_RISKED = re.compile(
    rf"[ \t]*\((?:that'?s |= ?|~ ?|about |max )?{_SUM} (?:of )?(?:risk|at risk|max loss|max risk|total|cost|all in"
    r"|per con(?:tract)?)\)",
    re.IGNORECASE,
)
_PUT_IN = re.compile(
    rf"(?:(?<=\|)|(?<=,)|(?<=\()) ?{_SUM} (?:in|total|all in|spent|used|at risk|cost|outlay)(?=\s*(?:$|[,|)!]|\."
    rf"(?!\d)))",
    re.IGNORECASE,
)
_NO_WAIT = re.compile(
    rf"{_BEHIND}(?:i )?(?:did ?n'?t|didnt|could ?n'?t|couldnt|not) (?:wait|waiting)"
    rf"(?: (?:around|for (?:it|more|the (?:stop|target|rest|last(?: \d+)? (?:points?|pts|ticks?|handles?))"
    rf"|t\d|tp\d?|pt\d?)))*{_ENDS}",
    re.IGNORECASE,
)
_NOT_LIKED = re.compile(  # why something is sold
    rf"(?P<close>\A[^\w\n$]{{0,8}}(?:stc|btc|sold|out|cov\w*|clos\w+|exit\w*|trim\w*|cut|stopped)\b[^\n]{{6,80}}?)"
    rf"(?:{_BEHIND})"
    r"(?:i )?(?:did|do)(?: ?n'?t| not) (?:like|love|trust) (?:that|this|the|how)\b"
    rf"{_NOTHING_TAKEN_BACK}[a-z ]{{0,30}}(?=\s*(?:$|[.,;!]))",
    re.IGNORECASE,
)
_AGAINST_WHAT = re.compile(  # what puts are bought for
    rf"(?<=\w) (?=as |to (?:protect|hedge) ){_NOTHING_TAKEN_BACK}(?:as (?:a|an|some) (?:small |partial |cheap )?"
    r"(?:hedge|protection|insurance)(?: (?:against|for|on) [a-zA-Z' ]{3,40})?"
    rf"|to (?:protect|hedge) (?:my|the|our) [a-zA-Z' ]{{3,40}})(?=\s*(?:$|[,;!]|\.(?!\d)))",
    re.IGNORECASE,
)
_CAME_TO = re.compile(
    r"(?P<close>\A[^\w\n$]{0,8}(?:i |we |i'?ve |have |just )*(?:stc|btc|sold|out|cover\w*|clos\w+|exit\w*|cut"
    r"|stopped)\b[^\n]{6,80}?)"
    r"[,;]? for (?:a|an) (?:small |nice |big |quick |tidy |solid |tiny )?(?:loss|gain|profit|win|return) of"
    r" (?:about |around |roughly |nearly |over |just over )?\d{1,4}(?:\.\d+)? ?(?:%|percent)",
    re.IGNORECASE,
)
_IN_ACCOUNT = re.compile(
    r"(?<=[\w)]) in (?:the|my|our) (?:retirement|ira|roth|roth ira|long[- ]term|swing|main|small|income|growth"
    r"|trading|day"
    r" trading|core) (?:account|portfolio|book|acct)(?=,? (?:at|for|@) ?\$?\d*\.?\d)",
    re.IGNORECASE,
)
_CEILING = re.compile(
    rf"(?:{_BEHIND}|(?<=\d)[ \t]+)(?:please )?(?:do ?n[o']?t|do not|wouldn'?t|never) (?:go|chase|pay|buy|enter)"
    rf"(?: (?:it|them|this|any))?"
    rf" (?:over|above|past|more than|higher than)"
    rf" \$?(?P<most>\d+(?:\.\d+)?|\.\d+)(?!\d|[.,]\d|%){_ENDS}",
    re.IGNORECASE,
)
_SAME_LEVELS = re.compile(
    rf"(?:{_BEHIND}|(?<=\n)[ \t]*)(?:my |the )?(?:sl|stops?|stop loss|pts?|tps?|targets?)"
    r"(?: (?:and|&|/) (?:pts?|tps?|targets?))? (?:(?:is |are )?unchanged|(?:is |are |stays? |stay |still |remains? )"
    rf"(?:the )?same|no change){_ENDS}"
    rf"|{_BEHIND}same (?:stops?|sl|targets?|pts?|levels)(?: as before)?{_ENDS}",
    re.IGNORECASE,
)
_THESIS = re.compile(
    r"\bthesis (?:is |was |just )?(?:not|isn'?t|wasn'?t|no longer|stopped|never)"
    r" (?:working|playing|holding|valid|intact)(?: out| up)?\b",
    re.IGNORECASE,
)
_PAID = re.compile(  # `MDB 380c 12/4, paid 9.10`: nothing else says that it is bought
    r"\A(?P<before>[^\w\n$]{0,8})(?P<contract>\$?[A-Z]{1,5} \$?\d{1,5}(?:\.\d{1,2})? ?[CPcp] [\w/]{3,8}"
    r"|\d{1,5} ?(?:sh|shares)(?: of)? \$?[A-Z]{1,5}|\$?[A-Z]{1,5},? \d{1,5} ?(?:sh|shares)),? paid (?=\$?\d*\.?\d)"
    r"(?![^\n]*\b(?:yield|basis|div|dividend|cost)\b)"
)
_COUNTED_ADD = re.compile(
    r"\A(?P<order>[^\w\n$]{0,8}(?:add(?:ed|ing)?)\b[^\n+]{6,60}?,) \+"
    r"(?=\d{1,4} (?:cons?|contracts?|lots?|shares?|more)\b)",
    re.IGNORECASE,
)
_GONE_BY = re.compile(
    r"(?<=[,;:.(\n-]) ?(?:i'?m |it'?s |it is |will be |should be )?(?:gone|out|flat|done) by "
    rf"(?:lunch|noon|eod|eow|the (?:close|end of day)|tomorrow|friday)"
    rf"(?: either way| no matter what| regardless)?{_ENDS}",
    re.IGNORECASE,
)
_ALL_OUT_BY = re.compile(
    r"(?:[ \t]*[,;.|-])?[ \t]+(?:exit|close|out|flat|sell)(?: all| everything| it all)? by (?:lunch|noon|eod|the close)"
    r"(?=[ \t]*\Z)",
    re.IGNORECASE,
)
_UP_TO = re.compile(  # a range, from what is bid to what is paid at most
    r"@ ?\$?(?P<low>\d*\.\d{1,2}) up to \$?(?P<high>\d*\.\d{1,2})(?=[ \t]*(?:\Z|\n|[,;|]))", re.IGNORECASE
)
_SCRATCHED = re.compile(rf"{_BEHIND}(?:the |my )?runners? (?:was |is |got )?scratched{_ENDS}", re.IGNORECASE)
_RISKS = re.compile(r"\| ?risk(?: now)? \d/\d(?=[ \t]*(?:\||\Z|\n|<@))", re.IGNORECASE)
_AS_PROMISED = re.compile(
    rf"{_BEHIND}as (?:promised|planned|discussed)(?: (?:this morning|earlier|above|before|yesterday|last week"
    rf"|on friday))?"
    r"(?=\s*(?:$|[,;!]|\.(?!\d)))",
    re.IGNORECASE,
)
_AS_A = re.compile(  # what kind of trade it is
    r"(?<=\d) as an? (?!(?:level|line|target|stop|guide|reference|marker|paper|test|example|reminder|joke|demo|sim\w*"
    r"|practice|short|spread|roll|replacement|covered|hedge (?:for|of|against) (?:the|my) short)\b)"
    rf"{_NOTHING_TAKEN_BACK}[a-z][a-z']{{0,20}}(?:[ -][a-z][a-z']{{0,20}}){{0,7}}(?=\s*(?:$|[,;!]|\.(?!\d)))"
)
_ENTIRELY = re.compile(r"(?<=[A-Z]) (?:entirely|completely|altogether|in full)(?=,? (?:at|@|for) ?\$?\d)")
_PLAN_IS = re.compile(
    rf"{_BEHIND}(?:my |the )?plan is to (?:hold|keep|add|sit|let|give)\b[^.;\n\d]{{0,60}}(?=\s*(?:$|[;!]|\."
    rf"(?!\d)))",
    re.IGNORECASE,
)


def _ceiling(found: re.Match[str]) -> str:
    """Nothing, where it is no less than what is paid."""
    paid = [Decimal(price) for price in _MONEY.findall(found.string[: found.start()])]
    return "" if paid and Decimal(found["most"]) >= paid[-1] else found[0]


def _up_to(found: re.Match[str]) -> str:
    low, high = found["low"], found["high"]
    return f"@ {low}-{high}" if Decimal(low) < Decimal(high) else found[0]


def _where_it_opens(found: re.Match[str]) -> str:
    """Nothing, but behind a close: there something is still on."""
    return found[0] if _CLOSES.match(found.string) else ""


REWORDINGS = (
    (("plan is",), _PLAN_IS, _where_it_opens),
    ((" entirely", " completely", " altogether", " in full"), _ENTIRELY, ""),
    ((" as p", " as d"), _AS_PROMISED, ""),
    ((" as a",), _AS_A, _where_it_opens),
    ((" as a", " as some", " to protect", " to hedge"), _AGAINST_WHAT, _where_it_opens),
    ((" for a",), _CAME_TO, r"\g<close>"),
    ((" like ", " love ", " trust "), _NOT_LIKED, r"\g<close>"),
    (("$",), _PUT_IN, ""),
    ((" wait",), _NO_WAIT, ""),
    ((" in the ", " in my ", " in our "), _IN_ACCOUNT, ""),
    ((" by ",), _GONE_BY, _where_it_opens),
    ((" by ",), _ALL_OUT_BY, _where_it_opens),
    ((" up to ",), _UP_TO, _up_to),
    (("risk ",), _RISKS, ""),
    (("scratched",), _SCRATCHED, ""),
    (("paid",), _PAID, r"\g<before>bought \g<contract> @ "),
    ((" +",), _COUNTED_ADD, r"\g<order> "),
    (("print", "report", "earnings", " er "), _REPORTS, ""),
    (("($", "(that", "(=", "(~", "(about"), _COMES_TO, r"\g<price>"),
    (("($", "(that", "(=", "(~", "(about", "(max"), _RISKED, ""),
    (("n't", "dont", "not ", "never"), _CEILING, _ceiling),
    (("unchanged", "same", "no change"), _SAME_LEVELS, _where_it_opens),
    (("thesis",), _THESIS, "thesis done"),
)
