"""The trades whose histories are kept: one for each way a trade can end, made by the test that tells that story.

Record them anew, in a folder of their own, after a deliberate change of what trades do (docs/changing-a-trade.md):

    python -m pytest tests/workflows --keep-histories tests/replay/histories/<release>
"""

import base64
import gzip
import json
from pathlib import Path

from temporalio.client import WorkflowHistory

HISTORIES = Path(__file__).parent / "histories"
# By the name of the test; a history's own name begins with the state that the trade ends, or stands, in.
KEPT = {
    "test_fills_and_exits_half_at_double": "holding, all filled at once",
    "test_is_resized_by_later_fills": "holding, exit resized",
    "test_one_contract_is_held_without_an_exit": "holding, one contract",
    "test_what_it_sold_before_a_resize_counts": "holding, sold in part",
    "test_what_misses_the_market_by_one_tick_is_converted_to_a_market_order": "holding, converted",
    "test_a_market_order_that_is_refused_becomes_a_limit_at_the_far_quote": "holding, conversion refused",
    "test_an_order_without_an_answer_is_found_by_its_identifier": "working, answer lost",
    "test_a_replacement_of_unknown_outcome_that_was_taken_goes_on_working": "no_fill, replacement in doubt",
    "test_the_rest_is_placed_once_when_a_part_fill_aborts_the_replacement": "working, replacement aborted",
    "test_a_late_fill_of_an_earlier_order_shrinks_the_working_one_at_once": "working, late fill shrinks the entry",
    "test_an_exit_that_never_arrived_is_sent_anew_and_only_then": "holding, exit never arrived",
    "test_half_and_half_of_the_rest_and_all_out": "closed, sold in parts",
    "test_the_ladder_goes_down_a_tick_at_a_time_and_keeps_what_nobody_buys": "holding, nobody bought",
    "test_more_urgent_takes_the_place_of_a_ladder": "closed, sold at once",
    "test_what_was_to_be_sold_before_it_was_bought_is_not_bought": "refused, closed first",
    "test_a_cancelled_trade_stops_selling_and_restores_its_exit": "cancelled, while selling",
    "test_sells_what_it_names_and_says_so": "closed, a closing alert",
    "test_that_came_too_late_sells_nothing_and_an_operator_is_told": "refused, closing alert too late",
    "test_a_stop_sells_all_of_it_at_the_market": "closed, by its stop",
    "test_a_put_is_stopped_when_the_underlying_rises_to_its_stop": "closed, by its stop on the underlying",
    "test_is_closed_with_its_profit_when_all_is_sold": "closed, all sold",
    "test_what_is_not_sold_runs_until_it_expires": "expired, exit standing",
    "test_an_exit_that_expires_with_its_contract_is_not_placed_again": "expired, exit with it",
    "test_once_the_call_is_bought_back_the_exit_returns_and_all_can_be_sold": "closed, cover kept for a while",
    "test_what_was_assigned_takes_its_buy_back_off_and_ends_the_trade": "gone, buy-back taken off",
    "test_steps_at_20_40_and_60_seconds_and_gives_up_at_90": "no_fill, three steps",
    "test_moves_its_order_by_cancel_and_place_when_set_so": "no_fill, cancel and place",
    "test_what_misses_the_market_by_two_ticks_is_given_up": "no_fill, given up",
    "test_absence_is_believed_after_thirty_seconds_and_several_look_ups": "no_fill, never arrived",
    "test_a_stale_quote_refuses_the_trade": "refused, stale quote",
    "test_an_alert_that_is_too_old_when_its_order_would_go_is_refused": "refused, too old",
    "test_an_order_that_no_worker_takes_was_not_sent": "refused, not sent",
    "test_a_definite_refusal_is_the_end": "refused, by the broker",
    "test_a_rejection_by_the_venue_is_the_end_and_gives_its_reason": "refused, by the venue",
    "test_a_cancel_that_nobody_here_asked_for_is_the_end": "refused, cancelled by hand",
    "test_cancelled_while_its_order_is_on_the_way_takes_it_off": "cancelled, order under way",
    "test_cancelled_between_rungs_takes_the_order_off": "cancelled, working",
    "test_a_partial_fill_is_kept_when_the_rest_is_cancelled": "cancelled, filled in part",
    "test_a_fill_that_comes_after_the_cancel_is_heard_before_the_end": "cancelled, fill after cancel",
    "test_cancelled_while_holding_keeps_the_exit": "cancelled, holding",
    "test_cancelled_while_its_orders_fate_is_unknown_settles_it_first": "cancelled, order in doubt",
    "test_more_filled_than_sized_goes_to_a_person_with_an_exit_for_what_is_held": "needs_operator, overfilled",
    "test_an_order_nobody_can_tell_of_goes_to_a_person_and_is_not_sent_again": "needs_operator, unsettled",
    "test_an_order_that_can_not_be_taken_off_goes_to_a_person": "needs_operator, cancel not confirmed",
    "test_an_order_that_turns_up_after_it_was_thought_absent_stops_the_trade": "needs_operator, turned up late",
    "test_an_exit_that_is_refused_again_and_again_goes_to_a_person": "needs_operator, exit refused",
    "test_a_record_of_an_order_that_was_never_meant_goes_to_a_person": "needs_operator, never meant",
    "test_checks_every_order_of_the_ladder_and_places_none": "no_fill, dry run",
    "test_says_what_would_have_been_bought_and_put_out_for_sale": "closed, dry run",
    "test_shows_the_ladder_the_fills_and_the_end_in_one_message": "cancelled, with a card",
    "test_a_trade_ends_without_its_card_and_the_card_is_posted_when_the_chat_is_back": "refused, card handed over",
}


def file_name(name: str) -> str:
    """`no_fill, given up` as a file is called."""
    return name.replace(", ", "--").replace(" ", "-")


def keep(folder: Path, name: str, history: WorkflowHistory) -> None:
    """Write one history, always the same bytes for the same events."""
    text = json.dumps(history.to_json_dict(), separators=(",", ":"), sort_keys=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{file_name(name)}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def histories() -> dict[str, str]:
    """Every kept history's JSON, by the release that made it and its name."""
    return {
        f"{path.parent.name}/{path.name.removesuffix('.json.gz')}": gzip.decompress(path.read_bytes()).decode()
        for path in HISTORIES.rglob("*.json.gz")
    }


def changes_known(history: str) -> set[str]:
    """The changes that a history, as JSON, has markers for."""
    markers = [event.get("markerRecordedEventAttributes") for event in json.loads(history)["events"]]
    told = [payload["data"] for marker in markers if marker for payload in marker["details"]["patch-data"]["payloads"]]
    return {json.loads(base64.b64decode(data))["id"] for data in told}
