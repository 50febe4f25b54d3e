#!/bin/sh
# Makes the namespace that trades live in, raises its retention and adds its search attributes.
# Safe to run again: what is there is left alone. Fails when an attribute exists under another type.
set -eu

: "${TEMPORAL_ADDRESS:=127.0.0.1:7233}" "${TEMPORAL_NAMESPACE:=trading}"
: "${RETENTION_DAYS:=90}" # an alert delivered twice is refused by Temporal for this long
: "${WAIT_SECONDS:=120}"
export TEMPORAL_ADDRESS

KEYWORDS="Symbol Side TradeState Author Channel TradingMode"
DOUBLES="Pnl"
deadline=$(($(date +%s) + WAIT_SECONDS))

fail() {
    echo "init-namespace: $*" >&2
    exit 1
}

# `operator namespace` takes its namespace from the command line only, not from the environment.
here() {
    temporal "$@" --namespace "$TEMPORAL_NAMESPACE"
}

# Repeats a command until it succeeds; its last words are shown when time is up.
until_it_works() {
    until words=$("$@" 2>&1); do
        [ "$(date +%s)" -lt "$deadline" ] || fail "gave up after $WAIT_SECONDS s on: $*
$words"
        sleep 1
    done
}

retention_hours() {
    here operator namespace describe | sed -n 's/^ *Config\.WorkflowExecutionRetentionTtl  *\([0-9]*\)h.*/\1/p'
}

type_of() {
    here operator search-attribute list | awk -v name="$1" '$1 == name { print $2 }'
}

ensure_namespace() {
    if ! here operator namespace describe >/dev/null 2>&1; then
        here operator namespace create --retention "${RETENTION_DAYS}d"
    elif [ "$(retention_hours)" -lt $((RETENTION_DAYS * 24)) ]; then
        here operator namespace update --retention "${RETENTION_DAYS}d"
    fi
}

ensure_attributes() {
    type=$1
    shift
    for name in "$@"; do
        found=$(type_of "$name")
        [ "${found:-$type}" = "$type" ] || fail "search attribute $name is $found here, and a type can't be changed"
        [ -n "$found" ] || here operator search-attribute create --name "$name" --type "$type"
    done
}

# The server's caches learn of new attributes later: only a query tells that a trade can be started with them.
all_usable() {
    query=""
    for name in $KEYWORDS $DOUBLES; do
        query="${query:+$query AND }$name IS NULL" # without quotes, as people type it
    done
    here workflow count --query "$query"
}

until_it_works here operator cluster health
ensure_namespace
until_it_works here operator search-attribute list
# shellcheck disable=SC2086 # a list of names without spaces
ensure_attributes Keyword $KEYWORDS
# shellcheck disable=SC2086
ensure_attributes Double $DOUBLES
until_it_works all_usable
echo "init-namespace: $TEMPORAL_NAMESPACE is ready: retention $(retention_hours) h, attributes $KEYWORDS $DOUBLES"
