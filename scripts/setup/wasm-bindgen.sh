#!/usr/bin/env bash
# Puts wasm-bindgen's command-line tools in place: they write the JavaScript beside the page's wasm,
# and run tests in wasm. Their version must be the very one of the library in Cargo.lock.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/cargo-tool.sh"

VERSION=$(grep -A 1 '^name = "wasm-bindgen"$' "$ROOT/Cargo.lock" | sed -n 's/^version = "\(.*\)"$/\1/p')
[ -n "$VERSION" ] || die "Cargo.lock names no wasm-bindgen" "what you can do: git checkout Cargo.lock"

[ "$(tool_version wasm-bindgen --version)" = "$VERSION" ] &&
  [ "$(tool_version wasm-bindgen-test-runner --version)" = "$VERSION" ] && exit 0
cargo_tool wasm-bindgen-cli "$VERSION" "2 to 3 minutes on two cores" && exit 0
die "wasm-bindgen $VERSION could not be put in place; it joins the page's wasm and JavaScript" \
  "tried: cargo binstall where present, cargo install (log: $CONCH_CACHE/wasm-bindgen-cli.log)" \
  "what you can do: put wasm-bindgen $VERSION on your PATH, or mend what the log says and run this again"
