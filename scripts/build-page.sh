#!/usr/bin/env bash
# Builds the page into frontend/dist: two wasm files, the styles, and a compressed copy of each.
# Does nothing when what it is made of has not changed since the last time.
# CONCH_PAGE=quick, while one works on it: seconds in place of a minute; large files, nothing
# compressed, without the laboratory's text.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

DIST=frontend/dist
STAMP=$DIST/.stamp

# The files that the page is made of, and that say how.
inputs() {
  find frontend shared -type f -not -path "$DIST/*" | LC_ALL=C sort
  printf '%s\n' Cargo.toml Cargo.lock Trunk.toml scripts/build-page.sh scripts/name-assets.sh \
    scripts/wasm-env.sh proxy/src/bin/precompress.rs proxy/src/bin/lab-page.rs docs/lab.md docs/lab.ipynb
}
list=$(mktemp)
trap 'rm -f "$list"' EXIT
{
  inputs
  inputs | while IFS= read -r file; do cat "$file"; done
  rustc --version
  echo "${CONCH_PAGE:-whole}"
} >"$list"
now=$(sha256 "$list")
[ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$now" ] && exit 0

if [ "${CONCH_PAGE:-}" = quick ]; then
  (
    . scripts/wasm-env.sh
    TRUNK_BUILD_RELEASE=false trunk --log error build --skip-version-check --cargo-profile quick
  )
  echo "$now" >"$STAMP"
  exit 0
fi

step "Building the page" "4 minutes the first time on two cores, then one"
(
  . scripts/wasm-env.sh
  # Trunk's own errors say enough; its backtraces bury them.
  RUST_BACKTRACE=0 trunk --log error build --skip-version-check
) || die "the page could not be built" "what you can do: mend what stands above and run this again"

step "Compressing the page" "10 seconds"
tool() { cargo run --locked --profile "${CONCH_PROFILE:-release}" -p conch-proxy --bin "$@"; }
# The laboratory's text, as a page beside the page.
tool lab-page docs/lab.md "$DIST"
tool precompress "$DIST"
echo "$now" >"$STAMP"
