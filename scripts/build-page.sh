#!/usr/bin/env bash
# Builds the page into frontend/dist: two wasm files, the styles, and a compressed copy of each.
# Does nothing when what it is made of has not changed since the last time.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

DIST=frontend/dist
STAMP=$DIST/.stamp

# What the page is made of, as one digest: sources, versions, the compiler, the way it is built.
digest() {
  {
    find frontend shared -type f -not -path "$DIST/*" -print | LC_ALL=C sort
    ls Cargo.toml Cargo.lock Trunk.toml scripts/build-page.sh scripts/name-assets.sh \
      scripts/wasm-env.sh proxy/src/bin/precompress.rs
  } | while IFS= read -r file; do printf '%s %s\n' "$file" "$(git hash-object --no-filters "$file")"; done >"$1"
  rustc --version >>"$1"
  sha256 "$1"
}
list=$(mktemp)
trap 'rm -f "$list"' EXIT
now=$(digest "$list")
[ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$now" ] && exit 0

step "Building the page" "4 minutes the first time on two cores, then one"
(
  . scripts/wasm-env.sh
  # Trunk's own errors say enough; its backtraces bury them.
  RUST_BACKTRACE=0 trunk --log error build --skip-version-check
) || die "the page could not be built" "what you can do: mend what stands above and run this again"

step "Compressing the page" "10 seconds"
cargo run --quiet --locked --profile "${CONCH_PROFILE:-release}" -p conch-proxy --bin precompress -- "$DIST"
echo "$now" >"$STAMP"
