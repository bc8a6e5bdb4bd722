#!/usr/bin/env bash
# Runs `scan --only pii` over every labelled file of a folder and scores it, one line each:
#   tests/Accuracy/pii.sh DATA_DIR
# The scorer is score_pii.py in ../shared/tools beside the repository, or in the folder that SURVEILLANCE_TOOLS names.
# ERRORS=N prints up to N missed and N spurious spans a file; BUILD=no takes what is built already.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
data=${1:?usage: tests/Accuracy/pii.sh DATA_DIR}
tools=${SURVEILLANCE_TOOLS:-}
for candidate in "$tools" "$root/../shared/tools" "$data/../../tools" "$root/../../shared/tools"; do
    if [ -n "$candidate" ] && [ -f "$candidate/score_pii.py" ]; then tools=$candidate; break; fi
done
[ -f "$tools/score_pii.py" ] || { echo "score_pii.py was not found; name its folder in SURVEILLANCE_TOOLS" >&2; exit 3; }
[ "${BUILD:-yes}" = no ] || dotnet build "$root/dashboard" -c Release -v q -nologo >&2
surveillance=$root/dashboard/bin/Release/net10.0/surveillance.dll
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for gold in "$data"/*.jsonl; do
    name=$(basename "$gold" .jsonl)
    python3 "$here/pii_score.py" lines "$gold" > "$work/in.ndjson"
    case $name in presidio_tests*) least=0.2; weak="--weak-below 0.2" ;; *) least=; weak= ;; esac
    dotnet "$surveillance" scan "$work/in.ndjson" --only pii ${least:+--min-confidence $least} --output "$work/out.ndjson" \
        --rules "$root/rules" --models "$root/models"
    python3 "$here/pii_score.py" score "$tools/score_pii.py" "$gold" "$work/out.ndjson" "$here/pii-types.json" "$work" ${ERRORS:-0} $weak
done
