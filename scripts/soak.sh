#!/usr/bin/env bash
# The tests that take long: faults, overload and slow clients in full numbers, then half an hour of a fault
# every five seconds (CONCH_SOAK_MINUTES=5 for less). An argument is a part of a test's name.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/setup.sh test

step "Long tests" "an hour in all"
# One after the other: each wants the machine for itself.
if have cargo-nextest; then
  cargo nextest run --release --locked -p conch-proxy -p conch-tests --run-ignored only --no-fail-fast \
    --test-threads 1 --no-capture -E "test(soak) and test(${1:-soak})"
else
  cargo test --release --locked -p conch-proxy -p conch-tests -- --ignored --nocapture --test-threads 1 "${1:-soak}"
fi
