"""The page: one HTML file that needs nothing else, with every word of a stranger's escaped."""

from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.reporting.line import TradeLine
from domain.reporting.report import Book, Report
from report import wording
from report.scale import Scale, scale

_WIDE, _TALL = 1000.0, 280.0  # of the curve's drawing, with room for what is written beside and below it
_LEFT, _RIGHT, _TOP, _BOTTOM = 76.0, 30.0, 12.0, 30.0
_MOST_LINES = 500
_MOST_REFUSED = 200
_MOST_DOTS = 120  # more of them are a thick line
_MOST_TEXT = 400  # characters of a message


class Dot(NamedTuple):
    """One sale on the curve, and what is told of it."""

    x: float
    y: float
    told: str


class Curve(NamedTuple):
    """What a book earned over time, as paths of an SVG."""

    line: str
    area: str
    zero: float
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    dots: tuple[Dot, ...]


def page(report: Report) -> str:
    """The whole file."""
    template = _environment().get_template("page.html.j2")
    return template.render(
        report=report,
        books=[(book, curve(book, report), sorted_lines(book)) for book in report.shown],
        most_lines=_MOST_LINES,
        most_refused=_MOST_REFUSED,
        wide=_WIDE,
        tall=_TALL,
        left=_LEFT,
        right=_WIDE - _RIGHT,
        floor=_TALL - _BOTTOM,
    )


def curve(book: Book, report: Report) -> Curve | None:
    """The steps of what was earned; None of a book that sold nothing."""
    points = book.curve
    if not points:
        return None
    axes = scale(book, report.span, report.made_at)
    zero = _up(axes, 0.0)
    steps = [Dot(_along(axes, point.at.timestamp()), _up(axes, float(point.total)), _told(point)) for point in points]
    line = f"M{_LEFT:.1f} {zero:.1f}" + "".join(f"H{step.x:.1f}V{step.y:.1f}" for step in steps)
    last = _along(axes, min(max(report.made_at.timestamp(), points[-1].at.timestamp()), axes.end))
    return Curve(
        line=f"{line}H{last:.1f}",
        area=f"{line}H{last:.1f}V{zero:.1f}Z",
        zero=zero,
        across=tuple((_along(axes, tick.at), tick.label) for tick in axes.times),
        up=tuple((_up(axes, tick.at), tick.label) for tick in axes.dollars),
        dots=tuple(steps) if len(steps) <= _MOST_DOTS else (),
    )


def sorted_lines(book: Book) -> list[TradeLine]:
    """As many as a page takes, in the order in which they began."""
    return list(book.lines[:_MOST_LINES])


def _told(point: Any) -> str:
    return f"{wording.day(point.at)} {wording.clock(point.at)}: {wording.dollars(point.total, signed=True)}"


def _along(axes: Scale, at: float) -> float:
    return _LEFT + (at - axes.begin) / (axes.end - axes.begin) * (_WIDE - _LEFT - _RIGHT)


def _up(axes: Scale, dollars: float) -> float:
    return _TALL - _BOTTOM - (dollars - axes.low) / (axes.high - axes.low) * (_TALL - _TOP - _BOTTOM)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "dollars": wording.dollars,
        "price": wording.price,
        "percent": wording.percent,
        "lasting": wording.lasting,
        "clock": wording.clock,
        "day": wording.day,
        "words": wording.words,
        "shown": _shown,
        "tone": _tone,
    }
    environment.globals |= {"counted": wording.counted, "means": wording.MEANS, "colours": wording.COLOURS}
    return environment


def _shown(text: str) -> str:
    """A stranger's text with nothing unseen in it; Jinja escapes it."""
    line = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    return line if len(line) <= _MOST_TEXT else f"{line[: _MOST_TEXT - 1]}…"


def _tone(amount: Any) -> str:
    """Whether it is good news: the name of a colour."""
    return "" if amount is None or amount == 0 else "good" if amount > 0 else "bad"
