#!/usr/bin/env bash
# Puts wasm-opt in place: it makes the page's wasm smaller. Trunk.toml names the same version.
# It comes from the npm package `binaryen`, compiled to JavaScript, so it runs on any machine with
# node. Debian's package (108) is too old: it refuses what today's rustc writes.
. "$(dirname "$0")/../lib.sh"

VERSION=132
SIZE=23273804
SHA256=6543555fb29bb92548f325c7dc18e9ab7dbb1215edda25993d1e3f71d85b8618

in_place() { [ "$(wasm-opt --version 2>/dev/null | cut -d' ' -f3)" = "$VERSION" ]; }

from_npm() {
  local dir=$CONCH_CACHE/binaryen-$VERSION downloads=$CONCH_CACHE/downloads
  local tarball=$downloads/binaryen-$VERSION.0.0.tgz
  have npm && have node || return 1
  step "Fetching wasm-opt $VERSION (npm package binaryen, 23 MB)" "10 seconds"
  checked "$tarball" $SIZE $SHA256 ||
    (cd "$downloads" && npm pack --silent "binaryen@$VERSION.0.0") >"$CONCH_CACHE/npm.log" 2>&1 || return 1
  if ! checked "$tarball" $SIZE $SHA256; then
    rm -f "$tarball"
    note "the downloaded package is not the one that was pinned"
    return 1
  fi
  mkdir -p "$dir"
  # bin/package.json tells node that bin/ is CommonJS.
  tar -xzf "$tarball" -C "$dir" --strip-components=2 package/bin/wasm-opt package/bin/package.json
  ln -sf "$dir/wasm-opt" "$CONCH_CACHE/bin/wasm-opt"
  rm -f "$tarball"
  in_place
}

in_place && exit 0
from_npm && exit 0
# Trunk downloads wasm-opt itself where it can; it says so when it cannot.
note "wasm-opt $VERSION is not here and npm could not bring it (log: $CONCH_CACHE/npm.log)."
note "Trunk will try to download it. If that fails too: install Node.js with npm, or put wasm-opt $VERSION on your PATH."
