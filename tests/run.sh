#!/usr/bin/env bash
# Runs every test and ends with one line: N passed, N failed, N skipped.
#   bash tests/run.sh [--no-install] [FILTER]     FILTER is part of a test's full name
#   bash tests/run.sh drill NAME                  a long drill; CI runs none
set -uo pipefail
cd "$(dirname "$0")/.."

install=true
if [ "${1:-}" = "--no-install" ]; then install=false; shift; fi

if [ "${1:-}" = "drill" ]; then
  case "${2:-}" in
    crash|restore|scan|rescan|rule-change) exec dotnet run -c Release --project tests/Benchmarks -- "$2" "${@:3}" ;;
    *) echo "drills: crash, restore, scan, rescan, rule-change" >&2; exit 2 ;;
  esac
fi

# need TESTS PACKAGE...: installs the packages, or says which tests are skipped without them
need() {
  local tests=$1; shift
  if $install && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing what the $tests tests need: $*"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1 \
      || echo "The packages could not be installed."
  else
    echo "The $tests tests need these packages and are skipped without them: $*"
  fi
}

if ! command -v chromium >/dev/null && [ -z "${SURV_CHROMIUM:-}" ]; then
  need browser chromium fonts-noto-color-emoji fonts-liberation fonts-noto-cjk
fi
if ! /usr/bin/python3 -c "import stdnum" 2>/dev/null; then
  need "check digit" python3-stdnum # for Debian's own Python
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
echo "Building"
if ! dotnet build Surveillance.sln -c Release -v quiet -nologo; then
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

results=$(mktemp)
trap 'rm -f "$results"' EXIT
failed=false
for project in tests/Engine tests/Dashboard tests/Accuracy tests/Browser; do
  echo "Testing $project"
  timeout 1200 dotnet test "$project" -c Release --no-build --nologo -v quiet ${1:+--filter "FullyQualifiedName~$1"} 2>&1 | tee -a "$results" | grep -vE '^(Test run for|A total of|VSTest version|Starting test|$)' || true
  [ "${PIPESTATUS[0]}" = 0 ] || failed=true
done
line=$(awk '/^(Passed|Failed|Skipped)! /{split($0,a,/[:,]/);f+=a[2];p+=a[4];s+=a[6]} END{printf "%d passed, %d failed, %d skipped",p,f,s}' "$results")
if $failed && [[ $line == *" 0 failed,"* ]]; then
  echo "A test project did not finish."
  line=${line/ 0 failed/ 1 failed}
fi
echo "$line"
! $failed
