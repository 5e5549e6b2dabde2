#!/usr/bin/env bash
# From nothing to a page in use: set-up, page, server. Arguments go to `conch serve`.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/setup.sh serve
step "Building the server" "5 minutes the first time on two cores"
cargo build --locked --release -p conch-proxy
scripts/build-page.sh
exec "$CARGO_TARGET_DIR/release/conch" serve "$@"
