"""Verbs of other languages that traders here post in, and slips of the keyboard, at the beginning of an order.

Only a first word is taken, right before its contract; everything else in such a message is read as any other.
"""

import re

from domain.reading.vocabulary import word_set

_CONTRACT = r"(?=(?:\d{1,4}x? )?\$?[A-Za-z]{1,5} \$?\d{1,5}(?:\.\d{1,2})? ?(?:[cp]\b|calls?\b|puts?\b))"
_BOUGHT = (
    r"compr[eé]|comprei|comprado|compramos|compro|comprando|entramos(?: en)?|entro en|entr[eé] en|kaufe|gekauft|kauf"
    r"|achat|ach[eè]te|j'ach[eè]te|je prends|koop|gekocht|compra"
)
_SOLD = r"vend[ií]|vendo|vendemos|vendimos|verkaufe|verkauft|verkauf|je vends|vente|verkoop|venta|salgo de|sal[ií] de"
_HALF = r"la mitad de|a metade de|metade de|mitad de|die h[aä]lfte(?: von)?|h[aä]lfte|la moiti[eé] de"
_ALL = r"todo|tudo|todos|alles|alle|tout"
_VERB = re.compile(
    rf"\A(?P<before>[^\w\n$]{{0,8}})(?:(?P<bought>{_BOUGHT})|(?P<sold>{_SOLD}))\b:?"
    rf"(?: (?:(?P<half>{_HALF})|(?P<all>{_ALL})))? "
    rf"{_CONTRACT}",
    re.IGNORECASE,
)
_STC_ALL = re.compile(rf"\A(?P<verb>[^\w\n$]{{0,8}}STC) (?:{_ALL}) {_CONTRACT}", re.IGNORECASE)
_WORD = re.compile(r"(?<![\w.])[^\W\d_]{2,}")
_QUIET = word_set("""
    call calls put puts exp expiry weekly weeklies swing lotto small stop stops sl tp pt target targets at en zu por con
    avg in gracias dios merci danke obrigado vamos compa amigos todos jan feb mar apr may jun jul aug sep oct nov dec
    january february march april june july august september october november december dte half
""")
_AT = re.compile(r"(?<=\d) (?:a|en|zu|por|f\u00fcr|\u00e0) (?=\d+[.,]\d\d?\b)")
_TYPED = {
    "bough": "bought",
    "boguht": "bought",
    "bougt": "bought",
    "boght": "bought",
    "buoght": "bought",
    "btoo": "BTO",
    "bbto": "BTO",
    "btoi": "BTO",
    "stcc": "STC",
    "sstc": "STC",
    "soild": "sold",
    "sodl": "sold",
    "slod": "sold",
    "solf": "sold",
    "closd": "closed",
    "trimed": "trimmed",
    "triming": "trimming",
}
_SLIP = re.compile(rf"\A(?P<before>[^\w\n$]{{0,8}})(?P<verb>{'|'.join(_TYPED)})\b(?= [\w$])", re.IGNORECASE)


def _is_quiet(order: str) -> bool:
    """Whether nothing but the contract, its levels and thanks follow: what else is said there nobody here can weigh."""
    _, *words = _WORD.findall(order)
    return all(word.lower() in _QUIET for word in words)


def in_english(text: str) -> str:
    """The text with its first verb in English, where that was another language's or mistyped."""
    if (slip := _SLIP.match(text)) is not None:
        return f"{slip['before']}{_TYPED[slip['verb'].lower()]}{text[slip.end() :]}"
    if (whole := _STC_ALL.match(text)) is not None and _is_quiet(text[whole.end() :]):
        return f"{whole['verb']} all {text[whole.end() :]}"
    found = _VERB.match(text)
    if found is None:
        return text
    if not _is_quiet(text[found.end() :]):
        return text
    verb = "bought" if found["bought"] else "sold"
    part = "half " if found["half"] else "all " if found["all"] else ""
    if part and found["bought"]:
        return text
    return f"{found['before']}{verb} {part}{_AT.sub(' at ', text[found.end() :], count=1)}"
