"""An order as a program's keys and values: in one line (`side=BTO; root=QQQ; k=627; px=1.31`), or a line for each."""

import re

from domain.reading.fields import FIELDS_OF_A_BLOCK

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
    "leg": "strike",
}
_DAYS = ("exp", "x", "expiry", "expiration", "expires")
_DAY = re.compile(r"\A(20\d\d)(\d\d)(\d\d)\Z")
_FEWEST = 5
_FEWEST_BESIDE = 4
_ALSO_NAMES = ("leg", "gain", "basis", "received", "exit below", "pnl", "profit")


def as_lines(text: str) -> str:
    """Each pair as a line of a block; any other text as it stands."""
    if "\n" in text:
        return _with_values_beside(text)
    if text.count("=") + text.count(":") < _FEWEST:
        return text
    plain = _COMMAND.sub(r"action:\g<action> ", text.strip())
    lines, at = [], 0
    while (pair := _PAIR.match(plain, at)) is not None:
        key = pair["key"].lower()
        value = _DAY.sub(r"\1-\2-\3", pair["value"]) if key in _DAYS else pair["value"]
        lines.append(f"{_NAMES.get(key, key)}: {value.replace('_', ' ')}")
        at = _BETWEEN.match(plain, pair.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
    return "\n".join(lines) if at == len(plain) and len(lines) >= _FEWEST else text


def _with_values_beside(text: str) -> str:
    """A block whose names stand over their values, as a copied embed's fields do: `Strike`, and under it `165 C`."""
    lines = text.split("\n")
    joined: list[str] = []
    pairs, at = 0, 0
    while at < len(lines):
        here, following = lines[at].strip(), lines[at + 1].strip() if at + 1 < len(lines) else ""
        is_value = following and ":" not in following and (following.isupper() or not _is_name(following))
        if _is_name(here) and is_value:
            joined.append(f"{_NAMES.get(here.lower(), here)}: {following}")
            pairs, at = pairs + 1, at + 2
        else:
            joined.append(lines[at])
            at += 1
    return "\n".join(joined) if pairs >= _FEWEST_BESIDE else text


def _is_name(line: str) -> bool:
    return line.lower() in FIELDS_OF_A_BLOCK or line.lower() in _ALSO_NAMES
