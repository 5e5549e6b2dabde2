#!/usr/bin/env bash
# Holds conch, with either backend, against a real Triton: with NVIDIA's own client and with the
# notebook docs/lab.ipynb. CONCH_BIN is the program, built before.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

if [ "${CONCH_SKIP_TRITON:-}" = 1 ]; then
  note "skipped, there is no Triton to compare with: CONCH_SKIP_TRITON=1"
  exit 0
fi
program=${CONCH_BIN:-$CARGO_TARGET_DIR/debug/conch}
[ -x "$program" ] || die "there is no program $program to check" \
  "build it first (cargo build -p conch-proxy), or name another: CONCH_BIN=PATH scripts/test-clients.sh"
python=$(scripts/setup/clients.sh)

step "The benchmarks' statistics"
(cd tests/bench && "$python" -m unittest --quiet test_ratios)

step "NVIDIA's client and the notebook, through conch and straight from Triton" "30 seconds"
exec "$python" tests/clients/run.py "$program"
