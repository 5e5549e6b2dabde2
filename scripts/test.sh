#!/usr/bin/env bash
# Everything that can be tested: Rust on the host, the fuzz targets for a minute in all, Triton's own
# client, golden data in wasm, the page in a browser.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/browser.sh"
cd "$ROOT"

scripts/setup.sh test

# One profile for all that runs here: the host's tests have compiled most of it already.
export CONCH_PROFILE=dev
export CONCH_BIN=$CARGO_TARGET_DIR/debug/conch

step "Building the server" "4 minutes the first time on two cores"
cargo build --locked -p conch-proxy
scripts/build-page.sh

step "Tests on the host" "5 minutes the first time on two cores, most of it compiling"
if have cargo-nextest; then
  cargo nextest run --locked --workspace
  cargo test --locked --workspace --doc
else
  cargo test --locked --workspace
fi

# With what is committed alone, whatever was learnt on this machine; more of it: `make fuzz`.
CONCH_FUZZ_CORPUS=$(mktemp -d)
export CONCH_FUZZ_CORPUS
scripts/fuzz.sh all 7
rm -r "$CONCH_FUZZ_CORPUS"

scripts/test-clients.sh

scripts/test-wasm.sh

step "End-to-end tests in Chromium" "14 minutes"
CONCH_CHROMIUM=$(find_browser)
export CONCH_CHROMIUM
cd tests/e2e
npx --no-install playwright test
