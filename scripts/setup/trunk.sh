#!/usr/bin/env bash
# Puts trunk in place: it builds the page out of index.html, the two wasm files and the styles.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/cargo-tool.sh"

VERSION=0.21.14 # 0.22 asks for a newer Rust than this workspace does

[ "$(tool_version trunk --version)" = "$VERSION" ] && exit 0
cargo_tool trunk "$VERSION" "3 to 5 minutes on two cores" && exit 0
die "trunk $VERSION could not be put in place; it builds the page" \
  "tried: cargo binstall where present, cargo install (log: $CONCH_CACHE/trunk.log)" \
  "what you can do: put trunk $VERSION on your PATH, or mend what the log says and run this again"
