"""How a reading is judged against a label: right, rightly nothing, missed, or wrong. Wrong costs money."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from domain.reading.lines import answer_line
from domain.symbols import INDEX_ROOTS

CORPORA = Path(__file__).parents[2] / "data" / "alerts"
_SAME_DAY = {"weekly": 0, "next_weekly": 7}
_COMPARED = ("action", "symbol", "strike", "option_type", "quantity", "price")


class Verdict(StrEnum):
    RIGHT = "right"
    SAFE = "safe"
    MISSED = "missed"
    WRONG = "wrong"


def judge(row: dict[str, Any]) -> Verdict:
    read = json.loads(answer_line(json.dumps({key: row[key] for key in ("id", "text", "posted_at")})))["alerts"]
    if _same(row["expect"], read, row):
        return Verdict.RIGHT
    if any(_same(other, read, row) for other in row["also_safe"]):
        return Verdict.SAFE
    return Verdict.WRONG if read else Verdict.MISSED


def rows(corpus: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPORA / f"{corpus}.jsonl").read_text("utf-8").splitlines()]


def score(corpus: str) -> tuple[Counter[Verdict], int, list[str]]:
    """Verdicts, how many messages are orders, and the texts that were read wrong."""
    judged = [(row, judge(row)) for row in rows(corpus)]
    wrong = [row["text"] for row, verdict in judged if verdict is Verdict.WRONG]
    orders = [verdict for row, verdict in judged if row["expect"]]
    return Counter(orders), len(orders), wrong


def _same(wanted: list[dict[str, Any]], read: list[dict[str, Any]], row: dict[str, Any]) -> bool:
    return len(wanted) == len(read) and all(_alike(want, got, row) for want, got in zip(wanted, read, strict=True))


def _alike(want: dict[str, Any], got: dict[str, Any], row: dict[str, Any]) -> bool:
    if want.get("price_range"):
        fields = [field for field in _COMPARED if field != "price"]
        if got["price_range"] != want["price_range"]:
            return False
    else:
        fields = list(_COMPARED)
    want = {**want, "symbol": INDEX_ROOTS.get(want["symbol"], want["symbol"])}
    got = {**got, "symbol": INDEX_ROOTS.get(got["symbol"], got["symbol"])}
    same = all(want.get(field) == got[field] for field in fields)
    return same and _expiry(want.get("expiry"), row) == got["expiry"] and _part(want, got, row)


def _part(want: dict[str, Any], got: dict[str, Any], row: dict[str, Any]) -> bool:
    if want["action"] in ("BTO", "STO"):
        return True
    if want.get("fraction") is None and row["partial"]:
        return bool(got["partial"]) or (got["fraction"] or 1) < 1
    wanted = 1 if want.get("fraction") is None else want["fraction"]
    return not got["partial"] and abs(wanted - (got["fraction"] or 1)) <= 0.011


def _expiry(written: str | None, row: dict[str, Any]) -> str | None:
    posted = datetime.fromisoformat(row["posted_at"]).date()
    if written is None:
        return None
    if written in _SAME_DAY:
        return (posted + timedelta((4 - posted.weekday()) % 7 + _SAME_DAY[written])).isoformat()
    if written.endswith("dte"):
        return (posted + timedelta(int(written.removesuffix("dte")))).isoformat()
    if "-" in written:
        return written
    month, day, *year = (int(part) for part in written.split("/"))
    found = date(year[0] % 100 + 2000 if year else posted.year, month, day)
    return (found if year or (posted - found).days <= 60 else found.replace(year=posted.year + 1)).isoformat()
