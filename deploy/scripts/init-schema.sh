#!/bin/sh
# Makes Temporal's two databases and brings their tables up to the version of the tools it runs beside.
# Safe to run again: what exists is kept, and only newer schema versions are applied.
set -eu

: "${SQL_HOST:=postgres}" "${SQL_PORT:=5432}" "${SQL_USER:=temporal}"
: "${SCHEMA_DIR:=/etc/temporal/schema/postgresql/v12}"
: "${SQL_PASSWORD_FILE:?names the file that holds the password of PostgreSQL}"

SQL_PASSWORD=$(cat "$SQL_PASSWORD_FILE")
export SQL_PASSWORD # by environment: an argument would show in the list of processes

bring_up() {
    database=$1 schema=$2
    set -- temporal-sql-tool --plugin postgres12 --ep "$SQL_HOST" -p "$SQL_PORT" -u "$SQL_USER" --db "$database"
    "$@" create
    "$@" setup-schema -v 0.0
    "$@" update-schema -d "$SCHEMA_DIR/$schema/versioned"
}

bring_up temporal temporal
bring_up temporal_visibility visibility
