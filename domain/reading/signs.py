"""Signs and shorthand that stand for a word of an order, and what Discord itself shows around a copied message."""

import re

# The bot's badge, the time, who it was forwarded from.
_SHOWN_AROUND = re.compile(
    r"^[ \t]*(?:[A-Z][\w ]{0,30} (?:BOT|APP)"
    r"(?:[ \t]+[-—–][ \t]+Today at \d{1,2}:\d\d ?[AP]M)?|Forwarded(?: from [^\n]{1,60}:)?"
    r"|(?:Today at )?\d{1,2}:\d\d ?[AP]M)[ \t]*$",
    re.MULTILINE,
)
_AROUND = ("BOT", "APP", "Forwarded", "AM", "PM")
_EMBED_PART = re.compile(r"^[ \t]*(?:title|description|content):[ \t]*", re.MULTILINE | re.IGNORECASE)
_EDIT_NOTE = re.compile(r"\(edit(?:ed)?[:,]? was \$?[\d.]{1,8}\)", re.IGNORECASE)  # what it was before is no price now
ALERT_CODE = re.compile(r":\w{0,30}alert\w{0,10}:", re.IGNORECASE)
_SLASHED_LEVEL = re.compile(r"\b(?:s/l|t/p|p/t)\b", re.IGNORECASE)
_LEVELS = {"s/l": "SL", "t/p": "TP", "p/t": "PT"}
_EVERYBODY = re.compile(r"@(?:everyone|here)\b", re.IGNORECASE)  # glued to what stands before it
_PARTED = re.compile(r"(?<=[\w)])[ \t]*(?<!:)//[ \t]*(?=[\w$.@(])")
_SHARE_CLASS = re.compile(r"\b([A-Z]{2,4})/([AB])(?!\w)")
_GLUED_EXPIRY = re.compile(r"(?<=\d)(?=exp\b)", re.IGNORECASE)
_FILLED = re.compile(
    r"\A[^\w$]{0,8}(?:order )?(?:filled|executed):?\s+(?=(?:bto|stc|sto|btc|buy to|sell to|bought to|sold to)\b)",
    re.IGNORECASE,
)
# thinkorswim's own lines: the bracket at the end says what the verb means.
_BRACKETED = re.compile(
    r"\b(?P<verb>buy|bot|bought|sell|sold) [+-]?(?P<rest>\d[^\n\[]{1,120})\[to (?P<end>open|close)\]", re.IGNORECASE
)
_BRACKETED_VERBS = {"bopen": "BTO", "bclose": "BTC", "sopen": "STO", "sclose": "STC"}
_SENDER = re.compile(
    r"\|[ \t]*(?:trader|author|analyst|by|posted by|caller):?[ \t]+[\w.#]{1,32}(?![\w.#-])", re.IGNORECASE
)
_SPACED_DAY = re.compile(r"(?<=[ \t])(\d{1,2}) / (\d{1,2})(?= ?@)")
# A target, a stop sign, a banknote: fields, right before their numbers.
_SIGNED_FIELD = re.compile(
    "[\U0001f4b0\U0001f3af\U0001f6d1\u26d4\U0001f4b5](?=[ \t]{0,3}\\$?\\.?\\d)(?![ \t]{0,3}\\d{1,3} ?%)"
)
_FIELDS = {"\U0001f3af": " PT ", "\U0001f6d1": " SL ", "\u26d4": " SL ", "\U0001f4b5": " @ ", "\U0001f4b0": " @ "}
# A target that is ticked off.
_TICKED = re.compile(
    "\\b(?P<target>(?:pt|tp|t|target|tgt|trim)s?[ #]?\\d?:?(?:[ @]{0,2}\\$?\\d{0,6}\\.?\\d{1,4})?)"
    "[ \\t]{0,2}[\u2705\u2714\u2611]",
    re.IGNORECASE,
)
# A cross takes an order back, unless it only stands before a stop; so do a thumb that points down, an hourglass, a
# doubting face and a grave.
_CROSS = re.compile(
    "[\u274c\u274e\u2716\U0001f6ab\U0001f44e\u23f3\u231b\U0001f914\U0001f937\U0001faa6\u26b0\U0001f6d1\u26d4]"
    "(?![ \t]{0,3}(?:sl|stop|no\\b|hard|mental|loss|if|below|under|at\\b|los|same\\b|be\\b|rest\\b|[@$.\\d]))",
    re.IGNORECASE,
)
_LEAVES = re.compile(r"\b(?:stc|btc|exit\w*|sold|sell\w*|clos\w+|trim\w*|cut\w*)\b", re.IGNORECASE)  # marked by a cross
_SCISSORS = re.compile("^[^\\w\n]{0,8}\u2702(?!\\W{0,3}(?i:trim|scale))", re.MULTILINE)
_UNDERSCORED = re.compile(r"\b(buy|sell|bought|sold)_(?:to_)?(open|close)\b", re.IGNORECASE)
_ALERT_NAME = re.compile(r"\b(entry|exit|buy|sell|trade|new)_(alert|signal|trade|position)\b", re.IGNORECASE)
_COUNT_FIELD = re.compile(r"\b(qty|quantity) ?= ?(?=\d)", re.IGNORECASE)
_PRICE_FIELD = re.compile(r"(?<=\S )(?:px|price) ?= ?(?=\$?\.?\d)", re.IGNORECASE)
_SIGN_BEFORE_VERB = re.compile(
    r"(?<=\w) ?[\u2600-\u27bf\U0001f300-\U0001faff][\u2600-\u27bf\U0001f300-\U0001faff\u200d ]{0,8}"
    r"(?=(?:bto|stc|sto|btc)\b)",
    re.IGNORECASE,
)
_GREEN = re.compile("\\A[^\\w$]{0,8}?\U0001f7e2")  # how rooms mark what opens


def in_words(text: str) -> str:
    """The text with its signs as words, without Discord's own lines around it."""
    text = _SHOWN_AROUND.sub("", text) if any(word in text for word in _AROUND) else text
    text = _EDIT_NOTE.sub("", text) if "(" in text else text
    text = _EMBED_PART.sub("", text) if ":" in text else text
    text = _EVERYBODY.sub(" ", text) if "@" in text else text
    text = _without_slashes(text) if "/" in text else text
    text = _ALERT_NAME.sub(r"\1 \2", _UNDERSCORED.sub(r"\1 to \2", text)) if "_" in text else text
    text = _FILLED.sub("", text)
    text = _SENDER.sub("", text) if "|" in text else text
    text = _PRICE_FIELD.sub("@ ", _COUNT_FIELD.sub(r"\1 ", text)) if "=" in text else text
    text = _GLUED_EXPIRY.sub(" ", text) if "exp" in text.lower() else text
    text = _BRACKETED.sub(_in_four_letters, text) if "[" in text else text
    if text.isascii():
        return text
    text = _SIGN_BEFORE_VERB.sub(" - ", text)
    text = _GREEN.sub(" alert: ", _SCISSORS.sub(" trim ", text))
    text = _CROSS.sub(" cancelled ", text) if not _LEAVES.search(text) else text
    text = _TICKED.sub(r"\g<target> hit ", text)
    return _SIGNED_FIELD.sub(lambda found: _FIELDS[found[0][0]], text)


def _without_slashes(text: str) -> str:
    """`//` parts fields, `s/l` is a stop, `BRK/B` a share class; others stay, as in dates."""
    text = _PARTED.sub(" | ", text) if "//" in text else text
    text = _SPACED_DAY.sub(r"\1/\2", text) if " / " in text else text
    lower = text.lower()
    if any(level in lower for level in _LEVELS):
        text = _SLASHED_LEVEL.sub(lambda found: _LEVELS[found[0].lower()], text)
    return _SHARE_CLASS.sub(r"\1.\2", text) if "/A" in text or "/B" in text else text


def _in_four_letters(found: re.Match[str]) -> str:
    return f"{_BRACKETED_VERBS[found['verb'][0].lower() + found['end'].lower()]} {found['rest']}"
