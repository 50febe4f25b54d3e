"""What a trade runs by: the desk's policy, narrowed to the kind of instrument that its alert names.

An option may double in a day, and its spread is a good part of its price. Shares and futures do neither.
"""

from domain.alert import Action, Alert
from domain.settings import DeskPolicy, ExitSettings, GuardSettings, TradeTerms

_MORE_THAN_ANY = 1_000_000_000


def terms_for(policy: DeskPolicy, alert: Alert) -> TradeTerms:
    """The terms that a trade of this alert is admitted on; they don't change for it any more."""
    terms = terms_of(policy)
    if alert.action is Action.STO:
        terms = terms.model_copy(update={"take_profit": policy.short_options.take_profit})
    if alert.is_option:
        return terms
    return terms.model_copy(update={"guard": _outright(terms.guard), "exit": _exit(terms.exit, alert)})


def terms_of(policy: DeskPolicy) -> TradeTerms:
    """The terms as the settings say them, which are an option's."""
    return TradeTerms(
        ladder=policy.ladder,
        guard=policy.guard,
        exit=policy.exit,
        closing=policy.closing,
        protection=policy.protection,
        option_fee=policy.sizing.option_fee,
        future_fee=policy.sizing.future_fee,
    )


def _outright(guard: GuardSettings) -> GuardSettings:
    return guard.model_copy(
        update={
            "ceiling_percent": guard.outright_ceiling_percent,
            "max_spread_percent": guard.outright_max_spread_percent,
            "max_off_alert_percent": guard.outright_max_off_alert_percent,
        }
    )


def _exit(exit_: ExitSettings, alert: Alert) -> ExitSettings:
    percent, profit = (
        (exit_.future_percent, exit_.future_profit_percent)
        if alert.is_future
        else (exit_.share_percent, exit_.share_profit_percent)
    )
    if not percent:
        return exit_.model_copy(update={"min_quantity": _MORE_THAN_ANY})
    return exit_.model_copy(update={"percent": percent, "profit_percent": profit})
