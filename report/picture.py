"""The picture: what matters of a report in one PNG, read in ten seconds. Run in a process of its own, by `making`.

Text is never taken as a formula, and fonts are those that come with matplotlib.
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from domain.reporting.line import TradeLine
from domain.reporting.report import Book, Report
from report import wording
from report.scale import Scale, scale

_BACK, _INK, _SOFT, _LINE = "#1b1e23", "#f0f2f5", "#a2abb5", "#343a42"
_GOOD, _BAD = "#3ecf8e", "#ff6b64"
_SIZE, _DPI = (12.0, 7.2), 130
_MOST_BARS = 9
_MOST_DOTS = 60  # more of them are a thick line
_MOST_REASONS = 4
_MOST_NAME = 22  # characters
_STYLE: dict[Any, Any] = {"font.family": "DejaVu Sans", "text.parse_math": False, "svg.fonttype": "none"}


def picture(report: Report) -> bytes:
    """The PNG: of the first book that has anything in it, real ones first."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE, dpi=_DPI, facecolor=_BACK)
        FigureCanvasAgg(figure)  # the canvas that draws without a screen
        book = report.shown[0]
        _band(figure, book, report)
        _headline(figure, book, report)
        if book.curve:
            _draw_curve(figure.add_axes((0.075, 0.155, 0.515, 0.475)), book, report)
            _draw_bars(figure.add_axes((0.765, 0.155, 0.13, 0.475)), book)
        else:
            _list_trades(figure, book)
        _last_line(figure, report)
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _band(figure: Figure, book: Book, report: Report) -> None:
    """The mode, so large and so coloured that none is taken for another."""
    colour = wording.COLOURS.get(book.mode, wording.OTHER)
    figure.add_artist(Rectangle((0, 0.9), 1, 0.1, transform=figure.transFigure, facecolor=colour))
    mode = figure.text(0.025, 0.95, book.mode, color="white", fontsize=25, fontweight="bold", va="center")
    behind = mode.get_window_extent().x1 / figure.bbox.width + 0.02
    figure.text(behind, 0.948, wording.MEANS.get(book.mode, ""), color="white", fontsize=14, va="center")
    figure.text(0.975, 0.95, str(report.span), color="white", fontsize=19, fontweight="bold", ha="right", va="center")


def _headline(figure: Figure, book: Book, report: Report) -> None:
    """The sum, and the counts beside it."""
    is_rehearsed = book.mode == "DRY RUN"
    told = wording.dollars(book.realised, signed=True)
    what = "Would have earned" if is_rehearsed else "Realised"
    figure.text(0.025, 0.845, f"{what}, before fees", color=_SOFT, fontsize=14)
    figure.text(
        0.025, 0.735, told, color=_tone(book.realised), fontsize=min(44.0, 44 * 10 / len(told)), fontweight="bold"
    )
    numbers = [
        (f"{book.filled} / {len(book.lines)}", "trades filled", f"{book.won} won, {book.lost} lost"),
        (str(len(book.held)), "still held", f"{wording.dollars(book.held_at_cost)} at cost"),
        (wording.dollars(book.fees), "fees to open", "as set" if book.fees is not None else "not known"),
    ]
    if not is_rehearsed:
        numbers.insert(0, (str(report.alerts), "alerts", f"{report.traded} traded, {len(report.refused)} refused"))
    for number, (large, name, small) in enumerate(numbers, start=4 - len(numbers)):
        x = 0.383 + number * 0.162
        figure.text(x, 0.845, name, color=_SOFT, fontsize=14)
        figure.text(x, 0.782, large, color=_INK, fontsize=min(24.0, 24 * 6.5 / len(large)), fontweight="bold")
        figure.text(x, 0.737, small, color=_SOFT, fontsize=min(12.0, 12 * 21 / len(small)))


def _list_trades(figure: Figure, book: Book) -> None:
    """Where nothing was sold there is no curve: which trades there are, and how they stand."""
    figure.text(0.025, 0.63, "Nothing was sold.", color=_SOFT, fontsize=18)
    for number, line in enumerate(book.lines[:_MOST_BARS]):
        y = 0.56 - number * 0.052
        bought = f"{line.bought} of {line.sized} @ {wording.price(line.entry_price)}" if line.bought else "–"
        for x, told in ((0.025, _name(line)), (0.31, wording.words(line.state)), (0.5, bought)):
            figure.text(x, y, told, color=_INK, fontsize=15)
    if (left_out := len(book.lines) - _MOST_BARS) > 0:
        figure.text(0.77, 0.63, f"and {left_out} more", color=_SOFT, fontsize=15)


def _draw_curve(axes: Axes, book: Book, report: Report) -> None:
    scales = scale(book, report.span, report.made_at)
    colour = _tone(book.realised)
    last = min(max(report.made_at.timestamp(), book.curve[-1].at.timestamp()), scales.end)
    xs = [scales.begin, *(point.at.timestamp() for point in book.curve), last]
    ys = [0.0, *(float(point.total) for point in book.curve), float(book.realised)]
    axes.fill_between(xs, ys, step="post", color=colour, alpha=0.16, linewidth=0)
    axes.step(xs, ys, where="post", color=colour, linewidth=2.6)
    if len(book.curve) <= _MOST_DOTS:
        axes.plot(xs[1:-1], ys[1:-1], "o", color=colour, markersize=7)
    axes.axhline(0, color=_SOFT, linewidth=1)
    axes.set_title("Realised over time, New York", color=_INK, fontsize=14, loc="left", pad=10)
    _dress(axes, scales)


def _dress(axes: Axes, scales: Scale) -> None:
    axes.set_facecolor(_BACK)
    axes.set_xlim(scales.begin, scales.end)
    axes.set_ylim(scales.low, scales.high)
    axes.set_xticks([tick.at for tick in scales.times], [tick.label for tick in scales.times])
    axes.set_yticks([tick.at for tick in scales.dollars], [tick.label for tick in scales.dollars])
    axes.tick_params(colors=_SOFT, labelsize=12, length=0)
    axes.grid(axis="y", color=_LINE, linewidth=1)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_bars(axes: Axes, book: Book) -> None:
    """Each trade's own, the first at the top; where there are too many, the largest."""
    lines = _largest(book.sold_lines)
    places = range(len(lines))
    colours = [_tone(line.realised or 0) for line in lines]
    axes.barh(places, [float(line.realised or 0) for line in lines], color=colours, height=0.58)
    axes.set_yticks(list(places), [_name(line) for line in lines])
    for place, line in zip(places, lines, strict=True):
        told = _rounded(line.realised or Decimal(0))
        at = axes.get_yaxis_transform()
        axes.text(
            1.62, place, told, color=_tone(line.realised or 0), fontsize=12, ha="right", va="center", transform=at
        )
    axes.set_ylim(max(len(lines), 5) - 0.4, -0.6)
    axes.axvline(0, color=_SOFT, linewidth=1)
    axes.set_xticks([])
    axes.set_facecolor(_BACK)
    axes.tick_params(colors=_INK, labelsize=12, length=0, pad=8)
    left_out = len(book.sold_lines) - len(lines)
    title = "By trade" if not left_out else f"By trade, and {left_out} more"
    axes.set_title(title, color=_INK, fontsize=14, loc="left", pad=10, x=-1.1)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _rounded(amount: Decimal) -> str:
    told = wording.dollars(amount, signed=True)
    return told.removesuffix(".00")


def _largest(lines: Sequence[TradeLine]) -> list[TradeLine]:
    largest = sorted(lines, key=lambda line: abs(line.realised or Decimal(0)), reverse=True)[:_MOST_BARS]
    return [line for line in lines if line in largest]


def _last_line(figure: Figure, report: Report) -> None:
    """Why alerts were refused, what else there is, and by which rows."""
    told = [f"{wording.words(code)} {count}" for code, count in report.reasons[:_MOST_REASONS]]
    if others := sum(count for _, count in report.reasons[_MOST_REASONS:]):
        told.append(f"others {others}")
    if told:
        figure.text(0.025, 0.058, f"Refused:  {'   ·   '.join(told)}", color=_INK, fontsize=13)
    beside = [f"{wording.counted(len(book.lines), 'trade')} in {book.mode}" for book in report.shown[1:]]
    expired = report.shown[0].expired
    if expired:
        beside.append(f"{len(expired)} expired while held, in no number here")
    if gone := report.shown[0].gone:
        beside.append(f"{len(gone)} assigned or bought back by hand, in no number here")
    made = f"made {wording.day(report.made_at)} {wording.clock(report.made_at)}, audit row {report.head.seq}"
    figure.text(0.025, 0.022, "   ·   ".join([*beside, made]), color=_SOFT, fontsize=11)


def _name(line: TradeLine) -> str:
    """What a font can show of it."""
    name = f"{line.contract} SHORT" if line.direction.is_short else line.contract
    seen = "".join(letter for letter in name if letter.isprintable() and ord(letter) < 0x2000)
    return seen if len(seen) <= _MOST_NAME else f"{seen[: _MOST_NAME - 1]}…"


def _tone(amount: Any) -> str:
    return _INK if amount == 0 else _GOOD if amount > 0 else _BAD
