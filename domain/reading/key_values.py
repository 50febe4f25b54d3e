"""An order as a program's keys and values in one line: `side=BTO; root=QQQ; right=C; k=627; px=1.31`."""

import re

_PAIR = re.compile(r"(?P<key>[A-Za-z][A-Za-z_]{0,20}) ?(?P<sign>[=:]) ?(?P<value>[^\s;|,=:]+)(?=[ \t]*(?:[;|,]|\s|$))")
_BETWEEN = re.compile(r"[ \t]*[;|,]?[ \t]*")
_COMMAND = re.compile(r"\A/(?P<action>bto|stc|sto|btc) (?=\w+:)", re.IGNORECASE)
_NAMES = {
    "act": "action",
    "root": "symbol",
    "sym": "symbol",
    "tkr": "ticker",
    "k": "strike",
    "cp": "type",
    "r": "type",
    "pc": "type",
    "px": "price",
    "n": "qty",
    "q": "qty",
    "x": "exp",
    "alert_name": "note",
}
_FEWEST = 5


def as_lines(text: str) -> str:
    """Each pair as a line of a block; any other text as it stands."""
    if "\n" in text or text.count("=") + text.count(":") < _FEWEST:
        return text
    plain = _COMMAND.sub(r"action:\g<action> ", text.strip())
    lines, at = [], 0
    while (pair := _PAIR.match(plain, at)) is not None:
        key = pair["key"].lower()
        lines.append(f"{_NAMES.get(key, key)}: {pair['value'].replace('_', ' ')}")
        at = _BETWEEN.match(plain, pair.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
    return "\n".join(lines) if at == len(plain) and len(lines) >= _FEWEST else text
