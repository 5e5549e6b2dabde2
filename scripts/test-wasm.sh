#!/usr/bin/env bash
# The golden check in wasm, under Node: the same bytes as on the host, and so as Pillow.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/wasm-env.sh"

step "Golden tests in wasm, under Node"
# A test binary links the crate `test` too.
[ "$WASM_FROM_SOURCE" = no ] || export CARGO_UNSTABLE_BUILD_STD=std,panic_abort,test
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
cd "$ROOT"
# The runner's own backtrace would bury the test's words.
RUST_BACKTRACE=0 cargo test --locked -p conch-shared --features decode --test golden --target "$WASM_TARGET" "$@"
