# How a command-line tool from the Rust registry is put into $CONCH_CACHE/bin. Source it, after lib.sh.
# shellcheck shell=bash

# tool_version COMMAND…: the first number like 1.2.3 that the command prints; nothing when it fails.
tool_version() { "$@" 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1 || true; }

# cargo_tool CRATE VERSION HOW_LONG: prebuilt where cargo-binstall can, else from its source, with
# the crate's own lock file. Both are resumable: what was compiled stays until the tool is there.
cargo_tool() {
  local crate=$1 version=$2 how_long=$3 log=$CONCH_CACHE/$1.log
  if have cargo-binstall; then
    step "Fetching $crate $version" "10 seconds"
    cargo binstall --no-confirm --disable-strategies compile --root "$CONCH_CACHE" \
      "$crate@$version" >"$log" 2>&1 && return 0
    note "no prebuilt one could be had (log: $log)"
  fi
  step "Building $crate $version from source" "$how_long"
  note "its progress: $log"
  # Compiled to be ready soon, not to run fast: it runs for seconds, and compiles for minutes.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=0 \
    CARGO_TARGET_DIR=$CONCH_CACHE/target-tools \
    cargo install --locked --force --root "$CONCH_CACHE" --version "=$version" "$crate" >"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    return 1
  }
  rm -rf "$CONCH_CACHE/target-tools"
}
