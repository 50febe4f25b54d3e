"""The short page about a trade that the Temporal Web UI shows as its current details (Markdown)."""

from decimal import Decimal

from domain.orders import BrokerOrder
from domain.trade import TradeView


def page(view: TradeView) -> str:
    """State, ladder, fills and exit, for a person who opens the workflow."""
    lines = [f"### {_title(view)}", f"**{view.state.value.replace('_', ' ').upper()}** {view.note}".rstrip()]
    if view.refusal is not None:
        lines.append(f"Refused: `{view.refusal.code}`. {_plain(str(view.refusal))}")
    if view.sized:
        lines.append(_ladder(view))
    lines += [f"- **Close** asked by {_plain(closing.by)}: {_plain(str(closing))}" for closing in view.closings]
    lines += _orders("Entry", view.entries) + _orders("Exit", view.exits)
    return "\n\n".join(lines)


def _title(view: TradeView) -> str:
    contract = str(view.contract) if view.contract else _plain(str(view.alert))
    mode = "DRY RUN" if view.dry_run else view.mode.value.upper()
    short = ", SHORT" if view.direction.is_short else ""
    return f"{view.alert.action} {contract} ({mode}{short}, {_plain(view.author_name) or 'unknown author'})"


def _ladder(view: TradeView) -> str:
    limit = "at market" if view.alert.limit is None else f"@ {view.alert.limit}"
    average = "" if view.average_price is None else f" at {view.average_price:.4f} on average"
    words, said = view.direction.words, view.alert.levels_in_words
    exit_ = (
        f"{view.exit_quantity} @ {_or_dash(view.exit_price)}, {view.exited} {words.left}"
        if view.exit_quantity
        else "none"
    )
    by_itself = f"- **{words.leaves.capitalize()} by itself** {view.protection}"
    return "\n".join(
        [
            f"- **Alert** {limit}, **sized** {view.sized}{f', {_plain(said)}' if said else ''}",
            f"- **Ladder** rung {view.rung} of {view.max_steps}, working {_or_dash(view.working_price)}, "
            f"market {view.quote or '-'}",
            f"- **Filled** {view.filled} of {view.sized}{average}",
            f"- **Exit** {exit_}; realised {view.realised:.2f}",
            *([by_itself] if view.protection.watches_price else []),
        ]
    )


def _orders(title: str, orders: tuple[BrokerOrder, ...]) -> list[str]:
    """As preformatted text: the Web UI draws Markdown tables without borders or gaps."""
    if not orders:
        return []
    rows = [
        f"{order.order_id:<10} {order.action:<14} {order.quantity:>4} {order.price or 'market':>8}  {order.status:<12} "
        f"{', '.join(f'{fill.quantity} @ {fill.price}' for fill in order.fills)}".rstrip()
        for order in orders
    ]
    return [f"**{title} orders**", "\n".join(["```", *rows, "```"])]


def _or_dash(number: Decimal | None) -> str:
    return "-" if number is None else str(number)


def _plain(text: str) -> str:
    """Alert text is a stranger's: nothing in it may become markup."""
    return "".join(letter if letter.isalnum() or letter in " .,:;@%/+-()" else " " for letter in text)
