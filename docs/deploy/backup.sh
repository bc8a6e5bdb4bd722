#!/bin/sh
# Makes a backup, verifies it, and removes those older than some days: backup.sh PROGRAM DATA BACKUPS DAYS
# The last ones go only when the new one is verified. Exit codes are those of `surveillance`.
set -eu
program=$1 data=$2 backups=$3 days=$4
made=$backups/$(date -u +%Y-%m-%dT%H%M%SZ)
"$program" backup "$made" --data "$data"
"$program" restore "$made" --verify-only
find "$backups" -mindepth 1 -maxdepth 1 -type d -name '????-??-??T??????Z' -mtime "+$days" -exec rm -rf {} +
