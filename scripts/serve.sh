#!/usr/bin/env bash
# From nothing to a page in use: set-up, page, server. Arguments go to `conch serve`.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/setup.sh serve
scripts/build-page.sh
step "Building the server" "4 minutes the first time on two cores"
cargo build --locked --release -p conch-proxy --bin conch
exec "$CARGO_TARGET_DIR/release/conch" serve "$@"
