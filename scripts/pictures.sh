#!/usr/bin/env bash
# Takes the documentation's pictures anew, of the page as it is now: docs/screens/, every state of
# tests/e2e/states.ts at both sizes and in both themes. CONCH_PAGE=quick does, for the page.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/browser.sh"
cd "$ROOT"

scripts/setup.sh test
CONCH_PROFILE=dev scripts/build-page.sh
cargo build --locked -p conch-proxy
CONCH_CHROMIUM=$(find_browser)
export CONCH_CHROMIUM CONCH_BIN=$CARGO_TARGET_DIR/debug/conch
rm -rf docs/screens
cd tests/e2e
npx --no-install playwright test --config pictures.config.ts
bytes=$(cat "$ROOT"/docs/screens/* | wc -c)
[ "$bytes" -lt 6000000 ] || die "the pictures take $bytes bytes, more than the 6 MB that a clone should" \
  "what you can do: lower ENOUGH in tests/e2e/states.pictures.ts"
