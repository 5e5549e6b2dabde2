#!/usr/bin/env bash
# Us and the peers in turn, on this machine. Arguments go to tests/bench/bench.py: groups, --quick.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/browser.sh"
cd "$ROOT"

scripts/setup.sh serve
python=$(scripts/setup/bench.sh)

step "Building the server and the arms" "8 minutes the first time on two cores"
cargo build --locked --release -p conch-proxy
export CONCH_BIN=$CARGO_TARGET_DIR/release/conch
# A target directory of its own: another workspace, with other versions and another profile.
arms=$CARGO_TARGET_DIR-bench
cargo build --locked --release --target-dir "$arms" --manifest-path tests/bench/arms/Cargo.toml
export CONCH_BENCH_ARMS=$arms/release/conch-bench-arms
(
  . scripts/wasm-env.sh
  cargo build --locked --release --target "$WASM_TARGET" --target-dir "$arms-wasm" --lib \
    --manifest-path tests/bench/arms/Cargo.toml
)
export CONCH_BENCH_WASM=$arms-wasm/wasm32-unknown-unknown/release/conch_bench_arms.wasm

scripts/build-page.sh

CONCH_CHROMIUM=$(find_browser)
export CONCH_CHROMIUM
exec "$python" tests/bench/bench.py "$@"
